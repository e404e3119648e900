"""The chronology: events in chronological order, as a drawing and a list, and the days that texts
name.

In the drawing, the width of a year depends on the number of its events. Years without events are
left out, and the gap is shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.model.site_model import SiteModel
from archive_site.names.indexes import in_time
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.templating.jinja import Context
from archive_site.text.dates import in_french, span, year_of
from archive_site.text.html import as_html
from archive_site.text.republican import date_in_french as republican_in_french
from archive_site.text.typography import agreed, counted, typeset
from archive_site.views.entries import (
    EntryLink,
    SentencesOfText,
    SentenceView,
    entry_link,
    in_other_calendars,
    sentence_view,
    sentences_by_text,
    times_named,
    when_in,
)

LEAST_YEAR_WIDTH, LEAST_YEARS_SHARE = 3.2, 70
"""The least width of a year, in per cent of the drawing's width: that of its label; and the most
that these least widths may add up to."""
NEAREST = 2.1
"""The least distance between two marks in a lane, in per cent: 24 CSS pixels at the least width of
the drawing, which the stylesheet sets."""
LANE = 26
"""The height of a lane, in pixels."""
TOP = 30


@dataclass(frozen=True, slots=True)
class Years:
    """An axis of years of different widths. `starts` has the start and the width of each year, in
    per cent."""

    starts: dict[int, tuple[float, float]]

    def place(self, year: str, day: str) -> float:
        """The position of a day (`MM-DD`) of a year, in per cent."""
        start, width = self.starts[int(year)]
        passed = (int(day[:2]) - 1) / 12 + (int(day[3:5]) - 1) / 372
        return round(start + width * passed, 2)


@dataclass(frozen=True, slots=True)
class FirstSentence:
    """The first sentence of a text that names an event. `more` is the number of other sentences, in
    words (empty: none), and `href` their address."""

    sentence: SentenceView
    title: Markup
    more: str
    href: str


@dataclass(frozen=True, slots=True)
class EventView:
    """An event. `plain_name` is its name without markup. `times_named` is how often it is named, in
    words (empty: never). `passages_title` is the heading of `passages`."""

    key: str
    name: Markup
    plain_name: str
    href: str
    when: Markup
    sure: bool
    description: Markup
    times_named: str
    passages_title: str
    passages: tuple[FirstSentence, ...]


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day that texts name: its name, its address, and how often it is named."""

    name: Markup
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class YearView:
    """A year: its events, and its days that texts name."""

    year: str
    events: tuple[EventView, ...]
    days: tuple[DayLink, ...]


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event in the drawing: its address, its name and date in words, its position (`x` in per
    cent, `y` in pixels), whether its date is certain."""

    href: str
    says: str
    x: float
    y: int
    sure: bool


@dataclass(frozen=True, slots=True)
class ChronologyYear:
    """A year in the drawing: its start in per cent, and whether years before it are left out."""

    label: int
    x: float
    gap: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing of events: its height in pixels, its marks, its years, and the span of years in
    words."""

    height: int
    marks: tuple[EventMark, ...]
    years: tuple[ChronologyYear, ...]
    says: str


@dataclass(frozen=True, slots=True)
class ChronologyPage(Context):
    """The variables of the chronology. `events` and `days` are their numbers, in words."""

    tabs: tuple[Tab, ...]
    events: str
    days: str
    drawing: Drawing | None
    years: tuple[YearView, ...]
    undated: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """A day: its name; the same day in other calendars, if texts name it by them; its events; the
    sentences that name it."""

    anchor: str
    name: Markup
    other_calendars: Markup
    events: tuple[EntryLink, ...]
    texts: tuple[SentencesOfText, ...]


@dataclass(frozen=True, slots=True)
class DaysPage(Context):
    """The variables of the page of the days of a year."""

    tabs: tuple[Tab, ...]
    year: str
    chronology: str
    days: tuple[DayView, ...]


def chronology_page(model: SiteModel, path: str) -> Page:
    """The chronology: the events in order, their drawing, and the days that texts name."""
    events = sorted(model.authorities.kinds["event"].values(), key=in_time)
    dated = [event for event in events if event.date.value]
    by_year: dict[str, list[EventView]] = {}
    for event in dated:
        by_year.setdefault(_year(event), []).append(_event(model, event, path))
    days = model.days_by_year
    shown = ChronologyPage(
        tabs=index_tabs(model.frame, path, "event"),
        events=counted(len(events), *interface.EVENTS),
        days=counted(len(model.days), *interface.DAYS),
        drawing=drawing(dated, path),
        years=tuple(
            YearView(
                year,
                tuple(by_year.get(year, ())),
                tuple(_day(model, day, path) for day in days.get(year, ())),
            )
            for year in sorted({*by_year, *days}, key=int)
        ),
        undated=tuple(_event(model, event, path) for event in events if not event.date.value),
    )
    return page_of(model.frame, path, "chronology.html", shown)


