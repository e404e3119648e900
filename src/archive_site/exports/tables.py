"""Every index as data: JSON and CSV for each kind, all mentions in one table, BEACON files.

JSON has one object an entry, with each of its mentions; CSV one row an entry, for spreadsheets.
What is not known is null in JSON and empty in CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Raw

from archive_site.corpus import urls
from archive_site.edition.authority import IDENTIFIERS, Entry
from archive_site.files.tabular import Json, json_list, rows
from archive_site.model.site_model import SiteModel

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


def tables_of(model: SiteModel, sort: str) -> dict[str, bytes]:
    """The files of a sort (`SORTS`), by name."""
    if sort == MENTIONS:
        head = rows([MENTION_COLUMNS])
        parts = (model.read(text, text.facts.rows) for text in model.texts.values())
        return {f"{MENTIONS}.csv": b"".join((head, *parts))}
    if sort == DAYS:
        return _days(model)
    return _of_kind(model, sort)


def _days(model: SiteModel) -> dict[str, bytes]:
    told = [(day, *_mentions(model, day)) for day in model.days]
    counted = ((day, str(len(said)), " ".join(texts)) for day, texts, said in told)
    days = ({"day": day, "mentions": said} for day, _, said in told)
    return {
        f"{DAYS}.json": json_list(days),
        f"{DAYS}.csv": rows([("day", "mentions", "texts"), *counted]),
    }


def _of_kind(model: SiteModel, kind: str) -> dict[str, bytes]:
    entries, name = model.authorities.kinds[kind], FILES[kind]
    files = dict(_beacons(model, kind, name))
    if not entries:
        return files
    cells: list[Sequence[str]] = [ENTRY_COLUMNS]

    def objects() -> Iterator[dict[str, Json]]:
        for key, entry in entries.items():
            data = _entry(model, entry) | {"mentions": _mentions(model, key)[1]}
            cells.append([_cell(data[column]) for column in ENTRY_COLUMNS])
            yield data

    files[f"{name}.json"] = json_list(objects())  # which fills the cells, too
    files[f"{name}.csv"] = rows(cells)
    return files


def _mentions(model: SiteModel, key: str) -> tuple[list[str], list[Raw]]:
    """Which texts name an entry or a day, and each mention as JSON."""
    said = [text for text in model.texts_on(key) if text.count]
    return [text.text for text in said], [Raw(m) for text in said for m in text.said.mentions]


def _entry(model: SiteModel, entry: Entry) -> dict[str, Json]:
    """An entry without its mentions, which come last."""
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
        "texts": model.counts(entry.key),
    }


def _cell(value: Json) -> str:
    """What a cell of a table has of a value: of a list how long it is, of a mapping its keys."""
    if isinstance(value, list):
        return str(len(value))
    return " ".join(value) if isinstance(value, dict) else str(value or "")


def _beacons(model: SiteModel, kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """BEACON: which pages of this archive speak of what an identifier means, one file for each who
    gives identifiers. Only where the archive has an address: BEACON needs whole ones."""
    base = model.site.base_url
    for who, address in IDENTIFIERS.items():
        rows = [
            f"{number}|{model.total(entry.key).count}|{base}{page.removesuffix('index.html')}"
            for entry in model.authorities.kinds[kind].values()
            for giver, number in entry.same_as
            if giver == who
            for page in (urls.entry_page(entry),)
        ]
        if rows and base:
            head = f"#FORMAT: BEACON\n#PREFIX: {address.format('')}\n#NAME: {model.site.title}\n\n"
            yield f"{name}-{who}.beacon.txt", (head + "\n".join(rows) + "\n").encode()
