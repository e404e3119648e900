"""The inlines of pandoc's tree → inlines of an edition.

What editions do not have (words that are struck out, formulas, pictures) stays as words, in a doubt
that says what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from msgspec import structs

from archive_site import interface
from archive_site.sources.marks import AFTER, BEFORE, GAP, MARK, NOTE, PAGE
from archive_site.text.document import (
    NESTING,
    CellBreak,
    Doubt,
    Emphasis,
    Foreign,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Nesting,
    NoteCall,
    PageBreak,
    SmallCaps,
    Superscript,
    Text,
    is_french,
)
from archive_site.text.reading import NOT_WRITTEN, merged, witness_text

Node = Mapping[str, Any]
"""An element of pandoc's tree: its type `t` and what it has, `c`."""
NoteReader = Callable[[Sequence[Node], str], str]
"""Reads the blocks of a note (or those of the note with a key) and returns its label."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DEEPEST = 12  # marks within marks; an edition may have 20
_WEB = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.I)
_UNSAFE = re.compile(r"[()\\<>\"`\s\[\]{}|^*]")
_SPACES = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_ORDINAL = re.compile(r"[^\W\d_]{1,5}\.?")
_SHORT = 6  # characters: a longer superscript is no call of a note
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z!?][^>]*>", re.DOTALL)
_MARKUP = ("html", "html4", "html5", "openxml", "opendocument", "docbook", "jats", "tei")
_STYLES = {
    "emphasis": False,
    "subtle emphasis": False,
    "intense emphasis": False,
    "book title": False,
    "strong": True,
    "strong emphasis": True,
}
"""Styles of words in Word and LibreOffice: whether they are bold (or else italic)."""
_FILE = re.compile(r".*\.(?:png|jpe?g|gif|bmp|tiff?|svg|webp|wmf|emf)", re.I | re.DOTALL)
"""The name of a file, which programs write where the words that describe a picture should be."""
_SHOWN = 80
_ELIDED = re.compile(
    rf"([^\s{BEFORE}{AFTER}]*[^\w\s{BEFORE}{AFTER}])({BEFORE}{PAGE}=[^{AFTER}]*{AFTER})(?=\S)"
)
_WIDTHS = {"\u2003": 2}  # spaces that are wider than one character


@dataclass(slots=True)
class WordReader:
    """Reads the inlines of a document. `language` is that of the document; `note` reads a note."""

    language: str
    note: NoteReader
    underlined: bool = False
    """Whether any words were underlined; they are in italics here."""

    def read(self, nodes: Iterable[Node]) -> Inlines:
        """Inlines without superfluous spaces; there may be several line ends in a row."""
        return tidied(self._inlines(nodes, 0))

    def lines(self, nodes: Iterable[Node]) -> Iterator[Inlines]:
        """The lines of verse, each with its indentation; empty ones, too."""
        for line_end, run in groupby(_divided(self._inlines(nodes, 0)), key=_is_line_end):
            if line_end:
                yield from ((),) * (len(list(run)) - 1)
            else:
                yield _indented(run)

    def _inlines(self, nodes: Iterable[Node], depth: int) -> list[Inline]:
        return [inline for node in nodes for inline in self._inline(node, depth)]

    def _inline(self, node: Node, depth: int) -> Iterable[Inline]:  # noqa: C901  # a table
        held: Any = node.get("c")
        match node["t"]:
            case "Str":
                return self._marked(held)
            case "Space" | "SoftBreak":
                return (Text(" "),)
            case "LineBreak":
                return (LineBreak(),)
            case "Emph" | "Underline":
                self.underlined |= node["t"] == "Underline"
                return self._within(held, depth, Emphasis)
            case "Strong":
                return self._within(held, depth, lambda words: Emphasis(words, strong=True))
            case "SmallCaps":
                return self._within(held, depth, SmallCaps)
            case "Strikeout":
                return self._doubtful(held, depth, interface.STRUCK_OUT)
            case "Subscript":
                return self._doubtful(held, depth, interface.LOWERED)
            case "Superscript":
                return self._raised(tuple(self._inlines(held, depth)))
            case "Quoted":
                opening, closing = ("‘", "’") if held[0]["t"] == "SingleQuote" else ("“", "”")
                return [Text(opening), *self._inlines(held[1], depth), Text(closing)]
            case "Cite":
                return self._inlines(held[1], depth)
            case "Code":
                return (Text(cleaned(held[1])),)
            case "Math":
                return (Doubt((Text(cleaned(held[1])),), interface.FORMULA),)
            case "RawInline":
                return raw_words(*held)
            case "Link":
                return self._link(held[1], held[2][0], depth)
            case "Image":
                return self._picture(held[1], held[2][0], depth)
            case "Note":
                return (NoteCall(self.note(held, "")),)
            case "Span":
                return self._span(held[0], held[1], depth)
            case _:
                return (Doubt((Text(cleaned(" ".join(strings_in(held)))),), interface.UNREAD),)

    def _marked(self, written: str) -> Iterator[Inline]:
        """Words, in which marks stand for page breaks, note calls and gaps. A page that begins
        after an elision (l’|homme) begins before it: no line could end there."""
        parts = MARK.split(_ELIDED.sub(r"\2\1", written))
        for n, part in enumerate(parts):
            kind, _, value = part.partition("=")
            if n % 2 == 0:
                yield Text(cleaned(part))
            elif kind == PAGE:
                yield PageBreak(f"[{value}]" if value else "")
            elif kind == NOTE:
                yield NoteCall(self.note((), value))
            elif kind == GAP:
                yield Gap(interface.OBJECT_HERE)

    def _within(
        self, nodes: Iterable[Node], depth: int, mark: Callable[[Inlines], Nesting]
    ) -> Iterable[Inline]:
        content = tuple(self._inlines(nodes, depth + 1))
        return (mark(content),) if depth < _DEEPEST and has_words(content) else content

    def _doubtful(self, nodes: Iterable[Node], depth: int, why: str) -> Iterable[Inline]:
        return self._within(nodes, depth, lambda words: Doubt(words, why))

    def _raised(self, content: Inlines) -> Inlines:
        """A raised ordinal; a raised figure, which may be the call of a note that is not there, is
        in doubt. Anything else that is raised is not a character, but words."""
        words = witness_text(content)
        plain = all(isinstance(inline, Text | Emphasis | SmallCaps) for inline in content)
        if not plain or not words.strip() or len(words) > _SHORT or " " in words:
            return content
        if _ORDINAL.fullmatch(words):
            return (Superscript(words),)
        return (Doubt((Text(words),), interface.RAISED),)

    def _link(self, nodes: Iterable[Node], target: str, depth: int) -> Iterable[Inline]:
        """A link, if it leads to an address of the web; else its words."""
        address = _UNSAFE.sub(lambda sign: f"%{ord(sign[0]):02X}", target.strip())
        if not _WEB.fullmatch(address):
            return self._inlines(nodes, depth)
        return self._within(nodes, depth, lambda words: Link(words, address))

    def _picture(self, nodes: Iterable[Node], path: str, depth: int) -> Iterable[Inline]:
        """The words that stand for a picture, in a doubt; without any, a gap."""
        content = tuple(self._inlines(nodes, depth + 1))
        why = picture_here(path)
        described = has_words(content) and not _FILE.fullmatch(witness_text(content).strip())
        if described and depth < _DEEPEST:
            return (Doubt(content, why),)
        if not described and not any(isinstance(i, NoteCall | PageBreak) for i in content):
            return (Gap(why),)
        return (*content, Gap(why))

    def _span(self, attributes: Any, nodes: Iterable[Node], depth: int) -> Iterable[Inline]:
        given = dict(attributes[2])
        language = language_of(given)
        if language and not same_language(language, self.language):
            return self._within(nodes, depth, lambda words: Foreign(words, language))
        strong = _STYLES.get(given.get("custom-style", "").lower())
        if strong is not None:
            return self._within(nodes, depth, lambda words: Emphasis(words, strong))
        return self._inlines(nodes, depth)


def strings_in(held: object) -> Iterator[str]:
    """Every string of a part of the tree that is of no known type, in order."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        yield from strings_in(held.get("c"))
    elif isinstance(held, list):
        for part in held:
            yield from strings_in(part)


