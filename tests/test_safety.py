"""Whatever happens, the site is the whole old one or the whole new one: kills, full disks, folders
that are not ours, names that a system cannot have, what others do to the output in between."""

from __future__ import annotations

import errno
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.build import publish as module
from archive_site.build.publish import (
    MANIFEST,
    Staging,
    Stamp,
    check_separate,
    intact,
    locked,
)
from archive_site.files.writing import portable, write_whole, wrong_name
from archive_site.findings import NotPossible
from builds import build, publish, states
from conftest import GOLDEN, ROOT
from examples import examples

NOBODY = 65534  # a user and a group that own nothing
HANG = 60  # seconds that nothing here comes near
BESIDE = {"build"}  # what a build may leave
OLD = {"index.html": b"old", "a/index.html": b"a", "a/b": b"b", "c": b"c", "d/e/f": b"f"}
NEW = {"index.html": b"new", "a/index.html": b"a", "a/b/g": b"g", "d": b"d"}  # folders ⇄ files


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


# ---------------------------------------------------------------- kills


@pytest.mark.slow
def test_fifty_kills_leave_one_whole_site(tmp_path: Path) -> None:
    output = tmp_path / "build"
    sites = states()
    build(sites[0], output, {}, {})
    chance = random.Random(8)
    seen = set()
    for _ in range(50):
        command = [sys.executable, "builds.py", str(output)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, cwd=Path(__file__).parent
        ) as process:
            assert process.stdout is not None
            lasts = 0.0
            for _ in range(chance.randint(1, 3)):  # within its second build, third …
                started = time.monotonic()
                process.stdout.readline()
                lasts = time.monotonic() - started
            time.sleep(chance.uniform(0, lasts))
            process.kill()
        left = tree(output)
        assert left in sites
        seen.add(sites.index(left))
        if chance.random() < 0.2:  # mostly, the next one finds what this one left
            site = chance.choice(sites)
            build(site, output, {}, {})
            assert tree(output) == site
            assert {path.name for path in tmp_path.iterdir()} <= BESIDE
    assert seen == {0, 1}


def command(output: str, cwd: Path) -> subprocess.Popen[bytes]:
    """A build of the corpus in `cwd`, under way."""
    call = [sys.executable, "-m", "archive_site", "build", "--no-exports", "-o", output]
    return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd)


@pytest.mark.slow
def test_killed_commands_leave_one_whole_site(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    title = tmp_path / "corpus" / "site.yaml"
    first = title.read_text("utf-8")
    states = [first, first.replace("title: ", "title: Autre ", 1)]
    sites = []
    for n, state in enumerate(states):
        title.write_text(state, "utf-8")
        started = time.monotonic()
        with command(f"whole-{n}", tmp_path) as process:
            assert process.wait(HANG) == 0
        sites.append(tree(tmp_path / f"whole-{n}"))
    lasts = time.monotonic() - started
    assert sites[0] != sites[1]
    shutil.copytree(tmp_path / "whole-0", tmp_path / "build")
    chance = random.Random(8)
    for n in range(8):
        title.write_text(states[n % 2], "utf-8")
        with command("build", tmp_path) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, 1.1 * lasts))
            process.kill()
        assert tree(tmp_path / "build") in sites
    with command("build", tmp_path) as process:
        assert process.wait(HANG) == 0
    assert tree(tmp_path / "build") == sites[1]


# ---------------------------------------------------------------- two builds at once

HOLD = r"""
import os, sys
from pathlib import Path
from archive_site.build.publish import locked
with locked(Path(sys.argv[1])):
    os.write(1, b"held\n")
    sys.stdin.read()
"""


