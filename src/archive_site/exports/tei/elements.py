"""Shared helpers for all parts of a TEI file: XML lines, pointers, dates, certainties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archive_site.edition.authority import Entry
from archive_site.sources.tei_vocabulary import as_id, date_of
from archive_site.text.dates import is_day, span

EDITION = "#meta.edition"
"""The `@resp` of everything that the edition supplied. No block id and no key contains a dot, so
the id is unique."""
_EDTF = "https://www.loc.gov/standards/datetime/"
_PRECISIONS = {"~": "low", "%": "low", "?": "unknown"}
_PLAIN = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# ---------------------------------------------------------------- writing

XmlLine = tuple[int, str]
"""A line of XML: its depth of indentation, and its contents."""


def as_written(lines: Iterable[XmlLine]) -> str:
    """Lines as indented text."""
    return "".join(f"{'  ' * depth}{xml}\n" for depth, xml in lines)


def element(name: str, content: str = "", /, **attributes: str | int) -> str:
    """An element with XML as its content. Empty attributes are left out. In attribute names, `_`
    means `-`, or `:` in `xml_id` and `xml_lang`."""
    opening = name + _attributes(attributes)
    return f"<{opening}>{content}</{name}>" if content else f"<{opening}/>"


def line(name: str, content: str = "", /, **attributes: str | int) -> XmlLine:
    """An element on one line, so that no white space is added to its content."""
    return 0, element(name, content, **attributes)


def nested(name: str, lines: Iterable[XmlLine], /, **attributes: str | int) -> list[XmlLine]:
    """An element around lines; no lines if it would be empty."""
    inner = [(depth + 1, xml) for depth, xml in lines]
    return [(0, f"<{name}{_attributes(attributes)}>"), *inner, (0, f"</{name}>")] if inner else []


def _attributes(attributes: Mapping[str, str | int]) -> str:
    return "".join(
        f' {name.replace("xml_", "xml:").replace("_", "-")}="{_quoted(str(value))}"'
        for name, value in attributes.items()
        if value != ""
    )


def escaped(text: str) -> str:
    """`text` escaped for XML. Characters that XML forbids, which no edition has, become U+FFFD."""
    text = _NOT_XML.sub("\ufffd", text).replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _quoted(text: str) -> str:
    escapes = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
    return re.sub('["\t\n]', lambda char: escapes[char[0]], escaped(text))


def pointer(entries: Mapping[str, Entry], key: str) -> str:
    """A pointer to an entry, `#person.lenine`; a key without an entry is unchanged."""
    return f"#{entries[key].kind}.{key}" if key in entries else key


def dated(value: str) -> dict[str, str]:
    """The TEI attributes of a date in EDTF: the range of days, and the value itself if the range
    does not express all of it."""
    if not value:
        return {}
    days = _days(value)
    if date_of(days) == value:
        return days
    precision = _PRECISIONS.get(value[-1], "")
    return days | {"precision": precision, "when_custom": value, "datingMethod": _EDTF}


def _days(value: str) -> dict[str, str]:
    ends = [end.rstrip("~?%") for end in value.split("/")]
    if all(end in ("", "..") or is_plain(end) for end in ends):
        names = ("from", "to") if len(ends) > 1 else ("when",)
        return {n: end for n, end in zip(names, ends, strict=False) if is_plain(end)}
    earliest, latest = span(value)
    first = {"notBefore": earliest} if earliest > "0001" else {}
    return first | ({"notAfter": latest} if latest < "9999" else {})


def is_plain(value: str) -> bool:
    """Whether a date is valid in XML Schema: a year, a month or a day."""
    return bool(_PLAIN.fullmatch(value)) and (len(value) < 10 or is_day(value))


def pointer_to_work(key: str) -> str:
    """`#bib.` and the key of a work, as an `xml:id`."""
    return f"#bib.{as_id(key)}"
