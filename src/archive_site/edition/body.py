"""The body of an edition file → blocks and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from archive_site.edition.front_matter import LANGUAGE, did_you_mean
from archive_site.edition.ids import ANCHOR, RESERVED_ID
from archive_site.edition.markdown import DEEPEST, attributes_of, parser
from archive_site.files.layout import IMAGES, PICTURE
from archive_site.findings import Finding, count_noun
from archive_site.text.citations import attached
from archive_site.text.document import (
    INTERNAL,
    VOICES,
    Block,
    BlockKind,
    CellBreak,
    Citation,
    Comment,
    Container,
    ContainerKind,
    Doubt,
    Emendation,
    Emphasis,
    Foreign,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    Note,
    NoteCall,
    PageBreak,
    Picture,
    SmallCaps,
    Speaker,
    StageDirection,
    Superscript,
    Table,
    Text,
)
from archive_site.text.numerals import numeral
from archive_site.text.reading import closed_up, merged, reading_text, trimmed, walk, witness_text

if TYPE_CHECKING:  # otherwise imported only when an edition is read, not if its result is cached
    from markdown_it.token import Token

LEAVES: tuple[BlockKind, ...] = ("stage", "dateline", "standfirst", "salutation", "signature")
"""The classes of divs of paragraphs; each is the kind of these paragraphs too."""
CONTAINERS: dict[str, ContainerKind] = {
    "quote": "quotation",
    "speech": "speech",
    "epigraph": "epigraph",
    "postscript": "postscript",
    "box": "box",
}
"""The kind of a div that may contain blocks of any kind, by its class."""
# A span's class: the attributes that it may have, and what it must have to be valid.
SPANS = {
    "corr": (("sic", "why"), 'sic="…"'),
    "name": (("key",), 'words and key=…, or key="" for no name'),
    "ref": (("to",), "words and to=#block or to=text-id#block"),
    "doubt": (("why",), 'why="…"'),
    "gap": (("why",), 'why="…" and no words'),
    "pb": (("n",), "no words"),
    "stage": ((), "words"),
    "speaker": ((), "words, and to be the first words of a speech"),
    "smallcaps": ((), "words"),
    "": (("lang",), "words and lang=…, such as grc or de"),
}
_SPAN_HINT = (
    'Write it like [reading]{.corr sic="witness"}, with nothing between ] and {; '
    "or \\{ for a plain {."
)
_PICTURE_HINT = (
    "A picture is a paragraph of its own, without attributes: ![what it shows](images/name.png "
    '"caption"), with \\" for quotation marks in the caption. Write \\! for a plain !.'
)
_CITATION_HINT = (
    "Write [@key], [@key, p. 12] or [voir @key, p. 12; @other], with words that have no other "
    "markup; or \\@ for a plain @."
)
_DIV = re.compile(
    r"(?:\.(?P<name>[\w-]+))?"
    r"(?P<pairs>(?:(?:\s+|\A)[\w-]+=(?:\"(?:[^\"\\]|\\.)*\"|[^\s}\"]+))*)"
)

# What other forms of Markdown know and editions do not: it must not be published as it is.
_UNKNOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\]\{|\{[.#=]"), _SPAN_HINT),
    (re.compile(r"\^\["), "Close the note: ^[words]; or write \\^ for a plain ^."),
    (re.compile(r"\[\^"), "A label has no spaces: [^label]; write \\[ for a plain [."),
    (re.compile(r"!\["), _PICTURE_HINT),
    (
        re.compile(r"\[-@"),
        "A citation without its authors is not supported. Write [@key].",
    ),
    (re.compile(r"\[[^\[\]]*(?<![^\W_])@|(?<![^\W_])@[\w{]"), _CITATION_HINT),
    (
        re.compile(r"\w\*|\*\w"),
        "Write * at both ends of the words, or \\* for a plain *.",
    ),
    (re.compile(r"~[^~\s]+~"), "Editions have no subscripts; write \\~ for a plain ~."),
    (
        re.compile(r"\\(?=\s|$)"),
        "Write \\\\ for a plain backslash; \\ at the end of a line keeps that end.",
    ),
    (re.compile(r"~~"), "Write [words]{.doubt} or [words]{.corr}; or \\~ for a plain ~."),
    (re.compile(r"<!--"), "Close the comment with -->, in the same paragraph."),
)
_LIKELY_UNKNOWN = re.compile(r"[\]{^!@~<\\*]")
_UNKNOWN_OPENINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:```|~~~).*"), "Editions have no code."),
    (re.compile(r"\[[^\]^][^\]]*\]:.*"), "Write [words](https://…) where the link is."),
    (re.compile(r"\(@[\w-]*\).*|#\.[ \t].*"), "Number the list: 1., 2., …"),
    (
        re.compile(r"(?:\(?0\d+\)|0\d+\.)[ \t].*"),
        "Write the number without the 0, or \\ before the sign after it if it is text.",
    ),
    (
        re.compile(r":[ \t]+\S.*"),
        "The caption of a table stands before or after it; write \\: for a plain colon.",
    ),
    (re.compile(r"\+[-=]{2,}.*"), "Draw the table with | and |---|."),
    (re.compile(r"#{7,}.*"), "Titles have six levels at most, # to ######."),
    (re.compile(r"::[ \t].*"), "A div begins with three colons: :::."),
    (re.compile(r"#{1,6}[^\W\d_].*"), "Write a space after #, or \\# for a plain one."),
    (re.compile(r"\|\S.*"), "Write a space after |, or \\| for a plain one."),
)
# How a block begins that needs a blank line before it.
_BEGINS = re.compile(
    r"(?:\| |:[ \t]+\S|~[ \t]+\S|[-=]{2,}[ \t]*$|(?:[*_-][ \t]*){3,}$"
    r"|\(?(?:[1aAiI])[.)][ \t]|\+[-=]{2}|```|~~~).*"
)
_BEGINS_IN_ITEM = re.compile(
    rf"(?:{_BEGINS.pattern}|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivx]+|[IVX]+)[.)][ \t].*)"
)
_LETTERED = re.compile(r"\(?(?:[a-zA-Z]|[ivxlcdm]+|[IVXLCDM]+)[.)][ \t]")
_BLANK_HINT = (
    "Write a blank line before it if a block begins there (a title is # Title); "
    "write \\ before the sign if it is text."
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open div, quotation, list or item: the container that it is; the kind that it gives to
    paragraphs, or the language that it gives to blocks; and how many blocks came before it."""

    container: Container | None = None
    kind: BlockKind | None = None
    language: str = ""
    div: str = ""
    before: int = 0
    quoting: bool = False  # a div of the class quote, with quotations only


