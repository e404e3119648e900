"""Builds on a Dask cluster: a real scheduler, real workers, and what may befall them.

Workers import this module: what is to happen on one of them stands here as a function.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from archive_site.build import executors
from archive_site.build.build import BuildRequest, build
from archive_site.build.executors import Work, Workers, run_batch
from archive_site.cli.main import main
from archive_site.files.cache import cache_folder
from archive_site.findings import NotPossible, Unsound
from conftest import GOLDEN
from twice import differences, files_of, made_whole

T = TypeVar("T")
Performed = Callable[[Path, str, Sequence[Work[Any]]], list[Any]]
TEXTS = 12
HANG = 60
"""Seconds after which something hangs."""


def until(what: Callable[[], T]) -> T:
    """What a condition comes to, as soon as it is true."""
    end = time.monotonic() + HANG
    while not (found := what()):
        assert time.monotonic() < end, "never true"
        time.sleep(0.02)
    return found


@dataclass
class Running:
    """A scheduler, its address, and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def _dask(part: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard", *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[Running]:
    from distributed import Client

    told = folder / "scheduler.json"
    how = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
    processes = [_dask("scheduler", *how)]
    try:
        how = ("--scheduler-file", str(told), "--host", "127.0.0.1", "--nthreads", "1")
        for n in range(workers):
            local = ("--no-nanny", "--local-directory", str(folder / str(n)))
            processes.append(_dask("worker", *how, *local))

        def address() -> str:
            with suppress(FileNotFoundError, json.JSONDecodeError):
                return str(json.loads(told.read_bytes())["address"])
            return ""

        found = until(address)
        with Client(found, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            if workers:
                client.wait_for_workers(workers, timeout=HANG)
        yield Running(found, processes[0], processes[1:])
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait(HANG)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cluster for tests that do it no harm."""
    with running(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Running]:
    """A cluster for one test."""
    (tmp_path / "cluster").mkdir()
    with running(tmp_path / "cluster") as found:
        yield found


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildRequest:
    """A build of a few texts, as if they were many."""
    monkeypatch.setattr(executors, "TRIED", 0)
    monkeypatch.setattr(executors, "FORKED", -1)
    monkeypatch.setattr(executors, "SPAWNED", -1)
    monkeypatch.setattr(executors, "AT_ONCE", 2)
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    for n in range(TEXTS):
        head = f"id: texte-{n}\ntitle: Texte {n}\nkind: essay\ncreator: ''\ndate: '{1900 + n}'\n"
        text = f"---\n{head}status: proofread\n---\n\nDurand parle à Paris le {n + 1} mai 1905.\n"
        (tmp_path / "corpus" / "editions" / f"texte-{n}.md").write_text(text, "utf-8")
    return BuildRequest(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=1)


def made_here(asked: BuildRequest) -> dict[str, bytes]:
    """The site as one process makes it."""
    return made_whole(replace(asked, scheduler=""))[0]


# On a worker, beside a folder that the test sees, too.


def perform_and_sign(folder: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """Leaves its number."""
    (folder / f"worker-{os.getpid()}").touch()
    return run_batch(code, works)


def perform_and_die_once(folder: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """The first one dies when all of its lot is made, and nothing told."""
    made = run_batch(code, works)
    with suppress(FileExistsError):
        (folder / "died").open("x").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return made


def perform_and_die(_: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """Dies."""
    os.kill(os.getpid(), signal.SIGKILL)
    return run_batch(code, works)


def perform_and_kill(folder: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """The scheduler dies."""
    with suppress(ProcessLookupError):
        os.kill(int((folder / "scheduler").read_text()), signal.SIGKILL)
    return run_batch(code, works)


@pytest.fixture
def performing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Performed], None]:
    """Has work done in another way."""

    def by(performed: Performed) -> None:
        monkeypatch.setattr(executors, "run_batch", partial(performed, tmp_path))

    return by


# ---------------------------------------------------------------- what all is well


@pytest.mark.parametrize("exports", [False, True])
def test_the_same_bytes(
    asked: BuildRequest, exports: bool, lasting: Running, performing: Callable[[Performed], None]
) -> None:
    performing(perform_and_sign)
    on_cluster = replace(asked, exports=exports, scheduler=lasting.address)
    build(on_cluster)
    signed = {int(p.name.removeprefix("worker-")) for p in asked.corpus.parent.glob("worker-*")}
    assert signed
    assert signed <= {worker.pid for worker in lasting.workers}
    assert differences(files_of(asked.output), made_here(on_cluster)) == []
    assert build(on_cluster).changed == frozenset()
    kept = {path.name for path in cache_folder(asked.output).iterdir()}
    assert kept == {"pack", "state", "lock", "output"}


def test_after_a_build_elsewhere_only_what_changed_is_made(
    asked: BuildRequest, lasting: Running
) -> None:
    build(asked)
    edition = asked.corpus / "editions" / "texte-3.md"
    edition.write_text(edition.read_text("utf-8").replace("parle", "se tait"), "utf-8")
    changed = build(replace(asked, scheduler=lasting.address)).changed
    assert "textes/texte-3/index.html" in changed
    assert "textes/texte-4/source/index.html" not in changed
    assert differences(files_of(asked.output), made_here(asked)) == []


def test_a_worker_dies_and_nothing_changes(
    asked: BuildRequest, mortal: Running, performing: Callable[[Performed], None]
) -> None:
    performing(perform_and_die_once)
    build(replace(asked, scheduler=mortal.address))
    dead = until(lambda: [w.poll() for w in mortal.workers if w.poll() is not None])
    assert dead == [-signal.SIGKILL]
    assert differences(files_of(asked.output), made_here(asked)) == []


@pytest.mark.slow
def test_workers_need_nothing_of_the_disk(
    asked: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Theirs is another current folder than the build's, and paths here are told from here."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with running(tmp_path / "elsewhere") as cluster:
        monkeypatch.chdir(tmp_path)
        relative = replace(asked, corpus=Path("corpus"), output=Path("site"))
        build(replace(relative, scheduler=cluster.address))
        assert differences(files_of(asked.output), made_here(relative)) == []


# ---------------------------------------------------------------- an archive's own templates


@pytest.fixture
def templated(asked: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildRequest:
    """An archive with templates of its own, named from the current folder."""
    (tmp_path / "own").mkdir()
    page = "{% extends 'package/entry.html' %}{% block title %}Ici {{ name }}{% endblock %}"
    (tmp_path / "own" / "entry.html").write_text(page, "utf-8")
    monkeypatch.chdir(tmp_path)
    return replace(asked, templates=Path("own"))


def test_templates_of_its_own(templated: BuildRequest, lasting: Running) -> None:
    on_cluster = replace(templated, scheduler=lasting.address)
    build(on_cluster)
    assert differences(files_of(templated.output), made_here(templated)) == []
    page = Path("own/entry.html")
    page.write_text(page.read_text("utf-8").replace("Ici", "Là"), "utf-8")
    build(on_cluster)
    assert differences(files_of(templated.output), made_here(templated)) == []


def perform_without_templates(folder: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """The folder of templates is not there."""
    with suppress(FileNotFoundError):
        (folder / "own").rename(folder / "hidden")
    return run_batch(code, works)


def perform_with_other_templates(folder: Path, code: str, works: Sequence[Work[T]]) -> list[T]:
    """The folder of templates has others."""
    (folder / "own" / "404.html").write_text("other")
    return run_batch(code, works)


@pytest.mark.parametrize(
    ("performed", "said"),
    [
        (perform_without_templates, "does not have"),
        (perform_with_other_templates, "has other templates in"),
    ],
)
def test_a_worker_that_has_not_the_same_templates_says_so(
    templated: BuildRequest,
    lasting: Running,
    performing: Callable[[Performed], None],
    performed: Performed,
    said: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    performing(performed)
    call = ["build", "-o", "site", "--no-exports", "--templates", "own"]
    assert main([*call, "--scheduler", lasting.address]) == 1
    out, err = capfd.readouterr()
    own = templated.corpus.parent / "own"
    told, remedy = err.splitlines()
    assert out == ""
    assert told == f"archive-site: the worker on {platform.node()} {said} {own}"
    assert "same path on all machines" in remedy
    assert not templated.output.exists()


# ---------------------------------------------------------------- what befalls it


def test_findings_arrive_whole(asked: BuildRequest, lasting: Running) -> None:
    edition = asked.corpus / "editions" / "texte-3.md"
    edition.write_text(edition.read_text("utf-8").replace("'1903'", "hier"), "utf-8")
    found = []
    for how in (asked, replace(asked, scheduler=lasting.address)):
        with pytest.raises(Unsound) as raised:
            build(how)
        found.append(raised.value.findings)
        shutil.rmtree(cache_folder(asked.output))
    assert found[0] == found[1] != ()


def test_another_version_is_refused(
    asked: BuildRequest, lasting: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "code_version", lambda: "another")
    with pytest.raises(NotPossible, match="another version of archive-site") as raised:
        build(replace(asked, scheduler=lasting.address))
    assert platform.node() in str(raised.value)
    assert "Install the same versions" in raised.value.remedy


def _told(asked: BuildRequest, address: str, capfd: pytest.CaptureFixture[str]) -> str:
    """What the command says when it stops; the former site must be as it was."""
    build(asked)
    site = asked.corpus / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("Petite", "Autre"), "utf-8")
    for text in (asked.corpus / "editions").glob("texte-*"):
        text.write_text(text.read_text("utf-8").replace("parle", "se tait"), "utf-8")
    before = files_of(asked.output)
    call = ["build", str(asked.corpus), "-o", str(asked.output), "--scheduler", address]
    capfd.readouterr()
    assert main([*call, "--no-exports"]) == 1
    assert files_of(asked.output) == before
    assert not list(asked.output.parent.glob(".site.*"))
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("archive-site: ")
    assert len(err.splitlines()) == 2
    return err


def test_all_workers_die(
    asked: BuildRequest,
    mortal: Running,
    performing: Callable[[Performed], None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    performing(perform_and_die)
    monkeypatch.setattr(executors, "PATIENCE", 1.0)
    assert "has lost all its workers" in _told(asked, mortal.address, capfd)


def test_the_scheduler_dies(
    asked: BuildRequest,
    mortal: Running,
    performing: Callable[[Performed], None],
    capfd: pytest.CaptureFixture[str],
) -> None:
    (asked.corpus.parent / "scheduler").write_text(str(mortal.scheduler.pid))
    performing(perform_and_kill)
    assert f"{mortal.address} is gone" in _told(asked, mortal.address, capfd)


def test_what_was_made_before_a_cluster_failed_is_kept(
    asked: BuildRequest, lasting: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts that were analysed are not analysed again."""

    def assemble(*_: object) -> None:
        raise NotPossible("the scheduler is gone")

    monkeypatch.setattr("archive_site.build.assemble.assemble", assemble)
    on_cluster = replace(asked, scheduler=lasting.address)
    with pytest.raises(NotPossible, match="is gone"):
        build(on_cluster)
    monkeypatch.undo()
    monkeypatch.setattr("archive_site.build.load.analyse", None)
    build(asked)
    monkeypatch.undo()
    assert differences(files_of(asked.output), made_here(asked)) == []


def client_at(address: str) -> None:
    """Asks a cluster for work."""
    with Workers(1, address) as workers:
        works = [(n, 1, lambda: partial(int, "1")) for n in range(3)]
        assert [made for _, made in workers.run(works)] == [1, 1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["closed", "silent"])
def test_nothing_answers(
    how: str,
    asked: BuildRequest,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(executors, "ANSWERS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if how == "closed":
            server.close()
        assert "no Dask scheduler answers at tcp" in _told(asked, f"tcp://127.0.0.1:{port}", capfd)


def test_an_address_that_is_none(asked: BuildRequest) -> None:
    with pytest.raises(NotPossible, match="no Dask scheduler answers at nonsense://x"):
        client_at("nonsense://x")


@pytest.mark.slow
def test_nobody_works(asked: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "ANSWERS", 1.0)
    with (
        running(tmp_path, workers=0) as idle,
        pytest.raises(NotPossible, match="has no workers") as raised,
    ):
        client_at(idle.address)
    assert f"dask worker {idle.address}" in raised.value.remedy


def test_what_dask_raises_is_told() -> None:
    from distributed import KilledWorker

    error = KilledWorker("lot", SimpleNamespace(address="tcp://10.0.0.6:1"), 3)  # type: ignore[arg-type]
    told = executors._as_not_possible(error)
    assert isinstance(told, NotPossible)
    assert str(told).startswith("the Dask workers failed: Attempted to run task 'lot' on 4 ")
    other = executors._as_not_possible(
        RuntimeError("Error during deserialization of the task graph. …")
    )
    assert str(other) == "the Dask scheduler has another version of archive-site"
    fault = KeyError("ours")
    assert executors._as_not_possible(fault) is fault


def test_without_dask(asked: BuildRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotPossible, match="needs Dask") as raised:
        client_at("tcp://127.0.0.1:8786")
    assert "archive-site[cluster]" in raised.value.remedy
