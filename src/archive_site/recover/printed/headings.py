"""Headings: short pieces that are set otherwise than the text, and stand apart from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from archive_site.recover.printed.divisions import (
    DIVISIONS,
    LABEL,
    NAMED,
    NAMED_FIRST,
    NUMBERED,
    SCENE,
)
from archive_site.recover.printed.paragraphs import LIST_MARK, TOP, Piece
from archive_site.recover.printed.sentences import ends_clause, ends_sentence, key
from archive_site.recover.printed.setting import TextSetting

WORDS, LINES, SENTENCE, TITLE = 30, 5, 12, 20
"""The most words and lines of a heading, the most words of one that ends like a sentence, and the
most words of a title below the number of a chapter."""
TITLE_LINES = 2
"""The most lines of a heading of a plain text."""
APART = 1.2
"""How far below a title the text of a scan is at least, in lines."""
DEEPEST = 6
LINKING_WORDS = frozenset(
    "à au aux avec ce ces cette comme dans de des du elle en est et il la le les leur leurs mais ne"
    " nous on ou où par pas pour qu’on que qui sa sans se ses si son sur un une vers".split()
)
"""The sentence of a line that ends with one of these goes on."""
HEADING = 2.3
"""A piece is a heading if at least this much speaks for it, in the units of `_score`."""
LONE_IN_SCAN = 1.2
"""How much it speaks for a heading in a scan that it stands alone: whether it is bold is not
known."""
_BYLINE = re.compile(
    r"(?:par|Par|PAR)\s+(?:le\s|la\s|un\s|une\s|[A-ZÀ-Þ])|(?i:(?:sous\sla\s)?présidence\sd)"
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|vendémiaire|brumaire|frimaire|nivôse|pluviôse|ventôse|germinal|floréal|prairial|messidor"
    "|thermidor|fructidor"
)
_PLACE = r"[^\W\d_][\w’'\- ]{1,40}"
DATELINE = re.compile(
    rf"(?:{_PLACE}(?:\s\([^)]+\))?,?\s+)?(?:(?:séance\s+)?du\s+|le\s+|ce\s+)?"
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)?\s*"
    rf"\d{{1,2}}(?:er|ᵉʳ)?\s+(?:{_MONTHS})(?:\s+(?:\d{{2,4}}|an\s+\w+))?"
    r"(?:,\s*(?-i:[A-ZÀ-Þ])[\w’'\- ]{1,40}){0,2}[^\w:]*"
    rf"|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|{_PLACE},?\s\d{{1,2}}(?:er)?\.?\s*[—–]",
    re.IGNORECASE,
)
"""A day, with the place before or after it."""
_Weight = tuple[float, bool, bool, bool, bool]


def find_headings(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find the headings, with their levels."""
    gaps = [p.before for p in pieces if len(p.lines) > 1 and p.before < TOP]
    usual = max(1.0, median(gaps)) if gaps else 1.0
    found = {
        n
        for n, piece in enumerate(pieces)
        if _may_be_heading(piece, n == 0, setting)
        and not (setting.estimated and _is_in_list(pieces, n))
        and _score(piece, usual, n == len(pieces) - 1, setting) >= HEADING
    }
    texts = Counter(key(pieces[n].text) for n in found)
    marked = [
        replace(piece, kind="heading") if n in found and not _is_slogan(piece, texts) else piece
        for n, piece in enumerate(pieces)
    ]
    numbered = _with_numbers(marked, setting)
    if setting.estimated:
        return _with_levels_by_name(numbered)
    return _without_subtitles(_with_levels(numbered))


def _is_slogan(piece: Piece, texts: Counter[str]) -> bool:
    """Whether a piece is an exclamation that is repeated."""
    called = piece.text.endswith(("!", ".")) and texts[key(piece.text)] > 1
    return called and not LABEL.fullmatch(piece.text)


