"""Texts that mean harm: nothing in them runs, nothing is lost untold, nothing takes for ever.

One corpus has hostile words in every field that reaches a page; its twin, the same with harmless
words, says what markup the pages may have.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from archive_site.cli.main import main
from archive_site.edition.authority import KINDS
from archive_site.edition.format import dumps, loads, parse
from archive_site.edition.ids import identified
from archive_site.edition.yaml import read_yaml
from archive_site.names.days import Days
from archive_site.recover.printed.draft import recover_text
from archive_site.text import document as d
from archive_site.text.quotes import unpaired
from archive_site.text.reading import merged, reading_text, witness_text
from archive_site.text.typography import typeset
from archive_site.text.words import folded
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness, lines_of
from builds import publish
from conftest import opened, until
from sites import findings_of, site_of

Site = dict[str, bytes]

SHOWN = "<b onclick=pwned(1)>gras</b>"
"""Part of every hostile text, without a sign that typography changes: a page must show it."""
HOSTILE = (
    f"{SHOWN} <script>pwned(2)</script></script></style></title></textarea>--></svg> ]]> &lt;i&gt; "
    "<img src=x onerror=pwned(3)> <svg onload=pwned(4)> <iframe srcdoc=x> <base href=//evil.test/> "
    "<meta http-equiv=refresh content=0> <link rel=stylesheet href=//evil.test> "
    "\" onfocus=pwned(5) autofocus x=\" ' onmouseover=pwned(6) x=' ` onclick=pwned(7) ` "
    "{{7*7}} {% raise %} {# x #} ${7*7} #{7*7} <%= 7*7 %> javascript:pwned(8) "
    '#panic("pwned") #read("/etc/passwd") $x^2$ \\input{/etc/passwd} @article{x, } % \\ '
    "!!python/object/apply:os.system *alias &anchor ../../../etc/passwd"
)
HARMLESS = " ".join(["mot"] * 40)
LABEL = "1\"onclick=pwned(9)'><b>&amp;"
NAMED = "Ivan Payloadov"
"""A name that is found in the texts, so that cards and sentences show its hostile entry."""
BODY = "D’autres mots suivent."


def editions_of(words: str, label: str, witness: str) -> tuple[d.Document, str]:
    """An edition with `words` in every place, and its witness."""
    said = d.Text(words)
    blocks: tuple[d.Block, ...] = (
        d.Block("heading", (said,), 1),
        d.Block("standfirst", (d.Text("En bref : "), said)),
        d.Block("dateline", (d.Text("Paris, "), said)),
        d.Block(
            "paragraph",
            (
                d.Text(f"{NAMED} dit "),
                said,
                d.NoteCall(label),
                d.Text(" puis "),
                d.Emendation(words, f"faux {words}", words),
                d.Text(" et "),
                d.PageBreak(words),
                d.Doubt((said,), words),
                d.Gap(words),
                d.Text(" "),
                d.Name((said,), "payloadov"),
                d.Text(" "),
                d.Link((said,), f"https://exemple.fr/?q={quote(words)}"),
                d.Text(" "),
                d.Link((said,), "mailto:a@exemple.fr"),
                d.Text(" fin."),
            ),
        ),
        d.Block("paragraph", (said,), within=(d.Container("quotation", ("payloadov",)),)),
        d.Block("paragraph", (said,), within=(d.Container("list"), d.Container("list-item"))),
        d.Block("verse", (said, d.LineBreak(), d.Text("mot"))),
        d.Block("paragraph", (d.Speaker((said,)), said), within=(d.Container("speech"),)),
        d.Block("salutation", (d.SmallCaps((said,)), d.Foreign((said,), "la"))),
        d.Block("stage", (d.Text("(Rires.) "), said)),
        d.Block(
            "paragraph",
            (d.StageDirection((said,)), d.Text(f" {BODY}")),
            within=(d.Container("box"),),
        ),
        d.Block("heading", (d.Text("1. "), said), 2),
        d.Block("paragraph", (d.Text(f"{NAMED} encore."),)),
    )
    blocks = tuple(replace(block, content=merged(block.content)) for block in blocks)
    notes = (d.Note(label, (d.Block("paragraph", (said,)),)),)
    claim = d.Claim(words, "probable", words)
    meta = d.Meta(
        id="texte-hostile",
        title=claim,
        kind="speech",
        contributors=(d.Contributor("speaker", "payloadov", "", "probable", words),),
        date=d.Claim("1917-10-25", "probable", words),
        place=claim,
        event=claim,
        covers=d.Claim("1917", "probable", words),
        short_title=words,
        summary=words,
        source=d.Source(words, "", words, words, words, words, by=words),
        original=d.Original(words, "ru", edition=words),
        extraction=words,
        rights=tuple((layer, words) for layer in ("author", "translation", "notes", "edition")),
        witness=witness,
        remarks=(words,),
        revisions=(d.Revision("2026-01-02", words, words),),
        omissions=(d.Omission(1, 1, words),),
    )
    lines = [f"omise {words}"]
    for block in blocks:
        lines.append(witness_text(block.content, calls=True).replace(f"[^{label}]", f"[{label}]"))
    lines.append(f"[{label}] {witness_text(notes[0].blocks[0].content)}")
    return identified(d.Document(meta, blocks, notes)), "\n".join(lines) + "\n"


def write_corpus(root: Path, words: str, label: str) -> Path:
    """A corpus with `words` in every field."""
    witness = "l’œuvre & onclick=pwned(1) #x ' .txt" if words == HOSTILE else "temoin.txt"
    document, text = editions_of(words, label, witness)
    (root / "editions").mkdir(parents=True)
    (root / "witnesses").mkdir()
    (root / "editions" / "texte-hostile.md").write_text(dumps(document), "utf-8")
    data = text.encode()
    (root / "witnesses" / witness).write_bytes(data)
    sums = f"{hashlib.sha256(data).hexdigest()}  {witness}\n"
    (root / "witnesses" / "SHA256SUMS").write_text(sums, "utf-8")
    mine = words == HOSTILE
    _write_yaml(
        root / "site.yaml",
        {
            "title": words,
            "subtitle": words,
            "purpose": [words, words],
            "base_url": "https://exemple.fr/'onclick=pwned(1)'/" if mine else "https://e.fr/",
            "contact": "mailto:a@exemple.fr?subject='onclick=pwned(1)'&amp;{{7*7}}",
        },
    )
    names = [{"family": words, "given": words}, {"literal": words}]
    said = ("title", "container-title", "publisher", "URL", "DOI", "ISBN", "genre", "page", "note")
    work = {"id": "k", "type": words, "author": names, "issued": {"literal": words}}
    work |= dict.fromkeys(said, words)
    (root / "bibliography.json").write_text(json.dumps([work]), "utf-8")
    shared = {"sort": words, "description": words, "links": [f"https://e.fr/?{words}"]}
    for n, (kind, (file, fields)) in enumerate(KINDS.items()):
        entry: dict[str, object] = {
            "name": words if kind == "person" else f"{words} {n}",
            "forms": [words, NAMED] if kind == "person" else [f"{words} de {n}"],
            **shared,
        }
        entry["same_as"] = {"wikidata": "Q1"}
        entry["ground"] = words
        entry["sources"] = [f"k, {words}"]
        if "date" in fields:
            entry["date"] = "1917-10-25"
        if kind == "person":
            entry["years"] = words
        _write_yaml(root / file, {"payloadov" if kind == "person" else f"cle-{kind}": entry})
    return root


def _write_yaml(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return _made(tmp_path_factory.mktemp("hostile"), HOSTILE, LABEL)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return _made(tmp_path_factory.mktemp("twin"), HARMLESS, "1")


def _made(folder: Path, words: str, label: str) -> Site:
    return site_of(write_corpus(folder / "corpus", words, label), exports=True)


# ---------------------------------------------------------------- what the pages hold


def pages(site: Site) -> dict[str, BeautifulSoup]:
    return {
        path: BeautifulSoup(data, "html.parser")
        for path, data in site.items()
        if path.endswith(".html")
    }


WORDS_ONLY = {("sup", ""), ("wbr", ""), ("span", ""), ("span", "class"), ("em", "")}
"""What typography may put around words."""


def markup_of(site: Site) -> set[tuple[str, str]]:
    """Every element of the pages with every attribute it has."""
    return {
        (tag.name, name)
        for soup in pages(site).values()
        for tag in soup.find_all(True)
        for name in ("", *tag.attrs)
    }


def test_hostile_words_make_no_markup(hostile: Site, twin: Site) -> None:
    assert {path for path in hostile if path.endswith(".html")} == {
        path for path in twin if path.endswith(".html")
    }
    assert markup_of(hostile) - markup_of(twin) - WORDS_ONLY == set()


def test_no_page_has_a_handler_or_an_address_that_runs(hostile: Site) -> None:
    for path, soup in pages(hostile).items():
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert isinstance(policy, Tag), path
        assert "unsafe" not in str(policy["content"])
        assert str(policy["content"]).startswith("default-src 'none'")
        for tag in soup.find_all(True):
            for name, value in tag.attrs.items():
                assert not name.startswith("on"), (path, tag)
                if name in ("href", "src", "action", "formaction", "data", "srcset", "poster"):
                    address = re.sub(r"[\x00-\x20]", "", str(value)).lower()
                    scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
                    assert not scheme or scheme[0] in ("https:", "http:", "mailto:"), (path, tag)
        assert not soup.find_all(["iframe", "object", "embed", "base", "style", "frame"])


def test_every_field_is_shown_as_words(hostile: Site) -> None:
    shown = pages(hostile)
    for path in (
        "index.html",
        "textes/texte-hostile/index.html",
        "textes/texte-hostile/etablissement/index.html",
        "textes/texte-hostile/source/index.html",
        "a-propos/index.html",
        "personnes/payloadov/index.html",
        "personnes/index.html",
        "notions/cle-notion/index.html",
    ):
        main_part = shown[path].find("main")
        assert isinstance(main_part, Tag)
        assert SHOWN in " ".join(main_part.get_text().split()), path


def test_linked_data_holds_the_words_and_does_not_leave_its_script(hostile: Site) -> None:
    found = 0
    for soup in pages(hostile).values():
        for script in soup.find_all("script", type="application/ld+json"):
            found += SHOWN in json.dumps(json.loads(script.get_text()), ensure_ascii=False)
    assert found


def test_scripts_of_the_site_are_calls_with_data(hostile: Site) -> None:
    """What a page loads as a script is one call, its argument JSON: nothing in it can run."""
    scripts = [path for path in hostile if path.endswith(".js") and not path.startswith("static/")]
    assert scripts
    for path in scripts:
        call = re.fullmatch(r"[a-z.]+\((.*)\);?\s*", hostile[path].decode(), re.DOTALL | re.I)
        assert call, path
        json.loads(f"[{call[1]}]")


def test_files_that_go_along_stay_what_they_are(hostile: Site) -> None:
    for path, data in hostile.items():
        if path.endswith((".xml", ".svg")):
            _check_xml(path, data)
        if path.endswith(".json"):
            json.loads(data)
        if path.endswith(".epub"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                names = book.namelist()
                assert not [name for name in names if name.startswith("/") or ".." in name]
                for name in names:
                    if name.endswith((".xhtml", ".opf", ".ncx", ".svg")):
                        _check_xml(f"{path}!{name}", book.read(name))
        if path.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(data)) as bundle:
                assert not [n for n in bundle.namelist() if n.startswith("/") or ".." in n]


def _check_xml(path: str, data: bytes) -> None:
    assert b"<!ENTITY" not in data, path
    for element in ElementTree.fromstring(data).iter():
        assert str(element.tag).rpartition("}")[2] not in ("script", "iframe", "foreignObject"), (
            path
        )
        assert not [name for name in element.attrib if name.startswith("on")], path


def test_typst_sets_hostile_words_and_runs_none(hostile: Site) -> None:
    from pypdf import PdfReader

    data = hostile["textes/texte-hostile/texte-hostile.pdf"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "#panic(" in text
    assert "root:" not in text


FORMULA = '=HYPERLINK("https://evil.test";"x")'


def test_a_spreadsheet_runs_no_formula_of_ours(tmp_path: Path) -> None:
    site = site_of(write_corpus(tmp_path / "corpus", FORMULA, "1"))
    tables = {path: data for path, data in site.items() if path.endswith(".csv")}
    assert tables
    cells = [
        cell
        for data in tables.values()
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))
        for cell in row
    ]
    assert any(FORMULA in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def hostile_folder(hostile: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("www") / "site"
    publish(hostile, folder)
    return folder.as_uri() + "/"


@contextmanager
def watched(browser: Browser, base: str) -> Iterator[Page]:
    """A page that fails the test where a script speaks, fails, is blocked, or asks elsewhere."""
    seen: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":  # a policy that is broken says so here
            seen.append(f"console {message.text}")

    def follow(request: Request) -> None:
        if not request.url.startswith(base):
            seen.append(f"asks {request.url}")

    with opened(browser, "about:blank") as page:
        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: seen.append(f"error {error}"))
        page.on("console", listen)
        page.on("request", follow)
        page.add_init_script("globalThis.pwned = n => { globalThis.ran = n }")
        yield page
        assert page.evaluate("globalThis.ran") is None
    assert seen == []


def test_nothing_hostile_runs_on_any_page(
    browser: Browser, hostile: Site, hostile_folder: str
) -> None:
    with watched(browser, hostile_folder) as page:
        for path in sorted(path for path in hostile if path.endswith("/index.html")):
            page.goto(hostile_folder + path)
            assert page.evaluate("globalThis.ran") is None, path


def test_nothing_hostile_runs_where_scripts_show_words(
    browser: Browser, hostile_folder: str
) -> None:
    """The card of a name, the source's spelling, a note beside its call."""
    with watched(browser, hostile_folder) as page:
        page.goto(f"{hostile_folder}textes/texte-hostile/index.html")
        assert SHOWN in page.locator("main").inner_text()
        page.locator("main a.name").first.hover()
        until(page, "document.querySelector('[popover]:popover-open, .card') !== null")
        page.locator(".call a").first.hover()
        page.mouse.move(0, 0)
        for box in page.locator("label, button").all():
            if box.is_visible():
                box.click()
                page.keyboard.press("Escape")


