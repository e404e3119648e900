"""Commands in any order, with options to and fro: the site is always that of a first build."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from urllib.request import urlopen

import pytest

import twice
from archive_site.build import executors
from archive_site.cli.main import main
from twice import files_of

ALL_MARKUP = Path(__file__).parent / "all_markup"
OPTIONS: dict[str, tuple[str, ...]] = {
    "all": (),
    "no exports": ("--no-exports",),
    "address, no exports": ("--base-url", "https://a.example/b/", "--no-exports"),
    "templates": ("--templates", "own"),
    "processes": ("--jobs", "2"),
}


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of one short text with a file of everything, in the current folder."""
    shutil.copytree(ALL_MARKUP, tmp_path / "corpus")
    edition = tmp_path / "corpus" / "editions" / "de-tout.md"
    words = edition.read_text("utf-8").replace("witness: de-tout.txt", "witness: ''")
    edition.write_text(words.replace("omissions: [{lines: 2, why: titre courant}]\n", ""), "utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "404.html").write_text("<title>x</title><main><h1>Perdu</h1></main>")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def differences(one: Path, other: Path) -> list[str]:
    """The paths of files that two sites on a disk do not share, byte for byte."""
    return twice.differences(files_of(one), files_of(other))


@pytest.mark.slow
def test_options_to_and_fro(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every two sets of options: one, the other, the one again."""

    def build(name: str, *where: str) -> None:
        with monkeypatch.context() as patched:
            if name == "processes":  # as if there were many texts
                patched.setattr(executors, "TRIED", 0)
                patched.setattr(executors, "FORKED", -1)
                patched.setattr(executors, "SPAWNED", -1)
            assert main(["build", *where, *OPTIONS[name]]) == 0

    for name in OPTIONS:
        build(name, "-o", f"first/{name}")
    for pair in combinations(OPTIONS, 2):  # in the order a-b, a-c, …: each a is built already
        for name in (pair[1], pair[0]):
            build(name)
            assert differences(archive / "build", archive / "first" / name) == [], pair


def _reworded(corpus: Path) -> None:
    file = corpus / "editions" / "de-tout.md"
    file.write_text(file.read_text("utf-8").replace("Quelques mots", "Certains mots"), "utf-8")


def _second_text(corpus: Path) -> None:
    words = (corpus / "editions" / "de-tout.md").read_text("utf-8")
    (corpus / "editions" / "autre.md").write_text(words.replace("id: de-tout", "id: autre"))


def _entry_gone(corpus: Path) -> None:
    words = (corpus / "people.yaml").read_text("utf-8")
    (corpus / "people.yaml").write_text(words.replace("Anne Durand", "Anna Durand"), "utf-8")


def _no_places_file(corpus: Path) -> None:
    (corpus / "places.yaml").write_text("valmy:\n  name: Valmy\n", "utf-8")


def _titled(corpus: Path) -> None:
    (corpus / "site.yaml").write_text("title: Autre\n", "utf-8")


EDITS: tuple[Callable[[Path], None], ...] = (
    _reworded, _second_text, _entry_gone, _no_places_file, _titled,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "between"),
    [(edit, ("--no-exports",) * (n % 2)) for n, edit in enumerate(EDITS)],
    ids=[edit.__name__.strip("_") for edit in EDITS],
)
def test_edits_there_and_back(
    edit: Callable[[Path], None], between: tuple[str, ...], archive: Path
) -> None:
    corpus = archive / "corpus"
    shutil.copytree(corpus, archive / "before")
    assert main(["build"]) == 0
    shutil.copytree(archive / "build", archive / "first")
    edit(corpus)
    assert main(["build", *between]) == 0
    assert main(["build", "-o", "edited", *between]) == 0
    assert differences(archive / "build", archive / "edited") == []
    assert b"".join(files_of(archive / "edited").values()) != b"".join(
        files_of(archive / "first").values()
    )
    shutil.rmtree(corpus)
    (archive / "before").rename(corpus)
    assert main(["build"]) == 0
    assert differences(archive / "build", archive / "first") == []


def test_a_mistake_and_back(archive: Path) -> None:
    """What stops a build leaves the site; put right, the site is that of a first build."""
    edition = archive / "corpus" / "editions" / "de-tout.md"
    words = edition.read_text("utf-8")
    assert main(["build"]) == 0
    shutil.copytree(archive / "build", archive / "first")
    for options in ((), ("--no-exports",)):
        edition.write_text(words.replace("[^1]\n", "[^9]\n"), "utf-8")
        assert main(["build", *options]) == 1
        assert main(["check", *options]) == 1
        assert differences(archive / "build", archive / "first") == []
        edition.write_text(words, "utf-8")
        assert main(["build"]) == 0
        assert differences(archive / "build", archive / "first") == []


def test_build_then_serve_then_build(archive: Path) -> None:
    """README's own road: `make site`, then `make serve`. Nothing is at fault, and pages come."""
    assert main(["build"]) == 0
    shutil.copytree(archive / "build", archive / "first")
    call = [sys.executable, "-m", "archive_site", "serve", "--port", "0"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        assert run.stdout is not None
        said: list[str] = []
        while not said or "Ctrl+C" not in said[-1]:
            said.append(run.stdout.readline())
            assert said[-1], said
        address = said[-1].split()[0]
        with urlopen(f"{address}recherche/index.html", timeout=30) as answer:
            assert b"</html>" in answer.read()
        run.send_signal(signal.SIGINT)
        said += run.communicate(timeout=30)[0].splitlines()
    assert not [line for line in said if re.search(r"\bE\d{3}\b", line)]
    assert main(["build"]) == 0
    assert differences(archive / "build", archive / "first") == []


def test_an_edit_that_keeps_size_and_time_is_seen(archive: Path) -> None:
    """What rsync, tar and `cp -p` do."""
    for name, old, new in (
        ("corpus/site.yaml", "De tout", "De rien"),
        ("own/404.html", "Perdu", "Perdi"),
    ):
        call = ["build", "--no-exports", "--templates", "own"]
        assert main(call) == 0
        file = archive / name
        words, stat = file.read_text("utf-8"), file.stat()
        file.write_text(words.replace(old, new, 1), "utf-8")
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert file.stat().st_size == stat.st_size
        assert main(call) == 0
        assert new.encode() in b"".join(files_of(archive / "build").values())
