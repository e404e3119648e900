"""Citing in a browser: the text, a paragraph, a passage; what is copied is clean."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from archive_site.serve.server import open_server
from builds import publish
from conftest import GOLDEN, in_view, opened, until
from sites import changed_copy, site_of

TEXT = "textes/boukharine-leningrad-1926/index.html"
CLIPBOARD: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
# Selects from a word of one block to a word of another, by their ids and offsets in their texts.
SELECT = """([from, first, to, last]) => {
  const place = (id, at) => {
    const walk = document.createTreeWalker(document.getElementById(id), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (at <= node.length) return [node, at];
      at -= node.length;
    }
  };
  getSelection().setBaseAndExtent(...place(from, first), ...place(to, last));
  document.getElementById(from).scrollIntoView({ block: "center" });
}"""
# A paragraph with a note call within it: its id, its length, its words without the call.
CALLED = """(() => {
  const calls = [...document.querySelectorAll(".body p[id] > .call")];
  const block = calls.find((call) => call.nextSibling).parentElement;
  const words = block.cloneNode(true);
  words.querySelectorAll(".call, .permalink, .source-link").forEach((part) => part.remove());
  return [block.id, block.textContent.length, words.textContent];
})()"""


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    with opened(browser, base + TEXT, **CLIPBOARD) as page:
        yield page


def panel_says(page: Page) -> str:
    page.wait_for_selector(".cite-panel:popover-open")
    return page.locator(".cite-panel").inner_text().replace("\u00a0", " ").replace("\u202f", " ")


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_without_scripts_references_stand_at_the_end(browser: Browser, base: str) -> None:
    with opened(browser, base + TEXT, scripts=False) as page:
        page.get_by_role("link", name="Citer", exact=True).click()
        assert in_view(page, "#citer_le_texte")
        assert page.locator(".citation").count() == 2
        assert page.locator(".citation").first.inner_text().startswith("BOUKHARINE, Nikolaï.")


def test_a_text_is_cited_where_one_reads(page: Page) -> None:
    page.get_by_role("link", name="Citer", exact=True).click()
    said = panel_says(page)
    assert "Citer ce texte" in said
    assert "ISO 690" in said and "Chicago" in said
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("Escape")
    assert page.locator(".cite-panel:popover-open").count() == 0
    assert page.evaluate("document.activeElement.matches('[data-cite]')")


def test_nothing_is_loaded_before_one_cites(browser: Browser, served: str) -> None:
    with opened(browser, "about:blank") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(served + TEXT)
        assert not any(url.endswith("cite.js") for url in asked)
        page.get_by_role("link", name="Citer", exact=True).click()
        panel_says(page)
        assert any(url.endswith("cite.js") for url in asked)


def test_a_paragraph_is_cited_by_its_number_and_address(page: Page) -> None:
    link = page.locator(".body p .permalink[data-n='12']")
    block = link.locator("..").get_attribute("id")
    link.evaluate("(link) => link.click()")
    page.locator(".toast .act").click()
    said = panel_says(page)
    assert "Citer l’alinéa 12" in said
    assert "alinéa 12, p. [5] de l’original" in said
    if page.url.startswith("http"):
        address = page.url.partition("#")[0] + f"#{block}"
        assert said.count(address) == 2
        page.get_by_role("button", name="Copier le lien").click()
        until(page, "document.querySelector('.copied').textContent !== ''")
        assert copied(page) == address


def test_a_passage_is_cited_with_its_words(page: Page) -> None:
    block, length, words = page.evaluate(CALLED)
    page.evaluate(SELECT, [block, 0, block, length])
    page.get_by_role("button", name="Citer ce passage").click()
    said = panel_says(page)
    assert "Citer ce passage" in said
    assert plain(words) in plain(said)
    page.get_by_role("button", name="Copier la référence ISO 690").click()
    until(page, "document.querySelector('.copied').textContent !== ''")
    text = copied(page)
    assert text.startswith("«\u00a0")
    assert plain(words) in plain(text)
    assert "alinéa" in text and "BOUKHARINE" in text


def test_a_passage_over_paragraphs_names_the_first_and_the_last(page: Page) -> None:
    first, last = (
        page.locator(f".body p:has(> [data-n='{n}'])").get_attribute("id") for n in (12, 14)
    )
    page.evaluate(SELECT, [first, 3, last, 9])
    page.get_by_role("button", name="Citer ce passage").click()
    said = panel_says(page)
    assert "alinéas 12–14" in said
    assert page.locator(".cite-panel blockquote p").count() == 3


def test_a_note_is_cited_as_a_note(page: Page) -> None:
    page.evaluate(SELECT, ["note-3", 3, "note-3", 30])
    page.get_by_role("button", name="Citer ce passage").click()
    assert "note 3" in panel_says(page)


def test_what_one_copies_has_no_calls(page: Page) -> None:
    block, length, words = page.evaluate(CALLED)
    page.evaluate(SELECT, [block, 0, block, length])
    page.get_by_role("button", name="Citer ce passage").wait_for()
    page.evaluate("document.execCommand('copy')")
    text = copied(page)
    assert plain(text) == plain(words)


def test_a_note_opened_under_its_line_is_not_copied(browser: Browser, served: str) -> None:
    with opened(browser, served + TEXT, width=400, **CLIPBOARD) as page:
        block, _, words = page.evaluate(CALLED)
        page.locator(f"#{block} .call a").first.click()
        page.wait_for_selector(".pop.under")
        length = page.locator(f"#{block}").evaluate("(block) => block.textContent.length")
        page.evaluate(SELECT, [block, 0, block, length])
        page.get_by_role("button", name="Citer ce passage").wait_for()
        page.evaluate("document.execCommand('copy')")
        assert plain(copied(page)) == plain(words)
        until(page, "document.querySelector('.pop.under').style.display === ''")


def plain(words: str) -> str:
    return " ".join(words.replace("\u2060", "").split())


# ---------------------------------------------------------------- where a passage is


def cited(page: Page, first: str, from_: int, last: str, to: int) -> str:
    page.evaluate(SELECT, [first, from_, last, to])
    page.get_by_role("button", name="Citer ce passage").click()
    return panel_says(page)


def block(page: Page, number: int) -> str:
    return str(page.locator(f".body :has(> [data-n='{number}'])").last.get_attribute("id"))


def test_numbers_are_those_of_the_paragraphs_a_passage_has(browser: Browser, served: str) -> None:
    """Whether it begins or ends with a heading."""
    with opened(browser, served + "textes/trotsky-lecons-octobre-1924/index.html") as page:
        heading = page.locator(".body h2").nth(1)
        name = str(heading.get_attribute("id"))
        after = int(
            page.locator(f"[id='{name}'] ~ p > [data-n]").first.get_attribute("data-n") or 0
        )
        said = cited(page, name, 0, block(page, after + 1), 5)
        assert f"alinéas {after}–{after + 1}" in said
        page.keyboard.press("Escape")
        said = cited(page, block(page, after - 2), 0, name, 4)
        assert f"alinéas {after - 2}–{after - 1}" in said


def test_several_notes_are_cited_together(page: Page) -> None:
    assert "notes 1–3" in cited(page, "note-1", 3, "note-3", 20)


def test_a_note_opened_in_the_text_is_cited_as_the_note(browser: Browser, served: str) -> None:
    with opened(browser, served + TEXT, width=400) as page:
        page.locator(".call a").nth(1).click()
        page.evaluate(
            "() => { const words = document.querySelector('.pop.under .pop-text p:last-child');"
            "getSelection().selectAllChildren(words); }"
        )
        page.get_by_role("button", name="Citer ce passage").click()
        said = panel_says(page)
        assert "note 2" in said and "alinéa" not in said


def test_who_speaks_goes_with_a_whole_quotation(page: Page) -> None:
    page.evaluate(
        "() => { const quotation = document.querySelector('.quotation:has(figcaption)');"
        "quotation.scrollIntoView(); getSelection().selectAllChildren(quotation); }"
    )
    page.get_by_role("button", name="Citer ce passage").click()
    panel_says(page)
    lines = page.locator(".cite-panel blockquote p").all_inner_texts()
    assert lines[-1].startswith("— Lénine")


def test_pages_are_those_of_the_data(browser: Browser, served: str, site: dict[str, bytes]) -> None:
    """The page that the panel says of each block is the one that the text's JSON says."""
    data = json.loads(site["textes/boukharine-leningrad-1926/boukharine-leningrad-1926.json"])
    pages = {b["id"]: b["page"] for b in data["blocks"] if b["level"] != 1}
    with opened(browser, served + TEXT) as page:
        page.get_by_role("link", name="Citer", exact=True).click()
        panel_says(page)
        said = page.evaluate(
            """(ids) => ids.map((id) => {
              archive.cite(null, document.getElementById(id));
              return document.querySelector(".cite-panel .style p:last-child").textContent;
            })""",
            list(pages),
        )
    found = [re.search(r"p\.\s(\S+) de l’original", words) for words in said]
    assert [match[1] if match else None for match in found] == list(pages.values())