@contextmanager
def held(output: Path, script: str = HOLD) -> Iterator[subprocess.Popen[str]]:
    """Another process that is building into `output`, until it is killed or the test ends."""
    command = [sys.executable, "-c", script, str(output)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_one_build_at_a_time(tmp_path: Path) -> None:
    output = tmp_path / "build"
    with held(output) as process:
        for _ in range(2):
            message = rf"another build is writing .*build \(process {process.pid}\)"
            with pytest.raises(NotPossible, match=message), locked(output):
                pytest.fail("two builds at once")
        with locked(tmp_path / "other"):
            pass
    with locked(output), pytest.raises(NotPossible, match=str(os.getpid())), locked(output):
        pytest.fail("two builds at once in one process")
    with locked(output):
        pass


def test_a_killed_build_holds_nothing(tmp_path: Path) -> None:
    with held(tmp_path / "build") as process:
        process.kill()
        process.wait(HANG)
        with locked(tmp_path / "build"):
            pass


def test_the_workers_of_a_killed_build_hold_nothing(tmp_path: Path) -> None:
    fork = HOLD.replace("    os.write", "    os.fork()\n    os.write")
    with held(tmp_path / "build", fork) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"  # the other one, which outlives its parent
        process.kill()
        process.wait(HANG)
        with locked(tmp_path / "build"):
            pass


# ---------------------------------------------------------------- disks that fail


def failing(nth: int, lasting: bool, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """From now on the `nth` change of a disk fails, and with `lasting` all that follow. Gives how
    many there were."""
    calls = 0

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == nth or (lasting and calls > nth):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **options)

        return call

    for name in "mkdir link rename replace unlink rmdir utime scandir chmod".split():
        monkeypatch.setattr(os, name, wrapped(getattr(os, name)))
    monkeypatch.setattr(io, "open", wrapped(io.open))
    return lambda: calls


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("exchange", [True, False])
def test_a_disk_that_fails_at_any_moment(
    exchange: bool, lasting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    failures = 0
    for nth in range(1, 500):
        output = tmp_path / str(nth) / "build"
        known = build(OLD, output, {}, {})
        (output / "CNAME").write_bytes(b"exemple.fr")
        known = build(OLD, output, known, OLD)
        with monkeypatch.context() as patched:
            calls = failing(nth, lasting, patched)
            try:
                build(NEW, output, known, OLD)
            except NotPossible as error:
                failures += 1
                assert "No space left on device" in str(error)
                assert "unchanged" in error.remedy
            else:
                failures += calls() < nth  # the site is there; what was left over stays
        if exchange or not lasting or output.exists():
            there = tree(output)
            assert there in [site | {"CNAME": b"exemple.fr"} for site in (OLD, NEW)]
        build(NEW, output, {}, {})
        assert tree(output) == NEW | {"CNAME": b"exemple.fr"}
        assert {path.name for path in output.parent.iterdir()} <= BESIDE
        if calls() < nth:
            break
    else:
        pytest.fail("it never ended")
    assert nth > 20


LIMITED = """
import resource, sys
from pathlib import Path
from archive_site.cli.main import main
from archive_site.findings import NotPossible
from builds import publish
from archive_site.files.writing import write_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for write in (
    lambda: publish({"a": b"x", "large": b"x" * 60_000, "z": b"x"}, Path(sys.argv[1])),
    lambda: write_whole(Path(sys.argv[2]), b"x" * 60_000),
):
    try:
        write()
    except (NotPossible, OSError) as error:
        print(type(error).__name__, error)
"""


def test_a_file_that_cannot_be_written_to_its_end(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    text = tmp_path / "text.md"
    text.write_bytes(b"ten years")
    call = [sys.executable, "-c", LIMITED, str(tmp_path / "build"), str(text)]
    env = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(call, capture_output=True, text=True, check=True, timeout=HANG, env=env)
    told = done.stdout.splitlines()
    assert told[0].startswith("NotPossible cannot write the site to large: File too large")
    assert told[1].startswith("OSError")
    assert tree(tmp_path / "build") == OLD
    assert text.read_bytes() == b"ten years"
    assert {path.name for path in tmp_path.iterdir()} == {"build", "text.md"}


# ---------------------------------------------------------------- outputs that are refused


def inodes(folder: Path) -> list[tuple[Path, int, int]]:
    """Everything below a folder: its inode, and the moment that it changed."""
    found = ((path, path.lstat()) for path in sorted(folder.rglob("*")))
    return [(path, stat.st_ino, stat.st_mtime_ns) for path, stat in found]


def refuses(output: Path, message: str, below: Path) -> None:
    """Refuses an output, twice, and leaves all `below` as it is."""
    before = inodes(below)
    with pytest.raises(NotPossible, match=message):
        publish(NEW, output)
    with pytest.raises(NotPossible, match=message), locked(output), Staging(output):
        pytest.fail("begun")
    assert inodes(below) == before


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[Path, str], None]:
    """Refuses an output, and leaves all below `tmp_path` as it is."""
    return lambda output, message: refuses(output, message, tmp_path)


Refuse = Callable[[Path, str], None]


def test_folders_of_others_are_refused(tmp_path: Path, refused: Refuse) -> None:
    corpus = shutil.copytree(GOLDEN / "corpus", tmp_path / "home" / "archive" / "corpus")
    for folder in (corpus, corpus / "editions", corpus.parent, corpus.parent.parent):
        refused(folder, "is not empty, and archive-site did not make it")
    refused(Path("/"), "cannot be written to /")
    refused(Path("/etc"), "is not empty")


def test_what_is_no_folder_is_refused(tmp_path: Path, refused: Refuse) -> None:
    publish(OLD, tmp_path / "site")
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "site")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    for name in ("file", "link", "dangling", "loop", "pipe"):
        refused(tmp_path / name, "is not a folder")
    refused(tmp_path / "file" / "build", "file is not a folder")
    refused(Path("/dev/null/some/build"), "Not a directory")


@contextmanager
def without_privileges(folder: Path) -> Iterator[None]:
    """As a user who may write only where rights allow it: root, who may anywhere, becomes one to
    whom `folder` belongs."""
    if os.geteuid():
        yield
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as name, without_privileges(Path(name)):
        folder = Path(name) / "read-only"
        publish(OLD, folder / "build")
        folder.chmod(0o555)
        try:
            refuses(folder / "build", "Permission denied", folder)
            refuses(folder / "new", "Permission denied", folder)
        finally:
            folder.chmod(0o755)
        assert tree(folder / "build") == OLD


def test_an_output_that_holds_its_sources_is_refused(tmp_path: Path) -> None:
    corpus, output = tmp_path / "archive" / "corpus", tmp_path / "archive" / "build"
    check_separate(output, [corpus, tmp_path / "templates"])
    check_separate(corpus / "build", [corpus])
    with pytest.raises(NotPossible, match=r"corpus is published"):
        check_separate(corpus / "build", [corpus], [corpus])
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    for folder in (corpus, corpus.parent, tmp_path, tmp_path / "link"):
        with pytest.raises(NotPossible, match="corpus is in it"):
            check_separate(folder, [tmp_path.parent / "templates", corpus])


# ---------------------------------------------------------------- what others do to the output


def test_a_link_never_leads_out_of_the_output(tmp_path: Path) -> None:
    output, outside = tmp_path / "build", tmp_path / "outside"
    known = build(OLD, output, {}, {})
    (output / "d").rename(outside)
    (output / "d").symlink_to(outside)
    assert intact(output, known) == {"index.html", "a/index.html", "a/b", "c", MANIFEST}
    for name in ("d", "theirs"):
        (output / "d").rename(output / name)
        with pytest.raises(NotPossible, match=f"/{name} is a link that leads out of the site"):
            build(OLD, output, known, OLD)
        (output / name).rename(output / "d")
    (output / "d").unlink()
    known = build(OLD, output, known, OLD)
    build(NEW, output, known, OLD)
    publish(OLD, output)
    assert tree(outside) == {"e/f": b"f"}
    assert tree(output) == OLD


NAMES = st.sampled_from(["a", "b", "a/b", "a/c", "a/b/c", "b/a/c", "d/e/f", "d", "index.html"])
THEIRS = st.sampled_from(["CNAME", "own/x", "a/own", "d/e/own", ".git/config"])
WORDS = st.binary(max_size=3)


def possible(site: dict[str, bytes]) -> dict[str, bytes]:
    """`site` without what lies below another of its files."""
    folders = {name.rpartition("/")[0] for name in site}
    folders |= {name.rpartition("/")[0] for name in folders}
    return {name: data for name, data in site.items() if name not in folders}


SITES = st.dictionaries(NAMES, WORDS).map(possible)
FILES = st.integers(0, 9)  # which of those that are there
HARMS = st.sampled_from(["drop", "edit", "replace", "touch"])
ACTS = st.one_of(
    st.tuples(st.just("publish"), SITES),
    st.tuples(st.just("add"), st.tuples(THEIRS, WORDS)),
    st.tuples(st.just("output"), st.tuples(HARMS, FILES)),
)


@examples(100)
@given(st.lists(ACTS, max_size=12), SITES)
def test_what_has_changed_makes_the_same_site(
    acts: list[tuple[str, Any]], last: dict[str, bytes]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        output = Path(name, "build")
        known: dict[str, Stamp] = {}
        former: dict[str, bytes] = {}
        others: dict[str, bytes] = {}
        for act, what in [("publish", {}), *acts, ("publish", last), ("publish", last)]:
            if act == "publish":
                site = {p: data for p, data in what.items() if not clashes(p, others)}
                known, former = build(site, output, known, former), site
                publish(site, Path(name, "whole"))
                assert tree(output) == tree(Path(name, "whole")) | others
                assert known.keys() == {*site, MANIFEST} == intact(output, known)
                shutil.rmtree(Path(name, "whole"))
            elif act == "add" and not clashes(what[0], former):
                others |= {what[0]: what[1]}
                (output / what[0]).parent.mkdir(parents=True, exist_ok=True)
                (output / what[0]).write_bytes(what[1])
            elif act == "output":
                there = [output / p for p in sorted(former) if (output / p).is_file()]
                if there:
                    harm(there[what[1] % len(there)], what[0])


def clashes(path: str, there: dict[str, bytes]) -> bool:
    """Whether a file at `path` cannot be beside those that are there."""
    return any(f"{p}/".startswith(f"{path}/") or f"{path}/".startswith(f"{p}/") for p in there)


def harm(file: Path, how: str) -> None:
    """What someone may do to a file."""
    data = file.read_bytes()
    if how == "edit":  # in its place: with the file goes whatever is linked to it
        file.write_bytes(data[::-1] or b"x")
    elif how == "replace":
        file.with_name("another").write_bytes(data[::-1])
        file.with_name("another").rename(file)
    elif how == "touch":
        os.utime(file, ns=(1, 1))
    else:
        file.unlink()


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("CON", "Windows reserves"),
        ("aux", "Windows reserves"),
        ("nul.html", "Windows reserves"),
        ("com1.tar.gz", "Windows reserves"),
        ("lpt9", "Windows reserves"),
        ("COM¹", "Windows reserves"),
        ("prn .txt", "Windows reserves"),
        ("a.", "must not end"),
        ("a ", "must not end"),
        ("a:b", "':'"),
        ("a?", "Windows forbids"),
        ("a\\b", "Windows forbids"),
        ("a\tb", "Windows forbids"),
        ("a" * 256, "255 bytes"),
        ("é" * 128, "255 bytes"),
        ("..", "is not a file name"),
        (".", "is not a file name"),
        ("", "is not a file name"),
    ],
)
def test_a_name_that_not_every_system_has(name: str, reason: str) -> None:
    assert reason in wrong_name(name)
    (finding,) = portable([f"textes/{name}/index.html", f"textes/{name}/noms.js"])
    assert finding.code == "E048"
    assert finding.path == f"textes/{name}"
    assert reason in finding.message
    assert name in finding.hint


