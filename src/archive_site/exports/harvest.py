"""Files for harvesters: an Atom feed, sitemaps, and Dublin Core in an OAI static repository.

`urn` makes names from the archive's title, so that they do not change when the archive moves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, indent, tostring

from markupsafe import escape

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.contributors import sure
from archive_site.corpus.provenance import licenses_of
from archive_site.corpus.records import Site
from archive_site.corpus.summary import certainty_of
from archive_site.edition.authority import Entry
from archive_site.edition.collections import Collection as TextCollection
from archive_site.edition.identifiers import address_of
from archive_site.exports.citations import title_of
from archive_site.exports.publication import FIRST_MOMENT, Publication
from archive_site.text.document import CREATING, RELATORS, Revision
from archive_site.text.typography import NBSP, typeset

NAMES = UUID("a0f2f1d6-3c0e-5f0b-9a53-7d7c0f0e4b61")
"""The namespace of the names (version 5 UUIDs) made from titles of archives."""
ENTRIES = 50
"""The most entries in a feed: enough to have the news of about a year."""
ENCLOSED = {"epub": "application/epub+zip", "pdf": "application/pdf"}
"""The downloads of a text that the feed links to: suffix → media type."""
PARTS, IN_FEED, IN_REPOSITORY = "parts", 1, 2
"""The placeholder element that the elements of all texts replace, and their depth in each file."""
URLS = 50_000
"""The most addresses in a sitemap."""
HELPING = tuple(role for role in RELATORS if role not in CREATING)
"""The roles of those who contributed to a text that is another's."""
MOST_NAMED, OFTEN = 10, 3
"""The most subjects of a text, and the fewest mentions that make an entry a subject."""
NO_ADDRESS = "adresse-inconnue@archive.invalid"
"""The e-mail address in the OAI repository if the archive has none, since OAI-PMH requires one. The
domain cannot exist (RFC 2606)."""
_ENDS_IN_ADDRESS = re.compile(r"https?://\S+$")
_EMAIL = re.compile(r"(?:mailto:)?([^\s@/:?]+@[^\s@/:?]+\.[^\s@/:?]+)(?:\?.*)?")
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(?:\.[a-zA-Z][a-zA-Z0-9-]*)+")  # oai-identifier.xsd

ATOM = "http://www.w3.org/2005/Atom"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def urn(site: Site, name: str = "") -> str:
    """A unique name for the archive, or for something in it."""
    return uuid5(uuid5(NAMES, site.title), name).urn


