"""What each piece is. `STAGES` lists the stages in order; each takes all pieces and returns them
with the kinds that it knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, zip_longest

from archive_site.recover.printed.divisions import NUMBERED
from archive_site.recover.printed.headings import DATELINE, find_headings
from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.paragraphs import CAPITAL_MARK, LETTERED, LIST_MARK, WIDER, Piece
from archive_site.recover.printed.sentences import ends_clause, ends_sentence, key
from archive_site.recover.printed.setting import TextSetting
from archive_site.recover.printed.speeches import (
    SPEAKERS,
    STAGE_DIRECTION,
    find_run_in_names,
    find_speakers,
)
from archive_site.recover.printed.verse import LEAST, SENTENCES, may_be_verse
from archive_site.text.numerals import number_of

CALLOUT, CALLOUT_SIZE = range(5, 61), 1.12
"""How many words a call-out has, and how much larger than the text it is if it is not bold."""
LONGER = 1.5
"""How many times as long as a call-out the piece is at least that has its words."""
QUOTED = 6
"""The most paragraphs of a quotation within marks."""
EPIGRAPH, STANDFIRST, SIGNED = 80, 80, 15
"""The most words of an epigraph, of a standfirst, and of a name below an epigraph."""
SHORT_LINES, SHORT_WORDS, SALUTATION = 2, 14, 8
"""The most lines and words of a dateline or a signature, and the most words of a salutation."""
TITLE, WORDS_OF_VERSE = 0.6, 3
"""A title above verse is shorter than this share of its first line; the least mean number of words
of lines of verse."""
VERSES = 3
"""The least number of lines of a speech that shows that speeches are in verse."""
ASTERISM = re.compile(r"\s*(?:[*⁂•·~]\s*){1,7}|\s*[-–—_]{3,}\s*")
LAST = 2
"""A day among so many last pieces of a plain text is a dateline."""
_NAME = re.compile(
    r"(?:(?:[A-ZÀ-Þ][\w’'-]*\.?|d[eu]|des|le|la|von|van)\s+|d[’']){0,4}[A-ZÀ-Þ][\w’'-]*\.?"
)
"""What may be the name of a person."""
_SITTING = re.compile(r"La séance est (?:ouverte|levée|reprise|suspendue)")
_BRACKETED = re.compile(r"\([^()]{3,160}\)[.\s]*")
_LEADERS = re.compile(
    r"(?:\.\s?|…\s?|_){4,150}\s*(?:p\.\s*)?(?:\d{1,4}|[ivxlc]{1,6})\W{0,9}$", re.I
)
_ENDS_IN_PAGE = re.compile(r"\s\d{1,4}$")
_CLOSES_ITEM = re.compile(r"[;,]\W{0,9}(?:et|ou)?\s*$")
_CONTENTS = re.compile(r"\W*(?:table|sommaire|contenu|index)\b[^.]{0,40}", re.IGNORECASE)


def classify(pieces: Sequence[Piece], setting: TextSetting) -> list[Piece]:
    """The pieces, each with its kind."""
    found = list(pieces)
    for stage in STAGES:
        found = stage(found, setting)
    return [piece if piece.kind else replace(piece, kind="paragraph") for piece in found]


def _each(pieces: Sequence[Piece], kind_of: Callable[[int], str]) -> list[Piece]:
    """The pieces; those without a kind have the one that `kind_of` gives for their index."""
    return [p if p.kind else replace(p, kind=kind_of(n)) for n, p in enumerate(pieces)]


def find_breaks(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find asterisms and rules made of characters."""
    return _each(pieces, lambda n: "break" if ASTERISM.fullmatch(pieces[n].text) else "")


