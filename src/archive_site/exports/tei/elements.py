"""Shared helpers for all parts of a TEI file: XML lines, pointers, dates, certainties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from archive_site.edition.authority import Entry
from archive_site.findings import ArchiveError
from archive_site.text.dates import is_day, span
from archive_site.text.document import Certainty

Word = TypeVar("Word", bound=str)
NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EDITION = "#meta.edition"
"""The `@resp` of everything that the edition supplied. No block id and no key contains a dot, so
the id is unique."""
CERTS: dict[Certainty, str] = {
    "stated": "",
    "certain": "high",
    "probable": "medium",
    "proposed": "low",
    "unknown": "unknown",
}
"""The `@cert` of each certainty; empty if the witness states the claim."""
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


# ---------------------------------------------------------------- reading


def one_of(parent: Element, name: str, allowed: Sequence[Word], otherwise: str = "") -> Word:
    """The value of an attribute. Raises `ArchiveError` if it is not in `allowed`."""
    value = parent.get(name, otherwise)
    for word in allowed:
        if word == value:
            return word
    must = f"{name} of {parent.tag} must be one of {', '.join(allowed)}"
    raise ArchiveError(f"{must}; found “{value}”")


def parts(parent: Element) -> list[Element]:
    """The children of an element. Raises `ArchiveError` if it also contains text."""
    words = "".join([parent.text or "", *(child.tail or "" for child in parent)]).strip()
    if words:
        raise ArchiveError(f"{parent.tag} must contain only elements; found “{words[:40]}”")
    return list(parent)


def date_of(attributes: Mapping[str, str]) -> str:
    """The EDTF value of a date, from the attributes that `dated` makes."""
    if "from" in attributes and "to" in attributes and "when-custom" not in attributes:
        return f"{attributes['from']}/{attributes['to']}"
    return attributes.get("when-custom", attributes.get("when", ""))


def key_of(named: str) -> str:
    """The key in a pointer made by `pointer`."""
    return named.partition(".")[2] if named.startswith("#") else named


def key_named(name: Element) -> str:
    """The key of the entry or the day that a name element refers to; empty if none."""
    attribute = "when" if name.tag == "date" else "key"
    return name.get(attribute, "") or key_of(name.get("ref", ""))


def pointer_to_work(key: str) -> str:
    """`#bib.` and the key of a work, as an `xml:id`."""
    return f"#bib.{as_id(key)}"


def as_id(label: str) -> str:
    """A label as a part of an `xml:id`: other signs become their numbers."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda char: f"_{ord(char[0]):x}_", label)
