"""What the rules for the people of a text are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive_site.recover.front.edges import Edges
from archive_site.recover.front.names import PersonName
from archive_site.text.document import Certainty, Contributor

ROLES: Mapping[str, str] = {"speech": "speaker", "decree": "signatory"}
"""The role of whoever a text of a kind names as its own; others are authors."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the rules are given: the edges of a text, its kind, and the people known to the archive
    (form → key)."""

    edges: Edges
    kind: str
    people: Mapping[str, str]

    @property
    def role(self) -> str:
        """The role of whoever the text names as its own."""
        return ROLES.get(self.kind, "author")

    def who(self, name: PersonName, role: str, certainty: Certainty, ground: str) -> Contributor:
        """Someone who is named: by key, if the archive knows the name."""
        key = name.key(self.people)
        return Contributor(role, key, "" if key else name.name, certainty, ground)
