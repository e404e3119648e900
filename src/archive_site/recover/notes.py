"""Notes and their calls. A call may be a raised figure, a figure attached to a word, `[1]` or `*`;
a note may be at the foot of a page, at the end of the text, or anywhere between paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby

from archive_site import interface
from archive_site.recover.draft import (
    CALL,
    END,
    PAGE,
    RAISED,
    Draft,
    DraftBlock,
    Line,
    NoteDraft,
    ends_clause,
    ends_sentence,
    vocabulary,
)
from archive_site.recover.prose import as_paragraphs, join_lines
from archive_site.text.document import Omission
from archive_site.witness.collate import printed_label

ORDINAL_LINE = re.compile(r"\s*(e|er|re|ère|ème|è|o|os|nd|nde|°)\s*")
CALL_LINE = re.compile(r"\s*(\d{1,3}|[*†‡]{1,3})\s*")
TAKES_ORDINAL = re.compile(r"(?:\b[IVXLC]+|\d)$")
ORDINAL_REACH = 20  # no roman number is longer
NOTES_HEADING = re.compile(
    r"\s*notes?(?: de (?:bas de page|fin|la rédaction|l[’']éditeur|l[’']auteur))?\s*:?\s*", re.I
)
LABEL = re.compile(
    r"\s*(?:\[(?P<b>\d{1,3})\]|\((?P<p>\d{1,3})\)|(?P<d>\d{1,3})[.)]|(?P<n>\d{1,3})(?=\s)"
    r"|(?P<s>[*†‡]{1,3}))\s*(?=\S)"
)
GAP = interface.NOTE_MISSING
ORPHAN = interface.CALL_MISSING


def join_raised_characters(draft: Draft) -> Draft:
    """Join raised ordinals and note calls on separate lines to the words that they belong to."""
    out: list[_Joined] = []
    pending = False  # the next line with words continues the one that got a raised character
    for i, line in enumerate(draft.lines):
        above = draft.lines[i - 1] if i else None
        if line.blank:
            if not pending:
                out.append(_Joined(line))
            elif above is not None and above.blank:
                pending = False
                out.append(_Joined(line))
            continue
        ordinal, call = ORDINAL_LINE.fullmatch(line.text), CALL_LINE.fullmatch(line.text)
        last = next((j for j in range(len(out) - 1, -1, -1) if not out[j].line.blank), None)
        if ordinal and last is not None and TAKES_ORDINAL.search(out[last].tail):
            del out[last + 1 :]
            out[last].join(f"{RAISED}{ordinal[1]}{END}", line)
            pending = True
        elif call and last is not None and _is_call(draft.lines, i):
            del out[last + 1 :]
            out[last].join(f"{CALL}{call[1]}{END}", line)
            below = draft.lines[i + 1 : i + 2]
            pending = _sentence_goes_on(draft.lines, i) or not (below and below[0].blank)
        elif pending and out:
            glue = "" if line.text[0] in " .,;:)»!?" else " "
            out[-1].join(glue + line.text, line)
            pending = False
        else:
            out.append(_Joined(line))
    return replace(draft, lines=tuple(joined.whole for joined in out))


@dataclass(slots=True)
class _Joined:
    """A line, and the parts of later lines that are joined to it."""

    line: Line
    below: list[str] = field(default_factory=list)
    last: int = 0

    @property
    def tail(self) -> str:
        """The last characters so far, without trailing spaces."""
        return (self.below[-1] if self.below else self.line.text).rstrip()[-ORDINAL_REACH:]

    @property
    def whole(self) -> Line:
        """The line with all parts joined to it."""
        if not self.below:
            return self.line
        parts = [part.rstrip() for part in (self.line.text, *self.below[:-1])]
        return replace(self.line, text="".join([*parts, self.below[-1]]), last=self.last)

    def join(self, words: str, line: Line) -> None:
        """Join `words`, which come from `line`."""
        self.below.append(words)
        self.last = line.until


def _is_call(lines: tuple[Line, ...], i: int) -> bool:
    """Whether the figure on line `i` is a note call rather than a note label: the line above is not
    blank, or the sentence continues below."""
    return not lines[i - 1].blank or _sentence_goes_on(lines, i)


def _sentence_goes_on(lines: tuple[Line, ...], i: int) -> bool:
    below = next((line for line in lines[i + 1 : i + 3] if not line.blank), None)
    return below is not None and re.match(r"\s*[a-zà-ÿ,;.:)»]", below.text) is not None


def _is_heading(lines: tuple[Line, ...], i: int) -> bool:
    """Whether line `i`, which begins with a number, is a heading: a blank line follows, and it does
    not end a sentence."""
    alone = i + 1 == len(lines) or lines[i + 1].blank
    return alone and not ends_sentence(lines[i].words) and "http" not in lines[i].text


# ---------------------------------------------------------------- finding the notes


@dataclass(frozen=True, slots=True)
class _Found:
    """A note: its label and the indices of its lines."""

    label: str
    lines: tuple[int, ...]


FoundNote = tuple[str, tuple[tuple[Line, ...], ...]]
"""A note's label and the lines of each of its paragraphs."""


