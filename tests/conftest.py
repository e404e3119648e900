"""Fixtures that several tests share."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from archive_site.exports.publication import Publication
from archive_site.files.pack import decoded, encoded
from archive_site.serve.server import open_server
from browser import ARGUMENTS, REMEDY, find_browser
from builds import publish
from examples import register_profiles
from sites import Corpus, load_corpus, publications_of, site_of

IN_MEMORY, ROOM = Path("/dev/shm"), 4_000_000_000


def _roomy() -> bool:
    return os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM


# Tests make and delete very many files: where there is room, none of them comes to a disk.
if "TMPDIR" not in os.environ and _roomy():
    os.environ["TMPDIR"] = str(IN_MEMORY)
    tempfile.tempdir = None  # it may have been looked up before

# What the tests' own builds keep goes with them: a worker's with the process that started it.
_within = os.environ["XDG_CACHE_HOME"] if "PYTEST_XDIST_WORKER" in os.environ else None
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="archive-site-tests-", dir=_within)
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

register_profiles()
ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
KINDS = Path(__file__).parent / "kinds"
"""An archive of other kinds than the first: verse, a play, a session, letters, a decree."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden mini-site")
    parser.addoption("--no-browser", action="store_true", help="leave the browser tests out")


def pytest_configure(config: pytest.Config) -> None:
    """Looks for garbage less often: parsed pages and sites are millions of objects that stay."""
    settings.load_profile(config.getoption("hypothesis_profile") or "default")
    gc.set_threshold(100_000, 20, 100)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # run with `&`, as commands then would be
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` starts: one more than there are cores, since some always wait
    for a browser or another process."""
    return (os.cpu_count() or 1) + 1


MARKED = {
    "browser": {"browser"},
    "java": {"java"},
    "slow": {"site", "pdfs", "lasting", "mortal"},
}
"""What a test that uses one of these fixtures, by whatever way, is marked as."""


def marks_of(fixtures: Iterable[str]) -> set[str]:
    """The marks of a test that uses these fixtures, and those that they use."""
    used = set(fixtures)
    return {mark for mark, names in MARKED.items() if names & used}


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses among them
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark in marks_of(getattr(item, "fixturenames", ())):
            item.add_marker(mark)
    if config.getoption("--no-browser"):
        left_out = [item for item in items if item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


Once = Callable[[str], AbstractContextManager[Path]]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Gives a path that all processes share: who comes second waits, and finds it made."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    @contextmanager
    def path(name: str) -> Iterator[Path]:
        with (shared / f"{name}.lock").open("w") as lock:
            flock(lock, LOCK_EX)  # until it is closed
            yield shared / name

    return path


@pytest.fixture(scope="session")
def corpus(once: Once) -> Corpus:
    """The real corpus."""
    with once("corpus") as kept:
        kept.mkdir(exist_ok=True)
        loaded, findings = load_corpus(ROOT / "corpus", kept)
    assert [str(finding) for finding in findings if finding.stops] == []
    return loaded


@pytest.fixture(scope="session")
def site(once: Once) -> dict[str, bytes]:
    """The real site, with all that can be taken along."""
    with once("site") as kept:
        if not kept.exists():
            kept.write_bytes(encoded(site_of(ROOT / "corpus", exports=True)))
        return decoded(kept.read_bytes(), dict[str, bytes])


@pytest.fixture(scope="session")
def kinds(once: Once) -> dict[str, bytes]:
    """The site of `KINDS`, with all that can be taken along."""
    with once("kinds") as kept:
        if not kept.exists():
            kept.write_bytes(encoded(site_of(KINDS / "corpus", exports=True)))
        return decoded(kept.read_bytes(), dict[str, bytes])


@pytest.fixture(scope="session")
def publications(corpus: Corpus) -> dict[str, Publication]:
    """The real texts as their files say them, by id."""
    return publications_of(corpus)


QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
"""Options of Java for programs that end soon."""


@pytest.fixture(scope="session")
def java() -> str:
    """What runs EPUBCheck and Jing."""
    path = shutil.which("java")
    if path is None:
        pytest.fail("no Java, which judges EPUB and TEI: apt-get install default-jre-headless")
    return path


# ---------------------------------------------------------------- the site in a browser


def pytest_report_header() -> str:
    return f"browser: {find_browser() or 'none'}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail(f"no browser. {REMEDY}")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def folder(site: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in a folder below another, so that a server shows it under a sub-path."""
    root = tmp_path_factory.mktemp("www")
    publish(site, root / "some" / "archive")
    return root


@pytest.fixture(scope="session")
def served(folder: Path) -> Iterator[str]:
    with open_server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/some/archive/"
        server.shutdown()


@pytest.fixture(params=["disk", "sub-path"])
def base(request: pytest.FixtureRequest, folder: Path, served: str) -> str:
    disk = (folder / "some" / "archive").as_uri() + "/"
    return disk if request.param == "disk" else served


@contextmanager
def opened(
    browser: Browser, url: str, width: int = 1280, scripts: bool = True, **context: Any
) -> Iterator[Page]:
    """A page in a browser that has kept nothing yet; a narrow one is a phone's."""
    phone = {"has_touch": True, "is_mobile": True} if width < 500 else {}
    viewport = {"width": width, "height": 800}
    options = phone | context
    inside = browser.new_context(viewport=viewport, java_script_enabled=scripts, **options)  # type: ignore[arg-type]  # a width and a height
    page = inside.new_page()
    page.goto(url)
    yield page
    inside.close()


Look = Callable[..., Page]


@pytest.fixture(scope="session")
def look(browser: Browser) -> Iterator[Look]:
    """Opens an address as `opened` does, but on one page for all tests of a width, since to open a
    page costs more than to load one: for tests that only look, and leave nothing behind."""
    pages: dict[int, Page] = {}
    with ExitStack() as stack:

        def page(url: str, width: int) -> Page:
            if width not in pages:
                pages[width] = stack.enter_context(opened(browser, "about:blank", width))
            found = pages[width]
            found.set_viewport_size({"width": width, "height": 800})
            found.goto(url)
            assert found.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
            return found

        yield page


def in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    height = page.evaluate("innerHeight")
    return box is not None and -1 <= box["y"] < height


def until(page: Page, what: str) -> None:
    """Waits for what a script says to become true. (The page's own policy forbids Playwright's.)"""
    for _ in range(250):
        if page.evaluate(what):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {what}")


def until_kept(page: Page, address: str, what: str) -> None:
    """Opens a page until what another page kept is there.

    From a disk, Chromium may give a new process nothing of it for a while.
    """
    for _ in range(40):
        page.goto(address)
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never kept: {what}")


NOT_FOUND = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
    for (let node; (node = texts.nextNode()); ) {
        if (node.parentElement.closest("option, script, style, title")) continue
        if (/[\\u202f\\u2060]/.test(node.data)) found.push(node.data.slice(0, 60))
    }
    return found
}"""
"""Gives the words on a page with a space that a search for a plain one does not find."""
TORN = """() => [...document.querySelectorAll(".thin, .unbroken, .ordinal")]
    .map((part) => part.parentElement)
    .filter((parent) => /flex|grid/.test(getComputedStyle(parent).display))
    .map((parent) => parent.outerHTML.slice(0, 100))"""
"""Gives the elements in which each part of a text would be a column, or a word, of its own."""
ENTRIES = (
    "personnes/lenine",
    "organisations/commissariat-commerce-exterieur",
    "lieux/petrograd",
    "oeuvres/pravda",
    "chronologie/revolution-d-octobre",
    "notions/nep",
)
"""An entry of each kind: those with most to show, or the longest names."""
INDEXES = ("personnes", "organisations", "lieux", "oeuvres", "notions", "chronologie", "reseau")


def pages_to_look_at() -> list[str]:
    """Every page of the real site but those of entries, of which one of each kind stands here;
    of the pages of days, the longest."""
    texts = (
        f"textes/{path.stem}/{page}"
        for path in sorted(ROOT.glob("corpus/editions/*.md"))
        for page in ("", "etablissement/", "source/")
    )
    named = (f"{folder}/" for folder in (*INDEXES, *ENTRIES, "chronologie/1917"))
    found = ("recherche/", "concordance/")
    about = (*found, "", "textes/", "a-propos/", "a-propos/schema/", "a-propos/style/", "donnees/")
    return ["404.html", *(f"{folder}index.html" for folder in (*about, *texts, *named))]
