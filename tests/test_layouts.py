"""The made documents say what their truth says. `tests/layouts/README.md` tells what they are."""

from __future__ import annotations

import re
from random import Random

import pytest

from layouts import make
from layouts.genres import GENRES, Wants, compose, list_mark, numbered_heading
from layouts.model import Block, Document, Furniture, bare, printed
from layouts.reading import difference, hyphens_of, letters
from layouts.set_typst import signed

CASES = (("essay", "3"), ("poems", "8"), ("minutes", "5"))


@pytest.mark.slow
@pytest.mark.parametrize(("genre", "seed"), CASES)
def test_a_pdf_has_the_words_of_its_truth_and_no_others(genre: str, seed: str) -> None:
    made, truth = make.agreeing("one", genre, "typst", seed)
    found = difference(truth, made.pdf)
    assert not found.lost
    assert not found.extra
    assert truth["omitted"] == [vars(item) for item in made.furniture]


@pytest.mark.slow
def test_what_the_pdf_lacks_is_told() -> None:
    made, truth = make.agreeing("one", "essay", "typst", "3")
    truth["blocks"].append({"type": "paragraph", "text": "Xylophone zythum"})
    assert {"xylophone", "zythum"} <= set(difference(truth, made.pdf).lost)


@pytest.mark.slow
def test_one_seed_gives_one_document() -> None:
    first, again = (make.one("one", "essay", "typst", "3/0")[1] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("genre", GENRES)
def test_every_note_is_called_once_and_in_order(genre: str) -> None:
    for seed in range(4):
        document = compose(genre, Random(seed), Wants(long=seed % 2 == 0))
        text = "".join(block.text for block in document.blocks)
        numbers = [int(number) for number in re.findall(r"⟦(\d+)⟧", text)]
        assert numbers == [note.number for note in document.notes]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("genre", GENRES)
def test_marks_of_the_text_are_closed_and_stay_inside_their_line(genre: str) -> None:
    for seed in range(4):
        document = compose(genre, Random(seed), Wants())
        for block in document.blocks:
            for tag in ("i", "b", "sc", "sup"):
                assert block.text.count(f"<{tag}>") == block.text.count(f"</{tag}>"), block.text
            assert not re.search(r"[<>]", bare(block.text))


def test_a_label_belongs_to_the_text() -> None:
    block = Block("speech", "À l’ordre !", speaker="M. COMBES", label="M. COMBES. —")
    assert printed(block) == "M. COMBES. — À l’ordre !"


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("I. — ", 4, "IV. — "),
        ("§ 1. ", 3, "§ 3. "),
        ("CHAPITRE ", 1, "CHAPITRE PREMIER\n"),
        ("Chapitre 1\n", 2, "Chapitre 2\n"),
        ("A. ", 2, "B. "),
    ],
)
def test_chapters_are_numbered(form: str, number: int, shown: str) -> None:
    assert numbered_heading(form, number) == shown


def test_lists_and_notes_have_their_marks() -> None:
    assert [list_mark(form, 1) for form in ("1°", "a)", "I.", "—")] == ["2°", "b)", "II.", "—"]
    assert [list_mark(form, 3) for form in ("i.", "(a)", "A.", "i)")] == ["iv.", "(d)", "D.", "iv)"]
    assert [signed("*", count) for count in (1, 2, 7)] == ["*", "†", "**"]
    assert [signed("i", count) for count in (4, 9, 14)] == ["iv", "ix", "xiv"]
    assert [signed("a", count) for count in (1, 27)] == ["a", "aa"]


def test_hyphens_at_line_ends_are_of_two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Une révolu-\ntion, dit-\nil, commence."
    monkeypatch.setattr("layouts.reading.pages_of", lambda pdf: [text])
    truth = {"blocks": [{"text": "Une révolution, dit-il, commence."}]}
    truth |= {"notes": [], "pullquotes": [], "omitted": []}
    assert [one["kind"] for one in hyphens_of(truth, b"")] == ["soft", "keep"]


def test_letters_are_compared_without_their_look() -> None:
    assert letters("L’É m e u t e") == letters("l'émeute")
    assert Document("essay", "T", "A").blocks == []
    assert vars(Furniture(1, "2", "page number")) == {"page": 1, "text": "2", "why": "page number"}
