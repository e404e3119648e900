"""Declares, in an edition file, changed words as emendations.

Only the words concerned are changed; the rest of the file stays as its editor wrote it. Every
change is verified: the file must read back as the same document, except for the emendation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from operator import eq
from pathlib import Path

from msgspec import structs

from archive_site.edition.format import parse
from archive_site.edition.ids import identified
from archive_site.edition.writing import write_inlines
from archive_site.files.writing import replace_unchanged
from archive_site.text.document import (
    NESTING,
    Block,
    Document,
    Emendation,
    Inline,
    Inlines,
    Superscript,
    Text,
)
from archive_site.witness.collate import WORDS_DECLARED, Difference
from archive_site.witness.stream import HYPHENS, bare, characters

TRIES = 5
"""How often declaring is tried if someone keeps saving the file."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The new text of the file, the differences that it now declares (`done`) and those that it
    does not (`left`), and the previous text."""

    text: str
    done: tuple[Difference, ...]
    left: tuple[Difference, ...]
    before: str = ""


def declare_in(
    path: Path, differences_of: Callable[[bytes], tuple[Difference, ...]]
) -> Declared | None:
    """Apply `declare` to the file at `path`; `differences_of` returns the differences of its bytes.
    If someone saves the file meanwhile, their version is kept and the work begins again. None if
    this happens `TRIES` times."""
    for _ in range(TRIES):
        before = path.read_bytes()
        if differences := differences_of(before):
            text, mind = before.decode("utf-8"), partial(_mind, path, before)
            try:
                recorded = declare(text, str(path), differences, mind)
            except _Saved:
                continue
            if not recorded.done or replace_unchanged(path, before, recorded.text.encode()):
                return recorded
        elif path.read_bytes() == before:
            return Declared("", (), ())
    return None


class _Saved(Exception):
    """Someone saved the file meanwhile."""


def _mind(path: Path, before: bytes) -> None:
    """Raise `_Saved` if the contents of a file are no longer `before`."""
    if path.read_bytes() != before:
        raise _Saved


def declare(
    text: str,
    path: str,
    differences: tuple[Difference, ...],
    before_each: Callable[[], object] = lambda: None,
) -> Declared:
    """The edition `text` with `differences` declared as emendations. `before_each` is called before
    each of them, of which there may be many; it may raise an exception to stop."""
    before = text
    document, _ = parse(text, path)
    done, left = [], []
    # From the last to the first, so that the places of the others do not change.
    for difference in sorted(differences, key=_place, reverse=True):
        before_each()
        changed = _declared(text, path, document, difference) if document else None
        if changed is None:
            left.append(difference)
        else:
            text, document = changed
            done.append(difference)
    return Declared(text, tuple(reversed(done)), tuple(reversed(left)), before)


def _place(difference: Difference) -> tuple[int, int]:
    return difference.block.line, difference.start


def _declared(
    text: str, path: str, document: Document, difference: Difference
) -> tuple[str, Document] | None:
    words = max(len(difference.edition.split()), len(difference.witness.split()))
    if words > WORDS_DECLARED:
        return None
    for narrowed in dict.fromkeys((difference, _narrowed(difference))):
        changed = _with_declared(text, path, document, narrowed)
        if changed is not None:
            return changed
    return None


def _narrowed(difference: Difference) -> Difference:
    """A difference without the letters that both readings begin and end with. If a word is partly
    within a mark (XIV^e^), those letters may be on the other side of its boundary."""
    seen, there = difference.edition, difference.witness
    before = _alike(seen, there)
    after = _alike(seen[before:][::-1], there[before:][::-1])
    return replace(
        difference,
        start=difference.start + len(bare(seen[:before])),
        end=difference.end - len(bare(seen[len(seen) - after :])),
        edition=seen[before : len(seen) - after].strip(),
        witness=there[before : len(there) - after].strip(),
    )


def _alike(one: str, other: str) -> int:
    """The length of the common beginning of two strings."""
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _with_declared(
    text: str, path: str, document: Document, difference: Difference
) -> tuple[str, Document] | None:
    emendation = Emendation(difference.edition, difference.witness)
    wanted = _emended(document, difference, emendation)
    if wanted is None or emendation.reading == emendation.witness:
        return None
    mark = write_inlines((emendation,), in_caption=difference.block.picture is not None)
    for start, end in _places(text, difference):
        spaced = (mark, f"{mark} ", f" {mark}")[: 3 if start == end else 1]
        for words_in in spaced:
            changed = text[:start] + words_in + text[end:]
            read, findings = parse(changed, path)
            if read == wanted and not findings:
                return changed, read
    return None


def _places(text: str, difference: Difference) -> Iterator[tuple[int, int]]:
    """The places in the file, within the lines of the block, where the words of the difference may
    be."""
    above = text.split("\n")[: difference.block.line - 1]
    start = sum(len(line) + 1 for line in above)
    blank = re.compile(r"\n[ \t>]*\n|\Z").search(text, start)
    end = blank.start() if blank else len(text)
    if difference.edition:
        # There may be a backslash before any character, and a line end instead of any space.
        written = "".join(
            r"\s+" if char == " " else rf"\\?{re.escape(char)}" for char in difference.edition
        )
        yield from (
            (start + m.start(), start + m.end()) for m in re.finditer(written, text[start:end])
        )
    else:
        ends = '"' if difference.block.picture else ""  # of a caption
        yield from (
            (at, at)
            for at in range(start, end + 1)
            if at == end or text[at - 1] in " \n" or text[at] in ends
        )


def _emended(document: Document, difference: Difference, emendation: Emendation) -> Document | None:
    """`document` with the emendation in place of the difference; None if marks prevent it."""

    def emended(block: Block) -> Block:
        if block.line != difference.block.line:
            return block
        content, _ = _replaced(block.content, 0, difference, emendation)
        return replace(block, content=content)

    blocks = tuple(emended(block) for block in document.blocks)
    notes = tuple(
        replace(note, blocks=tuple(emended(block) for block in note.blocks))
        for note in document.notes
    )
    made = identified(replace(document, blocks=blocks, notes=notes))
    return made if made != document else None


def _replaced(
    content: Inlines, offset: int, difference: Difference, emendation: Emendation
) -> tuple[Inlines, int]:
    """`content` with the emendation in place of the difference, and the offset after it. `offset`
    is the index, in the block, of the first character of `content`."""
    made: list[Inline] = []
    for inline in content:
        match inline:
            case Text(words):
                count = len(bare(words))
                inside = offset <= difference.start and difference.end <= offset + count
                if inside and emendation not in made:
                    made += _parted(words, difference, offset, emendation)
                else:
                    made.append(inline)
                offset += count
            case _ if isinstance(inline, NESTING):
                inner, offset = _replaced(inline.content, offset, difference, emendation)
                made.append(structs.replace(inline, content=inner))
            case Emendation(_, witness):
                made.append(inline)
                offset += len(bare(witness))
            case Superscript(words):
                made.append(inline)
                offset += len(bare(words))
            case _:
                made.append(inline)
    return tuple(made), offset


def _parted(
    words: str, difference: Difference, offset: int, emendation: Emendation
) -> Iterator[Inline]:
    places = characters(words)
    start, end = difference.start - offset, difference.end - offset
    if start < end:
        first, last = places[start][1], places[end - 1][2]
        while last < len(words) and words[last] in HYPHENS and difference.edition[-1] in HYPHENS:
            last += 1
        parts: tuple[Inline, ...] = (Text(words[:first]), emendation, Text(words[last:]))
    elif start < len(places):
        first = places[start][1]
        parts = (Text(words[:first]), emendation, Text(f" {words[first:]}"))
    else:
        parts = (Text(f"{words} "), emendation)
    yield from (part for part in parts if part != Text(""))
