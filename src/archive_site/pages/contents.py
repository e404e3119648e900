"""What each page shows. `FRONT` lists the pages about the whole archive.

Contexts hold finished values: a template places, it does not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive_site.corpus import urls
from archive_site.corpus.read import Edition
from archive_site.edition.front_matter import CERTAINTIES, FIELDS
from archive_site.exports.publication import Publication
from archive_site.files.layout import CHECKSUMS
from archive_site.model.analysis import Authorities
from archive_site.model.site_model import Frame, SiteModel
from archive_site.names.mentions import Passage
from archive_site.pages.chronology import chronology, days_page
from archive_site.pages.downloads import downloads
from archive_site.pages.metadata import PREVIEW_SIZE, cite, collection
from archive_site.pages.network import network
from archive_site.pages.related import Referring, Shared, chapter_names, doors, read_next, referred
from archive_site.pages.search import concordance_page, search_page
from archive_site.pages.style_guide import specimen
from archive_site.pages.timeline import timeline
from archive_site.text.dates import in_french
from archive_site.text.typography import typeset
from archive_site.views.apparatus import established, source
from archive_site.views.blocks import reading
from archive_site.views.entries import EntryShown, entry_page, index_page

CERTAINTIES_IN_FRENCH = {
    "stated": "énoncé par le témoin lui-même ; s’écrit sans degré",
    "certain": "restitué : absent du témoin, mais hors de doute",
    "probable": "probable : des indices concordants, sans preuve",
    "proposed": "proposé : une hypothèse de l’éditeur, à ne pas citer sans elle",
    "unknown": "inconnu : rien n’est supposé",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: its path in the site, its template, what the template is given."""

    path: str
    template: str
    context: dict[str, Any]


def front_page(model: SiteModel, path: str) -> Page:
    """A page about the whole archive, one of `FRONT`."""
    template, shown = FRONT[path]
    return page_of(model.frame, path, template, **shown(model))


def _home(model: SiteModel) -> dict[str, Any]:
    linked = _linked((text.summary for text in model.texts.values()), urls.HOME)
    return {
        "texts": linked,
        "timeline": timeline(model, linked),
        "doors": doors(model, urls.HOME),
        "data": collection(model, urls.HOME),
        "version": _version(model, urls.HOME),
    }


def _about(model: SiteModel) -> dict[str, Any]:
    return {
        "texts": _linked((text.summary for text in model.texts.values()), urls.ABOUT),
        "version": _version(model, urls.ABOUT),
        "schema": urls.relative(urls.ABOUT, urls.SCHEMA),
        "style": urls.relative(urls.ABOUT, urls.STYLE),
    }


def _schema(_: SiteModel) -> dict[str, Any]:
    """What the edition file may say, from the table that reads it."""
    return {
        "fields": [
            {"name": name, "required": rule.required, "says": typeset(rule.in_french)}
            for name, rule in FIELDS.items()
        ],
        "certainties": [
            {"name": name, "says": typeset(CERTAINTIES_IN_FRENCH[name])} for name in CERTAINTIES
        ],
    }


FRONT: dict[str, tuple[str, Callable[[SiteModel], dict[str, Any]]]] = {
    urls.HOME: ("home.html", _home),
    urls.SEARCH: ("search.html", lambda model: search_page(model, urls.SEARCH)),
    urls.CONCORDANCE: (
        "concordance.html",
        lambda model: concordance_page(model, urls.CONCORDANCE),
    ),
    urls.SCHEMA: ("schema.html", _schema),
    urls.ABOUT: ("about.html", _about),
    urls.STYLE: ("style.html", lambda _: specimen(urls.STYLE)),
    urls.NOT_FOUND: ("404.html", lambda _: {}),
}
"""The pages about the whole archive: the template of each, and what it shows."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The text before or after another: its title and the path of its page."""

    short_title: str
    path: str


@dataclass(frozen=True, slots=True)
class TextShown:
    """All that a text's pages show, but for the entries: the text as its analysis has it; its
    summary; the cards of all that it names; passages to read next, and those that refer to it; the
    texts before and after it; the sizes of its files, in bytes; the moment that SOURCE_DATE_EPOCH
    names."""

    frame: Frame
    read: bytes
    said: Mapping[str, Any]
    cards: Mapping[str, tuple[str, ...]]
    shared: tuple[Shared, ...]
    referring: tuple[Referring, ...]
    previous: Neighbour | None
    following: Neighbour | None
    sizes: Mapping[str, int]


def text_pages(
    shown: TextShown,
    edition: Edition,
    passages: tuple[Passage, ...],
    publication: Publication,
    sizes: Mapping[str, int],
) -> Iterator[Page]:
    """The reading page of a text, and those that prove it."""
    frame, said, entries = shown.frame, shown.said, publication.entries
    path = urls.text_page(edition.id)
    yield page_of(
        frame,
        path,
        "text.html",
        text=_linked([said], path)[0],
        **cite(publication, sizes, path),
        version=_text_version(edition, said, path),
        previous=_neighbour(shown.previous, path),
        next=_neighbour(shown.following, path),
        **reading(entries, edition, path, passages=passages),
        chapters=chapter_names(edition, passages, entries, path),
        read_next=[read_next(shared, entries, path) for shared in shown.shared],
        referred=referred(edition.id, shown.referring, passages, path),
    )
    path = urls.establishment_page(edition.id)
    text = _linked([said], path)[0]
    yield page_of(frame, path, "establishment.html", text=text, **established(edition, path))
    if edition.witness:
        path = urls.source_page(edition.id)
        text = _linked([said], path)[0]
        yield page_of(frame, path, "source.html", text=text, **source(edition, path))


