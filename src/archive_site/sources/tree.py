"""Pandoc's tree → blocks and notes.

What editions have no form for is read as the nearest they have, with a doubt. No word is left out,
and none is moved but to its note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from typing import Any

from archive_site import interface
from archive_site.sources.marks import BODY, MARK, ROLE, role_of, role_of_class
from archive_site.sources.tables import read_table
from archive_site.sources.words import (
    Node,
    WordReader,
    cleaned,
    language_of,
    on_one_line,
    paragraphs_of,
    picture_here,
    raw_words,
    same_language,
    single_breaks,
    strings_in,
    tidied,
)
from archive_site.text.document import (
    Block,
    BlockKind,
    Branch,
    Container,
    ContainerKind,
    Doubt,
    Gap,
    Indent,
    Inlines,
    LineBreak,
    Note,
    Text,
    flattened,
    is_french,
)
from archive_site.text.numerals import numeral
from archive_site.text.reading import witness_text

Part = Block | Branch
_PARAGRAPHS = ("Para", "Plain")
_HOLDING: dict[str, ContainerKind] = {
    "quotation": "quotation",
    "epigraph": "epigraph",
    "postscript": "postscript",
    "box": "box",
}
_LEAVES: dict[str, BlockKind] = {
    "standfirst": "standfirst",
    "signature": "signature",
    "dateline": "dateline",
    "salutation": "salutation",
    "stage": "stage",
}
_DEEPEST = 9  # containers; a list counts as two, and an edition may have 20
_NUMERALS = {
    "LowerRoman": "i",
    "UpperRoman": "I",
    "LowerAlpha": "a",
    "UpperAlpha": "A",
}
_DELIMITERS = {"OneParen": "{})", "TwoParens": "({})"}
_LETTERS = 26
_MOST = 999_999_999  # the greatest number that begins an item
TITLE = 0
"""The level of a heading that the source calls the title."""


@dataclass(slots=True)
class TreeReader:
    """Reads the blocks of a document in `language`. `notes` has those that were called, by their
    labels, in the order of their calls; `bodies` those that are not at their calls, by their
    keys."""

    language: str
    bodies: dict[str, Sequence[Node]] = field(default_factory=dict)
    notes: dict[str, tuple[Block, ...]] = field(default_factory=dict)
    words: WordReader = field(init=False)
    _labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = WordReader(self.language, self._note)

    def read(self, nodes: Sequence[Node]) -> list[Part]:
        """The blocks of a document. Notes that nothing calls are at the end."""
        text = [node for node in nodes if not self._is_body(node)]
        parts = self._parts(text, 0)
        for key in [key for key in self.bodies if key not in self._labels]:
            parts += self._parts(self.bodies[key], 0)
        return parts

    def called(self) -> Iterator[Note]:
        """The notes that were called. Each has words, or a gap."""
        return (Note(label, blocks) for label, blocks in self.notes.items())

    def _is_body(self, node: Node) -> bool:
        """Whether a division has the body of a note, which it then adds to `bodies`."""
        key = _attributes(node["c"][0]).get(BODY, "") if node["t"] == "Div" else ""
        if key:
            self.bodies[key] = node["c"][1]
        return bool(key)

    def _note(self, nodes: Sequence[Node], key: str) -> str:
        """Read a note, unless it was read at another call; returns its label."""
        if key in self._labels:
            return self._labels[key]
        label = str(len(self.notes) + 1)
        if key:
            nodes = self.bodies.get(key, ())
            self._labels[key] = label
        self.notes[label] = ()
        parts = self._parts(nodes, 0)
        empty = Block("paragraph", (Gap(interface.NOTE_EMPTY),))
        self.notes[label] = flattened(parts or [empty])
        return label

    # ------------------------------------------------------------ blocks

    def _parts(self, nodes: Iterable[Node], depth: int) -> list[Part]:
        """The parts of a sequence of blocks; neighbours of one role are read together."""
        parts: list[Part] = []
        for role, group in groupby(nodes, key=_role):
            run = list(group)
            parts += self._of_role(role, run, depth) if role else self._each(run, depth)
        return parts

    def _each(self, nodes: Iterable[Node], depth: int) -> list[Part]:
        return [part for node in nodes for part in self._block(node, depth)]

    def _of_role(self, role: str, nodes: list[Node], depth: int) -> list[Part]:
        """Blocks that a style or a class of the source says the kind of."""
        inner = [node for run in nodes for node in _inside(run)]
        if role == "verse":
            return self._verse(inner, depth)
        if role in _HOLDING:
            quoted = [n for i in inner for n in (i["c"] if i["t"] == "BlockQuote" else [i])]
            return _held(_HOLDING[role], self._unmarked(quoted, depth + 1), depth)
        return [self._as(role, part) for part in self._unmarked(inner, depth)]

    def _unmarked(self, nodes: Iterable[Node], depth: int) -> list[Part]:
        """Blocks whose own marks have been read; only divisions in them are still of a role."""
        parts: list[Part] = []
        for node in nodes:
            of_role = node["t"] == "Div" and _role(node)
            parts += self._parts([node], depth) if of_role else self._block(node, depth)
        return parts

    def _as(self, role: str, part: Part) -> Part:
        """A paragraph as what the source says that it is; other blocks as they are."""
        if isinstance(part, Branch) or part.kind != "paragraph":
            return part
        if role == "title":
            return Block("heading", on_one_line(part.content), level=TITLE)
        return replace(part, kind=_LEAVES[role])

    def _block(self, node: Node, depth: int) -> list[Part]:  # noqa: C901  # a table
        held: Any = node.get("c")
        match node["t"]:
            case "Para" | "Plain":
                return self._paragraphs(held)
            case "Header":
                words = on_one_line(self.words.read(held[2]))
                return [Block("heading", words, level=max(1, held[0]))] if words else []
            case "HorizontalRule":
                return [Block("break", ())]
            case "BlockQuote" if held and all(map(_role, held)):
                return self._parts(held, depth)  # a paragraph set in, whose style says more
            case "BlockQuote":
                return _held("quotation", self._parts(held, depth + 1), depth)
            case "LineBlock":
                return list(
                    _stanzas(line for part in held for line in [*self.words.lines(part)] or [()])
                )
            case "CodeBlock":
                return list(_preformatted(held[1]))
            case "RawBlock":
                return list(_paragraphs_in(tidied(raw_words(*held))))
            case "BulletList":
                return self._list("", 0, held, depth)
            case "OrderedList":
                return self._ordered(held[0], held[1], depth)
            case "DefinitionList":
                return self._definitions(held, depth)
            case "Table":
                return read_table(held, self.words, lambda nodes: self._parts(nodes, depth))
            case "Figure":
                return self._figure(held[1][1], held[2], depth)
            case "Div":
                return self._division(held[0], held[1], depth)
            case _:
                unread = Text(cleaned(" ".join(strings_in(held))))
                return list(_paragraphs_in(tidied((Doubt((unread,), interface.UNREAD),))))

    def _paragraphs(self, nodes: Iterable[Node]) -> list[Part]:
        return list(_paragraphs_in(self.words.read(nodes)))

    def _division(self, attributes: Any, nodes: Sequence[Node], depth: int) -> list[Part]:
        language = language_of(_attributes(attributes))
        parts = self._parts(nodes, depth)
        if not language or same_language(language, self.language):
            return parts
        return [_in_language(part, "fr" if is_french(language) else language) for part in parts]

    def _figure(self, caption: Sequence[Node], nodes: Sequence[Node], depth: int) -> list[Part]:
        """A picture, and its caption as paragraphs. A description that only repeats the caption is
        left out."""
        picture = _only_picture(nodes)
        captions = self._parts(caption, depth)
        if picture is None:
            return self._parts(nodes, depth) + captions
        first = captions[0] if captions else None
        silent = WordReader(self.language, lambda *_: "")
        described = witness_text(silent.read(picture["c"][1]))
        said = (isinstance(first, Block) and first.kind == "paragraph" and first.content) or ()
        if first and said and described in ("", witness_text(said)):
            gap = Gap(picture_here(picture["c"][2][0]))
            return [Block("paragraph", (gap, Text(" "), *said)), *captions[1:]]
        return self._paragraphs([picture]) + captions

    # ------------------------------------------------------------ lists

    def _ordered(self, given: Any, items: Sequence[Sequence[Node]], depth: int) -> list[Part]:
        first, kind = given[0], _NUMERALS.get(given[1]["t"], "1")
        style = _DELIMITERS.get(given[2]["t"], "{}.").format(kind)
        if depth > _DEEPEST or not _countable(kind, first, len(items)):
            return self._numbered_in_words(style, first, items, depth)
        return self._list(style, first, items, depth)

    def _list(
        self, style: str, first: int, items: Sequence[Sequence[Node]], depth: int
    ) -> list[Part]:
        branches: list[Part] = []
        for item in items:
            parts = self._parts(item, depth + 1)
            if not parts and style:
                parts = [Block("paragraph", (Gap(interface.EMPTY_ITEM),))]
            number = first + len(branches) if style else 0
            if parts:
                branches.append(Branch(Container("list-item", (), style, number), tuple(parts)))
        if depth > _DEEPEST:
            return [part for b in branches if isinstance(b, Branch) for part in b.parts]
        return [Branch(Container("list", (), style, first), tuple(branches))] if branches else []

    def _numbered_in_words(
        self, style: str, first: int, items: Sequence[Sequence[Node]], depth: int
    ) -> list[Part]:
        """A list that cannot be counted, as paragraphs that begin with their numbers."""
        parts: list[Part] = []
        for number, item in enumerate(items, start=first):
            marker = numeral(style if number > 0 else _arabic(style), number)
            marked = {"t": "Plain", "c": [{"t": "Str", "c": marker}, {"t": "Space"}]}
            begins, *rest = item or [{"t": "Plain", "c": []}]
            if begins["t"] in _PARAGRAPHS:
                marked["c"] += begins["c"]
                parts += self._parts([marked, *rest], depth)
            else:
                parts += self._parts([marked, *item], depth)
        return parts

    def _definitions(self, held: Any, depth: int) -> list[Part]:
        """A list of definitions, as one with bullets: the term, strong, then what it means."""
        items = [
            [
                *([{"t": "Para", "c": [{"t": "Strong", "c": term}]}] if term else []),
                *chain.from_iterable(meanings),
            ]
            for term, meanings in held
        ]
        return self._list("", 0, items, depth)

    # ------------------------------------------------------------ verse

    def _verse(self, nodes: Sequence[Node], depth: int) -> list[Part]:
        """Lines of verse: each paragraph is a stanza or, if none has several lines, a line. Empty
        paragraphs and divisions part stanzas."""
        parts: list[Part] = []
        for plain, run in groupby(nodes, key=lambda node: node["t"] in _PARAGRAPHS):
            if not plain:
                for node in run:
                    inner = node["c"][1] if node["t"] == "Div" else None
                    parts += self._verse(inner, depth) if inner else self._block(node, depth)
                continue
            read = [list(self.words.lines(node["c"])) or [()] for node in run]
            several = any(sum(map(bool, lines)) > 1 for lines in read)
            whole = read if several else [list(chain.from_iterable(read))]
            parts += chain.from_iterable(map(_stanzas, whole))
        return parts


# ---------------------------------------------------------------- what a node is


def _attributes(given: Any) -> dict[str, str]:
    return dict(given[2])


def _role(node: Node) -> str:
    """The role of a block: of the style or the classes of a division, or of the mark with which a
    paragraph begins."""
    if node["t"] == "Div":
        _, classes, pairs = node["c"][0]
        if BODY in dict(pairs):
            return ""
        styled = role_of(dict(pairs).get("custom-style", ""))
        return styled or role_of_class(classes)
    if node["t"] in (*_PARAGRAPHS, "Header"):
        held = node["c"] if node["t"] != "Header" else node["c"][2]
        found = MARK.match(_first_string(held))
        kind, _, value = found[1].partition("=") if found else ("", "", "")
        return value if kind == ROLE else ""
    return ""


def _first_string(nodes: Sequence[Node]) -> str:
    """The first characters of inlines."""
    while nodes:
        held: Any = nodes[0].get("c")
        match nodes[0]["t"]:
            case "Str":
                return str(held)
            case "Emph" | "Strong" | "Underline" | "SmallCaps":
                nodes = held
            case "Span" | "Link":
                nodes = held[1] or nodes[1:]
            case "Space" | "SoftBreak":
                nodes = nodes[1:]
            case _:
                return ""
    return ""


def _inside(node: Node) -> Sequence[Node]:
    """The blocks that a division with a role has; a marked paragraph or heading, as a paragraph."""
    if node["t"] == "Div":
        inner: Sequence[Node] = node["c"][1]
        return inner
    return [{"t": "Para", "c": node["c"][2]}] if node["t"] == "Header" else [node]


def _only_picture(nodes: Sequence[Node]) -> Node | None:
    """The picture that is alone in these blocks."""
    if len(nodes) != 1 or nodes[0]["t"] not in _PARAGRAPHS:
        return None
    inlines = [i for i in nodes[0]["c"] if i["t"] not in ("Space", "SoftBreak")]
    return inlines[0] if len(inlines) == 1 and inlines[0]["t"] == "Image" else None


def _countable(kind: str, first: int, count: int) -> bool:
    """Whether a list of an edition may have these numbers: letters and Roman numerals begin at the
    first, and there is no second alphabet."""
    if kind == "1":
        return first >= 0 and first + count <= _MOST
    return first == 1 and count <= (_LETTERS if kind in "aA" else 3 * _LETTERS)


def _arabic(style: str) -> str:
    """A style with figures: no letter and no Roman numeral is 0 or less."""
    return style.replace(style.strip("()."), "1")


def _held(kind: ContainerKind, parts: list[Part], depth: int) -> list[Part]:
    """Parts in a container, unless that is too deep."""
    return [Branch(Container(kind), tuple(parts))] if parts and depth <= _DEEPEST else parts


def _in_language(part: Part, language: str) -> Part:
    """A part in a language, but for what of it is in another."""
    if isinstance(part, Branch):
        return replace(part, parts=tuple(_in_language(inner, language) for inner in part.parts))
    return replace(part, language=part.language or language)


# ---------------------------------------------------------------- paragraphs and lines


def _paragraphs_in(content: Inlines) -> Iterator[Block]:
    for words in paragraphs_of(content):
        if words := tidied(single_breaks(words)):
            yield Block("paragraph", words)


def _stanzas(lines: Iterable[Inlines]) -> Iterator[Block]:
    """Lines of verse as stanzas, which empty lines part."""
    for filled, run in groupby(lines, key=bool):
        if filled:
            parts = [(*([LineBreak()] if n else []), *line) for n, line in enumerate(run)]
            yield Block("verse", tuple(chain.from_iterable(parts)))


def _preformatted(code: str) -> Iterator[Block]:
    """Preformatted text, as lines in doubt."""
    return _stanzas(map(_code_line, code.expandtabs().split("\n")))


def _code_line(line: str) -> Inlines:
    width = len(line) - len(line.lstrip())
    words = tidied((Text(cleaned(line)),))
    indent = (Indent(width),) if width else ()
    return (*indent, Doubt(words, interface.CODE)) if words else ()
