"""Languages as TEI files name them → tags of BCP 47."""

from __future__ import annotations

from collections.abc import Mapping

from archive_site.edition.front_matter import LANGUAGE
from archive_site.text.document import is_french

_SHORT: Mapping[str, str] = dict(
    pair.split(":")
    for pair in (
        "fre:fr fra:fr deu:de ger:de eng:en lat:la ita:it spa:es por:pt dut:nl nld:nl rus:ru "
        "pol:pl cze:cs ces:cs gre:el ell:el ara:ar heb:he yid:yi cat:ca bre:br oci:oc"
    ).split()
)
_NONE = ("und", "mul", "zxx", "mis")


def tag_of(written: str) -> str:
    """The tag of a language, two letters long if there is one; empty if it is none."""
    tag = written.strip().replace("_", "-")
    first, dash, rest = tag.partition("-")
    tag = _SHORT.get(first.lower(), first) + dash + rest
    return tag if LANGUAGE.fullmatch(tag) and tag.lower() not in _NONE else ""


def differ(language: str, around: str) -> bool:
    """Whether two languages differ; an empty one is French."""
    return not (is_french(language) and is_french(around)) and language != around