@dataclass(slots=True)
class Body:
    """Turns the tokens of Markdown into blocks and notes, and collects findings. `offset` is the
    number of lines of the file above the first of `lines`."""

    path: str
    offset: int
    lines: list[str]
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _open: list[_Frame] = field(default_factory=list)
    _base: int = 0  # how many frames are open around the note that is being read
    _last: list[_Frame] = field(default_factory=list)  # the frames around the previous block
    _cells: list[Inline] = field(default_factory=list)  # what the table that is read has so far
    _target: list[Block] = field(default_factory=list)
    _labels: Iterator[str] = field(default_factory=lambda: iter(()))

    def read(self) -> None:  # noqa: C901  # a table
        """Parse the lines and fill `blocks`, `notes`, `comments` and `findings`."""
        tokens = parser().parse("\n".join(self.lines))
        self._labels = _free_labels(tokens)
        self._target = self.blocks
        line = self.offset + 1
        outer: list[tuple[int, list[Block], list[_Frame], int]] = []  # around each open note
        _mark_quotations(tokens)
        for opener, token in zip(tokens[:1] + tokens, tokens, strict=False):
            line = self.offset + token.map[0] + 1 if token.map else line
            match token.type:
                case "div_open":
                    self._open.append(self._div(token, line))
                case "div_close":
                    frame = self._open.pop()
                    if frame.div and len(self._target) == frame.before:
                        self._unknown(line, f"::: {frame.div} without words", "Write them.")
                case "blockquote_open":
                    self._enter(Container("quotation"), "a quotation", line)
                case "list_open":
                    listed = Container("list", (), token.meta["style"], token.meta["number"])
                    self._enter(listed, "a list", line)
                case "list_item_open":
                    self._item(token, line)
                case "list_item_close":
                    if len(self._target) == self._open.pop().before:
                        self._unknown(line, "an item without words", "Write it, or remove it.")
                case "captioned_open":
                    self._enter(Container("captioned"), "a table", line)
                case "blockquote_close" | "list_close" | "captioned_close":
                    self._open.pop()
                case "table":
                    self._table(token, line)
                case "note_definition_open":
                    outer.append((len(self.notes), self._target, self._last, self._base))
                    self.notes.append(Note(token.meta["label"], (), line=line))
                    self._target, self._last, self._base = [], [], len(self._open)
                case "note_definition_close":
                    blocks = tuple(self._target)
                    at, self._target, self._last, self._base = outer.pop()
                    self.notes[at] = replace(self.notes[at], blocks=blocks)
                case "comment":
                    self.comments += filter(None, [token.content])
                case "break":
                    self._add(Block("break", (), line=line))
                case "too_deep":
                    seen = f"more than {DEEPEST} nested quotations, lists and boxes"
                    self._unknown(line, seen, "Remove some of them.")
                case "inline":
                    self._words(opener, token, line)

    # ------------------------------------------------------------ containers

    def _enter(self, container: Container, seen: str, line: int) -> None:
        """Open a container; a quotation that is alone in a div of that class is the same
        quotation."""
        self._fits(seen, line)
        around = self._open[-1] if len(self._open) > self._base else None
        same = around and around.quoting and container.kind == "quotation"
        self._open.append(_Frame(None if same else container, before=len(self._target)))

    def _fits(self, seen: str, line: int) -> None:
        """Report what is in a div that may have only paragraphs."""
        leaf = next((frame for frame in reversed(self._open) if frame.kind), None)
        if leaf:
            hint = "Close the first with ::: before the second begins."
            self._unknown(line, f"{seen} within ::: {leaf.div}", hint)

    def _item(self, token: Token, line: int) -> None:
        style, number, expected = (token.meta[name] for name in ("style", "number", "expected"))
        if number != expected:
            right, seen = numeral(style, expected), numeral(style, number)
            hint = f"Write {right}, or \\ before the sign after the number if this is no list."
            self._unknown(line, f"the number {seen} where a list is at {right}", hint)
        item = Container("list-item", (), style, expected if style else 0)
        self._open.append(_Frame(item, before=len(self._target)))

    def _div(self, token: Token, line: int) -> _Frame:
        written = token.info.strip()
        if not token.meta["closed"]:
            if written:
                self._unknown(line, "::: that is not closed", "Write ::: on a separate line below.")
            else:
                self._unknown(line, "::: that closes nothing", "Remove it.")
                return _Frame()
        braced = written.startswith("{") and written.endswith("}")
        parsed = _DIV.fullmatch(written[1:-1].strip() if braced else f".{written}")
        name = (parsed["name"] or "") if parsed and (braced or not parsed["pairs"]) else ""
        attributes = attributes_of(parsed["pairs"]) if parsed else {}
        tagged = "lang" in attributes
        language = self._language(attributes.pop("lang", ""), line)
        speaks = CONTAINERS.get(name) in VOICES
        speakers = tuple(attributes.pop("speaker", "").split()) if speaks else ()
        known = name in LEAVES or name in CONTAINERS or (not name and tagged)
        if not known or attributes:
            wrong = next(iter(attributes), "")
            near = did_you_mean(wrong, ("speaker", "lang")) if known else ""
            near = near or did_you_mean(name, (*LEAVES, *CONTAINERS)) * (not known)
            classes = ", ".join((*LEAVES, *CONTAINERS))
            hint = f"Write one of {classes}, {{.speech speaker=key}} or {{lang=de}}."
            self._unknown(line, f"::: {written}", f"{near} {hint}".strip())
        elif name:
            self._fits(f"::: {name}", line)
        container = Container(CONTAINERS[name], speakers) if name in CONTAINERS else None
        quoting = name == "quote" and bool(token.meta.get("quoting"))
        kind = next((kind for kind in LEAVES if kind == name), None)
        return _Frame(container, kind, language, name, len(self._target), quoting)

    def _language(self, tag: str, line: int) -> str:
        if not tag or LANGUAGE.fullmatch(tag):
            return tag
        hint = "Write a tag of two or three letters: de, grc."
        self._unknown(line, f"lang={tag}", hint)
        return ""

    # ------------------------------------------------------------ blocks

    def _words(self, opener: Token, token: Token, line: int) -> None:
        """Add the block whose words are in `token`."""
        verse: int = token.meta.get("verse", 0)
        content = self._inlines(token.children or [], line)
        if "cell" in token.meta:
            row, column = token.meta["cell"]
            between = (CellBreak(),) if column else (LineBreak(),) if row else ()
            self._cells += (*between, *content)
            return
        comments = [inline.text for inline in content if isinstance(inline, Comment)]
        alone = all(isinstance(inline, Comment | Text) for inline in content)
        if opener.type == "caption" and alone and not witness_text(content).strip():
            self._unknown(line, "a caption without words", "Write it, or remove the colon.")
        if comments and alone and not verse and not witness_text(content).strip():
            self.comments += comments
            return
        if opener.type == "figure_open":
            self._figure(token, content, line)
        elif not content:
            return
        elif verse:
            self._verse(token, content, line)
        elif opener.type == "heading_open":
            block = Block("heading", content, int(opener.tag[1]), line=line)
            self._add(self._attributed(block, token.info, line))
        elif opener.type == "caption":
            self._add(Block("caption", content, line=line))
        else:
            self._openings(token.content, line)
            self._add(Block("paragraph", content, line=line))

    def _figure(self, token: Token, content: Inlines, line: int) -> None:
        """Add a figure, which has `content` as its caption."""
        path, written = token.meta["path"], token.meta["alt"]
        alt = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)
        if not PICTURE.fullmatch(path):
            seen = f"the path of a picture must be images/name.png, .jpg or .webp; found “{path}”"
            near = f"{IMAGES}/{path.rpartition('/')[2]}"
            hint = (
                f"Write {near}."
                if PICTURE.fullmatch(near) and "://" not in path
                else "Put the file into images/, under a name of letters without accents, digits, "
                "-, _ and ., which begins with a letter or a digit."
            )
            self.findings.append(Finding(self.path, line, "E028", seen, hint))
        if not any(map(str.isalnum, alt)):
            message = (
                f"a picture must have words for those who do not see it; found ![{alt}]({path})"
            )
            self.findings.append(Finding(self.path, line, "E027", message, _PICTURE_HINT))
        if re.search(r"[*_^`~{<]", re.sub(r"\\.", "", written)):
            hint = (
                "Write what the picture shows in plain words, with \\ before signs that are text."
            )
            self._unknown(line, f"![{written[:60]}]", hint)
        self._add(Block("figure", content, picture=Picture(path, alt), line=line))

    def _verse(self, token: Token, content: Inlines, line: int) -> None:
        """Add a line of verse: to the stanza above, unless it is the first of one."""
        if token.content.endswith("|") and not token.content.endswith("\\|"):
            hint = "A table has |---| under its first row; write \\| for a plain | in verse."
            self._unknown(line, f"“| {token.content[:60]}”", hint)
        indent = token.meta["indent"]
        content = (Indent(indent), *content) if indent else content
        if token.meta["verse"] == 1:
            self._add(Block("verse", content, line=line))
        else:
            self._check_names(content, 0, line)
            stanza = self._target[-1]
            self._target[-1] = replace(stanza, content=(*stanza.content, LineBreak(), *content))

    def _table(self, token: Token, line: int) -> None:
        """Add the table whose cells have been read."""
        columns, rows = token.meta["columns"], token.meta["rows"]
        for at, cells in rows:
            if cells != len(columns):
                seen = f"a row with {count_noun(cells, 'cell')} in a table of {len(columns)}"
                hint = "Give each row one cell for each column; write \\| for a plain |."
                self._unknown(self.offset + at + 1, seen, hint)
        table = Table(tuple(columns), token.meta["headed"])
        self._add(Block("table", tuple(self._cells), table=table, line=line))
        self._cells = []

    def _attributed(self, block: Block, written: str, line: int) -> Block:
        """A heading with what `{#id .unnumbered lang=de}` says of it."""
        for part in written.split():
            anchor = part[1:] if part.startswith("#") else ""
            if anchor and self._target is not self.blocks:
                hint = "A title in a note has no id: remove it."
                self._unknown(line, f"{{{written}}} after a title in a note", hint)
                break
            if anchor and ANCHOR.fullmatch(anchor) and not RESERVED_ID.fullmatch(anchor):
                block = replace(block, anchor=anchor)
            elif part in (".unnumbered", "-"):
                block = replace(block, unnumbered=True)
            elif part.startswith("lang=") and LANGUAGE.fullmatch(part[5:].strip('"')):
                block = replace(block, language=part[5:].strip('"'))
            else:
                hint = (
                    "Write {#id}, an id of small letters, digits and hyphens; .unnumbered; lang=de."
                )
                self._unknown(line, f"{{{written}}} after a title", hint)
                break
        return block

    def _openings(self, words: str, line: int) -> None:
        """Report lines of a paragraph that begin as blocks of another kind do."""
        first, *rest = words.split("\n")
        listed = any(f.container and f.container.kind == "list-item" for f in self._open)
        begins = _BEGINS_IN_ITEM if listed else _BEGINS
        if _LETTERED.match(first) and any(map(_LETTERED.match, rest)):
            hint = (
                "Begin the list at its first letter, with two spaces after a capital and its full "
                "stop; or write \\ before the signs after the letters."
            )
            self._unknown(line, f"“{first[:60]}”, and another number below", hint)
        for pattern, hint in _UNKNOWN_OPENINGS:
            if pattern.fullmatch(first):
                self._unknown(line, f"“{first[:60]}”", hint)
        for n, other in enumerate(rest, start=1):
            if begins.fullmatch(other.lstrip()):
                self._unknown(line + n, f"“{other.strip()[:60]}” in a paragraph", _BLANK_HINT)

    def _add(self, block: Block) -> None:
        """Add a block, with what the open frames say of it."""
        frames = self._open[self._base :]
        leaf = next((frame for frame in reversed(frames) if frame.kind), None)
        if leaf and leaf.kind:
            if block.kind == "paragraph":
                block = replace(block, kind=leaf.kind)
            else:
                named = {"verse": "verse", "figure": "a picture"}
                self._fits(named.get(block.kind, "a title or a break"), block.line)
        held = [frame for frame in frames if frame.container]
        shared = 0
        for one, other in zip(self._last, held, strict=False):
            if one is not other:
                break
            shared += 1
        language = next((frame.language for frame in reversed(frames) if frame.language), "")
        within = tuple(frame.container for frame in held if frame.container)
        self._target.append(
            replace(
                block,
                kind=self._spoken(block, within, shared),
                within=within,
                shared=shared,
                language=block.language or language,
                comments=tuple(self.comments),
            )
        )
        self._last, self.comments = held, []

    def _spoken(self, block: Block, within: tuple[Container, ...], shared: int) -> BlockKind:
        """The kind of a block: `speaker` for a paragraph of a speech with only the name of the
        speaker and stage directions. Reports a name in any other place."""
        begins = any(container.kind == "speech" for container in within[shared:])
        may = begins and block.kind in ("paragraph", "verse")
        if not self._check_names(block.content, int(may), block.line):
            return block.kind
        rest = (i for i in block.content if not isinstance(i, Speaker | StageDirection))
        alone = not any(map(str.isalnum, reading_text(tuple(rest))))
        return "speaker" if alone and block.kind == "paragraph" else block.kind

    def _check_names(self, content: Inlines, most: int, line: int) -> bool:
        """Whether there is a name of a speaker. Reports it if there are more than `most` (0 or 1),
        or words before it."""
        named = [inline for inline in walk(content) if isinstance(inline, Speaker)]
        if not named:
            return False
        before = content[: content.index(named[0])] if named[0] in content else ()
        first = named[0] in content and not reading_text(before).strip()
        if len(named) > most or not first:
            seen = f"[{reading_text(named[-1].content)[:40]}]{{.speaker}}"
            hint = "Write it first in a speech: ::: {.speech speaker=key}, then the name."
            self._unknown(line, seen, hint)
        return True

    # ------------------------------------------------------------ words

    def _unknown(self, line: int, seen: str, hint: str) -> None:
        message = f"markup must be of a kind that editions allow, and closed; found {seen}"
        self.findings.append(Finding(self.path, line, "E024", message, hint))

    def _text(self, words: str, line: int) -> Text:
        """Words as they are; reports markup in them that editions do not have."""
        if _LIKELY_UNKNOWN.search(words):
            for pattern, hint in _UNKNOWN:
                if found := pattern.search(words):
                    seen = words[max(0, found.start() - 20) : found.end() + 40].strip()
                    self._unknown(line, f"“{seen}”", hint)
                    break
        return Text(words)

    def _inlines(self, tokens: list[Token], line: int) -> Inlines:  # noqa: C901  # a table
        stack: list[list[Inline]] = [[]]
        openers: list[Token] = []
        for n, token in enumerate(tokens):
            match token.type:
                case "text" if openers and openers[-1].markup == "autolink":
                    stack[-1].append(Text(token.content))
                case "text":
                    stack[-1].append(self._text(token.content, line))
                case "text_special" if token.content[1:].isspace():
                    stack[-1].append(self._text(token.content, line))
                case "text_special":
                    stack[-1].append(Text(token.content))
                case "softbreak":
                    stack[-1].append(Text(" "))
                    line += 1
                case "hardbreak":
                    stack[-1].append(LineBreak())
                    line += 1
                case "comment" if token.content:
                    stack[-1].append(Comment(token.content))
                case "citation":
                    stack[-1].append(token.meta["citation"])
                    line += token.content.count("\n")
                case "note_call":
                    stack[-1].append(NoteCall(token.meta["label"]))
                case "comment":
                    pass
                case _ if token.nesting == 1:
                    before = tokens[n - 1] if n else None
                    marked = before and before.type == "text" and before.content.endswith("!")
                    if token.type == "link_open" and marked:
                        self._unknown(line, "![…](…)", _PICTURE_HINT)
                        token.meta = {"picture": True}
                    openers.append(token)
                    stack.append([])
                    if len(openers) == DEEPEST + 1:
                        seen = f"more than {DEEPEST} nested marks"
                        self._unknown(line, seen, "Remove some of them.")
                case _ if token.nesting == -1:
                    content, opener = attached(merged(stack.pop())), openers.pop()
                    deep = len(openers) >= DEEPEST
                    stack[-1].extend(content if deep else self._closed(opener, content, line))
        return attached(closed_up(trimmed(merged(stack[0]))))

    def _closed(self, opener: Token, content: Inlines, line: int) -> Iterable[Inline]:
        match opener.type:
            case "em_open" | "strong_open" if content and _only_citations(content):
                return content  # they are set in their own type
            case "em_open":
                return (Emphasis(content),)
            case "strong_open":
                return (Emphasis(content, strong=True),)
            case "sup_open":
                self._only(content, (Text,), line)
                return (Superscript(witness_text(content)),)
            case "note_open":
                label, content = next(self._labels), trimmed(content)
                blocks = (Block("paragraph", content, line=line),) if content else ()
                self.notes.append(Note(label, blocks, inline=True, line=line))
                return (NoteCall(label),)
            case "link_open" if opener.meta.get("picture"):
                return content
            case "link_open":
                if "title" in opener.attrs:
                    self._unknown(line, "a link with a title", "Move the title into the text.")
                if not content:
                    self._unknown(line, "a link without words", "Write [words](address).")
                return (Link(content, str(opener.attrs["href"])),)
            case _:
                words = {k: re.sub(r"\\(.)", r"\1", str(v)) for k, v in opener.attrs.items()}
                return self._span(words, content, line)

    def _span(  # noqa: C901  # a table
        self, attributes: dict[str, str], content: Inlines, line: int
    ) -> Iterable[Inline]:
        name = attributes.pop("class", "")
        known, needs = SPANS.get(name, ((), ""))
        if not needs or attributes.keys() - set(known):
            seen = f".{name}" * bool(name) + "".join(f" {key}=…" for key in attributes)
            near = "" if needs else did_you_mean(name, SPANS)
            hint = (
                "Write one of .corr sic why, .doubt why, .gap why, .name key, .pb n, .ref to, "
                ".stage, .speaker, .smallcaps, lang=de."
            )
            self._unknown(line, f"[…]{{{seen.strip()}}}", f"{near} {hint}".strip())
            return content
        why = attributes.get("why", "")
        match name:
            case "corr" if "sic" in attributes:
                self._only(content, (Text, Superscript, LineBreak), line)
                return (Emendation(witness_text(content), attributes["sic"], why),)
            case "doubt" if why:
                return (Doubt(content, why),)
            case "gap" if why and not content:
                return (Gap(why),)
            case "name" if content and "key" in attributes:
                return (Name(content, attributes["key"]),)
            case "ref" if content and INTERNAL.fullmatch(attributes.get("to") or " "):
                return (Link(content, attributes["to"]),)
            case "pb" if not content:
                return (PageBreak(attributes.get("n", "")),)
            case "stage" if content:
                return (StageDirection(content),)
            case "speaker" if content:
                return (Speaker(content),)
            case "smallcaps" if content:
                return (SmallCaps(content),)
            case "" if content and LANGUAGE.fullmatch(attributes["lang"]):
                return (Foreign(content, attributes["lang"]),)
        seen = f"[{reading_text(content)[:40]}]{{{f'.{name}' if name else 'lang'}}}"
        this = f".{name}" if name else "a span"
        self._unknown(line, seen, f"Give {this} what it must have: {needs}.")
        return content

    def _only(self, content: Inlines, allowed: tuple[type[Inline], ...], line: int) -> None:
        """Report markup in content that is stored as plain words, where it would be lost."""
        for inline in content:
            if not isinstance(inline, allowed):
                seen = f"markup within ^…^ or .corr around “{witness_text(content)[:40]}”"
                self._unknown(line, seen, "End the first before the second begins.")
                return


