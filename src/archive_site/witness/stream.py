"""The two sides of a collation as characters without spaces and hyphens: the stream of the witness
and the spelling of a block. Letters are composed (NFC) on both sides, so that é is é, however it
was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, compress, count, pairwise, repeat, starmap
from operator import itemgetter, not_

from archive_site.text.document import (
    Block,
    CellBreak,
    Emendation,
    Gap,
    LineBreak,
    NoteCall,
    PageBreak,
    Superscript,
    Text,
)
from archive_site.text.reading import NOT_TEXT, walk
from archive_site.witness.witness import Witness

SOFT = "\u00ad"
HYPHENS = f"-{SOFT}\u2010\u2011¬"
GUTTER = 3  # spaces within a line that may separate two columns
COLUMN = 20  # spaces before a line of a second column, when the first has ended
CALL = "\uffff"  # represents a note call in a block's characters; no text contains it

# Characters that may have another composed form, and marks that may follow a letter (at most 30 of
# them are matched together, because sorting them takes quadratic time).
_PLAIN = r"\x00-\u02ff\u0400-\u0482\u048a-\u052f\u2002-\u2125\uffff"
_MARKS = r"(?:[^\w\s\x00-\u02ff\u2000-\u206f\uffff]|[\u1161-\u1175\u11a8-\u11c2])"
_SOLID_SIGN = rf"[^{HYPHENS}\s{CALL}]"
_COMPOSABLE = re.compile(f"[^{_PLAIN}]")
_CLUSTER = re.compile(rf"[^{_PLAIN}\s]{_MARKS}{{,30}}|{_SOLID_SIGN}{_MARKS}{{1,30}}")
_CHARACTER = re.compile(rf"{_SOLID_SIGN}{_MARKS}{{,30}}")
_HYPHEN = re.compile(f"[{HYPHENS}]")
_SPACE = re.compile(r"\s")
_FREE = HYPHENS + "".join(filter(str.isspace, map(chr, range(0x3001))))
_GRAM = 8
_MANY = 20
SOUGHT = 2 * _GRAM  # this many characters contain at least one whole piece of the text's index
_ATTACHED = re.compile(rf"[{HYPHENS}]+(?!\s*\n)")
_RUN = re.compile(rf"([^{HYPHENS}\s{CALL}]+)")
_GUTTER = re.compile(rf"\s{{{GUTTER}}}[{HYPHENS}]*[^{HYPHENS}\s]")
# A word that a line end breaks: a hyphen follows its letters directly, and its other letters begin
# the next line without a space.
_CUT = re.compile(rf"[{HYPHENS}](?<=[^{HYPHENS}\s].)[{HYPHENS}\s]*\n[{HYPHENS}]*(?=[^{HYPHENS}\s])")
_HERE = "\0"  # represents what breaks a word; no witness contains it
_SOLID = re.compile(rf"[^\s{CALL}]+")

FREE, IN_TEXT, IN_NOTE, OMITTED, FIGURE = range(5)
"""Owners of a character of the witness: none yet, the text, a note, an omission, or the label or
call of a note."""


class Stream:
    """The characters of a witness without spaces and hyphens, in `text`, and the owner of each, in
    `owner`. What is between them (`gaps`) is computed only when it is needed.

    `clean` has the lines of the witness, without characters that no text may contain, in the order
    of the file; `whole` has them in reading order, as one string. For each line that has
    characters, `numbers` has its line number, `firsts` the index of its first character in `text`,
    and `written` how many characters it has, its words as they are written, and the spaces and
    hyphens before them."""

    def __init__(self, witness: Witness, order: tuple[tuple[int, int], ...]):
        self.witness = witness
        self.clean = NOT_TEXT.sub("", "\n".join(witness.lines)).split("\n")
        numbered = list(in_reading_order(self.clean, order))
        self.whole = composed("".join([f"{line}\n" for _, line in numbered]))
        solids = list(map(_joined, _without(self.whole).split("\n")))
        self.text = "".join(solids)
        self.numbers: list[int] = []
        self.firsts: list[int] = []
        self.written: list[tuple[int, str, str]] = []
        at = first = end = 0
        for (number, _), line, solid in zip(numbered, self.whole.split("\n"), solids, strict=False):
            if solid:
                words = line.strip(_FREE)
                start = at + line.index(words)
                self.written.append((len(solid), words, self.whole[end:start]))
                self.numbers.append(number)
                self.firsts.append(first)
                first += len(solid)
                end = start + len(words)
            at += len(line) + 1
        self.reordered = bool(order)
        self.owner = bytearray(len(self.text))
        self._sought = 0
        self._grams: set[str] | None = None

    @cached_property
    def places(self) -> dict[int, range]:
        """The indices in `text` of each line's characters, by line number."""
        ends = [*self.firsts[1:], len(self.text)]
        return dict(zip(self.numbers, map(range, self.firsts, ends), strict=True))

    @cached_property
    def lines(self) -> list[int]:
        """The line number of each character."""
        counts = map(itemgetter(0), self.written)
        return list(chain.from_iterable(map(repeat, self.numbers, counts)))

    @cached_property
    def gaps(self) -> dict[int, str]:
        """The spaces and hyphens before a character, by its index; those before the first begin
        with a line end."""
        return gaps_of(f"\n{self.whole}")

    @cached_property
    def columns(self) -> bool:
        """Whether any line has a gutter."""
        return any(_GUTTER.search(words) for _, words, _ in self.written)

    @cached_property
    def indented(self) -> set[int]:
        """The numbers of lines that have only text of a second column."""
        lines = enumerate(self.witness.lines, start=1)
        return {n for n, line in lines if line[:COLUMN].isspace() and len(line) > COLUMN}

    @cached_property
    def _heads(self) -> frozenset[int]:
        return frozenset(self.firsts)

    def space(self, at: int) -> str:
        """The kind of space before a character: "", " ", "\t" (a gutter's width) or "\n"."""
        return _space(self.gaps.get(at, ""))

    @cached_property
    def _word_starts(self) -> list[int]:
        """The index of the first letter of each word. A word broken at a line end counts once; it
        does not count if it has no letter before the line end."""
        marked = _CUT.sub(_HERE, self.whole) if _CUT.search(self.whole) else self.whole
        for hyphen in HYPHENS:
            marked = marked.replace(hyphen, "")
        words = marked.split()
        solid = marked.replace(_HERE, "").split() if _HERE in marked else words
        starts = list(accumulate(map(len, solid[:-1]), initial=0)) if words else []
        begins = list(map(str.isalnum, map(itemgetter(0), words)))
        for n, word in compress(enumerate(words), map(not_, begins)):
            letters = map(str.isalnum, word.partition(_HERE)[0])
            first = next(compress(count(), letters), -1)
            begins[n] = first >= 0
            starts[n] += first
        return list(compress(starts, begins))

    def find_apart(self, words: str, start: int, end: int) -> int:
        """Where `words` stand between the characters `start` and `end` of a line: best at its end,
        with a space before them, then at its beginning, then between spaces, then anywhere. -1:
        nowhere."""
        found = [
            match.start() for match in re.finditer(f"(?={re.escape(words)})", self.text[start:end])
        ]

        def rank(at: int) -> tuple[bool, bool, bool]:
            stop = at + len(words)
            begins = at == 0 or start + at in self.gaps
            ends = stop == end - start or start + stop in self.gaps
            last = begins and stop == end - start
            return not last, not (at == 0 and ends), not (begins and ends)

        return start + min(found, key=rank) if words and found else -1

    def words(self) -> bytes:
        """The owner of each word, by its first letter."""
        return bytes(map(self.owner.__getitem__, self._word_starts))

    def lines_of(self, start: int, end: int) -> list[int]:
        """The line numbers of the characters from `start` to `end`."""
        return self.numbers[self._between(start, end)]

    def line(self, at: int) -> int:
        """The line number of a character."""
        return self.numbers[bisect_right(self.firsts, at) - 1]

    def by_line(self, start: int, end: int) -> list[tuple[int, str, str]]:
        """The characters from `start` to `end` by line, as in `written`."""
        lines = self._between(start, end)
        found = self.written[lines]
        length, words, before = found[-1]
        if beyond := self.firsts[lines.stop - 1] + length - end:
            length -= beyond
            found[-1] = length, words[: past(words, 0, length)], before
        length, words, before = found[0]
        if above := start - self.firsts[lines.start]:
            found[0] = length - above, words[past(words, 0, above + 1) - 1 :], before
        return found

    def _between(self, start: int, end: int) -> slice:
        return slice(bisect_right(self.firsts, start) - 1, bisect_left(self.firsts, end))

    def runs(self, owner: int) -> Iterator[tuple[int, int]]:
        """The longest stretches of `text` of which every character belongs to `owner`."""
        first = self.owner.find(owner)
        runs = re.compile(bytes([owner]) + b"+").finditer(self.owner, max(first, 0))
        return (run.span() for run in (runs if first >= 0 else ()))

    def may_have(self, piece: str) -> bool:
        """Whether `text` may contain `piece`, which has at least `SOUGHT` characters. It does not
        if, for every offset, `piece` has a part that is not in the index of the text. This takes
        the same time however long the text is, which matters if a block is searched for at each of
        its characters. The index is not built for the first few searches."""
        self._sought += 1
        if self._sought < _MANY:
            return True
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
        if at <= 0 or at >= len(self.text) or at in self._heads:
            return True
        return self.columns and self.space(at) == "\t"

    def parted(self, at: int) -> bool:
        """Whether a word may begin at `at`: after a space or a line end, or beside a note's label
        or call."""
        if at <= 0 or at >= len(self.text) or self.space(at):
            return True
        return FIGURE in (self.owner[at - 1], self.owner[at])

    def shown(self, start: int, end: int) -> str:
        """The words of the witness from `start` to `end`; words broken at a line end are joined."""
        words = "".join(self.text[i] + self.gaps.get(i + 1, "") for i in range(start, end))
        after = self.gaps.get(end, "") if end > start else ""
        attached = _ATTACHED.match(after)
        words = words[: len(words) - len(after)] + (attached[0] if attached else "")
        return re.sub(r"(?a:\s+)", " ", re.sub(rf"(?<=\w)[{HYPHENS}]\s*\n\s*", "", words))


