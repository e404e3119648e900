"""What browsers' reader modes and reference managers take from a page: by Firefox's own library."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from archive_site.serve.server import open_server
from builds import publish
from conftest import opened
from readability import library
from sites import Corpus, site_of

BLOCKS = "h2 h3 h4 p li figcaption".split()
ASIDE = ".permalink, .source-link, .page-break"
Read = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def read(browser: Browser, request: pytest.FixtureRequest) -> Read:
    """What the library takes from the page at an address: its words as HTML, its author."""
    assert request.config.cache is not None
    code = library(request.config.cache.mkdir("readability"))

    def read(url: str, scripts: bool) -> dict[str, Any]:
        with opened(browser, url, 1440, scripts) as page:
            found: dict[str, Any] = page.evaluate(
                f"() => {{ {code}; return new Readability(document.cloneNode(true)).parse(); }}"
            )
            return found

    return read


def words(element: Tag | BeautifulSoup) -> str:
    """The characters of an element, without the spaces that a reader mode may set anew."""
    return "".join(element.get_text().split())


def soup(html: str | bytes) -> BeautifulSoup:
    """A page, or a part of one, without what stands beside its blocks."""
    parsed = BeautifulSoup(html, "html.parser")
    for part in parsed.select(ASIDE):
        part.decompose()
    return parsed


def lost(page: bytes, content: str) -> list[str]:
    """The blocks and notes of a page that are not in what a reader mode shows, in their order."""
    shown, at, missing = words(soup(content)), 0, []
    text = soup(page).select_one("article .body")
    assert text is not None
    for block in text.find_all(BLOCKS):
        if block.find(BLOCKS) is None and block.find_parent("details") is None:
            found = shown.find(words(block), at)
            at = max(at, found)
            missing += [words(block)[:50]] * (found < 0)
    return missing


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_reader_modes_keep_every_block_and_every_note(
    served: str, site: dict[str, bytes], corpus: Corpus, read: Read, scripts: bool
) -> None:
    for edition in corpus.editions:
        path = f"textes/{edition.id}/index.html"
        shown = read(served + path, scripts)
        assert lost(site[path], shown["content"]) == [], edition.id
        document = edition.document
        noted = [item for item in soup(shown["content"]).select("li[id^=note-]") if words(item)]
        assert len(noted) == len(document.notes), edition.id


# ---------------------------------------------------------------- a text that asks for it


EDITION = """\
---
id: commentaires
title: Commentaires
creator: {certainty: unknown, ground: rien ne le dit}
date: {value: "1922", certainty: probable, ground: par le sujet}
kind: speech
status: proofread
---

# Commentaires, menu social et sponsors

::: dateline
Social-démocrate de Berlin, janvier 1922
:::

::: standfirst
Extra : un commentaire de la communauté socialiste, en pied de page, par quelques remarques.
:::

## Comment se fait-il que la sidebar parle

Comment se fait-il, camarades, que le parti socialiste, dans ce pays, n’ait rien dit[^extra] ? Nous
l’avons demandé, nous l’avons écrit, nous l’avons répété, et personne, ni ici, ni là, n’a répondu.

Les socialistes, les communautés, les menus détails : tout cela, on le sait, a été dit[^comment], et
redit, par des [commentateurs]{.doubt why="un commentaire de l’éditeur"} que personne n’écoute.

::: quote
> « Commentaire de celui qui parle, et dont on cite, ici, les paroles, telles qu’il les a dites. »
:::

### Bannière et réclame

- Footer, premier point, qui a des virgules, et des mots ;
- Commentaire, deuxième point, qui en a aussi.

::: stage
(Commentaires dans la salle.)
:::

:::: box
### Supplément

Related : ce qui se tient à côté du texte, et qui en est, pourtant, comme une liste de livres.

- Social, un livre, et son auteur, dans l’encadré.
::::

[^extra]: Comment : une note de l’auteur, avec ce qu’il faut de mots.

    Et son second alinéa, qui commente, à son tour.

[^comment]: Ibid.
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, bytes]]]:
    """An archive whose one text begins every block with what reader modes throw out."""
    root = tmp_path_factory.mktemp("asking")
    (root / "corpus/editions").mkdir(parents=True)
    (root / "corpus/site.yaml").write_text("title: Petite archive\n", "utf-8")
    (root / "corpus/editions/commentaires.md").write_text(EDITION, "utf-8")
    site = site_of(root / "corpus")
    publish(site, root / "www")
    with open_server(root / "www", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", site
        server.shutdown()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_whatever_its_words_no_block_is_taken_for_a_comment_box(
    asking: tuple[str, dict[str, bytes]], read: Read, scripts: bool
) -> None:
    base, site = asking
    path = "textes/commentaires/index.html"
    shown = read(base + path, scripts)
    assert lost(site[path], shown["content"]) == []
    assert len(soup(shown["content"]).select("li[id^=note-]")) == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_who_wrote_it_is_an_author_or_nobody(
    served: str,
    corpus: Corpus,
    asking: tuple[str, dict[str, bytes]],
    read: Read,
    scripts: bool,
) -> None:
    """A date, a place or “Auteur inconnu” is nobody's name."""
    for edition in corpus.editions:
        creator = edition.document.meta.creator
        named = creator.key and creator.certainty != "proposed"
        name = corpus.entries[creator.key].name if named else None
        shown = read(f"{served}textes/{edition.id}/index.html", scripts)
        assert shown["byline"] == name, edition.id
    assert read(asking[0] + "textes/commentaires/index.html", scripts)["byline"] is None


def test_nothing_but_authors_stands_where_programs_look_for_them(
    site: dict[str, bytes], corpus: Corpus
) -> None:
    names = {entry.name for entry in corpus.entries.values() if entry.kind == "person"}
    found = [
        element.get_text(strip=True)
        for path, data in site.items()
        if path.endswith(".html") and path != "a-propos/style/index.html"
        if re.search(rb"byline|author|dateline|vcard|writtenby", data)  # parsing takes long
        for element in BeautifulSoup(data, "html.parser").select(
            ".byline, .bylines, .author, .dateline, .vcard, .p-author, .writtenby, [rel~=author], "
            "[itemprop~=author]"
        )
    ]
    assert found
    assert set(found) <= names


def test_the_library_would_lose_something(read: Read, tmp_path: Path) -> None:
    """Blocks and notes as they stood are lost: the tests above can fail."""
    blocks = "".join(f"<p id='p-{n}'>{'des mots, et d’autres, ' * 20}</p>" for n in range(9))
    page = (
        f"<article><div class=body>{blocks}<p id='comment-vivre'>Perdu, tout de bon.</p></div>"
        "<div class=end><ol><li id=note-1><div><p>Une note, perdue.</p></div></li></ol></div>"
        "</article>"
    )
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8>{page}", "utf-8")
    shown = read((tmp_path / "page.html").as_uri(), scripts=True)["content"]
    assert "Perdu" not in shown and "perdue" not in shown
