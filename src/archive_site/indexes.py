"""Indexes: every entry with the passages that name it, from every text, and who is named beside it.

Pure values, gathered in one pass over the mentions; pages and data show the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from archive_site.authority import Entry
from archive_site.corpus import Corpus, Edition
from archive_site.dates import is_day, span
from archive_site.document import Block
from archive_site.edition import INTERNAL
from archive_site.mentions import Passage, Passages, links_in
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
class Indexed:
    """An entry, or a day, with every sentence that names it, text after text, in reading order."""

    key: str
    lines: tuple[Line, ...] = ()

    @property
    def by_text(self) -> dict[str, list[Line]]:
        """The sentences of each text."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.passage.text, []).append(line)
        return found

    @property
    def counts(self) -> dict[str, int]:
        """How often each text names it."""
        return {
            text: sum(line.sentence.count(self.key) for line in lines)
            for text, lines in self.by_text.items()
        }

    @property
    def count(self) -> int:
        """How often it is named."""
        return sum(line.sentence.count(self.key) for line in self.lines)

    @property
    def passages(self) -> list[Passage]:
        """The passages that name it."""
        return list({id(line.passage): line.passage for line in self.lines}.values())


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
    links to each text."""

    passages: Mapping[str, tuple[Passage, ...]]
    entries: Mapping[str, Indexed]
    days: Mapping[str, Indexed]
    beside: Mapping[str, Mapping[str, tuple[Passage, ...]]]
    spoken: Mapping[str, tuple[tuple[Passage, ...], ...]]
    references: Mapping[str, tuple[Reference, ...]]

    def of(self, key: str) -> Indexed:
        """The entry, or the day, of that key."""
        return self.days[key] if is_day(key) else self.entries[key]


def make_indexes(corpus: Corpus, passages: Passages) -> Indexes:
    """The indexes of a corpus whose texts name what `passages` say."""
    named: dict[str, list[Line]] = defaultdict(list)
    beside: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for passage in (p for text in passages.values() for p in text):
        keys = list(dict.fromkeys(mention.key for mention in passage.mentions))
        for sentence in sentences(passage):
            for key in sentence.keys:
                named[key].append(Line(passage, sentence))
        entries = [key for key in keys if not is_day(key)]
        for one in entries if len(entries) <= CROWD else ():
            for other in entries:
                if one != other:
                    beside[one][other].append(passage)
    return Indexes(
        passages,
        {key: Indexed(key, tuple(named.get(key, ()))) for key in corpus.entries},
        {key: Indexed(key, tuple(found)) for key, found in sorted(named.items()) if is_day(key)},
        {key: _most_first(others) for key, others in beside.items()},
        _spoken(passages),
        _references(passages),
    )


def _most_first(others: Mapping[str, list[Passage]]) -> dict[str, tuple[Passage, ...]]:
    ordered = sorted(others.items(), key=lambda item: (-len(item[1]), item[0]))
    return {key: tuple(found) for key, found in ordered}


def _spoken(
    passages: Mapping[str, Sequence[Passage]],
) -> dict[str, tuple[tuple[Passage, ...], ...]]:
    """The quotations that give the words of each speaker, each as its paragraphs."""
    spoken: dict[str, list[tuple[Passage, ...]]] = defaultdict(list)
    for text in passages.values():
        run: list[Passage] = []
        for passage in text:
            block = passage.place.block
            if run and not block.continues:
                _said(spoken, run)
                run = []
            if block.kind == "quotation" and (run or block.speaker):
                run.append(passage)
        _said(spoken, run)
    return {key: tuple(found) for key, found in spoken.items()}


def _said(spoken: dict[str, list[tuple[Passage, ...]]], run: Sequence[Passage]) -> None:
    for key in run[0].place.block.speaker if run else ():
        spoken[key].append(tuple(run))


def _references(
    passages: Mapping[str, Sequence[Passage]],
) -> dict[str, tuple[Reference, ...]]:
    """Every link that an edition makes to a text of the archive, by that text."""
    found: dict[str, list[Reference]] = defaultdict(list)
    for text_id, text in passages.items():
        for passage in text:
            linking = replace(passage, mentions=tuple(links_in(passage.place.block.content)))
            for sentence in sentences(linking):
                for key in sentence.keys:
                    target = INTERNAL.fullmatch(key)
                    assert target is not None, key
                    text_to = target["text"] or text_id
                    html = sentence.marking(key)
                    found[text_to].append(Reference(passage, html, text_to, target["block"] or ""))
    return {text_id: tuple(references) for text_id, references in found.items()}


def read_next(indexes: Indexes, text_id: str) -> list[Shared]:
    """The passages of other texts that share most with the text `text_id`: at least two things
    that few passages name, weighed by how few."""
    here = {m.key for p in indexes.passages[text_id] for m in p.mentions}
    naming = {key: indexes.of(key).passages for key in here}
    weights = {
        key: 1 / math.log2(1 + len(passages))
        for key, passages in naming.items()
        if len(passages) <= RARE_ENOUGH
    }
    shared: dict[tuple[str, str], tuple[Passage, set[str]]] = {}
    for key in weights:
        for passage in naming[key]:
            if passage.text != text_id and not passage.place.note:
                shared.setdefault(passage.anchor, (passage, set()))[1].add(key)

    def weight(item: tuple[Passage, set[str]]) -> float:
        return sum(weights[key] for key in item[1])

    ranked = sorted(shared.values(), key=lambda item: (-weight(item), item[0].anchor))
    found: list[Shared] = []
    taken: Counter[str] = Counter()
    for passage, keys in ranked:
        heading = passage.place.block.kind == "heading"
        if len(keys) < SHARED_AT_LEAST or heading or taken[passage.text] == READ_NEXT_IN_A_TEXT:
            continue
        taken[passage.text] += 1
        found.append(Shared(passage, tuple(sorted(keys, key=lambda key: (-weights[key], key)))))
    return found[:READ_NEXT]


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
