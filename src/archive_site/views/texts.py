"""The metadata of a text for lists, bylines and metadata tables, as HTML."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.summary import ClaimInWords, PeopleInWords, Summary
from archive_site.edition.identifiers import SCHEMES, address_of
from archive_site.text.html import as_html, linked
from archive_site.text.typography import counted


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim: its value, its certainty in words (empty: the witness states it), and its ground."""

    value: Markup
    certainty: str
    ground: Markup


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Those who have one role in a text (or all its creators). `named`: whether `name` has the name
    of someone. The metadata table shows `role` and `in_full`."""

    name: str
    named: bool
    role: str
    in_full: Markup
    ground: Markup


@dataclass(frozen=True, slots=True)
class TextView:
    """A text, with addresses relative to one page.

    `plain_title` is the short title without markup. `description` is for search engines. `year` has
    the words before the year, the year, and the words after it. `extent` is the length of the text
    in words; `extent_and_notes` also has the number of its notes."""

    id: str
    href: str
    apparatus_href: str
    kind: str
    draft: bool
    language: str
    title: Markup
    title_ground: Markup
    short_title: Markup
    plain_title: str
    creator: PeopleView
    people: tuple[PeopleView, ...]
    credit: str
    date: ClaimView
    place: ClaimView
    event: ClaimView
    certainties: tuple[ClaimView, ...]
    year: tuple[str, str, str]
    covers: Markup
    description: str
    abstract: Markup
    first_sentence: Markup
    extent: str
    extent_and_notes: str
    source: Markup
    original: Markup
    rights: tuple[tuple[str, Markup], ...]
    identifiers: tuple[tuple[str, Markup], ...]
    revised: Markup


def text_view(summary: Summary, page: str) -> TextView:
    """A text, with addresses relative to the page at `page`."""
    reading_time = interface.READING_TIME.format(duration=summary.duration)
    extent = f"{summary.words} · {reading_time}"
    notes = f" · {counted(summary.note_count, *interface.NOTES)}" if summary.note_count else ""
    return TextView(
        id=summary.id,
        href=urls.relative(page, urls.text_page(summary.id)),
        apparatus_href=urls.relative(page, urls.apparatus_page(summary.id)),
        kind=summary.kind,
        draft=summary.draft,
        language=summary.language,
        title=as_html(summary.title),
        title_ground=as_html(summary.title_claim.ground),
        short_title=as_html(summary.short_title),
        plain_title=summary.short_title,
        creator=_people(summary.creator),
        people=tuple(map(_people, summary.people)),
        credit=summary.credit,
        date=_claim(summary.date),
        place=_claim(summary.place),
        event=_claim(summary.event),
        certainties=tuple(map(_claim, summary.certainties)),
        year=summary.year,
        covers=as_html(summary.covers),
        description=summary.abstract or summary.first_sentence,
        abstract=as_html(summary.abstract),
        first_sentence=as_html(summary.first_sentence),
        extent=extent,
        extent_and_notes=extent + notes,
        source=linked(summary.source),
        original=as_html(summary.original),
        rights=tuple((layer, linked(words)) for layer, words in summary.rights),
        identifiers=tuple(map(_identifier, summary.identifiers)),
        revised=as_html(summary.revised),
    )


def _claim(claim: ClaimInWords | PeopleInWords) -> ClaimView:
    value = claim.value if isinstance(claim, ClaimInWords) else claim.name
    return ClaimView(as_html(value), claim.certainty, as_html(claim.ground))


def _people(people: PeopleInWords) -> PeopleView:
    return PeopleView(
        name=people.name,
        named=people.named,
        role=people.role[0].upper() + people.role[1:],
        in_full=as_html(people.in_full),
        ground=as_html(people.ground),
    )


def _identifier(identifier: tuple[str, str]) -> tuple[str, Markup]:
    """The kind of an identifier, and the identifier as a link, if it has an address."""
    scheme, value = identifier
    link = Markup('<a class="url" href="{}">{}</a>').format(address_of(scheme, value), value)
    return interface.IDENTIFIERS[scheme], link if SCHEMES[scheme].address else as_html(value)
