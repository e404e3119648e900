"""Whose text it is: by its byline, its title, its signatures; who it is to; who translated it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archive_site import interface
from archive_site.recover.front.addressees import ADDRESSEES, LETTER_TO
from archive_site.recover.front.datelines import read_dateline
from archive_site.recover.front.grounds import quoted
from archive_site.recover.front.named import Named
from archive_site.recover.front.names import PersonName, body_in, is_anonymous, person_in
from archive_site.recover.front.signatures import in_signatures, is_phrase, signed_below
from archive_site.text.document import Contributor

_BYLINE = re.compile(
    r"(?:(?:paroles|poème|vers|chanson|récit|roman|nouvelle|drame|comédie|pièce"
    r"|texte)\b[^,]{0,40}?\s)?"
    r"(?:par|de)\s(?P<who>.+)|(?:du\s(?=(?:citoyen|général|docteur|comte|marquis|baron"
    r"|père)\b))(?P<of>.+)",
    re.I,
)
_TRANSLATED = re.compile(
    r"(?:traduit|traduction|version française)\b.*?\b(?:par|de)\s(?P<who>(?-i:[A-ZÀ-Þ]).+)", re.I
)
_CREATIVE = (
    r"(?:discours|allocution|lettres?(?:\souvertes?)?|rapport|conférence|plaidoyer"
    r"|mémoires|souvenirs|réponse|adresse"
    r"|déclaration|proclamation|opinion|motion|note|toast|réplique|appel|manifeste"
    r"|déposition|pétition|poésies|poèmes)"
)
_TO_WHOM = (
    r"(?=\s(?:à|au|aux|contre|sur|devant|prononcé|lue?|du|pour|adressée?|relatif|dans"
    r"|en|le)\b|[,(:;–—]|\.?\Z)"
)
_OF_TITLE = re.compile(
    rf"\W*{_CREATIVE}\s(?:(?:prononcé|lu|fait|donnée?)e?\s(?:par\s))?(?:de\s|d[’']|du\s"
    rf"|par\s)(?P<who>(?:l[’'])?.+?){_TO_WHOM}",
    re.I,
)
_OF_BODY = re.compile(
    r"\W*(?:décret|arrêté|proclamation|adresse|manifeste|ordonnance|arrêt|déclaration"
    r"|appel|rapport|circulaire"
    r"|délibération|pétition|résolution|jugement|motion)\s(?:de\s(?=la|l[’'])"
    r"|d(?=[ue]s?\b)|(?=de))(?P<body>.+?)"
    r"(?=\s(?:du\s\d|relati|portant|concernant|sur|qui|aux?\s|à\s|contre|pour"
    r"|en\sdate)|[,(.:;–—]|\Z)",
    re.I,
)
_BY_IN_TITLE = re.compile(
    r"\w+\b.{0,100}?\bpar\s(?P<who>.+?)"
    r"(?=\s(?:le|à|au|aux|en|dans|sur|devant|pour|contre|ou|et)\b|[,(:;–—]|\.?\Z)",
    re.I,
)
ALONE = ("article", "newspaper-article", "essay", "report", "memoir", "poem")
"""Kinds of texts below or above whose titles a name alone may be that of the author."""


def people_of(named: Named) -> tuple[Contributor, ...]:
    """Those whose text it is, by the first rule that finds any; the addressee; the translator."""
    creators = next((found for rule in CREATORS if (found := tuple(rule(named)))), ())
    signed = tuple(signed_below(named)) if [c.role for c in creators] == ["issuing body"] else ()
    addressees = next((found for rule in ADDRESSEES if (found := tuple(rule(named)))), ())
    found = (*creators[:1], *addressees[:1], *creators[1:], *signed, *translators(named))
    unique = {(who.role, who.key, who.name): who for who in reversed(found)}
    return tuple(who for who in found if unique[who.role, who.key, who.name] is who)


def in_bylines(named: Named) -> Iterator[Contributor]:
    """A line of the head that begins with “par”."""
    for line in named.edges.head:
        found = _BYLINE.fullmatch(line.text)
        words = found["who"] or found["of"] if found else ""
        if not found or line.kind == "salutation" or read_dateline(line.text):
            continue
        role = "speaker" if named.role == "speaker" else "author"
        ground = quoted(line.text)
        if name := _byline_name(words):
            if line.text[:1].lower() == "p" or name.titled or name.words > 1:
                yield named.who(
                    name, role, "probable", interface.AUTHOR_IN_TEXT.format(line=ground)
                )
                return
        elif is_anonymous(words) and line.text[:3].lower() == "par":
            ground = interface.NO_AUTHOR_IN_TEXT.format(line=ground)
            yield Contributor(role, "", "", "unknown", ground)
            return


def _byline_name(words: str) -> PersonName | None:
    """The name in a byline, without what is said of the person after a comma."""
    return person_in(words) or person_in(words.split(",", maxsplit=1)[0])


def in_title(named: Named) -> Iterator[Contributor]:
    """A title that says whose it is: “Discours de M. Jaurès”, “Lettre de Proudhon à Marx”."""
    for line in (named.edges.title, *(line.text for line in named.edges.head[:2])):
        ground = interface.AUTHOR_IN_TEXT.format(line=quoted(line))
        found = _OF_BODY.match(line)
        body = body_in(_of(found["body"])) if found else ""
        if " " in body:
            yield Contributor("issuing body", "", body, "probable", ground)
            return
        found = _OF_TITLE.match(line)
        name = person_in(found["who"]) if found else None
        if name and (_is_sure(name, named) or _is_exchange(line)):
            yield named.who(name, named.role, "probable", ground)
            return
        found = _BY_IN_TITLE.match(line)
        words = found["who"] if found and line is named.edges.title else ""
        if " " in (body := body_in(words)):
            yield Contributor("issuing body", "", body, "probable", ground)
            return
        name = person_in(words)
        if name and _is_sure(name, named):
            yield named.who(name, named.role, "probable", ground)
            return


def _is_sure(name: PersonName, named: Named) -> bool:
    """Whether a name is no place: it has a courtesy, several words, or an entry."""
    return name.titled or name.words > 1 or bool(name.key(named.people))


def _of(words: str) -> str:
    """Words after “du” or “de”, without its article."""
    return re.sub(
        r"^(?:u|es|e la|e l[’']|e|de la|de l[’']|de)\s?(?=\S)", "", words.strip(), flags=re.I
    )


def _is_exchange(line: str) -> bool:
    """Whether a title names who wrote and to whom."""
    found = LETTER_TO.match(line)
    return bool(found and person_in(re.sub(r"^(?:à|au)\s", "", found["to"], flags=re.I)))


def in_names_alone(named: Named) -> Iterator[Contributor]:
    """A name alone on a line beside the title."""
    if not named.edges.title or named.kind not in ALONE:
        return
    for line in named.edges.head[:3]:
        name = person_in(line.text)
        alone = (
            line.kind in ("paragraph", "standfirst", "heading") and line.text[-1:] not in ".,:!?"
        )
        if name and alone and name.words > 1 and not name.titled and not is_phrase(line.text):
            ground = interface.AUTHOR_IN_TEXT.format(line=quoted(line.text))
            yield named.who(name, named.role, "proposed", ground)
            return


CREATORS: tuple[Callable[[Named], Iterator[Contributor]], ...] = (
    in_bylines,
    in_title,
    in_signatures,
    in_names_alone,
)
"""Where a text says whose it is, the surest first."""


def translators(named: Named) -> Iterator[Contributor]:
    """A line of the head that names the translator."""
    for line in named.edges.head:
        found = _TRANSLATED.fullmatch(line.text)
        if found and (name := person_in(found["who"])):
            ground = interface.AUTHOR_IN_TEXT.format(line=quoted(line.text))
            yield named.who(name, "translator", "probable", ground)
