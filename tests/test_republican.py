"""The French Republican calendar: its days, the words for them, what an archive shows."""

from __future__ import annotations

import datetime
import json
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.edition.authority import Entry, Form
from archive_site.edition.format import loads
from archive_site.exports.tei import as_tei
from archive_site.names.days import Days
from archive_site.names.mentions import FormMatcher, mentions_in
from archive_site.sources.tei import read_tei
from archive_site.text.dates import in_both_calendars, in_french, is_day, to_old_style
from archive_site.text.document import Claim, Doubt, Inlines, Meta, Name, Superscript, Text
from archive_site.text.republican import (
    LEAP_YEARS,
    YEARS,
    RepublicanDay,
    from_gregorian,
    from_iso,
    is_written_in,
    read,
    to_gregorian,
)
from archive_site.text.republican import in_french as republican_in_french
from conftest import KINDS
from examples import examples
from sites import Corpus as LoadedCorpus
from sites import changed_copy, findings_of, model_of, publications_of, site_of

EVERY_DAY = [
    day
    for year in YEARS
    for month in range(1, 14)
    for number in range(1, 31)
    if to_gregorian(day := RepublicanDay(year, month, number))
]
"""Every day of the calendar."""
A_DAY = st.sampled_from(EVERY_DAY)


def gregorian(day: RepublicanDay) -> datetime.date:
    found = to_gregorian(day)
    assert found
    return found


# ---------------------------------------------------------------- the calendar

KNOWN = {
    "1er vendémiaire an I": "1792-09-22",
    "21 janvier": "",
    "2 pluviôse an I": "1793-01-21",
    "16 vendémiaire an II": "1793-10-07",
    "9 thermidor an II": "1794-07-27",
    "1er prairial an III": "1795-05-20",
    "5e jour complémentaire an III": "1795-09-21",
    "6e jour complémentaire an III": "1795-09-22",
    "1er vendémiaire an IV": "1795-09-23",
    "13 vendémiaire an IV": "1795-10-05",
    "18 fructidor an V": "1797-09-04",
    "6e jour complémentaire an VII": "1799-09-22",
    "18 brumaire an VIII": "1799-11-09",
    "28 pluviôse an VIII": "1800-02-17",
    "18 germinal an X": "1802-04-08",
    "6e jour complémentaire an XI": "1803-09-23",
    "30 ventôse an XII": "1804-03-21",
    "11 frimaire an XIII": "1804-12-02",
    "10 nivôse an XIV": "1805-12-31",
    "16 floréal an 79": "1871-05-06",
    "1er prairial an 79": "1871-05-21",
}


@pytest.mark.parametrize(("written", "day"), KNOWN.items())
def test_known_days(written: str, day: str) -> None:
    assert str(read(written) or "") == day
    if there := from_iso(day):
        assert republican_in_french(there) == written


@pytest.mark.parametrize(
    "written",
    [
        "6e jour complémentaire an II",
        "6e jour complémentaire an 79",
        "7e jour complémentaire an III",
        "31 thermidor an II",
        "0 thermidor an II",
        "11 nivôse an XIV",
        "9 thermidor an XV",
        "9 thermidor an 78",
        "9 thermidor an 0",
        "9 thermidor an IIII",
        "thermidor an II",
        "9 thermidor",
        "9 juillet an II",
        "5 jours complémentaires an III",
        "1794-07-27",
        "",
    ],
)
def test_days_that_never_were(written: str) -> None:
    assert read(written) is None


def test_every_day_goes_there_and_back() -> None:
    assert len(EVERY_DAY) == 13 * 365 + len(LEAP_YEARS) + 100 + 365  # to 10 nivôse of the year XIV
    days = [gregorian(day) for day in EVERY_DAY]
    assert days == sorted(set(days))
    assert [from_gregorian(day) for day in days] == EVERY_DAY
    assert [read(republican_in_french(day)) for day in EVERY_DAY] == days
    assert (days[0], days[-366]) == (datetime.date(1792, 9, 22), datetime.date(1805, 12, 31))


@given(st.dates(datetime.date(1780, 1, 1), datetime.date(1880, 1, 1)))
@example(datetime.date.min)
@example(datetime.date.max)
@example(datetime.date(1792, 9, 21))
@example(datetime.date(1806, 1, 1))
@example(datetime.date(1871, 9, 23))
def test_a_gregorian_day_is_none_of_it_or_goes_there_and_back(day: datetime.date) -> None:
    there = from_gregorian(day)
    assert to_gregorian(there) == day if there else day not in map(to_gregorian, EVERY_DAY)


