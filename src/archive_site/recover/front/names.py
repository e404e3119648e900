"""Names of persons and bodies, as the lines of a text give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 6
"""The most words of a name."""
ABBREVIATED = 5
"""The most characters of a word of a name that ends with a full stop within it: “Chr.”"""
PARTICLES = frozenset("de du des la le les d’ d' von van der den di da del y et en sur zu".split())
_ROMAN = re.compile(r"[IVX]+")
_COURTESY = re.compile(
    r"(?:MM?\.|Mr\.?|Messieurs|Monsieur|Sieur|(?:le |la |l[’'])?(?:citoyen(?:ne)?s?"
    r"|compagnons?|camarades?"
    r"|sieur|dame|nommée?)\b|Mme\.?|Mlle\.?|M[lm][le]e\.?|Madame|Mademoiselle|Me(?=\s)|maître)\s*",
    re.I,
)
_LADY = re.compile(r"M[lm]|Mad", re.I)
"""Courtesies that are a part of a name, which may be that of a husband: “Mme Paul Lemoine”."""
_RANK = re.compile(
    r"(?:le |la |l[’'])?(?:général|abbé|comte(?:sse)?|marquise?|duc(?:hesse)?"
    r"|baron(?:ne)?|capitaine"
    r"|colonel|commandant|lieutenant|maréchal|amiral|docteur|dr|père|frère|sœur"
    r"|pasteur|évêque|prince(?:sse)?"
    r"|chevalier|vicomte(?:sse)?|cardinal|mgr|dom|rev\.|saint|maître)(?=[\s.])\.?\s*",
    re.I,
)
_WORD = re.compile(r"(?:[dDlLOoJ][’'])?[A-ZÀ-Þ][\w’'-]*\.?(?:-[A-ZÀ-Þ]\.)?")
_NO_NAME = re.compile(
    r"(?:fin|vive|vivent|imprimerie|imp|paris|londres|ordre|décret|loi|arrêt|arrêté"
    r"|autorité|roi|grâce|ces"
    r"|ce|cet|motifs|note|notes|suite|table|chapitre|acte|scène|page|tome|volume"
    r"|article|art|copie|amen|adieu"
    r"|salut|mort|gloire|aux?|à|suivent|signatures?|signé|extrait|traduction"
    r"|république|liberté|éditions?"
    r"|liste|exécution|conséquent|quoi|où|exemple|suffrage|voie)\b",
    re.I,
)
_ANONYMOUS = re.compile(r"(?:un|une|l[’']auteur|les auteurs|plusieurs|quelques|des|deux)\s", re.I)
BODY = re.compile(
    r"(?:(?:Le|La|L[’']|Les)\s?)?(?P<body>(?:Comité|Convention|Commune|Conseil|Société"
    r"|Assemblée|Commission"
    r"|Gouvernement|Parlement|Cour|Tribunal|Club|Section|Syndicat|Fédération|Parti"
    r"|Association|Union|Ligue"
    r"|Ministère|Préfecture|Directoire|Bureau|Délégation|Congrès|Internationale"
    r"|Confédération|Chambre"
    r"|Rédaction|Cercle|Groupe|Municipalité|District|Faculté|Corporation)s?\b.{0,80})",
    re.I,
)
"""The name of a body, with its article."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is to be written, the number of its words, and whether a courtesy or a rank
    stands before it. `forms` are those that may be known to the archive."""

    name: str
    words: int
    titled: bool = False
    forms: tuple[str, ...] = ()

    def key(self, people: Mapping[str, str]) -> str:
        """The key of the entry that has this form exactly; empty if none has."""
        return next((people[form] for form in self.forms if form in people), "")


def person_in(words: str) -> PersonName | None:
    """The name that words are, without courtesies: “M. THIERS” is Thiers. None if they are none."""
    words = words.strip(' ,;:–—-()[]«»"*_')
    bare, titled, lady = words, False, ""
    while courtesy := _COURTESY.match(bare):
        bare, titled = bare[courtesy.end() :], True
        lady = f"{courtesy[0].strip()} " if _LADY.match(courtesy[0]) else lady
    rank = _RANK.match(bare)
    name = bare[rank.end() :] if rank else bare
    if not _is_name(re.sub(r"^(?:de\s|d[’'])", "", name) if rank else name):
        return None
    kept = re.sub(r"^(?:le |la |l[’'])", "", rank[0].strip(), flags=re.I) if rank else ""
    plain = cased(_without_stop(name))
    whole = lady + (f"{kept.lower()} {plain}" if kept else plain)
    forms = dict.fromkeys((_without_stop(words), _without_stop(bare), _without_stop(name), plain))
    return PersonName(whole, len(name.split()), titled or bool(rank), tuple(forms))


def _is_name(words: str) -> bool:
    parts = words.split()
    if not 0 < len(parts) <= LONGEST or _NO_NAME.match(words) or any(map(str.isdigit, words)):
        return False
    if not any(len(re.sub(r"\W", "", part)) > 1 for part in parts):
        return len(parts) > 1 and all(re.fullmatch(r"(?:[A-ZÀ-Þ]\.[-]?)+", part) for part in parts)
    first, last = parts[0], parts[-1]
    if not _WORD.fullmatch(first) or not (_WORD.fullmatch(last) or _ROMAN.fullmatch(last)):
        return False
    if len(last.rstrip(".")) < 2 and len(parts) < 3:
        return False
    if any(part.endswith(".") and len(part) > ABBREVIATED for part in parts[:-1]):
        return False
    known = PARTICLES | {"fils", "père", "aîné", "jeune", "&"}
    return all(_WORD.fullmatch(part) or part.lower() in known for part in parts)


def _without_stop(words: str) -> str:
    """Words without their full stop, which an abbreviation keeps: “K. M.”"""
    words = words.strip()
    return words if re.search(r"(?:^|[\s.-])\w\.$", words) else words.rstrip(".")


def is_anonymous(words: str) -> bool:
    """Whether words after “par” say that nobody is named: “un ouvrier”."""
    return _ANONYMOUS.match(words) is not None


def body_in(words: str) -> str:
    """The body that words name, without its article; empty if they name none."""
    found = BODY.fullmatch(words.strip(" ,;:.–—"))
    if not found:
        return ""
    body = cased(found["body"])
    return body[:1].upper() + body[1:]


def cased(words: str) -> str:
    """Words that are all in capitals, as a sentence would have the name: “SAINT-JUST” is
    Saint-Just. Others are unchanged."""
    letters = [c for c in words if c.isalpha()]
    if len(letters) < 3 or not all(map(str.isupper, letters)):
        return words
    parts = words.split()
    led = len(parts) > 1 and parts[0].lower() in ("de", "du", "des")
    cased = [
        part if n and _ROMAN.fullmatch(part) else _lowered(part, n - led)
        for n, part in enumerate(parts)
    ]
    return " ".join([cased[0].lower(), *cased[1:]] if led else cased)


def _lowered(part: str, n: int) -> str:
    if n > 0 and part.lower() in PARTICLES:
        return part.lower()
    lowered = re.sub(r"[^\W\d_]+", lambda letters: letters[0].capitalize(), part)
    return re.sub(r"^([DL][’'])", lambda letters: letters[0].lower(), lowered) if n > 0 else lowered
