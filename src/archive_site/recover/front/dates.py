"""The date and the place of a text: datelines first, then the title, then what stands below it. A
day in running text is none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from archive_site import interface
from archive_site.recover.front.datelines import DateLine, place_of, read_dateline
from archive_site.recover.front.dating import (
    WrittenDate,
    century_of,
    dates_in,
    weekday_of,
)
from archive_site.recover.front.edges import EdgeLine, Edges
from archive_site.recover.front.grounds import quoted
from archive_site.recover.front.regular import FIGURES, regular
from archive_site.text.dates import is_day, to_new_style
from archive_site.text.document import Certainty, Claim

ENTRIES = 3
"""So many dated headings make a diary; so many salutations less one make a correspondence."""
_GENRE = (
    r"(?:séance|lettre|discours|décret|loi|arrêté|ordonnance|édit|rapport|circulaire"
    r"|procès[- ]verbal"
    r"|proclamation|adresse|interrogatoire|audience|compte[- ]rendu|arrêt|jugement"
    r"|déclaration|bulletin"
    r"|réunion|congrès|conférence|allocution|appel|manifeste|ordre du jour"
    r"|délibération|motion|note|pétition"
    r"|réponse|message|instruction|toast|sermon|cours|déposition|entretien|assemblée"
    r"|conseil|numéro|n[o°]"
    r"|assignation|mandement|bulle|traité|convention|constitution|charte|télégramme|dépêche|du)"
)
_OF_GENRE = re.compile(
    rf"\W*(?:[^,.]{{3,60}},\s(?=séance|audience|réunion|assemblée|discours|lettre|n[o°]))?"
    rf"(?:(?:premi|deuxi|troisi)ème\s)?{_GENRE}s?\b",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:sur|concernant|relati(?:f|ve)s?|touchant|contre|événements?|affaires?"
    r"|journées?|insurrection"
    r"|révolution|souvenirs?|depuis|avant|après|anniversaire|mort|émeutes?|massacres?"
    r"|fusillades?|procès d"
    r"|victimes?|contenant|portant|pour|à propos|au sujet|loi|décret|arrêté|lettre|qui|que|dont)\b",
    re.I,
)
_DELIVERED = re.compile(
    r"\b(?:prononcé|lu|donné|fait|tenu|présenté|adopté|publié|écrit|représenté|rendu"
    r"|joué|signé|arrêté"
    r"|distribué|affiché|paru)(?:e|s|es)?\b(?P<between>[^;.]{0,90}?)(?:,?\s(?:le|du|les|ce))?\s?"
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di\s|dimanche\s)?\Z",
    re.I,
)
_AT = re.compile(
    r".*?\b(?P<place>(?:à|au|aux|en)\s(?!la (?:tribune|séance|suite|demande"
    r"|chambre))[^,;()]{2,40}?)(?:,.*|\s*)",
    re.I,
)
_APART = re.compile(r"[,(–—.:]\s*(?:le\s|ce\s|du\s)?(?:\w+di\s|dimanche\s)?\Z")
_OF = re.compile(r"\b(?:du|de|les?|d[’'])\s?(?:\w+di,?\s|dimanche,?\s)?\Z", re.I)
_ISSUE = re.compile(r"\b(?:n[o°]\s?\.?\s?\d|numéro|année\b|prix|centimes?|sous\b)", re.I)
_RECORD = re.compile(
    r"(?:(?:ce\s?jourd[’']hui|aujourd[’']hui|cejourd[’']hui|du|le|ce)\W*(?:\w+di\W*)?)?", re.I
)
_IMPRINT = re.compile(
    r"(?:(?:imprimée?\s)?(?P<place>(?:à|a|au)\s[^,]{2,40}?)\s?,?\s(?:chez"
    r"|de l[’']imprimerie|aux dépens"
    r"|et se vend)\b.*"
    r"|(?:imprimerie|imp\.|typographie|typ\.|éditions?|librairie)\b.*"
    r"|(?P<town>[^\W\d_][^\d,.;:!?]{1,40}),)?\W*"
    r"(?:l[’']an\s|en\s)?(?P<year>1[4-9]\d\d|20\d\d)\W*",
    re.I,
)
_PRESS = re.compile(r"\W*(?:achevé d[’']imprimer|imprimerie|imp\.|typographie|typ\.)", re.I)
_ENTRY = re.compile(r"(?P<day>[^.—–:;,]{4,40}?)(?:\.\s?[—–-]+|\s[—–]|\.|\s?:)\s")
_RUNNING_MONTH = re.compile(
    r"(?P<place>[^\W\d_][^\d,]{1,40}),?\s(?:le|ce)\s\d{1,2}\s(?:du\s)?(?:courant|ct)\b"
)
"""A day of the month in which a letter was written, which it does not name."""
_YEAR = re.compile(r"(?<![\w/.-])(?:1[4-9]|20)\d\d(?![\w/])")
NOTHING = Claim()


@dataclass(frozen=True, slots=True)
class DateAndPlace:
    """A date and a place that a rule has found; either may be empty."""

    date: Claim = NOTHING
    place: Claim = NOTHING


@dataclass(frozen=True, slots=True)
class Dated:
    """What the rules are given: the edges of the text, and the years that it names."""

    edges: Edges
    years: frozenset[int]


def date_and_place(edges: Edges, years: Iterable[int]) -> DateAndPlace:
    """The date of a text, by the first of the `RULES` that finds one, and its place. A day whose
    year nothing says is a ground without a date."""
    dated = Dated(edges, frozenset(years))
    found = [claims for rule in RULES for claims in rule(dated)]
    dates = [claims.date for claims in found if claims.date != NOTHING]
    date = next((date for date in dates if date.value), dates[0] if dates else NOTHING)
    place = next((claims.place for claims in found if claims.place.value), NOTHING)
    series = bool(found) and date.value.count("/") == 1 and found[0].date == date
    return DateAndPlace(date, found[0].place if series else place)


def years_named(text: str) -> set[int]:
    """The years of four figures that a text names."""
    return {int(year) for year in _YEAR.findall(text)}


# ---------------------------------------------------------------- the rules


def in_entries(dated: Dated) -> Iterator[DateAndPlace]:
    """The first and the last day of a diary, or of a correspondence."""
    lines = dated.edges.lines
    headings = [line for line in lines if line.kind == "heading"]
    greeted = len(dated.edges.greetings)
    entries = _read(headings)
    if len(entries) < ENTRIES and greeted > 1:
        entries = _read(line for line in lines if line.kind != "heading")
    elif len(entries) < ENTRIES:
        entries = _begun(dated.edges.paragraphs)
    claims = [_claim(entry.line, entry.dates, dated.years) for entry in entries]
    ends = [end for claim in claims for end in claim.value.split("/") if len(end) == 10]
    if len(entries) < 2 or len(set(ends)) < 2:
        return
    first, last = min(ends), max(ends)
    grounds = (quoted(entries[0].line), quoted(entries[-1].line))
    ground = interface.DATES_IN_TEXT.format(first=grounds[0], last=grounds[1])
    places = {entry.place for entry in entries}
    place = places.pop() if len(places) == 1 else ""
    yield DateAndPlace(Claim(f"{first}/{last}", "probable", ground), _place(place, entries[0].line))


def _read(lines: Iterable[EdgeLine]) -> list[DateLine]:
    return [found for line in lines if (found := read_dateline(line.text))]


def _begun(paragraphs: Iterable[str]) -> list[DateLine]:
    """The days that paragraphs begin with, as those of a diary do: “Mardi 4 août 1914. — …”. A day
    without a year has that of the day before."""
    found: list[DateLine] = []
    year = ""
    for paragraph in paragraphs:
        begun = _ENTRY.match(paragraph)
        entry = read_dateline(begun["day"]) if begun else None
        if entry and not entry.dates[0].value and year and begun:
            entry = read_dateline(f"{begun['day']} {year}")
        if entry and entry.dates[0].value:
            year = entry.dates[0].value[:4]
            found.append(entry)
    return found


def in_datelines(dated: Dated) -> Iterator[DateAndPlace]:
    """A line at the head or the tail that has nothing but a date and a place."""
    edges = dated.edges
    for line in chain(_of_whole(edges), reversed(edges.tail)):
        found = read_dateline(line.text)
        if found:
            claim = _claim(line.text, found.dates, dated.years)
            yield DateAndPlace(claim, _place(found.place, line.text))
        elif line.kind == "dateline" and (place := place_of(line.text.split(",")[0])):
            yield DateAndPlace(place=_place(place, line.text))
        elif running := _RUNNING_MONTH.match(line.text):
            yield DateAndPlace(place=_place(place_of(running["place"]), line.text))


def _of_whole(edges: Edges) -> Iterator[EdgeLine]:
    """The lines of the head that are about the whole text. If several parts of it have datelines,
    as the articles of a newspaper do, those below the heading of the first are not."""
    places = {found.place for line in edges.lines if (found := read_dateline(line.text))}
    for line in edges.head:
        if len(places) > 1 and line.kind == "heading" and not read_dateline(line.text):
            return
        yield line


def in_records(dated: Dated) -> Iterator[DateAndPlace]:
    """The first words of a record: “L’an 1793, le 14 juillet”, “Aujourd’hui 15 mars 1789”."""
    opening = dated.edges.opening
    written = regular(opening)
    dates = dates_in(written)
    if not dates or not dates[0].value or not _RECORD.fullmatch(written, 0, dates[0].start):
        return
    is_record = re.match(r"\W*(?:l[’']an\b|ce\s?jourd|aujourd|cejourd)", opening, re.I)
    if is_record:
        words = " ".join(opening.split()[:14])
        yield DateAndPlace(_claim(words, tuple(dates[:1]), dated.years))


def in_title(dated: Dated) -> Iterator[DateAndPlace]:
    """A title that says when what it names was said, written or decided."""
    yield from _in_words(dated.edges.title, dated)


def below_title(dated: Dated) -> Iterator[DateAndPlace]:
    """The lines below the title that say so."""
    for line in dated.edges.head:
        yield from _in_words(line.text, dated)


def in_imprints(dated: Dated) -> Iterator[DateAndPlace]:
    """The year of a title page, and the day of an imprint."""
    edges = dated.edges
    for text in (*(line.text for line in (*edges.head, *edges.tail)), edges.closing):
        written = regular(text)
        dates = dates_in(written)
        if _PRESS.match(written) and dates and dates[0].value:
            claim = _claim(text, tuple(dates[:1]), dated.years)
            yield DateAndPlace(Claim(claim.value, "proposed", claim.ground))
        elif not dates and (found := _IMPRINT.fullmatch(written)):
            certainty: Certainty = "probable" if found["place"] else "proposed"
            ground = interface.DATE_IN_TEXT.format(line=quoted(text))
            place = _place(place_of(found["place"] or found["town"] or ""), text)
            yield DateAndPlace(Claim(found["year"], certainty, ground), place)


RULES: tuple[Callable[[Dated], Iterator[DateAndPlace]], ...] = (
    in_entries,
    in_datelines,
    in_records,
    in_title,
    below_title,
    in_imprints,
)
"""Where a text says when and where it was written, the surest first."""


# ---------------------------------------------------------------- dates among words


def _in_words(line: str, dated: Dated) -> Iterator[DateAndPlace]:
    written = regular(line)
    dates = dates_in(written)
    for n, date in enumerate(dates):
        before = written[dates[n - 1].end if n else 0 : date.start]
        delivered = _DELIVERED.search(before)
        if delivered or _is_of_genre(written, date) or _is_issue(written, date):
            same = tuple(dates[n : n + 2]) if _is_beside(written, dates[n:]) else (date,)
            at = _AT.fullmatch(delivered["between"]) if delivered else None
            place = place_of(at["place"]) if at else ""
            yield DateAndPlace(_claim(line, same, dated.years), _place(place, line))
            return


def _is_of_genre(written: str, date: WrittenDate) -> bool:
    """Whether a line names a kind of text, and the date as that of the text."""
    genre = _OF_GENRE.match(written)
    if not genre:
        return False
    between = written[genre.end() : date.start]
    if _APART.search(between):
        return re.fullmatch(r"\W*(?:\([^)]*\)\W*)?", written[date.end :]) is not None
    return (_OF.search(between) is not None or not between.strip()) and not _ABOUT.search(between)


def _is_issue(written: str, date: WrittenDate) -> bool:
    """Whether a line is the banner of a newspaper."""
    return _ISSUE.search(written) is not None and bool(date.weekday or len(date.value) == 10)


def _is_beside(written: str, dates: list[WrittenDate]) -> bool:
    """Whether a second date in brackets follows, as the same day in another calendar does."""
    return len(dates) > 1 and written[dates[0].end : dates[1].start].strip() in (
        "(",
        "=",
        "(le",
        "—",
    )


# ---------------------------------------------------------------- claims


def _claim(line: str, dates: tuple[WrittenDate, ...], years: frozenset[int]) -> Claim:
    """What a line with some dates, which should be one, says."""
    ground = interface.DATE_IN_TEXT.format(line=quoted(line))
    date = next((date for date in dates if date.value), dates[0])
    if not date.value:
        return Claim("", "unknown", ground + interface.YEAR_UNKNOWN)
    if date.short:
        return _of_century(date, years, ground, figures=FIGURES.search(line) is not None)
    if _is_old_style(dates):
        return Claim(dates[1].value, "probable", ground + interface.NEW_STYLE)
    others = [other.value for other in dates if other.value and not other.short]
    if len(set(others)) > 1:
        return Claim(date.value, "proposed", ground + interface.DATES_DIFFER)
    there = weekday_of(date.value)
    if date.weekday and there and there != date.weekday:
        return Claim(date.value, "probable", ground + interface.WEEKDAY_DIFFERS.format(day=there))
    return Claim(date.value, "probable", ground)


def _is_old_style(dates: tuple[WrittenDate, ...]) -> bool:
    """Whether two days are the same one in the Julian and the Gregorian calendar."""
    values = [date.value for date in dates]
    if len(values) != 2 or not all(map(is_day, values)):
        return False
    old, new = map(datetime.date.fromisoformat, values)
    return to_new_style(old) == new


def _of_century(date: WrittenDate, years: frozenset[int], ground: str, *, figures: bool) -> Claim:
    century = century_of(date, years, figures)
    if not century.values:
        return Claim("", "unknown", ground)
    if len(century.values) > 1:
        values = f"[{','.join(century.values)}]" if "/" not in "".join(century.values) else ""
        certainty: Certainty = "proposed" if values else "unknown"
        return Claim(values, certainty, ground + interface.CENTURY_UNKNOWN)
    by = interface.CENTURY_BY_YEAR.format(year=century.year)
    if century.weekday:
        by = interface.CENTURY_BY_WEEKDAY
    return Claim(
        century.values[0],
        "probable" if century.year or century.weekday else "proposed",
        ground + by,
    )


def _place(place: str, line: str) -> Claim:
    if not place:
        return NOTHING
    return Claim(place, "probable", interface.PLACE_IN_TEXT.format(line=quoted(line)))
