"""The site's table of contents: what pages there are, and what each shows.

`build_pages` reads like the list of what the site has. Contexts hold finished values: a template
places, it does not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive_site import links
from archive_site.authority import Entry
from archive_site.chronology import chronology, days_page
from archive_site.corpus import Corpus, Edition
from archive_site.crossings import crossings, doors
from archive_site.dates import in_french
from archive_site.downloads import Takeaway
from archive_site.entries import Shelf, entry_page, index_page, index_paths
from archive_site.evidence import established, source
from archive_site.frontmatter import CERTAINTIES, FIELDS
from archive_site.layout import CHECKSUMS
from archive_site.markup import typeset
from archive_site.metadata import PREVIEW_SIZE, cite, collection, preview
from archive_site.network import network
from archive_site.offers import downloads
from archive_site.reading import reading
from archive_site.search import concordance_page, search_page
from archive_site.specimen import specimen
from archive_site.timeline import timeline

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


def build_pages(shelf: Shelf, takeaway: Takeaway) -> Iterator[Page]:
    """Every page of the site but that of the downloads, which says how large all others are."""
    for edition in shelf.corpus.editions:
        yield from text_pages(shelf, takeaway, edition)
    for kind, _ in index_paths(shelf):
        yield index_page_of(shelf, takeaway, kind)
    for entry in shelf.corpus.entries.values():
        yield entry_page_of(shelf, takeaway, entry)
    for year in years_of_days(shelf):
        yield year_page(shelf, takeaway, year)
    for path in FRONT:
        yield front_page(shelf, takeaway, path)


def front_page(shelf: Shelf, takeaway: Takeaway, path: str) -> Page:
    """A page about the whole archive, one of `FRONT`."""
    template, shown = FRONT[path]
    return _page(_site(shelf, takeaway), path, template, **shown(shelf))


def _home(shelf: Shelf) -> dict[str, Any]:
    linked = _linked(shelf.texts.values(), links.HOME)
    return {
        "texts": linked,
        "timeline": timeline(shelf.corpus, linked),
        "doors": doors(shelf, links.HOME),
        "data": collection(shelf, links.HOME),
        "version": _version(shelf.corpus, links.HOME),
    }


def _about(shelf: Shelf) -> dict[str, Any]:
    return {
        "texts": _linked(shelf.texts.values(), links.ABOUT),
        "version": _version(shelf.corpus, links.ABOUT),
        "schema": links.relative(links.ABOUT, links.SCHEMA),
        "style": links.relative(links.ABOUT, links.STYLE),
    }


def _schema(_: Shelf) -> dict[str, Any]:
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


FRONT: dict[str, tuple[str, Callable[[Shelf], dict[str, Any]]]] = {
    links.HOME: ("home.html", _home),
    links.SEARCH: ("search.html", lambda shelf: search_page(shelf, links.SEARCH)),
    links.CONCORDANCE: ("concordance.html", concordance_page),
    links.SCHEMA: ("schema.html", _schema),
    links.ABOUT: ("about.html", _about),
    links.STYLE: ("style.html", lambda _: specimen(links.STYLE)),
    links.NOT_FOUND: ("404.html", lambda _: {}),
}
"""The pages about the whole archive: the template of each, and what it shows."""


def text_pages(shelf: Shelf, takeaway: Takeaway, edition: Edition) -> Iterator[Page]:
    """The reading page of a text, and those that prove it."""
    corpus, texts = shelf.corpus, shelf.texts
    site, said = _site(shelf, takeaway), texts[edition.id]
    path = links.text_page(edition.id)
    ids = list(texts)
    i = ids.index(edition.id)
    neighbours = [_neighbour(texts[n], path) for n in ids[max(0, i - 1) : i + 2] if n != ids[i]]
    yield _page(
        site,
        path,
        "text.html",
        text=_linked([said], path)[0],
        **cite(shelf, takeaway, edition.id, path),
        version=_text_version(edition, said, path),
        previous=neighbours[0] if i else None,
        next=neighbours[-1] if i + 1 < len(ids) else None,
        **reading(corpus, edition, path, indexes=shelf.indexes),
        **crossings(shelf, edition, path),
    )
    path = links.establishment_page(edition.id)
    text = _linked([said], path)[0]
    yield _page(site, path, "establishment.html", text=text, **established(edition, path))
    if edition.witness:
        path = links.source_page(edition.id)
        text = _linked([said], path)[0]
        yield _page(site, path, "source.html", text=text, **source(edition, path))


def downloads_page(shelf: Shelf, takeaway: Takeaway, sizes: Mapping[str, int]) -> Page:
    """The page of all that can be taken from the site's files, of these `sizes` in bytes."""
    offered = downloads(shelf, takeaway, sizes, links.DOWNLOADS)
    version = _version(shelf.corpus, links.DOWNLOADS)
    return _page(
        _site(shelf, takeaway), links.DOWNLOADS, "downloads.html", version=version, **offered
    )


