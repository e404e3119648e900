"""The downloads page: the files for people and programs, with their sizes and purposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.exports.formats import FORMATS, REFERENCES, Download, downloads_of, size
from archive_site.exports.package import sorts_of
from archive_site.files.tabular import Json
from archive_site.model.site_model import SiteModel
from archive_site.pages.page import Page, corpus_version, page_of
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import typeset

WHOLE = (
    urls.archive_file("zip"),
    urls.archive_file("epub"),
    *(urls.references_file(form.ending) for form in FORMATS if form.ending in REFERENCES),
)
"""The files with the whole archive or all its references."""
HARVEST = (urls.FEED, urls.OAI, urls.SITEMAP, urls.OPENSEARCH)
"""The files for harvesters and other programs."""
MEDIA_TYPES = {
    "zip": "application/zip",
    "epub": "application/epub+zip",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """A file: its name, its purpose, its address, its size as text."""

    name: str
    good_for: str
    href: str
    size: str


@dataclass(frozen=True, slots=True)
class FilesOfText:
    """The downloads of a text."""

    title: Markup
    href: str
    files: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class FormatView:
    """A format and its purpose."""

    name: str
    good_for: str


@dataclass(frozen=True, slots=True)
class SortView:
    """The files of one kind in `data/`, with their title and description."""

    title: Markup
    says: Markup
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class SortsView:
    """The kinds of files that are the corpus, or that are made from it."""

    title: str
    sorts: tuple[SortView, ...]


@dataclass(frozen=True, slots=True)
class DownloadsPage(Context):
    """The variables of the downloads page."""

    whole: tuple[FileView, ...]
    texts: tuple[FilesOfText, ...]
    formats: tuple[FormatView, ...]
    groups: tuple[SortsView, ...]
    harvest: tuple[FileView, ...]
    data: Mapping[str, Json]


def downloads_page(model: SiteModel, sizes: Mapping[str, int]) -> Page:
    """The downloads page. `sizes` has the size in bytes of the site's files, by path."""
    page = urls.DOWNLOADS

    def file(path: str, name: str, good_for: str = "") -> FileView:
        return FileView(name, typeset(good_for), urls.relative(page, path), size(sizes[path]))

    def sorts(title: str, names: Iterable[str]) -> SortsView:
        return SortsView(
            title,
            tuple(
                SortView(
                    as_html(typeset(sort.title)),
                    as_html(typeset(sort.says)),
                    tuple(file(f"{urls.DATA}/{name}", name) for name in named),
                )
                for sort, named in sorts_of(names).items()
            ),
        )

    data = {path.removeprefix(f"{urls.DATA}/") for path in sizes if path.startswith(urls.DATA)}
    corpus = data & model.files.keys()
    shown = DownloadsPage(
        whole=tuple(file(path, *interface.WHOLE_FILES[path]) for path in WHOLE if path in sizes),
        texts=tuple(
            FilesOfText(
                as_html(text.summary.short_title),
                urls.relative(page, urls.text_page(text.id)),
                downloads_of(text.id, sizes, page),
            )
            for text in model.texts.values()
        ),
        formats=tuple(
            FormatView(form.name, typeset(form.good_for))
            for form in FORMATS
            if any(urls.data_file(text, form.ending) in sizes for text in model.texts)
        ),
        groups=(
            sorts(interface.THE_CORPUS, corpus),
            sorts(interface.MADE_FROM_CORPUS, data - corpus),
        ),
        harvest=tuple(
            file(path, *interface.HARVEST_FILES[path]) for path in HARVEST if path in sizes
        ),
        data=_data(model, sizes, page),
    )
    return page_of(model.frame, page, "downloads.html", shown, corpus_version(model, page))


def _data(model: SiteModel, sizes: Mapping[str, int], page: str) -> Mapping[str, Json]:
    """The archive as a data set of schema.org, without a licence, since none is known."""
    parts = (
        urls.archive_file("zip"),
        urls.archive_file("epub"),
        f"{urls.DATA}/datapackage.json",
    )
    data: dict[str, Json] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": urls.identity(model.site.base_url, page, page),
        "name": model.site.title,
        "description": " ".join(model.site.purpose) or model.site.subtitle,
        "version": model.version,
        "dateModified": model.revised,
        "temporalCoverage": model.site.covers,
        "inLanguage": sorted({text.meta.language for text in model.texts.values()}),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": urls.relative(page, path),
                "encodingFormat": MEDIA_TYPES[path.rpartition(".")[2]],
                "contentSize": str(sizes[path]),
            }
            for path in parts
            if path in sizes
        ],
    }
    return {name: value for name, value in data.items() if value}