@given(*[st.integers(-5, 100)] * 3)
def test_numbers_that_are_no_day_are_none(year: int, month: int, number: int) -> None:
    day = RepublicanDay(year, month, number)
    found = to_gregorian(day)
    assert from_gregorian(found) == day if found else day not in EVERY_DAY


@given(A_DAY)
def test_words_say_by_which_calendar_they_name_a_day(there: RepublicanDay) -> None:
    day = gregorian(there)
    said = republican_in_french(there)
    assert is_written_in(said, str(day))
    assert is_written_in(said.partition(" ")[0], str(day))  # as in “18 et 19 brumaire”
    for other in (str(day), str(to_old_style(day))):
        assert not is_written_in(in_french(other), str(day))
        assert not is_written_in(str(int(other[-2:])), str(day))
    assert not is_written_in("ce jour-là", str(day))


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("1794-07-27", "27 juillet 1794 (9 thermidor an II)"),
        ("1794-07-27~", "vers le 27 juillet 1794 (9 thermidor an II)"),
        ("1794-07-27/1794-07-28", "27-28 juillet 1794 (9-10 thermidor an II)"),
        ("1794-09-17/1794-09-22",
         "17-22 septembre 1794 (1er jour complémentaire an II – 1er vendémiaire an III)"),
        ("1794-07", "juillet 1794"),
        ("1794", "1794"),
        ("1794-07-27/..", "à partir du 27 juillet 1794"),
        ("[1794-07-27..]", "27 juillet 1794 ou après"),
        ("1805-12-31/1806-01-01", "31 décembre 1805 – 1er janvier 1806"),
        ("1917-11-07", "7 novembre 1917"),
        ("", ""),
    ],
)  # fmt: skip
def test_dates_in_both_calendars(date: str, said: str) -> None:
    assert in_both_calendars(date) == said


# ---------------------------------------------------------------- in texts


