"""Blocks, notes and inlines → the body of an edition file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, zip_longest

from archive_site.edition.body import CONTAINERS, LEAVES
from archive_site.edition.markdown import NOTE_INDENT
from archive_site.text.citations import as_written, spaced
from archive_site.text.document import (
    INTERNAL,
    Alignment,
    Block,
    Branch,
    CellBreak,
    Citation,
    Comment,
    Document,
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
    is_french,
    nested,
)
from archive_site.text.numerals import marker_of
from archive_site.text.reading import lines_of, rows_of

_CLASSES = {kind: kind for kind in LEAVES} | {kind: name for name, kind in CONTAINERS.items()}
_LIKE_CITED = r"(?<![^\W_])@(?=[\w{*]|$)"
_SIGNS = re.compile(rf"([\\*_^<{{`~]|{_LIKE_CITED})")
_SIGNS_AND_BRACKETS = re.compile(rf"([\\*_^<{{`~\[\]]|{_LIKE_CITED})")
_LIKE_MARKUP = re.compile(r"\][({:]|\[(?:\^|-?@)|!\[")
_PARTED = "<!-- -->"
"""An empty comment, which separates two lists, as in Pandoc."""


def written_body(document: Document) -> Iterator[str]:
    """The blocks of a document, its notes, and the comments at its end, as parts of the file."""
    own = "" if is_french(document.meta.language) else document.meta.language
    writer = _Writer({note.label: note for note in document.notes if note.inline}, own)
    yield from writer.blocks(document.blocks)
    for note in document.notes:
        if not note.inline:
            first, *rest = writer.blocks(note.blocks) or [""]
            written = f"[^{note.label}]: " + _indented(first, NOTE_INDENT)
            yield "\n\n".join(
                [written.rstrip(), *(_indented(part, NOTE_INDENT, all_lines=True) for part in rest)]
            )
    yield from map(_comment, document.comments)


def write_inlines(content: Inlines, *, in_caption: bool = False) -> str:
    """Inlines as Markdown of an edition; `in_caption`: as in the caption of a picture."""
    written = _Writer().inlines(content)
    return _quoted(written) if in_caption else written


def _comment(text: str) -> str:
    return f"<!-- {text} -->" if text else _PARTED


def _indented(text: str, width: int, *, all_lines: bool = False) -> str:
    """`text` with its lines indented: all of them, or all but the first."""
    indented = re.sub(r"(?m)^(?=.)", " " * width, text)
    return indented if all_lines else indented[width:] if text else text


@dataclass(slots=True)
class _Writer:
    """Writes blocks. `notes` are those that are written at their calls; `language` is that of the
    text (empty: French)."""

    notes: Mapping[str, Note] = field(default_factory=dict)
    language: str = ""

    # ------------------------------------------------------------ blocks

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        """Blocks as parts of the file, to be separated by blank lines."""
        return self._parts(nested(blocks), self.language)

    def _parts(self, parts: Sequence[Block | Branch], around: str) -> list[str]:
        """The parts of a container; `around` is the language of the div around them."""
        written: list[str] = []
        above: Block | Branch | None = None
        for language, group in groupby(parts, key=_language):
            inside = around if language is None else language
            inner: list[str] = []
            for part in group:
                if above and _merge(above, part):
                    inner.append(_PARTED)
                above = part
                inner += (
                    self._branch(part, inside) if isinstance(part, Branch) else self._block(part)
                )
            if inside != around:
                inner, above = [_div(f"{{lang={inside or 'fr'}}}", inner)], None
            written += inner
        return written

    def _branch(self, branch: Branch, language: str) -> list[str]:
        container = branch.container
        if container.kind == "list":
            return [self._list(branch, language)]
        inner = self._parts(branch.parts, language)
        if container.kind == "captioned":
            return inner
        speakers = " ".join(container.speakers)
        quoted = f'"{speakers}"' if " " in speakers else speakers
        if container.kind == "quotation":
            text = re.sub(r"(?m)^(.*)$", lambda line: f"> {line[1]}".rstrip(), "\n\n".join(inner))
            return [_div(f"{{.quote speaker={quoted}}}", [text])] if speakers else [text]
        name = _CLASSES[container.kind]
        return [_div(f"{{.{name} speaker={quoted}}}" if speakers else name, inner)]

    def _list(self, branch: Branch, language: str) -> str:
        style, items = branch.container.style, []
        for item in branch.parts:
            assert isinstance(item, Branch), item
            marker = marker_of(item.container) or "-"
            if style and re.fullmatch(r"[A-Z]+\.", marker):
                marker += " "  # as Pandoc wants after a capital
            inner = "\n\n".join(self._parts(item.parts, language))
            items.append(f"{marker} " + _indented(inner, len(marker) + 1))
        loose = any("\n\n" in item for item in items)
        return ("\n\n" if loose else "\n").join(items)

    def _block(self, block: Block) -> list[str]:
        return [*map(_comment, block.comments), self._words(block)]

    def _words(self, block: Block) -> str:
        words = self.inlines(block.content)
        match block.kind:
            case "heading":
                words = re.sub(r"#(?=#*$)", r"\\#", words)
                given = f"#{block.anchor}" * bool(block.anchor), ".unnumbered" * block.unnumbered
                attributes = " ".join(filter(None, given))
                return f"{'#' * block.level} {words}" + f" {{{attributes}}}" * bool(attributes)
            case "break":
                return "* * *"
            case "figure":
                return _figure(block.picture or Picture("", ""), words)
            case "table":
                return self._table(block)
            case "caption":
                return f": {words}"
            case "verse":
                return "\n".join(map(self._verse, lines_of(block.content)))
            case "paragraph" | "speaker":
                return _line_start(words)
            case kind:
                return _div(_CLASSES[kind], [_line_start(words)])

    def _table(self, block: Block) -> str:
        """A table, with columns as wide as their widest cells."""
        table = block.table or Table(())
        rows = [[self._cell(cell) for cell in row] for row in rows_of(block.content)]
        if not table.headed:
            rows.insert(0, [""] * len(table.columns))
        cells = zip_longest(*rows, fillvalue="")
        widths = [max(3, *map(len, column)) for column in cells]
        lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
        marks = map(_delimiter, table.columns, widths)
        lines.insert(1, "|" + "|".join(marks) + "|")
        return "\n".join(lines)

    def _cell(self, content: Inlines) -> str:
        return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", self.inlines(content))

    def _verse(self, line: Inlines) -> str:
        first = line[0] if line else None
        indent = " " * first.width if isinstance(first, Indent) else ""
        return f"| {indent}" + re.sub(r"\|$", r"\\|", self.inlines(line))

    # ------------------------------------------------------------ inlines

    def inlines(self, content: Inlines) -> str:
        """Inlines as Markdown of an edition."""
        written = ""
        before: Inline | None = None
        for inline in spaced(content):
            here = self._inline(inline)
            if here.startswith("[") and isinstance(inline, Link) and written.endswith("!"):
                written = written[:-1] + "\\!"  # not a picture
            if here.startswith("(") and isinstance(before, Citation):
                here = f"\\{here}"  # not a link
            before = inline
            written += here
        return written

    def _inline(self, inline: Inline) -> str:  # noqa: C901  # a table
        match inline:
            case Text(text):
                return _escaped(text)
            case Emphasis(content, strong):
                mark = "**" if strong else "*"
                return f"{mark}{self.inlines(content)}{mark}"
            case Superscript(text):
                return "^" + re.sub(r"([\\^ \[])", r"\\\1", text) + "^"
            case LineBreak():
                return "\\\n"
            case Indent() | CellBreak():
                return ""
            case Comment(text):
                return _comment(text)
            case Citation():
                return as_written(inline)
            case NoteCall(label) if label in self.notes:
                return f"^[{''.join(self.inlines(b.content) for b in self.notes[label].blocks)}]"
            case NoteCall(label):
                return f"[^{label}]"
            case PageBreak(number):
                return self._span((), "pb", n=number)
            case Emendation(reading, witness, why):
                content = (Text(reading),) if reading else ()
                sic = _attribute("sic", witness) or ' sic=""'
                return f"[{self.inlines(content)}]{{.corr{sic}{_attribute('why', why)}}}"
            case Doubt(content, why):
                return self._span(content, "doubt", why=why)
            case Gap(why):
                return self._span((), "gap", why=why)
            case StageDirection(content):
                return self._span(content, "stage")
            case Speaker(content):
                return self._span(content, "speaker")
            case SmallCaps(content):
                return self._span(content, "smallcaps")
            case Foreign(content, language):
                return f"[{self.inlines(content)}]{{lang={language}}}"
            case Link(content, target):
                if content == (Text(target),):
                    return f"<{target}>"
                if INTERNAL.fullmatch(target):
                    return self._span(content, "ref", to=target)
                return f"[{self.inlines(content)}]({target})"
            case Name(content, key):
                named = _attribute("key", key) or ' key=""'
                return f"[{self.inlines(content)}]{{.name{named}}}"

    def _span(self, content: Inlines, name: str, **attributes: str) -> str:
        written = "".join(_attribute(key, value) for key, value in attributes.items())
        return f"[{self.inlines(content)}]{{.{name}{written}}}"


def _language(part: Block | Branch) -> str | None:
    """The language of a block, or of all blocks of a container; None if they have several."""
    if isinstance(part, Block):
        return part.language
    languages = set(map(_language, part.parts))
    return languages.pop() if len(languages) == 1 else None


def _figure(picture: Picture, caption: str) -> str:
    """A figure. `caption` is written already; `_figures` in `edition.markdown` undoes what
    `_quoted` does."""
    alt = _SIGNS_AND_BRACKETS.sub(r"\\\1", picture.alt)
    return f"![{alt}]({picture.path}" + f' "{_quoted(caption)}"' * bool(caption) + ")"


def _quoted(written: str) -> str:
    return re.sub(r'"|\\(?=[\\"]|\Z)', r"\\\g<0>", written)


def _delimiter(aligned: Alignment, width: int) -> str:
    """What is below the head of a column, two characters wider than its cells."""
    left = ":" if aligned in ("left", "center") else "-"
    right = ":" if aligned in ("right", "center") else "-"
    return left + "-" * width + right


def _merge(above: Block | Branch, part: Block | Branch) -> bool:
    """Whether two parts would be read as one without something between them: two lists of a style,
    or a table and the caption of the next."""
    if not isinstance(part, Branch):
        return False
    if isinstance(above, Branch):
        lists = above.container.kind == part.container.kind == "list"
        return lists and above.container.style == part.container.style
    first = part.parts[0]
    captioned = isinstance(first, Block) and first.kind == "caption"
    return above.kind == "table" and captioned


def _div(info: str, parts: Sequence[str]) -> str:
    """A div around parts, with more colons than the divs in it."""
    parted = len(parts) > 1 or "\n\n" in parts[0]
    space = "\n\n" if parted else "\n"
    inner = "\n\n".join(parts)
    least = 3 if parted else 2
    colons = ":" * (max(map(len, re.findall(r"(?m)^[ >]*(:{3,})", inner)), default=least) + 1)
    return f"{colons} {info}{space}{inner}{space}{colons}"


def _escaped(text: str) -> str:
    """`text` with a backslash before each character that would be markup. Brackets are escaped only
    if they could be markup."""
    depths = list(accumulate((c == "[") - (c == "]") for c in text))
    balanced = not depths or (min(depths) >= 0 and depths[-1] == 0)
    plain = balanced and not _LIKE_MARKUP.search(text)
    return (_SIGNS if plain else _SIGNS_AND_BRACKETS).sub(r"\\\1", text)


def _attribute(key: str, value: str) -> str:
    escaped = re.sub(r'([\\"{}])', r"\\\1", value)
    return f' {key}="{escaped}"' if value else ""


_LIKE_MARKER = re.compile(
    r"(?m)^(\s*(?:\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)(?=\))|\d{1,9}(?=\.)"
    r"|(?:[a-z]|[ivxlcdm]+|[IVXLCDM]{2,})(?=\.)|[A-Z](?=\.\s\s)))([.)])(?=\s|$)"
)


def _line_start(written: str) -> str:
    """`written` with a backslash where the start of a line would begin another kind of block."""
    written = re.sub(r"(?m)^(\s*)([#>+|=-]|:)", r"\1\\\2", written)
    return _LIKE_MARKER.sub(r"\1\\\2", written)
