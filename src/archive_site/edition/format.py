"""The edition file: front matter and Pandoc's Markdown ⇄ `Document`.

Only this module knows the format of the file; it both reads and writes it. `loads(dumps(d)) == d`,
and a second `dumps` changes nothing. Raw HTML is text here, never markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from archive_site.edition.front_matter import read_meta, write_meta
from archive_site.edition.yaml import read_yaml
from archive_site.findings import ArchiveError, Finding, Unsound
from archive_site.text.alike import composed
from archive_site.text.document import (
    Block,
    BlockKind,
    Document,
    Doubt,
    Emendation,
    Emphasis,
    Gap,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    Note,
    NoteCall,
    NoteKind,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.reading import NOT_WRITTEN, reading_text, walk, witness_text

if TYPE_CHECKING:  # otherwise imported only when an edition is read, not if its result is cached
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

DIV_KINDS: dict[str, BlockKind] = {
    "quote": "quotation",
    "stage": "stage",
    "dateline": "dateline",
    "standfirst": "standfirst",
}
# A span's class: the attributes that it may have, and what it must have to be valid.
SPANS = {
    "corr": (("sic", "why"), 'sic="…"'),
    "name": (("key",), 'words and key=…, or key="" for no name'),
    "ref": (("to",), "words and to=#block or to=text-id#block"),
    "doubt": (("why",), 'why="…"'),
    "gap": (("why",), 'why="…" and no words'),
    "pb": (("n",), "no words"),
    "stage": ((), "words"),
}
SIGNATURES: tuple[tuple[re.Pattern[str], NoteKind], ...] = (
    (re.compile(r"\[N\. ?(E|d\.? ?l’?'?[EÉ])\.?\]\s*$"), "editor"),
    (re.compile(r"\[N\. ?d\.? ?[Tt]\.?\]\s*$"), "translator"),
)
# Ids that pages use for other elements: a block may not have them.
RESERVED_ID = re.compile(
    r"(note|appel|page|correction|doute|remarque)-\d*.*|contenu|notes|sommaire|titre|source|haut"
)
ID_WORDS = 6
_ENOUGH = 80  # characters, which mostly contain more than `ID_WORDS` words
DEEPEST = 20
"""The greatest depth to which quotations, lists and boxes, or inline marks, may be nested."""
_CALL = re.compile(r"\[\^([^\]\s]{1,100})\]")  # bounded: tried at every bracket
INTERNAL = re.compile(r"(?P<text>[a-z0-9-]*)(?:#(?P<block>[\w-]+))?")
"""A link within the archive: `#block`, `text-id`, or `text-id#block`."""

# ---------------------------------------------------------------- reading


def loads(text: str, path: str = "edition") -> Document:
    """The document in `text`, an edition file.

    Raises `Unsound` with every finding of the file, if there is any."""
    document, findings = parse(text, path)
    if document is None or findings:
        raise Unsound(findings)
    return document


def parse(text: str, path: str) -> tuple[Document | None, list[Finding]]:
    """The document in `text` (None if its front matter cannot be read) and the findings."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff").removesuffix("\n") + "\n"
    matter = re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", text, re.DOTALL)
    if matter is None:
        message = "an edition must begin with front matter between two lines ---; found none"
        hint = "Begin the file with ---, id, title, kind, creator, date and another ---."
        return None, [Finding(path, 1, "E010", message, hint)]
    value, findings = read_yaml(matter[1] or "", path, first_line=2)
    if value is None and findings:
        return None, findings
    meta, meta_findings = read_meta(value, path)
    findings += meta_findings
    for control in NOT_WRITTEN.finditer(text):
        line = text.count("\n", 0, control.start()) + 1
        message = f"must be text; found the character U+{ord(control[0]):04X}"
        findings.append(Finding(path, line, "E002", message, "Delete it."))
    body = _Body(path, text[: matter.end()].count("\n"), text[matter.end() :].split("\n"))
    body.read()
    findings += body.findings
    if meta is None:
        return None, findings
    notes = tuple(replace(n, kind=note_kind(n, meta.notes)) for n in body.notes)
    document = identified(Document(meta, tuple(body.blocks), notes))
    findings += check_notes(document, path)
    if not any(reading_text(block.content).strip() for block in document.blocks):
        message, hint = "a text must have words; found none", "Write it below the front matter."
        findings.append(Finding(path, body.offset + 1, "E026", message, hint))
    return document, findings


