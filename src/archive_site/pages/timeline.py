"""Years as an axis, dates as shares of its length: what a drawing of the texts in time shows.

Lengths are percentages of the drawing's width, so that it stretches with the page. A date beyond
the axis stands in a lane of its own at its end.
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
from archive_site.text.typography import raised

LEAST_YEAR, MOST_YEAR = 1, 9998
MOST_LABELS = 14
DOUBTS = set("~?%.")  # EDTF's signs of a date that is about, doubtful, or open at an end
LABELLED_WHEN_NARROW = 3  # every third label stands where there is little room


@dataclass(frozen=True, slots=True)
class Axis:
    """The years `first` to `last`, and whether a lane stands before or after them."""

    first: int
    last: int
    before: bool = False
    after: bool = False

    @property
    def lanes(self) -> int:
        """How many years, and lanes beside them, share the width."""
        return self.last - self.first + 1 + self.before + self.after

    def place(self, day: str, end: bool = False) -> float:
        """Where an ISO day stands, in per cent; `end`: its end, not its beginning. A day beyond
        the axis stands at the drawing's edge."""
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
    """A year on the axis, in per cent; `minor`: it is left out where there is little room."""

    label: int
    x: float
    minor: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The years that a text speaks of, in per cent."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DateMark:
    """The date of a text, in per cent; `sure`: it is not in doubt."""

    x: float
    sure: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A text in the drawing; `says` is what the drawing says of it, in words."""

    href: str
    title: Markup
    says: Markup
    bar: Bar | None
    mark: DateMark | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The texts drawn on the years. `after`: where the years end, if a lane follows them."""

    says: str
    years: tuple[TimelineYear, ...]
    after: float | None
    rows: tuple[TimelineRow, ...]


def timeline(model: SiteModel, page: str) -> Timeline | None:
    """The texts on the years that the archive covers, as the page at `page` draws them: a bar for
    the years that each speaks of, a mark for its date. None if no year is known."""
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
                title=raised(text.summary.short_title),
                says=raised(_says(text.summary, date, covers)),
                bar=_bar(axis, covers.value),
                mark=_mark(axis, date),
            )
            for text, (date, covers) in zip(model.texts.values(), claims, strict=True)
        ),
    )


def _axis(covers: str, dates: Sequence[str]) -> Axis | None:
    """The archive's own years; where they are open or unknown, those of its texts. Lanes for dates
    beyond them."""
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
    """The middle of what the date allows; hollow where it is not sure."""
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
    """What the drawing of a text says, in words."""
    said = [summary.date.value if date.value else ""]
    if covers.value:
        first, last = span(covers.value)
        says = interface.SPEAKS_OF_YEARS if first[:4] != last[:4] else interface.SPEAKS_OF
        said.append(says.format(years=in_french(covers.value)))
    return ", ".join(filter(None, said))
