"""References to a text: formatted by CSL styles, and as data for reference managers.

A formatted reference shows what is uncertain: what the editor supplied is in brackets, and an
attribution is marked as one. In the data, a proposed attribution is not an author, and a date that
is not plain is given in words.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus.bibliography import NAMES
from archive_site.corpus.contributors import Credited, credited, sure
from archive_site.corpus.provenance import apart
from archive_site.corpus.summary import certainty_of, date_in_words
from archive_site.exports.publication import Publication, StyledReference
from archive_site.files.tabular import Json, json_file
from archive_site.findings import NotPossible
from archive_site.text.dates import in_french, is_plain
from archive_site.text.document import CREATING, Claim, Meta
from archive_site.text.html import as_html
from archive_site.text.marks import INFERIOR, ITALIC, LEVEL, ROMAN, SUPERIOR
from archive_site.text.typography import THIN, typeset

CSL = "{http://purl.org/net/xbiblio/csl}"
CSL_ROLES = {
    "author": CREATING,
    "translator": ("translator",),
    "editor": ("editor", "annotator", "compiler"),
    "recipient": ("addressee",),
    "interviewer": ("interviewer",),
    "illustrator": ("illustrator",),
}
"""The roles of contributors in each variable of CSL."""
BIBTEX_ROLES = {
    "author": CREATING,
    "translator": ("translator",),
    "editor": ("editor", "compiler"),
    "annotator": ("annotator",),
    "commentator": ("commentator",),
    "introduction": ("author of introduction",),
}
"""The roles of contributors in each field of biblatex."""
RIS_ROLES = {"AU": CREATING, "A2": ("editor", "compiler"), "A4": ("translator",)}
"""The roles of contributors in each field of RIS."""
_LOCATOR, _ADDRESS = "\ufdd2\ufdd3"  # noncharacters, as the marks: no text has them
NO_ADDRESS = Markup("")
_DAYS = re.compile(r"(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?([~?%]?)")
_DOUBLE_STOP = re.compile(rf"(?<=[?!….])({ROMAN}?)\.(?=\s|$)")
_TEX = {c: "\\" + c for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style: its name and its parsed CSL."""

    name: str
    csl: Any


def read_styles(paths: Iterable[Path]) -> tuple[Style, ...]:
    """The citation styles in CSL files, in the order of `paths`.

    Raises `NotPossible` if a file is not a CSL style with a title and a bibliography."""
    return tuple(_read_style(path, path.stat().st_mtime_ns) for path in paths)


@lru_cache(maxsize=32)
def _read_style(path: Path, _changed: int) -> Style:
    from citeproc import CitationStylesStyle

    _search_once()
    hint = "Replace it by a CSL 1.0 style with a bibliography, such as 10-iso-690.csl."
    try:
        root = ElementTree.parse(path).getroot()
        name = root.findtext(f"{CSL}info/{CSL}title-short") or root.findtext(
            f"{CSL}info/{CSL}title"
        )
        if root.find(f"{CSL}bibliography") is None or not name:
            message = f"{path} must be a citation style with a title and a bibliography"
            raise NotPossible(message, hint)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Style(name.strip(), CitationStylesStyle(str(path), validate=False))
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise NotPossible(f"{path} must be a citation style: {error}", hint) from error


@lru_cache(maxsize=1)
def _search_once() -> None:
    """Cache the lookups of citeproc in a style. A style does not change, but citeproc repeats them
    for each reference, which takes half of its time."""
    from citeproc.model import CitationStylesElement

    search = CitationStylesElement.xpath_search
    CitationStylesElement.xpath_search = lru_cache(maxsize=4096)(search)


# ---------------------------------------------------------------- formatted


def cited(publication: Publication, styles: Iterable[Style]) -> Publication:
    """The publication with its reference in each style. `reference` is that of the first style."""
    item = json.dumps(_shown_item(publication))
    references = tuple(_formatted(item, style, publication.address) for style in styles)
    plain = references[0].plain if references else ""
    return replace(publication, reference=plain, references=references)


