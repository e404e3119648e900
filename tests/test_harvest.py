"""Feed, sitemap, Dublin Core and the OAI repository: what harvesters can rely on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser
import pytest
from hypothesis import given

from archive_site.corpus.records import Site
from archive_site.exports import harvest
from archive_site.exports.harvest import (
    ATOM,
    DC,
    OAI,
    SITEMAPS,
    dublin_core,
    feed_of,
    news_of,
    oai_of,
    record_of,
    sitemap,
)
from archive_site.exports.publication import Publication
from archive_site.text import document as d
from examples import examples
from published import published
from strategies import WORDS, documents

BASE = "https://exemple.fr/archives/parti/"
HOSTILE = "A & B <b>gras</b> \"c\" 'd' ]]> &amp; 🙂 \\ é"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ELEMENTS = (
    "title creator subject description publisher contributor date type format identifier source "
    "language relation coverage rights"
).split()


def parsed(data: bytes) -> Element:
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    return ElementTree.fromstring(data)


def revised(text_id: str, *revisions: d.Revision, title: str = "Un titre") -> Publication:
    meta = d.Meta(text_id, d.Claim(title, "stated"), "essay", revisions=revisions)
    return published(d.Document(meta, (d.Block("paragraph", (d.Text("Un mot."),)),)))


def feed(
    site: Site,
    publications: Iterable[Publication],
    base_url: str,
    sizes: Mapping[str, int] | None = None,
) -> bytes:
    """The feed of these texts. `sizes`: of the site's files in bytes."""
    news = (n for p in publications for n in news_of(site, p, base_url, sizes or {}))
    return feed_of(site, news, base_url)


def oai(site: Site, publications: Iterable[Publication], base_url: str) -> dict[str, bytes]:
    """The repository of these texts."""
    return oai_of(site, (record_of(p, base_url) for p in publications), base_url)


def entries(site: Site, *publications: Publication, base_url: str = BASE) -> list[Element]:
    return parsed(feed(site, publications, base_url)).findall(f"{{{ATOM}}}entry")


def ids(found: list[Element]) -> list[str]:
    return [entry.findtext(f"{{{ATOM}}}id", "") for entry in found]


# ---------------------------------------------------------------- the feed


@pytest.mark.parametrize("base_url", [BASE, "http://127.0.0.1:8000/", ""])
def test_the_feed_is_a_feed(publications: Mapping[str, Publication], base_url: str) -> None:
    site = next(iter(publications.values())).site
    data = feed(site, publications.values(), base_url)
    read = feedparser.parse(data)
    assert not read.bozo and read.version == "atom10"
    news = [r for p in publications.values() for r in p.edition.document.meta.revisions]
    assert len(read.entries) == len(news) >= len(publications)
    root = parsed(data)
    assert root.tag == f"{{{ATOM}}}feed"
    named = [root, *root.findall(f"{{{ATOM}}}entry")]
    assert all(len(item.findall(f"{{{ATOM}}}{n}")) == 1 for item in named for n in ("id", "title"))
    assert len(set(ids(named))) == len(named)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in ids(named))
    moments = [item.findtext(f"{{{ATOM}}}updated", "") for item in named]
    assert all(map(MOMENT.fullmatch, moments))
    assert moments[0] == max(moments[1:]) and moments[1:] == sorted(moments[1:], reverse=True)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{{{ATOM}}}link")}
    assert links == {"self": f"{base_url}feed.xml", "alternate": base_url or "index.html"}
    pages = {e.find(f"{{{ATOM}}}link[@rel='alternate']").get("href") for e in named[1:]}  # type: ignore[union-attr]  # each has one
    end = "" if base_url else "index.html"
    assert pages == {f"{base_url}textes/{text_id}/{end}" for text_id in publications}
    assert data == feed(site, publications.values(), base_url)


def test_a_feed_names_authors_as_surely_as_they_are_known(
    publications: Mapping[str, Publication],
) -> None:
    site = next(iter(publications.values())).site
    read = feedparser.parse(feed(site, publications.values(), BASE))
    came = [entry for entry in read.entries if "author" in entry]  # a later revision is no author's
    authors = {entry.link.split("/")[-2]: entry.author for entry in came}
    assert authors.keys() == publications.keys()
    assert authors["boukharine-leningrad-1926"] == "Nikolaï Boukharine"
    assert authors["trotsky-lecons-octobre-1924"] == "Léon Trotsky (attribution restituée)"
    assert authors["parti-communiste-1917-1921"].startswith("Auteur non nommé (")
    assert authors["que-faire-parti-bolchevik-1917-1924"] == "Auteur inconnu"
    assert all("statut inconnu" in entry.rights for entry in read.entries)
    assert all(len(entry.summary) > 40 for entry in read.entries)