def check_notes(document: Document, path: str) -> Iterator[Finding]:
    """A finding for each note call without exactly one note, and each note without exactly one
    call."""
    notes: dict[str, int] = {}
    for note in document.notes:
        if note.label in notes:
            first = notes[note.label]
            message = f"a note's label must be unique; [^{note.label}] is already on line {first}"
            yield Finding(path, note.line, "E022", message, "Give one of them another label.")
        notes.setdefault(note.label, note.line)
    calls: dict[str, int] = {}
    for block in (*document.blocks, *(b for n in document.notes for b in n.blocks)):
        for inline in walk(block.content):
            if not isinstance(inline, NoteCall):
                continue
            label = inline.label
            if label not in notes:
                message = f"the note call [^{label}] must have a note; found none"
                hint = f"Write [^{label}]: … at the end of the file, or remove the call."
                yield Finding(path, block.line, "E020", message, hint)
            elif label in calls:
                first = calls[label]
                message = f"the note [^{label}] must be called once; line {first} calls it already"
                yield Finding(path, block.line, "E023", message, "Keep one of the calls.")
            calls.setdefault(label, block.line)
    for label, line in notes.items():
        if label not in calls:
            message = f"the note [^{label}] must have a call in the text; found none"
            hint = f"Put [^{label}] after the word that the note belongs to, or remove the note."
            yield Finding(path, line, "E021", message, hint)


def note_kind(note: Note, otherwise: NoteKind) -> NoteKind:
    """Who wrote a note, according to its signature ([N.E.], [N.d.T.]); else `otherwise`."""
    words = reading_text(note.blocks[-1].content) if note.blocks else ""
    for signature, kind in SIGNATURES:
        if signature.search(words):
            return kind
    return otherwise


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """A parser for the Markdown of editions: without HTML, code, entities and tables."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.container import container_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    md = MarkdownIt("zero", {"maxNesting": 40})
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.use(container_plugin, "div", validate=lambda params, markup: True)
    md.use(superscript_plugin)
    md.inline.ruler.before("link", "note_call", _note_call)
    md.inline.ruler.after("link", "span", _span)
    md.block.ruler.before("table", "too_deep", _too_deep)
    md.block.ruler.after("too_deep", "letter", _letter)
    md.inline.ruler.disable("footnote_ref")
    md.enable(["heading", "blockquote", "list", "newline", "escape", "autolink", "emphasis"])
    md.enable(["link", "balance_pairs"])
    md.core.ruler.disable("text_join")  # keeps “\\[” distinct from “[”
    md.core.ruler.at("inline", _inline)
    md.inline.terminator_re = _MARK
    setattr(md, "normalizeLink", _as_written)  # noqa: B010  # mypy rejects an assignment
    setattr(md, "normalizeLinkText", _as_written)  # noqa: B010
    return md


_MARK = re.compile(r"[\n*<\[\\\]^_]")
"""The first and last characters of the marks in editions. Everything else is text."""


def _inline(state: StateCore) -> None:
    """Parse the inline content of blocks. Content without a mark becomes one text directly."""
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type != "inline" or token.children is None:
            continue
        if _MARK.search(token.content):
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        elif token.content:
            token.children.append(Token("text", "", 0, content=token.content))


def _as_written(url: str) -> str:
    return url


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines nested deeper than `DEEPEST` are text: the limit of the parser would drop them without
    a finding."""
    if silent or state.level < DEEPEST:
        return False
    state.push("too_deep", "", 0).map = [start, end]
    inline = state.push("inline", "", 0)
    inline.map = [start, end]
    inline.content = state.getLines(start, end, state.blkIndent, False).strip()
    inline.children = []
    state.line = end
    return True