@lru_cache(maxsize=256)
def _formatted(item: str, style: Style, address: str) -> StyledReference:
    """The item (CSL-JSON), formatted in a style. Without an address, it also has `online`, the
    reference for a page that is read at an address."""
    fields = json.loads(item)
    online = _parted(reference_words({**fields, "URL": _ADDRESS}, style), style.name, address)
    if address:
        return online
    return replace(_parted(reference_words(fields, style), style.name, ""), online=online)


def reference_words(item: Mapping[str, Json], style: Style) -> str:
    """The reference to an item of CSL-JSON in a style, with marks for italics.

    Raises `StyleFails` if the style cannot format it."""
    from citeproc import Citation, CitationItem

    with set_in(item, style) as bibliography:
        bibliography.register(Citation([CitationItem(item["id"])]))
        words = "".join(str(line) for line in bibliography.bibliography())
    words = _DOUBLE_STOP.sub(r"\1", words).replace(f"{_ADDRESS}.", _ADDRESS)
    return _with_inner_quotation_marks(words)


class StyleFails(NotPossible):
    """A citation style cannot format an item."""


_HYPHENED = {name for name in NAMES if "-" in name}


@contextmanager
def set_in(item: Mapping[str, Json], style: Style) -> Iterator[Any]:
    """The bibliography of citeproc that has an item of CSL-JSON, in a style. Raises `StyleFails`
    for whatever goes wrong."""
    from citeproc import CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc warns of unknown variables, which do not matter
        try:
            source = CiteProcJSON([item])
            for reference in source.values():  # citeproc looks these up with their hyphens
                for name in _HYPHENED & item.keys():
                    reference[name] = reference[name.replace("-", "_")]
            yield CitationStylesBibliography(style.csl, source, FORMATTER)
        except Exception as error:  # a faulty style may raise anything
            hint = "Validate the style, or remove its file from citations/."
            message = f"the citation style {style.name} fails: {error!r}"
            raise StyleFails(message, hint) from error


def _with_inner_quotation_marks(words: str) -> str:
    """`words` with « » within « » as “ ”: the style may put the title in quotation marks."""
    depth, out = 0, []
    for part in re.split(f"(«{THIN}|{THIN}»)", words):
        opens, closes = part == f"«{THIN}", part == f"{THIN}»" and depth
        depth -= bool(closes)
        out.append("“" if opens and depth else "”" if closes and depth else part)
        depth += opens
    return "".join(out)


def _parted(words: str, name: str, address: str) -> StyledReference:
    before, _, after = words.partition(_LOCATOR)
    url = Markup('<span class="url">{}</span>').format(address)
    return StyledReference(
        name, styled_html(before.removesuffix(", "), url), styled_html(after, url)
    )


def _plain(text: object) -> str:
    return str(text)


def _italic(text: object) -> str:
    return f"{ITALIC}{text}{ROMAN}"


def _raised(text: object) -> str:
    return f"{SUPERIOR}{text}{LEVEL}"


def _lowered(text: object) -> str:
    return f"{INFERIOR}{text}{LEVEL}"


_UNMARKED = ("Bold", "Light", "Underline", "SmallCaps")
FORMATTER = SimpleNamespace(
    preformat=_plain,
    Italic=_italic,
    Oblique=_italic,
    Superscript=_raised,
    Subscript=_lowered,
    **dict.fromkeys(_UNMARKED, _plain),
)


def styled_html(words: str, url: Markup = NO_ADDRESS) -> Markup:
    """Words with marks as HTML; `url` stands where the address is."""
    return Markup(str(as_html(words)).replace(_ADDRESS, str(url)))


