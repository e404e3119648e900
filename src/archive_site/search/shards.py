"""Shards: the files that a browser loads for the words that begin alike."""

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
"""A prefix whose words take more bytes than this has its longer prefixes apart."""
Lead: TypeAlias = list[str | list[str]]
"""What words lead to besides passages, an entry or a text: its words, address, name, what it is;
and, if the words are its name, its other forms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where words are filed: by prefix the rows of its shard, each a form and how many rows up the
    first of its family stands; and the forms that are filed with their family under another prefix
    than their own."""

    shards: Mapping[str, Sequence[tuple[str, int]]]
    moved: Mapping[str, str]


def planned(lines: Mapping[str, Filed], entries: Iterable[Entry]) -> Plan:
    """Where words are filed. `entries`: some of their names are spelled in several ways; their
    words have no inflected forms."""
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
    """A shard: of each word the word, how many lines up its family's first stands, its places, each
    as often as the passage has it; and the entries that its words lead to."""
    found = ((lines[form], up) for form, up in rows)
    said = "\n".join(f"{line.shown} {up or ''} {line.places}" for line, up in found)
    return script("shard", prefix, said, leads)


def prefixes_of(prefix: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """The prefixes that words (each with the bytes of its line) are filed under."""
    if prefix and (sum(sizes.values()) <= SHARD or len(sizes) == 1):
        yield prefix
        return
    longer: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for form, size in sizes.items():
        longer[form[: len(prefix) + 1]][form] = size
    for longer_prefix, inside in longer.items():
        if longer_prefix == prefix:  # the word that is the prefix
            yield prefix
        else:
            yield from prefixes_of(longer_prefix, inside)


def prefix_of(form: str, prefixes: Container[str]) -> str:
    """The longest prefix of a word that is one of `prefixes`; empty: none is."""
    return next((form[:n] for n in range(len(form), 0, -1) if form[:n] in prefixes), "")