def found(text: str, **meta: str) -> list[str]:
    head = Meta("t", Claim("T", "stated"), "essay", year=meta.pop("year", ""))
    if "date" in meta:
        head = Meta("t", head.title, "essay", date=Claim(meta["date"], "stated"), year=head.year)
    sure = {"certain": "", "probable": " ?"}
    return [f"{text[d.start : d.end]}={d.iso}{sure[d.certainty]}" for d in Days(head).find(text)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("le 9 thermidor an II.", ["9 thermidor an II=1794-07-27"]),
        ("le 9 thermidor, an 2", ["9 thermidor, an 2=1794-07-27"]),
        ("le 9 thermidor de l’an II", ["9 thermidor de l’an II=1794-07-27"]),
        ("le 9 thermidor, l'an II", ["9 thermidor, l'an II=1794-07-27"]),
        ("le 9 thermidor an deux", ["9 thermidor an deux=1794-07-27"]),
        ("le 9 thermidor an second", ["9 thermidor an second=1794-07-27"]),
        ("l’an IIe : 9 thermidor an IIe", ["9 thermidor an IIe=1794-07-27"]),
        ("le 9 thermidor an 2.e de", ["9 thermidor an 2.e=1794-07-27"]),
        ("9 thermidor an ii", ["9 thermidor an ii=1794-07-27"]),
        ("(le 9 thermidor (an II))", ["9 thermidor (an II)=1794-07-27"]),
        ("9 thermidor an 2 juillet 1794", ["9 thermidor an 2=1794-07-27"]),
        ("9\u00a0thermidor\u202fan\u00a0II", ["9\u00a0thermidor\u202fan\u00a0II=1794-07-27"]),
        ("LE 9 THERMIDOR AN II", ["9 THERMIDOR AN II=1794-07-27"]),
        ("arrêté du 9 therm. an II", ["9 therm. an II=1794-07-27"]),
        ("le 9 thermidor 1794", ["9 thermidor 1794=1794-07-27"]),
        ("le neuf thermidor an II", ["neuf thermidor an II=1794-07-27"]),
        ("le vingt et un nivôse, l’an quatre",
         ["vingt et un nivôse, l’an quatre=1796-01-11"]),
        ("le vingt-un nivose an 4", ["vingt-un nivose an 4=1796-01-11"]),
        ("dix-huit brumaire an VIII", ["dix-huit brumaire an VIII=1799-11-09"]),
        ("ce premier Vendemiaire an neuf", ["premier Vendemiaire an neuf=1800-09-23"]),
        ("1er vendémiaire an Ier", ["1er vendémiaire an Ier=1792-09-22"]),
        ("18 et 19 brumaire an VIII", ["18=1799-11-09", "19 brumaire an VIII=1799-11-10"]),
        ("du 3 au 12 prairial an III", ["3=1795-05-22", "12 prairial an III=1795-05-31"]),
        ("décadi 20 prairial an II", ["20 prairial an II=1794-06-08"]),
        ("9-10 thermidor an II", ["9=1794-07-27", "10 thermidor an II=1794-07-28"]),
        ("du 29 fructidor an II au 2 vendémiaire an III",
         ["29 fructidor an II=1794-09-15", "2 vendémiaire an III=1794-09-23"]),
        ("du 29 fructidor au 2 vendémiaire an III",
         ["29 fructidor=1794-09-15", "2 vendémiaire an III=1794-09-23"]),
        ("du 29 fructidor au 2e jour complémentaire an III",
         ["29 fructidor=1795-09-15", "2e jour complémentaire an III=1795-09-18"]),
        ("5e jour complémentaire an III", ["5e jour complémentaire an III=1795-09-21"]),
        ("le 5e j. compl. an III", ["5e j. compl. an III=1795-09-21"]),
        ("le 3 complémentaire an 4", ["3 complémentaire an 4=1796-09-19"]),
        ("le sixième jour complémentaire de l’an III",
         ["sixième jour complémentaire de l’an III=1795-09-22"]),
        ("la 3e sans-culottide de l’an II", ["3e sans-culottide de l’an II=1794-09-19"]),
        ("les 2e et 3e jours complémentaires an II",
         ["2e=1794-09-18", "3e jours complémentaires an II=1794-09-19"]),
        ("4 nivôse an IV de la République française, une et indivisible",
         ["4 nivôse an IV=1795-12-25"]),
        ("le 16 floréal an 79", ["16 floréal an 79=1871-05-06"]),
        ("9 thermidor an 11", ["9 thermidor an 11=1803-07-28"]),  # 11 is not II
        ("9 thermidor, 3e année républicaine", ["9 thermidor, 3e année=1795-07-27"]),
        ("21 thermidor troisième année de la République",
         ["21 thermidor troisième année=1795-08-08"]),
        ("14 thermidor de l’année III", ["14 thermidor de l’année III=1795-08-01"]),
        ("22 thermidor de la troisième année", ["22 thermidor de la troisième année=1795-08-09"]),
        ("le 22 thermidor de la IIIe année de la République",
         ["22 thermidor de la IIIe année=1795-08-09"]),
        ("15 thermidor an-III", ["15 thermidor an-III=1795-08-02"]),
        ("15 therm. an-III", ["15 therm. an-III=1795-08-02"]),
        ("13 thermidor — an III", ["13 thermidor — an III=1795-07-31"]),
        ("13 thermidor – an III", ["13 thermidor – an III=1795-07-31"]),
        ("13 thermidor - an III", ["13 thermidor - an III=1795-07-31"]),
        ("9 thermidor (an II de la République)",
         ["9 thermidor (an II de la République)=1794-07-27"]),
        ("9 thermidor an II du Comité", ["9 thermidor an II=1794-07-27"]),
        ("le 25 floréal 79", ["25 floréal 79=1871-05-15"]),
        ("le 18 brumaire VIII", ["18 brumaire VIII=1799-11-09"]),
        ("le 9 thermidor de l’année 1794", ["9 thermidor de l’année 1794=1794-07-27"]),
        ("9 thermidor an 1794", ["9 thermidor an 1794=1794-07-27"]),
        ("le 13 vendémiaire dernier an III", ["13 vendémiaire dernier an III=1794-10-04"]),
        ("Ier vendémiaire an II", ["Ier vendémiaire an II=1793-09-22"]),
        ("1ᵉʳ vendémiaire an II", ["1ᵉʳ vendémiaire an II=1793-09-22"]),
        ("9. Thermidor an II", ["9. Thermidor an II=1794-07-27"]),
        ("3ᵉ jour compl. an II", ["3ᵉ jour compl. an II=1794-09-19"]),
        ("5e jour complément. an III", ["5e jour complément. an III=1795-09-21"]),
        ("3e sansculottide an II", ["3e sansculottide an II=1794-09-19"]),
        # A Gregorian day in a Republican year
        ("Le 10 août l’an premier de la République", ["10 août l’an premier=1793-08-10"]),
        ("Le 10 août, première année de la République", ["10 août, première année=1793-08-10"]),
        ("27 juillet an II", ["27 juillet an II=1794-07-27"]),
        ("Le 10 août l’an premier. Le 11, il vint",
         ["10 août l’an premier=1793-08-10", "11=1793-08-11 ?"]),
        # Both calendars
        ("27 juillet 1794 (9 thermidor an II)",
         ["27 juillet 1794=1794-07-27", "9 thermidor an II=1794-07-27"]),
        ("9 thermidor an II (27 juillet 1794)",
         ["9 thermidor an II=1794-07-27", "27 juillet 1794=1794-07-27"]),
        ("9 thermidor (27 juillet 1794)",
         ["9 thermidor=1794-07-27", "27 juillet 1794=1794-07-27"]),
        ("9 thermidor an II (27 juillet)",
         ["9 thermidor an II=1794-07-27", "27 juillet=1794-07-27"]),
        ("27 juillet – 9 thermidor an II",
         ["27 juillet=1794-07-27", "9 thermidor an II=1794-07-27"]),
        ("9 thermidor an II-27 juillet 1794",
         ["9 thermidor an II=1794-07-27", "27 juillet 1794=1794-07-27"]),
    ],
)  # fmt: skip
def test_days_of_the_calendar_are_read(text: str, days: list[str]) -> None:
    assert found(text, date="1922-04-01") == days