def in_reading_order(
    lines: Sequence[str], order: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, str]]:
    """The lines with their numbers. The lines from the first to the last of `order` are replaced by
    its ranges, in its order."""
    numbers = list(range(1, len(lines) + 1))
    start, end = min((a for a, _ in order), default=1), max((b for _, b in order), default=0)
    numbers[start - 1 : end] = [
        n for first, last in order for n in range(first, min(last, len(lines)) + 1)
    ]
    return ((number, lines[number - 1]) for number in numbers)


def composed(text: str) -> str:
    """`text` with each letter and its marks as one character, if Unicode has one (NFC)."""
    if not _COMPOSABLE.search(text):
        return text
    return _CLUSTER.sub(lambda cluster: unicodedata.normalize("NFC", cluster[0]), text)


def characters(text: str) -> list[tuple[str, int, int]]:
    """The characters of `bare(text)`, each with its start and end in `text`."""
    found = []
    for match in _CHARACTER.finditer(text):
        letters = composed(match[0])
        found += [(letter, match.start(), match.end()) for letter in letters]
    return found


def bare(text: str) -> str:
    """The characters of `text`, composed, without spaces and hyphens."""
    return _joined(_without(composed(text)))


def past(text: str, at: int, count: int) -> int:
    """The index in `text` at which `count` characters from `at` on end; calls do not count."""
    while count:
        end = at + count
        count -= len(_joined(_without(text[at:end]).replace(CALL, "")))
        at = end
    return at


