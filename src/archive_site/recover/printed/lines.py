"""The lines of a printed witness, with what tells how each is set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from archive_site.text.lexicon import is_word
from archive_site.witness.printed import GAP, PrintedPage, TypeSpan

WHOLE = 0.85
"""A line is bold or italic if at least this share of its letters is."""
SMALL = 0.6
"""A line is in small capitals if at least this share of its letters is."""
CAPITALS = 0.9
"""A line is in capitals if at least this share of its letters are."""


@dataclass(frozen=True)
class SetLine:
    """A line: its number in the witness, its page, its column on the page, its place, the size of
    its type, and its characters in cells. Lengths are in points; y grows downwards.

    `text` has its characters as the witness has them; places in it are those of calls and labels.
    """

    number: int
    page: int
    column: int
    left: float
    right: float
    baseline: float
    size: float
    cells: tuple[tuple[TypeSpan, ...], ...]
    turned: bool = False

    @cached_property
    def spans(self) -> tuple[TypeSpan, ...]:
        """Its characters."""
        return tuple(span for cell in self.cells for span in cell)

    @cached_property
    def text(self) -> str:
        """Its characters, with a gap between cells."""
        return GAP.join("".join(span.text for span in cell) for cell in self.cells)

    @cached_property
    def words(self) -> str:
        """Its characters, without space around them."""
        return self.text.strip()

    @cached_property
    def raised(self) -> list[tuple[int, int]]:
        """Where its raised characters begin and end in `text`."""
        found: list[tuple[int, int]] = []
        at = 0
        for n, cell in enumerate(self.cells):
            at += len(GAP) if n else 0
            for span in cell:
                if span.type.raised and span.text.strip():
                    joined = bool(found) and found[-1][1] == at
                    start = found.pop()[0] if joined else at
                    found.append((start, at + len(span.text)))
                at += len(span.text)
        return found

    @property
    def width(self) -> float:
        """How long it is."""
        return self.right - self.left

    @cached_property
    def bold(self) -> bool:
        """Whether it is bold."""
        return self._share("bold") >= WHOLE

    @cached_property
    def italic(self) -> bool:
        """Whether it is italic."""
        return self._share("italic") >= WHOLE

    @cached_property
    def small_caps(self) -> bool:
        """Whether it is in small capitals."""
        return self._share("small_caps") >= SMALL and not self.capitals

    @cached_property
    def capitals(self) -> bool:
        """Whether it is in capitals."""
        return is_capitals(self.text)

    @property
    def style(self) -> tuple[bool, bool, bool, bool]:
        """Whether it is bold, italic, in capitals, in small capitals."""
        return self.bold, self.italic, self.capitals, self.small_caps

    def _share(self, name: str) -> float:
        letters = [(span, sum(map(str.isalnum, span.text))) for span in self.spans]
        whole = sum(count for _, count in letters)
        return sum(n for span, n in letters if getattr(span.type, name)) / whole if whole else 0.0

    def cut(self, at: int) -> SetLine:
        """The line without the first `at` characters of its text."""
        cells: list[tuple[TypeSpan, ...]] = []
        for n, cell in enumerate(self.cells):
            at = max(at - len(GAP), 0) if n else at
            spans = []
            for span in cell:
                gone = min(at, len(span.text))
                at -= gone
                if gone < len(span.text):
                    spans.append(replace(span, text=span.text[gone:]))
            if spans:
                cells.append(tuple(spans))
        return replace(self, cells=tuple(cells) or ((replace(self.spans[0], text=""),),))

    def only(self, cells: Sequence[tuple[TypeSpan, ...]]) -> SetLine:
        """The line with some of its cells only."""
        spans = [span for cell in cells for span in cell]
        left, right = min(span.left for span in spans), max(span.right for span in spans)
        return replace(self, cells=tuple(cells), left=left, right=right)


LEAST_SPACED, SPACED, LONGEST_SPACED = 4, 0.7, 3
"""Letters are spaced if a line has at least so many groups of characters, at least this share of
them is one letter, and none is longer."""

LONGEST_TITLE, LONGEST_WORD = 200, 25
"""The most characters of a letter-spaced line, and of a word."""


@lru_cache(maxsize=1024)
def closed_up(text: str) -> str:
    """A letter-spaced text without its spaces: “L A   G R È V E” → “LA GRÈVE”. Words are parted by
    two spaces or more, else by the lexicon. Any other text is unchanged."""
    if len(text) > LONGEST_TITLE or not _is_spaced(text.split()):
        return text
    words = ["".join(word.split()) for word in re.split(r"\s{2,}", text.strip())]
    return " ".join(words) if len(words) > 1 else _worded(words[0])


def _is_spaced(groups: Sequence[str]) -> bool:
    """Whether the letters of words are spaced. A few capitals are if they make a word or a number:
    “I V”."""
    single = [c for c in (re.sub(r"[\W_]", "", group) for group in groups) if len(c) == 1]
    if len(groups) < LEAST_SPACED:
        letters = "".join(groups)
        capitals = len(groups) == len(letters) > 1 and letters.isupper()
        return capitals and (is_word(letters) or _ROMAN.fullmatch(letters) is not None)
    most = len(single) >= SPACED * len(groups) and max(map(len, groups)) <= LONGEST_SPACED
    return most and sum(map(str.isalpha, single)) >= SPACED * len(single)  # no row of figures


_ROMAN = re.compile(r"(?=.)X{0,3}(?:I[XV]|V?I{0,3})")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)[’']", re.IGNORECASE)


def _worded(letters: str) -> str:
    """Letters divided into as few words of the lexicon as possible; unchanged if impossible. `l’`
    and its like begin a word."""
    best: list[tuple[str, ...]] = [()]
    for end in range(1, len(letters) + 1):
        found = [
            (*best[start], letters[start:end])
            for start in range(max(0, end - LONGEST_WORD), end)
            if (best[start] or not start)
            and (letters[start:end].isdigit() or is_word(_ELIDED.sub("", letters[start:end], 1)))
        ]
        best.append(min(found, key=len, default=()))
    return " ".join(best[-1]) or letters


def is_capitals(text: str) -> bool:
    """Whether nearly all letters are capitals, and there are at least three."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 3 and sum(c.isupper() for c in letters) >= CAPITALS * len(letters)


def same_size(a: float, b: float, scanned: bool = False) -> bool:
    """Whether two sizes of type are the same; those of a scan are not exact."""
    return abs(a - b) <= (0.22 if scanned else 0.045) * max(a, b)


def lines_of(pages: Iterable[PrintedPage]) -> Iterator[SetLine]:
    """The lines of all pages, in reading order, with their numbers in the text of the witness, in
    which a page without lines has two."""
    number = 0
    for page in pages:
        number += 2 * (not page.lines)
        for line in page.lines:
            number += 1
            place = line.left, line.right, line.baseline
            yield SetLine(
                number, line.page, line.column, *place, line.size, line.cells, line.turned
            )