def find_notes(draft: Draft) -> Draft:
    """Move the notes out of the lines of the text, each with its label."""
    lines = draft.lines
    section, aside = _section(lines)
    found = section or _at_page_feet(lines) or _in_the_stream(lines)
    taken = {i for note in found for i in note.lines} | aside.keys()
    if all(line.blank for i, line in enumerate(lines) if i not in taken):
        return draft  # if nothing but notes is left, they are the text
    note_lines = tuple((note.label, _paragraphs(note, lines)) for note in found)
    omissions = tuple(Omission(lines[i].number, lines[i].until, why) for i, why in aside.items())
    kept = tuple(replace(line, text="") if i in taken else line for i, line in enumerate(lines))
    return replace(
        draft,
        lines=kept,
        note_lines=_unique(note_lines),
        omissions=draft.omissions + omissions,
    )


def _unique(notes: tuple[FoundNote, ...]) -> tuple[FoundNote, ...]:
    """The notes with unique labels: one used several times gets its page as a prefix; one used
    several times on a page gets a number as a suffix too."""
    counts = Counter(label for label, _ in notes)
    numbers: Counter[str] = Counter()
    unique: dict[str, tuple[tuple[Line, ...], ...]] = {}
    for label, paragraphs in notes:
        again = counts[label] > 1 and paragraphs
        name = own = f"{paragraphs[0][0].page}.{label}" if again else label
        while name in unique:
            numbers[own] += 1
            name = f"{own}-{numbers[own] + 1}"
        unique[name] = paragraphs
    return tuple(unique.items())


def _section(lines: tuple[Line, ...]) -> tuple[list[_Found], dict[int, str]]:
    """The notes of a section at the end that has a heading, and why its other lines are omitted, by
    index. Both are empty if the text has no such section."""
    heading = next(
        (i for i in range(len(lines) - 1, 0, -1) if NOTES_HEADING.fullmatch(lines[i].text)),
        None,
    )
    if heading is None:
        return [], {}
    found: list[tuple[str, list[int]]] = []
    aside = {heading: interface.SET_ASIDE_AS["heading of the notes"]}
    expected = 1
    for i in range(heading + 1, len(lines)):
        if lines[i].blank and not found:
            continue
        label = _label(lines[i], expected)
        if label is not None:
            found.append((label, [i]))
            expected += 1
        elif found:
            found[-1][1].append(i)
        else:
            aside[i] = interface.SET_ASIDE_AS["foreword of the notes"]
    body = "\n".join(line.text for line in lines[:heading])
    sure = len(found) > 1 or any(label in _called(body) for label, _ in found)
    return ([_Found(label, tuple(span)) for label, span in found], aside) if sure else ([], {})


