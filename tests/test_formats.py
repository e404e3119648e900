"""Texts that come as documents: their derived lines, and what is read of each format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import given
from msgspec import structs

from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import identified
from archive_site.sources.derived import derived_text
from archive_site.sources.pandoc import document_of
from archive_site.sources.prepared import Prepared
from archive_site.text.document import (
    NESTING,
    Document,
    Inline,
    Inlines,
    PageBreak,
)
from archive_site.text.reading import reading_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness
from strategies import documents
from trees import trees, words_of


def witness_of(document: Document) -> Witness:
    return Witness("texte.txt", derived_text(document), 0, "")


def findings(edition: Document, source: Document) -> list[str]:
    found = collate(edition, witness_of(source), "x.md").findings
    return [str(finding) for finding in found]


def paged(document: Document) -> Document:
    """A document with page breaks that count on, and without omissions."""
    numbers = count(2)

    def counted(content: Inlines) -> Iterator[Inline]:
        for inline in content:
            if isinstance(inline, PageBreak):
                yield PageBreak(f"[{next(numbers)}]")
            elif isinstance(inline, NESTING):
                yield structs.replace(inline, content=tuple(counted(inline.content)))
            else:
                yield inline

    blocks = tuple(replace(b, content=tuple(counted(b.content))) for b in document.blocks)
    notes = tuple(
        replace(n, blocks=tuple(replace(b, content=tuple(counted(b.content))) for b in n.blocks))
        for n in document.notes
    )
    meta = replace(document.meta, omissions=(), aliases=())
    return identified(Document(meta, blocks, notes, document.comments))


@given(documents().map(paged))
def test_every_document_is_its_derived_text(document: Document) -> None:
    found = findings(document, document)
    if not any("\f" in line for line in derived_text(document)):  # no pages are shown: two breaks
        found = [finding for finding in found if "one page break; found" not in finding]
    assert found == []


# ---------------------------------------------------------------- any tree of pandoc's


def words(text: str) -> list[str]:
    """The words that `trees` makes; labels and numbers are none."""
    text = re.sub(r"\[\d+\]", "", text)
    return re.findall("m[abcdé]+", re.sub("-\n[\f\n]*\f\n?", "", text))


@given(trees())
def test_no_word_of_a_tree_is_lost_doubled_or_moved(tree: dict[str, Any]) -> None:
    document = document_of(tree, Prepared("json", b""), "texte.docx")
    assert words("\n".join(derived_text(document))) == words(words_of(tree))
    assert findings(document, document) == []
    assert dumps(document)
    if any(reading_text(block.content).strip() for block in document.blocks):
        assert loads(dumps(document)) == document
