"""Historical dates: EDTF (ISO 8601-2) with its precision kept, for sorting and in French."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

MONTHS = tuple(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_DAY = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([?~%]?)")


@lru_cache(maxsize=1024)
def is_edtf(value: str) -> bool:
    """Whether `value` is a date in EDTF."""
    from edtf import EDTFParseException, parse_edtf

    try:
        parse_edtf(value)
    except (EDTFParseException, ValueError, TypeError, AttributeError):
        return False
    return True


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, such as 2026-11-21."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def span(value: str) -> tuple[str, str]:
    """The earliest and latest day that `value` (EDTF) allows, as ISO dates.
    An open end is `9999-12-31`; no value at all spans everything."""
    from edtf import parse_edtf

    if not value:
        return "0000-01-01", "9999-12-31"
    date = parse_edtf(value)
    return _day(date.lower_strict(), "0000-01-01"), _day(date.upper_strict(), "9999-12-31")


def _day(moment: object, otherwise: str) -> str:
    year = getattr(moment, "tm_year", None)
    if year is None:
        return otherwise
    return f"{year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"  # type: ignore[attr-defined]  # struct_time


def in_french(value: str) -> str:
    """`value` (EDTF) as a French reader writes it: “vers novembre 1921”, “10-11 février 1926”,
    “en 2005 ou après”. A form this does not know is given as it stands."""
    if open_end := re.fullmatch(r"\[(.+)\.\.\]", value):
        return f"{_in_or_on(open_end[1])} ou après"
    if open_start := re.fullmatch(r"\[\.\.(.+)\]", value):
        return f"{_in_or_on(open_start[1])} ou avant"
    if "/" in value:
        return _interval(*value.split("/", 1))
    if decade := re.fullmatch(r"(\d{3})X", value):
        return f"années {decade[1]}0"
    return _point(value)


def year_of(value: str) -> tuple[str, str, str]:
    """The year of `value` (EDTF), and the words before and after it: (“vers”, “1921”, “”),
    (“”, “2005”, “ou après”). A date without a year gives nothing."""
    year = re.search(r"-?\d{3}[\dX]", value)
    if year is None:
        return "", "", ""
    after = "ou après" if value.endswith("..]") else "ou avant" if value.startswith("[..") else ""
    return "vers" if value.endswith(("~", "%")) else "", year[0], after


def _interval(start: str, end: str) -> str:
    if not start or start == "..":
        return f"jusqu’à {_point(end)}"
    if not end or end == "..":
        return f"à partir de {_point(start)}"
    first, last = _DAY.fullmatch(start), _DAY.fullmatch(end)
    if first and last and first[3] and last[3] and first.group(1, 2) == last.group(1, 2):
        return f"{_ordinal(first[3])}-{_point(end)}"
    if first and last and not first[2] and not last[2]:
        return f"{first[1]}-{last[1]}"
    return f"{_point(start)} – {_point(end)}"


def _point(value: str) -> str:
    parts = _DAY.fullmatch(value)
    if parts is None:
        return value
    year, month, day, mark = parts.groups()
    written = year
    if month and 1 <= int(month) <= 12:
        written = f"{MONTHS[int(month) - 1]} {year}"
    if day:
        written = f"{_ordinal(day)} {written}"
    return {"~": f"vers {written}", "?": f"{written} (?)", "%": f"vers {written} (?)"}.get(
        mark, written
    )


def _in_or_on(value: str) -> str:
    return _point(value) if value.count("-") == 2 else f"en {_point(value)}"


def _ordinal(day: str) -> str:
    return "1er" if int(day) == 1 else str(int(day))
