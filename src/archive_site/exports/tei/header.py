"""The TEI element `teiHeader`. The header also describes the editorial method and the
encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.contributors import Credited, credited
from archive_site.corpus.summary import certainty_of, date_in_words
from archive_site.edition.licenses import license_of
from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import (
    EDITION,
    XmlLine,
    dated,
    element,
    escaped,
    line,
    nested,
    pointer,
    pointer_to_work,
)
from archive_site.sources.tei_vocabulary import CERTS, UNKNOWN
from archive_site.text.citations import read_cited
from archive_site.text.dates import in_french
from archive_site.text.document import (
    CREATING,
    Calendar,
    Claim,
    Contributor,
    Meta,
    Omission,
    Original,
    Revision,
    Source,
)
from archive_site.text.typography import NBSP, counted, typeset

CLAIMS = ("title", "date", "place", "event", "covers")
"""The claims, which have a certainty and a ground, as contributors do."""
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


def write_header(publication: Publication, republican: bool = False) -> Iterator[XmlLine]:
    """The content of the element `teiHeader`. `republican`: whether the text names days by the
    Republican calendar."""
    yield from nested("fileDesc", _file(publication))
    yield from nested("encodingDesc", _encoding(publication))
    yield from nested("profileDesc", _profile(publication, republican))
    meta = publication.meta
    yield from nested("revisionDesc", map(_revision, meta.revisions), status=meta.status)


def _file(publication: Publication) -> Iterator[XmlLine]:
    yield from nested("titleStmt", _titles(publication))
    yield from nested("editionStmt", [_edition(publication)])
    words, count = publication.summary.words, publication.summary.word_count
    yield from nested("extent", [line("measure", words, unit="word", quantity=count)])
    yield from nested("publicationStmt", _published(publication))
    titles = {path[-1][0]: path[-1][1] for path in publication.summary.collections}
    for key in publication.meta.collection:
        series = [line("title", escaped(titles.get(key, key)), level="s")]
        yield from nested("seriesStmt", [*series, line("idno", key, type="collection")])
    yield from nested("notesStmt", _notes(publication))
    yield from nested("sourceDesc", _sources(publication))


def _claim(
    name: str, claim: Claim | Contributor, tag: str, content: str, /, **attributes: str
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
    yield from _contributors(publication)
    edition = [
        line("resp", interface.TEI_RESPONSIBLE),
        line("name", escaped(publication.site.title)),
    ]
    yield from nested("respStmt", edition, xml_id=EDITION[1:])


def _contributors(publication: Publication) -> Iterator[XmlLine]:
    """The contributors but the addressee. A proposed author is in a `respStmt`, after the author
    “Auteur non nommé”."""
    meta = publication.meta
    if not meta.creators:
        yield line("author", interface.UNKNOWN_AUTHOR)
    for who, known, name in _numbered(publication):
        if who.role == "addressee":
            continue
        creating = who.role in CREATING
        if creating and who.certainty == "proposed" and known.name:
            yield line("author", interface.UNNAMED_AUTHOR)
            resp = line("resp", certainty_of("creator", "proposed"))
            yield from nested(
                "respStmt", [resp, *_person(publication, who, known, name, "persName")]
            )
        else:
            yield from _person(publication, who, known, name, "author" if creating else "editor")


def _numbered(publication: Publication) -> Iterator[tuple[Contributor, Credited, str]]:
    """Each contributor, who that is, and the name of the claim."""
    people = zip(
        publication.meta.contributors,
        credited(publication.meta, publication.entries),
        strict=True,
    )
    for n, (who, known) in enumerate(people, start=1):
        yield who, known, f"contributor.{n}"


def _person(
    publication: Publication, who: Contributor, known: Credited, name: str, tag: str
) -> Iterator[XmlLine]:
    """A contributor as an element. The name of someone without an entry is as the front matter has
    it."""
    nobody = interface.UNKNOWN_AUTHOR if who.role in CREATING else interface.UNKNOWN
    attributes = {
        "role": who.role.replace(" ", "-") if who.role != "author" else "",
        "ref": pointer(publication.entries, who.key) if who.key in publication.entries else "",
        "key": who.key if who.key not in publication.entries else "",
        "n": "" if who.known else UNKNOWN,
    }
    yield from _claim(name, who, tag, escaped(who.name or known.name or nobody), **attributes)


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
    if publication.meta.work:
        yield line("idno", escaped(publication.meta.work), type="work")
    for scheme, identifier in publication.meta.identifiers:
        yield line("idno", escaped(identifier), type=scheme)
    licences = [_licence(layer, text) for layer, text in publication.meta.license]
    yield from (_alias(publication.meta, *alias) for alias in publication.meta.aliases)
    layers = (
        line(
            "ab",
            f"{_label(interface.RIGHTS_LAYERS[layer])} {element('seg', escaped(words))}",
            type=layer,
        )
        for layer, words in publication.meta.rights
    )
    yield from nested("availability", [*licences, *layers])


def _licence(layer: str, text: str) -> XmlLine:
    known = license_of(text)
    return line("licence", escaped(text), n=layer, target=known.address if known else "")


def _alias(meta: Meta, old: str, new: str) -> XmlLine:
    """An anchor that the text had, and the one that takes its place on its page."""
    here, page = urls.data_file(meta.id, "xml"), urls.text_page(meta.id)
    there = urls.relative(here, page, new) if new else ""
    return line("idno", escaped(old), type="alias", corresp=there)


def _label(words: str) -> str:
    return element("label", f"{words}{NBSP}:")


def _notes(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    grounds = {name: getattr(meta, name).ground for name in CLAIMS}
    grounds |= {name: who.ground for who, _, name in _numbered(publication)}
    for name, ground in grounds.items():
        if ground:
            yield line("note", escaped(ground), type="ground", target=f"#meta.{name}")
    for remark in meta.remarks:
        yield line("note", escaped(remark), type="remark")
    if publication.reference:
        yield line("note", escaped(publication.reference), type="citation")


def _sources(publication: Publication) -> Iterator[XmlLine]:
    meta = publication.meta
    yield from _source(meta.source, publication.works)
    yield from _original(meta.original, publication.works)
    if meta.witness:
        yield from nested("bibl", _witness(publication), type="witness")
    else:
        typed = element("note", interface.NO_DIGITAL_WITNESS)
        yield line("bibl", typed, type="witness")


def _to_work(reference: str, works: Mapping[str, FormattedReference]) -> dict[str, str]:
    """The attributes of a reference: they lead to its work in the bibliography, if it is known."""
    key = read_cited(reference).key
    return {"type": "reference", "corresp": pointer_to_work(key) if key in works else ""}


def _source(source: Source, works: Mapping[str, FormattedReference]) -> Iterator[XmlLine]:
    """Where the text comes from: words, or elements for what is known."""
    if source == Source(source.note):
        if source.note:
            yield line("bibl", escaped(source.note), type="source")
        return
    said: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("idno", source.reference, _to_work(source.reference, works)),
        ("edition", source.edition, {}),
        ("biblScope", source.pages, {"unit": "page"}),
        ("orgName", source.repository, {"type": "repository"}),
        ("idno", source.shelf_mark, {"type": "shelfmark"}),
        ("idno", source.url, {"type": "URI"}),
        ("date", in_french(source.taken) if source.taken else "", dated(source.taken)),
        ("name", source.by, {"type": "taken"}),
        ("note", source.note, {}),
    )
    lines = [line(tag, escaped(words), **attributes) for tag, words, attributes in said if words]
    yield from nested("bibl", lines, type="source")


def _original(original: Original, works: Mapping[str, FormattedReference]) -> Iterator[XmlLine]:
    """What the text is a translation of."""
    lines = [line("title", escaped(original.title))] if original.title else []
    lines += [line("textLang", mainLang=original.language)] if original.language else []
    day = original.date
    lines += [line("date", in_french(day), **dated(day))] if day else []
    if original.reference:
        attributes = _to_work(original.reference, works)
        lines.append(line("idno", escaped(original.reference), **attributes))
    if original.edition:
        lines.append(line("edition", escaped(original.edition)))
    yield from nested("bibl", lines, type="original")


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
    cert = CERTS[omission.certainty] if omission.certainty != "certain" else ""
    return line("item", f"{what} {words}".rstrip(), cert=cert)


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


def _profile(publication: Publication, republican: bool) -> Iterator[XmlLine]:
    meta = publication.meta
    if meta.summary:
        yield from nested("abstract", [line("p", escaped(meta.summary))])
    yield from nested("creation", _creation(meta))
    if meta.language:
        yield from nested("langUsage", [line("language", ident=meta.language)])
    yield from nested("correspDesc", _correspondence(publication))
    calendars = (_calendar(name, meta) for name in _calendars(meta.calendar, republican))
    yield from nested("calendarDesc", chain.from_iterable(calendars))
    years = meta.covers.value
    covers = element("date", in_french(years), **dated(years)) if years else ""
    terms = [
        line("term", publication.summary.kind, xml_id="meta.kind", key=meta.kind),
        *_claim("covers", meta.covers, "term", covers, type="coverage"),
    ]
    yield from nested("textClass", nested("keywords", terms))


def _calendars(declared: str, republican: bool) -> Iterator[Calendar]:
    """The calendars of a text that declares one, or that names days by the Republican one."""
    if declared or republican:
        yield "gregorian"
    if declared == "julian":
        yield "julian"
    if republican or declared == "republican":
        yield "republican"


def _calendar(name: Calendar, meta: Meta) -> list[XmlLine]:
    """A calendar. The paragraph of the one that the front matter declares has an id."""
    xml_id = "meta.calendar" if name == meta.calendar else ""
    said = line("p", interface.CALENDARS[name], xml_id=xml_id)
    return nested("calendar", [said], xml_id=f"calendar.{name}")


def _correspondence(publication: Publication) -> Iterator[XmlLine]:
    """Who writes to whom, when and from where, if something is said of the addressee."""
    meta, entries = publication.meta, publication.entries
    people = list(_numbered(publication))
    if not any(who.role == "addressee" for who, _, _ in people):
        return
    sent = [
        line("persName", escaped(known.name), ref=pointer(entries, known.key) if known.key else "")
        for who, known, _ in people
        if who.role in CREATING and known.name
    ]
    sent += [line("placeName", escaped(meta.place.value))] if meta.place.value else []
    sent += [line("date", **dated(meta.date.value))] if meta.date.value else []
    yield from nested("correspAction", sent, type="sent")
    received = (
        _person(publication, who, known, name, "persName")
        for who, known, name in people
        if who.role == "addressee"
    )
    yield from nested("correspAction", chain.from_iterable(received), type="received")


def _creation(meta: Meta) -> Iterator[XmlLine]:
    day = meta.date.value
    yield from _claim("date", meta.date, "date", date_in_words(meta), **dated(day))
    yield from _claim("place", meta.place, "placeName", escaped(meta.place.value))
    yield from _claim("event", meta.event, "name", escaped(meta.event.value), type="event")


def _revision(revision: Revision) -> XmlLine:
    who = f"{element('name', escaped(revision.who))}{NBSP}: " if revision.who else ""
    return line("change", who + element("seg", escaped(revision.what)), when=revision.date)
