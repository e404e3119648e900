"""The addresses of a text: those that a published page has, and those that a new one has lost.

The anchors of a text are those of its reading page; its JSON has the words of each. For a lost
anchor, the passage that now has its words is proposed, or else the one in its place, as a guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

from msgspec import MsgspecError, Struct, json, structs

from archive_site.edition.aliases import resolved
from archive_site.findings import Finding
from archive_site.site.check import ids_of
from archive_site.text.words import folded

ALIKE = 0.5
"""How much of a lost passage must be in another, at least, for that to be proposed."""
FIRST_WORDS = 200
"""How many words of a lost passage are looked for."""
RUN, COMMON = 3, 50
"""How many words make a run of words. Runs that are in more passages than `COMMON` tell nothing."""
MOST_COMPARED, AROUND = 50, 10
"""How many passages of a text, at most, are compared word by word: those of which no run is found.
Each is compared with so many before its place, and so many after it."""
Run = tuple[str, ...]
_CALL = re.compile(r"\[\^[^\]]*\]")
_PLAIN = re.compile(r"[a-z][a-z0-9-]*")
_FIELD = re.compile(r"^aliases:", re.MULTILINE)


class _Block(Struct):
    id: str
    text: str


class _Note(Struct):
    label: str
    text: str
    call_block: str | None = None


class _Alias(Struct):
    old: str
    new: str | None


class _Text(Struct):
    """What is read of the JSON of a text."""

    blocks: tuple[_Block, ...]
    notes: tuple[_Note, ...]
    aliases: tuple[_Alias, ...] = ()


class Lost(Struct, frozen=True, array_like=True):
    """An anchor that a text has lost, the one to propose in its place (empty: there is none), and
    whether that is a guess, since no passage has its words."""

    anchor: str
    instead: str
    guess: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """The anchors of a text in the order of its page, each with its place there; the words of each
    block and note; where each alias leads; the block that first calls each note, and the block or
    note that each page begins in."""

    anchors: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)

    def words_at(self, anchor: str) -> Sequence[str]:
        """The words to which an anchor leads; none for a page."""
        return self.words.get(self.aliases.get(anchor, anchor), ())


def addresses_of(page: bytes, data: bytes) -> Addresses:
    """The addresses of a text. `page` is its reading page, `data` its JSON. Raises `ValueError` if
    they are not."""
    try:
        text = json.decode(data, type=_Text)
    except (MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
    words = {block.id: _words(block.text) for block in text.blocks}
    words |= {f"note-{note.label}": _words(note.text) for note in text.notes}
    aliases = {alias.old: alias.new for alias in text.aliases if alias.new}
    names = (n for n in ids_of(page) if n in words or n in aliases or _kind(n) == "page")
    anchors = {name: place for place, name in enumerate(dict.fromkeys(names))}
    within = {f"note-{note.label}": note.call_block or "" for note in text.notes}
    passage = ""
    for anchor in anchors:
        if anchor in words:
            passage = anchor
        elif anchor not in aliases:
            within[anchor] = passage
    return Addresses(anchors, words, aliases, within)


def _words(text: str) -> list[str]:
    return folded(_CALL.sub("", text))


def _kind(anchor: str) -> str:
    """What an anchor is of: a `note`, a `page`, or a block (empty)."""
    kind = anchor.partition("-")[0]
    return kind if kind in ("note", "page") else ""


# ---------------------------------------------------------------- what is lost


def lost(before: Addresses, now: Addresses, declared: Container[str] = ()) -> list[Lost]:
    """The anchors that a text had `before`, and that are neither in it `now` nor `declared`, each
    with a proposal."""
    gone = [a for a in before.anchors if a not in now.anchors and a not in declared]
    if not gone:
        return []
    places = _places(before, now)
    found = _with_same_words(gone, places, before, now)
    guesses = _guesses(places, found, before, now)
    return [Lost(a, found.get(a) or guesses.get(a, ""), a not in found) for a in gone]


class _Place(NamedTuple):
    """The place of a lost anchor: the last one of its kind before it that is still there, and the
    next one after it (empty: none)."""

    last: str = ""
    next: str = ""


def _places(before: Addresses, now: Addresses) -> dict[str, _Place]:
    """The place of each lost anchor."""

    def nearest(anchors: Iterable[str]) -> dict[str, str]:
        seen: dict[str, str] = {}
        found = {}
        for anchor in anchors:
            found[anchor] = seen.get(_kind(anchor), "")
            if anchor in now.anchors and anchor not in now.aliases:
                seen[_kind(anchor)] = anchor
        return found

    last, following = nearest(before.anchors), nearest(reversed(list(before.anchors)))
    return {a: _Place(last[a], following[a]) for a in before.anchors if a not in now.anchors}


def _guesses(
    places: Mapping[str, _Place], found: Mapping[str, str], before: Addresses, now: Addresses
) -> dict[str, str]:
    """What stands in the place of each lost anchor. For a block, that is a new one, or else the
    next one; for a note or a page, a new one in the same passage, or else the passage."""
    blocks = [a for a in now.anchors if a in now.words and a not in now.within]
    number = {anchor: n for n, anchor in enumerate(blocks)}
    taken = {*before.anchors, *found.values()}
    guesses = {}
    for anchor, (last, following) in places.items():
        between = blocks[number.get(last, -1) + 1 : number.get(following)]
        new = next((block for block in between if block not in taken), "")
        guesses[anchor] = new or following or last or next(iter(now.anchors), "")
    new_within = {
        (_kind(a), now.within[a]): a for a in reversed(list(now.within)) if a not in taken
    }
    for anchor, passage in before.within.items():
        if anchor in places:
            if passage not in now.anchors:
                passage = found.get(passage) or guesses.get(passage, guesses[anchor])
            guesses[anchor] = new_within.get((_kind(anchor), passage), passage)
    return guesses


class _Passages:
    """The passages of a text, in which those that another version of it had are found."""

    def __init__(self, now: Addresses, before: Addresses) -> None:
        self._anchors = [anchor for anchor in now.anchors if now.words.get(anchor)]
        self._number = {anchor: n for n, anchor in enumerate(self._anchors)}
        self._words, self._known = now.words, before.anchors
        self._whole = defaultdict[Run, list[str]](list)
        self._with = defaultdict[Run, list[str]](list)
        for anchor in self._anchors:
            self._whole[tuple(now.words[anchor])].append(anchor)
            for run in _runs(now.words[anchor]):
                self._with[run].append(anchor)

    def same(self, words: Sequence[str], place: _Place) -> str:
        """The passage that has these words and no others; empty if there is none."""
        there = self._whole.get(tuple(words), ())
        return max(there, key=self._rank(place), default="")

    def sharing(self, words: Sequence[str], place: _Place) -> str:
        """The passage that has most runs of these words, if it has enough of them."""
        runs = [self._with.get(run, ()) for run in _runs(words)]
        telling = [anchors for anchors in runs if len(anchors) <= COMMON]
        counts = Counter(chain.from_iterable(telling))
        rank = self._rank(place)
        best = max(counts, key=lambda anchor: (counts[anchor], rank(anchor)), default="")
        return best if counts[best] > ALIKE * len(telling) else ""

    def alike(self, words: Sequence[str], place: _Place) -> str:
        """The passage around a place that is most like these words, if it is like enough."""
        at = self._place(place)
        matcher, best, degree = SequenceMatcher(autojunk=False), "", ALIKE
        matcher.set_seq2(words)
        for anchor in self._anchors[max(0, at - AROUND) : at + AROUND]:
            matcher.set_seq1(self._words[anchor][:FIRST_WORDS])
            if matcher.quick_ratio() > degree and (ratio := matcher.ratio()) > degree:
                best, degree = anchor, ratio
        return best

    def _place(self, place: _Place) -> int:
        return self._number.get(place.next or place.last, 0)

    def _rank(self, place: _Place) -> Callable[[str], tuple[bool, int]]:
        """Of passages that are otherwise equal, new ones come first, then those near the place."""
        at = self._place(place)
        return lambda anchor: (anchor not in self._known, -abs(self._number[anchor] - at))


def _with_same_words(
    gone: Iterable[str], places: Mapping[str, _Place], before: Addresses, now: Addresses
) -> dict[str, str]:
    """The passages that now have the words of lost anchors, or to which lost aliases led."""
    passages, found, left = _Passages(now, before), dict[str, str](), list[str]()
    for anchor in gone:
        words, place = before.words_at(anchor), places[anchor]
        looked_for = words[:FIRST_WORDS]
        if before.aliases.get(anchor) in now.anchors:
            found[anchor] = before.aliases[anchor]
        elif words and (same := passages.same(words, place) or passages.sharing(looked_for, place)):
            found[anchor] = same
        elif words:
            left.append(anchor)
    for anchor in left[:MOST_COMPARED]:
        words = before.words_at(anchor)[:FIRST_WORDS]
        if alike := passages.alike(words, places[anchor]):
            found[anchor] = alike
    return found


def _runs(words: Sequence[str]) -> set[Run]:
    """The runs of words in a passage; all of its words, if it is shorter than a run."""
    return {tuple(words[n : n + RUN]) for n in range(max(1, len(words) - RUN + 1))}


# ---------------------------------------------------------------- what is told


def still_lost(lost: Iterable[Lost], now: Container[str], declared: Container[str]) -> list[Lost]:
    """Of lost anchors, those that are neither in the text `now` nor `declared`. If what was to take
    the place of one is lost, too, what takes the place of that is proposed."""
    left = {e.anchor: e for e in lost if e.anchor not in now and e.anchor not in declared}
    ends = resolved((each.anchor, each.instead) for each in left.values())
    return [
        structs.replace(each, instead=ends[each.anchor] if ends[each.anchor] in now else "")
        for each in left.values()
    ]


def check_lost(
    path: str, edition: str, lost: Sequence[Lost], aliases: Iterable[tuple[str, str]] = ()
) -> Iterator[Finding]:
    """A finding for each lost anchor of the text in the file `path`, with the alias to write; the
    first has the field with all of them. `edition` is the content of that file, `aliases` those
    that it has."""
    matter = edition.partition("\n---")[0]
    field = _FIELD.search(matter)
    line = matter.count("\n", 0, field.start()) + 1 if field else 1
    every = [*aliases, *((each.anchor, each.instead) for each in lost)]
    whole = f" — the whole field: aliases: {{{', '.join(map(_alias, every))}}}"
    for each in sorted(lost, key=lambda each: each.anchor):  # as findings are
        message = (
            "an anchor that was published should be in the text or among its aliases; "
            f"“{each.anchor}” no longer is"
        )
        hint = f"Add to aliases: {_alias((each.anchor, each.instead))}{_why(each)}{whole}"
        yield Finding(path, line, "W065", message, hint)
        whole = ""


def _why(lost: Lost) -> str:
    """What an editor should know of a proposal that no passage has the words of."""
    if not lost.guess:
        return ""
    guess = "a guess, by its place: no passage has its words; " if lost.instead else ""
    return f" ({guess}'' says that nothing takes its place)"


def _alias(alias: tuple[str, str]) -> str:
    """An alias as YAML."""
    return ": ".join(map(_scalar, alias))


def _scalar(text: str) -> str:
    """A text as a scalar of YAML."""
    return text if _PLAIN.fullmatch(text) else "'{}'".format(text.replace("'", "''"))
