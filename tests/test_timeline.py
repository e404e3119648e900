"""The years as an axis: every date has its place on it, or in the lane beside it."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from archive_site.corpus import urls
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.pages.timeline import Axis, Bar, Timeline, timeline
from archive_site.text.dates import year_of
from archive_site.text.document import Claim
from sites import Corpus

DAYS = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(str)


@given(first=st.integers(1, 3000), years=st.integers(0, 500), day=DAYS, lanes=st.booleans())
def test_every_day_has_its_place(first: int, years: int, day: str, lanes: bool) -> None:
    axis = Axis(first, first + years, before=lanes, after=lanes)
    start, end = axis.place(day), axis.place(day, end=True)
    assert 0 <= start <= end <= 100


@given(day=DAYS.filter(lambda day: day < "9999"), later=DAYS)
def test_a_later_day_never_stands_before(day: str, later: str) -> None:
    axis = Axis(1900, 1950, after=True)
    first, last = sorted((day, later))
    assert axis.place(first) <= axis.place(last)


@pytest.fixture(scope="module")
def model(corpus: Corpus) -> SiteModel:
    return corpus.model


def drawn(model: SiteModel) -> Timeline | None:
    return timeline(model, urls.HOME)


def test_the_texts_stand_on_the_archive_s_years(model: SiteModel) -> None:
    line = drawn(model)
    assert line is not None
    assert [year.label for year in line.years] == list(range(1917, 1929))
    rows = {row.href.split("/")[1]: row for row in line.rows}
    year = 100 / 13  # twelve years, and the lane after them
    lenine = rows["lenine-rapport-xie-congres-1922"]
    assert lenine.bar
    assert lenine.bar.x == pytest.approx(4 * year, abs=0.02)
    assert lenine.bar.width == pytest.approx(2 * year, abs=0.02)
    assert lenine.bar and lenine.mark
    assert lenine.mark.sure
    assert 5.2 * year < lenine.mark.x < 5.3 * year
    last = rows["que-faire-parti-bolchevik-1917-1924"]
    assert last.bar == Bar(0, 100)
    assert last.mark and not last.mark.sure
    assert last.mark.x == pytest.approx(12.5 * year, abs=0.01)
    doubtful = rows["parti-communiste-1917-1921"].mark
    assert doubtful and not doubtful.sure


def test_an_archive_that_names_no_years_has_those_of_its_texts(model: SiteModel) -> None:
    texts = {text.id: text for text in model.texts.values() if text.meta.date.value < "1925"}
    line = drawn(replace(model, site=replace(model.site, covers=""), texts=texts))
    assert line is not None
    assert (line.says, line.after) == ("des années 1917 à 1924", None)


@pytest.mark.parametrize("covers", ["2000/..", "../1800", "0900", "1917/1917", "-0044/0012"])
def test_whatever_years_an_archive_names_there_is_an_axis(model: SiteModel, covers: str) -> None:
    line = drawn(replace(model, site=replace(model.site, covers=covers)))
    assert line is not None
    first, *_, last = re.findall(r"-?\d+", line.says) * 2
    assert int(first) <= int(last)
    for row in line.rows:
        assert row.bar and 0 <= row.bar.x <= row.bar.x + row.bar.width <= 100.01
        assert row.mark and 0 <= row.mark.x <= 100


def test_where_no_date_is_known_nothing_is_drawn(model: SiteModel) -> None:
    def undated(text: TextOfSite) -> TextOfSite:
        meta = replace(text.meta, date=Claim(), covers=Claim())
        return replace(text, facts=structs.replace(text.facts, meta=meta))

    texts = {text.id: undated(text) for text in model.texts.values()}
    assert drawn(replace(model, texts=texts)) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1921-11~", ("vers", "1921", "")),
        ("[2005..]", ("", "2005", "ou après")),
        ("[..1917-10]", ("", "1917", "ou avant")),
        ("1926-02-10/1926-02-11", ("", "1926", "")),
        ("192X", ("", "192X", "")),
        ("", ("", "", "")),
    ],
)
def test_the_year_of_a_date(value: str, expected: tuple[str, str, str]) -> None:
    assert year_of(value) == expected
