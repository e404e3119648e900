"""The collections of an archive, with their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from archive_site.edition.collections import Collection, outer

TOP = ""
"""The key under which the collections are that are within no other."""


def filled(known: Mapping[str, Collection], of_texts: Mapping[str, Sequence[str]]) -> Collections:
    """The collections that have texts, or others within them that have some: no others are
    published."""
    named = {key for keys in of_texts.values() for key in keys if key in known}
    kept = named.union(*(outer(known[key].parents, known) for key in named))
    return Collections({key: known[key] for key in known if key in kept}, of_texts)


@dataclass(frozen=True)
class Collections:
    """The collections by key, and the keys of the collections of each text, by its id, in
    chronological order of the texts."""

    known: Mapping[str, Collection]
    of_texts: Mapping[str, Sequence[str]]

    @cached_property
    def parts(self) -> Mapping[str, Sequence[str]]:
        """The keys of the collections directly within each collection, or within none (`TOP`)."""
        found: dict[str, list[str]] = {TOP: [], **{key: [] for key in self.known}}
        for key, collection in self.known.items():
            for parent in collection.parents or (TOP,):
                found[parent].append(key)
        return found

    @cached_property
    def own(self) -> Mapping[str, Sequence[str]]:
        """The texts (ids) directly in each collection: first those of its `order`, then the others
        by date."""
        found: dict[str, list[str]] = {key: [] for key in self.known}
        for text_id, keys in self.of_texts.items():
            for key in dict.fromkeys(keys):
                found[key].append(text_id)
        return {
            key: list(dict.fromkeys([*(t for t in self.known[key].order if t in texts), *texts]))
            for key, texts in found.items()
        }

    @cached_property
    def all_texts(self) -> Mapping[str, Sequence[str]]:
        """The texts (ids) in each collection and in those within it, in reading order."""
        return {key: list(dict.fromkeys(self._below(key))) for key in self.known}

    def _below(self, key: str) -> list[str]:
        inner = [text_id for part in self.parts[key] for text_id in self._below(part)]
        return [*self.own[key], *inner]

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, int]]:
        """The place of each text (id) in each collection, from 0."""
        return {key: {text: n for n, text in enumerate(texts)} for key, texts in self.own.items()}

    def beside(self, text_id: str, key: str) -> tuple[str, str]:
        """The texts (ids) before and after a text in a collection; empty if there is none."""
        texts, n = self.own[key], self.places[key][text_id]
        return texts[n - 1] if n else "", texts[n + 1] if n + 1 < len(texts) else ""
