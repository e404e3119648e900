"""The TEI element `standOff`: the entries that a text names, so that pointers resolve within the
file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.edition.identifiers import address_of
from archive_site.exports.publication import Publication, entries_of
from archive_site.exports.tei.elements import (
    XmlLine,
    dated,
    element,
    escaped,
    is_plain,
    line,
    nested,
    pointer,
)
from archive_site.sources.tei_vocabulary import CERTS
from archive_site.text.dates import in_french
from archive_site.text.document import Cited

LISTS = {
    "person": "listPerson",
    "organisation": "listOrg",
    "place": "listPlace",
    "event": "listEvent",
    "work": "listBibl",
    "notion": "list",
}


def write_entries(publication: Publication) -> Iterator[XmlLine]:
    """The content of the element `standOff`: the entries that the text names, and their places and
    authors, by kind and key."""
    named = entries_of(publication).values()
    for kind, name in LISTS.items():
        of_kind = (entry for entry in named if entry.kind == kind)
        lines = chain.from_iterable(_entry(publication, entry) for entry in of_kind)
        yield from nested(name, lines, type="notions" if kind == "notion" else "")


def _entry(publication: Publication, entry: Entry) -> list[XmlLine]:
    xml_id = f"{entry.kind}.{entry.key}"
    sure = {"cert": CERTS[entry.certainty]} if entry.certainty != "certain" else {}
    match entry.kind:
        case "person":
            return nested("person", _person(publication, entry), xml_id=xml_id, **sure)
        case "organisation":
            return nested("org", _body(publication, entry, "orgName"), xml_id=xml_id, **sure)
        case "place":
            return nested("place", _body(publication, entry, "placeName"), xml_id=xml_id, **sure)
        case "event":
            attributes = dated(entry.date.value)
            attributes.pop("precision", None)  # TEI does not allow it on an event
            if entry.date.value and entry.date.certainty != "certain":
                attributes["cert"] = CERTS[entry.date.certainty]
            if entry.place:
                attributes["where"] = pointer(publication.entries, entry.place)
            return nested("event", _body(publication, entry, "label"), xml_id=xml_id, **attributes)
        case "work":
            return nested("bibl", _work(publication, entry), xml_id=xml_id, **sure)
        case _:
            gloss = f" {element('gloss', escaped(entry.description))}" if entry.description else ""
            said = "".join(f" {xml}" for _, xml in _elsewhere(publication, entry))
            return [
                line(
                    "item",
                    element("term", escaped(entry.name)) + gloss + said,
                    xml_id=xml_id,
                    **sure,
                )
            ]


def _person(publication: Publication, entry: Entry) -> Iterator[XmlLine]:
    yield from _names(entry, "persName")
    for tag, year in zip(("birth", "death"), entry.born_and_died, strict=True):
        if year:
            yield line(tag, when=year)
    yield from _elsewhere(publication, entry)
    if entry.description:
        yield line("note", escaped(entry.description))


def _body(publication: Publication, entry: Entry, tag: str) -> Iterator[XmlLine]:
    """An organisation, a place or an event: its name, its years, its description, identifiers."""
    yield from _names(entry, tag)
    years = element("date", entry.years, **_years(entry)) if entry.years else ""
    description = " ".join(filter(None, (years, escaped(entry.description))))
    if description:
        yield line("desc", description)
    yield from _elsewhere(publication, entry)


def _work(publication: Publication, entry: Entry) -> Iterator[XmlLine]:
    yield from _names(entry, "title")
    for key in entry.creators:
        ref = pointer(publication.entries, key)
        yield line("author", escaped(publication.entries[key].name), ref=ref)
    if entry.date.value:
        yield line("date", in_french(entry.date.value), **dated(entry.date.value))
    if entry.text and entry.text != publication.meta.id:
        here, there = (urls.data_file(i, "xml") for i in (publication.meta.id, entry.text))
        yield line("ptr", type="archive", target=urls.relative(here, there))
    yield from _elsewhere(publication, entry)
    if entry.description:
        yield line("note", escaped(entry.description))


def _names(entry: Entry, tag: str) -> Iterator[XmlLine]:
    """The name of an entry, and its sort form if that differs."""
    yield line(tag, escaped(entry.name))
    if entry.sort != entry.name:
        yield line(tag, escaped(entry.sort), type="sort")


def _years(entry: Entry) -> dict[str, str]:
    """The years of an entry as TEI attributes."""
    if is_plain(entry.years):
        return {"when": entry.years}
    return dict(zip(("from", "to"), entry.born_and_died, strict=True))


def _elsewhere(publication: Publication, entry: Entry) -> Iterator[XmlLine]:
    """The coordinates of an entry, its identifiers and links elsewhere, the works that it is from,
    and the ground of its certainty."""
    if entry.coordinates:
        latitude, longitude = entry.coordinates
        yield from nested("location", [line("geo", f"{latitude} {longitude}")])
    for who, number in entry.same_as:
        yield line("idno", escaped(address_of(who, number)), type=who)
    for link in entry.links:
        yield line("idno", escaped(link), type="URI")
    for cited in entry.sources:
        yield line("bibl", _source(publication, cited), type="source")
    if entry.judged[1]:
        yield line("note", escaped(entry.judged[1]), type="ground")


def _source(publication: Publication, cited: Cited) -> str:
    """A work that an entry is from, with the place in it."""
    here, page = urls.data_file(publication.meta.id, "xml"), urls.BIBLIOGRAPHY
    base_url = publication.site.base_url
    target = urls.address(base_url, page, cited.key) or urls.relative(here, page, cited.key)
    place = f", {element('biblScope', escaped(cited.locator))}" if cited.locator else ""
    return element("ref", escaped(cited.key), type="bibl", target=target) + place
