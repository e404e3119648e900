"""The whole site as one value, path → bytes, before the first byte is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from textwrap import shorten
from urllib.parse import quote

from markupsafe import escape

from archive_site import links
from archive_site.corpus import Corpus, Site
from archive_site.entries import Shelf, cards, make_shelf
from archive_site.exports.data import as_json
from archive_site.exports.tables import as_tables
from archive_site.mentions import Passages, find_mentions
from archive_site.pages import build_pages
from archive_site.reading import source_spelling
from archive_site.render import environment, render_pages, static_files
from archive_site.search import search_files
from archive_site.witness import CHECKSUMS

SHORT_NAME = 16
"""The letters that OpenSearch allows a name to have."""
LOCAL_URL = "http://127.0.0.1:8000/"
"""Where `archive-site serve` shows the site: its address as long as no other is known."""


def make_site(
    corpus: Corpus, templates: Path | None = None, passages: Passages | None = None
) -> dict[str, bytes]:
    """Every file of the site. `templates`: a folder whose templates and static files stand before
    the package's; `passages`: what the texts name, where it is known already."""
    shelf = make_shelf(corpus, passages or find_mentions(corpus))
    site = dict(render_pages(build_pages(shelf), environment(templates)))
    pages = [path for path in site if path != links.NOT_FOUND]
    base_url = corpus.site.base_url or LOCAL_URL
    site |= static_files(templates)
    site |= data_files(corpus)
    site |= text_files(corpus)
    site |= index_files(shelf)
    site |= dict(search_files(shelf))
    site[links.OPENSEARCH] = opensearch(corpus.site, base_url)
    site["sitemap.xml"] = sitemap(pages, base_url)
    site["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {base_url}sitemap.xml\n".encode()
    site[".nojekyll"] = b""
    return site


def text_files(corpus: Corpus) -> dict[str, bytes]:
    """Every text in its other formats, and its witness's spelling for the reading page's switch."""
    files = {}
    for edition in corpus.editions:
        files[links.data_file(edition.id, "json")] = as_json(corpus, edition)
        if edition.witness:
            spelling = json.dumps(source_spelling(edition), ensure_ascii=False)
            # A script file, since a page on a disk may load no other.
            files[links.source_script(edition.id)] = f"archive.source({spelling})\n".encode()
    return files


def index_files(shelf: Shelf) -> dict[str, bytes]:
    """Every index as data, and what each reading page shows of what it names."""
    tables = as_tables(shelf.corpus, shelf.indexes)
    files = {f"{links.DATA}/{name}": data for name, data in tables}
    for edition in shelf.corpus.editions:
        named = json.dumps(cards(shelf, edition.id), ensure_ascii=False, separators=(",", ":"))
        files[links.names_script(edition.id)] = f"archive.names({named})\n".encode()
    return files


def data_files(corpus: Corpus) -> dict[str, bytes]:
    """The corpus itself under `data/`, with checksums."""
    copies = {f"{links.DATA}/{name}": data for name, data in corpus.files.items()}
    return copies | {f"{links.DATA}/{CHECKSUMS}": corpus.checksums}


def sitemap(pages: Iterable[str], base_url: str) -> bytes:
    """`sitemap.xml` for the pages, under `base_url`."""
    urls = "".join(
        f"<url><loc>{escape(base_url + quote(page.removesuffix('index.html')))}</loc></url>\n"
        for page in sorted(pages)
    )
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{urls}</urlset>\n'.encode()


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
