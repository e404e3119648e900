"""Which call belongs to which note: a wrong pair is worse than none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from archive_site.recover.printed.labels import MANNERS, Call, Manner
from archive_site.recover.printed.notes import FoundNote


def pairs_of(
    notes: Sequence[FoundNote], calls: Sequence[Call], order: Mapping[int, int]
) -> list[Call | None]:
    """The call of each note (None: none is found). That of a note at the foot or in the margin is
    on its page, or on the one before; those of notes at ends are in their order, each section's in
    the text before it. `order` has the place in the text of each line, by number."""
    found: dict[int, Call] = {}
    used: set[Call] = set()
    by_page: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        by_page[call.page].append(call)
    alike = Counter((note.page, note.label) for note in notes)
    for n, note in enumerate(notes):
        several = alike[note.page, note.label] > 1
        near = None if note.where == "end" else _near(note, by_page, used, several)
        if near is not None:
            found[n] = near
            used.add(near)
    at_ends = [(n, note) for n, note in enumerate(notes) if note.where == "end"]
    found |= _in_order(at_ends, [call for call in calls if call not in used], order)
    return [found.get(n) for n in range(len(notes))]


def _near(
    note: FoundNote, by_page: Mapping[int, Sequence[Call]], used: set[Call], several: bool
) -> Call | None:
    """The surest call of a note on its page, first in its column; else on the page before. If
    `several` notes of a page have one label, the first call is that of the first."""
    for page in (note.page, note.page - 1):
        near = [c for c in by_page.get(page, ()) if c.label == note.label and c not in used]
        beside = [call for call in near if call.column == note.column]
        if near:
            return min(
                beside or near, key=lambda c: (c.weak, 0 if several else MANNERS.index(c.manner))
            )
    return None


def _in_order(
    notes: Sequence[tuple[int, FoundNote]], calls: Sequence[Call], order: Mapping[int, int]
) -> dict[int, Call]:
    """The calls of notes at ends, by the place of the note."""
    found: dict[int, Call] = {}
    at = 0
    for _, group in groupby(notes, key=lambda pair: pair[1].section):
        section = list(group)
        first = order[section[0][1].lines[0].number]
        end = next((n for n, c in enumerate(calls) if order[c.line] > first), len(calls))
        end = end if end > at else len(calls)
        for run in _runs(section):
            at = _pair(run, calls, at, end, found)
    return found


def _runs(notes: Iterable[tuple[int, FoundNote]]) -> Iterator[list[tuple[int, FoundNote]]]:
    """Notes whose labels go on counting."""
    run: list[tuple[int, FoundNote]] = []
    for n, note in notes:
        if run and note.label == "1":
            yield run
            run = []
        run.append((n, note))
    yield run


def _pair(
    notes: Sequence[tuple[int, FoundNote]],
    calls: Sequence[Call],
    at: int,
    end: int,
    found: dict[int, Call],
) -> int:
    """Add to `found` the calls of notes among the calls from `at` to `end`. Returns where those of
    the next notes begin."""
    manner = _manner({note.label for _, note in notes}, calls[at:end])
    for n, note in notes:
        for i in range(at, end):
            if calls[i].label == note.label and calls[i].manner == manner:
                found[n] = calls[i]
                at = i + 1
                break
    return at


def _manner(labels: set[str], calls: Sequence[Call]) -> Manner:
    """The surest manner in which at least half of the labels are called."""
    for manner in MANNERS:
        called = {call.label for call in calls if call.manner == manner}
        if len(labels & called) >= 0.5 * len(labels):
            return manner
    return "raised"
