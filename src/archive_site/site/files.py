"""Files of the site other than pages: for its scripts, for harvesters and for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from textwrap import shorten

from jinja2 import Environment
from markupsafe import escape

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.records import Edition, Site
from archive_site.edition.authority import Entry
from archive_site.edition.collections import Collection
from archive_site.exports import harvest, package
from archive_site.exports.harvest import News, Record
from archive_site.exports.package import FileInfo
from archive_site.files.tabular import compact
from archive_site.findings import NotPossible
from archive_site.model.site_model import SiteModel
from archive_site.views.blocks import source_spelling

SHORT_NAME = 16
"""The most characters that OpenSearch allows in a name."""
LOCAL_URL = "http://127.0.0.1:8000/"
"""The address at which `archive-site serve` shows the site. It is used if no base URL is known."""


def written_twice(path: str) -> NotPossible:
    """The error for two files of the site with the same path."""
    hint = "Rename the source of one of them: a text's id or an entry's key."
    return NotPossible(f"every path of the site must be unique; found two files for {path}", hint)


def names_script(
    text_id: str, entries: Mapping[str, Entry], cards: Mapping[str, tuple[str, ...]]
) -> dict[str, bytes]:
    """The script with the cards of everything that a text names, by the address of the link. It is
    a script because a page opened from disk cannot load other files."""
    name = urls.Names(urls.text_page(text_id), entries)
    shown = {name(key): card for key, card in cards.items()}
    return {urls.names_script(text_id): f"archive.names({compact(shown)})\n".encode()}


def source_script(edition: Edition, short_forms: Mapping[str, str]) -> dict[str, bytes]:
    """The script with a text in the spelling of its witness. `short_forms`: those of the works that
    it cites, by key."""
    spelling = json.dumps(source_spelling(edition, short_forms), ensure_ascii=False)
    return {urls.source_script(edition.id): f"archive.source({spelling})\n".encode()}


def data_files(model: SiteModel, info: dict[str, FileInfo], jinja: Environment) -> dict[str, bytes]:
    """The README and the descriptor of `data/`. `info` describes its other files."""
    readme = {package.README: package.readme(model, info, jinja)}
    all_info = info | package.info_of(readme)
    return readme | {package.DESCRIPTOR: package.datapackage(model, all_info)}


def harvest_files(site: Site, news: Iterable[News], records: Iterable[Record]) -> dict[str, bytes]:
    """The files for programs: the feed, the OAI repository, OpenSearch, `robots.txt`. `news` and
    `records` are those of all texts."""
    base_url = site.base_url or LOCAL_URL
    return {
        urls.FEED: harvest.feed_of(site, news, base_url),
        urls.OPENSEARCH: opensearch(site, base_url),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {base_url}{urls.SITEMAP}\n".encode(),
        **harvest.oai_of(site, records, base_url),
    }


def collection_files(
    site: Site, collection: Collection, news: Iterable[News], records: Iterable[Record]
) -> dict[str, bytes]:
    """The feed and the OAI repository of a collection: with a file for each, a harvester can take
    one collection, although static repositories have no sets."""
    base_url = site.base_url or LOCAL_URL
    feed = urls.collection_file(collection.key, urls.FEED)
    return {
        feed: harvest.feed_of(site, news, base_url, collection),
        **harvest.oai_of(site, records, base_url, collection),
    }


def sitemap_files(model: SiteModel, pages: Iterable[str]) -> dict[str, bytes]:
    """The sitemaps of a site with `pages` and the page of downloads."""
    known, latest = revised(model), model.revised
    shown = (page for page in (*pages, urls.DOWNLOADS) if page != urls.NOT_FOUND)
    days = {page: known.get(page, latest) for page in shown}
    return harvest.sitemap(days, model.site.base_url or LOCAL_URL)


def revised(model: SiteModel) -> dict[str, str]:
    """The day of the last revision (ISO 8601; empty: none) of the texts shown on each page of a
    text or an entry, by path."""
    days = {text.id: text.revised for text in model.texts.values()}
    of_texts = (urls.text_page, urls.apparatus_page, urls.source_page)
    return {page(text_id): day for text_id, day in days.items() for page in of_texts} | {
        urls.entry_page(entry): max((days[text] for text in model.counts(key)), default="")
        for key, entry in model.entries.items()
    }


def opensearch(site: Site, base_url: str) -> bytes:
    """`opensearch.xml`: a description of the archive's search for browsers and catalogues."""
    address = escape(f"{base_url}{urls.SEARCH}?q={{searchTerms}}")
    name = shorten(site.title, SHORT_NAME, placeholder="") or site.title[:SHORT_NAME]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name)}</ShortName>\n"
        f"<Description>{escape(interface.SEARCH_OF.format(title=site.title))}</Description>\n"
        "<Language>fr</Language>\n<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{address}"/>\n'
        "</OpenSearchDescription>\n"
    ).encode()
