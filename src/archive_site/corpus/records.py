"""The records of a corpus: the archive, its editions, and what all texts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive_site.corpus.bibliography import Reference
from archive_site.corpus.pictures import Credit, PictureInfo
from archive_site.edition.authority import (
    Entry,
    Unclaimed,
)
from archive_site.edition.collections import Collection
from archive_site.findings import Exemption
from archive_site.interface import TEXT_KINDS
from archive_site.text.dates import FIRST, LAST, span
from archive_site.text.document import Document, Meta
from archive_site.witness.collate import Collation
from archive_site.witness.witness import Witness

VERSION_LENGTH = 7
CONCORDANCE_LIMIT = 5.0
"""The default of `concordance_limit` in `site.yaml`: millions of letters that a browser reads at
once for the concordance. This is about 2 MB to send and a second to read."""


@dataclass(frozen=True, slots=True)
class Site:
    """`site.yaml`: the title and subtitle of the archive, the years it is about (EDTF), its purpose
    in sentences, its address, where to report an error, and how many millions of letters the
    concordance reads at once. In a larger archive, the concordance requires the choice of a
    text. `kinds` has the archive's own kinds of texts, with their French names."""

    title: str
    subtitle: str = ""
    covers: str = ""
    purpose: tuple[str, ...] = ()
    base_url: str = ""
    contact: str = ""
    concordance_limit: float = CONCORDANCE_LIMIT
    kinds: tuple[tuple[str, str], ...] = ()

    @property
    def kinds_of_text(self) -> Mapping[str, str]:
        """The French name of each kind of text."""
        return {**TEXT_KINDS, **dict(self.kinds)}


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the corpus: its document, its path, its witness and their collation (None if it
    has no witness), the SHA-256 of its file, and its pictures by path."""

    document: Document
    path: str
    witness: Witness | None
    collation: Collation | None
    checksum: str = ""
    pictures: Mapping[str, PictureInfo] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """A short identifier of the contents of its file."""
        return version_of(self.checksum)

    @property
    def id(self) -> str:
        """The text's id."""
        return self.document.meta.id


@dataclass(frozen=True, slots=True)
class Common:
    """What all texts share: the contents of `site.yaml`, the entries of the authority files by key,
    the capitalised words that no entry claims, the exemptions, the checksums of witnesses by name,
    what `images.yaml` says of each picture, the collections, the works of the bibliography by key,
    and the files of entries, collections and works that cannot be read."""

    site: Site
    entries: Mapping[str, Entry]
    unclaimed: tuple[Unclaimed, ...]
    exemptions: tuple[Exemption, ...]
    sums: Mapping[str, str]
    credits: Mapping[str, Credit]
    collections: Mapping[str, Collection] = field(default_factory=dict)
    bibliography: Mapping[str, Reference] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def rank_of(meta: Meta) -> tuple[str, str, str]:
    """A chronological sort key for texts: the first and last day of their date, then the id. A date
    without a beginning counts from its end; texts without a date are the last."""
    first, last = span(meta.date.value)
    if not meta.date.value:
        return LAST, LAST, meta.id
    return (last if first == FIRST else first, last, meta.id)


def sums_of(sums: Mapping[str, str]) -> bytes:
    """Checksums by file name, as `sha256sum` writes and checks them."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items())).encode()


def version_of(checksum: str) -> str:
    """A short identifier of the contents of a file, or of a corpus: the first characters of its
    SHA-256."""
    return checksum[:VERSION_LENGTH]
