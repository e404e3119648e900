"""Families of words: the forms that the search treats as one word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from archive_site.edition.authority import Entry
from archive_site.findings import NotPossible
from archive_site.names.mentions import forms_of
from archive_site.text.words import WORD, fold, folded

SPELLED = ("person", "organisation", "place")
"""Kinds of entries whose forms may be spellings of one proper name."""
ALIKE = 3 / 4
"""Two forms of a name are spellings of one another if their common beginning is at least this share
of the shorter form."""
SHORTEST_SPELLING = 5
OF_THEIR_OWN = tuple(
    family.split()
    for family in (
        "parti partis; partie parties; part parts; partir partant partaient; armee armees; "
        "arme armes; commission commissions; commis commise commises; commun communs; "
        "commune communes; communiste communistes; communisme; communication communications; "
        "constitution constitutions; crise crises; cri cris; revolution revolutions; "
        "conseil conseils; etat etats; pere peres; son sons; fin fins; sein seins; rue rues; "
        "bord bords; mort morts; politique politiques; parlement parlements; temps; mois; "
        "voix; poli polie polis; port ports; organe organes; train trains; franc francs; "
        "france francais francaise francaises; mars; gens; serie series; faute fautes; "
        "fer fers; cours; avenir; cite cites; soviet soviets; "
        "international internationale internationales internationaux; "
        "gouvernement gouvernements"
    ).split(";")
)
"""Families of words, folded, whose stem is also the stem of words with another meaning."""
_LEVEL = str.maketrans("éèêë", "eeee")  # “événement” and “évènement” have different stems


def families(
    shown: Mapping[str, str], spellings: Iterable[Sequence[str]], apart: Collection[str] = ()
) -> dict[str, str]:
    """The family of each folded form, named by one of its forms. A family has the forms with the
    same stem and, for names, the families of all `spellings` of the name. A form in `apart` is not
    joined to others by its stem. `shown` maps every form to how it is written.

    Raises `NotPossible` if PyStemmer is not installed."""
    try:
        from Stemmer import Stemmer
    except ImportError as error:
        hint = "Install it: python -m pip install PyStemmer"
        message = "the search index needs PyStemmer, which is not installed"
        raise NotPossible(message, hint) from error
    forms = sorted(shown)
    stems = Stemmer("french").stemWords([_for_stemming(shown[form]) for form in forms])
    own = {form: f"{family[0]} " for family in OF_THEIR_OWN for form in family}
    own |= {form: f"{form} " for form in apart}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for form, stem in zip(forms, stems, strict=True):
        members[own.get(form) or stem.translate(_LEVEL)].append(form)
    heads = {form: family[0] for family in members.values() for form in family}
    of_head = {family[0]: family for family in members.values()}
    for names in spellings:
        first, *others = sorted({heads[name] for name in names if name in heads}) or [""]
        for other in others:
            of_head[first] += of_head[other]
            heads |= dict.fromkeys(of_head[other], first)
    return heads


def _for_stemming(word: str) -> str:
    """A word as the stemmer expects it: in lower case, without ligatures."""
    return word.lower().replace("œ", "oe").replace("æ", "ae")


def joined_spellings(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """Groups of words, folded, that are spellings of one name in an entry."""
    for entry in entries:
        words = {w for form in forms_of(entry) if not form.ruled for w in folded(form.text)}
        rest = sorted(word for word in words if len(word) >= SHORTEST_SPELLING)
        while rest:
            first = rest.pop(0)
            alike = [word for word in rest if _alike(first, word)]
            if alike:
                yield [first, *alike]


def words_of_names(entries: Iterable[Entry]) -> set[str]:
    """The words in forms of entries that are written with a capital, folded."""
    forms = (form for entry in entries for form in forms_of(entry))
    return {fold(w) for form in forms for w in WORD.findall(form.text) if w[0].isupper()}


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    shared = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    return shared >= ALIKE * shorter
