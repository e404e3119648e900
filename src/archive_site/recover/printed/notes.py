"""Notes: which lines are theirs, at the feet of pages, at ends and in margins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Literal

from archive_site.recover.printed.divisions import LABEL
from archive_site.recover.printed.labels import (
    Call,
    Label,
    Manner,
    calls_in,
    label_of,
    misread_label_of,
    succeeds,
)
from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.sentences import ends_clause, ends_sentence
from archive_site.recover.printed.setting import TextSetting
from archive_site.witness.printed import DrawnRule

SMALLER = 0.96
"""Type of less than this share of the size of the text is smaller."""
LARGER = 1.04
APART, CLEARLY_APART = 1.12, 1.25
"""The least distance of notes in the size of the text from the text, in lines: if their lines are
closer than those of the text, and if not."""
TIGHT = 0.95
"""Lines are closer than those of the text if their distance is less than this share of its."""
CLEARLY_SMALLER = 0.88
"""Lines of a scan without a label are notes if their type, and their distance, is less than this
share of that of the text."""
HANGS = 0.25
"""How far apart the first lines of notes, and the others, may begin, in ems."""
FURTHEST = 20
"""By how much the label of a note is greater than those before it at most: else it is misread."""
LOOSE = 1.08
"""The greatest distance of lines of notes in a scan, in lines."""
RUN_OVER = 1.4
"""The least distance of a note that runs over from the text above it, in lines."""
CALLED = 0.5
"""The least share of the labels of notes that are called."""
FOOT = 16
"""The most lines of notes of a plain text that no gap parts from the text, for each note."""
BULLETS = 8
"""How many lines apart items of a list may be."""
BRIEF = 4
"""The most lines of a note that ends with its first paragraph, if many lines follow."""
INTRODUCED = 3
"""The first label is at most so many lines below a heading of notes."""
LONGEST = 25
"""The most lines of notes at an end without a heading, for each note."""
_FIRST = ("1", "*", "a", "i")
HEADING = re.compile(
    r"\W*n\s?o\s?t\s?e\s?s?(?:\s+(?:et\s+\w+|de\s+l['’]\w+|d[ue]\s+(?:la\s+)?\w+(?:\s+[ivxlc\d]+)?|de\s+bas\s+de\s+page|de\s+fin"
    r"|explicatives|finales))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note: its label as printed, how that is printed, its lines, the first without the label;
    where it stands, and which of the sections of notes it is in (0: the first)."""

    label: str
    manner: Manner
    lines: tuple[SetLine, ...]
    where: Literal["foot", "end", "margin"] = "foot"
    section: int = 0
    sic: str = ""
    """What OCR has read instead of its label."""

    @property
    def page(self) -> int:
        """The page that it begins on."""
        return self.lines[0].page

    @property
    def column(self) -> int:
        """The column that it begins in."""
        return self.lines[0].column

    def with_more(self, lines: Iterable[SetLine]) -> FoundNote:
        """The note with more lines."""
        return replace(self, lines=(*self.lines, *lines))

    def without(self, lines: Sequence[SetLine]) -> FoundNote:
        """The note without some of its lines, such as the names of chapters among notes."""
        return replace(self, lines=tuple(line for line in self.lines if line not in lines))


@dataclass(frozen=True, slots=True)
class FoundNotes:
    """Notes, and the numbers of headings of notes and of what stands between them and the notes."""

    notes: tuple[FoundNote, ...]
    headings: frozenset[int] = frozenset()

    @property
    def lines(self) -> set[int]:
        """The numbers of their lines."""
        return {*self.headings, *(line.number for note in self.notes for line in note.lines)}


