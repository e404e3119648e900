"""The pages of a text: the reading page, the apparatus, the witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.records import Edition
from archive_site.corpus.summary import Summary
from archive_site.exports.publication import Publication
from archive_site.exports.references import short_forms
from archive_site.model.site_model import Frame
from archive_site.names.mentions import Passage
from archive_site.pages.metadata import Citing, citing
from archive_site.pages.page import Page, Version, page_of
from archive_site.pages.related import (
    NamedInChapter,
    ReadNext,
    Referring,
    ReferringView,
    SharedPassage,
    chapter_names,
    read_next,
    referring_views,
)
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import counted
from archive_site.views.apparatus import Apparatus, WitnessLine, apparatus_of, witness_lines
from archive_site.views.blocks import Group, Reading, reading
from archive_site.views.listing import ListLink
from archive_site.views.texts import TextView, text_view

MOST_EDITIONS = 5
"""How many other editions of the same work a text names."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The text before or after another: its title and the path of its page."""

    short_title: str
    path: str


@dataclass(frozen=True, slots=True)
class TextShown:
    """The input of the pages of a text, except the entries: the section `Facts.stored_text` of its
    analysis; its summary; the cards of everything that it names; the works of the bibliography that
    it cites, by key; passages to read next, and passages that refer to it; the texts before and
    after it; its places in collections; the other editions of its work; the sizes of its files, in
    bytes."""

    frame: Frame
    stored_text: bytes
    summary: Summary
    cards: Mapping[str, tuple[str, ...]]
    works: Mapping[str, FormattedReference]
    shared: tuple[SharedPassage, ...]
    referring: tuple[Referring, ...]
    previous: Neighbour | None
    next: Neighbour | None
    collections: tuple[InCollection, ...]
    editions: tuple[OtherEdition, ...]
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """Another edition of the same work: its title, the path of its page, and what tells it
    apart."""

    title: str
    path: str
    says: str


@dataclass(frozen=True, slots=True)
class InCollection:
    """The place of a text in a collection: the key and the title of each collection that this one
    is within, from the outermost to itself; the place and the number of its texts; the texts before
    and after this one."""

    path: tuple[tuple[str, str], ...]
    place: int
    count: int
    previous: Neighbour | None
    next: Neighbour | None


@dataclass(frozen=True, slots=True)
class NeighbourLink:
    """The text before or after another, as a link."""

    short_title: Markup
    href: str


@dataclass(frozen=True, slots=True)
class CollectionView:
    """The place of a text in a collection, with links to the collections that it is within, from
    the outermost to the collection itself, and to the texts before and after it."""

    above: tuple[ListLink, ...]
    says: str
    previous: NeighbourLink | None
    next: NeighbourLink | None


@dataclass(frozen=True, slots=True)
class EditionLink:
    """Another edition of the same work, as a link."""

    title: Markup
    href: str
    says: Markup


@dataclass(frozen=True, slots=True)
class GroupInText:
    """A group of blocks and, if it is the heading of a chapter, the entries that the chapter
    names."""

    group: Group
    named: tuple[NamedInChapter, ...]


@dataclass(frozen=True, slots=True)
class ReadingPage(Context):
    """The variables of the reading page. `opening` has the entries that the text names before its
    first chapter, under `opening_title`."""

    text: TextView
    reading: Reading
    groups: tuple[GroupInText, ...]
    citing: Citing
    opening_title: str
    opening: tuple[NamedInChapter, ...]
    read_next: tuple[ReadNext, ...]
    referring: tuple[ReferringView, ...]
    previous: NeighbourLink | None
    next: NeighbourLink | None
    collections: tuple[CollectionView, ...]
    editions: tuple[EditionLink, ...]
    more_editions: int
    work: str


@dataclass(frozen=True, slots=True)
class ApparatusPage(Context):
    """The variables of the apparatus page of a text."""

    text: TextView
    apparatus: Apparatus