def _day(model: SiteModel, day: str, page: str) -> DayLink:
    """A day for the list of its year, named without the year. With the Republican day if texts name
    it so."""
    name = in_french(day).removesuffix(f" {day[:4]}")
    if model.by_republican(day):
        name = f"{name} ({republican_in_french(day)})"
    return DayLink(
        as_html(typeset(name)),
        urls.relative(page, urls.days_page(day), urls.day_anchor(day)),
        model.total(day).count,
    )


def _year(event: Entry) -> str:
    """The first year of the event's date; 0 if it has none."""
    return year_of(event.date.value)[1].replace("X", "0") or "0"


def _event(model: SiteModel, event: Entry, page: str) -> EventView:
    """An event, with the first sentence of each text that names it."""
    total, own = model.total(event.key), urls.relative(page, urls.entry_page(event))
    passages = tuple(
        FirstSentence(
            sentence=sentence_view(text.text_id, lines[0], page),
            title=as_html(text.short_title),
            more=counted(others, *interface.OTHER_SENTENCES) if others else "",
            href=f"{own}#dans-{text.text_id}",
        )
        for text in model.texts_on(event.key)
        if (lines := text.in_text.sentences)
        for others in (len(lines) - 1,)
    )
    return EventView(
        key=event.key,
        name=as_html(typeset(event.name)),
        plain_name=typeset(event.name),
        href=own,
        when=as_html(when_in(model, event)),
        sure=event.date.certainty in ("stated", "certain"),
        description=as_html(typeset(event.description)),
        times_named=times_named(total) if total.count else "",
        passages_title=agreed(len(passages), *interface.WHAT_TEXTS_SAY),
        passages=passages,
    )


def drawing(events: Sequence[Entry], page: str) -> Drawing | None:
    """The events on an axis of years, in lanes, so that marks do not overlap. None if there are no
    events."""
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
            EventMark(
                href=urls.relative(page, urls.CHRONOLOGY, event.key),
                says=typeset(f"{event.name}, {in_french(event.date.value)}"),
                x=x,
                y=TOP + LANE * lane + LANE // 2,
                sure=event.date.certainty in ("stated", "certain"),
            )
        )
    years = sorted(axis.starts)
    says = interface.ONE_YEAR if years[0] == years[-1] else interface.FROM_YEAR_TO_YEAR
    return Drawing(
        height=TOP + LANE * len(lanes) + 4,
        marks=tuple(marks),
        years=tuple(
            ChronologyYear(year, axis.starts[year][0], year - previous > 1)
            for previous, year in pairwise([years[0] - 1, *years])
        ),
        says=says.format(first=years[0], last=years[-1]),
    )


def _middle(first: str, last: str) -> str:
    """The month and day (`MM-DD`) in the middle of a span of days; its first day if it extends over
    several years."""
    if first[:4] != last[:4]:
        return first[-5:]
    ends = (datetime.date.fromisoformat(f"2000{day[-6:]}") for day in (first, last))
    days = [day.toordinal() for day in ends]
    return datetime.date.fromordinal(sum(days) // 2).isoformat()[-5:]


def _axis(years: Sequence[int]) -> Years:
    """The axis of the years of all events, with widths by the number of events in each."""
    counts = {year: years.count(year) for year in sorted(set(years))}
    least = min(LEAST_YEAR_WIDTH, LEAST_YEARS_SHARE / len(counts))
    rest = 100 - least * len(counts) - NEAREST
    starts, at = {}, 0.0
    for year, count in counts.items():
        width = least + rest * count / len(years)
        starts[year] = round(at, 2), width
        at += width
    return Years(starts)


def days_page(model: SiteModel, days: Sequence[str]) -> Page:
    """The page of `days`, all of one year, with the sentences that name them."""
    path = urls.days_page(days[0])
    events = [e for e in model.authorities.kinds["event"].values() if e.date.value]
    shown = DaysPage(
        tabs=index_tabs(model.frame, path, "event"),
        year=days[0][:4],
        chronology=urls.relative(path, urls.CHRONOLOGY),
        days=tuple(
            DayView(
                anchor=urls.day_anchor(day),
                name=as_html(model.name(day)),
                other_calendars=as_html(in_other_calendars(model, day)),
                events=tuple(
                    entry_link(model.entries, event.key, path)
                    for event in events
                    if _covers(event, day)
                ),
                texts=sentences_by_text(model.texts_on(day), path),
            )
            for day in days
        ),
    )
    return page_of(model.frame, path, "days.html", shown)


def _covers(event: Entry, day: str) -> bool:
    """Whether the date of the event is this day, or a span of days in one month that includes
    it."""
    first, last = span(event.date.value)
    return first <= day <= last and first[:7] == last[:7] and len(event.date.value) > len("1917-10")
