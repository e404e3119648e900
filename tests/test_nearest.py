"""A page asked for an address that it does not have leads to the nearest passage, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from conftest import in_view, opened, until
from sites import site_of
from small import aliases_of, archive, edition
from test_axe import violations

FILLER = [
    f"Le {n}e jour, on attendit encore que la mine rouvrît, et rien ne vint." for n in range(60)
]
BODY = "\n\n".join(
    [
        "# La mine", *FILLER[:20], "## La reprise",
        '[]{.pb n="12"}Une assemblée se tint le dimanche ; on y vota.[^1]', *FILLER[20:40],
        'La compagnie []{.pb n="20"}répondit par une affiche, et le cœur n’y était pas.[^7]',
        *FILLER[40:], "[^1]: Deux cents voix.", "[^7]: L’affiche est perdue.",
    ]
) + "\n"  # fmt: skip
ASSEMBLY, ANSWER = "une-assemblee-se-tint-le-dimanche", "la-compagnie-repondit-par-une-affiche"
PATH = "textes/a/index.html"


@pytest.fixture(scope="module")
def page_of_text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a text's page on a disk, where each script must work, too."""
    folder = tmp_path_factory.mktemp("nearest")
    pairs = {"vieux": ANSWER, "note-9": "note-7", "page-99": "page-20", "titre-perdu": "la-reprise"}
    text = edition("a", BODY, aliases_of(pairs))
    for path, data in site_of(archive(folder, a=text)).items():
        file = folder / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    yield Path(folder / "site" / PATH).as_uri()


def shown(page: Page, anchor: str) -> None:
    """The message leads to this anchor, which is in view."""
    until(page, "!!document.querySelector('.toast a')")
    assert page.locator(".toast a").get_attribute("href") == "#" + anchor
    until(page, f"document.getElementById('{anchor}').getBoundingClientRect().top < innerHeight")
    assert in_view(page, f"[id='{anchor}']")


@pytest.mark.parametrize(
    ("asked", "anchor"),
    [
        ("une-assemblee-se-tint-un-dimanche", ASSEMBLY),
        ("or-une-assemblee-se-tint-le", ASSEMBLY),
        ("assemblee-se-tint", ASSEMBLY),  # its words
        ("et-le-coeur-n-y-etait", ANSWER),  # words within a passage
        ("la-reprise-du-travail", "la-reprise"),
        ("note-2", "note-1"),
        ("note-12", "note-7"),
        ("page-14", "page-12"),
        ("page-400", "page-20"),
        ("la-compagnie%20repondit-par", ANSWER),
    ],
)
def test_the_nearest_passage_is_shown(
    browser: Browser, page_of_text: str, asked: str, anchor: str
) -> None:
    with opened(browser, f"{page_of_text}#{asked}") as page:
        shown(page, anchor)
        said = page.locator(".toast[role=status]").inner_text()
        assert "n’existe plus dans ce texte" in said and "Le passage le plus proche" in said


@pytest.mark.parametrize("asked", ["xyzzy-quux", "page-xii", "note-a", "1%"])
def test_where_nothing_is_near_that_is_said(
    browser: Browser, page_of_text: str, asked: str
) -> None:
    with opened(browser, f"{page_of_text}#{asked}") as page:
        if asked == "1%":  # not an address at all
            page.wait_for_timeout(300)
            assert page.locator(".toast").count() == 0
            return
        until(page, "!!document.querySelector('.toast')")
        assert f"({asked})" in page.locator(".toast").inner_text()
        assert page.locator(".toast a").count() == 0
        assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize(
    "asked",
    [
        "", "#", "#top", f"#{ASSEMBLY}", "#note-1", "#page-12", "#vieux", "#note-9", "#page-99",
        "#notes", "#citer_le_texte", "#:~:text=assembl%C3%A9e", f"#{ANSWER}:~:text=affiche",
        "#correction-99", "#appel-99", "#doute-9", f"?mots=affiche#{ANSWER}",
    ],
)  # fmt: skip
def test_an_address_that_means_something_is_left_alone(
    browser: Browser, page_of_text: str, asked: str
) -> None:
    with opened(browser, page_of_text + asked) as page:
        page.wait_for_timeout(300)
        assert page.locator(".toast").count() == 0


def test_the_message_can_be_dismissed_and_goes_with_the_address(
    browser: Browser, page_of_text: str
) -> None:
    with opened(browser, f"{page_of_text}#page-14") as page:
        shown(page, "page-12")
        page.locator(".toast .close").click()
        assert page.locator(".toast").count() == 0
        page.evaluate("location.hash = '#note-2'")
        shown(page, "note-1")
        page.evaluate("location.hash = '#page-400'")
        shown(page, "page-20")
        assert page.locator(".toast").count() == 1
        page.locator(".toast a").click()
        until(page, "!document.querySelector('.toast')")
        assert page.evaluate("location.hash") == "#page-20"


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_the_message(browser: Browser, page_of_text: str, width: int) -> None:
    with opened(browser, f"{page_of_text}#or-une-assemblee-se-tint-le", width) as page:
        shown(page, ASSEMBLY)
        assert violations(page) == []
        right = page.locator(".toast").evaluate("e => e.getBoundingClientRect().right")
        assert right <= width


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vieux", ANSWER),
        ("note-9", "note-7"),
        ("page-99", "page-20"),
        ("titre-perdu", "la-reprise"),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_an_alias_leads_to_its_place_as_the_new_anchor_does(
    browser: Browser, page_of_text: str, old: str, new: str, scripts: bool
) -> None:
    """In the same place below the bar, with the same ground; without a script, too."""
    with opened(browser, f"{page_of_text}#{old}", scripts=scripts) as page:
        assert in_view(page, f"[id='{new}']")
        if not scripts:
            return
        look = f"""() => {{
            const it = document.getElementById('{new}'), style = getComputedStyle(it);
            return [style.backgroundColor, style.boxShadow];
        }}"""
        top = page.locator(f"[id='{new}']").evaluate("e => e.getBoundingClientRect().top")
        there = page.evaluate(look)
        page.evaluate(f"location.hash = '#{new}'")
        until(page, f"location.hash === '#{new}'")
        moved = page.locator(f"[id='{new}']").evaluate("e => e.getBoundingClientRect().top")
        assert abs(moved - top) < 12
        if not old.startswith("page"):
            assert page.evaluate(look) == there