@dataclass(frozen=True, slots=True)
class WitnessPage(Context):
    """The variables of the page of a witness: its file, its number of lines in words, its lines."""

    text: TextView
    name: str
    witness_href: str
    extent: str
    lines: tuple[WitnessLine, ...]


def text_pages(
    shown: TextShown,
    edition: Edition,
    passages: tuple[Passage, ...],
    publication: Publication,
    sizes: Mapping[str, int],
) -> Iterator[Page]:
    """The reading page of a text, its apparatus, and its witness if it has one."""
    frame, path = shown.frame, urls.text_page(edition.id)
    page = _reading_page(shown, edition, passages, publication, sizes)
    yield page_of(frame, path, "text.html", page, _version(edition, publication.summary, path))
    path = urls.apparatus_page(edition.id)
    text = text_view(publication.summary, path)
    established = ApparatusPage(text, apparatus_of(edition, path))
    yield page_of(frame, path, "establishment.html", established)
    if edition.witness:
        path = urls.source_page(edition.id)
        witness = WitnessPage(
            text=text_view(publication.summary, path),
            name=edition.witness.name,
            witness_href=urls.relative(path, urls.witness_file(edition.witness.name)),
            extent=counted(len(edition.witness.lines), *interface.LINES),
            lines=tuple(witness_lines(edition, path)),
        )
        yield page_of(frame, path, "source.html", witness)


def _reading_page(
    shown: TextShown,
    edition: Edition,
    passages: tuple[Passage, ...],
    publication: Publication,
    sizes: Mapping[str, int],
) -> ReadingPage:
    path, entries = urls.text_page(edition.id), publication.entries
    chapters = chapter_names(edition, passages, entries, path)
    alone = len(chapters) == 1
    opening = chapters.pop("", ())
    short = short_forms(publication.works)
    shown_text = reading(entries, edition, path, passages=passages, short_forms=short)
    return ReadingPage(
        text=text_view(publication.summary, path),
        reading=shown_text,
        groups=tuple(
            GroupInText(group, chapters.get(group.block.id, ()) if group.block else ())
            for group in shown_text.groups
        ),
        citing=citing(publication, sizes, path),
        opening_title=interface.NAMED_IN_TEXT if alone else interface.NAMED_IN_OPENING,
        opening=opening,
        read_next=tuple(read_next(shared, entries, path) for shared in shown.shared),
        referring=referring_views(edition.id, shown.referring, passages, path),
        previous=_neighbour(shown.previous, path),
        next=_neighbour(shown.next, path),
        collections=tuple(_in_collection(place, path) for place in shown.collections),
        editions=tuple(
            EditionLink(as_html(e.title), urls.relative(path, e.path), as_html(e.says))
            for e in shown.editions[:MOST_EDITIONS]
        ),
        more_editions=max(len(shown.editions) - MOST_EDITIONS, 0),
        work=urls.relative(path, urls.entry_page(entries[edition.document.meta.work]))
        if edition.document.meta.work
        else "",
    )


def _in_collection(place: InCollection, page: str) -> CollectionView:
    return CollectionView(
        above=tuple(
            ListLink(as_html(title), urls.relative(page, urls.collection_page(key)))
            for key, title in place.path
        ),
        says=interface.IN_COLLECTION.format(place=place.place, count=place.count),
        previous=_neighbour(place.previous, page),
        next=_neighbour(place.next, page),
    )


def _version(edition: Edition, summary: Summary, page: str) -> Version:
    """The version of the edition that the page shows."""
    href = urls.relative(page, urls.edition_file(edition.id))
    return Version(interface.TEXT, as_html(summary.revised), edition.version, href)


def _neighbour(text: Neighbour | None, page: str) -> NeighbourLink | None:
    """The link to the text before or after another, for the page at `page`."""
    if text is None:
        return None
    return NeighbourLink(as_html(text.short_title), urls.relative(page, text.path))