def test_each_later_revision_is_news_of_its_own() -> None:
    site = Site("Petite archive")
    came = d.Revision("2026-01-02", "édition établie")
    again = d.Revision("2026-03-04", "trois fautes corrigées", "A. Durand")
    same_day = d.Revision("2026-03-04", "une note ajoutée")
    first, other = revised("a", came), revised("b", came)
    before = ids(entries(site, first, other))
    after = entries(site, revised("a", came, again, same_day), other)
    assert len(before) == 2 and ids(after)[2:] == before and len(set(ids(after))) == 4
    news = after[0]
    assert news.findtext(f"{{{ATOM}}}title") == "Révision\u00a0: Un titre"
    assert news.findtext(f"{{{ATOM}}}summary") == "Trois fautes corrigées."
    assert news.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name") == "A.\u00a0Durand"
    assert news.findtext(f"{{{ATOM}}}updated") == "2026-03-04T00:00:00Z"
    assert after[1].find(f"{{{ATOM}}}author") is None  # the feed's: no one is named
    assert "Édition établie." in after[2].findtext(f"{{{ATOM}}}summary", "")


def test_ids_stay_when_the_archive_moves_and_when_texts_change() -> None:
    came = d.Revision("2026-01-02", "édition établie")
    here = ids(entries(Site("Petite archive"), revised("a", came)))
    there = ids(entries(Site("Petite archive", base_url=BASE), revised("a", came), base_url=""))
    reworded = d.Revision("2026-01-02", "édition établie d’après le témoin")
    renamed = ids(entries(Site("Petite archive"), revised("a", reworded, title="Autre titre")))
    assert here == there == renamed
    assert here != ids(entries(Site("Autre archive"), revised("a", came)))


def test_a_feed_holds_the_latest_news() -> None:
    days = [d.Revision(f"20{year}-01-01", "relu") for year in range(10, 99)]
    found = entries(Site("A"), revised("a", *days))
    assert len(found) == harvest.ENTRIES
    assert found[0].findtext(f"{{{ATOM}}}updated") == "2098-01-01T00:00:00Z"


def test_a_text_without_a_day_and_an_empty_archive_have_their_feed() -> None:
    assert len(entries(Site("A"), revised("a"))) == 1
    assert MOMENT.fullmatch(parsed(feed(Site("A"), (), BASE)).findtext(f"{{{ATOM}}}updated", ""))


def test_a_feed_hands_over_the_books_that_there_are() -> None:
    files = {"textes/a/a.epub": 5, "textes/a/a.txt": 1}
    read = feedparser.parse(feed(Site("A"), [revised("a")], BASE, files))
    (book,) = read.entries[0].enclosures
    assert book.href == f"{BASE}textes/a/a.epub"
    assert (book.type, book.length) == ("application/epub+zip", "5")


@examples(25)
@given(documents(), WORDS)
def test_any_words_make_a_sound_feed_and_a_sound_repository(
    document: d.Document, title: str
) -> None:
    site = Site(title, title, base_url=BASE)
    publication = published(document, site)
    found = entries(site, publication)
    assert publication.summary.title in [e.findtext(f"{{{ATOM}}}title") for e in found]
    news = max(1, len(document.meta.revisions))
    assert len(set(ids(found))) == len(found) == min(news, harvest.ENTRIES)
    root = parsed(oai(site, [publication], BASE)["oai.xml"])
    assert [e.text for e in root.iter(f"{{{DC}}}publisher")] == [title]


def test_hostile_titles_come_back_as_they_were() -> None:
    site = Site(HOSTILE, base_url=BASE)
    publication = replace(revised("a", title=HOSTILE), site=site)
    read = feedparser.parse(feed(site, [publication], BASE), sanitize_html=False)
    assert not read.bozo and read.feed.title == read.entries[0].title
    root = parsed(oai(site, [publication], BASE)["oai.xml"])
    assert root.findtext(f".//{{{DC}}}title") == HOSTILE
    assert root.findtext(f".//{{{OAI}}}repositoryName") == HOSTILE


