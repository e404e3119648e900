"""Spaces that a search within the page finds: “mot !”, “– une incise –”, with plain spaces."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from bs4 import BeautifulSoup, Doctype
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from archive_site.text.html import findable
from archive_site.text.typography import JOINER, NBSP, THIN, typeset
from conftest import NOT_FOUND, TORN, opened, until

TROTSKY = "textes/trotsky-lecons-octobre-1924/index.html"
BOUKHARINE = "textes/boukharine-leningrad-1926/index.html"
WORDS_ALONE = ("title", "option", "script", "style")
WORDS_WITHOUT_TAGS = ("<script", "<style", "<title", "<option", "<textarea", "<text")
CLIPBOARD: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Ah⍽!</p>", "<p>Ah<⍽>!</p>"),
        ("<p>Ah <em>non</em>⍽! «⍽oui⍽»</p>", "<p>Ah <em>non</em><⍽>! «<⍽>oui<⍽>»</p>"),
        ("<p>Ah&#8239;!</p>", "<p>Ah<⍽>!</p>"),
        ("<p>76⍽597 mots</p>", "<p>76<⍽>597 mots</p>"),
        ("<p>dit –‿là␣– que</p>", "<p>dit <–␣>là␣– que</p>"),
        ("dit⍽: —‿ici", "dit<⍽>: <—␣>ici"),
        ('<a title="Ah⍽!" data-other="dit –‿là">Ah</a>', None),
        ("<title>Ah⍽!</title><option value=1>Ah⍽!</option>", None),
        ('<script type="application/json">["Ah⍽!", "a < b⍽;"]</script>', None),
        ("<p>1917–‿1921, un␣mot</p>", "<p>1917<–␣>1921, un␣mot</p>"),
    ],
)
def test_a_page_has_spaces_that_a_plain_one_finds(html: str, expected: str | None) -> None:
    def typed(words: str) -> str:
        words = words.replace("<⍽>", f'<span class="thin">{NBSP}</span>')
        words = re.sub("<([–—])␣>", rf'<span class="unbroken">\1{NBSP}</span>', words)
        return words.replace("⍽", THIN).replace("␣", NBSP).replace("‿", JOINER + NBSP)

    assert findable(typed(html)) == typed(html if expected is None else expected)


@given(st.lists(st.sampled_from(f"mot – ! ? ; « » <b> </b> {THIN} {NBSP}".split(" "))))
def test_no_word_changes(words: list[str]) -> None:
    """A space for a space; all else, tags included, as it was."""
    html = "<p>" + typeset(" ".join(words)) + "</p>"
    made = re.sub(r'<span class="(?:thin|unbroken)">(.*?)</span>', r"\1", findable(html))
    assert made == html.replace(JOINER, "").replace(THIN, NBSP)
    assert not re.search(f"{THIN}|{JOINER}", findable(html))


PIECES = (
    *"< > a b = ' \" – — &#8239; script </p> <p> <title> <text </text> <script>".split(),
    *(THIN, NBSP, JOINER + NBSP, f"–{JOINER}{NBSP}", f"—{JOINER}{NBSP}"),
)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_spaces_are_those_outside_tags(html: str) -> None:
    """Of each piece that begins with a tag: what follows the tag's end."""
    out = []
    for piece in re.split("(?=<)", html):
        tag, end, words = piece.partition(">") if piece.startswith("<") else ("", "", piece)
        if (tag and not end) or piece.startswith(WORDS_WITHOUT_TAGS):
            out.append(piece)
            continue
        words = re.sub(f"{THIN}|&#8239;", f'<span class="thin">{NBSP}</span>', words)
        held = rf'<span class="unbroken">\1{NBSP}</span>'
        out += [tag, end, re.sub(f"([–—]){JOINER}{NBSP}", held, words)]
    assert findable(html) == "".join(out)


def test_a_long_paragraph_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    findable("<p>" + f"Ah{THIN}! " * 200_000)
    findable("<p title='" + f"Ah{THIN}! " * 200_000)
    assert time.process_time() - began < 5  # the square of it would be minutes