def find_notes(
    lines: Sequence[SetLine],
    margins: Sequence[SetLine],
    rules: Mapping[int, Sequence[DrawnRule]],
    setting: TextSetting,
) -> FoundNotes:
    """The notes among the lines of a text: first those below headings, then those at the feet of
    pages, then others at ends; a label without words is no note. `margins` has what stands in the
    margins, `rules` the rules drawn on each page."""
    below_headings = _notes_at_ends(lines, setting, headed=True)
    rest = [line for line in lines if line.number not in below_headings.lines]
    by_labels = setting.estimated and not below_headings.notes
    at_feet = FoundNotes(tuple(_notes_at_feet(rest, rules, by_labels, setting)))
    rest = [line for line in rest if line.number not in at_feet.lines]
    pages = {note.page for note in at_feet.notes}
    plain = setting.places == "exact" and len(pages) <= 1 and not below_headings.notes
    at_ends = _notes_at_ends(rest, setting, headed=False, plain=plain)
    rest = [line for line in rest if line.number not in at_ends.lines]
    in_margins = _notes_in_margins(margins, calls_in(rest, setting.any_figure), setting)
    notes = (*at_feet.notes, *below_headings.notes, *at_ends.notes, *in_margins)
    notes = tuple(note for note in notes if any(line.words for line in note.lines))
    notes = tuple(sorted(notes, key=lambda note: note.lines[0].number))
    return FoundNotes(notes, below_headings.headings | at_ends.headings)


def _label(line: SetLine, setting: TextSetting) -> Label | None:
    """The label of a line that may begin a note: it is set neither larger than the text, nor bold,
    nor in capitals."""
    larger = line.size > LARGER * setting.size and not setting.scanned
    if larger or (line.bold and not setting.bold) or line.capitals:
        return None
    return label_of(line)


def _split(zone: Sequence[SetLine], setting: TextSetting) -> tuple[list[FoundNote], list[SetLine]]:
    """The notes that lines make, and the lines before the first label."""
    notes: list[FoundNote] = []
    before: list[SetLine] = []
    for line in zone:
        found = _label(line, setting)
        if found is not None and _begins_note(found, notes):
            notes.append(FoundNote(found.label, found.manner, (line.cut(found.end),)))
        elif notes:
            notes[-1] = notes[-1].with_more([line])
        else:
            before.append(line)
    return notes, before


def _begins_note(label: Label, notes: Sequence[FoundNote]) -> bool:
    """Whether a label can be that of the note after `notes`. Signs stand among numbers without a
    part in their order."""
    sign = not label.label.isalnum()
    alike = [note for note in notes if note.label.isalnum() is not sign]
    if not notes or (sign and not alike):
        return True
    if not alike:
        return ends_sentence(notes[-1].lines[-1].words)
    return _goes_on(alike[-1], label)


def _goes_on(note: FoundNote, label: Label) -> bool:
    """Whether a label can be that of the note after `note`."""
    alike = label.manner == note.manner or {label.manner, note.manner} == {"plain", "raised"}
    return alike and succeeds(label.label, note.label)


# ---------------------------------------------------------------- at the feet of pages


def _notes_at_feet(
    lines: Sequence[SetLine],
    rules: Mapping[int, Sequence[DrawnRule]],
    by_labels: bool,
    setting: TextSetting,
) -> list[FoundNote]:
    """The notes at the feet of pages or columns. Lines above the first label of a page go on with
    the last note of the page before. `by_labels`: labels that count on are enough to find them."""
    notes: list[FoundNote] = []
    calls = _calls_by_page(lines, setting)
    pending = defaultdict(set, {page: {c.label for c in found} for page, found in calls.items()})
    begun = _first_pages(calls)
    for _, group in groupby(lines, key=lambda line: (line.page, line.column)):
        column = list(group)
        page = column[0].page
        tight = _in_tight_lines(column, setting) if setting.scanned else None
        if tight is not None:
            found = _split_tight(column[tight:], notes, setting)
            pending[page].difference_update(note.label for note in found)
            notes += found
            continue
        more = _at_head(column, notes[-1], pending[page - 1], setting) if notes else 0
        if more:
            notes = _with_more(notes, *_split(column[:more], setting))
            pending[page - 1].difference_update(note.label for note in notes)
            column = column[more:]
        cut = bool(notes) and notes[-1].lines[-1].page == page - 1
        cut = cut and not ends_sentence(notes[-1].lines[-1].words)
        start = _foot(column, rules.get(page, ()), pending[page - 1], cut, setting)
        if setting.estimated:
            start = _estimated_foot(column, start, notes, pending[page - 1], by_labels, setting)
        if start is None:
            continue
        found, before = _split(column[start:], setting)
        labels = [note.label for note in found]
        if start == 0 and labels:  # a column of notes: they are at an end
            continue
        if _are_far(labels, page, calls, begun, column[start:]):
            continue
        last_page = notes[-1].lines[-1].page if notes else -1
        if before and page - last_page > 1:
            if not found:
                continue
            before = []
        pending[page].difference_update(labels)
        notes = _with_more(notes, found, before)
    return notes