def _element(tag: str, text: str = "", *children: Element, **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.text = text or None
    made.extend(children)
    return made


def _written(element: Element, depth: int) -> str:
    """An element as XML, indented for its depth."""
    indent(element, " ", depth)
    element.tail = None
    written: str = tostring(element, "unicode")
    return written


def _xml(root: Element, parts: Sequence[str], depth: int) -> bytes:
    """An XML document in which `parts`, at `depth`, replace the element `PARTS`."""
    line = "\n" + " " * depth
    written = _written(root, 0)
    written = written.replace(f"{line}<{PARTS} />", "".join(line + part for part in parts))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _sentence(words: str) -> str:
    """`words` with an initial capital and a full stop, unless they end with such a mark; empty if
    there are none."""
    ended = not words or words.endswith((".", "!", "?", "…"))
    return words[:1].upper() + words[1:] + ("" if ended else ".")


# ---------------------------------------------------------------- the feed


@dataclass(frozen=True, slots=True)
class News:
    """An entry of the feed as XML, and its time (RFC 3339)."""

    moment: str
    entry: str


@dataclass(frozen=True, slots=True)
class _News:
    """A new text, or a later revision of one: its time (RFC 3339), and the id of its entry."""

    publication: Publication
    moment: str
    id: str
    revision: Revision | None
    new: bool


def news_of(
    site: Site, publication: Publication, base_url: str, sizes: Mapping[str, int]
) -> list[News]:
    """The entries of one text in the feed."""
    news = _news(site, publication)
    return [News(n.moment, _written(_entry(n, base_url, sizes), IN_FEED)) for n in news]


def feed_of(
    site: Site, news: Iterable[News], base_url: str, collection: TextCollection | None = None
) -> bytes:
    """`feed.xml` from the news of all texts, or of those of a collection."""
    about = _about(site, collection)
    news = sorted(news, key=lambda entry: entry.moment, reverse=True)[:ENTRIES]
    updated = max((entry.moment for entry in news), default=_rfc3339(FIRST_MOMENT))
    root = _element(
        "feed",
        "",
        _element("id", urn(site, about.name)),
        _element("title", typeset(about.title)),
        *([_element("subtitle", typeset(about.subtitle))] if about.subtitle else []),
        _element("updated", updated),
        _element("author", "", _element("name", typeset(site.title))),
        _element("rights", interface.RIGHTS_BY_TEXT),
        _link("self", _href(base_url, about.feed), type="application/atom+xml"),
        _link("alternate", _href(base_url, about.page), type="text/html"),
        _element(PARTS),
        **{"xmlns": ATOM, "xml:lang": "fr"},
    )
    return _xml(root, [entry.entry for entry in news], IN_FEED)


@dataclass(frozen=True, slots=True)
class _About:
    """What a feed or a repository is about, the archive or a collection: its name within the
    archive, its title and subtitle; the paths of its page, its feed, its repository."""

    name: str
    title: str
    subtitle: str
    page: str
    feed: str
    repository: str


def _about(site: Site, collection: TextCollection | None) -> _About:
    if collection is None:
        return _About("", site.title, site.subtitle, urls.HOME, urls.FEED, urls.OAI)
    key = collection.key
    return _About(
        f"collections/{key}",
        f"{collection.title} – {site.title}",
        collection.description,
        urls.collection_page(key),
        urls.collection_file(key, urls.FEED),
        urls.collection_file(key, urls.OAI),
    )


def _news(site: Site, publication: Publication) -> Iterator[_News]:
    """The new text on the day of its first revision, and each later revision. The id of a revision
    has its day and its rank among the revisions of that day."""
    text_id = publication.meta.id
    revisions = sorted(publication.meta.revisions, key=lambda revision: revision.date)
    if not revisions:
        yield _News(publication, _rfc3339(publication.moment), urn(site, text_id), None, True)
    ranks: Counter[str] = Counter()
    for n, revision in enumerate(revisions):
        name = text_id
        if n:
            ranks[revision.date] += 1
            name = f"{text_id}#{revision.date}.{ranks[revision.date]}"
        yield _News(publication, f"{revision.date}T00:00:00Z", urn(site, name), revision, not n)


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _entry(news: _News, base_url: str, sizes: Mapping[str, int]) -> Element:
    publication, revision = news.publication, news.revision
    summary, text_id = publication.summary, publication.meta.id
    what = _sentence(typeset(revision.what)) if revision else ""
    doubt = f" ({summary.creator.certainty})" if summary.creator.certainty else ""
    author = summary.creator.name + doubt if news.new else typeset(revision.who if revision else "")
    kind = interface.NEW_TEXT if news.new else interface.REVISION
    return _element(
        "entry",
        "",
        _element("id", news.id),
        _element(
            "title",
            summary.title if news.new else interface.REVISION_OF.format(title=summary.title),
        ),
        *([_element("published", news.moment)] if revision else []),
        _element("updated", news.moment),
        *([_element("author", "", _element("name", author))] if author else []),
        _element("summary", f"{_in_short(publication)} {what}".strip() if news.new else what),
        _element("category", term=kind[0], label=kind[1]),
        _element("category", term=publication.meta.kind, label=summary.kind),
        *([_element("rights", " ".join(_rights(publication)))] if summary.rights else []),
        *(_link("license", license_.address) for license_ in licenses_of(publication.meta)),
        _link("alternate", _href(base_url, urls.text_page(text_id)), type="text/html"),
        *(
            _link("enclosure", _href(base_url, path), type=media, length=str(sizes[path]))
            for ending, media in ENCLOSED.items()
            if (path := urls.data_file(text_id, ending)) in sizes
        ),
    )


def _in_short(publication: Publication) -> str:
    """The text in a sentence or two: “Rapport, 27 mars 1922, Moscou. …”."""
    summary = publication.summary
    what = ", ".join(filter(None, (summary.kind, summary.date.value, summary.place.value)))
    return f"{_sentence(what)} {_sentence(summary.abstract or summary.first_sentence)}".strip()


def _rights(publication: Publication) -> list[str]:
    said = (f"{layer}{NBSP}: {words}" for layer, words in publication.summary.rights)
    return [words if _ENDS_IN_ADDRESS.search(words) else f"{words}." for words in said]


def _link(rel: str, href: str, **attributes: str) -> Element:
    return _element("link", rel=rel, href=href, **attributes)


def _href(base_url: str, path: str) -> str:
    """The address of a page; without a base URL, its path relative to the root of the site."""
    return urls.address(base_url, path) or quote(path)


# ---------------------------------------------------------------- sitemaps


def sitemap(pages: Mapping[str, str], base_url: str) -> dict[str, bytes]:
    """`sitemap.xml` for the pages, path → day of the last change (ISO 8601; empty: unknown). If
    there are more than `URLS` pages, it is an index of several sitemaps."""
    paths = sorted(pages)
    runs = [paths[at : at + URLS] for at in range(0, len(paths), URLS)] or [[]]
    maps = [{path: pages[path] for path in run} for run in runs]
    if len(maps) == 1:
        return {urls.SITEMAP: _sitemap("urlset", "url", maps[0], base_url)}
    stem = urls.SITEMAP.removesuffix(".xml")
    parts = {f"{stem}-{n}.xml": part for n, part in enumerate(maps, start=1)}
    latest = {name: max(part.values()) for name, part in parts.items()}
    return {urls.SITEMAP: _sitemap("sitemapindex", "sitemap", latest, base_url)} | {
        name: _sitemap("urlset", "url", part, base_url) for name, part in parts.items()
    }


def _sitemap(root: str, item: str, days: Mapping[str, str], base_url: str) -> bytes:
    lines = "".join(
        f"<{item}><loc>{escape(urls.address(base_url, path))}</loc>"
        + (f"<lastmod>{day}</lastmod>" if day else "")
        + f"</{item}>\n"
        for path, day in days.items()
    )
    opening = f'<{root} xmlns="{SITEMAPS}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{lines}</{root}>\n'.encode()


# ---------------------------------------------------------------- Dublin Core


def dublin_core(publication: Publication) -> list[tuple[str, str]]:
    """The text in the elements of Dublin Core: a pair (element, value) for each value. Names are
    data, prose is typeset. A proposed attribution is not a creator. The subjects are the entries
    that the text names most often."""
    summary, meta, site = publication.summary, publication.meta, publication.site
    witness = publication.edition.witness
    named = _most_named(publication)
    grounds = (f"{c.certainty}{NBSP}– {c.ground}" for c in summary.certainties)
    found = [
        ("title", title_of(meta)),
        *(("creator", words) for words in _people(publication, CREATING)),
        *(("subject", entry.name) for entry in named if entry.kind != "place"),
        ("description", _in_short(publication)),
        ("description", summary.event.value),
        *(("description", _sentence(ground)) for ground in grounds),
        ("publisher", site.title),
        *(("contributor", words) for words in _people(publication, HELPING)),
        *(("contributor", who) for who in dict.fromkeys(r.who for r in meta.revisions)),
        ("date", meta.date.value),
        ("type", "Text"),
        ("type", summary.kind),
        ("format", "text/html"),
        ("identifier", publication.address or urn(site, meta.id)),
        ("identifier", publication.reference),
        *(
            ("identifier", address_of(scheme, value) or _urn_of(scheme, value))
            for scheme, value in meta.identifiers
        ),
        ("source", summary.source),
        ("source", f"{witness.name} (SHA-256{NBSP}: {witness.sha256})" if witness else ""),
        ("language", meta.language),
        ("relation", site.base_url),
        ("relation", summary.original),
        *(("relation", path[-1][1]) for path in summary.collections),
        *(("coverage", entry.name) for entry in named if entry.kind == "place"),
        ("coverage", meta.covers.value),
        *(("rights", words) for words in _rights(publication)),
        *(("rights", license_.address) for license_ in licenses_of(meta)),
    ]
    return [(name, value) for name, value in found if value]


def _people(publication: Publication, roles: Collection[str]) -> Iterator[str]:
    """The sort forms of names, with the certainty if the attribution is probable, and the role of
    those who are no creators."""
    for who in sure(publication.meta, publication.entries, roles):
        role = interface.ROLES[who.role][0] if who.role in HELPING else ""
        sure_enough = who.certainty != "probable"
        certainty = "" if sure_enough else certainty_of("creator", who.certainty)
        said = ", ".join(filter(None, (role, certainty)))
        yield who.sort + (f" ({said})" if said else "")


def _urn_of(scheme: str, value: str) -> str:
    """An identifier without an address, as a URN."""
    return value if scheme == "urn" else f"urn:{scheme}:{value}"


def _most_named(publication: Publication) -> list[Entry]:
    """The entries that a text names most often, in descending order of mentions."""
    entries = publication.entries
    counts = Counter(
        mention.key
        for passage in publication.passages
        for mention in passage.mentions
        if mention.key in entries and mention.certainty in ("stated", "certain")
    )
    often = [(-count, entries[key].sort, key) for key, count in counts.items() if count >= OFTEN]
    return [entries[key] for _, _, key in sorted(often)[:MOST_NAMED]]


# ---------------------------------------------------------------- OAI-PMH


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a text as XML, and the day (ISO 8601) of its last change."""

    day: str
    record: str


def record_of(publication: Publication, base_url: str) -> Record:
    """The record of one text in the OAI static repository."""
    day = f"{publication.moment:%Y-%m-%d}"
    record = _record(publication, _oai_identifier(publication, base_url), day)
    return Record(day, _written(record, IN_REPOSITORY))


def oai_of(
    site: Site,
    records: Iterable[Record],
    base_url: str,
    collection: TextCollection | None = None,
) -> dict[str, bytes]:
    """`oai.xml` from the records of all texts, or of a collection: an OAI static repository in
    Dublin Core, which a gateway serves to harvesters
    (www.openarchives.org/OAI/2.0/guidelines-static-repository.htm). Its base URL is the address of
    the file, since no gateway is known. Without texts or without a base URL, there is no file."""
    records = tuple(records)
    if not records or not base_url:
        return {}
    about, email = _about(site, collection), _EMAIL.fullmatch(site.contact)
    formats = {
        "metadataPrefix": "oai_dc",
        "schema": f"{OAI}oai_dc.xsd",
        "metadataNamespace": f"{OAI}oai_dc/",
    }
    identity = {
        "repositoryName": about.title,
        "baseURL": urls.address(base_url, about.repository),
        "protocolVersion": "2.0",
        "adminEmail": email[1] if email else NO_ADDRESS,
        "earliestDatestamp": min(record.day for record in records),
        "deletedRecord": "no",
        "granularity": "YYYY-MM-DD",
    }
    root = _element(
        "Repository",
        "",
        _element("Identify", "", *_oai_elements(identity)),
        _element(
            "ListMetadataFormats", "", _element("oai:metadataFormat", "", *_oai_elements(formats))
        ),
        _element("ListRecords", "", _element(PARTS), metadataPrefix="oai_dc"),
        **{
            "xmlns": f"{OAI}static-repository",
            "xmlns:oai": OAI,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{OAI}static-repository {OAI}static-repository.xsd",
        },
    )
    return {about.repository: _xml(root, [record.record for record in records], IN_REPOSITORY)}


def _oai_elements(values: Mapping[str, str]) -> list[Element]:
    return [_element(f"oai:{name}", value) for name, value in values.items()]


def _record(publication: Publication, identifier: str, day: str) -> Element:
    header = {"identifier": identifier, "datestamp": day}
    dc = _element(
        "oai_dc:dc",
        "",
        *(_element(f"dc:{name}", value) for name, value in dublin_core(publication)),
        **{
            "xmlns:oai_dc": f"{OAI}oai_dc/",
            "xmlns:dc": DC,
            "xsi:schemaLocation": f"{OAI}oai_dc/ {OAI}oai_dc.xsd",
        },
    )
    return _element(
        "oai:record",
        "",
        _element("oai:header", "", *_oai_elements(header)),
        _element("oai:metadata", "", dc),
    )


def _oai_identifier(publication: Publication, base_url: str) -> str:
    """`oai:domain:path/text-id`; if the archive has no domain, the `urn` of the text."""
    text_id, address = publication.meta.id, urlsplit(base_url)
    domain, folder = address.hostname or "", quote(address.path.strip("/"), safe="/%")
    if not _DOMAIN.fullmatch(domain):
        return urn(publication.site, text_id)
    return f"oai:{domain}:{folder}/{text_id}" if folder else f"oai:{domain}:{text_id}"
