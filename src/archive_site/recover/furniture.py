"""Page furniture, which is not part of the text: running heads, link residue, line numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby, pairwise

from archive_site import interface
from archive_site.recover.draft import Draft, Line, ends_sentence, key, masked_key
from archive_site.text.document import Omission

URL_LINE = re.compile(r"\s*(?:https?://|www\.)\S+\s*")
NUMBERED_LINE = re.compile(r"\s*(\d{1,4})(?:\s{2,}|\t)(?=\S)|.*\S\s{3,}(\d{1,4})\s*$")
HEAD_WITH_FOLIO = re.compile(r"\f?\s*(?:(\d{1,4})\s{2,}\S.{1,80}|\S.{1,80}?\s{2,}(\d{1,4}))\s*")
LEAST_HEADS = 2
EDGE_LINES = 2
"""A running head is among the first or the last lines of its page: this many at each end."""
HEAD_LENGTH = 90
LEAST_NUMBERED = 5


def set_furniture_aside(draft: Draft) -> Draft:
    """Declare line numbers, running heads and link residue as omissions."""
    draft = _line_numbers(draft)
    pages = [list(lines) for _, lines in groupby(draft.lines, key=lambda line: line.page)]
    edges = [_edges(lines) for lines in pages]
    counts = Counter(masked_key(line.text) for lines in edges for line in lines)
    whole = Counter(key(line.text) for line in draft.lines if not line.blank)
    opening = next((line for line in draft.lines if not line.blank), None)  # may be the title
    heads = {
        line.number: interface.SET_ASIDE_AS["running head"]
        for lines in edges
        for line in lines
        if _may_be_head(line)
        and line is not opening
        and (
            counts[masked_key(line.text)] > 1
            or (whole[key(line.text)] > 1 and " " in line.words and line.page > 1)
        )
    }
    residue = {
        line.number: interface.SET_ASIDE_AS["link residue"]
        for lines in pages
        for i, line in enumerate(lines)
        if URL_LINE.fullmatch(line.text) and _stands_alone(lines, i)
    }
    numbered, folios = _numbered_heads(edges)
    aside = heads | residue | numbered
    omissions = tuple(Omission(number, number, why) for number, why in aside.items())
    head_keys = {key(line.text) for line in draft.lines if line.number in heads}
    kept = (replace(line, text="") if line.number in aside else line for line in draft.lines)
    return replace(
        draft,
        lines=tuple(kept),
        omissions=draft.omissions + omissions,
        running_heads=tuple(sorted(head_keys)),
        folios=draft.folios | folios,
    )


def _numbered_heads(edges: list[list[Line]]) -> tuple[dict[int, str], dict[int, str]]:
    """Running heads on the same line as a folio, with spaces between: line → why, page → folio.
    The folios must count up with the pages."""
    found = [
        (line, int(match[1] or match[2]))
        for lines in edges
        for line in lines
        if (match := HEAD_WITH_FOLIO.fullmatch(line.text))
    ]
    offsets = Counter(folio - line.page for line, folio in found)
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    if count < LEAST_HEADS:
        return {}, {}
    heads = [(line, folio) for line, folio in found if folio - line.page == offset]
    why = {line.number: interface.SET_ASIDE_AS["running head and folio"] for line, _ in heads}
    return why, {line.page: str(folio) for line, folio in heads}


def _edges(lines: list[Line]) -> list[Line]:
    full = [line for line in lines if not line.blank]
    return full[:EDGE_LINES] + [
        line for line in full[-EDGE_LINES:] if line not in full[:EDGE_LINES]
    ]


def _may_be_head(line: Line) -> bool:
    words = line.words
    return (
        3 < len(words) < HEAD_LENGTH
        and any(c.isalpha() for c in words)
        and not words.startswith("(")
        and not ends_sentence(words)
        and not words.endswith((",", ";", ":", "-"))
    )


def _stands_alone(page: list[Line], i: int) -> bool:
    """Whether the lines above and below an address, on its page, are blank or addresses too."""
    above = page[i - 1] if i else None
    below = page[i + 1] if i + 1 < len(page) else None
    return all(
        near is None or near.blank or URL_LINE.fullmatch(near.text) for near in (above, below)
    )


def _line_numbers(draft: Draft) -> Draft:
    """Remove numbers in the margin that count the lines (5, 10, 15 …, or every line)."""
    found = [
        (line, int(match[1] or match[2]))
        for line in draft.lines
        if (match := NUMBERED_LINE.match(line.text))
    ]
    steps = Counter(b - a for (_, a), (_, b) in pairwise(found))
    step, count = steps.most_common(1)[0] if steps else (0, 0)
    if len(found) < LEAST_NUMBERED or step not in (1, 5, 10) or count < 0.7 * (len(found) - 1):
        return draft
    numbers = {line.number: str(number) for line, number in found}
    lines = tuple(
        replace(line, text=_without_number(line.text)) if line.number in numbers else line
        for line in draft.lines
    )
    omissions = tuple(
        Omission(number, number, interface.SET_ASIDE_AS["line number"], text)
        for number, text in numbers.items()
    )
    return replace(draft, lines=lines, omissions=draft.omissions + omissions)


def _without_number(text: str) -> str:
    match = NUMBERED_LINE.match(text)
    if match is None:
        return text
    return text[match.end() :] if match[1] else text[: match.start(2)].rstrip()