def _with_more(
    notes: Sequence[FoundNote], found: Sequence[FoundNote], before: Sequence[SetLine]
) -> list[FoundNote]:
    """Notes with those that were found after them, and the lines that go on with the last one."""
    goes_on = [notes[-1].with_more(before)] if before else notes[-1:]
    return [*notes[:-1], *goes_on, *found]


def _calls_by_page(lines: Iterable[SetLine], setting: TextSetting) -> dict[int, list[Call]]:
    """What may call notes on each page; what begins a small line is the label of a note."""
    calls: dict[int, list[Call]] = defaultdict(list)
    for line in lines:
        for call in calls_in([line], setting.any_figure):
            if not (call.weak and _is_smaller(line, setting)):
                calls[call.page].append(call)
    return calls


def _estimated_foot(
    column: Sequence[SetLine],
    start: int | None,
    notes: Sequence[FoundNote],
    pending: set[str],
    by_labels: bool,
    setting: TextSetting,
) -> int | None:
    """Where the lines at the foot of a page of a plain text begin, if `start` is where they stand
    apart."""
    last = notes[-1] if notes else None
    if start is None and by_labels:
        start = _by_labels(column, pending, last.label if last else "", setting)
    if last is not None and last.lines[-1].page == column[0].page - 1:
        start = _with_run_over(column, start, last, setting)
    return start


def _first_pages(calls: Mapping[int, Sequence[Call]]) -> dict[str, int]:
    """The first page that calls each label."""
    first: dict[str, int] = {}
    for page in sorted(calls):
        for call in calls[page]:
            first.setdefault(call.label, page)
    return first


def _are_far(
    labels: Sequence[str],
    page: int,
    calls: Mapping[int, Sequence[Call]],
    begun: Mapping[str, int],
    zone: Sequence[SetLine],
) -> bool:
    """Whether the notes of a zone at the foot of a page are at an end, since a label is called only
    far before it; or are none, since few are called near it, or only the zone calls one of them.
    `begun` has the first page that calls each label."""
    own = {line.number for line in zone}
    beside = [*calls.get(page - 1, ()), *calls.get(page, ())]
    near = {call.label for call in beside if call.line not in own}
    within = {call.label for call in beside if call.line in own and call.manner != "loose"}
    before = {label for label in labels if begun.get(label, page) < page - 1}
    few = sum(label in near for label in labels) < CALLED * len(labels)
    return few or any(label in (before | within) - near for label in labels)


def _at_head(
    column: Sequence[SetLine], note: FoundNote, pending: set[str], setting: TextSetting
) -> int:
    """How many small lines at the head of a page go on with the notes of the page before, whose
    last is `note`: the first has a label that is still called there, or is in mid-sentence."""
    last = note.lines[-1]
    small = 0
    while small < len(column) and column[small].size == last.size < SMALLER * setting.size:
        small += 1
    if setting.places != "exact" or column[0].page != last.page + 1 or small == len(column):
        return 0
    label = _label(column[0], setting)
    if label is not None:
        return small if label.label in pending and succeeds(label.label, note.label) else 0
    cut = column[0].words[:1].islower() and not ends_sentence(last.words)
    return small if cut else 0