def _shown_item(publication: Publication) -> dict[str, Json]:
    """The text as CSL-JSON for a style, with typeset words. `status` is “supplied” if the witness
    does not state the author; `annote` is the certainty of the attribution."""
    meta, summary = publication.meta, publication.summary
    told_apart = apart(meta, publication.works)
    dated = interface.EDITION_OF.format(date=summary.revised) if summary.revised else ""
    version = interface.VERSION.format(version=publication.edition.version)
    item: dict[str, Json] = {
        "id": "text",
        "type": "chapter",
        "title": summary.title,
        "event-place": _bracketed(meta.place, typeset(meta.place.value)) or interface.NO_PLACE,
        "issued": {"literal": _bracketed(meta.date, typeset(_said(meta))) or interface.NO_DATE},
        "container-title": typeset(publication.site.title),
        "edition": ", ".join(filter(None, (typeset(told_apart), dated, version))),
        "version": publication.edition.version,
        "page": _LOCATOR,
        "translator": list(map(_doubted, sure(meta, publication.entries, ("translator",)))),
    }
    return {name: value for name, value in (item | _shown_author(publication)).items() if value}


def _bracketed(claim: Claim, words: str) -> str:
    """`words`, in brackets if the witness does not state the claim, with a question mark if it is
    proposed."""
    if not claim.value or claim.certainty == "stated":
        return words if claim.value else ""
    doubtful = claim.certainty == "proposed" and "(?)" not in words
    return f"[{words}{' ?' if doubtful else ''}]"


def _when(value: str) -> str:
    """A date in words for a reference, without “en” before a year: “2005 ou après”."""
    return in_french(value).removeprefix("en ")


def _said(meta: Meta) -> str:
    """The date of a text in words for a reference."""
    return date_in_words(meta).removeprefix("en ")


def _shown_author(publication: Publication) -> dict[str, Json]:
    meta, entries = publication.meta, publication.entries
    creators = [who for who in credited(meta, entries, CREATING) if who.name]
    if not creators:
        return {}
    doubtful = any(who.certainty not in ("stated", "certain") for who in creators)
    return {
        "author": _names(sure(meta, entries)) or [{"literal": interface.UNNAMED_AUTHOR}],
        "status": "supplied" if any(who.certainty != "stated" for who in creators) else "",
        "annote": publication.summary.creator.certainty if doubtful else "",
    }


def _doubted(who: Credited) -> Json:
    """A name as CSL data, with its certainty if it is only probable."""
    if who.certainty != "probable":
        return _name(who)
    return {"literal": typeset(f"{who.name} ({certainty_of('creator', who.certainty)})")}


def _names(people: Iterable[Credited]) -> list[Json]:
    return [_name(who) for who in people]


def _name(who: Credited) -> dict[str, str]:
    """A name as CSL data: divided if it has a family name, else as it is."""
    family, given = who.parts
    if not who.person:
        return {"literal": family}
    return {"family": family, "given": given} if given else {"family": family}


# ---------------------------------------------------------------- data


def as_csl(publications: Iterable[Publication]) -> bytes:
    """`.csl.json`: a list of CSL-JSON items, one for each text."""
    return json_file([csl_item(publication) for publication in publications])


def csl_item(publication: Publication) -> dict[str, Json]:
    """The text as CSL-JSON. What is not certain is in words in its note."""
    meta, site = publication.meta, publication.site
    spoken = meta.creator.role == "speaker"
    by_role = {
        name: _names(sure(meta, publication.entries, roles)) for name, roles in CSL_ROLES.items()
    }
    identifiers = dict(meta.identifiers)
    item: dict[str, Json] = {
        "id": meta.id,
        "type": "speech" if spoken else "chapter",
        "title": title_of(meta),
        "title-short": meta.short_title,
        **by_role,
        "issued": _csl_date(meta.date.value),
        "original-title": meta.original.title,
        "original-date": _csl_date(meta.original.date),
        "event-title": meta.event.value,
        "event-place": meta.place.value,
        "container-title": site.title,
        "genre": publication.summary.kind,
        "language": meta.language,
        "edition": edition_of(publication),
        "archive": meta.source.repository,
        "archive_location": meta.source.shelf_mark,
        "DOI": identifiers.get("doi", ""),
        "version": publication.edition.version,
        "abstract": meta.summary,
        "note": _certainties(publication, grounds=True),
        "URL": publication.address,
    }
    return {name: value for name, value in item.items() if value}