def _at_page_feet(lines: tuple[Line, ...]) -> list[_Found]:
    """Notes at page feet whose raised label is alone on its line."""
    found: list[_Found] = []
    for _, group in groupby(range(len(lines)), key=lambda i: lines[i].page):
        page = list(group)
        labels = [i for i in page if _is_raised_label(lines, i)]
        if not labels:
            continue
        run_over = _run_over(lines, page, labels[0]) if found else ()
        if run_over:
            found[-1] = replace(found[-1], lines=found[-1].lines + run_over)
        ends = [*labels[1:], page[-1] + 1]
        for label, end in zip(labels, ends, strict=True):
            found.append(_Found(lines[label].text.strip(), tuple(range(label, end))))
    return found


def _is_raised_label(lines: tuple[Line, ...], i: int) -> bool:
    if not CALL_LINE.fullmatch(lines[i].text) or (i and not lines[i - 1].blank):
        return False
    below = next((line for line in lines[i + 1 : i + 3] if not line.blank), None)
    return below is not None and below.page == lines[i].page


def _run_over(lines: tuple[Line, ...], page: list[int], label: int) -> tuple[int, ...]:
    """The lines above a page's first label that continue the last note of the page before."""
    start, blanks, found = label, 0, False
    for i in range(label - 1, page[0], -1):
        if lines[i].blank:
            blanks += 1
            if blanks >= 2 and found:
                break
        else:
            start, blanks, found = i, 0, True
    opens_low = found and lines[start].text.strip()[:1].islower()
    near = sum(not lines[i].blank for i in range(start, label)) <= RUN_OVER_LINES
    return tuple(range(start, label)) if opens_low and near else ()


RUN_OVER_LINES = 8


def _in_the_stream(lines: tuple[Line, ...]) -> list[_Found]:
    """Notes anywhere on a page whose label begins a run of lines and is called in the text."""
    called = _called("\n".join(line.text for line in lines))
    pages = _pages(lines)
    found: list[_Found] = []
    taken: set[int] = set()
    expected = 1
    for i, line in enumerate(lines):
        if i in taken or line.blank:
            continue
        first = i == 0 or lines[i - 1].blank or (i - 1) in taken or lines[i - 1].page != line.page
        label = _label(line, expected) or (_label(line, 1) if first else None) if first else None
        if label is None or _is_heading(lines, i) or label not in called:
            continue
        span = _extent(lines, i, expected)
        if label.isdigit():
            expected = int(label) + 1
        span += _run_over_below(lines, span[-1], pages)
        taken.update(span)
        found.append(_Found(label, tuple(span)))
    return found


def _pages(lines: tuple[Line, ...]) -> dict[int, list[int]]:
    """The indices of the lines of each page, by page."""
    pages: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        pages.setdefault(line.page, []).append(i)
    return pages


def _run_over_below(lines: tuple[Line, ...], last: int, pages: dict[int, list[int]]) -> list[int]:
    """The rest of a note that breaks off in mid-sentence at the end of its page: the last run of
    lines on the next page (above its first note, if it has notes), if that begins in lower case and
    the run before it ends a sentence."""
    here = pages[lines[last].page]
    ends_page = all(lines[i].blank for i in here[bisect_right(here, last) :])
    if not ends_page or ends_clause(lines[last].text):
        return []
    page = pages.get(lines[last].page + 1, [])
    label = next((i for i in page if not lines[i].blank and LABEL.match(lines[i].text)), None)
    runs = [run for run in _runs(lines, page) if label is None or run[-1] < label]
    if len(runs) < 2 or not lines[runs[-1][0]].words[:1].islower():
        return []
    return runs[-1] if ends_sentence(lines[runs[-2][-1]].text) else []


def _runs(lines: tuple[Line, ...], indices: list[int]) -> list[list[int]]:
    """The indices of each run of lines that are not blank."""
    groups = groupby(indices, key=lambda i: lines[i].blank)
    return [list(group) for blank, group in groups if not blank]


