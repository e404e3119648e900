"""Notes: raised figures, calls glued to words, `[1]`, `*`; notes at page feet, at the end, or
anywhere in the stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from archive_site.collate import printed_label
from archive_site.document import Omission
from archive_site.recover.draft import (
    CALL,
    END,
    PAGE,
    RAISED,
    SENTENCE_END,
    TERMINAL,
    Draft,
    Line,
    NoteDraft,
    Passage,
    vocabulary,
)
from archive_site.recover.prose import as_paragraphs, join_lines

ORDINAL_LINE = re.compile(r"\s*(e|er|re|ère|ème|è|o|os|nd|nde|°)\s*")
CALL_LINE = re.compile(r"\s*(\d{1,3}|[*†‡]{1,3})\s*")
TAKES_ORDINAL = re.compile(r"(?:\b[IVXLC]+|\d)\s*$")
NOTES_HEADING = re.compile(
    r"\s*notes?(?: de (?:bas de page|fin|la rédaction|l[’']éditeur|l[’']auteur))?\s*:?\s*", re.I
)
LABEL = re.compile(
    r"\s*(?:\[(?P<b>\d{1,3})\]|\((?P<p>\d{1,3})\)|(?P<d>\d{1,3})[.)]|(?P<n>\d{1,3})(?=\s)"
    r"|(?P<s>[*†‡]{1,3}))\s*(?=\S)"
)
COMPLETE = re.compile(r"(?:https?://|\S/)\S*[^\s/_.\-]\s*$")
GAP = "le texte de cette note manque dans le témoin"
ORPHAN = "note sans appel dans le témoin : l’appel est placé ici par défaut"


def join_raised_characters(draft: Draft) -> Draft:
    """Put raised ordinals and note calls that stand on lines of their own back in their words."""
    out: list[Line] = []
    pending = False  # the next full line goes on where a raised character stands
    for i, line in enumerate(draft.lines):
        above = draft.lines[i - 1] if i else None
        if line.blank:
            if not pending:
                out.append(line)
            elif above is not None and above.blank:
                pending = False
                out.append(line)
            continue
        ordinal, call = ORDINAL_LINE.fullmatch(line.text), CALL_LINE.fullmatch(line.text)
        last = next((j for j in range(len(out) - 1, -1, -1) if not out[j].blank), None)
        if ordinal and last is not None and TAKES_ORDINAL.search(out[last].text):
            del out[last + 1 :]
            out[last] = _with(out[last], f"{RAISED}{ordinal[1]}{END}", line)
            pending = True
        elif call and last is not None and _is_call(draft.lines, i):
            del out[last + 1 :]
            out[last] = _with(out[last], f"{CALL}{call[1]}{END}", line)
            below = draft.lines[i + 1 : i + 2]
            pending = _sentence_goes_on(draft.lines, i) or not (below and below[0].blank)
        elif pending and out:
            glue = "" if line.text[0] in " .,;:)»!?" else " "
            out[-1] = _with(out[-1], glue + line.text, line)
            pending = False
        else:
            out.append(line)
    return replace(draft, lines=tuple(out))


def _is_call(lines: tuple[Line, ...], i: int) -> bool:
    """Whether the figure alone on line `i` calls a note, rather than labels one: it stands right
    below a word, or the sentence goes on after it."""
    return not lines[i - 1].blank or _sentence_goes_on(lines, i)


def _sentence_goes_on(lines: tuple[Line, ...], i: int) -> bool:
    below = next((line for line in lines[i + 1 : i + 3] if not line.blank), None)
    return below is not None and re.match(r"\s*[a-zà-ÿ,;.:)»]", below.text) is not None


def _is_heading(lines: tuple[Line, ...], i: int) -> bool:
    """Whether `N. words` alone between blank lines, without an end of sentence, is a heading."""
    alone = i + 1 == len(lines) or lines[i + 1].blank
    return alone and not SENTENCE_END.search(lines[i].words) and "http" not in lines[i].text


def _with(line: Line, tail: str, joined: Line) -> Line:
    return replace(line, text=line.text.rstrip() + tail, last=joined.until)


# ---------------------------------------------------------------- finding the notes


@dataclass(frozen=True, slots=True)
class _Found:
    """A note found: its label, and the indices of its lines."""

    label: str
    lines: tuple[int, ...]


FoundNote = tuple[str, tuple[tuple[Line, ...], ...]]
"""A note's label, and its paragraphs as lines."""