def _without(text: str) -> str:
    """`text` without hyphens and most spaces."""
    for sign in f" {HYPHENS}":
        text = text.replace(sign, "")
    return text


def _joined(text: str) -> str:
    """`text` without spaces of any kind."""
    return "".join(text.split())


@lru_cache(maxsize=1000)
def _space(between: str) -> str:
    """The kind of space between two characters: a line end if there is one, else the last space."""
    if "\n" in between:
        return "\n"
    blanks = [blank for blank in _HYPHEN.split(between) if blank]
    return "" if not blanks else "\t" if len(blanks[-1]) >= GUTTER else " "


@lru_cache(maxsize=1000)
def plain(between: str) -> str:
    """Spaces and hyphens between two characters, normalised: `" "` for a run of spaces of any kind,
    `"-"` for a hyphen of any kind."""
    return re.sub(r"\s+", " ", _HYPHEN.sub("-", between))


@lru_cache(maxsize=1000)
def same_kinds(here: str, there: str) -> bool:
    """Whether the edition (`here`) has only kinds of spaces and hyphens between two characters that
    the witness has (`there`). A plain space or hyphen may replace any kind."""
    return set(here) - set(there) <= {" ", "-"}


@lru_cache(maxsize=1000)
def alike_over_lines(here: str, there: str) -> bool:
    """Whether the edition has a space between two words where the witness has a line end without a
    hyphen."""
    return here == " " and "\n" in there and plain(there) == " "


