"""The command as a person calls it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from archive_site.cli.main import main
from archive_site.findings import RULES, Finding
from archive_site.serve.server import open_server
from commands import run
from conftest import GOLDEN, ROOT

WITNESS = ROOT / "corpus" / "witnesses" / "parti-communiste-1917-1921.txt"


def started(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """As `run`, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "archive_site", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_readme_names_every_verb() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    verbs = re.findall(r"^    (\w+) ", run("--help").stdout, re.M)
    assert {"build", "serve", "check", "recover"} <= set(verbs)
    for verb in verbs:
        assert f"archive-site {verb}" in readme


def test_the_makefile_documents_itself() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(target in helped.stdout for target in targets)


@pytest.mark.parametrize(
    "arguments",
    [[], ["bild"], ["build", "--base-url", "x"], ["serve", "--port", "70000"], ["recover"]],
)
def test_a_wrong_call_exits_with_2(arguments: list[str]) -> None:
    result = started(*arguments)
    assert result.returncode == 2
    assert "usage:" in result.stderr
    assert "Traceback" not in result.stderr


def test_build_writes_a_site_outside_the_repository(tmp_path: Path) -> None:
    result = started("build", str(GOLDEN / "corpus"), cwd=tmp_path)
    assert (result.returncode, result.stdout[:7]) == (0, "2 texts")
    assert (tmp_path / "build" / "index.html").is_file()
    again = run("build", str(GOLDEN / "corpus"), "-o", "here", cwd=tmp_path)
    assert again.stdout[:7] == result.stdout[:7] and (tmp_path / "here" / "index.html").is_file()


