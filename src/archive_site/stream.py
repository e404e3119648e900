"""The two sides of a collation as characters without spaces and hyphens: the witness's stream,
and a block's own spelling. Letters are composed (NFC) on both: é is é, however it was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from archive_site.document import (
    Block,
    Emendation,
    Gap,
    LineBreak,
    NoteCall,
    PageBreak,
    Superscript,
    Text,
)
from archive_site.plaintext import NOT_TEXT, walk
from archive_site.witness import Witness

SOFT = "\u00ad"
HYPHENS = f"-{SOFT}\u2010\u2011"
GUTTER = 3  # spaces on a line that may part two columns
COLUMN = 20  # spaces before a line of a second column, where the first has ended
BREAKS = ("\t", "\n")
CALL = "\uffff"  # stands for a note call in a block's characters; no text holds it

# Characters that may have another composed form, and those that may stand on a letter (of which no
# more than 30 are taken together: their order takes time as the square of their number).
_PLAIN = r"\x00-\u02ff\u0400-\u0482\u048a-\u052f\u2002-\u2125\uffff"
_MARKS = r"(?:[^\w\s\x00-\u02ff\u2000-\u206f\uffff]|[\u1161-\u1175\u11a8-\u11c2])"
_SOLID_SIGN = rf"[^{HYPHENS}\s{CALL}]"
_COMPOSABLE = re.compile(f"[^{_PLAIN}]")
_CLUSTER = re.compile(rf"[^{_PLAIN}\s]{_MARKS}{{,30}}|{_SOLID_SIGN}{_MARKS}{{1,30}}")
_CHARACTER = re.compile(rf"{_SOLID_SIGN}{_MARKS}{{,30}}")
_FREE = re.compile(rf"[{HYPHENS}\s]+")
_HYPHEN = re.compile(f"[{HYPHENS}]")
_SPACE = re.compile(r"\s")
_GRAM = 8
SOUGHT = 2 * _GRAM  # so many characters hold one of the pieces that the text is cut into
_ATTACHED = re.compile(rf"[{HYPHENS}]+(?!\s*\n)")
_RUN = re.compile(rf"([^{HYPHENS}\s]+)")
_RUN_OR_CALL = re.compile(rf"([^{HYPHENS}\s{CALL}]+)")
_SOLID = re.compile(rf"[^\s{CALL}]+")

FREE, IN_TEXT, IN_NOTE, APART, FIGURE = range(5)
"""Whose a character of the witness is: nobody's yet, the text's, a note's, an omission's, a note's
label or call."""


class Stream:
    """The witness's characters without spaces and hyphens, each with its line, and what stood
    between it and the next: `between`, as it was, and `spaced`, what kind of space there is in it.

    `words` are the places where its words begin (a word cut at a line's end counts once); `owner`
    says of each character whose it is."""

    def __init__(self, witness: Witness, order: tuple[tuple[int, int], ...]):
        numbered = list(in_reading_order(witness.lines, order))
        whole = composed(NOT_TEXT.sub("", "".join(line + "\n" for _, line in numbered)))
        _, *parts = _RUN.split(whole)
        runs, gaps = parts[::2], parts[1::2]  # of characters; what stands after each
        self.text = "".join(runs)
        self.lines: list[int] = []
        self.places: dict[int, range] = {}  # of each line's characters
        for (number, _), line in zip(numbered, whole.split("\n"), strict=False):
            first = len(self.lines)
            self.lines += [number] * len(_FREE.sub("", line))
            self.places[number] = range(first, len(self.lines))
        self.indented = {  # lines of a second column alone
            n for n, line in numbered if line[:COLUMN].isspace() and len(line) > COLUMN
        }
        ends = list(accumulate(map(len, runs)))
        kinds = {gap: _space(gap) for gap in set(gaps)}
        self.between = [""] * len(self.text)
        self.spaced = [""] * len(self.text)  # "", " ", "\t" (a gutter's width) or "\n"
        for end, gap in zip(ends, gaps, strict=True):
            self.between[end - 1] = gap
            self.spaced[end - 1] = kinds[gap]
        self.words = list(_words(runs, gaps, ends))
        self.columns = "\t" in self.spaced
        self.reordered = bool(order)
        self.owner = bytearray(len(self.text))
        self._grams: set[str] | None = None

    def may_have(self, piece: str) -> bool:
        """Whether `piece`, of `SOUGHT` characters or more, may stand in the text: whether all the
        pieces that the text is cut into may be in it. Told at once, however long the text is: a
        block that is another's may be sought at each of its places."""
        if self._grams is None:
            starts = range(0, len(self.text), _GRAM)
            self._grams = {self.text[start : start + _GRAM] for start in starts}
        grams, last = self._grams, len(piece) - _GRAM + 1
        firsts = [n for n in range(_GRAM) if piece[n : n + _GRAM] in grams]
        return any(
            all(piece[n : n + _GRAM] in grams for n in range(first, last, _GRAM))
            for first in firsts
        )

    def begins(self, at: int) -> bool:
        """Whether a line or a column begins at `at`."""
        return at <= 0 or at >= len(self.text) or self.spaced[at - 1] in BREAKS

    def parted(self, at: int) -> bool:
        """Whether a word may begin at `at`: after a space, a break, or another's character."""
        if at <= 0 or at >= len(self.text) or self.spaced[at - 1]:
            return True
        return FIGURE in (self.owner[at - 1], self.owner[at])

    def shown(self, start: int, end: int) -> str:
        """The witness's words from `start` to `end`; words cut at a line's end closed up."""
        words = "".join(self.text[i] + self.between[i] for i in range(start, end))
        after = self.between[end - 1] if end > start else ""
        attached = _ATTACHED.match(after)
        words = words[: len(words) - len(after)] + (attached[0] if attached else "")
        return re.sub(r"(?a:\s+)", " ", re.sub(rf"(?<=\w)[{HYPHENS}]\s*\n\s*", "", words))


def in_reading_order(
    lines: tuple[str, ...], order: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, str]]:
    """The lines with their numbers: those of `order`'s ranges in its order, at their place."""
    numbers = list(range(1, len(lines) + 1))
    start, end = min((a for a, _ in order), default=1), max((b for _, b in order), default=0)
    numbers[start - 1 : end] = [
        n for first, last in order for n in range(first, min(last, len(lines)) + 1)
    ]
    return ((number, lines[number - 1]) for number in numbers)