def _foot(
    column: Sequence[SetLine],
    rules: Sequence[DrawnRule],
    pending: set[str],
    cut: bool,
    setting: TextSetting,
) -> int | None:
    """Where the lines at the foot of a column begin that may be notes. `pending` has the labels
    that the page before calls; `cut`: its last note ends in mid-sentence."""
    start = _below_rule(column, rules, cut, setting)
    if start is None:
        start = _in_small_type(column, setting)
    return _after_gap(column, pending, setting) if start is None else start


def _below_rule(
    column: Sequence[SetLine], rules: Sequence[DrawnRule], cut: bool, setting: TextSetting
) -> int | None:
    """Where the lines below a rule begin, if none of them is larger than the text."""
    frame = setting.frame(column[0])
    for rule in sorted(rules, key=lambda rule: -rule.y):
        if rule.right < frame.left - 5 or rule.left > frame.right + 5:
            continue
        start = next((n for n, line in enumerate(column) if line.baseline > rule.y), None)
        if start is None or (start == 0 and len(column) > 1 and column[0].page == 1):
            continue
        below = column[start:]
        if any(line.size > 1.02 * setting.size for line in below):
            return None
        small = all(line.size < SMALLER * setting.size for line in below)
        goes_on = cut and below[0].words[:1].islower()
        if small or goes_on or _label(below[0], setting):
            return start
    return None


def _in_small_type(column: Sequence[SetLine], setting: TextSetting) -> int | None:
    """Where the small lines at the foot begin: at a label, or above it if they go on with a note of
    the page before."""
    start = len(column)
    while start and _is_smaller(column[start - 1], setting):
        start -= 1
    small = column[start:]
    first = next((n for n, line in enumerate(small) if _label(line, setting)), None)
    if first is None:
        return None
    runs_over = first > 0 and start > 0 and _runs_over(small[0], column[start - 1], setting)
    return start if first == 0 or start == 0 or runs_over else start + first


def _in_tight_lines(column: Sequence[SetLine], setting: TextSetting) -> int | None:
    """Where the lines at the foot of a scanned column begin that are closer to each other than
    those of the text, below a gap: they begin with a label, which OCR may have misread; if it has
    lost it, they are clearly smaller, and begin at the margin."""
    lead = setting.lead(setting.size)
    gaps = [b.baseline - a.baseline for a, b in pairwise(column)]
    for n in range(1, len(column)):
        line, below = column[n], gaps[n:]
        if gaps[n - 1] < APART * lead or any(gap > LOOSE * lead for gap in below):
            continue
        size = median(x.size for x in column[n:])
        alone = 0.0 if size < SMALLER * setting.size else lead
        usual = median(below) if below else alone
        sign = _label(line, setting) or misread_label_of(line)
        left = min(x.left for x in column[n:])
        small = size < CLEARLY_SMALLER * setting.size and usual < CLEARLY_SMALLER * lead
        unlabelled = small and left < setting.frame(line).left + 0.8 * setting.size
        larger = line.size > LARGER * setting.size
        if usual < TIGHT * lead and (sign or unlabelled) and not larger and not line.capitals:
            return n
    return None


