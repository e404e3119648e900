"""The loader and the checks: each fault gives one clear finding, all of a run together."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_site.cli.main import main
from archive_site.files.layout import LARGEST
from conftest import GOLDEN, ROOT
from sites import findings_of

SPEECH, LETTER = "editions/discours-1905.md", "editions/lettre-1906.md"
WITNESS = "witnesses/discours-1905.txt"
PLACES, EVENTS = "places.yaml", "events.yaml"


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")


def remove(root: Path, name: str) -> None:
    path = root / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def latin_1(root: Path, name: str) -> None:
    (root / name).write_bytes((root / name).read_text("utf-8").encode("latin-1", "replace"))


def collections(root: Path, text: str) -> None:
    (root / "collections.yaml").write_text(text, "utf-8")


def two_alike(root: Path) -> None:
    """Two editions of one work that have one title, date and source."""
    edit(root, LETTER, "status: draft", "status: draft\nwork: le-discours")
    text = (root / LETTER).read_text("utf-8")
    other = text.replace("id: lettre-1906\n", "id: lettre-1907\n")
    (root / "editions/lettre-1907.md").write_text(other, "utf-8")


def large(path: Path) -> None:
    path.touch()
    os.truncate(path, LARGEST + 1)  # without a byte on the disk


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
    "id given twice": (
        lambda r: edit(r, LETTER, "## Seconde partie", "## Un {#a}\n\n## Deux {#a}"),
        LETTER, "E023", 22,
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
    "unknown person": (lambda r: edit(r, SPEECH, "key: durand", "key: durant"), SPEECH, "E031", 6),
    "unknown translator": (
        lambda r: edit(
            r, SPEECH, "date: 1905", "contributors:\n- {key: durant, role: translator}\ndate: 1905"
        ),
        SPEECH, "E031", 11,
    ),
    "a place that contributes": (
        lambda r: edit(r, SPEECH, "key: durand", "key: paris"), SPEECH, "E031", 6,
    ),
    "unknown kind": (lambda r: edit(r, SPEECH, "kind: speech", "kind: spech"), SPEECH, "E015", 4),
    "a kind without a name": (
        lambda r: edit(r, "site.yaml", "title:", "kinds: {petition: ''}\ntitle:"),
        "site.yaml", "E014", 1,
    ),
    "a kind that is no word": (
        lambda r: edit(r, "site.yaml", "title:", "kinds: {Une pétition: Pétition}\ntitle:"),
        "site.yaml", "E018", 1,
    ),
    "kinds that are no mapping": (
        lambda r: edit(r, "site.yaml", "title:", "kinds: [petition]\ntitle:"),
        "site.yaml", "E015", 1,
    ),
    "unknown work": (
        lambda r: edit(r, SPEECH, "date: 1905", "work: greve\ndate: 1905"), SPEECH, "E031", 10,
    ),
    "a source that is not in the bibliography": (
        lambda r: edit(r, SPEECH, "date: 1905", "source: {reference: broue, p: x}\ndate: 1905"),
        SPEECH, "E013", 10,
    ),
    "a work that is not in the bibliography": (
        lambda r: edit(r, SPEECH, "date: 1905", "original: {reference: 'a, p. 3'}\ndate: 1905"),
        SPEECH, "E063", 10,
    ),
    "unknown collection": (
        lambda r: edit(r, SPEECH, "date: 1905", "collection: lettres\ndate: 1905"),
        SPEECH, "E031", 10,
    ),
    "a collection's unknown parent": (
        lambda r: collections(r, "a: {title: A, parents: [b]}"), "collections.yaml", "E031", 1,
    ),
    "a collection's unknown text": (
        lambda r: collections(r, "a: {title: A, order: [discours-1905]}"),
        "collections.yaml", "E031", 1,
    ),
    "a collection within itself": (
        lambda r: collections(r, "a: {title: A, parents: b}\nb: {title: B, parents: [a]}"),
        "collections.yaml", "E052", 1,
    ),
    "a collection without a title": (
        lambda r: collections(r, "a: {description: A}"), "collections.yaml", "E014", 1,
    ),
    "a collection with an odd key": (
        lambda r: collections(r, "Un dossier: {title: A}"), "collections.yaml", "E018", 1,
    ),
    "a collection that cannot be a folder": (
        lambda r: collections(r, "con: {title: A}"), "collections.yaml", "E048", 1,
    ),
    "collections that are a list": (
        lambda r: collections(r, "- title: A"), "collections.yaml", "E015", 1,
    ),
    "unknown speaker": (
        lambda r: edit(r, SPEECH, "speaker=durand", "speaker=dupond"), SPEECH, "E031", 35,
    ),
    "no such witness": (lambda r: remove(r, WITNESS), SPEECH, "E032", 1),
    "a witness not named": (
        lambda r: edit(r, SPEECH, "witness: discours-1905.txt", "witness: ''"), SPEECH, "E032", 1,
    ),
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
    "a ref to no block": (
        lambda r: edit(r, LETTER, "Mon ami", '[Mon]{.ref to="#nul"} ami'), LETTER, "E025", 18,
    ),
    "a ref without its target": (
        lambda r: edit(r, LETTER, "Mon ami", "[Mon]{.ref} ami"), LETTER, "E024", 18,
    ),
    "a name without its key": (
        lambda r: edit(r, LETTER, "Mon ami", "[Mon]{.name} ami"), LETTER, "E024", 18,
    ),
    "a name of no entry": (
        lambda r: edit(r, LETTER, "Mon ami", "[Mon]{.name key=pari} ami"), LETTER, "E031", 18,
    ),
    "a calendar unknown": (
        lambda r: edit(r, LETTER, "kind:", "calendar: julien\nkind:"), LETTER, "E015", 7,
    ),
    "a year that is none": (
        lambda r: edit(r, LETTER, "kind:", "year: vers 1906\nkind:"), LETTER, "E012", 7,
    ),
    "an entry without a name": (
        lambda r: edit(r, PLACES, "  name: Paris", "  sort: Paris"), PLACES, "E014", 4,
    ),
    "an entry's key": (lambda r: edit(r, PLACES, "paris:", "Paris:"), PLACES, "E018", 4),
    "a day as a key": (lambda r: edit(r, PLACES, "paris:", "1905-05-03:"), PLACES, "E018", 4),
    "an entry's field": (
        lambda r: edit(r, PLACES, "  name: Paris", "  name: Paris\n  latitude: '48'"),
        PLACES, "E013", 6,
    ),
    "a form's rule": (lambda r: edit(r, EVENTS, "not_in", "never_in"), EVENTS, "E013", 4),
    "a form without words": (lambda r: edit(r, EVENTS, "form:", "only_in:"), EVENTS, "E014", 4),
    "an event's date": (lambda r: edit(r, EVENTS, "1904~", "vers 1904"), EVENTS, "E012", 11),
    "calendars that differ": (
        lambda r: edit(r, EVENTS, "old_style: 1905-04-20/", "old_style: 1905-04-21/"),
        EVENTS, "E046", 6,
    ),
    "an identifier's giver": (
        lambda r: edit(r, "people.yaml", "wikidata", "wikipedia"), "people.yaml", "E013", 7,
    ),
    "a link that is not safe": (
        lambda r: edit(r, PLACES, "  name: Paris", "  name: Paris\n  links: [javascript:x]"),
        PLACES, "E015", 6,
    ),
    "an entry that points to none": (
        lambda r: edit(r, "people.yaml", "[greve]", "[greves]"), "people.yaml", "E031", 1,
    ),
    "a form in no text": (lambda r: edit(r, EVENTS, "lettre-1906", "lettre"), EVENTS, "E031", 4),
    "a note that is not": (
        lambda r: edit(r, "glossary.yaml", "1905#1", "1905#7"), "glossary.yaml", "E031", 1,
    ),
    "a key in two files": (
        lambda r: edit(r, "glossary.yaml", "greve:", "paris:"), "glossary.yaml", "E045", 1,
    ),
    "a form of two entries": (
        lambda r: edit(r, PLACES, "  name: Paris", "  name: Paris\n  forms: [Jeanne Durand]"),
        PLACES, "E044", 6,
    ),
    "a form of two entries, whatever their rules": (
        lambda r: edit(
            r, PLACES, "  name: Paris",
            "  name: Paris\n  forms: [{form: grève, only_in: [discours-1905]}]",
        ),
        SPEECH, "E044", 30,
    ),
    "a word without its why": (
        lambda r: edit(r, "unclaimed.yaml", "why: mot d’une phrase dont le début manque\n  ", ""),
        "unclaimed.yaml", "E014", 1,
    ),
    "base URL": (lambda r: edit(r, "site.yaml", "https:", "ftp:"), "site.yaml", "E015", 4),
    "a link out of the corpus": (
        lambda r: (r / "editions/a.md").symlink_to("/etc/passwd"), "editions/a.md", "E005", 0,
    ),
    "a link to a device": (
        lambda r: (r / "editions/a.md").symlink_to("/dev/zero"), "editions/a.md", "E005", 0,
    ),
    "a link to the archive around": (
        lambda r: (r / "exemptions.yaml").symlink_to("../build/index.html"),
        "exemptions.yaml", "E005", 0,
    ),
    "a link to nowhere": (
        lambda r: (r / "witnesses/a.txt").symlink_to("gone"), "witnesses/a.txt", "E001", 0,
    ),
    "a link to itself": (
        lambda r: (r / "witnesses/a.txt").symlink_to("a.txt"), "witnesses/a.txt", "E001", 0,
    ),
    "a link to a folder": (lambda r: (r / "autre").symlink_to("editions"), "autre", "E005", 0),
    "a folder as a text": (
        lambda r: (r / "editions/a.md").mkdir(), "editions/a.md", "E005", 0,
    ),
    "a folder as an authority file": (
        lambda r: (r / "exemptions.yaml").mkdir(), "exemptions.yaml", "E005", 0,
    ),
    "a pipe": (lambda r: os.mkfifo(r / "editions/a.md"), "editions/a.md", "E005", 0),
    "a file without end": (lambda r: large(r / "editions/a.md"), "editions/a.md", "E005", 0),
    "quotations within each other": (
        lambda r: edit(r, SPEECH, "::: {.quote", "::: quote\n::: {.quote"), SPEECH, "E024", 34,
    ),
    "no words": (
        lambda r: (r / LETTER).write_text((r / LETTER).read_text("utf-8").split("## ")[0], "utf-8"),
        LETTER, "E026", 15,
    ),
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))


@pytest.mark.parametrize(
    ("damage", "path", "code", "line"),
    [
        (lambda r: collections(r, "a: {title: A}"), "collections.yaml", "W070", 1),
        (two_alike, "editions/lettre-1907.md", "W071", 14),
    ],
)
def test_what_is_doubtful_is_told_and_the_site_built(
    damage: Damage, path: str, code: str, line: int, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(root)
    assert main(["check", str(root)]) == 0
    assert f"{root / path}:{line}: {code}" in capsys.readouterr().out


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_a_finding_and_the_site_stays(
    fault: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, path, code, line = FAULTS[fault]
    output = tmp_path / "build"
    call = ["build", str(root), "-o", str(output), "--no-exports"]
    assert main(call) == 0
    before = {p: p.read_bytes() for p in output.rglob("*") if p.is_file()}
    capsys.readouterr()
    damage(root)
    assert main(call) == 1
    printed = capsys.readouterr().err
    where = f"{root / path}:{line}: {code}" if line else f"{root / path}: {code}"
    assert where in printed, printed
    assert "Traceback" not in printed
    assert {p: p.read_bytes() for p in output.rglob("*") if p.is_file()} == before
    # `check` finds whatever stops a build.
    assert main(["check", str(root), "--no-exports"]) == 1
    assert stopping(printed) <= stopping(capsys.readouterr().out)


def stopping(printed: str) -> set[str]:
    """The findings in what was printed that stop a build."""
    found = {line for line in printed.splitlines() if re.search(r": E\d{3} ", line)}
    assert found
    return found


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


def test_a_file_that_cannot_be_read_hides_no_other_finding(root: Path) -> None:
    """Keys of a file of collections that cannot be read are not called unknown."""
    collections(root, "a: [b\nc: d")
    edit(root, SPEECH, "date: 1905", "collection: a\ndate: 1905")
    edit(root, SPEECH, "key: durand", "key: durant")
    found = {(Path(f.path).name, f.code) for f in findings_of(root) if f.stops}
    assert found == {("collections.yaml", "E011"), ("discours-1905.md", "E031")}


def test_what_stops_one_text_changes_no_other_finding(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def found() -> set[tuple[str, str, str]]:
        main(["check", str(root), "--no-exports", "--format", "json"])
        findings = json.loads(capsys.readouterr().out)
        return {(finding["path"], finding["code"], finding["message"]) for finding in findings}

    before = found()
    (root / "witnesses" / "SHA256SUMS").write_text(f"{'0' * 64}  discours-1905.txt\n")
    edit(root, LETTER, "Mon ami", "[Mon ami]{.name key=personne}")
    assert before <= found()
    assert {code for _, code, _ in found() - before} == {"E004", "E031"}


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
    assert f"{root / LETTER}:30: W051 an open doubt: “mot” (illisible)" in printed
    assert f"{root / LETTER}:30: W052 quotation marks must pair" in printed


def test_what_an_editor_may_have_missed_is_told_by_check_alone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, LETTER, "Texte tapé", "Le camarade Dupont, venu de Lille avec Dupont, a tapé")
    edit(root, PLACES, "paris:", "lyon:\n  name: Lyon\nparis:")
    edit(root, "unclaimed.yaml", "[Que]", "[Que, Quoi]")
    assert main(["build", str(root), "-o", str(tmp_path / "build")]) == 0
    assert "W05" not in capsys.readouterr().err.replace("W050", "")
    assert main(["check", str(root)]) == 0
    printed = capsys.readouterr().out
    assert f"{root / LETTER}:30: W054 no entry claims “Dupont” (2 times)" in printed
    assert f"{root / LETTER}:30: W054 no entry claims “Lille” (1 time)" in printed
    assert f"{root / PLACES}:4: W053 no text and no entry names lyon" in printed
    assert f"{root / 'unclaimed.yaml'}:2: W055 “Quoi” is in no text" in printed
    assert printed.count("W05") == 5  # and W050, the draft's


def test_what_nothing_uses_is_told_and_not_published(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {
        "people.yml": "Did you mean “people.yaml”?",
        "zzzz-1.yaml": "The files here must be site.yaml",
        "editions/plan.txt": "The files here must be <id>.md",
        "editions/deep/x.md": "Move it to editions/, to witnesses/",
        "witnesses/oublie.txt": "Write witness: oublie.txt in an edition",
        "witnesses/plan.csv": "The files here must be <id>.txt",
    }
    assert main(["build", str(root), "-o", str(tmp_path / "build"), "--no-exports"]) == 0
    published = {path.relative_to(tmp_path) for path in (tmp_path / "build").rglob("*")}
    sums = (tmp_path / "build" / "data" / "SHA256SUMS").read_bytes()
    capsys.readouterr()
    for name in names:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("INÉDIT", "utf-8")
    for left_alone in (".DS_Store", "editions/.lettre.md.swp", "editions/lettre-1906.md~"):
        (root / left_alone).write_text("x", "utf-8")
    assert main(["build", str(root), "-o", str(tmp_path / "build"), "--no-exports"]) == 0
    built = capsys.readouterr().err
    assert main(["check", str(root), "--no-exports"]) == 0
    checked = capsys.readouterr().out
    for name, hint in names.items():
        assert f"{root / name}: W058 " in built
        assert f"{root / name}: W058 " in checked
        assert hint in built
    assert built.count("W058") == len(names)
    assert {path.relative_to(tmp_path) for path in (tmp_path / "build").rglob("*")} == published
    assert (tmp_path / "build" / "data" / "SHA256SUMS").read_bytes() == sums
    exemption = "- {path: people.yml, code: W058, reason: un essai}\n"
    (root / "exemptions.yaml").write_text(exemption, "utf-8")
    assert main(["check", str(root), "--no-exports"]) == 0
    assert "people.yml" not in capsys.readouterr().out


def test_a_corpus_that_is_a_link_is_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to(root)
    for verb in ("build", "check"):
        assert main([verb, str(tmp_path / "link")]) == 1
        assert "is a symbolic link" in capsys.readouterr().err


def test_a_form_given_with_rules_and_without_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = "  forms:\n    - Lyon\n    - {form: Lyon, not_after: [à]}\n"
    edit(root, PLACES, "paris:", f"lyon:\n  name: Lyon\n{forms}paris:")
    edit(root, LETTER, "Texte tapé", "Texte tapé de Lyon")
    lines = (root / PLACES).read_text("utf-8").splitlines()
    plain = lines.index("    - Lyon") + 1
    assert main(["check", str(root)]) == 0
    told = "W056 a form must have the same rules everywhere; found “Lyon” without rules, and “Lyon”"
    expected = f"{root / PLACES}:{plain}: {told} of line {plain + 1} with some"
    assert expected in capsys.readouterr().out
    edit(root, PLACES, "    - Lyon\n", "")
    assert main(["check", str(root)]) == 0
    assert "W056" not in capsys.readouterr().out


def test_a_word_marked_as_no_name_is_not_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, LETTER, "Texte tapé", 'Le camarade [Dupont]{.name key=""} et Dupin l’ont tapé')
    assert main(["check", str(root)]) == 0
    printed = capsys.readouterr().out
    assert "“Dupont”" not in printed and "W054 no entry claims “Dupin”" in printed


def test_an_exemption_lets_a_finding_stand(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, SPEECH, "vaincre.»", 'vaincre.[]{.corr sic="»"}')
    exemption = "- path: editions/discours-1905.md\n  code: E036\n  reason: ainsi sur le papier\n"
    (root / "exemptions.yaml").write_text(exemption, "utf-8")
    assert main(["build", str(root), "-o", str(tmp_path / "build")]) == 0
    assert "E036" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *(f"{kind}.yaml" for kind in ("people", "places", "organisations", "works", "events")),
        "glossary.yaml",
        *(f"editions/{path.name}" for path in sorted((ROOT / "corpus" / "editions").glob("*.md"))),
    ],
)
def test_one_mistake_is_one_finding(name: str, tmp_path: Path) -> None:
    """What only follows from a file that cannot be read is not told: it would hide the cause."""
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    words = (corpus / name).read_text("utf-8")
    first, rest = words.split("\n", 1)
    (corpus / name).write_text(f"{first}\n[: x\n{rest}", "utf-8")
    stops = [finding for finding in findings_of(corpus) if finding.stops]
    assert [(f.path, f.code) for f in stops] == [(str(corpus / name), "E011")]


def test_what_does_not_follow_from_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    edition = min((corpus / "editions").glob("*.md"))
    edition.write_text(f"---\n[: x\n{edition.read_text('utf-8')}", "utf-8")
    works = corpus / "works.yaml"
    works.write_text(
        f"{works.read_text('utf-8')}\nnulle:\n  name: Nulle\n  text: ailleurs\n", "utf-8"
    )
    stops = {(f.code, f.path) for f in findings_of(corpus) if f.stops}
    assert stops == {("E011", str(edition)), ("E031", str(works))}


def test_names_are_not_missed_while_their_file_cannot_be_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = root / "people.yaml"
    people.write_text(f"[: x\n{people.read_text('utf-8')}", "utf-8")
    assert main(["check", str(root), "--no-exports", "--format", "json"]) == 1
    codes = {finding["code"] for finding in json.loads(capsys.readouterr().out)}
    assert "E011" in codes and not codes & {"W053", "W054", "W055"}
