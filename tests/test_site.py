"""The finished site, read back: links, ids, notes, what it must and must not have."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from archive_site.corpus import urls
from archive_site.model.site_model import File
from archive_site.site.check import read_back
from archive_site.text.dates import in_french
from archive_site.text.typography import NBSP
from conftest import GOLDEN, INDEXES, pages_to_look_at
from sites import Corpus, check_site, site_of

Soups = dict[str, BeautifulSoup]


@pytest.fixture(scope="module")
def pages(site: dict[str, bytes]) -> Soups:
    return {
        path: BeautifulSoup(data, "html.parser")
        for path, data in site.items()
        if path.endswith(".html")
    }


def texts(pages: Soups) -> Soups:
    return {path: soup for path, soup in pages.items() if path.startswith("textes/")}


def test_the_paths_that_others_rely_on(site: dict[str, bytes], corpus: Corpus) -> None:
    expected = {"index.html", "404.html", "sitemap.xml", "robots.txt", ".nojekyll"}
    expected |= {f"textes/{edition.id}/index.html" for edition in corpus.editions}
    expected |= {"a-propos/index.html", "data/SHA256SUMS", "data/people.yaml"}
    expected |= {f"data/witnesses/{edition.id}.txt" for edition in corpus.editions}
    assert expected <= set(site)


def test_every_link_and_anchor_is_there(site: dict[str, bytes], pages: Soups) -> None:
    ids = {path: [str(tag["id"]) for tag in soup.find_all(id=True)] for path, soup in pages.items()}
    for path, found in ids.items():
        assert len(found) == len(set(found)), path
    for path, soup in pages.items():
        for tag in soup.find_all(True):
            for name in ("href", "src"):
                target = tag.get(name)
                if not isinstance(target, str) or urlsplit(target).scheme:
                    continue
                assert not target.startswith("/"), (path, target)
                parts = urlsplit(target)
                assert not parts.query
                there = str(_joined(PurePosixPath(path).parent, unquote(parts.path)))
                there = there if parts.path else path
                assert there in site, (path, target)
                if parts.fragment:
                    assert unquote(parts.fragment) in ids[there], (path, target)


def _joined(folder: PurePosixPath, relative: str) -> PurePosixPath:
    parts: list[str] = []
    for part in (folder / relative).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def test_our_own_check_finds_what_is_broken(site: dict[str, bytes]) -> None:
    assert list(check_site(site)) == []
    page = site["index.html"]
    broken = {
        "E041": page.replace(b'href="a-propos/index.html"', b'href="apropos/index.html"'),
        "E040": page.replace(b'id="les-textes"', b'id="contenu"'),
        "E042": page.replace(b"</head>", b'<script src="https://x.fr/a.js"></script></head>'),
    }
    for code, data in broken.items():
        assert data != page
        assert code in {f.code for f in check_site({**site, "index.html": data})}
    anchor = page.replace(b'href="#contenu"', b'href="#nulle-part"')
    assert "E041" in {f.code for f in check_site({**site, "index.html": anchor})}


def test_our_own_reading_back_finds_what_is_lost(site: dict[str, bytes]) -> None:
    assert list(read_back(site)) == []
    path = "textes/trotsky-lecons-octobre-1924/index.html"
    page = site[path]
    for old, new in (
        (b'<main id="contenu"', b'<div id="contenu"'),
        (b'role="doc-backlink" href="#appel-1"', b'href="#appel-1"'),
        (b'role="doc-noteref" id="appel-1"', b'id="appel-1"'),
        (b'<li id="note-1"', b"<li"),
    ):
        assert old in page
        lost = {path: page.replace(old, new)}
        assert {f.code for f in read_back(lost)} == {"E043"}


def test_the_reading_page_keeps_its_roles(pages: Soups, corpus: Corpus) -> None:
    for edition in corpus.editions:
        soup = pages[f"textes/{edition.id}/index.html"]
        assert len(soup.find_all("main")) == 1
        article = soup.find_all("article")
        assert len(article) == 1
        assert article[0]["lang"] == "fr"
        assert len(soup.find_all("h1")) == 1
        ids = {tag["id"] for tag in soup.find_all(id=True)}
        assert all(block.id in ids for block in edition.document.blocks)
        for note in edition.document.notes:
            call = soup.find(id=f"appel-{note.label}")
            assert isinstance(call, Tag)
            assert call["role"] == "doc-noteref"
            assert call["href"] == f"#note-{note.label}"
            body = soup.find(id=f"note-{note.label}")
            assert isinstance(body, Tag)
            assert body.find_parent(role="doc-endnotes")
            back = body.find(role="doc-backlink")
            assert isinstance(back, Tag)
            assert back["href"] == f"#appel-{note.label}"


def test_headings_go_down_by_one(pages: Soups) -> None:
    for path, soup in pages.items():
        levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
        body = [level for level in levels if level]
        assert body.count(1) == 1, path
        for above, below in pairwise(body):
            assert below <= above + 1 or above == 2, (path, body)


def test_every_page_says_what_it_is(pages: Soups) -> None:
    titles = []
    for path, soup in pages.items():
        assert soup.html is not None
        assert soup.html["lang"] == "fr", path
        assert soup.title is not None
        titles.append(soup.title.text)
        description = soup.find("meta", attrs={"name": "description"})
        assert isinstance(description, Tag)
        assert description["content"]
        boot, script, *data = soup.find_all("script")
        for tag in data:  # what the page says to machines, or a script of the search
            if "type" in tag.attrs:
                assert tag["type"] in ("application/ld+json", "application/json"), path
            else:
                assert "/static/" in str(tag["src"]) and tag.has_attr("defer"), path
                assert path in (urls.SEARCH, urls.CONCORDANCE)
        assert str(script["src"]).endswith("static/archive.js"), path
        assert script.has_attr("defer") and not script.string
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        digest = base64.b64encode(hashlib.sha256(str(boot.string).encode()).digest()).decode()
        assert isinstance(policy, Tag) and f"'sha256-{digest}'" in str(policy["content"])
    assert len(set(titles)) == len(titles)


RAW = ("q", "del", "code")  # the witness as it was typed


def test_no_space_may_leave_a_sign_alone_on_a_line(pages: Soups) -> None:
    for path, soup in texts(pages).items():
        for block in soup.select(".body p, .body li, .notes p"):
            words = "".join(s for s in block.strings if s.parent and s.parent.name not in RAW)
            assert not re.search(r"\w [;:!?»](?!\w)", words), (path, words[:80])
            assert not re.search(r"« \w", words), (path, words[:80])
            assert "'" not in re.sub(r"[\s(]'|'[\s)]", "", words), (path, words[:80])


def test_the_home_page_lists_the_texts(pages: Soups, corpus: Corpus) -> None:
    entries = pages["index.html"].select(".entry")
    assert len(entries) == len(corpus.editions)
    first = entries[0].get_text(" ", strip=True)
    for words in (
        "[Le Parti communiste russe de 1917 à 1921]",
        "attribution proposée",
        "vers novembre 1921",
        "mots",
        "de lecture",
        "Au début de 1917, notre Parti était numériquement faible.",
    ):
        assert words in first.replace("\xa0", " ")


def test_dates_and_titles_say_how_surely_they_are_known(pages: Soups) -> None:
    def head(text_id: str) -> str:
        header = pages[f"textes/{text_id}/index.html"].select_one(".text-head")
        assert header is not None
        return header.get_text(" ", strip=True).replace("\xa0", " ")

    assert "en 2005 ou après" in head("que-faire-parti-bolchevik-1917-1924")
    assert "Auteur inconnu" in head("que-faire-parti-bolchevik-1917-1924")
    assert "10-11 février 1926" in head("boukharine-leningrad-1926")
    assert "[Les leçons d’Octobre]" in head("trotsky-lecons-octobre-1924")
    assert "27 mars 1922" in head("lenine-rapport-xie-congres-1922")


def test_missing_text_is_said_to_be_missing(pages: Soups) -> None:
    note = pages["textes/boukharine-leningrad-1926/index.html"].find(id="note-19")
    assert isinstance(note, Tag)
    assert "manque" in note.get_text()


def test_the_sitemap_has_every_page(site: dict[str, bytes], pages: Soups) -> None:
    urls = re.findall(r"<loc>http://127\.0\.0\.1:8000/(.*?)</loc>", site["sitemap.xml"].decode())
    found = {f"{url}index.html" if not url.endswith(".html") else url for url in urls}
    assert found == set(pages) - {"404.html"}


def test_a_base_url_gives_canonical_links() -> None:
    made = site_of(GOLDEN / "corpus", base_url="https://a.github.io/depot/")
    page = BeautifulSoup(made["textes/discours-1905/index.html"], "html.parser")
    link = page.find("link", rel="canonical")
    assert isinstance(link, Tag)
    assert link["href"] == "https://a.github.io/depot/textes/discours-1905/"
    missing = BeautifulSoup(made["404.html"], "html.parser")
    style = missing.find("link", rel="stylesheet")
    assert isinstance(style, Tag)
    assert style["href"] == "/depot/static/style.css"


def test_the_data_can_be_checked(site: dict[str, bytes]) -> None:
    for line in site["data/SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(site[f"data/{name}"]).hexdigest() == digest


def test_the_browser_is_shown_every_page_but_entries(pages: Soups, corpus: Corpus) -> None:
    entries = {urls.entry_page(entry) for entry in corpus.entries.values()}
    days = {path for path in pages if re.fullmatch(r"chronologie/\d{4}/index\.html", path)}
    shown = set(pages_to_look_at())
    assert shown <= set(pages)
    assert set(pages) - entries - days <= shown
    assert {path.split("/")[0] for path in shown & entries} == {*INDEXES} - {"reseau"}
    assert shown & days


def test_pages_name_the_version_of_what_they_show(
    site: dict[str, bytes], pages: Soups, corpus: Corpus
) -> None:
    """The corpus's where they are about all of it, the text's on a text's; others change only with
    what they show."""
    version = hashlib.sha256(site["data/SHA256SUMS"]).hexdigest()[:7]
    assert corpus.model.version == version
    versions = dict.fromkeys((urls.HOME, urls.ABOUT, urls.DOWNLOADS), version)
    for edition in corpus.editions:
        data = site[f"data/editions/{edition.id}.md"]
        versions[urls.text_page(edition.id)] = hashlib.sha256(data).hexdigest()[:7]
    for path, soup in pages.items():
        footer = soup.find("footer", class_="colophon")
        assert isinstance(footer, Tag), path
        said = re.findall(r"version (\w{7})", " ".join(footer.text.split()))
        assert said == [versions[path]] if path in versions else not said, path
        assert footer.find("a", string="Signaler une erreur")
    assert in_french(corpus.model.revised).replace(" nov", f"{NBSP}nov") in pages[urls.HOME].text


def test_the_version_changes_with_any_file(corpus: Corpus) -> None:
    model = corpus.model
    for name in model.files:
        changed = replace(model, files={**model.files, name: File(1, "0" * 64)})
        assert changed.version != model.version, name
    turned = replace(model, files=dict(reversed(list(model.files.items()))))
    assert turned.version == model.version


def test_a_page_with_all_it_loads_is_light(site: dict[str, bytes], corpus: Corpus) -> None:
    def sent(path: str) -> int:
        return len(gzip.compress(site[path], 6))

    css, script = sent("static/style.css"), sent("static/archive.js")
    assert css < 12_000
    assert script < 8_000
    assert sent("static/cite.js") < 5_000
    assert sent("static/nearest.js") < 2_000
    assert sent("static/words.js") + sent("static/search.js") < 14_000
    assert sent("static/words.js") + sent("static/concordance.js") < 9_000
    heaviest = max(sent(f"textes/{edition.id}/index.html") for edition in corpus.editions)
    assert heaviest + css + script + sent("static/favicon.svg") < 120_000


def test_the_style_page_shows_every_kind_of_block(pages: Soups) -> None:
    body = pages["a-propos/style/index.html"].find("div", class_="body")
    assert isinstance(body, Tag)
    for selector in (
        "h2 .chapter", "h3", ".dated", ".stage", "i.stage", ".quotation figcaption", ".list li",
        ".box", ".emendation", ".doubt", ".gap", ".page-break", ".ordinal", ".unbroken",
        "[role=doc-noteref]", ".permalink.fifth",
    ):  # fmt: skip
        assert body.select(selector), selector


def test_no_sign_stands_alone_at_the_head_of_a_line(pages: Soups) -> None:
    """Before ; : ! ? » a space is one that no line breaks at; the witness's own typing aside."""
    for path, soup in pages.items():
        if path.endswith(("/source/index.html", "/etablissement/index.html")):
            continue
        words = soup.get_text()  # a script's data is no text
        assert not re.search(r"\S [;:!?»](?=\s|$)", words), path


def classes(tags: Iterable[Tag]) -> set[str]:
    return {name for tag in tags for name in tag.get_attribute_list("class") if name}


def test_what_scripts_set_has_names_of_its_own(site: dict[str, bytes], pages: Soups) -> None:
    """A state (`is-found`) is no component (`found`), whose margins it would take."""
    scripts = "".join(
        data.decode() for path, data in site.items() if re.fullmatch(r"static/\w+\.js", path)
    )
    states = set(re.findall(r"""classList\.\w+\(["'`](.*?)["'`]""", scripts))
    assert states and all(state.startswith("is-") for state in states)
    assert len(re.findall(r"classList\.(?:add|remove|toggle|replace)\(", scripts)) == len(
        re.findall(r"""classList\.(?:add|remove|toggle|replace)\(["'`]is-""", scripts)
    )
    assert "className" not in scripts
    made = set(" ".join(re.findall(r'class: "([^"]*)"', scripts)).split())
    for path, soup in pages.items():
        root = classes([soup.html, soup.body])  # type: ignore[list-item]  # every page has both
        within = classes(soup.body.find_all(True)) | made  # type: ignore[union-attr]
        assert not [name for name in root | within if name.startswith("is-")], path
        assert root & within == set(), path
