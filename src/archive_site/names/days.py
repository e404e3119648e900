"""Days in the texts: “le 10 octobre”, “du 24 au 25”, “Le 18, …”, “9 thermidor an II” → days of the
Gregorian calendar.

A day with its year beside it is certain. A day without one takes the last year in its block, or the
one that the edition declares (`year`), or that of the text's date; it is then probable. The edition
declares the calendar of its days before 1 February 1918 (`calendar`), and may mark a day itself.
Days of the Republican calendar name it themselves, by their months. Words that the edition marks as
doubtful name no day.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from archive_site.text.dates import is_day, span, to_new_style
from archive_site.text.document import Certainty, Meta
from archive_site.text.republican import (
    YEARS,
    RepublicanDay,
    from_gregorian,
    from_iso,
    gregorian_years,
    republican_years,
    to_gregorian,
)
from archive_site.text.written_days import (
    UNREAD,
    Month,
    Number,
    WrittenDays,
    Year,
    alone_in,
    days_in,
    republican_years_in,
    shared_year,
    years_in,
)

LAST_JULIAN_DAY = datetime.date(1918, 1, 31)
"""The last day on which Russia counted by the Julian calendar."""
Years = list[tuple[int, Year | None]]
"""Years in a block that may be those of days without one, each after its place; None for one that
is doubtful or cannot be read."""
Spans = Sequence[tuple[int, int]]
"""The start and end of parts of a text, in order."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day (Gregorian, ISO 8601) that the characters `start` to `end` of a text name, and how
    certain it is."""

    iso: str
    start: int
    end: int
    certainty: Certainty


class _Relation(NamedTuple):
    """How a text relates a day to another (“suivant”, “prochain”, “dernier”, or empty), and the
    last day that it names before (ISO 8601; empty: none)."""

    word: str
    last: str


_NO_RELATION = _Relation("", "")


@dataclass(slots=True)
class Days:
    """Finds the days that a text names, block by block. A day without a month takes that of the
    previous day."""

    meta: Meta
    month: Month | None = None

    def find(self, text: str, doubted: Spans = ()) -> list[Day]:
        """The days that a block of the text names, in order. A day whose number, month or year is
        in one of the spans `doubted` is left out."""
        written = days_in(text)
        alone = list(alone_in(text)) if written or self.month else []
        if not written and not alone:
            return []
        years = self._years(text, written, doubted)
        found: list[Day] = []
        previous: WrittenDays | None = None
        for days, following in zip_longest(written, written[1:]):
            year, end = days.year, days.end
            if year is None:
                year, end = shared_year(text, previous, days, following)
            sure = not overlap(doubted, days.month_start, end)
            previous, self.month = (days, days.month) if sure else (None, None)
            if sure:
                last = found[-1].iso if found else ""
                found += self._days(days, last, year, years, doubted)
        starts = [day.start for day in found]
        for number in alone if self.month else ():
            before = bisect_right(starts, number.start)
            free = not before or found[before - 1].end <= number.start
            if free and not overlap(doubted, number.start, number.end):
                found += self._resolved(number, number.end, None, years)
        return sorted(found, key=lambda day: day.start)

    def _days(
        self,
        days: WrittenDays,
        last: str,
        year: Year | None,
        years: Mapping[bool, Years],
        doubted: Spans,
    ) -> Iterator[Day]:
        """Each of the days in “10-11 février 1926”; the last one includes the month and the
        year. `last` is the day that the block names before."""
        for number in days.numbers:
            end = days.end if number is days.numbers[-1] else number.end
            if not overlap(doubted, number.start, number.end):
                relation = _Relation(days.relative, last)
                yield from self._resolved(number, end, year, years, relation)

    def _resolved(
        self,
        number: Number,
        end: int,
        said: Year | None,
        years: Mapping[bool, Years],
        relation: _Relation = _NO_RELATION,
    ) -> Iterator[Day]:
        assert self.month is not None
        year = said or self._year(number.start, self.month, years)
        day = self._day(number.value, self.month, year) if year else None
        if day and year and not said and (turn := self._turn(day, year, relation)):
            year = year._replace(number=year.number + turn)
            day = self._day(number.value, self.month, year)
            day = None if day and self._turn(day, year, relation) else day
        if day:
            certainty: Certainty = "certain" if said else "probable"
            yield Day(day.isoformat(), number.start, end, certainty)

    def _turn(self, day: datetime.date, year: Year, relation: _Relation) -> int:
        """How many years later than a year that a text does not give a day must be, since the text
        relates it to another day: “le 13 vendémiaire suivant”, or, if it is the year of the text's
        date, “le 10 décembre dernier”."""
        iso, (first, last) = day.isoformat(), span(self.meta.date.value)
        if relation.word == "suivant":
            return int(iso <= relation.last)
        if relation.word == "prochain" and iso < first and _has_iso(year, first):
            return 1
        return -1 if relation.word == "dernier" and iso > last and _has_iso(year, last) else 0

    def _day(self, number: int, month: Month, year: Year) -> datetime.date | None:
        """The Gregorian day with a number in a month of a year. The year may be one of the other
        calendar; None if it has no such day, or two."""
        if month.republican == year.republican:
            return self._on(number, month, year.number)
        there = republican_years if month.republican else gregorian_years
        days = (self._on(number, month, n) for n in there(year.number))
        found = [day for day in days if day and _has(year, day)]
        return found[0] if len(found) == 1 else None

    def _on(self, number: int, month: Month, year: int) -> datetime.date | None:
        """The Gregorian day with a number in a month of a year of the same calendar."""
        if month.republican:
            return to_gregorian(RepublicanDay(year, month.number, number))
        iso = f"{year}-{month.number:02d}-{number:02d}"
        day = datetime.date.fromisoformat(iso) if is_day(iso) else None
        julian = self.meta.calendar == "julian" and day and day <= LAST_JULIAN_DAY
        return to_new_style(day) if day and julian else day

    def _year(self, start: int, month: Month, years: Mapping[bool, Years]) -> Year | None:
        """The last year before `start` in this block; else the year that the edition declares; else
        that of the text's date; else None."""
        before = bisect_left(years[month.republican], start, key=lambda year: year[0])
        if before:
            return years[month.republican][before - 1][1]
        if self.meta.year:
            return Year(False, int(self.meta.year))
        first, last = span(self.meta.date.value)
        there = {day and day.year for day in map(from_iso, (first, last))}
        if month.republican and len(there) == 1 and (year := there.pop()):
            return Year(True, year)
        return Year(False, int(first[:4])) if first[:4] == last[:4] else None

    def _years(
        self, text: str, written: Sequence[WrittenDays], doubted: Spans
    ) -> Mapping[bool, Years]:
        """The years in a block that days without one may take: those of the Gregorian calendar and
        those beside its days; and, at `True`, for Republican days, those of both calendars that
        have such days."""

        def sure(named: Iterable[tuple[int, int, Year]]) -> Years:
            return [
                (start, None if year == UNREAD or overlap(doubted, start, end) else year)
                for start, end, year in named
            ]

        gregorian = years_in(text)
        beside = [
            (d.month.republican, (d.month_start, d.end, d.year))
            for d in written
            if d.year and d.year.republican
        ]
        own = sure(sorted([*gregorian, *(year for republican, year in beside if not republican)]))
        months = {days.month.republican for days in written}
        if True not in months and not (self.month and self.month.republican):
            return {False: own, True: []}
        there = (year for year in gregorian if {*republican_years(year[2].number)} & {*YEARS})
        named = [*republican_years_in(text), *(year for _, year in beside), *there]
        return {False: own, True: sure(sorted(named))}


def _has(year: Year, day: datetime.date) -> bool:
    """Whether a Gregorian day is in a year."""
    there = from_gregorian(day)
    return bool(there and there.year == year.number) if year.republican else day.year == year.number


def _has_iso(year: Year, day: str) -> bool:
    """The same for a day in ISO 8601, which may be none."""
    return is_day(day) and _has(year, datetime.date.fromisoformat(day))


def overlap(spans: Spans, start: int, end: int) -> bool:
    """Whether one of the spans overlaps the characters `start` to `end`."""
    after = bisect_right(spans, start, key=lambda part: part[1])
    return after < len(spans) and spans[after][0] < end
