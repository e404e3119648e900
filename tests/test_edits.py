"""No edit is lost: what someone saves while the program writes the same file stays."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive_site.build.inputs import read_inputs
from archive_site.corpus.load import read_common, read_edition
from archive_site.files import writing
from archive_site.files.writing import replace_unchanged
from archive_site.recover.import_witness import import_witness
from archive_site.witness.collate import Difference
from archive_site.witness.declare import TRIES, declare_in
from archive_site.witness.witness import checksums_of
from commands import run
from conftest import GOLDEN
from sites import findings_of

HANG = 60


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    beside = path.with_name("beside")
    beside.write_bytes(data)
    beside.replace(path)


SAVES = [in_place, by_rename]
Save = Callable[[Path, bytes], None]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "text.md"
    path.write_bytes(b"read")
    yield path
    assert [path.name for path in tmp_path.iterdir()] == ["text.md"]


@pytest.mark.parametrize("can", [True, False])
def test_a_file_that_has_not_changed_is_replaced(
    can: bool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can:
        monkeypatch.setattr(writing, "exchange", lambda one, other: False)
    file.chmod(0o640)
    assert replace_unchanged(file, b"read", b"ours")
    assert file.read_bytes() == b"ours"
    assert file.stat().st_mode & 0o777 == 0o640
    assert not replace_unchanged(file, b"read", b"late")
    assert not replace_unchanged(file, None, b"new")
    assert file.read_bytes() == b"ours"
    file.unlink()
    assert not replace_unchanged(file, b"ours", b"late")
    assert replace_unchanged(file, None, b"new")
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("moments", [{1}, {2}, {1, 2}, {1, 3}, {1, 2, 3}])
def test_a_save_at_the_moment_of_the_exchange_stays(
    moments: set[int], save: Save, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saves just before the first exchange, before the second, which takes it back …"""
    saved = [b"read"]
    calls = 0
    real = writing.exchange

    def exchange(one: Path, other: Path) -> bool:
        nonlocal calls
        calls += 1
        if calls in moments:
            saved.append(b"saved %d" % calls)
            save(file, saved[-1])
        return real(one, other)

    monkeypatch.setattr(writing, "exchange", exchange)
    done = replace_unchanged(file, b"read", b"ours")
    assert done == (1 not in moments)
    assert file.read_bytes() == (b"ours" if done else saved[-1])


def test_who_has_opened_the_former_file_saves_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = file.open("rb+", buffering=0)

    def editor_is_quick(_: float) -> None:
        opened.write(b"late")
        opened.close()

    monkeypatch.setattr(time, "sleep", editor_is_quick)
    assert not replace_unchanged(file, b"read", b"ours")
    assert file.read_bytes() == b"late"


EDITOR = """
import random, sys, time
from pathlib import Path
path, chance, n = Path(sys.argv[1]), random.Random(8), 0
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    text = path.read_text()
    if n and f"<{n}>" not in text:
        sys.exit(f"save {n} was overwritten: {text[-80:]}")
    n += 1
    if chance.random() < 0.5:
        path.write_text(f"{text}<{n}>")
    else:
        path.with_name("beside").write_text(f"{text}<{n}>")
        path.with_name("beside").replace(path)
    time.sleep(chance.uniform(0.001, 0.02))
print(n)
"""


@pytest.mark.slow
def test_an_editor_who_saves_all_the_time_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SAVED", 0.005)
    path = tmp_path / "text.md"
    path.write_text("<0>")
    call = [sys.executable, "-c", EDITOR, str(path), "4"]
    tried = done = 0
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as editor:
        while editor.poll() is None:
            before = path.read_bytes()
            if not before:  # it is just being saved: nothing to work on, for `declare_in` either
                continue
            tried += 1
            done += replace_unchanged(path, before, before.replace(b"!", b"") + b"!")
        told = editor.communicate()
    assert editor.returncode == 0, told
    assert 0 < done < tried  # both came to pass
    assert f"<{int(told[0])}>" in path.read_text()


# ---------------------------------------------------------------- check --record


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """An edition in which a word was changed on purpose."""
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    path = root / "editions" / "discours-1905.md"
    path.write_text(path.read_text("utf-8").replace("durera", "durerait"), "utf-8")
    return path


def differences(edition: Path) -> tuple[Difference, ...]:
    root = edition.parents[1]
    files = read_inputs(root, {})
    sums = read_common(root, files, []).sums
    read = read_edition(root, f"editions/{edition.name}", files, sums, [])
    return read.collation.differences if read and read.collation else ()


@pytest.mark.parametrize("save", SAVES)
def test_what_is_saved_while_words_are_declared_stays(save: Save, edition: Path) -> None:
    saves = 0

    def saved_meanwhile(_: bytes) -> tuple[Difference, ...]:
        nonlocal saves
        found = differences(edition)
        if saves < 2:
            saves += 1
            save(edition, edition.read_bytes() + b"\n<!-- %d -->\n" % saves)
        return found

    edition.write_bytes(edition.read_bytes() + b"\n")
    recorded = declare_in(edition, saved_meanwhile)
    assert recorded is not None and len(recorded.done) == 1
    text = edition.read_text("utf-8")
    assert "<!-- 1 -->" in text and "<!-- 2 -->" in text
    assert '{.corr sic="durera' in text


