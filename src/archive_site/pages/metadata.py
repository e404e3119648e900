"""The metadata on a text's page for citing it, by people and programs: references, meta elements,
COinS, linked data (schema.org)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.contributors import Credited, sure
from archive_site.corpus.provenance import licenses_of
from archive_site.corpus.records import Site
from archive_site.edition.authority import Entry
from archive_site.edition.identifiers import address_of
from archive_site.exports import harvest
from archive_site.exports import preview as picture
from archive_site.exports.citations import as_coins, title_of, year_or_day
from archive_site.exports.formats import Download, downloads_of
from archive_site.exports.publication import NO_WORKS, Publication, StyledReference
from archive_site.files.tabular import Json
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.text.dates import is_day, is_plain
from archive_site.text.document import CREATING, Meta, Original

TEXT_TYPES = {
    "report": "Report",
    "article": "Article",
    "essay": "Article",
    "letter": "Message",
    "drama": "Play",
    "decree": "Legislation",
    "newspaper-article": "NewsArticle",
}
"""The type of schema.org for a kind of text; the type of all others is `CreativeWork`."""
COUNTED = ("Report", "Article", "NewsArticle")
"""The types that have a number of words."""
ENTRY_TYPES = {
    "person": "Person",
    "organisation": "Organization",
    "place": "Place",
    "work": "CreativeWork",
    "event": "Event",
    "notion": "DefinedTerm",
}
SCHEMA_ROLES = {
    "author": CREATING,
    "recipient": ("addressee",),
    "translator": ("translator",),
    "editor": ("editor", "annotator", "compiler"),
    "contributor": ("author of introduction", "commentator", "transcriber", "contributor"),
    "publisher": ("publisher",),
}
"""The roles of contributors in each property of schema.org."""
PLACES_SAID = 5
"""The most places in `spatialCoverage`: those that a text names most often."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A meta element: the attribute for its name (`name` or `property`), its name, its content."""

    attribute: str
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Citing:
    """Everything on a text's page for citing and downloading it."""

    references: tuple[StyledReference, ...]
    coins: str
    downloads: tuple[Download, ...]
    tags: tuple[Tag, ...]
    data: Mapping[str, Json]


def citing(publication: Publication, sizes: Mapping[str, int], page: str) -> Citing:
    """The citing data of a text for the page at `page`. `sizes` has the size in bytes of the site's
    files."""
    return Citing(
        references=publication.references,
        coins=as_coins(publication),
        downloads=downloads_of(publication.meta.id, sizes, page),
        tags=_tags(publication, sizes),
        data=_text_data(publication, sizes, page),
    )


def _tags(publication: Publication, sizes: Mapping[str, int]) -> tuple[Tag, ...]:
    """The meta elements of a text's page: Highwire (for scholarly search engines), Dublin Core,
    Open Graph."""
    meta, site = publication.meta, publication.site
    authors = sure(meta, publication.entries)
    pdf = urls.data_file(meta.id, "pdf")
    image = preview(site, sizes, urls.data_file(meta.id, "png"))
    width, height = picture.SIZE
    highwire = {
        "citation_title": title_of(meta),
        "citation_publication_date": year_or_day(meta.date.value).replace("-", "/"),
        "citation_inbook_title": site.title,
        "citation_language": meta.language,
        "citation_public_url": publication.address,
        "citation_pdf_url": urls.address(site.base_url, pdf) if pdf in sizes else "",
        "citation_doi": dict(meta.identifiers).get("doi", ""),
    }
    graph = {
        "og:type": "article",
        "og:site_name": site.title,
        "og:title": title_of(meta),
        "og:description": meta.summary,
        "og:locale": "fr_FR",
        "og:url": publication.address,
        "og:image": image,
        "og:image:width": str(width) if image else "",
        "og:image:height": str(height) if image else "",
    }
    dublin_core = harvest.dublin_core(publication)
    tags = (
        *(Tag("name", name, content) for name, content in highwire.items()),
        *(Tag("name", "citation_author", who.sort) for who in authors),
        *(Tag("name", f"DC.{name}", content) for name, content in dublin_core),
        *(Tag("property", name, content) for name, content in graph.items()),
    )
    return tuple(tag for tag in tags if tag.content)


