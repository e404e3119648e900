"""Historical dates in EDTF (ISO 8601-2): their validity, their span, and their French wording."""

from __future__ import annotations

import datetime
import io
import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import lru_cache
from typing import Any

from archive_site.findings import spelled_out
from archive_site.text import republican
from archive_site.text.numerals import numeral

MONTHS = tuple(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
SEASONS = {"21": "printemps", "22": "été", "23": "automne", "24": "hiver"}
_SEASON_MONTHS = {"21": ("03", "05"), "22": ("06", "08"), "23": ("09", "11"), "24": ("12", "12")}
LONGEST = 200
"""The largest number of characters in a date: the library reads about a thousand a second."""
FIRST, LAST = "0000-01-01", "9999-12-31"
"""The days that represent an open beginning and an open end."""
_PLAIN = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_USUAL = re.compile(
    r"(?:(PLAIN)[?~%]?|\.\.)/(?:(PLAIN)[?~%]?|\.\.)".replace("PLAIN", _PLAIN.pattern)
)
_OPEN = re.compile(r"\[(?:(PLAIN)\.\.|\.\.(PLAIN))\]".replace("PLAIN", _PLAIN.pattern))
_BETWEEN = re.compile(r"\[([0-9]{4})\.\.([0-9]{4})\]")
_SEASON = re.compile(r"([0-9]{4})-(2[1-4])")
_DAY = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([?~%]?)")
_WHOLE_DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_MARKS = re.compile(r"[?~%]")
_NO_EDTF = re.compile(r"[^!-~]")


@lru_cache(maxsize=1024)
def fault_of(value: str) -> str:
    """Why `value` is not a date in EDTF that can be sorted among others; empty if it is one. A
    value without a fault has a `span` from one day of the calendar to another."""
    if _usual_span(value):
        return ""
    if len(value) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if not value or _NO_EDTF.search(value):
        signs = [sign for sign in dict.fromkeys(value) if not sign.isascii()]
        return f"EDTF has no {spelled_out(signs)}" if signs else "this is not EDTF"
    for day in _WHOLE_DAY.findall(_MARKS.sub("", value)):
        if not is_day(day):
            return f"{day} is not a day of the calendar"
    if "Y" not in value and _parsed(value) is None:
        return "this is not EDTF"
    return next(filter(None, map(_fault_of_span, _dates_in(value))), "")


def _dates_in(value: str) -> Iterator[str]:
    """The dates of a set, each of which may be an interval; for any other value, the value."""
    if value[0] not in "[{":
        yield value
        return
    for date in value[1:-1].split(","):
        first, dots, last = date.partition("..")
        yield f"{first or '..'}/{last or '..'}" if dots else date


def _fault_of_span(date: str) -> str:
    first, last = _bounds(date) or ("", "")
    if (first, last) == (FIRST, LAST):
        return "it has no year; leave the field empty if the date is not known"
    if not (is_day(first) or first == FIRST) or not is_day(last):
        return "its first and last day must be days in the years 0001 to 9999"
    return "it ends before it begins" if last < first else ""


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, such as 2026-11-21."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def to_new_style(day: datetime.date) -> datetime.date:
    """A day of the Julian calendar in the Gregorian, which is 13 days ahead in 1917."""
    return day + datetime.timedelta(days=_lag(day))


def to_old_style(day: datetime.date) -> datetime.date:
    """A day of the Gregorian calendar in the Julian. A `date` cannot represent a Julian 29 February
    that the Gregorian calendar lacks, as in 1900; the result is then 1 March."""
    return day - datetime.timedelta(days=_lag(day - datetime.timedelta(days=_lag(day))))


def _lag(day: datetime.date) -> int:
    """The days between the calendars on a Julian day. It grows by one after February of each year
    that ends a century, except every fourth of them."""
    century = (day.year - (day.month <= 2)) // 100
    return century - century // 4 - 2


def is_plain(value: str) -> bool:
    """Whether `value` (EDTF) is a single year, month or day, without any qualifier."""
    plain = _PLAIN.fullmatch(value) and not _SEASON.fullmatch(value)
    return bool(plain) and _usual_span(value) is not None


@lru_cache(maxsize=1024)
def span(value: str) -> tuple[str, str]:
    """The earliest and latest day that `value` (EDTF) allows, as ISO dates.

    An open beginning is `FIRST`, an open end `LAST`; an empty value has both. Raises `ValueError`
    if `value` has no span, which `fault_of` finds."""
    if not value:
        return FIRST, LAST
    bounds = _usual_span(value) or _bounds(value)
    if bounds is None:
        raise ValueError(f"not a date that fault_of has passed: {value}")
    return bounds


def _bounds(value: str) -> tuple[str, str] | None:
    """The earliest and latest day of `value` according to the library; None if it has none."""
    date = _parsed(value)
    if date is None:
        return None
    try:
        return _day(date.lower_strict(), FIRST), _day(date.upper_strict(), LAST)
    except (ValueError, TypeError, AttributeError, ArithmeticError):  # 1917-02-3X
        return None


@lru_cache(maxsize=1024)
def _parsed(value: str) -> Any:
    """`value` as parsed by the library; None if it cannot parse it. Years of more than four digits
    (`Y…`) are never passed to it: an exponent would make it compute for an unlimited time."""
    from edtf import EDTFParseException, parse_edtf

    if "Y" in value:
        return None
    try:
        with redirect_stdout(io.StringIO()):  # the library prints what it cannot read
            return parse_edtf(value)
    except (EDTFParseException, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _usual_span(value: str) -> tuple[str, str] | None:
    """The span of a date in one of the usual forms: `1917`, `1917-11~`, `1917-11-07`, intervals of
    these, `1917/..`, `[1917..]`, `[1917..1928]`, `1921-21`. None for any other. Nearly all dates of
    an archive have these forms, and the library is slow: it takes a tenth of a second to load, and
    a thirtieth for each date."""
    if season := _SEASON.fullmatch(value):
        first, last = (f"{season[1]}-{month}" for month in _SEASON_MONTHS[season[2]])
        value = f"{first}/{last}"
    elif opened := _OPEN.fullmatch(value) or _BETWEEN.fullmatch(value):
        value = "/".join(end or ".." for end in opened.groups())
    usual = _USUAL.fullmatch(value if "/" in value else f"{value}/{value}")
    if not usual:
        return None
    first, last = usual.groups()
    begins = (first + "-01-01")[:10] if first else FIRST
    ends = _last_day(last) if last else LAST
    known = (is_day(begins) or not first) and is_day(ends)
    some = (begins, ends) != (FIRST, LAST)
    return (begins, ends) if known and some and begins <= ends else None


def _last_day(value: str) -> str:
    """The last day of a plain year, month or day; any other value unchanged."""
    year, _, month = value.partition("-")
    if not month:
        return f"{value}-12-31"
    known = len(month) == 2 and 1 <= int(month) <= 12 and int(year)
    return f"{value}-{monthrange(int(year), int(month))[1]}" if known else value


def _day(moment: object, otherwise: str) -> str:
    year = getattr(moment, "tm_year", None)
    if year is None:
        return otherwise
    return f"{year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"  # type: ignore[attr-defined]  # struct_time


def in_french(value: str) -> str:
    """`value` (EDTF) in French: “vers novembre 1921”, “10-11 février 1926”, “en 2005 ou après”. A
    text that is no EDTF is returned unchanged."""
    if open_end := re.fullmatch(r"\[([^.]+)\.\.\]", value):
        return f"{_in_or_on(open_end[1])} ou après"
    if open_start := re.fullmatch(r"\[\.\.([^.]+)\]", value):
        return f"{_in_or_on(open_start[1])} ou avant"
    if between := re.fullmatch(r"\[([\d-]+)\.\.([\d-]+)\]", value):
        return f"entre {_with_article(between[1])} et {_with_article(between[2])}"
    if "/" in value:
        return _interval(*value.split("/", 1))
    if one_of := re.fullmatch(r"\[([\d-]+(?:,[\d-]+)+)\]", value):
        return " ou ".join(map(_point, one_of[1].split(",")))
    if all_of := re.fullmatch(r"\{([\d-]+(?:,[\d-]+)+)\}", value):
        *others, last = map(_point, all_of[1].split(","))
        return f"{', '.join(others)} et {last}"
    if decade := re.fullmatch(r"(\d{3})X([~?%]?)", value):
        return _marked(f"années {int(decade[1])}0", decade[2], "vers les ")
    if century := re.fullmatch(r"(\d{2})XX([~?%]?)", value):
        number = int(century[1]) + 1
        written = f"{numeral('I', number)}{'er' if number == 1 else 'e'} siècle"
        return _marked(written, century[2], "vers le ")
    value = re.sub(r"(?:-XX)+(?=[~?%]?$)", "", value)
    said = _point(value)
    return said if said != value or re.fullmatch(r"\d{4}", value) else _otherwise(value)


def _otherwise(value: str) -> str:
    """A date (EDTF) in an unusual form in French: without what is said of a part of it, or else by
    its first and last year."""
    bare = re.sub(r"[?~%]|T.*|\^.*", "", value)
    marks = "".join(sorted({*re.findall("[?~%]", value)}))
    mark = "%" if marks == "?~" else marks[:1]
    if bare != value and fault_of(bare) == "":
        said = in_french(bare)
        article = is_day(bare) and mark in ("~", "%")
        return _marked(said, mark, "vers le " if article else "vers ")
    if fault_of(value):
        return value
    first, last = (day[:4] for day in span(value))
    return _interval(first, last)


def in_both_calendars(value: str) -> str:
    """`value` (EDTF) in French, and by the Republican calendar, if it is a day or days of it: “27
    juillet 1794 (9 thermidor an II)”."""
    there = republican.date_in_french(value)
    return f"{in_french(value)} ({there})" if there else in_french(value)


def old_style_in_french(old: str, new: str) -> str:
    """`old` (EDTF, Julian) in French, to be shown beside `new`, the same date in the Gregorian
    calendar. The year is left out if it is the same."""
    written = in_french(old)
    year = new[:4]
    return written.removesuffix(f" {year}") if old.startswith(year) else written


def year_of(value: str) -> tuple[str, str, str]:
    """The words before the year of `value` (EDTF), the year, and the words after it: (“vers”,
    “1921”, “”), (“”, “2005”, “ou après”). All are empty if the date has no year."""
    year = re.search(r"-?\d{3}[\dX]", value)
    if year is None:
        return "", "", ""
    after = "ou après" if value.endswith("..]") else "ou avant" if value.startswith("[..") else ""
    return "vers" if value.endswith(("~", "%")) else "", year[0].lstrip("0"), after


def _interval(start: str, end: str) -> str:
    if not start or start == "..":
        return f"jusqu’{'au' if _is_day(end) else 'à'} {_point(end)}"
    if not end or end == "..":
        return f"à partir {'du' if _is_day(start) else 'de'} {_point(start)}"
    if start == end:
        return _point(end)
    first, last = _DAY.fullmatch(start), _DAY.fullmatch(end)
    if first and last and not first[4] and not last[4]:
        if first[3] and last[3] and first.group(1, 2) == last.group(1, 2):
            return f"{_ordinal(first[3])}-{_point(end)}"
        if not first[3] and not last[3] and _months_of_one_year(start, end):
            return f"{_point(start).removesuffix(f' {first[1]}')}-{_point(end)}"
        if not first[2] and not last[2]:
            return f"{first[1]}-{last[1]}"
    return f"{_point(start)} – {_point(end)}"


def _months_of_one_year(start: str, end: str) -> bool:
    """Whether both dates have a month, or a season, and their year is the same."""
    first, last = _DAY.fullmatch(start), _DAY.fullmatch(end)
    return bool(first and last and first[1] == last[1] and first[2] and last[2])


def _point(value: str) -> str:
    parts = _DAY.fullmatch(value)
    if parts is None:
        return value
    year, month, day, mark = parts.groups()
    year = year.lstrip("0") or year
    written = year
    if month and 1 <= int(month) <= 12:
        written = f"{MONTHS[int(month) - 1]} {year}"
    elif month in SEASONS:
        written = f"{SEASONS[month]} {year}"
    if day:
        written = f"{_ordinal(day)} {written}"
    return _marked(written, mark, "vers le " if day else "vers ")


def _is_day(value: str) -> bool:
    """Whether a date is a day that is written with an article: “le 3 mai 1905”."""
    return value.count("-") == 2 and value[-1] not in "~%"


def _with_article(value: str) -> str:
    return f"le {_point(value)}" if _is_day(value) else _point(value)


def _marked(written: str, mark: str, about: str) -> str:
    """A date in words, with the meaning of its EDTF mark: approximate, uncertain, or both."""
    marked = about + written if mark in ("~", "%") else written
    return f"{marked} (?)" if mark in ("?", "%") else marked


def _in_or_on(value: str) -> str:
    return _point(value) if value.count("-") == 2 else f"en {_point(value)}"


def _ordinal(day: str) -> str:
    return "1er" if int(day) == 1 else str(int(day))
