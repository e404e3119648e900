"""Page breaks stand where the witness's pages begin, once, in order, with its folios."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.edition.format import loads
from archive_site.findings import Finding
from archive_site.recover.printed.draft import recover_text
from archive_site.witness.collate import collate
from archive_site.witness.pagination import paginate
from archive_site.witness.witness import Witness, read_witness
from conftest import ROOT
from examples import examples

HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n"
EDITIONS = sorted((ROOT / "corpus" / "editions").glob("*.md"))
TEXTS = {path.stem: path.read_text("utf-8") for path in EDITIONS}
WITNESSES = {name: read_witness(ROOT / "corpus" / "witnesses" / f"{name}.txt") for name in TEXTS}
MARKS = (("{", "}"), ("[", "]"))
BREAK = re.compile(r'\[\]\{\.pb n="(\[?)(\d+)(\]?)"\}')


def findings(witness: str, body: str, front_matter: str = "") -> list[Finding]:
    lines = tuple(witness.split("\n"))
    document = loads(f"{HEAD}{front_matter}---\n\n{body}\n")
    return list(collate(document, Witness("x.txt", lines, 0, ""), "x.md").findings)


def codes(witness: str, body: str, front_matter: str = "") -> list[str]:
    return [finding.code for finding in findings(witness, body, front_matter)]


# ---------------------------------------------------------------- the five, changed


def deleted(text: str, at: re.Match[str], random: Random) -> str:
    return text[: at.start()] + text[at.end() :]


def doubled(text: str, at: re.Match[str], random: Random) -> str:
    return text[: at.end()] + text[at.start() :]


def repeated(text: str, at: re.Match[str], random: Random) -> str:
    """The same break once more, some words below."""
    return moved(text, at, random, keep=True)


def moved(text: str, at: re.Match[str], random: Random, keep: bool = False) -> str:
    below = text[at.end() : at.end() + 3000]
    words = (word.start() for word in re.finditer(r"(?<=[a-z] )(?=[a-z])", below))
    plain = [n for n in words if all(below[:n].count(a) == below[:n].count(b) for a, b in MARKS)]
    place = at.end() + random.choice(plain)
    return text[: at.end() if keep else at.start()] + text[at.end() : place] + at[0] + text[place:]


def renumbered(text: str, at: re.Match[str], random: Random) -> str:
    other = random.choice([n for n in range(1, 1000) if n != int(at[2])])
    return text[: at.start()] + f'[]{{.pb n="{at[1]}{other}{at[3]}"}}' + text[at.end() :]


def printed(text: str, at: re.Match[str], random: Random) -> str:
    """A folio that is printed as if it were counted, or the other way round."""
    other = at[2] if at[1] else f"[{at[2]}]"
    return text[: at.start()] + f'[]{{.pb n="{other}"}}' + text[at.end() :]


@pytest.mark.slow
@pytest.mark.parametrize("change", [deleted, doubled, repeated, moved, renumbered, printed])
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32))
@examples(15)
def test_no_change_of_a_page_break_slips_through(
    change: Callable[[str, re.Match[str], Random], str], name: str, seed: int
) -> None:
    random, text = Random(seed), TEXTS[name]
    breaks = list(BREAK.finditer(text))
    changed = change(text, random.choice(breaks), random)
    found = collate(loads(changed), WITNESSES[name], name).findings
    assert {finding.code for finding in found} & {"E050", "E051"}
    assert all(finding.hint for finding in found)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_break_moved_or_deleted_is_told_once(name: str) -> None:
    random = Random(name)
    breaks = list(BREAK.finditer(TEXTS[name]))
    for change in (deleted, moved):
        changed = change(TEXTS[name], random.choice(breaks[: max(1, len(breaks) - 3)]), random)
        found = collate(loads(changed), WITNESSES[name], name).findings
        assert [finding.code for finding in found] == ["E050"], found


# ---------------------------------------------------------------- what a witness shows

PAGES = [
    "\n".join(f"la ligne {word} de la page {page}," for word in ("a", "b", "c", "d", "e"))
    + "\net trois lignes\nqui closent la page\net la phrase."
    for page in ("première", "deuxième", "troisième", "dernière")
]
WITNESS = {
    "form feeds": "\n\f".join(PAGES),
    "form feeds at the end": "\f\n".join(PAGES),
    "spaces": " " + "\n ".join(PAGES),
    "runs of blank lines": "\n\n\n\n".join(PAGES),
}
TEXT = [" ".join(page.split("\n")) for page in PAGES]


def edition(*numbers: str) -> str:
    """The pages' text, with those breaks between."""
    marks = [f'[]{{.pb n="{number}"}}' if number else "" for number in numbers]
    return " ".join([TEXT[0], *(mark + page for mark, page in zip(marks, TEXT[1:], strict=True))])


