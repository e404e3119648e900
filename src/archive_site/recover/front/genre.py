"""What kind of text it is: by the word that its title has for it, or by what it is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive_site.recover.front.datelines import NEWSPAPER, TOWNS, read_dateline
from archive_site.recover.front.edges import Edges, words_of
from archive_site.text.document import Block
from archive_site.text.reading import reading_text

DEFAULT = "article"
_ACT = re.compile(
    r"\W*(?:acte|scène|tableau|prologue)\b\s+(?:\w+|[IVX]+)\W*|\W*\w+\s(?:acte|scène|tableau)\W*",
    re.I,
)
_PLAY = re.compile(
    r"\W*(?:tragi-?comédie|comédie|tragédie|drame|vaudeville|mélodrame|farce|proverbe|opéra)\b",
    re.I,
)
_SITTING = re.compile(
    r"\b(?:séance|audience|procès-verbal|compte[- ]rendu|débats|présidence de|interrogatoire)\b",
    re.I,
)
_RECORD = re.compile(
    r"\W*(?:l[’']an\s|aujourd[’']hui|ce\s?jourd[’']hui|cejourd[’']hui).{0,300}"
    r"\b(?:compar|par-?devant|assembl|par nous|procéd|à la requête)",
    re.I | re.S,
)
_SPEAKER = re.compile(
    r"\s*(?:MM?|Mme|Mlle)\.\s(?:[A-ZÀ-Þ][A-ZÀ-Þ’' -]{2,40})\.\s|\s*(?:[DR]|Demande|Réponse)\.\s"
    r"|\s*(?:(?:MM?|Mme|Mlle)\.\s*)?(?:[A-ZÀ-Þ][A-ZÀ-Þ’' .-]{2,40}"
    r"|[Ll]e (?:citoyen )?[Pp]résident|Un membre|[Ll]e citoyen \w+)"
    r"(?:\s?\([^)]{1,40}\))?(?:\s?[.:]?\s?[—–-]|\s?:)\s"
)
_NAME_ALONE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ’' -]{2,30}[.:]?")
_GREETING = re.compile(
    r"(?:(?:mon|ma|mes|bien|très)\s+)?(?:cher|chère|chers|chères|monsieur|madame"
    r"|mademoiselle|sire|monseigneur|citoyen|citoyenne|camarade|mon|ma"
    r"|mes)\b.{0,40}[,!:.]?",
    re.I,
)
_PUBLIC = re.compile(
    r"\W*(?:citoyens|citoyennes|camarades|messieurs|mesdames|français|soldats"
    r"|travailleurs|concitoyens|compagnons|législateurs|électeurs|ouvriers|mes frères"
    r"|peuple)\b",
    re.I,
)
_MEETING = re.compile(
    r"\b(?:permettez|votre conférence|ce soir|nous sommes réunis|applaudi"
    r"|cette tribune|cette assemblée|ce congrès|votre congrès)\b",
    re.I,
)
_APPLAUSE = re.compile(
    r"applaudi|rires|bravos?|mouvements?|très bien|exclamation|murmures|bruit"
    r"|interruption|acclamation",
    re.I,
)
_BRACKETED = re.compile(r"\((?:\w+\s){0,3}(?:applaudissements|bravos?|acclamations|rires)\b", re.I)
_CLOSING = re.compile(
    r"\b(?:ton|ta|votre)\s(?-i:[A-Z])|salut et fraternité|salutations|agréer|agréez"
    r"|recevez|serviteur|servante"
    r"|embrasse|baisers|tout à vous|tout à toi|bien à vous|bien à toi|fraternel"
    r"|affection|amitiés?|dévoué",
    re.I,
)
_ARTICLE = re.compile(r"\s*(?:art\.|article)\s*(?:1|premier|I)\b", re.I)
_DECIDES = re.compile(
    r"\b(?:décrète|arrête|ordonne|ordonnons|décrètent|arrêtent|voulons et nous plaît"
    r"|avons ordonné)\b",
    re.I,
)
_ISSUE = re.compile(r"\b(?:n[o°]\s?\.?\s?\d|numéro)", re.I)
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "letter",
        r"(?:lettres?|épître|télégramme|dépêche)\b(?! de (?:change|cachet|noblesse)"
        r"|s? (?:sur|philosophiques"
        r"|persanes))",
    ),
    (
        "decree",
        r"(?:décret|loi|arrêté|ordonnance|édit|arrêt|charte|constitution" r"|déclaration du roi)\b",
    ),
    (
        "minutes",
        r"(?:procès[- ]verb|interrogatoire|compte[- ]rendu (?:du |de la "
        r"|des )?(?:\w+ )?(?:séance|débats|congrès|audience|réunion|procès|assemblée))",
    ),
    ("report", r"(?:rapport|compte[- ]rendu|mémoire sur|mémoire présenté|enquête)\b"),
    (
        "speech",
        r"(?:discours(?! et\b)|allocution|harangue|plaidoyer|plaidoirie|conférence"
        r"|intervention|toast"
        r"|sermon|oraison funèbre|réquisitoire)\b",
    ),
    (
        "memoir",
        r"(?:mémoires|souvenirs|confessions|journal (?:d[’']un|intime|de guerre"
        r"|de campagne|de captivité|de voyage)|carnets?|mes mémoires|autobiographie)\b",
    ),
    ("essay", r"(?:essai|réflexions|considérations|pensées)\b"),
)
_DELIVERED = re.compile(
    r"\W*\w+\s(?:prononcé|donné|présenté|fait|lu|adressé|rendu|tenu)(?:e|s|es)?\b", re.I
)
"""A line below the title that says what was done with the text: “Conférence donnée à …”."""
_TITLED = tuple((kind, re.compile(rf"\W*{pattern}", re.I)) for kind, pattern in _WORDS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules are given: the blocks of a text, and its edges."""

    blocks: Sequence[Block]
    edges: Edges

    @property
    def top(self) -> tuple[str, ...]:
        """The title and the lines below it."""
        return self.edges.title, *(line.text for line in self.edges.head)

    @property
    def speakers(self) -> int:
        """How many different speakers have a name before what they say."""
        names = set()
        alone = Counter(words_of(block).strip(" .:") for block in self.blocks)
        for block in self.blocks:
            text = words_of(block)
            if alone[text.strip(" .:")] > 1 and _NAME_ALONE.fullmatch(text):
                names.add(text.strip(" .:").casefold())
            if (
                any(container.kind == "speech" for container in block.within)
                or block.kind == "speaker"
            ):
                names.add(re.split(r"[.:,(]", text)[0][:25].casefold())
            elif found := _SPEAKER.match(text):
                names.add(found[0].strip(" .:—–-").casefold())
        return len(names)


