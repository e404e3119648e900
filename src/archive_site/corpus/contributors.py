"""Those who contributed to a text, with their names: from an authority file or, without an entry,
from the front matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from archive_site.edition.authority import Entry
from archive_site.text.document import CREATING, RELATORS, Certainty, Contributor, Meta

SURE = ("stated", "certain", "probable")
"""The certainties with which data name a contributor."""
WHO = ("person", "organisation")
"""The kinds of entries that may contribute to a text."""


@dataclass(frozen=True, slots=True)
class Credited:
    """A contributor: the role, the name (empty: not known), its sort form (“Aubin, Louise”, or the
    name as it is), the key of the entry (empty: none), whether it is a person with a family name,
    the certainty and its ground; `years` of a person's life (empty: not known)."""

    role: str
    name: str
    sort: str
    key: str
    person: bool
    certainty: Certainty
    ground: str
    years: str = ""

    @property
    def relator(self) -> str:
        """The MARC code of the role."""
        return RELATORS[self.role]

    @property
    def parts(self) -> tuple[str, str]:
        """The family name and the given name; the whole name and nothing, if it has no such
        parts."""
        family, _, given = self.sort.partition(", ") if self.person else (self.name, "", "")
        return family, given


def credited(
    meta: Meta, entries: Mapping[str, Entry], roles: Collection[str] = RELATORS
) -> tuple[Credited, ...]:
    """The contributors to a text in some of the `roles`, in order. Those who are not known have no
    name."""
    return tuple(
        _credited(who, entries.get(who.key)) for who in meta.contributors if who.role in roles
    )


def sure(
    meta: Meta, entries: Mapping[str, Entry], roles: Collection[str] = CREATING
) -> tuple[Credited, ...]:
    """The contributors whom data name: those in some of the `roles`, without those who are only
    proposed."""
    found = credited(meta, entries, roles)
    named = {who.key or who.name: who for who in reversed(found) if who.certainty in SURE}
    return tuple(who for who in found if who.name and who is named.get(who.key or who.name))


def _in_order(given: str, family: str) -> str:
    """A name as one says it: “Louise Aubin”, “Jean d’Alembert”."""
    return f"{given}{'' if given.endswith(('’', chr(39))) else ' '}{family}"


def _credited(who: Contributor, entry: Entry | None) -> Credited:
    family, comma, given = who.name.partition(", ")
    named = Credited(
        who.role,
        _in_order(given, family) if comma else who.name,
        who.name,
        "",
        bool(comma),
        who.certainty,
        who.ground,
    )
    if entry is None:
        return named
    person = entry.kind == "person"
    return replace(
        named, name=entry.name, sort=entry.sort, key=entry.key, person=person, years=entry.years
    )
