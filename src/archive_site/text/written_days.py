"""How texts write days: by the Gregorian or Julian calendar (“10-11 février 1926”), and by the
French Republican one (“18 et 19 brumaire an VIII”). `names.days` finds out which days a text names,
`recover.front.dating` which one it is dated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from archive_site.text import republican
from archive_site.text.dates import MONTHS

MOST_JOINED = 6
"""How many more days may follow the first in “le 3, le 5 et le 7 mai”."""
_SHORT = "janv. févr. avr. juil. sept. oct. nov. déc.".split()
_NUMBERS = {m: n for n, m in enumerate(MONTHS, 1)} | {
    m: next(n for n, month in enumerate(MONTHS, 1) if month.startswith(m[:-1])) for m in _SHORT
}
_MONTH = "|".join(re.escape(month) for month in _NUMBERS)
_DAY = rf"(?:\d{{1,2}}(?:er|\s?°)?|{republican.FIRST})"
_S = republican.S
_JOIN = rf"(?:{_S}?[-–]{_S}?|(?:,|{_S}et|{_S}ou){_S}(?:le{_S}|du{_S})?|{_S}au{_S})"
_BETWEEN = re.compile(rf"{_S}?[-–]{_S}?|{_S}au{_S}|{_S}et{_S}(?:le{_S}|du{_S})?")
_BESIDE = re.compile(rf"{_S}?\({_S}?|{_S}?[=/]{_S}?|,{_S}|{_S}[-–—]{_S}|{_S}ou{_S}")
"""What stands between a day and the same day in another calendar."""


def _several(day: str) -> str:
    return rf"{day}(?:{_JOIN}{day}){{0,{MOST_JOINED}}}"


_RELATIVE = rf"(?:{_S}(?P<relative>suivant|prochain|dernier)s?(?!\w))?"
_WITH_MONTH = re.compile(
    rf"(?<![\w.,])(?P<days>{_several(_DAY)})(?:{_S}?\(\d{{1,2}}\))?"
    rf"(?:{_S}|(?P<hyphen>-))(?P<month>{_MONTH})(?!\w){_RELATIVE}{republican.YEAR_AFTER_GREGORIAN}?",
    re.IGNORECASE,
)
_REPUBLICAN = re.compile(
    rf"(?<![\w.,])(?:(?P<days>{_several(republican.NUMBER)})(?P<stop>\.)?{_S}"
    rf"(?P<month>{republican.MONTH}|{republican.MONTH_IN_SHORT})"
    rf"|(?P<some>{_several(republican.COMPLEMENTARY_NUMBER)}){_S}"
    rf"(?P<complementary>{republican.COMPLEMENTARY_DAY})){_RELATIVE}"
    rf"{republican.YEAR_AFTER}?",
    re.IGNORECASE,
)
# “le 23 il tint”: a number followed by a pronoun, an article or a comma, not by something counted.
_ALONE = re.compile(
    rf"(?<!\w)(?:[Ll]e|[Dd]ès{_S}le){_S}(?P<day>\d{{1,2}})(?={_S}(?:il|elle|ils|on|le|la|les)\b|,{_S}[a-zà-ÿ])"
)
_STREET = re.compile(
    rf"\b(?:rue|place|avenue|boulevard|quai|square|allée|impasse|faubourg){_S}d[ue]s?{_S}\Z",
    re.IGNORECASE,
)
_STREET_LENGTH = 20
"""How many characters before a day may be those of a street that is named after it."""
_YEAR = re.compile(r"(?:1[5-9]|20)(?<![\w./-]..)\d\d(?![\w/])")
# What stands before the first of “le 3 et le 5 mai”, and before the 2 of “l’an 2 et le 5 mai”.
_BEGINS = re.compile(
    rf"(?<!\w)(?:les?|du|des|dès|aux?|ce|dimanche"
    rf"|(?:lun|mar|mercre|jeu|vendre|same|primi|duo|tri|quarti|quinti|sexti|septi|octi|noni|déca)di)"
    rf"{_S}\Z",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?<!\w)(?:an|ann[ée]e|articles?|art\.|chapitres?|chap\.|num[ée]ros?|nos?|n[°º]|pages?|pp?\."
    rf"|tomes?|t\.|volumes?|vol\.|titres?|sections?|paragraphes?|livres?|lignes?|§§?){_S}\Z",
    re.IGNORECASE,
)
_BEFORE_LENGTH = 15
"""How many characters before a day may be what such a pattern matches."""
_WITH_ARTICLE = re.compile(rf"{_S}(?:le|du){_S}\Z", re.IGNORECASE)
_NUMBER = re.compile(rf"\d{{1,2}}|{republican.FIRST}", re.IGNORECASE)
_REPUBLICAN_NUMBER = re.compile(republican.NUMBER, re.IGNORECASE)
# Quick tests for the patterns of days, which are ten times slower.
_MAY_HAVE_MONTH = re.compile(r"(?:\d(?:er|\s?°)?|Ier)[\s(-]")
_MAY_STAND_ALONE = re.compile(r"\d,?\s")


class Month(NamedTuple):
    """A month of a calendar. Month 13 of the Republican one are its complementary days."""

    republican: bool
    number: int


class Year(NamedTuple):
    """A year of a calendar."""

    republican: bool
    number: int


UNREAD = Year(True, 0)
"""A year that a text names and that cannot be read. It has no days."""


class Number(NamedTuple):
    """The number of a day in its month, and where a text has it."""

    value: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenDays:
    """Days of one month that a text writes together: their numbers, their month and where it
    begins, where all of it ends, the year that stands with them, and “dernier” or the like in place
    of one."""

    numbers: tuple[Number, ...]
    month: Month
    month_start: int
    end: int
    year: Year | None
    relative: str = ""

    @property
    def start(self) -> int:
        """Where they begin."""
        return self.numbers[0].start


def days_in(text: str) -> list[WrittenDays]:
    """The days with a month that a text writes, in order. In “9 thermidor an 2 juillet 1794”, the
    first takes the number that both might have."""
    found: list[WrittenDays] = []
    text = republican.plain(text)
    if _MAY_HAVE_MONTH.search(text):
        found += filter(None, (_gregorian(text, match) for match in _WITH_MONTH.finditer(text)))
    if republican.may_be_in(text):
        matches = _REPUBLICAN.finditer(text)
        found += filter(None, (_republican(text, match) for match in matches))
        found.sort(key=lambda days: days.start)
        found = [d for n, d in enumerate(found) if not n or found[n - 1].end <= d.start]
    return found


def _gregorian(text: str, match: re.Match[str]) -> WrittenDays | None:
    """The days of a match. None if it is a name: “4-Septembre”, “rue du 4 septembre”."""
    numbers = _days(text, _numbers(match, "days", _NUMBER))
    year = _year(match)
    if not numbers or (not year and (match["hyphen"] or _is_street(text, numbers))):
        return None
    return _written(match, numbers, Month(False, _NUMBERS[match["month"].lower()]), "month", year)


def _republican(text: str, match: re.Match[str]) -> WrittenDays | None:
    """The days of a match. None if it is a name, “place du 18 brumaire”, or if a sentence may end
    between the number and the month."""
    days, month = ("some", "complementary") if match["some"] else ("days", "month")
    numbers = _days(text, _numbers(match, days, _REPUBLICAN_NUMBER))
    year = _year(match)
    no_day = _stops(text, match, numbers) or _is_street(text, numbers)
    if not numbers or (not year and no_day):
        return None
    named = Month(True, republican.month_of(match["month"] or ""))
    return _written(match, numbers, named, month, year)


def _written(
    match: re.Match[str],
    numbers: tuple[Number, ...],
    month: Month,
    group: str,
    year: Year | None,
) -> WrittenDays:
    """Days with the month that the `group` of a match names. They end with a year that can be read,
    or else with their month."""
    end = match.end(group) if year in (None, UNREAD) else match.end()
    relative = (match["relative"] or "").lower()
    return WrittenDays(numbers, month, match.start(group), end, year, relative)


def _year(match: re.Match[str]) -> Year | None:
    """The year that stands with the days of a match."""
    if match["gregorian"]:
        return Year(False, int(match["gregorian"]))
    there = match["year"] or match["ordinal"] or match["unread"] or match.groupdict().get("bare")
    return Year(True, republican.year_of(match)) if there else None


def _numbers(match: re.Match[str], group: str, number: re.Pattern[str]) -> tuple[Number, ...]:
    found = number.finditer(match.string, *match.span(group))
    return tuple(Number(republican.value_of(number[0]), *number.span()) for number in found)


def _days(text: str, numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    """Those of some joined numbers that are days. The first ones may be no days: “ils étaient 12 et
    le 14 mai”, “l’an 2 et le 5 mai”."""
    if _stands_before(_BEGINS, text, numbers):
        return numbers
    joins = [text[one.end : other.start] for one, other in pairwise(numbers)]
    commas = [n for n, join in enumerate(joins, 1) if "," in join]
    articles = [n for n, join in enumerate(joins, 1) if _WITH_ARTICLE.search(join)]
    if _stands_before(_NUMBERED, text, numbers):
        return numbers[min([*commas, *articles], default=1) :]
    # “4, 5 et 7 mai” are three days, but “12, 14 mai” may be one.
    first = articles or [n for n in commas if n == len(joins)] or [0]
    return numbers[first[0] :]


def _stands_before(
    words: re.Pattern[str], text: str, numbers: tuple[Number, ...], most: int = _BEFORE_LENGTH
) -> bool:
    """Whether a pattern matches what stands before numbers, within `most` characters."""
    start = numbers[0].start
    return words.search(text, max(0, start - most), start) is not None


def _stops(text: str, match: re.Match[str], numbers: tuple[Number, ...]) -> bool:
    """Whether a sentence may end before the month: “Ils étaient 9. Thermidor approchait.”"""
    return bool(match["stop"] and numbers) and not _stands_before(_BEGINS, text, numbers)


def _is_street(text: str, numbers: tuple[Number, ...]) -> bool:
    return len(numbers) == 1 and _stands_before(_STREET, text, numbers, _STREET_LENGTH)


def alone_in(text: str) -> Iterator[Number]:
    """The days that a text writes without a month: “Le 18, on vota”."""
    for match in _ALONE.finditer(text) if _MAY_STAND_ALONE.search(text) else ():
        yield Number(int(match["day"]), match.start("day"), match.end())


def years_in(text: str) -> list[tuple[int, int, Year]]:
    """The Gregorian years that a text names, in order, each with its start and end."""
    return [(*match.span(), Year(False, int(match[0]))) for match in _YEAR.finditer(text)]


def republican_years_in(text: str) -> list[tuple[int, int, Year]]:
    """The Republican years that a text names elsewhere than with a day, in order."""
    return [
        (*match.span(), Year(True, republican.year_of(match)))
        for match in republican.YEAR_ALONE.finditer(text)
    ]


def shared_year(
    text: str, previous: WrittenDays | None, days: WrittenDays, following: WrittenDays | None
) -> tuple[Year | None, int]:
    """The year that `days`, which have none, share with the days beside them, and where what says
    so ends. They share that of the following days in “10 avril au 19 mai 1922”, or have the year
    before if its month is later, and that of the same day in another calendar beside them: “9
    thermidor (27 juillet 1794)”, “9 thermidor an II (27 juillet)”."""
    for other in (previous, following):
        if not other or not other.year:
            continue
        between = text[min(days.end, other.end) : max(days.start, other.start)]
        if days.month.republican != other.month.republican:
            if _BESIDE.fullmatch(between):
                return other.year, max(days.end, other.end)
        elif other is following and _BETWEEN.fullmatch(between):
            turns = days.month > other.month
            return other.year._replace(number=other.year.number - turns), other.end
    return None, days.end
