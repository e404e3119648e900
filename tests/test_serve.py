"""`archive-site serve`: a saved text is on its page, a bad edit is told, nothing is lost."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from archive_site.findings import Finding, NotPossible, Unsound
from archive_site.serve.events import (
    BUILDS_KEPT,
    FINDINGS_TOLD,
    PATHS_TOLD,
    STREAMS,
    Fault,
    Live,
    fault_of,
)
from archive_site.serve.server import followed, is_local, open_server, serve
from archive_site.serve.watch import watch_files
from builds import publish
from conftest import GOLDEN, opened, until
from sites import site_of
from test_axe import THEMES, violations

HANG = 30.0  # seconds: nothing here takes one
expect.set_options(timeout=HANG * 1000)
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"


# ---------------------------------------------------------------- an archive to work on


@dataclass
class Bench:
    """A corpus, a page for each of its files, and what the server says of it. A line `id: words` is
    a paragraph; `! words` a finding; `? words` a fault of the program."""

    root: Path
    said: list[str] = field(default_factory=list)
    site: dict[str, bytes] = field(default_factory=dict)
    builds: int = 0
    url: str = ""

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def output(self) -> Path:
        return self.root / "build"

    def save(self, name: str, *lines: str) -> None:
        """As a good editor does: a file beside, renamed."""
        self.corpus.mkdir(exist_ok=True)
        beside = self.corpus / f".{name}.{next(SERIAL)}"
        beside.write_text("\n".join(lines), "utf-8")
        beside.replace(self.corpus / name)

    def build(self) -> frozenset[str]:
        self.builds += 1
        site = {"static/style.css": b"body { line-height: 2 }", "404.html": page_of("404", [])}
        for path in sorted(self.corpus.glob("*.*")):
            lines = path.read_text("utf-8").splitlines()
            if path.suffix == ".css":
                site["static/style.css"] = path.read_bytes()
            for number, line in enumerate(lines, 1):
                if line.startswith("!"):
                    raise Unsound([Finding(str(path), number, "E011", line[2:], "Mend `it`.")])
                if line.startswith("?"):
                    raise RuntimeError(line[2:])
            if path.suffix == ".txt":
                site[f"{path.stem}/index.html"] = page_of(path.stem, lines)
        changed = {path for path, data in site.items() if self.site.get(path) != data}
        publish(site, self.output)
        self.site = site
        return frozenset(changed)


SERIAL = count()


def page_of(title: str, lines: list[str]) -> bytes:
    blocks = "".join(
        f"<p id='{name}'>{escape(words)} <a href='#{name}'>¶</a></p>"
        "<details><summary>+</summary><p>more</p></details>\n"
        for name, _, words in (line.partition(": ") for line in lines)
    )
    return (
        f"<!DOCTYPE html><html lang=fr><head><title>{title}</title>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<link rel=stylesheet href=/static/style.css></head>"
        f"<body><main><h1>{title}</h1>\n{blocks}</main></body></html>"
    ).encode()


@contextmanager
def serving(build: Callable[[], frozenset[str]], output: Path, *watched: Path) -> Iterator[Any]:
    """`serve` in a thread: yields where it serves and what it says."""
    said: list[str] = []
    ready, stop, failed = threading.Event(), threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        if "Ctrl+C" in line:
            ready.set()

    def run() -> None:
        try:
            serve(build, output, watched, port=0, say=say, stop=stop)
        except BaseException as error:
            failed.append(error)
        ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(HANG)
    assert not failed
    address = re.search(r"http://\S+/", "\n".join(said))
    assert address
    yield address[0], said
    stop.set()
    thread.join(HANG)
    assert not thread.is_alive() and not failed


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An archive of two texts that is served."""
    made = Bench(tmp_path)
    made.save("a.txt", *(f"a-{i}: Alinéa {i}, " + "des mots " * 30 for i in range(60)))
    made.save("b.txt", "b-0: Un autre texte")
    with serving(made.build, made.output, made.corpus) as (made.url, made.said):
        yield made


def wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < end, "never true"
        time.sleep(0.01)


def get(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def raw(url: str, path: str, host: str | None = None) -> http.client.HTTPResponse:
    """An answer to a path that no browser would send as it is."""
    name = url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(name, timeout=HANG)
    connection.request("GET", path, headers={"Host": host or name})
    return connection.getresponse()


# ---------------------------------------------------------------- pages follow the texts


TOP = "document.getElementById('a-40').getBoundingClientRect().top"


@pytest.mark.parametrize("anchor", ["", "#a-3"])
def test_a_saved_word_is_on_the_page_and_the_reader_where_she_was(
    browser: Browser, bench: Bench, anchor: str
) -> None:
    with opened(browser, f"{bench.url}a/index.html{anchor}") as page:
        page.locator("#a-41 + details summary").click()
        page.locator("#a-42 a").focus()
        page.evaluate("document.getElementById('a-40').scrollIntoView({ block: 'center' })")
        before = page.evaluate(TOP)
        assert before > 100
        new = [f"new-{i}: Un alinéa de plus, " + "long " * 60 for i in range(9)]
        lines = (bench.corpus / "a.txt").read_text("utf-8").splitlines()
        bench.save("a.txt", *lines[:20], *new, *lines[20:42], "a-42: Corrigé", *lines[43:])
        expect(page.locator("#a-42")).to_have_text("Corrigé ¶")
        until(page, "history.scrollRestoration === 'auto'")
        assert page.evaluate(TOP) == pytest.approx(before, abs=1)
        assert page.locator("details[open]").count() == 1
        assert page.locator("#a-41 + details[open]").count() == 1
        assert page.locator("#a-42 a:focus").count() == 1
        # Where the block at the top of the window goes, the next one holds the place.
        before = page.evaluate(TOP)
        top = page.evaluate("document.elementFromPoint(300, 5).closest('[id]').id")
        lines = (bench.corpus / "a.txt").read_text("utf-8").splitlines()
        bench.save("a.txt", *(line for line in lines if not line.startswith(f"{top}:")))
        expect(page.locator(f"#{top}")).to_have_count(0)
        until(page, "history.scrollRestoration === 'auto'")
        assert page.evaluate(TOP) == pytest.approx(before, abs=1)


def test_a_reader_at_the_top_stays_there(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}a/index.html#a-3") as page:
        page.evaluate("scrollTo(0, 0)")
        bench.save("a.txt", *(f"a-{i}: Relu" + " mot" * 300 for i in range(60)))
        expect(page.locator("#a-3")).to_contain_text("Relu")
        until(page, "history.scrollRestoration === 'auto'")
        assert page.evaluate("scrollY") == 0


def test_a_page_that_did_not_change_stays(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}a/") as a, opened(browser, f"{bench.url}b/") as b:
        for page in (a, b):
            page.evaluate("window.kept = true")
        bench.save("a.txt", "a-0: Nouveau")
        expect(a.locator("#a-0")).to_have_text("Nouveau ¶")
        bench.save("b.txt", "b-0: Nouveau aussi")
        expect(b.locator("#b-0")).to_have_text("Nouveau aussi ¶")
        assert a.evaluate("window.kept") is None
        for page in (a, b):
            page.evaluate("window.kept = true")
        bench.save("a.txt", "a-0: Nouveau", "a-1: encore")
        expect(a.locator("#a-1")).to_have_count(1)
        assert b.evaluate("window.kept") is True
        bench.save("style.css", "body { line-height: 3 }")  # what all pages load
        for page in (a, b):
            expect(page.locator("body")).to_have_css("line-height", "48px")


def test_a_page_that_was_not_there_comes(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}c/") as page:
        expect(page.locator("h1")).to_have_text("404")
        bench.save("c.txt", "c-0: Le voici")
        expect(page.locator("#c-0")).to_have_text("Le voici ¶")


def test_a_page_that_slept_is_told_what_it_missed(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}a/") as page:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
        bench.save("a.txt", "a-0: Manqué")
        wait(lambda: bench.builds == 2)
        page.evaluate("dispatchEvent(new Event('focus'))")
        expect(page.locator("#a-0")).to_have_text("Manqué ¶")


def test_what_is_on_the_disk_is_the_site_and_nothing_more(bench: Bench) -> None:
    status, page = get(f"{bench.url}a/")
    assert status == 200 and b"follow.js" in page
    assert (bench.output / "a" / "index.html").read_bytes() == bench.site["a/index.html"]
    script = re.search(rb"<script src=\"/.archive-site/follow.js\"[^\n]*\n", page)
    assert script and page.replace(script[0], b"") == bench.site["a/index.html"]
    status, style = get(f"{bench.url}static/style.css")
    assert status == 200 and style == bench.site["static/style.css"]
    assert followed(b"<p>no head", 'a"b', "x.1").startswith(b"<p>no head<script ")
    assert b'data-page="a&quot;b"' in followed(b"", 'a"b', "x.1")


# ---------------------------------------------------------------- what stops a build


FAULT = "archive-site-fault dialog"


def test_a_finding_stands_before_every_page_until_it_is_mended(
    browser: Browser, bench: Bench
) -> None:
    with opened(browser, f"{bench.url}a/") as a, opened(browser, f"{bench.url}b/") as b:
        a.evaluate("scrollTo(0, 900); window.kept = true")
        hostile = '<img src=x onerror="document.title=1"> \u202e'
        bench.save("b.txt", "b-0: Un autre texte", f"! {hostile}")
        for page in (a, b):
            fault = page.locator(FAULT)
            expect(fault).to_be_visible()
            expect(fault).to_have_role("alertdialog")
            expect(fault.locator("h1")).to_have_text("1 error; site not built")
            expect(fault.locator(".place")).to_have_text(f"{bench.corpus / 'b.txt'}:2E011")
            assert fault.locator(".message").text_content() == hostile
            expect(fault.locator(".remedy code")).to_have_text("it")
            assert fault.locator("img").count() == 0
        assert a.evaluate("document.title") == "a"
        with opened(browser, f"{bench.url}a/") as later:
            expect(later.locator(FAULT)).to_be_visible()
        assert get(f"{bench.url}b/")[1].count(b"Un autre texte") == 1  # the old site is there
        assert f"{bench.corpus / 'b.txt'}:2: E011" in "\n".join(bench.said)
        b.keyboard.press("Escape")
        expect(b.locator(FAULT)).to_be_hidden()
        b.get_by_role("button", name="1 error; site not built").click()
        expect(b.locator(FAULT)).to_be_visible()
        bench.save("b.txt", "b-0: Relu")
        expect(b.locator("#b-0")).to_have_text("Relu ¶")
        for page in (a, b):
            expect(page.locator("archive-site-fault")).to_have_count(0)
        assert a.evaluate("[scrollY, window.kept]") == [900, True]


def test_an_edit_that_is_taken_back_loads_nothing_anew(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}b/") as page:
        page.evaluate("window.kept = true")
        bench.save("b.txt", "! no")
        expect(page.locator(FAULT)).to_be_visible()
        bench.save("b.txt", "! not so, either")
        expect(page.locator(f"{FAULT} .message")).to_have_text("not so, either")
        bench.save("b.txt", "b-0: Un autre texte")
        expect(page.locator("archive-site-fault")).to_have_count(0)
        assert page.evaluate("window.kept") is True


def test_a_first_build_that_fails_is_shown_at_any_address(browser: Browser, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.save("a.txt", "! never sound")
    with serving(bench.build, bench.output, bench.corpus) as (url, _):
        status, body = get(f"{url}a/")
        assert status == 503 and b"No site yet" in body
        with opened(browser, f"{url}a/") as page:
            expect(page.locator(FAULT)).to_contain_text("never sound")
            bench.save("a.txt", "a-0: Enfin")
            expect(page.locator("#a-0")).to_have_text("Enfin ¶")
            expect(page.locator("archive-site-fault")).to_have_count(0)


def test_a_fault_of_the_program_is_told_with_its_trace(browser: Browser, bench: Bench) -> None:
    with opened(browser, f"{bench.url}b/") as page:
        bench.save("b.txt", "? <b>oops</b>")
        fault = page.locator(FAULT)
        expect(fault.locator("h1")).to_have_text("Internal error")
        expect(fault.locator(".message")).to_have_text("RuntimeError: <b>oops</b>")
        fault.locator("summary").click()
        expect(fault.locator("pre")).to_contain_text("in build")
        assert "Traceback (most recent call last)" in "\n".join(bench.said)
        bench.save("b.txt", "b-0: Relu")
        expect(page.locator("#b-0")).to_have_text("Relu ¶")


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_a_fault(browser: Browser, bench: Bench, width: int) -> None:
    bench.save("b.txt", "b-0: x", "! " + "words " * 80 + "longer" * 40)
    wait(lambda: len(bench.said) == 2)
    with opened(browser, f"{bench.url}b/", width) as page:
        expect(page.locator(FAULT)).to_be_visible()
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            assert violations(page) == []
        sideways = (
            "{const d = document.querySelector('archive-site-fault').shadowRoot.querySelector"
        )
        assert (
            page.evaluate(f"() => {sideways}('dialog'); return d.scrollWidth - d.clientWidth}}")
            <= 0
        )


def test_a_fault_that_is_mended_meanwhile_is_not_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.save("a.txt", "a-0: one")

    def build() -> frozenset[str]:
        if bench.builds == 1:  # a file that is half written when it is read
            bench.save("a.txt", "a-0: whole")
            bench.builds += 1
            raise NotPossible("a.txt changed while the site was built")
        return bench.build()

    with serving(build, bench.output, bench.corpus) as (_, said):
        bench.save("a.txt", "a-0: half")
        wait(lambda: b"whole" in bench.site["a/index.html"])
    assert "built" not in "\n".join(said)


def test_every_fault_has_its_words(tmp_path: Path) -> None:
    warning, error = Finding("a", 1, "W050", "draft"), Finding("a", 2, "E012", "date", "EDTF")
    fault = fault_of(Unsound([error, warning]))
    assert fault == Fault("1 error; site not built", (error,))
    assert str(fault) == "1 error; site not built\na:2: E012 date\n    EDTF"
    told = str(fault_of(NotPossible("full disk", "Free space.")))
    assert told == "Site not built\nfull disk\n    Free space."
    with pytest.raises(OSError) as missing:
        (tmp_path / "none").read_text("utf-8")
    assert str(tmp_path / "none") in str(fault_of(missing.value))
    told = str(fault_of(KeyError("x")))
    assert told.startswith("Internal error\nKeyError: 'x'") and "fault of the program" in told


# ---------------------------------------------------------------- what pages are told


def told(live: Live, since: str) -> dict[str, Any]:
    """The first word to a page of the build `since`."""
    page, server = socket.socketpair()
    with page, server:
        thread = threading.Thread(target=live.follow, args=(server, since))
        thread.start()
        message = page.recv(1_000_000).decode()
        page.close()
        thread.join(HANG)
    identity, data, *_ = message.splitlines()
    assert identity == f"id: {live.build_id}"
    said: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return said


def test_a_page_is_told_all_that_changed_since_its_build() -> None:
    live = Live()
    live.report_success(frozenset({"a"}))
    first = live.build_id
    live.report_success(frozenset({"b"}))
    live.report_success(frozenset({"c"}))
    live.report_success(frozenset())
    assert told(live, live.build_id) == {"changed": [], "fault": None}
    assert told(live, first) == {"changed": ["b", "c"], "fault": None}
    for unknown in ("", "x.1", f"{first}0", "x", first.partition(".")[0] + ".-1", "é.²"):
        assert told(live, unknown)["changed"] is None
    live.report_failure(Fault("no", (Finding("p", 1, "E011", "m"),) * (FINDINGS_TOLD + 3)))
    assert told(live, first)["changed"] == ["b", "c"]
    fault = told(live, first)["fault"]
    assert len(fault["findings"]) == FINDINGS_TOLD and fault["more"] == 3
    live.report_success(frozenset(map(str, range(PATHS_TOLD + 1))))
    assert told(live, first) == {"changed": None, "fault": None}
    for _ in range(BUILDS_KEPT):
        live.report_success(frozenset({"d"}))
    assert told(live, first)["changed"] is None


def test_of_many_pages_the_first_rests() -> None:
    live = Live()
    pairs = [socket.socketpair() for _ in range(STREAMS + 1)]
    threads = []
    for page, server in pairs:
        threads.append(threading.Thread(target=live.follow, args=(server, live.build_id)))
        threads[-1].start()
        page.settimeout(HANG)
        assert page.recv(100_000).startswith(b"id: ")
    assert pairs[0][0].recv(1000) == b"event: rest\ndata: 1\n\n"
    live.end()
    for page, _ in pairs:
        assert page.recv(1000) == b""
    for thread, pair in zip(threads, pairs, strict=True):
        thread.join(HANG)
        assert not thread.is_alive()
        for end in pair:
            end.close()
    with socket.socket() as late:
        live.follow(late, "")  # nothing is told when all has ended


# ---------------------------------------------------------------- watching


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    """Ends what waits for changes, if they never come."""
    end = threading.Event()
    timer = threading.Timer(HANG, end.set)
    timer.start()
    yield end
    timer.cancel()


def test_ways_of_saving_are_seen_and_what_editors_leave_is_not(
    tmp_path: Path, stop: threading.Event
) -> None:
    folder = tmp_path / ".hidden" / "corpus"  # an archive may stand anywhere
    (folder / "editions").mkdir(parents=True)
    (folder / ".git").mkdir()
    text = folder / "editions" / "x.md"
    text.write_text("one", "utf-8")
    changes = watch_files([folder], folder / "build", stop)
    assert next(changes) == frozenset()

    def seen(name: str) -> set[str]:
        """What is seen up to the file `name`, which is written last."""
        (folder / name).write_text("", "utf-8")
        found: set[str] = set()
        for paths in changes:
            found |= {path.relative_to(folder).as_posix() for path in paths}
            if name in found:
                return found - {name}
        raise AssertionError

    text.write_text("two", "utf-8")
    assert "editions/x.md" in seen("1.yaml")
    (folder / "editions" / "x.md.tmp").write_text("three", "utf-8")
    (folder / "editions" / "x.md.tmp").replace(text)
    assert seen("2.yaml") == {"editions/x.md"}
    text.replace(f"{text}~")  # vim
    text.write_text("four", "utf-8")
    assert seen("3.yaml") == {"editions/x.md"}
    (folder / "editions" / ".#lock").symlink_to("nobody@nowhere")  # emacs
    for junk in (".x.md.swp", "x.md.swp", "4913", ".#x.md", "#x.md#", "x.md~", ".git/index"):
        (folder / junk).write_text("", "utf-8")
    for ours in ("build", ".build.new", ".build.old", ".build.cache"):
        (folder / ours).mkdir()
        (folder / ours / "index.html").write_text("", "utf-8")
    assert seen("4.yaml") == set()
    (folder / "editions" / "deep").mkdir()
    assert seen("5.yaml") == {"editions/deep"}
    (folder / "editions" / "deep" / "y.md").write_text("", "utf-8")
    assert "editions/deep/y.md" in seen("6.yaml")
    text.unlink()
    assert seen("7.yaml") == {"editions/x.md"}
    stop.set()
    assert next(changes, None) is None


def test_a_folder_that_goes_is_awaited(bench: Bench) -> None:
    other = Path(copytree(bench.corpus, bench.root / "other"))
    (other / "b.txt").write_text("b-0: Une autre branche", "utf-8")
    bench.corpus.rename(bench.root / "away")
    other.rename(bench.corpus)
    wait(lambda: b"Une autre branche" in bench.site["b/index.html"])
    bench.save("b.txt", "b-0: Et suivie")
    wait(lambda: b"Et suivie" in bench.site["b/index.html"])
    rmtree(bench.corpus)
    wait(lambda: "b/index.html" not in bench.site)
    bench.save("b.txt", "b-0: Revenue")
    wait(lambda: b"Revenue" in bench.site.get("b/index.html", b""))


def test_a_folder_may_come_later(tmp_path: Path, stop: threading.Event) -> None:
    corpus, templates = tmp_path / "corpus", tmp_path / "templates"
    corpus.mkdir()
    changes = watch_files([corpus, templates], tmp_path / "build", stop)
    assert next(changes) == frozenset()
    saved = filter(None, changes)
    templates.mkdir()
    assert next(saved) == {templates}
    (templates / "base.html").write_text("", "utf-8")
    assert next(saved) == {templates / "base.html"}
    rmtree(templates)
    while templates not in next(saved):
        pass
    (corpus / "site.yaml").write_text("", "utf-8")
    while corpus / "site.yaml" not in next(saved):
        pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="no folder at"):
        serve(frozenset, tmp_path, [tmp_path / "corpsu"], port=0, say=lambda _: None)


# ---------------------------------------------------------------- the server


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and where it is served without anything more."""
    folder = tmp_path / "build"
    publish({"index.html": b"<p>home", "a/index.html": b"<p>a", "404.html": b"<p>none"}, folder)
    with open_server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_files_of_the_site_and_no_others_are_served(plain: tuple[Path, str]) -> None:
    folder, url = plain
    (folder.parent / "secret.txt").write_text("secret", "utf-8")
    (folder / "out").symlink_to(folder.parent)
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "in.html").symlink_to("index.html")
    assert get(url) == (200, b"<p>home") and get(f"{url}a/") == (200, b"<p>a")
    assert get(f"{url}in.html?q=1") == (200, b"<p>home")
    for path in (
        "/../secret.txt", "/a/../../secret.txt", "/%2e%2e/secret.txt", "/a/%2e%2e%2f../secret.txt",
        "/out.txt", "/out/secret.txt", "/a/../index.html", "/%00",
        f"/{quote(str(folder / 'a'), '')}",
    ):  # fmt: skip
        answer = raw(url, path)
        assert answer.status == 403, path
        assert b"secret" not in answer.read()
    for path in (
        "/rien",
        "/a/rien",
        "/index.html/",
        "/[",
        "//[",
        "/%ff",
        "/.archive-site/follow.js",
    ):
        answer = raw(url, path)
        assert (answer.status, answer.read()) == (404, b"<p>none"), path
    (folder / "data").mkdir()
    assert get(f"{url}data/")[0] == 404  # no folder is listed, as on most hosts


def test_a_folder_s_address_ends_with_a_slash(plain: tuple[Path, str]) -> None:
    assert raw(plain[1], "/a").headers["Location"] == "/a/"
    assert raw(plain[1], "//a").headers["Location"] == "/a/"  # with two it were another host


def test_only_this_machine_s_names_are_answered(plain: tuple[Path, str]) -> None:
    _, url = plain
    for name in ("127.0.0.1:1", "localhost", "LOCALHOST:80", "[::1]:8000"):
        assert raw(url, "/", name).status == 200, name
    for name in (
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "x@localhost",
    ):
        answer = raw(url, "/", name)
        assert answer.status == 403, name
        assert b"home" not in answer.read()
    assert is_local("localhost") and is_local("127.3.2.1") and is_local("::1")
    assert not any(map(is_local, ("", "0.0.0.0", "::", "192.168.1.2", "example.org")))


def test_a_port_that_is_taken_is_left(tmp_path: Path) -> None:
    with open_server(tmp_path, 0) as one, open_server(tmp_path, one.server_address[1]) as other:
        assert other.server_address[1] > one.server_address[1]
    with pytest.raises(NotPossible, match="not an address of this machine"):
        open_server(tmp_path, 0, "\udcff")
    with pytest.raises(NotPossible, match="not an address of this machine"):
        open_server(tmp_path, 0, "203.0.113.7")


def test_another_host_is_warned_of(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.save("a.txt", "a-0: x")
    stop, said = threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("warning"):
            stop.set()

    serve(bench.build, bench.output, [bench.corpus], port=0, host="0.0.0.0", say=say, stop=stop)
    assert said[0].startswith("http://127.0.0.1:") and "--host" in said[1]


def test_no_answer_is_half_a_page(plain: tuple[Path, str]) -> None:
    folder, url = plain
    pages = [b"<p>" + sign * 300_000 for sign in (b"a", b"b")]
    publish({"index.html": pages[0]}, folder)
    done = threading.Event()

    def exchange() -> None:
        for i in range(1, 60):
            publish({"index.html": pages[i % 2]}, folder)
        done.set()

    thread = threading.Thread(target=exchange)
    thread.start()
    asked = 0
    while not done.is_set():
        status, body = get(url)
        assert status == 200 and body in pages
        asked += 1
    thread.join()
    assert asked > 1


LONG, NUMBER = "a" * 5_000, "9" * 5_000
ODD_REQUESTS = {
    "a long name": (f"GET /{LONG} HTTP/1.1", 404),
    "a long name of a folder": (f"GET /{LONG}/ HTTP/1.1", 404),
    "a long name within one": (f"GET /a/{LONG}/{LONG} HTTP/1.1", 404),
    "a name of many folders": (f"GET /{'a/' * 5_000} HTTP/1.1", 404),
    "its head": (f"HEAD /{LONG} HTTP/1.1", 404),
    "the head of events": ("HEAD /.archive-site/events HTTP/1.1", 404),
    "a longer address than any": (f"GET /{'a' * 70_000} HTTP/1.1", 414),
    "a NUL byte": ("GET /a%00b HTTP/1.1", 403),
    "a NUL byte itself": ("GET /a\0b HTTP/1.1", 403),
    "no UTF-8": ("GET /%ff%fe/%ed%a0%80 HTTP/1.1", 404),
    "no percent encoding": ("GET /%zz%e9%/%1 HTTP/1.1", 404),
    "an end of line": ("GET /a%0d%0aSet-Cookie:%20a=b HTTP/1.1", 404),
    "above the site": ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 403),
    "above it, and long": (f"GET /../{LONG} HTTP/1.1", 403),
    "a file as a folder": ("GET /a/index.html/ HTTP/1.1", 404),
    "a file in a file": ("GET /a/index.html/b HTTP/1.1", 404),
    "a backslash": ("GET /..\\..\\etc HTTP/1.1", 404),
    "another site": ("GET http://exemple.fr/a/ HTTP/1.1", 404),
    "an unknown verb": ("BREW / HTTP/1.1", 501),
    "a long header": (f"GET / HTTP/1.1\r\nX: {'a' * 70_000}", 431),
    "many headers": ("GET / HTTP/1.1" + "\r\nX: a" * 200, 431),
    "a long query": (f"GET /a/?{LONG} HTTP/1.1", 200),
}


def sent(url: str, request: str) -> bytes:
    """The first line of the answer to a request that is sent as it stands."""
    host = url.removeprefix("http://").rstrip("/")
    name, port = host.rsplit(":", 1)
    with socket.create_connection((name, int(port)), timeout=HANG) as connection:
        whole = f"{request}\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        with suppress(ConnectionError):  # it has heard enough
            connection.sendall(whole.encode())
        with connection.makefile("rb") as answer:
            return answer.readline()


@pytest.mark.parametrize(("request_line", "status"), ODD_REQUESTS.values(), ids=ODD_REQUESTS)
def test_whatever_is_asked_is_answered(
    request_line: str, status: int, bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    assert sent(bench.url, request_line).split()[1:2] == [b"%d" % status]
    assert get(f"{bench.url}a/")[0] == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("since", [NUMBER, f".{NUMBER}", f"-{NUMBER}", "٣", "%00", "a.b.c", ""])
@pytest.mark.parametrize("by", ["query", "header"])
def test_whatever_build_a_page_is_of_it_is_followed_and_let_go(
    by: str, since: str, bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    run = re.search(rb'data-build="(\w+)\.', get(f"{bench.url}a/")[1])
    assert run
    since = since.replace(".9", f"{run[1].decode()}.9", 1)
    before = threading.active_count()
    headers = {"Last-Event-ID": since.encode()} if by == "header" else {}
    name = bench.url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(name, timeout=HANG)
    query = f"?since={quote(since)}" if by == "query" else ""
    connection.request("GET", f"/.archive-site/events{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    lines = [answer.readline() for _ in range(4)]
    assert json.loads(lines[3].removeprefix(b"data: "))["changed"] is None
    answer.close()
    connection.close()
    wait(lambda: threading.active_count() <= before)
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_is_being_exchanged_is_awaited(
    plain: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = plain
    away = folder.rename(folder.with_name("away"))
    monkeypatch.setattr("archive_site.serve.server.time.sleep", lambda _: away.rename(folder))
    assert get(url) == (200, b"<p>home")


# ---------------------------------------------------------------- its end


SERVED = """
import signal
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what runs in the background
from archive_site.serve.server import serve
def build():
    Path("build").mkdir(exist_ok=True)
    Path("build/index.html").write_text("<p>home")
    return frozenset({"index.html"})
serve(build, Path("build"), [Path("corpus")], port=0, say=lambda line: print(line, flush=True))
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to(tmp_path: Path, sign: signal.Signals) -> None:
    (tmp_path / "corpus").mkdir()
    command = [sys.executable, "-c", SERVED]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=os.environ, **pipes) as process:
        assert process.stdout
        url = process.stdout.readline().split()[0]
        stream = raw(url, "/.archive-site/events")  # a page that listens does not hold it up
        assert stream.readline() == b"retry: 1000\n"
        process.send_signal(sign)
        _, errors = process.communicate(timeout=HANG)
    assert (process.returncode, errors) == (0, "")
    port = int(url.rstrip("/").rpartition(":")[2])
    with open_server(tmp_path, port) as server:
        assert server.server_address[1] == port