def _split_tight(
    zone: Sequence[SetLine], above: Sequence[FoundNote], setting: TextSetting
) -> list[FoundNote]:
    """The notes that lines at the foot of a scanned column make. The labels that OCR has misread or
    lost are empty. `above` are the notes before them."""
    notes: list[FoundNote] = []
    before = max((_number(note.label) for note in above), default=0)
    hung = _hang(zone, setting)
    for line in zone:
        found = _label(line, setting)
        if found is not None and _number(found.label) > before + FURTHEST:
            found = None
        misread = misread_label_of(line) if found is None else None
        begins = not notes or ends_sentence(notes[-1].lines[-1].words)
        if found is not None and _counts_on(notes, found, begins):
            notes.append(FoundNote(found.label, found.manner, (line.cut(found.end),)))
        elif misread is not None and begins:
            sic = line.text[: misread.end].lstrip()
            notes.append(FoundNote("", "misread", (line.cut(misread.end),), sic=sic))
        elif not notes or (begins and hung and abs(line.left - zone[0].left) < HANGS * line.size):
            notes.append(FoundNote("", "misread", (line,)))
        else:
            notes[-1] = notes[-1].with_more([line])
    return notes


def _hang(zone: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether some lines begin elsewhere than the first of them does."""
    return any(abs(line.left - zone[0].left) > 2 * HANGS * setting.size for line in zone)


def _counts_on(notes: Sequence[FoundNote], label: Label, begins: bool) -> bool:
    """Whether a label may be that of the next note, if some labels were misread. `begins`: a
    sentence ends above it."""
    known = next((note for note in reversed(notes) if note.label), None)
    if known is None:
        return begins
    place = _number(known.label) + len(notes) - notes.index(known)
    return _goes_on(known, label) or (begins and label.label == str(place))


def _number(label: str) -> int:
    return int(label) if label.isdigit() else 0


def _is_smaller(line: SetLine, setting: TextSetting) -> bool:
    alike = setting.scanned and setting.is_text(line.size)
    return line.size < SMALLER * setting.size and not alike


def _runs_over(line: SetLine, text: SetLine, setting: TextSetting) -> bool:
    """Whether a small line below the text goes on with a note rather than being a quotation."""
    gap = line.baseline - text.baseline
    at_margin = line.left < setting.frame(line).left + setting.size
    return gap > RUN_OVER * setting.lead(setting.size) and at_margin


def _after_gap(column: Sequence[SetLine], pending: set[str], setting: TextSetting) -> int | None:
    """Where notes in the size of the text begin: after a gap, at a label that is called above."""
    lead = setting.lead(setting.size)
    for n in range(1, len(column)):
        line = column[n]
        found = _label(line, setting)
        gap = line.baseline - column[n - 1].baseline
        if found is None or not setting.is_text(line.size) or gap < APART * lead:
            continue
        if _is_bulleted(column, n, setting):
            continue
        called = {call.label for call in calls_in(column[:n], setting.any_figure)} | pending
        if found.label not in called or any(_is_no_note(x, line, setting) for x in column[n:]):
            continue
        gaps = sorted(b.baseline - a.baseline for a, b in pairwise(column[n:]))
        tight = bool(gaps) and gaps[len(gaps) // 2] < TIGHT * lead
        heading = _is_numbered_heading(column, n, setting)
        if (
            (tight or gap > CLEARLY_APART * lead)
            and not heading
            and not _is_item(column, n, setting)
        ):
            return n
    return None


def _is_no_note(line: SetLine, first: SetLine, setting: TextSetting) -> bool:
    """Whether a line cannot be of notes in the size of the text that begin with `first`: it is set
    otherwise, or is a row of a table."""
    if line.bold:
        return True
    return setting.places == "exact" and (
        len(line.cells) > 2 or not setting.alike(line.size, first.size)
    )


def _by_labels(
    column: Sequence[SetLine], pending: set[str], last: str, setting: TextSetting
) -> int | None:
    """Where the lines at the foot of a column begin whose labels go on counting and are called
    above; `last` is the label of the note before."""
    labels = [(n, found) for n, line in enumerate(column) if (found := _label(line, setting))]
    calls: dict[str, tuple[int, Call]] = {}
    for n, line in enumerate(column):
        for call in calls_in([line], typeless=True):
            calls.setdefault(call.label, (n, call))
    for at, (start, opening) in enumerate(labels):
        if start == 0 or not (opening.label in _FIRST or succeeds(opening.label, last)):
            continue
        if _is_bulleted(column, start, setting):
            continue
        chain = [opening]
        for _, found in labels[at + 1 :]:
            if found.label == opening.label:
                break
            if found.manner == opening.manner and succeeds(found.label, chain[-1].label):
                chain.append(found)
        called = [calls[x.label][1] for x in chain if calls.get(x.label, (start,))[0] < start]
        known = {call.label for call in called} | pending
        close = all(call.manner != "loose" for call in called)
        apart = _is_apart(column, start, setting)
        short = len(column) - start <= (LONGEST if apart else FOOT) * len(chain)
        sure = close or len(chain) > 1 or apart
        every = all(found.label in known for found in chain)
        if every and sure and short and _begins(column[start], opening):
            return start
    return None


def _is_bulleted(lines: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line begins with the sign of an item of a list: one near it begins so too."""
    own = _label(lines[n], setting)
    if own is None or own.manner != "star":
        return False
    near = (*lines[max(n - BULLETS, 0) : n], *lines[n + 1 : n + 1 + BULLETS])
    found = (_label(line, setting) for line in near if line.page == lines[n].page)
    return any(other is not None and other.label == own.label for other in found)


def _begins(line: SetLine, label: Label) -> bool:
    """Whether a label begins a note rather than going on with a sentence: “2 dans une pression”."""
    words = line.text[label.end :]
    return label.manner != "plain" or not words[:1].islower() or not words[1:2].islower()


def _with_run_over(
    column: Sequence[SetLine], start: int | None, note: FoundNote, setting: TextSetting
) -> int | None:
    """Where the lines at the foot begin, with those above that go on with a note of the page before
    which ends in mid-sentence: they begin with a small letter below a gap."""
    if ends_sentence(note.lines[-1].words):
        return start
    end = len(column) if start is None else start
    for n in range(end - 1, max(0, end - LONGEST), -1):
        if _is_apart(column, n, setting):
            goes_on = column[n].words[:1].islower() and ends_clause(column[n - 1].words)
            return n if goes_on else start
    return start


def _is_apart(column: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    gap = column[n].baseline - column[n - 1].baseline
    return gap > CLEARLY_APART * setting.lead(setting.size)


def _is_item(column: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line with a label is an item of a list, of which the one before is above."""
    own = _label(column[n], setting)
    above = [found for line in column[:n] if (found := _label(line, setting)) is not None]
    return (
        own is not None
        and own.label not in _FIRST
        and any(
            found.manner == own.manner
            and found.label != own.label
            and succeeds(own.label, found.label)
            for found in above
        )
    )


def _is_numbered_heading(column: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line with a label is short, and further from the one below than lines are."""
    line = column[n]
    if line.width > 0.8 * setting.frame(line).width or n + 1 == len(column):
        return False
    below = column[n + 1]
    own, next_ = label_of(line), label_of(below)
    listed = own is not None and next_ is not None and succeeds(next_.label, own.label)
    return not listed and below.baseline - line.baseline > 1.1 * setting.lead(line.size)


# ---------------------------------------------------------------- at ends


def _notes_at_ends(
    lines: Sequence[SetLine], setting: TextSetting, headed: bool, plain: bool = False
) -> FoundNotes:
    """The notes at the ends of chapters and of the text: `headed`, those below a heading of notes,
    else those in small type or at the top of a page, or, `plain`, in the type of the text above the
    next heading."""
    notes: list[FoundNote] = []
    headings: set[int] = set()
    at = start = section = 0
    called: dict[str, list[int]] = defaultdict(list)
    within: dict[str, list[int]] = defaultdict(list)  # lines that do not begin with the label
    for n, line in enumerate(lines):
        for call in calls_in([line], setting.any_figure):
            called[call.label].append(n)
            within[call.label] += [] if call.weak else [n]
    while at < len(lines):
        heading = at > 0 and HEADING.fullmatch(lines[at].words) is not None
        first = end = at + (_below_heading(lines, at, setting) if heading else 0)
        if heading == headed and first < len(lines):
            end = _end_of_notes(lines, first, start, called, setting, headed)
            if end == first and plain:
                end = _end_of_plain_notes(lines, first, start, within, setting)
        if end == first:
            at += 1
            continue
        found, before = _split(lines[first:end], setting)
        chapters = [x for x in lines[first:end] if LABEL.fullmatch(x.words) and x.capitals]
        notes += [replace(note.without(chapters), where="end", section=section) for note in found]
        headings |= {line.number for line in (*lines[at:first], *before, *chapters)}
        at = start = end
        section += 1
    return FoundNotes(tuple(notes), frozenset(headings))


def _below_heading(lines: Sequence[SetLine], at: int, setting: TextSetting) -> int:
    """How many lines below a heading of notes the first label is; what is between introduces it."""
    below = range(1, min(INTRODUCED, len(lines) - at - 1) + 1)
    return next((n for n in below if _label(lines[at + n], setting)), 1)


def _end_of_notes(
    lines: Sequence[SetLine],
    first: int,
    start: int,
    called: Mapping[str, Sequence[int]],
    setting: TextSetting,
    headed: bool,
) -> int:
    """Where the notes that begin with the line `first` end; `first` if they are no notes. The text
    that they belong to begins at `start`; `called` has the lines that may call each label."""

    def is_called(label: str) -> bool:
        near = called.get(label, ())
        n = bisect_left(near, start)
        return n < len(near) and near[n] < first

    opening = _label(lines[first], setting)
    told = setting.scanned and (headed or _are_tight(lines[first : first + BRIEF], setting))
    begins = opening is not None and opening.label in _FIRST
    begins = begins and not _is_bulleted(lines, first, setting)
    if opening is None or not begins or not (told or is_called(opening.label)):
        return first
    small = lines[first].size < SMALLER * setting.size
    if not (headed or small or lines[first - 1].page < lines[first].page):
        return first
    labels = [opening.label]
    end = first + 1
    again = called[opening.label]
    begun = first
    while end < len(lines):
        if end in again and _is_parted(lines, end, setting):  # the text goes on, with other notes
            break
        found = _label(lines[end], setting)
        next_ = found is not None and found.manner == opening.manner
        if next_ and found is not None and succeeds(found.label, labels[-1]):
            if found.label == opening.label and not headed:
                break
            labels.append(found.label)
            begun = end
        elif not setting.alike(lines[end].size, lines[first].size) or _is_heading(
            lines, end, setting
        ):
            break
        end += 1
    end = _end_of_last(lines, begun, end, setting)
    if told and not headed:
        end = min(end, _end_of_tight(lines, first, setting))
    enough = told or sum(map(is_called, labels)) >= CALLED * len(labels)
    sure = headed or (small and not setting.scanned) or len(labels) > 1
    short = headed or end - first <= LONGEST * len(labels)
    return end if enough and sure and short else first


def _end_of_tight(lines: Sequence[SetLine], first: int, setting: TextSetting) -> int:
    """Where the lines from `first` on end that are closer to each other than those of the text."""
    for n in range(first + 1, len(lines)):
        gap = lines[n].baseline - lines[n - 1].baseline
        below = lines[n].page == lines[n - 1].page and gap > 0
        loose = gap > LOOSE * setting.lead(setting.size)
        if loose if below else not _are_tight(lines[n : n + BRIEF], setting):
            return n
    return len(lines)


def _are_tight(lines: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether lines are closer to each other than those of the text: their calls may be misread."""
    gaps = [b.baseline - a.baseline for a, b in pairwise(lines) if b.page == a.page]
    return bool(gaps) and median(gaps) < CLEARLY_SMALLER * setting.lead(setting.size)


def _end_of_last(lines: Sequence[SetLine], begun: int, end: int, setting: TextSetting) -> int:
    """Where the last note of a plain text ends, which may be no note to the `end`."""
    if setting.estimated and end - begun > LONGEST:
        return _end_of_first_paragraph(lines, begun, setting) or end
    return end


def _end_of_plain_notes(
    lines: Sequence[SetLine],
    first: int,
    start: int,
    called: Mapping[str, Sequence[int]],
    setting: TextSetting,
) -> int:
    """Where notes in the type of the text end that begin with the line `first`: every label is
    called in the text from `start`, and what follows is no line like theirs. `first` if they are no
    notes."""
    labels: list[Label] = []
    end = first
    while end < len(lines):
        found = _label(lines[end], setting)
        if found and (succeeds(found.label, labels[-1].label) if labels else found.label in _FIRST):
            if not any(start <= n < first for n in called.get(found.label, ())):
                return first
            labels.append(found)
        elif not labels or _ends_plain_notes(lines, end, setting):
            break
        end += 1
    return end if labels and end - first <= FOOT * len(labels) else first


def _ends_plain_notes(lines: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line without a label is none of the notes above: it is set otherwise, or stands
    apart where a sentence ends."""
    line, above = lines[n], lines[n - 1]
    unlike = not setting.is_text(line.size) or line.bold or line.capitals
    return unlike or (_is_parted(lines, n, setting) and ends_sentence(above.words))


def _end_of_first_paragraph(
    lines: Sequence[SetLine], first: int, setting: TextSetting
) -> int | None:
    """Where the first paragraph of a note ends, after a short line that ends a sentence; None if it
    is long itself."""
    for n in range(first, min(first + BRIEF, len(lines))):
        if ends_sentence(lines[n].words) and lines[n].width < 0.9 * setting.frame(lines[n]).width:
            return n + 1
    return None


def _is_parted(lines: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line without a label stands below a gap."""
    gap = lines[n].baseline - lines[n - 1].baseline
    parted = lines[n].page != lines[n - 1].page or gap > CLEARLY_APART * setting.lead(setting.size)
    return parted and _label(lines[n], setting) is None


def _is_heading(lines: Sequence[SetLine], n: int, setting: TextSetting) -> bool:
    """Whether a line among notes looks like the heading of the next chapter."""
    line, above = lines[n], lines[n - 1]
    frame = setting.frame(line)
    gap = line.baseline - above.baseline
    apart = line.page != above.page or gap > 1.7 * setting.lead(line.size)
    shaped = line.bold or line.capitals or line.small_caps
    set_in = line.left > frame.left + 2 * setting.size
    short = line.width < 0.75 * frame.width
    return HEADING.fullmatch(line.words) is not None or (short and apart and (shaped or set_in))


# ---------------------------------------------------------------- in margins


def _notes_in_margins(
    lines: Sequence[SetLine], calls: Iterable[Call], setting: TextSetting
) -> Iterator[FoundNote]:
    """The notes in the margins: they begin with a label that their page calls, and go on in the
    lines right below."""
    called = {(call.page, call.label) for call in calls}
    note: FoundNote | None = None
    last: SetLine | None = None
    for line in lines:
        below = last is not None and _is_below(line, last)
        found = _label(line, setting)
        begins = found is not None and (line.page, found.label) in called
        if begins and found is not None and not (below and note and not _goes_on(note, found)):
            if note:
                yield note
            note = FoundNote(found.label, found.manner, (line.cut(found.end),), "margin")
            last = line
        elif below and note:
            note, last = note.with_more([line]), line
        else:
            last = None
    if note:
        yield note


def _is_below(line: SetLine, above: SetLine) -> bool:
    near = 0 < line.baseline - above.baseline < 1.7 * above.size
    return line.page == above.page and near and line.left < above.right and line.right > above.left
