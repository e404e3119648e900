"""`Publication`: a text with everything that its exports are made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import unescape
from types import MappingProxyType

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus.apparatus import Place, places
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import Entry, with_related
from archive_site.names.mentions import Passage
from archive_site.text.document import Document, Meta, Name
from archive_site.text.reading import walk
from archive_site.text.typography import NBSP

FIRST_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""The earliest time that a zip file can store, and the time of a text without a revision."""
NO_WORKS: Mapping[str, FormattedReference] = MappingProxyType({})
LAST_MOMENT = datetime(2107, 12, 31, tzinfo=UTC)
"""The latest day that a zip file can store."""


@dataclass(frozen=True, slots=True)
class StyledReference:
    """A reference in a style, in two parts: before and after the place for a paragraph number.
    `name` is the name of the style. `online` is the reference with an empty element for the address
    at which a page is read, if the archive has no base URL."""

    name: str
    before: Markup
    after: Markup
    online: StyledReference | None = None

    @property
    def plain(self) -> str:
        """The reference without markup, the text as a whole."""
        return unescape(re.sub("<[^>]*>", "", str(self.before + self.after)))


@dataclass(frozen=True, slots=True)
class Publication:
    """A text to export. `reference` is the plain reference to it in the first style, and
    `references` has that of every style. `address` is the address of its page (empty: the archive
    has no base URL), `moment` the time of its current state, in UTC, and `passages` its blocks with
    their mentions. `pictures` has the copies for books of its pictures, by path, and `works` the
    works of the bibliography that it cites, by key."""

    site: Site
    edition: Edition
    entries: Mapping[str, Entry]
    passages: tuple[Passage, ...]
    summary: Summary
    reference: str
    address: str
    moment: datetime
    references: tuple[StyledReference, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    works: Mapping[str, FormattedReference] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The document of the edition."""
        return self.edition.document

    @property
    def meta(self) -> Meta:
        """The front matter of the edition."""
        return self.edition.document.meta


def entries_of(publication: Publication) -> dict[str, Entry]:
    """The entries that the exports of a text may describe, sorted by key: those that the text
    mentions, marks, or names as speakers; its contributors; and their places and creators."""
    keys = {who.key for who in publication.meta.contributors}
    keys |= {mention.key for passage in publication.passages for mention in passage.mentions}
    for place in places(publication.document):
        keys |= {*place.block.speakers}
        keys |= {i.key for i in walk(place.block.content) if isinstance(i, Name)}
    return with_related(publication.entries, keys)


def place_name(place: Place, numbers: Mapping[str, int]) -> str:
    """The name of a place: “note 3”, “§ 12” (the paragraph's number in `numbers`), or the kind of
    block."""
    if place.note:
        return interface.IN_NOTE.format(label=place.note)
    number = numbers.get(place.block.id, 0)
    return f"§{NBSP}{number}" if number else interface.UNNUMBERED.get(place.block.kind, "")


def moment_of(meta: Meta, epoch: int | None = None) -> datetime:
    """The time of the current state of a text, in UTC: `epoch` (seconds since 1970, the format of
    SOURCE_DATE_EPOCH), else the day of its last revision; limited to what a zip file can store."""
    if epoch is not None:
        moment = datetime.fromtimestamp(min(epoch, int(LAST_MOMENT.timestamp())), UTC)
    else:
        day = max((revision.date for revision in meta.revisions), default="1980-01-01")
        moment = datetime.combine(date.fromisoformat(day), FIRST_MOMENT.timetz())
    return min(LAST_MOMENT, max(FIRST_MOMENT, moment))
