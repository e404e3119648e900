"""A site that was published, in a folder or a zip file, and the addresses that a new one loses.

A lost address is told until an editor declares an alias, although the site that had it is soon
replaced: the manifest of the new site records it. What `serve` builds while an editor works is not
published. So an address that only `serve` has made may go.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from msgspec import MsgspecError, Struct, convert

from archive_site.build.publish import recorded
from archive_site.corpus import urls
from archive_site.edition.aliases import is_anchor
from archive_site.edition.front_matter import ID
from archive_site.exports.harvest import urn
from archive_site.files.layout import EDITIONS, LARGEST
from archive_site.files.writing import read_regular
from archive_site.findings import Finding, NotPossible
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.site.addresses import Addresses, Lost, addresses_of, check_lost, lost, still_lost
from archive_site.site.check import ids_of

_TEXTS = urls.text_page("").partition("/")[0]
_COMPRESSED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_COPY = "Name the folder of a site, or the archive.zip that it offers."
_ADDRESS = re.compile(r"https?:/")  # a path has one / where an address has two
_PAGE = re.compile(rf"((?:[^/]+/)?){_TEXTS}/({ID.pattern})/index\.html")


class AddressRecord(Struct, omit_defaults=True):
    """What a site records of the addresses that were published before it.

    `lost` has those of each text that lead nowhere, and that no alias declares; `removed` has the
    texts that are gone; `published` has all anchors that each text had in the last build, if
    `serve` has changed them since."""

    lost: dict[str, list[Lost]] = {}
    removed: list[str] = []
    published: dict[str, list[str]] = {}


class Published(Protocol):
    """A site that was published."""

    @property
    def record(self) -> AddressRecord:
        """What it records."""

    @property
    def texts(self) -> Collection[str]:
        """The ids of its texts."""

    def read(self, path: str) -> bytes:
        """A file of the site. Raises `OSError` if it cannot be read or is too large."""


class PublishedFolder:
    """A published site in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.record = AddressRecord()
        with suppress(OSError, MsgspecError):
            self.record = convert(recorded(root), AddressRecord)
        self.texts: Collection[str] = ()
        with suppress(OSError):
            self.texts = {path.name for path in (root / _TEXTS).iterdir() if self._is_text(path)}

    def _is_text(self, path: Path) -> bool:
        page = self._root / urls.text_page(path.name)
        return bool(ID.fullmatch(path.name)) and not path.is_symlink() and page.is_file()

    def read(self, path: str) -> bytes:
        """A file of the site."""
        file = self._root / path
        if file.stat().st_size > LARGEST:
            raise OSError(f"{file} is too large")
        return read_regular(file)


class PublishedZip:
    """A published site in a zip file, such as `archive.zip`. Raises `OSError` if it is none."""

    record = AddressRecord()

    def __init__(self, path: Path) -> None:
        with _zip_errors():
            self._zip = zipfile.ZipFile(path)
        pages = list(filter(None, map(_PAGE.fullmatch, self._zip.namelist())))
        self._above = pages[0][1] if pages else ""
        self.texts: Collection[str] = {page[2] for page in pages if page[1] == self._above}

    def read(self, path: str) -> bytes:
        """A file of the site."""
        with _zip_errors():
            entry = self._zip.getinfo(self._above + path)
            if entry.file_size > LARGEST or entry.compress_type not in _COMPRESSED:
                raise OSError(f"{path} is too large, or compressed in an unusual way")
            return self._zip.read(entry)


