"""The files of a witness that a corpus has already, when the same file is received again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive_site.findings import NotPossible
from archive_site.sources.received import made_by


def without_kept(files: Mapping[Path, bytes], source: Path) -> dict[Path, bytes]:
    """The files of the witness `source` by path: as it was received, then its text and the places
    of its lines, if these were derived. Places that another version found are left out, since they
    stay as they are, if the text is the same.

    Raises `NotPossible` if a file of the corpus would have to be overwritten."""
    received, *derived = files
    if _differs(received, files[received]):
        message = f"{received} exists and differs from {source}"
        hint = "Choose another id with --id: a witness is never overwritten."
        raise NotPossible(message, hint)
    stale = [path for path in derived if _differs(path, files[path])]
    if stale and (derived[0] in stale or not derived[0].exists()):
        raise _derived_otherwise(stale[0], derived, files[derived[-1]], source)
    return {path: kept for path, kept in files.items() if path not in stale}


def _differs(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() != data


def _derived_otherwise(
    stale: Path, derived: list[Path], places: bytes, source: Path
) -> NotPossible:
    """The error that what was derived before, `stale`, is not what is derived now. `derived` are
    the text and the places of its lines; `places`, those that are derived now."""
    before = made_by(derived[-1].read_bytes()) if derived[-1].exists() else ""
    now = made_by(places)
    message = f"{stale} is not what is derived from {source}: it was changed since"
    if before != now:
        version = before or "another version"
        message = f"{stale} was derived by {version}; {now} derives another from {source}"
    names = " and ".join(str(path) for path in derived if path.exists())
    hint = (
        f"Delete {names}, and recover it again: the edition stays, its text is derived anew, and "
        "archive-site check tells what differs."
    )
    return NotPossible(message, hint)
