"""A `Document` as plain lines: the witness of a text that came as a document.

A DOCX or a web page has no lines that an edition could be collated with. Its document has: they are
written here, when the source is read. A word that is changed in the edition then differs from them,
as it would from a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_site.text.document import (
    Block,
    CellBreak,
    Document,
    Emendation,
    LineBreak,
    NoteCall,
    PageBreak,
    Superscript,
    Text,
)
from archive_site.text.numerals import marker_of
from archive_site.text.reading import walk
from archive_site.witness.collate import printed_label
from archive_site.witness.pagination import paginate
from archive_site.witness.stream import CALL, HYPHENS, bare, composed, plain
from archive_site.witness.witness import DOCUMENT

RULE = f"{DOCUMENT} 1"
"""The rule by which lines are derived, and its version. Whoever changes what `derived_text` returns
for any document must change the version."""
SIGN = "* * *"
"""The line of a section break."""
_FEED = "\f"
_BULLET = "- "  # a hyphen that no letter precedes is no character of a collation
_LABELS = ("[{}]", "{}.", "({})", "{})")
_BREAKS = re.compile(rf"[{HYPHENS}\s]*[{_FEED}\n][{HYPHENS}\s]*")
_CLUSTER = 40  # more characters than are ever composed into one


class _Unbroken(Exception):  # no error
    """A page begins where no line can end, such as after an apostrophe."""


def derived_text(document: Document) -> tuple[str, ...]:
    """The lines of plain text with which the edition of a structured source is collated.

    Each block is a line; so is each line of verse, and each row of a table, with tabs between its
    cells. The notes follow the text; labels are in brackets, `[1]`. A form feed stands before the
    first line of each page but the first. The words are those of the witness, in its spelling; what
    an editor adds is not here: gaps, comments, citations, what a picture shows. If a page begins
    where no line can end, there are no form feeds."""
    try:
        lines = tuple(_lines(document, paged=True))
    except _Unbroken:  # a line that begins with a space, as an empty cell does, may begin a page
        return tuple(line.lstrip("\t") for line in _lines(document, paged=False))
    fed = any(_FEED in line for line in lines)
    if lines and not fed and paginate(lines).starts:  # a line that has only a number is no folio
        return _FEED + lines[0], *lines[1:]
    return lines


def _lines(document: Document, *, paged: bool) -> Iterator[str]:
    labelled = [(block, "") for block in document.blocks]
    for note in document.notes:
        labelled += [(block, note.label if n == 0 else "") for n, block in enumerate(note.blocks)]
    feeds, begun = 0, False  # pages that begin with the next word
    for block, label in labelled:
        words, labels, due = _words(block, feeds)
        solid = bool(bare(words.replace(CALL, "")))
        if solid and not (begun and paged):
            words = words.lstrip(_FEED)
        feeds, begun = due, begun or solid
        if block.kind == "break":
            yield SIGN
        elif words:
            mark = _mark(block, label, words) if solid else ""
            yield from _printed(words if paged else words.replace(_FEED, ""), mark, labels)


def _words(block: Block, feeds: int) -> tuple[str, list[str], int]:
    """The words of a block, with `CALL` for each note call; the labels of the calls; how many pages
    begin after the words. A form feed stands before the first character of a page, or before the
    block; `feeds` of them are due. A line ends with a line end, a cell with a tab."""
    words: list[str] = []
    labels: list[str] = []
    begun = False
    for inline in walk(block.content):
        match inline:
            case PageBreak():
                feeds += 1
            case Text(text) | Superscript(text) | Emendation(_, text):
                if bare(text):
                    words.insert(len(words) if begun else 0, _FEED * feeds)
                    begun, feeds = True, 0
                words.append(text)
            case LineBreak():
                words.append("\n")
            case CellBreak():
                words.append("\t")
            case NoteCall(label):
                words.append(CALL)
                labels.append(label)
            case _:
                pass
    return "".join(words).strip(" "), labels, feeds


def _mark(block: Block, label: str, words: str) -> str:
    """What stands before the words of a block: its numbers or bullets, or the label of its note.

    A collation takes one of them only. It looks for the words after the mark, so they must not
    begin within it (`1.` before “1.1.”)."""
    items = [c for c in block.within[block.shared :] if c.kind == "list-item"]
    numbers = " ".join(filter(None, map(marker_of, items)))
    if numbers:
        return f"{numbers} "
    first = next(filter(None, map(bare, words.split(CALL))))
    printed = printed_label(label)
    forms = (
        [form.format(printed) for form in _LABELS] if printed and bare(printed) == printed else []
    )
    form = next((form for form in forms if (form + first).find(first) == len(form)), "")
    return f"{form} " * bool(form) + _BULLET * bool(items)


def _printed(words: str, mark: str, labels: list[str]) -> list[str]:
    """The lines of a block. A call before all words that follow a mark is not printed: a collation
    would look for it before the mark."""
    feeds = len(words) - len(words.lstrip(_FEED))
    words = _BREAKS.sub(_line_end, words[feeds:])
    called = iter(map(_called, labels))
    if mark:
        first = re.search(rf"[^{HYPHENS}{CALL}\s]", words)
        leading = words[: first.start()] if first else ""
        for _ in range(leading.count(CALL)):
            next(called)
        words = leading.replace(CALL, "").lstrip(" ") + words[len(leading) :]
    words = re.sub(CALL, lambda _: next(called), words)
    return (_fed(feeds) + mark + words).split("\n")


def _called(label: str) -> str:
    printed = printed_label(label)
    return f"[{printed}]" if bare(printed) == printed else ""


def _fed(feeds: int) -> str:
    """Form feeds before a line; a page without words has a line of its own."""
    return _FEED if feeds == 1 else f"{_FEED}\n" * feeds


def _line_end(found: re.Match[str]) -> str:
    """The spaces and hyphens between two characters, with the line ends and the form feeds where a
    collation reads the same spaces and hyphens."""
    feeds = found[0].count(_FEED)
    between = found[0].replace(_FEED, "")
    before = composed(found.string[max(0, found.start() - _CLUSTER) : found.start()])[-1:]
    hyphenated = before.isalnum() and plain(between) == "- "  # as if a line end broke a word
    if not feeds:
        return between.replace("\n", " ") if hyphenated else between
    if (hyphenated and before != CALL) or not (between or before == CALL or before.isalnum()):
        raise _Unbroken
    if not between and before != CALL:
        return f"-\n{_fed(feeds)}"
    space = re.search(r"\n|\s(?!.*\n)|\Z", between, re.DOTALL)
    at = space.end() if space else 0
    return between[:at].removesuffix("\n") + f"\n{_fed(feeds)}{between[at:]}"
