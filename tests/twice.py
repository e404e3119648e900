"""The site as a build leaves it on a disk, and the same made whole in memory, from nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive_site.build.build import BuildRequest, whole_site
from archive_site.build.publish import MANIFEST
from archive_site.findings import Finding, Unsound, exempted


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the manifest."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {path: file.read_bytes() for path, file in found.items() if path != MANIFEST}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths of files that two sites do not share, byte for byte."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def made_whole(asked: BuildRequest) -> tuple[dict[str, bytes], list[str]]:
    """The site in memory, made without a cache, and what a build would tell of it. Raises
    `Unsound`."""
    with whole_site(asked) as whole:
        findings = exempted(whole.findings, whole.model.exemptions)
        if any(finding.stops for finding in findings):
            raise Unsound(findings)
        assert whole.files
        return dict(whole.files), sorted(map(str, findings))


def of_corpus(findings: Iterable[Finding]) -> list[Finding]:
    """Findings about a corpus and its site: not those about what was published before, which a
    first build does not have."""
    return [finding for finding in findings if finding.code not in ("W065", "W066")]