@pytest.mark.parametrize(
    "name", ["index.html", ".nojekyll", "console", "aux-armes", "com10", "com", "é" * 127, "a b"]
)
def test_a_name_that_every_system_has(name: str) -> None:
    assert wrong_name(name) == ""
    assert list(portable([name, f"textes/{name}", f"textes/{name}s/index.html"])) == []


def test_paths_that_are_one_where_case_does_not_count() -> None:
    paths = ["a/x", "A/y", "b/é.js", "b/É.js", "b/e\u0301.js", "c/x", "c/X/y", "c/X/z"]
    assert [(f.path, f.message.partition(" ")[0]) for f in portable(paths)] == [
        ("A", "“A”"),
        ("b/É.js", "“É.js”"),
        ("b/e\u0301.js", "“e\u0301.js”"),
        ("c/X", "“X”"),
    ]
    assert [f.path for f in portable(["/etc/passwd", "a//b"])] == ["", "a/"]


def test_a_site_can_be_anywhere() -> None:
    assert list(portable(tree(GOLDEN / "site"))) == []


# ---------------------------------------------------------------- the corpus's own files


def test_a_file_is_written_through_its_link_and_keeps_its_rights(tmp_path: Path) -> None:
    file, link = tmp_path / "far" / "text.md", tmp_path / "text.md"
    link.symlink_to(file)
    write_whole(link, b"one")
    file.chmod(0o640)
    write_whole(link, b"two", lasting=False)
    assert link.is_symlink()
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["text.md"]


def test_a_file_that_is_not_written_whole_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(1, 20):
        file = tmp_path / str(nth) / "text.md"
        write_whole(file, b"one")
        with monkeypatch.context() as patched:
            calls = failing(nth, False, patched)
            with suppress(OSError):
                write_whole(file, b"two")
        assert file.read_bytes() in (b"one", b"two")
        assert len(list(file.parent.iterdir())) <= 2
        if calls() < nth:
            break
    assert file.read_bytes() == b"two"
