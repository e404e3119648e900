"""The element `teiHeader` of one of our own exports → `Meta`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from archive_site import interface
from archive_site.edition.front_matter import (
    CALENDARS,
    ID,
    NOTE_KINDS,
    RIGHTS_LAYERS,
    ROLES,
    STATUSES,
)
from archive_site.edition.identifiers import OF_TEXTS
from archive_site.findings import ArchiveError
from archive_site.sources.tei.exported_elements import key_named, one_of
from archive_site.sources.tei_vocabulary import CERTS, UNKNOWN, XML_ID, date_of
from archive_site.text.document import (
    Calendar,
    Claim,
    Contributor,
    Meta,
    Omission,
    Original,
    Revision,
    Source,
)

_ROLES = {role.replace(" ", "-"): role for role in ROLES}


def read_exported_header(header: Element) -> Meta:
    """The front matter in the element `teiHeader`.

    Raises `ArchiveError` if an element is missing that every header of `write_header` has."""
    by_id = {part.attrib[XML_ID]: part for part in header.iter() if XML_ID in part.attrib}
    for name in ("title", "kind", "status", "notes"):
        if f"meta.{name}" not in by_id:
            raise ArchiveError(f"a TEI header of this archive must have meta.{name}; found none")
    calendars: dict[str, Calendar] = {interface.CALENDARS[name]: name for name in CALENDARS}
    declared = header.findtext(f".//calendar/p[@{XML_ID}='meta.calendar']", "")
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

    def contributors() -> Iterator[Contributor]:
        for n in count(1):
            part = by_id.get(f"meta.contributor.{n}")
            if part is None:
                return
            found, key = claim(f"contributor.{n}"), key_named(part)
            name = "" if key or part.get("n") == UNKNOWN else found.value
            role = _ROLES[one_of(part, "role", tuple(_ROLES), "author")]
            yield Contributor(role, key, name, found.certainty, found.ground)

    def listed(name: str) -> Iterable[Element]:
        return by_id[f"meta.{name}"].iterfind("list/item") if f"meta.{name}" in by_id else ()

    return Meta(
        id=header.findtext(".//publicationStmt/idno[@type='archive']", ""),
        title=claim("title"),
        kind=_kind(by_id["meta.kind"]),
        contributors=tuple(contributors()),
        date=claim("date"),
        place=claim("place"),
        event=claim("event"),
        covers=claim("covers"),
        calendar=calendars.get(declared, ""),
        year=header.findtext(".//stdVals/p/date", ""),
        language=next((part.get("ident", "") for part in header.iter("language")), ""),
        short_title=header.findtext(".//titleStmt/title[@type='short']", ""),
        summary=header.findtext(".//abstract/p", ""),
        source=_read_source(header.find(".//sourceDesc/bibl[@type='source']")),
        original=_read_original(header.find(".//sourceDesc/bibl[@type='original']")),
        extraction=header.findtext(".//samplingDecl/p", ""),
        rights=tuple(
            (one_of(layer, "type", RIGHTS_LAYERS), layer.findtext("seg", ""))
            for layer in header.iterfind(".//availability/ab")
        ),
        license=tuple(
            (one_of(part, "n", RIGHTS_LAYERS), part.text or "")
            for part in header.iterfind(".//availability/licence")
        ),
        identifiers=tuple(
            (part.get("type", ""), part.text or "")
            for part in header.iterfind(".//publicationStmt/idno")
            if part.get("type") in OF_TEXTS
        ),
        collection=tuple(
            part.text or "" for part in header.iterfind(".//seriesStmt/idno[@type='collection']")
        ),
        work=header.findtext(".//publicationStmt/idno[@type='work']", ""),
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
            Omission(
                *_lines(item),
                item.findtext("seg", ""),
                item.findtext("quote", ""),
                "proposed" if item.get("cert") == CERTS["proposed"] else "certain",
            )
            for item in listed("omissions")
        ),
        aliases=tuple(
            (alias.text or "", unquote(alias.get("corresp", "").partition("#")[2]))
            for alias in header.iterfind(".//publicationStmt/idno[@type='alias']")
        ),
    )


def _kind(term: Element) -> str:
    kind = term.get("key", "")
    if not ID.fullmatch(kind):
        raise ArchiveError(f"key of term must be a kind of text; found “{kind}”")
    return kind


def _read_source(bibl: Element | None) -> Source:
    if bibl is None:
        return Source()
    if not len(bibl):
        return Source(bibl.text or "")
    date = bibl.find("date")
    return Source(
        bibl.findtext("note", ""),
        bibl.findtext("idno[@type='reference']", ""),
        bibl.findtext("edition", ""),
        bibl.findtext("biblScope", ""),
        bibl.findtext("orgName", ""),
        bibl.findtext("idno[@type='shelfmark']", ""),
        bibl.findtext("idno[@type='URI']", ""),
        date_of(date.attrib) if date is not None else "",
        bibl.findtext("name", ""),
    )


def _read_original(bibl: Element | None) -> Original:
    if bibl is None:
        return Original()
    language, date = bibl.find("textLang"), bibl.find("date")
    return Original(
        bibl.findtext("title", ""),
        language.get("mainLang", "") if language is not None else "",
        date_of(date.attrib) if date is not None else "",
        bibl.findtext("idno", ""),
        bibl.findtext("edition", ""),
    )


def _lines(item: Element) -> tuple[int, int]:
    """The first and the last witness line in an item."""
    locus = item.find("locus")
    ends = [locus.get(end, "") for end in ("from", "to")] if locus is not None else []
    if len(ends) != 2 or not all(end.isdecimal() for end in ends):
        raise ArchiveError("lines of the witness must be a locus with from and to")
    return int(ends[0]), int(ends[1])
