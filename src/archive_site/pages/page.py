"""A page to render: its template, the variables of every page, and its own variables."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.records import Site
from archive_site.exports import preview
from archive_site.files.layout import CHECKSUMS
from archive_site.model.site_model import Frame, SiteModel
from archive_site.templating.jinja import Context
from archive_site.text.dates import in_french
from archive_site.text.html import as_html
from archive_site.text.typography import typeset


@dataclass(frozen=True, slots=True)
class SiteView:
    """The archive, for every page. `preview` is the address of its preview image."""

    title: str
    subtitle: str
    purpose: tuple[str, ...]
    contact: str
    base_url: str
    preview: str
    preview_size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link in the header. `here` is its value of `aria-current` (empty: it has none)."""

    name: str
    href: str
    here: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A link from one index to another. `here`: whether the page belongs to it."""

    name: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Version:
    """The version of the corpus or of a text that a page shows: what it is of, the day of its last
    revision, its name, and the address of its file."""

    what: str
    revised: Markup
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Surroundings(Context):
    """The variables of every page, for what surrounds its content. `finding` is the value of
    `aria-current` of the link to the search. `static` is the address of the folder of stylesheets
    and scripts, with a slash at its end."""

    site: SiteView
    home: str
    about: str
    navigation: tuple[NavigationLink, ...]
    search: str
    finding: str
    opensearch: str
    feed: str
    data_page: str
    report: str
    version: Version | None
    static: str
    canonical: str
    path: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: its path in the site, its template, and its variables."""

    path: str
    template: str
    surroundings: Surroundings
    shown: Context


def page_of(
    frame: Frame, path: str, template: str, shown: Context, version: Version | None = None
) -> Page:
    """The page at `path`, with the variables of every page."""
    site = _site(frame)
    # A server shows 404.html at any depth, so its links need the path of the site, if it is known.
    root = urlsplit(site.base_url).path if path == urls.NOT_FOUND else ""

    def to(target: str, fragment: str = "") -> str:
        return root + urls.relative(path, target, fragment)

    folder = path.partition("/")[0] if "/" in path else ""
    surroundings = Surroundings(
        site=site,
        home=to(urls.HOME),
        about=to(urls.ABOUT),
        navigation=tuple(
            NavigationLink(
                name, to(target), "page" if path == target else "true" if folder in folders else ""
            )
            for name, target, folders in _navigation(frame)
        ),
        search=to(urls.SEARCH),
        finding={urls.SEARCH: "page", urls.CONCORDANCE: "true"}.get(path, ""),
        opensearch=to(urls.OPENSEARCH),
        feed=to(urls.FEED),
        data_page=to(urls.DOWNLOADS),
        report=site.contact or to(urls.ABOUT, "erreurs"),
        version=version,
        static=to(f"{urls.STATIC}/style.css").removesuffix("style.css"),
        canonical=urls.address(site.base_url, path),
        path=path,
    )
    return Page(path, template, surroundings, shown)


def corpus_version(model: SiteModel, page: str) -> Version:
    """The version of the corpus. Only pages about the whole corpus show it, so that any other page
    changes only if its own content does."""
    return Version(
        what=interface.CORPUS,
        revised=as_html(typeset(in_french(model.revised))),
        name=model.version,
        href=urls.relative(page, f"{urls.DATA}/{CHECKSUMS}"),
    )


def index_tabs(frame: Frame, page: str, here: str = "") -> tuple[Tab, ...]:
    """The links between the indexes. `here` is the kind that the page belongs to. They do not show
    the number of entries, since a new entry would then change every page."""
    return tuple(
        Tab(
            interface.INDEXES.get(kind) or interface.ENTRY_KINDS[kind][1],
            urls.relative(page, path),
            kind == here,
        )
        for kind, path in frame.indexes
    )


def _navigation(frame: Frame) -> list[tuple[str, str, tuple[str, ...]]]:
    """The links in the header: the name, the path, and the folders whose pages belong to it."""
    found: list[tuple[str, str, tuple[str, ...]]] = [
        (interface.THE_TEXTS, urls.TEXTS, ("textes", "collections")),
    ]
    paths = [path for _, path in frame.indexes]
    indexes = [path for path in paths if path != urls.CHRONOLOGY]
    if indexes:
        folders = (*urls.INDEX_FOLDERS, "reseau", "bibliographie")
        found.append((interface.INDEX, indexes[0], folders))
    if urls.CHRONOLOGY in paths:
        chronology = interface.ENTRY_KINDS["event"][1]
        found.append((chronology, urls.CHRONOLOGY, ("chronologie",)))
    return [*found, (interface.ABOUT, urls.ABOUT, ("a-propos",))]


def _site(frame: Frame) -> SiteView:
    site: Site = frame.site
    return SiteView(
        title=typeset(site.title),
        subtitle=typeset(site.subtitle),
        purpose=tuple(typeset(sentence) for sentence in site.purpose),
        contact=site.contact,
        base_url=site.base_url,
        preview=urls.address(site.base_url, urls.PREVIEW) if frame.preview else "",
        preview_size=preview.SIZE,
    )
