"""The TEI element `teiHeader` ⇄ `Meta`. The header also describes the editorial method and the
encoding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.summary import certainty_of
from archive_site.edition.front_matter import (
    CALENDARS,
    KINDS,
    NOTE_KINDS,
    RIGHTS_LAYERS,
    ROLES,
    STATUSES,
)
from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import (
    CERTS,
    EDITION,
    XML_ID,
    XmlLine,
    date_of,
    dated,
    element,
    escaped,
    key_named,
    line,
    nested,
    one_of,
    pointer,
)
from archive_site.findings import ArchiveError
from archive_site.text.dates import in_french
from archive_site.text.document import Addressee, Calendar, Claim, Creator, Meta, Omission, Revision
from archive_site.text.typography import NBSP, counted, typeset

CLAIMS = ("title", "creator", "addressee", "date", "place", "event", "covers")
"""The claims, which have a certainty and a ground."""
_METHODS = {
    "correction": {"method": "markup"},
    "normalization": {"method": "markup"},
    "quotation": {"marks": "all"},
    "hyphenation": {"eol": "none"},
}
_CITED = (
    (
        "§ ([0-9]+)",
        "#xpath(//body//*[@xml:id][@n='$1'][not(self::note)])",
        interface.CITED_BY_NUMBER,
    ),
    ("([a-z][a-z0-9-]*)", "#$1", interface.CITED_BY_ID),
)
"""The ways to cite a passage: a pattern, the pointer that it becomes, a description."""

# ---------------------------------------------------------------- writing


def write_header(publication: Publication) -> Iterator[XmlLine]:
    """The content of the element `teiHeader`."""
    yield from nested("fileDesc", _file(publication))
    yield from nested("encodingDesc", _encoding(publication))
    yield from nested("profileDesc", _profile(publication))
    meta = publication.meta
    yield from nested("revisionDesc", map(_revision, meta.revisions), status=meta.status)


def _file(publication: Publication) -> Iterator[XmlLine]:
    yield from nested("titleStmt", _titles(publication))
    yield from nested("editionStmt", [_edition(publication)])
    words, count = publication.summary.words, publication.summary.word_count
    yield from nested("extent", [line("measure", words, unit="word", quantity=count)])
    yield from nested("publicationStmt", _published(publication))
    yield from nested("notesStmt", _notes(publication))
    yield from nested("sourceDesc", _sources(publication))


def _claim(
    name: str, claim: Claim | Creator | Addressee, tag: str, content: str, /, **attributes: str
) -> Iterator[XmlLine]:
    """A claim with its certainty; nothing for the default, `Claim()`."""
    if claim != Claim():
        cert = CERTS[claim.certainty]
        yield line(tag, content, xml_id=f"meta.{name}", cert=cert, **attributes)


def _titles(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    title = escaped(meta.title.value)
    if meta.title.certainty != "stated":
        title = element("supplied", title, resp=EDITION)
    yield from _claim("title", meta.title, "title", title, type="main")
    if meta.short_title:
        yield line("title", escaped(meta.short_title), type="short")
    yield from _creator(publication)
    edition = [
        line("resp", interface.TEI_RESPONSIBLE),
        line("name", escaped(publication.site.title)),
    ]
    yield from nested("respStmt", edition, xml_id=EDITION[1:])


def _creator(publication: Publication) -> Iterator[XmlLine]:
    """The author. A proposed one is in a `respStmt`, after the author “Auteur non nommé”."""
    creator, entries = publication.meta.creator, publication.entries
    named = {"ref": pointer(entries, creator.key)} if creator.key in entries else {}
    named = named or {"key": creator.key}
    named["role"] = creator.role if creator.role != "author" else ""
    name = escaped(publication.summary.creator.name)
    if creator.certainty == "proposed" and creator.key in entries:
        yield line("author", name)
        name = escaped(entries[creator.key].name)
        proposed = _claim("creator", creator, "persName", name, **named)
        yield from nested(
            "respStmt", [line("resp", certainty_of("creator", "proposed")), *proposed]
        )
    else:
        yield from _claim("creator", creator, "author", name, **named)


def _edition(publication: Publication) -> XmlLine:
    meta, version = publication.meta, publication.edition.version
    status = element("term", interface.STATUSES[meta.status], xml_id="meta.status", key=meta.status)
    day = max((revision.date for revision in meta.revisions), default="")
    words = [status, interface.VERSION.format(version=version) if version else ""]
    words.append(element("date", in_french(day), when=day) if day else "")
    return line("edition", ", ".join(filter(None, words)), n=version)


def _published(publication: Publication) -> Iterator[XmlLine]:
    yield line("publisher", escaped(publication.site.title))
    yield line("idno", escaped(publication.meta.id), type="archive")
    if publication.address:
        yield line("idno", escaped(publication.address), type="URI")
    yield from (_alias(publication.meta, *alias) for alias in publication.meta.aliases)
    layers = (
        line(
            "ab",
            f"{_label(interface.RIGHTS_LAYERS[layer])} {element('seg', escaped(words))}",
            type=layer,
        )
        for layer, words in publication.meta.rights
    )
    yield from nested("availability", layers)


def _alias(meta: Meta, old: str, new: str) -> XmlLine:
    """An anchor that the text had, and the one that takes its place on its page."""
    here, page = urls.data_file(meta.id, "xml"), urls.text_page(meta.id)
    there = urls.relative(here, page, new) if new else ""
    return line("idno", escaped(old), type="alias", corresp=there)


def _label(words: str) -> str:
    return element("label", f"{words}{NBSP}:")


def _notes(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    for name in CLAIMS:
        ground = getattr(meta, name).ground
        if ground:
            yield line("note", escaped(ground), type="ground", target=f"#meta.{name}")
    for remark in meta.remarks:
        yield line("note", escaped(remark), type="remark")
    if publication.reference:
        yield line("note", escaped(publication.reference), type="citation")


def _sources(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    if meta.source:
        yield line("bibl", escaped(meta.source), type="source")
    if meta.witness:
        yield from nested("bibl", _witness(publication), type="witness")
    else:
        typed = element("note", interface.NO_DIGITAL_WITNESS)
        yield line("bibl", typed, type="witness")


def _witness(publication: Publication) -> Iterator[XmlLine]:
    name, witness = publication.meta.witness, publication.edition.witness
    yield line("idno", escaped(name), type="file")
    if witness:
        yield line("idno", witness.sha256, type="sha256")
        sizes = (
            (witness.size, "byte", interface.BYTES),
            (len(witness.lines), "line", interface.LINES),
        )
        measures = (
            element("measure", counted(size, *words), unit=unit, quantity=size)
            for size, unit, words in sizes
        )
        yield line("extent", ", ".join(measures))
    here = urls.data_file(publication.meta.id, "xml")
    yield line("ptr", target=urls.relative(here, urls.witness_file(name)))


def _encoding(publication: Publication) -> Iterator[XmlLine]:
    meta, site = publication.meta, publication.site
    purpose = (line("p", escaped(typeset(words))) for words in site.purpose or (site.title,))
    yield from nested("projectDesc", purpose)
    yield from nested("samplingDecl", _sampling(meta))
    yield from nested("editorialDecl", _editorial(meta))
    patterns = (
        nested("cRefPattern", [line("p", words)], matchPattern=pattern, replacementPattern=leads)
        for pattern, leads, words in _CITED
    )
    yield from nested("refsDecl", chain.from_iterable(patterns))


def _sampling(meta: Meta) -> Iterator[XmlLine]:
    """The extraction, the omissions, and the order of the witness lines in the text."""
    if meta.extraction:
        yield line("p", escaped(meta.extraction), xml_id="meta.extraction")
    listed = (
        ("omissions", interface.LINES_OMITTED, map(_omission, meta.omissions)),
        (
            "order",
            interface.LINES_ORDERED,
            (line("item", _locus(*lines)) for lines in meta.order),
        ),
    )
    for name, label, items in listed:
        if getattr(meta, name):
            lines = [(0, _label(label)), *nested("list", items)]
            yield from nested("ab", lines, xml_id=f"meta.{name}")


def _omission(omission: Omission) -> XmlLine:
    what = f"{_locus(omission.first, omission.last)} {element('seg', escaped(omission.why))}"
    words = element("quote", escaped(omission.text)) if omission.text else ""
    return line("item", f"{what} {words}".rstrip())


def _locus(first: int, last: int) -> str:
    words = f"{first}-{last}" if last != first else f"{first}"
    return element("locus", words, **{"from": first, "to": last})


def _editorial(meta: Meta) -> Iterator[XmlLine]:
    notes = element(
        "term", interface.WITNESS_NOTES[meta.notes], xml_id="meta.notes", key=meta.notes
    )
    year = element("date", meta.year, xml_id="meta.year", when=meta.year)
    more = {"segmentation": f"<p>{interface.OTHER_NOTES_ARE.format(whose=notes)}</p>"}
    if meta.year:
        more["stdVals"] = f"<p>{interface.DAYS_ARE_OF.format(year=year)}</p>"
    for name, prose in interface.TEI_DECLARATIONS.items():
        xml = " ".join(prose.split()) + more.get(name, "")
        set_right = re.sub(r"(?<=>)[^<]+(?=<)", lambda words: typeset(words[0]), xml)
        paragraphs = ((0, paragraph) for paragraph in re.findall("<p>.*?</p>", set_right))
        yield from nested(name, paragraphs, **_METHODS.get(name, {}))


def _profile(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    if meta.summary:
        yield from nested("abstract", [line("p", escaped(meta.summary))])
    yield from nested("creation", _creation(meta))
    if meta.language:
        yield from nested("langUsage", [line("language", ident=meta.language)])
    yield from nested("correspDesc", _correspondence(publication))
    known = CALENDARS[: CALENDARS.index(meta.calendar) + 1] if meta.calendar else ()
    calendars = (
        nested("calendar", [line("p", interface.CALENDARS[name])], xml_id=f"calendar.{name}")
        for name in known
    )
    yield from nested("calendarDesc", chain.from_iterable(calendars))
    years = meta.covers.value
    covers = element("date", in_french(years), **dated(years)) if years else ""
    terms = [
        line("term", publication.summary.kind, xml_id="meta.kind", key=meta.kind),
        *_claim("covers", meta.covers, "term", covers, type="coverage"),
    ]
    yield from nested("textClass", nested("keywords", terms))


def _correspondence(publication: Publication) -> Iterator[XmlLine]:
    """Who writes to whom, when and from where, if the addressee is known."""
    meta, entries = publication.meta, publication.entries
    if not meta.addressee.key:
        return
    sender = entries.get(meta.creator.key)
    sent = (
        [line("persName", escaped(sender.name), ref=pointer(entries, sender.key))] if sender else []
    )
    sent += [line("placeName", escaped(meta.place.value))] if meta.place.value else []
    sent += [line("date", **dated(meta.date.value))] if meta.date.value else []
    yield from nested("correspAction", sent, type="sent")
    to, key = entries.get(meta.addressee.key), meta.addressee.key
    named = {"ref": pointer(entries, key)} if to else {"key": key}
    name = escaped(to.name if to else key)
    received = _claim("addressee", meta.addressee, "persName", name, **named)
    yield from nested("correspAction", received, type="received")


def _creation(meta: Meta) -> Iterator[XmlLine]:
    day = meta.date.value
    yield from _claim("date", meta.date, "date", in_french(day), **dated(day))
    yield from _claim("place", meta.place, "placeName", escaped(meta.place.value))
    yield from _claim("event", meta.event, "name", escaped(meta.event.value), type="event")


def _revision(revision: Revision) -> XmlLine:
    who = f"{element('name', escaped(revision.who))}{NBSP}: " if revision.who else ""
    return line("change", who + element("seg", escaped(revision.what)), when=revision.date)


# ---------------------------------------------------------------- reading


def read_header(header: Element) -> Meta:
    """The front matter in the element `teiHeader`.

    Raises `ArchiveError` if an element is missing that every header of `write_header` has."""
    by_id = {part.attrib[XML_ID]: part for part in header.iter() if XML_ID in part.attrib}
    for name in ("title", "creator", "kind", "status", "notes"):
        if f"meta.{name}" not in by_id:
            raise ArchiveError(f"a TEI header of this archive must have meta.{name}; found none")
    creator = by_id["meta.creator"]
    calendar: Calendar | Literal[""] = next(
        (c for c in reversed(CALENDARS) if f"calendar.{c}" in by_id), ""
    )
    grounds = {
        note.get("target"): note.text or ""
        for note in header.iterfind(".//notesStmt/note[@type='ground']")
    }

    def claim(name: str) -> Claim:
        if f"meta.{name}" not in by_id:
            return Claim()
        part = by_id[f"meta.{name}"]
        dates = (date_of(inner.attrib) for inner in part.iter())
        value = "".join(part.itertext() if name not in ("date", "covers") else dates)
        certainties = {cert: certainty for certainty, cert in CERTS.items()}
        certainty = certainties[one_of(part, "cert", tuple(certainties))]
        return Claim(value, certainty, grounds.get(f"#meta.{name}", ""))

    def listed(name: str) -> Iterable[Element]:
        return by_id[f"meta.{name}"].iterfind("list/item") if f"meta.{name}" in by_id else ()

    return Meta(
        id=header.findtext(".//publicationStmt/idno[@type='archive']", ""),
        title=claim("title"),
        kind=one_of(by_id["meta.kind"], "key", KINDS),
        creator=Creator(
            key_named(creator),
            one_of(creator, "role", ROLES, "author"),
            claim("creator").certainty,
            claim("creator").ground,
        ),
        addressee=Addressee(
            key_named(by_id["meta.addressee"]),
            claim("addressee").certainty,
            claim("addressee").ground,
        )
        if "meta.addressee" in by_id
        else Addressee(),
        date=claim("date"),
        place=claim("place"),
        event=claim("event"),
        covers=claim("covers"),
        calendar=calendar,
        year=header.findtext(".//stdVals/p/date", ""),
        language=next((part.get("ident", "") for part in header.iter("language")), ""),
        short_title=header.findtext(".//titleStmt/title[@type='short']", ""),
        summary=header.findtext(".//abstract/p", ""),
        source=header.findtext(".//bibl[@type='source']", ""),
        extraction=header.findtext(".//samplingDecl/p", ""),
        rights=tuple(
            (one_of(layer, "type", RIGHTS_LAYERS), layer.findtext("seg", ""))
            for layer in header.iterfind(".//availability/ab")
        ),
        witness=header.findtext(".//bibl[@type='witness']/idno[@type='file']", ""),
        status=one_of(by_id["meta.status"], "key", STATUSES),
        notes=one_of(by_id["meta.notes"], "key", NOTE_KINDS),
        remarks=tuple(
            remark.text or "" for remark in header.iterfind(".//notesStmt/note[@type='remark']")
        ),
        revisions=tuple(
            Revision(
                change.get("when", ""), change.findtext("seg", ""), change.findtext("name", "")
            )
            for change in header.iterfind("revisionDesc/change")
        ),
        order=tuple(map(_lines, listed("order"))),
        omissions=tuple(
            Omission(*_lines(item), item.findtext("seg", ""), item.findtext("quote", ""))
            for item in listed("omissions")
        ),
        aliases=tuple(
            (alias.text or "", unquote(alias.get("corresp", "").partition("#")[2]))
            for alias in header.iterfind(".//publicationStmt/idno[@type='alias']")
        ),
    )


def _lines(item: Element) -> tuple[int, int]:
    """The first and the last witness line in an item."""
    locus = item.find("locus")
    ends = [locus.get(end, "") for end in ("from", "to")] if locus is not None else []
    if len(ends) != 2 or not all(end.isdecimal() for end in ends):
        raise ArchiveError("lines of the witness must be a locus with from and to")
    return int(ends[0]), int(ends[1])