@pytest.mark.parametrize(
    "text",
    [
        "en thermidor an II", "frimaire de l’an quatre", "l’an II de la République",
        "Germinal, de Zola", "la Prairial, un navire", "Brumaire seul", "un homard thermidor",
        "le 18 Brumaire de Louis Bonaparte", "le 9 thermidor", "la nuit du 9 au 10 thermidor",
        "rue du 9 thermidor an II"[:20], "place du 18-Brumaire", "3 ventôses", "les 3 germinaux",
        "31 thermidor an II", "9 thermidor an XX", "11 nivôse an XIV",
        "les 5 jours complémentaires an III", "cinq jours complémentaires an III",
        "un jour complémentaire an III", "5 jours complémentaires", "7e jour complémentaire an III",
        "9 therm.", "3 vent. du nord", "9 messe an II", "1.9 thermidor an II",
    ],
)  # fmt: skip
def test_other_words_are_no_day(text: str) -> None:
    assert found(text, date="1922-04-01") == []


@pytest.mark.parametrize(
    ("text", "meta", "days"),
    [
        ("le 9 thermidor", {"date": "1794-07-28"}, ["9 thermidor=1794-07-27 ?"]),
        ("le 1er vendémiaire", {"date": "1794-07-28"}, ["1er vendémiaire=1793-09-22 ?"]),
        ("le 9 thermidor", {"date": "1794"}, ["9 thermidor=1794-07-27 ?"]),
        ("le 1er vendémiaire", {"year": "1794"}, ["1er vendémiaire=1794-09-22 ?"]),
        ("le 9 thermidor", {"date": "1794/1799"}, []),
        ("le 9 thermidor", {"date": "1793-10-01/1794-09-01"}, ["9 thermidor=1794-07-27 ?"]),
        ("le 9 thermidor", {"date": "[1794-07-28..]"}, []),
        ("le 9 thermidor", {"year": "1917"}, []),
        ("le 12 nivôse", {"year": "1795"}, ["12 nivôse=1795-01-01 ?"]),
        ("le 10 nivôse", {"year": "1804"}, []),  # this year has two
        ("L’an II, le 9 thermidor", {}, ["9 thermidor=1794-07-27 ?"]),
        ("L’an deux, le neuf thermidor", {}, ["neuf thermidor=1794-07-27 ?"]),
        ("En 1799, le 18 brumaire", {}, ["18 brumaire=1799-11-09 ?"]),
        ("En 1799, dit-on en 1852, le 18 brumaire", {}, ["18 brumaire=1799-11-09 ?"]),
        ("9 thermidor an 2. Le 10, il tomba ; le 11 thermidor,", {},
         ["9 thermidor an 2=1794-07-27", "10=1794-07-28 ?", "11 thermidor=1794-07-29 ?"]),
        ("9 thermidor an II, le 4 mars", {"date": "1922"},
         ["9 thermidor an II=1794-07-27", "4 mars=1922-03-04 ?"]),
        ("l’an IV de la liberté, le 1er frimaire", {}, []),
        ("l’an 4 de notre ère, le 1er frimaire", {}, []),
        ("l’an 2000, le 1er frimaire", {}, []),
        ("rue du 9 thermidor", {"year": "1794"}, []),
        ("rue du 4 septembre, avenue du 11 novembre", {"year": "1794"}, []),
        ("au cours du 9 thermidor", {"year": "1794"}, ["9 thermidor=1794-07-27 ?"]),
        ("place du 9 au 11 thermidor", {"year": "1794"},
         ["9=1794-07-27 ?", "11 thermidor=1794-07-29 ?"]),
        ("rue du 4 septembre 1870", {"year": "1794"}, ["4 septembre 1870=1870-09-04"]),
        ("rue du 4-Septembre, le 10-août", {"year": "1794"}, []),
        ("le 14 juillet", {"date": "1794-07-28"}, ["14 juillet=1794-07-14 ?"]),
    ],
)  # fmt: skip
def test_a_day_without_a_year(text: str, meta: dict[str, str], days: list[str]) -> None:
    assert found(text, **meta) == days


