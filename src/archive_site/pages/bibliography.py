"""The page of the bibliography: every work, formatted, and where it is cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.exports.formats import size
from archive_site.exports.references import in_order, links_of
from archive_site.files.layout import BIBLIOGRAPHIES
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import counted
from archive_site.views.entries import EntryLink, entry_link


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A place that cites a work: its label, such as “§ 12”, and its address."""

    where: str
    href: str


@dataclass(frozen=True, slots=True)
class CitingText:
    """A text that cites a work: its title, its address, and the places."""

    title: Markup
    href: str
    places: tuple[PlaceLink, ...]


@dataclass(frozen=True, slots=True)
class WorkLinkView:
    """An identifier or the address of a work: its name, what it is, and its address (empty:
    none)."""

    name: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work of the bibliography: its key, which is its fragment; its short form; its reference;
    its identifiers; the texts that cite it, and the entries that are from it."""

    key: str
    short: Markup
    reference: Markup
    links: tuple[WorkLinkView, ...]
    texts: tuple[CitingText, ...]
    entries: tuple[EntryLink, ...]


@dataclass(frozen=True, slots=True)
class BibliographyFile:
    """A file of the bibliography, without what is private: its name, its address, its size in
    words."""

    name: str
    href: str
    size: str


@dataclass(frozen=True, slots=True)
class BibliographyPage(Context):
    """The variables of the page of the bibliography. `total` is the number of works in words."""

    title: str
    total: str
    tabs: tuple[Tab, ...]
    works: tuple[WorkView, ...]
    files: tuple[BibliographyFile, ...]


def bibliography_page(model: SiteModel, works: Mapping[str, FormattedReference]) -> Page:
    """The page of the bibliography, with all `works`, by key."""
    page = urls.BIBLIOGRAPHY
    sourced: dict[str, list[str]] = {}
    for entry in model.entries.values():
        for cited in entry.sources:
            sourced.setdefault(cited.key, []).append(entry.key)
    shown = BibliographyPage(
        title=interface.BIBLIOGRAPHY,
        total=counted(len(works), *interface.REFERENCES),
        tabs=index_tabs(model.frame, page, "bibliography"),
        works=tuple(
            WorkView(
                key=work.key,
                short=as_html(work.label),
                reference=Markup(work.html),
                links=tuple(
                    WorkLinkView(*link) for link in links_of(work.item) if link[1] not in work.words
                ),
                texts=tuple(
                    _citing(text, work.key, page) for text in model.citing_texts.get(work.key, ())
                ),
                entries=tuple(
                    entry_link(model.entries, key, page)
                    for key in dict.fromkeys(sourced.get(work.key, ()))
                ),
            )
            for work in in_order(works)
        ),
        files=tuple(
            BibliographyFile(
                name,
                urls.relative(page, f"{urls.DATA}/{name}"),
                size(model.files[name].size),
            )
            for name in BIBLIOGRAPHIES
            if name in model.files
        ),
    )
    return page_of(model.frame, page, "bibliography.html", shown)


def _citing(text: TextOfSite, key: str, page: str) -> CitingText:
    """The places where a text cites the work `key`."""
    path = urls.text_page(text.id)
    places = dict.fromkeys((c.where, c.anchor) for c in text.facts.cited if c.key == key)
    return CitingText(
        as_html(text.summary.short_title),
        urls.relative(page, path),
        tuple(PlaceLink(where, urls.relative(page, path, anchor)) for where, anchor in places),
    )