def _letter(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block that begins with a letter is a paragraph: no other rule needs to be tried."""
    from markdown_it.rules_block import paragraph

    first = state.src[state.bMarks[start] + state.tShift[start]]
    return not silent and first.isalpha() and paragraph(state, start, end, silent)


def _note_call(state: StateInline, silent: bool) -> bool:
    """`[^label]` is a note call, whether or not its note exists."""
    match = _CALL.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("note_call", "", 0)
        token.meta = {"label": composed(match[1])}
    state.pos = match.end()
    return True


_LIKE_SPAN = re.compile(r"\]\{|\{\.")
_PAIR = r'([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([\w#.:-]+))'
_ATTRIBUTE_OF = re.compile(_PAIR, re.DOTALL)
_ATTRIBUTES = re.compile(rf"\{{\.([\w-]+)((?:\s+{_PAIR})*)\s*\}}", re.DOTALL)


def _span(state: StateInline, silent: bool) -> bool:
    """`[words]{.name key="value"}`. Anything that does not match this exactly is text."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    match = _ATTRIBUTES.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if match is None:
        return False
    pairs = [(key, quoted or bare) for key, quoted, bare in _ATTRIBUTE_OF.findall(match[2])]
    if len(dict(pairs)) < len(pairs):
        return False
    if not silent:
        last, state.posMax = state.posMax, end
        state.pos += 1
        token = state.push("span_open", "span", 1)
        token.attrs = {"class": match[1], **{k: re.sub(r"\s+", " ", v) for k, v in pairs}}
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = last
    state.pos = match.end()
    return True


_Div = tuple[BlockKind | None, tuple[str, ...], bool]
"""An open `:::`: the kind of its blocks, their speakers, and whether it is a box."""


@dataclass(slots=True)
class _Body:
    """Turns Markdown tokens into blocks and notes, and collects findings."""

    path: str
    offset: int
    lines: list[str]
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> None:  # noqa: C901  # a table
        """Parse the lines and fill `blocks`, `notes` and `findings`."""
        tokens = _markdown().parse("\n".join(self.lines))
        target = self.blocks
        divs: list[_Div] = []
        fences: list[int] = []  # the lines that close them
        quotes = listed = 0  # how many quotations and lists are open
        begun = False  # whether the open quotation has a paragraph yet
        for opener, token in zip(tokens[:1] + tokens, tokens, strict=False):
            line = self.offset + (token.map[0] + 1 if token.map else 0)
            match token.type:
                case "container_div_open":
                    around = next((kind for kind, _, _ in divs if kind), None)
                    end = token.map[1] if token.map else 0
                    divs.append(self._div(token, line, closed=self._closes(end, fences)))
                    fences.append(end)
                    if around and divs[-1][0] not in (None, around):
                        hint = "Close the first with ::: before the second begins."
                        self._unknown(line, f"::: {divs[-1][0]} within ::: {around}", hint)
                    if divs[-1][0] == "quotation":
                        quotes, begun = quotes + 1, begun and quotes > 0
                case "container_div_close":
                    fences.pop()
                    quotes -= divs.pop()[0] == "quotation"
                case "blockquote_open":
                    quotes, begun = quotes + 1, begun and quotes > 0
                case "blockquote_close":
                    quotes -= 1
                case "bullet_list_open":
                    listed += 1
                case "bullet_list_close":
                    listed -= 1
                case "too_deep":
                    seen = f"more than {DEEPEST} nested quotations, lists and boxes"
                    self._unknown(line, seen, "Remove some of them.")
                case "ordered_list_open":
                    hint = "Write \\ before its full stop: 1\\. …"
                    self._unknown(line, "a numbered list", hint)
                case "footnote_reference_open":
                    self.notes.append(Note(composed(token.meta["label"]), (), line=line))
                    target = []
                case "footnote_reference_close":
                    self.notes[-1] = replace(self.notes[-1], blocks=tuple(target))
                    target = self.blocks
                case "inline":
                    block = self._block(opener, token, divs, quotes > 0, listed > 0, line)
                    if block.content:
                        quoted = block.kind == "quotation"
                        target.append(replace(block, continues=True) if quoted and begun else block)
                        begun = quoted

    def _block(
        self, opener: Token, token: Token, divs: list[_Div], quoted: bool, listed: bool, line: int
    ) -> Block:
        content = self._inlines(token.children or [], line)
        boxed = any(box for _, _, box in divs)
        if opener.type == "heading_open":
            return Block("heading", content, int(opener.tag[1]), boxed=boxed, line=line)
        for kind, speakers, _ in reversed(divs):
            if kind is not None:
                return Block(kind, content, speakers=speakers, boxed=boxed, line=line)
        kind = "quotation" if quoted else "list-item" if listed else "paragraph"
        return Block(kind, content, boxed=boxed, line=line)

    def _closes(self, line: int, fences: list[int]) -> bool:
        """Whether there is a `:::` at `line` that does not close another block around this one."""
        there = self.lines[line] if line < len(self.lines) else ""
        return line not in fences and re.fullmatch(r"[> ]*:::+\s*", there) is not None

    def _div(self, token: Token, line: int, *, closed: bool) -> _Div:
        if not closed:
            self._unknown(line, "::: that is not closed", "Write ::: on a separate line below.")
        name, attributes = _div_attributes(token.info.strip())
        speakers = tuple(attributes.pop("speaker", "").split()) if name == "quote" else ()
        if attributes or name not in (*DIV_KINDS, "box"):
            hint = f"Write one of {', '.join(DIV_KINDS)}, box or {{.quote speaker=key}}."
            self._unknown(line, f"::: {token.info.strip() or '(nothing)'}", hint)
        return DIV_KINDS.get(name), speakers, name == "box"

    def _unknown(self, line: int, seen: str, hint: str) -> None:
        message = f"markup must be of a kind that editions allow, and closed; found {seen}"
        self.findings.append(Finding(self.path, line, "E024", message, hint))

    def _inlines(self, tokens: list[Token], line: int) -> Inlines:
        stack: list[list[Inline]] = [[]]
        openers: list[Token] = []
        for token in tokens:
            match token.type:
                case "text" | "text_special":
                    if token.type == "text" and _LIKE_SPAN.search(token.content):
                        hint = 'Write it like [reading]{.corr sic="witness"}, or \\{ for a plain {.'
                        self._unknown(line, f"“{token.content.strip()[:60]}”", hint)
                    stack[-1].append(Text(token.content))
                case "softbreak":
                    stack[-1].append(Text(" "))
                case "hardbreak":
                    stack[-1].append(LineBreak())
                case "note_call":
                    stack[-1].append(NoteCall(token.meta["label"]))
                case _ if token.nesting == 1:
                    openers.append(token)
                    stack.append([])
                    if len(openers) == DEEPEST + 1:
                        seen = f"more than {DEEPEST} nested marks"
                        self._unknown(line, seen, "Remove some of them.")
                case _ if token.nesting == -1:
                    content, opener = merged(stack.pop()), openers.pop()
                    deep = len(openers) >= DEEPEST
                    stack[-1].extend(content if deep else self._closed(opener, content, line))
        return _trimmed(merged(stack[0]))

    def _closed(self, opener: Token, content: Inlines, line: int) -> Iterable[Inline]:
        match opener.type:
            case "em_open":
                return (Emphasis(content),)
            case "strong_open":
                return (Emphasis(content, strong=True),)
            case "sup_open":
                self._only(content, (Text,), line)
                return (Superscript(witness_text(content)),)
            case "link_open":
                if "title" in opener.attrs:
                    self._unknown(line, "a link with a title", "Move the title into the text.")
                if not content:
                    self._unknown(line, "a link without words", "Write [words](address).")
                return (Link(content, str(opener.attrs["href"])),)
            case _:
                words = {k: re.sub(r"\\(.)", r"\1", str(v)) for k, v in opener.attrs.items()}
                return self._span(words, content, line)

    def _span(self, attributes: dict[str, str], content: Inlines, line: int) -> Iterable[Inline]:
        name = attributes.pop("class", "")
        known, needs = SPANS.get(name, ((), ""))
        if not needs or attributes.keys() - set(known):
            seen = "".join(f" {key}=…" for key in attributes)
            hint = (
                "Write one of .corr sic why, .doubt why, .gap why, .name key, .pb n, .ref to, "
                ".stage."
            )
            self._unknown(line, f"[…]{{.{name}{seen}}}", hint)
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
        seen = f"[{reading_text(content)[:40]}]{{.{name}}}"
        self._unknown(line, seen, f"Give .{name} what it must have: {needs}.")
        return content

    def _only(self, content: Inlines, allowed: tuple[type[Inline], ...], line: int) -> None:
        """Report markup in content that is stored as plain words, where it would be lost."""
        for inline in content:
            if not isinstance(inline, allowed):
                seen = f"markup within ^…^ or .corr around “{witness_text(content)[:40]}”"
                self._unknown(line, seen, "End the first before the second begins.")
                return


def _div_attributes(words: str) -> tuple[str, dict[str, str]]:
    """The class and attributes of `quote` or `{.quote speaker="a b"}`."""
    if not words.startswith("{"):
        return words, {}
    pairs = re.fullmatch(r"\{\s*\.([\w-]+)((?:\s+[\w-]+=(?:\"[^\"]*\"|[^\s}\"]+))*)\s*\}", words)
    if pairs is None:
        return words, {}
    found = re.findall(r"([\w-]+)=(\"[^\"]*\"|[^\s}\"]+)", pairs[2])
    return pairs[1], {key: value.strip('"') for key, value in found}


def merged(inlines: Iterable[Inline]) -> Inlines:
    """`inlines` with neighbouring texts joined and empty ones removed."""
    inlines = tuple(inlines)
    if len(inlines) == 1 and inlines != (Text(""),):
        return inlines
    made: list[Inline] = []
    for is_text, run in groupby(inlines, key=_is_text):
        if not is_text:
            made += run
        elif text := "".join(inline.text for inline in run if isinstance(inline, Text)):
            made.append(Text(text))
    return tuple(made)


def _is_text(inline: Inline) -> bool:
    return isinstance(inline, Text)


def _trimmed(content: Inlines) -> Inlines:
    """`content`, already merged, without spaces at either end."""
    ends = (inline.text for inline in content[:1] + content[-1:] if isinstance(inline, Text))
    if not any(text[:1].isspace() or text[-1:].isspace() for text in ends):
        return content
    inlines = list(content)
    if inlines and isinstance(inlines[0], Text):
        inlines[0] = Text(inlines[0].text.lstrip())
    if inlines and isinstance(inlines[-1], Text):
        inlines[-1] = Text(inlines[-1].text.rstrip())
    return merged(inlines)


# ---------------------------------------------------------------- ids


def identified(document: Document) -> Document:
    """`document` with an id for every block, made from its opening words.

    The words are those of the witness, so that an emendation changes no permalink. If two blocks
    begin with the same words, the later takes more of its words, then a number."""
    taken: dict[str, int] = {}
    blocks = tuple(replace(block, id=_block_id(block, taken)) for block in document.blocks)
    return replace(document, blocks=blocks)


def slug(words: str) -> str:
    """`words` as lower-case ASCII letters and digits joined by hyphens."""
    folded = words.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    ascii_words = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_words.lower().replace("'", " ")))


