"""The metadata of a book, and the pages about its edition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import apparatus, urls
from archive_site.corpus.apparatus import reason_of
from archive_site.corpus.contributors import sure
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.exports.publication import FIRST_MOMENT, Publication
from archive_site.templating.jinja import Context
from archive_site.text.dates import is_plain
from archive_site.text.document import CREATING, RELATORS, Document, Meta
from archive_site.text.html import as_html
from archive_site.text.typography import NBSP, counted, typeset
from archive_site.views.apparatus import (
    Apparatus,
    EmendationView,
    OpenDoubt,
    RevisionView,
    WitnessView,
    apparatus_of,
)
from archive_site.views.texts import TextView, text_view

SUBJECTS = 8
"""The most entries that are subjects of a book: those that it names most often."""
FEATURES = (
    "ARIA",
    "alternativeText",
    "displayTransformability",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
    "unlocked",
)
PAGE_FEATURES = ("pageBreakMarkers", "pageNavigation")
ARTICLE = re.compile(r"(Les?|La|Une?|Des) |L’")


def byline(publication: Publication) -> str:
    """The creators on the title page; a probable attribution is marked as such."""
    creator = publication.summary.creator
    probable = any(who.certainty == "probable" for who in publication.meta.creators)
    return creator.in_full if probable else creator.name


# ---------------------------------------------------------------- metadata


@dataclass(frozen=True, slots=True)
class BookCreator:
    """A creator or a contributor for catalogues: the name, the sort form, the MARC relator of the
    role."""

    name: str
    sort: str
    role: str


@dataclass(frozen=True, slots=True)
class BookMetadata:
    """The metadata of a book for catalogues. Unknown fields are empty. `pagination` names the
    originals whose page breaks are marked, `modes` the senses that the book addresses."""

    identifier: str
    title: str
    sort: str
    description: str
    rights: tuple[str, ...]
    created: str
    version: str
    collections: tuple[str, ...]
    creators: tuple[BookCreator, ...]
    contributors: tuple[BookCreator, ...]
    languages: tuple[str, ...]
    published: str
    modified: str
    publisher: str
    subjects: tuple[str, ...]
    coverage: tuple[str, ...]
    sources: tuple[str, ...]
    pagination: tuple[str, ...]
    features: tuple[str, ...]
    modes: tuple[str, ...]
    accessibility: str


@dataclass(frozen=True, slots=True)
class _Described:
    """The part of the metadata that differs between one text and the archive."""

    identifier: str
    title: str
    sort: str
    description: str
    rights: tuple[str, ...]
    created: str = ""
    version: str = ""
    collections: tuple[str, ...] = ()


def metadata(site: Site, publications: Sequence[Publication], paged: bool) -> BookMetadata:
    """The metadata of a book with one text or all texts. `paged`: page breaks of an original are
    marked."""
    alone = len(publications) == 1
    described = _text(publications[0]) if alone else _archive(site, publications)
    moment = max(publication.moment for publication in publications)
    pictured = any(publication.pictures for publication in publications)
    covers = (publication.summary.covers for publication in publications)
    sources = (source for publication in publications for source in _sources(publication))
    return BookMetadata(
        identifier=described.identifier,
        title=described.title,
        sort=described.sort,
        description=described.description,
        rights=described.rights,
        created=described.created,
        version=described.version,
        collections=described.collections,
        creators=_people(publications, CREATING),
        contributors=_people(publications, [role for role in RELATORS if role not in CREATING]),
        languages=tuple(dict.fromkeys(p.meta.language for p in publications)),
        published=f"{moment:%Y-%m-%d}" if moment > FIRST_MOMENT else "",
        modified=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        publisher=typeset(publications[0].site.title),
        subjects=_subjects(publications),
        coverage=tuple(dict.fromkeys(filter(None, covers))),
        sources=tuple(dict.fromkeys(sources)),
        pagination=tuple(dict.fromkeys(map(_paginated, publications))) if paged else (),
        features=tuple(sorted(FEATURES + (PAGE_FEATURES if paged else ()))),
        modes=("textual", "visual") if pictured else ("textual",),
        accessibility=interface.ACCESSIBLE[pictured]
        + interface.ALL_ACCESSIBLE
        + (interface.PAGES_ACCESSIBLE if paged else ""),
    )


def _text(publication: Publication) -> _Described:
    summary, meta, archive = publication.summary, publication.meta, publication.site.title
    certainties = " ; ".join(claim.certainty for claim in summary.certainties)
    sentence = f"{certainties[:1].upper()}{certainties[1:]}." if certainties else ""
    return _Described(
        identifier=publication.address or _urn(f"{archive} {meta.id}"),
        title=summary.title,
        sort=sorted_title(typeset(meta.title.value)),
        description=" ".join(filter(None, (summary.abstract, sentence))),
        rights=(_rights(summary),) if summary.rights else (),
        created=meta.date.value if is_plain(meta.date.value) else "",
        version=summary.version,
        collections=(typeset(archive), *(path[-1][1] for path in summary.collections)),
    )


def _archive(site: Site, publications: Sequence[Publication]) -> _Described:
    title = typeset(site.title)
    purpose = " ".join(typeset(sentence) for sentence in site.purpose)
    summaries = [publication.summary for publication in publications]
    return _Described(
        identifier=site.base_url or _urn(site.title),
        title=title,
        sort=sorted_title(title),
        description=purpose or typeset(site.subtitle),
        rights=tuple(f"{text.short_title} – {_rights(text)}" for text in summaries if text.rights),
    )


def _urn(name: str) -> str:
    """An identifier for a book without an address, always the same for one `name`."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def sorted_title(title: str) -> str:
    """The sort form of a title, with its article at the end: “Leçons d’Octobre (Les)”."""
    article = ARTICLE.match(title)
    rest = title[article.end() :] if article else ""
    if article is None or not rest:
        return title
    return f"{rest[0].upper()}{rest[1:]} ({article[0].strip()})"