def downloads_page(model: SiteModel, sizes: Mapping[str, int]) -> Page:
    """The page of all that can be taken from the site's files, of these `sizes` in bytes."""
    path = urls.DOWNLOADS
    offered = downloads(model, sizes, path)
    return page_of(model.frame, path, "downloads.html", version=_version(model, path), **offered)


def index_page_of(model: SiteModel, kind: str, path: str) -> Page:
    """The index of the entries of a kind; the chronology, the network."""
    if kind == "network":
        return page_of(model.frame, path, "network.html", **network(model, path))
    if kind == "event":
        return page_of(model.frame, path, "chronology.html", **chronology(model, path))
    return page_of(model.frame, path, "index.html", **index_page(model, kind, path))


def entry_page_of(shown: EntryShown, known: Authorities) -> Page:
    """The page of an entry; `known`: all entries."""
    path = urls.entry_page(shown.entry)
    return page_of(shown.frame, path, "entry.html", **entry_page(shown, known, path))


def year_page(model: SiteModel, days: Sequence[str]) -> Page:
    """The page of a year's days."""
    path = urls.days_page(days[0])
    return page_of(model.frame, path, "days.html", **days_page(model, days, path))


def _navigation(frame: Frame) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands in every page's header: its name, where it leads, the folders it stands for."""
    found: list[tuple[str, str, tuple[str, ...]]] = [("Les textes", urls.HOME, ("textes",))]
    paths = [path for _, path in frame.indexes]
    indexes = [path for path in paths if path != urls.CHRONOLOGY]
    if indexes:
        found.append(("Index", indexes[0], (*urls.INDEX_FOLDERS, "reseau")))
    if urls.CHRONOLOGY in paths:
        found.append(("Chronologie", urls.CHRONOLOGY, ("chronologie",)))
    return [*found, ("À propos", urls.ABOUT, ("a-propos",))]


def _site(frame: Frame) -> dict[str, Any]:
    """What every page says of the archive."""
    site = frame.site
    return {
        "title": typeset(site.title),
        "subtitle": typeset(site.subtitle),
        "purpose": [typeset(sentence) for sentence in site.purpose],
        "contact": site.contact,
        "base_url": site.base_url,
        "preview": urls.address(site.base_url, urls.PREVIEW) if frame.preview else "",
        "preview_size": PREVIEW_SIZE,
    }


def page_of(frame: Frame, path: str, template: str, **context: Any) -> Page:
    """A page with what every page is given, and with what it shows."""
    site = _site(frame)
    # A server shows 404.html at any depth: its links need the site's own path, where that is known.
    root = urlsplit(site["base_url"]).path if path == urls.NOT_FOUND else ""

    def to(target: str, fragment: str = "") -> str:
        return root + urls.relative(path, target, fragment)

    folder = path.partition("/")[0] if "/" in path else ""
    shared = {
        "site": site,
        "home": to(urls.HOME),
        "about": to(urls.ABOUT),
        "navigation": [
            {
                "name": name,
                "href": to(target),
                "here": "page" if path == target else "true" if folder in folders else "",
            }
            for name, target, folders in _navigation(frame)
        ],
        "search": to(urls.SEARCH),
        "finding": {urls.SEARCH: "page", urls.CONCORDANCE: "true"}.get(path, ""),
        "opensearch": to(urls.OPENSEARCH),
        "feed": to(urls.FEED),
        "data_page": to(urls.DOWNLOADS),
        "report": site["contact"] or to(urls.ABOUT, "erreurs"),
        "version": None,
        "static": to(f"{urls.STATIC}/style.css").removesuffix("style.css"),
        "canonical": urls.address(site["base_url"], path),
        "path": path,
    }
    return Page(path, template, shared | context)


def _version(model: SiteModel, page: str) -> dict[str, str]:
    """Which state of the corpus this is. Only pages about all of it say so: another page changes
    only where what it shows does."""
    return {
        "what": "Corpus",
        "revised": typeset(in_french(model.revised)),
        "name": model.version,
        "href": urls.relative(page, f"{urls.DATA}/{CHECKSUMS}"),
    }


def _text_version(edition: Edition, text: Mapping[str, Any], page: str) -> dict[str, str]:
    """Which state of its edition a text's page shows."""
    return {
        "what": "Texte",
        "revised": text["revised"],
        "name": edition.version,
        "href": urls.relative(page, f"{urls.DATA}/editions/{edition.id}.md"),
    }


def _neighbour(text: Neighbour | None, page: str) -> dict[str, str] | None:
    """The text before or after another, as the end of its page names it."""
    if text is None:
        return None
    return {"short_title": text.short_title, "href": urls.relative(page, text.path)}


def _linked(texts: Iterable[Mapping[str, Any]], page: str) -> list[dict[str, Any]]:
    """Summaries with the text's addresses as seen from `page`."""
    return [
        {
            **text,
            "href": urls.relative(page, text["path"]),
            "establishment": urls.relative(page, urls.establishment_page(text["id"])),
        }
        for text in texts
    ]