def test_a_file_that_is_saved_all_the_time_is_left(edition: Path) -> None:
    saves = 0

    def saved_meanwhile(_: bytes) -> tuple[Difference, ...]:
        nonlocal saves
        saves += 1
        found = differences(edition)
        edition.write_bytes(edition.read_bytes() + b"\n")
        return found

    assert declare_in(edition, saved_meanwhile) is None
    assert saves == TRIES
    assert 'sic="durera' not in edition.read_text("utf-8")


def test_a_file_that_is_just_being_saved_is_not_taken_for_sound(edition: Path) -> None:
    whole = edition.read_bytes()
    edition.write_bytes(b"")

    def save(data: bytes) -> tuple[Difference, ...]:
        edition.write_bytes(whole)
        return differences(edition) if data else ()

    recorded = declare_in(edition, save)
    assert recorded is not None and len(recorded.done) == 1


def test_words_are_declared_by_the_command(edition: Path) -> None:
    untouched = edition.with_name("lettre-1906.md")
    inode = untouched.stat().st_ino
    result = run("check", "--record", cwd=edition.parents[2])
    assert result.returncode == 0, result.stderr
    assert '{.corr sic="durera' in result.stdout
    assert '{.corr sic="durera' in edition.read_text("utf-8")
    assert untouched.stat().st_ino == inode
    moment = edition.stat()
    assert run("check", "--record", cwd=edition.parents[2]).returncode == 0
    assert edition.stat().st_ino == moment.st_ino


# ---------------------------------------------------------------- recover


def recover_some(corpus: Path, sources: list[Path], begin: object) -> None:
    begin.wait()  # type: ignore[attr-defined]  # a barrier of some context
    for source in sources:
        import_witness(source, corpus, {})


@pytest.mark.slow
def test_many_who_recover_at_once_lose_no_checksum(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    corpus, people, each = tmp_path / "corpus", 8, 4
    begin = context.Barrier(people)
    for person in range(people):
        for n in range(each):
            (tmp_path / f"t-{person}-{n}.txt").write_text(f"Texte {n} de {person}.\n")
    processes = [
        context.Process(
            target=recover_some,
            args=(corpus, sorted(tmp_path.glob(f"t-{person}-*.txt")), begin),
        )
        for person in range(people)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(HANG)
        assert process.exitcode == 0
    listed = checksums_of((corpus / "witnesses" / "SHA256SUMS").read_text().splitlines())
    assert len(listed) == people * each
    assert listed.keys() == {path.name for path in tmp_path.glob("*.txt")}
    assert [f for f in findings_of(corpus) if f.code == "E004"] == []
    assert not list(corpus.rglob(".*"))


def test_who_recovers_the_same_text_second_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "texte.txt"
    source.write_text("Un texte.\n")
    edition = tmp_path / "corpus" / "editions" / "texte.md"
    real = os.link

    def link(one: Path, other: Path) -> None:
        if other == edition:  # another is quicker, and has begun to proofread
            other.write_text("the work of an hour\n")
        real(one, other)

    edition.parent.mkdir(parents=True)
    monkeypatch.setattr(os, "link", link)
    taken = import_witness(source, tmp_path / "corpus", {})
    assert taken.difference
    assert edition.read_text() == "the work of an hour\n"


# ---------------------------------------------------------------- what recover reads and writes


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "lettre.txt").write_text("Lettre\n\nMon cher ami, je vous écris.\n", "utf-8")
    return tmp_path / "lettre.txt"


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("corpus", "../outside"),  # which is not there
        ("corpus/witnesses", "../../outside"),
        ("corpus/editions/lettre.md", "../../../outside/x"),
        ("corpus/witnesses/lettre.txt", "../../../outside/x"),
        ("corpus/witnesses/SHA256SUMS", "../../../outside/x"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_recover_writes_nothing_outside(
    link: str, leads: str, there: bool, letter: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    (archive / link).parent.mkdir(parents=True)
    (archive / link).symlink_to(leads)
    if there:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "x").write_text("mine")
    before = sorted(path for path in tmp_path.rglob("*"))
    done = run("recover", str(letter), cwd=archive)
    assert done.returncode == 1
    assert "link" in done.stderr and "Traceback" not in done.stderr
    assert sorted(path for path in tmp_path.rglob("*")) == before
    assert not there or (tmp_path / "outside" / "x").read_text() == "mine"


def test_recover_reads_regular_files_only(letter: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "blank.txt").write_text("\n \n")
    told = {
        "pipe.txt": "is not a regular file",
        "/dev/zero": "is not a regular file",
        "link.txt": "is a symbolic link",
        "blank.txt": "E026 a text must have words",
        "gone.txt": "E001 must be a readable file",
    }
    for name, message in told.items():
        done = run("recover", name, "--id", "x", cwd=tmp_path)
        assert done.returncode == 1
        assert message in done.stderr, done.stderr
    done = run("recover", str(letter), "--id", "con", cwd=tmp_path)
    assert "Windows reserves" in done.stderr and done.returncode == 1
    assert not (tmp_path / "corpus").exists()
