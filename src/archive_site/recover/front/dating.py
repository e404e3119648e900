"""The dates that a line has, by any calendar, and what they are in EDTF."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from archive_site.text import republican
from archive_site.text.dates import MONTHS, fault_of
from archive_site.text.written_days import WrittenDays, Year, days_in, shared_year

CENTURIES, OFFIGURES = (17, 18, 19), (18, 19)
"""The centuries that a year of two figures may be in; those of a day all in figures."""
NEAR, AHEAD = 30, 5
"""A year of two figures is settled by the latest year that the text names if it is at most so many
years after it; it is at most so many years before it."""
WEEKDAYS = tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split())
_MONTH = "|".join(MONTHS)
_S = r"[\s\u00a0\u202f]"

# ---------------------------------------------------------------- dates


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date that a regular line has: where, and its value in EDTF. If it has only two figures of
    its year, these are in `short`, and `value` has `YYYY` in place of the year; if it has no year,
    `value` is empty. `weekday` is the day of the week before it."""

    start: int
    end: int
    value: str
    short: str = ""
    weekday: str = ""


_SHORT = re.compile(r"\s[’']?(\d\d)(?!\w|\s*(?:heures?|h\b|ans?\b|francs|[-–/]\d))")
_OF_MONTH = re.compile(
    rf"(?<!\w)(?P<month>{_MONTH})\s(?:[’']?(?P<short>\d\d)|(?P<year>1[4-9]\d\d|20\d\d))(?!\w)", re.I
)
_OF_REPUBLICAN_MONTH = re.compile(
    rf"(?<!\w)(?P<month>{republican.MONTH}),?{_S}(?:de{_S})?(?:l[’']{_S}?)?an{_S}"
    r"(?P<year>[IVX]+|\d{1,2})(?!\w)",
    re.I,
)
_TO = re.compile(r"\s?(?:[-–—]|au)\s?(?:le\s)?")
_WEEKDAY = re.compile(rf"(?<!\w)({'|'.join(WEEKDAYS)}),?\s(?:le\s)?\Z", re.I)


def dates_in(line: str) -> list[WrittenDate]:
    """The dates of a regular line, in order. An interval is one date."""
    found: list[WrittenDate] = []
    for date in sorted([*_days(line), *_months(line)], key=lambda date: (date.start, -date.end)):
        above = found[-1] if found else None
        if above and date.start < above.end:
            continue
        if above and _goes_on(above, date, line):
            last = date.value.split("/")[-1]
            found[-1] = replace(above, end=date.end, value=f"{above.value.split('/')[0]}/{last}")
        else:
            found.append(date)
    return [replace(date, weekday=_weekday(line, date.start)) for date in found]


def _goes_on(above: WrittenDate, date: WrittenDate, line: str) -> bool:
    """Whether two dates are the first and the last of an interval."""
    ordered = "" < above.value < date.value and not above.short and not date.short
    return ordered and _TO.fullmatch(line, above.end, date.start) is not None


def _weekday(line: str, start: int) -> str:
    found = _WEEKDAY.search(line, 0, start)
    return found[1].lower() if found else ""


def _days(line: str) -> Iterator[WrittenDate]:
    written = days_in(line)
    for n, (days, following) in enumerate(zip_longest(written, written[1:])):
        year, end = days.year, days.end
        if year is None:
            year, _ = shared_year(line, written[n - 1] if n else None, days, following)
        short = None if year or days.month.republican else _SHORT.match(line, end)
        if short:
            value = _interval([f"YYYY-{days.month.number:02d}-{n.value:02d}" for n in days.numbers])
            yield WrittenDate(days.start, short.end(), value, short[1])
        else:
            yield WrittenDate(days.start, end, _value_of(days, year))


def _value_of(days: WrittenDays, year: Year | None) -> str:
    """The days as EDTF; empty if they have no year, or one that has no such day."""
    found = [_day(number.value, days, year) for number in days.numbers] if year else []
    return _interval([day.isoformat() for day in found if day]) if all(found) else ""


def _day(number: int, days: WrittenDays, year: Year | None) -> datetime.date | None:
    if year is None or days.month.republican != year.republican:
        return _in_other_year(number, days, year) if year else None
    if year.republican:
        there = republican.RepublicanDay(year.number, days.month.number, number)
        return republican.to_gregorian(there)
    try:
        return datetime.date(year.number, days.month.number, number)
    except ValueError:
        return None


def _in_other_year(number: int, days: WrittenDays, year: Year) -> datetime.date | None:
    """The day of a year of the other calendar; None if that year has none, or two."""
    there = republican.republican_years if days.month.republican else republican.gregorian_years
    years = (Year(days.month.republican, other) for other in there(year.number))
    found = [day for other in years if (day := _day(number, days, other))]
    fits = [day for day in found if _is_in(day, year)]
    return fits[0] if len(fits) == 1 else None


def _is_in(day: datetime.date, year: Year) -> bool:
    there = republican.from_gregorian(day)
    return (
        there is not None and there.year == year.number
        if year.republican
        else day.year == year.number
    )


def _interval(days: Sequence[str]) -> str:
    first, last = (min(days), max(days)) if days else ("", "")
    return first if first == last else f"{first}/{last}"


def _months(line: str) -> Iterator[WrittenDate]:
    for found in _OF_MONTH.finditer(line):
        month = f"{MONTHS.index(found['month'].lower()) + 1:02d}"
        yield WrittenDate(*found.span(), f"{found['year'] or 'YYYY'}-{month}", found["short"] or "")
    for found in _OF_REPUBLICAN_MONTH.finditer(line):
        month_number, year = republican.month_of(found["month"]), republican.value_of(found["year"])
        days = [
            republican.to_gregorian(republican.RepublicanDay(year, month_number, n))
            for n in (1, 30)
        ]
        if days[0] and days[1]:
            yield WrittenDate(*found.span(), f"{days[0]}/{days[1]}")


# ---------------------------------------------------------------- the century


@dataclass(frozen=True, slots=True)
class Century:
    """What a date of two figures may be: its values, and what settles that there is one (`year`
    of the text, or the day of the week; both are empty if nothing does)."""

    values: tuple[str, ...]
    year: int = 0
    weekday: str = ""


def century_of(date: WrittenDate, years: Iterable[int], figures: bool) -> Century:
    """The values that a date with two figures of its year may have. `years` are those that the
    text names; `figures` says that the date has no month in words."""
    latest = max(years, default=0)
    centuries = OFFIGURES if figures else CENTURIES
    numbers = [100 * c + int(date.short) for c in centuries]
    numbers = [n for n in numbers if n >= latest - AHEAD] or numbers
    near = [n for n in numbers if latest and n - latest <= NEAR]
    if len(near) == 1 and (value := _valid(date, near[0])):
        return Century((value,), year=latest)
    values = [value for n in numbers if (value := _valid(date, n))]
    fitting = [v for v in values if date.weekday and weekday_of(v) == date.weekday]
    if len(fitting) == 1:
        return Century((fitting[0],), weekday=date.weekday)
    return Century(tuple(values))


def _valid(date: WrittenDate, year: int) -> str:
    value = date.value.replace("YYYY", str(year))
    return "" if fault_of(value) else value


def weekday_of(value: str) -> str:
    """The day of the week of a date (EDTF); empty if it is no single day."""
    try:
        return WEEKDAYS[datetime.date.fromisoformat(value).weekday()] if len(value) == 10 else ""
    except ValueError:
        return ""
