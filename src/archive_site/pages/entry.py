"""The page of an entry: the sentences that name it, the forms used, and what is named beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.summary import certainty_of
from archive_site.edition.authority import Entry
from archive_site.edition.identifiers import address_of
from archive_site.edition.ids import slug
from archive_site.exports.references import short_forms
from archive_site.files.tabular import Json
from archive_site.model.analysis import Authorities, Beside, EntryInText, Excerpt
from archive_site.model.site_model import Frame, TextOnEntry, Total
from archive_site.pages.metadata import entry_data
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.templating.jinja import Context
from archive_site.text.document import Cited
from archive_site.text.html import as_html
from archive_site.text.typesetter import in_words
from archive_site.text.typography import NBSP, agreed, counted, typeset
from archive_site.views.entries import (
    EntryLink,
    SentencesOfText,
    beside,
    entry_link,
    sentences_by_text,
    times_named,
    when,
)

BESIDE_SHOWN = 16
"""The maximum number of people, and of other entries, that an entry page shows beside the entry."""
PASSAGES_SHOWN = 12
"""The maximum number of links to passages that name both entries."""


@dataclass(frozen=True, slots=True)
class EntryShown:
    """Everything that the page of an entry needs except the other entries: how each text names it;
    the notes that explain it; the title of its text if it is a work in this archive (empty: it is
    not); its dates; the works of the bibliography that it is from, by key."""

    frame: Frame
    entry: Entry
    total: Total
    texts: tuple[TextOnEntry, ...]
    notes: tuple[tuple[TextOnEntry, Excerpt], ...]
    texts_of_work: tuple[tuple[str, str], ...]
    when: str
    works: Mapping[str, FormattedReference]


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail of an entry, with a link: its creator, its place, its text."""

    name: str
    value: Markup
    href: str


@dataclass(frozen=True, slots=True)
class WorkLink:
    """A work of a person: its name, its address, its date."""

    name: Markup
    href: str
    when: Markup


@dataclass(frozen=True, slots=True)
class Identifier:
    """A link to the entry in an external authority file, or on another site."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A work that the entry is from: its short form with the place in it, its address in the
    bibliography, and the reference."""

    short: Markup
    href: str
    reference: Markup


@dataclass(frozen=True, slots=True)
class PassageLink:
    """A link to a passage: its label, such as “§ 12”, and its address."""

    where: str
    href: str


