"""Every index as data: JSON and CSV for each kind, all mentions in one table, BEACON files.

JSON has one object an entry, with each of its mentions; CSV one row an entry, for spreadsheets.
What is not known is null in JSON and empty in CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from archive_site import links
from archive_site.authority import IDENTIFIERS, Entry, of_kind
from archive_site.corpus import Corpus
from archive_site.dates import is_day
from archive_site.indexes import Indexed, Indexes, Naming

FILES = {
    "person": "personnes",
    "organisation": "organisations",
    "place": "lieux",
    "work": "oeuvres",
    "event": "evenements",
    "notion": "notions",
}
DAYS, MENTIONS = "jours", "mentions"
SORTS = (*FILES, DAYS, MENTIONS)
"""The sorts of files that change apart: the entries of each kind, the days, all mentions."""
PART = 1 << 16
"""How many characters of a table are held at once, about."""
ENTRY_COLUMNS = (
    "key",
    "name",
    "sort",
    "years",
    "date",
    "old_style",
    "description",
    "mentions",
    "texts",
)
MENTION_COLUMNS = tuple("key kind text block note start end words certainty".split())


def as_tables(corpus: Corpus, indexes: Indexes) -> Iterator[tuple[str, bytes]]:
    """The name and bytes of each file: `personnes.json`, `personnes.csv`, …"""
    for sort in SORTS:
        for name, parts in tables(corpus, indexes, sort):
            yield name, b"".join(parts)


Told = tuple[str, list[str]]
"""An entry as the files of its kind tell it: as an object of JSON, and as a row of the table."""


def told_of(entry: Entry, indexes: Indexes) -> Told:
    """What the files of its kind tell of an entry."""
    data = _entry(entry, indexes.entries[entry.key], indexes.namings_of(entry.key))
    return _indented(data, 1), [_cell(data[column]) for column in ENTRY_COLUMNS]


def tables(
    corpus: Corpus, indexes: Indexes, sort: str, told: Callable[[str], Told] | None = None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name of each file of a sort (`SORTS`), and its bytes, part by part: mentions are many.
    `told`: gives what is told of an entry, by its key, where that is known already."""
    if sort == MENTIONS:
        yield f"{MENTIONS}.csv", _csv(MENTION_COLUMNS, _all_mentions(corpus, indexes))
    elif sort == DAYS:
        days = _days(indexes)
        yield f"{DAYS}.json", _list(_indented(day, 1) for day in days)
        counted = ([d["day"], str(len(d["mentions"])), _texts(d["mentions"])] for d in days)
        yield f"{DAYS}.csv", _csv(("day", "mentions", "texts"), counted)
    else:
        yield from _of_kind(corpus, indexes, sort, told)


def _of_kind(
    corpus: Corpus, indexes: Indexes, kind: str, told: Callable[[str], Told] | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    entries, name = of_kind(corpus.entries, kind), FILES[kind]

    def telling(key: str) -> Told:
        return told(key) if told else told_of(entries[key], indexes)

    if entries:
        yield f"{name}.json", _list(telling(key)[0] for key in entries)
        yield f"{name}.csv", _csv(ENTRY_COLUMNS, (telling(key)[1] for key in entries))
    for named, data in _beacons(corpus, indexes, kind, name):
        yield named, iter((data,))


def _days(indexes: Indexes) -> list[dict[str, Any]]:
    return [
        {"day": day, "mentions": [_mention(naming) for naming in indexes.namings_of(day)]}
        for day in indexes.days
    ]


def _entry(entry: Entry, indexed: Indexed, named: Sequence[Naming]) -> dict[str, Any]:
    return {
        "key": entry.key,
        "name": entry.name,
        "sort": entry.sort,
        "years": entry.years or None,
        "date": entry.date.value or None,
        "old_style": entry.old_style or None,
        "description": entry.description or None,
        "same_as": [IDENTIFIERS[who].format(number) for who, number in entry.same_as]
        + list(entry.links),
        "see": list(entry.see),
        "texts": dict(indexed.counts),
        "mentions": [_mention(naming) for naming in named],
    }


def _mention(naming: Naming) -> dict[str, Any]:
    return {
        "text": naming.text,
        "block": None if naming.note else naming.block,
        "note": naming.note or None,
        "words": naming.words,
        "start": naming.start,
        "end": naming.end,
        "certainty": naming.certainty,
    }


def _all_mentions(corpus: Corpus, indexes: Indexes) -> Iterator[list[str]]:
    for m in (naming for text in indexes.namings.values() for naming in text):
        kind = "day" if is_day(m.key) else corpus.entries[m.key].kind
        where = [m.text, m.block, m.note, str(m.start), str(m.end)]
        yield [m.key, kind, *where, m.words, m.certainty]


def _texts(mentions: Iterable[dict[str, Any]]) -> str:
    return " ".join(dict.fromkeys(mention["text"] for mention in mentions))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    return " ".join(value) if isinstance(value, dict) else value or ""


def _list(items: Iterable[str]) -> Iterator[bytes]:
    """A list as JSON, of items as JSON, one at a time."""
    before = "[\n"
    for item in items:
        yield f"{before} {item}".encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


def _indented(value: Any, depth: int) -> str:
    """JSON with an indent of one, as the standard library writes it, which is five times slower
    with an indent than without."""
    pieces: list[str]
    match value:
        case dict():
            pieces = [f"{_said(key)}: {_indented(v, depth + 1)}" for key, v in value.items()]
        case list():
            pieces = [_indented(v, depth + 1) for v in value]
        case _:
            return _said(value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    line = "\n" + " " * (depth + 1)
    inside = f",{line}".join(pieces)
    return f"{opening}{line}{inside}{line[:-1]}{closing}" if pieces else opening + closing


_said = json.JSONEncoder(ensure_ascii=False).encode


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table, some rows at a time."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        if written.tell() > PART:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _beacons(corpus: Corpus, indexes: Indexes, kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """BEACON: which pages of this archive speak of what an identifier means, one file for each who
    gives identifiers. Only where the archive has an address: BEACON needs whole ones."""
    base = corpus.site.base_url
    for who, address in IDENTIFIERS.items():
        rows = [
            f"{number}|{indexes.entries[entry.key].count}|{base}{page.removesuffix('index.html')}"
            for entry in of_kind(corpus.entries, kind).values()
            for giver, number in entry.same_as
            if giver == who
            for page in (links.entry_page(entry),)
        ]
        if rows and base:
            head = f"#FORMAT: BEACON\n#PREFIX: {address.format('')}\n#NAME: {corpus.site.title}\n\n"
            yield f"{name}-{who}.beacon.txt", (head + "\n".join(rows) + "\n").encode()
