"""Dates: whatever stands where one is read is a finding, with file and line, or days that were."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.site.check import read_back
from archive_site.text import dates
from archive_site.text.dates import FIRST, LAST, LONGEST, fault_of, is_day, is_plain, span, year_of
from conftest import GOLDEN
from examples import examples
from sites import check_site, findings_of, site_of

LETTER = "editions/lettre-1906.md"
BOUND = 5.0
"""Seconds that no date takes, however slow the machine: the longest takes a tenth of it."""

NEVER = (
    # days that no calendar has
    "1917-02-29", "1917-04-31", "1900-02-29", "1917-02-29/1918", "1916/1917-02-30", "1917-00-01",
    "1917-02-29~", "[1917-02-29,1918]", "[1916,1917-02-29,1918]", "{1917-02-29..1917-03-01}",
    "1917-02-3X", "1917-0X-31", "1900-02-2X", "1917-1X", "1X17-02-29", "1917-XX-32",
    # years that nothing here can put in order
    "0000", "0000-01-01", "-0001", "-0044-03-15", "-0044/1917", "Y170000", "Y-170000", "10000",
    "Y1E9", "Y1E999999999", "Y17101E4S3",
    # what ends before it begins
    "1924/1917", "1917-06/1917-05", "[1918..1917]", "[1916,1918..1917,1920]", "1918~/1917?",
    # what says nothing
    "XXXX", "XXXX-XX-XX", "../..", "/..", "[..]", "/", "[]", ",", "..",
    # what is no EDTF
    "12 mars", "1917-13", "1917-02-1", "unknown", " 1917", "1917 / 1918", "1917\n", "١٩١٧",
    "1917-10-25T25:00:00", "\x1b[31m1917", "1917-10-25T10:00:00+99:00",
)  # fmt: skip
SOUND = (
    "1917", "1917-10", "1917-10-25", "1916-02-29", "0001", "9999-12-31", "1917~", "1917-10?",
    "1917%", "~1917", "1917-?10-25", "1917/1924", "1917-10-25/1917-11-02", "1917~/1918?",
    "[2005..]", "[..1917]", "../1917", "1917/..", "/1917", "1917/", "191X", "19XX", "1917-XX",
    "1917-10-XX", "1917-XX-XX", "1917-XX-31", "1917-21", "1917-24/1918-21", "1917-33",
    "[1917,1919]", "{1917,1918-02}", "[1917-10-25,1917-10-26,1918..]", "{1960,1961..1963}",
    "[1800-01-01..2000-12-31]", "1917-10-25T10:00:00", "1917S2", "1917-21^x",
)  # fmt: skip


@pytest.mark.parametrize("value", NEVER)
def test_a_date_that_never_was_has_a_fault(value: str) -> None:
    assert fault_of(value)


@pytest.mark.parametrize("value", SOUND)
def test_a_sound_date_has_none(value: str) -> None:
    assert fault_of(value) == ""


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("1917-02-29", "1917-02-29 is not a day of the calendar"),
        ("1924/1917", "it ends before it begins"),
        ("-0044", "its first and last day must be days in the years 0001 to 9999"),
        ("../..", "it has no year; leave the field empty if the date is not known"),
        ("12 mars", "this is not EDTF"),
        ("1917" * 51, f"it has more than {LONGEST} characters"),
    ],
)
def test_a_fault_is_told(value: str, fault: str) -> None:
    assert fault_of(value) == fault


def is_ordered(value: str) -> None:
    """A date without a fault lies between two days, of which all that orders dates can be sure."""
    first, last = span(value)
    assert is_day(first) or first == FIRST
    assert is_day(last) or last == LAST
    assert first <= last
    year_of(value)


PIECES = st.sampled_from(
    "1917 1916 0000 9999 -0044 19XX XXXX 1X17 Y17 E9 S3 -02 -29 -31 -2X -XX -0X -21 -33 - / .. , "
    "[ ] { } ~ ? % T10:00:00 Z ^x 1 X".split()
)


@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=9).map("".join)))
@example("1917,")
@example("[" * LONGEST)
@example("1917-01-01," * 18)
@example("[" + ",".join(["1917-01-01"] * 18) + "]")
@example("[" + ",".join(["1917-01-01"] * 5000) + "]")
@example("-" * 100_000)
@examples(300)
def test_any_string_has_a_fault_or_is_a_date_soon(value: str) -> None:
    began = time.process_time()
    if not fault_of(value):
        is_ordered(value)
    assert time.process_time() - began < BOUND


POINTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["0000", "0001", "0099", "1900", "1916", "1917", "9999"]),
    st.sampled_from(
        ["", "", "-00", "-01", "-02", "-12", "-13", "-21", "-24", "-02-28", "-02-29", "-04-31"]
    ),
    st.sampled_from(["", "", "?", "~", "%"]),
)
SHAPES = st.sampled_from(
    ["{}", "{}/{}", "{}/..", "../{}", "[{}..]", "[..{}]", "[{}..{}]", "{}/", "/{}"]
)


@given(st.builds(str.format, SHAPES, POINTS, POINTS))
@example("../..")
@example("[..]")
@example("..")
@example("../9999")
@example("[..9999-12]")
@example("[0001..0001-01]")
@example("[1917..1928]")
@example("[1928..1917]")
@example("0000-21")
@example("1917-24~")
@examples(200)
def test_the_usual_dates_are_what_the_library_says(value: str) -> None:
    """They are read without it."""
    quick = fault_of.__wrapped__(value), None if fault_of(value) else span.__wrapped__(value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_usual_span", lambda _: None)
        fault = fault_of.__wrapped__(value)
        assert quick == (fault, None if fault else span.__wrapped__(value))


@pytest.mark.parametrize(
    "value",
    ("1917 1917-11~ 1916-02-29% 1917/.. ../1917 [1917..] [..1917-10] [1917..1928] 1921-21").split(),
)
def test_the_usual_dates_need_no_library(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "_parsed", None)
    assert fault_of.__wrapped__(value) == ""
    assert is_day(span.__wrapped__(value)[1])
    assert is_plain(value) == (value == "1917")


def test_what_is_no_date_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    fault_of.__wrapped__("1917-1X")
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------- wherever a date is read


def put(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), "utf-8")


PLACES: dict[str, Callable[[Path, str], None]] = {
    "a text": lambda r, v: put(r, LETTER, "value: 1906~", f"value: {v}"),
    "the years of a text": lambda r, v: put(r, LETTER, "status:", f"covers: {v}\nstatus:"),
    "the archive": lambda r, v: put(r, "site.yaml", "purpose:", f"covers: {v}\npurpose:"),
    "an event": lambda r, v: put(r, "events.yaml", "1904~", v),
    "a work": lambda r, v: put(r, "works.yaml", "date: 1905-05-03", f"date: {v}"),
}  # fmt: skip
DAYS: dict[str, Callable[[Path, str], None]] = {
    "a name": lambda r, v: put(r, LETTER, "Mon ami", f"[Mon ami]{{.name key={v}}}"),
    "a revision": lambda r, v: put(
        r, LETTER, "status:", f"revisions: [{{date: {v}, what: relue}}]\nstatus:"
    ),
}
OLD_STYLE: dict[str, Callable[[Path, str], None]] = {
    "old style": lambda r, v: put(r, "events.yaml", "1905-04-20/1905-04-21", v),
}
YEARS: dict[str, Callable[[Path, str], None]] = {
    "a year": lambda r, v: put(r, LETTER, "status:", f"year: {v}\nstatus:"),
}


def changed(root: Path, place: Callable[[Path, str], None], value: str) -> Path:
    copied = Path(shutil.copytree(GOLDEN / "corpus", root / "corpus"))
    place(copied, value)
    return copied


NO_DAYS, NO_YEARS = ("1917-02-29", "0000-01-01"), ("0000", "١٩١٧", "17", "19XX")
FALSE = [
    *((place, date) for place in (PLACES | OLD_STYLE).items() for date in NEVER[::4]),
    *((place, date) for place in (DAYS | OLD_STYLE).items() for date in NO_DAYS),
    *((place, date) for place in YEARS.items() for date in NO_YEARS),
]


@pytest.mark.parametrize(("place", "value"), FALSE, ids=lambda v: v[0] if len(v) == 2 else v)
def test_a_date_that_never_was_is_found(
    place: tuple[str, Callable[[Path, str], None]], value: str, tmp_path: Path
) -> None:
    quoted = value if place[0] == "a name" else json.dumps(value)
    root = changed(tmp_path, place[1], quoted)
    (finding,) = {f for f in findings_of(root) if f.code == "E012"}
    assert finding.line > 0
    assert (root / finding.path).read_text("utf-8").split("\n")[finding.line - 1].count(quoted)


@pytest.mark.slow
@pytest.mark.parametrize("value", SOUND)
def test_a_sound_date_may_stand_wherever_dates_do(value: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    for place in PLACES.values():
        place(root, json.dumps(value))
    if is_day(value):
        DAYS["a revision"](root, json.dumps(value))
        DAYS["a name"](root, value)
    assert [str(finding) for finding in findings_of(root) if finding.stops] == []
    site = site_of(root, exports=True)
    assert [*check_site(site), *read_back(site)] == []


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31"])
def test_the_calendar_s_ends_are_told_from_each_other(value: str, tmp_path: Path) -> None:
    root = changed(tmp_path, OLD_STYLE["old style"], value)
    put(root, "events.yaml", "1905-05-03/1905-05-04", value)
    assert {f.code for f in findings_of(root) if f.stops} == {"E046"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("[1790..1795]", "entre 1790 et 1795"),
        ("~1917", "vers 1917"),
        ("1917-?10-25", "25 octobre 1917 (?)"),
        ("1917-10-25T10:00:00", "25 octobre 1917"),
        ("1917-21^x", "printemps 1917"),
        ("{1960,1961..1963}", "1960-1963"),
        ("1917-XX-31", "1917"),
        ("1917S2", "1917"),
        ("{1790,1791,1793}", "1790, 1791 et 1793"),
        ("17XX", "XVIIIe siècle"),
        ("00XX~", "vers le Ier siècle"),
        ("0800", "800"),
        ("179X?", "années 1790 (?)"),
        ("1790-02-10~", "vers le 10 février 1790"),
        ("1790-12-31/", "à partir du 31 décembre 1790"),
        ("../1790-12-31", "jusqu’au 31 décembre 1790"),
        ("1790-12/..", "à partir de décembre 1790"),
        ("../1790", "jusqu’à 1790"),
    ],
)
def test_a_date_is_said_in_french(value: str, words: str) -> None:
    assert fault_of(value) == ""
    assert dates.in_french(value) == words