def find_notes(draft: Draft) -> Draft:
    """Take the notes out of the stream, each with its label."""
    lines = draft.lines
    section, aside = _section(lines)
    found = section or _at_page_feet(lines) or _in_the_stream(lines)
    taken = {i for note in found for i in note.lines} | aside.keys()
    if all(line.blank for i, line in enumerate(lines) if i not in taken):
        return draft  # notes to nothing are the text itself
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
    """Labels that begin again on each page get their page before them; on one page, a number
    after them."""
    labels = [label for label, _ in notes]
    unique: dict[str, tuple[tuple[Line, ...], ...]] = {}
    for label, paragraphs in notes:
        again = labels.count(label) > 1 and paragraphs
        name = f"{paragraphs[0][0].page}.{label}" if again else label
        number = 1
        while (f"{name}-{number}" if number > 1 else name) in unique:
            number += 1
        unique[f"{name}-{number}" if number > 1 else name] = paragraphs
    return tuple(unique.items())


def _section(lines: tuple[Line, ...]) -> tuple[list[_Found], dict[int, str]]:
    """A section of notes at the end, under a heading of its own."""
    heading = next(
        (i for i in range(len(lines) - 1, 0, -1) if NOTES_HEADING.fullmatch(lines[i].text)),
        None,
    )
    if heading is None:
        return [], {}
    found: list[_Found] = []
    aside = {heading: "titre de la section des notes"}
    expected = 1
    for i in range(heading + 1, len(lines)):
        if lines[i].blank and not found:
            continue
        label = _label(lines[i], expected)
        if label is not None:
            found.append(_Found(label, (i,)))
            expected += 1
        elif found:
            found[-1] = replace(found[-1], lines=(*found[-1].lines, i))
        else:
            aside[i] = "avertissement en tête des notes"
    body = "\n".join(line.text for line in lines[:heading])
    sure = len(found) > 1 or any(_called(note.label, body) for note in found)
    return (found, aside) if sure else ([], {})


def _at_page_feet(lines: tuple[Line, ...]) -> list[_Found]:
    """Notes at page feet whose raised label stands on a line of its own."""
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
    """Lines above a page's first label that go on from the note at the foot of the page before."""
    start, blanks, seen = label, 0, False
    for i in range(label - 1, page[0], -1):
        if lines[i].blank:
            blanks += 1
            if blanks >= 2 and seen:
                break
        else:
            start, blanks, seen = i, 0, True
    opens_low = seen and lines[start].text.strip()[:1].islower()
    near = sum(not lines[i].blank for i in range(start, label)) <= RUN_OVER_LINES
    return tuple(range(start, label)) if opens_low and near else ()


RUN_OVER_LINES = 8


def _in_the_stream(lines: tuple[Line, ...]) -> list[_Found]:
    """Notes whose label opens a run of lines, wherever it stands, and is called in the text."""
    body = "\n".join(line.text for line in lines)
    found: list[_Found] = []
    taken: set[int] = set()
    expected = 1
    for i, line in enumerate(lines):
        if i in taken or line.blank:
            continue
        first = i == 0 or lines[i - 1].blank or (i - 1) in taken or lines[i - 1].page != line.page
        label = _label(line, expected) or (_label(line, 1) if first else None) if first else None
        if label is None or _is_heading(lines, i) or not _called(label, body):
            continue
        span = _extent(lines, i, expected)
        if label.isdigit():
            expected = int(label) + 1
        span += _run_over_below(lines, span[-1])
        taken.update(span)
        found.append(_Found(label, tuple(span)))
    return found


def _run_over_below(lines: tuple[Line, ...], last: int) -> list[int]:
    """The rest of a note that ends in mid-sentence at its page's end: the last run of lines of the
    next page, or the one above its first note, that begins in lower case after a full stop."""
    ends_page = all(line.blank or line.page != lines[last].page for line in lines[last + 1 :])
    if not ends_page or TERMINAL.search(lines[last].text.rstrip()):
        return []
    page = [i for i, line in enumerate(lines) if line.page == lines[last].page + 1]
    label = next((i for i in page if not lines[i].blank and LABEL.match(lines[i].text)), None)
    runs = [run for run in _runs(lines, page) if label is None or run[-1] < label]
    if len(runs) < 2 or not lines[runs[-1][0]].words[:1].islower():
        return []
    return runs[-1] if SENTENCE_END.search(lines[runs[-2][-1]].text.rstrip()) else []


def _runs(lines: tuple[Line, ...], indices: list[int]) -> list[list[int]]:
    """Runs of lines that are not blank."""
    groups = groupby(indices, key=lambda i: lines[i].blank)
    return [list(group) for blank, group in groups if not blank]


def _extent(lines: tuple[Line, ...], start: int, expected: int) -> list[int]:
    """The lines of the note that begins at `start`: to the next label, or to where its sense and
    its run of lines both end."""
    span = [start]
    for i in range(start + 1, len(lines)):
        line, above = lines[i], lines[i - 1]
        if line.blank:
            continue
        if _label(line, expected + 1) is not None:
            break
        last = lines[span[-1]].text
        done = TERMINAL.search(last.rstrip()) or COMPLETE.search(last)
        if (above.blank or line.page != above.page) and done:
            break
        if line.page != above.page:
            break
        span.append(i)
    return span


