"""What is measured on: archives of any size, made of the five texts by a script.

A made text is the paragraphs, chapter titles and notes of the five texts, drawn anew: always the
same for the same number. Every paragraph names two of the archive's people. An archive gives it a
witness as an extraction would have left it; a peer gets the same words as plain Markdown.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive_site.corpus.records import rank_of
from archive_site.edition.format import loads
from archive_site.edition.writing import write_inlines
from archive_site.text.document import Block, Inlines, NoteCall, Text
from archive_site.text.quotes import unpaired
from archive_site.text.reading import reading_text

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
SIZE = 30_000
"""Bytes of a made text, about."""
CHAPTER, CALLED = 6, 4  # paragraphs to a chapter; every fourth calls a note
_MEASURE = 90  # letters on a line of a witness
_WORD = re.compile(r"(?<= )[a-zàâçéèêîôùû]{6,}(?= )")

MATTER = """\
---
id: {id}
title: {title}
kind: essay
creator: ''
date: '1917'
language: fr
witness: {id}.txt
status: proofread
notes: author
---

"""


@dataclass(frozen=True, slots=True)
class Pool:
    """The five texts, taken apart: their paragraphs, chapter titles and notes, as words."""

    paragraphs: tuple[str, ...]
    titles: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeText:
    """A made text: its body in Markdown, with chapters and notes, and its witness."""

    id: str
    title: str
    body: str
    witness: str


def read_pool() -> Pool:
    """The five texts, taken apart."""
    files = (CORPUS / "editions").glob("*.md")
    documents = [loads(path.read_text("utf-8")) for path in files]
    documents.sort(key=lambda document: rank_of(document.meta))
    blocks = [block for document in documents for block in document.blocks]
    notes = [n.blocks for document in documents for n in document.notes if len(n.blocks) == 1]
    return Pool(
        tuple(_words(b for b in blocks if b.kind == "paragraph")),
        tuple(_words(b for b in blocks if b.kind == "heading" and b.level > 1)),
        tuple(_words(block for (block,) in notes)),
    )


def _words(blocks: Iterable[Block]) -> Iterator[str]:
    return (words for b in blocks if not list(unpaired([b])) and (words := reading_text(b.content)))


def make_texts(pool: Pool, count: int, people: int) -> Iterator[MadeText]:
    """`count` made texts that name `people` people, some far more often than others."""
    for number in range(count):
        yield _make_text(pool, number, random.Random(f"{count} {number}"), people)


def _make_text(pool: Pool, number: int, draw: random.Random, people: int) -> MadeText:
    title = f"Texte {number}"
    body, witness = [f"# {title}"], [title]
    notes: list[str] = []
    length = 0
    for place, words in enumerate(draw.sample(pool.paragraphs, len(pool.paragraphs))):
        if length > SIZE:
            break
        if place % CHAPTER == 0:
            chapter = draw.choice(pool.titles)
            body.append(f"## {_markdown(Text(chapter))}")
            witness.append(chapter)
        often, seldom = int(people * draw.random() ** 3), draw.randrange(people)
        named = f"{words} Ainsi parla Nomov{often}, et Nomov{seldom}"
        if place % CALLED == 0:
            note = draw.choice(pool.notes)
            label = str(len(notes) + 1)
            notes.append(note)
            body.append(_markdown(Text(named), NoteCall(label), Text(".")))
            witness.append(_lines(f"{named}[{label}]."))
            length += len(note.encode())
        else:
            body.append(_markdown(Text(f"{named}.")))
            witness.append(_lines(f"{named}."))
        length += len(named.encode())
    for figure, note in enumerate(notes, start=1):
        body.append(f"[^{figure}]: {_markdown(Text(note))}")
        witness.append(_lines(f"[{figure}] {note}"))
    return MadeText(f"t-{number}", title, "\n\n".join(body) + "\n", "\n\n".join(witness) + "\n")


def _markdown(*content: Text | NoteCall) -> str:
    inlines: Inlines = content
    return write_inlines(inlines)


def _lines(words: str) -> str:
    """Words on lines of a printed page's measure."""
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) >= _MEASURE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join((*lines, line))


def write_archive(folder: Path, texts: Iterable[MadeText], people: int) -> float:
    """Write a corpus for `archive-site`; its editions' size in MB."""
    editions, witnesses = folder / "editions", folder / "witnesses"
    editions.mkdir(parents=True)
    witnesses.mkdir()
    (folder / "site.yaml").write_text("title: Mesure\n", "utf-8")
    names = (f"p-{number}:\n  name: Nomov{number}\n" for number in range(people))
    (folder / "people.yaml").write_text("".join(names), "utf-8")
    size, sums = 0, []
    for text in texts:
        matter = MATTER.format(id=text.id, title=text.title)
        size += (editions / f"{text.id}.md").write_bytes((matter + text.body).encode())
        witness = text.witness.encode()
        (witnesses / f"{text.id}.txt").write_bytes(witness)
        sums.append(f"{hashlib.sha256(witness).hexdigest()}  {text.id}.txt\n")
    (witnesses / "SHA256SUMS").write_text("".join(sums), "utf-8")
    return size / 1e6


# ---------------------------------------------------------------- one word changed


@dataclass(frozen=True, slots=True)
class Change:
    """One word in the middle of a file, written anew: never twice the same. `declared`: as an
    editor changes a word, the witness's own beside it."""

    path: Path
    before: str
    word: str
    after: str
    declared: bool

    def new(self, number: int) -> str:
        """The file's `number`th new word (from 0)."""
        return self.word + "x" * (number + 1)

    def __call__(self, number: int) -> None:
        """Write the file with its `number`th new word (from 0)."""
        word = self.new(number)
        if self.declared:
            word = f'[{word}]{{.corr sic="{self.word}"}}'
        self.path.write_text(self.before + word + self.after, "utf-8")


def change_in(path: Path, *, declared: bool = False) -> Change:
    """A change of the first plain word of the file's second half."""
    text = path.read_text("utf-8")
    half = text.index("\n", len(text) // 2)
    found = next(m for m in _WORD.finditer(text, half) if "{" not in _line_at(text, m.start()))
    return Change(path, text[: found.start()], found[0], text[found.end() :], declared)


def _line_at(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : text.find("\n", at)]