def _openings(words: str) -> Iterator[list[str]]:
    """The first words of a block's slug, then more and more of them. The first result comes from
    the beginning of the block, if that has enough words: most blocks need no other. The last word
    of the beginning, which may be cut off, is not used."""
    words = words.replace("’", " ").replace("‘", " ")
    few = slug(words[:_ENOUGH]).split("-")
    if len(few) > ID_WORDS:
        yield few[:ID_WORDS]
    every = slug(words).split("-")
    for count in range(ID_WORDS, max(ID_WORDS, min(len(every), 3 * ID_WORDS)) + 1):
        yield every[:count]


def _block_id(block: Block, taken: dict[str, int]) -> str:
    """The id of the next block. `taken` has the ids of the previous blocks, each with the last
    number that was appended to it."""
    for words in _openings(witness_text(block.content)[:400]):
        block_id = "-".join(words) or "bloc"
        if RESERVED_ID.fullmatch(block_id) or block_id[0].isdigit():
            block_id = f"p-{block_id}"
        if block_id not in taken:
            taken[block_id] = 1
            return block_id
    number = taken[block_id] + 1
    while f"{block_id}-{number}" in taken:
        number += 1
    taken[block_id] = number
    taken[f"{block_id}-{number}"] = 1
    return f"{block_id}-{number}"


