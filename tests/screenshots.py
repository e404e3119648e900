"""Takes the pictures of README.md and docs/: `make screenshots`."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zipfile import ZipFile

import pypdfium2
import typst
from playwright.sync_api import Browser, sync_playwright

from archive_site.exports.pdf import as_typst
from archive_site.templating.resources import template_text
from browser import ARGUMENTS, REMEDY, find_browser
from guide import walk
from sites import load_corpus, publications_of

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
GUIDE = ROOT / "docs" / "from-pdf"
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
BOOK = "boukharine-leningrad-1926"
SHEET, CHAPTER, PLACE = 8, "-1.xhtml", "#je-veux-vous-lire-deux-extraits"
"""The pictures of books: a page of the PDF, a file of the EPUB and a place in it."""
READER = "html { padding: 0 3rem; font-family: Palatino, 'URW Palladio L', P052, serif; }"
"""What a reading program gives an EPUB: its margins, its face."""
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
        citing(browser)
        epub(browser)
        guide(browser)
        browser.close()
    pdf()


def citing(browser: Browser) -> None:
    """The panel that cites a passage."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.goto((ROOT / "build" / "textes" / BOOK / "index.html").as_uri())
    page.evaluate(
        """() => {
          const block = document.querySelector(".body p:has(> [data-n='12'])");
          block.scrollIntoView({ block: "center" });
          getSelection().setBaseAndExtent(block.firstChild, 0, block.firstChild, 34);
        }"""
    )
    page.get_by_role("button", name="Citer ce passage").click()
    page.locator(".cite-panel").wait_for()
    page.screenshot(path=FOLDER / "citing-desk-light.png")
    page.close()


def epub(browser: Browser) -> None:
    """A page of an EPUB, as a reader of 600 by 860 pixels shows it."""
    with TemporaryDirectory() as folder:
        with ZipFile(ROOT / "build" / "textes" / BOOK / f"{BOOK}.epub") as book:
            book.extractall(folder)
            (chapter,) = (name for name in book.namelist() if name.endswith(CHAPTER))
        page = browser.new_page(viewport={"width": 600, "height": 860})
        page.goto((Path(folder) / chapter).as_uri())
        page.add_style_tag(content=READER)
        page.evaluate("place => document.querySelector(place).scrollIntoView()", PLACE)
        page.screenshot(path=FOLDER / "epub-page.png")
        page.close()


def guide(browser: Browser) -> None:
    """The pictures of docs/from-a-pdf-to-a-page.md: a page of the PDF, then pages of the sites that
    its steps build."""
    with closing(pypdfium2.PdfDocument(GUIDE / "tisseurs.pdf")) as document:
        document[1].render(scale=1.4).to_pil().save(GUIDE / "page.png", optimize=True)
    text = (ROOT / "docs" / "from-a-pdf-to-a-page.md").read_text("utf-8")
    pictures = iter(
        (
            {
                "draft": ("", 760, ".verse"),
                "establishment": ("etablissement/", 1100, "#a-confirmer"),
            },
            {"reading-page": ("", 1440, ".verse")},
        )
    )
    with TemporaryDirectory() as name:
        shutil.copy(GUIDE / "tisseurs.pdf", name)
        for step in walk(text, Path(name)):
            for picture, (path, width, place) in (
                next(pictures) if step.command == "archive-site build" else {}
            ).items():
                page = browser.new_page(viewport={"width": width, "height": 700})
                built = step.folder / "build" / "textes" / "tisseurs" / path / "index.html"
                page.goto(built.as_uri())
                page.locator(place).last.evaluate("e => e.scrollIntoView({ block: 'center' })")
                page.screenshot(path=GUIDE / f"{picture}.png")
                page.close()


def pdf() -> None:
    """A page of a PDF."""
    corpus, _ = load_corpus(ROOT / "corpus")
    source = as_typst(publications_of(corpus)[BOOK], template_text("book.typ")).encode()
    sheets = typst.compile(source, format="png", ppi=103, ignore_system_fonts=True)
    assert isinstance(sheets, list)
    (FOLDER / "pdf-page.png").write_bytes(sheets[SHEET - 1])


if __name__ == "__main__":
    main()
