"""What one text names and says: sentences by what they name, who is named beside whom, quotations,
references. `analysis` keeps it, `model` gathers it from all texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.edition.format import INTERNAL
from archive_site.names.mentions import Passage, links_in
from archive_site.names.sentences import Sentence, sentences
from archive_site.text.dates import is_day, span
from archive_site.text.document import Block, Certainty
from archive_site.text.reading import reading_text
from archive_site.text.typography import NBSP

RARE_ENOUGH = 40
"""A reader is sent from a text to others by what few passages name: at most so many."""
CROWD = 100
"""A passage that names more than so many entries (a list, an index) sets none beside another."""


@dataclass(frozen=True, slots=True)
class NamingSentence:
    """A sentence that names something, and the passage that it stands in."""

    passage: Passage
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class MentionData:
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
class LinkedSentence:
    """A link from a passage to a text, or to a block of it (empty: the text), in its sentence, the
    linking words marked."""

    passage: Passage
    html: Markup
    text: str
    block: str


def where(passage: Passage) -> str:
    """A passage as a reader names it: its paragraph, its note, or what else it is."""
    if passage.place.note:
        return interface.IN_NOTE.format(label=passage.place.note)
    if passage.number:
        return f"§{NBSP}{passage.number}"
    return interface.UNNUMBERED_SHORT[passage.place.block.kind]


def letters_of(text: Iterable[Passage]) -> int:
    """How many letters a text has, spaces too."""
    return sum(len(reading_text(passage.place.block.content)) for passage in text)


def count_of(key: str, lines: Iterable[NamingSentence]) -> int:
    """How often lines name `key`."""
    return sum(line.sentence.count(key) for line in lines)


def places_of(lines: Iterable[NamingSentence]) -> int:
    """In how many passages lines stand."""
    return len({id(line.passage) for line in lines})


def lines_in(text: Iterable[Passage]) -> dict[str, list[NamingSentence]]:
    """The sentences of a text that name something, by what they name."""
    named: defaultdict[str, list[NamingSentence]] = defaultdict(list)
    for passage in text:
        for sentence in sentences(passage):
            for key in sentence.keys:
                named[key].append(NamingSentence(passage, sentence))
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


def namings_in(text: Iterable[Passage]) -> Iterator[MentionData]:
    """Every mention of a text, in reading order."""
    for passage in text:
        note = passage.place.note
        block = "" if note else passage.place.block.id
        words = reading_text(passage.place.block.content) if passage.mentions else ""
        for m in passage.mentions:
            said = words[m.start : m.end]
            yield MentionData(m.key, passage.text, block, note, said, m.start, m.end, m.certainty)


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


def references_in(text: Iterable[Passage]) -> dict[str, list[LinkedSentence]]:
    """Every link that a text makes to a text of the archive, by that text."""
    found: defaultdict[str, list[LinkedSentence]] = defaultdict(list)
    for passage in text:
        targets = tuple(links_in(passage.place.block.content))
        for sentence in sentences(replace(passage, mentions=targets)) if targets else ():
            for key in sentence.keys:
                target = INTERNAL.fullmatch(key)
                assert target is not None, key
                text_to = target["text"] or passage.text
                html = sentence.marking(key)
                found[text_to].append(LinkedSentence(passage, html, text_to, target["block"] or ""))
    return dict(found)


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