def test_an_address_of_the_archive_s_own_is_the_one_that_is_copied(
    browser: Browser, tmp_path: Path
) -> None:
    """Whatever address the page is read at; and a reference is whole without an address of its
    own, too."""
    home = "https://exemple.fr/archive/"
    nowhere = changed_copy(GOLDEN / "corpus", tmp_path, "site.yaml", f"base_url: {home}\n", "")
    for base_url, own in ((home, home + "textes/discours-1905/"), ("", "")):
        folder = tmp_path / (base_url and "placed") / "site"
        publish(site_of(nowhere, base_url=base_url), folder)
        with open_server(folder, 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            there = f"http://127.0.0.1:{server.server_address[1]}/textes/discours-1905/index.html"
            with opened(browser, there, **CLIPBOARD) as page:
                page.get_by_role("link", name="Citer", exact=True).click()
                said = panel_says(page)
                assert said.count(own or there) == 2
                assert "[en ligne]" in said and "Disponible à l’adresse : http" in said
                page.get_by_role("button", name="Copier la référence ISO 690").click()
                until(page, "document.querySelector('.copied').textContent !== ''")
                html = page.evaluate(
                    "async () => (await (await navigator.clipboard.read())[0]"
                    ".getType('text/html')).text()"
                )
                assert "<cite>" in html and (own or there) in html
            server.shutdown()


def test_a_paragraph_is_cited_by_the_keyboard(page: Page) -> None:
    link = page.locator(".body p .permalink[data-n='3']")
    link.focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.toast .act')")
    page.keyboard.press("Enter")
    assert "l’alinéa 3" in panel_says(page)
    page.keyboard.press("Escape")
    until(page, "document.activeElement.matches('.permalink[data-n=\"3\"]')")
