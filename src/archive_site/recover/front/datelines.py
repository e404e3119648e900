"""Datelines: lines that are a date, with the place before or after it: “Fait à Tours, le 14 octobre
1870”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from archive_site.recover.front.dating import WEEKDAYS, WrittenDate, dates_in
from archive_site.recover.front.names import cased
from archive_site.recover.front.regular import regular

LONGEST, WORDS = 40, 9
"""The most words of a dateline, and of its place."""
_MADE = (
    r"(?P<made>(?:(?:fait|donné|signé|délibéré|arrêté|écrit|passé|clos|lu|prononcé|tenu|adopté|présenté"
    r"|représenté|publié|imprimé)(?:e|s|es)?\b(?:\set\s\w+)?(?:\s(?:pour la première fois|double"
    r"|en (?:séance|conseil)[^,]*|triple|ce jour|publiquement))*)\W*)?"
)
_PLACE = r"(?P<place>[^\d;:!?«»=]{2,60}?(?:,\s\d{1,3}(?:\s?(?:bis|ter))?,\s[^\d,;:!?]{2,40})?)"
_BEFORE = re.compile(
    rf"\W*{_MADE}{_PLACE}??\W*(?:\b(?:le|ce|du|au|en|aujourd[’']hui|ce jourd[’']hui"
    rf"|au mois de|au mois d[’']"
    rf"|mois de)\b\W*)?(?:\b(?:{'|'.join(WEEKDAYS)})\b\W*(?:le\s)?)?",
    re.I,
)
_AFTER = re.compile(
    r"(?:,?\s(?:de la république\b[^,.]*|de l[’']ère\b[^,.]*|(?:et )?de notre règne\b.*"
    r"|vieux style|nouveau style|\([sv]\. ?s\.\)|de la liberté\b[^,]*))?"
    r"(?:,?\s(?:à\s)?(?:midi|minuit|\d{1,2}\s?h(?:eures?)?\b.*|(?:du|au) (?:soir"
    r"|matin)|soir|matin)\b.*)?"
    r"(?:(?:,\s?|\s(?=(?:à|au|en)\s))(?P<place>[^\d;:!?«»]{2,60}?))?\W*",
    re.I,
)
_BETWEEN = re.compile(r"\W*(?:(?:ou|soit|correspondant au|c[’']est-à-dire)\W*)?(?:le|du)?\W*", re.I)
_NO_PLACE = re.compile(
    r"(?:séance|audience|réunion|lettre|discours|décret|loi|arrêté|n[o°]|numéro|copie"
    r"|minute|journal"
    r"|conférence|rapport|allocution|réponse|achevé|extrait|note|bulletin|compte|procès|circulaire"
    r"|adresse|appel|proclamation|congrès|chambre|assemblée|convention|conseil|monsieur|madame"
    r"|citoyens?|camarades?|mon|ma|mes|cher|chère|samedi|dimanche|ce|cette|je|il|nous|vous|on|date"
    r"|édition|année|tome|page|reçu|répondu|jour|matin|nuit|par|chez|dans|vers|depuis|avant|après"
    r"|pour|né|mort|entre|sur|sous|et|imprimerie|imp)\b",
    re.I,
)
_OF = re.compile(r"\W*(?:du|au(?! mois))\b.*", re.I)
"""What joins a day to what happened on it: “Souvenirs du 2 décembre”."""
_CLAUSE = re.compile(
    r"\s(?:par|qui|que|sur|pour|contre|est|sont|ont|dans|avec|et le|et les)\s", re.I
)
_PHRASE = re.compile(r"L[ea]s?\s[a-zà-ÿ]|L[’'][a-zà-ÿ]")
_PREPOSITION = re.compile(r"(?:(?:à|a|en|dans|de)\s|d[’']|(?:au|aux|du|des)\s)(?=\w)", re.I)
_CONTRACTED = {"au": "Le", "du": "Le", "aux": "Les", "des": "Les"}
TOWNS = re.compile(
    r"(?:Le (?:Havre|Mans|Caire|Puy|Creusot|Locle|Cap|Pirée|Cateau|Blanc|Raincy|Pecq"
    r"|Vigan|Teil|Bourget)"
    r"|La (?:Haye|Rochelle|Flèche|Ciotat|Havane|Châtre|Fère|Réole|Spezia|Mecque|Seyne|Valette"
    r"|Chaux-de-Fonds|Charité|Villette|Chapelle|Ferté|Roche|Nouvelle)"
    r"|L[’'](?:Isle|Aigle|Orient|Escurial|Haÿ|Arbresle)|Les (?:Andelys|Sables|Lilas"
    r"|Baux|Invalides))\b"
)
"""Towns whose names have an article; any other name with one is a newspaper's."""
NEWSPAPER = re.compile(r"(?:Le|La|L[’']|Les)\s?[A-ZÀ-Þ][\w’'-]*(?:\s[\w’'-]+){0,4}")
"""The name of a newspaper, as the line of an article gives it with a day."""
_CITY = re.compile(r"[A-ZÀ-Þ]")


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that has nothing but a date, perhaps in two calendars, and a place (empty: none).
    `newspaper` says that it has the name of a newspaper in its place."""

    line: str
    dates: tuple[WrittenDate, ...]
    place: str = ""
    newspaper: bool = False


@lru_cache(maxsize=4096)
def read_dateline(line: str) -> DateLine | None:
    """A line as a dateline; None if it is none."""
    if len(line.split()) > LONGEST:
        return None
    written = regular(line)
    dates = tuple(dates_in(written))
    if not dates:
        return None
    before = _BEFORE.fullmatch(written, 0, dates[0].start)
    after = _AFTER.fullmatch(written, dates[-1].end)
    between = all(
        _BETWEEN.fullmatch(written, one.end, other.start) for one, other in pairwise(dates)
    )
    if not before or not after or not between:
        return None
    found = (before["place"] or after["place"] or "").strip(" ,.–—-(")
    if not found:
        return DateLine(line, dates)
    newspaper = NEWSPAPER.fullmatch(found.strip("( ")) and not TOWNS.match(found)
    joined = written[before.end("place") : dates[0].start] if before["place"] else ""
    if _OF.fullmatch(joined) and not before["made"]:
        return None
    if newspaper and before["place"]:
        return DateLine(line, dates, newspaper=True)
    place = place_of(found)
    return DateLine(line, dates, place) if place else None


def place_of(words: str) -> str:
    """The place that words name: without the preposition, and with its article if it is a part of
    its name. Empty if they name none."""
    words = words.strip(" ,.–—-()")
    preposition = _PREPOSITION.match(words)
    name = words[preposition.end() :] if preposition else words
    name = re.sub(r"^(?:notre|mon|son|leur)\s", "", name, flags=re.I)
    if not name or not _may_be_place(name):
        return ""
    if preposition:
        article = re.match(r"(?:la\s|les\s|l[’'])", name, re.I)
        bare = name[article.end() :] if article else name
        first = _CONTRACTED.get(preposition[0].strip().lower(), "")
        if _CITY.match(bare) and first:
            name = f"{first} {bare}"
        elif article and not _CITY.match(bare):
            name = bare
    elif not _CITY.match(name) or _PHRASE.match(name):
        return ""
    name = cased(re.sub(r",\s\d.*", "", name))
    return name[:1].upper() + name[1:]


def _may_be_place(name: str) -> bool:
    """Whether words are no clause and do not begin as other lines with a date do."""
    begins = any(map(_NO_PLACE.match, re.split(r",\s*", name)))
    return not begins and len(name.split()) <= WORDS and not _CLAUSE.search(name)
