"""Licences and statements of rights: identifiers of SPDX, and addresses of Creative Commons and of
rightsstatements.org."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CC = re.compile(
    r"https?://creativecommons\.org/"
    r"(?:(licenses)/(by(?:-nc)?(?:-nd|-sa)?)/([1-4]\.[05])(?:/([a-z]{2,3}))?"
    r"|(publicdomain)/(zero|mark)/1\.0)/?(?:(?:deed|legalcode)(?:\.[a-z-]+)?)?"
)
_STATEMENT = re.compile(
    r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/1\.0/?(?:\?.*)?"
)
STATEMENTS = (
    "InC",
    "InC-OW-EU",
    "InC-EDU",
    "InC-NC",
    "InC-RUU",
    "NoC-CR",
    "NoC-NC",
    "NoC-OKLR",
    "NoC-US",
    "CNE",
    "UND",
    "NKC",
)
"""The statements of rightsstatements.org, version 1.0."""
_CC_SPDX = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-([1-4]\.[05])(?:-([A-Z]{2,3}))?")


class License(NamedTuple):
    """A licence or a statement of rights: its short name, such as “CC BY 4.0” (that of
    rightsstatements.org: “InC”), and its address."""

    name: str
    address: str


@lru_cache(maxsize=256)
def license_of(text: str) -> License | None:
    """The licence that `text` names; None if there is none of that name."""
    if cc := _CC.fullmatch(text):
        kind, terms, version, where, _, domain = cc.groups()
        if kind:
            place = f"{where}/" if where else ""
            address = f"https://creativecommons.org/licenses/{terms}/{version}/{place}"
            name = f"CC {terms.upper()} {version}"
            return License(f"{name} {where.upper()}" if where else name, address)
        name = "CC0 1.0" if domain == "zero" else "Public Domain Mark 1.0"
        return License(name, f"https://creativecommons.org/publicdomain/{domain}/1.0/")
    if said := _STATEMENT.fullmatch(text):
        known = said[1] in STATEMENTS
        address = f"https://rightsstatements.org/vocab/{said[1]}/1.0/"
        return License(said[1], address) if known else None
    return _spdx(text)


def _spdx(text: str) -> License | None:
    """The licence with an identifier of SPDX."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        name = canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return None
    if not re.fullmatch(r"[A-Za-z0-9.+-]+", name) or name.startswith("LicenseRef-"):
        return None  # several licences, or one of the editor's own
    if name == "CC0-1.0":
        return license_of("https://creativecommons.org/publicdomain/zero/1.0/")
    if cc := _CC_SPDX.fullmatch(name):
        terms, version, where = cc.groups(default="")
        place = f"/{where.lower()}" if where else ""
        return license_of(f"https://creativecommons.org/licenses/{terms.lower()}/{version}{place}/")
    return License(name, f"https://spdx.org/licenses/{name}.html")