@dataclass(frozen=True, slots=True)
class PassagesOfText:
    """Consecutive passages from one text."""

    text: Markup
    passages: tuple[PassageLink, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """An entry that is named beside another, with the passages that name both. `more` is the number
    of passages not shown, in words (empty: none)."""

    key: str
    name: Markup
    href: str
    count: int
    places: tuple[PassagesOfText, ...]
    more: str


@dataclass(frozen=True, slots=True)
class OthersBeside:
    """The people, or the other entries, that are named beside an entry."""

    title: str
    entries: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """A quotation or a note: its paragraphs, the title of its text, its label, such as “§ 12”, its
    address."""

    paragraphs: tuple[Markup, ...]
    text: Markup
    where: str
    href: str


@dataclass(frozen=True, slots=True)
class EntryPage(Context):
    """The variables of the page of an entry. `plain_name` and `plain_when` are its name and dates
    without markup. `certainty` is that of the identification or of the date, in words, and `ground`
    its ground (empty: it is certain). `meta_description` is the description for search engines.
    `mentions_title` is the heading of the sentences."""

    tabs: tuple[Tab, ...]
    kind: str
    name: Markup
    plain_name: str
    when: Markup
    plain_when: str
    description: Markup
    certainty: str
    ground: Markup
    meta_description: str
    details: tuple[Detail, ...]
    forms_title: str
    forms: tuple[Markup, ...]
    works_title: str
    works: tuple[WorkLink, ...]
    see: tuple[EntryLink, ...]
    identifiers_title: str
    identifiers: tuple[Identifier, ...]
    sources_title: str
    sources: tuple[SourceView, ...]
    explanations: tuple[ExcerptView, ...]
    mentions_title: str
    texts: tuple[SentencesOfText, ...]
    quotations: tuple[ExcerptView, ...]
    speeches: tuple[ExcerptView, ...]
    beside: tuple[OthersBeside, ...]
    data: Mapping[str, Json]


def entry_page(shown: EntryShown, authorities: Authorities) -> Page:
    """The page of an entry. `authorities` has all entries."""
    path = urls.entry_page(shown.entry)
    return page_of(shown.frame, path, "entry.html", _context(shown, authorities, path))


def _context(shown: EntryShown, authorities: Authorities, page: str) -> EntryPage:
    entry, entries = shown.entry, authorities.entries
    naming = [(text, text.in_text) for text in shown.texts]
    times = times_named(shown.total)
    forms = _forms(found for _, found in naming)
    works = _works(authorities, entry, page)
    identifiers = _identifiers(entry)
    texts = sentences_by_text(shown.texts, page)
    return EntryPage(
        tabs=index_tabs(shown.frame, page, entry.kind),
        kind=interface.ENTRY_KINDS[entry.kind][0],
        name=as_html(typeset(entry.name)),
        plain_name=typeset(entry.name),
        when=as_html(shown.when),
        plain_when=shown.when,
        description=as_html(typeset(entry.description)),
        certainty=_certainty(entry),
        ground=as_html(typeset(entry.judged[1])),
        meta_description=typeset(entry.description) or times,
        details=_details(shown, entries, page),
        forms_title=agreed(len(forms), *interface.FORMS),
        forms=forms,
        works_title=agreed(len(works), *interface.WORKS_NAMED),
        works=works,
        see=tuple(entry_link(entries, key, page) for key in entry.see),
        identifiers_title=agreed(len(identifiers), *interface.IDENTIFIERS_TITLE),
        identifiers=identifiers,
        sources_title=agreed(len(entry.sources), *interface.SOURCES),
        sources=tuple(_source(cited, shown.works, page) for cited in entry.sources),
        explanations=tuple(_excerpt(text, note, page) for text, note in shown.notes),
        mentions_title=times.capitalize() if texts else interface.NO_MENTION,
        texts=texts,
        quotations=tuple(
            _excerpt(text, run, page) for text, found in naming for run in found.quotations
        ),
        speeches=tuple(
            _excerpt(text, run, page) for text, found in naming for run in found.speeches
        ),
        beside=_beside(naming, entries, page),
        data=_data(shown, page),
    )


def _details(shown: EntryShown, entries: Mapping[str, Entry], page: str) -> tuple[Detail, ...]:
    """The creator, the place and the text of an entry, if it has them."""
    entry, details = shown.entry, []
    named = [(interface.CREATOR_OF_WORK, key) for key in entry.creators if key]
    named += [(interface.PLACE, entry.place)] if entry.place else []
    for name, key in named:
        link = entry_link(entries, key, page)
        details.append(Detail(name, link.name, link.href))
    if entry.coordinates:
        latitude, longitude = entry.coordinates
        words = coordinates_in_french(latitude, longitude)
        details.append(Detail(interface.COORDINATES, Markup(words), f"geo:{latitude},{longitude}"))
    for text_id, title in shown.texts_of_work:
        href = urls.relative(page, urls.text_page(text_id))
        details.append(Detail(interface.IN_ARCHIVE, as_html(title), href))
    return tuple(details)


def _certainty(entry: Entry) -> str:
    """The certainty of the identification, or of the date of an event: “identification probable”.
    Empty if it is certain."""
    certainty, _ = entry.judged
    about = "date" if entry.kind == "event" else "identification"
    return "" if certainty == "certain" else certainty_of(about, certainty)


def _source(cited: Cited, works: Mapping[str, FormattedReference], page: str) -> SourceView:
    found = in_words(cited, short_forms(works))
    reference = Markup(works[cited.key].html) if cited.key in works else Markup("")
    return SourceView(as_html(found.words), urls.WorkAddresses(page)(cited.key), reference)


def coordinates_in_french(latitude: float, longitude: float) -> str:
    """Coordinates in words: “48,8566° N, 2,3522° E”."""
    signs = ("N" if latitude >= 0 else "S", "E" if longitude >= 0 else "O")
    degrees = (f"{abs(n):.6f}".rstrip("0").rstrip(".") for n in (latitude, longitude))
    written = (n.replace(".", ",") for n in degrees)
    return ", ".join(f"{n}°{NBSP}{sign}" for n, sign in zip(written, signs, strict=True))


def _forms(texts: Iterable[EntryInText]) -> tuple[Markup, ...]:
    """The forms of an entry that texts use, the most frequent first."""
    found: Counter[str] = Counter()
    for text in texts:
        for form, count in text.forms:
            found[form] += count
    return tuple(Markup(form) for form in sorted(found, key=lambda form: (-found[form], form)))


def _works(authorities: Authorities, entry: Entry, page: str) -> tuple[WorkLink, ...]:
    """The works of a person, by title."""
    works = [authorities.entries[key] for key in authorities.works_of.get(entry.key, ())]
    name = urls.Names(page, authorities.entries)
    works.sort(key=lambda work: slug(work.sort))
    return tuple(WorkLink(as_html(typeset(w.name)), name(w.key), as_html(when(w))) for w in works)


def _identifiers(entry: Entry) -> tuple[Identifier, ...]:
    return (
        *(
            Identifier(interface.IDENTIFIERS[who], address_of(who, number))
            for who, number in entry.same_as
        ),
        *(Identifier(link.split("/")[2], link) for link in entry.links),
    )


def _beside(
    naming: Iterable[tuple[TextOnEntry, EntryInText]], entries: Mapping[str, Entry], page: str
) -> tuple[OthersBeside, ...]:
    """The people, then the other entries, that are named in the same passages."""
    others = beside(naming)
    people = [key for key in others if entries[key].kind == "person"]
    rest = [key for key in others if entries[key].kind != "person"]
    groups = ((interface.WITH_WHOM, people), (interface.WITH_WHAT, rest))
    return tuple(
        OthersBeside(
            title, tuple(_other(entries, key, others[key], page) for key in keys[:BESIDE_SHOWN])
        )
        for title, keys in groups
        if keys
    )


def _other(
    entries: Mapping[str, Entry], key: str, places: list[tuple[TextOnEntry, Beside]], page: str
) -> Other:
    link = entry_link(entries, key, page)
    more = len(places) - PASSAGES_SHOWN
    by_text = groupby(places[:PASSAGES_SHOWN], lambda place: place[0])
    return Other(
        key=key,
        name=link.name,
        href=link.href,
        count=len(places),
        places=tuple(
            PassagesOfText(
                as_html(text.short_title),
                tuple(
                    PassageLink(
                        passage.where,
                        urls.relative(page, urls.text_page(text.text_id), passage.anchor),
                    )
                    for _, passage in found
                ),
            )
            for text, found in by_text
        ),
        more=counted(more, *interface.OTHERS) if more > 0 else "",
    )


def _excerpt(text: TextOnEntry, run: Excerpt, page: str) -> ExcerptView:
    """A quotation or a note of `text`, with its address relative to `page`."""
    return ExcerptView(
        paragraphs=tuple(Markup(paragraph) for paragraph in run.paragraphs),
        text=as_html(text.short_title),
        where=run.where,
        href=urls.relative(page, urls.text_page(text.text_id), run.anchor),
    )


def _data(shown: EntryShown, page: str) -> Mapping[str, Json]:
    """The entry as data of schema.org, with the texts that name it."""
    base_url = shown.frame.site.base_url
    here = urls.identity(base_url, page, page)
    data = {"@context": "https://schema.org", **entry_data(shown.entry, here, shown.works)}
    texts = [
        {
            "@type": "CreativeWork",
            "@id": urls.identity(base_url, page, urls.text_page(text.text_id)),
            "name": text.title,
        }
        for text in shown.texts
        if text.count
    ]
    works = data.get("subjectOf")
    about = [*texts, *(works if isinstance(works, list) else ())]
    return data | ({"subjectOf": about} if about else {})
