"""Addresses that last: an anchor that a text no longer has leads to the one in its place."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from archive_site.corpus.records import Edition
from archive_site.edition.aliases import anchors_of, former_anchors, is_anchor, resolved
from archive_site.edition.format import dumps, loads, parse
from archive_site.exports.data import as_data
from archive_site.exports.tei import as_tei
from archive_site.findings import Finding
from archive_site.site.check import check_page, read_page
from archive_site.sources.tei import read_tei
from archive_site.text.document import Document
from archive_site.views.blocks import source_spelling
from published import published
from sites import check_site, findings_of, site_of
from small import aliases_of, archive, edition
from strategies import documents, without_comments

BODY = """# Un texte

[]{.pb n="12"}Premier alinéa, avec sa note.[^1]

## Un titre

| Un vers,
| un autre vers

| Année | Voix |
|-------|------|
| 1917  | 12   |

: La légende.

- un
- deux

  la suite de deux

1. premier

![Un pont.](images/pont.png)

![Un pont.](images/pont.png "Le pont")

* * *

> Une citation.

Suite du []{.pb n="13"}texte.

[^1]: Une note.

    Sa suite.
"""
ANCHORS = (
    "un-texte", "premier-alinea-avec-sa-note", "un-titre", "un-vers-un-autre-vers",
    "annee-voix-1917-12", "la-legende", "un", "deux", "la-suite-de-deux", "premier", "image-pont",
    "le-pont", "separation", "une-citation", "suite-du-texte", "note-1", "page-12", "page-13",
)  # fmt: skip


def found(pairs: dict[str, str], body: str = BODY) -> list[Finding]:
    return parse(edition("a", body, aliases_of(pairs)), "a.md")[1]


# ---------------------------------------------------------------- in the front matter


def test_an_alias_is_read_and_written() -> None:
    pairs = {"un-ancien-titre": "un-titre", "note-*": "note-1", "page-[9]": "page-12", "x": ""}
    document = loads(edition("a", BODY, aliases_of(pairs)))
    assert document.meta.aliases == tuple(pairs.items())
    assert loads(dumps(document)) == document


def test_the_anchors_of_a_text_are_those_that_can_be_cited() -> None:
    assert tuple(anchors_of(loads(edition("a", BODY)))) == ANCHORS
    assert all(map(is_anchor, ANCHORS))


@pytest.mark.parametrize(
    ("pairs", "line", "message", "hint"),
    [
        ({"un-titre": "un-vers-un-autre-vers"}, 8, "it has “un-titre”", "Remove this alias."),
        ({"note-1": ""}, 8, "it has “note-1”", "Remove this alias."),
        ({"x": "", "page-13": "page-12"}, 9, "it has “page-13”", "Remove this alias."),
        ({"x": "un-titer"}, 8, "found “un-titer”", "Did you mean “un-titre”?"),
        ({"x": "note-2"}, 8, "found “note-2”", "Did you mean “note-1”?"),
        ({"x": "appel-1"}, 8, "found “appel-1”", ""),
        ({"#x": "un-titre"}, 8, "that a text may have; found “#x”", ""),
        ({"sommaire": "un-titre"}, 8, "found “sommaire”", ""),
        ({"correction-3": "un-titre"}, 8, "found “correction-3”", ""),
        ({"Un Titre": "un-titre"}, 8, "found “Un Titre”", ""),
        ({"": "un-titre"}, 8, "found “”", ""),
        ({"x": "x"}, 8, "“x” leads to aliases only", ""),
        ({"x": "y", "y": "z", "z": "y"}, 8, "“x” leads to aliases only", ""),
    ],
)
def test_an_alias_that_is_none(pairs: dict[str, str], line: int, message: str, hint: str) -> None:
    first = found(pairs)[0]
    assert (first.code, first.line) == ("E070", line)
    assert message in first.message
    assert hint in first.remedy


@pytest.mark.parametrize("value", ["un-titre", "[un-titre]", "{x: [y]}"])
def test_aliases_are_a_mapping_of_words(value: str) -> None:
    _, findings = parse(edition("a", BODY, f"aliases: {value}"), "a.md")
    assert {f.code for f in findings} == {"E015"}


def test_an_alias_may_lead_to_another() -> None:
    pairs = {"a": "b", "b": "c", "c": "un-titre", "d": "e", "e": ""}
    assert found(pairs) == []
    assert resolved(pairs.items()) == {**dict.fromkeys("abc", "un-titre"), "d": "", "e": ""}


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdefxyz")), max_size=9))
def test_every_alias_ends(pairs: list[tuple[str, str]]) -> None:
    """At an anchor or, if it leads round in a ring, at an alias."""
    known = dict(pairs)
    for old, end in resolved(pairs).items():
        at = old
        for _ in known:
            at = known.get(at, at)
        assert end == at if at not in known else end in known


def test_a_long_chain_of_aliases_is_followed_quickly() -> None:
    pairs = [(f"a-{n}", f"a-{n + 1}") for n in range(100_000)]
    assert set(resolved(pairs).values()) == {"a-100000"}


# ---------------------------------------------------------------- on the page


def test_the_page_holds_every_former_anchor_at_its_new_place(tmp_path: Path) -> None:
    pairs = {f"ancien-{n}": anchor for n, anchor in enumerate(ANCHORS)}
    pairs |= {f"note-9.{n}": anchor for n, anchor in enumerate(ANCHORS)} | {"perdu": ""}
    plain = site_of(archive(tmp_path / "plain", a=edition("a", BODY)))
    site = site_of(archive(tmp_path / "held", a=edition("a", BODY, aliases_of(pairs))))
    assert list(check_site(site)) == []
    path = "textes/a/index.html"
    page = BeautifulSoup(site[path], "html.parser")
    for old, new in pairs.items():
        held = page.find(id=old)
        if not new:
            assert held is None
            continue
        assert isinstance(held, Tag) and held.get_text() == "" and held.name == "span"
        place = page.find(id=new)
        assert isinstance(place, Tag)
        after = held.find_next(lambda tag: "held" not in tag.get("class", []))
        assert place in held.parents or after is place
        held.extract()
    assert words_of(page) == words_of(BeautifulSoup(plain[path], "html.parser"))


def words_of(page: BeautifulSoup) -> str:
    body = page.find(class_="body")
    assert isinstance(body, Tag)
    return body.get_text()


def test_the_content_of_lists_tables_and_figures_stays_valid(tmp_path: Path) -> None:
    pairs = {f"ancien-{n}": anchor for n, anchor in enumerate(ANCHORS)}
    site = site_of(archive(tmp_path, a=edition("a", BODY, aliases_of(pairs))))
    page = BeautifulSoup(site["textes/a/index.html"], "html.parser")
    for held in page.find_all(class_="held"):
        assert held.parent and held.parent.name not in (
            "ul",
            "ol",
            "table",
            "thead",
            "tbody",
            "tr",
            "dl",
        )


def test_the_spelling_of_the_witness_holds_the_same_anchors() -> None:
    """The switch replaces what is in a block; a figure has its anchors above its caption."""
    pairs = {f"ancien-{n}": anchor for n, anchor in enumerate(ANCHORS)}
    document = loads(edition("a", BODY, aliases_of(pairs)))
    spelled = source_spelling(Edition(document, "a.md", None, None))
    for old, new in pairs.items():
        held = f'<span class="held" id="{old}"></span>'
        if new in spelled:
            assert spelled[new].startswith(held) != (new == "le-pont")
        elif new.startswith("page-"):
            assert f'{held}<span class="page-break"' in "".join(spelled.values())
        else:
            assert new in ("image-pont", "separation", "note-1")


def test_a_link_to_a_former_anchor_is_told_the_new_one(tmp_path: Path) -> None:
    held = edition("a", BODY, aliases_of({"vieux": "un-titre", "note-9": "note-1", "x": ""}))
    words = 'Voir [là]{.ref to="a#vieux"}, [ici]{.ref to="a#note-9"}, [rien]{.ref to="a#x"}.'
    root = archive(tmp_path, a=held, b=edition("b", words))
    wrong = [f for f in findings_of(root) if f.code == "E025"]
    assert wrong[0].hint == "It is an alias; write “a#un-titre”."
    assert [f.message.split("found ")[1] for f in wrong] == ["“a#vieux”", "“a#note-9”", "“a#x”"]


def test_a_link_within_a_text_is_told_the_new_one(tmp_path: Path) -> None:
    words = 'Voir [là]{.ref to="#vieux"}.\n\n' + BODY
    root = archive(tmp_path, a=edition("a", words, aliases_of({"vieux": "un-titre"})))
    assert [f.hint for f in findings_of(root) if f.code == "E025"] == [
        "It is an alias; write “#un-titre”."
    ]


# ---------------------------------------------------------------- in the downloads


def test_downloads_have_the_aliases(kinds: dict[str, bytes]) -> None:
    data = json.loads(kinds["textes/lettre-1913/lettre-1913.json"])
    assert data["aliases"] == [
        {"old": "un-manteau-neuf", "new": "et-un-manteau-neuf"},
        {"old": "note-a", "new": "note-1"},
        {"old": "et-un-manteau", "new": "et-un-manteau-neuf"},
        {"old": "post-scriptum", "new": None},
    ]
    tei = kinds["textes/lettre-1913/lettre-1913.xml"].decode()
    assert '<idno type="alias" corresp="index.html#note-1">note-a</idno>' in tei
    assert '<idno type="alias">post-scriptum</idno>' in tei


@given(documents())
def test_whatever_aliases_a_text_has(document: Document) -> None:
    """Of one document after the other: to make them takes longer than to judge them."""
    _whatever_it_may_lose_can_be_an_alias(document)
    _every_alias_that_leads_somewhere_is_held_once(document)
    _they_survive_every_round_trip(without_comments(document))


def _they_survive_every_round_trip(document: Document) -> None:
    assert loads(dumps(document)).meta.aliases == document.meta.aliases
    assert (
        read_tei(as_tei(published(document)), "x.xml", "x.xml").meta.aliases
        == document.meta.aliases
    )
    ends = resolved(document.meta.aliases).items()
    aliases = [{"old": old, "new": new or None} for old, new in ends]
    assert as_data(published(document))["aliases"] == aliases


def _whatever_it_may_lose_can_be_an_alias(document: Document) -> None:
    assert all(map(is_anchor, anchors_of(document)))


def _every_alias_that_leads_somewhere_is_held_once(document: Document) -> None:
    held = Counter(old for olds in former_anchors(document).values() for old in olds)
    leading = [old for old, new in resolved(document.meta.aliases).items() if new]
    assert held == Counter(leading)
    assert former_anchors(replace(document, meta=replace(document.meta, aliases=()))) == {}


def test_an_alias_of_a_page_whose_number_is_repeated_is_held_once(tmp_path: Path) -> None:
    body = 'Un []{.pb n="2"}mot, un []{.pb n="[2]"}autre.\n'
    site = site_of(archive(tmp_path, a=edition("a", body, aliases_of({"page-1": "page-2"}))))
    path = "textes/a/index.html"
    assert list(check_page(path, site[path], read_page(path, site[path]))) == []
    assert site[path].count(b'id="page-1"') == 1
