"""The two sides of a collation as characters without spaces and hyphens: the witness's stream,
and a block's own spelling. Letters are composed (NFC) on both: é is é, however it was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, compress, count, repeat, starmap
from operator import itemgetter, not_

from archive_site.text.document import (
    Block,
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
HYPHENS = f"-{SOFT}\u2010\u2011"
GUTTER = 3  # spaces on a line that may part two columns
COLUMN = 20  # spaces before a line of a second column, where the first has ended
CALL = "\uffff"  # stands for a note call in a block's characters; no text holds it

# Characters that may have another composed form, and those that may stand on a letter (of which no
# more than 30 are taken together: their order takes time as the square of their number).
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
SOUGHT = 2 * _GRAM  # so many characters hold one of the pieces that the text is cut into
_ATTACHED = re.compile(rf"[{HYPHENS}]+(?!\s*\n)")
_RUN = re.compile(rf"([^{HYPHENS}\s{CALL}]+)")
_GUTTER = re.compile(rf"\s{{{GUTTER}}}[{HYPHENS}]*[^{HYPHENS}\s]")
# Where a line's end cuts a word: a hyphen is the first thing after its letters, and no space
# stands before those below.
_CUT = re.compile(rf"[{HYPHENS}](?<=[^{HYPHENS}\s].)[{HYPHENS}\s]*\n[{HYPHENS}]*(?=[^{HYPHENS}\s])")
_HERE = "\0"  # stands for what cuts a word; no witness holds it
_SOLID = re.compile(rf"[^\s{CALL}]+")

FREE, IN_TEXT, IN_NOTE, APART, FIGURE = range(5)
"""Whose a character of the witness is: nobody's yet, the text's, a note's, an omission's, a note's
label or call."""


class Stream:
    """The witness's characters without spaces and hyphens: `text`, the line of each, and whose it
    is, `owner`. What stands between them is told where it is asked for.

    `clean`: its lines without what is no text, in its own order; `whole`: the same as they are
    read. Of each line that has characters: its number, the first of them, and, in `written`, how
    many there are, how they are written, and what stands before them."""

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
        """Of each line's characters."""
        ends = [*self.firsts[1:], len(self.text)]
        return dict(zip(self.numbers, map(range, self.firsts, ends), strict=True))

    @cached_property
    def lines(self) -> list[int]:
        """Of each character, its line."""
        counts = map(itemgetter(0), self.written)
        return list(chain.from_iterable(map(repeat, self.numbers, counts)))

    @cached_property
    def gaps(self) -> dict[int, str]:
        """What stands before a character, by its place; it begins with a line's end."""
        return gaps_of(f"\n{self.whole}")

    @cached_property
    def columns(self) -> bool:
        """Whether a gutter parts columns somewhere."""
        return any(_GUTTER.search(words) for _, words, _ in self.written)

    @cached_property
    def indented(self) -> set[int]:
        """Lines of a second column alone."""
        lines = enumerate(self.witness.lines, start=1)
        return {n for n, line in lines if line[:COLUMN].isspace() and len(line) > COLUMN}

    @cached_property
    def _heads(self) -> frozenset[int]:
        return frozenset(self.firsts)

    def space(self, at: int) -> str:
        """The kind of space before a character: "", " ", "\t" (a gutter's width) or "\n"."""
        return _space(self.gaps.get(at, ""))

    def words(self) -> bytes:
        """Whose its words are, by their first letters. A word cut at a line's end counts once, and
        is none if it has no letter above it."""
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
        return bytes(compress(map(self.owner.__getitem__, starts), begins))

    def lines_of(self, start: int, end: int) -> list[int]:
        """The lines of the characters from `start` to `end`."""
        return self.numbers[self._between(start, end)]

    def line(self, at: int) -> int:
        """The line of a character."""
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
        """The stretches that are whole `owner`'s."""
        first = self.owner.find(owner)
        runs = re.compile(bytes([owner]) + b"+").finditer(self.owner, max(first, 0))
        return (run.span() for run in (runs if first >= 0 else ()))

    def may_have(self, piece: str) -> bool:
        """Whether `piece`, of `SOUGHT` characters or more, may stand in the text: whether all the
        pieces that the text is cut into may be in it. Told at once, however long the text is: a
        block that is another's may be sought at each of its places. The first few are not worth the
        cutting."""
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
        """Whether a word may begin at `at`: after a space, a break, or another's character."""
        if at <= 0 or at >= len(self.text) or self.space(at):
            return True
        return FIGURE in (self.owner[at - 1], self.owner[at])

    def shown(self, start: int, end: int) -> str:
        """The witness's words from `start` to `end`; words cut at a line's end closed up."""
        words = "".join(self.text[i] + self.gaps.get(i + 1, "") for i in range(start, end))
        after = self.gaps.get(end, "") if end > start else ""
        attached = _ATTACHED.match(after)
        words = words[: len(words) - len(after)] + (attached[0] if attached else "")
        return re.sub(r"(?a:\s+)", " ", re.sub(rf"(?<=\w)[{HYPHENS}]\s*\n\s*", "", words))


