"""The data that the stages of `recover` pass on: lines, then passages, and the omissions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import quantiles
from typing import Literal

from archive_site.text.document import BlockKind, Omission

# Marks within a passage's words. They are Unicode noncharacters, which no text may contain.
CALL, RAISED, PAGE, DOUBT, MENDED, STAGE, END = (chr(0xFDD0 + i) for i in range(7))
"""Their syntax: CALL label END · RAISED letters END · PAGE folio END · DOUBT why END words END ·
MENDED sic END reading END · STAGE words END."""
MARKS = re.compile(f"[{CALL}{RAISED}{PAGE}{DOUBT}{MENDED}{STAGE}{END}]")

# A sentence can end with `.`, `!`, `?` or `…`, and closing quotes and brackets after it.
_CLOSERS = rf"[\s»”\"’')\]]*(?:{CALL}[^{END}]*{END}|(?<=\S)\d{{1,3}})?[\s.»”\"]*$"
_SENTENCE_END = re.compile(rf"[.!?…]{_CLOSERS}")
_CLAUSE_END = re.compile(rf"[.!?…:;»”\")\]]{_CLOSERS}")
_END_REACH = 60
"""The most characters that closing marks and a call may take at the end of a sentence."""


def ends_sentence(text: str) -> bool:
    """Whether a sentence can end at the end of `text`."""
    return _SENTENCE_END.search(text.rstrip()[-_END_REACH:]) is not None


def ends_clause(text: str) -> bool:
    """Whether a sentence can end at the end of `text`, or `text` ends with a colon, a semicolon, a
    closing quotation mark or a closing bracket."""
    return _CLAUSE_END.search(text.rstrip()[-_END_REACH:]) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the witness: its number, its characters, and its page (0: not yet known). `last` is
    the number of the last line that was joined to it (0: none was)."""

    number: int
    text: str
    last: int = 0
    page: int = 0

    @property
    def blank(self) -> bool:
        """Whether it has nothing but white space."""
        return not self.text.strip()

    @property
    def words(self) -> str:
        """Its characters, stripped, with each run of white space as one space."""
        return " ".join(self.text.split())

    @property
    def indent(self) -> int:
        """The number of spaces at its beginning."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def until(self) -> int:
        """The number of the last witness line that it covers."""
        return self.last or self.number


DraftKind = BlockKind | Literal["quotation", "list-item"]
"""The kind of a future block, or of the container that it will be in."""


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A future block: its lines, its kind, and the doubts about it."""

    lines: tuple[Line, ...]
    kind: DraftKind = "paragraph"
    text: str = ""
    level: int = 0
    speakers: tuple[str, ...] = ()
    continues: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A future note: its label and its paragraphs. `gap` says why it has no paragraphs."""

    label: str
    passages: tuple[DraftBlock, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of the recovery. `lines` are the lines of the witness; those in a note or an
    omission are blank. `order` has ranges of lines in reading order, if that is not the witness's
    order. `doubts` has a doubt about the passage that begins on a line, by line number."""

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


def proposed(omissions: Iterable[Omission]) -> tuple[Omission, ...]:
    """The omissions of a draft: an editor must confirm each. Those of one reason come together, by
    line, and whole lines that follow each other are one."""
    found: list[Omission] = []
    for omission in sorted(omissions, key=lambda o: (o.why, bool(o.text), o.first, o.last)):
        last = found[-1] if found else omission
        goes_on = last.last + 1 == omission.first and last.why == omission.why
        if goes_on and not last.text and not omission.text:
            found[-1] = replace(last, last=omission.last)
        else:
            found.append(replace(omission, certainty="proposed"))
    return tuple(found)


def key(text: str) -> str:
    """`text` reduced to letters and digits, case folded, to recognise a line that is repeated."""
    return "".join(c for c in MARKS.sub("", text).casefold() if c.isalnum())


def masked_key(text: str) -> str:
    """`key` with numbers masked, to recognise running heads of different pages."""
    return re.sub(r"\d+", "#", key(text))


# Relative widths of characters in a book typeface: narrow, wide, space; others in `set_width`.
_NARROW, _WIDE = frozenset("ijltfrI'’.,;:!|()[]-"), frozenset("mwMWœŒæ—%")
_WIDTHS = dict.fromkeys(_NARROW, 0.3) | dict.fromkeys(_WIDE, 0.8) | {" ": 0.25}


def set_width(text: str) -> float:
    """The approximate width of `text`, set in a book typeface."""
    words = " ".join(MARKS.sub("", text).split())
    return sum(_WIDTHS.get(c, 0.66 if c.isupper() else 0.48) for c in words)


def full_width(lines: Iterable[Line]) -> float:
    """The width of full lines: the eighth decile of all widths."""
    widths = [set_width(line.text) for line in lines if not line.blank]
    return quantiles(widths, n=10)[7] if len(widths) > 1 else sum(widths)


def ends_short(line: Line, following: Line, width: float) -> bool:
    """Whether `line` ends short of the margin: the first word of `following` would fit on it."""
    first_word = (following.text.split() or [""])[0]
    return set_width(line.text) + 0.25 + set_width(first_word) < SHORT * width


SHORT = 0.93
"""The share of the full width below which a line ends short (003: full lines reach 0.95)."""


def vocabulary(lines: Iterable[Line]) -> Counter[str]:
    """How often the witness has each word, in lower case. Words cut by a hyphen are left out."""
    counts: Counter[str] = Counter()
    for line in lines:
        words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", line.words.casefold())
        counts.update(word for word in words if not word.endswith("-"))
    return counts
