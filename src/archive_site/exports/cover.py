"""The cover of a book, drawn: what it says, in what hand, on which lines.

No face is at hand to measure words with, neither here nor, surely, where the book is read: words
are taken to be as wide as in the widest face that a reader may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from archive_site.corpus.read import Site
from archive_site.exports.publication import Publication
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


def archive_cover(site: Site) -> dict[str, Any]:
    """The cover of the whole archive, as `cover.svg` places it."""
    title, subtitle = typeset(site.title), typeset(site.subtitle)
    lines = list(_written(title, _title_hand(title), TITLE_TOP))
    lines += _written(subtitle, CREATOR, lines[-1]["y"] + CREATOR.size)
    return {"says": ". ".join(filter(None, (title, subtitle))), "lines": lines, "year": None}


def text_cover(publication: Publication, creator: str) -> dict[str, Any]:
    """The cover of a text by `creator`, as `cover.svg` places it."""
    said, archive = publication.said, typeset(publication.site.title)
    lines = [*_written(archive, SERIES, SERIES_TOP), *_written(said["kind"], KIND, KIND_TOP)]
    lines += _written(said["title"], _title_hand(said["title"]), lines[-1]["y"] + 20)
    lines += _written(creator, CREATOR, lines[-1]["y"] + CREATOR.size)
    says = f"{creator}, {said['title']}. {archive}"
    year = said["year"] if any(said["year"]) else None
    return {"says": says, "lines": lines, "year": year}


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


def _written(text: str, hand: Hand, y: float) -> Iterator[dict[str, Any]]:
    """The lines of `text`, the first below `y`; a bracket that opens it hangs in the margin."""
    lines = wrapped(text, BOX / hand.size / hand.wider) if text else []
    for number, words in enumerate(lines, start=1):
        place = round(y + number * hand.size * LEADING)
        hung = "[" if words.startswith("[") else ""
        spans = list(_spans(words.removeprefix(hung), hand.size))
        yield {"hand": hand, "y": place, "hung": hung, "spans": spans}


def _spans(words: str, size: int) -> Iterator[dict[str, Any]]:
    """The words of a line, the letters of its ordinals raised: what they are, how large, and how
    far below those before."""
    at, up, down = 0, round(size * RAISED), 0
    for found in ORDINAL.finditer(words):
        yield {"words": words[at : found.start(2)], "size": size, "down": down}
        yield {"words": found[2], "size": round(size * SMALLER), "down": -up}
        at, down = found.end(2), up
    yield {"words": words[at:], "size": size, "down": down}


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
