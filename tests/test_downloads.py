"""What can be taken along: every format of every text, the zip, what is kept between builds."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from archive_site.cli.main import main
from archive_site.corpus import urls
from archive_site.edition.format import loads
from archive_site.exports import formats
from archive_site.exports.formats import FORMATS, OF_EVERY_SITE, Format, size
from archive_site.exports.publication import Publication
from archive_site.files.cache import Cache, cache_folder
from archive_site.files.fingerprints import fingerprint
from conftest import GOLDEN
from sites import load_corpus, site_of

TEXTS = ("discours-1905", "lettre-1906")
HOME = "https://exemple.fr/archive/"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the golden corpus."""
    return Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))


def made(root: Path, cache: Path | None = None, epoch: int | None = None) -> dict[str, bytes]:
    return site_of(root, exports=True, kept=cache, epoch=epoch)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of the golden corpus, with all that can be taken along."""
    return site_of(GOLDEN / "corpus", exports=True)


def page(site: dict[str, bytes], path: str) -> BeautifulSoup:
    return BeautifulSoup(site[path], "html.parser")


# ---------------------------------------------------------------- what there is


def test_each_text_is_there_in_each_format(small: dict[str, bytes]) -> None:
    starts = {
        "epub": b"PK\x03\x04",
        "pdf": b"%PDF-",
        "txt": b"",
        "md": b"---\nid: ",
        "xml": b"<?xml",
        "bib": b"@incollection{",
        "ris": b"TY  - ",
        "csl.json": b"[",
        "json": b"{",
        "png": b"\x89PNG",
    }
    assert {form.ending for form in FORMATS} == starts.keys() - {"png"}
    for text_id in TEXTS:
        for ending, start in starts.items():
            assert small[f"textes/{text_id}/{text_id}.{ending}"].startswith(start), ending
    for path in ("archive.zip", "archive.epub", "references.bib", "references.csl.json"):
        assert small[f"donnees/{path}"]


def test_markdown_is_the_edition(small: dict[str, bytes]) -> None:
    for text_id in TEXTS:
        edition = (GOLDEN / "corpus" / "editions" / f"{text_id}.md").read_text("utf-8")
        assert loads(small[urls.data_file(text_id, "md")].decode()) == loads(edition)


def test_the_page_of_downloads_offers_every_file_with_its_size(small: dict[str, bytes]) -> None:
    main_part = page(small, urls.DOWNLOADS).find("main")
    assert isinstance(main_part, Tag)
    offered = {str(a["href"]): a for a in main_part.find_all("a")}
    taken = [urls.archive_file("zip"), urls.archive_file("epub"), urls.FEED, urls.OAI]
    taken += [urls.data_file(i, form.ending) for i in TEXTS for form in FORMATS]
    taken += [path for path in small if path.startswith("data/")]
    for path in taken:
        link = offered[urls.relative(urls.DOWNLOADS, path)]
        told = link.find_next(class_="extent")
        assert isinstance(told, Tag)
        if path != urls.archive_file("zip"):
            assert told.get_text() == size(len(small[path])), path
    zipped = offered["archive.zip"].find_next(class_="extent")
    assert isinstance(zipped, Tag)
    # It says how large the zip file is without the page that says so.
    count, unit = zipped.get_text().split("\u00a0")
    assert unit == "ko" and 0 <= len(small["donnees/archive.zip"]) / 1000 - int(count) < 6


def test_a_text_s_page_offers_its_own(small: dict[str, bytes]) -> None:
    hrefs = [str(a["href"]) for a in page(small, urls.text_page(TEXTS[0])).select(".offers a")]
    assert hrefs == [f"{TEXTS[0]}.{form.ending}" for form in FORMATS]


def test_the_zip_is_the_site(small: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(small["donnees/archive.zip"])) as zipped:
        assert zipped.testzip() is None
        names = zipped.namelist()
        (folder,) = {name.split("/")[0] for name in names}
        held = {name.removeprefix(f"{folder}/"): zipped.read(name) for name in names}
    assert held.pop("LISEZ-MOI.txt")
    assert held == {path: data for path, data in small.items() if path != "donnees/archive.zip"}


def test_two_builds_are_the_same_bytes(small: dict[str, bytes]) -> None:
    again = site_of(GOLDEN / "corpus", exports=True)
    assert {path for path in small if small[path] != again[path]} == set()


def test_an_epoch_dates_what_has_a_date(root: Path) -> None:
    site = made(root, epoch=86_400 * 365 * 40)
    with zipfile.ZipFile(io.BytesIO(site["donnees/archive.zip"])) as zipped:
        assert {entry.date_time[:3] for entry in zipped.infolist()} == {(2009, 12, 22)}
    assert b"D:20091222" in site[urls.data_file(TEXTS[0], "pdf")]


# ---------------------------------------------------------------- what tools read in a page


def test_pages_tell_tools_what_they_are(root: Path) -> None:
    site = made(root)
    text = page(site, urls.text_page(TEXTS[0]))
    address = f"{HOME}textes/{TEXTS[0]}/"

    def said(name: str) -> list[str]:
        found = text.find_all("meta", attrs={"name": name}) + text.find_all(
            "meta", attrs={"property": name}
        )
        return [str(tag["content"]) for tag in found]

    canonical = text.find("link", rel="canonical")
    assert isinstance(canonical, Tag) and canonical["href"] == address
    assert said("citation_title") == ["Le discours"]
    assert said("citation_author") == []  # a mere proposal is no author
    assert said("citation_publication_date") == ["1905/05/03"]
    assert said("citation_pdf_url") == [f"{address}{TEXTS[0]}.pdf"]
    assert said("DC.date") == ["1905-05-03"]
    assert said("DC.creator") == []
    assert said("og:image") == [f"{address}{TEXTS[0]}.png"]
    assert site[urls.data_file(TEXTS[0], "png")][16:24] == b"\0\0\x04\xb0\0\0\x02\x76"  # 1200, 630
    coins = text.find(class_="Z3988")
    assert isinstance(coins, Tag) and "rft.atitle=Le+discours" in str(coins["title"])
    script = text.find("script", type="application/ld+json")
    assert isinstance(script, Tag)
    data = json.loads(script.string or "")
    assert data["@type"] == "CreativeWork" and data["genre"] == "Discours"
    witness = (root / "witnesses" / f"{TEXTS[0]}.txt").read_bytes()
    assert data["isBasedOn"]["identifier"]["value"] == hashlib.sha256(witness).hexdigest()
    assert {file["encodingFormat"] for file in data["encoding"]} == {
        form.media_type for form in FORMATS
    }
    assert "author" not in data


def test_other_pages_have_a_picture_too(root: Path) -> None:
    site = made(root)
    home = page(site, urls.HOME)
    picture = home.find("meta", property="og:image")
    assert isinstance(picture, Tag) and picture["content"] == f"{HOME}{urls.PREVIEW}"
    feed = home.find("link", rel="alternate")
    assert isinstance(feed, Tag) and feed["href"] == "feed.xml"


# ---------------------------------------------------------------- what is kept


@pytest.mark.slow
def test_only_a_changed_text_s_files_are_made_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(form: Format) -> Format:
        def make(publication: Publication, own: Path | None) -> bytes:
            asked.append(f"{publication.meta.id}.{form.ending}")
            return form.make(publication, own)

        return Format(form.ending, form.media_type, make)

    monkeypatch.setattr(formats, "FORMATS", tuple(map(counted, FORMATS)))
    cache = tmp_path / "cache"
    before = made(root, cache)
    assert len(asked) == (len(FORMATS) - len(OF_EVERY_SITE)) * len(TEXTS)
    asked.clear()
    assert made(root, cache) == before
    assert asked == []
    edition = root / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Rien.", "Rien du tout."), "utf-8")
    after = made(root, cache)
    assert {name.split(".")[0] for name in asked} == {"lettre-1906"}
    assert after == made(root)
    assert after[urls.data_file(TEXTS[0], "pdf")] == before[urls.data_file(TEXTS[0], "pdf")]


@pytest.mark.slow
def test_what_is_named_in_a_text_is_what_its_files_depend_on(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = made(root, cache)
    people = root / "people.yaml"
    text = people.read_text("utf-8")
    assert "name: Jeanne Durand" in text
    people.write_text(text.replace("name: Jeanne Durand", "name: Jeanne Durant"), "utf-8")
    after = made(root, cache)
    assert after == made(root)
    assert after[urls.data_file(TEXTS[0], "xml")] != before[urls.data_file(TEXTS[0], "xml")]


def test_the_cache_forgets_what_is_of_no_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.made("a-pdf", lambda: b"one") == b"one"
    assert cache.made("a-pdf", lambda: b"other") == b"one"
    assert len(list((tmp_path / "cache").iterdir())) == 1
    later = Cache(tmp_path / "cache")
    later.made("b-pdf", lambda: b"two")
    later.tidy({"b"})
    assert Cache(tmp_path / "cache").made("a-pdf", lambda: b"new") == b"new"
    assert Cache(tmp_path / "cache").made("b-pdf", lambda: b"new") == b"two"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    cache = Cache(tmp_path / "cache")
    assert cache.made("a", lambda: b"one") == b"one"
    cache.tidy(())


def test_code_that_changed_makes_all_anew(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    before = fingerprint(tmp_path)
    (tmp_path / "a.py").write_text("2")
    changed = fingerprint(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({before, changed, fingerprint(tmp_path)}) == 3


# ---------------------------------------------------------------- by the command


def test_no_exports_leaves_them_out(root: Path, tmp_path: Path) -> None:
    assert main(["build", str(root), "-o", str(tmp_path / "site"), "--no-exports"]) == 0
    endings = {path.suffix for path in (tmp_path / "site").rglob("*")}
    assert not endings & {".epub", ".pdf", ".zip", ".bib", ".png"}
    assert ".json" in endings
    text = (tmp_path / "site" / urls.text_page(TEXTS[0])).read_text("utf-8")
    assert "citer_le_texte" in text
    offered = BeautifulSoup(text, "html.parser").select(".offers a")
    assert [str(a["href"]) for a in offered] == [f"{TEXTS[0]}.json"]
    assert not (cache_folder(tmp_path / "site") / "exports").exists()


def test_build_keeps_what_it_made(root: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "site")
    assert main(["build", str(root), "-o", out]) == 0
    kept = {path.name for path in cache_folder(tmp_path / "site").rglob("*")}
    assert kept
    assert main(["build", str(root), "-o", out]) == 0
    assert {path.name for path in cache_folder(tmp_path / "site").rglob("*")} == kept


def test_a_missing_tool_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["build", str(root), "-o", str(tmp_path / "site")]) == 1
    said = capsys.readouterr().err
    assert re.search(r"pip install '?typst", said) and "Traceback" not in said
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("epoch", ["soon", "-1", "1.5", "9" * 30])
def test_a_wrong_epoch_is_told(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    epoch: str,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert main(["build", str(root), "-o", str(tmp_path / "site")]) == 1
    assert "SOURCE_DATE_EPOCH must be a number of seconds" in capsys.readouterr().err


def test_a_damaged_file_of_the_cache_is_made_again(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = made(root, cache)
    for n, path in enumerate(sorted(cache.iterdir())):
        path.write_bytes(path.read_bytes()[: n * 10])
    assert made(root, cache) == before


def test_a_file_depends_on_what_an_entry_named_names(root: Path, tmp_path: Path) -> None:
    """A place of an event that a text names stands in its TEI, too."""
    events = root / "events.yaml"
    events.write_text(events.read_text("utf-8").replace("place: paris", "place: lyon"), "utf-8")
    places = root / "places.yaml"
    places.write_text(places.read_text("utf-8") + "\nlyon:\n  name: Lyon\n", "utf-8")
    cache = tmp_path / "cache"
    before = made(root, cache)[urls.data_file(TEXTS[0], "xml")]
    places.write_text(places.read_text("utf-8").replace("Lyon", "Lugdunum"), "utf-8")
    after = made(root, cache)[urls.data_file(TEXTS[0], "xml")]
    assert b"Lyon" in before and b"Lugdunum" in after


@pytest.mark.parametrize("epoch", [0, 5_000_000_000, 99_999_999_999])
def test_a_far_moment_is_one_that_files_can_say(root: Path, epoch: int) -> None:
    with zipfile.ZipFile(io.BytesIO(made(root, epoch=epoch)["donnees/archive.zip"])) as zipped:
        assert {entry.date_time[0] for entry in zipped.infolist()} == {1980 if not epoch else 2107}


@pytest.mark.parametrize("day", ["1975-01-02", "2200-01-02"])
def test_a_far_revision_is_one_that_files_can_say(root: Path, day: str) -> None:
    edition = root / "editions" / "lettre-1906.md"
    text = edition.read_text("utf-8")
    edition.write_text(
        text.replace("status: draft", f"status: draft\nrevisions:\n- {{date: '{day}', what: x}}"),
        "utf-8",
    )
    assert made(root)["donnees/archive.zip"]


@pytest.mark.parametrize("url", ["https://", "https://a.fr/?q=", "https://a.fr/#x", "ftp://a.fr"])
def test_an_address_that_is_none_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    site = root / "site.yaml"
    site.write_text(site.read_text("utf-8").replace(HOME, url), "utf-8")
    assert main(["build", str(root), "-o", str(tmp_path / "site")]) == 1
    assert "E015 base_url must be https:// or http://, a host and a path" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["build", str(root), "-o", str(tmp_path / "site"), "--base-url", url])


def test_an_address_needs_no_last_slash(root: Path) -> None:
    site = root / "site.yaml"
    site.write_text(site.read_text("utf-8").replace(HOME, HOME.rstrip("/")), "utf-8")
    assert load_corpus(root)[0].site.base_url == HOME


def test_linked_data_call_a_page_the_same_everywhere(root: Path) -> None:
    site = made(root)

    def data(path: str) -> dict[str, Any]:
        script = page(site, path).find("script", type="application/ld+json")
        assert isinstance(script, Tag)
        return dict(json.loads(script.string or ""))

    text, person = data(urls.text_page(TEXTS[0])), data("personnes/durand/index.html")
    assert person["@id"] in [entry["@id"] for entry in text["mentions"]]
    assert text["@id"] in [other["@id"] for other in person["subjectOf"]]
    assert text["isPartOf"]["@id"] == data(urls.HOME)["@id"]
    assert text["creditText"].startswith("[AUTEUR NON NOMMÉ")


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("epub/title.xhtml", b"\n{{ nothing }}", r"title\.xhtml:2: UndefinedError"),
        ("epub/title.xhtml", b"{% if %}", r"title\.xhtml:1: TemplateSyntaxError"),
        ("book.typ", b"#let x = \xe9", r"book\.typ:1: must be UTF-8"),
        ("book.typ", b"#let book(", r"(discours-1905|lettre-1906): book\.typ"),
        ("card.typ", b"#nothing", r"card\.typ"),
        ("citations/10-iso-690.csl", b"\xff", r"must be a citation style"),
    ],
)
def test_a_faulty_template_of_ones_own_is_told(
    root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    written: bytes,
    told: str,
) -> None:
    own = tmp_path / "own" / name
    own.parent.mkdir(parents=True)
    own.write_bytes(written)
    out = ["-o", str(tmp_path / "site"), "--templates", str(tmp_path / "own")]
    assert main(["build", str(root), *out]) == 1
    said = capsys.readouterr().err
    assert re.search(told, said) and "Traceback" not in said, said
    assert not (tmp_path / "site").exists()
