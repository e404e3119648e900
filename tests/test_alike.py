"""Letters composed or not are the same; those that only look alike are named."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.cli.main import main
from archive_site.edition.authority import Entry, read_entries, read_unclaimed
from archive_site.edition.format import loads
from archive_site.edition.front_matter import did_you_mean
from archive_site.edition.yaml import read_yaml
from archive_site.findings import Finding
from archive_site.names.days import Days
from archive_site.names.mentions import FormMatcher, Mention, linked, mentions_in
from archive_site.recover.printed.draft import recover_text
from archive_site.text.alike import compose, composed, look, told_apart
from archive_site.text.document import Claim, Doubt, Inlines, Meta, Name, NoteCall, Text
from archive_site.text.reading import reading_text, walk
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness, lines_of

META = Meta("texte", Claim("Texte", "stated"), "essay", year="1917")
EDITION = """---
id: texte
title: Texte
kind: essay
creator: ''
date: '1917'
status: proofread
---

{}
"""


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


Typed = Callable[[str], str]
TYPED: tuple[Typed, ...] = (nfd, composed)


def entries(yaml: str) -> list[Entry]:
    value, findings = read_yaml(yaml, "people.yaml")
    read, found = read_entries(value, "person", "people.yaml")
    assert [*findings, *found] == []
    return read


def named(content: Inlines, yaml: str) -> list[Mention]:
    return mentions_in(content, "texte", FormMatcher(entries(yaml)), Days(META))


# ---------------------------------------------------------------- composed or not


LENINE = "lenine:\n  name: Vladimir Lénine\n  forms: [{form: Lénine, not_after: [à l’évêque]}]\n"


@pytest.mark.parametrize("form", TYPED)
@pytest.mark.parametrize("text", TYPED)
def test_a_form_finds_its_name_however_either_was_typed(form: Typed, text: Typed) -> None:
    words = text("L’été passé, Lénine écrit le 4 février à l’évêque Lénine ; LÉNINE, déjà âgé.")
    mentions = named((Text(words),), form(LENINE))
    assert [(m.key, composed(words[m.start : m.end])) for m in mentions] == [
        ("lenine", "Lénine"),
        ("1917-02-04", "4 février"),
        ("lenine", "LÉNINE"),
    ]


def test_what_is_found_in_a_text_not_composed_stands_where_it_stands() -> None:
    content: Inlines = (
        Text(nfd("Été à Genève : ")),
        Doubt((Text(nfd("le 4 février")),), "?"),
        Text(nfd(", déjà, Lénine")),
        NoteCall("1"),
        Text(nfd(" et le général ")),
        Name((Text(nfd("Zémélé")),), "zemele"),
        Text(nfd(", le 7 août")),
    )
    text = reading_text(content)
    mentions = named(content, LENINE)
    assert [text[m.start : m.end] for m in mentions] == list(
        map(nfd, ("Lénine", "Zémélé", "7 août"))
    )
    made = linked(content, mentions)
    assert reading_text(made, calls=True) == reading_text(content, calls=True)
    names = [reading_text(i.content) for i in walk(made) if isinstance(i, Name)]
    assert names == list(map(nfd, ("Lénine", "Zémélé", "7 août")))


@pytest.mark.parametrize("name", TYPED)
def test_a_name_among_its_forms_is_there_once(name: Typed) -> None:
    value = f"e:\n  name: {name('Été')}\n  forms: [{nfd('Été')}, {nfd('été')}]\n"
    (mention,) = named((Text("l’Été"),), value)
    assert mention.rivals == ()
    assert list(FormMatcher(entries(value)).clashes()) == []


def test_two_entries_with_one_name_composed_and_not_clash() -> None:
    clashes = FormMatcher(entries(f"a:\n  name: {nfd('Zémélé')}\nb:\n  name: Zémélé\n")).clashes()
    assert {(late.key, early.key) for late, _, early in clashes} == {("b", "a")}


def test_a_key_of_yaml_twice_is_told_however_it_is_typed() -> None:
    _, (finding,) = read_yaml(f"clé: a\n{nfd('clé')}: b\n", "x.yaml")
    assert (finding.code, finding.line) == ("E016", 2)


@pytest.mark.parametrize("call", TYPED)
@pytest.mark.parametrize("note", TYPED)
def test_a_call_finds_its_note_however_either_is_typed(call: Typed, note: Typed) -> None:
    body = f"Un mot[^{call('é')}].\n\n[^{note('é')}]: Une note."
    document = loads(EDITION.format(body))
    assert [note.label for note in document.notes] == ["é"]


@pytest.mark.parametrize("text", TYPED)
@pytest.mark.parametrize("word", TYPED)
def test_an_unclaimed_word_is_one_however_it_is_typed(
    word: Typed, text: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (read,) = read_unclaimed(f"- {{words: [{word('Zémélé')}], why: rien}}", "u.yaml")[0]
    assert read.word == "Zémélé"
    root = archive(tmp_path, text("Un mot de Zémélé et de Sélim à Genève."))
    (root / "unclaimed.yaml").write_text(f"- {{words: [{word('Zémélé')}], why: rien}}\n", "utf-8")
    (root / "places.yaml").write_text(f"geneve:\n  name: {word('Genève')}\n", "utf-8")
    assert main(["check", str(root)]) == 0
    warned = [line for line in capsys.readouterr().out.splitlines() if "W05" in line]
    assert [line.partition("W05")[2] for line in warned] == ["4 no entry claims “Sélim” (1 time)"]


def archive(root: Path, words: str) -> Path:
    """An archive of one text."""
    (root / "editions").mkdir()
    (root / "site.yaml").write_text("title: Archive\n", "utf-8")
    (root / "editions" / "texte.md").write_text(EDITION.format(words), "utf-8")
    return root


@given(st.text(st.sampled_from("aeén\u0301\u0327\u0308\u0958ᄀ각- "), max_size=20))
def test_composing_keeps_places(text: str) -> None:
    made = compose(text)
    assert made.text == composed(text)
    assert len(made.places) == len(made.text) + 1
    assert made.places[-1] == len(text)
    assert all(a <= b for a, b in pairwise(made.places))
    assert all(made.at(place) <= n for n, place in enumerate(made.places))


@given(st.lists(st.sampled_from(["é", "e", "ç", " ", "n", "ệ"]), max_size=12))
def test_each_letter_keeps_its_place(letters: list[str]) -> None:
    text = nfd("".join(letters))
    made = compose(text)
    parts = [text[a:b] for a, b in pairwise(made.places)]
    assert parts == list(map(nfd, letters))


def test_composing_a_long_text_is_quick() -> None:
    text = nfd("Lénine à Genève, ") * 20_000 + "e" + "\u0301" * 20_000
    assert compose(text).text == composed(text)


@pytest.mark.parametrize("text", TYPED)
def test_a_draft_knows_who_speaks_however_it_is_typed(text: Typed) -> None:
    lines = "Le livre.\n\nRépondant à tous, Lénine déclara :\n\n« Rien n’est encore perdu. »\n"
    witness = Witness("texte.txt", lines_of(text(lines).encode(), "texte.txt"), 0, "")
    blocks = recover_text(witness, "texte", {"Lénine": "lenine"}).blocks
    assert [block.speakers for block in blocks if block.type == "quotation"] == [("lenine",)]


# ---------------------------------------------------------------- what looks alike


@pytest.mark.parametrize(
    ("seen", "meant", "told"),
    [
        ("lеnine", "lenine", "U+0435 CYRILLIC SMALL LETTER IE for U+0065 LATIN SMALL LETTER E"),
        ("Saint\u2011Pierre", "Saint-Pierre", "U+2011 NON-BREAKING HYPHEN for U+002D HYPHEN-MINUS"),
        ("le\u00a0mot", "le mot", "U+00A0 NO-BREAK SPACE for U+0020 SPACE"),
        ("garde\u00adz", "gardez", "U+00AD SOFT HYPHEN for nothing"),
        ("gardez", "garde\u200bz", "nothing for U+200B ZERO WIDTH SPACE"),
        ("d'Octobre", "d’Octobre", "U+0027 APOSTROPHE for U+2019 RIGHT SINGLE QUOTATION MARK"),
    ],
)
def test_characters_that_look_alike_are_named(seen: str, meant: str, told: str) -> None:
    assert told_apart(seen, meant) == f"They look alike: found {told}."
    assert look(seen) == look(meant)


@pytest.mark.parametrize(("seen", "meant"), [("été", "ete"), ("Lenine", "lenine"), ("a", "a")])
def test_what_a_reader_sees_is_not_told(seen: str, meant: str) -> None:
    assert told_apart(seen, meant) == ""


def test_a_hint_names_what_cannot_be_seen() -> None:
    hint = did_you_mean("lеnine", ["lenine", "zinoviev"])
    assert hint.startswith("Did you mean “lenine”? They look alike: found U+0435 CYRILLIC")
    assert did_you_mean("lenin", ["lenine"]) == "Did you mean “lenine”?"
    assert "U+0441" in did_you_mean("сосо", ["coco", "lenine"])


def test_a_key_that_looks_right_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = archive(tmp_path, '[Lénine]{.name key="lеnine"} et Lеnine, Dupοnt.')
    (root / "people.yaml").write_text("lenine:\n  name: Lenine\nmаrx:\n  name: Marx\n", "utf-8")
    (root / "unclaimed.yaml").write_text("- {words: [Dupont], why: rien}\n", "utf-8")
    assert main(["check", str(root)]) == 1
    printed = capsys.readouterr().out
    for code, char in (
        ("E018 a key must be", "U+0430 CYRILLIC SMALL LETTER A for U+0061"),
        ("E031 key must be a key of", "U+0435 CYRILLIC SMALL LETTER IE for U+0065"),
        ("W054 no entry claims “Lеnine”", "U+0435 CYRILLIC SMALL LETTER IE for U+0065"),
        ("W055 “Dupont” is in no text", "U+006F LATIN SMALL LETTER O for U+03BF"),
    ):
        hints = [after for line, after in pairwise(printed.splitlines()) if code in line]
        assert any(f"They look alike: found {char}" in hint for hint in hints), (code, printed)


def test_two_readings_that_look_alike_are_told_apart() -> None:
    document = loads(EDITION.format("Le camarade Lеnine vint hier."))
    witness = Witness("texte.txt", ("Le camarade Lenine vint hier.",), 0, "")
    (finding,) = collate(document, witness, "texte.md").findings
    told = "They look alike: found U+0435 CYRILLIC SMALL LETTER IE for U+0065 LATIN SMALL LETTER E."
    assert finding.code == "E034" and finding.hint.startswith(told)
    other = loads(EDITION.format("Le camarade Lénine vint hier."))
    (finding,) = collate(other, witness, "texte.md").findings
    assert "look alike" not in finding.hint


def test_findings_of_an_id_name_what_cannot_be_seen() -> None:
    from archive_site.edition.format import parse

    findings: list[Finding] = parse(EDITION.format("Mot.").replace("texte", "tехte"), "x.md")[1]
    assert [f.code for f in findings] == ["E018"]
    assert "U+0435" in findings[0].hint
