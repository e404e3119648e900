"""Drafts of made documents in many looks: nothing is lost, and most is found."""

from __future__ import annotations

from functools import cache

import pytest

from archive_site.edition.format import dumps, loads
from archive_site.recover.plain import PLAIN
from archive_site.recover.printed.draft import recover_printed
from archive_site.sources.received import read_received
from archive_site.text.document import Document
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness
from layouts import make, score

GENRES = (
    "essay", "book", "minutes", "play", "poems", "letters", "law", "newspaper", "report", "review"
)  # fmt: skip
SEED = "31"


@cache
def drafted(genre: str) -> tuple[Document, dict[str, object], Witness]:
    """The draft of a made document, its truth and its witness."""
    made, truth = make.agreeing("made", genre, "typst", SEED)
    received = read_received(made.pdf, "made.pdf", "made.pdf")
    witness = Witness("made.pdf", received.lines, len(made.pdf), "")
    return recover_printed(received.pages, witness, "made"), truth, witness


@pytest.mark.slow
@pytest.mark.parametrize("genre", GENRES)
def test_a_draft_is_its_witness_and_no_plain_one(genre: str) -> None:
    document, _, witness = drafted(genre)
    assert collate(document, witness, "made.md").findings == ()
    assert loads(dumps(document)) == document
    assert PLAIN not in document.meta.remarks


@pytest.mark.slow
def test_most_of_what_was_set_is_found() -> None:
    drafts = [drafted(genre)[:2] for genre in GENRES]
    breaks = [score.boundaries(truth, document).f1 for document, truth in drafts]
    assert min(breaks) >= 0.8
    assert sum(breaks) / len(breaks) >= 0.95
    headings = sum((score.headings(t, d) for d, t in drafts), score.Score(0, 0, 0))
    assert headings.f1 >= 0.85
    pairs = sum((score.pairs(t, d) for d, t in drafts), score.Score(0, 0, 0))
    assert pairs.found >= 0.75 * pairs.all
    assert pairs.made - pairs.found <= 0.1 * pairs.all
