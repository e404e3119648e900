"""What the stages of `recover` hand on: lines, then passages, with all that was set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import quantiles

from archive_site.text.document import BlockKind, Omission

# Marks within a passage's words. Unicode's noncharacters: no text may hold them.
CALL, RAISED, PAGE, DOUBT, MENDED, STAGE, END = (chr(0xFDD0 + i) for i in range(7))
"""CALL label END · RAISED letters END · PAGE folio END · DOUBT why END words END ·
MENDED sic END reading END · STAGE words END."""
MARKS = re.compile(f"[{CALL}{RAISED}{PAGE}{DOUBT}{MENDED}{STAGE}{END}]")

# Where a sentence can end: point, mark, ellipsis, closing quotes and brackets after it.
_CLOSERS = rf"[\s»”\"’')\]]*(?:{CALL}[^{END}]*{END}|(?<=\S)\d{{1,3}})?[\s.»”\"]*$"
_SENTENCE_END = re.compile(rf"[.!?…]{_CLOSERS}")
_CLAUSE_END = re.compile(rf"[.!?…:;»”\")\]]{_CLOSERS}")
_END_REACH = 60
"""Closing marks and a call take at most so many characters: more is no end of a sentence."""


def ends_sentence(text: str) -> bool:
    """Whether a sentence can end where `text` does."""
    return _SENTENCE_END.search(text.rstrip()[-_END_REACH:]) is not None


def ends_clause(text: str) -> bool:
    """Whether a sentence can end where `text` does, or what stands before a colon or semicolon,
    in quotation marks or in brackets."""
    return _CLAUSE_END.search(text.rstrip()[-_END_REACH:]) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the witness: its number (`last`: of the last line joined to it), its characters
    and the page it stands on (0: not yet known)."""

    number: int
    text: str
    last: int = 0
    page: int = 0

    @property
    def blank(self) -> bool:
        """Whether nothing is on it."""
        return not self.text.strip()

    @property
    def words(self) -> str:
        """Its characters, without the spaces around and runs of spaces within."""
        return " ".join(self.text.split())

    @property
    def indent(self) -> int:
        """How many spaces it begins with."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def until(self) -> int:
        """The number of the last witness line in it."""
        return self.last or self.number


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """Lines that make one block, what kind of block, and what could not be decided."""

    lines: tuple[Line, ...]
    kind: BlockKind = "paragraph"
    text: str = ""
    level: int = 0
    speaker: tuple[str, ...] = ()
    continues: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note's label and the paragraphs found for it."""

    label: str
    passages: tuple[DraftBlock, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of the recovery. `lines` are those not yet in a passage, a note or set aside;
    `order` their reading order, where it is not the witness's; `doubts` what could not be decided
    of the passage that begins on a line."""

    lines: tuple[Line, ...] = ()
    folios: dict[int, str] = field(default_factory=dict)
    note_lines: tuple[tuple[str, tuple[tuple[Line, ...], ...]], ...] = ()
    passages: tuple[DraftBlock, ...] = ()
    notes: tuple[NoteDraft, ...] = ()
    omissions: tuple[Omission, ...] = ()
    people: dict[str, str] = field(default_factory=dict)
    running_heads: tuple[str, ...] = ()
    order: tuple[tuple[int, int], ...] = ()
    doubts: dict[int, str] = field(default_factory=dict)


def key(text: str) -> str:
    """Letters and figures only, case folded: what two printings of one line share."""
    return "".join(c for c in MARKS.sub("", text).casefold() if c.isalnum())


def masked_key(text: str) -> str:
    """`key` with figures masked: what running heads of two pages share."""
    return re.sub(r"\d+", "#", key(text))


# Relative widths of characters in a book face (a capital M is 1): narrow, wide, capital, other.
_NARROW, _WIDE = frozenset("ijltfrI'’.,;:!|()[]-"), frozenset("mwMWœŒæ—%")
_WIDTHS = dict.fromkeys(_NARROW, 0.3) | dict.fromkeys(_WIDE, 0.8) | {" ": 0.25}


def set_width(text: str) -> float:
    """About how wide `text` is when set in a book face."""
    words = " ".join(MARKS.sub("", text).split())
    return sum(_WIDTHS.get(c, 0.66 if c.isupper() else 0.48) for c in words)


def full_width(lines: Iterable[Line]) -> float:
    """The width that full lines reach."""
    widths = [set_width(line.text) for line in lines if not line.blank]
    return quantiles(widths, n=10)[7] if len(widths) > 1 else sum(widths)


def ends_short(line: Line, following: Line, width: float) -> bool:
    """Whether `line` was ended on purpose: the next word would have fitted on it."""
    first_word = (following.text.split() or [""])[0]
    return set_width(line.text) + 0.25 + set_width(first_word) < SHORT * width


SHORT = 0.93
"""Below this share of the full width a line ends short (003: full lines reach 0.95)."""


def vocabulary(lines: Iterable[Line]) -> Counter[str]:
    """Words that stand whole within the lines, lower case: what the witness itself attests."""
    counts: Counter[str] = Counter()
    for line in lines:
        words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", line.words.casefold())
        counts.update(word for word in words if not word.endswith("-"))
    return counts
