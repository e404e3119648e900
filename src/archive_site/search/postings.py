"""Postings: which passages of a text have a word, and of all texts, group by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import sub

from archive_site.search.encoding import written
from archive_site.text.typography import THIN
from archive_site.text.words import fold

_fold = lru_cache(maxsize=1 << 15)(fold)
"""Most words of a text stand in others, too."""
GROUP = 2
"""The words of all texts are merged in groups that begin with so many letters alike."""
CAPITALISED = 0.9
"""A word that a name has, and that is so often written with a capital, is that name's."""
MOST_COUNTED = 4
"""How often a word stands in a passage is counted up to here."""
Posting = tuple[str, tuple[tuple[str, int], ...], int, int, str]
"""A folded form in a text: the form; the words that it is written as, each with how often; the
first and the last passage that has it, and those after the first as `encode` writes them. There are
so many of them that they are no records."""


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A form in the index: the word that stands for it, whether it is nearly always written with a
    capital, and its places, encoded."""

    shown: str
    capital: bool
    places: str

    @property
    def filed(self) -> Filed:
        """What decides where it is filed."""
        size = len(self.shown.encode()) + len(self.places)
        return Filed(self.shown, self.capital, 1 << size.bit_length())


@dataclass(frozen=True, slots=True)
class Filed:
    """What decides where a form is filed: the word that stands for it, whether it is nearly always
    written with a capital, and about how many bytes it takes: the next power of two, so that one
    place more seldom moves a word to another file."""

    shown: str
    capital: bool
    size: int


def grouped(places: Mapping[str, Sequence[int]]) -> dict[str, list[Posting]]:
    """The words of a text (each with the passage of each place that has it, in order) as postings,
    by group."""
    spelled: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for word in places:
        form = _fold(word)
        if spelled.setdefault(form, word) is not word:
            others.setdefault(form, []).append(word)
    spelled.pop("", None)
    groups: defaultdict[str, list[Posting]] = defaultdict(list)
    for form in sorted(spelled):
        word = spelled[form]
        at = places[word]
        if len(at) > MOST_COUNTED:
            at = _counted(at)
        counts: tuple[tuple[str, int], ...] = ((word, len(at)),)
        if form in others:
            found = {other: _counted(places[other]) for other in others[form]}
            counts += tuple((other, len(more)) for other, more in found.items())
            at = sorted(chain(at, *found.values()))
        rest = "".join(map(written, map(sub, at[1:], at))) if len(at) > 1 else ""
        groups[form[:GROUP]].append((form, counts, at[0], at[-1], rest))
    return dict(groups)


def _counted(at: Sequence[int]) -> Sequence[int]:
    """Passages in order, each no more often than it is counted."""
    further = zip(at[MOST_COUNTED:], at, strict=False)
    return [*at[:MOST_COUNTED], *(place for place, earlier in further if place != earlier)]


def stride_of(passages: Iterable[int]) -> int:
    """How far apart the places of two texts begin, which have so many passages."""
    return 1 << max(passages, default=1).bit_length()


def merged(texts: Iterable[Sequence[Posting]], stride: int) -> dict[str, IndexLine]:
    """The postings of a group, text after text, as lines of the index, by form."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    coded: defaultdict[str, list[str]] = defaultdict(list)
    last: defaultdict[str, int] = defaultdict(int)
    for number, postings in enumerate(texts):
        base = number * stride
        for form, words, first, final, rest in postings:
            counted = counts[form]
            for word, count in words:
                counted[word] = counted.get(word, 0) + count
            coded[form] += (written(base + first - last[form]), rest)
            last[form] = base + final
    return {form: _line(counts[form], "".join(parts)) for form, parts in coded.items()}


def _line(counts: Mapping[str, int], places: str) -> IndexLine:
    shown = min(counts, key=lambda word: (-counts[word], not word.islower(), word))
    capitals = sum(count for word, count in counts.items() if word[0].isupper())
    capital = capitals >= CAPITALISED * sum(counts.values())
    # A number of the witness has spaces; they part a line.
    return IndexLine(shown.replace(" ", THIN), capital, places)