@pytest.mark.parametrize(
    "text",
    [
        "le 9 thermidor de l’année dernière", "9 thermidor, l’an passé", "9 thermidor an de grâce",
        "9 thermidor, l’an IV de la liberté", "9 thermidor, 1re année de la guerre",
        "9 thermidor XX",
        "9 thermidor an mil sept cent", "le 9 thermidor 1917", "le 9 thermidor (an passé)",
        "le 27 juillet de l’année dernière", "le 27 juillet, an V de la Révolution",
        "le 27 juillet, l’an 4 de notre ère", "le 27 juillet, première année où",
        "le 9 thermidor de l’an passé. Le 10, il vint ; le 12 thermidor,",
    ],
)  # fmt: skip
def test_a_year_that_cannot_be_read_is_replaced_by_none(text: str) -> None:
    assert found(text, year="1794") == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("L’an deux et le dix-neuf ventôse", ["dix-neuf ventôse"]),
        ("L’an 2 et le 21 ventôse", ["21 ventôse"]),
        ("l’an 2, 9 thermidor", ["9 thermidor"]),
        ("l’an 2, 9 et 10 thermidor", ["9", "10 thermidor"]),
        ("Article deux et le trois floréal", ["trois floréal"]),
        ("en nomma six et le quinze prairial", ["quinze prairial"]),
        ("en nomma six, quinze prairial", ["quinze prairial"]),
        ("Ils étaient 12 et le 14 mai ils furent 20", ["14 mai"]),
        ("Ils étaient 12 et le 14 et le 16 mai", ["14", "16 mai"]),
        ("un groupe de 12 et le 14 mai", ["14 mai"]),
        ("Ils étaient 12, le 14 et 16 mai", ["14", "16 mai"]),
        ("loi n° 12, 14 mai", ["14 mai"]),
        ("art. 4 et 5 mai", ["5 mai"]),
        ("n° 4 mai", []),
        ("12, 14 mai", ["14 mai"]),
        ("Ils étaient 9. Thermidor approchait", []),
        # These are days.
        ("4, 5 et 7 mai", ["4", "5", "7 mai"]),
        ("le 3, le 5 et le 7 mai", ["3", "5", "7 mai"]),
        ("du 3 au 12 mai", ["3", "12 mai"]),
        ("les 3 et 5 mai", ["3", "5 mai"]),
        ("les 3, 5 mai", ["3", "5 mai"]),
        ("Dès le 3 et le 5 mai", ["3", "5 mai"]),
        ("jeudi 3 et le 5 mai", ["3", "5 mai"]),
        ("le 12 ou le 14 mai", ["12", "14 mai"]),
        ("dans l’article du 3 et du 5 mai", ["3", "5 mai"]),
        ("les deux et neuf ventôse", ["deux", "neuf ventôse"]),
        ("le 9. Thermidor", ["9. Thermidor"]),
        ("Ier mai, 2 juin", ["Ier mai", "2 juin"]),
        ("1ᵉʳ et 2 juillet", ["1", "2 juillet"]),
    ],
)
def test_a_number_before_a_day_is_a_day_only_if_it_is_written_as_one(
    text: str, days: list[str]
) -> None:
    assert [words.partition("=")[0] for words in found(text, year="1794")] == days