def _label(line: Line, expected: int) -> str | None:
    match = LABEL.match(line.text)
    if match is None:
        return None
    if match["s"]:
        return match["s"]
    figure = match["b"] or match["p"] or match["d"] or match["n"]
    return figure if int(figure) == expected else None


def _called(label: str, body: str) -> bool:
    return any(pattern.search(body) for pattern in _call_patterns(label))


def _paragraphs(note: _Found, lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], ...]:
    first, *rest = [lines[i] for i in note.lines]
    match = LABEL.match(first.text)
    label_only = CALL_LINE.fullmatch(first.text)
    cut = len(first.text) if label_only else match.end() if match else 0
    kept = (replace(first, text=first.text[cut:]), *rest)
    uncalled = re.compile(f"{CALL}([^{END}]*){END}")  # a figure in a note is no call
    return as_paragraphs(tuple(replace(line, text=uncalled.sub(r"\1", line.text)) for line in kept))


# ---------------------------------------------------------------- placing the calls


def place_calls(draft: Draft) -> Draft:
    """Turn the figures that call the notes into calls, in the order of the notes."""
    passages = list(draft.passages)
    words = vocabulary(draft.lines)
    notes: list[NoteDraft] = []
    at, offset = 0, 0
    for label, paragraphs in draft.note_lines:
        printed = printed_label(label)
        place = _place(passages, printed, at, offset)
        if place is None:
            last = _last_before(passages, paragraphs[0][0].number if paragraphs else 0)
            passages[last] = _marked(passages[last], len(passages[last].text), 0, label, ORPHAN)
        else:
            at, start, length = place
            passages[at] = _marked(passages[at], start, length, label)
            offset = start + 1
        notes.append(
            NoteDraft(label, tuple(Passage(p, text=join_lines(p, words)) for p in paragraphs))
        )
    passages, orphans = _orphan_calls(passages, {note.label for note in notes})
    return replace(draft, passages=tuple(passages), notes=(*notes, *orphans))


def _orphan_calls(
    passages: list[Passage], known: set[str]
) -> tuple[list[Passage], list[NoteDraft]]:
    """A note that says it is missing, for every call that has none of its own; a figure that calls
    twice gets a second label."""
    placed: set[str] = set()
    orphans: list[NoteDraft] = []

    def call(match: re.Match[str]) -> str:
        label, number = match[1], 1
        while label in placed:
            number += 1
            label = f"{match[1]}-{number}"
        placed.add(label)
        if label not in known:
            orphans.append(NoteDraft(label, (), gap=GAP))
        return f"{CALL}{label}{END}"

    texts = (re.sub(f"{CALL}([^{END}]*){END}", call, p.text) for p in passages)
    return [replace(p, text=t) for p, t in zip(passages, texts, strict=True)], orphans


def _call_patterns(label: str) -> Iterator[re.Pattern[str]]:
    figure = re.escape(label)
    yield re.compile(rf"{CALL}{figure}{END}")
    if not label.isdigit():
        yield re.compile(rf"(?<=\S){figure}(?![*†‡])")
        return
    yield re.compile(rf"\s*(?<!{PAGE})\[{figure}\]")
    yield re.compile(rf"(?<=\w)\s?\({figure}\)")
    after = r"(?=[\s.,;:!?»”\"’)…]|$)"
    yield re.compile(rf"(?<=[^\W\d]|[»”\"’.!?,;)…]){figure}{after}", re.M)
    yield re.compile(rf"(?<=[^\W\d]) {figure}(?=[.,;:!?»](?:\s|$))", re.M)
    yield re.compile(rf"(?<=\b1[5-9]\d\d|\b20\d\d){figure}{after}", re.M)


def _place(
    passages: list[Passage], label: str, at: int, offset: int
) -> tuple[int, int, int] | None:
    """The passage, place and length of the call of `label`, at or after a place."""
    for pattern in _call_patterns(label):
        for i in range(at, len(passages)):
            text = passages[i].text
            for match in pattern.finditer(text, offset if i == at else 0):
                own = match[0].startswith(CALL)
                if match.start() > 0 and (own or not _within_mark(text, match.start())):
                    return i, match.start(), match.end() - match.start()
    return None


def _within_mark(text: str, at: int) -> bool:
    """Whether a place is within a call or page mark already made."""
    return max(text.rfind(CALL, 0, at), text.rfind(PAGE, 0, at)) > text.rfind(END, 0, at)


def _marked(passage: Passage, start: int, length: int, label: str, doubt: str = "") -> Passage:
    text = passage.text
    call = f"{CALL}{label}{END}"
    doubts = (*passage.doubts, doubt) if doubt else passage.doubts
    return replace(passage, text=text[:start] + call + text[start + length :], doubts=doubts)


def _last_before(passages: list[Passage], number: int) -> int:
    before = [i for i, p in enumerate(passages) if p.lines and p.lines[0].number <= number]
    return before[-1] if before else len(passages) - 1