@pytest.mark.parametrize("place", ["recherche/index.html", "concordance/index.html"])
def test_nothing_hostile_runs_in_what_is_searched_and_found(
    browser: Browser, hostile_folder: str, place: str
) -> None:
    with watched(browser, hostile_folder) as page:
        for asked in (HOSTILE, f'"{SHOWN}"', "__proto__ constructor \u202eabc\0"):
            page.goto(f"{hostile_folder}{place}?q={quote(asked)}")
            page.locator("input[type=search]").last.wait_for()
            page.wait_for_load_state("networkidle")
        page.goto(f"{hostile_folder}{place}?q=gras")
        until(page, f"document.querySelector('main').innerText.includes({json.dumps('gras')})")


# ---------------------------------------------------------------- what is refused, and why

MATTER = "---\nid: t\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"


def told(body: str, matter: str = MATTER) -> list[tuple[int, str]]:
    """The line and code of every finding of an edition."""
    return [(finding.line, finding.code) for finding in parse(matter + body, "t.md")[1]]


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", "mot", "1")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "  javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://x.y/1",
        "//evil.test/",
        "\\\\evil.test",
        "/absolu",
        "../../../etc/passwd",
        "https:evil.test",
        "view-source:https://x.y",
    ],
)
@pytest.mark.parametrize("written", ["[mot]({})", "[mot](<{}>)", "<{}>", '[mot]{{.ref to="{}"}}'])
def test_a_link_that_is_no_web_address_is_refused_or_stays_text(
    target: str, written: str, corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus_folder / "editions" / "texte-hostile.md"
    body = f"{MATTER}Un mot {written.format(target)} fin.\n".replace(
        "id: t\n", "id: texte-hostile\n"
    )
    path.write_text(body, "utf-8")
    document, findings = parse(body, str(path))
    assert document is not None
    linked = any(isinstance(i, d.Link) for b in document.blocks for i in b.content)
    if linked or findings:
        assert main(["check", str(corpus_folder)]) == 1
        assert re.search(r"texte-hostile\.md:9: E0(25|24|02)", capsys.readouterr().out)
    else:
        assert "[mot]" in reading_text(document.blocks[0].content) or written == "<{}>"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("title: !!python/object/apply:os.system [id]\n", "E011", 1),
        ("title: !<tag:yaml.org,2002:str> x\n", "E011", 1),
        ("a: &x 1\nb: *x\n", "E011", 2),
        (BOMB, "E011", 2),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "E011", 3),
        ("title: a\ntitle: b\n", "E016", 2),
        ("? [a, b]\n: c\n", "E011", 1),
        ("a: [" * 5_000, "E011", 1),
        ("[" * 100_000, "E011", 1),
        ("a:\n" + "".join(f"{' ' * n}- \n" for n in range(2_000)), "E011", 1),
        ('a: "\\0"\n', "E002", 1),
        ('a: "\\ud800"\n', "E011", 1),
        ("a: b\n--- \nc: d\n", "E011", 2),
        ("%YAML 9.9\n---\na: b\n", "E011", 1),
    ],
)
def test_yaml_that_is_more_than_mappings_lists_and_text_is_refused(
    text: str, code: str, line: int
) -> None:
    with at_most(20):
        _, findings = read_yaml(text, "x.yaml")
    assert code in {finding.code for finding in findings}, findings
    assert all(finding.line >= line for finding in findings)


