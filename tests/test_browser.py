"""The site in a real browser: from the disk, under a sub-path, without JavaScript, by keyboard.

`browser.py` finds the browser; with none the tests fail (`pytest --no-browser` leaves them out)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from conftest import NOT_FOUND, TORN, Look, in_view, opened, pages_to_look_at, until

LENINE, BOUKHARINE = "lenine-rapport-xie-congres-1922", "boukharine-leningrad-1926"
TROTSKY = "trotsky-lecons-octobre-1924"


def test_without_scripts_a_note_is_reached_and_left(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{LENINE}/index.html", scripts=False) as page:
        page.locator("#appel-9").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**#note-9")
        assert "constitutionnel démocratique" in page.locator("#note-9").inner_text()
        assert in_view(page, "#note-9")
        page.locator("#note-9 [role=doc-backlink]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**#appel-9")
        assert in_view(page, "#appel-9")


def test_one_goes_from_page_to_page(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}index.html", scripts=False) as page:
        page.get_by_role("link", name="[Les leçons d’Octobre]").click()
        assert "Il faut étudier Octobre" in page.locator(".contents").inner_text()
        page.locator(".contents a").nth(3).click()
        assert "conférence d’avril" in page.locator(":target").inner_text()
        page.get_by_role("link", name="Texte suivant").click()
        assert BOUKHARINE in page.url
        page.locator(".masthead").get_by_role("link", name="Les textes").click()
        assert page.url.endswith("/index.html")


def test_a_reader_can_skip_to_the_text(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{LENINE}/index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Aller au texte"
        assert in_view(page, ".skip")
        page.keyboard.press("Enter")
        page.wait_for_url("**#contenu")


@pytest.mark.parametrize("path", pages_to_look_at())
def test_no_page_asks_for_more_than_it_has(browser: Browser, served: str, path: str) -> None:
    """No other host, nothing missing, nothing that the policy forbids."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[tuple[str, int]] = []
    said: list[str] = []
    page.on("response", lambda response: asked.append((response.url, response.status)))
    page.on("requestfailed", lambda request: asked.append((request.url, 0)))
    page.on("console", lambda message: said.append(message.text))
    page.goto(served + path)
    assert all(url.startswith(served) and status == 200 for url, status in asked), asked
    assert said == []
    searching = path in ("recherche/index.html", "concordance/index.html")
    assert len(asked) <= (6 if searching else 4)
    context.close()


