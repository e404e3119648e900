"""The years as an axis: every date has its place on it, or in the lane beside it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site import links
from archive_site.corpus import Corpus, Edition
from archive_site.dates import year_of
from archive_site.document import Claim
from archive_site.downloads import take_away
from archive_site.entries import make_shelf
from archive_site.mentions import find_mentions
from archive_site.pages import front_page
from archive_site.timeline import Axis

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


def drawn(corpus: Corpus) -> dict[str, Any] | None:
    shelf = make_shelf(corpus, find_mentions(corpus))
    home = front_page(shelf, take_away(shelf, None)[0], links.HOME)
    found: dict[str, Any] | None = home.context["timeline"]
    return found


def test_the_texts_stand_on_the_archive_s_years(corpus: Corpus) -> None:
    line = drawn(corpus)
    assert line is not None
    assert [year["label"] for year in line["years"]] == list(range(1917, 1929))
    rows = {row["href"].split("/")[1]: row for row in line["rows"]}
    year = 100 / 13  # twelve years, and the lane after them
    lenine = rows["lenine-rapport-xie-congres-1922"]
    assert lenine["bar"]["x"] == pytest.approx(4 * year, abs=0.02)
    assert lenine["bar"]["width"] == pytest.approx(2 * year, abs=0.02)
    assert lenine["mark"]["sure"]
    assert 5.2 * year < lenine["mark"]["x"] < 5.3 * year
    last = rows["que-faire-parti-bolchevik-1917-1924"]
    assert last["bar"] == {"x": 0, "width": 100, "goes_on": True}
    assert last["mark"] == {"x": pytest.approx(12.5 * year, abs=0.01), "sure": False}
    assert not rows["parti-communiste-1917-1921"]["mark"]["sure"]


def test_an_archive_that_names_no_years_has_those_of_its_texts(corpus: Corpus) -> None:
    editions = tuple(e for e in corpus.editions if e.document.meta.date.value < "1925")
    line = drawn(replace(corpus, site=replace(corpus.site, covers=""), editions=editions))
    assert line is not None
    assert (line["first"], line["last"], line["after"]) == (1917, 1924, None)


@pytest.mark.parametrize("covers", ["2000/..", "../1800", "0900", "1917/1917", "-0044/0012"])
def test_whatever_years_an_archive_names_there_is_an_axis(corpus: Corpus, covers: str) -> None:
    line = drawn(replace(corpus, site=replace(corpus.site, covers=covers)))
    assert line is not None
    assert line["first"] <= line["last"]
    for row in line["rows"]:
        assert 0 <= row["bar"]["x"] <= row["bar"]["x"] + row["bar"]["width"] <= 100.01
        assert 0 <= row["mark"]["x"] <= 100


def test_where_no_date_is_known_nothing_is_drawn(corpus: Corpus) -> None:
    def undated(edition: Edition) -> Edition:
        meta = replace(edition.document.meta, date=Claim(), covers=Claim())
        return replace(edition, document=replace(edition.document, meta=meta))

    assert drawn(replace(corpus, editions=tuple(map(undated, corpus.editions)))) is None


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
