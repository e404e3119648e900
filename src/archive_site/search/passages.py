"""The passages of a text for the search: their words, and alternative words for them."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from archive_site.corpus.records import Edition
from archive_site.names.indexes import where
from archive_site.names.mentions import Passage
from archive_site.search.encoding import numeral, script
from archive_site.search.postings import Posting, grouped
from archive_site.text.document import (
    VOICES,
    CellBreak,
    Emendation,
    Inlines,
    LineBreak,
    Superscript,
    Text,
)
from archive_site.text.reading import reading_text, walk
from archive_site.text.typography import ORDINAL, typeset
from archive_site.text.words import WORD, fold, folded

INITIALS = re.compile(r"[A-ZÀ-ÖØ-Ý](?<!\w.)\.(?: ?[A-ZÀ-ÖØ-Ý]\.)+")
ROMAN = re.compile(r"([IVX](?<!\w.)[IVX]*)(er|re|e)\b")
LIKE_AN_ORDINAL = re.compile(r"[IVX0-9](?:er|re|e)\b")  # a quick test before `ORDINAL`
RAISED = str.maketrans("er", "ᵉʳ")


@dataclass(frozen=True, slots=True)
class Alternate:
    """Other words under which the words `first` to `last` of a passage are found too. `witness`:
    they are the witness's words; if not, they are another way to write the same."""

    first: int
    last: int
    words: str
    witness: bool


@dataclass(frozen=True, slots=True)
class TextWords:
    """A text for the search: the script with its passages; its postings, by group; and a
    description of its passages: the kinds of parts, and, encoded, the kind and the length of
    each passage."""

    script: bytes
    groups: Mapping[str, Sequence[Posting]]
    described: tuple[tuple[str, ...], str, str]


def words_of(edition: Edition, passages: Sequence[Passage]) -> TextWords:
    """The words of a text, for the search."""
    chapters: list[str] = []
    rows: list[list[Any]] = []
    lengths: list[int] = []
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, passage in enumerate(passages):
        block, note = passage.place.block, passage.place.note
        words = raised_in_plain(typeset(reading_text(block.content), passage.depth, block.language))
        if block.kind == "heading" and block.level > 1 and not note:
            chapters.append(words)
        alternates = list(alternates_in(block.content))
        found = WORD.findall(words)
        lengths.append(len(found))
        found += [word for other in alternates for word in WORD.findall(other.words)]
        for word in found:
            places[word].append(n)
        chapter = -1 if note else len(chapters) - 1
        row: list[Any] = [passage.place.anchor, passage.number or where(passage), chapter, words]
        others = [[a.first, a.last, a.words, int(a.witness)] for a in alternates]
        part = _part(passage)
        if part[0] in "qs":
            row += [others, part]
        elif others:
            row.append(others)
        rows.append(row)
    return TextWords(
        script("text", edition.id, chapters, rows),
        grouped(places),
        _parts_and_lengths(passages, lengths),
    )


def raised_in_plain(text: str) -> str:
    """`text` with the letters of its ordinals as superscript characters: “XIᵉ”."""
    if not LIKE_AN_ORDINAL.search(text):
        return text
    return ORDINAL.sub(lambda ordinal: ordinal[1] + ordinal[2].translate(RAISED), text)


def _part(passage: Passage) -> str:
    """The kind of part that a passage belongs to: `n` for a note, `q` and its speakers for a
    quotation, `s` and its speakers for a speech, `t` for the text itself."""
    block = passage.place.block
    if passage.place.note:
        return "n"
    voices = [container for container in block.within if container.kind in VOICES]
    voice = block.voice or (voices[-1] if voices else None)
    if voice is None:
        return "t"
    return " ".join(("q" if voice.kind == "quotation" else "s", *voice.speakers))


def _parts_and_lengths(
    passages: Iterable[Passage], lengths: Sequence[int]
) -> tuple[tuple[str, ...], str, str]:
    """The kinds of parts of a text; the kind of each passage; and the length of each passage, in
    words, as twice its logarithm to base 2, which is precise enough for ranking."""
    parts = [_part(passage) for passage in passages]
    kinds = list(dict.fromkeys(parts))
    return (
        tuple(kinds),
        "".join(numeral(kinds.index(part)) for part in parts),
        "".join(numeral(round(2 * math.log2(1 + length))) for length in lengths),
    )


def alternates_in(content: Inlines) -> Iterator[Alternate]:
    """Alternatives to the words of a block: the witness's words for emendations, initials without
    full stops, and Roman ordinals in Arabic figures."""
    text = reading_text(content)
    emended, ordinals = list(_emended(content)), list(ROMAN.finditer(text))
    initials = list(INITIALS.finditer(text))
    if not emended and not ordinals and not initials:
        return
    tokens = list(WORD.finditer(text))
    for start, emendation in emended:
        end = start + len(emendation.reading)
        at = [n for n, token in enumerate(tokens) if token.end() >= start and token.start() <= end]
        if not at:
            continue
        first, last = tokens[at[0]], tokens[at[-1]]
        before = text[min(start, first.start()) : start]
        after = text[end : max(end, last.end())]
        words = before + emendation.witness + after
        forms = folded(words)
        if forms and forms != [fold(tokens[n][0]) for n in at]:
            yield Alternate(at[0], at[-1], words, witness=True)
    places = {token.start(): n for n, token in enumerate(tokens)}
    for stopped in initials:
        n = places.get(stopped.start())
        if n is not None:  # if not, a combining accent precedes it: it is part of a word
            letters = re.findall(r"\w", stopped[0])
            yield Alternate(n, n + len(letters) - 1, "".join(letters), witness=False)
    for ordinal in ordinals:
        n = places.get(ordinal.start())
        if n is not None:
            yield Alternate(n, n, f"{_value(ordinal[1])}{ordinal[2]}", witness=False)


def _emended(content: Inlines) -> Iterator[tuple[int, Emendation]]:
    """The emendations of a block, each with its position in the reading text."""
    at = 0
    for inline in walk(content):
        match inline:
            case Text(text) | Superscript(text):
                at += len(text)
            case LineBreak() | CellBreak():
                at += 1
            case Emendation(reading):
                yield at, inline
                at += len(reading)


def _value(roman: str) -> int:
    """The value of a Roman numeral up to 39."""
    values = [{"I": 1, "V": 5, "X": 10}[figure] for figure in roman]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))
