"""Dates of TEI (`@when`, `@notBefore`, `@from` …, or words) → EDTF."""

from __future__ import annotations

import re

from archive_site.sources.tei.parsing import Node
from archive_site.text.dates import MONTHS, fault_of

_POINT = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?(?:T.*|Z|[+-]\d\d:\d\d)?")
_MONTH = rf"(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(MONTHS)})\s+(\d{{4}})"
_IN_WORDS = re.compile(_MONTH, re.I)
_ISO = re.compile(r"(?<![\d-])\d{4}-\d\d(?:-\d\d)?(?![\d-])")
_YEARS = re.compile(r"(?<!\d)(\d{4})\s*[-–/]\s*(\d{4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)1[0-9]{3}(?!\d)|(?<!\d)20[0-9]{2}(?!\d)")
_ABOUT = re.compile(r"\b(?:vers|circa|ca\.?|env(?:iron)?\.?|um)\s", re.I)


def edtf_of(node: Node) -> str:
    """The date of an element in EDTF; empty if it has none that can be read."""
    for value in (node.get("when-custom"), _marked(node, _stated(node)), _in_words(node.words)):
        if value and not fault_of(value):
            return value
    return ""


def _stated(node: Node) -> str:
    """The date in the attributes of an element."""
    when = _point(node, "when")
    begins, ends = _point(node, "from"), _point(node, "to")
    after, before = _point(node, "notBefore"), _point(node, "notAfter")
    if when:
        return when
    if begins or ends:
        return f"{begins or '..'}/{ends or '..'}" if begins != ends else begins
    if not (after or before):
        return ""
    return f"[{after}..{before}]" if after != before else after


def _point(node: Node, name: str) -> str:
    """The year, the month or the day in an attribute; empty if it has none."""
    found = _POINT.fullmatch(node.get(name) or node.get(f"{name}-iso"))
    return "".join(filter(None, found.groups())) if found else ""


def _marked(node: Node, value: str) -> str:
    """A date, as approximate or uncertain if the element says so."""
    if len(value) not in (4, 7, 10):
        return value
    if node.get("precision") in ("low", "medium"):
        return f"{value}~"
    return f"{value}?" if node.get("cert") in ("low", "unknown") else value


def _in_words(words: str) -> str:
    """The date that words name: a day, a month, years, or a year."""
    if iso := _ISO.search(words):
        return iso[0]
    if day := _IN_WORDS.search(words):
        month = f"{day[3]}-{MONTHS.index(day[2].lower()) + 1:02d}"
        return f"{month}-{int(day[1]):02d}" if day[1] else month
    if years := _YEARS.search(words):
        return f"{years[1]}/{years[2]}"
    year = _YEAR.search(words)
    if year is None:
        return ""
    return year[0] + ("~" if _ABOUT.search(words) else "?" if f"{year[0]}?" in words else "")
