"""Families of words: which forms the search takes for one word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from archive_site.edition.authority import Entry
from archive_site.findings import NotPossible
from archive_site.names.mentions import forms_of
from archive_site.text.words import WORD, fold, folded

SPELLED = ("person", "organisation", "place")
"""Kinds of entries whose forms are spellings of a proper name."""
ALIKE = 3 / 4
"""Two forms of a name that share so much of the shorter are spellings of one another."""
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
"""Words that have a stem in common with words of another meaning, and their own inflected forms."""
_LEVEL = str.maketrans("éèêë", "eeee")  # “événement” and “évènement” have not quite one stem


def families(
    shown: Mapping[str, str], spellings: Iterable[Sequence[str]], apart: Collection[str] = ()
) -> dict[str, str]:
    """Each folded form's family, named by its first form: those with the same stem, but for those
    set `apart`, and those that are spellings of one name. `shown` has every form as it is
    written."""
    try:
        from Stemmer import Stemmer
    except ImportError as error:
        hint = "Install it: python -m pip install PyStemmer"
        raise NotPossible("the search index needs PyStemmer, which is not there", hint) from error
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
    """A word as the stemmer knows it: small letters, ligatures undone."""
    return word.lower().replace("œ", "oe").replace("æ", "ae")


def joined_spellings(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """The spellings of names that the authority files join, folded, name by name."""
    for entry in entries:
        words = {w for form in forms_of(entry) if not form.ruled for w in folded(form.text)}
        rest = sorted(word for word in words if len(word) >= SHORTEST_SPELLING)
        while rest:
            first = rest.pop(0)
            alike = [word for word in rest if _alike(first, word)]
            if alike:
                yield [first, *alike]


def words_of_names(entries: Iterable[Entry]) -> set[str]:
    """The words of names that are written with a capital, folded."""
    forms = (form for entry in entries for form in forms_of(entry))
    return {fold(w) for form in forms for w in WORD.findall(form.text) if w[0].isupper()}


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    shared = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    return shared >= ALIKE * shorter