def title_of(meta: Meta) -> str:
    """The title for data, not typeset; in brackets if the witness does not state it."""
    return meta.title.value if meta.title.certainty == "stated" else f"[{meta.title.value}]"


def edition_of(publication: Publication) -> str:
    """The edition in words, with what tells it from other editions of its work, and the day of its
    last revision; empty if nothing is known."""
    meta = publication.meta
    revised = max((revision.date for revision in meta.revisions), default="")
    dated = interface.EDITION_OF.format(date=in_french(revised)) if revised else ""
    return ", ".join(filter(None, (apart(meta, publication.works), dated)))


def _certainties(publication: Publication, grounds: bool = False) -> str:
    """The certainty of each claim that the witness does not state: “attribution proposée : Grigori
    Zinoviev”. `grounds`: with its ground."""
    meta = publication.meta
    claims: list[tuple[str, Claim | Credited, str]] = [
        ("title", meta.title, meta.title.value),
        *(("creator", who, _with_role(who)) for who in credited(meta, publication.entries)),
        ("date", meta.date, _said(meta)),
        ("place", meta.place, meta.place.value),
    ]
    sentences = []
    for name, claim, value in claims:
        certainty = certainty_of(name, claim.certainty)
        if value and certainty:
            why = f" ({claim.ground})" if grounds else ""
            sentences.append(f"{certainty} : {value}{why}")
    return " ; ".join(sentences)


def _with_role(who: Credited) -> str:
    """A name, with the role if it is not that of a creator."""
    return who.name if who.role in CREATING else f"{who.name} ({interface.ROLES[who.role][0]})"


def _csl_date(value: str) -> dict[str, Json]:
    """An EDTF date as CSL-JSON: a day, a month, a year or an interval as numbers, else in words."""
    if not value:
        return {}
    ends = [_DAYS.fullmatch(end) for end in value.split("/")]
    plain = [end for end in ends if end]
    if len(plain) < len(ends) or len(ends) > 2:
        return {"literal": _when(value)}
    parts = [[int(part) for part in end.group(1, 2, 3) if part] for end in plain]
    circa = any(end[4] for end in plain)
    return {"date-parts": parts} | ({"circa": True} if circa else {})


def as_bibtex(publications: Iterable[Publication]) -> bytes:
    """`.bib`, for BibTeX and biblatex, in UTF-8: an `@incollection` for each text."""
    return "\n".join(map(_bibtex_entry, publications)).encode()


