"""To whom a letter is: by its title, a line of its head, or its salutation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archive_site import interface
from archive_site.recover.front.datelines import read_dateline
from archive_site.recover.front.grounds import quoted
from archive_site.recover.front.named import Named
from archive_site.recover.front.names import PersonName, person_in
from archive_site.text.document import Contributor
from archive_site.text.lexicon import is_word

SALUTATION, ADDRESS = 8, 16
"""The most words of a salutation, and of a line that says to whom a letter is."""
LETTER_TO = re.compile(
    r"\W*(?:lettre|réponse|adresse|billet|télégramme|dépêche|message"
    r"|épître)s?\b(?P<from>.*?)\s(?P<to>(?:à|au|aux)\s.+)",
    re.I,
)
"""A title that says to whom a letter is."""
_TO = re.compile(r"(?:à|a|au|aux)\s(?P<who>.+)", re.I)
_FROM_TO = re.compile(
    r"(?P<from>[^,.]{3,70}?),?\s(?P<to>(?:à|au|aux)\s(?-i:M\.|Monsieur|Madame|Mme|le\s"
    r"|la\s|l[’']|[A-ZÀ-Þ]).+)",
    re.I,
)
"""The line of an official letter: “Le Préfet du Rhône à Monsieur le Ministre”."""
_OFFICE = re.compile(
    r"(?:(?:m\.|monsieur|madame|mme|citoyenne?|son excellence"
    r"|s\. ?e\.)\s?,?\s?)?(?:le\s|la\s|l[’'])?(?P<office>"
    r"(?:citoyen\s)?(?:ministre|préfet|président|maire|procureur|directeur|rédacteur"
    r"|gouverneur|commissaire|roi"
    r"|empereur|reine|général|juge|recteur|secrétaire|évêque|archevêque|pape|chancelier|ambassadeur"
    r"|intendant|lieutenant|commandant|administrateur|agent|sous-préfet"
    r"|garde des sceaux|premier ministre)\b.{0,70})",
    re.I,
)
_GREETED = re.compile(
    r"(?:(?:mon|ma|mes)\s)?(?:(?:bien\s|très\s)?(?:chère?s?|cher|bonne?|vieux|vieille|honoré)\s)?"
    r"(?P<who>(?:(?:monsieur|madame|mademoiselle|citoyenne|citoyen|camarade|ami|amie"
    r"|collègue|confrère|maître)\s)?"
    r"[A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+)?)\s?[,!.:]*",
    re.I,
)
_PERSONAL = re.compile(
    r"(?:mon|ma|mes|cher|chère|bien|très|monsieur|madame|mademoiselle|citoyen|camarade)\b", re.I
)


def to_in_title(named: Named) -> Iterator[Contributor]:
    """A title that says to whom a letter is: “Lettre ouverte à M. le Président”."""
    for line in (named.edges.title, *(line.text for line in named.edges.head[:2])):
        found = LETTER_TO.match(line)
        if found and named.kind == "letter":
            ground = interface.ADDRESSED_IN_TEXT.format(line=quoted(line))
            words = re.split(r"[,(]|\s(?:sur|du \d|à propos|au sujet)\b", found["to"])[0]
            yield from _addressee(words, named, ground, alone=True)


def to_in_head(named: Named) -> Iterator[Contributor]:
    """A line of the head that says to whom a letter is: “Au citoyen Payan”."""
    if named.kind != "letter" or len(named.edges.greetings) > 1:
        return
    for line in (named.edges.title, *(line.text for line in named.edges.head)):
        between = _FROM_TO.fullmatch(line)
        if between and (person_in(between["from"]) or _OFFICE.fullmatch(between["from"])):
            line = between["to"]
        if len(line.split()) <= ADDRESS and not read_dateline(line):
            ground = interface.ADDRESSED_IN_TEXT.format(line=quoted(line))
            yield from _addressee(line, named, ground, alone=False)


def _addressee(words: str, named: Named, ground: str, *, alone: bool) -> Iterator[Contributor]:
    """Whom words after “à” name. A single word may be a place, unless `alone` may stand for a
    person."""
    to = _TO.fullmatch(words.strip(" .,:"))
    if not to:
        return
    if office := _OFFICE.fullmatch(to["who"]):
        name = office["office"].strip(" .,")
        if not person_in(to["who"].split(",")[0]):
            yield Contributor("addressee", "", name[:1].upper() + name[1:], "probable", ground)
            return
    name_found = person_in(to["who"]) or person_in(to["who"].split(",")[0])
    if name_found and (
        alone or name_found.titled or name_found.words > 1 or name_found.key(named.people)
    ):
        yield named.who(name_found, "addressee", "probable", ground)


def in_salutations(named: Named) -> Iterator[Contributor]:
    """A salutation with a name: “Mon cher Kugelmann”. One of several letters names none."""
    if named.kind != "letter" or len(named.edges.greetings) > 1:
        return
    for line in named.edges.head:
        if line.kind in ("paragraph", "salutation") and len(line.text.split()) <= SALUTATION:
            name = greeted(line.text)
            if name:
                ground = interface.GREETED_IN_TEXT.format(line=quoted(line.text))
                yield named.who(name, "addressee", "proposed", ground)
                return


def greeted(line: str) -> PersonName | None:
    """Whom a salutation names. “Cher ami” and “Monsieur le Préfet” name nobody."""
    found = _GREETED.fullmatch(line)
    if not found or not _PERSONAL.match(line) or line.rstrip()[-1:] not in (",", "!", ":"):
        return None
    words = re.sub(r"^(?:ami|amie|collègue|confrère|maître)\s", "", found["who"], flags=re.I)
    name = person_in(words)
    if name is None or not words[:1].isupper():
        return None
    return None if all(_is_common(part) for part in name.name.split()) else name


def _is_common(word: str) -> bool:
    return is_word(word.lower())


ADDRESSEES: tuple[Callable[[Named], Iterator[Contributor]], ...] = (
    to_in_title,
    to_in_head,
    in_salutations,
)
"""Where a letter says to whom it is, the surest first."""
