"""The cache folder: this user's own, outside every archive; what cannot be used is left alone."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from archive_site.files.cache import Cache, cache_folder
from archive_site.findings import NotPossible


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's cache folder is to be; the temporary one lies in the same folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "cache" / "archive-site"


def test_it_is_the_users_own_and_the_same_for_one_output(base: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    one = cache_folder(tmp_path / "build")
    assert one.parent == base
    assert cache_folder(tmp_path / "link" / "build") == one
    assert cache_folder(tmp_path / "other") != one
    for folder in (base, one):
        assert folder.stat().st_mode & 0o777 == 0o700
    one.chmod(0o777)
    assert cache_folder(tmp_path / "build") == one
    assert one.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("spoil", ["file", "link", "relative", "below a file", "another's"])
def test_what_cannot_be_used_gives_way_to_a_temporary_one(
    spoil: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    base.parent.mkdir()
    if spoil == "file":
        base.write_text("mine")
    elif spoil == "link":
        base.symlink_to(outside)
    elif spoil == "relative":
        monkeypatch.setenv("XDG_CACHE_HOME", "cache")
        monkeypatch.setenv("HOME", str(tmp_path / "tmp"))
        monkeypatch.chdir(outside)
    elif spoil == "below a file":
        shutil.rmtree(base.parent)
        base.parent.write_text("mine")
    else:
        base.mkdir()
        monkeypatch.setattr(os, "geteuid", lambda: 12_345)
        with pytest.raises(NotPossible, match="not this user's own folder"):
            cache_folder(tmp_path / "build")
        return
    assert cache_folder(tmp_path / "build").is_relative_to(tmp_path / "tmp")
    assert list(outside.iterdir()) == []


def test_what_is_kept_for_archives_that_are_gone_goes(base: Path, tmp_path: Path) -> None:
    for name in ("gone", "there"):
        (tmp_path / name).mkdir()
    gone, there = (cache_folder(tmp_path / name / "build") for name in ("gone", "there"))
    (base / "strange").mkdir()
    (gone / "pack").write_bytes(b"x")
    (tmp_path / "gone").rmdir()
    assert cache_folder(tmp_path / "there" / "build") == there and gone.is_dir()
    cache_folder(tmp_path / "new")
    assert not gone.exists()
    assert there.is_dir() and (base / "strange").is_dir()


def test_a_file_is_made_once_and_again_where_it_is_damaged(tmp_path: Path) -> None:
    cache, made = Cache(tmp_path / "new" / "exports"), list[bytes]()

    def make() -> bytes:
        made.append(b"%d" % len(made))
        return made[-1]

    assert cache.made("key-pdf", make) == cache.made("key-pdf", make) == b"0"
    assert cache.made("other-pdf", make) == b"1"
    file = tmp_path / "new" / "exports" / "key-pdf"
    for n, damaged in enumerate((b"", file.read_bytes()[:-1], file.read_bytes() + b"x"), start=2):
        file.write_bytes(damaged)
        assert cache.made("key-pdf", make) == cache.made("key-pdf", make) == b"%d" % n
    cache.tidy({"other"})
    assert [path.name for path in file.parent.iterdir()] == ["other-pdf"]
    file.mkdir()  # what cannot be kept is made
    assert cache.made("key-pdf", make) == b"5"
    assert Cache().made("other-pdf", make) == b"6"
    Cache().tidy(())