def raw_words(format: str, written: str) -> Iterable[Inline]:
    """What pandoc leaves in the notation of a format: words without tags; of LaTeX, all of it."""
    if format.partition("+")[0] not in _MARKUP:
        return (Doubt((Text(cleaned(written)),), interface.RAW),) if written.strip() else ()
    if re.match(r"<br\b", written, re.I):
        return (LineBreak(),)
    return (Text(cleaned(_TAG.sub("", written))),)


def picture_here(path: str) -> str:
    """Why there is a gap, or a doubt, where the source has the picture at `path`."""
    name = "" if path.startswith("data:") else PurePosixPath(path.partition("?")[0]).name
    name = cleaned(name).strip()[:_SHOWN]
    return interface.PICTURE_NAMED.format(name=name) if name else interface.PICTURE_HERE


def language_of(attributes: Mapping[str, str]) -> str:
    """The language (BCP 47) that attributes give; empty if they give none."""
    said = attributes.get("lang") or attributes.get("xml:lang") or ""
    return said if LANGUAGE.fullmatch(said) else ""


def same_language(one: str, other: str) -> bool:
    """Whether two tags (BCP 47) are of the same language, whatever the country."""
    if is_french(one) and is_french(other):
        return True
    return one.lower().split("-")[0] == other.lower().split("-")[0]


