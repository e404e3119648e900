"""Where the files of a corpus stand."""

from __future__ import annotations

import os
from pathlib import Path

from archive_site.findings import Finding, NotPossible, Unsound

EDITIONS, WITNESSES = "editions", "witnesses"
CHECKSUMS = "SHA256SUMS"
SITE, EXEMPTIONS, UNCLAIMED = "site.yaml", "exemptions.yaml", "unclaimed.yaml"
_ENDINGS = {EDITIONS: (".md",), WITNESSES: (".txt", CHECKSUMS), "": (".yaml",)}
"""How the names of its files end, by folder. Those that begin with a full stop are an editor's."""


def corpus_files(root: Path) -> list[str]:
    """The files of the corpus in the folder `root`, by their path in it, in order. Raises
    `NotPossible` where there is no such folder, `Unsound` where a name is no text (E048)."""
    if not root.is_dir():
        hint = "Name the folder that holds editions/, witnesses/ and site.yaml."
        raise NotPossible(f"no corpus at {root}: there is no such folder", hint)
    names = sorted(
        f"{folder}/{name}" if folder else name
        for folder, endings in _ENDINGS.items()
        if (root / folder).is_dir()
        for name in os.listdir(root / folder)  # noqa: PTH208  # names are all that is asked for
        if name.endswith(endings) and not name.startswith(".")
    )
    if wrong := [name for name in names if not _is_utf_8(name)]:
        hint = "Rename it; where the whole disk is of another system, mount it as UTF-8."
        raise Unsound(
            Finding(str(root / name), 0, "E048", "a name must be in UTF-8", hint) for name in wrong
        )
    return names


def _is_utf_8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