def kind_of(blocks: Sequence[Block], edges: Edges) -> str:
    """The kind of a text: that of the first rule that holds."""
    evidence = Evidence(blocks, edges)
    return next((kind for kind, holds in RULES if holds(evidence)), DEFAULT) or titled(evidence)


def is_drama(evidence: Evidence) -> bool:
    """Acts or scenes and speakers, or a title page that calls it a play."""
    acts = sum(
        b.kind == "heading" and _ACT.fullmatch(words_of(b)) is not None for b in evidence.blocks
    )
    called = any(map(_PLAY.match, evidence.top[1:4]))
    return (acts > 0 and evidence.speakers > 1) or (called and (acts > 0 or evidence.speakers > 1))


def is_poem(evidence: Evidence) -> bool:
    """Most words are in verse."""
    verse = sum(len(words_of(b).split()) for b in evidence.blocks if b.kind == "verse")
    return 2 * verse > sum(len(words_of(b).split()) for b in evidence.blocks)


def is_titled(evidence: Evidence) -> bool:
    """The title says what it is."""
    return bool(titled(evidence))


def titled(evidence: Evidence) -> str:
    """The kind that the title, or else the line below it, has a word for; empty if none."""
    title = evidence.edges.title or next(iter(evidence.top[1:]), "")
    below = (line for line in evidence.top[1:3] if _DELIVERED.match(line))
    return next(
        (kind for line in (title, *below) for kind, word in _TITLED if word.match(line)), ""
    )


