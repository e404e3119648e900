"""The files of a corpus. A file that did not change since the last build is recognised by its size,
times and inode, and not read again. A file that is read later must still have the same bytes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive_site.build.state import Input
from archive_site.corpus.private import published_bibliography
from archive_site.edition.format import without_comments
from archive_site.files.fingerprints import moment_of
from archive_site.files.layout import BIBLIOGRAPHIES, corpus_files, edition_files
from archive_site.files.pack import digest_of
from archive_site.findings import Finding, NotPossible

CTIME_TELLS = os.name == "posix"
"""Whether the system keeps a ctime, the time when a file's content or times last changed, which no
program can set. If it does not, every build reads every file."""
TRUSTED = 100_000_000
"""Nanoseconds. A file that changed less than this before it was read may change again and have the
same times: the next build reads it again."""


@dataclass(frozen=True, slots=True)
class Inputs(Mapping[str, bytes]):
    """The files of the corpus in the folder `root`: bytes by name, read on access. `known` has the
    size and checksum of each; `unknown` are the names of files that an archive does not use.

    Access raises `NotPossible` if the file has changed since."""

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
        """A digest of the files with these names; names of files that do not exist are ignored."""
        return digest_of([(name, self.known[name].sha256) for name in names if name in self.known])


def published_file(corpus: Mapping[str, bytes], name: str) -> bytes:
    """A file of the corpus as it is published: editions have no comments, and a bibliography has
    nothing that is private."""
    data = corpus[name]
    if name in BIBLIOGRAPHIES:
        return published_bibliography(data, name)
    if b"<!--" not in data or not edition_files([name]):
        return data
    return without_comments(data.decode("utf-8")).encode()


def read_inputs(
    root: Path, before: Mapping[str, Input], findings: Iterable[Finding] = ()
) -> Inputs:
    """The files of a corpus. `before`: the files as the last build found them; `findings`: the
    findings so far, to which those of the files are added.

    Raises `NotPossible` if there is no such folder."""
    present = corpus_files(root)
    findings, found = [*findings, *present.findings], {}
    for name, stat in present.files.items():
        known, moment = before.get(name), moment_of(stat)
        if known and known.times == moment:
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
    return Inputs(root, found, present.unknown, tuple(findings))