def find_contents(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find tables of contents: lines with leaders and numbers of pages, with their heading."""
    kinds: dict[int, str] = {}
    for n, piece in enumerate(pieces):
        if any(map(_LEADERS.search, (line.words for line in piece.lines))):
            kinds[n] = "contents"
    for n, piece in enumerate(pieces):
        headed = n in kinds or (n + 1 in kinds and _CONTENTS.fullmatch(piece.text))
        listed = n - 1 in kinds and n + 1 in kinds
        below = n - 1 in kinds and piece.kind == "row" and _ENDS_IN_PAGE.search(piece.text)
        if headed or listed or below:
            kinds[n] = "contents"
    return [replace(p, kind=kinds[n]) if n in kinds else p for n, p in enumerate(pieces)]


def find_callouts(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find pieces that only repeat words of a longer piece: they are in larger or bold type, or, in
    a plain text, they interrupt a sentence."""
    plain = [p for p in pieces if setting.is_text(p.size) and not _stands_out(p, setting)]
    texts = [key(piece.text) for piece in plain if not piece.kind]
    keys = [key(piece.text) for piece in pieces] if setting.estimated else []
    whole = "".join(keys)
    places = list(accumulate(map(len, keys), initial=0))

    def kind_of(n: int) -> str:
        piece, words = pieces[n], key(pieces[n].text)
        if piece.length not in CALLOUT:
            return ""
        least = LONGER * len(words)
        if setting.estimated:
            interrupts = _interrupts(pieces, n)
            around = whole[: places[n]] + whole[places[n + 1] :] if interrupts else ""
            repeats = interrupts and words in around
        else:
            repeats = _stands_out(piece, setting) and any(
                words in text and len(text) >= least for text in texts
            )
        return "callout" if repeats else ""

    return _each(pieces, kind_of)


def _interrupts(pieces: Sequence[Piece], n: int) -> bool:
    """Whether a piece stands within a sentence, and is none itself."""
    if not 0 < n < len(pieces) - 1:
        return False
    above, below = pieces[n - 1], pieces[n + 1]
    return not ends_clause(above.text) and below.text[:1].islower()


def _stands_out(piece: Piece, setting: TextSetting) -> bool:
    return piece.size > CALLOUT_SIZE * setting.size or (piece.bold and not setting.bold)


def find_stages(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find stage directions that stand alone."""

    def kind_of(n: int) -> str:
        piece, text = pieces[n], pieces[n].text
        bracketed = _BRACKETED.fullmatch(text) and (piece.italic or piece.align == "center")
        sitting = piece.italic and _SITTING.match(text)
        return "stage" if bracketed or sitting or STAGE_DIRECTION.fullmatch(text) else ""

    return _each(pieces, kind_of)


def find_signatures(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find names below a formula that ends with a comma, or above a dateline or the end, in a plain
    text, where nothing else tells them from headings. A day or a title must show that the text
    may be signed."""

    def kind_of(n: int) -> str:
        named = n > 1 and _NAME.fullmatch(pieces[n].text) and len(pieces[n].lines) == 1
        if not named:
            return ""
        last = n + 1 == len(pieces)
        closes = pieces[n - 1].text.endswith(",") and pieces[n - 1].length <= SALUTATION
        ends = last or pieces[n + 1].length <= SHORT_WORDS
        dated = not last and DATELINE.fullmatch(pieces[n + 1].text) is not None
        below = DATELINE.fullmatch(pieces[n - 1].text) and ends_sentence(pieces[n - 2].text)
        dated = dated or (bool(below) and not pieces[n].capitals)
        return "signature" if last or dated or (closes and ends) else ""

    shown = any(DATELINE.fullmatch(piece.text) or piece.capitals for piece in pieces)
    titled = shown or _is_titled(pieces)
    return _each(pieces, kind_of) if setting.estimated and titled else pieces


def _is_titled(pieces: Sequence[Piece]) -> bool:
    """Whether the first piece of a text may be its title."""
    first = pieces[0].text if pieces and len(pieces[0].lines) == 1 else ","
    return not ends_clause(first) and not first.endswith(",")


# ---------------------------------------------------------------- below headings


def find_standfirsts(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find what stands between a heading and the text: standfirst, epigraphs."""
    found = list(pieces)
    for n in range(1, len(found) - 1):
        piece, above, below = found[n], found[n - 1], found[n + 1]
        if piece.kind or above.kind not in ("heading", "standfirst", "epigraph"):
            continue
        kind = _kind_below(piece, above, below, setting)
        found[n] = replace(piece, kind=kind)
        if kind == "epigraph" and _signs(below):
            found[n + 1] = replace(below, kind="epigraph")
    return found


def _kind_below(piece: Piece, above: Piece, below: Piece, setting: TextSetting) -> str:
    frame = setting.frame(piece.lines[0])
    inset = min(line.left for line in piece.lines) - frame.left
    shaped = (piece.bold and not setting.bold) or (piece.italic and not setting.italic)
    distinct = shaped or not setting.is_text(piece.size)
    dated = DATELINE.fullmatch(piece.text) is not None
    short = piece.length <= EPIGRAPH and piece.align != "center"
    if _signs(below) and inset > 0.5 * setting.size and short:
        return "epigraph"
    if above.kind == "epigraph" and _signs(piece):
        return "epigraph"
    if inset > 0.25 * frame.width and short and not dated and (distinct or len(piece.lines) > 1):
        return "epigraph"
    title = above.kind == "heading" and above.level == 1
    if title and (distinct or piece.align == "center") and piece.length <= STANDFIRST and not dated:
        return "standfirst"
    return ""


def _signs(piece: Piece) -> bool:
    """Whether a piece may be the name below an epigraph."""
    return not piece.kind and piece.align == "right" and piece.length <= SIGNED


# ---------------------------------------------------------------- verse


def find_runs_of_verse(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find verse that nothing parts from the prose of a plain text: short lines one after the
    other that begin with capitals, some of which end in mid-sentence."""
    found = list(_parted_at_colons(pieces, setting)) if setting.estimated else list(pieces)
    start = 0
    while setting.estimated and start < len(found):
        end = start
        while end < len(found) and _may_be_verse(found[end], end == start, setting):
            end += 1
        first = start + (end - start > 1 and _is_title(found[start], found[start + 1]))
        if _is_run_of_verse([line for piece in found[first:end] for line in piece.lines]):
            found[first:end] = [replace(piece, kind="verse") for piece in found[first:end]]
        start = max(end, start + 1)
    return found


def _parted_at_colons(pieces: Sequence[Piece], setting: TextSetting) -> Iterator[Piece]:
    """The pieces; a short last line below a colon, above another short line, is one of its own."""
    for piece, below in zip_longest(pieces, pieces[1:]):
        body, last = piece.lines[:-1], piece.lines[-1:]
        introduced = bool(body) and body[-1].words.endswith(":") and may_be_verse(last, setting)
        if introduced and not piece.kind and below and may_be_verse(below.lines[:1], setting):
            yield replace(piece, lines=body, after=1.0)
            yield replace(piece, lines=last, before=1.0)
        else:
            yield piece


def _may_be_verse(piece: Piece, first: bool, setting: TextSetting) -> bool:
    """Whether a piece may be in a run of verse, or begin it."""
    begins = any(mark.match(piece.text) for mark in (LIST_MARK, NUMBERED, DATELINE))
    plain = not piece.kind and not piece.capitals and not begins
    near = first or piece.before < WIDER
    worded = any(map(str.isalpha, piece.text))
    return plain and near and worded and may_be_verse(piece.lines, setting)


def _is_title(piece: Piece, below: Piece) -> bool:
    """Whether the first of a run of short lines is clearly shorter than the next, and ends like a
    title."""
    shorter = piece.lines[0].width < TITLE * below.lines[0].width
    return len(piece.lines) == 1 and shorter and piece.text[-1].isalnum()


def _is_run_of_verse(lines: Sequence[SetLine]) -> bool:
    words = sum(len(line.words.split()) for line in lines)
    ends = [line.words[-1:] for line in lines]
    sentences = sum(ends_sentence(line.words) for line in lines)
    return (
        len(lines) >= LEAST
        and words >= WORDS_OF_VERSE * len(lines)
        and sentences <= SENTENCES * len(lines)
        and any(end in (",", ";") for end in ends)
    )


def find_more_verse(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find short lines beside verse that are set like it, and join the lines of a stanza."""
    found = list(pieces)
    for step in (1, -1):
        order = range(1, len(found)) if step == 1 else range(len(found) - 2, -1, -1)
        for n in order:
            verse = found[n - step]
            if verse.kind == "verse" and not found[n].kind and _is_like(found[n], verse, setting):
                found[n] = replace(found[n], kind="verse")
    stanzas: list[Piece] = []
    for piece in found:
        above = stanzas[-1] if stanzas else None
        if above and piece.kind == above.kind == "verse" and piece.before < WIDER:
            stanzas[-1] = replace(above, lines=(*above.lines, *piece.lines), after=piece.after)
        else:
            stanzas.append(piece)
    return stanzas


def find_spoken_verse(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find speeches in verse: no line but the last reaches the margin, and all begin with capitals.
    One must have several lines, so that shorter ones are verse too."""
    if setting.places != "exact":
        return pieces
    groups = [group for group in _speeches(pieces) if _is_spoken_verse(pieces, group, setting)]
    if not any(sum(len(pieces[n].lines) for n in group) >= VERSES for group in groups):
        return pieces
    found = list(pieces)
    for group in groups[::-1]:
        first = found[group[0]]
        lines = tuple(line for n in group for line in found[n].lines)
        kind = "spoken verse" if first.kind == "speech" else "verse"
        whole = replace(first, lines=lines, kind=kind, after=found[group[-1]].after)
        found[group[0] : group[-1] + 1] = [whole]
    return found


def _speeches(pieces: Sequence[Piece]) -> Iterator[range]:
    """The indices of the pieces of each speech, without the name on a line of its own."""
    n = 0
    while n < len(pieces):
        start = n + 1 if pieces[n].kind == "speaker" else n
        spoken = pieces[n].kind in ("speaker", "speech")
        end = start + (pieces[n].kind == "speech")
        while end < len(pieces) and pieces[end].kind in ("", "verse"):
            end += 1
        if spoken and start < end:
            yield range(start, end)
        n = max(end, n + 1) if spoken else n + 1


def _is_spoken_verse(pieces: Sequence[Piece], group: range, setting: TextSetting) -> bool:
    lines = [line for n in group for line in pieces[n].lines]
    first = lines[0] if pieces[group[0]].kind == "speech" else None
    rest = [line for line in lines if line is not first]
    even = all(pieces[n].before < WIDER for n in group[1:])
    room = first is None or may_be_verse([first], setting)
    return len(lines) > 1 and even and room and may_be_verse(rest, setting)


def _is_like(piece: Piece, verse: Piece, setting: TextSetting) -> bool:
    if setting.estimated and len(piece.lines) == 1 and piece.before >= WIDER:
        return False
    inset, other = (p.lines[0].left - setting.frame(p.lines[0]).left for p in (piece, verse))
    return (
        setting.alike(piece.size, verse.size)
        and (piece.bold, piece.italic) == (verse.bold, verse.italic)
        and abs(inset - other) < 3 * setting.size
        and piece.align != "right"
        and may_be_verse(piece.lines, setting)
    )


# ---------------------------------------------------------------- letters, lists, quotations


def find_openings(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find datelines, salutations and signatures."""
    found: list[Piece] = []
    for n, piece in enumerate(pieces):
        above = found[-1].kind if found else "" if setting.estimated else "heading"
        last = setting.estimated and n >= len(pieces) - LAST
        found.append(replace(piece, kind=piece.kind or _opening(piece, above, last)))
    return found


def _opening(piece: Piece, above: str, last: bool) -> str:
    if len(piece.lines) > SHORT_LINES or piece.length > SHORT_WORDS:
        return ""
    opens = above in ("", "heading", "standfirst", "signature", "salutation", "dateline")
    if DATELINE.fullmatch(piece.text) and (opens or last or piece.align == "right"):
        return "dateline"
    begins = above in ("heading", "dateline", "standfirst", "epigraph")
    if piece.text.endswith((",", " !")) and begins and piece.length <= SALUTATION:
        return "salutation"
    return "signature" if piece.align == "right" else ""


def find_items(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find items of lists. One that begins with a dash has another beside it, since it may be
    dialogue; one that begins with a dash of dialogue is one of several that end with a semicolon or
    a comma."""
    marks = LIST_MARK, CAPITAL_MARK
    marked = {
        n for n, p in enumerate(pieces) if not p.kind and any(mark.match(p.text) for mark in marks)
    }
    marked -= {n for n in marked if LETTERED.match(pieces[n].text) and not _counts_on(pieces, n)}
    dashed = _listed_by_dashes(pieces, marked)

    def kind_of(n: int) -> str:
        if n not in marked or (pieces[n].text[:1] == "—" and n not in dashed):
            return ""
        dash = pieces[n].text[:1] in ("–", "-")
        return "" if dash and not marked & {n - 1, n + 1} else "list-item"

    return _each(pieces, kind_of)


def _counts_on(pieces: Sequence[Piece], n: int) -> bool:
    """Whether the mark of a piece has the one before it, or the one after it, beside it."""
    marks = [_mark(pieces[m]) if 0 <= m < len(pieces) else "" for m in (n - 1, n, n + 1)]
    return any(before and after and _follows(before, after) for before, after in pairwise(marks))


def _mark(piece: Piece) -> str:
    match = LETTERED.match(piece.text)
    return match[0].strip() if match else ""


def _follows(before: str, after: str) -> bool:
    """Whether the mark `after` is that of the item that follows `before`: “i.”, “ii.”."""
    plain = [re.sub(r"\W", "", mark) for mark in (before, after)]
    frames = [mark.replace(word, "") for mark, word in zip((before, after), plain, strict=True)]
    styles = ("i", "a") if plain[0].islower() else ("I", "A")
    numbers = [[number_of(style, word) for word in plain] for style in styles]
    return frames[0] == frames[1] and any(0 < a == b - 1 for a, b in numbers)


def _listed_by_dashes(pieces: Sequence[Piece], marked: set[int]) -> set[int]:
    """The indices of pieces that begin with a dash of dialogue and are a list: all but the last end
    with a semicolon or a comma."""
    found: set[int] = set()
    run: list[int] = []
    for n, piece in enumerate(pieces):
        if n not in marked or piece.text[:1] != "—":
            run = []
            continue
        run.append(n)
        if not _CLOSES_ITEM.search(piece.text):
            found.update(run if len(run) > 1 else ())
            run = []
    return found


def find_directions(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find stage directions in italics, where there are speakers."""
    speakers = {piece.speaker for piece in pieces if piece.speaker}
    if len(speakers) < SPEAKERS or setting.italic:
        return pieces
    return _each(pieces, lambda n: "stage" if pieces[n].italic else "")


def find_quotations(pieces: list[Piece], setting: TextSetting) -> list[Piece]:
    """Find pieces that are set in, in smaller type, or in italics, and, in a plain text, paragraphs
    within quotation marks below a colon."""
    quoted = _within_marks(pieces) if setting.estimated else set()
    return _each(
        pieces,
        lambda n: "quotation" if n in quoted or _is_quotation(pieces[n], setting) else "",
    )


def _within_marks(pieces: Sequence[Piece]) -> set[int]:
    """The indices of pieces that open with « below a colon, to the one that closes all marks."""
    found: set[int] = set()
    for n in range(1, len(pieces)):
        if pieces[n].text[:1] != "«" or not pieces[n - 1].text.endswith(":"):
            continue
        depth = 0
        for end in range(n, min(n + QUOTED, len(pieces))):
            text = pieces[end].text
            depth += text.count("«") - text.count("»")
            if pieces[end].kind or depth <= 0:
                break
        else:
            continue
        if not pieces[end].kind and depth <= 0 and re.search(r"»[\s\d.,;]*$", text):
            found.update(range(n, end + 1))
    return found


def _is_quotation(piece: Piece, setting: TextSetting) -> bool:
    frame, em = setting.frame(piece.lines[0]), setting.size
    inset = min(line.left for line in piece.lines[1:] or piece.lines) - frame.left
    smaller = piece.size < 0.95 * em and not setting.scanned
    italic = piece.italic and not setting.italic
    several = len(piece.lines) > 1
    if (smaller or italic) and inset > 0.5 * em:
        return True
    quoted = italic and piece.text[:1] in tuple('«"“')
    return several and (smaller or quoted or inset > 0.8 * em)


STAGES: tuple[Callable[[list[Piece], TextSetting], list[Piece]], ...] = (
    find_breaks,
    find_contents,
    find_callouts,
    find_stages,
    find_speakers,
    find_run_in_names,
    find_signatures,
    find_runs_of_verse,
    find_headings,
    find_standfirsts,
    find_more_verse,
    find_spoken_verse,
    find_openings,
    find_items,
    find_directions,
    find_quotations,
)
