"""Identifiers of authorities: their addresses, and the form that each must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


def _any(_: str) -> bool:
    return True


def _isni_adds_up(number: str) -> bool:
    """Whether the last character of an ISNI is its check digit (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in number[:-1]:
        total = (total + int(digit)) * 2
    return number[-1] == "0123456789X"[(12 - total % 11) % 11]


class Authority(NamedTuple):
    """Who gives identifiers: the address of one, the form that it has, an example, and whether its
    check digit is right."""

    address: str
    form: re.Pattern[str]
    example: str
    adds_up: Callable[[str], bool] = _any


AUTHORITIES: dict[str, Authority] = {
    "wikidata": Authority("https://www.wikidata.org/wiki/{}", re.compile(r"Q\d+"), "Q34787"),
    "viaf": Authority("https://viaf.org/viaf/{}", re.compile(r"\d{1,22}"), "41835690"),
    "isni": Authority(
        "https://isni.org/isni/{}", re.compile(r"\d{15}[\dX]"), "0000000121032683", _isni_adds_up
    ),
    "gnd": Authority(
        "https://d-nb.info/gnd/{}",
        re.compile(r"1[0-3]?\d{7}[\dX]|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX]"),
        "118529579",
    ),
    "bnf": Authority(
        "https://catalogue.bnf.fr/ark:/12148/{}",
        re.compile(r"cb\d{8}[0-9bcdfghjkmnpqrstvwxz]"),
        "cb11912653h",
    ),
    "idref": Authority("https://www.idref.fr/{}", re.compile(r"\d{8}[\dX]"), "027001040"),
    "maitron": Authority("https://maitron.fr/spip.php?article{}", re.compile(r"\d{1,9}"), "24557"),
    "geonames": Authority("https://www.geonames.org/{}", re.compile(r"[1-9]\d{0,8}"), "2988507"),
}
"""The authorities, by their names in `same_as`."""


def identifier_of(who: str, written: str) -> str:
    """An identifier as its authority writes it, without the spaces that ISNI may have."""
    return re.sub(r"[\s-]", "", written) if who == "isni" else written.strip()


def wrong_identifier(who: str, number: str) -> tuple[str, str]:
    """What an identifier must be, and the right one if it is in what was written; empty if it is
    right."""
    authority = AUTHORITIES[who]
    if authority.form.fullmatch(number):
        if authority.adds_up(number):
            return "", ""
        return "must have its check digit at the end", "Copy it again: a digit of it is wrong."
    inside = [n[0] for n in re.finditer(rf"(?<!\d)(?:{authority.form.pattern})(?!\w)", number)]
    hint = f"Write {inside[-1]}." if inside else ""
    return f"must have the form of {authority.example}", hint
