"""How much of a made document a draft has found, in the terms of its truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import Any

from archive_site.text.document import Document
from archive_site.text.numerals import marker_of
from archive_site.text.reading import witness_text
from layouts.reading import folded, letters

_CALL = re.compile(r"⟦([^⟧]*)⟧|\[\^([^\]]+)\]")
_WORD = re.compile(r"\w+")
_ASIDE = ("toc", "title-page", "colophon", "ornament")


@dataclass(frozen=True, slots=True)
class Score:
    """Of all boundaries of blocks, headings and pairs of note and call in the truth, how many the
    draft has (`found`), how many it has in all (`made`), and how many there are (`all`)."""

    found: int
    made: int
    all: int

    def __add__(self, other: Score) -> Score:
        return Score(self.found + other.found, self.made + other.made, self.all + other.all)

    @property
    def f1(self) -> float:
        """Twice what is found, of what is made and of what there is."""
        whole = self.made + self.all
        return 2 * self.found / whole if whole else 1.0


def words_of(text: str) -> list[str]:
    """The words of a text, without calls of notes."""
    return _WORD.findall(folded(_CALL.sub("", text)))


def _bodies(truth: dict[str, Any], document: Document) -> tuple[list[str], list[str]]:
    """The texts of the blocks of both sides, with calls."""
    blocks = [b for b in truth["blocks"] if b["type"] not in _ASIDE and not b.get("free")]
    said = [b["text"] for b in blocks]
    found: list[str] = []
    for above, block in pairwise([None, *document.blocks]):
        begun = [c for c in block.within[block.shared :] if c.kind == "list-item"] if block else []
        marks = "".join(f"{marker_of(item)} " for item in begun)
        text = marks + witness_text(block.content, calls=True) if block else ""
        if above and above.kind == "speaker":  # the name belongs to what is said
            found[-1] += f" {text}"
        else:
            found.append(text)
    return said, found


def _aligned(said: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """The place in the truth of each word of the draft that is there."""
    a = [word for text in said for word in words_of(text)]
    b = [word for text in found for word in words_of(text)]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return {
        block.b + n: block.a + n
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    }


def _starts(texts: Iterable[str]) -> set[int]:
    """The places where blocks with words begin, but for the first."""
    lengths = [len(words_of(text)) for text in texts]
    starts = accumulate((n for n in lengths if n), initial=0)
    return set(list(starts)[:-1]) - {0}


def boundaries(truth: dict[str, Any], document: Document) -> Score:
    """The boundaries of blocks."""
    said, found = _bodies(truth, document)
    place = _aligned(said, found)
    there = {place[start] for start in _starts(found) if start in place}
    wanted = _starts(said)
    return Score(len(there & wanted), len(there), len(wanted))


def headings(truth: dict[str, Any], document: Document) -> Score:
    """The headings, by their letters; those of notes do not count."""
    wanted = {letters(_CALL.sub("", b["text"])) for b in truth["blocks"] if b["type"] == "heading"}
    made = {letters(witness_text(b.content)) for b in document.blocks if b.kind == "heading"}
    wanted, made = wanted - {"notes"}, made - {"notes"}
    return Score(len(wanted & made), len(made), len(wanted))


def pairs(truth: dict[str, Any], document: Document) -> Score:
    """The notes with their words, called after the right word."""
    said, found = _bodies(truth, document)
    place = _aligned(said, found)
    notes = {str(note["n"]): letters(note["text"]) for note in truth["notes"]}
    wanted = {(at, notes[label]) for at, label in _calls(said) if label in notes}
    texts = {
        note.label: letters(" ".join(witness_text(b.content) for b in note.blocks))
        for note in document.notes
    }
    made = {(place.get(at, -1), texts.get(label, "")) for at, label in _calls(found)}
    return Score(len(wanted & made), len(made), len(wanted))


def _calls(texts: Iterable[str]) -> list[tuple[int, str]]:
    """The calls in texts: the place of the word before each, and its label."""
    calls, at = [], 0
    for text in texts:
        for match in _CALL.finditer(text):
            calls.append((at + len(words_of(text[: match.start()])) - 1, match[1] or match[2]))
        at += len(words_of(text))
    return calls
