"""What a text's page says to those who cite it, people and tools: references, meta elements, COinS,
linked data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from typing import Any

from archive_site.corpus import urls
from archive_site.corpus.read import Site
from archive_site.corpus.summary import KIND_NAMES
from archive_site.edition.authority import Entry
from archive_site.exports import harvest
from archive_site.exports.citations import as_coins, author_of, title_of, year_or_day
from archive_site.exports.formats import offered_of
from archive_site.exports.publication import Publication
from archive_site.model.site_model import SiteModel
from archive_site.text.dates import is_day, is_plain
from archive_site.views.entries import linked_data

SCHEMA_TYPES = {"report": "Report", "article": "Article", "essay": "Article"}
"""What schema.org calls a kind of text; others are creative works, with their kind as genre."""
PREVIEW_SIZE = (1200, 630)
"""The size of the pictures that other sites show of a page, in pixels."""
PLACES_SAID = 5
"""How many of the places that a text names most often it is said to be about."""


def cite(publication: Publication, sizes: Mapping[str, int], page: str) -> dict[str, Any]:
    """What the page of a text at `page` offers to cite it and to take it along; `sizes`: of its
    files, in bytes."""
    return {
        "references": publication.references,
        "coins": as_coins(publication),
        "downloads": offered_of(publication.meta.id, sizes, page),
        "tags": _tags(publication, sizes),
        "data": _as_linked_data(publication, sizes, page),
    }


def _tags(publication: Publication, sizes: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """The meta elements of a text's page: the attribute that names it, the name, the content.
    Highwire's for scholarly search engines, Dublin Core's, Open Graph's."""
    meta, site = publication.meta, publication.site
    author = author_of(meta, publication.entries)
    pdf = urls.data_file(meta.id, "pdf")
    picture = preview(site, sizes, urls.data_file(meta.id, "png"))
    highwire = {
        "citation_title": title_of(meta),
        "citation_author": author.sort if author else "",
        "citation_publication_date": year_or_day(meta.date.value).replace("-", "/"),
        "citation_inbook_title": site.title,
        "citation_language": meta.language,
        "citation_public_url": publication.address,
        "citation_pdf_url": urls.address(site.base_url, pdf) if pdf in sizes else "",
    }
    graph = {
        "og:type": "article",
        "og:site_name": site.title,
        "og:title": title_of(meta),
        "og:description": meta.summary,
        "og:locale": "fr_FR",
        "og:url": publication.address,
        "og:image": picture,
        "og:image:width": str(PREVIEW_SIZE[0]) if picture else "",
        "og:image:height": str(PREVIEW_SIZE[1]) if picture else "",
    }
    tags = [("name", name, content) for name, content in highwire.items()]
    tags += [("name", f"DC.{name}", content) for name, content in harvest.dublin_core(publication)]
    tags += [("property", name, content) for name, content in graph.items()]
    return [tag for tag in tags if tag[2]]


def preview(site: Site, sizes: Container[str], path: str) -> str:
    """The address of the picture that other sites show of a page; empty where it has none."""
    return urls.address(site.base_url, path) if path in sizes else ""


# ---------------------------------------------------------------- linked data


def _as_linked_data(
    publication: Publication, sizes: Mapping[str, int], page: str
) -> dict[str, Any]:
    """The text as schema.org names it, with what it mentions."""
    meta, site = publication.meta, publication.site
    author = author_of(meta, publication.entries)
    named = _named(publication)

    def link(key: str) -> str:
        return urls.identity(site.base_url, page, urls.entry_page(publication.entries[key]))

    witness = publication.edition.witness
    rights = " ; ".join(f"{layer} : {words}" for layer, words in publication.said["rights"])
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": SCHEMA_TYPES.get(meta.kind, "CreativeWork"),
        "@id": urls.identity(site.base_url, page, page),
        "url": publication.address,
        "name": title_of(meta),
        "alternateName": meta.short_title,
        "genre": KIND_NAMES[meta.kind],
        "author": linked_data(author, link(author.key)) if author else None,
        "dateCreated": meta.date.value if is_plain(meta.date.value) else "",
        "dateModified": max((r.date for r in meta.revisions), default=""),
        "locationCreated": {"@type": "Place", "name": meta.place.value} if meta.place.value else "",
        "temporalCoverage": meta.covers.value,
        "spatialCoverage": [_mentioned(e, link(e.key)) for e in named if e.kind == "place"][
            :PLACES_SAID
        ],
        "inLanguage": meta.language,
        "abstract": meta.summary,
        "version": publication.edition.version,
        "isPartOf": {
            "@type": "Collection",
            "@id": urls.identity(site.base_url, page, urls.HOME),
            "name": site.title,
        },
        "isBasedOn": {
            "@type": "MediaObject",
            "name": witness.name,
            "contentUrl": urls.relative(page, f"{urls.DATA}/witnesses/{witness.name}"),
            "encodingFormat": "text/plain",
            "identifier": {
                "@type": "PropertyValue",
                "propertyID": "SHA-256",
                "value": witness.sha256,
            },
        }
        if witness
        else None,
        "encoding": [
            {
                "@type": "MediaObject",
                "name": file["name"],
                "contentUrl": file["href"],
                "encodingFormat": file["media_type"],
                "contentSize": str(file["bytes"]),
            }
            for file in offered_of(meta.id, sizes, page)
        ],
        "copyrightNotice": rights,
        "creditText": publication.reference,
        "mentions": [_mentioned(e, link(e.key)) for e in sorted(named, key=lambda e: e.key)],
    }
    if data["@type"] in SCHEMA_TYPES.values():
        data["wordCount"] = publication.said["word_count"]
    return {name: value for name, value in data.items() if value}


def collection(model: SiteModel, page: str) -> dict[str, Any]:
    """The archive as schema.org names it, on its page `page`: what it is, the texts it has."""
    site = model.site
    data = {
        "@context": "https://schema.org",
        "@type": "Collection",
        "@id": urls.identity(site.base_url, page, page),
        "name": site.title,
        "alternateName": site.subtitle,
        "description": " ".join(site.purpose),
        "temporalCoverage": site.covers,
        "version": model.version,
        "dateModified": model.revised,
        "hasPart": [
            {
                "@type": SCHEMA_TYPES.get(text.meta.kind, "CreativeWork"),
                "@id": urls.identity(site.base_url, page, urls.text_page(text.id)),
                "name": title_of(text.meta),
            }
            for text in model.texts.values()
        ],
    }
    return {name: value for name, value in data.items() if value}


def _named(publication: Publication) -> list[Entry]:
    """The entries that a text names, most often named first."""
    counts = Counter(m.key for p in publication.passages for m in p.mentions if not is_day(m.key))
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    return [publication.entries[key] for key in keys if key in publication.entries]


def _mentioned(entry: Entry, address: str) -> dict[str, Any]:
    data = linked_data(entry, address)
    return {name: data[name] for name in ("@type", "@id", "name") if name in data}