def _people(publications: Sequence[Publication], roles: Collection[str]) -> tuple[BookCreator, ...]:
    """Those who have one of the `roles`, for catalogues, without those that are only proposed."""
    people = (
        BookCreator(typeset(who.name), who.sort, who.relator)
        for publication in publications
        for who in sure(publication.meta, publication.entries, roles)
    )
    return tuple(dict.fromkeys(people))


def _subjects(publications: Sequence[Publication]) -> tuple[str, ...]:
    """The kinds of the texts, and the entries that they name most often."""
    entries = publications[0].entries
    named = Counter(
        mention.key
        for publication in publications
        for passage in publication.passages
        for mention in passage.mentions
        if mention.key in entries
    )
    most = sorted(named, key=lambda key: (-named[key], key))[:SUBJECTS]
    kinds = dict.fromkeys(publication.summary.kind for publication in publications)
    return (*kinds, *(typeset(entries[key].name) for key in most))


def _sources(publication: Publication) -> Iterator[str]:
    if publication.summary.source:
        yield publication.summary.source
    if witness := publication.edition.witness:
        yield f"{witness.name} (SHA-256{NBSP}: {witness.sha256})"


def _paginated(publication: Publication) -> str:
    """The original whose page breaks are marked."""
    witness, summary = publication.edition.witness, publication.summary
    original = interface.ORIGINAL_OF.format(name=witness.name) if witness else summary.title
    return summary.source or original


def _rights(summary: Summary) -> str:
    return " ; ".join(f"{layer}{NBSP}: {words}" for layer, words in summary.rights)


# ---------------------------------------------------------------- about the edition


@dataclass(frozen=True, slots=True)
class AboutLeaf(Context):
    """The page about the edition of a text. `emendations` is the file that lists the emendations
    (empty: there are none), and `emended` their number in words. `closed` is the number of hyphens
    removed, in words (empty: none). `pages`: page breaks of the original are marked."""

    text: TextView
    witness: WitnessView | None
    extraction: Markup
    order: tuple[Markup, ...]
    remarks: tuple[Markup, ...]
    revisions: tuple[RevisionView, ...]
    extent: str
    state: Markup
    lost_and_added: str
    closed: str
    emended: str
    emendations: str
    omitted: Markup
    notes: str
    pages: bool
    doubts: tuple[OpenDoubt, ...]
    references: tuple[Markup, ...]
    address: str


