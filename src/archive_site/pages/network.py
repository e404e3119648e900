"""The network: people by texts, and people by people, as tables. Nothing moves, all is linked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.edition.format import slug
from archive_site.model.analysis import Beside
from archive_site.model.site_model import SaidIn, SiteModel
from archive_site.text.typography import typeset
from archive_site.views.entries import beside, tabs

MOST_BY_TEXT, MOST_TEXTS, MOST_PEOPLE = 200, 24, 24
"""How many people and texts the first table has, and how many people the second: the most named,
and the texts that name most."""
SHADES = 4


def network(model: SiteModel, page: str) -> dict[str, Any]:
    """Both tables: the people whom texts name, and the most named of them side by side."""
    people = [
        person
        for person in model.authorities.kinds["person"].values()
        if model.total(person.key).count
    ]
    counts = {person.key: model.counts(person.key) for person in people}
    people.sort(key=lambda person: (-sum(counts[person.key].values()), person.key))
    people = people[:MOST_BY_TEXT]
    texts = _naming_most(model, [counts[person.key] for person in people])
    return {
        "tabs": tabs(model.frame, page, "network"),
        "texts": [text["short_title"] for text in texts],
        "by_text": _by_text(model, people, texts, page),
        "by_person": _by_person(model, people[:MOST_PEOPLE], page),
        "total": len(people),
    }


def _naming_most(model: SiteModel, counts: list[Mapping[str, int]]) -> list[Mapping[str, Any]]:
    """The texts that name people most, in chronological order."""
    named = sum(map(Counter, counts), Counter())
    kept = {text for text, _ in named.most_common(MOST_TEXTS)}
    few = len(model.texts) <= MOST_TEXTS
    summaries = (text.summary for text in model.texts.values())
    return [text for text in summaries if few or text["id"] in kept]


def _by_text(
    model: SiteModel, people: list[Entry], texts: list[Mapping[str, Any]], page: str
) -> list[dict[str, Any]]:
    """For each person, how often each text names them."""
    counts = {person.key: model.counts(person.key) for person in people}
    most = max((n for found in counts.values() for n in found.values()), default=0)
    rows = []
    for person in people:
        own = urls.relative(page, urls.entry_page(person))
        cells = [
            {
                "count": counts[person.key].get(text["id"], 0),
                "shade": shade(counts[person.key].get(text["id"], 0), most),
                "href": f"{own}#dans-{text['id']}",
                "text": text["short_title"],
            }
            for text in texts
        ]
        rows.append(_row(person, own, cells, sum(counts[person.key].values())))
    return rows


def _by_person(model: SiteModel, people: list[Entry], page: str) -> dict[str, Any]:
    """For each two, in how many passages both are named; in the order of the alphabet."""
    people = sorted(people, key=lambda person: slug(person.sort))
    near = {
        person.key: beside((text, text.said) for text in model.said_in(person.key))
        for person in people
    }
    both = {(a.key, b.key): len(near[a.key].get(b.key, ())) for a in people for b in people}
    most = max(both.values(), default=0)
    name = urls.Names(page, model.entries)
    rows = []
    for person in people:
        own = name(person.key)
        cells = [
            {
                "self": other is person,
                "count": both[person.key, other.key],
                "shade": shade(both[person.key, other.key], most),
                "href": _first(near[person.key].get(other.key, ()), page),
                "with": typeset(other.name),
            }
            for other in people
        ]
        rows.append(_row(person, own, cells, sum(both[person.key, other.key] for other in people)))
    return {
        "rows": rows,
        "columns": [{"name": short_name(person), "href": name(person.key)} for person in people],
    }


def _first(places: Sequence[tuple[SaidIn, Beside]], page: str) -> str:
    """The address of the first of some passages."""
    for text, passage in places:
        return urls.relative(page, urls.text_page(text.text), passage.anchor)
    return ""


def _row(person: Entry, href: str, cells: list[dict[str, Any]], total: int) -> dict[str, Any]:
    return {
        "name": typeset(person.sort),
        "full": typeset(person.name),
        "sort": slug(person.sort),
        "href": href,
        "cells": cells,
        "total": total,
    }


def short_name(person: Entry) -> str:
    """A person's surname, as a narrow column shows it."""
    return typeset(person.sort.split(",")[0])


def shade(count: int, most: int) -> int:
    """How dark a cell is, from 0 (nothing) to 4: by the root of its share, since names are few
    that are named often."""
    if not count:
        return 0
    return max(1, min(SHADES, round(SHADES * math.sqrt(count / most))))