@pytest.mark.parametrize("signal", WITNESS)
def test_each_signal_is_seen(signal: str) -> None:
    witness = WITNESS[signal]
    assert codes(witness, edition("[2]", "[3]", "[4]")) == []
    assert codes(witness, edition("[2]", "", "[4]")) == ["E050"]
    assert codes(witness, edition("[2]", "[2]", "[3]")) == ["E051"]
    assert codes(witness, edition("[2]", "[3]", "[9]")) == ["E051"]
    shifted = edition("[2]", "[3]", "[4]").replace('[]{.pb n="[3]"}la', 'la []{.pb n="[3]"}')
    assert codes(witness, shifted) == ["E050"]
    draft = recover_text(Witness("x.txt", tuple(witness.split("\n")), 0, ""), "x")
    lines = tuple(witness.split("\n"))
    assert collate(draft, Witness("x.txt", lines, 0, ""), "x").findings == ()


def test_where_nothing_is_shown_only_order_and_doubling_are_judged() -> None:
    witness = " ".join(TEXT)
    assert codes(witness, edition("[20]", "[25]", "")) == []
    assert codes(witness, edition("[20]", "", "")) == []
    assert codes(witness, edition("[20]", "[19]", "")) == ["E051"]
    assert codes(witness, edition("[20]", "[20]", "")) == ["E051"]
    doubled = edition("[20]", "", "").replace('[]{.pb n="[20]"}', '[]{.pb n="[20]"}' * 2)
    assert set(codes(witness, doubled)) == {"E050", "E051"}


def test_sections_parted_by_blank_lines_are_no_pages() -> None:
    lengths = [3, 40, 7, 90, 2, 15]
    sections = ["\n".join(f"mot {n} de {length}," for n in range(length)) for length in lengths]
    witness = "\n\n\n\n".join(sections)
    assert paginate(witness.split("\n")).likely == []
    assert codes(witness, " ".join(" ".join(section.split("\n")) for section in sections)) == []


def test_a_paragraph_that_begins_with_a_space_is_no_page() -> None:
    pages = ["\n".join(f"ligne {n} de {page}," for n in range(20)) for page in range(6)]
    pages[3] = pages[3].replace("\nligne 9", "\n ligne 9")
    witness = " " + "\n ".join(pages)
    body = " ".join(
        (f'[]{{.pb n="[{n + 1}]"}}' if n else "") + " ".join(page.split())
        for n, page in enumerate(pages)
    )
    assert codes(witness, body) == []


FOLIOS = "\n\f".join(f"{n}\n\n{page}" for n, page in enumerate(PAGES, start=41))
ASIDE = "omissions:\n" + "".join(f"- {{lines: {1 + 10 * n}, why: folio}}\n" for n in range(4))


def test_a_printed_folio_is_the_number() -> None:
    assert codes(FOLIOS, edition("42", "43", "44"), ASIDE) == []
    assert codes(FOLIOS, edition("42", "[43]", "44"), ASIDE) == ["E051"]
    assert set(codes(FOLIOS, edition("42", "53", "54"), ASIDE)) == {"E051"}
    assert codes(FOLIOS, edition("42", "43", "45"), ASIDE) == ["E051", "E051"]


def test_the_first_page_and_lost_pages_may_be_told() -> None:
    witness = WITNESS["form feeds"]
    assert codes(witness, '[]{.pb n="[7]"}' + edition("[8]", "[9]", "[10]")) == []
    lost = edition("[2]", "[9]", "[10]")
    assert codes(witness, lost) == ["E051"]
    gap = lost.replace('[]{.pb n="[9]"}', '[]{.gap why="six pages manquent"}[]{.pb n="[9]"}')
    assert codes(witness, gap) == []


def test_a_page_without_text_may_have_its_break() -> None:
    witness = "\n\f".join([*PAGES[:2], "(planche)", *PAGES[2:]])
    aside = "omissions:\n- {lines: 17, why: planche}\n"
    assert codes(witness, edition("[2]", "[4]", "[5]"), aside) == []
    both = edition("[2]", "[4]", "[5]").replace('[]{.pb n="[4]"}', '[]{.pb n="[3]"}[]{.pb n="[4]"}')
    assert codes(witness, both, aside) == []


def test_notes_and_heads_between_pages_are_no_obstacle() -> None:
    witness = "\n\f".join([PAGES[0] + "1\n\n1. Une note.", "LE TITRE\n\n" + PAGES[1], *PAGES[2:]])
    body = edition("[2]", "[3]", "[4]").replace(" []{", "[^1] []{", 1) + "\n\n[^1]: Une note."
    assert codes(witness, body, "omissions:\n- {lines: 11, why: titre courant}\n") == []


@pytest.mark.parametrize(("number", "value"), [("iv", "v"), ("[ix]", "[x]")])
def test_roman_folios_go_up(number: str, value: str) -> None:
    witness = " ".join(TEXT)
    assert codes(witness, edition(number, value, "")) == []
    assert codes(witness, edition(value, number, "")) == ["E051"]
