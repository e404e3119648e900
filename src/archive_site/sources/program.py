"""Runs pandoc, which the extra `formats` installs."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archive_site.findings import Finding, NotPossible, Unsound, count_noun

SECONDS = 120
"""How long pandoc may take for a document."""
MEMORY = "2g"
INSTALL = 'pip install "archive-site[formats]"'
_ERROR_LENGTH = 200


def tree_of(data: bytes, reader: str, kind: str, shown: str) -> dict[str, Any]:
    """The document in `data` as pandoc's tree; `reader` is what pandoc calls the format.

    Raises `NotPossible` if pandoc is not installed, cannot run or takes too long, and `Unsound`
    (E006) if it cannot read the document; `shown` is the path that the finding gives."""
    command = [str(_program()), "--sandbox", "--from", reader, "--to", "json"]
    command += ["+RTS", f"-M{MEMORY}", "-RTS"]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = f"pandoc has not read {shown} in {count_noun(SECONDS, 'second')}"
        raise NotPossible(message, "Divide it into several texts.") from error
    except OSError as error:
        message = f"pandoc cannot run: {error.strerror}"
        raise NotPossible(message, f"Install it again: {INSTALL}") from error
    try:
        if done.returncode == 0:
            tree: dict[str, Any] = json.loads(done.stdout)
            return tree
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
    except RecursionError:
        said = "it is nested too deeply"
    said = said[:_ERROR_LENGTH] or f"pandoc stopped with {done.returncode}"
    message = f"must be {kind} that pandoc can read; {said}"
    hint = "Open it in the program that wrote it, and save it again."
    raise Unsound([Finding(shown, 0, "E006", message, hint)])


@cache
def _program() -> Path:
    """Where pandoc is: the one of the extra, whose version is known, not another of the machine."""
    found = find_spec("pypandoc")
    for folder in found.submodule_search_locations or () if found else ():
        for name in ("pandoc", "pandoc.exe"):
            if (Path(folder) / "files" / name).is_file():
                return Path(folder) / "files" / name
    message = "this format needs pandoc, which is not installed"
    raise NotPossible(message, f"Install it: {INSTALL}")