@pytest.mark.parametrize(
    ("text", "meta", "days"),
    [
        ("le 9 thermidor an II, puis le 13 vendémiaire suivant", {},
         ["1794-07-27", "1794-10-04 ?"]),
        ("le 9 thermidor an II, le 13 fructidor suivant", {}, ["1794-07-27", "1794-08-30 ?"]),
        ("le 9 thermidor an II, puis les 3 et 4 vendémiaire suivants", {},
         ["1794-07-27", "1794-09-24 ?", "1794-09-25 ?"]),
        ("le 3 mai 1920, puis le 2 mai suivant", {}, ["1920-05-03", "1921-05-02 ?"]),
        ("le 3 mai 1920 (et le 2 mai 1910) ; en 1905, le 2 mai suivant", {},
         ["1920-05-03", "1910-05-02"]),
        ("le 13 vendémiaire dernier", {"date": "1794-07-28"}, ["1793-10-04 ?"]),
        ("le 13 vendémiaire dernier", {"date": "1794-07-28", "year": "1794"}, ["1793-10-04 ?"]),
        ("le 13 vendémiaire prochain", {"date": "1794-07-28"}, ["1794-10-04 ?"]),
        ("le 10 décembre dernier", {"date": "1922-04-01"}, ["1921-12-10 ?"]),
        ("le 10 mars dernier", {"date": "1922-04-01"}, ["1922-03-10 ?"]),
        ("le 10 janvier prochain", {"date": "1922-04-01"}, ["1923-01-10 ?"]),
        ("En 1917, dit-il, le 10 mars prochain", {"date": "1922-04-01"}, ["1917-03-10 ?"]),
        ("le 10 mars dernier", {"year": "1917"}, ["1917-03-10 ?"]),
        ("le 31 décembre prochain", {"date": "9999"}, ["9999-12-31 ?"]),
        ("le 1er janvier suivant", {"year": "9999"}, ["9999-01-01 ?"]),
    ],
)  # fmt: skip
def test_a_day_has_no_year_that_its_relation_to_another_contradicts(
    text: str, meta: dict[str, str], days: list[str]
) -> None:
    assert [words.partition("=")[2] for words in found(text, **meta)] == days


@pytest.mark.parametrize(
    ("text", "doubted", "days"),
    [
        ("9 thermidor an II", "II", []),
        ("9 thermidor an II", "9", []),
        ("9 thermidor an II (27 juillet)", "an II", []),
        ("9 thermidor (27 juillet 1794)", "1794", []),
        ("l’an II, le 9 thermidor", "an II", []),
        ("18 et 19 brumaire an VIII", "18", ["1799-11-10"]),
    ],
)
def test_what_is_in_doubt_names_no_day(text: str, doubted: str, days: list[str]) -> None:
    before, _, after = text.partition(doubted)
    content = (Text(before), Doubt((Text(doubted),), "?"), Text(after))
    reader = Days(Meta("t", Claim("T", "stated"), "essay"))
    assert [m.key for m in mentions_in(content, "t", FormMatcher([]), reader)] == days


@pytest.mark.parametrize(
    ("number", "raised", "rest", "day"),
    [
        ("I", "er", " vendémiaire an II", "1793-09-22"),
        ("1", "er", " vendémiaire an II", "1793-09-22"),
        ("3", "e", " jour compl. an II", "1794-09-19"),
        ("I", "er", " mai 1920", "1920-05-01"),
    ],
)
def test_raised_letters_are_read_as_others(number: str, raised: str, rest: str, day: str) -> None:
    content = (Text(f"le {number}"), Superscript(raised), Text(rest))
    reader = Days(Meta("t", Claim("T", "stated"), "essay"))
    (mention,) = mentions_in(content, "t", FormMatcher([]), reader)
    assert (mention.key, mention.start, mention.certainty) == (day, len("le "), "certain")


