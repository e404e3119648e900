"""What pages count agrees with its number: none and one are singular in French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from archive_site.corpus.summary import words_in
from archive_site.text.typography import NBSP, THIN, agreed, counted
from builds import publish
from conftest import GOLDEN, ROOT, opened, until
from sites import site_of

# No plurals, for all their s or x.
INVARIABLE = "mars fois mois temps corps dans sans sous très pas plus puis près dès vers à-propos"
# What a text, its witness or its editor says: their own words.
QUOTED = (
    ".body-text, .notes, .excerpt, .incipit, .lines, .lines-of p, .said, q, del, ins, title, script"
)
PLURAL = re.compile(rf"(?<![\w.,:\-–§°{NBSP}{THIN}])[01][ {NBSP}{THIN}]([a-zà-ÿœ’-]+[sx])\b")

TEXT = """\
---
id: seul
title: Un texte
kind: letter
creator: {key: durand, certainty: certain, ground: signature}
date: 1917-03-12
covers: 1917
witness: seul.txt
status: proofread
---

Le 12 mars 1917, Durand écrit de Paris que la [grève]{.corr sic="greve"} durera[^1].

[^1]: Un mot.
"""
FILES = {
    "site.yaml": "title: Un seul texte\n",
    "editions/seul.md": TEXT,
    "witnesses/seul.txt": "Le 12 mars 1917, Durand écrit de Paris que la greve durera1.\n"
    "1. Un mot.\n",
    "people.yaml": "durand: {name: Durand, same_as: {wikidata: Q0}}\n",
    "places.yaml": "paris: {name: Paris}\n",
    "events.yaml": "greve-de-mars: {name: Grève de mars, forms: [grève], date: 1917-03}\n",
}


FIGURES = SoupStrainer(["dt", "dd"])


def may_be_wrong(html: bytes) -> bool:
    """Whether anything in a page's source looks like it: to parse all of 480 pages takes long."""
    if PLURAL.search(unescape(html.decode())):
        return True
    found = BeautifulSoup(html, "html.parser", parse_only=FIGURES).find_all(["dt", "dd"])
    beside = [*pairwise(found), *pairwise(reversed(found))]
    said = (f"{number.get_text('|')} {what.get_text()}" for number, what in beside)
    return len(found) != 2 * len([tag for tag in found if tag.name == "dt"]) or any(
        map(PLURAL.search, said)
    )


def wrong(html: bytes) -> list[str]:
    """What a page counts as French does not: in its words, and in what it tells of itself."""
    if not may_be_wrong(html):
        return []
    soup = BeautifulSoup(html, "html.parser")
    said = [
        str(tag[name])
        for tag in soup.find_all(True)
        for name in ("aria-label", "title", "content")
        if tag.has_attr(name)
    ]
    for quoted in soup.select(QUOTED):
        quoted.decompose()
    for group in soup.select("div:has(> dt):has(> dd)"):  # a figure above its name
        what, number = group.find("dt"), group.find("dd")
        assert isinstance(what, Tag) and isinstance(number, Tag)
        said.append(f"{number.get_text('|')} {what.get_text()}")
    said += [
        block.get_text("|")
        for block in soup.find_all(["p", "li", "h1", "h2", "h3", "td", "dd", "a"])
    ]
    found = {match for words in said for match in PLURAL.finditer(words)}
    return sorted({m[0] for m in found if m[1] not in INVARIABLE.split()})


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """The site of an archive that has one of everything."""
    folder = tmp_path_factory.mktemp("alone")
    for name, words in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(words, "utf-8")
    digest = sha256((folder / "witnesses/seul.txt").read_bytes()).hexdigest()
    (folder / "witnesses/SHA256SUMS").write_text(f"{digest}  seul.txt\n", "utf-8")
    yield site_of(folder)


def pages(site: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    return ((path, data) for path, data in site.items() if path.endswith(".html"))


def test_the_five_texts_count_as_french_does(site: dict[str, bytes]) -> None:
    assert {path: found for path, data in pages(site) if (found := wrong(data))} == {}


def test_an_archive_of_one_text_counts_as_french_does(alone: dict[str, bytes]) -> None:
    assert {path: found for path, data in pages(alone) if (found := wrong(data))} == {}


@pytest.mark.parametrize("folder", [GOLDEN / "corpus", ROOT / "templates/scaffold/corpus"])
def test_small_archives_count_as_french_does(folder: Path) -> None:
    assert {path: found for path, data in pages(site_of(folder)) if (found := wrong(data))} == {}


def test_a_wrong_plural_would_be_seen() -> None:
    figures = "<div><dt>chiffres d’appel et de note</dt><dd>1</dd></div>"
    html = f"<p>1 textes, 0{NBSP}mots, 11 textes, 1 mois</p>{figures}<a title='0 entrées'>x</a>"
    assert wrong(figures.encode()) == ["1 chiffres"]
    assert wrong(b"<p>1 textes") == wrong(b"<a title='1&#32;textes'>x") == ["1 textes"]
    assert wrong(html.encode()) == ["0 entrées", f"0{NBSP}mots", "1 chiffres", "1 textes"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0_mot"), (1, "1_mot"), (2, "2_mots"), (1680, f"1{THIN}680_mots")],
)
def test_a_number_and_what_it_counts(number: int, expected: str) -> None:
    assert counted(number, "mot") == expected.replace("_", NBSP)
    assert agreed(number, "trait d’union", "traits d’union").startswith(
        "traits" if number > 1 else "trait "
    )


def test_scripts_count_as_pages_do(
    browser: Browser, alone: dict[str, bytes], tmp_path: Path
) -> None:
    publish(alone, tmp_path / "www")
    base = (tmp_path / "www").as_uri()
    for path, expected in (
        ("recherche/index.html", f"1{NBSP}passage dans 1{NBSP}texte."),
        ("concordance/index.html", f"1{NBSP}occurrence dans 1{NBSP}texte."),
    ):
        with opened(browser, f"{base}/{path}") as page:
            page.locator("[name=q]").fill("grève")
            until(page, "document.querySelector('[data-said]').textContent !== ''")
            assert page.locator("[data-said]").inner_text() == expected
    with opened(browser, f"{base}/personnes/index.html") as page:
        page.get_by_label("Filtrer").fill("xyzzy")
        assert page.locator("[data-found]").inner_text() == f"0{NBSP}entrée"


@given(st.text())
def test_words_stand_between_spaces_and_have_a_letter(text: str) -> None:
    assert words_in(text) == len(re.findall(r"(?<!\S)(?:[^\w\s]|_)*[^\W_]\S*", text))