@lru_cache(maxsize=1000)
def same_within_a_line(here: str, there: str) -> bool:
    """Whether the edition (`here`) has the spaces and hyphens of the witness (`there`) between two
    characters of one line. A soft hyphen is visible only at the end of a line: here the edition may
    drop it, but not replace it."""
    if here == there:
        return True
    seen = there if SOFT in here else there.replace(SOFT, "")
    hyphens = _SPACE.sub("", here) == _SPACE.sub("", seen)
    return hyphens and plain(here) == plain(seen) and same_kinds(here, there)


@dataclass(frozen=True)
class Spelling:
    """A block in the spelling of the witness. `spelled` has its words, with `CALL` for each note
    call; `letters` is the same, composed; `segments` are its characters between calls. `calls` has
    the labels of the calls, `emended` the index of each emendation's first character, and `breaks`
    the index of the first character after each page break or gap, with the number of the page
    break (None for a gap). An index counts the characters of all segments."""

    block: Block
    spelled: str
    letters: str
    segments: list[str]
    calls: list[str]
    emended: list[int]
    breaks: list[tuple[int, str | None]]

    @cached_property
    def at(self) -> list[int]:
        """The index of each character in `spelled`."""
        return _places(self.spelled)

    @cached_property
    def _gaps(self) -> dict[int, str]:
        return gaps_of(self.letters)

    @cached_property
    def gaps(self) -> dict[int, str]:
        """The spaces and hyphens before each character, by its index."""
        return {n: gap.replace(CALL, "") for n, gap in self._gaps.items()}

    @cached_property
    def called(self) -> set[int]:
        """The indices of the characters that have a call before them."""
        return {n for n, gap in self._gaps.items() if CALL in gap}

    def parted(self, n: int) -> bool:
        """Whether a word begins at the character `n`."""
        return n <= 0 or n >= len(self.at) or n in self.called or " " in plain(self.gaps.get(n, ""))

    def words(self, start: int = 0, end: int | None = None) -> str:
        """The words from character `start` to `end`, with the `sic` forms of emendations."""
        if end is None:
            return self.spelled.replace(CALL, "")
        if start >= end:
            return ""
        last = self.at[end] if end < len(self.at) else len(self.spelled)
        solid = _SOLID.match(self.spelled, self.at[end - 1], last)
        words = self.spelled[self.at[start] : solid.end() if solid else last]
        return words.replace(CALL, "")


def spelling(block: Block) -> Spelling:
    """The spelling of a block in its witness."""
    words: list[str] = []
    calls: list[str] = []
    emended: list[int] = []
    breaks: list[tuple[int, str | None]] = []
    length = 0
    for inline in walk(block.content):
        match inline:
            case Text() | Superscript():
                words.append(inline.text)
            case NoteCall(label):
                calls.append(label)
                words.append(CALL)
            case Emendation():
                emended.append(length)
                words.append(inline.witness)
            case LineBreak() | CellBreak():
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
    firsts = _counts(spelled, emended)
    after = _counts(spelled, [place for place, _ in breaks])
    broken = [(n, number) for n, (_, number) in zip(after, breaks, strict=True)]
    letters = composed(spelled)
    segments = _joined(_without(letters)).split(CALL)
    return Spelling(block, spelled, letters, segments, calls, firsts, broken)


def gaps_of(text: str) -> dict[int, str]:
    """The spaces, hyphens and calls before a character of `text`, by its index."""
    parts = _RUN.split(text)
    return dict(zip(accumulate(map(len, parts[1::2]), initial=0), parts[::2], strict=True))


def _places(spelled: str) -> list[int]:
    """The index of each character in `spelled`."""
    if _COMPOSABLE.search(spelled):
        return [start for _, start, _ in characters(spelled)]
    runs = (run.span() for run in _RUN.finditer(spelled))
    return list(chain.from_iterable(starmap(range, runs)))


def _counts(spelled: str, places: list[int]) -> list[int]:
    """The number of characters before each index in `spelled`; the indices ascend."""
    if not places:
        return []
    if _COMPOSABLE.search(spelled):
        at = _places(spelled)
        return [bisect_left(at, place) for place in places]
    parts = map(spelled.__getitem__, starmap(slice, pairwise((0, *places))))
    solid = (_joined(_without(part)).replace(CALL, "") for part in parts)
    return list(accumulate(map(len, solid)))
