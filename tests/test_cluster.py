"""Builds on a Dask cluster: a real scheduler, real workers, and what may befall them.

Workers import this module: what is to happen on one of them stands here as a function.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest

from archive_site import cluster
from archive_site.build import Asked, build, perform
from archive_site.cache import cache_folder
from archive_site.cli import main
from archive_site.findings import NotPossible, Unsound
from archive_site.ledger import Product
from archive_site.products import Job
from archive_site.publish import MANIFEST

T = TypeVar("T")
GOLDEN = Path(__file__).parent / "golden"
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
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """A build of a few texts, as if they were many."""
    monkeypatch.setattr("archive_site.build.MANY", 4)
    monkeypatch.setattr("archive_site.build.AT_ONCE", 2)
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    for n in range(TEXTS):
        head = f"id: texte-{n}\ntitle: Texte {n}\nkind: essay\ncreator: ''\ndate: '{1900 + n}'\n"
        text = f"---\n{head}status: proofread\n---\n\nDurand parle à Paris le {n + 1} mai 1905.\n"
        (tmp_path / "corpus" / "editions" / f"texte-{n}.md").write_text(text, "utf-8")
    return Asked(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=1)


def files_of(folder: Path) -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {path: file.read_bytes() for path, file in found.items() if path != MANIFEST}


def made_here(asked: Asked) -> dict[str, bytes]:
    """The site as one process makes it."""
    local = replace(asked, output=asked.output.with_name("local"), scheduler="")
    build(local)
    return files_of(local.output)


Lot = list[tuple[str, dict[str, bytes]]]


def perform_and_sign(job: Job, wave: int, tasks: Lot) -> list[Product]:
    """On a worker: leaves its number."""
    (job.root.parent / f"worker-{os.getpid()}").touch()
    return perform(job, wave, tasks)


def perform_and_die_once(job: Job, wave: int, tasks: Lot) -> list[Product]:
    """On a worker: the first one dies when all of its lot is written, and nothing told."""
    products = perform(job, wave, tasks)
    with suppress(FileExistsError):
        (job.root.parent / "died").open("x").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return products


def perform_and_die(job: Job, wave: int, tasks: Lot) -> list[Product]:
    """On a worker: dies."""
    os.kill(os.getpid(), signal.SIGKILL)
    return perform(job, wave, tasks)


def perform_and_kill(job: Job, wave: int, tasks: Lot) -> list[Product]:
    """On a worker: the scheduler dies."""
    with suppress(ProcessLookupError):
        os.kill(int((job.root.parent / "scheduler").read_text()), signal.SIGKILL)
    return perform(job, wave, tasks)


# ---------------------------------------------------------------- what all is well


def test_the_same_bytes(asked: Asked, lasting: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive_site.build.perform", perform_and_sign)
    on_cluster = replace(asked, scheduler=lasting.address)
    build(on_cluster)
    signed = {int(p.name.removeprefix("worker-")) for p in asked.corpus.parent.glob("worker-*")}
    assert signed
    assert signed <= {worker.pid for worker in lasting.workers}
    assert files_of(asked.output) == made_here(asked)
    assert build(on_cluster).changed == frozenset()
    kept = {path.name for path in cache_folder(asked.output).iterdir()}
    assert kept == {"ledger", "lock", "output"}


def test_after_a_build_elsewhere_only_what_changed_is_made(asked: Asked, lasting: Running) -> None:
    build(asked)
    edition = asked.corpus / "editions" / "texte-3.md"
    edition.write_text(edition.read_text("utf-8").replace("parle", "se tait"), "utf-8")
    changed = build(replace(asked, scheduler=lasting.address)).changed
    assert "textes/texte-3/index.html" in changed
    assert "textes/texte-4/source/index.html" not in changed
    assert files_of(asked.output) == made_here(asked)


def test_a_worker_dies_and_nothing_changes(
    asked: Asked, mortal: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive_site.build.perform", perform_and_die_once)
    build(replace(asked, scheduler=mortal.address))
    dead = until(lambda: [w.poll() for w in mortal.workers if w.poll() is not None])
    assert dead == [-signal.SIGKILL]
    assert files_of(asked.output) == made_here(asked)


# ---------------------------------------------------------------- what befalls it


def test_findings_arrive_whole(asked: Asked, lasting: Running) -> None:
    edition = asked.corpus / "editions" / "texte-3.md"
    edition.write_text(edition.read_text("utf-8").replace("'1903'", "hier"), "utf-8")
    found = []
    for how in (asked, replace(asked, scheduler=lasting.address)):
        with pytest.raises(Unsound) as raised:
            build(how)
        found.append(raised.value.findings)
    assert found[0] == found[1] != ()


def test_another_version_is_refused(
    asked: Asked, lasting: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "state_of_code", lambda: "another")
    with pytest.raises(NotPossible, match="another archive-site than this one") as raised:
        build(replace(asked, scheduler=lasting.address))
    assert "start it anew" in raised.value.remedy


def test_a_worker_that_does_not_see_the_output_says_so(asked: Asked, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    job = Job(asked.corpus, asked.corpus, None, "", False, None, nowhere, nowhere, nowhere, True)
    with pytest.raises(NotPossible, match=f"does not see {nowhere}"):
        perform(job, 1, [])


def _told(asked: Asked, address: str, capfd: pytest.CaptureFixture[str]) -> str:
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
    asked: Asked,
    mortal: Running,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("archive_site.build.perform", perform_and_die)
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    assert "has lost all its workers" in _told(asked, mortal.address, capfd)


def test_the_scheduler_dies(
    asked: Asked,
    mortal: Running,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (asked.corpus.parent / "scheduler").write_text(str(mortal.scheduler.pid))
    monkeypatch.setattr("archive_site.build.perform", perform_and_kill)
    assert f"{mortal.address} is gone" in _told(asked, mortal.address, capfd)


def test_nothing_answers(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "ANSWERS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "no Dask scheduler answers at tcp" in _told(asked, f"tcp://127.0.0.1:{port}", capfd)
    with pytest.raises(NotPossible, match="no Dask scheduler answers at nonsense://x"):
        cluster.executor_at("nonsense://x")


def test_nobody_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWERS", 1.0)
    with (
        running(tmp_path, workers=0) as idle,
        pytest.raises(NotPossible, match="has no workers") as raised,
    ):
        cluster.executor_at(idle.address)
    assert f"dask worker {idle.address}" in raised.value.remedy


def test_what_dask_raises_is_told() -> None:
    from distributed import KilledWorker

    error = KilledWorker("lot", SimpleNamespace(address="tcp://10.0.0.6:1"), 3)  # type: ignore[arg-type]
    told = cluster._told(error)
    assert isinstance(told, NotPossible)
    assert str(told).startswith("the Dask workers fail: Attempted to run task 'lot' on 4 ")
    other = cluster._told(RuntimeError("Error during deserialization of the task graph. …"))
    assert str(other) == "the Dask scheduler is another archive-site than this one"
    fault = KeyError("ours")
    assert cluster._told(fault) is fault


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotPossible, match="needs Dask") as raised:
        cluster.executor_at("tcp://127.0.0.1:8786")
    assert "archive-site[cluster]" in raised.value.remedy