@contextmanager
def _zip_errors() -> Iterator[None]:
    """Raise what is wrong with a zip file as `OSError`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, RuntimeError) as error:
        raise OSError(str(error)) from error


def copy_at(path: Path) -> Published:
    """The published site that an editor names. Raises `NotPossible` if it is none."""
    if not path.exists():
        if _ADDRESS.match(str(path)):
            message = "a published site must be a folder or a file; found an address"
            raise NotPossible(message, f"Download its archive.zip. {_COPY}")
        raise NotPossible(f"{path} does not exist", _COPY)
    with suppress(OSError):
        copy: Published = PublishedFolder(path) if path.is_dir() else PublishedZip(path)
        if copy.texts:
            return copy
    raise NotPossible(f"{path} has no text of a published site", _COPY)


# ---------------------------------------------------------------- the comparison


def lost_addresses(
    copy: Published,
    model: SiteModel,
    corpus: Path,
    read: Callable[[str], bytes],
    changed: Callable[[str], bool],
    lasting: bool = True,
) -> tuple[AddressRecord, list[Finding]]:
    """What a new site of the corpus in the folder `corpus` records of the addresses in `copy`, and
    a finding for each that it loses. `read` returns a file of the new site, and `changed` says
    whether one is not the same in both; `lasting`: whether the new site is published."""
    if not _of_same_archive(copy, model):
        return AddressRecord(), []
    before, here = copy.record, set(copy.texts)
    gone = {*here, *before.removed} - model.texts.keys()
    record = AddressRecord(
        removed=sorted(text for text in gone if before.published.get(text) != [])
    )
    for text in model.texts.values():
        known, published = before.lost.get(text.id, []), before.published.get(text.id)
        differs = changed(urls.text_page(text.id))
        if known or (differs and (text.id in here or not lasting)):
            then = _anchors(text.id, copy.read) if differs and text.id in here else set()
            now = _anchors(text.id, read)
            had = then if published is None else then.intersection(published)
            if left := _lost(text, had, now, known, copy, read):
                record.lost[text.id] = left
            if differs and published is None and then != now:
                published = sorted(then)
        if published is not None and not lasting:
            record.published[text.id] = published
    return record, list(_check(record, copy, model, corpus, read))


def _of_same_archive(copy: Published, model: SiteModel) -> bool:
    """Whether a published site is an earlier one of this archive: it has one of its texts, or its
    name in the feed."""
    if not copy.texts or not model.texts.keys().isdisjoint(copy.texts):
        return True
    with suppress(OSError):
        return f"<id>{urn(model.site)}</id>".encode() in copy.read(urls.FEED)
    return False


def _lost(
    text: TextOfSite,
    had: Collection[str],
    now: Collection[str],
    known: Iterable[Lost],
    copy: Published,
    read: Callable[[str], bytes],
) -> list[Lost]:
    """The anchors that a text `had`, or that are `known` to be lost, and that it has not `now`, nor
    among its aliases. Its words are compared only if there is one."""
    aliases = dict(text.meta.aliases)
    new: list[Lost] = []
    if any(anchor not in now and anchor not in aliases for anchor in had):
        found = lost(_addresses(text.id, copy.read), _addresses(text.id, read), aliases)
        new = [each for each in found if each.anchor in had]
    return still_lost((*known, *new), now, aliases)


def _anchors(text_id: str, read: Callable[[str], bytes]) -> set[str]:
    """What may be the anchors of a text on its page; none if that is damaged."""
    with suppress(OSError, ValueError):
        return set(filter(is_anchor, ids_of(read(urls.text_page(text_id)))))
    return set()


def lost_in_memory(
    copy: Published, model: SiteModel, corpus: Path, files: Mapping[str, bytes]
) -> list[Finding]:
    """A finding for each address in `copy` that a site in memory loses."""

    def changed(path: str) -> bool:
        with suppress(OSError):
            return copy.read(path) != files[path]
        return True

    return lost_addresses(copy, model, corpus, files.__getitem__, changed)[1]


def _addresses(text_id: str, read: Callable[[str], bytes]) -> Addresses:
    """The addresses of a text of a site; none if its files are damaged."""
    with suppress(OSError, ValueError):
        page, data = read(urls.text_page(text_id)), read(urls.data_file(text_id, "json"))
        return addresses_of(page, data)
    return Addresses()


def _check(
    record: AddressRecord,
    copy: Published,
    model: SiteModel,
    corpus: Path,
    read: Callable[[str], bytes],
) -> Iterator[Finding]:
    for text in record.removed:
        path = str(corpus / EDITIONS / f"{text}.md")
        message = f"a text that was published should be in the archive; “{text}” no longer is"
        yield Finding(path, 0, "W066", message, _renamed(text, copy, model))
    for text_id, found in record.lost.items():
        edition = read(urls.edition_file(text_id)).decode()
        yield from check_lost(model.texts[text_id].facts.path, edition, found)


def _renamed(text_id: str, copy: Published, model: SiteModel) -> str:
    """A hint if a new text has most of the anchors of one that is gone; or nothing."""
    then = _addresses(text_id, copy.read).anchors.keys()
    new = {text.id: text.facts.ids for text in model.texts.values() if text.id not in copy.texts}
    alike = max(new, key=lambda other: len(then & new[other]), default="")
    if not alike or 2 * len(then & new[alike]) <= len(new[alike]):
        return ""
    return f"Its passages are in “{alike}”, whose id should still be {text_id}."
