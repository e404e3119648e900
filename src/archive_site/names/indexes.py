"""The indexes of one text: sentences by what they name, entries named in the same passage,
quotations by speaker, and references to other texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus.records import Edition
from archive_site.corpus.rules import CitedAt
from archive_site.edition.authority import Entry
from archive_site.names.mentions import Passage, links_in
from archive_site.names.sentences import Sentence, sentences
from archive_site.text.dates import is_day, span
from archive_site.text.document import INTERNAL, Block, Certainty, Citation, ContainerKind
from archive_site.text.reading import reading_text, walk
from archive_site.text.typography import NBSP

RARE_ENOUGH = 40
"""Links from a text to others use only entries that at most this many passages name."""
CROWD = 100
"""A passage that names more entries than this (a list, an index) does not connect them."""


@dataclass(frozen=True, slots=True)
class NamingSentence:
    """A sentence that names something, and its passage."""

    passage: Passage
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class MentionData:
    """A mention for the data files: the key of what it names, its text, its block or note, its
    words, and their start and end in the block's reading."""

    key: str
    text_id: str
    block: str
    note: str
    words: str
    start: int
    end: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class LinkedSentence:
    """A sentence with a link to a text, or to a block of it (empty: the whole text). In `html`, the
    words of the link are marked."""

    passage: Passage
    html: Markup
    text_id: str
    block: str


def where(passage: Passage) -> str:
    """The French name of a passage: its note, its paragraph number, or the kind of its block."""
    if passage.place.note:
        return interface.IN_NOTE.format(label=passage.place.note)
    if passage.number:
        return f"§{NBSP}{passage.number}"
    return interface.UNNUMBERED_SHORT[passage.place.block.kind]


def characters_of(text: Iterable[Passage]) -> int:
    """The number of characters of a text, including spaces."""
    return sum(len(reading_text(passage.place.block.content)) for passage in text)


def count_of(key: str, lines: Iterable[NamingSentence]) -> int:
    """How often `lines` name `key`."""
    return sum(line.sentence.count(key) for line in lines)


def passages_in(lines: Iterable[NamingSentence]) -> int:
    """The number of different passages in `lines`."""
    return len({id(line.passage) for line in lines})


def sentences_in(text: Iterable[Passage]) -> dict[str, list[NamingSentence]]:
    """The sentences of a text that name something, by the key of what they name."""
    named: defaultdict[str, list[NamingSentence]] = defaultdict(list)
    for passage in text:
        for sentence in sentences(passage):
            for key in sentence.keys:
                named[key].append(NamingSentence(passage, sentence))
    return dict(named)


def beside_in(text: Iterable[Passage]) -> dict[str, list[tuple[Passage, Sequence[str]]]]:
    """The passages of a text that name several entries, by the key of each entry, with the keys of
    the others."""
    near: defaultdict[str, list[tuple[Passage, Sequence[str]]]] = defaultdict(list)
    for passage in text:
        keys = dict.fromkeys(mention.key for mention in passage.mentions)
        entries = [key for key in keys if not is_day(key)]
        if 1 < len(entries) <= CROWD:
            for one in entries:
                near[one].append((passage, [other for other in entries if other != one]))
    return dict(near)


def mentions_of(text: Iterable[Passage]) -> Iterator[MentionData]:
    """Every mention of a text, in reading order."""
    for passage in text:
        note = passage.place.note
        block = "" if note else passage.place.block.id
        words = reading_text(passage.place.block.content) if passage.mentions else ""
        for m in passage.mentions:
            said = words[m.start : m.end]
            yield MentionData(
                m.key, passage.text_id, block, note, said, m.start, m.end, m.certainty
            )


def spoken_in(text: Iterable[Passage], voice: ContainerKind) -> dict[str, list[Sequence[Passage]]]:
    """The quotations or the speeches (`voice`) of a text by the key of their speaker, each as its
    blocks."""
    spoken: defaultdict[str, list[Sequence[Passage]]] = defaultdict(list)
    run: list[Passage] = []
    for passage in text:
        block = passage.place.block
        if not block.voice or block.voice.kind != voice:
            continue
        if run and not (block.continues and block.speakers == run[-1].place.block.speakers):
            _add_words(spoken, run)
            run = []
        run.append(passage)
    _add_words(spoken, run)
    return dict(spoken)


def _add_words(spoken: dict[str, list[Sequence[Passage]]], run: Sequence[Passage]) -> None:
    for key in run[0].place.block.speakers if run else ():
        spoken[key].append(tuple(run))


def references_in(text: Iterable[Passage]) -> dict[str, list[LinkedSentence]]:
    """The links of a text to texts of the archive, including itself, by the id of their target."""
    found: defaultdict[str, list[LinkedSentence]] = defaultdict(list)
    for passage in text:
        targets = tuple(links_in(passage.place.block.content))
        for sentence in sentences(replace(passage, mentions=targets)) if targets else ():
            for key in sentence.keys:
                target = INTERNAL.fullmatch(key)
                assert target is not None, key
                text_to = target["text"] or passage.text_id
                html = sentence.marking(key)
                found[text_to].append(LinkedSentence(passage, html, text_to, target["block"] or ""))
    return dict(found)


def cited_in(text: Iterable[Passage]) -> Iterator[CitedAt]:
    """Every citation of a work in a text, in reading order."""
    for passage in text:
        block = passage.place.block
        for inline in walk(block.content):
            for cited in inline.works if isinstance(inline, Citation) else ():
                yield CitedAt(cited.key, block.line, passage.place.anchor, where(passage))


def chapters(edition: Edition) -> dict[str, list[Block]]:
    """The blocks of each chapter, by the id of its heading. Blocks before the first heading, or of
    a text without chapters, have an empty id. Headings in boxes begin no chapter."""
    found: dict[str, list[Block]] = {}
    heading = ""
    for block in edition.document.blocks:
        if block.divides and block.level == 2:
            heading = block.id
        found.setdefault(heading, []).append(block)
    return found


def in_time(entry: Entry) -> tuple[str, str, str]:
    """A chronological sort key for events: the first day, the last day, and the key."""
    return (*span(entry.date.value), entry.key)
