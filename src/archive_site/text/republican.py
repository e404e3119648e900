"""The French Republican calendar: its days in the Gregorian calendar, and how French writes them.

A year has twelve months of thirty days and five complementary days, which are month 13 here. It
began at the autumn equinox, on the day that a decree said. The calendar was in use from 22
September 1792, the first day of the year I, to 31 December 1805, and again in the year 79
(1870–1871), when the Commune of Paris counted by it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive_site.text.numerals import number_of, numeral

MONTHS = tuple(
    "vendémiaire brumaire frimaire nivôse pluviôse ventôse "
    "germinal floréal prairial messidor thermidor fructidor".split()
)
COMPLEMENTARY = 13
"""The number of the month that the complementary days are."""
LEAP_YEARS = (3, 7, 11)
"""The years with six complementary days."""
YEARS = (*range(1, 15), 79)
_FIRST, _LAST = datetime.date(1792, 9, 22), datetime.date(1805, 12, 31)
"""The first day of the year I, and the last day of the calendar in the year XIV."""


# ---------------------------------------------------------------- days


@dataclass(frozen=True, slots=True)
class RepublicanDay:
    """A day: its year, its month (1 to 13) and its number in the month. It may be none of the
    calendar: `to_gregorian` finds out."""

    year: int
    month: int
    number: int


def to_gregorian(day: RepublicanDay) -> datetime.date | None:
    """The day in the Gregorian calendar; None if the calendar has no such day."""
    most = 30 if day.month < COMPLEMENTARY else 5 + (day.year in LEAP_YEARS)
    if day.year not in YEARS or not 1 <= day.month <= COMPLEMENTARY or not 1 <= day.number <= most:
        return None
    passed = 30 * (day.month - 1) + day.number - 1
    found = _begins(day.year) + datetime.timedelta(days=passed)
    return found if day.year > 14 or found <= _LAST else None


def from_gregorian(day: datetime.date) -> RepublicanDay | None:
    """A Gregorian day in the Republican calendar; None if it was not in use."""
    for year in YEARS:
        passed = (day - _begins(year)).days
        if 0 <= passed < 365 + (year in LEAP_YEARS):
            found = RepublicanDay(year, passed // 30 + 1, passed % 30 + 1)
            return found if to_gregorian(found) else None
    return None


def from_iso(day: str) -> RepublicanDay | None:
    """A Gregorian day (ISO 8601) in the Republican calendar; None if it was not in use, or if the
    text is no day."""
    try:
        return from_gregorian(datetime.date.fromisoformat(day)) if len(day) == 10 else None
    except ValueError:
        return None


def republican_years(gregorian: int) -> tuple[int, int]:
    """The two Republican years that a Gregorian year has days of, if there are such years."""
    return gregorian - 1792, gregorian - 1791


def gregorian_years(republican: int) -> tuple[int, int]:
    """The two Gregorian years that a Republican year has days of."""
    return republican + 1791, republican + 1792


def _begins(year: int) -> datetime.date:
    """The first day of a year. It is one day later after each leap year, which is every fourth; for
    the year 79, too, this is the day from which the *Journal officiel* of the Commune counted."""
    return _FIRST + datetime.timedelta(days=365 * (year - 1) + year // 4)


# ---------------------------------------------------------------- in French


def in_french(day: RepublicanDay) -> str:
    """A day in French: “9 thermidor an II”, “5e jour complémentaire an III”, “16 floréal an 79”."""
    return f"{_in_month(day)} {_year(day.year)}"


def date_in_french(value: str) -> str:
    """A date (EDTF) by the Republican calendar, if it is a day or an interval of days, whatever its
    marks: “9-10 thermidor an II”. Empty if it is not, or if the calendar was not in use."""
    days = [from_iso(end.rstrip("?~%")) for end in value.split("/")]
    first, last = days[0], days[-1]
    if first is None or last is None or len(days) > 2:
        return ""
    if first == last:
        return in_french(last)
    if (first.year, first.month) == (last.year, last.month) and first.month < COMPLEMENTARY:
        return f"{_ordinal(first)}-{in_french(last)}"
    return f"{in_french(first)} – {in_french(last)}"


def _in_month(day: RepublicanDay) -> str:
    if day.month == COMPLEMENTARY:
        return f"{day.number}{'er' if day.number == 1 else 'e'} jour complémentaire"
    return f"{_ordinal(day)} {MONTHS[day.month - 1]}"


def _ordinal(day: RepublicanDay) -> str:
    return "1er" if day.number == 1 else str(day.number)


def _year(year: int) -> str:
    """A year in French. The Commune wrote its year in figures."""
    return f"an {numeral('I', year) if year <= 14 else year}"


# ---------------------------------------------------------------- how texts write it

_CARDINALS = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf vingt vingt-un vingt-deux vingt-trois vingt-quatre vingt-cinq "
    "vingt-six vingt-sept vingt-huit vingt-neuf trente"
).split()
_ORDINALS = (
    "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième "
    "onzième douzième treizième quatorzième"
).split()
_UNACCENTED = str.maketrans("éèêô", "eeeo")
_ABBREVIATED = "vend brum frim niv pluv vent germ flor prair mess therm fruct".split()
_COUNTED = {
    **{word: n for n, word in enumerate(_CARDINALS, 1)},
    **{word.translate(_UNACCENTED): n for n, word in enumerate(_ORDINALS, 1)},
    "premiere": 1,
    "second": 2,
    "seconde": 2,
    "soixante-dix-neuf": 79,
}
"""Numbers in words, without accents, and with hyphens."""
_MONTH_NUMBERS = {month.translate(_UNACCENTED): n for n, month in enumerate(MONTHS, 1)} | {
    f"{short}.": n for n, short in enumerate(_ABBREVIATED, 1)
}

S = r"[\s\u00a0\u202f]"
_DASH = rf"{S}?[-–—]{S}?"
_RAISED = str.maketrans("ᵉʳᵐⁿᵈ", "ermnd")


def _spellings(words: Sequence[str]) -> str:
    """A pattern for words, the longest first, with or without accents and hyphens."""
    longest = sorted(words, key=len, reverse=True)
    pattern = "|".join(word.translate(_UNACCENTED) for word in longest)
    for letter, spelt in (("e", "[eéèê]"), ("o", "[oô]"), ("-", rf"(?:-|{S})(?:et(?:-|{S}))?")):
        pattern = pattern.replace(letter, spelt)
    return pattern


_SUFFIX = rf"(?:\.?(?:[eè]re|er|re|[eè]me|me|nde?|de?|e)(?!\w)|{S}?[°º])"
_ORDINAL = (
    rf"(?:\d{{1,2}}{_SUFFIX}|(?:{_spellings([*_ORDINALS, 'première', 'second', 'seconde'])}))"
)
_COUNT = _spellings([w for w in _COUNTED if w not in ("un", "soixante-dix-neuf")])
FIRST = r"(?-i:I)er(?!\w)"
"""“Ier”, as some write “1er”."""
NUMBER = rf"(?:\d{{1,2}}{_SUFFIX}?|{FIRST}|(?:{_COUNT})(?!\w))"
"""The number of a day: “9”, “1er”, “neuf”, “vingt et un”."""
MONTH = rf"(?:{_spellings(MONTHS)})(?!\w)"
MONTH_IN_SHORT = rf"(?:{'|'.join(_ABBREVIATED)})\.(?=(?:{S}|{_DASH})an(?:{S}|{_DASH}))"
"""The months, and their abbreviations, which name a month only before a year."""
_KIND = r"(?:compl(?:[ée]mentaire|[ée]m(?:ent)?\.|\.)|sans-?culottide)"
COMPLEMENTARY_NUMBER = rf"(?:{_ORDINAL}|\d(?={S}(?:jour{S})?{_KIND}(?!s)))"
"""The number of a complementary day. “Cinq jours complémentaires” are five of them, and “5e jour
complémentaire” is the last."""
COMPLEMENTARY_DAY = rf"(?:(?:jours?|j\.){S})?{_KIND}s?(?!\w)"
_YEAR_NUMBER = (
    rf"(?:\d{{1,2}}{_SUFFIX}?|[IVXL]+{_SUFFIX}?|(?:{_spellings(list(_COUNTED))}))"
    rf"(?!\w|-[^\W\d]|{S}(?:mil|cent))"
)
_YEAR = r"an(?:n[ée]e)?"
_ORDINAL_OR_ROMAN = rf"(?:{_ORDINAL}|[IVXL]+{_SUFFIX})"
_YEAR_BEHIND = rf"{S}ann[ée]e(?!\w)"
_CLEAR = (
    rf"(?!,?{S}(?:d[ue]s?{S}|d[’']|avant|apr[èe]s)"
    rf"(?!la{S}r[ée]p|calendrier{S}r[ée]p|l[’'][èe]re{S}(?:r[ée]p|fran[çc])))"
)
"""What follows a year of the Republic: none is one “de la liberté” or “de notre ère”."""
_NOT_ANOTHER = rf"(?!{S}(?:de{S}(?:la{S}libert|notre|son)|du{S}r[èe]gne))"
"""The same for a year after a month of this calendar: “9 thermidor an II du Comité”."""
_OF_REPUBLIC = rf"(?={S}(?:de{S}la{S})?r[ée]p)"


def _after_a_day(era: str, ordinal_era: str) -> str:
    """A pattern for a Republican year after a day. `era` is the pattern for what follows “an II”,
    `ordinal_era` that for what follows “deuxième année”."""
    return (
        rf"(?:,?{S}|{_DASH}|(?P<opened>{S}?\())(?:(?:de{S})?(?:l[’']{S}?|la{S}))?"
        rf"(?:{_YEAR}(?:{S}|{_DASH})(?P<year>{_YEAR_NUMBER}){era}"
        rf"|(?P<ordinal>{_ORDINAL_OR_ROMAN}){_YEAR_BEHIND}{ordinal_era}"
        rf"|(?P<unread>{_ORDINAL_OR_ROMAN}{_YEAR_BEHIND}|{_YEAR}(?!\w)))"
        rf"(?(opened)(?:(?:{S}de{S}la{S}r[ée]publique)?\))?)"
    )


_GREGORIAN_YEAR = (
    rf"(?:{S}|-|(?:,?{S}|{_DASH})(?:(?:de{S})?l[’']{S}?)?{_YEAR}{S})"
    r"(?P<gregorian>(?:1[5-9]|20)\d\d)(?!\w)"
)
_BARE_YEAR = rf"{S}(?P<bare>79|(?-i:[IVX]{{2,}}))(?!\w)"
YEAR_AFTER = rf"(?:{_GREGORIAN_YEAR}|{_after_a_day(_NOT_ANOTHER, _CLEAR)}|{_BARE_YEAR})"
"""A year after a day: “an II”, “de la deuxième année”, “79”, “1794”, “de l’année 1794”; or one that
cannot be read (`unread`)."""
YEAR_AFTER_GREGORIAN = rf"(?:{_GREGORIAN_YEAR}|{_after_a_day(_CLEAR, _OF_REPUBLIC)})"
"""The same after a day of the Gregorian calendar."""
YEAR_ALONE = re.compile(
    rf"(?<!\w)(?:{_YEAR}(?:{S}|[-–—])(?:(?<=l[’'].{{3}})|(?<=l[’'].{{6}})|(?=(?-i:[IVX])))"
    rf"(?P<year>{_YEAR_NUMBER})"
    rf"|(?P<ordinal>{_ORDINAL_OR_ROMAN}){_YEAR_BEHIND}{_OF_REPUBLIC}){_CLEAR}",
    re.IGNORECASE,
)
"""A year elsewhere: “l’an deux”, “an II”, “la deuxième année de la République”."""
_MAY_BE = (
    *"miaire maire ôse ivose viose ntose germinal loréal loreal prairial idor".split(),
    *"complém complem compl. culottide".split(),
    *(". an", ".\u00a0an", ".-an", ".–an", ".—an"),
)
"""Parts of the months as texts write them, of which as few as may be: each is looked for."""
_WRITTEN = re.compile(
    rf"(?:le{S})?(?:(?P<number>{NUMBER}){S}(?P<month>{MONTH}|{MONTH_IN_SHORT})"
    rf"|(?P<complementary>{COMPLEMENTARY_NUMBER}){S}{COMPLEMENTARY_DAY})"
    rf"{_after_a_day(_NOT_ANOTHER, _CLEAR)}",
    re.IGNORECASE,
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_ANY_MONTH = re.compile(
    rf"(?<!\w)(?:(?P<month>{MONTH}|{MONTH_IN_SHORT})|{COMPLEMENTARY_DAY})", re.IGNORECASE
)


def plain(text: str) -> str:
    """A text in which raised letters are common ones: “1ᵉʳ” is “1er”. Its length is the same."""
    return text.translate(_RAISED) if "ᵉ" in text else text


def may_be_in(text: str) -> bool:
    """Whether a text may have a month of this calendar: a quick test, for the patterns are slow."""
    lowered = text.lower()
    return any(map(lowered.__contains__, _MAY_BE))


def month_of(written: str) -> int:
    """The number of a month as a text writes it (empty: the complementary days)."""
    return _MONTH_NUMBERS[written.lower().translate(_UNACCENTED)] if written else COMPLEMENTARY


def year_of(match: re.Match[str]) -> int:
    """The number of the Republican year in a match of a pattern above (0: it cannot be read)."""
    groups = match.groupdict()
    return value_of(groups["year"] or groups["ordinal"] or groups.get("bare") or "")


def value_of(written: str) -> int:
    """The number that “9”, “1er”, “II”, “IIe” or “vingt et un” is (0: none)."""
    if digits := re.match(r"\d+", written):
        return int(digits[0])
    words = written.lower().translate(_UNACCENTED)
    words = re.sub(rf"(?:-|{S})(?:et(?:-|{S}))?", "-", words)
    roman = re.match("[IVXL]*", written.upper())
    return _COUNTED.get(words, 0) or number_of("I", roman[0] if roman else "")


def read(written: str) -> datetime.date | None:
    """The Gregorian day that words such as “9 thermidor an II” are; None if they are none."""
    found = _WRITTEN.fullmatch(plain(written.strip()))
    if found is None:
        return None
    number = found["number"] or found["complementary"]
    month = month_of(found["month"] or "")
    return to_gregorian(RepublicanDay(year_of(found), month, value_of(number)))


def is_written_in(words: str, day: str) -> bool:
    """Whether words that name a Gregorian day (ISO 8601) do so by the Republican calendar: they
    have its month there, or are its number there, which is not its number in other calendars."""
    there, words = from_iso(day), plain(words)
    if there is None:
        return False
    months = (month_of(month["month"] or "") for month in _ANY_MONTH.finditer(words))
    number = _NUMBER.fullmatch(words)
    return there.month in months or bool(number and value_of(words) == there.number)