def preview(site: Site, sizes: Container[str], path: str) -> str:
    """The address of the preview image at `path`; empty if the site has no such file."""
    return urls.address(site.base_url, path) if path in sizes else ""


# ---------------------------------------------------------------- linked data


def _text_data(publication: Publication, sizes: Mapping[str, int], page: str) -> Mapping[str, Json]:
    """A text as data of schema.org, with the entries that it mentions."""
    meta, site = publication.meta, publication.site
    named = _named(publication)

    def link(key: str) -> str:
        return urls.identity(site.base_url, page, urls.entry_page(publication.entries[key]))

    def people(who: Credited) -> Mapping[str, Json]:
        if who.key:
            return entry_data(publication.entries[who.key], link(who.key))
        return {"@type": "Person" if who.person else "Thing", "name": who.name}

    by_role = {
        name: [people(who) for who in sure(meta, publication.entries, roles)]
        for name, roles in SCHEMA_ROLES.items()
    }
    rights = publication.summary.rights
    kind = TEXT_TYPES.get(meta.kind, "CreativeWork")
    places = [_mentioned(e, link(e.key)) for e in named if e.kind == "place"]
    data: dict[str, Json] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": urls.identity(site.base_url, page, page),
        "url": publication.address,
        "name": title_of(meta),
        "alternateName": meta.short_title,
        "genre": publication.summary.kind,
        **{name: _one_or_all(found) for name, found in by_role.items()},
        "identifier": [
            {"@type": "PropertyValue", "propertyID": scheme, "value": value}
            for scheme, value in meta.identifiers
        ],
        "sameAs": [address for pair in meta.identifiers if (address := address_of(*pair))],
        "license": [license_.address for license_ in licenses_of(meta)],
        "translationOfWork": _original_data(meta),
        "archivedAt": meta.source.url,
        "dateCreated": meta.date.value if is_plain(meta.date.value) else "",
        "dateModified": max((r.date for r in meta.revisions), default=""),
        "locationCreated": {"@type": "Place", "name": meta.place.value} if meta.place.value else "",
        "temporalCoverage": meta.covers.value,
        "spatialCoverage": places[:PLACES_SAID],
        "inLanguage": meta.language,
        "abstract": meta.summary,
        "version": publication.edition.version,
        "isPartOf": _one_or_all(
            [
                _part_of(site, page, "", site.title),
                *(_part_of(site, page, *path[-1]) for path in publication.summary.collections),
            ]
        ),
        "isBasedOn": _witness_data(publication, page) or meta.source.edition,
        "encoding": [
            {
                "@type": "MediaObject",
                "name": file.name,
                "contentUrl": file.href,
                "encodingFormat": file.media_type,
                "contentSize": str(file.bytes),
            }
            for file in downloads_of(meta.id, sizes, page)
        ],
        "copyrightNotice": " ; ".join(f"{layer} : {words}" for layer, words in rights),
        "creditText": publication.reference,
        "mentions": [_mentioned(e, link(e.key)) for e in sorted(named, key=lambda e: e.key)],
    }
    if kind != "Message":
        data["recipient"] = None
    if kind in COUNTED:
        data["wordCount"] = publication.summary.word_count
    return _stated(data)


def _original_data(meta: Meta) -> Mapping[str, Json] | None:
    """What the text is a translation of."""
    original = meta.original
    if original == Original():
        return None
    return _stated(
        {
            "@type": "CreativeWork",
            "name": original.title,
            "inLanguage": original.language,
            "dateCreated": original.date if is_plain(original.date) else "",
        }
    )


def _witness_data(publication: Publication, page: str) -> Mapping[str, Json] | None:
    witness = publication.edition.witness
    if witness is None:
        return None
    return {
        "@type": "MediaObject",
        "name": witness.name,
        "contentUrl": urls.relative(page, urls.witness_file(witness.name)),
        "encodingFormat": "text/plain",
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "SHA-256",
            "value": witness.sha256,
        },
    }


