"""A text as every file that takes it along says it: its document, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus.apparatus import Place, places
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import Entry, with_related
from archive_site.names.mentions import Passage
from archive_site.text.document import Document, Meta, Name
from archive_site.text.reading import walk
from archive_site.text.typography import NBSP

FIRST_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""The earliest that a zip file can say: the moment of a text that names no day."""
LAST_MOMENT = datetime(2107, 12, 31, tzinfo=UTC)
"""The latest."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A text cited in a style: up to where a paragraph is named, and from there. `name` is the
    style's; `online` is the same with an empty place for the address that a page is read at, where
    the archive has none."""

    name: str
    before: Markup
    after: Markup
    online: Citation | None = None

    @property
    def plain(self) -> str:
        """The reference without markup, the text as a whole."""
        return unescape(re.sub("<[^>]*>", "", str(self.before + self.after)))


@dataclass(frozen=True, slots=True)
class Publication:
    """A text to take along. `reference` is how it is cited, plain, and `references` the same in
    every style; `address` is its page on the web (empty: none yet), `moment` when this state of it
    was made, in UTC, and `passages` what each of its blocks names."""

    site: Site
    edition: Edition
    entries: Mapping[str, Entry]
    passages: tuple[Passage, ...]
    summary: Summary
    reference: str
    address: str
    moment: datetime
    references: tuple[Citation, ...] = ()

    @property
    def document(self) -> Document:
        """The text itself."""
        return self.edition.document

    @property
    def meta(self) -> Meta:
        """What is known of the text."""
        return self.edition.document.meta


def entries_of(publication: Publication) -> dict[str, Entry]:
    """The entries that a text's files may tell of, sorted by key: those named in the text or
    marked in it, and what such an entry names as its place or its author."""
    keys = {publication.meta.creator.key}
    keys |= {mention.key for passage in publication.passages for mention in passage.mentions}
    for place in places(publication.document):
        keys |= {*place.block.speaker}
        keys |= {i.key for i in walk(place.block.content) if isinstance(i, Name)}
    return with_related(publication.entries, keys)


def place_name(place: Place, numbers: Mapping[str, int]) -> str:
    """A place as a list names it: “note 3”, “§ 12” by the paragraphs' `numbers`, or what it is."""
    if place.note:
        return interface.IN_NOTE.format(label=place.note)
    number = numbers.get(place.block.id, 0)
    return f"§{NBSP}{number}" if number else interface.UNNUMBERED.get(place.block.kind, "")


def moment_of(meta: Meta, epoch: int | None = None) -> datetime:
    """When this state of a text was made, in UTC: `epoch` (seconds since 1970, as
    SOURCE_DATE_EPOCH gives them), else the day of its last revision; within what a zip file can
    say."""
    if epoch is not None:
        moment = datetime.fromtimestamp(min(epoch, int(LAST_MOMENT.timestamp())), UTC)
    else:
        day = max((revision.date for revision in meta.revisions), default="1980-01-01")
        moment = datetime.combine(date.fromisoformat(day), FIRST_MOMENT.timetz())
    return min(LAST_MOMENT, max(FIRST_MOMENT, moment))
