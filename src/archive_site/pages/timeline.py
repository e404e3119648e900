"""The timeline: a drawing of the texts on an axis of years.

Lengths are percentages of the drawing's width, so that it scales with the page. Dates beyond the
axis are in a separate lane at its end.
"""

from __future__ import annotations

import datetime
from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.summary import Summary
from archive_site.model.site_model import SiteModel
from archive_site.text.dates import in_french, span
from archive_site.text.document import Claim
from archive_site.text.html import as_html

LEAST_YEAR, MOST_YEAR = 1, 9998
MOST_LABELS = 14
DOUBTS = set("~?%.")  # EDTF's marks of approximate, uncertain or open dates
LABELLED_WHEN_NARROW = 3  # in a narrow drawing, only every third label is shown


@dataclass(frozen=True, slots=True)
class Axis:
    """The years `first` to `last`, and whether there is a lane before or after them."""

    first: int
    last: int
    before: bool = False
    after: bool = False

    @property
    def lanes(self) -> int:
        """The number of years and lanes that share the width."""
        return self.last - self.first + 1 + self.before + self.after

    def place(self, day: str, end: bool = False) -> float:
        """The position of an ISO day, in per cent; `end`: of its end, not its beginning. The
        position of a day beyond the axis is the edge of the drawing."""
        year, month, number = int(day[:4]), int(day[5:7]), int(day[8:10])
        if year < self.first:
            return 0.0
        if year > self.last:
            return 100.0
        passed = datetime.date(year, month, number).timetuple().tm_yday - 1 + end
        years = year - self.first + self.before + passed / (366 if isleap(year) else 365)
        return round(100 * years / self.lanes, 2)


@dataclass(frozen=True, slots=True)
class TimelineYear:
    """A year on the axis: its label, and its position in per cent. `minor`: it is not shown in a
    narrow drawing."""

    label: int
    x: float
    minor: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The years that a text covers: its start and width, in per cent."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DateMark:
    """The date of a text: its position in per cent, and whether it is certain."""

    x: float
    sure: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A text in the drawing. `says` is its row in words."""

    href: str
    title: Markup
    says: Markup
    bar: Bar | None
    mark: DateMark | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing: the span of years in words, the years, the rows. `after` is the position of the
    end of the years if a lane follows them."""

    says: str
    years: tuple[TimelineYear, ...]
    after: float | None
    rows: tuple[TimelineRow, ...]


def timeline(model: SiteModel, page: str) -> Timeline | None:
    """The texts on the years that the archive covers, for the page at `page`: a bar for the years
    that each text covers, and a mark for its date. None if no year is known."""
    claims = [(text.meta.date, text.meta.covers) for text in model.texts.values()]
    axis = _axis(model.site.covers, [claim.value for pair in claims for claim in pair])
    if axis is None:
        return None
    says = interface.TIMELINE_OF_YEAR if axis.first == axis.last else interface.TIMELINE_OF_YEARS
    step = -(-axis.lanes // MOST_LABELS)
    return Timeline(
        says=says.format(first=axis.first, last=axis.last),
        years=tuple(
            TimelineYear(year, axis.place(f"{year:04d}-01-01"), n % LABELLED_WHEN_NARROW != 0)
            for n, year in enumerate(range(axis.first, axis.last + 1, step))
        ),
        after=axis.place(f"{axis.last:04d}-12-31", end=True) if axis.after else None,
        rows=tuple(
            TimelineRow(
                href=urls.relative(page, urls.text_page(text.id)),
                title=as_html(text.summary.short_title),
                says=as_html(_says(text.summary, date, covers)),
                bar=_bar(axis, covers.value),
                mark=_mark(axis, date),
            )
            for text, (date, covers) in zip(model.texts.values(), claims, strict=True)
        ),
    )


def _axis(covers: str, dates: Sequence[str]) -> Axis | None:
    """The years that the archive covers, or, if they are open or unknown, the years of its texts;
    with lanes for dates beyond them."""
    ends = [(int(first[:4]), int(last[:4])) for first, last in map(span, filter(None, dates))]
    known = [year for pair in ends for year in pair if LEAST_YEAR <= year <= MOST_YEAR]
    if not known:
        return None
    first, last = (int(day[:4]) for day in span(covers))
    first = first if first >= LEAST_YEAR else min(known)
    last = max(first, last if last <= MOST_YEAR else max(known))
    return Axis(first, last, min(known) < first, max(known) > last)


def _bar(axis: Axis, covers: str) -> Bar | None:
    if not covers:
        return None
    first, last = span(covers)
    start, end = axis.place(first), axis.place(last, end=True)
    return Bar(start, round(end - start, 2))


def _mark(axis: Axis, date: Claim) -> DateMark | None:
    """The mark of a date, in the middle of its span of days; None if it is unknown."""
    if not date.value:
        return None
    first, last = span(date.value)
    edge = 50 / axis.lanes
    if int(first[:4]) > axis.last:
        x = 100 - edge
    elif int(last[:4]) < axis.first:
        x = edge
    else:
        x = (axis.place(first) + axis.place(last, end=True)) / 2
    sure = date.certainty in ("stated", "certain") and not set(date.value) & DOUBTS
    return DateMark(round(x, 2), sure)


def _says(summary: Summary, date: Claim, covers: Claim) -> str:
    """The row of a text in words: its date, and the years that it covers."""
    parts = [summary.date.value if date.value else ""]
    if covers.value:
        first, last = span(covers.value)
        says = interface.SPEAKS_OF_YEARS if first[:4] != last[:4] else interface.SPEAKS_OF
        parts.append(says.format(years=in_french(covers.value)))
    return ", ".join(filter(None, parts))