def test_forms_and_marks_stand_before_days() -> None:
    work = Entry(
        "work", "brumaire", "Le 18 Brumaire de Louis Bonaparte", "", (Form("18 Brumaire"),)
    )
    content: Inlines = (
        Text("Le 18 Brumaire de Louis Bonaparte, le 18 Brumaire an VIII, le "),
        Name((Text("9 thermidor"),), "1794-07-27"),
        Text(", le "),
        Name((Text("10 thermidor an II"),), ""),
    )
    reader = Days(Meta("t", Claim("T", "stated"), "essay", year="1799"))
    keys = [m.key for m in mentions_in(content, "t", FormMatcher([work]), reader)]
    assert keys == ["brumaire", "brumaire", "1794-07-27"]


SPELT = st.sampled_from(
    [
        "{} {} an {}",
        "{} {}, an {}",
        "{} {} de l’an {}",
        "{} {}, l'an {} de la République",
        "{} {} an-{}",
        "{} {} — an {}",
        "{} {} de l’année {}",
        "{} {} (an {} de la République)",
        "{} {} de la {}e année",
        "{} {}, {}e année républicaine",
    ]
)
BEFORE, AFTER = (
    st.sampled_from(["", "Le ", "décadi ", "(", "« "]),
    st.sampled_from(["", ".", ")", ", il"]),
)


@given(A_DAY, SPELT, BEFORE, AFTER, st.booleans(), st.booleans())
def test_a_day_is_found_however_it_is_written(
    day: RepublicanDay, spelt: str, before: str, after: str, roman: bool, shout: bool
) -> None:
    number, _, month = republican_in_french(day).partition(" ")
    month, _, year = month.rpartition(" an ")
    words = spelt.format(number, month, year if roman else day.year)
    text = before + (words.upper() if shout else words) + after
    (read_day,) = Days(Meta("t", Claim("T", "stated"), "essay", year="1917")).find(text)
    assert (read_day.iso, read_day.certainty) == (str(gregorian(day)), "certain")
    assert read_day.start == len(before)


PIECES = st.sampled_from(
    "9 10 1er 5e vingt et un dix-huit le du au an l’an II 2 deux 79 de 1794 juillet jour jours "
    "complémentaire sans-culottide thermidor vendémiaire therm. rue ( ) , . - – Ier 1ᵉʳ année "
    "article suivant dernier III".split()
)


@given(
    st.one_of(
        st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
    ),
    st.sampled_from(["", "1794", "1804", "1917"]),
)
@example("9 " * 3000 + "thermidor", "1794")
@example("vingt et " * 3000 + "thermidor an II", "1794")
@example("thermidor an " * 3000, "")
@examples(300)
def test_days_never_break(text: str, year: str) -> None:
    meta = Meta("t", Claim("T", "stated"), "essay", year=year)
    days = Days(meta).find(text)
    assert all(is_day(day.iso) and text[day.start : day.end].strip() for day in days)
    assert all(a.end <= b.start for a, b in pairwise(days))
    assert Days(meta).find(text, [(0, len(text))]) == []


@given(st.text(max_size=30))
def test_any_words_may_be_read(text: str) -> None:
    assert read(text) is None
    assert not is_written_in(text, text)


# ---------------------------------------------------------------- in an archive

ACT = "textes/arrete-an-ii"
BOTH = "28 juillet 1794 (10 thermidor an II)"


def words(page: bytes) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text().split())


def test_a_text_s_date_is_in_both_calendars(kinds: dict[str, bytes]) -> None:
    for path in ("index.html", f"{ACT}/index.html", f"{ACT}/arrete-an-ii.txt"):
        assert BOTH in words(kinds[path]), path
    data = json.loads(kinds[f"{ACT}/arrete-an-ii.json"])
    assert (data["date"], data["calendar"]) == ("1794-07-28", "republican")
    other = json.loads(kinds["textes/lettre-1913/lettre-1913.json"])
    assert other["calendar"] is None


def test_a_day_s_page_and_card_and_the_chronology_have_both(kinds: dict[str, bytes]) -> None:
    assert "27 juillet 1794 (9 thermidor an II)" in words(kinds["chronologie/1794/index.html"])
    assert "21 septembre 1794 (5e jour complémentaire an II)" in words(
        kinds["chronologie/1794/index.html"]
    )
    assert "27 juillet (9 thermidor an II)" in words(kinds["chronologie/index.html"])
    assert "thermidor" in kinds[f"{ACT}/noms.js"].decode()
    page = BeautifulSoup(kinds[f"{ACT}/index.html"], "html.parser")
    links = page.select("a.name[href$='1794/index.html#jour-1794-07-27']")
    assert [" ".join(link.get_text().split()) for link in links] == ["9 thermidor"]


