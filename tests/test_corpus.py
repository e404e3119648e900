"""The loader and the checks: each fault gives one clear finding, all of a run together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_site.cli import main
from conftest import GOLDEN

SPEECH, LETTER = "editions/discours-1905.md", "editions/lettre-1906.md"
WITNESS = "witnesses/discours-1905.txt"


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")


def remove(root: Path, name: str) -> None:
    path = root / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def latin_1(root: Path, name: str) -> None:
    (root / name).write_bytes((root / name).read_text("utf-8").encode("latin-1", "replace"))


Damage = Callable[[Path], object]
FAULTS: dict[str, tuple[Damage, str, str, int]] = {
    "empty corpus": (lambda r: remove(r, "editions"), "editions", "E003", 0),
    "no site.yaml": (lambda r: remove(r, "site.yaml"), "site.yaml", "E001", 0),
    "edition not UTF-8": (lambda r: latin_1(r, SPEECH), SPEECH, "E002", 9),
    "witness not UTF-8": (lambda r: latin_1(r, WITNESS), WITNESS, "E002", 5),
    "binary witness": (lambda r: (r / WITNESS).write_bytes(b"a\n\0b"), WITNESS, "E002", 2),
    "no front matter": (lambda r: (r / LETTER).write_text("Mot."), LETTER, "E010", 1),
    "YAML that does not parse": (lambda r: edit(r, LETTER, "id:", "id: ["), LETTER, "E011", 3),
    "authority file not YAML": (
        lambda r: (r / "people.yaml").write_text("a: [b\nc: d"), "people.yaml", "E011", 2,
    ),
    "invalid date": (lambda r: edit(r, LETTER, "1906~", "vers 1906"), LETTER, "E012", 10),
    "unknown field": (lambda r: edit(r, LETTER, "kind:", "knid:"), LETTER, "E013", 7),
    "missing field": (lambda r: edit(r, LETTER, "kind: letter\n", ""), LETTER, "E014", 1),
    "ill-typed field": (lambda r: edit(r, LETTER, "kind: letter", "kind: {}"), LETTER, "E015", 7),
    "doubled field": (
        lambda r: edit(r, LETTER, "kind: letter", "kind: letter\nkind: essay"), LETTER, "E016", 8,
    ),
    "no ground": (lambda r: edit(r, LETTER, "  ground: le papier\n", ""), LETTER, "E017", 10),
    "id and name differ": (lambda r: edit(r, LETTER, "id: l", "id: m"), LETTER, "E018", 2),
    "call without note": (lambda r: edit(r, LETTER, "papier.", "papier.[^9]"), LETTER, "E020", 30),
    "note without call": (lambda r: edit(r, SPEECH, "bon [^2]", "bon [2]"), SPEECH, "E021", 51),
    "doubled label": (lambda r: edit(r, SPEECH, "[^2]: Let", "[^1]: Let"), SPEECH, "E022", 51),
    "note called twice": (
        lambda r: edit(r, LETTER, "papier.", "p[^a] b[^a].\n\n[^a]: n"), LETTER, "E023", 30,
    ),
    "markup unknown": (lambda r: edit(r, LETTER, "{.gap", "{.gpa"), LETTER, "E024", 30),
    "link to no block": (lambda r: edit(r, LETTER, "#citoyens", "#cit"), LETTER, "E025", 18),
    "link to no text": (lambda r: edit(r, LETTER, "(discours-", "(discour-"), LETTER, "E025", 18),
    "script as a link": (
        lambda r: edit(r, LETTER, "(discours-1905", "(ftp://x"), LETTER, "E025", 18,
    ),
    "two texts with one id": (
        lambda r: (r / "editions/m.md").write_text((r / LETTER).read_text("utf-8"), "utf-8"),
        "editions/m.md", "E030", 2,
    ),
    "unknown person": (lambda r: edit(r, SPEECH, "key: durand", "key: durant"), SPEECH, "E031", 1),
    "unknown speaker": (
        lambda r: edit(r, SPEECH, "speaker=durand", "speaker=dupond"), SPEECH, "E031", 35,
    ),
    "no such witness": (lambda r: remove(r, WITNESS), SPEECH, "E032", 1),
    "witness changed": (lambda r: edit(r, WITNESS, "plui", "pluie"), WITNESS, "E004", 0),
    "witness without checksum": (lambda r: remove(r, "witnesses/SHA256SUMS"), WITNESS, "E004", 0),
    "a word lost": (lambda r: edit(r, SPEECH, "grève - car", "car"), SPEECH, "E033", 30),
    "a word changed": (lambda r: edit(r, SPEECH, "durera", "durerait"), SPEECH, "E034", 30),
    "a quotation mark lost": (
        lambda r: edit(r, SPEECH, "vaincre.»", 'vaincre.[]{.corr sic="»"}'), SPEECH, "E036", 30,
    ),
    "an exemption of no use": (
        lambda r: (r / "exemptions.yaml").write_text("- {path: x.md, code: E036, reason: y}"),
        "exemptions.yaml", "E038", 1,
    ),
    "an exemption without its reason": (
        lambda r: (r / "exemptions.yaml").write_text("- {path: x.md, code: E036}"),
        "exemptions.yaml", "E014", 1,
    ),
    "an exemption that may not be": (
        lambda r: (r / "exemptions.yaml").write_text("- {path: x.md, code: E012, reason: y}"),
        "exemptions.yaml", "E038", 1,
    ),
    "base URL": (lambda r: edit(r, "site.yaml", "https:", "ftp:"), "site.yaml", "E015", 4),
    "no words": (
        lambda r: (r / LETTER).write_text((r / LETTER).read_text("utf-8").split("## ")[0], "utf-8"),
        LETTER, "E026", 15,
    ),
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_a_finding_and_the_site_stays(
    fault: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, path, code, line = FAULTS[fault]
    output = tmp_path / "build"
    assert main(["build", str(root), "-o", str(output)]) == 0
    before = {p: p.read_bytes() for p in output.rglob("*") if p.is_file()}
    capsys.readouterr()
    damage(root)
    assert main(["build", str(root), "-o", str(output)]) == 1
    printed = capsys.readouterr().err
    where = f"{root / path}:{line}: {code}" if line else f"{root / path}: {code}"
    assert where in printed, printed
    assert "Traceback" not in printed
    assert {p: p.read_bytes() for p in output.rglob("*") if p.is_file()} == before


def test_all_findings_of_a_run_come_together(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, LETTER, "1906~", "hier")
    edit(root, SPEECH, "speaker=durand", "speaker=dupond")
    edit(root, SPEECH, "durera", "durerait")
    edit(root, WITNESS, "plui", "pluie")
    assert main(["check", str(root)]) == 1
    printed = capsys.readouterr().out
    assert all(code in printed for code in ("E012", "E031", "E034", "E004"))


def test_no_corpus_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(tmp_path / "nowhere")]) == 1
    assert "no corpus at" in capsys.readouterr().err


def test_a_hint_names_the_nearest_word(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, LETTER, "kind:", "knid:")
    main(["check", str(root)])
    assert "Did you mean “kind”?" in capsys.readouterr().out


def test_what_a_draft_still_needs_is_told_and_stops_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, LETTER, "[]{.gap", '[mot]{.doubt why="illisible"} « []{.gap')
    assert main(["build", str(root), "-o", str(tmp_path / "build")]) == 0
    printed = capsys.readouterr().err
    assert f"{root / LETTER}:1: W050" in printed
    assert f"{root / LETTER}:30: W051 a doubt is to be decided: “mot” (illisible)" in printed
    assert f"{root / LETTER}:30: W052 quotation marks must pair" in printed


def test_an_exemption_lets_a_finding_stand(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, SPEECH, "vaincre.»", 'vaincre.[]{.corr sic="»"}')
    exemption = "- path: editions/discours-1905.md\n  code: E036\n  reason: ainsi sur le papier\n"
    (root / "exemptions.yaml").write_text(exemption, "utf-8")
    assert main(["build", str(root), "-o", str(tmp_path / "build")]) == 0
    assert "E036" not in capsys.readouterr().err