def _may_be_heading(piece: Piece, first: bool, setting: TextSetting) -> bool:
    text = piece.text
    if piece.kind or piece.length > WORDS or len(piece.lines) > LINES or piece.align == "right":
        return False
    if not any(map(str.isalpha, text)) and not LABEL.fullmatch(text):
        return False
    if setting.estimated and len(text) == 1 and text not in "IVX":  # an initial over several lines
        return False
    if text.endswith((",", ";", ":")) or text[:1].islower():
        return False
    if setting.estimated and text.rsplit(" ", 1)[-1].casefold() in LINKING_WORDS:
        return False
    sitting = first and text.casefold().startswith("séance")
    if (DATELINE.fullmatch(text) and not sitting) or _BYLINE.match(text):
        return False
    if _ends_like_text(piece) and piece.length > SENTENCE:
        return False
    shaped = _is_larger(piece, setting) or piece.bold or piece.align or piece.capitals
    return bool(shaped) or setting.estimated or not LIST_MARK.match(text)


def _is_in_list(pieces: Sequence[Piece], n: int) -> bool:
    """Whether a piece of a plain text is one of several items, or a cell above figures."""
    beside = [other.text for other in (*pieces[max(n - 1, 0) : n], *pieces[n + 1 : n + 2])]
    item = LIST_MARK.match(pieces[n].text) is not None
    figures = n + 1 < len(pieces) and not any(map(str.isalpha, pieces[n + 1].text))
    return figures or (item and any(map(LIST_MARK.match, beside)))


def _is_larger(piece: Piece, setting: TextSetting) -> bool:
    return piece.size > (1.3 if setting.scanned else 1.06) * setting.size


def _ends_like_text(piece: Piece) -> bool:
    numbered = NUMBERED.match(piece.text)
    return ends_sentence(piece.text) and not numbered and not piece.capitals


def _score(piece: Piece, usual: float, last: bool, setting: TextSetting) -> float:
    """What speaks for a piece being a heading; `usual` is the gap above most paragraphs, `last`
    says that nothing follows."""
    label = LABEL.fullmatch(piece.text) or re.fullmatch(r"[A-ZÀ-Þ]\W{0,2}", piece.text)
    capitals = piece.capitals or piece.small_caps
    bold = piece.bold and not setting.bold
    line = piece.lines[-1]
    short = line.width < 0.7 * setting.frame(line).width and not ends_clause(piece.text)
    above = piece.before > (1.2 if piece.before >= TOP else usual + 0.2)
    below = piece.after > 1.05
    if setting.estimated:
        return _estimated_score(piece, usual, short, last)
    least = 0.8 if setting.scanned else 0.97
    smaller = piece.size < least * setting.size and not capitals and not bold
    return (
        2.0 * _is_larger(piece, setting)
        + 2.0 * bold
        + 1.5 * capitals
        + 1.2 * (piece.align == "center")
        + 0.8 * (piece.italic and not setting.italic)
        + 0.8 * above
        + 0.4 * below
        + (LONE_IN_SCAN if setting.scanned else 0.7) * (short and above and below)
        + 0.5 * (above and not ends_clause(piece.text) and piece.after > usual + 0.4)
        + (1.5 if label else 0.8 if NUMBERED.match(piece.text) else 0.0)
        - 1.5 * _ends_like_text(piece)
        - 1.0 * smaller
        - 1.0 * last
    )


def _estimated_score(piece: Piece, usual: float, short: bool, last: bool) -> float:
    """What speaks for a piece of a plain text being a heading, of which no type is known. `short`:
    it fills no line, and does not end like a sentence."""
    label = LABEL.fullmatch(piece.text) is not None
    named = NAMED.fullmatch(piece.text) or re.fullmatch(r"[IVXLC]+\W*", piece.text)
    capitals = piece.capitals
    lone = len(piece.lines) <= TITLE_LINES and all(len(x.cells) == 1 for x in piece.lines)
    apart = piece.before > usual - 0.2
    return (
        2.2 * (lone and short and piece.length <= SENTENCE and not label)
        + 0.4 * (apart or piece.after > 1.05)
        + 0.8 * bool(NUMBERED.match(piece.text))
        + (1.5 if ends_sentence(piece.text) else 2.0) * capitals
        + 1.2 * (piece.align == "center")
        + 0.8 * label
        + 1.4 * bool(named)
        + 0.6 * (piece.lines[0].number == 1 and capitals)
        - 1.5 * _ends_like_text(piece)
        - 1.0 * last
    )