def _extent(lines: tuple[Line, ...], start: int, expected: int) -> list[int]:
    """The indices of the lines of the note that begins at `start`. It ends at the next label, at
    the end of the page, or at a blank line after the end of a clause or a web address."""
    span = [start]
    for i in range(start + 1, len(lines)):
        line, above = lines[i], lines[i - 1]
        if line.blank:
            continue
        if _label(line, expected + 1) is not None:
            break
        last = lines[span[-1]].text
        done = ends_clause(last) or _ends_in_address(last)
        if (above.blank or line.page != above.page) and done:
            break
        if line.page != above.page:
            break
        span.append(i)
    return span


def _ends_in_address(text: str) -> bool:
    """Whether the last word looks like a complete web address, or the end of one."""
    word = text.rsplit(None, 1)[-1]
    return 0 < word.find("/", 1) < len(word) - 1 and word[-1] not in "/_.-"


def _label(line: Line, expected: int) -> str | None:
    match = LABEL.match(line.text)
    if match is None:
        return None
    if match["s"]:
        return match["s"]
    figure = match["b"] or match["p"] or match["d"] or match["n"]
    return figure if int(figure) == expected else None


def _called(body: str) -> set[str]:
    """The labels of all possible note calls in `body`."""
    stars = (run[0][-length:] for run in _STARS.finditer(body) for length in MOST_STARS)
    return {call[1] for way in _CALLS for call in way.finditer(body)} | {*stars}


def _paragraphs(note: _Found, lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], ...]:
    first, *rest = [lines[i] for i in note.lines]
    match = LABEL.match(first.text)
    label_only = CALL_LINE.fullmatch(first.text)
    cut = len(first.text) if label_only else match.end() if match else 0
    kept = (replace(first, text=first.text[cut:]), *rest)
    uncalled = re.compile(f"{CALL}([^{END}]*){END}")  # a figure in a note is not a call
    return as_paragraphs(tuple(replace(line, text=uncalled.sub(r"\1", line.text)) for line in kept))


# ---------------------------------------------------------------- placing the calls


def place_calls(draft: Draft) -> Draft:
    """Find the call of each note, in the order of the notes, and mark it as a call."""
    texts = [passage.text for passage in draft.passages]
    words = vocabulary(draft.lines)
    calls = _calls_in(texts)
    last_before = _last_before(draft.passages)
    found: dict[int, list[_Call]] = {}
    orphaned: dict[int, list[str]] = {}
    notes: list[NoteDraft] = []
    at, offset = 0, 0
    for label, paragraphs in draft.note_lines:
        call = _next_call(calls, printed_label(label), at, offset)
        if call is None:
            last = last_before(paragraphs[0][0].number if paragraphs else 0)
            orphaned.setdefault(last, []).append(label)
        else:
            at, offset = call.passage, call.end
            found.setdefault(at, []).append(replace(call, label=label))
        notes.append(
            NoteDraft(label, tuple(DraftBlock(p, text=join_lines(p, words)) for p in paragraphs))
        )
    passages = [
        _with_calls(passage, found.get(i, []), orphaned.get(i, []))
        for i, passage in enumerate(draft.passages)
    ]
    passages, orphans = _orphan_calls(passages, {note.label for note in notes})
    return replace(draft, passages=tuple(passages), notes=(*notes, *orphans))


def _with_calls(passage: DraftBlock, calls: list[_Call], orphaned: list[str]) -> DraftBlock:
    """A passage with its calls marked. Calls of the notes `orphaned` are added at its end."""
    parts, at = [], 0
    for call in calls:
        parts += [passage.text[at : call.start], f"{CALL}{call.label}{END}"]
        at = call.end
    parts += [passage.text[at:], *(f"{CALL}{label}{END}" for label in orphaned)]
    doubts = (*passage.doubts, *dict.fromkeys([ORPHAN] * len(orphaned)))
    return replace(passage, text="".join(parts), doubts=doubts)


def _last_before(passages: Sequence[DraftBlock]) -> Callable[[int], int]:
    """A function from the number of a witness line to the index of the last passage that begins at
    or before it. If none does, it returns the index of the last passage."""
    numbers = [p.lines[0].number for p in passages]
    least = list(accumulate(reversed(numbers), min))[::-1]  # of a passage and all after it
    return lambda number: (bisect_right(least, number) or len(passages)) - 1


