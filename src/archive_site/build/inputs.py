"""The files of a corpus. A file that did not change since the last build is recognised by its size,
times and inode, and not read again. What is read later must still have the same bytes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive_site.build.state import Input
from archive_site.files.fingerprints import moment_of
from archive_site.files.layout import corpus_files
from archive_site.files.pack import digest_of
from archive_site.findings import Finding, NotPossible

CTIME_TELLS = os.name == "posix"
"""Whether the system notes when a file's content or times were changed, which no one can set back;
where it does not, every file is read again."""
TRUSTED = 100_000_000
"""A file that changed less than so many nanoseconds before it was read may change again and show
the same moment: it is read again in the next build."""


@dataclass(frozen=True, slots=True)
class Inputs(Mapping[str, bytes]):
    """The files of the corpus in the folder `root`: bytes by name, read when asked for. `known` has
    the size and checksum of each, `unknown` the files that an archive does not use."""

    root: Path
    known: Mapping[str, Input]
    unknown: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __getitem__(self, name: str) -> bytes:
        known, path = self.known[name], self.root / name
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != known.sha256:
            raise NotPossible(f"{path} changed while the site was built", "Build again.")
        return data

    def __contains__(self, name: object) -> bool:
        return name in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def digest(self, names: Iterable[str]) -> bytes:
        """Digest of some of the files."""
        return digest_of([(name, self.known[name].sha256) for name in names if name in self.known])


def read_inputs(
    root: Path, before: Mapping[str, Input], findings: Iterable[Finding] = ()
) -> Inputs:
    """The files of a corpus. `before`: what the last build knew of them; `findings`: what was found
    so far.

    Raises `NotPossible` if there is no such folder."""
    there = corpus_files(root)
    findings, found = [*findings, *there.findings], {}
    for name, stat in there.files.items():
        known, moment = before.get(name), moment_of(stat)
        if known and known.moment == moment:
            found[name] = known
            continue
        path = root / name
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"must be a readable file; {error.strerror}"
            findings.append(Finding(str(path), 0, "E001", message))
            continue
        latest = max(stat.st_mtime_ns, stat.st_ctime_ns)
        sure = time.time_ns() - latest > TRUSTED and len(data) == stat.st_size
        sha256 = hashlib.sha256(data).hexdigest()
        found[name] = Input(len(data), moment if sure and CTIME_TELLS else (), sha256)
    return Inputs(root, found, there.unknown, tuple(findings))