def cleaned(text: str) -> str:
    """`text` with plain spaces for runs of white space and line ends, and without characters that
    no edition may contain. No-break and other spaces of a width stay."""
    return NOT_WRITTEN.sub("", _SPACES.sub(" ", text))


def has_words(content: Inlines) -> bool:
    """Whether there are words in the spelling of the witness."""
    return bool(witness_text(content).strip())


# ---------------------------------------------------------------- spaces and neighbouring marks


def tidied(content: Iterable[Inline]) -> Inlines:
    """Inlines as an edition has them: no space at either end of a mark or a line, one between
    words, neighbouring marks of a kind as one."""
    return _trimmed(_joined(content))


def _joined(content: Iterable[Inline]) -> list[Inline]:
    """Inlines with spaces moved out of marks, and neighbours of a kind joined."""
    flat = [part for inline in content for part in _hoisted(inline)]
    made: list[Inline] = []
    for inline in flat:
        last = made[-1] if made else None
        if isinstance(inline, Text) and isinstance(last, Text):
            made[-1] = Text(last.text + inline.text)
        elif isinstance(inline, NESTING) and isinstance(last, NESTING) and _alike(last, inline):
            both = _trimmed(_joined((*last.content, *inline.content)))
            made[-1] = structs.replace(last, content=both)
        else:
            made.append(inline)
    return [Text(re.sub(" {2,}", " ", i.text)) if isinstance(i, Text) else i for i in made]


def _alike(one: Nesting, other: Nesting) -> bool:
    """Whether two marks differ in their words only."""
    return structs.replace(one, content=()) == structs.replace(other, content=())


def _hoisted(inline: Inline) -> Iterator[Inline]:
    """A mark without the spaces and line ends at its ends, which stand before and after it."""
    if not isinstance(inline, NESTING):
        yield inline
        return
    content = _joined(inline.content)
    if isinstance(inline, Emphasis):
        inline, content = _once(inline, _joined(_otherwise(content, inline.strong)))
    before, after = list[Inline](), list[Inline]()
    while content and (edge := _edge(content[0], first=True)):
        outside, inside = edge
        before.append(outside)
        content[:1] = inside
    while content and (edge := _edge(content[-1], first=False)):
        outside, inside = edge
        after.insert(0, outside)
        content[-1:] = inside
    yield from before
    if content and has_words(tuple(content)):
        yield structs.replace(inline, content=_trimmed(content))
    else:
        yield from content
    yield from after


