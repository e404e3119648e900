"""The chronology: events in the order of time, drawn and told, and the days that texts name.

The drawing gives each year room for what happened in it, so that 1917 is as wide as it is full;
years between which nothing is named are left out, and the gap is shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.model.site_model import SiteModel
from archive_site.names.indexes import in_time
from archive_site.text.dates import in_french, span, year_of
from archive_site.text.typography import typeset
from archive_site.views.entries import (
    line_view,
    lines_by_text,
    old_style_of,
    tabs,
    told,
    when,
)

LEAST_YEAR_WIDTH, LEAST_YEARS_SHARE = 3.2, 70
"""The least room of a year, in per cent of the drawing's width: its label's; and the most that all
years may take for it."""
NEAREST = 2.1
"""How near two marks of a lane may stand, in per cent: 24 CSS pixels of the drawing's least width,
which the stylesheet gives."""
LANE = 26
"""The height of a lane, in pixels."""
TOP = 30


@dataclass(frozen=True, slots=True)
class Years:
    """An axis of years, each with its own room; `starts` in per cent, by year."""

    starts: dict[int, tuple[float, float]]

    def place(self, year: str, day: str) -> float:
        """Where a day (month and day, as ISO writes them) of a year stands, in per cent."""
        start, width = self.starts[int(year)]
        passed = (int(day[:2]) - 1) / 12 + (int(day[3:5]) - 1) / 372
        return round(start + width * passed, 2)


def chronology(model: SiteModel, page: str) -> dict[str, Any]:
    """The events in order, their drawing, and the days that texts name."""
    events = sorted(model.authorities.kinds["event"].values(), key=in_time)
    dated = [event for event in events if event.date.value]
    years: dict[str, list[dict[str, Any]]] = {}
    for event in dated:
        years.setdefault(_year(event), []).append(_event(model, event, page))
    days = model.days_by_year
    return {
        "tabs": tabs(model.frame, page, "event"),
        "drawing": drawing(dated, page),
        "years": [
            {
                "year": year,
                "events": years.get(year, []),
                "days": [
                    {
                        "name": typeset(in_french(day).removesuffix(f" {year}")),
                        "href": urls.relative(page, urls.days_page(day), urls.day_anchor(day)),
                        "count": model.total(day).count,
                    }
                    for day in days.get(year, [])
                ],
            }
            for year in sorted({*years, *days}, key=int)
        ],
        "undated": [_event(model, event, page) for event in events if not event.date.value],
        "total": len(events),
        "days_total": len(model.days),
    }


def _year(event: Entry) -> str:
    """The first year that the event's date names; 0 where it names none."""
    return year_of(event.date.value)[1].replace("X", "0") or "0"


def _event(model: SiteModel, event: Entry, page: str) -> dict[str, Any]:
    """An event, with the first passage of each text that speaks of it."""
    total = model.total(event.key)
    return {
        "key": event.key,
        "name": typeset(event.name),
        "href": urls.relative(page, urls.entry_page(event)),
        "when": when(event),
        "sure": event.date.certainty in ("stated", "certain"),
        "description": typeset(event.description),
        "said_in": told(total) if total.count else "",
        "passages": [
            {
                "title": text.short_title,
                "line": line_view(text.text, lines[0], page),
                "more": len(lines) - 1,
                "href": f"{urls.relative(page, urls.entry_page(event))}#dans-{text.text}",
            }
            for text in model.said_in(event.key)
            if (lines := text.said.lines)
        ],
    }


def drawing(events: Sequence[Entry], page: str) -> dict[str, Any] | None:
    """The events on an axis of years; lanes keep marks apart. None where there is none."""
    if not events:
        return None
    axis = _axis([int(_year(event)) for event in events])
    lanes: list[float] = []
    marks = []
    for event in events:
        x = axis.place(_year(event), _middle(*span(event.date.value)))
        lane = next((n for n, end in enumerate(lanes) if x - end >= NEAREST), len(lanes))
        lanes[lane : lane + 1] = [x]
        marks.append(
            {
                "href": urls.relative(page, urls.CHRONOLOGY, event.key),
                "says": typeset(f"{event.name}, {in_french(event.date.value)}"),
                "x": x,
                "y": TOP + LANE * lane + LANE // 2,
                "sure": event.date.certainty in ("stated", "certain"),
            }
        )
    years = sorted(axis.starts)
    return {
        "height": TOP + LANE * len(lanes) + 4,
        "marks": marks,
        "years": [
            {
                "label": year,
                "x": axis.starts[year][0],
                "gap": year - previous > 1,
            }
            for previous, year in pairwise([years[0] - 1, *years])
        ],
        "first": years[0],
        "last": years[-1],
    }


def _middle(first: str, last: str) -> str:
    """The month and day in the middle of a month or a year; of what takes longer, the first."""
    if first[:4] != last[:4]:
        return first[-5:]
    ends = (datetime.date.fromisoformat(f"2000{day[-6:]}") for day in (first, last))
    days = [day.toordinal() for day in ends]
    return datetime.date.fromordinal(sum(days) // 2).isoformat()[-5:]


def _axis(years: Sequence[int]) -> Years:
    """Years in order, as wide as they are full."""
    counts = {year: years.count(year) for year in sorted(set(years))}
    least = min(LEAST_YEAR_WIDTH, LEAST_YEARS_SHARE / len(counts))
    rest = 100 - least * len(counts) - NEAREST
    starts, at = {}, 0.0
    for year, count in counts.items():
        width = least + rest * count / len(years)
        starts[year] = round(at, 2), width
        at += width
    return Years(starts)


def days_page(model: SiteModel, days: Sequence[str], page: str) -> dict[str, Any]:
    """The days of a year that texts name, with what each text says of them."""
    events = model.authorities.kinds["event"].values()
    name = urls.Names(page, model.entries)
    return {
        "year": days[0][:4],
        "tabs": tabs(model.frame, page, "event"),
        "chronology": urls.relative(page, urls.CHRONOLOGY),
        "days": [
            {
                "anchor": urls.day_anchor(day),
                "name": model.name(day),
                "old_style": old_style_of(model, day),
                "events": [
                    {"name": typeset(event.name), "href": name(event.key)}
                    for event in events
                    if event.date.value and _covers(event, day)
                ],
                "passages": lines_by_text(model.said_in(day), page),
            }
            for day in days
        ],
    }


def _covers(event: Entry, day: str) -> bool:
    """Whether the event is dated to this day, or to days around it."""
    first, last = span(event.date.value)
    return first <= day <= last and first[:7] == last[:7] and len(event.date.value) > len("1917-10")