def test_an_edited_word_changes_its_page(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    assert run("build", cwd=tmp_path).returncode == 0
    edition = tmp_path / "corpus" / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Mon ami", "Mon cher ami"), "utf-8")
    assert run("build", cwd=tmp_path).returncode == 0
    page = tmp_path / "build" / "textes" / "lettre-1906" / "index.html"
    assert "Mon cher ami" in page.read_text("utf-8")


def test_check_writes_nothing(tmp_path: Path) -> None:
    assert run("check", str(GOLDEN / "corpus"), cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_templates_of_ones_own_stand_before_the_packages(tmp_path: Path) -> None:
    (tmp_path / "mine" / "static" / "fonts").mkdir(parents=True)
    (tmp_path / "mine" / "static" / "fonts" / "a.woff2").write_bytes(b"x")
    (tmp_path / "mine" / "static" / "style.css").write_text("p { color: red }")
    (tmp_path / "mine" / "404.html").write_text(
        '{% extends "base.html" %}{% block main %}<h1>Zut</h1>{% endblock %}'
    )
    result = run("build", str(GOLDEN / "corpus"), "--templates", "mine", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "build" / "static" / "style.css").read_text() == "p { color: red }"
    assert (tmp_path / "build" / "static" / "fonts" / "a.woff2").read_bytes() == b"x"
    assert "Zut" in (tmp_path / "build" / "404.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (b"{% if %}", "404.html:1: TemplateSyntaxError: Expected an expression"),
        (b"\n{{ nothing }}", "404.html:2: UndefinedError: 'nothing' is undefined"),
        (b"\n\n{{ 1 + home }}", "404.html:3: TypeError: unsupported operand"),
        (b'{% extends "gone.html" %}', "404.html:1: TemplateNotFound: gone.html"),
        ("été".encode("latin-1"), "404.html:1: must be UTF-8; found the bytes e9"),
    ],
)
def test_a_faulty_template_is_told(template: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "404.html").write_bytes(template)
    result = run("build", str(GOLDEN / "corpus"), "--templates", ".", cwd=tmp_path)
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "build").exists()
    checked = run("check", str(GOLDEN / "corpus"), "--templates", ".", cwd=tmp_path)
    assert checked.returncode == 1
    assert told in checked.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("book.typ", "book.typ"),
        ("epub/package.opf", "package.opf:1: UndefinedError"),
        ("citations/mine.csl", "mine.csl"),
    ],
)
def test_a_faulty_template_of_a_book_is_told_by_check(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("{{ gone }} #gone")
    for verb in ("build", "check"):
        result = run(verb, str(GOLDEN / "corpus"), "--templates", ".", cwd=tmp_path)
        assert result.returncode == 1
        assert told in result.stderr
        assert "Traceback" not in result.stderr
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("leads", ["/etc/passwd", "/dev/zero", "../secret.txt", ".."])
def test_templates_lead_nowhere_else(leads: str, tmp_path: Path) -> None:
    """A link in an archive's own templates publishes nothing of its user's."""
    shutil.copytree(GOLDEN / "corpus", tmp_path / "a" / "corpus")
    (tmp_path / "a" / "secret.txt").write_text("SECRET")
    (tmp_path / "a" / "templates" / "static").mkdir(parents=True)
    (tmp_path / "a" / "templates" / "static" / "x.txt").symlink_to(
        leads if leads.startswith("/") else f"../{leads}"
    )
    for verb in ("build", "check"):
        result = run(verb, cwd=tmp_path / "a")
        assert result.returncode == 1
        assert "templates/static/x.txt: E005 " in result.stderr + result.stdout
    assert not (tmp_path / "a" / "build").exists()


def test_hidden_and_editors_files_are_no_templates(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    static = tmp_path / "templates" / "static"
    for name in (".env", "x.css~", ".x.css.swp", "__pycache__/x.txt", "kept.txt"):
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text("SECRET" if name != "kept.txt" else "kept")
    (static / ".#kept.txt").symlink_to("me@here.1:2")  # Emacs, as long as a file is not saved
    assert run("build", "--no-exports", cwd=tmp_path).returncode == 0
    assert run("check", "--no-exports", cwd=tmp_path).returncode == 0
    published = {p for p in (tmp_path / "build").rglob("*") if p.is_file()}
    assert (tmp_path / "build" / "static" / "kept.txt") in published
    assert not any(b"SECRET" in path.read_bytes() for path in published)


@pytest.mark.parametrize("url", ["https://a/\x01", "https://a/\u202e", "https://a/\udcff"])
def test_an_address_is_text(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("build", "check"):
        with pytest.raises(SystemExit) as ended:
            main([verb, "--base-url", url])
        assert ended.value.code == 2
        assert "must be https:// or http://" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["corpus/out", "templates/static/out"])
def test_the_output_is_nothing_that_is_published(output: str, tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    (tmp_path / "templates" / "static").mkdir(parents=True)
    result = run("build", "--no-exports", "-o", output, cwd=tmp_path)
    assert result.returncode == 1
    assert "is published" in result.stderr
    assert not (tmp_path / output).exists()


def test_templates_that_are_a_link_are_refused(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "a" / "corpus")
    (tmp_path / "private" / "static").mkdir(parents=True)
    (tmp_path / "a" / "templates").symlink_to("../private")
    for verb in ("build", "check"):
        result = run(verb, cwd=tmp_path / "a")
        assert result.returncode == 1
        assert "templates must be a folder; found a symbolic link" in result.stderr
    own = ("--templates", "../private", "--no-exports")
    assert run("build", *own, cwd=tmp_path / "a").returncode == 0


def test_templates_that_are_not_there_are_told(tmp_path: Path) -> None:
    for verb in ("build", "check"):
        result = run(verb, str(GOLDEN / "corpus"), "--templates", "gone", cwd=tmp_path)
        assert result.returncode == 1
        assert "no templates at gone" in result.stderr


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("build", str(GOLDEN / "corpus"), "-o", "file/build", cwd=tmp_path)
    assert result.returncode == 1
    assert "file is not a folder" in result.stderr
    assert "Traceback" not in result.stderr


# ---------------------------------------------------------------- recover


def test_recover_makes_a_draft_that_builds(tmp_path: Path) -> None:
    assert run("recover", str(WITNESS), "--id", "essai-1921", cwd=tmp_path).returncode == 0
    corpus = tmp_path / "corpus"
    assert (corpus / "witnesses" / "essai-1921.txt").read_bytes() == WITNESS.read_bytes()
    assert "essai-1921.txt" in (corpus / "witnesses" / "SHA256SUMS").read_text("utf-8")
    (corpus / "site.yaml").write_text("title: Essai\n")
    result = run("build", cwd=tmp_path)
    assert result.returncode == 0
    assert "W050" in result.stderr
    page = (tmp_path / "build" / "textes" / "essai-1921" / "index.html").read_text("utf-8")
    assert "date inconnue" in page
    assert "Auteur inconnu" in page


@pytest.mark.parametrize(
    ("corpus", "cwd", "told", "remedy"),
    [
        ("a", "", "a is no corpus: no site.yaml in it", "Did you mean -C a/corpus?"),
        (".", "a", ". is no corpus: no site.yaml in it", "Did you mean -C corpus?"),
        ("a/corpsu", "", "there is no folder a/corpsu", "Did you mean -C a/corpus?"),
        ("corpus", "a/corpus", "there is no folder corpus", "Did you mean -C .?"),
        ("gone", "", "there is no folder gone", "Make an archive: archive-site new FOLDER"),
        ("b/corpus", "", "there is no folder b/corpus", "Make an archive: archive-site new FOLDER"),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_recover_makes_no_stray_corpus(
    corpus: str, cwd: str, told: str, remedy: str, several: bool, tmp_path: Path
) -> None:
    (tmp_path / "a" / "corpus").mkdir(parents=True)
    (tmp_path / "a" / "corpus" / "site.yaml").write_text("title: Essai\n")
    before = sorted(tmp_path.rglob("*"))
    files = [str(WITNESS.parent)] if several else [str(WITNESS)]
    result = run("recover", *files, "-C", corpus, cwd=tmp_path / cwd)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [f"archive-site: {told}", f"    {remedy}"]
    assert sorted(tmp_path.rglob("*")) == before


def test_recover_never_overwrites(tmp_path: Path) -> None:
    run("recover", str(WITNESS), "--id", "essai", cwd=tmp_path)
    edition = tmp_path / "corpus" / "editions" / "essai.md"
    mine = edition.read_text("utf-8").replace("faible", "FAIBLE")
    edition.write_text(mine, "utf-8")
    result = run("recover", str(WITNESS), "--id", "essai", cwd=tmp_path)
    assert result.returncode == 0
    assert "-Au début de 1917, notre Parti était numériquement FAIBLE" in result.stdout
    assert edition.read_text("utf-8") == mine
    other = tmp_path / "other.txt"
    other.write_text("Un autre texte.")
    refused = run("recover", str(other), "--id", "essai", cwd=tmp_path)
    assert refused.returncode == 1
    assert "essai.txt exists and differs from" in refused.stderr
    assert (tmp_path / "corpus" / "witnesses" / "essai.txt").read_bytes() == WITNESS.read_bytes()


@pytest.mark.parametrize(
    ("data", "code"), [(None, "E001"), ("été".encode("latin-1"), "E002"), (b"a\0b", "E002")]
)
def test_a_witness_that_cannot_be_read_is_told(
    data: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "raw.txt"
    if data is not None:
        source.write_bytes(data)
    assert main(["recover", str(source), "-C", str(tmp_path / "corpus")]) == 1
    said = capsys.readouterr().err
    assert code in said
    assert "no draft written" in said
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("file", ["editions/essai.md", "witnesses/SHA256SUMS"])
def test_a_file_of_the_corpus_that_is_not_utf_8_is_told(file: str, tmp_path: Path) -> None:
    run("recover", str(WITNESS), "--id", "essai", cwd=tmp_path)
    (tmp_path / "corpus" / file).write_bytes("été".encode("latin-1"))
    source = tmp_path / "corpus" / "witnesses" / "essai.txt"
    other = ["--id", "essai" if file.endswith(".md") else "autre"]
    for arguments in (["recover", str(source), *other], ["check"]):
        result = run(*arguments, cwd=tmp_path)
        assert result.returncode == 1
        assert f"{file}:1: E002" in result.stdout + result.stderr
        assert not (tmp_path / "corpus" / "witnesses" / "autre.txt").exists()
        assert "Traceback" not in result.stderr


# ---------------------------------------------------------------- serve


def test_serve_shows_the_site_and_its_own_404(tmp_path: Path) -> None:
    assert main(["build", str(GOLDEN / "corpus"), "-o", str(tmp_path / "build")]) == 0
    with open_server(tmp_path / "build", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        with urllib.request.urlopen(url) as answer:
            assert "Petite archive" in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{url}rien")
        assert error.value.code == 404
        assert "pas dans l’archive" in error.value.read().decode()
        with open_server(tmp_path / "build", server.server_address[1]) as another:
            assert another.server_address[1] != server.server_address[1]
        server.shutdown()


# ---------------------------------------------------------------- findings as a product


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    path = root / "editions" / "discours-1905.md"
    path.write_text(path.read_text("utf-8").replace("durera", "durerait"), "utf-8")
    return root


def test_findings_are_printed_as_json(faulty: Path) -> None:
    result = run("check", str(faulty), "--format", "json")
    assert result.returncode == 1
    records = json.loads(result.stdout)
    assert {"path", "line", "code", "message", "hint", "stops"} == records[0].keys()
    assert [(r["code"], r["stops"]) for r in records] == [("E034", True), ("W050", False)]


def test_findings_are_printed_as_annotations(faulty: Path) -> None:
    lines = run("check", str(faulty), "--format", "github").stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning"]
    assert re.fullmatch(r"::error file=.*discours-1905\.md,line=30,title=E034::.*%0A.*", lines[0])


def test_every_finding_comes_with_a_remedy(tmp_path: Path) -> None:
    """That of its rule, where the finding itself has none."""
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    with (root / "people.yaml").open("a", encoding="utf-8") as file:
        file.write("autre: {name: Jeanne Durand}\nseul: {name: Seul}\nseule: {name: Seule}\n")
    records = json.loads(run("check", str(root), "--format", "json").stdout)
    found = {record["code"]: record["hint"] for record in records}
    assert found["E044"] == RULES["E044"].remedy
    assert found["W053"] == RULES["W053"].remedy
    told = run("check", str(root)).stdout
    assert "E044 “Jeanne Durand” must name one entry" in told
    assert f"    {RULES['E044'].remedy}\n" in told
    assert told.count(" W053 ") == 3 and told.count(RULES["W053"].remedy) == 1
    assert Finding("", 0, "", "a fault of the program").lines == ["a fault of the program"]


def test_a_code_is_explained() -> None:
    told = run("check", "--explain", "e012")
    assert told.returncode == 0
    assert told.stdout.startswith("E012 A date must be EDTF")
    unknown = run("check", "--explain", "E999")
    assert unknown.returncode == 1
    assert "unknown finding code: E999" in unknown.stderr
    assert run("check", "--explain").stdout == (ROOT / "docs/findings.md").read_text("utf-8")
