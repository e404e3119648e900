"""The indexes as data: JSON and CSV for each kind, a table of all mentions, and BEACON files.

JSON has an object for each entry, with all its mentions. CSV has a row for each entry, for
spreadsheets. Unknown values are null in JSON and empty in CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Raw

from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.edition.identifiers import OF_ENTRIES, address_of
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
"""The groups of files that are made together: the entries of each kind, the days, all mentions."""
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
    "sources",
)
PLACE_COLUMNS = ("latitude", "longitude")
"""The columns that only places have."""
MENTION_COLUMNS = tuple("key kind text block note start end words certainty".split())


def tables_of(model: SiteModel, sort: str) -> dict[str, bytes]:
    """The files of one of the `SORTS`, by name."""
    if sort == MENTIONS:
        head = rows([MENTION_COLUMNS])
        parts = (model.read(text, text.facts.rows) for text in model.texts.values())
        return {f"{MENTIONS}.csv": b"".join((head, *parts))}
    if sort == DAYS:
        return _days(model)
    return _of_kind(model, sort)


def _days(model: SiteModel) -> dict[str, bytes]:
    found = [(day, *_mentions(model, day)) for day in model.days]
    counted = ((day, str(len(mentions)), " ".join(texts)) for day, texts, mentions in found)
    days = ({"day": day, "mentions": mentions} for day, _, mentions in found)
    return {
        f"{DAYS}.json": json_list(days),
        f"{DAYS}.csv": rows([("day", "mentions", "texts"), *counted]),
    }


def _of_kind(model: SiteModel, kind: str) -> dict[str, bytes]:
    entries, name = model.authorities.kinds[kind], FILES[kind]
    files = dict(_beacons(model, kind, name))
    if not entries:
        return files
    cells: list[Sequence[str]] = [columns_of_kind(kind)]

    def objects() -> Iterator[dict[str, Json]]:
        for key, entry in entries.items():
            data = _entry(model, entry) | {"mentions": _mentions(model, key)[1]}
            cells.append([*_row(kind, entry, data)])
            yield data

    files[f"{name}.json"] = json_list(objects())  # also fills `cells`
    files[f"{name}.csv"] = rows(cells)
    return files


def _mentions(model: SiteModel, key: str) -> tuple[list[str], list[Raw]]:
    """The ids of the texts that name an entry or a day, and every mention as JSON."""
    found = [text for text in model.texts_on(key) if text.count]
    return [text.text_id for text in found], [
        Raw(m) for text in found for m in text.in_text.mentions
    ]


def _entry(model: SiteModel, entry: Entry) -> dict[str, Json]:
    """An entry without its mentions, which the caller adds at the end."""
    return {
        "key": entry.key,
        "name": entry.name,
        "sort": entry.sort,
        "years": entry.years or None,
        "date": entry.date.value or None,
        "old_style": entry.old_style or None,
        "description": entry.description or None,
        "same_as": [address_of(who, number) for who, number in entry.same_as] + list(entry.links),
        "see": list(entry.see),
        "creators": list(entry.creators),
        "geometry": _point(entry),
        "sources": [{"key": c.key, "locator": c.locator or None} for c in entry.sources],
        "certainty": {"degree": entry.judged[0], "ground": entry.judged[1] or None},
        "texts": model.counts(entry.key),
    }


def _point(entry: Entry) -> dict[str, Json] | None:
    """The coordinates of a place, as GeoJSON: the longitude comes first."""
    if not entry.coordinates:
        return None
    latitude, longitude = entry.coordinates
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _row(kind: str, entry: Entry, data: Mapping[str, Json]) -> Iterator[str]:
    """The cells of an entry."""
    latitude, longitude = entry.coordinates or ("", "")
    place = {"latitude": str(latitude), "longitude": str(longitude)}
    sources = " ".join(cited.key for cited in entry.sources)
    for column in columns_of_kind(kind):
        yield place.get(column) or (sources if column == "sources" else _cell(data.get(column)))


def columns_of_kind(kind: str) -> tuple[str, ...]:
    """The columns of the table of a kind of entries."""
    return (*ENTRY_COLUMNS, *(PLACE_COLUMNS if kind == "place" else ()))


def _cell(value: Json) -> str:
    """A value as a cell of a table: the length of a list, the keys of a mapping, else the value."""
    if isinstance(value, list):
        return str(len(value))
    return " ".join(value) if isinstance(value, dict) else str(value or "")


def _beacons(model: SiteModel, kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """BEACON files, one for each authority that assigns identifiers: the page of this archive for
    each identifier. BEACON needs absolute addresses, so there are none without a base URL."""
    base = model.site.base_url
    for who in OF_ENTRIES:
        rows = [
            f"{number}|{model.total(entry.key).count}|{base}{page.removesuffix('index.html')}"
            for entry in model.authorities.kinds[kind].values()
            for giver, number in entry.same_as
            if giver == who
            for page in (urls.entry_page(entry),)
        ]
        if rows and base:
            prefix = address_of(who, "")
            head = f"#FORMAT: BEACON\n#PREFIX: {prefix}\n#NAME: {model.site.title}\n\n"
            yield f"{name}-{who}.beacon.txt", (head + "\n".join(rows) + "\n").encode()