def composed(text: str) -> str:
    """`text` with a letter and its marks as one character, where there is one (NFC)."""
    if not _COMPOSABLE.search(text):
        return text
    return _CLUSTER.sub(lambda cluster: unicodedata.normalize("NFC", cluster[0]), text)


def characters(text: str) -> list[tuple[str, int, int]]:
    """The characters of `bare(text)`, each with where it begins and ends in `text`."""
    found = []
    for match in _CHARACTER.finditer(text):
        letters = composed(match[0])
        found += [(letter, match.start(), match.end()) for letter in letters]
    return found


def bare(text: str) -> str:
    """The characters of `text`, composed, without spaces and hyphens."""
    return _FREE.sub("", composed(text))


def _words(runs: list[str], gaps: list[str], ends: list[int]) -> Iterator[int]:
    """The places of the first letters of the words that runs of characters make."""
    parted = {gap: _parts(gap) for gap in set(gaps)}
    in_word = False
    for run, parts, end in zip(runs, map(parted.__getitem__, gaps), ends, strict=True):
        if not in_word:
            if run[0].isalnum():
                yield end - len(run)
                in_word = True
            elif (first := next((i for i, c in enumerate(run) if c.isalnum()), -1)) >= 0:
                yield end - len(run) + first
                in_word = True
        if parts is not None:
            in_word = not parts


def _parts(between: str) -> bool | None:
    """Whether what stands between two characters parts two words; None where nothing does but
    hyphens: what was no word yet is none then."""
    if not _SPACE.search(between):
        return None
    before, line_end, indent = between.rpartition("\n")
    return not (line_end and before.startswith(tuple(HYPHENS)) and not _SPACE.search(indent))


@lru_cache(maxsize=1000)
def _space(between: str) -> str:
    """The kind of space between two characters: the last that stands there, but for a line's end,
    which counts most."""
    if "\n" in between:
        return "\n"
    blanks = [blank for blank in _HYPHEN.split(between) if blank]
    return "" if not blanks else "\t" if len(blanks[-1]) >= GUTTER else " "


@lru_cache(maxsize=1000)
def plain(between: str) -> str:
    """Spaces and hyphens between two characters, each kind as one sign."""
    return re.sub(r"\s+", " ", _HYPHEN.sub("-", between))


