"""Who has signed a text, below it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_site import interface
from archive_site.recover.front.datelines import read_dateline
from archive_site.recover.front.edges import EdgeLine, Edges
from archive_site.recover.front.grounds import quoted
from archive_site.recover.front.named import Named
from archive_site.recover.front.names import PersonName, body_in, person_in
from archive_site.text.document import Contributor
from archive_site.text.lexicon import is_word

LONGEST = 16
"""The most words of a line that is a signature."""
BODY_WORDS = 10
"""A line with the name of a body that has as many words is a sentence about it."""
UNSIGNED = ("minutes", "drama")
"""Kinds of texts whose signatures are not those of their authors."""
SIGNED_BELOW = ("article", "newspaper-article", "poem", "essay", "report")
"""Kinds of texts that may have the name of their author below them, without any formula."""
_FORMULA = re.compile(
    r"salut\b|salutations|je suis,|j[’']ai l[’']honneur|veuillez|recevez|agréez|agréer"
    r"|serviteur|servante|dévoué"
    r"|tout à (?:vous|toi)|(?:bien )?à (?:vous|toi|bientôt)\b|amitiés|amitié|embrasse"
    r"|baisers|cordialement|respect"
    r"|fraternel|sincère|affection|(?:ton|ta|votre|ton vieil"
    r"|votre vieil)\s(?:\w+\s){0,3}(?:ami|amie|frère|sœur|fils|fille|père"
    r"|mère|mari|femme|camarade|époux|épouse)\b|vive la|vive le|vivent|mes compliments"
    r"|considération|hommage",
    re.I,
)
_SIGNED = re.compile(r"\W*sign[ée]e?s?\W*(?:[:.,–—]|\b)\s*(?P<who>.+)", re.I)
_OFFICE_BEFORE = re.compile(r"(?:pour\s)?(?:le|la|l[’']|les)\s?[^\W\d_].*?[,:]\s*(?P<who>.*)", re.I)
_OFFICE_ABOVE = re.compile(r"\b(?:le|la|les|l[’'])\s?[^\W\d_][^,.;]{2,60},\Z", re.I)
_NO_SIGNATURE = re.compile(
    r"\W*(?:fin|p\.?\s?-?\s?s\b|imp|typ|pour copie|pour extrait|certifié|collationné"
    r"|gérant|le gérant|le greffier"
    r"|note|suivent|\d|\(|enregistré|vu\b|prix\b)",
    re.I,
)


def in_signatures(named: Named) -> Iterator[Contributor]:
    """Names below the text: set as signatures, below a formula, or after “Signé”."""
    if named.kind not in UNSIGNED:
        yield from _entries_signed(named) or signed_below(named)


def _entries_signed(named: Named) -> list[Contributor]:
    """Who has signed each of several letters; nobody if several have."""
    signed = [line.text for line in named.edges.lines if line.kind == "signature"]
    names = {name.name: name for text in signed if (name := person_in(text))}
    if named.kind != "letter" or len(signed) < 2 or len(names) != 1:
        return []
    ground = interface.SIGNED_IN_TEXT.format(line=quoted(signed[-1]))
    return [named.who(name, "author", "probable", ground) for name in names.values()]


def signed_below(named: Named) -> Iterator[Contributor]:
    """Those who have signed the text below."""
    above: list[Contributor] = []
    for line, before in _tail(named.edges):
        found = list(_signatures(line, before, named))
        if found:
            above = [*found, *above]
        elif above and not _says_office(line.text):
            break
    yield from above


def _tail(edges: Edges) -> Iterator[tuple[EdgeLine, str]]:
    """The lines of the tail, the last first, each with the words before it."""
    for n in range(len(edges.tail) - 1, -1, -1):
        above = " ".join([edges.closing, *(line.text for line in edges.tail[:n])])
        yield edges.tail[n], above


def _says_office(line: str) -> bool:
    return (
        re.match(r"(?:pour\s)?(?:le|la|l[’']|les)\s", line, re.I) is not None
        and len(line.split()) < 12
    )


def _signatures(line: EdgeLine, before: str, named: Named) -> Iterator[Contributor]:
    text = line.text
    if line.kind in ("verse", "salutation", "stage") or len(text.split()) > LONGEST:
        return
    signed = _SIGNED.fullmatch(text)
    if read_dateline(text) or _NO_SIGNATURE.match(text):
        return
    if not signed and re.match(r"MM?\.\s|Monsieur\b", text):  # nobody signs with a courtesy
        return
    ground = interface.SIGNED_IN_TEXT.format(line=quoted(text))
    if body := body_in(text):
        if _is_body(text):
            yield Contributor("issuing body", "", body, "probable", ground)
    elif signed or line.kind == "signature" or not _is_speaker(text, named):
        names = _names(signed["who"] if signed else text)
        below = _FORMULA.search(before[-300:]) or _OFFICE_ABOVE.search(before[-80:])
        said = signed or below or line.kind == "signature" or named.kind == "decree"
        sure = bool(said) or all(name.key(named.people) for name in names)
        may = named.kind in SIGNED_BELOW
        for name in names:
            if sure or (may and (len(names) > 1 or _may_sign(text, name, named))):
                role = _signing(named) if signed else named.role
                yield named.who(name, role, "probable" if sure else "proposed", ground)


def _is_body(text: str) -> bool:
    """Whether a line with the name of a body is its signature, and no sentence about it."""
    return text[:1].isupper() and text[-1:] not in ",:!?" and len(text.split()) < BODY_WORDS


def _is_speaker(text: str, named: Named) -> bool:
    """Whether a line is also elsewhere in the text, as the names of speakers are. The same person
    may sign several letters."""
    alike = sum(line.text.strip(" .:") == text.strip(" .:") for line in named.edges.lines)
    return alike > 1 and named.kind != "letter"


def _may_sign(text: str, name: PersonName, named: Named) -> bool:
    """Whether a line below running text or verse may be a signature, though nothing says so."""
    capitals = sum(map(str.isupper, text)) > len(text) / 2
    below = named.edges.closing or named.kind == "poem"
    dated = any(read_dateline(line.text) for line in named.edges.tail)
    return (
        bool(below)
        and (name.words > 1 or capitals)
        and (not is_phrase(text) or (dated and capitals))
    )


def _signing(named: Named) -> str:
    return (
        "author" if named.kind == "letter" else "speaker" if named.kind == "speech" else "signatory"
    )


def _names(words: str) -> list[PersonName]:
    """The names in a signature; none if one of its words is no name. An office before a name or
    after it is left out."""
    words = re.sub(r"\s*\([^)]*\)", "", words)
    words = re.sub(r"^(?:ton|ta|votre|tes|vos)\s(?=[A-ZÀ-Þ])", "", words, flags=re.I)
    if office := _OFFICE_BEFORE.fullmatch(words):
        words = office["who"]
    parts = [
        part for part in re.split(r"\s*[,;]\s*|\s+et\s+(?=[A-ZÀ-Þ])", words.strip(" .")) if part
    ]
    if words.rstrip().endswith(".") and parts and re.search(r"(?:^|[\s.-])\w$", parts[-1]):
        parts[-1] += "."
    names = [(part, person_in(part)) for part in parts]
    if names and names[0][1] and all(part[:1].islower() for part, name in names[1:] if not name):
        return [name for _, name in names if name]
    return []


def is_phrase(text: str) -> bool:
    """Whether all words are French words, as those of a cry or an address are."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return all(is_word(word.lower()) for word in words)
