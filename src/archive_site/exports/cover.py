"""The cover of a book: its lines, and the size, style and position of each.

No typeface is available to measure words with, and the reader's device may use any. Words are
therefore assumed to be as wide as in the widest common typeface.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive_site.corpus.records import Site
from archive_site.exports.publication import Publication
from archive_site.templating.jinja import Context
from archive_site.text.typography import JOINER, NBSP, ORDINAL, THIN, typeset

INK, SOFT, RED = "#1c1814", "#544c42", "#8c1c13"
BOX = 1300
"""The most width of a line; a cover is 1600 wide."""
SERIES_TOP, KIND_TOP, TITLE_TOP = 170, 520, 540
TITLE_HEIGHT = 660
TITLE_SIZES = range(184, 20, -4)
LEADING = 1.14
RAISED, SMALLER = 0.34, 0.62
"""How far raised letters are above the line, and their size, as shares of the line's size."""
# The widths of characters in em, as in DejaVu Serif. All others have the width `WIDEST`.
WIDTHS = (
    (re.compile(rf"[fijlt.,;:'’!()\[\]/I \-‐–{NBSP}{THIN}{JOINER}]"), 0.43),
    (re.compile(r"[mwœæMWŒÆ%]"), 1.15),
    (re.compile(r"[a-zà-öø-ÿ0-9«»“”?]"), 0.65),
    (re.compile(r"[A-ZÀ-ÖØ-Ý&]"), 0.88),
)
WIDEST = 1.15
_LEANS = re.compile(r"\b(à|aux?|de|des|du|en|et|la|les?|ou|par|sur|une?) ", re.IGNORECASE)
"""Words that may not end a line of a title."""
_FROM_TO = re.compile(r"(?<=\d) (à|et) (?=\d)")


@dataclass(frozen=True, slots=True)
class Hand:
    """The appearance of a line: its size, its colour, and its style, which makes it `wider` by a
    factor."""

    size: int
    fill: str
    style: str = ""
    wider: float = 1.0


_SMALL_CAPITALS = "font-variant: small-caps; letter-spacing: 0.06em"
SERIES, KIND = Hand(54, INK, _SMALL_CAPITALS, 1.4), Hand(64, RED, _SMALL_CAPITALS, 1.4)
CREATOR = Hand(70, SOFT, "font-style: italic")


@dataclass(frozen=True, slots=True)
class CoverSpan:
    """A part of a line: its words, their size, and how far below the previous words they are."""

    words: str
    size: int
    down: int


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A line of the cover: its appearance, its vertical position, and what hangs in the margin
    before it."""

    hand: Hand
    y: int
    hung: str
    spans: tuple[CoverSpan, ...]


@dataclass(frozen=True, slots=True)
class Cover(Context):
    """A cover: its words as a sentence; its lines; the words before the year, the year, and the
    words after it (None: no year is known)."""

    says: str
    lines: tuple[CoverLine, ...]
    year: tuple[str, str, str] | None


def archive_cover(site: Site) -> Cover:
    """The cover of the whole archive, for `cover.svg`."""
    title, subtitle = typeset(site.title), typeset(site.subtitle)
    lines = list(_written(title, _title_hand(title), TITLE_TOP))
    lines += _written(subtitle, CREATOR, lines[-1].y + CREATOR.size)
    return Cover(". ".join(filter(None, (title, subtitle))), tuple(lines), None)


def text_cover(publication: Publication, creator: str) -> Cover:
    """The cover of a text by `creator`, for `cover.svg`."""
    summary, archive = publication.summary, typeset(publication.site.title)
    lines = [*_written(archive, SERIES, SERIES_TOP), *_written(summary.kind, KIND, KIND_TOP)]
    lines += _written(summary.title, _title_hand(summary.title), lines[-1].y + 20)
    lines += _written(creator, CREATOR, lines[-1].y + CREATOR.size)
    says = f"{creator}, {summary.title}. {archive}"
    return Cover(says, tuple(lines), summary.year if any(summary.year) else None)


def _title_hand(title: str) -> Hand:
    """The appearance of a title that fits in its space without dividing a word: as large as
    possible, but smaller if that takes fewer lines."""
    widest_word = max(map(width_of, _words(title)))
    best, best_score = TITLE_SIZES[-1], 0.0
    for size in TITLE_SIZES:
        lines = len(wrapped(title, BOX / size))
        score = size / lines**0.5
        fits = widest_word * size <= BOX and lines * size * LEADING <= TITLE_HEIGHT
        if fits and score > best_score:
            best, best_score = size, score
    return Hand(best, INK)


def _written(text: str, hand: Hand, y: float) -> Iterator[CoverLine]:
    """The lines of `text`, the first below `y`. A bracket at the beginning hangs in the margin."""
    lines = wrapped(text, BOX / hand.size / hand.wider) if text else []
    for number, words in enumerate(lines, start=1):
        place = round(y + number * hand.size * LEADING)
        hung = "[" if words.startswith("[") else ""
        yield CoverLine(hand, place, hung, tuple(_spans(words.removeprefix(hung), hand.size)))


def _spans(words: str, size: int) -> Iterator[CoverSpan]:
    """The words of a line, with the letters of ordinals raised."""
    at, up, down = 0, round(size * RAISED), 0
    for found in ORDINAL.finditer(words):
        yield CoverSpan(words[at : found.start(2)], size, down)
        yield CoverSpan(found[2], round(size * SMALLER), -up)
        at, down = found.end(2), up
    yield CoverSpan(words[at:], size, down)


def wrapped(text: str, widest: float) -> list[str]:
    """`text` on as few lines of at most `widest` em as possible, evenly filled. A wider word is
    divided."""
    words = [part for word in _words(text) for part in _parted(word, widest)]
    fewest = len(_filled(words, widest))
    shares = (_filled(words, widest * share / 100) for share in range(50, 101))
    return next(lines for lines in shares if len(lines) == fewest)


def _words(text: str) -> list[str]:
    """The units between which a line may break: not after a word of `_LEANS`, and not within a span
    of years. In large type, a line may break between a number and its noun."""
    display = re.sub(rf"(?<=\w){NBSP}(?=\w)", " ", text)
    return _LEANS.sub(rf"\1{NBSP}", _FROM_TO.sub(rf"{NBSP}\1 ", display)).split(" ")


def _parted(word: str, widest: float) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width_of(parts[-1] + letter) > widest:
            parts.append("")
        parts[-1] += letter
    return parts


def _filled(words: Iterable[str], widest: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and width_of(f"{lines[-1]} {word}") <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def width_of(words: Sequence[str]) -> float:
    """The most width of words, in em, in any common typeface."""
    return sum(map(_width, words))


@lru_cache(maxsize=1024)
def _width(letter: str) -> float:
    return next((width for letters, width in WIDTHS if letters.fullmatch(letter)), WIDEST)
