"""The works of the bibliography, formatted by the first citation style."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from archive_site import interface
from archive_site.corpus.bibliography import (
    CITED_ROLES,
    DATES,
    ELEMENT,
    NAMES,
    Apart,
    FormattedReference,
    Item,
    Reference,
    authors_of,
    edtf_of,
    name_apart,
    rank_of,
)
from archive_site.exports.citations import (
    CSL,
    Style,
    reference_words,
    set_in,
)
from archive_site.text.dates import fault_of, in_french
from archive_site.text.html import as_html
from archive_site.text.marks import INFERIOR, ITALIC, LEVEL, ROMAN, SUPERIOR
from archive_site.text.typography import typeset

_PAIR = re.compile(
    r"<(i|sup|sub)\b[^<>]*>((?:(?!</?(?:i|sup|sub)\b).)*)</\1>", re.IGNORECASE | re.DOTALL
)
"""An element of CSL-JSON without others in it."""
_MARKS = {"i": (ITALIC, ROMAN), "sup": (SUPERIOR, LEVEL), "sub": (INFERIOR, LEVEL)}
_ORDINAL = re.compile(r"(?<=[IVX\d])<sup>(er|re|e)</sup>")
_JOINED = "\ufdd7"  # a noncharacter: no text has it
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_AND_OTHERS = re.compile(rf",?(?: et)? {re.escape(interface.AND_OTHERS)}", re.IGNORECASE)
_YEAR = re.compile(r"^\[?(?:\d{4}[-–]\d{4}|\d{4}|[^\]]+)")
"""The words before the letter of a year, within the brackets around it."""
_ZEROS = re.compile(r"\b0+(?=\d)")
FIRST_YEAR = 1000
"""The first year after which citeproc adds no era."""
_UNBROKEN_HYPHEN = "\u2011"
_ITSELF = "work"  # citeproc wants keys in small letters
_NOT_SET = ("type", "DOI", "ISBN", "ISSN", "URL", "language", "page", "citation-key")
"""The variables that are no words to typeset."""


def formatted(reference: Reference, apart: Apart, style: Style) -> FormattedReference:
    """A work in a citation style. `apart` tells it apart from others with the same short form.

    Raises `StyleFails` if the style cannot format it."""
    item = _shown(reference.item)
    short = _short(reference, apart, style)
    words = _clean(reference_words(item, style)) or reference.key
    html = str(as_html(words))
    for _, named, address in links_of(reference.item):
        if address:
            link = Markup('<a class="url" href="{}">{}</a>').format(address, named)
            html = html.replace(str(escape(named)), link, 1)
    return FormattedReference(reference.key, short, words, html, reference.item)


def _short(reference: Reference, apart: Apart, style: Style) -> str:
    """The short form of a work: that of the style, if it is a style with citations in the text;
    otherwise authors and year."""
    if not any(reference.item.get(name) for name in ("title", *CITED_ROLES)):
        return reference.key + apart.letter
    item, root = _for_citations(reference.item, apart), style.csl.root
    layout = root.find(f"{CSL}citation/{CSL}layout")
    short = ""
    if root.get("class") == "in-text" and layout is not None:
        short = _clean(_cited(item, style)).removeprefix(layout.get("prefix", ""))
        short = short.removesuffix(layout.get("suffix", ""))
    year = str(item["issued"]["literal"])
    if not short:
        names = authors_of(item)
        listed = interface.AND.join(filter(None, (", ".join(names[:-1]), names[-1])))
        short = f"{listed}, {year}"
    short = short if year in short else short + apart.letter
    return _clean(short)


def _for_citations(item: Item, apart: Apart) -> Item:
    """An item for its short form: its date is its year in words, with its letter; names have what
    tells them apart."""
    shown = _shown(item)
    if apart.given:
        for role in CITED_ROLES:
            if names := shown.get(role):
                shown[role] = [{"literal": name_apart(name, apart.given)} for name in names]
    year = _year_in_words(item.get("issued", {})) or interface.UNDATED
    lettered = _YEAR.sub(rf"\g<0>{apart.letter}", typeset(year), count=1)
    return shown | {"issued": {"literal": lettered}}


def _cited(item: Item, style: Style) -> str:
    """The citation of an item in a style, with marks for italics."""
    from citeproc import Citation, CitationItem

    with set_in(item, style) as bibliography:
        citation = Citation([CitationItem(item["id"])])
        bibliography.register(citation)
        return str(bibliography.cite(citation, lambda _: None))


def _clean(words: str) -> str:
    words = words.replace(_UNBROKEN_HYPHEN, "–").replace(f"{_JOINED} ", "").replace(_JOINED, "")
    return _AND_OTHERS.sub(f" {interface.AND_OTHERS}", words).strip()


def _shown(item: Mapping[str, Any]) -> Item:
    """An item with typeset words, as citeproc gets it: italics and raised letters as marks, other
    elements removed; a date that citeproc cannot set in words."""
    shown: Item = {"id": _ITSELF, "type": item["type"]}
    language = str(item.get("language", ""))
    for name, value in item.items():
        if name in DATES:
            shown[name] = _date(value)
        elif name in NAMES:
            shown[name] = [_name(one) for one in value]
        elif name == "DOI":
            shown[name] = doi_of(item)
        elif name == "edition" and str(value).isdecimal():
            shown[name] = typeset(interface.EDITIONS[value == "1"].format(value))
        elif name not in ("id", "version") and isinstance(value, str):
            shown[name] = value if name in _NOT_SET else _marked(value, language)
    return shown


def _marked(words: str, language: str) -> str:
    """Words with their elements as marks, typeset. What is no pair of elements has no meaning."""
    words = _ORDINAL.sub(r"\1", words)  # every format raises its letters
    while (marked := _PAIR.sub(_mark, words)) != words:
        words = marked
    tagged = language.lower() if re.fullmatch(r"[A-Za-z]{2}(-\w+)*", language) else ""
    return typeset(ELEMENT.sub("", words), 0, tagged)


def _mark(pair: re.Match[str]) -> str:
    opening, closing = _MARKS[pair[1].lower()]
    return f"{opening}{pair[2]}{closing}"


def _name(name: Mapping[str, str]) -> dict[str, str]:
    """A name, typeset. A mark after an elided particle removes the space that comes there."""
    shown = {part: typeset(words) for part, words in name.items()}
    for particle in ("dropping-particle", "non-dropping-particle"):
        if shown.get(particle, "").endswith("’"):
            shown[particle] += _JOINED
    return shown


def _date(date: Mapping[str, Any]) -> Item:
    """A date as citeproc gets it: a year, a month, a day and an interval of years as numbers, any
    other in words: citeproc sets no interval within a year."""
    parts: Sequence[Sequence[int]] = date.get("date-parts", ())
    years = all(len(end) == 1 for end in parts)
    late = all(end[0] >= FIRST_YEAR for end in parts)
    if parts and late and not date.get("circa") and (len(parts) == 1 or years):
        return {"date-parts": list(parts)}
    return {"literal": typeset(_in_words(date))}


def _in_words(date: Mapping[str, Any]) -> str:
    """A date of CSL-JSON in French."""
    written = edtf_of(date)
    said = written if fault_of(written) else in_french(written).removeprefix("en ")
    return _ZEROS.sub("", said) if "date-parts" in date else said


def _year_in_words(date: Mapping[str, Any]) -> str:
    """The year of a date of CSL-JSON, or the years of an interval, in French."""
    years = [list(end[:1]) for end in date.get("date-parts", ())]
    if years and years[0] != years[-1] and not date.get("circa"):
        return "–".join(str(year) for (year,) in years)
    if years:
        date = {**date, "date-parts": years[:1] if years[0] == years[-1] else years}
    return _in_words(date)


# ---------------------------------------------------------------- lists


def short_forms(works: Mapping[str, FormattedReference]) -> dict[str, str]:
    """The short forms of works with marks for italics, by key."""
    return {key: work.label for key, work in works.items()}


def in_order(works: Mapping[str, FormattedReference]) -> list[FormattedReference]:
    """Works in the order of the bibliography."""
    return sorted(works.values(), key=lambda work: rank_of(Reference(work.key, work.item)))


def doi_of(item: Mapping[str, Any]) -> str:
    """The DOI of a work, without the address of its resolver."""
    return _DOI.sub("", str(item.get("DOI", "")).strip())


def links_of(item: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The identifiers of a work: the name of each, what it is, and its address (empty: none)."""
    doi = doi_of(item)
    url = str(item.get("URL", ""))
    found = [("DOI", doi, f"https://doi.org/{doi}" if doi else "")]
    found += [(name, str(item.get(name, "")), "") for name in ("ISBN", "ISSN")]
    found.append(("URL", url, url if re.match(r"https?://", url) else ""))
    return [(name, words, address) for name, words, address in found if words]
