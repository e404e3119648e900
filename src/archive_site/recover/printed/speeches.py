"""Speeches: names of speakers on lines of their own, and at the beginning of what is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from archive_site.recover.printed.divisions import NUMBERED
from archive_site.recover.printed.paragraphs import Piece
from archive_site.recover.printed.setting import TextSetting
from archive_site.text.alike import composed

NAMES, SPEAKERS = 4, 2
"""The least number of names, and of different ones, that are repeated."""
REPEATED = 0.4
"""The least share of names at the beginnings of speeches that are repeated."""
NAME_WORDS, RUN_IN_WORDS = 5, 7
"""The most words of a name on a line of its own, and of one at the beginning of a speech."""
_ABBREVIATED = r"(?:(?:MM?|Mme|Mlle|Mgr|Me|Dr|S|St)\.\s*)?"
RUN_IN = re.compile(
    rf"\s*(?P<name>{_ABBREVIATED}(?:(?:[^.:—–]|\bMM?\.(?=\s)){{2,60}}?(?:\([^)]{{1,60}}\))?|[A-Z]))"
    r"\s*(?:[.:]\s*[—–-]+|\s[—–]{1,2}|\s?:)\s+(?=\S)"
)
"""A name at the beginning of a speech, and the marks after it."""
STOPPED = re.compile(
    rf"\s*(?P<name>{_ABBREVIATED}(?:d[’'])?[A-ZÀ-Þ][^.:;!?—–]{{0,60}}?(?:\([^)]{{1,60}}\))?)\.\s+(?=[A-ZÀ-Þ«])"
)
"""A name at the beginning of a speech, and a full stop after it."""
_OFFICE = frozenset("président présidente rapporteur ministre citoyen voix membre".split())
_SMALL_WORDS = frozenset("le la les l’ de du des d’ à gauche droite centre".split())
_PARTICLES = re.compile(r"(?:MM?|Mme|Mlle|Mgr|Me|Dr|Le|La|L’|Un|Une|Les)\b\.?\s*")
_TITLES = re.compile(
    r"MM?\.|Mme|Mlle|L[ea] (?:citoyen|président|rapporteur)|Une? (?:membre|voix|délégué)"
    r"|(?:Plusieurs|Quelques|Diverses|(?:De )?[Nn]ombreuses) (?:membres|voix|délégués)|Voix "
    r"|(?:À|A) (?:droite|gauche)|Au centre|De toutes parts|Sur (?:divers|plusieurs|les) bancs"
)
_STAGES = (
    "applaudissement|ovation|rire|hilarité|mouvement|exclamation|bruit|interruption|tumulte|voix"
    "|acclamation|murmure|protestation|la salle|se lève|l[’']internationale"
)
STAGE_DIRECTION = re.compile(rf"\((?=[^()]*(?:{_STAGES}))[A-ZÀ-Ý][^()]{{2,90}}\)\.?", re.IGNORECASE)
"""What the audience does, in brackets."""
_SPEECH_VERB = re.compile(
    r"écri(?:t|vait|vit)|di(?:t|sait)|déclar|répli|répon|ajout|racont|not(?:e|ait)|expos|appréci"
    r"|exig|affirm|conclu|propos",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)")


def find_speakers(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find names on a line of their own above what is said: they are set alike, and most are
    repeated."""
    names = [piece for piece in pieces if _may_be_name(piece)]
    counts = Counter(name_of(piece.text) for piece in names)
    repeated = [piece for piece in names if counts[name_of(piece.text)] > 1]
    styles = Counter(map(_style, repeated))
    if len(repeated) < NAMES or len({name_of(piece.text) for piece in repeated}) < SPEAKERS:
        return pieces
    style = styles.most_common(1)[0][0]
    known = {name_of(piece.text) for piece in repeated if _style(piece) == style}
    found = []
    for piece, below in zip_longest(pieces, pieces[1:]):
        name = name_of(piece.text)
        speaks = below is not None and (not below.capitals or below.kind == "stage")
        if speaks and _may_be_name(piece) and (name in known or _style(piece) == style):
            piece = replace(piece, kind="speaker", speaker=name)
        found.append(piece)
    return found