# ---------------------------------------------------------------- sitemaps


def listed(data: bytes) -> list[tuple[str, str]]:
    found = [[child.text or "" for child in item] for item in parsed(data)]
    return [(item[0], item[1] if len(item) > 1 else "") for item in found]


def test_a_sitemap_has_every_page_and_the_days_that_are_known() -> None:
    pages = {"textes/a/index.html": "2026-11-21", "index.html": "", "é/x&y.html": ""}
    files = sitemap(pages, BASE)
    assert listed(files["sitemap.xml"]) == [
        (BASE, ""),
        (f"{BASE}textes/a/", "2026-11-21"),
        (f"{BASE}%C3%A9/x%26y.html", ""),
    ]
    assert [*files] == ["sitemap.xml"]
    assert parsed(files["sitemap.xml"]).tag == f"{{{SITEMAPS}}}urlset"
    assert listed(sitemap({}, BASE)["sitemap.xml"]) == []
    assert listed(sitemap({"a.html": ""}, f"{BASE}a&b/")["sitemap.xml"]) == [
        (f"{BASE}a&b/a.html", "")
    ]


def test_a_sitemap_that_is_too_long_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "URLS", 2)
    pages = {f"{n}.html": f"2026-01-0{n}" if n < 4 else "" for n in range(1, 6)}
    files = sitemap(pages, BASE)
    index = parsed(files["sitemap.xml"])
    assert index.tag == f"{{{SITEMAPS}}}sitemapindex"
    assert listed(files["sitemap.xml"]) == [
        (f"{BASE}sitemap-1.xml", "2026-01-02"),
        (f"{BASE}sitemap-2.xml", "2026-01-03"),
        (f"{BASE}sitemap-3.xml", ""),
    ]
    parts = [entry for n in (1, 2, 3) for entry in listed(files[f"sitemap-{n}.xml"])]
    assert parts == [(f"{BASE}{path}", day) for path, day in pages.items()]


# ---------------------------------------------------------------- Dublin Core


def values(publication: Publication, name: str) -> list[str]:
    return [value for element, value in dublin_core(publication) if element == name]


def test_dublin_core_says_what_is_known_and_no_more(
    publications: Mapping[str, Publication],
) -> None:
    for publication in publications.values():
        found = dublin_core(publication)
        assert {name for name, _ in found} <= set(ELEMENTS)
        assert all(value and value == value.strip() for _, value in found)
        assert len(found) == len(set(found))
        assert values(publication, "language") == ["fr"]
        assert values(publication, "title") and values(publication, "identifier")
        assert "Text" in values(publication, "type")
        assert any("statut inconnu" in words for words in values(publication, "rights"))
    lenine = publications["lenine-rapport-xie-congres-1922"]
    assert values(lenine, "creator") == ["Lénine"]
    assert values(lenine, "date") == ["1922-03-27"]
    assert {"Moscou", "1921/1922"} <= {*values(lenine, "coverage")}
    assert "NEP" in values(lenine, "subject") and "Moscou" not in values(lenine, "subject")
    assert values(publications["trotsky-lecons-octobre-1924"], "creator") == ["Trotsky, Léon"]
    proposed = publications["parti-communiste-1917-1921"]
    assert values(proposed, "creator") == []
    assert values(proposed, "title") == ["[Le Parti communiste russe de 1917 à 1921]"]
    assert any("attribution proposée" in s.lower() for s in values(proposed, "description"))
    assert values(publications["que-faire-parti-bolchevik-1917-1924"], "creator") == []
    assert values(publications["que-faire-parti-bolchevik-1917-1924"], "date") == ["[2005..]"]


def test_subjects_are_what_a_text_names_often(publications: Mapping[str, Publication]) -> None:
    for publication in publications.values():
        named = Counter(m.key for passage in publication.passages for m in passage.mentions)
        often = {e.name for k, e in publication.entries.items() if named[k] >= harvest.OFTEN}
        subjects = values(publication, "subject")
        assert subjects and often.issuperset(subjects) and len(subjects) <= harvest.MOST_NAMED


def test_a_probable_creator_is_said_to_be_probable() -> None:
    text = revised("a")
    who = d.Contributor(key="a", certainty="probable", ground="le ton")
    document = replace(text.document, meta=replace(text.meta, contributors=(who,)))
    assert values(published(document), "creator") == ["a (attribution probable)"]


