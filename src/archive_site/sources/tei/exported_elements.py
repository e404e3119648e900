"""What the readers of our own exports have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from archive_site.findings import ArchiveError

Word = TypeVar("Word", bound=str)


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


def key_of(named: str) -> str:
    """The key in a pointer made by `pointer`."""
    return named.partition(".")[2] if named.startswith("#") else named


def key_named(name: Element) -> str:
    """The key of the entry or the day that a name element refers to; empty if none."""
    attribute = "when" if name.tag == "date" else "key"
    return name.get(attribute, "") or key_of(name.get("ref", ""))
