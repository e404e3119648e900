"""The Markdown of editions as tokens.

They are those that Pandoc reads, except that some blocks need no blank line above them
(docs/edition-format.md). Pandoc's `line_blocks`, `fenced_divs`, `bracketed_spans`, `fancy_lists`,
`inline_notes`, `citations` and `header_attributes` are rules of this module; the others come from
markdown-it. Raw HTML, code and entities are text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archive_site.text.alike import composed
from archive_site.text.citations import read_citation
from archive_site.text.numerals import numeral, value_of

if TYPE_CHECKING:  # otherwise imported only when an edition is read, not if its result is cached
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

DEEPEST = 20
"""The greatest depth to which blocks, or inline marks, may be nested."""
NOTE_INDENT = 4
"""How far the paragraphs of a note, except its first, are indented."""
_MARK = re.compile(r"[\n*<\[\\\]^_`~{]")
"""The first and last characters of the marks in editions. Everything else is text."""
_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]?")
_CALL = re.compile(r"\[\^([^\]\s]{1,100})\]")  # bounded: tried at every bracket
_CITATION = re.compile(r"\[((?:[^\\\[\]]|\\.){1,2000})\](?![({])", re.DOTALL)
_PAIR = r'([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([\w#.:-]+))'
_PAIR_OF = re.compile(_PAIR, re.DOTALL)
_ATTRIBUTES = re.compile(
    rf"\{{(?:\.([\w-]+)(?:\s+{_PAIR})*|{_PAIR}(?:\s+{_PAIR})*)\s*\}}", re.DOTALL
)
_HEADING_ATTRIBUTES = re.compile(r"(?:^|\s)\{([^{}\\]*)\}$")
_FENCE = re.compile(r":{3,}(.*)")
_LINE_OF_VERSE = re.compile(r"\|(?: ( *)|$)")
_TAB = 4
_DELIMITERS = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*\|?[ \t]*+")
_CAPTION = re.compile(r"(?:[Tt]able)?:(?!::)[ \t]*(?=\S)")
_CELL = re.compile(r"(?:[^\\|]|\\.)*")
_FIGURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]"
    r"\((?P<path>[^()<>\"'\\\n]{0,300}?)(?:\s+\"(?P<caption>(?:[^\"\\]|\\.)*)\")?\s*\)",
    re.DOTALL,
)
_BREAK = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """The parser for the body of an edition."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.superscript import superscript_plugin

    md = MarkdownIt("zero", {"maxNesting": 40})
    md.use(superscript_plugin)
    md.enable(["blockquote", "newline", "escape", "autolink", "emphasis", "link", "balance_pairs"])
    block, inline = md.block.ruler, md.inline.ruler
    interrupting: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    block.before("table", "too_deep", _too_deep)
    block.after("too_deep", "letter", _letter)
    block.after("letter", "comment", _comment_block)
    block.after("comment", "div", _div, interrupting)
    block.before("list", "note", _note, interrupting)
    block.before("list", "break", _break)
    block.before("list", "any_list", _list, interrupting)
    block.before("heading", "attributed_heading", _heading, interrupting)
    block.after("attributed_heading", "pipe_table", _table)
    block.after("pipe_table", "line_block", _line_block)
    inline.before("link", "note_call", _note_call)
    inline.before("link", "citation", _citation)
    inline.before("emphasis", "inline_note", _inline_note)
    inline.at("emphasis", _emphasis, {"alt": []})
    inline.after("link", "span", _span)
    inline.before("autolink", "comment", _comment)
    md.core.ruler.disable("text_join")  # keeps “\\[” distinct from “[”
    md.core.ruler.at("inline", _inline)
    md.core.ruler.before("inline", "figure", _figures)
    md.inline.terminator_re = _MARK
    setattr(md, "normalizeLink", _as_written)  # noqa: B010  # mypy rejects an assignment
    setattr(md, "normalizeLinkText", _as_written)  # noqa: B010
    return md


def _as_written(url: str) -> str:
    return url


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


def _figures(state: StateCore) -> None:
    """`![alt](path "caption")`, alone in a paragraph, is a figure; its inline content is the
    caption. In it, a backslash before a quotation mark or another backslash is not part of it."""
    for opener, words, closer in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if opener.type != "paragraph_open" or not words.content.startswith("!["):
            continue
        figure = _FIGURE.fullmatch(words.content)
        if figure:
            opener.type, closer.type = "figure_open", "figure_close"
            words.meta = {"path": figure["path"], "alt": " ".join(figure["alt"].split())}
            caption = (figure["caption"] or "").strip()
            words.content = re.sub(r'\\([\\"])', r"\1", caption)


