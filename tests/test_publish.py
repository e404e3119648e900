"""The output folder: whole or as it was; what is not ours stays; a folder not ours is refused."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from archive_site.build import publish as module
from archive_site.build.publish import (
    MANIFEST,
    Staging,
    Stamp,
    intact,
    locked,
    stamps_of,
    write_staged,
)
from archive_site.findings import NotPossible
from builds import publish

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


def test_the_folders_above_are_made(tmp_path: Path) -> None:
    publish(NEW, tmp_path / "some" / "where" / "build")
    assert tree(tmp_path / "some" / "where") == {f"build/{path}": NEW[path] for path in NEW}


def test_files_of_others_are_kept(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    (tmp_path / "build" / "CNAME").write_text("exemple.fr")
    (tmp_path / "build" / ".git" / "refs").mkdir(parents=True)
    (tmp_path / "build" / ".git").chmod(0o700)
    (tmp_path / "build" / ".git" / "config").write_text("x")
    (tmp_path / "build" / "textes" / "away").symlink_to("../CNAME")
    (tmp_path / "build" / "nowhere").symlink_to("gone")
    for _ in range(2):
        publish(NEW, tmp_path / "build")
        theirs = dict.fromkeys(("CNAME", "textes/away"), b"exemple.fr")
        assert tree(tmp_path / "build") == NEW | theirs | {".git/config": b"x"}
        assert (tmp_path / "build" / ".git" / "refs").is_dir()  # empty, but git asks for it
        assert (tmp_path / "build" / ".git").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "build" / "textes" / "away").readlink() == Path("../CNAME")
        assert (tmp_path / "build" / "nowhere").readlink() == Path("gone")


@pytest.mark.parametrize("theirs", ["gone.html", "gone.html/x", "textes/a", "textes/a/index.html"])
def test_a_file_of_others_is_never_overwritten(theirs: str, tmp_path: Path) -> None:
    publish(NEW, tmp_path / "build")
    (tmp_path / "build" / theirs).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "build" / theirs).write_text("mine")
    with pytest.raises(NotPossible, match=r"archive-site did not make .*, but needs its name"):
        publish(OLD, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW | {theirs: b"mine"}


@pytest.mark.parametrize("leads", ["/etc/passwd", "..", "../secret"])
def test_a_link_out_of_the_site_is_refused(leads: str, tmp_path: Path) -> None:
    """Whoever copies the site, following links, would publish what it leads to."""
    publish(OLD, tmp_path / "build")
    (tmp_path / "build" / "leak").symlink_to(leads)
    with pytest.raises(NotPossible, match="leak is a link that leads out of the site"):
        publish(NEW, tmp_path / "build")
    (tmp_path / "build" / "leak").unlink()
    assert tree(tmp_path / "build") == OLD


@pytest.mark.parametrize(
    "manifest", ['{"files":[1]}', "[null]", "{}", "[" * 200_000, '{"files":{"a":1}', "", "\xff"]
)
def test_a_manifest_that_is_none_of_ours(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "x").write_text("mine")
    (tmp_path / "build" / module.MANIFEST).write_text(manifest, "latin-1")
    with pytest.raises(NotPossible, match="archive-site did not make it"):
        publish(NEW, tmp_path / "build")
    assert (tmp_path / "build" / "x").read_text() == "mine"


@pytest.mark.parametrize("what", ["pipe", "folder", "link"])
def test_a_manifest_that_is_no_file(what: str, tmp_path: Path) -> None:
    manifest = tmp_path / "build" / module.MANIFEST
    (tmp_path / "build").mkdir()
    if what == "pipe":
        os.mkfifo(manifest)
    elif what == "folder":
        manifest.mkdir()
    else:
        publish(OLD, tmp_path / "other")
        manifest.symlink_to(tmp_path / "other" / module.MANIFEST)
    with pytest.raises(NotPossible, match="archive-site did not make it"):
        publish(NEW, tmp_path / "build")


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years")
    with pytest.raises(NotPossible, match="not empty"):
        publish(NEW, tmp_path)
    assert tree(tmp_path) == {"thesis.txt": b"ten years"}
    with pytest.raises(NotPossible, match="not a folder"):
        publish(NEW, tmp_path / "thesis.txt")


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir(mode=0o750)
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW
    assert (tmp_path / "build").stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("call", ["_create", "_swap", "_link", "_same_rights"])
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
    with Staging(tmp_path / "build") as staging:
        (tmp_path / "build").rename(staging.root / "former")
        staging.root.rename(tmp_path / ".build.archive-site-0a1b2c3d")
    publish(NEW, tmp_path / "build")
    assert tree(tmp_path / "build") == NEW | {"CNAME": b"exemple.fr"}
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_what_killed_builds_leave_is_deleted(tmp_path: Path) -> None:
    others = ".build.en.archive-site-0a1b2c3d"  # of another output, `build.en`
    publish(OLD, tmp_path / "build")
    with Staging(tmp_path / "build") as staging:
        staging.write("textes/index.html", b"half")
        for name in (".build.archive-site-0a1b2c3d", others):
            shutil.copytree(staging.root, tmp_path / name)
    publish(NEW, tmp_path / "build")
    assert {path.name for path in tmp_path.iterdir()} == {"build", others}


def test_what_others_put_beside_the_output_stays(tmp_path: Path) -> None:
    """Folders called like ours, without our mark, or as links, are nobody's to delete."""
    outside = tmp_path / "outside"
    with Staging(tmp_path / "build") as staging:
        shutil.copytree(staging.root, outside)
    beside = tmp_path / "archive"
    beside.mkdir()
    names = ".build.new .build.old .build.spare .build.0a1b2c3d.new .build.cache/exports".split()
    for name in names:
        (beside / name).mkdir(parents=True)
        (beside / name / "thesis.odt").write_text("ten years")
    (beside / ".build.lock").symlink_to(outside / "site")
    (beside / ".build.archive-site-0a1b2c3e").symlink_to(outside)
    (beside / ".build.archive-site-0a1b2c3f").write_text("ten years")
    before = [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*"))]
    for site in (OLD, NEW):
        publish(site, beside / "build")
        shutil.rmtree(beside / "build")
        assert [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*"))] == before


# ---------------------------------------------------------------- what has changed, no more


def test_what_is_kept_is_the_same_file(tmp_path: Path) -> None:
    output = tmp_path / "build"
    with Staging(output) as staging:
        for path, data in OLD.items():
            staging.write(path, data)
        known = staging.publish({})
    known = stamps_of(output, known)
    assert intact(output, known) - {MANIFEST} == set(OLD)
    for n in range(3):
        before = (output / "textes/a/index.html").stat()
        with Staging(output) as staging:
            write_staged(staging.folder, "index.html", b"%d" % n)
            known = staging.publish({"textes/a/index.html": known["textes/a/index.html"]})
        known = stamps_of(output, known)
        assert tree(output) == {"index.html": b"%d" % n, "textes/a/index.html": b"a"}
        assert (output / "textes/a/index.html").stat().st_ino == before.st_ino
        assert intact(output, known) - {MANIFEST} == {"index.html", "textes/a/index.html"}


def test_a_build_that_ends_before_it_publishes_changes_nothing(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    with pytest.raises(ZeroDivisionError), Staging(tmp_path / "build") as staging:
        staging.write("index.html", b"new")
        raise ZeroDivisionError
    assert tree(tmp_path / "build") == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_file_may_be_staged_again(tmp_path: Path) -> None:
    with Staging(tmp_path / "build") as staging:
        for data in (b"half", b"whole"):
            staging.write("a/index.html", data)
        staging.publish({})
    assert tree(tmp_path / "build") == {"a/index.html": b"whole"}


def test_a_changed_file_is_not_intact(tmp_path: Path) -> None:
    output = tmp_path / "build"
    with Staging(output) as staging:
        for name in "abcdefg":
            staging.write(f"{name}/x", b"as it was")
        known = staging.publish({})
    known = stamps_of(output, known)
    (output / "a" / "x").unlink()
    (output / "b" / "x").write_bytes(b"as it wa!")  # as long as it was
    os.utime(output / "c" / "x")
    (output / "d" / "x").rename(tmp_path / "x")
    (output / "d" / "x").symlink_to(tmp_path / "x")
    (output / "e").rename(tmp_path / "e")
    (output / "e").symlink_to(tmp_path / "e")
    (output / "f" / "x").unlink()
    (output / "f" / "x").mkdir()
    assert intact(output, known) - {MANIFEST} == {"g/x"}
    output.rename(tmp_path / "moved")
    assert intact(output, known) - {MANIFEST} == set()


def test_a_file_changed_while_it_is_kept_is_found_by_the_next_build(tmp_path: Path) -> None:
    output = tmp_path / "build"
    with Staging(output) as staging:
        staging.write("a", b"as it was")
        known = staging.publish({})
    known = stamps_of(output, known)
    assert intact(output, known) - {MANIFEST} == {"a"}
    with Staging(output) as staging:
        (output / "a").write_bytes(b"as it wa!")
        known = staging.publish(known)
    assert intact(output, stamps_of(output, known)) == {MANIFEST}


def test_a_file_deleted_while_it_is_kept_stops_the_build(tmp_path: Path) -> None:
    output = tmp_path / "build"
    with Staging(output) as staging:
        staging.write("a", b"a")
        staging.write("b", b"b")
        known = staging.publish({})
    (output / "a").unlink()
    with pytest.raises(NotPossible, match="deleted while"), Staging(output) as staging:
        staging.publish(known)
    assert tree(output) == {"b": b"b"}


def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    output = tmp_path / "build"
    with Staging(output) as staging:
        for path, data in OLD.items():
            staging.write(path, data)
        known = staging.publish({})
    known = stamps_of(output, known)
    (output / "nowhere").symlink_to("gone")
    for n in range(3):
        with Staging(output) as staging:
            staging.write("index.html", b"%d" % n)
            known = staging.publish({path: known[path] for path in intact(output, known)})
        known = stamps_of(output, known)
        assert tree(output) == OLD | {"index.html": b"%d" % n}
        assert intact(output, known) - {MANIFEST} == set(OLD)
        assert (output / "nowhere").is_symlink()


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "a/../../x",
        "/etc/x",
        "",
        "a//b",
        "a/",
        "./a",
        "a\\..\\b",
        "C:x",
        "a\0",
        module.MANIFEST,
    ],
)
def test_no_path_leads_out_of_the_output(path: str, tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="must lead to a file within it"):
        publish({"index.html": b"", path: b"x"}, tmp_path / "a" / "build")
    assert list(tmp_path.rglob("*")) == [tmp_path / "a"]


# ---------------------------------------------------------------- what someone did in between


def test_a_spare_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    """The folder of the site that was replaced may have become anything."""
    theirs, spare = tmp_path / "theirs", tmp_path / "spare"
    theirs.mkdir()
    (theirs / "letters.txt").write_text("dear")
    many = {f"{n}.html": b"x" for n in range(9)}
    publish(many, tmp_path / "build")
    spare.symlink_to(theirs)
    output = tmp_path / "build"
    with locked(output), Staging(output, spare) as staging:
        staging.write("0.html", b"new")
        stamps = {path: Stamp(0, 0) for path in many.keys() - {"0.html"}}
        staging.publish(stamps)
    assert tree(output) == many | {"0.html": b"new"}
    assert not output.is_symlink()
    assert (theirs / "letters.txt").read_text() == "dear"


def test_what_killed_builds_leave_goes_though_nothing_is_to_do(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "build")
    left = tmp_path / ".build.archive-site-0a1b2c3d"
    (left / "site").mkdir(parents=True)
    (left / "site" / "x").write_text("x")
    with locked(tmp_path / "build"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"build"}


def test_a_manifest_that_someone_changed_is_written_again(tmp_path: Path) -> None:
    """What is known to be of the site is of it, whatever the manifest says."""
    output = tmp_path / "build"
    with locked(output), Staging(output) as staging:
        for path, data in OLD.items():
            staging.write(path, data)
        stamps = staging.publish({})
    stamps = stamps_of(output, stamps)
    assert MANIFEST in stamps
    (output / MANIFEST).write_text('{"generator": "archive-site", "files": []}')
    live = intact(output, stamps)
    assert live == OLD.keys()
    with locked(output), Staging(output, live=live) as staging:
        assert staging.previous == OLD.keys()
        staging.publish({path: stamps[path] for path in OLD.keys() - {"gone.html"}})
    left = {path: data for path, data in OLD.items() if path != "gone.html"}
    assert tree(output) == left
    assert json.loads((output / MANIFEST).read_bytes())["files"] == sorted(left)