def test_a_merge_key_is_a_key_like_any_other() -> None:
    value, findings = read_yaml("<<: {title: x}\n", "x.yaml")
    assert findings == []
    assert value is not None
    assert list(value.fields or ()) == ["<<"]


@pytest.mark.parametrize("control", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_character_that_turns_the_reading_round_is_told(control: str) -> None:
    assert told(f"Un {control}mot.\n") == [(9, "E002")]
    assert [f.code for f in read_yaml(f'a: "x{control}y"', "x.yaml")[1]] == ["E002"]
    witness = witness_of(f"Un {control}mot de{control} plus.")
    draft = recover_text(witness, "t")
    assert reading_text(draft.blocks[0].content) == "Un mot de plus."
    assert collate(draft, witness, "t").findings == ()


@pytest.mark.parametrize("char", ["\u200b", "\u200d", "\u2028", "\u2029", "\ufeff", "\u00ad"])
def test_a_strange_character_is_kept_and_splits_no_line(char: str) -> None:
    document = loads(f"{MATTER}Un{char}mot.\n\nUn autre.\n")
    assert [block.line for block in document.blocks] == [9, 11]
    assert loads(dumps(document)) == document
    witness = witness_of(f"Un{char}mot.\n\nUn autre.\n")
    assert len(witness.lines) == 3
    assert collate(recover_text(witness, "t"), witness, "t").findings == ()


@pytest.mark.parametrize("file", ["people.yaml", "site.yaml", "editions/texte-hostile.md"])
@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"{{7*7}}", b"[" * 9999, b""]
)
def test_a_file_of_rubbish_is_told(
    file: str, data: bytes, corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus_folder / file).write_bytes(data)
    code = main(["check", str(corpus_folder)])
    shown = capsys.readouterr()
    assert code == 1
    assert re.search(rf"{file}(:\d+)?: E0\d\d ", shown.out + shown.err) or file == "people.yaml"


