"""Names, indexes, chronology and network in a browser: cards by mouse, keyboard and finger, tables
that sort, lists that narrow, all of it readable without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from archive_site.corpus.urls import text_page
from archive_site.text.dates import span
from archive_site.views.blocks import Group, reading
from conftest import in_view, opened
from sites import Corpus

CHAPTER = "textes/trotsky-lecons-octobre-1924/index.html#p-4-la-conference-d-avril"
NAME = "#p-4-la-conference-d-avril ~ p a.name[href*='gare-de-finlande']"
DESK, PHONE = 1440, 360


def card(page: Page) -> str:
    found = page.locator(".card")
    found.wait_for()
    return " ".join(found.inner_text().split())


# ---------------------------------------------------------------- the words of the page


def words(groups: tuple[Group, ...]) -> list[str]:
    found = []
    for group in groups:
        found += words(group.parts)
        if group.block:
            found.append(BeautifulSoup(group.block.html, "html.parser").get_text())
    return found


def test_names_as_links_change_no_character(corpus: Corpus) -> None:
    for edition in corpus.editions:
        path = text_page(edition.id)
        plain, named = (
            reading(corpus.entries, edition, path),
            reading(corpus.entries, edition, path, passages=corpus.passages[edition.id]),
        )
        assert words(named.groups) == words(plain.groups)
        for one, other in zip(named.notes, plain.notes, strict=True):
            without = [
                [BeautifulSoup(str(g), "html.parser").get_text() for g in note.groups]
                for note in (one, other)
            ]
            assert without[0] == without[1]
            assert replace(one, groups=()) == replace(other, groups=())
        assert '<a class="name"' in str(named.groups)
        assert '<a class="name"' not in str(plain.groups)


# ---------------------------------------------------------------- cards


def test_a_card_comes_and_goes_with_the_mouse(browser: Browser, base: str) -> None:
    with opened(browser, base + CHAPTER, DESK) as page:
        name = page.locator(NAME)
        name.hover()
        assert card(page).startswith("Gare de Finlande Gare de Petrograd")
        assert card(page).endswith("1 mention dans 1 texte")
        assert name.get_attribute("aria-describedby") == page.locator(".card").get_attribute("id")
        page.locator(".card").hover()
        page.wait_for_timeout(500)
        assert page.locator(".card").count() == 1, "one may point at the card itself"
        page.locator(".bar").hover()
        page.locator(".card").wait_for(state="detached")
        assert name.get_attribute("aria-describedby") is None
        name.click()
        page.wait_for_url("**/lieux/gare-de-finlande/index.html")


def test_a_card_comes_and_goes_with_the_keyboard(browser: Browser, base: str) -> None:
    with opened(browser, base + CHAPTER, DESK) as page:
        page.locator(NAME).focus()
        assert card(page).startswith("Gare de Finlande")
        page.keyboard.press("Escape")
        assert page.locator(".card").count() == 0
        page.keyboard.press("Tab")
        assert card(page).startswith("Révolution russe de 1917")
        page.keyboard.press("Enter")
        page.wait_for_url("**/chronologie/revolution-russe-de-1917/index.html")


def test_a_first_tap_shows_the_card_a_second_follows(browser: Browser, base: str) -> None:
    with opened(browser, base + CHAPTER, PHONE) as page:
        page.locator(NAME).tap()
        assert card(page).startswith("Gare de Finlande")
        box = page.locator(".card").bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE
        page.locator("#p-4-la-conference-d-avril").tap(position={"x": 5, "y": 5})
        assert page.locator(".card").count() == 0
        page.locator(NAME).tap()
        card(page)
        page.locator(NAME).tap()
        page.wait_for_url("**/lieux/gare-de-finlande/index.html")


def test_a_day_s_card_has_both_calendars(browser: Browser, served: str) -> None:
    with opened(browser, served + CHAPTER.partition("#")[0], DESK) as page:
        page.locator("a.name[href$='jour-1917-11-07']").first.hover()
        assert card(page).startswith("7 novembre 1917 25 octobre, ancien style")


def test_without_scripts_a_name_is_a_link(browser: Browser, base: str) -> None:
    with opened(browser, base + CHAPTER, DESK, scripts=False) as page:
        page.locator(NAME).click()
        page.wait_for_url("**/lieux/gare-de-finlande/index.html")
        page.get_by_role("link", name="§ 35").click()
        page.wait_for_url("**#le-discours-de-lenine-a-la")


def test_names_can_look_like_the_text_and_stay_so(browser: Browser, served: str) -> None:
    def underlined(page: Page) -> bool:
        style = "e => getComputedStyle(e).textDecorationLine"
        return bool(page.locator(NAME).evaluate(style) == "underline")

    with opened(browser, served + CHAPTER, DESK) as page:
        assert underlined(page)
        page.locator(".bar .plain").click()
        page.locator(".settings [value=hidden]").check()
        page.keyboard.press("Escape")
        assert not underlined(page)
        assert page.locator(NAME).get_attribute("tabindex") == "-1"
        page.locator(NAME).hover()
        page.wait_for_timeout(500)
        assert page.locator(".card").count() == 0
        page.locator(NAME).click()
        page.reload()
        assert not underlined(page)
        assert page.locator(NAME).get_attribute("tabindex") == "-1"
        page.evaluate("localStorage.clear()")


def test_the_source_s_spelling_keeps_no_card(browser: Browser, served: str) -> None:
    with opened(browser, served + CHAPTER, DESK) as page:
        page.locator(NAME).focus()
        card(page)
        page.evaluate("document.querySelector('.spelling button[value=source]').click()")
        page.locator(NAME).wait_for(state="detached")
        assert page.locator(".card").count() == 0
        page.evaluate("document.querySelector('.spelling button[value=corrected]').click()")
        page.locator(NAME).hover()
        assert card(page).startswith("Gare de Finlande")


def test_what_a_chapter_names_opens_without_scripts(browser: Browser, served: str) -> None:
    with opened(browser, served + CHAPTER, DESK, scripts=False) as page:
        chapter = page.locator("#p-4-la-conference-d-avril + .in-chapter")
        chapter.locator("summary").click()
        chapter.get_by_role("link", name="Conférence d’avril 1917").click()
        page.wait_for_url("**/chronologie/conference-d-avril/index.html")


# ---------------------------------------------------------------- tables


def column(page: Page, nth: int) -> list[str]:
    cells = page.locator(f"table tbody tr:not(.letter):visible > :nth-child({nth})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_an_index_sorts_and_goes_back(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}personnes/index.html", DESK) as page:
        before = column(page, 1)
        assert page.locator("th[aria-sort]").inner_text().startswith("Nom")
        page.get_by_role("button", name="Mentions").press("Enter")
        counts = [int(count) for count in column(page, 3)]
        assert counts == sorted(counts, reverse=True) and counts[0] > 100
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("Mentions")
        assert not page.locator("tr.letter").first.is_visible()
        page.get_by_role("button", name="Mentions").click()
        assert [int(count) for count in column(page, 3)] == sorted(counts)
        page.get_by_role("button", name="Nom").click()
        assert column(page, 1) == before
        assert page.locator("tr.letter").first.is_visible()
        page.get_by_role("link", name="Z", exact=True).click()
        assert in_view(page, "#lettre-z")


def test_an_index_narrows_whatever_the_accents(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}notions/index.html", DESK) as page:
        page.get_by_label("Filtrer").fill("economisme")
        assert [name.split("\n")[0] for name in column(page, 1)] == ["Économisme"]
        assert page.locator("[data-found]").inner_text() == "1\u00a0entrée"
        page.get_by_label("Filtrer").fill("xyzzy")
        assert column(page, 1) == []
        page.get_by_label("Filtrer").fill("zimmerwald")  # and not under the first letter
        page.get_by_role("button", name="Mentions").click()
        assert len(column(page, 1)) > 0
        page.get_by_label("Filtrer").fill("")
        assert len(column(page, 1)) == 100
        assert page.locator("[data-found]").inner_text() == ""


def test_without_scripts_indexes_are_whole(browser: Browser, served: str) -> None:
    with opened(browser, f"{served}lieux/index.html", DESK, scripts=False) as page:
        assert not page.locator(".narrow").is_visible()
        assert page.get_by_role("button").count() == 0
        page.get_by_role("link", name="P", exact=True).click()
        page.wait_for_url("**#lettre-p")
        page.get_by_role("link", name="Petrograd", exact=True).click()
        page.wait_for_url("**/lieux/petrograd/index.html")


def test_the_network_sorts_and_leads_to_the_passage(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}reseau/index.html", DESK) as page:
        people = page.locator("table.people")
        people.get_by_role("button", name="Zinoviev").click()
        first = people.locator("tbody tr").first
        assert first.locator("th").inner_text() == "Kamenev, Lev"
        people.get_by_role("link", name=re.compile("Lev Kamenev et Grigori Zinoviev")).click()
        page.wait_for_url("**/textes/**#**")


def test_the_drawing_leads_to_events(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}chronologie/index.html", DESK) as page:
        mark = page.locator(".drawing").get_by_role("link", name=re.compile("^Insurrection du 25"))
        mark.focus()
        assert in_view(page, ".drawing a:focus")
        page.keyboard.press("Enter")
        page.wait_for_url("**#insurrection-d-octobre")
        told = page.locator("#insurrection-d-octobre")
        told.locator("summary").click()
        told.locator(".where").first.click()
        page.wait_for_url("**/textes/**#**")


MARKS = """() => {
    const box = (e) => e.getBoundingClientRect();
    const drawing = document.querySelector('.drawing > svg');
    const { left, width } = box(drawing);
    const years = [...drawing.querySelectorAll(':scope > text')].map((label, i) =>
        [label.textContent, box(drawing.querySelectorAll(':scope > line')[i]).left - left]);
    const marks = [...drawing.querySelectorAll('a')].map((mark) => {
        const drawn = box(mark.querySelector('path')), target = box(mark.querySelector('.target'));
        return [mark.getAttribute('href').split('#')[1], drawn.left + drawn.width / 2 - left,
            target.left + target.width / 2 - left, drawn.left, drawn.right];
    });
    const { left: first, right: last } = box(document.querySelector('.drawing'));
    return { years, marks, width, first, last };
}"""


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_mark_of_the_drawing_is_centred_on_its_date(
    browser: Browser, served: str, corpus: Corpus, width: int
) -> None:
    with opened(browser, f"{served}chronologie/index.html", width) as page:
        drawn = page.evaluate(MARKS)
    starts = {int(year): x for year, x in drawn["years"]}
    years = sorted(starts)
    ends = dict(zip(years, [*(starts[year] for year in years[1:]), drawn["width"]], strict=True))
    dated = [e for e in corpus.entries.values() if e.kind == "event" and e.date.value]
    assert len(drawn["marks"]) == len(dated) > 80
    for key, centre, target, left, right in drawn["marks"]:
        first, last = map(date.fromisoformat, span(corpus.entries[key].date.value))
        year = first.year
        assert starts[year] - 1 <= centre < ends[year], f"{key} stands in another year"
        assert abs(centre - target) < 1, key
        if width == DESK:  # a narrower drawing is scrolled
            assert drawn["first"] <= left and right <= drawn["last"], f"{key} is cut off"
        middle = first + (last - first) / 2 if last.year == year else first
        share = (middle - date(year, 1, 1)).days / 365
        room = ends[year] - starts[year]
        if year != years[-1]:  # whose end is not drawn
            assert abs(centre - starts[year] - share * room) < 1 + room * 3 / 365, key


def test_no_entry_scrolls_sideways(browser: Browser, served: str, corpus: Corpus) -> None:
    """All of them, on the narrowest phone: in the first one's page, whose head is theirs."""
    from archive_site.corpus.urls import entry_page

    paths = [entry_page(entry) for entry in corpus.entries.values()]
    with opened(browser, served + paths[0], 320) as page:
        wide = page.evaluate(
            """async (addresses) => {
              const wide = [], main = document.querySelector('main');
              for (const address of addresses) {
                const html = await (await fetch(address)).text();
                const other = new DOMParser().parseFromString(html, 'text/html');
                main.replaceChildren(...other.querySelector('main').childNodes);
                document.body.className = other.body.className;
                if (document.documentElement.scrollWidth > 320) wide.push(address);
              }
              return wide;
            }""",
            [served + path for path in paths],
        )
        assert wide == []
        assert page.locator("h1").inner_text()
