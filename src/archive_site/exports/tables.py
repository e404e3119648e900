"""Every index as data: JSON and CSV for each kind, all mentions in one table, BEACON files.

JSON has one object an entry, with each of its mentions; CSV one row an entry, for spreadsheets.
What is not known is null in JSON and empty in CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archive_site import links
from archive_site.authority import IDENTIFIERS, Entry, of_kind
from archive_site.corpus import Corpus
from archive_site.dates import is_day
from archive_site.document import Certainty
from archive_site.indexes import Indexed, Indexes
from archive_site.mentions import Passage
from archive_site.plaintext import reading_text

FILES = {
    "person": "personnes",
    "organisation": "organisations",
    "place": "lieux",
    "work": "oeuvres",
    "event": "evenements",
    "notion": "notions",
}
DAYS, MENTIONS = "jours", "mentions"
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
    for kind, name in FILES.items():
        entries = of_kind(corpus.entries, kind).values()
        if entries:
            data = [_entry(entry, indexes.entries[entry.key]) for entry in entries]
            yield f"{name}.json", _json(data)
            rows = ([_cell(row[column]) for column in ENTRY_COLUMNS] for row in data)
            yield f"{name}.csv", _csv(ENTRY_COLUMNS, rows)
        yield from _beacons(corpus, indexes, kind, name)
    days: list[dict[str, Any]] = [
        {"day": day, "mentions": [_mention(*found) for found in _named(indexed)]}
        for day, indexed in indexes.days.items()
    ]
    yield f"{DAYS}.json", _json(days)
    counted = ([d["day"], str(len(d["mentions"])), _texts(d["mentions"])] for d in days)
    yield f"{DAYS}.csv", _csv(("day", "mentions", "texts"), counted)
    yield f"{MENTIONS}.csv", _csv(MENTION_COLUMNS, _all_mentions(corpus, indexes))


def _entry(entry: Entry, indexed: Indexed) -> dict[str, Any]:
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
        "texts": indexed.counts,
        "mentions": [_mention(*found) for found in _named(indexed)],
    }


def _named(indexed: Indexed) -> Iterator[tuple[Passage, int, int, Certainty]]:
    """Every mention: its passage, its first and last character, how sure it is."""
    for passage in indexed.passages:
        for mention in passage.mentions:
            if mention.key == indexed.key:
                yield passage, mention.start, mention.end, mention.certainty


def _mention(passage: Passage, start: int, end: int, certainty: Certainty) -> dict[str, Any]:
    return {
        "text": passage.text,
        "block": None if passage.place.note else passage.place.block.id,
        "note": passage.place.note or None,
        "words": reading_text(passage.place.block.content)[start:end],
        "start": start,
        "end": end,
        "certainty": certainty,
    }


def _all_mentions(corpus: Corpus, indexes: Indexes) -> Iterator[list[str]]:
    for text in indexes.passages.values():
        for passage in text:
            words = reading_text(passage.place.block.content)
            block = "" if passage.place.note else passage.place.block.id
            for m in passage.mentions:
                kind = "day" if is_day(m.key) else corpus.entries[m.key].kind
                where = [passage.text, block, passage.place.note, str(m.start), str(m.end)]
                yield [m.key, kind, *where, words[m.start : m.end], m.certainty]


def _texts(mentions: Iterable[dict[str, Any]]) -> str:
    return " ".join(dict.fromkeys(mention["text"] for mention in mentions))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    return " ".join(value) if isinstance(value, dict) else value or ""


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


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