def test_no_page_has_a_space_that_is_not_found(site: dict[str, bytes]) -> None:
    thin = 0
    for path, data in site.items():
        if not path.endswith(".html"):
            continue
        thin += data.count(b'class="thin"')
        if not re.search(f"{THIN}|{JOINER}", data.decode()):
            continue  # to parse 480 pages takes half a minute
        for words in BeautifulSoup(data, "html.parser").find_all(string=True):
            if isinstance(words, Doctype) or words.find_parent(WORDS_ALONE):
                continue
            assert not re.search(f"{THIN}|{JOINER}", words), (path, words[:60])
    assert thin > 1000


def test_books_and_plain_text_keep_the_thin_space(site: dict[str, bytes]) -> None:
    """A reader of books may leave our stylesheet out, and would show a wide one."""
    assert (
        THIN.encode() in site["textes/trotsky-lecons-octobre-1924/trotsky-lecons-octobre-1924.txt"]
    )
    assert b"thin" not in site["recherche/index.js"]


# ---------------------------------------------------------------- in a browser


@pytest.mark.parametrize("media", ["screen", "print"])
def test_it_is_thin_on_the_page_and_on_paper(browser: Browser, served: str, media: Any) -> None:
    """Half a space wide, whatever its line; a line that is justified widens the others alone."""
    with opened(browser, served + TROTSKY) as page:
        page.emulate_media(media=media)
        widths = page.evaluate(
            """() => [...document.querySelectorAll(".body p > .thin")].map((thin) => {
                const em = parseFloat(getComputedStyle(thin).fontSize);
                return thin.getBoundingClientRect().width / em;
            })"""
        )
        assert len(widths) > 200
        assert all(0.08 < width < 0.2 for width in widths), (min(widths), max(widths))


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("recherche/index.html", "« camarades »"),
        ("recherche/index.html", "révolution"),
        ("recherche/index.html", "camaradz -parti"),
        ("concordance/index.html", "de | la"),
        ("concordance/index.html", "camarades | non | oui"),
    ],
)
def test_what_scripts_show_is_found_too(
    browser: Browser, served: str, path: str, question: str
) -> None:
    for width in (360, 1440):
        with opened(browser, served + path, width) as page:
            page.locator("[name=q]").fill(question)
            until(page, "document.querySelector('[data-told]').textContent !== ''")
            assert page.locator(".results .thin, .kwic .thin").count() > 0
            assert page.evaluate(NOT_FOUND) == []
            assert page.evaluate(TORN) == []


def selected(page: Page, block: str) -> None:
    page.evaluate(
        """(name) => {
            const block = document.querySelector(name);
            block.scrollIntoView({ block: "center" });
            getSelection().selectAllChildren(block);
        }""",
        block,
    )
    page.get_by_role("button", name="Citer ce passage").wait_for()


def test_what_is_copied_is_found_by_a_plain_space(browser: Browser, served: str) -> None:
    with opened(browser, served + BOUKHARINE, **CLIPBOARD) as page:
        selected(page, ".body p:has(> .thin):has(> .unbroken)")
        page.evaluate("document.execCommand('copy')")
        text = page.evaluate("navigator.clipboard.readText()")
        assert re.search("[ \xa0][!?;»]|«[ \xa0]", text)
        assert not re.search(f"{THIN}|{JOINER}", text)
        page.get_by_role("button", name="Citer ce passage").click()
        page.get_by_role("button", name="Copier la référence ISO 690").click()
        until(page, "document.querySelector('.copied').textContent !== ''")
        assert page.locator(".cite-panel blockquote .thin").count() >= 2
        assert page.evaluate(NOT_FOUND) == []
        text = page.evaluate("navigator.clipboard.readText()")
        assert text.startswith(f"«{NBSP}")
        assert not re.search(f"{THIN}|{JOINER}", text)


def test_cards_and_notes_are_found_too(browser: Browser, served: str) -> None:
    with opened(browser, served + TROTSKY, 1440) as page:
        for name in page.locator(".body a.name").all()[:12]:
            name.hover()
            page.locator(".card").wait_for()
            assert page.evaluate(NOT_FOUND) == []
            page.keyboard.press("Escape")
