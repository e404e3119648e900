"""Where the files of a corpus are, and which files of a folder may be read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archive_site.findings import Finding, NotPossible

EDITIONS, WITNESSES, IMAGES = "editions", "witnesses", "images"
CHECKSUMS = "SHA256SUMS"
SITE, EXEMPTIONS, UNCLAIMED = "site.yaml", "exemptions.yaml", "unclaimed.yaml"
PEOPLE, ORGANISATIONS, PLACES = "people.yaml", "organisations.yaml", "places.yaml"
WORKS, EVENTS, GLOSSARY = "works.yaml", "events.yaml", "glossary.yaml"
CREDITS, COLLECTIONS = "images.yaml", "collections.yaml"
BIBLIOGRAPHIES = ("bibliography.bib", "bibliography.json")
TOP = (
    SITE, EXEMPTIONS, UNCLAIMED, PEOPLE, ORGANISATIONS, PLACES, WORKS, EVENTS, GLOSSARY, CREDITS,
    COLLECTIONS, *BIBLIOGRAPHIES,
)  # fmt: skip
"""The files directly in the folder of the corpus."""
PICTURE = re.compile(rf"{IMAGES}/[A-Za-z0-9][A-Za-z0-9._-]*\.(?:png|jpe?g|webp)", re.IGNORECASE)
"""The path of a picture."""
RECEIVED = (
    "pdf", "xml", "hocr", "zip", "tif", "png", "jpg", "docx", "odt", "rtf", "html", "htm", "xhtml",
    "epub", "md", "markdown", "tex", "latex", "org", "rst", "textile", "wiki",
    "cp1252", "iso8859-15", "mac-roman", "cp850", "utf-16",
)  # fmt: skip
"""The endings of the names of witnesses that are no text in UTF-8."""
_KNOWN = re.compile(
    rf"{EDITIONS}/[^/]+\.md|(?i:{PICTURE.pattern})"
    rf"|{WITNESSES}/([^/]+\.(txt|({'|'.join(RECEIVED)})(\.json)?)|{CHECKSUMS})"
)
"""The files in its subfolders, by path."""
LEFT_ALONE = re.compile(r"\..*|.*~|#.*#|.*\.(sw[a-p]|tmp|bak|part)|4913|__pycache__", re.IGNORECASE)
"""Names of files that are ignored: hidden ones, and temporary ones of editors (vim tries 4913)."""
LARGEST = 100_000_000
"""The size, in bytes, of the largest file that is read: about thirty times the Bible."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The contents of a folder: its regular files, sorted by their path in it, with the `stat` of
    each; its subfolders; and a finding for everything else."""

    files: dict[str, os.stat_result]
    folders: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CorpusFiles:
    """The files of a corpus, sorted by their path in it, with the `stat` of each; `unknown`, the
    paths of files that a corpus does not have; and the findings for what cannot be read."""

    files: dict[str, os.stat_result]
    unknown: tuple[str, ...]
    findings: tuple[Finding, ...]


def corpus_files(root: Path) -> CorpusFiles:
    """The files of the corpus in the folder `root`.

    Raises `NotPossible` if there is no such folder, or if it is a symbolic link."""
    hint = "Name the folder that contains editions/, witnesses/ and site.yaml."
    if root.is_symlink():
        raise NotPossible(f"{root} is a symbolic link; a corpus must be a folder", hint)
    if not root.is_dir():
        raise NotPossible(f"no corpus at {root}: there is no such folder", hint)
    tree = read_tree(root, is_kept)
    known = {name: seen for name, seen in tree.files.items() if _is_known(name)}
    findings = list(tree.findings)
    for name in filter(_is_known, tree.folders):
        message = "must be a regular file; found a folder"
        findings.append(Finding(str(root / name), 0, "E005", message))
    return CorpusFiles(known, tuple(tree.files.keys() - known.keys()), tuple(sorted(findings)))


def _is_known(name: str) -> bool:
    return name in TOP or _KNOWN.fullmatch(name) is not None


def is_kept(name: str) -> bool:
    """Whether a file or folder with this name belongs to an archive: it is neither hidden nor a
    temporary file of an editor."""
    return not LEFT_ALONE.fullmatch(name)


def read_tree(root: Path, matters: Callable[[str], bool] = bool) -> Tree:
    """The contents of the folder `root`, without the files and folders whose names `matters`
    rejects.

    A link must lead to a file below `root`. Pipes and devices are never opened."""
    files: dict[str, os.stat_result] = {}
    findings: list[Finding] = []
    real = os.path.realpath(root)
    folders, inside = [""], list[str]()
    while folders:
        above = folders.pop()
        try:
            with os.scandir(f"{root}/{above}") as entries:
                here = sorted((e for e in entries if matters(e.name)), key=lambda e: e.name)
        except OSError as error:
            message = f"must be a readable folder; {error.strerror}"
            findings.append(Finding(str(root / above), 0, "E001", message))
            continue
        for entry in here:
            name = above + entry.name
            if not _is_utf_8(entry.name):
                hint = "Rename it. If the disk comes from another system, mount it as UTF-8."
                message = "a name must be in UTF-8"
                findings.append(Finding(str(root / name), 0, "E048", message, hint))
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{name}/")
                inside.append(name)
                continue
            try:
                fault = _fault(entry, real)
            except OSError as error:
                message = f"must be a readable file; {error.strerror}"
                findings.append(Finding(str(root / name), 0, "E001", message))
                continue
            if fault:
                findings.append(Finding(str(root / name), 0, "E005", fault))
            else:
                files[name] = entry.stat()
    return Tree(dict(sorted(files.items())), tuple(inside), tuple(sorted(findings)))


def _is_utf_8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault(entry: os.DirEntry[str], root: str) -> str:
    """Why an entry of a folder may not be read; empty if it may. `root` is the real path of the
    folder that a link must not lead out of."""
    kind = "a regular file"
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        if not target.startswith(f"{root}{os.sep}"):
            return f"must be {kind} of its folder; found a link that leads out of it"
    seen = entry.stat()
    if not stat.S_ISREG(seen.st_mode):
        found = _KINDS.get(stat.S_IFMT(seen.st_mode), "something else")
        return f"must be {kind}; found {found}"
    if seen.st_size > LARGEST:
        return f"must be at most {LARGEST / 1e6:g} MB; found {seen.st_size / 1e6:g} MB"
    return ""


_KINDS = {
    stat.S_IFDIR: "a link to a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def edition_files(files: Iterable[str]) -> list[str]:
    """The editions among the files of a corpus, sorted."""
    return sorted(name for name in files if name.startswith(f"{EDITIONS}/"))