def _orphan_calls(
    passages: list[DraftBlock], known: set[str]
) -> tuple[list[DraftBlock], list[NoteDraft]]:
    """The passages with unique call labels, and a note with a gap for each call without a note. The
    second call of a label gets a suffix."""
    placed: set[str] = set()
    numbers: Counter[str] = Counter()
    orphans: list[NoteDraft] = []

    def call(match: re.Match[str]) -> str:
        label = match[1]
        while label in placed:
            numbers[match[1]] += 1
            label = f"{match[1]}-{numbers[match[1]] + 1}"
        placed.add(label)
        if label not in known:
            orphans.append(NoteDraft(label, (), gap=GAP))
        return f"{CALL}{label}{END}"

    texts = (re.sub(f"{CALL}([^{END}]*){END}", call, p.text) for p in passages)
    return [replace(p, text=t) for p, t in zip(passages, texts, strict=True)], orphans


# ---------------------------------------------------------------- what may call a note

_AFTER = r"(?=[\s.,;:!?»”\"’)…]|$)"
_CALLS = (
    re.compile(rf"{CALL}(\d{{1,3}}|[*†‡]{{1,3}}){END}"),
    re.compile(rf"(?:(?<=\S)\s+)?(?<!{PAGE})\[(\d{{1,3}})\]"),
    re.compile(r"(?<=\w)\s?\((\d{1,3})\)"),
    re.compile(rf"(?<=[^\W\d]|[»”\"’.!?,;)…])(\d{{1,3}}){_AFTER}", re.M),
    re.compile(r"(?<=[^\W\d]) (\d{1,3})(?=[.,;:!?»](?:\s|$))", re.M),
    re.compile(rf"(?<=\b1[5-9]\d\d|\b20\d\d)(\d{{1,3}}){_AFTER}", re.M),
)
"""How a call may be printed, from most to least certain: raised, in square or round brackets,
attached to a word, after a space, attached to a year."""
_STARS = re.compile(r"(?<=\S)[*†‡]+")
MOST_STARS = (1, 2, 3)
"""How many stars or daggers a note label may have."""


@dataclass(frozen=True, slots=True, order=True)
class _Call:
    """A possible call: the index of its passage, its span in the text of the passage, its label."""

    passage: int
    start: int
    end: int = 0
    label: str = ""


def _calls_in(texts: Sequence[str]) -> list[dict[str, list[_Call]]]:
    """All possible calls in `texts`: for each way of printing a call, by label, in order."""
    ways: list[dict[str, list[_Call]]] = [{} for _ in (*_CALLS, _STARS)]
    for passage, text in enumerate(texts):
        marked = _marks_in(text)
        for way, pattern in zip(ways, _CALLS, strict=False):
            for match in pattern.finditer(text):
                call = _Call(passage, *match.span(), match[1])
                if call.start > 0 and (match[0][0] == CALL or not _within(marked, call.start)):
                    way.setdefault(call.label, []).append(call)
        for match in _STARS.finditer(text):
            for label in {match[0][-length:] for length in MOST_STARS}:
                call = _Call(passage, match.end() - len(label), match.end(), label)
                if not _within(marked, call.start):
                    ways[-1].setdefault(label, []).append(call)
    return ways


def _next_call(
    ways: Iterable[dict[str, list[_Call]]], label: str, at: int, offset: int
) -> _Call | None:
    """The most certain call of `label` at or after `offset` in the passage `at`."""
    for way in ways:
        calls = way.get(label, ())
        n = bisect_left(calls, _Call(at, offset))
        if n < len(calls):
            return calls[n]
    return None


def _marks_in(text: str) -> list[tuple[int, int]]:
    """The spans of calls and page marks in `text`."""
    marks = re.finditer(f"[{CALL}{PAGE}][^{END}]*(?:{END}|$)", text)
    return [(mark.start(), mark.end()) for mark in marks]


def _within(marks: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether the position `at` is within one of the spans `marks`."""
    n = bisect_left(marks, (at,)) - 1
    return n >= 0 and at < marks[n][1]
