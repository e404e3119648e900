"""Takes the README's pictures of the site in build/: `make screenshots`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from browser import ARGUMENTS, REMEDY, find_browser

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "home": ("index.html", "0"),
    "reading-page": (
        "textes/boukharine-leningrad-1926/index.html",
        "document.querySelector('#appel-5').closest('.quotation').offsetTop",
    ),
}
# name, page, colours, where it is scrolled to, what is pointed at
ONCE: tuple[tuple[str, str, Literal["light", "dark"], str, str], ...] = (
    (
        "establishment",
        "textes/trotsky-lecons-octobre-1924/etablissement/index.html",
        "light",
        "#corrections",
        "",
    ),
    ("entry-desk-light", "personnes/kamenev/index.html", "light", "", ""),
    ("search-desk-light", "recherche/index.html?q=koulak+paysan", "light", "", ""),
    ("concordance-desk-light", "concordance/index.html?q=soviet*", "light", ".tally", ""),
    ("chronology-desk-light", "chronologie/index.html", "light", "", ""),
    ("network-desk-dark", "reseau/index.html", "dark", "#par-personne", ""),
    (
        "card-desk-light",
        "textes/trotsky-lecons-octobre-1924/index.html",
        "light",
        "#p-4-la-conference-d-avril",
        "#p-4-la-conference-d-avril ~ p a.name >> nth=2",
    ),
)
WIDTHS = {"phone": (360, 720), "tablet": (768, 1000), "desk": (1440, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    """Some pages at every width, light and dark; others once."""
    path = find_browser()
    if path is None:
        raise SystemExit(f"no browser. {REMEDY}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for name, (page_path, where) in PAGES.items():
            for device, (width, height) in WIDTHS.items():
                for scheme in SCHEMES:
                    page = browser.new_page(
                        viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    page.goto((ROOT / "build" / page_path).as_uri())
                    page.evaluate(f"scrollTo(0, {where} - 300)")
                    page.wait_for_timeout(300)
                    page.screenshot(path=FOLDER / f"{name}-{device}-{scheme}.png")
                    page.close()
        for name, page_path, scheme, where, pointed in ONCE:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
            page.goto(f"{(ROOT / 'build').as_uri()}/{page_path}")
            page.wait_for_timeout(500)
            if where:
                page.evaluate(f"document.querySelector('{where}').scrollIntoView()")
            if pointed:
                page.locator(pointed).hover()
                page.locator(".card").wait_for()
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