# ---------------------------------------------------------------- writing


def dumps(document: Document) -> str:
    """`document` as an edition file.

    Raises `ArchiveError` if the file, when read back, is not the same document."""
    parts = [f"---\n{write_meta(document.meta)}---", *_written_blocks(document.blocks)]
    for note in document.notes:
        first, *rest = _written_blocks(note.blocks) or [""]
        paragraphs = [f"[^{note.label}]: {first}".rstrip()]
        paragraphs += [re.sub(r"(?m)^(?=.)", "    ", part) for part in rest]
        parts.append("\n\n".join(paragraphs))
    text = "\n\n".join(parts) + "\n"
    read, _ = parse(text, document.meta.id)
    if read != identified(document):
        raise ArchiveError(f"{document.meta.id} cannot be written as an edition and read back")
    return text


def _written_blocks(blocks: tuple[Block, ...]) -> list[str]:
    parts = []
    for boxed, group in groupby(_units(blocks), key=lambda unit: unit[0].boxed):
        written = [_WRITERS[unit[0].kind](unit) for unit in group]
        parts += ["\n\n".join([":::: box", *written, "::::"])] if boxed else written
    return parts


def _units(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """Groups of blocks that are written as one: the paragraphs of a quotation, the items of a
    list."""
    units: list[list[Block]] = []
    for block in blocks:
        listed = units and block.kind == "list-item" == units[-1][-1].kind
        if units and (block.continues or (listed and block.boxed == units[-1][-1].boxed)):
            units[-1].append(block)
        else:
            units.append([block])
    return units


def _write_heading(unit: list[Block]) -> str:
    words = re.sub(r"#(?=#*$)", r"\\#", write_inlines(unit[0].content))
    return f"{'#' * unit[0].level} {words}"


def _write_paragraph(unit: list[Block]) -> str:
    return _line_start(write_inlines(unit[0].content))


def _write_list(unit: list[Block]) -> str:
    items = (_line_start(write_inlines(block.content)) for block in unit)
    return "\n".join("- " + item.replace("\n", "\n  ") for item in items)


def _write_quotation(unit: list[Block]) -> str:
    paragraphs = "\n\n".join(_line_start(write_inlines(block.content)) for block in unit)
    quoted = re.sub(r"(?m)^(.*)$", lambda line: f"> {line[1]}".rstrip(), paragraphs)
    speakers = unit[0].speakers
    if not speakers:
        return quoted
    keys = speakers[0] if len(speakers) == 1 else f'"{" ".join(speakers)}"'
    return f"::: {{.quote speaker={keys}}}\n{quoted}\n:::"


def _write_div(unit: list[Block]) -> str:
    name = next(name for name, kind in DIV_KINDS.items() if kind == unit[0].kind)
    return f"::: {name}\n{_line_start(write_inlines(unit[0].content))}\n:::"


_WRITERS = {
    "heading": _write_heading,
    "paragraph": _write_paragraph,
    "list-item": _write_list,
    "quotation": _write_quotation,
    "stage": _write_div,
    "dateline": _write_div,
    "standfirst": _write_div,
}


def write_inlines(content: Inlines) -> str:
    """Inlines as Markdown of an edition."""
    return "".join(map(_written_inline, content))


def _written_inline(inline: Inline) -> str:  # noqa: C901  # a table
    match inline:
        case Text(text):
            return _escaped(text)
        case Emphasis(content, strong):
            mark = "**" if strong else "*"
            return f"{mark}{write_inlines(content)}{mark}"
        case Superscript(text):
            return "^" + re.sub(r"([\\^ ])", r"\\\1", text) + "^"
        case LineBreak():
            return "\\\n"
        case NoteCall(label):
            return f"[^{label}]"
        case PageBreak(number):
            return _written_span((), "pb", n=number)
        case Emendation(reading, witness, why):
            content = (Text(reading),) if reading else ()
            sic = _attribute("sic", witness) or ' sic=""'
            return f"[{write_inlines(content)}]{{.corr{sic}{_attribute('why', why)}}}"
        case Doubt(content, why):
            return _written_span(content, "doubt", why=why)
        case Gap(why):
            return _written_span((), "gap", why=why)
        case StageDirection(content):
            return _written_span(content, "stage")
        case Link(content, target):
            if content == (Text(target),):
                return f"<{target}>"
            if INTERNAL.fullmatch(target):
                return _written_span(content, "ref", to=target)
            return f"[{write_inlines(content)}]({target})"
        case Name(content, key):
            named = _attribute("key", key) or ' key=""'
            return f"[{write_inlines(content)}]{{.name{named}}}"


def _escaped(text: str) -> str:
    """`text` with a backslash before each character that would be markup. Brackets are escaped only
    if they could be markup."""
    escaped = re.sub(r"([\\*_^<{])", r"\\\1", text)
    depths = list(accumulate((c == "[") - (c == "]") for c in text))
    balanced = not depths or (min(depths) >= 0 and depths[-1] == 0)
    if balanced and not re.search(r"\](\(|\\\{)|\[\\\^", escaped):
        return escaped
    return re.sub(r"([\[\]])", r"\\\1", escaped)


def _written_span(content: Inlines, name: str, **attributes: str) -> str:
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    return f"[{write_inlines(content)}]{{.{name}{written}}}"


def _attribute(key: str, value: str) -> str:
    escaped = re.sub(r'([\\"{}])', r"\\\1", value)
    return f' {key}="{escaped}"' if value else ""


def _line_start(written: str) -> str:
    """`written` with a backslash where the start of a line would begin another kind of block."""
    written = re.sub(r"(?m)^(\s*)([#>+-]|:::)", r"\1\\\2", written)
    return re.sub(r"(?m)^(\s*\d{1,9})([.)])", r"\1\\\2", written)