def test_a_day_that_no_text_names_so_is_gregorian(tmp_path: Path) -> None:
    name = "editions/decret-1919.md"
    root = changed_copy(KINDS / "corpus", tmp_path, name, "4 mars 1911", "4 juillet 1794")
    said = words(site_of(root)["chronologie/1794/index.html"])
    assert "4 juillet 1794 Arrêté" in said


@pytest.mark.parametrize(
    ("event", "both"),
    [
        ("name: Chute\n  date: 1794-07-27\n", True),  # a text names that day so
        ("name: Chute\n  date: 1794-07-27/1794-07-28\n", True),
        ("name: Chute\n  date: 1794-07-26\n", False),
        ("name: Chute\n  date: 1794-07\n", False),
        ("name: 8 thermidor\n  date: 1794-07-26\n", True),  # the event does
        ("name: Chute\n  date: 1799-11-09\n  description: Le 18 brumaire.\n", True),
    ],
)
def test_an_event_is_in_both_where_a_text_or_its_own_words_are(
    event: str, both: bool, tmp_path: Path
) -> None:
    root = Path(copytree(KINDS / "corpus", tmp_path / "corpus"))
    (root / "events.yaml").write_text(f"chute:\n  {event}", "utf-8")
    site = site_of(root)
    head = BeautifulSoup(site["chronologie/chute/index.html"], "html.parser").select_one("main")
    listed = BeautifulSoup(site["chronologie/index.html"], "html.parser").select_one("#chute")
    assert head and listed
    for part in (head, listed):
        said = " ".join(part.get_text().split())
        assert (" an II)" in said or " an VIII)" in said) == both, said


TEI = "{http://www.tei-c.org/ns/1.0}"


def test_tei_says_which_calendar_words_are_of(kinds: dict[str, bytes]) -> None:
    data = kinds[f"{ACT}/arrete-an-ii.xml"]
    root = ElementTree.fromstring(data)
    days = {"".join(e.itertext()): e.attrib for e in root.iterfind(f".//{TEI}text//{TEI}date")}
    assert days["9 thermidor"] == {"when": "1794-07-27", "calendar": "#calendar.republican"}
    assert days["27 juillet 1794"] == {"when": "1794-07-27"}
    header = root.find(f"{TEI}teiHeader//*[@when='1794-07-28']")
    assert header is not None and header.text == BOTH
    written = loads((KINDS / "corpus/editions/arrete-an-ii.md").read_text("utf-8"))
    assert read_tei(data, "x.xml", "x.xml") == written


@pytest.mark.parametrize("declared", ["", "calendar: gregorian\n", "calendar: julian\n"])
@pytest.mark.parametrize("said", ["le 9 thermidor an II", "le 27 juillet 1794"])
def test_tei_declares_the_calendars_that_it_has(declared: str, said: str) -> None:
    head = f"---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n{declared}---\n\n"
    document = loads(f"{head}Il tomba {said}.")
    (publication,) = publications_of(LoadedCorpus(model_of([document], {}))).values()
    data = as_tei(publication)
    assert read_tei(data, "x.xml", "x.xml").meta == document.meta
    there = "thermidor" in said
    assert (b'<calendar xml:id="calendar.republican">' in data) == there
    assert (b'calendar="#calendar.republican"' in data) == there


@pytest.mark.parametrize("written", ["9 thermidor an II", "le 9 thermidor, an 2"])
def test_a_date_by_this_calendar_is_told_how_to_write_it(written: str, tmp_path: Path) -> None:
    name = "editions/arrete-an-ii.md"
    root = changed_copy(KINDS / "corpus", tmp_path, name, "'1794-07-28'", f"'{written}'")
    (root / "events.yaml").write_text(f"chute:\n  name: Chute\n  date: '{written}'\n", "utf-8")
    told = [(Path(f.path).name, f.line, f.hint) for f in findings_of(root) if f.code == "E012"]
    hint = "Write 1794-07-27."
    assert sorted(told) == [("arrete-an-ii.md", 6, hint), ("events.yaml", 3, hint)]