def attributes_of(written: str) -> dict[str, str]:
    """The pairs `key=value` in `written`, each value unquoted, with white space as one space."""
    found = ((key, quoted or bare) for key, quoted, bare in _PAIR_OF.findall(written))
    return {key: re.sub(r"\s+", " ", value) for key, value in found}


# ---------------------------------------------------------------- blocks


def _line(state: StateBlock, line: int) -> str:
    """A line of the file, without its indentation and the marks of the blocks that it is in."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push_words(state: StateBlock, words: str, start: int, end: int, **meta: object) -> None:
    token = state.push("inline", "", 0)
    token.map, token.content, token.children, token.meta = [start, end], words, [], meta


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines nested deeper than `DEEPEST`: a token `too_deep`, then their words. The limit of the
    parser would drop them without a finding."""
    if silent or state.level < DEEPEST:
        return False
    state.push("too_deep", "", 0).map = [start, end]
    _push_words(state, state.getLines(start, end, state.blkIndent, False).strip(), start, end)
    state.line = end
    return True


def _letter(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block that begins with a letter, and is neither a list nor a table, is a paragraph: no
    other rule need be tried."""
    from markdown_it.rules_block import paragraph

    at = state.bMarks[start] + state.tShift[start]
    if silent or not state.src[at].isalpha() or _marker(state, start):
        return False
    if _begins_table(state, start, end):
        return False
    return paragraph(state, start, end, silent)


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment on lines of its own; it may contain blank lines."""
    if not _line(state, start).startswith("<!--"):
        return False
    closed = state.src.find("-->", state.bMarks[start] + state.tShift[start])
    last = bisect_right(state.eMarks, closed) if closed >= 0 else end
    if last >= end:
        return False
    words, _, rest = _line(state, last).partition("-->")
    if rest.strip():
        return False
    if not silent:
        lines = [*(_line(state, n) for n in range(start, last)), words]
        token = state.push("comment", "", 0)
        token.map, token.content = [start, last + 1], "\n".join(lines)[len("<!--") :].strip()
        state.line = last + 1
    return True


def _fence(state: StateBlock, line: int) -> str | None:
    """What the fence of a div at `line` opens; empty if it closes one, None if there is none."""
    fence = _FENCE.fullmatch(_line(state, line))
    return fence[1].lstrip(" \t").rstrip(" \t:") if fence else None


@dataclass(slots=True)
class _OpenDiv:
    """A div whose content is being parsed: the level of that content, and the line that closes the
    div, once it is found."""

    level: int
    closed: int | None = None


def _div(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`::: class` or `::: {.class key=value}`, up to the `:::` that closes it. As for Pandoc, a
    fence without a class closes the innermost open one, however long it is."""
    opens = _fence(state, start)
    if opens is None or silent:
        return opens is not None
    divs: list[_OpenDiv] = state.env.setdefault("divs", [])
    if not opens and divs and divs[-1].level == state.level:
        divs[-1].closed = start
        state.line = end  # so that the content of the div ends here
        return True
    token = state.push("div_open", "div", 1)
    token.info = opens
    div = _OpenDiv(state.level)
    divs.append(div)
    state.line = start + 1
    if opens:
        state.md.block.tokenize(state, start + 1, end)
    divs.pop()
    if div.closed is not None:
        state.line = div.closed + 1
    token.map, token.meta = [start, state.line], {"closed": div.closed is not None}
    state.push("div_close", "div", -1)
    return True


def _begins_table(state: StateBlock, line: int, end: int) -> bool:
    """Whether a table begins at `line`, with its first row or with its caption."""
    if _CAPTION.match(_line(state, line)):
        return _after_caption(state, line, end) is not None
    if _line(state, line).startswith((">", "#", "[^")) or _marker(state, line):
        return False
    below = _line(state, line + 1) if line + 1 < end else ""
    return "|" in below and "|" in _line(state, line) and bool(_DELIMITERS.fullmatch(below))


def _after_caption(state: StateBlock, line: int, end: int) -> int | None:
    """The first line of the table whose caption begins at `line`; None if it is no caption."""
    after = _end_of_paragraph(state, line, end)
    while after < end and state.isEmpty(after):
        after += 1
    captioned = _goes_on(state, after, end) and not _CAPTION.match(_line(state, after))
    return after if captioned and _begins_table(state, after, end) else None


def _end_of_paragraph(state: StateBlock, line: int, end: int) -> int:
    """The line after a paragraph, as far as it is in the blocks that are open."""
    while _goes_on(state, line, end) and _fence(state, line) is None:
        line += 1
    return line


def _goes_on(state: StateBlock, line: int, end: int) -> bool:
    """Whether there is a line that is not blank in the blocks that are open."""
    return line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A pipe table, with a caption before or after it: `: words`, as a paragraph of its own."""
    if silent or not _begins_table(state, start, end):
        return False
    first = start
    before = bool(_CAPTION.match(_line(state, start)))
    if before:
        first = _after_caption(state, start, end) or start
    last = first + 2
    while _goes_on(state, last, end) and "|" in _line(state, last):
        last += 1
    below = last
    while below < end and state.isEmpty(below):
        below += 1
    after = not before and below < end and state.sCount[below] >= state.blkIndent
    after = after and bool(_CAPTION.match(_line(state, below)))
    opener = state.push("captioned_open", "", 1) if before or after else None
    if before:
        _push_caption(state, start, _end_of_paragraph(state, start, end))
    _push_table(state, first, last)
    state.line = last
    if after:
        state.line = _end_of_paragraph(state, below, end)
        _push_caption(state, below, state.line)
    if opener:
        opener.map = [start, state.line]
        state.push("captioned_close", "", -1)
    return True


def _push_caption(state: StateBlock, start: int, end: int) -> None:
    words = state.getLines(start, end, state.blkIndent, False).strip()
    state.push("caption", "", 0).map = [start, end]
    _push_words(state, words[len(_CAPTION.match(words)[0]) :], start, end)  # type: ignore[index]


def _push_table(state: StateBlock, start: int, end: int) -> None:
    """The cells of a table, each with its row and its column; then the table."""
    columns = [_alignment(cell) for cell in _cells(_line(state, start + 1))]
    head = _cells(_line(state, start))
    rows = [(start, head)] if any(head) else []
    rows += [(line, _cells(_line(state, line))) for line in range(start + 2, end)]
    for row, (line, cells) in enumerate(rows):
        for column, words in enumerate(cells):
            _push_words(state, words, line, line + 1, cell=(row, column))
    token = state.push("table", "", 0)
    token.map = [start, end]
    token.meta = {"columns": columns, "headed": any(head)}
    token.meta["rows"] = [(line, len(cells)) for line, cells in rows]


def _cells(line: str) -> list[str]:
    """The cells of a row."""
    line = line.strip().removeprefix("|")
    cells, at = [], 0
    while at < len(line):  # a backslash at the very end is no cell's
        end = _CELL.match(line, at).end()  # type: ignore[union-attr]  # it always matches
        cells.append(line[at:end].strip())
        at = end + 1
    return cells


def _alignment(delimiter: str) -> str:
    left, right = delimiter.startswith(":"), delimiter.endswith(":")
    return {(True, True): "center", (True, False): "left", (False, True): "right"}.get(
        (left, right), ""
    )


def _line_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines of verse, `| line`. A line that begins with a space goes on with the one above."""
    if silent or not _LINE_OF_VERSE.match(_line(state, start).expandtabs(_TAB)):
        return False
    lines: list[tuple[int, int, str]] = []  # the number of a line, its indentation, its words
    last = start
    while last < end and state.sCount[last] >= state.blkIndent and not state.isEmpty(last):
        line = _line(state, last).expandtabs(_TAB)
        verse = _LINE_OF_VERSE.match(line)
        if verse:
            lines.append((last, len(verse[1] or ""), line[verse.end() :].rstrip()))
        elif lines and state.sCount[last] > state.blkIndent:
            number, indent, words = lines[-1]
            lines[-1] = number, indent, f"{words} {line.strip()}"
        else:
            break
        last += 1
    stanza = 0
    for number, indent, words in lines:
        if not words:
            stanza = 0
            continue
        if not stanza:
            state.push("verse", "", 0).map = [number, number + 1]
        stanza += 1
        _push_words(state, words, number, number + 1, indent=indent, verse=stanza)
    state.line = last
    return True


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[^label]: words`; its other lines and paragraphs are indented by four spaces."""
    definition = _DEFINITION.match(_line(state, start))
    if definition is None or silent:
        return definition is not None
    first = state.bMarks[start] + state.tShift[start] + definition.end()
    words = state.src[first : state.eMarks[start]]
    spaces = len(words) - len(words.lstrip(" \t"))
    token = state.push("note_definition_open", "", 1)
    token.meta = {"label": composed(definition[1])}
    before = state.blkIndent, state.bMarks[start], state.tShift[start], state.sCount[start]
    state.blkIndent += NOTE_INDENT
    state.bMarks[start], state.tShift[start] = first, spaces
    state.sCount[start] = state.blkIndent + spaces
    state.line = start + 1
    state.md.block.tokenize(state, start, end)
    state.blkIndent, state.bMarks[start], state.tShift[start], state.sCount[start] = before
    token.map = [start, state.line]
    state.push("note_definition_close", "", -1)
    return True


def _break(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`* * *` on a line of its own."""
    if silent or not _BREAK.fullmatch(_line(state, start)):
        return False
    state.push("break", "", 0).map = [start, start + 1]
    state.line = start + 1
    return True


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`# Title {#id .unnumbered}`; the attributes are the `info` of the token of its words."""
    from markdown_it.rules_block import heading

    if not heading(state, start, end, silent):
        return False
    if not silent:
        token = state.tokens[-2]
        if attributes := _HEADING_ATTRIBUTES.search(token.content):
            words = token.content[: attributes.start()].rstrip()
            token.content = re.sub(r"[ \t]+#+$", "", words)
            token.info = attributes[1].strip() or "(nothing)"
    return True


# ---------------------------------------------------------------- lists


class _Marker(NamedTuple):
    """The marker of an item: its style, as in `Container`, its number, and where it ends."""

    style: str
    number: int
    end: int


_BULLET = re.compile(r"[-+*](?=[ \t]|$)")
_NUMBER = re.compile(
    r"(?P<before>\(?)(?P<number>0|[1-9][0-9]{0,8}|[a-zA-Z]|[ivxlcdm]{2,12}|[IVXLCDM]{2,12})(?P<after>[.)])"
    r"(?=(?P<space>[ \t]+)|$)"
)


def _marker(state: StateBlock, line: int, following: _Marker | None = None) -> _Marker | None:
    """The marker at the beginning of a line. `following` is the marker that the next item of an
    open list would have: a list goes on with any letter, and begins only with `a`, `i`, or a
    letter before a bracket."""
    at, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if bullet := _BULLET.match(state.src, at, end):
        return _Marker("", 0, bullet.end())
    found = _NUMBER.match(state.src, at, end)
    if found is None or (found["before"] and found["after"] != ")"):
        return None
    kind, number = value_of(found["number"])
    next_kind = following.style.strip("().") if following else ""
    if following and next_kind and found["number"] == numeral(next_kind, following.number):
        kind, number = next_kind, following.number  # “i)” after “h)”, “v)” after “iv)”
    style = f"{found['before']}{kind}{found['after']}"
    if following and style == following.style:
        return _Marker(style, number, found.end()) if number else None
    if kind != "1" and found["after"] == ".":
        spaced = found["number"].islower() or len(found["space"] or "") > 1
        if number != 1 or not spaced:  # “V. Hugo”, “p. 12”
            return None
    return _Marker(style, number, found.end()) if number or kind == "1" else None


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list with bullets or numbers. A paragraph is interrupted by a list with bullets; if it is
    in an item, by the next item, and by a list that begins with 1."""
    open_: list[_Marker] = state.env.setdefault("lists", [])  # the next item of each open list
    marker = _marker(state, start)
    if silent and marker is None:
        marker = next(filter(None, (_marker(state, start, after) for after in open_)), None)
    if marker is None:
        return False
    if silent and state.listIndent >= 0 and state.sCount[start] < state.blkIndent:
        return True
    if silent:
        begins = not marker.style or (state.listIndent >= 0 and marker.number == 1)
        return begins and bool(state.src[marker.end : state.eMarks[start]].strip())
    token = state.push("list_open", "", 1)
    token.map, token.meta = [start, start], {"style": marker.style, "number": marker.number}
    line, expected = start, marker.number
    while marker is not None:
        open_.append(_Marker(marker.style, expected + 1, 0))
        first, line = line, _item(state, line, end, marker, expected)
        open_.pop()
        if line >= end or line == first or state.sCount[line] < state.blkIndent:
            break
        expected = expected + 1 if marker.style else 0
        following = _marker(state, line, _Marker(marker.style, expected, 0))
        same = following is not None and following.style == marker.style
        marker = following if same and not _BREAK.fullmatch(_line(state, line)) else None
    token.map[1] = line
    state.push("list_close", "", -1)
    state.line = line
    return True


def _item(state: StateBlock, line: int, end: int, marker: _Marker, expected: int) -> int:
    """Parse the item whose marker is on `line`, and return the line after it. Its blocks are
    indented as far as the words after the marker."""
    at, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    words = state.src[marker.end : stop]
    spaces = len(words) - len(words.lstrip(" \t"))
    width = state.sCount[line] + marker.end - at
    indent = width + (spaces if words.strip() and spaces <= 4 else 1)
    token = state.push("list_item_open", "", 1)
    token.map = [line, line]
    token.meta = {"number": marker.number, "expected": expected, "style": marker.style}
    before = state.listIndent, state.blkIndent, state.tShift[line], state.sCount[line]
    state.listIndent, state.blkIndent = state.blkIndent, indent
    state.tShift[line] = marker.end + spaces - state.bMarks[line]
    state.sCount[line] = width + spaces
    if not words.strip() and state.isEmpty(line + 1):
        state.line = min(line + 2, end)
    else:
        state.md.block.tokenize(state, line, end)
    state.listIndent, state.blkIndent, state.tShift[line], state.sCount[line] = before
    state.push("list_item_close", "", -1)
    after = state.line
    token.map[1] = after
    return after


# ---------------------------------------------------------------- within a line


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


def _citation(state: StateInline, silent: bool) -> bool:
    """`[@key, p. 12]` is a citation."""
    match = _CITATION.match(state.src, state.pos, state.posMax)
    if match is None or "@" not in match[1]:
        return False
    citation = read_citation(match[1])
    if citation is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content, token.meta = match[1], {"citation": citation}
    state.pos = match.end()
    return True


def _inline_note(state: StateInline, silent: bool) -> bool:
    """`^[words]` is a note at its call."""
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end < 0:
        return False
    if not silent:
        state.push("note_open", "", 1)
        _tokenize(state, state.pos + 2, end)
        state.push("note_close", "", -1)
    state.pos = end + 1
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:
    """The signs of emphasis. As for Pandoc, `*` may begin it before, and end it after, anything but
    a space: L’*Humanité*."""
    from markdown_it.rules_inline import emphasis

    if silent or state.src[state.pos] != "*":
        return emphasis.tokenize(state, silent)
    before, count = len(state.delimiters), state.scanDelims(state.pos, True).length
    last = state.src[state.pos - 1] if state.pos else " "
    following = state.src[state.pos + count] if state.pos + count < state.posMax else " "
    emphasis.tokenize(state, silent)
    for delimiter in state.delimiters[before:]:
        delimiter.open, delimiter.close = not following.isspace(), not last.isspace()
    return True


def _span(state: StateInline, silent: bool) -> bool:
    """`[words]{.name key="value"}`. Anything that does not match this exactly is text."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    match = _ATTRIBUTES.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if match is None:
        return False
    pairs = attributes_of(match[0])
    if len(pairs) < len(_PAIR_OF.findall(match[0])):
        return False
    if not silent:
        token = state.push("span_open", "span", 1)
        token.attrs = {"class": match[1] or "", **pairs}
        _tokenize(state, state.pos + 1, end)
        state.push("span_close", "span", -1)
    state.pos = match.end()
    return True


def _tokenize(state: StateInline, start: int, end: int) -> None:
    """Parse the characters from `start` to `end`."""
    last, state.posMax = state.posMax, end
    state.pos = start
    state.md.inline.tokenize(state)
    state.posMax = last


def _comment(state: StateInline, silent: bool) -> bool:
    """`<!-- words -->` within a paragraph."""
    if not state.src.startswith("<!--", state.pos):
        return False
    end = state.src.find("-->", state.pos + 4, state.posMax)
    if end < 0:
        return False
    if not silent:
        token = state.push("comment", "", 0)
        token.content = re.sub(r"\s+", " ", state.src[state.pos + 4 : end]).strip()
    state.pos = end + 3
    return True
