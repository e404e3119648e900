"""One way to write dates: old and Roman months, years in words, days in figures become “D month
YYYY”, which `text.written_days` reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from archive_site.text import republican
from archive_site.text.dates import MONTHS
from archive_site.text.numerals import number_of

LONGEST = 600
"""The most characters of a line that are looked at: a date says early what it is."""
_MONTH = "|".join(MONTHS)
_ONE_MONTH = f"(?:{_MONTH})"
_UNITS = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
).split()
_VALUES = {word: n for n, word in enumerate(_UNITS, 1)} | {
    "premier": 1,
    "une": 1,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "octante": 80,
    "nonante": 90,
}
_WORD = "|".join([*sorted(_VALUES, key=len, reverse=True), "cents?", "mil(?:le)?"])
_CARDINALS = {word.rstrip("e"): word for word in _UNITS[1:]} | {
    "cinqu": "cinq", "neuv": "neuf", "vingt": "vingt", "trent": "trente",
}  # fmt: skip
_ORDINALS = re.compile(
    rf"(?<!\w)((?:{'|'.join(sorted(_CARDINALS, key=len, reverse=True))}))i[eèé]s?me"
    rf"(\s(?:jour\s)?(?:d[eu’']\s?)?(?:mois\sd[e’']\s?)?(?:{_MONTH}))(?!\w)",
    re.I,
)
_IN_WORDS = re.compile(rf"(?<!\w)(?:{_WORD})(?:(?:-|\s)(?:et(?:-|\s))?(?:{_WORD}))*(?!\w)", re.I)
_BEFORE_MONTH = re.compile(rf"\s(?:du mois |jours? )?(?:d[eu’']\s?)?(?:{_MONTH})(?!\w)", re.I)
_ROMAN_YEAR = re.compile(r"(?<!\w)M\s?\.?\s?(?:[DCLXVIJ]\s?\.?\s?)+(?!\w)")
_OLD_MONTHS = (
    (r"(?:7|VII|sept)[\s.]?bre", "septembre"),
    (r"(?:8|VIII)[\s.]?bre", "octobre"),
    (r"(?:9|IX)[\s.]?bre", "novembre"),
    (r"(?:10|[xX])[\s.]?bre", "décembre"),
    (r"[ij]anuier|ianvier", "janvier"),
    (r"f[eé][bu]?[uv]?rier", "février"),
    (r"a[uv]ril", "avril"),
    (r"(?<=[\dr]\s)may", "mai"),
    (r"[ij]uing?", "juin"),
    (r"[ij]uill?et", "juillet"),
    (r"ao[uû]s?t", "août"),
    (r"septemb\.", "septembre"),
    (r"decembre", "décembre"),
)
FIGURES = re.compile(
    r"(?<![\w./-])(\d{1,2})\s?([/.-])\s?(\d{1,2}|(?-i:[IVX]{1,4}))\s?\2\s?(\d{4}"
    r"|\d{2})(?![\w/]|[.-]\d)"
)
"""A day all in figures: “26/1/44”, “26.I.1944”."""
_REWRITTEN: tuple[tuple[str, str], ...] = (
    (rf"(\d{{1,2}}) ?(?:/|\() ?(\d{{1,2}})\)? ({_MONTH}) (\d{{4}})", r"\1 \3 \4 (\2 \3 \4)"),
    (rf"(\d{{1,2}} {_ONE_MONTH}) ?\((\d{{1,2}} {_ONE_MONTH})\) (\d{{4}})", r"\1 \3 (\2 \3)"),
    (rf"(\d|er)\s(?:jours?\s)?du mois (?:de\s|d[’'])({_MONTH})", r"\1 \2"),
    (
        rf"({_MONTH}),?\s(?:en\s|de\s)?l[’']an(?:née)?\s(?:de grâce\s"
        rf"|de Notre[- ]Seigneur\s)?(\d{{4}})",
        r"\1 \2",
    ),
    (
        r"l[’']an(?:née)?\s(?:de grâce\s)?(\d{4}),?\s(?:et\s)?(?:le\s)?"
        rf"(\d{{1,2}}(?:er)?\s(?:{_MONTH}))(?!\s\d)",
        r"\2 \1",
    ),
    (
        rf"l[’']an\s([^,]{{1,12}}?)"
        rf"(?:\sde la république[^,]{{0,40}})?,\sle\s(\w+)\s({republican.MONTH})",
        r"\2 \3 an \1",
    ),
    (rf"({republican.MONTH}),\s(?=(?:de\s)?l[’']an)", r"\1 "),
)
"""Ways of writing dates, and the one that is read."""


@lru_cache(maxsize=4096)
def regular(line: str) -> str:
    """A line with its dates written in one way, up to its `LONGEST` characters."""
    line = republican.plain(" ".join(line[:LONGEST].split()))
    line = _ORDINALS.sub(lambda found: _CARDINALS[found[1].lower()] + found[2], line)
    line = _IN_WORDS.sub(_in_figures, line)
    line = _ROMAN_YEAR.sub(_year_in_figures, line)
    for pattern, month in _OLD_MONTHS:
        line = re.sub(rf"(?<![\w.]){pattern}(?!\w)", month, line, flags=re.I)
    line = FIGURES.sub(_with_month, line)
    for pattern, written in _REWRITTEN:
        line = re.sub(pattern, written, line, flags=re.I)
    return line


def _in_figures(found: re.Match[str]) -> str:
    """A number in words in figures, if it is a year, or the number of a day before its month."""
    words = [w for w in re.split(r"[-\s]", found[0].lower()) if w != "et"]
    value = _value(words)
    is_year = words[0] in ("mil", "mille", *_UNITS) and 1400 <= value < 2100
    is_day = value <= 31 and _BEFORE_MONTH.match(found.string, found.end())
    return str(value) if is_year or is_day else found[0]


def _value(words: Iterable[str]) -> int:
    thousands = value = 0
    for word in words:
        if word.startswith("mil"):
            thousands, value = max(value, 1) * 1000, 0
        elif word.startswith("cent"):
            value = max(value, 1) * 100
        elif word.startswith("vingt") and value % 100 == 4:
            value += 76
        else:
            value += _VALUES[word]
    return thousands + value


def _year_in_figures(found: re.Match[str]) -> str:
    letters = re.sub(r"[^A-Z]", "", found[0]).replace("J", "I")
    year = number_of("I", letters)
    end = "." if found[0].rstrip().endswith(".") else ""
    return f"{year}{end}" if 1450 <= year <= 2030 else found[0]


def _with_month(found: re.Match[str]) -> str:
    day, _, month, year = found.groups()
    number = int(month) if month.isdecimal() else number_of("I", month)
    known = 1 <= number <= 12 and 1 <= int(day) <= 31
    return f"{int(day)} {MONTHS[number - 1]} {year}" if known else found[0]
