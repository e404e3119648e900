"""Identifiers of a text in catalogues and registers: their forms and their addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Scheme(NamedTuple):
    """A kind of identifier: its form, the address of an identifier (empty: it has none), and an
    example."""

    form: re.Pattern[str]
    address: str
    example: str


SCHEMES: Mapping[str, Scheme] = {
    "ark": Scheme(
        re.compile(r"ark:/?[0-9b-z]{5,}/[!-~]+"), "https://n2t.net/{}", "ark:/12148/bpt6k1234567"
    ),
    "doi": Scheme(re.compile(r"10\.[0-9]{4,9}/[!-~]+"), "https://doi.org/{}", "10.5281/zenodo.1"),
    "handle": Scheme(
        re.compile(r"[0-9]+(?:\.[0-9]+)*/[!-~]+"), "https://hdl.handle.net/{}", "20.500.12345/67"
    ),
    "hal": Scheme(
        re.compile(r"[a-z]+-[0-9]{6,}(?:v[0-9]+)?"), "https://hal.science/{}", "hal-01234567"
    ),
    "wikidata": Scheme(re.compile(r"Q[1-9][0-9]*"), "https://www.wikidata.org/wiki/{}", "Q1234"),
    "isbn": Scheme(re.compile(r"(?:97[89]-?)?(?:[0-9]-?){9}[0-9X]"), "", "978-2-7071-1234-5"),
    "urn": Scheme(re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]+"), "", "urn:nbn:fr:123"),
}
"""The kinds of identifiers of texts."""


def address_of(scheme: str, identifier: str) -> str:
    """The address of an identifier on the web; empty if it has none."""
    return SCHEMES[scheme].address.format(identifier)
