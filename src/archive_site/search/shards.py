"""Shards: index files, one for the words with the same prefix, which the browser loads on
demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from archive_site.edition.authority import Entry
from archive_site.search.encoding import script
from archive_site.search.families import SPELLED, families, joined_spellings, words_of_names
from archive_site.search.postings import Filed, IndexLine
from archive_site.text.words import SMALL

SHARD = 32_000
"""The most bytes of words under one prefix. A prefix with more is divided into longer ones."""
Lead: TypeAlias = list[str | list[str]]
"""An entry or a text that words lead to besides passages: its words, its address, its name, what it
is, and, if the words are its name, its other forms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The shard of each word. `shards` has the rows of each shard, by prefix: a form, and how many
    rows above it the first form of its family is. `moved` has the prefix of each form whose family
    is in the shard of another prefix."""

    shards: Mapping[str, Sequence[tuple[str, int]]]
    moved: Mapping[str, str]


def planned(lines: Mapping[str, Filed], entries: Iterable[Entry]) -> Plan:
    """The shard of each word. The names of `entries` join words that are spellings of one name.
    Small words and words that belong to a name are not joined to others by their stem."""
    named = [entry for entry in entries if entry.kind in SPELLED]
    names = words_of_names(named)
    apart = {f for f, line in lines.items() if f in SMALL or (f in names and line.capital)}
    heads = families(
        {form: line.shown for form, line in lines.items()}, joined_spellings(named), apart
    )
    forms = sorted(lines)
    prefixes = dict.fromkeys(prefixes_of("", {form: lines[form].size for form in forms}))
    homes = {form: prefix_of(form, prefixes) for form in forms}
    members: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    for form in forms:
        members[homes[heads[form]]].append(form)
    shards = {}
    for prefix, found in members.items():
        rows = {form: row for row, form in enumerate(found)}
        shards[prefix] = [(form, row - rows[heads[form]]) for form, row in rows.items()]
    moved = {f: homes[heads[f]] for f in forms if homes[f] != homes[heads[f]]}
    return Plan({prefix: rows for prefix, rows in shards.items() if rows}, moved)


def shard(
    prefix: str,
    rows: Iterable[tuple[str, int]],
    lines: Mapping[str, IndexLine],
    leads: Sequence[Sequence[Any]],
) -> bytes:
    """A shard: `leads`, and a line for each word. A line has the word, how many lines above it the
    first of its family is, and the passages that have it, each once for each occurrence."""
    found = ((lines[form], up) for form, up in rows)
    text = "\n".join(f"{line.shown} {up or ''} {line.places}" for line, up in found)
    return script("shard", prefix, text, leads)


def prefixes_of(prefix: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """The prefixes of the shards of words, which have the beginning `prefix` in common. `sizes` has
    the bytes of each word's line."""
    if prefix and (sum(sizes.values()) <= SHARD or len(sizes) == 1):
        yield prefix
        return
    longer: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for form, size in sizes.items():
        longer[form[: len(prefix) + 1]][form] = size
    for longer_prefix, inside in longer.items():
        if longer_prefix == prefix:  # the prefix is itself a word
            yield prefix
        else:
            yield from prefixes_of(longer_prefix, inside)


def prefix_of(form: str, prefixes: Container[str]) -> str:
    """The longest prefix of a word that is in `prefixes`; empty if none is."""
    return next((form[:n] for n in range(len(form), 0, -1) if form[:n] in prefixes), "")