def fits(page: Page, width: int) -> bool:
    """Whether nothing on a page asks to be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide <= width


@pytest.mark.parametrize("path", pages_to_look_at())
def test_spaced_text_stays_on_the_smallest_page(look: Look, served: str, path: str) -> None:
    """WCAG 1.4.12: what a reader may ask of spaces between lines, letters and words."""
    page = look(served + path, 320)
    assert fits(page, 320)
    page.evaluate(
        """() => {
          for (const element of document.querySelectorAll('*')) {
            element.style.lineHeight = '1.5';
            element.style.letterSpacing = '0.12em';
            element.style.wordSpacing = '0.16em';
          }
        }"""
    )
    assert fits(page, 320)


@pytest.mark.parametrize("path", pages_to_look_at())
def test_pages_fit_and_no_line_parts_what_belongs_together(
    look: Look, served: str, path: str
) -> None:
    """On a phone, on a desk, and in a window between them. Nothing scrolls sideways; what a space
    holds together stays on its line, and can be found; such a space makes no column of its own."""
    for width in (360, 1440):  # at 1440, with the notes beside the text
        page = look(served + path, width)
        assert fits(page, width)
        assert page.evaluate(PARTED) == []
        assert page.evaluate(TORN) == []
        assert page.evaluate(NOT_FOUND) == []
    page.set_viewport_size({"width": 768, "height": 800})
    assert fits(page, 768)


PARTED = """() => {
    const parted = [], range = document.createRange(), letters = []
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT)
    const block = (node) => node.parentElement.closest("p, li, td, th, dd, dt, h1, h2, h3, div")
    for (let node, before; (node = texts.nextNode()); before = node) {
        if (before && block(before) !== block(node)) letters.push([" ", null, 0])
        for (let i = 0; i < node.data.length; i++) letters.push([node.data[i], node, i])
    }
    const top = ([, node, i]) => {
        range.setStart(node, i)
        range.setEnd(node, i + 1)
        return range.getBoundingClientRect().top
    }
    const words = letters.map(([letter]) => letter).join("")
    for (const found of words.matchAll(/\\S\u00a0(?=\\S)/g)) {
        const last = found.index + 2
        if (letters[last][1].parentElement.closest(".call, .doubt-call, .pop-label")) continue
        if (Math.abs(top(letters[found.index]) - top(letters[last])) > 6)
            parted.push(words.slice(Math.max(0, found.index - 20), last + 20))
    }
    return parted
}"""


@pytest.mark.parametrize(("width", "least", "most"), [(1440, 60, 75), (360, 35, 75)])
def test_lines_are_as_long_as_a_books(
    browser: Browser, served: str, width: int, least: int, most: int
) -> None:
    with opened(browser, f"{served}textes/{LENINE}/index.html", width) as page:
        length = page.evaluate(
            """() => {
              const paragraphs = [...document.querySelectorAll('.body p')];
              const p = paragraphs.find(p => p.innerText.length > 900);
              const height = p.getBoundingClientRect().height;
              const leading = parseFloat(getComputedStyle(p).lineHeight);
              return p.innerText.length / Math.round(height / leading);
            }"""
        )
        assert least <= length <= most


# ---------------------------------------------------------------- the two spellings


def test_the_source_s_spelling_is_shown_and_put_away(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{TROTSKY}/index.html") as page:
        text = page.locator(".body")
        before, ids = text.inner_html(), page.locator("[id]").count()
        page.locator(".spelling").get_by_role("button", name="Texte de la source").click()
        until(page, "document.documentElement.classList.contains('is-from-source')")
        assert '"culture”' in text.inner_text()
        assert "devant !a démocratie" in text.inner_text()
        assert page.locator("[id]").count() == ids
        pressed = page.locator(".spelling").get_by_role("button", name="Texte de la source")
        assert pressed.get_attribute("aria-pressed") == "true"
        page.locator(".spelling").get_by_role("button", name="Texte corrigé").click()
        assert text.inner_html() == before


def test_without_scripts_the_switch_is_a_link(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{TROTSKY}/index.html", scripts=False) as page:
        assert page.locator(".switch:visible").count() == 0
        page.get_by_role("link", name="Établissement du texte").click()
        page.wait_for_url("**/etablissement/index.html")
        page.locator("label", has_text="mots perdus").click()
        shown = page.locator("tbody tr:visible")
        assert 0 < shown.count() < page.locator("tbody tr").count()
        assert {row.get_attribute("data-nature") for row in shown.all()} == {"lost"}


SHOWN = "e => getComputedStyle(e, '::after').content"


def test_an_emended_word_shows_its_other_form(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{TROTSKY}/index.html", scripts=False) as page:
        word = page.locator("a.emendation").first
        assert word.evaluate(SHOWN) == "none"
        word.hover()
        assert "taches" in word.evaluate(SHOWN)
        page.mouse.move(0, 0)
        word.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert "taches" in word.evaluate(SHOWN)
        page.emulate_media(media="print")
        assert word.evaluate(SHOWN) == "none"


def test_a_tap_shows_it_and_a_second_follows_it(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{TROTSKY}/index.html", 360) as page:
        word = page.locator("a.emendation").nth(3)
        word.tap()
        assert "rien dans la source" in word.evaluate(SHOWN)
        assert page.url.endswith(f"{TROTSKY}/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        word.tap()
        page.wait_for_url("**/etablissement/index.html#correction-4")


def test_a_paragraph_s_source_is_one_step_away(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}textes/{TROTSKY}/index.html") as page:
        paragraph = page.locator(".body p").nth(1)
        paragraph.hover()
        paragraph.locator(".source-link").click()
        page.wait_for_url("**/source/index.html#l13")
        assert in_view(page, "#l13")
        page.locator("#l13 .to-text").click()
        page.wait_for_url("**#neanmoins-une-telle-appreciation-meme-si")
