"""The output folder: whole or as it was; what is not ours stays; a folder not ours is refused."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive_site import publish as module
from archive_site.findings import NotPossible
from archive_site.publish import publish

OLD = {"index.html": b"old", "textes/a/index.html": b"a", "gone.html": b"x"}
NEW = {"index.html": b"new", "textes/b/index.html": b"b"}


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if path.name != module.MANIFEST
    }


def test_a_site_replaces_a_site(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_files_of_others_are_kept(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    (tmp_path / "build" / "CNAME").write_text("exemple.fr")
    (tmp_path / "build" / ".git").mkdir()
    (tmp_path / "build" / ".git" / "config").write_text("x")
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW | {"CNAME": b"exemple.fr", ".git/config": b"x"}


def test_a_file_of_others_is_never_overwritten(tmp_path: Path) -> None:
    publish(NEW, tmp_path / "build")
    (tmp_path / "build" / "gone.html").write_text("mine")
    with pytest.raises(NotPossible, match=r"gone\.html"):
        publish(OLD, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW | {"gone.html": b"mine"}


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years")
    with pytest.raises(NotPossible, match="not empty"):
        publish(NEW, tmp_path)
    assert tree(tmp_path) == {"thesis.txt": b"ten years"}
    with pytest.raises(NotPossible, match="not a folder"):
        publish(NEW, tmp_path / "thesis.txt")
    with pytest.raises(NotPossible, match="not empty"):
        publish(NEW, Path("/"))


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW


@pytest.mark.parametrize("call", ["_write", "_swap", "_copy"])
def test_a_failure_leaves_the_former_site(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(OLD, tmp_path / "build")
    (tmp_path / "build" / "CNAME").write_text("x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, call, full)
    with pytest.raises(NotPossible, match="No space left on device"):
        publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == OLD | {"CNAME": b"x"}
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_without_an_exchange_two_renames_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    publish(OLD, tmp_path / "build")
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_build_killed_between_two_renames_is_made_good(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    (tmp_path / "build" / "CNAME").write_text("exemple.fr")
    (tmp_path / "build").rename(tmp_path / ".build.old")
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW | {"CNAME": b"exemple.fr"}
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


LOOP = """
import sys
from pathlib import Path
from archive_site.publish import publish
sites = [{f"{i}.html": name for i in range(300)} for name in (b"one", b"two")]
publish(sites[0], Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for site in sites:
        publish(site, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.011, 0.017, 0.023, 0.031, 0.047, 0.06])
def test_a_kill_leaves_one_whole_site(delay: float, tmp_path: Path) -> None:
    output = tmp_path / "build"
    with subprocess.Popen(
        [sys.executable, "-c", LOOP, str(output)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
    left = tree(output)
    assert len(left) == 300
    assert len(set(left.values())) == 1
    publish(NEW, output)
    assert tree(output) == NEW
