"""The cover of a book, drawn: what it says, in what hand, on which lines.

No face is at hand to measure words with, neither here nor, surely, where the book is read: words
are taken to be as wide as in the widest face that a reader may have.
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
"""How far words may run, of a cover's 1600."""
SERIES_TOP, KIND_TOP, TITLE_TOP = 170, 520, 540
TITLE_HEIGHT = 660
TITLE_SIZES = range(184, 20, -4)
LEADING = 1.14
RAISED, SMALLER = 0.34, 0.62
"""How far a raised letter stands above its line, and how large it is, of the line's size."""
# How wide letters may be, in em: as in DejaVu Serif. What is not named is as wide as any.
WIDTHS = (
    (re.compile(rf"[fijlt.,;:'’!()\[\]/I \-‐–{NBSP}{THIN}{JOINER}]"), 0.43),
    (re.compile(r"[mwœæMWŒÆ%]"), 1.15),
    (re.compile(r"[a-zà-öø-ÿ0-9«»“”?]"), 0.65),
    (re.compile(r"[A-ZÀ-ÖØ-Ý&]"), 0.88),
)
WIDEST = 1.15
_LEANS = re.compile(r"\b(à|aux?|de|des|du|en|et|la|les?|ou|par|sur|une?) ", re.IGNORECASE)
"""Words that no line of a title ends with."""
_FROM_TO = re.compile(r"(?<=\d) (à|et) (?=\d)")


@dataclass(frozen=True, slots=True)
class Hand:
    """How a line is written: its size, its colour, its style, which makes it so much wider."""

    size: int
    fill: str
    style: str = ""
    wider: float = 1.0


_SMALL_CAPITALS = "font-variant: small-caps; letter-spacing: 0.06em"
SERIES, KIND = Hand(54, INK, _SMALL_CAPITALS, 1.4), Hand(64, RED, _SMALL_CAPITALS, 1.4)
CREATOR = Hand(70, SOFT, "font-style: italic")


@dataclass(frozen=True, slots=True)
class CoverSpan:
    """Words of a line: how large they are, and how far below those before."""

    words: str
    size: int
    down: int


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A line of the cover: its hand, how far down it stands, what hangs in the margin before it."""

    hand: Hand
    y: int
    hung: str
    spans: tuple[CoverSpan, ...]


@dataclass(frozen=True, slots=True)
class Cover(Context):
    """A cover: what it says, in a sentence; its lines; the year, between what stands before it and
    behind it (None: not known)."""

    says: str
    lines: tuple[CoverLine, ...]
    year: tuple[str, str, str] | None


def archive_cover(site: Site) -> Cover:
    """The cover of the whole archive, as `cover.svg` places it."""
    title, subtitle = typeset(site.title), typeset(site.subtitle)
    lines = list(_written(title, _title_hand(title), TITLE_TOP))
    lines += _written(subtitle, CREATOR, lines[-1].y + CREATOR.size)
    return Cover(". ".join(filter(None, (title, subtitle))), tuple(lines), None)


def text_cover(publication: Publication, creator: str) -> Cover:
    """The cover of a text by `creator`, as `cover.svg` places it."""
    summary, archive = publication.summary, typeset(publication.site.title)
    lines = [*_written(archive, SERIES, SERIES_TOP), *_written(summary.kind, KIND, KIND_TOP)]
    lines += _written(summary.title, _title_hand(summary.title), lines[-1].y + 20)
    lines += _written(creator, CREATOR, lines[-1].y + CREATOR.size)
    says = f"{creator}, {summary.title}. {archive}"
    return Cover(says, tuple(lines), summary.year if any(summary.year) else None)


def _title_hand(title: str) -> Hand:
    """The hand in which a title keeps within its place and its words whole: as large as can be, but
    rather smaller than on many lines."""
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
    """The lines of `text`, the first below `y`; a bracket that opens it hangs in the margin."""
    lines = wrapped(text, BOX / hand.size / hand.wider) if text else []
    for number, words in enumerate(lines, start=1):
        place = round(y + number * hand.size * LEADING)
        hung = "[" if words.startswith("[") else ""
        yield CoverLine(hand, place, hung, tuple(_spans(words.removeprefix(hung), hand.size)))


def _spans(words: str, size: int) -> Iterator[CoverSpan]:
    """The words of a line, the letters of its ordinals raised."""
    at, up, down = 0, round(size * RAISED), 0
    for found in ORDINAL.finditer(words):
        yield CoverSpan(words[at : found.start(2)], size, down)
        yield CoverSpan(found[2], round(size * SMALLER), -up)
        at, down = found.end(2), up
    yield CoverSpan(words[at:], size, down)


def wrapped(text: str, widest: float) -> list[str]:
    """`text` on as few lines as `widest` em allow, evenly filled; a wider word is parted."""
    words = [part for word in _words(text) for part in _parted(word, widest)]
    fewest = len(_filled(words, widest))
    shares = (_filled(words, widest * share / 100) for share in range(50, 101))
    return next(lines for lines in shares if len(lines) == fewest)


def _words(text: str) -> list[str]:
    """What a line may break between: not behind an article, nor from one year to another; in
    display, a number may part from its noun."""
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
    """How wide words may be, in em: at most so much, in whatever face they are set."""
    return sum(map(_width, words))


@lru_cache(maxsize=1024)
def _width(letter: str) -> float:
    return next((width for letters, width in WIDTHS if letters.fullmatch(letter)), WIDEST)
