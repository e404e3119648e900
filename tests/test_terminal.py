"""What the command says: whatever stands in files, names and keys, on whatever terminal."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.findings import Finding, printable
from commands import run
from conftest import GOLDEN, ROOT
from test_cli import WITNESS

STEERS = "\x1b[2J\x9b31m\u202e\u2028\n\rE999"
"""Clears the screen, turns red, turns the direction, begins lines of its own."""
NONE_OF_IT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")


def started(*call: str, cwd: Path, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    """As `run`, in a process of its own, which has these surroundings."""
    return subprocess.run(
        [sys.executable, "-m", "archive_site", *call],
        capture_output=True,
        cwd=cwd,
        env=os.environ | surroundings,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    return tmp_path


# ---------------------------------------------------------------- nothing steers the terminal


@given(st.text())
def test_a_printable_text_is_one_line_and_steers_nothing(text: str) -> None:
    line = printable(text)
    assert not NONE_OF_IT.search(line) and "\n" not in line
    assert printable(line) == line


def test_french_stays_as_it_is() -> None:
    text = "«\u202fL’œuvre\u00a0» – “Élève” : 12\u202f000"
    assert printable(text) == text
    assert printable("garde\u00adz\u200b") == r"garde\xadz\u200b"


def put(archive: Path, name: str, old: str, new: str) -> None:
    path = archive / "corpus" / name
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


QUOTED = json.dumps(STEERS)  # as YAML writes it, too
LETTER = "editions/lettre-1906.md"


def file_name(archive: Path) -> None:
    (archive / "corpus" / LETTER).rename(archive / "corpus" / "editions" / f"l{STEERS}.md")


PLACES: dict[str, Callable[[Path], None]] = {
    "a field": lambda a: put(a, LETTER, "kind:", f"{QUOTED}: x\nkind:"),
    "a field twice": lambda a: put(a, LETTER, "kind:", f"{QUOTED}: x\n{QUOTED}: x\nkind:"),
    "an entry": lambda a: put(a, "people.yaml", "durand:", f"{QUOTED}: {{name: X}}\ndurand:"),
    "a field of an entry": lambda a: put(a, "events.yaml", "  place:", f"  {QUOTED}: x\n  place:"),
    "a word of a list": lambda a: put(a, LETTER, "kind: letter", f"kind: {QUOTED}"),
    "a witness": lambda a: put(a, LETTER, "status:", f"witness: {QUOTED}\nstatus:"),
    "a tag": lambda a: put(a, LETTER, "kind: letter", "kind: !<\x9b31m> letter"),
    "a file": file_name,
}


@pytest.mark.parametrize("form", ["text", "github", "json"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_no_finding_steers_the_terminal(
    place: Callable[[Path], None], form: str, archive: Path
) -> None:
    place(archive)
    done = run("check", "--format", form, cwd=archive)
    assert done.returncode == 1
    text = said(done)
    assert not NONE_OF_IT.search(text)
    assert "E999" not in [line[:4] for line in text.splitlines()]
    if form == "github":
        lines = done.stdout.splitlines()
        assert all(re.match("::(error|warning) file=[^,:]*,line=", line) for line in lines)
    if form == "json":
        assert json.loads(done.stdout)
    built = run("build", cwd=archive)
    assert built.returncode == 1 and not NONE_OF_IT.search(said(built))


def test_no_error_steers_the_terminal(archive: Path) -> None:
    for call in (
        ["build", f"gone{STEERS}"],
        ["build", "--templates", f"gone{STEERS}"],
        ["build", "-o", f"corpus/site.yaml/{STEERS}"],
        ["recover", f"gone{STEERS}"],
        ["recover", "corpus/witnesses/discours-1905.txt", "--id", STEERS],
        ["new", f"corpus{STEERS}/x"],
        ["new", "corpus"],
        ["check", "--explain", STEERS],
    ):
        done = run(*call, cwd=archive)
        assert done.returncode == 1
        assert not NONE_OF_IT.search(said(done)), call
    done = run("new", STEERS, cwd=archive)
    assert done.returncode == 0 and not NONE_OF_IT.search(said(done))


def test_no_difference_steers_the_terminal(archive: Path) -> None:
    put(archive, "editions/discours-1905.md", "durera", "\x1b[31mdurera")
    source = "corpus/witnesses/discours-1905.txt"
    done = run("recover", source, "--id", "discours-1905", cwd=archive)
    assert r"\x1b[31mdurera" in said(done)
    assert not NONE_OF_IT.search(said(done))


def test_a_finding_is_a_line_and_its_remedy_another() -> None:
    finding = Finding("a\nb.md", 3, "E012", "seen “\x07”", "Do\tit.")
    assert finding.lines == ["a\\nb.md:3: E012 seen “\\x07”", "    Do\\tit."]
    assert str(finding) == "\n".join(finding.lines)


# ---------------------------------------------------------------- what cannot be shown, or told


@pytest.mark.slow
@pytest.mark.parametrize(
    "terminal",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=str,
)
def test_what_a_terminal_cannot_show_is_replaced(terminal: dict[str, str], archive: Path) -> None:
    put(archive, "editions/discours-1905.md", "durera", "dûrera…→")
    check = ["check", "--format", "json", "--no-exports"]
    found = json.loads(started(*check, cwd=archive, **terminal).stdout)
    assert any("…→" in finding["message"] for finding in found)
    build, record = ["build", "--no-exports"], ["check", "--record", "--no-exports"]
    for call in (["--help"], ["check", "--explain"], build, record, build):
        done = started(*call, cwd=archive, **terminal)
        assert done.returncode in (0, 1)
        assert b"Traceback" not in done.stderr and b"Error" not in done.stderr, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [["check", "--no-exports"], ["build", "--no-exports"], ["check", "--explain"], ["--help"]],
    ids=" ".join,
)
def test_an_output_that_is_full_or_closed_is_no_fault_of_the_program(
    call: list[str], archive: Path
) -> None:
    command = [sys.executable, "-m", "archive_site", *call]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=-1, cwd=archive, check=False)
        assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr
        assert b"No space left" in done.stderr or call == ["--help"]
        subprocess.run(command, stdout=-1, stderr=full, cwd=archive, check=False)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=-1, cwd=archive, check=False)
    os.close(writer)
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("stream", [1, 2])
@pytest.mark.parametrize("call", ["check --no-exports", "build --no-exports", "--help"])
def test_an_output_that_the_caller_has_closed(call: str, stream: int, archive: Path) -> None:
    command = f"exec {shlex.quote(sys.executable)} -m archive_site {call} {stream}>&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=archive, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.parametrize("folder", ["", "editions", "witnesses"])
def test_a_name_that_is_no_utf_8_is_told(folder: str, archive: Path) -> None:
    ending = {"": b".yaml", "editions": b".md", "witnesses": b".txt"}[folder]
    (archive / "corpus" / folder / os.fsdecode(b"caf\xe9" + ending)).write_text("x")
    for verb in ("check", "build"):
        done = run(verb, cwd=archive)
        assert done.returncode == 1
        assert rf"caf\udce9{ending.decode()}: E048 a name must be in UTF-8" in said(done)


# ---------------------------------------------------------------- full disks

LIMITED = """
import resource, sys
from archive_site.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(sys.argv[2:]))
"""
CALLS = {
    "build": ["build"],
    "build in other processes": ["build", "--jobs", "2", "--no-exports"],
    "check --record": ["check", "--record"],
    "recover": ["recover", "raw.txt"],
    "new": ["new", "mine"],
}


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_file_can_be_written_to_its_end(call: list[str], archive: Path) -> None:
    """The system writes no file beyond a size: small ones, then larger ones, fail."""
    if "build" not in call:  # a difference to record
        put(archive, "editions/discours-1905.md", "durera", "durerait")
    shutil.copy(WITNESS, archive / "raw.txt")
    before = {p: p.read_bytes() for p in (archive / "corpus").rglob("*") if p.is_file()}
    failed = 0
    for limit in (0, 500, 4_000, 20_000, 40_000, 100_000, 1_000_000):
        command = [sys.executable, "-c", LIMITED, str(limit), *call]
        # A limited process would leave bytecode that is cut off.
        env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=archive, check=False, env=env
        )
        if done.returncode == 0:
            break
        failed += 1
        assert done.returncode == 1
        told = [line for line in said(done).splitlines() if " W0" not in line]
        assert any("archive-site: " in line or "E034" in line for line in told), told
        assert sum("archive-site: " in line for line in told) <= 1
        assert {p: p.read_bytes() for p in before} == before
        assert not (archive / "mine").exists()
        assert not (archive / "build" / "index.html").exists()
        assert not list((archive / "corpus").rglob(".*"))
    assert failed


# ---------------------------------------------------------------- one thing, two things


def test_the_command_counts_one_as_one(tmp_path: Path) -> None:
    assert run("new", "mine", cwd=tmp_path).returncode == 0
    archive = tmp_path / "mine"
    (text,) = (archive / "corpus" / "editions").glob("*.md")
    draft = text.read_text("utf-8").replace("status: proofread", "status: draft")
    text.write_text(draft, "utf-8")
    told = said(run("check", cwd=archive)) + said(run("build", cwd=archive))
    assert "1 text, " in told and ", 1 warning\n" in told
    text.write_text(draft.replace("kind: ", "kind: x"), "utf-8")
    told += said(run("check", cwd=archive)) + said(run("build", cwd=archive))
    assert "1 error" in told
    assert not re.search(rf"(?<![\d,.])1 {NOUNS}s\b", told), told


NOUNS = (
    "(?:finding|text|file|warning|difference|page|error|time|line|word|character|byte|place|entry|"
    "process|second|note|block|letter|passage|form|name)"
)
PLURALS = re.compile(rf"\{{\}} {NOUNS}s\b")
NEVER_ONE = (
    "must not be longer than {} bytes",
    "it has more than {} characters",
    "found {} times",
    "should have no more than {} words",
    "was saved {} times while its words were declared",
)


def test_no_message_counts_by_itself() -> None:
    """A number before a plural goes through `counted`."""
    for path in (ROOT / "src" / "archive_site").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
                text = "".join(map(str, parts))
                if PLURALS.search(text):
                    assert any(known in text for known in NEVER_ONE), (path.name, text)
