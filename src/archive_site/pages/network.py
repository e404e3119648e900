"""The network: tables of people by texts, and of people by people, in which every cell is a
link."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import Entry
from archive_site.edition.ids import slug
from archive_site.model.analysis import Beside
from archive_site.model.site_model import SiteModel, TextOnEntry
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import counted, typeset
from archive_site.views.entries import beside

MOST_BY_TEXT, MOST_TEXTS, MOST_PEOPLE = 200, 24, 24
"""The most people and texts in the first table, and the most people in the second: those named most
often, and the texts that name people most often."""
SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a number, its shade, its address, its description in words. `same`: its
    row and its column are the same person."""

    count: int
    shade: int
    href: str
    says: str
    same: bool = False


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """The row of a person in a table. `sort` is the sort key of the name."""

    name: Markup
    sort: str
    href: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class NetworkPage(Context):
    """The variables of the network: two tables, the heads of their columns, and the number of
    people in the first, in words."""

    tabs: tuple[Tab, ...]
    people: str
    texts: tuple[Markup, ...]
    by_text: tuple[NetworkRow, ...]
    columns: tuple[str, ...]
    by_person: tuple[NetworkRow, ...]


def network_page(model: SiteModel, path: str) -> Page:
    """The network: people whom texts name by texts, and the most frequent of them by each other."""
    people = [
        person
        for person in model.authorities.kinds["person"].values()
        if model.total(person.key).count
    ]
    counts = {person.key: model.counts(person.key) for person in people}
    people.sort(key=lambda person: (-sum(counts[person.key].values()), person.key))
    people = people[:MOST_BY_TEXT]
    texts = _naming_most(model, [counts[person.key] for person in people])
    most = sorted(people[:MOST_PEOPLE], key=lambda person: slug(person.sort))
    each = interface.EACH_OF_PEOPLE if len(people) > 1 else interface.EACH_PERSON
    shown = NetworkPage(
        tabs=index_tabs(model.frame, path, "network"),
        people=each.format(people=counted(len(people), *interface.PEOPLE)),
        texts=tuple(as_html(text.short_title) for text in texts),
        by_text=_by_text(counts, people, texts, path),
        columns=tuple(map(short_name, most)),
        by_person=_by_person(model, most, path),
    )
    return page_of(model.frame, path, "network.html", shown)


def _naming_most(model: SiteModel, counts: list[dict[str, int]]) -> list[Summary]:
    """The texts that name people most often, in chronological order."""
    named = sum(map(Counter, counts), Counter())
    kept = {text for text, _ in named.most_common(MOST_TEXTS)}
    few = len(model.texts) <= MOST_TEXTS
    return [text.summary for text in model.texts.values() if few or text.id in kept]


def _by_text(
    counts: Mapping[str, Mapping[str, int]], people: list[Entry], texts: list[Summary], page: str
) -> tuple[NetworkRow, ...]:
    """The rows of the first table: how often each text names each person."""
    most = max((n for person in people for n in counts[person.key].values()), default=0)

    def cell(person: Entry, own: str, text: Summary) -> Cell:
        count = counts[person.key].get(text.id, 0)
        says = interface.COUNT_OF_TWO.format(
            one=typeset(person.name), separator=",", other=text.short_title, count=count
        )
        return Cell(count, shade(count, most), f"{own}#dans-{text.id}", says)

    rows = []
    for person in people:
        own = urls.relative(page, urls.entry_page(person))
        cells = tuple(cell(person, own, text) for text in texts)
        rows.append(_row(person, own, cells, sum(counts[person.key].values())))
    return tuple(rows)


def _by_person(model: SiteModel, people: list[Entry], page: str) -> tuple[NetworkRow, ...]:
    """The rows of the second table: how many passages name both of two people."""
    near = {
        person.key: beside((text, text.in_text) for text in model.texts_on(person.key))
        for person in people
    }
    both = {(a.key, b.key): len(near[a.key].get(b.key, ())) for a in people for b in people}
    most = max(both.values(), default=0)

    def cell(person: Entry, other: Entry) -> Cell:
        count = both[person.key, other.key]
        says = interface.COUNT_OF_TWO.format(
            one=typeset(person.name), separator=" et", other=typeset(other.name), count=count
        )
        href = _first(near[person.key].get(other.key, ()), page)
        return Cell(count, shade(count, most), href, says, same=other is person)

    return tuple(
        _row(
            person,
            urls.relative(page, urls.entry_page(person)),
            tuple(cell(person, other) for other in people),
            sum(both[person.key, other.key] for other in people),
        )
        for person in people
    )


def _first(places: Sequence[tuple[TextOnEntry, Beside]], page: str) -> str:
    """The address of the first passage; empty if there is none."""
    for text, passage in places:
        return urls.relative(page, urls.text_page(text.text_id), passage.anchor)
    return ""


def _row(person: Entry, href: str, cells: tuple[Cell, ...], total: int) -> NetworkRow:
    return NetworkRow(as_html(typeset(person.sort)), slug(person.sort), href, cells, total)


def short_name(person: Entry) -> str:
    """A person's surname, for a narrow column."""
    return typeset(person.sort.split(",")[0])


def shade(count: int, most: int) -> int:
    """The shade of a cell, from 0 (nothing) to 4, by the square root of its share of `most`, since
    few names are frequent."""
    if not count:
        return 0
    return max(1, min(SHADES, round(SHADES * math.sqrt(count / most))))