def in_reading_order(
    lines: Sequence[str], order: tuple[tuple[int, int], ...]
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
    return _joined(_without(composed(text)))


def past(text: str, at: int, count: int) -> int:
    """Where in `text` its next `count` characters end, from `at` on; calls are none of them."""
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


@dataclass(frozen=True)
class Spelling:
    """A block in the witness's spelling. `spelled`: its words, calls as `CALL`; `letters`: the
    same, composed. `segments`: its characters between calls. `calls` are the labels called,
    `emended` the place of each emendation's first character, `breaks` the place of the first
    character after each page break, and its number (None: of each gap)."""

    block: Block
    spelled: str
    letters: str
    segments: list[str]
    calls: list[str]
    emended: list[int]
    breaks: list[tuple[int, str | None]]

    @cached_property
    def at(self) -> list[int]:
        """The place of each character in `spelled`."""
        return _places(self.spelled)

    @cached_property
    def _gaps(self) -> dict[int, str]:
        return gaps_of(self.letters)

    @cached_property
    def gaps(self) -> dict[int, str]:
        """The spaces and hyphens before a character."""
        return {n: gap.replace(CALL, "") for n, gap in self._gaps.items()}

    @cached_property
    def called(self) -> set[int]:
        """The characters that a call stands before."""
        return {n for n, gap in self._gaps.items() if CALL in gap}

    def parted(self, n: int) -> bool:
        """Whether a word begins at the character `n`."""
        return n <= 0 or n >= len(self.at) or n in self.called or " " in plain(self.gaps.get(n, ""))

    def words(self, start: int = 0, end: int | None = None) -> str:
        """The words from character `start` to `end`, as the edition spells them."""
        if end is None:
            return self.spelled.replace(CALL, "")
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
            case Text() | Superscript():
                words.append(inline.text)
            case NoteCall(label):
                calls.append(label)
                words.append(CALL)
            case Emendation():
                emended.append(length)
                words.append(inline.witness)
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
    firsts = _counts(spelled, emended)
    after = _counts(spelled, [place for place, _ in breaks])
    broken = [(n, number) for n, (_, number) in zip(after, breaks, strict=True)]
    letters = composed(spelled)
    segments = _joined(_without(letters)).split(CALL)
    return Spelling(block, spelled, letters, segments, calls, firsts, broken)


def gaps_of(text: str) -> dict[int, str]:
    """What stands before the characters of `text`: spaces, hyphens, calls."""
    parts = _RUN.split(text)
    return dict(zip(accumulate(map(len, parts[1::2]), initial=0), parts[::2], strict=True))


def _places(spelled: str) -> list[int]:
    """The place of each character in `spelled`."""
    if _COMPOSABLE.search(spelled):
        return [start for _, start, _ in characters(spelled)]
    runs = (run.span() for run in _RUN.finditer(spelled))
    return list(chain.from_iterable(starmap(range, runs)))


def _counts(spelled: str, places: list[int]) -> list[int]:
    """How many characters stand before each place."""
    at = _places(spelled) if places else []
    return [bisect_left(at, place) for place in places]