def test_a_carriage_return_alone_is_told() -> None:
    assert told("Un\rmot.\r\n") == [(9, "E002")]


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "data:text/html,x", 'x" onclick=y'])
def test_a_contact_that_is_no_address_is_refused(contact: str, corpus_folder: Path) -> None:
    _write_yaml(corpus_folder / "site.yaml", {"title": "Archive", "contact": contact})
    findings = findings_of(corpus_folder)
    assert [f.code for f in findings if f.path.endswith("site.yaml")] == ["E015"]


# ---------------------------------------------------------------- no word is lost without a finding


@pytest.mark.parametrize("depth", [10, 19, 20, 21, 39, 40, 41, 500, 2_000])
@pytest.mark.parametrize(
    "nest",
    [
        lambda n: "> " * n + "Dedans",
        lambda n: "- " * n + "Dedans",
        lambda n: "".join("  " * i + "- Dehors\n" for i in range(n)) + "  " * n + "Dedans",
        lambda n: ":::: box\n" * n + "Dedans\n" + "::::\n" * n,
        lambda n: "> - " * (n // 2) + "Dedans",
        lambda n: "*a **b " * n + "Dedans" + "** *" * n,
        lambda n: "[" * n + "Dedans" + "]{.stage}" * n,
        lambda n: "[" * n + "Dedans" + "](https://x.y)" * n,
        lambda n: "^" * n + "Dedans" + "^" * n,
        lambda n: "mot[^1]\n\n[^1]: " + "> " * n + "Dedans",
    ],
)  # fmt: skip
def test_what_is_nested_too_deep_is_kept_or_told(depth: int, nest: Callable[[int], str]) -> None:
    with at_most(30):
        document, findings = parse(f"{MATTER}Avant.\n\n{nest(depth)}\n\nAprès.\n", "t.md")
    assert document is not None
    blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
    kept = " ".join(reading_text(block.content) for block in blocks)
    assert all(word in kept for word in ("Avant", "Dedans", "Après"))
    assert all(finding.line >= 9 for finding in findings)


@pytest.mark.parametrize(
    "body",
    [
        'Un [mot](https://x.y "perdu").',
        "Un [](https://x.y/perdu) mot.",
        'Un [a [perdu]{.corr sic="c"} d]{.corr sic="x"} mot.',
        'Un [a []{.pb n="perdu"} d]{.corr sic="x"} mot.',
        'Un [a []{.gap why="perdu"} d]{.corr sic="x"} mot.',
        "Un [mot]{.stage % perdu %} fin.",
        'Un [mot]{.corr sic="perdu" sic="b"} fin.',
        "::: stage perdu\nUn mot.\n:::",
        "Un mot[^1].\n\n[^1]: a\n\n[^1]: perdu",
    ],
)
def test_words_that_no_page_would_show_are_told(body: str) -> None:
    assert told(f"{body}\n"), body


# ---------------------------------------------------------------- size


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fails what takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    former = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def witness_of(text: str) -> Witness:
    return Witness("temoin.txt", lines_of(text.encode(), "temoin.txt"), len(text), "")


N = 20_000
REPEATED = (
    " ", "\u00a0", "[", "]", "[]", "(", "*", "** ", "_a", "`", "^", "^a ", "<", "<a", "!", "[^",
    "[^a]", "](", "[a](", "]{.", "[a]{.stage", '[a]{.corr sic="', "{", "\\", "«", '"', "”", "“",
    "'", ".", "...", " - ", "1", "1 ", "I", "Xe ", "A.", "p. ", "a", "e\u0301", ":", " ;", "1-",
    "le 1, ", "1 et ", "1 mai ", "😀", "\u200b", "https://a", "1 %", "« a » ", "« ", '«"', "1 000 ",
    "(A ", "artiCle ", "A B ", "gou-\n", "- \n", "- a\n", "> \n", ":::\n", "::: box\n", "# a\n\n",
    "a\n\n", "a\n", "\\\n", "\f\n", "mot\f\n", "XIV\ne\n", "mot\n1\n", "1. Une note.\n",
    "https://a.b/c\n", "Le même titre\n", "— 12 —\n", "« Mot\n\n", "[1] mot\n", "Notes\n",
    "LE TITRE\n", "« Mot »\n\nIl dit :\n\n", "gauche     droite\n",
)  # fmt: skip
"""What has made a pattern or a loop slow, here or elsewhere."""


@pytest.mark.slow
@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_nothing_repeated_takes_for_ever(piece: str) -> None:
    """Some 20,000 characters: anything that grows with their square takes minutes here."""
    text = "a" + piece * (N // len(piece)) + "b"
    with at_most(60):
        typeset.__wrapped__(text)  # without its cache
        folded(text)
        block = d.Block("paragraph", (d.Text(text),))
        list(unpaired((block,)))
        Days(d.Meta("t", d.Claim(), "essay")).find(text)
        parse(MATTER + text, "t.md")
        parse(f"---\ntitle: {text}\n---\n", "t.md")
        draft = recover_text(witness_of(text), "t")
    assert draft.blocks


@pytest.mark.parametrize(
    "text",
    [
        "mot " * 2_500_000,
        "é" * 10_000_000,
        "Un alinéa de peu de mots, à peine une ligne.\n" * 50_000,
    ],
    ids=["words", "one word", "lines"],
)
def test_a_paragraph_of_megabytes_is_read(text: str) -> None:
    with at_most(60):
        document, _ = parse(MATTER + text, "t.md")
    assert document is not None
    assert len(reading_text(document.blocks[0].content)) >= len(text) - 1


GROWING: dict[str, Callable[[int], object]] = {
    "notes": lambda n: parse(
        MATTER
        + "".join(f"mot[^{i}] " for i in range(n))
        + "\n\n"
        + "".join(f"[^{i}]: Une note.\n\n" for i in range(n)),
        "t.md",
    ),
    "page breaks": lambda n: parse(MATTER + 'mot []{.pb n="1"} ' * n, "t.md"),
    "quotations": lambda n: parse(MATTER + "> « Mot »\n\n" * n, "t.md"),
    "a witness of pages": lambda n: recover_text(witness_of("Un mot\nde plus.\f\n" * n), "t"),
    "a witness of calls": lambda n: recover_text(
        witness_of(
            "".join(f"mot[{i % 99 + 1}] encore.\n\n{i % 99 + 1}. Note.\n\f\n" for i in range(n))
        ),
        "t",
    ),
    "a witness of call-outs": lambda n: recover_text(
        witness_of("".join(f"Un texte détaché, le {i}\n\n" for i in range(n)) * 2), "t"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_text(name: str) -> None:
    """Four times the text takes some four times as long: sixteen would be the square."""
    make = GROWING[name]
    make(100)  # what is loaded once
    with at_most(60):
        short = min(_taken(make, 500) for _ in range(2))
        long = _taken(make, 2_000)
    assert long < 10 * short + 0.2


def _taken(make: Callable[[int], object], n: int) -> float:
    started = time.process_time()
    make(n)
    return time.process_time() - started