def _with_numbers(pieces: Sequence[Piece], setting: TextSetting) -> list[Piece]:
    """The pieces; the number of a chapter and its title below are one heading."""
    out: list[Piece] = []
    for piece in pieces:
        above = out[-1] if out else None
        if above and _is_number(above) and piece.before < 2.6 and _is_title_of(piece, setting):
            lines = (*above.lines, *piece.lines)
            out[-1] = replace(above, lines=lines, after=piece.after)
        else:
            out.append(piece)
    return out


def _is_number(piece: Piece) -> bool:
    """Whether a heading is only the number of a chapter; acts and scenes have no titles."""
    label = piece.kind == "heading" and LABEL.fullmatch(piece.text)
    return bool(label) and not SCENE.match(piece.text)


def _is_title_of(piece: Piece, setting: TextSetting) -> bool:
    """Whether a piece below the number of a chapter is its title."""
    if LABEL.fullmatch(piece.text):
        return False
    stands_alone = setting.scanned and len(piece.lines) <= TITLE_LINES and piece.after > APART
    if piece.kind and not (piece.kind == "verse" and stands_alone):
        return piece.kind == "heading"
    if piece.length > TITLE or piece.text.endswith((".", ",", ";", ":")):
        return False
    if stands_alone and not piece.text[:1].islower():
        return True
    shaped = _is_larger(piece, setting) or piece.bold or piece.italic or piece.capitals
    return piece.align == "center" or (shaped and not piece.align)


def _weight(piece: Piece) -> _Weight:
    return (
        round(piece.size), piece.capitals, piece.bold, piece.small_caps, piece.align == "center"
    )  # fmt: skip


def _with_levels(pieces: Sequence[Piece]) -> list[Piece]:
    """The headings with levels, the heaviest type first. A text has a title if its first heading is
    the only one that is set like it, and has no number."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    weights = sorted({_weight(piece) for piece in headings}, reverse=True)
    heaviest = [piece for piece in headings if _weight(piece) == weights[0]]
    titled = heaviest == headings[:1] and not any(map(_has_number, heaviest))
    first = 1 if headings and titled else 2
    return [
        replace(piece, level=min(first + weights.index(_weight(piece)), DEEPEST))
        if piece.kind == "heading"
        else piece
        for piece in pieces
    ]


def _with_levels_by_name(pieces: Sequence[Piece]) -> list[Piece]:
    """The headings of a plain text with levels, by the names of divisions. The first is its title
    if it has no number and no paragraph is above."""
    kinds = [piece.kind for piece in pieces]
    first = kinds.index("heading") if "heading" in kinds else -1
    titled = first >= 0 and not any(kinds[:first]) and first <= 1 and not _has_number(pieces[first])
    names = [_division(piece) for piece in pieces if piece.kind == "heading"]
    ranks = sorted({DIVISIONS.get(name, 0) for name in names if name})
    out = []
    for n, piece in enumerate(pieces):
        if piece.kind == "heading":
            name = _division(piece)
            level = 2 + (ranks.index(DIVISIONS.get(name, 0)) if name else 0)
            piece = replace(piece, level=1 if titled and n == first else level)
        out.append(piece)
    return out


def _division(piece: Piece) -> str:
    """The name of the division that a heading is of, in lower case (empty: none is named)."""
    match = NAMED_FIRST.match(piece.text)
    return (match[1] or match["after"]).casefold() if match else ""


def _has_number(piece: Piece) -> bool:
    return bool(NUMBERED.match(piece.text) or LABEL.fullmatch(piece.lines[0].words))


def _without_subtitles(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces; what stands below the title in lighter type that no other heading has is no
    heading."""
    weights = Counter(_weight(piece) for piece in pieces if piece.kind == "heading")
    out: list[Piece] = []
    for piece in pieces:
        above = out[-1] if out else None
        below_title = above and (above.kind == "standfirst" or above.level == 1)
        if above and below_title and piece.kind == "heading" and not NUMBERED.match(piece.text):
            lighter = above.kind == "standfirst" or _weight(piece) < _weight(above)
            if lighter and weights[_weight(piece)] == 1:
                piece = replace(piece, kind="standfirst", level=0)
        out.append(piece)
    return out
