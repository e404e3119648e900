"""`recover` on witnesses it has not seen: one phenomenon a case, and random ones by the hundred."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from archive_site import interface
from archive_site.edition.format import dumps, loads
from archive_site.recover.plain import PLAIN
from archive_site.recover.printed import draft
from archive_site.recover.printed.draft import document_of, recover_text
from archive_site.text.document import Document, Doubt, Text
from archive_site.text.reading import reading_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness, lines_of, read_witness
from conftest import ROOT
from examples import examples

CASES = read_fixture_file(Path(__file__).parent / "cases" / "recover.txt")
PEOPLE = {"Lénine": "lenine"}


def witness_of(text: str) -> Witness:
    return Witness("temoin.txt", lines_of(text.encode(), "temoin.txt"), len(text), "")


@pytest.mark.parametrize(("line", "title", "given_text", "expected"), CASES)
def test_case(line: int, title: str, given_text: str, expected: str) -> None:
    witness = witness_of(given_text.replace("␌", "\f"))
    document = recover_text(witness, "cas", PEOPLE)
    body = dumps(document).split("\n---\n", 1)[1]
    assert body.strip() == expected.strip(), f"case of line {line}: {title}"
    assert collate(document, witness, "cas.md").findings == ()


def test_a_witness_that_defeats_the_stages_is_kept_run_by_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def loses_a_word(*args: Any, **more: Any) -> Document:
        document = document_of(*args, **more)
        return replace(document, blocks=document.blocks[1:])

    monkeypatch.setattr(draft, "document_of", loses_a_word)
    witness = witness_of("TITRE\n\nUn mot et d’autres mots,\nde plus.\n\nFin.")
    document = recover_text(witness, "cas")
    assert collate(document, witness, "cas.md").findings == ()
    assert PLAIN in document.meta.remarks
    assert [reading_text(block.content) for block in document.blocks] == [
        "TITRE", "Un mot et d’autres mots, de plus.", "Fin.",
    ]  # fmt: skip


def test_only_the_lines_that_differ_are_as_in_the_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    def loses_a_word(found: draft.Found, *args: Any, **more: Any) -> Document:
        document = document_of(found, *args, **more)
        blocks = list(document.blocks)
        for n, piece in enumerate(found.pieces):
            if piece.text.startswith("Le comité") and piece.kind != "plain":
                blocks[n] = replace(blocks[n], content=(Text("Le comité siégea."),))
        return replace(document, blocks=tuple(blocks))

    monkeypatch.setattr(draft, "document_of", loses_a_word)
    witness = witness_of(
        "LA GRÈVE\n\nLe comité siégea longtemps.\n\nFIN\n\nIl partit (1).\n\n(1) Tard."
    )
    document = recover_text(witness, "cas")
    assert collate(document, witness, "cas.md").findings == ()
    assert PLAIN not in document.meta.remarks
    kinds = [(block.kind, reading_text(block.content)) for block in document.blocks]
    assert kinds[:2] == [("heading", "LA GRÈVE"), ("paragraph", "Le comité siégea longtemps.")]
    assert kinds[2] == ("heading", "FIN")
    first = document.blocks[1].content[0]
    assert isinstance(first, Doubt) and first.why == interface.UNDONE


def test_a_label_without_words_is_no_note() -> None:
    witness = witness_of("TITRE\n\nLe comité (1) se réunit (2).\n\nNOTES\n\n(1)\n(2) Le soir.\n")
    document = recover_text(witness, "cas")
    assert [reading_text(note.blocks[0].content) for note in document.notes] == ["Le soir."]
    assert PLAIN not in document.meta.remarks


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "", "", " ", "\f", "1", "e", "— 12 —", "Notes", "* Une note.", "1. Une note.",
                "[2] Autre note.", "XIV", " congrès du parti", "LE PARTI", "(Applaudissements.)",
                "3 mars 1921", "http://exemple.fr/a_b", "« Il faut tenir. »", "Lénine écrivait :",
                "- un point", "      \"Cité en retrait", "la fin d’une phrase.1 Une autre", "gou-",
                "vernement provisoire", "mot[2] suite",
            ]
        ),
        st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0"), max_size=60),
    ),
    max_size=40,
)  # fmt: skip

COLUMNS = st.lists(st.sampled_from("abcdefghijklmnop"), min_size=4, max_size=12, unique=True).map(
    lambda letters: [f"{c}gauche {c}{c} fin{c}     {c}droite {c}{c}{c} bout{c}" for c in letters]
)


@given(
    st.one_of(LINES, COLUMNS, st.tuples(LINES, COLUMNS).map(lambda both: [*both[0], "", *both[1]]))
)
@examples(300)
@example(["1", "- un point", "", "", "", "e"])
def test_any_text_gives_a_draft_that_loses_no_word(lines: list[str]) -> None:
    witness = witness_of("\n".join(lines))
    document = recover_text(witness, "hasard")
    assert collate(document, witness, "hasard.md").findings == ()
    if document.blocks:
        assert loads(dumps(document)) == document


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted((ROOT / "corpus" / "witnesses").glob("*.txt")), ids=lambda p: p.stem
)
def test_a_draft_of_each_of_the_five_is_more_than_lines(path: Path) -> None:
    witness = read_witness(path)
    document = recover_text(witness, path.stem)
    assert PLAIN not in document.meta.remarks
    assert collate(document, witness, path.name).findings == ()


def test_a_title_in_mid_stream_opens_the_draft_and_its_order_is_declared() -> None:
    path = ROOT / "corpus" / "witnesses" / "que-faire-parti-bolchevik-1917-1924.txt"
    document = recover_text(read_witness(path), "revue")
    assert document.blocks[0].kind == "heading"
    assert document.meta.order[0][0] > 1