def test_dublin_core_knows_the_address_where_there_is_one() -> None:
    there = published(revised("a").document, Site("A", base_url=BASE))
    assert values(there, "identifier") == [f"{BASE}textes/a/"]
    assert values(replace(there, reference="A, B."), "identifier")[1] == "A, B."
    (name,) = values(revised("a"), "identifier")
    assert name.startswith("urn:uuid:")


# ---------------------------------------------------------------- OAI-PMH


def children(element: Element | None) -> list[str]:
    assert element is not None
    return [child.tag.rpartition("}")[2] for child in element]


@pytest.mark.parametrize("base_url", [BASE, "http://127.0.0.1:8000/"])
def test_the_repository_is_as_its_schema_wants_it(
    publications: Mapping[str, Publication], base_url: str
) -> None:
    """static-repository.xsd and OAI-PMH-static-repository.xsd, read by a person."""
    site = next(iter(publications.values())).site
    root = parsed(oai(site, publications.values(), base_url)["oai.xml"])
    own = f"{{{OAI}static-repository}}"
    assert root.tag == f"{own}Repository"
    assert [child.tag.removeprefix(own) for child in root] == [
        "Identify",
        "ListMetadataFormats",
        "ListRecords",
    ]
    identify, formats, records = root
    assert {child.tag: child.text for child in identify}.keys() == {
        f"{{{OAI}}}{name}" for name in children(identify)
    }
    assert children(identify) == [
        "repositoryName",
        "baseURL",
        "protocolVersion",
        "adminEmail",
        "earliestDatestamp",
        "deletedRecord",
        "granularity",
    ]
    said = [child.text or "" for child in identify]
    assert said[1:3] == [f"{base_url}oai.xml", "2.0"] and said[5:] == ["no", "YYYY-MM-DD"]
    assert re.fullmatch(r"\S+@(\S+\.)+\S+", said[3])
    (only,) = formats
    assert [child.text for child in only] == ["oai_dc", f"{OAI}oai_dc.xsd", f"{OAI}oai_dc/"]
    assert records.get("metadataPrefix") == "oai_dc" and len(records) == len(publications)
    for record, publication in zip(records, publications.values(), strict=True):
        assert children(record) == ["header", "metadata"]
        header, (dc,) = record
        assert children(header) == ["identifier", "datestamp"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", header[1].text or "")
        assert (header[1].text or "") >= said[4]
        assert dc.tag == f"{{{OAI}oai_dc/}}dc"
        found = [(child.tag.removeprefix(f"{{{DC}}}"), child.text) for child in dc]
        assert found == dublin_core(publication)
    assert len({record[0][0].text for record in records}) == len(publications)


def test_records_have_identifiers_of_the_archive_s_domain() -> None:
    def identifier(base_url: str) -> str:
        root = parsed(oai(Site("A"), [revised("a")], base_url)["oai.xml"])
        return root.findtext(f".//{{{OAI}}}identifier", "")

    pattern = (
        r"oai:[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+:[a-zA-Z0-9\-_.!~*'();/?:@&=+$,%]+"
    )
    assert identifier(BASE) == "oai:exemple.fr:archives/parti/a"
    assert identifier("https://exemple.fr:8080/") == "oai:exemple.fr:a"
    assert re.fullmatch(pattern, identifier("https://exemple.fr/été/"))
    for nowhere in ("http://127.0.0.1:8000/", "http://localhost/"):
        assert identifier(nowhere).startswith("urn:uuid:")


def test_the_administrator_is_who_the_archive_says() -> None:
    def email(contact: str) -> str:
        root = parsed(oai(Site("A", contact=contact), [revised("a")], BASE)["oai.xml"])
        return root.findtext(f".//{{{OAI}}}adminEmail", "")

    assert email("mailto:archive@exemple.fr") == "archive@exemple.fr"
    assert email("mailto:archive@exemple.fr?subject=Erreur") == "archive@exemple.fr"
    assert email("https://exemple.fr/@archive.fr") == email("") == harvest.NO_ADDRESS


def test_there_is_no_repository_without_a_text_or_an_address() -> None:
    assert oai(Site("A"), [], BASE) == oai(Site("A"), [revised("a")], "") == {}
