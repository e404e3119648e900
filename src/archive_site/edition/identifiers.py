"""Identifiers in catalogues and registers, of entries and of texts: their addresses, and the form
that each must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple


def _any(_: str) -> bool:
    return True


def _isni_adds_up(number: str) -> bool:
    """Whether the last character of an ISNI is its check digit (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in number[:-1]:
        total = (total + int(digit)) * 2
    return number[-1] == "0123456789X"[(12 - total % 11) % 11]


def _isbn_adds_up(written: str) -> bool:
    """Whether the last character of an ISBN is its check digit."""
    *digits, last = (10 if sign == "X" else int(sign) for sign in written if sign != "-")
    if len(digits) == 12:
        total = sum(digit * (1, 3)[n % 2] for n, digit in enumerate(digits))
        return last == -total % 10
    return (sum(digit * (10 - n) for n, digit in enumerate(digits)) + last) % 11 == 0


class Scheme(NamedTuple):
    """A kind of identifier: the address of one (empty: it has none), the form that it has, an
    example, and whether its check digit is right."""

    address: str
    form: re.Pattern[str]
    example: str
    adds_up: Callable[[str], bool] = _any


SCHEMES: Mapping[str, Scheme] = {
    "wikidata": Scheme("https://www.wikidata.org/wiki/{}", re.compile(r"Q\d+"), "Q34787"),
    "viaf": Scheme("https://viaf.org/viaf/{}", re.compile(r"\d{1,22}"), "41835690"),
    "isni": Scheme(
        "https://isni.org/isni/{}", re.compile(r"\d{15}[\dX]"), "0000000121032683", _isni_adds_up
    ),
    "gnd": Scheme(
        "https://d-nb.info/gnd/{}",
        re.compile(r"1[0-3]?\d{7}[\dX]|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX]"),
        "118529579",
    ),
    "bnf": Scheme(
        "https://catalogue.bnf.fr/ark:/12148/{}",
        re.compile(r"cb\d{8}[0-9bcdfghjkmnpqrstvwxz]"),
        "cb11912653h",
    ),
    "idref": Scheme("https://www.idref.fr/{}", re.compile(r"\d{8}[\dX]"), "027001040"),
    "maitron": Scheme("https://maitron.fr/spip.php?article{}", re.compile(r"\d{1,9}"), "24557"),
    "geonames": Scheme("https://www.geonames.org/{}", re.compile(r"[1-9]\d{0,8}"), "2988507"),
    "ark": Scheme(
        "https://n2t.net/{}", re.compile(r"ark:/?[0-9b-z]{5,}/[!-~]+"), "ark:/12148/bpt6k1234567"
    ),
    "doi": Scheme("https://doi.org/{}", re.compile(r"10\.\d{4,9}/[!-~]+"), "10.5281/zenodo.1"),
    "handle": Scheme(
        "https://hdl.handle.net/{}", re.compile(r"\d+(?:\.\d+)*/[!-~]+"), "20.500.12345/67"
    ),
    "hal": Scheme("https://hal.science/{}", re.compile(r"[a-z]+-\d{6,}(?:v\d+)?"), "hal-01234567"),
    "isbn": Scheme(
        "", re.compile(r"(?:97[89]-?)?(?:\d-?){9}[\dX]"), "978-2-7071-1234-7", _isbn_adds_up
    ),
    "urn": Scheme("", re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]+"), "urn:nbn:fr:123"),
}
"""All kinds of identifiers."""
OF_ENTRIES = ("wikidata", "viaf", "isni", "gnd", "bnf", "idref", "maitron", "geonames")
"""Those that entries may have, in `same_as`."""
OF_TEXTS = ("ark", "doi", "handle", "hal", "wikidata", "isbn", "urn")
"""Those that texts may have, in `identifiers`."""


def address_of(scheme: str, identifier: str) -> str:
    """The address of an identifier on the web; empty if it has none."""
    return SCHEMES[scheme].address.format(identifier)


def identifier_of(scheme: str, written: str) -> str:
    """An identifier as it is written in its register, without the spaces that ISNI may have."""
    return re.sub(r"[\s-]", "", written) if scheme == "isni" else written.strip()


def wrong_identifier(scheme: str, identifier: str) -> tuple[str, str]:
    """What an identifier must be, and the right one if it is in what was written; empty if it is
    right."""
    known = SCHEMES[scheme]
    if known.form.fullmatch(identifier):
        if known.adds_up(identifier):
            return "", ""
        return "must have its check digit at the end", "Copy it again: a digit of it is wrong."
    inside = [n[0] for n in re.finditer(rf"(?<!\d)(?:{known.form.pattern})(?!\w)", identifier)]
    hint = f"Write {inside[-1]}." if inside else ""
    return f"must have the form of {known.example}", hint