def _otherwise(content: Iterable[Inline], strong: bool) -> Iterator[Inline]:
    """What stands in italics, or in bold, without the italics or the bold in it."""
    for inline in content:
        if isinstance(inline, Emphasis) and inline.strong == strong:
            yield from inline.content
        else:
            yield inline


def _once(mark: Emphasis, content: list[Inline]) -> tuple[Emphasis, list[Inline]]:
    """What is in both italics and bold as an edition reads it back: the bold within."""
    only = content[0] if len(content) == 1 else None
    if not mark.strong or not isinstance(only, Emphasis):
        return mark, content
    return only, _joined((structs.replace(mark, content=only.content),))


def _edge(inline: Inline, *, first: bool) -> tuple[Inline, list[Inline]] | None:
    """What of an inline at the end of a mark belongs outside, and the rest of it."""
    if isinstance(inline, LineBreak):
        return inline, []
    if not isinstance(inline, Text):
        return None
    rest = inline.text.lstrip() if first else inline.text.rstrip()
    count = len(inline.text) - len(rest)
    if not count:
        return (Text(""), []) if not rest else None
    space = inline.text[:count] if first else inline.text[-count:]
    return Text(space), [Text(rest)] if rest else []


def _trimmed(content: Sequence[Inline]) -> Inlines:
    """Inlines without spaces at the ends of their lines."""
    ends = (LineBreak, CellBreak)
    lines = [list(run) for _, run in groupby(content, key=lambda i: isinstance(i, ends))]
    made: list[Inline] = []
    for line in lines:
        if line and isinstance(line[0], Text):
            line[0] = Text(line[0].text.lstrip())
        if line and isinstance(line[-1], Text):
            line[-1] = Text(line[-1].text.rstrip())
        made += line
    return merged(made)


def paragraphs_of(content: Inlines) -> Iterator[Inlines]:
    """The paragraphs of inlines: what is between two or more line ends, without others at its
    ends."""
    lines: list[list[Inline]] = [[]]
    for inline in content:
        if isinstance(inline, LineBreak):
            lines.append([])
        else:
            lines[-1].append(inline)
    for filled, run in groupby(lines, key=bool):
        if filled:
            parts = [(*([LineBreak()] if n else []), *line) for n, line in enumerate(run)]
            yield tuple(inline for part in parts for inline in part)


def on_one_line(content: Iterable[Inline]) -> Inlines:
    """Inlines with a space for each line end."""
    return tidied(_spaced(content))


def _spaced(content: Iterable[Inline]) -> Iterator[Inline]:
    for inline in content:
        if isinstance(inline, LineBreak):
            yield Text(" ")
        elif isinstance(inline, NESTING):
            yield structs.replace(inline, content=tuple(_spaced(inline.content)))
        else:
            yield inline


def _is_line_end(inline: Inline) -> bool:
    return isinstance(inline, LineBreak)


def _divided(content: Iterable[Inline]) -> Iterator[Inline]:
    """Inlines with marks that end, and begin again, at each line end within them."""
    for inline in content:
        if not isinstance(inline, NESTING):
            yield inline
            continue
        for line_end, group in groupby(_divided(inline.content), key=_is_line_end):
            run = tuple(group)
            yield from run if line_end else (structs.replace(inline, content=run),)


def _indented(line: Iterable[Inline]) -> Inlines:
    """A line of verse, tidied, with its first spaces as an indentation."""
    words = _joined(line)
    first = words[0].text if words and isinstance(words[0], Text) else ""
    spaces = first[: len(first) - len(first.lstrip())]
    width = sum(_WIDTHS.get(space, 1) for space in spaces) if spaces.strip(" ") else 0
    return (*((Indent(width),) if width and has_words(tuple(words)) else ()), *_trimmed(words))


def single_breaks(content: Inlines) -> Inlines:
    """Inlines with one line end for several in a row within a mark."""
    made: list[Inline] = []
    for inline in content:
        if isinstance(inline, NESTING):
            inline = structs.replace(inline, content=single_breaks(inline.content))
        if not (isinstance(inline, LineBreak) and made and isinstance(made[-1], LineBreak)):
            made.append(inline)
    return tuple(made)