def index_page_of(shelf: Shelf, takeaway: Takeaway, kind: str) -> Page:
    """The index of the entries of a kind; the chronology, the network."""
    site, path = _site(shelf, takeaway), links.NETWORK
    if kind == "network":
        return _page(site, path, "network.html", **network(shelf, path))
    path = links.index_page(kind)
    if kind == "event":
        return _page(site, path, "chronology.html", **chronology(shelf, path))
    return _page(site, path, "index.html", **index_page(shelf, kind, path))


def entry_page_of(shelf: Shelf, takeaway: Takeaway, entry: Entry) -> Page:
    """The page of an entry."""
    path = links.entry_page(entry)
    return _page(_site(shelf, takeaway), path, "entry.html", **entry_page(shelf, entry, path))


def years_of_days(shelf: Shelf) -> list[str]:
    """The years of the days that texts name."""
    return list(dict.fromkeys(day[:4] for day in shelf.indexes.days))


def year_page(shelf: Shelf, takeaway: Takeaway, year: str) -> Page:
    """The page of a year's days."""
    days = [day for day in shelf.indexes.days if day[:4] == year]
    path = links.days_page(days[0])
    return _page(_site(shelf, takeaway), path, "days.html", **days_page(shelf, days, path))


def _navigation(shelf: Shelf) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands in every page's header: its name, where it leads, the folders it stands for."""
    found: list[tuple[str, str, tuple[str, ...]]] = [("Les textes", links.HOME, ("textes",))]
    indexes = [path for _, path in index_paths(shelf) if path != links.CHRONOLOGY]
    if indexes:
        found.append(("Index", indexes[0], (*links.INDEX_FOLDERS, "reseau")))
    if links.CHRONOLOGY in dict(index_paths(shelf)).values():
        found.append(("Chronologie", links.CHRONOLOGY, ("chronologie",)))
    return [*found, ("À propos", links.ABOUT, ("a-propos",))]


def _site(shelf: Shelf, takeaway: Takeaway) -> dict[str, Any]:
    """What every page says of the archive."""
    site = shelf.corpus.site
    return {
        "navigation": _navigation(shelf),
        "title": typeset(site.title),
        "subtitle": typeset(site.subtitle),
        "purpose": [typeset(sentence) for sentence in site.purpose],
        "contact": site.contact,
        "base_url": site.base_url,
        "preview": preview(site, takeaway, links.PREVIEW),
        "preview_size": PREVIEW_SIZE,
    }


def _page(site: dict[str, Any], path: str, template: str, **context: Any) -> Page:
    # A server shows 404.html at any depth: its links need the site's own path, where that is known.
    root = urlsplit(site["base_url"]).path if path == links.NOT_FOUND else ""

    def to(target: str, fragment: str = "") -> str:
        return root + links.relative(path, target, fragment)

    folder = path.partition("/")[0] if "/" in path else ""
    shared = {
        "site": site,
        "home": to(links.HOME),
        "about": to(links.ABOUT),
        "navigation": [
            {
                "name": name,
                "href": to(target),
                "here": "page" if path == target else "true" if folder in folders else "",
            }
            for name, target, folders in site["navigation"]
        ],
        "search": to(links.SEARCH),
        "finding": {links.SEARCH: "page", links.CONCORDANCE: "true"}.get(path, ""),
        "opensearch": to(links.OPENSEARCH),
        "feed": to(links.FEED),
        "data_page": to(links.DOWNLOADS),
        "report": site["contact"] or to(links.ABOUT, "erreurs"),
        "version": None,
        "static": to(f"{links.STATIC}/style.css").removesuffix("style.css"),
        "canonical": links.address(site["base_url"], path),
        "path": path,
    }
    return Page(path, template, shared | context)


def _version(corpus: Corpus, page: str) -> dict[str, str]:
    """Which state of the corpus this is. Only pages about all of it say so: another page changes
    only where what it shows does."""
    return {
        "what": "Corpus",
        "revised": typeset(in_french(corpus.revised)),
        "name": corpus.version,
        "href": links.relative(page, f"{links.DATA}/{CHECKSUMS}"),
    }


def _text_version(edition: Edition, text: Mapping[str, Any], page: str) -> dict[str, str]:
    """Which state of its edition a text's page shows."""
    return {
        "what": "Texte",
        "revised": text["revised"],
        "name": edition.version,
        "href": links.relative(page, f"{links.DATA}/editions/{edition.id}.md"),
    }


def _neighbour(text: Mapping[str, Any], page: str) -> dict[str, str]:
    """The text before or after another, as the end of its page names it."""
    return {"short_title": text["short_title"], "href": links.relative(page, text["path"])}


def _linked(texts: Iterable[Mapping[str, Any]], page: str) -> list[dict[str, Any]]:
    """Summaries with the text's addresses as seen from `page`."""
    return [
        {
            **text,
            "href": links.relative(page, text["path"]),
            "establishment": links.relative(page, links.establishment_page(text["id"])),
        }
        for text in texts
    ]