# ---------------------------------------------------------------- a real archive


@dataclass
class Archive:
    """The small corpus, and the site that the program makes of it."""

    corpus: Path
    output: Path
    site: dict[str, bytes] = field(default_factory=dict)

    def build(self) -> frozenset[str]:
        site = site_of(self.corpus)
        publish(site, self.output)
        former, self.site = self.site, site
        return frozenset(path for path in site if former.get(path) != site[path])


def test_an_edition_is_edited_broken_and_mended(browser: Browser, tmp_path: Path) -> None:
    archive = Archive(Path(copytree(GOLDEN / "corpus", tmp_path / "corpus")), tmp_path / "build")
    edition = archive.corpus / "editions" / "lettre-1906.md"
    text = edition.read_text("utf-8")
    with (
        serving(archive.build, archive.output, archive.corpus) as (url, _),
        opened(browser, f"{url}textes/lettre-1906/index.html", width=360) as page,
    ):
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        last = page.locator("#texte-tape-d-apres-le-papier")
        last.scroll_into_view_if_needed()
        height = last.bounding_box()
        edition.write_text(text.replace("le papier. []", "le papier retrouvé. []"), "utf-8")
        moved = page.locator("p", has_text="Texte tapé d’après le papier retrouvé.").first
        expect(moved).to_be_visible()
        until(page, "history.scrollRestoration === 'auto'")
        assert moved.bounding_box() == pytest.approx(height, abs=1)
        edition.write_text(text.replace("kind: letter", "kind: [letter"), "utf-8")
        fault = page.locator(FAULT)
        expect(fault.locator(".place").first).to_contain_text(f"{edition}:")
        expect(fault.locator(".place").first).to_contain_text("E011")
        edition.write_text(text, "utf-8")
        expect(page.locator("archive-site-fault")).to_have_count(0)
        expect(moved).to_have_count(0)
        expect(last).to_have_count(1)
        assert refused == []  # the policy of the pages lets the server's script do its work
