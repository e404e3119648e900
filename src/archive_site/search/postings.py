"""Postings: the passages that have a word, of one text and, group by group, of all texts."""

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
"""`fold` with a cache, since most words of a text recur in others."""
GROUP_PREFIX_LENGTH = 2
"""The length of a group's name. The words of all texts are merged in groups; a group has the words
that begin with the same letters."""
CAPITALISED = 0.9
"""A word in a name that has a capital in at least this share of its occurrences belongs to that
name."""
MOST_COUNTED = 4
"""The most occurrences of a word that are counted in one passage."""
Posting = tuple[str, tuple[tuple[str, int], ...], int, int, str]
"""A folded form in a text: the form; how it is written, each spelling with its count; the first and
the last passage that has it; and the passages after the first, as `encoding.decode` reads them. It
is a plain tuple because there are very many of them."""


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A form in the index: the word that represents it, whether that is nearly always written with
    a capital, and the passages that have it, encoded."""

    shown: str
    capital: bool
    places: str

    @property
    def filed(self) -> Filed:
        """The properties that determine its shard."""
        size = len(self.shown.encode()) + len(self.places)
        return Filed(self.shown, self.capital, 1 << size.bit_length())


@dataclass(frozen=True, slots=True)
class Filed:
    """The properties of a form that determine its shard: the word that represents it, whether that
    is nearly always written with a capital, and its approximate size in bytes. The size is the next
    power of two, so that one more passage rarely moves a word to another shard."""

    shown: str
    capital: bool
    size: int


def grouped(places: Mapping[str, Sequence[int]]) -> dict[str, list[Posting]]:
    """The words of a text as postings, by group. `places` maps each word to the passage of each of
    its occurrences, in order."""
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
        groups[form[:GROUP_PREFIX_LENGTH]].append((form, counts, at[0], at[-1], rest))
    return dict(groups)


def _counted(at: Sequence[int]) -> Sequence[int]:
    """Passages in order, each at most `MOST_COUNTED` times."""
    further = zip(at[MOST_COUNTED:], at, strict=False)
    return [*at[:MOST_COUNTED], *(place for place, earlier in further if place != earlier)]


def stride_of(passages: Iterable[int]) -> int:
    """The difference between the numbers of the first passages of successive texts. `passages` has
    the number of passages of each text."""
    return 1 << max(passages, default=1).bit_length()


def merged(texts: Iterable[Sequence[Posting]], stride: int) -> dict[str, IndexLine]:
    """The postings of one group of all texts, in the order of texts, as index lines by form."""
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
    # A number may contain spaces, which separate the fields of a line.
    return IndexLine(shown.replace(" ", THIN), capital, places)
