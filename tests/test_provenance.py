"""Who, from where, under which rights: contributors, source, original, licences, identifiers and
kinds of texts, on the page and in every format."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parse_bibtex
from bs4 import BeautifulSoup
from pypdf import PdfReader

from archive_site.corpus.contributors import credited, sure
from archive_site.corpus.provenance import original_in_words, source_in_words
from archive_site.edition.identifiers import SCHEMES, address_of
from archive_site.edition.licenses import STATEMENTS, license_of
from archive_site.interface import RIGHTS_LAYERS, ROLES
from archive_site.interface import STATEMENTS as STATEMENTS_IN_FRENCH
from archive_site.text.document import (
    RELATORS,
    Block,
    Claim,
    Contributor,
    Document,
    Meta,
    Original,
    Source,
    Text,
)
from archive_site.text.typography import NBSP
from conftest import GOLDEN
from published import published
from sites import changed_copy, site_of

LEAFLET, BYLAW, SESSION = "adresse-1920", "decret-1919", "seance-1911"
PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain/mark/1.0/"
ORPHAN = "https://rightsstatements.org/vocab/InC-RUU/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def file(kinds: dict[str, bytes], text_id: str, ending: str) -> bytes:
    return kinds[f"textes/{text_id}/{text_id}.{ending}"]


def page(kinds: dict[str, bytes], text_id: str) -> BeautifulSoup:
    return BeautifulSoup(kinds[f"textes/{text_id}/index.html"], "html.parser")


def record(kinds: dict[str, bytes], text_id: str) -> list[tuple[str, str]]:
    """The rows of the metadata table of a page."""
    rows = page(kinds, text_id).select(".record dl > div")
    cells = ([plain(part.get_text()) for part in row.select("dt, dd")] for row in rows)
    return [(name, words) for name, words in cells]


def plain(words: str) -> str:
    return " ".join(words.split())


def linked_data(kinds: dict[str, bytes], text_id: str) -> dict[str, Any]:
    script = page(kinds, text_id).select_one("script[type='application/ld+json']")
    assert script
    data: dict[str, Any] = json.loads(script.get_text())
    return data


# ---------------------------------------------------------------- on the page


def test_the_page_says_who_translated_it(kinds: dict[str, bytes]) -> None:
    origin = page(kinds, LEAFLET).select_one(".origin")
    assert origin and "traduction : Henri Girard et Anna Weiss" in plain(origin.get_text())
    byline = page(kinds, LEAFLET).select_one(".byline")
    assert byline and byline.get_text() == "Paul Delmas"
    rows = dict(record(kinds, LEAFLET))
    assert rows["Traduction"].startswith("Henri Girard (attribution probable) et Anna Weiss")
    assert rows["Original"] == "An die Rheinschiffer (allemand, avril 1920), feuille volante"
    assert "relevé le 3 mai 2024" in rows["Source"]


def test_several_have_one_text(kinds: dict[str, bytes]) -> None:
    rows = dict(record(kinds, BYLAW))
    assert rows["Autorité émettrice"] == "Conseil municipal de Valmont"
    assert rows["Signataire"].startswith("Émile Bresson")
    assert rows["Source"] == (
        "Archives municipales de Valmont, 1 D 14, f. 33 v° ; relevé le 3 mai 2024 par Jeanne Morel"
    )
    kind = page(kinds, BYLAW).select_one(".entry-kind")
    assert kind and kind.get_text() == "Arrêté municipal"


def test_a_source_of_the_bibliography_is_given_whole(kinds: dict[str, bytes]) -> None:
    rows = dict(record(kinds, "lettre-1913"))
    assert rows["Source"].startswith("Registre des délibérations")
    assert "f. 12" in rows["Source"] and "relevé par Jeanne Morel" in rows["Source"]
    for ending in ("txt", "xml"):
        assert "registre" in file(kinds, "lettre-1913", ending).decode().lower()
    work = BeautifulSoup(kinds["bibliographie/index.html"], "html.parser").select_one("#registre")
    assert work and "Lettre à Émile Bresson : source, § 3" in plain(work.get_text())


def test_the_page_links_licences_and_identifiers(kinds: dict[str, bytes]) -> None:
    links = {a["href"] for a in page(kinds, LEAFLET).select(".record a")}
    assert links >= {PUBLIC_DOMAIN, ORPHAN, CC_BY}
    assert links >= {"https://doi.org/10.5281/zenodo.1234567"}
    assert links >= {"https://n2t.net/ark:/12148/bpt6k5602345"}
    rows = record(kinds, LEAFLET)
    assert ("Droits : texte", f"mort en 1931 ; Public Domain Mark 1.0, {PUBLIC_DOMAIN}") in rows


# ---------------------------------------------------------------- in the formats


def test_every_reference_names_the_translator(kinds: dict[str, bytes]) -> None:
    (item,) = json.loads(file(kinds, LEAFLET, "csl.json"))
    assert item["translator"][1] == {"family": "Weiss", "given": "Anna"}
    assert item["original-title"] == "An die Rheinschiffer" and item["DOI"].startswith("10.")
    (entry,) = parse_bibtex(file(kinds, LEAFLET, "bib").decode()).entries
    assert entry["translator"] == "Girard, Henri and Weiss, Anna"
    assert entry["origlanguage"] == "de" and entry["doi"] == item["DOI"]
    (ris,) = rispy.loads(file(kinds, LEAFLET, "ris").decode())
    assert ris["quaternary_authors" if "quaternary_authors" in ris else "subsidiary_authors"] == [
        "Girard, Henri",
        "Weiss, Anna",
    ]
    for cited in page(kinds, LEAFLET).select(".citation"):
        said = "trad. par Henri Girard (attribution probable) et Anna Weiss"
        assert said in plain(cited.get_text())


def test_the_place_of_a_text_is_not_that_of_a_publisher(kinds: dict[str, bytes]) -> None:
    (item,) = json.loads(file(kinds, BYLAW, "csl.json"))
    assert item["event-place"] == "Valmont" and "publisher-place" not in item
    assert item["archive"] == "Archives municipales de Valmont"
    assert item["archive_location"] == "1 D 14"
    assert item["author"][0] == {"literal": "Conseil municipal de Valmont"}
    (entry,) = parse_bibtex(file(kinds, BYLAW, "bib").decode()).entries
    assert entry["venue"] == "Valmont" and "address" not in entry and "location" not in entry
    assert entry["author"] == "{Conseil municipal de Valmont} and Bresson, Émile"
    (ris,) = rispy.loads(file(kinds, BYLAW, "ris").decode())
    assert "place_published" not in ris and "Lieu : Valmont" in ris["notes"]
    coins = page(kinds, BYLAW).select_one(".Z3988")
    assert coins and "rft.place" not in str(coins["title"])


def test_linked_data_has_people_rights_and_identifiers(kinds: dict[str, bytes]) -> None:
    data = linked_data(kinds, LEAFLET)
    assert [who["name"] for who in data["translator"]] == ["Henri Girard", "Anna Weiss"]
    assert data["license"] == [PUBLIC_DOMAIN, ORPHAN, CC_BY]
    assert data["translationOfWork"]["inLanguage"] == "de"
    assert {"@type": "PropertyValue", "propertyID": "wikidata", "value": "Q1234567"} in data[
        "identifier"
    ]
    assert "https://www.wikidata.org/wiki/Q1234567" in data["sameAs"]


def test_books_and_harvesters_name_them(kinds: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(file(kinds, LEAFLET, "epub"))) as book:
        package = next(name for name in book.namelist() if name.endswith(".opf"))
        root = ElementTree.fromstring(book.read(package))
        about = next(name for name in book.namelist() if name.endswith("edition.xhtml"))
        assert PUBLIC_DOMAIN in book.read(about).decode()
    dc = "{http://purl.org/dc/elements/1.1/}"
    assert [e.text for e in root.iter(f"{dc}contributor")] == ["Henri Girard", "Anna Weiss"]
    roles = [e.text for e in root.iter() if e.get("property") == "role"]
    assert roles == ["aut", "trl", "trl"]
    tags = {
        (str(tag["name"]), str(tag["content"])) for tag in page(kinds, LEAFLET).select("meta[name]")
    }
    assert ("DC.contributor", "Weiss, Anna (traduction)") in tags
    assert ("DC.rights", CC_BY) in tags
    assert ("DC.identifier", "https://doi.org/10.5281/zenodo.1234567") in tags
    licences = re.findall(r'<link rel="license" href="([^"]*)"', kinds["feed.xml"].decode())
    assert licences == [PUBLIC_DOMAIN, ORPHAN, CC_BY]


def test_a_proposed_translator_is_not_named_as_the_translator() -> None:
    who = [
        Contributor("translator", "", "Anna Weiss", "proposed", "le style"),
        Contributor("translator", "", "Paul Roux", "stated"),
    ]
    text = published(
        Document(
            Meta("t", Claim("T", "stated"), "essay", tuple(who)),
            (Block("paragraph", (Text("Mot."),)),),
        )
    )
    assert plain(text.summary.credit) == "traduction : Paul Roux"
    assert "attribution proposée : Anna Weiss" in plain(text.summary.people[1].certainty)


def test_title_pages_name_the_translator(kinds: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(file(kinds, LEAFLET, "epub"))) as book:
        title = book.read(f"EPUB/{LEAFLET}-titre.xhtml").decode()
    credit = "traduction : Henri Girard et Anna Weiss"
    assert credit in plain(BeautifulSoup(title, "html.parser").get_text())
    first = PdfReader(BytesIO(file(kinds, LEAFLET, "pdf"))).pages[0].extract_text()
    assert credit in plain(first)


def test_the_json_has_every_field(kinds: dict[str, bytes]) -> None:
    data = json.loads(file(kinds, LEAFLET, "json"))
    assert [who["relator"] for who in data["contributors"]] == ["aut", "trl", "trl"]
    assert data["provenance"]["url"] == "https://exemple.fr/batelier/12"
    assert data["original"]["edition"] == "feuille volante"
    assert data["license"]["edition"] == "CC-BY-4.0"
    session = json.loads(file(kinds, SESSION, "json"))
    assert session["creator"] is None and session["role"] == "speaker"
    assert session["contributors"][1]["name"] == "Antoine Roche"


# ---------------------------------------------------------------- words and forms


def test_every_role_and_statement_has_its_words() -> None:
    assert [*ROLES] == [*RELATORS]
    assert [*STATEMENTS_IN_FRENCH] == [*STATEMENTS]
    assert {*RIGHTS_LAYERS} == {"author", "translation", "notes", "edition"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source("Un tiré à part."), "Un tiré à part."),
        (
            Source(edition="Le Cri, 1668.", pages="12", note="Un don."),
            "Le Cri, 1668, p. 12 ; Un don.",
        ),
        (Source(edition="Le Pont", pages="3-4"), "Le Pont, p. 3-4"),
        (Source(edition="Le Pont", pages="col. 3"), "Le Pont, col. 3"),
        (Source(repository="BnF", shelf_mark="8-Z-1", pages="[12]"), "BnF, 8-Z-1, [12]"),
        (Source(url="https://a.fr/b"), "https://a.fr/b"),
        (Source(url="https://a.fr/b", by="A. B."), "https://a.fr/b (relevé par A. B.)"),
        (Source(taken="2024-05"), "relevé en mai 2024"),
    ],
)
def test_a_source_is_told_in_words(source: Source, words: str) -> None:
    assert plain(source_in_words(source)) == words


def test_an_original_is_told_in_words() -> None:
    assert original_in_words(Original()) == ""
    assert original_in_words(Original("Dekret", "ru")) == "Dekret (russe)"
    assert original_in_words(Original(language="xx", date="1917")) == "(xx, 1917)"
    assert original_in_words(Original("A", edition="B, t. 2")).replace(NBSP, " ") == "A, B, t. 2"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("CC-BY-4.0", "CC BY 4.0", CC_BY),
        ("cc-by-sa-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (
            "http://creativecommons.org/licenses/by-nc-nd/3.0/fr/deed.fr",
            "CC BY-NC-ND 3.0 FR",
            "https://creativecommons.org/licenses/by-nc-nd/3.0/fr/",
        ),
        (
            "https://rightsstatements.org/page/InC/1.0/?language=fr",
            "InC",
            ORPHAN.replace("-RUU", ""),
        ),
        ("etalab-2.0", "etalab-2.0", "https://spdx.org/licenses/etalab-2.0.html"),
    ],
)
def test_a_licence_is_known_by_its_identifier_or_address(
    text: str, name: str, address: str
) -> None:
    assert license_of(text) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "libre",
        "CC-BY",
        "MIT OR CC0-1.0",
        "LicenseRef-a",
        "https://exemple.fr/",
        "(",
        "CC BY 4.0",
    ],
)
def test_what_is_no_licence_is_none(text: str) -> None:
    assert license_of(text) is None


def test_every_identifier_has_an_example_of_its_form() -> None:
    for scheme, known in SCHEMES.items():
        assert known.form.fullmatch(known.example), scheme
        assert address_of(scheme, known.example).startswith("https://") or not known.address


@pytest.mark.parametrize(
    ("written", "name", "parts"),
    [
        ("Aubin, Louise", "Louise Aubin", ("Aubin", "Louise")),
        ("Alembert, Jean d’", "Jean d’Alembert", ("Alembert", "Jean d’")),
        ("N. B.", "N. B.", ("N. B.", "")),
    ],
)
def test_a_name_without_an_entry_is_divided_at_its_comma(
    written: str, name: str, parts: tuple[str, str]
) -> None:
    meta = Meta("t", Claim("T", "stated"), "essay", (Contributor("author", "", written, "stated"),))
    (who,) = credited(meta, {})
    assert (who.name, who.parts) == (name, parts)


def test_one_who_is_author_and_signatory_is_cited_once() -> None:
    both = [Contributor(role, "", "N. B.", "stated") for role in ("author", "signatory", "editor")]
    meta = Meta("t", Claim("T", "stated"), "essay", tuple(both))
    assert [who.role for who in sure(meta, {})] == ["author"]
    assert [who.role for who in sure(meta, {}, ("editor",))] == ["editor"]


# ---------------------------------------------------------------- kinds of an archive


def test_an_archive_has_its_own_kinds(tmp_path: Path) -> None:
    root = changed_copy(
        GOLDEN / "corpus",
        tmp_path,
        "site.yaml",
        "title:",
        "kinds: {placard: Placard mural}\ntitle:",
    )
    letter = root / "editions" / "lettre-1906.md"
    letter.write_text(letter.read_text("utf-8").replace("kind: letter", "kind: placard"), "utf-8")
    pages = site_of(root)
    assert b"Placard mural" in pages["textes/lettre-1906/index.html"]
    assert b"Placard mural" in pages["index.html"]