@lru_cache(maxsize=1000)
def same_kinds(here: str, there: str) -> bool:
    """Whether the edition's spaces and hyphens between two characters are of kinds that the
    witness has there; the plain ones may stand for any."""
    return set(here) - set(there) <= {" ", "-"}


@lru_cache(maxsize=1000)
def alike_over_lines(here: str, there: str) -> bool:
    """Whether two words stand a space apart where the witness's line ends, without a hyphen."""
    return here == " " and "\n" in there and plain(there) == " "


@lru_cache(maxsize=1000)
def same_within_a_line(here: str, there: str) -> bool:
    """Whether spaces and hyphens between two characters are the witness's, on its line. A soft
    hyphen is seen at a line's end alone: here it may go, and nothing may take its place."""
    if here == there:
        return True
    seen = there if SOFT in here else there.replace(SOFT, "")
    hyphens = _SPACE.sub("", here) == _SPACE.sub("", seen)
    return hyphens and plain(here) == plain(seen) and same_kinds(here, there)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A block in the witness's spelling. `spelled`: its words, calls as `CALL`. `segments`: its
    characters between calls. For each character: `at`, its place in `spelled`; `between`, the
    spaces and hyphens between it and the next; `called`, whether a call stands there. `calls` are
    the labels called, `emended` the place of each emendation's first character, `breaks` the place
    of the first character after each page break, and its number (None: of each gap)."""

    block: Block
    spelled: str
    segments: list[str]
    at: list[int]
    between: list[str]
    called: list[bool]
    calls: list[str]
    emended: list[int]
    breaks: list[tuple[int, str | None]]

    def parted(self, n: int) -> bool:
        """Whether a word begins at the character `n`."""
        return (
            n <= 0 or n >= len(self.at) or self.called[n - 1] or " " in plain(self.between[n - 1])
        )

    def words(self, start: int, end: int) -> str:
        """The words from character `start` to `end`, as the edition spells them."""
        if start >= end:
            return ""
        last = self.at[end] if end < len(self.at) else len(self.spelled)
        solid = _SOLID.match(self.spelled, self.at[end - 1], last)
        words = self.spelled[self.at[start] : solid.end() if solid else last]
        return words.replace(CALL, "")


def spelling(block: Block) -> Spelling:
    """How a block is spelled in its witness."""
    words: list[str] = []
    calls: list[str] = []
    emended: list[int] = []
    breaks: list[tuple[int, str | None]] = []
    length = 0
    for inline in walk(block.content):
        match inline:
            case NoteCall(label):
                calls.append(label)
                words.append(CALL)
            case Emendation():
                emended.append(length)
                words.append(inline.witness)
            case Text(text) | Superscript(text):
                words.append(text)
            case LineBreak():
                words.append(" ")
            case PageBreak(number):
                breaks.append((length, number))
                continue
            case Gap():
                breaks.append((length, None))
                continue
            case _:
                continue
        length += len(words[-1])
    spelled = "".join(words)
    at, between, called = _characters(spelled)
    segments = _FREE.sub("", composed(spelled)).split(CALL)
    firsts = [bisect_left(at, place) for place in emended]
    broken = [(bisect_left(at, place), number) for place, number in breaks]
    return Spelling(block, spelled, segments, at, between, called, calls, firsts, broken)


def _characters(spelled: str) -> tuple[list[int], list[str], list[bool]]:
    """Of each character: its place, what stands between it and the next, whether a call does."""
    if _COMPOSABLE.search(spelled):
        found = characters(spelled)
        starts = [start for _, start, _ in found]
        ends = [end for _, _, end in found]
        gaps = [
            spelled[end:start] for end, start in zip(ends, [*starts[1:], len(spelled)], strict=True)
        ]
        return starts, [gap.replace(CALL, "") for gap in gaps], [CALL in gap for gap in gaps]
    gap, *parts = _RUN_OR_CALL.split(spelled)
    runs, gaps = parts[::2], parts[1::2]
    edges = list(accumulate(map(len, parts), initial=len(gap)))
    at = list(chain.from_iterable(map(range, edges[:-1:2], edges[1::2])))
    between, called = [""] * len(at), [False] * len(at)
    for end, gap in zip(accumulate(map(len, runs)), gaps, strict=True):
        between[end - 1] = gap
        if CALL in gap:
            between[end - 1] = gap.replace(CALL, "")
            called[end - 1] = True
    return at, between, called
