"""Indexes: every entry with the passages that name it, from every text, and who is named beside it.

Pure values, gathered in one pass over the mentions; pages and data show the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from archive_site.authority import Entry
from archive_site.corpus import Corpus, Edition
from archive_site.dates import is_day, span
from archive_site.document import Block, Certainty
from archive_site.edition import INTERNAL
from archive_site.mentions import Passage, Passages, links_in
from archive_site.plaintext import reading_text
from archive_site.sentences import Sentence, sentences

RARE_ENOUGH = 40
"""A reader is sent from a text to others by what few passages name: at most so many."""
READ_NEXT, READ_NEXT_IN_A_TEXT = 5, 2
SHARED_AT_LEAST = 2
CROWD = 100
"""A passage that names more than so many entries (a list, an index) sets none beside another."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that names something, and the passage that it stands in."""

    passage: Passage
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a passage stands: its text, the fragment that leads there, whether it is a heading."""

    text: str
    anchor: str
    heading: bool


@dataclass(frozen=True, slots=True)
class Indexed:
    """An entry, or a day: how often it is named, in how many texts, in how many passages; and what
    finds how often each text names it, the sentences that do, by text, in reading order, and where
    they stand, outside of notes, unless that is in many places."""

    key: str
    count: int
    texts: int
    places: int
    find_counts: Callable[[], Mapping[str, int]]
    find_lines: Callable[[], Mapping[str, Sequence[Line]]]
    find_spots: Callable[[], Sequence[Spot]]

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each text names it."""
        return self.find_counts()

    @property
    def by_text(self) -> Mapping[str, Sequence[Line]]:
        """The sentences of each text."""
        return self.find_lines()

    @property
    def lines(self) -> list[Line]:
        """The sentences, text after text."""
        return [line for lines in self.by_text.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Naming:
    """A mention as data give it: what it names, where it stands (a text, a block or a note), its
    words, and their first and last character in the block's reading."""

    key: str
    text: str
    block: str
    note: str
    words: str
    start: int
    end: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Reference:
    """A link from a passage to a text, or to a block of it (empty: the text), in its sentence, the
    linking words marked."""

    passage: Passage
    html: Markup
    text: str
    block: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage of another text, and what it shares with this one, the rarest first."""

    passage: Passage
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indexes:
    """What the texts name and say of each other. `entries` has every entry of the corpus, `days`
    every day named, in order; `beside` the entries named in the same passages, the most frequent
    first, with those passages; `spoken` the quotations that give someone's words; `references` the
    links to each text; `namings` every mention, by text, and `namings_of` finds those of a key;
    `opening` finds a passage of a text by its anchor, with
    its first words at least, `letters` says how many all texts have,
    and `by_old_style` whether one that counts by the Julian calendar names a day."""

    passages: Mapping[str, tuple[Passage, ...]]
    entries: Mapping[str, Indexed]
    days: Mapping[str, Indexed]
    beside: Mapping[str, Mapping[str, Sequence[Passage]]]
    spoken: Mapping[str, Sequence[Sequence[Passage]]]
    references: Mapping[str, Sequence[Reference]]
    namings: Mapping[str, Sequence[Naming]]
    namings_of: Callable[[str], Sequence[Naming]]
    opening: Callable[[str, str], Passage]
    letters: Callable[[], int]
    by_old_style: Callable[[str], bool]

    def of(self, key: str) -> Indexed:
        """The entry, or the day, of that key."""
        return self.days[key] if is_day(key) else self.entries[key]


def make_indexes(corpus: Corpus, passages: Passages) -> Indexes:
    """The indexes of a corpus whose texts name what `passages` say."""
    named: dict[str, dict[str, list[Line]]] = {}
    near: dict[str, list[tuple[Passage, Sequence[str]]]] = {}
    spoken: dict[str, list[Sequence[Passage]]] = {}
    references: dict[str, list[Reference]] = {}
    for text, found in passages.items():
        for key, lines in lines_in(found).items():
            named.setdefault(key, {})[text] = lines
        for key, others in near_in(found).items():
            near.setdefault(key, []).extend(others)
        for key, runs in spoken_in(found).items():
            spoken.setdefault(key, []).extend(runs)
        for text_to, referring in references_in(found).items():
            references.setdefault(text_to, []).extend(referring)
    julian = {e.id for e in corpus.editions if e.document.meta.calendar == "julian"}
    namings = {text: list(namings_in(found)) for text, found in passages.items()}
    by_key: dict[str, list[Naming]] = {}
    for naming in (n for text in namings.values() for n in text):
        by_key.setdefault(naming.key, []).append(naming)
    return Indexes(
        passages,
        {key: indexed(key, named.get(key, {})) for key in corpus.entries},
        {key: indexed(key, found) for key, found in sorted(named.items()) if is_day(key)},
        {key: beside(others) for key, others in near.items()},
        spoken,
        references,
        namings,
        lambda key: by_key.get(key, []),
        lambda text, anchor: by_anchor(passages[text])[anchor],
        lambda: sum(map(letters_of, passages.values())),
        lambda day: not julian.isdisjoint(named[day]),
    )


def by_anchor(text: Iterable[Passage]) -> dict[str, Passage]:
    """The passages of a text by their anchors, without its notes'."""
    return {passage.place.anchor: passage for passage in text if not passage.place.note}


def letters_of(text: Iterable[Passage]) -> int:
    """How many letters a text has, spaces too."""
    return sum(len(reading_text(passage.place.block.content)) for passage in text)


def indexed(key: str, lines: Mapping[str, Sequence[Line]]) -> Indexed:
    """What `lines`, by text, say of an entry."""
    counts = {text: count_of(key, found) for text, found in lines.items()}
    places = sum(map(places_of, lines.values()))
    spots = [spot for found in lines.values() for spot in spots_of(found)]
    total = sum(counts.values())
    return Indexed(key, total, len(counts), places, lambda: counts, lambda: lines, lambda: spots)


def count_of(key: str, lines: Iterable[Line]) -> int:
    """How often lines name `key`."""
    return sum(line.sentence.count(key) for line in lines)


def places_of(lines: Iterable[Line]) -> int:
    """In how many passages lines stand."""
    return len({id(line.passage) for line in lines})


def spots_of(lines: Iterable[Line]) -> list[Spot]:
    """Where lines stand, outside of notes."""
    places = dict.fromkeys((line.passage.text, line.passage.place) for line in lines)
    return [
        Spot(text, place.anchor, place.block.kind == "heading")
        for text, place in places
        if not place.note
    ]


# ---------------------------------------------------------------- in a text


def lines_in(text: Iterable[Passage]) -> dict[str, list[Line]]:
    """The sentences of a text that name something, by what they name."""
    named: defaultdict[str, list[Line]] = defaultdict(list)
    for passage in text:
        for sentence in sentences(passage):
            for key in sentence.keys:
                named[key].append(Line(passage, sentence))
    return dict(named)


def near_in(text: Iterable[Passage]) -> dict[str, list[tuple[Passage, Sequence[str]]]]:
    """The passages of a text that name an entry beside others, by entry, each with those others."""
    near: defaultdict[str, list[tuple[Passage, Sequence[str]]]] = defaultdict(list)
    for passage in text:
        keys = dict.fromkeys(mention.key for mention in passage.mentions)
        entries = [key for key in keys if not is_day(key)]
        if 1 < len(entries) <= CROWD:
            for one in entries:
                near[one].append((passage, [other for other in entries if other != one]))
    return dict(near)


def beside(near: Iterable[tuple[Passage, Sequence[str]]]) -> dict[str, list[Passage]]:
    """What is named in the same passages as an entry, the most frequent first, with them."""
    others: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage, keys in near:
        for key in keys:
            others[key].append(passage)
    return dict(sorted(others.items(), key=lambda item: (-len(item[1]), item[0])))


def namings_in(text: Iterable[Passage]) -> Iterator[Naming]:
    """Every mention of a text, in reading order."""
    for passage in text:
        note = passage.place.note
        block = "" if note else passage.place.block.id
        words = reading_text(passage.place.block.content) if passage.mentions else ""
        for m in passage.mentions:
            said = words[m.start : m.end]
            yield Naming(m.key, passage.text, block, note, said, m.start, m.end, m.certainty)


def spoken_in(text: Iterable[Passage]) -> dict[str, list[Sequence[Passage]]]:
    """The quotations of a text that give the words of each speaker, each as its paragraphs."""
    spoken: defaultdict[str, list[Sequence[Passage]]] = defaultdict(list)
    run: list[Passage] = []
    for passage in text:
        block = passage.place.block
        if run and not block.continues:
            _said(spoken, run)
            run = []
        if block.kind == "quotation" and (run or block.speaker):
            run.append(passage)
    _said(spoken, run)
    return dict(spoken)


def _said(spoken: dict[str, list[Sequence[Passage]]], run: Sequence[Passage]) -> None:
    for key in run[0].place.block.speaker if run else ():
        spoken[key].append(tuple(run))


def references_in(text: Iterable[Passage]) -> dict[str, list[Reference]]:
    """Every link that a text makes to a text of the archive, by that text."""
    found: defaultdict[str, list[Reference]] = defaultdict(list)
    for passage in text:
        targets = tuple(links_in(passage.place.block.content))
        for sentence in sentences(replace(passage, mentions=targets)) if targets else ():
            for key in sentence.keys:
                target = INTERNAL.fullmatch(key)
                assert target is not None, key
                text_to = target["text"] or passage.text
                html = sentence.marking(key)
                found[text_to].append(Reference(passage, html, text_to, target["block"] or ""))
    return dict(found)


# ---------------------------------------------------------------- what to read next


def read_next(indexes: Indexes, text_id: str) -> list[Shared]:
    """The passages of other texts that share most with the text `text_id`: at least two things
    that few passages name, weighed by how few."""
    here = {m.key for p in indexes.passages[text_id] for m in p.mentions}
    naming = {key: indexes.of(key) for key in here}
    weights = {
        key: 1 / math.log2(1 + found.places)
        for key, found in naming.items()
        if found.places <= RARE_ENOUGH and found.texts > 1
    }
    shared: dict[Spot, list[str]] = {}
    for key in weights:
        for spot in naming[key].find_spots():
            if spot.text != text_id and not spot.heading:
                shared.setdefault(spot, []).append(key)

    def rank(item: tuple[Spot, list[str]]) -> tuple[float, str, str]:
        # The sum of the same numbers must be the same, in whatever order they come.
        return -math.fsum(weights[key] for key in item[1]), item[0].text, item[0].anchor

    enough = [item for item in shared.items() if len(item[1]) >= SHARED_AT_LEAST]
    found: list[Shared] = []
    taken: Counter[str] = Counter()
    for spot, keys in sorted(enough, key=rank):
        if taken[spot.text] == READ_NEXT_IN_A_TEXT:
            continue
        if len(found) == READ_NEXT:
            break
        taken[spot.text] += 1
        found.append(
            Shared(
                indexes.opening(spot.text, spot.anchor),
                tuple(sorted(keys, key=lambda key: (-weights[key], key))),
            )
        )
    return found


def chapters(edition: Edition) -> dict[str, list[Block]]:
    """The blocks of each chapter, by its heading's id; of the whole text (an empty id), where it
    has none. What stands in a box counts to the chapter that it stands in."""
    found: dict[str, list[Block]] = {}
    heading = ""
    for block in edition.document.blocks:
        if block.kind == "heading" and block.level == 2 and not block.boxed:
            heading = block.id
        found.setdefault(heading, []).append(block)
    return found


def in_time(entry: Entry) -> tuple[str, str, str]:
    """What puts events in the order of time: first and last day, then the key."""
    return (*span(entry.date.value), entry.key)