def _only_citations(content: Inlines) -> bool:
    """Whether there is nothing but citations, and spaces between them."""
    return all(
        isinstance(inline, Citation) or (isinstance(inline, Text) and not inline.text.strip())
        for inline in content
    )


def _mark_quotations(tokens: Sequence[Token]) -> None:
    """Mark the divs that have nothing but quotations directly in them (`quoting`)."""
    open_: list[Token] = []
    for token in tokens:
        around = open_[-1] if open_ else None
        if around and around.type == "div_open" and token.nesting >= 0 and token.type != "comment":
            around.meta["quoting"] = (
                around.meta.get("quoting", True) and token.type == "blockquote_open"
            )
        if token.nesting == 1:
            open_.append(token)
        elif token.nesting == -1:
            open_.pop()


def _free_labels(tokens: Iterable[Token]) -> Iterator[str]:
    """The labels of notes at their calls: the numbers that no other note has."""
    every = [child for token in tokens for child in (token, *(token.children or ()))]
    named = ("note_definition_open", "note_call")
    taken = {token.meta["label"] for token in every if token.type in named}
    return (str(number) for number in count(1) if str(number) not in taken)


def in_order_of_calls(blocks: Iterable[Block], notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes in the order in which they are first called; those without a call come last."""
    places: dict[str, int] = {}
    waiting = [*blocks][::-1]
    found = {note.label: note for note in notes}
    while waiting:
        for inline in walk(waiting.pop().content):
            if isinstance(inline, NoteCall) and inline.label not in places:
                places[inline.label] = len(places)
                if inline.label in found:
                    waiting += found[inline.label].blocks[::-1]
    return tuple(sorted(notes, key=lambda note: places.get(note.label, len(places))))