def is_minutes(evidence: Evidence) -> bool:
    """Several speakers at a sitting, or the record of an official."""
    sitting = any(map(_SITTING.search, evidence.top))
    return (sitting and evidence.speakers > 1) or _RECORD.match(evidence.edges.opening) is not None


def is_speech(evidence: Evidence) -> bool:
    """Applause, or an audience that is addressed as one."""
    stages = [reading_text(b.content) for b in evidence.blocks if b.kind == "stage"]
    inline = any(_BRACKETED.search(words_of(block)) for block in evidence.blocks)
    return (
        inline
        or any(map(_APPLAUSE.search, stages))
        or (
            _PUBLIC.match(_first(evidence)) is not None
            and _MEETING.search(evidence.edges.opening) is not None
        )
    )


def _first(evidence: Evidence) -> str:
    """The first line below the title that is no heading and no dateline."""
    lines = (
        x.text
        for x in evidence.edges.head
        if x.kind not in ("heading", "stage", "standfirst") and not read_dateline(x.text)
    )
    return next(lines, evidence.edges.opening)


def is_letter(evidence: Evidence) -> bool:
    """Two of: a dateline, a salutation of someone, a closing formula or a signature; but a text to
    the public is no letter without the formula of one."""
    edges = evidence.edges
    dated = any(
        line.kind == "dateline" or read_dateline(line.text) for line in (*edges.head, *edges.tail)
    )
    greeted = any(_greets(line.text, line.kind) for line in edges.head)
    public = any(map(_PUBLIC.match, (x.text for x in edges.head if len(x.text.split()) < 6)))
    ends = " ".join([edges.closing[-200:], *(line.text for line in edges.tail)])
    closed = _CLOSING.search(ends) is not None
    signed = any(line.kind == "signature" for line in edges.tail)
    if public and not greeted:
        return closed and dated
    return greeted + dated + (closed or signed) > 1 and (greeted or closed)


def _greets(line: str, kind: str) -> bool:
    if kind not in ("paragraph", "salutation") or len(line.split()) > 8 or _PUBLIC.match(line):
        return False
    return _GREETING.fullmatch(line) is not None and line.rstrip()[-1:] in (",", "!", ":", ".")


def is_decree(evidence: Evidence) -> bool:
    """An authority that decides, by articles."""
    texts = [words_of(block) for block in evidence.blocks[:12]]
    return any(map(_ARTICLE.match, texts)) and any(map(_DECIDES.search, texts))


def is_newspaper(evidence: Evidence) -> bool:
    """A line with the name of a newspaper and a day, or the banner of an issue."""
    lines = (*evidence.edges.head, *evidence.edges.tail)
    datelines = [found for line in lines if (found := read_dateline(line.text))]
    named = any(found.newspaper for found in datelines)
    title = evidence.edges.title
    if NEWSPAPER.fullmatch(title) and len(title.split()) < 4 and not TOWNS.match(title):
        named = named or any(date.weekday for found in datelines for date in found.dates)
    return named or any(
        _ISSUE.search(x) and re.search(r"\b\w+di\b|dimanche", x, re.I) for x in evidence.top
    )


RULES: tuple[tuple[str, Callable[[Evidence], bool]], ...] = (
    ("drama", is_drama),
    ("poem", is_poem),
    ("", is_titled),
    ("minutes", is_minutes),
    ("decree", is_decree),
    ("speech", is_speech),
    ("letter", is_letter),
    ("newspaper-article", is_newspaper),
)
"""The kinds of texts, and what makes a text one; the first that holds is taken. Empty: the kind
that the title has a word for."""
