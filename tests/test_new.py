"""An archive of one's own: made at once sound, its templates its own, from a wheel as from here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from archive_site.cli import new as module
from archive_site.cli.main import main
from archive_site.cli.new import new_archive
from archive_site.findings import NotPossible
from archive_site.templating import resources
from archive_site.templating.resources import own_templates, package_templates, template_text
from conftest import GOLDEN, ROOT
from sites import load_corpus

LETTER = "textes/lettre-exemple"
FILES = (
    ".gitattributes",
    ".github/workflows/pages.yml",
    ".gitignore",
    "README.md",
    "corpus/editions/lettre-exemple.md",
    "corpus/glossary.yaml",
    "corpus/people.yaml",
    "corpus/places.yaml",
    "corpus/site.yaml",
    "corpus/unclaimed.yaml",
    "corpus/witnesses/SHA256SUMS",
    "corpus/witnesses/lettre-exemple.txt",
    "templates/README.md",
)


def held(folder: Path) -> list[str]:
    """The files in a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def run(*call: str, cwd: Path, **surroundings: str) -> str:
    """What Python says, called so; all must go well."""
    result = subprocess.run(
        [sys.executable, *call],
        cwd=cwd,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


# ---------------------------------------------------------------- what is made


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new archive, which no test changes."""
    folder = tmp_path_factory.mktemp("new") / "archive"
    new_archive(folder)
    return folder


@pytest.fixture(scope="module")
def built(archive: Path) -> Path:
    """Its site, as the package's own templates make it."""
    output = archive.parent / "site"
    assert main(["build", str(archive / "corpus"), "-o", str(output)]) == 0
    return output


def test_a_new_archive_has_all_it_needs_and_nothing_beside_it(tmp_path: Path) -> None:
    written = new_archive(tmp_path / "archive")
    assert written == tuple(tmp_path / "archive" / name for name in FILES)
    assert held(tmp_path) == [f"archive/{name}" for name in FILES]


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a"
    assert main(["new", str(folder), "--title", "Les actes"]) == 0
    said = capsys.readouterr().out
    assert f"archive written: {folder} ({len(FILES)} files)" in said
    assert 'title: "Les actes"' in (folder / "corpus" / "site.yaml").read_text("utf-8")
    assert main(["new", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "a is not empty: it contains .gitattributes\n    Name a new folder" in said


def test_a_new_archive_has_no_findings(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(archive / "corpus"), "--format", "json"]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_the_sample_shows_one_of_everything(archive: Path, built: Path) -> None:
    page = (built / LETTER / "index.html").read_text("utf-8")
    for sign in ("<blockquote>", 'role="doc-pagebreak"', 'class="emendation"', "doc-noteref"):
        assert sign in page, sign
    for entry in ("personnes/modele", "lieux/paris", "notions/temoin", "chronologie/2026"):
        assert f"../../{entry}/index.html" in page
        assert (built / entry / "index.html").is_file()
    assert (built / LETTER / "lettre-exemple.pdf").is_file()
    corpus, findings = load_corpus(archive / "corpus")
    (edition,) = corpus.editions
    assert edition.document.meta.status == "proofread"
    assert edition.collation is not None and findings == []


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Œuvres : “tome #1” \\ 'x' {a}", "Œuvres : “tome #1” \\ 'x' {a}"),
        ("  deux   mots ", "deux mots"),
        ("", module.TITLE),
    ],
)
def test_an_archive_has_its_title(tmp_path: Path, title: str, kept: str) -> None:
    new_archive(tmp_path / "a", title)
    corpus, findings = load_corpus(tmp_path / "a" / "corpus")
    assert not findings and corpus.site.title == kept
    assert (tmp_path / "a" / "README.md").read_text("utf-8").startswith(f"# {kept}\n")


@pytest.mark.parametrize("title", ["a\nb", "a\0b", "a\udcffb", "\x85", "a\uffff"])
def test_a_title_that_is_no_text_is_refused(tmp_path: Path, title: str) -> None:
    with pytest.raises(NotPossible, match="a title must be text on one line"):
        new_archive(tmp_path / "a", title)
    assert not list(tmp_path.iterdir())


def test_the_workflow_checks_builds_and_publishes(archive: Path) -> None:
    text = (archive / ".github/workflows/pages.yml").read_text("utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    commands = [" ".join(step.split()[:2]) for step in steps if step]
    assert commands == ["pip install", "archive-site check", "archive-site build"]
    used = set(re.findall(r"uses: (\S+)", text))
    ours = (ROOT / ".github/workflows/pages.yml").read_text("utf-8")
    assert used == set(re.findall(r"uses: (\S+)", ours)), "the actions and versions of our own"
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_what_is_said_of_templates_is_there(archive: Path) -> None:
    told = (archive / "templates" / "README.md").read_text("utf-8")
    table = "\n".join(line for line in told.splitlines() if line.startswith("|"))
    for name in re.findall(r"`([\w/]+\.(?:html|css|svg|typ))`", table):
        assert (package_templates() / name).is_file(), name


# ---------------------------------------------------------------- where it is made


def test_an_empty_folder_and_an_empty_clone_are_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert new_archive(Path()) == tuple(map(Path, FILES))
    assert held(tmp_path) == list(FILES)


def _file(folder: Path) -> None:
    folder.write_text("x")


def _full(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_text("x")


def _hidden(folder: Path) -> None:
    folder.mkdir()
    (folder / ".env").write_text("x")


def _dangling(folder: Path) -> None:
    folder.symlink_to("gone")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (_file, "is not a folder"),
        (_full, "is not empty: it contains mine.txt"),
        (_hidden, "is not empty: it contains .env"),
        (_dangling, "is not a folder"),
    ],
)
def test_what_is_not_an_empty_folder_is_refused(
    tmp_path: Path, made: Callable[[Path], None], told: str
) -> None:
    made(tmp_path / "a")
    before = held(tmp_path)
    with pytest.raises(NotPossible, match=told):
        new_archive(tmp_path / "a")
    assert held(tmp_path) == before


@pytest.mark.parametrize(("folder", "told"), [("gone/a", "no folder"), ("file/a", "no folder")])
def test_a_folder_without_its_parent_is_refused(tmp_path: Path, folder: str, told: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotPossible, match=told):
        new_archive(tmp_path / folder)
    assert held(tmp_path) == ["file"]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("nth", [0, 1, 4, 7, len(FILES) - 1])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, there: bool
) -> None:
    left = nth
    write_bytes = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, data)

    if there:
        (tmp_path / "a").mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NotPossible, match=r"cannot write .*a: No space left on device"):
        new_archive(tmp_path / "a")
    assert list(tmp_path.rglob("*")) == ([tmp_path / "a"] if there else [])