@dataclass(frozen=True, slots=True)
class EmendationItem:
    """An emendation in the list, and its address in the text."""

    emendation: EmendationView
    back: str


def about(
    publication: Publication, href: Callable[[str], str], emendations: str, paged: bool
) -> AboutLeaf:
    """The page about the edition of a text. `href` returns the address of a block or a note;
    `emendations` is the address of the list of emendations (empty: none). `paged`: page breaks of
    the original are marked."""
    document, summary = publication.document, publication.summary
    shown = _apparatus(publication.edition)
    anchors = [open_.place.anchor for open_ in apparatus.left_open(document)]
    closed = apparatus.words(publication.edition).closed
    return AboutLeaf(
        text=text_view(summary, urls.text_page(summary.id)),
        witness=shown.witness,
        extraction=shown.extraction,
        order=shown.order,
        remarks=shown.remarks,
        revisions=shown.revisions,
        extent=_extent(summary),
        state=as_html(_state(summary)),
        lost_and_added=shown.verdict.lost_and_added,
        closed=counted(closed, *interface.HYPHENS_CLOSED) if closed else "",
        emended=counted(len(shown.emendations), *interface.EMENDATIONS),
        emendations=emendations,
        omitted=as_html(omitted(publication.meta)),
        notes=_whose_notes(document),
        pages=paged,
        doubts=tuple(
            OpenDoubt(doubt.words, doubt.why, href(anchor))
            for doubt, anchor in zip(shown.doubts, anchors, strict=True)
        ),
        references=_references(publication),
        address=publication.address,
    )


def emendation_list(
    publication: Publication, file: Callable[[str], str]
) -> tuple[EmendationItem, ...]:
    """The emendations for the list. `file` returns the file of a block or a note."""
    shown = _apparatus(publication.edition).emendations
    anchors = [emended.place.anchor for emended in apparatus.emendations(publication.edition)]
    return tuple(
        EmendationItem(emendation, f"{file(anchor)}#{emendation.id}")
        for emendation, anchor in zip(shown, anchors, strict=True)
    )


def _apparatus(edition: Edition) -> Apparatus:
    """The apparatus as on the page of the site. Its links are not valid in a book."""
    return apparatus_of(edition, urls.apparatus_page(edition.id))


def _extent(summary: Summary) -> str:
    notes = counted(summary.note_count, *interface.NOTES_INCLUDED)
    return f"{summary.words}, {notes}" if summary.note_count else summary.words


def _state(summary: Summary) -> str:
    revised = interface.REVISED.format(date=summary.revised) if summary.revised else ""
    version = interface.VERSION.format(version=summary.version) if summary.version else ""
    return ", ".join(filter(None, (revised, version)))


def omitted(meta: Meta) -> str:
    """The reasons of the omissions, each with the number of omissions if several, and whether they
    are still to be confirmed; typeset."""
    whys = Counter(map(reason_of, meta.omissions))
    reasons = (f"{why} ({number})" if number > 1 else why for why, number in whys.items())
    return typeset(" ; ".join(reasons))


def _whose_notes(document: Document) -> str:
    kinds = Counter(note.kind for note in document.notes)
    whose = [
        f"{interface.NOTE_KINDS[kind]} ({number})" if len(kinds) > 1 else interface.NOTE_KINDS[kind]
        for kind, number in sorted(kinds.items())
    ]
    return interface.NOTES_ARE.format(whose=", ".join(whose)) if whose else ""


def _references(publication: Publication) -> tuple[Markup, ...]:
    """The reference to the text in the first style."""
    if publication.references:
        first = publication.references[0]
        return (first.before + first.after,)
    return (as_html(publication.reference),) if publication.reference else ()
