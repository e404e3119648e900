"""The page of all texts, collections, editions of one work, and the home page of any archive."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from archive_site.edition.collections import Collection, outer, path_to, read_collections
from archive_site.edition.yaml import read_yaml
from archive_site.model.collections import TOP, Collections
from archive_site.views.listing import FEW
from sites import site_of

OAI = "{http://www.openarchives.org/OAI/2.0/}"


def page(site: Mapping[str, bytes], path: str) -> BeautifulSoup:
    return BeautifulSoup(site[path], "html.parser")


def plain(tag: Tag) -> str:
    return plain_words(tag.get_text())


def plain_words(text: str) -> str:
    return " ".join(text.split())


def rows(site: Mapping[str, bytes], path: str) -> list[str]:
    return [plain(row) for row in page(site, path).select("#liste tbody tr:not(.letter) th")]


# ---------------------------------------------------------------- the page of all texts


def test_all_texts_are_there_in_every_order(kinds: dict[str, bytes]) -> None:
    texts = page(kinds, "textes/index.html")
    by_year = [str(a["href"]) for a in texts.select("#liste tbody th a")]
    published = [path for path in kinds if re.fullmatch("textes/[^/]+/index.html", path)]
    assert len(by_year) == len({*by_year}) == len(published)
    groups = [plain(th) for th in texts.select(".letter th")]
    assert groups == ["Années 1790", "Années 1900", "Années 1910", "Années 1920"]
    by_kind = [str(a["href"]) for a in texts.select("[aria-labelledby=genres] dd a")]
    assert sorted(by_kind) == sorted(by_year)
    named = {plain(dt) for dt in texts.select("[aria-labelledby=auteurs] dt")}
    assert "Conseil municipal de Valmont 1" in named and "Paul Delmas 3" in named
    heads = [plain(dt) for dt in texts.select("[aria-labelledby=collections] dt")]
    assert heads == ["Papiers de la mairie 3", "Paroles de bateliers 5"]


def test_every_page_leads_to_it(kinds: dict[str, bytes]) -> None:
    link = page(kinds, "textes/chanson-1910/index.html").select_one(".masthead nav a")
    assert link and link["href"] == "../index.html" and link["aria-current"] == "true"


# ---------------------------------------------------------------- collections


def test_a_collection_has_its_texts_in_order_and_its_parts(kinds: dict[str, bytes]) -> None:
    papers = page(kinds, "collections/papiers/index.html")
    titles = [plain(h) for h in papers.select(".entry h3")]
    assert titles == ["Arrêté sur le pont", "Le pont en images", "Séance du conseil municipal"]
    assert [plain(dt) for dt in papers.select(".doors dt")] == ["Séances et arrêtés 1"]
    inner = page(kinds, "collections/seances/index.html")
    way = [(plain(a), a["href"]) for a in inner.select(".text-head nav a")]
    assert way[1] == ("Papiers de la mairie", "../papiers/index.html")
    script = papers.select_one("script[type='application/ld+json']")
    assert script
    data = json.loads(script.get_text())
    assert [part["name"] for part in data["hasPart"]] == ["Séances et arrêtés", *titles[:2]]


def test_one_reads_on_within_a_collection(kinds: dict[str, bytes]) -> None:
    text = page(kinds, "textes/chanson-1910/index.html")
    way = text.select_one(".text-head nav a")
    assert way and plain(way) == "Paroles de bateliers"
    before, after = text.select(".neighbours a")
    assert (before["href"], after["href"]) == (
        "../chanson-1923/index.html",
        "../le-bac-1908/index.html",
    )
    both = page(kinds, "textes/album-1912/index.html").select(".neighbours")
    assert len(both) == 2  # it is in two collections
    alone = page(kinds, "textes/lettre-1913/index.html").select(".neighbours a")
    assert [a["href"] for a in alone] == ["../album-1912/index.html", "../decret-1919/index.html"]


def test_a_collection_can_be_followed_and_harvested(kinds: dict[str, bytes]) -> None:
    read = feedparser.parse(kinds["collections/papiers/feed.xml"])
    assert plain_words(read.feed.title) == "Papiers de la mairie – Les papiers de Valmont"
    assert {entry.title for entry in read.entries} == {
        "Arrêté sur le pont",
        "Le pont en images",
        "Séance du conseil municipal",
    }
    whole = feedparser.parse(kinds["feed.xml"])
    assert read.feed.id != whole.feed.id
    assert {entry.id for entry in read.entries} < {entry.id for entry in whole.entries}
    root = ElementTree.fromstring(kinds["collections/papiers/oai.xml"])
    records = root.findall(f".//{OAI}record")
    assert len(records) == 3
    base = root.findtext(f".//{OAI}baseURL", "")
    assert base.endswith("collections/papiers/oai.xml")


def test_every_format_says_in_which_collection_a_text_is(kinds: dict[str, bytes]) -> None:
    folder = "textes/album-1912/album-1912"
    data = json.loads(kinds[f"{folder}.json"])
    assert data["collections"] == ["papiers", "bateliers"]
    tei = kinds[f"{folder}.xml"].decode()
    assert '<idno type="collection">papiers</idno>' in tei
    head = page(kinds, "textes/album-1912/index.html")
    relations = [str(tag["content"]) for tag in head.select("meta[name='DC.relation']")]
    assert relations == ["Papiers de la mairie", "Paroles de bateliers"]


# ---------------------------------------------------------------- editions of one work


def test_editions_of_one_work_know_each_other_and_are_cited_apart(kinds: dict[str, bytes]) -> None:
    for text_id, other, source in (
        ("chanson-1910", "chanson-1923", "Feuille volante du syndicat"),
        ("chanson-1923", "chanson-1910", "Le Chansonnier du fleuve"),
    ):
        text = page(kinds, f"textes/{text_id}/index.html")
        others = [a for a in text.select(".text-head .extent a") if other in str(a["href"])]
        assert len(others) == 1
        for cited in text.select(".citation"):
            assert f"après {source}" in plain(cited)
        (item,) = json.loads(kinds[f"textes/{text_id}/{text_id}.csl.json"])
        assert item["edition"].startswith(f"d’après {source}")
    work = page(kinds, "oeuvres/chanson-du-halage/index.html")
    links = [str(a["href"]) for a in work.select(".facts a")]
    assert links.count("../../textes/chanson-1910/index.html") == 1
    assert links.count("../../textes/chanson-1923/index.html") == 1


# ---------------------------------------------------------------- home


def archive(root: Path, texts: int) -> dict[str, bytes]:
    """The site of an archive with many texts, of several years, authors and kinds."""
    (root / "editions").mkdir(parents=True)
    (root / "site.yaml").write_text("title: Grand fonds\n", "utf-8")
    people = "".join(f"p{n}: {{name: Auteur {n}}}\n" for n in range(30))
    (root / "people.yaml").write_text(people, "utf-8")
    listed = "".join(f"c{n}: {{title: Dossier {n}}}\n" for n in range(20))
    (root / "collections.yaml").write_text(listed, "utf-8")
    for n in range(texts):
        matter = (
            f"id: t{n}\ntitle: Texte {n}\nkind: {('letter', 'poem')[n % 2]}\ncreator: p{n % 30}\n"
            f"date: '{1880 + n % 50}'\ncollection: c{n % 20}\nstatus: proofread\n"
        )
        text = f"---\n{matter}---\n\nDes mots, {n}.\n"
        (root / f"editions/t{n}.md").write_text(text, "utf-8")
    return site_of(root)


def test_home_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    sizes = []
    for texts in (60, 240):
        site = archive(tmp_path / str(texts), texts)
        home = page(site, "index.html")
        assert not home.select(".entry, .timeline")
        assert len(home.select("[aria-labelledby=collections] dt")) == FEW
        assert home.find("a", href="textes/index.html#collections")
        links = {
            str(a["href"]).partition("#") for a in home.select("[aria-labelledby=les-textes] a")
        }
        anchors = {tag["id"] for tag in page(site, "textes/index.html").select("[id]")}
        assert all(not anchor or anchor in anchors for _, _, anchor in links)
        assert len(rows(site, "textes/index.html")) == texts
        sizes.append(len(home.select("li, dd, p")))
        listed = rows(site, "collections/c0/index.html")
        assert bool(listed) == (texts // 20 > FEW)
    assert sizes[0] == sizes[1]


def test_home_of_few_texts_shows_each(kinds: dict[str, bytes]) -> None:
    home = page(kinds, "index.html")
    assert len(home.select(".entry")) <= FEW and home.select(".timeline")
    assert [plain(dt) for dt in home.select("[aria-labelledby=collections] dt")]


# ---------------------------------------------------------------- collections as data

KEYS = ["a", "b", "c", "d"]


@given(
    st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from([*KEYS, "x"]), max_size=2)),
    st.sampled_from([*KEYS, "x"]),
)
def test_no_parents_lead_into_a_circle(parents: dict[str, list[str]], key: str) -> None:
    known = {key: Collection(key, key.upper(), "", tuple(above)) for key, above in parents.items()}
    path = path_to(key, known)
    assert len({*path}) == len(path) and (not path or path[-1][0] == key)
    assert outer((key,), known) <= known.keys()


@given(
    st.lists(st.lists(st.sampled_from(KEYS), max_size=3, unique=True), max_size=6),
    st.lists(st.integers(0, 6), max_size=4, unique=True),
)
def test_each_text_is_once_in_its_collections(within: list[list[str]], first: list[int]) -> None:
    order = tuple(f"t{n}" for n in first)
    known = {
        "a": Collection("a", "A"),
        "b": Collection("b", "B", "", ("a",), order),
        "c": Collection("c", "C", "", ("b", "a")),
        "d": Collection("d", "D"),
    }
    texts = {f"t{n}": tuple(keys) for n, keys in enumerate(within)}
    collections = Collections(known, texts)
    for key in KEYS:
        own = collections.own[key]
        assert sorted(own) == sorted(t for t, keys in texts.items() if key in keys)
        everything = collections.all_texts[key]
        assert len({*everything}) == len(everything) and {*own} <= {*everything}
        for text_id in own:
            before, after = collections.beside(text_id, key)
            assert not before or collections.beside(before, key)[1] == text_id
            assert not after or collections.beside(after, key)[0] == text_id
    assert [t for t in order if t in collections.own["b"]] == [
        t for t in collections.own["b"] if t in order
    ]
    assert {*collections.parts[TOP]} == {"a", "d"}


@pytest.mark.parametrize("text", ["", "[]", "a", "a: b", "a: {title: [b]}", "a: {parents: {b: c}}"])
def test_no_file_of_collections_breaks_the_reader(text: str) -> None:
    value, _ = read_yaml(text, "c.yaml")
    known, findings = read_collections(value if value and value.fields is not None else None, "c")
    assert all(collection.title for collection in known.values())
    assert all(finding.message for finding in findings)