def archive_data(model: SiteModel, page: str) -> Mapping[str, Json]:
    """The archive as data of schema.org, for the page at `page`, with its texts."""
    site = model.site
    return _stated(
        {
            "@context": "https://schema.org",
            "@type": "Collection",
            "@id": urls.identity(site.base_url, page, page),
            "name": site.title,
            "alternateName": site.subtitle,
            "description": " ".join(site.purpose),
            "temporalCoverage": site.covers,
            "version": model.version,
            "dateModified": model.revised,
            "hasPart": [_text_part(site, page, text) for text in model.texts.values()],
        }
    )


def collection_data(model: SiteModel, key: str, page: str) -> Mapping[str, Json]:
    """A collection as data of schema.org, for the page at `page`, with its texts."""
    site, collections = model.site, model.collections
    collection = collections.known[key]
    outer = [
        _part_of(site, page, part, collections.known[part].title) for part in collection.parents
    ]
    return _stated(
        {
            "@context": "https://schema.org",
            "@type": "Collection",
            "@id": urls.identity(site.base_url, page, page),
            "name": collection.title,
            "description": collection.description,
            "isPartOf": outer or _part_of(site, page, "", site.title),
            "hasPart": [
                *(
                    _part_of(site, page, part, collections.known[part].title)
                    for part in collections.parts[key]
                ),
                *(_text_part(site, page, model.texts[text_id]) for text_id in collections.own[key]),
            ],
        }
    )


def _part_of(site: Site, page: str, key: str, title: str) -> Mapping[str, Json]:
    """A collection, or the archive (`key` is empty), as a part or a whole of another thing."""
    path = urls.collection_page(key) if key else urls.HOME
    return {
        "@type": "Collection",
        "@id": urls.identity(site.base_url, page, path),
        "name": title,
    }


def _text_part(site: Site, page: str, text: TextOfSite) -> Mapping[str, Json]:
    return {
        "@type": TEXT_TYPES.get(text.meta.kind, "CreativeWork"),
        "@id": urls.identity(site.base_url, page, urls.text_page(text.id)),
        "name": title_of(text.meta),
    }


def entry_data(
    entry: Entry, address: str, works: Mapping[str, FormattedReference] = NO_WORKS
) -> Mapping[str, Json]:
    """An entry as data of schema.org. `address` is the address of its page; `works` are the works
    of the bibliography that it is from, by key."""
    born, died = entry.born_and_died
    start, _, end = entry.date.value.partition("/")
    dates = {
        "event": {"startDate": start, "endDate": end},
        "work": {"datePublished": entry.date.value},
        "person": {"birthDate": born, "deathDate": died},
    }.get(entry.kind, {})
    identifiers = [address_of(who, number) for who, number in entry.same_as]
    return _stated(
        {
            "@type": ENTRY_TYPES[entry.kind],
            "@id": address,
            "name": entry.name,
            "description": entry.description,
            **{name: value for name, value in dates.items() if is_plain(value)},
            "geo": _geo(entry),
            "sameAs": [*identifiers, *entry.links],
            "subjectOf": [
                {
                    "@type": "CreativeWork",
                    "name": ", ".join(
                        filter(None, (works[c.key].words.removesuffix("."), c.locator))
                    ),
                }
                for c in entry.sources
                if c.key in works
            ],
        }
    )


def _one_or_all(values: Sequence[Json]) -> Json:
    """A value if there is only one, else the list of all."""
    return values[0] if len(values) == 1 else list(values)


def _geo(entry: Entry) -> Mapping[str, Json] | None:
    """The coordinates of a place."""
    if not entry.coordinates:
        return None
    latitude, longitude = entry.coordinates
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def _stated(data: Mapping[str, Json]) -> Mapping[str, Json]:
    """The properties that have a value."""
    return {name: value for name, value in data.items() if value}


def _named(publication: Publication) -> list[Entry]:
    """The entries that a text names, the most frequent first."""
    counts = Counter(m.key for p in publication.passages for m in p.mentions if not is_day(m.key))
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    return [publication.entries[key] for key in keys if key in publication.entries]


def _mentioned(entry: Entry, address: str) -> Mapping[str, Json]:
    data = entry_data(entry, address)
    return {name: data[name] for name in ("@type", "@id", "name") if name in data}