@pytest.mark.parametrize("nth", range(6))
def test_a_move_that_fails_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    left = nth
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left == -1:
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(NotPossible, match="Permission denied"):
        new_archive(tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- templates of one's own


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def replaced(name: str, old: str, new: str) -> str:
    """The package's template, changed."""
    text = template_text(name)
    assert old in text, f"{name} has no {old}"
    return text.replace(old, new)


def test_templates_beside_the_corpus_are_the_archive_s_own(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_templates(archive / "corpus") == archive / "templates"
    monkeypatch.chdir(archive / "corpus")
    assert own_templates(Path()) == archive / "templates"
    assert own_templates(GOLDEN / "corpus") is None
    assert own_templates(tmp_path / "gone" / "corpus") is None
    (tmp_path / "templates").write_text("x")
    assert own_templates(tmp_path / "corpus") is None


def test_an_archive_s_own_templates_need_not_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_archive(tmp_path / "a")
    corpus, site, other = (str(tmp_path / name) for name in ("a/corpus", "site", "other"))
    page = '{% extends "package/404.html" %}{% block title %}Zut{% endblock %}'
    write(tmp_path / "a" / "templates", {"404.html": page})
    assert main(["build", corpus, "-o", site, "--no-exports"]) == 0
    assert "<title>Zut</title>" in (tmp_path / "site" / "404.html").read_text("utf-8")
    (tmp_path / "other").mkdir()
    assert main(["build", corpus, "-o", site, "--no-exports", "--templates", other]) == 0
    assert "Zut" not in (tmp_path / "site" / "404.html").read_text("utf-8")
    write(tmp_path / "a" / "templates", {"404.html": "{{ gone }}"})
    capsys.readouterr()
    assert main(["check", corpus]) == 1
    assert f"{tmp_path}/a/templates/404.html:1: UndefinedError" in capsys.readouterr().err


def test_the_package_s_templates_are_no_one_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates").mkdir()
    assert own_templates(tmp_path / "corpus") == tmp_path / "templates"
    monkeypatch.setattr(resources, "package_templates", lambda: tmp_path / "templates")
    assert own_templates(tmp_path / "corpus") is None


@pytest.fixture(scope="module")
def rebuilt(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site, one file of each sort being its own."""
    iso, folder = "citations/10-iso-690.csl", tmp_path_factory.mktemp("rebuilt")
    own = write(
        folder / "own",
        {
            "text.html": '{% extends "package/text.html" %}\n'
            "{% block main %}{{ super() }}<p>Texte établi par l’atelier.</p>{% endblock %}",
            "_byline.html": '{% from "package/_byline.html" import byline as theirs %}\n'
            "{% macro byline(text) %}<em>De {{ theirs(text) }}</em>{% endmacro %}",
            "base.html": '{% extends "package/base.html" %}{% block own %}'
            '<link rel="stylesheet" href="{{ static }}own.css">{% endblock %}',
            "static/own.css": "h1 { color: red }",
            "epub/about.xhtml": '{% extends "package/epub/about.xhtml" %}'
            "{% block body %}{{ super() }}<p>De l’atelier.</p>{% endblock %}",
            "epub/book.css": "p { color: red }",
            "static/style.css": "p { color: red }",
            "static/faces/own.woff2": b"\0\1",
            "boot.js": "document.documentElement.dataset.own=1",
            "book.typ": replaced("book.typ", "width: 148mm", "width: 200mm"),
            "card.typ": "#set page(width: 1200pt, height: 630pt)\n#import sys: inputs\nRouge",
            iso: replaced(iso, "</title>", " de l’atelier</title>"),
            "citations/30-atelier.csl": replaced(iso, "</title>", " bis</title>"),
        },
    )
    call = ["build", str(archive / "corpus"), "-o", str(folder / "site"), "--templates", str(own)]
    assert main(call) == 0
    return folder / "site"


def test_a_page_extends_the_package_s(rebuilt: Path, built: Path) -> None:
    page = (rebuilt / LETTER / "index.html").read_text("utf-8")
    assert "<p>Texte établi par l’atelier.</p>" in page
    assert "Vous voilà chargée d’une archive encore vide" in page
    assert re.search(r"<em>De \s*<p class=\"origin\">", page), "what is included is its own, too"
    assert "l’atelier" not in (built / LETTER / "index.html").read_text("utf-8")


def test_a_stylesheet_of_ones_own_stands_after_the_package_s(rebuilt: Path) -> None:
    for page in rebuilt.rglob("*.html"):
        sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page.read_text("utf-8"))
        assert [Path(sheet).name for sheet in sheets] == ["style.css", "own.css"], page


def test_files_of_ones_own_are_copied(rebuilt: Path) -> None:
    assert (rebuilt / "static/style.css").read_text() == "p { color: red }"
    assert (rebuilt / "static/faces/own.woff2").read_bytes() == b"\0\1"
    assert (rebuilt / "static/archive.js").is_file(), "the others are the package's"


def test_the_script_of_the_head_is_ones_own_and_allowed(rebuilt: Path, built: Path) -> None:
    page = (rebuilt / "index.html").read_text("utf-8")
    assert "<script>document.documentElement.dataset.own=1</script>" in page
    policy = re.compile(r"'sha256-[^']+'")
    former = (built / "index.html").read_text("utf-8")
    assert policy.findall(page) != policy.findall(former)


def test_books_are_ones_own(rebuilt: Path, built: Path) -> None:
    with zipfile.ZipFile(rebuilt / LETTER / "lettre-exemple.epub") as epub:
        leaves = {Path(name).name: epub.read(name).decode() for name in epub.namelist()}
    assert leaves["book.css"] == "p { color: red }"
    (about,) = (leaf for leaf in leaves.values() if "<p>De l’atelier.</p>" in leaf)
    assert "CC0" in about, "the package's words stand before"
    width = PdfReader(rebuilt / LETTER / "lettre-exemple.pdf").pages[0].mediabox.width
    assert round(float(width) / 72 * 25.4) == 200
    cards = [next(site.rglob("*.png")).read_bytes() for site in (rebuilt, built)]
    assert cards[0] != cards[1]


def test_citation_styles_are_ones_own(rebuilt: Path, built: Path) -> None:
    def styles(site: Path) -> list[str]:
        page = (site / LETTER / "index.html").read_text("utf-8")
        return re.findall(r'<dd class="citation" data-style="([^"]+)"', page)

    first, *rest = styles(built)
    assert styles(rebuilt) == [f"{first} de l’atelier", *rest, f"{first} bis"]


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("text.html", "\n{% block main %}", r"own/text\.html:2: TemplateSyntaxError: Unexpected"),
        ("text.html", "\n\n{{ text.gone }}", r"own/text\.html:3: UndefinedError: .* 'gone'"),
        ("text.html", "\n{{ 1 / 0 }}", r"own/text\.html:2: ZeroDivisionError: division by zero"),
        ("text.html", "\n{{ ''.x() }}", r"own/text\.html:2: UndefinedError"),
        ("text.html", "\n{% include 'gone.html' %}", r"own/text\.html:2: TemplateNotFound: gone"),
        ("text.html", '{% extends "text.html" %}', r"own/text\.html:1: it extends, .* itself\n"),
        ("text.html", '{% extends "package/gone.html" %}', r"own/text\.html:1: TemplateNotFound"),
        ("_note.html", "\n{{ gone }}", r"own/_note\.html:2: UndefinedError"),
        ("_note.html", b"\n\xe9", r"own/_note\.html:2: must be UTF-8; found the bytes e9"),
        ("boot.js", b"\n\n\xff", r"own/boot\.js:3: must be UTF-8; found the bytes ff"),
        ("epub/book.css", "p { } {{ gone }}", r"own/epub/book\.css:1: UndefinedError"),
        ("book.typ", b"\n\xe9", r"own/book\.typ:2: must be UTF-8"),
        ("book.typ", "\n#let book(", r"lettre-exemple: book\.typ:2: "),
        ("card.typ", "\n#gone", r"card\.typ:2: unknown variable: gone"),
        ("citations/10-iso-690.csl", "<style>\n<", r"own/citations/10-iso-690\.csl .* line 2"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(
    archive: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    written: str | bytes,
    told: str,
) -> None:
    own = write(tmp_path / "own", {name: written})
    site = tmp_path / "site"
    call = ["build", str(archive / "corpus"), "-o", str(site), "--templates", str(own)]
    assert main(call) == 1
    said = capsys.readouterr().err
    assert re.search(told, said), said
    assert said.count("archive-site: ") == 1 and "Traceback" not in said
    assert not site.exists()


# ---------------------------------------------------------------- from a wheel


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run("-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    """The wheel that the sdist makes: what pip gets from either."""
    options = ("-q", "--no-deps", "--no-build-isolation", "--no-index")
    run("-m", "pip", "wheel", *options, "-w", str(sdist.parent), str(sdist), cwd=sdist.parent)
    return next(sdist.parent.glob("*.whl"))


def test_an_sdist_has_what_it_takes_to_build_and_to_test(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "src/archive_site/cli/main.py"} <= names
    assert {f"templates/{name}" for name in held(ROOT / "templates")} <= names
    assert "tests/test_new.py" in names and "tests/golden/corpus/site.yaml" in names
    assert not any(name.startswith(("build", ".venv", ".git/")) for name in names)


def test_a_wheel_has_every_template_and_no_more_than_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert b"archive-site = archive_site.cli.main:main" in archive.read(entry_points)
    assert {f"archive_site/templates/{name}" for name in held(ROOT / "templates")} <= names
    assert {f"archive_site/templates/scaffold/{name}" for name in FILES} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"archive_site"}


@pytest.mark.slow
def test_an_archive_is_made_checked_and_built_from_a_wheel(
    wheel: Path, tmp_path: Path, built: Path
) -> None:
    installed = tmp_path / "installed"
    options = ("-q", "--no-deps", "--no-index", "--target", str(installed))
    run("-m", "pip", "install", *options, str(wheel), cwd=tmp_path)
    path = {"PYTHONPATH": str(installed)}
    where = "from archive_site.templating.resources import package_templates as p; print(p())"
    assert run("-c", where, cwd=tmp_path, **path).strip() == str(
        installed / "archive_site" / "templates"
    )
    run("-m", "archive_site", "new", "mine", cwd=tmp_path, **path)
    mine = tmp_path / "mine"
    assert held(mine) == list(FILES)
    assert "no errors" in run("-m", "archive_site", "check", cwd=mine, **path)
    run("-m", "archive_site", "build", cwd=mine, **path)
    page = f"{LETTER}/index.html"
    assert (mine / "build" / page).read_bytes() == (built / page).read_bytes()
    assert (mine / "build" / LETTER / "lettre-exemple.pdf").is_file()
