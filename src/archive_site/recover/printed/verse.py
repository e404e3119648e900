"""Verse: lines that begin with capitals, and neither reach the margin nor end sentences."""

from __future__ import annotations

from collections.abc import Sequence

from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.sentences import ends_sentence
from archive_site.recover.printed.setting import TextSetting

LEAST = 4
"""So many lines are verse wherever they stand; fewer must be set in, and end no sentence."""
CAPITALS = 0.8
"""The least share of lines that begin with a capital."""
SENTENCES = 0.6
"""The greatest share of lines that end a sentence."""
FULL = 0.25
"""The greatest share of lines that reach the margin."""
LARGER = 1.08
"""Type of more than this many times the size of the text is that of titles."""
TURNED = 0.6
"""The least share of lines that are not turned over."""
STRAIGHT = 0.3
"""The least share of lines that begin at the same place."""
LONGEST = 75
"""The most characters of a line of verse, where no place tells whether it is full."""
SHORT = 0.8
"""Verse below a colon is shorter than this share of its column, in a plain text."""
MARKED = 0.3
"""The greatest share of lines that begin with a dash or the mark of a list."""
_MARKS = ("—", "–", "- ", "• ")
_BEFORE = " «“\"—–-’'([…"


def is_verse(lines: Sequence[SetLine], setting: TextSetting, above: SetLine | None = None) -> bool:
    """Whether lines set alike are verse. `above` is the line above them."""
    if any(line.bold or line.words.endswith(("-", "\u00ad")) for line in lines):
        return False
    if lines[0].size > LARGER * setting.size and setting.places == "exact":
        return False
    edge = min(line.left for line in lines)
    heads = [line for line in lines if not _is_turned_over(line, edge)]
    if len(heads) < max(2, TURNED * len(lines)) or _stands_right(lines[0], setting):
        return False
    capitals = sum(_initial(line).isupper() for line in heads)
    marked = sum(line.words.startswith(_MARKS) for line in heads)
    if capitals < CAPITALS * len(heads) or marked > MARKED * len(heads):
        return False
    em, left = lines[0].size, min(line.left for line in heads)
    if sum(line.left - left < 0.3 * em for line in heads) < STRAIGHT * len(heads):
        return False
    sentences = sum(ends_sentence(line.words) for line in heads[:-1])
    full = sum(
        setting.frame(line).right - line.right < 0.6 * em
        or (setting.estimated and len(line.words) > LONGEST)
        for line in lines
    )
    if len(heads) >= LEAST:
        return sentences <= SENTENCES * (len(heads) - 1) and full <= FULL * len(lines)
    if setting.estimated and above is not None and above.words.endswith(":"):
        short = all(line.width < SHORT * setting.frame(line).width for line in lines)
        return short and not sentences and capitals == len(heads)
    inset = min(line.left - setting.frame(line).left for line in heads) > 0.8 * em
    return inset and not sentences and not full and capitals == len(heads)


def may_be_verse(lines: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether lines may be verse if verse is near: they begin with capitals and are short."""
    return all(
        _initial(line).isupper()
        and line.right <= setting.frame(line).right - 1.2 * line.size
        and len(line.words) <= LONGEST
        for line in lines
    )


def _initial(line: SetLine) -> str:
    return line.words.lstrip(_BEFORE)[:1]


def _is_turned_over(line: SetLine, edge: float) -> bool:
    """Whether a line is the end of the verse above, set further right than the others (`edge`)."""
    inset = line.left > edge + 1.5 * line.size
    return inset and (line.words[:1] == "[" or _initial(line).islower())


def _stands_right(line: SetLine, setting: TextSetting) -> bool:
    frame = setting.frame(line)
    return line.left - frame.left > 0.3 * frame.width and frame.right - line.right < 3 * line.size
