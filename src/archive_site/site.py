"""The whole site as one value, path → bytes, before the first byte is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from textwrap import shorten

from markupsafe import escape

from archive_site import links
from archive_site.corpus import Corpus, Site
from archive_site.downloads import Exports, Takeaway, take_away
from archive_site.entries import Shelf, cards, make_shelf
from archive_site.exports import harvest, package
from archive_site.exports.bundle import Bundle
from archive_site.exports.tables import as_tables
from archive_site.mentions import Passages, find_mentions
from archive_site.pages import build_pages, downloads_page
from archive_site.reading import source_spelling
from archive_site.render import environment, render_pages, static_files
from archive_site.search import search_files
from archive_site.witness import CHECKSUMS

SHORT_NAME = 16
"""The letters that OpenSearch allows a name to have."""
LOCAL_URL = "http://127.0.0.1:8000/"
"""Where `archive-site serve` shows the site: its address as long as no other is known."""


def make_site(
    corpus: Corpus,
    templates: Path | None = None,
    passages: Passages | None = None,
    exports: Exports | None = None,
) -> dict[str, bytes]:
    """Every file of the site. `templates`: a folder whose templates and static files stand before
    the package's; `passages`: what the texts name, where it is known already; `exports`: how what
    can be taken along is made (None: it is left out)."""
    shelf = make_shelf(corpus, passages or find_mentions(corpus))
    jinja = environment(templates)
    takeaway = take_away(shelf, exports, templates)
    site = dict(render_pages(build_pages(shelf, takeaway), jinja))
    pages = [path for path in (*site, links.DOWNLOADS) if path != links.NOT_FOUND]
    site |= static_files(templates)
    site |= text_files(shelf)
    site |= dict(search_files(shelf))
    site |= takeaway.files
    site |= data_files(shelf)
    site |= harvest_files(shelf, takeaway, pages)
    site[".nojekyll"] = b""
    bundle = Bundle(corpus.site, takeaway.moment) if exports else None
    if bundle:
        bundle.add(site)
    last = downloads_page(shelf, takeaway, site, bundle.size if bundle else 0)
    site |= dict(render_pages([last], jinja))
    if bundle:
        bundle.add({last.path: site[last.path]})
        site[links.archive_file("zip")] = bundle.closed()
    return site


def text_files(shelf: Shelf) -> dict[str, bytes]:
    """What scripts of each text's page load: who and what it names, its witness's spelling. Script
    files, since a page on a disk may load no other."""
    files = {}
    for edition in shelf.corpus.editions:
        named = json.dumps(cards(shelf, edition.id), ensure_ascii=False, separators=(",", ":"))
        files[links.names_script(edition.id)] = f"archive.names({named})\n".encode()
        if edition.witness:
            spelling = json.dumps(source_spelling(edition), ensure_ascii=False)
            files[links.source_script(edition.id)] = f"archive.source({spelling})\n".encode()
    return files


def data_files(shelf: Shelf) -> dict[str, bytes]:
    """What stands under `data/`: the corpus itself with its checksums, every index as a table, and
    what tells people and programs what all this is."""
    corpus = shelf.corpus
    files = {**corpus.files, CHECKSUMS: corpus.checksums}
    files |= dict(as_tables(corpus, shelf.indexes))
    files[package.SCHEMA] = package.text_schema()
    files[package.README] = package.readme(corpus, files)
    files[package.DESCRIPTOR] = package.datapackage(corpus, files)
    return {f"{links.DATA}/{name}": data for name, data in files.items()}


def harvest_files(shelf: Shelf, takeaway: Takeaway, pages: Iterable[str]) -> dict[str, bytes]:
    """What programs ask an archive for: feed, sitemap, OAI-PMH, OpenSearch, robots.txt."""
    site = shelf.corpus.site
    base_url = site.base_url or LOCAL_URL
    published = takeaway.publications.values()
    known = revised(shelf)
    days = {page: known.get(page, shelf.corpus.revised) for page in pages}
    return {
        links.FEED: harvest.feed(site, published, base_url, takeaway.files),
        links.OPENSEARCH: opensearch(site, base_url),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {base_url}{links.SITEMAP}\n".encode(),
        **harvest.sitemap(days, base_url),
        **harvest.oai(site, published, base_url),
    }


def revised(shelf: Shelf) -> dict[str, str]:
    """The day (ISO 8601) on which the texts that a page of a text or of an entry shows were last
    revised; empty where none is dated."""
    days = {
        edition.id: max((r.date for r in edition.document.meta.revisions), default="")
        for edition in shelf.corpus.editions
    }
    of_texts = (links.text_page, links.establishment_page, links.source_page)
    return {page(text_id): day for text_id, day in days.items() for page in of_texts} | {
        links.entry_page(entry): max((days[text] for text in named.counts), default="")
        for entry in shelf.corpus.entries.values()
        for named in (shelf.indexes.entries[entry.key],)
    }


def opensearch(site: Site, base_url: str) -> bytes:
    """`opensearch.xml`: how a browser or a catalogue asks this archive's search."""
    address = escape(f"{base_url}{links.SEARCH}?q={{searchTerms}}")
    name = shorten(site.title, SHORT_NAME, placeholder="") or site.title[:SHORT_NAME]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name)}</ShortName>\n"
        f"<Description>{escape(f'Chercher dans les textes : {site.title}')}</Description>\n"
        "<Language>fr</Language>\n<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{address}"/>\n'
        "</OpenSearchDescription>\n"
    ).encode()
