"""Days in the texts: “le 10 octobre”, “du 24 au 25”, “Le 18, …” → days of the Gregorian calendar.

A day with its year beside it is certain. A day without one takes the last year in its block, or the
one that the edition declares (`year`), or that of the text's date; it is then probable. The edition
declares the calendar of its days before 1 February 1918 (`calendar`), and may mark a day itself.
Words that the edition marks as doubtful name no day.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive_site.text.dates import MONTHS, is_day, span, to_new_style
from archive_site.text.document import Certainty, Meta

LAST_JULIAN_DAY = datetime.date(1918, 1, 31)
"""The last day on which Russia counted by the Julian calendar."""
MOST_JOINED = 6
"""How many more days may follow the first in “le 3, le 5 et le 7 mai”."""
_SHORT = "janv. févr. avr. juil. sept. oct. nov. déc.".split()
_NUMBERS = {m: n for n, m in enumerate(MONTHS, 1)} | {
    m: next(n for n, month in enumerate(MONTHS, 1) if month.startswith(m[:-1])) for m in _SHORT
}
_MONTH = "|".join(re.escape(month) for month in _NUMBERS)
_DAY = r"\d{1,2}(?:er|\s?°)?"
_S = r"[\s\u00a0\u202f]"
_JOIN = rf"(?:{_S}?[-–]{_S}?|,{_S}|{_S}et{_S}(?:le{_S}|du{_S})?|{_S}ou{_S}|{_S}au{_S})"
_BETWEEN = rf"{_S}?[-–]{_S}?|{_S}au{_S}|{_S}et{_S}(?:le{_S}|du{_S})?"
_WITH_MONTH = re.compile(
    rf"(?<![\w.,])(?P<days>{_DAY}(?:{_JOIN}{_DAY}){{0,{MOST_JOINED}}})(?:{_S}?\(\d{{1,2}}\))?"
    rf"(?:{_S}|-)(?P<month>{_MONTH})(?!\w)(?:(?:{_S}|-)(?P<year>1[5-9]\d\d|20\d\d)(?!\w))?",
    re.IGNORECASE,
)
# “le 23 il tint”: a number followed by a pronoun, an article or a comma, not by something counted.
_ALONE = re.compile(
    rf"(?<!\w)(?:[Ll]e|[Dd]ès{_S}le){_S}(?P<day>\d{{1,2}})(?={_S}(?:il|elle|ils|on|le|la|les)\b|,{_S}[a-zà-ÿ])"
)
_YEAR = re.compile(r"(?:1[5-9]|20)(?<![\w./-]..)\d\d(?![\w/])")
_NUMBER = re.compile(r"\d{1,2}")
# Quick tests for the two patterns of days, which are ten times slower.
_MAY_HAVE_MONTH = re.compile(r"\d(?:er|\s?°)?[\s(-]")
_MAY_STAND_ALONE = re.compile(r"\d,?\s")
Years = list[tuple[int, str]]
"""The years in a block, each after its place; a doubtful year is empty."""
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


@dataclass(slots=True)
class Days:
    """Finds the days that a text names, block by block. A day without a month takes that of the
    previous day."""

    meta: Meta
    month: int = 0

    def find(self, text: str, doubted: Spans = ()) -> list[Day]:
        """The days that a block of the text names, in order. A day whose number, month or year is
        in one of the spans `doubted` is left out."""
        matches = list(_WITH_MONTH.finditer(text)) if _MAY_HAVE_MONTH.search(text) else []
        known = bool(matches) or self.month
        alone = list(_ALONE.finditer(text)) if known and _MAY_STAND_ALONE.search(text) else []
        if not matches and not alone:
            return []
        years = [
            (year.start(), "" if overlap(doubted, *year.span()) else year[0])
            for year in _YEAR.finditer(text)
        ]
        found: list[Day] = []
        for n, match in enumerate(matches):
            following = matches[n + 1] if n + 1 < len(matches) else None
            shared = _shared_year(text, match, following)
            dated = following if following and shared and not match["year"] else match
            if overlap(doubted, match.start("month"), dated.end()):
                self.month = 0
                continue
            self.month = _NUMBERS[match["month"].lower()]
            found += self._days(match, match["year"] or shared, years, doubted)
        starts = [day.start for day in found]
        for match in alone if self.month else ():
            before = bisect_right(starts, match.start("day"))
            free = not before or found[before - 1].end <= match.start("day")
            if free and not overlap(doubted, *match.span("day")):
                found += self._resolved(match.start("day"), match.end(), match["day"], "", years)
        return sorted(found, key=lambda day: day.start)

    def _days(self, match: re.Match[str], year: str, years: Years, doubted: Spans) -> Iterator[Day]:
        """Each of the days in “10-11 février 1926”; the last one includes the month and the
        year."""
        numbers = list(_NUMBER.finditer(match["days"]))
        for n, number in enumerate(numbers):
            start = match.start("days") + number.start()
            stop = match.start("days") + number.end()
            end = match.end() if n == len(numbers) - 1 else stop
            if not overlap(doubted, start, stop):
                yield from self._resolved(start, end, number[0], year, years)

    def _resolved(
        self, start: int, end: int, number: str, said: str, years: Years
    ) -> Iterator[Day]:
        year = said or self._year(start, years)
        iso = f"{year}-{self.month:02d}-{int(number):02d}"
        if not year or not is_day(iso):
            return
        day = datetime.date.fromisoformat(iso)
        if self.meta.calendar == "julian" and day <= LAST_JULIAN_DAY:
            day = to_new_style(day)
        yield Day(day.isoformat(), start, end, "certain" if said else "probable")

    def _year(self, start: int, years: Years) -> str:
        """The last year before `start` in this block; else the year that the edition declares; else
        that of the text's date; else empty."""
        before = bisect_left(years, (start, ""))
        if before:
            return years[before - 1][1]
        first, last = span(self.meta.date.value)
        return self.meta.year or (first[:4] if first[:4] == last[:4] else "")


def overlap(spans: Spans, start: int, end: int) -> bool:
    """Whether one of the spans overlaps the characters `start` to `end`."""
    after = bisect_right(spans, start, key=lambda part: part[1])
    return after < len(spans) and spans[after][0] < end


def _shared_year(text: str, match: re.Match[str], following: re.Match[str] | None) -> str:
    """The year of the first day in “10 avril au 19 mai 1922”: that of the second, or the year
    before if its month is later. Empty if the two days do not share a year."""
    if following is None or not following["year"]:
        return ""
    if not re.fullmatch(_BETWEEN, text[match.end() : following.start()]):
        return ""
    turns = _NUMBERS[match["month"].lower()] > _NUMBERS[following["month"].lower()]
    return str(int(following["year"]) - turns)
