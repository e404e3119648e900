"""The five texts, by rule: every word, every note at its call, every heading, no hyphen left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from archive_site.text.document import Emendation, NoteCall, Omission, PageBreak
from archive_site.text.lexicon import is_word
from archive_site.text.quotes import opened, pair
from archive_site.text.reading import reading_text, walk, witness_text
from archive_site.witness.collate import collate
from conftest import ROOT, Once
from sites import Corpus, load_corpus

IDS = {
    "parti-communiste-1917-1921",
    "lenine-rapport-xie-congres-1922",
    "que-faire-parti-bolchevik-1917-1924",
    "trotsky-lecons-octobre-1924",
    "boukharine-leningrad-1926",
}
NOTES = dict.fromkeys(IDS, 0) | {
    "lenine-rapport-xie-congres-1922": 17,
    "que-faire-parti-bolchevik-1917-1924": 14,
    "trotsky-lecons-octobre-1924": 1,
    "boukharine-leningrad-1926": 19,
}
HEADINGS = dict.fromkeys(IDS, 0) | {
    "que-faire-parti-bolchevik-1917-1924": 13,  # its title, 11 sections, the box
    "trotsky-lecons-octobre-1924": 9,
    "boukharine-leningrad-1926": 2,  # its title, the closing speech
}
COMPOUNDS = {"tohu-bohu", "méli-mélo"}  # of two words that French has only together


def test_the_five_are_there_in_the_order_of_their_dates(corpus: Corpus) -> None:
    assert [edition.id for edition in corpus.editions] == [
        "parti-communiste-1917-1921",
        "lenine-rapport-xie-congres-1922",
        "trotsky-lecons-octobre-1924",
        "boukharine-leningrad-1926",
        "que-faire-parti-bolchevik-1917-1924",
    ]


def test_nothing_is_left_to_find(once: Once) -> None:
    with once("corpus") as kept:
        _, findings = load_corpus(ROOT / "corpus", kept)
    assert [str(finding) for finding in findings] == []


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_every_character_of_the_witness_is_accounted_for(corpus: Corpus, text_id: str) -> None:
    edition = next(e for e in corpus.editions if e.id == text_id)
    assert edition.witness is not None
    collation = collate(edition.document, edition.witness, edition.path)
    assert collation.findings == ()
    assert all(first for first, _ in collation.blocks.values())
    # The same by words, counted another way.
    document = edition.document
    blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
    lines = list(edition.witness.lines)
    omitted = " ".join(_omitted(lines, omission) for omission in document.meta.omissions)
    kept = " ".join(witness_text(block.content) for block in blocks)
    missing = _letters(" ".join(lines)) - _letters(kept) - _letters(omitted)
    assert {c for c in missing if not c.isdigit()} <= set("[]().*"), missing
    assert not _letters(kept) + _letters(omitted) - _letters(" ".join(lines))


def _letters(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace() and c not in "-\xad")


def _omitted(lines: list[str], omission: Omission) -> str:
    return omission.text or " ".join(lines[omission.first - 1 : omission.last])


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_notes_hang_on_their_calls_in_order(corpus: Corpus, text_id: str) -> None:
    document = next(e.document for e in corpus.editions if e.id == text_id)
    calls = [
        inline.label
        for block in document.blocks
        for inline in walk(block.content)
        if isinstance(inline, NoteCall)
    ]
    assert calls == [str(n) for n in range(1, NOTES[text_id] + 1)]
    assert [note.label for note in document.notes] == calls
    assert all(note.blocks for note in document.notes)


@pytest.mark.parametrize(
    ("text_id", "label", "before"),
    [
        ("lenine-rapport-xie-congres-1922", "1", "la plus brûlante est celle de Gênes"),
        ("lenine-rapport-xie-congres-1922", "17", "économiques de district et de région"),
        ("que-faire-parti-bolchevik-1917-1924", "5", "entre 1917 et 1920"),
        ("que-faire-parti-bolchevik-1917-1924", "14", "de délirantes notes de bas de page"),
        ("trotsky-lecons-octobre-1924", "1", "une sorte de statut de la guerre civile."),
        ("boukharine-leningrad-1926", "1", "DE LENINGRAD"),
        ("boukharine-leningrad-1926", "18", "et dans ma brochure"),
    ],
)  # fmt: skip
def test_a_note_is_called_at_its_word(
    corpus: Corpus, text_id: str, label: str, before: str
) -> None:
    document = next(e.document for e in corpus.editions if e.id == text_id)
    text = " ".join(reading_text(block.content, calls=True) for block in document.blocks)
    assert text.split(f"[^{label}]")[0].rstrip().endswith(before)


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_headings(corpus: Corpus, text_id: str) -> None:
    document = next(e.document for e in corpus.editions if e.id == text_id)
    assert sum(block.kind == "heading" for block in document.blocks) == HEADINGS[text_id]


def test_quotations_have_their_speakers(corpus: Corpus) -> None:
    """Every quotation of the essay, but one in whose midst the narrator speaks."""
    document = next(e.document for e in corpus.editions if e.id == "trotsky-lecons-octobre-1924")
    quoted = [b for b in document.blocks if b.type == "quotation" and not b.continues]
    assert 25 <= len(quoted) <= 30
    (other,) = [reading_text(block.content) for block in quoted if not block.speakers]
    assert "- disent les adversaires de l'insurrection, donnant ainsi" in other


def test_a_quotation_has_no_words_but_its_speaker_s(corpus: Corpus) -> None:
    """Where it has quotation marks, nothing stands outside of them but a reference in brackets."""
    for edition in corpus.editions:
        blocks = edition.document.blocks
        for block, depth in zip(blocks, opened(blocks), strict=True):
            if block.type == "quotation" and block.speakers:
                words = "".join(outside_of_marks(reading_text(block.content), depth))
                assert re.sub(r"\([^()]*\)", "", words).strip(" .,") == "", block.line


def outside_of_marks(text: str, depth: int) -> Iterator[str]:
    """What of a text no quotation marks hold; `depth` of them are open before it."""
    marks, at = pair(text, depth).marks, 0
    if not marks and not depth:
        return  # it has none
    for mark in marks:
        if not depth:
            yield text[at : mark.at]
        depth, at = mark.depth - (not mark.opens), mark.at + 1
    if not depth:
        yield text[at:]


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_no_soft_hyphen_is_left(corpus: Corpus, text_id: str) -> None:
    """No word of the page is parted by a hyphen that French does not have."""
    document = next(e.document for e in corpus.editions if e.id == text_id)
    blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
    text = " ".join(reading_text(block.content) for block in blocks)
    assert re.findall(r"\w+- \w+", text.replace(" - ", " – ")) == []
    for left, right in re.findall(r"\b([a-zà-ÿœ]+)-([a-zà-ÿœ]+)\b", text):
        known = f"{left}-{right}" in COMPOUNDS or is_word(left) or is_word(right)
        assert known, f"{left}-{right}"


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_paragraphs_begin_and_end_as_paragraphs_do(corpus: Corpus, text_id: str) -> None:
    document = next(e.document for e in corpus.editions if e.id == text_id)
    blocks = document.blocks
    for block, after in pairwise(blocks):
        if block.type == "paragraph" and after.type == "paragraph":
            words = reading_text(block.content).rstrip()
            assert re.search(r"[.!?…:;»”\")]$", words), words[-60:]
            opening = reading_text(after.content).lstrip('«“"— (')[:1]
            assert opening.isupper() or opening.isdigit(), reading_text(after.content)[:60]


@pytest.mark.parametrize("text_id", sorted(IDS))
def test_pages_count_up(corpus: Corpus, text_id: str) -> None:
    document = next(e.document for e in corpus.editions if e.id == text_id)
    pages = [
        int(inline.number.strip("[]"))
        for block in document.blocks
        for inline in walk(block.content)
        if isinstance(inline, PageBreak)
    ]
    assert pages == list(range(pages[0], pages[0] + len(pages)))


def test_emendations_say_something(corpus: Corpus) -> None:
    for edition in corpus.editions:
        document = edition.document
        blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
        for block in blocks:
            for inline in walk(block.content):
                if isinstance(inline, Emendation):
                    assert inline.reading != inline.witness
                    assert len(inline.witness.split()) <= 8