def _bibtex_entry(publication: Publication) -> str:
    meta, entries = publication.meta, publication.entries
    identifiers = dict(meta.identifiers)
    by_role = {
        name: " and ".join(map(_bibtex_name, sure(meta, entries, roles)))
        for name, roles in BIBTEX_ROLES.items()
    }
    fields = {
        **by_role,
        "title": f"{{{_tex(title_of(meta))}}}",
        "shorttitle": f"{{{_tex(meta.short_title)}}}" if meta.short_title else "",
        "booktitle": f"{{{_tex(publication.site.title)}}}",
        **_bibtex_date(meta.date.value),
        "eventtitle": _tex(meta.event.value),
        "venue": _tex(meta.place.value),
        "origlanguage": meta.original.language,
        "origtitle": _tex(meta.original.title),
        "origdate": meta.original.date if is_plain(meta.original.date) else "",
        "library": _tex(", ".join(filter(None, (meta.source.repository, meta.source.shelf_mark)))),
        "edition": _tex(edition_of(publication)),
        "version": publication.edition.version,
        "type": _tex(publication.summary.kind),
        "langid": "french" if meta.language.startswith("fr") else "",
        "language": meta.language,
        "abstract": _tex(meta.summary),
        "note": _tex(_certainties(publication)),
        "doi": identifiers.get("doi", ""),
        "url": publication.address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@incollection{{{meta.id},", *lines, "}", ""])


def _bibtex_name(who: Credited) -> str:
    """A name for BibTeX: “family, given”, or in braces, so that BibTeX does not divide it."""
    family, given = who.parts
    if not given or " and " in who.sort:
        return f"{{{_tex(who.sort if who.person else family)}}}"
    return f"{_tex(family)}, {_tex(given)}"


def _bibtex_date(value: str) -> dict[str, str]:
    """`date`, plain EDTF for biblatex, and `year`, words for BibTeX."""
    if not value:
        return {"year": "[s. d.]"}
    ends = [_DAYS.fullmatch(end) for end in value.split("/")]
    plain = [end for end in ends if end]
    if len(plain) < len(ends):
        return {"year": _tex(_when(value))}
    marks = {"~": "vers {}", "%": "vers {} (?)", "?": "{} (?)"}
    years = dict.fromkeys(marks.get(end[4], "{}").format(end[1]) for end in plain)
    return {"date": value, "year": "-".join(years)}


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in " ".join(text.split()))


def as_ris(publications: Iterable[Publication]) -> bytes:
    """`.ris`, in UTF-8 with CRLF line ends: a record for each text."""
    lines = [line for publication in publications for line in _ris_record(publication)]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _ris_record(publication: Publication) -> list[str]:
    meta, entries = publication.meta, publication.entries
    place = f"{interface.DETAILS['place']} : {meta.place.value}" if meta.place.value else ""
    version = f"version {publication.edition.version}"
    people = [
        (tag, who.sort if who.person else who.name)
        for tag, roles in RIS_ROLES.items()
        for who in sure(meta, entries, roles)
    ]
    fields = {
        "ID": meta.id,
        "TI": title_of(meta),
        "ST": meta.short_title,
        "T2": publication.site.title,
        **_ris_date(meta.date.value),
        "OP": meta.original.title,
        "AN": meta.source.shelf_mark,
        "DB": meta.source.repository,
        "DO": dict(meta.identifiers).get("doi", ""),
        "ET": ", ".join(filter(None, (edition_of(publication), version))),
        "M3": publication.summary.kind,
        "LA": meta.language,
        "AB": meta.summary,
        "N1": " ; ".join(filter(None, (place, _certainties(publication, grounds=True)))),
        "UR": publication.address,
    }
    pairs = [*people, *fields.items()]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in pairs if value]
    return ["TY  - CHAP", *lines, "ER  - ", ""]


def _ris_date(value: str) -> dict[str, str]:
    """The year, if it is known, and the date in the form of RIS: year/month/day/words."""
    date = _DAYS.fullmatch(value)
    if date:
        year, month, day, about = date.groups(default="")
        return {"PY": year, "DA": f"{year}/{month}/{day}/{in_french(value) if about else ''}"}
    ends = value.split("/")
    if all(_DAYS.fullmatch(end) for end in ends):
        year = ends[0][:4]
        return {"PY": year, "DA": f"{year}///{in_french(value)}"}
    return {"DA": f"///{_when(value)}"} if value else {}


def year_or_day(value: str) -> str:
    """An EDTF date for search engines and OpenURLs: the date itself if it is plain, else its year;
    empty if it covers several years."""
    years = {end.rstrip("~?%")[:4] for end in value.split("/")}
    year = years.pop() if len(years) == 1 else ""
    return value if is_plain(value) else year if is_plain(year) else ""


def as_coins(publication: Publication) -> str:
    """COinS: the query of an OpenURL context object, for the `title` attribute of an empty
    span."""
    meta = publication.meta
    creators = sure(meta, publication.entries)
    family, given = creators[0].parts if creators else ("", "")
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", "bookitem"),
        ("rft.atitle", title_of(meta)),
        ("rft.btitle", publication.site.title),
        ("rft.aulast", family),
        ("rft.aufirst", given),
        *(("rft.au", who.sort) for who in creators[1:]),
        ("rft.date", year_or_day(meta.date.value)),
        ("rft.edition", edition_of(publication)),
        ("rft.language", meta.language),
        ("rft_id", publication.address),
        ("rft_id", f"info:doi/{doi}" if (doi := dict(meta.identifiers).get("doi")) else ""),
    ]
    return urlencode([(name, value) for name, value in pairs if value])