def name_of(text: str) -> str:
    """The name that words print as that of a speaker, without stage directions and marks."""
    return _BRACKETS.sub("", text).split(",")[0].strip(" .:—–-")


def _may_be_name(piece: Piece) -> bool:
    name = name_of(piece.text)
    shaped = piece.capitals or piece.small_caps or piece.bold or _is_in_capitals(name)
    return (
        not piece.kind
        and piece.align != "right"
        and len(piece.lines) == 1
        and 0 < len(name.split()) <= NAME_WORDS
        and name[:1].isupper()
        and not name[-1:].isdigit()
        and not NUMBERED.match(name)
        and shaped
    )


def _is_in_capitals(name: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    return len(letters) > 2 and all(c.isupper() for c in letters)


def _style(piece: Piece) -> tuple[float, bool, bool, bool, str]:
    capitals = piece.capitals or _is_in_capitals(name_of(piece.text))
    return round(piece.size), piece.bold, capitals, piece.small_caps, piece.align


def find_run_in_names(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find names at the beginning of what is said: “M. LE PRÉSIDENT. — …”, or, if there are none,
    “M. LE PRÉSIDENT. …”."""
    for pattern, is_name in ((RUN_IN, _is_name), (STOPPED, _is_stopped_name)):
        found: dict[int, str] = {}
        for n, piece in enumerate(pieces):
            match = None if piece.kind or piece.capitals else pattern.match(piece.lines[0].text)
            if match and is_name(match["name"], piece):
                found[n] = match["name"].strip()
        names = Counter(name_of(name).casefold() for name in found.values())
        repeated = sum(count for count in names.values() if count > 1)
        if len(found) >= NAMES and repeated >= REPEATED * len(found):
            return [
                replace(piece, kind="speech", speaker=found[n]) if n in found else piece
                for n, piece in enumerate(pieces)
            ]
    return pieces


def _is_stopped_name(name: str, piece: Piece) -> bool:
    """Whether words before a full stop are a name: they are one by their type, or have a title and
    only names and offices."""
    plain = _BRACKETS.sub("", name).replace("’", "’ ")
    words = _PARTICLES.sub("", plain).casefold().split()
    known = _OFFICE | _SMALL_WORDS
    named = all(word in known or word.capitalize() in name for word in words)
    titled = _TITLES.match(name) is not None and named
    if re.fullmatch("[IVX]+", name):
        return False
    return _is_name(name, piece) and (titled or not _TITLES.match(name))


def _is_name(name: str, piece: Piece) -> bool:
    """Whether words at the beginning of a piece are a name: they are in capitals, set otherwise, or
    have a title."""
    words = _BRACKETS.sub("", name).strip()
    letters = [c for c in _PARTICLES.sub("", words).split(",")[0] if c.isalpha()]
    if not letters or len(words.split()) > RUN_IN_WORDS:
        return False
    capitals = (len(letters) > 1 or name == words == letters[0]) and sum(
        map(str.isupper, letters)
    ) >= 0.6 * len(letters)
    span = piece.lines[0].spans[0]
    shaped = span.type.bold or span.type.small_caps or span.type.italic
    marked = shaped and len(span.text.strip()) <= len(name) + 4
    return capitals or marked or _TITLES.match(words) is not None


def speaker_of(introduction: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """The key of the person whom a sentence above a quotation names as its speaker, the last one if
    there are several. `people` maps forms of names to keys."""
    sentence = re.split(r"[.!?]\s", composed(introduction))[-1]
    if not _SPEECH_VERB.search(sentence):
        return ()
    found = [
        (match.start(), people[form])
        for form in people
        for match in re.finditer(rf"\b{re.escape(form)}\b", sentence)
    ]
    return (max(found)[1],) if found else ()
