"""Labels and calls of notes that OCR has misread: raised figures become “!”, “°”, “'” or letters.

A label is known by its place, at the beginning of a note; a call, by a sign that no French text has
there. Which call is whose follows from their order, if there are as many calls as notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from archive_site.recover.printed.labels import ORDINALS, Call
from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.notes import FoundNote

_NEVER = "°®©™^¹²³‘*#§"
"""Signs that end no word in French."""
_CALLS = re.compile(
    rf"(?<=\w)(?P<after_word>[!?'’\"“”|]{{0,2}}[{_NEVER}“][\dl{_NEVER}'’]{{0,2}})(?=[\s.,;:)]|$)"
    r"|(?<=[^\W\d_]{2})(?P<apostrophe>[’'])(?=[\s.,;:)]|$)"
    r"|(?<=[^\W\d_]{2})(?P<before_stop>(?![!?]{2})[!?'’\"”]{1,2})(?=[.,](?!\.))"
    rf"|(?<=[^\W\d_]{{2}}[.,])(?P<after_stop>[!?'’“{_NEVER}]{{1,2}}[\dl]?)(?=\s|$)"
    r"|(?<=[^\W\d_]{2}[.,»)])(?P<figures>[\dIl]{1,3})(?=\s|$)"
    r"|(?<=[^\W\d_]{3})(?P<glued>\d{1,2})(?=[\s.,;:!?)»]|$)"
    rf"|(?<=\w\s)(?P<alone>[{_NEVER}]{{1,2}}|[ÀÂÎÔÛŸ$|!?'’”]{{1,2}}\d?(?=[.,]))(?=[\s.,]|$)"
    rf"|(?<=[^\W\d_][.,]\s)(?P<alone_after_stop>[{_NEVER}]{{1,2}})(?=\s|$)"
)
_OPENING = re.compile(r"[“„\"]\w")
_NUMERAL = re.compile(r"(?:\d|[IVXLC]|\b[nN])$")
QUOTED_WITHIN = 4
"""A quotation mark closes a quotation that was opened in the same line or so many lines above."""
Place = tuple[int, int]
"""Where something is in the text: the place of its line, and where it is in the line."""


def misread_calls(lines: Sequence[SetLine]) -> Iterator[Call]:
    """What may be misread calls of notes in lines."""
    for n, line in enumerate(lines):
        above = " ".join(x.text for x in lines[max(0, n - QUOTED_WITHIN) : n])
        for start, end in _signs(line, above):
            sign = line.text[start:end]
            yield Call(line.number, start, end, sign, "misread", line.page, line.column)


def _signs(line: SetLine, above: str) -> Iterator[tuple[int, int]]:
    """Where signs begin and end in a line that no French text has there, or that are raised."""
    text = line.text
    places = [match.span() for match in _CALLS.finditer(text) if not _belongs(match, above)]
    raised = ((start, start + len(text[start:end].rstrip())) for start, end in line.raised)
    places += [place for place in raised if _may_call(text, *place)]
    last = -1
    for start, end in sorted(places):
        if start > last:
            yield start, end
            last = end


def _belongs(match: re.Match[str], above: str) -> bool:
    """Whether a sign is part of the text: it closes a quotation, or stands after a numeral."""
    before = match.string[: match.start()]
    if match[0][0] in "°º":
        return _NUMERAL.search(before) is not None
    return match[0][0] in "”\"'’" and _OPENING.search(f"{above} {before}") is not None


def _may_call(text: str, start: int, end: int) -> bool:
    """Whether raised characters may be a call rather than a part of a word: “XIXe”, “Mme”."""
    word = text[start:end]
    letters = word in ORDINALS or (word.isalpha() and word.islower() and word != "l")
    return bool(text[:start].strip()) and bool(word.strip()) and not letters


def with_misread(
    notes: Sequence[FoundNote],
    calls: Sequence[Call | None],
    lines: Sequence[SetLine],
) -> list[Call | None]:
    """The calls of notes, with misread ones for notes at the feet of pages that have none. `lines`
    are those of the text."""
    found = list(calls)
    order = {line.number: n for n, line in enumerate(lines)}
    taken = {(call.line, call.start) for call in calls if call is not None}
    signs = [c for c in misread_calls(lines) if (c.line, c.start) not in taken]

    def place_of(call: Call) -> Place:
        return order[call.line], call.start

    for paired, group in groupby(range(len(notes)), key=lambda n: calls[n] is not None):
        if paired:
            continue
        for _, part in groupby(group, key=lambda n: notes[n].page):
            lost = list(part)
            if notes[lost[0]].where != "foot":
                continue
            before = calls[lost[0] - 1] if lost[0] else None
            after = calls[lost[-1] + 1] if lost[-1] + 1 < len(notes) else None
            low = place_of(before) if before is not None else (-1, 0)
            high = place_of(after) if after is not None else (len(order), 0)
            page = notes[lost[0]].page
            near = [x for x in signs if x.page == page and low < place_of(x) < high]
            if len(near) == len(lost):
                for n, sign in zip(lost, sorted(near, key=place_of), strict=True):
                    found[n] = sign
    return found


def with_labels(notes: Sequence[FoundNote]) -> list[FoundNote]:
    """The notes; those whose label was misread have the one that their place among the others
    tells."""
    pages = [[note.label for note in group] for _, group in groupby(notes, key=lambda n: n.page)]
    again = any("1" in labels for labels in pages[1:])
    labels: list[str] = []
    for page in pages:
        before = labels[-1] if labels and not again else "0"
        labels += _counted(page, int(before) if before.isdigit() else 0)
    return [replace(note, label=label) for note, label in zip(notes, labels, strict=True)]


def _counted(labels: Sequence[str], before: int) -> list[str]:
    """The labels of the notes of a page, of which the empty ones were misread. `before` is the
    number of the note before them."""
    known = next(((n, int(label)) for n, label in enumerate(labels) if label.isdigit()), None)
    first = known[1] - known[0] if known and known[1] > known[0] else before + 1
    counted: list[str] = []
    for n, label in enumerate(labels):
        last = int(counted[-1]) if counted and counted[-1].isdigit() else first + n - 1
        counted.append(label or str(last + 1))
    return counted
