"""The library with which browsers show a page without its surroundings: Firefox's own, from npm."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from fcntl import LOCK_EX, flock
from pathlib import Path

PACKAGE = "@mozilla/readability@0.6.0"
SHA256 = "34dcab3d0832d0019f02990eed6b6124e029e8c32b9f0c6f2550544ff8dff174"
REMEDY = "The tests of reader modes take it from npm: install npm, or leave them out: --no-browser."


def library(folder: Path) -> str:
    """The library's code, kept in `folder`, where processes that come at once get it once."""
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        kept = folder / f"{SHA256}.js"
        if not kept.exists():
            code = _packed(folder)
            assert hashlib.sha256(code).hexdigest() == SHA256, f"{PACKAGE} is not what it was"
            kept.write_bytes(code)
    return kept.read_text("utf-8")


def _packed(folder: Path) -> bytes:
    """The library as npm packs it, which runs no script of any package."""
    command = ("npm", "pack", "--silent", "--pack-destination", str(folder), PACKAGE)
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise AssertionError(f"no npm. {REMEDY}") from error
    assert ran.returncode == 0, f"npm: {ran.stderr.strip()}. {REMEDY}"
    with tarfile.open(folder / ran.stdout.split()[-1]) as package:
        member = package.extractfile("package/Readability.js")
        assert member is not None
        return member.read()
