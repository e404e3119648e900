"""The whole site as one value, path → bytes, before the first byte is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from markupsafe import escape

from archive_site import links
from archive_site.corpus import Corpus, Edition, Site
from archive_site.downloads import Exports, take_away
from archive_site.entries import Shelf, cards, make_shelf
from archive_site.exports import harvest, package
from archive_site.exports.bundle import Bundle
from archive_site.exports.harvest import News, news_of, record_of
from archive_site.exports.harvest import Record as OaiRecord
from archive_site.exports.package import Facts
from archive_site.exports.publication import FIRST_MOMENT, moment_of
from archive_site.exports.tables import as_tables
from archive_site.findings import NotPossible
from archive_site.layout import CHECKSUMS
from archive_site.mentions import Passages, find_mentions
from archive_site.pages import build_pages, downloads_page
from archive_site.reading import source_spelling
from archive_site.render import environment, render_pages, static_files
from archive_site.search import search_files

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
    can be taken along is made (None: it is left out).

    The whole road in one process and in memory; `build` makes the same bytes piece by piece."""
    shelf = make_shelf(corpus, passages or find_mentions(corpus))
    jinja = environment(templates)
    takeaway, taken = take_away(shelf, exports, templates)
    site: dict[str, bytes] = {}
    _add(site, render_pages(build_pages(shelf, takeaway), jinja))
    _add(site, static_files(templates))
    for edition in corpus.editions:
        _add(site, text_files(shelf, edition).items())
    _add(site, search_files(shelf))
    _add(site, taken.items())
    _add(site, data_files(corpus, dict(as_tables(corpus, shelf.indexes))).items())
    published = takeaway.publications.values()
    base_url = corpus.site.base_url or LOCAL_URL
    news = (n for p in published for n in news_of(corpus.site, p, base_url, takeaway.sizes))
    records = (record_of(p, base_url) for p in published)
    _add(site, harvest_files(shelf, news, records).items())
    _add(site, sitemap_files(shelf, site).items())
    _add(site, [(".nojekyll", b"")])
    bundle = Bundle(corpus.site, moment_of_all(corpus, exports)) if exports else None
    if bundle:
        bundle.add(site)
    sizes = {path: len(data) for path, data in site.items()}
    if bundle:
        sizes[links.archive_file("zip")] = bundle.size
    last = downloads_page(shelf, takeaway, sizes)
    _add(site, render_pages([last], jinja))
    if bundle:
        bundle.add({last.path: site[last.path]})
        _add(site, [(links.archive_file("zip"), bundle.closed())])
    return site


def _add(site: dict[str, bytes], files: Iterable[tuple[str, bytes]]) -> None:
    for path, data in files:
        if path in site:
            raise written_twice(path)
        site[path] = data


def written_twice(path: str) -> NotPossible:
    """What is said of a path that two things of the site would have."""
    hint = "Rename what one of them comes from: a text's id, an entry's key."
    return NotPossible(f"two things would be written to {path}", hint)


def moment_of_all(corpus: Corpus, exports: Exports) -> datetime:
    """When the latest of the texts was made, in UTC."""
    moments = (moment_of(record.meta, exports.epoch) for record in corpus.records)
    return max(moments, default=FIRST_MOMENT)


def text_files(shelf: Shelf, edition: Edition) -> dict[str, bytes]:
    """What scripts of a text's page load: who and what it names, its witness's spelling. Script
    files, since a page on a disk may load no other."""
    named = json.dumps(cards(shelf, edition.id), ensure_ascii=False, separators=(",", ":"))
    files = {links.names_script(edition.id): f"archive.names({named})\n".encode()}
    if edition.witness:
        spelling = json.dumps(source_spelling(edition), ensure_ascii=False)
        files[links.source_script(edition.id)] = f"archive.source({spelling})\n".encode()
    return files


def data_files(corpus: Corpus, tables: Mapping[str, bytes]) -> dict[str, bytes]:
    """What stands under `data/`: the corpus itself with its checksums, every index as a table
    (`tables`), and what tells people and programs what all this is."""
    files = {**corpus.files, **tables, CHECKSUMS: corpus.checksums}
    files[package.SCHEMA] = package.text_schema()
    files |= told_of(corpus, package.facts_of(files))
    return {f"{links.DATA}/{name}": data for name, data in files.items()}


def told_of(corpus: Corpus, facts: dict[str, Facts]) -> dict[str, bytes]:
    """The files that tell of those of `data/`, of which these `facts` are known."""
    readme = {package.README: package.readme(corpus, facts)}
    told = facts | package.facts_of(readme)
    return readme | {package.DESCRIPTOR: package.datapackage(corpus, told)}


def harvest_files(
    shelf: Shelf, news: Iterable[News], records: Iterable[OaiRecord]
) -> dict[str, bytes]:
    """What programs ask an archive for: feed, OAI-PMH, OpenSearch, robots.txt; from what each text
    gives to them."""
    site = shelf.corpus.site
    base_url = site.base_url or LOCAL_URL
    return {
        links.FEED: harvest.feed_of(site, news, base_url),
        links.OPENSEARCH: opensearch(site, base_url),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {base_url}{links.SITEMAP}\n".encode(),
        **harvest.oai_of(site, records, base_url),
    }


def sitemap_files(shelf: Shelf, paths: Iterable[str]) -> dict[str, bytes]:
    """The sitemaps of a site that has the files `paths`."""
    pages = [path for path in paths if path.endswith(".html") and path != links.NOT_FOUND]
    known, latest = revised(shelf), shelf.corpus.revised
    days = {page: known.get(page, latest) for page in (*pages, links.DOWNLOADS)}
    return harvest.sitemap(days, shelf.corpus.site.base_url or LOCAL_URL)


def revised(shelf: Shelf) -> dict[str, str]:
    """The day (ISO 8601) on which the texts that a page of a text or of an entry shows were last
    revised; empty where none is dated."""
    days = {record.id: record.revised for record in shelf.corpus.records}
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
