"""The works of the bibliography, formatted by the first citation style."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from archive_site import interface
from archive_site.corpus.bibliography import (
    DATES,
    NAMES,
    FormattedReference,
    Item,
    Reference,
    authors_of,
    rank_of,
    years_of,
)
from archive_site.exports.citations import (
    CSL,
    FORMATTER,
    ITALIC,
    ROMAN,
    Style,
    reference_words,
    styled_html,
)
from archive_site.findings import NotPossible
from archive_site.text.dates import in_french
from archive_site.text.typography import typeset

_OPENING, _CLOSING = re.compile(r"<i\b[^<>]*>", re.I), re.compile(r"</i>", re.I)
_TAG = re.compile(r"</?(?:b|sup|sub|span)\b[^<>]*>", re.IGNORECASE)
_AND_OTHERS = re.compile(rf",?(?: et)? {re.escape(interface.AND_OTHERS)}", re.IGNORECASE)
_UNBROKEN_HYPHEN = "\u2011"
_ITSELF = "work"  # citeproc wants keys in small letters
_NOT_SET = ("type", "DOI", "ISBN", "ISSN", "URL", "language", "page", "citation-key")
"""The variables that are no words to typeset."""


def formatted(reference: Reference, letter: str, style: Style) -> FormattedReference:
    """A work in a citation style. `letter` tells it apart from works of the same authors and
    year."""
    item = _shown(reference.item)
    titled = any(item.get(name) for name in ("title", "author", "editor", "translator"))
    short = _lettered(_short(item, style) if titled else reference.key, letter, item)
    words = _clean(reference_words(item, style)) or reference.key
    html = str(styled_html(words))
    plain = unescape(re.sub("<[^>]*>", "", html))
    for _, named, address in links_of(reference.item):
        if address:
            link = Markup('<a class="url" href="{}">{}</a>').format(address, named)
            html = html.replace(str(escape(named)), link, 1)
    return FormattedReference(reference.key, short, plain, html, reference.item)


def _short(item: Item, style: Style) -> str:
    """The short form of a work: that of the style, if it is a style with citations in the text;
    otherwise authors and year."""
    root = style.csl.root
    short = ""
    if root.get("class") == "in-text" and root.find(f"{CSL}citation") is not None:
        short = re.sub(r"^[(\[]|[)\]]$", "", _clean(_cited(item, style)))
    if not short:
        names = authors_of(item)
        year = years_of(item.get("issued", {})) or interface.UNDATED
        listed = interface.AND.join(filter(None, (", ".join(names[:-1]), names[-1])))
        short = f"{listed}, {year}"
    return _clean(short.replace(ITALIC, "").replace(ROMAN, ""))


def _cited(item: Item, style: Style) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bibliography = CitationStylesBibliography(style.csl, CiteProcJSON([item]), FORMATTER)
        citation = Citation([CitationItem(item["id"])])
        try:
            bibliography.register(citation)
            return str(bibliography.cite(citation, lambda _: None))
        except Exception as error:  # a faulty style may raise anything
            hint = "Validate the style, or remove its file from citations/."
            raise NotPossible(f"the citation style {style.name} fails: {error!r}", hint) from error


def _lettered(short: str, letter: str, item: Item) -> str:
    """A short form with the letter after its year, or at its end."""
    year = years_of(item.get("issued", {}))
    before, found, after = short.rpartition(year) if year and letter else ("", "", "")
    if found:
        return f"{before}{found}{letter}{after}"
    return short + letter * bool(letter)


def _clean(words: str) -> str:
    words = words.replace(_UNBROKEN_HYPHEN, "–")
    return _AND_OTHERS.sub(f" {interface.AND_OTHERS}", words).strip()


def _shown(item: Mapping[str, Any]) -> Item:
    """An item with typeset words, as citeproc gets it: italics as marks, other elements removed; a
    date that is not sure in words."""
    shown: Item = {"id": _ITSELF, "type": item["type"]}
    language = str(item.get("language", ""))
    for name, value in item.items():
        if name in DATES:
            shown[name] = _date(value)
        elif name in NAMES:
            shown[name] = [{k: typeset(v) for k, v in one.items()} for one in value]
        elif name not in ("id", "version") and isinstance(value, str):
            shown[name] = value if name in _NOT_SET else _marked(value, language)
    return shown


def _marked(words: str, language: str) -> str:
    words = _TAG.sub("", _CLOSING.sub(ROMAN, _OPENING.sub(ITALIC, words)))
    tagged = language.lower() if re.fullmatch(r"[A-Za-z]{2}(-\w+)*", language) else ""
    return typeset(words, 0, tagged)


def _date(date: Mapping[str, Any]) -> Item:
    if date.get("circa"):
        parts: Sequence[Sequence[int]] = date["date-parts"]
        about = "/".join("-".join(f"{n:02}" for n in end) for end in parts)
        return {"literal": typeset(in_french(f"{about}~"))}
    return dict(date)


# ---------------------------------------------------------------- lists


def short_forms(works: Mapping[str, FormattedReference]) -> dict[str, str]:
    """The short forms of works, by key."""
    return {key: work.short for key, work in works.items()}


def in_order(works: Mapping[str, FormattedReference]) -> list[FormattedReference]:
    """Works in the order of the bibliography."""
    return sorted(works.values(), key=lambda work: rank_of(Reference(work.key, work.item)))


def links_of(item: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The identifiers of a work: the name of each, what it is, and its address (empty: none)."""
    doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", str(item.get("DOI", "")), flags=re.I)
    url = str(item.get("URL", ""))
    found = [("DOI", doi, f"https://doi.org/{doi}" if doi else "")]
    found += [(name, str(item.get(name, "")), "") for name in ("ISBN", "ISSN")]
    found.append(("URL", url, url if re.match(r"https?://", url) else ""))
    return [(name, words, address) for name, words, address in found if words]
