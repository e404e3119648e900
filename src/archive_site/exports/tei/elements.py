"""What all parts of a TEI file share: XML as lines, pointers, dates, degrees of certainty."""

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
EDITION = "#meta.edition"
"""Who is responsible for what the edition did; a dot stands in no block's id and no key."""
CERTS: dict[Certainty, str] = {
    "stated": "",
    "certain": "high",
    "probable": "medium",
    "proposed": "low",
    "unknown": "unknown",
}
"""How sure a claim is, as `@cert`; nothing where the witness itself states it."""
_EDTF = "https://www.loc.gov/standards/datetime/"
_PRECISIONS = {"~": "low", "%": "low", "?": "unknown"}
_PLAIN = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# ---------------------------------------------------------------- writing

XmlLine = tuple[int, str]
"""How deep a line is indented, and the XML on it."""


def as_written(lines: Iterable[XmlLine]) -> str:
    """Lines as a file has them."""
    return "".join(f"{'  ' * depth}{xml}\n" for depth, xml in lines)


def element(name: str, content: str = "", /, **attributes: str | int) -> str:
    """An element around XML. Attributes that are empty are left out; in their names `_` stands for
    `-`, and for the `:` of `xml:id` and `xml:lang`."""
    opening = name + _attributes(attributes)
    return f"<{opening}>{content}</{name}>" if content else f"<{opening}/>"


def line(name: str, content: str = "", /, **attributes: str | int) -> XmlLine:
    """An element on a line of its own, which adds nothing to its content."""
    return 0, element(name, content, **attributes)


def nested(name: str, lines: Iterable[XmlLine], /, **attributes: str | int) -> list[XmlLine]:
    """An element around lines; none where there are none."""
    inner = [(depth + 1, xml) for depth, xml in lines]
    return [(0, f"<{name}{_attributes(attributes)}>"), *inner, (0, f"</{name}>")] if inner else []


def _attributes(attributes: Mapping[str, str | int]) -> str:
    return "".join(
        f' {name.replace("xml_", "xml:").replace("_", "-")}="{_quoted(str(value))}"'
        for name, value in attributes.items()
        if value != ""
    )


def escaped(text: str) -> str:
    """`text` as XML; what XML cannot hold, and no edition has, as U+FFFD."""
    text = _NOT_XML.sub("\ufffd", text).replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _quoted(text: str) -> str:
    escapes = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
    return re.sub('["\t\n]', lambda char: escapes[char[0]], escaped(text))


def pointer(entries: Mapping[str, Entry], key: str) -> str:
    """What leads to an entry, `#person.lenine`; a key that is no entry's, as it stands."""
    return f"#{entries[key].kind}.{key}" if key in entries else key


def dated(value: str) -> dict[str, str]:
    """The attributes of a date in EDTF: the days that it may be, as TEI says them, and the value
    itself where they do not say all of it."""
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
    """Whether a date is one that XML Schema knows, too: a year, a month or a day."""
    return bool(_PLAIN.fullmatch(value)) and (len(value) < 10 or is_day(value))


# ---------------------------------------------------------------- reading


def one_of(parent: Element, name: str, allowed: Sequence[Word], otherwise: str = "") -> Word:
    """An attribute's value, which must be one of those allowed."""
    value = parent.get(name, otherwise)
    for word in allowed:
        if word == value:
            return word
    must = f"{name} of {parent.tag} must be one of {', '.join(allowed)}"
    raise ArchiveError(f"{must}; found “{value}”")


def parts(parent: Element) -> list[Element]:
    """The elements in an element that holds no words of its own."""
    words = "".join([parent.text or "", *(child.tail or "" for child in parent)]).strip()
    if words:
        raise ArchiveError(f"{parent.tag} must hold elements only; found “{words[:40]}”")
    return list(parent)


def date_of(attributes: Mapping[str, str]) -> str:
    """The value, in EDTF, of a date that `dated` wrote."""
    if "from" in attributes and "to" in attributes and "when-custom" not in attributes:
        return f"{attributes['from']}/{attributes['to']}"
    return attributes.get("when-custom", attributes.get("when", ""))


def key_of(named: str) -> str:
    """The key of the entry that a pointer leads to."""
    return named.partition(".")[2] if named.startswith("#") else named


def key_named(name: Element) -> str:
    """The key of the entry, or the day, that a name names; empty: none."""
    attribute = "when" if name.tag == "date" else "key"
    return name.get(attribute, "") or key_of(name.get("ref", ""))
