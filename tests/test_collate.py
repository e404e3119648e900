"""The collation finds every change that no one declared."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_site.collate import collate
from archive_site.edition import loads, parse
from archive_site.findings import Finding
from archive_site.witness import Witness, read_witness
from conftest import ROOT

HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n"
EDITIONS = sorted((ROOT / "corpus" / "editions").glob("*.md"))


def findings(witness: str, body: str, omissions: str = "") -> list[Finding]:
    text = f"{HEAD}{omissions}---\n\n{body}\n"
    lines = tuple(witness.split("\n"))
    return list(collate(loads(text), Witness("x.txt", lines, 0, ""), "x.md").findings)


@pytest.mark.parametrize(
    ("witness", "body"),
    [
        ("Un gou-\nvernement provisoire.", "Un gouvernement provisoire."),
        ("Le pré-\nParlement.", "Le pré-Parlement."),
        ("Le XIV\ne\n congrès", "Le XIV^e^ congrès"),
        ("Un  mot   de plus.", "Un mot de plus."),
        ("Le mot1 fin.\n\n1. Une note.", "Le mot[^1] fin.\n\n[^1]: Une note."),
        ("Le mot [1] fin.\n[1] Note.", "Le mot[^1] fin.\n\n[^1]: Note."),
        ("devant !a porte", 'devant [la]{.corr sic="!a"} porte'),
        ("un un mot", 'un []{.corr sic="un"} mot'),
        ("- un\n\n• deux", "- un\n- deux"),
        ("http://a.fr/b/\nc.htm", "<http://a.fr/b/c.htm>"),
    ],
)
def test_what_recovery_does_is_no_difference(witness: str, body: str) -> None:
    assert findings(witness, body) == []


def test_an_omission_takes_its_lines_or_its_words() -> None:
    witness = "12\nUn mot. 5\nUn autre."
    omissions = "omissions:\n- {lines: 1, why: folio}\n- {lines: 2, why: numéro, text: '5'}\n"
    assert findings(witness, "Un mot. Un autre.", omissions) == []
    wrong = findings(witness, "Un mot. Un autre.", "omissions:\n- {lines: 9, why: folio}\n")
    assert {f.code for f in wrong} == {"E033", "E034"}


def test_a_declared_order_is_the_witness_s() -> None:
    witness = "de la fin.\n\nLe début, puis le milieu"
    body = "Le début, puis le milieu de la fin."
    assert findings(witness, body, "order: [2-3, 1]\n") == []
    assert {f.code for f in findings(witness, body)} == {"E033", "E034"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Le mot juste, enfin.", "E033"),  # one lost
        ("Le seul mot juste, dit-il, enfin. Bon.", "E034"),  # one added
        ("Le seul mot mot juste, dit-il, enfin.", "E034"),  # one doubled
        ("Le seul mot faux, dit-il, enfin.", "E034"),  # one changed
        ("Le seul mot juste dit-il, enfin.", "E033"),  # a comma
        ("Le seul môt juste, dit-il, enfin.", "E034"),  # an accent
        ("Le seul mot juste, dit il, enfin.", "E034"),  # a real hyphen lost
        ("Le seul mot juste, dit-il,enfin.", "E034"),  # a space lost
        ("Le seulmot juste, dit-il, enfin.", "E034"),
        ("Le seul mot ju ste, dit-il, enfin.", "E034"),  # a space put in
    ],
)
def test_a_change_is_found_with_its_place(body: str, code: str) -> None:
    found = findings("Le seul mot juste, dit-il, enfin.", body)
    assert code in {f.code for f in found}
    assert all(f.path == "x.md" and f.line and f.hint for f in found)


# ---------------------------------------------------------------- the real texts, mutated

TEXTS = {path.stem: path.read_text("utf-8") for path in EDITIONS}
WITNESSES = {name: read_witness(ROOT / "corpus" / "witnesses" / f"{name}.txt") for name in TEXTS}
WORD = re.compile(r"(?<= )[^\W_]{2,}(?=[ ,.])")


@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False), st.integers(0, 6))
@settings(max_examples=120, deadline=None)
def test_no_mutation_of_an_edition_slips_through(name: str, random: object, kind: int) -> None:
    text = TEXTS[name]
    start = text.index("\n---\n", 4) + 5
    spans = [m.span() for m in re.finditer(r"\{[^}]*\}|\[\^[^\]]*\]|^:::.*$", text, re.M)]
    words = [m for m in WORD.finditer(text, start) if not any(a <= m.start() < b for a, b in spans)]
    i = random.randrange(len(words) - 1)  # type: ignore[attr-defined]  # a random.Random
    word, after = words[i], words[i + 1]
    old = word[0]
    swap = "à" if old[-1] != "à" else "a"
    replacement = [
        "", f"{old} {old}", old[:-1] + swap, f"{old}.", f"{old[0]} {old[1:]}", f"{old}1", after[0]
    ][kind]  # fmt: skip
    if kind == 6:
        if after[0] == old:
            return
        mutated = text[: word.start()] + after[0] + text[word.end() : after.start()] + old
        mutated += text[after.end() :]
    else:
        mutated = text[: word.start()] + replacement + text[word.end() :]
    document, found = parse(mutated, name)
    assert document is not None
    found += collate(document, WITNESSES[name], name).findings
    assert found, f"{old!r} → {replacement!r} at {word.start()}"


CALL = re.compile(r"(?<!\n)\[\^[^\]]+\](?!:)")
WORD_AFTER = re.compile(r"\S* [^\s\[\]]{2,}(?= )")


@pytest.mark.parametrize("name", [name for name in sorted(TEXTS) if CALL.search(TEXTS[name])])
def test_a_note_call_moved_to_the_next_word_is_found(name: str) -> None:
    text, moved = TEXTS[name], 0
    for call in CALL.finditer(text):
        word = WORD_AFTER.match(text, call.end())
        if word is None:  # the call ends its block, or another follows
            continue
        moved += 1
        mutated = text[: call.start()] + word[0] + call[0] + text[word.end() :]
        document, found = parse(mutated, name)
        assert document is not None
        found += collate(document, WITNESSES[name], name).findings
        assert found, f"{call[0]} after “{word[0]}”"
    assert moved
