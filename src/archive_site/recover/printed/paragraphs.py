"""Where paragraphs begin: the division of the lines that has the least against it.

Lines that are set otherwise, or stand far apart, are never of one paragraph. Lines set alike are
divided by what speaks against each possible paragraph: a first line without an indent, a short
line within it, a last line in mid-sentence …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive_site.recover.printed.divisions import NAMED, NUMBERED
from archive_site.recover.printed.lines import SetLine, closed_up, is_capitals
from archive_site.recover.printed.sentences import ends_clause, ends_sentence
from archive_site.recover.printed.setting import Measure, TextSetting, follows
from archive_site.recover.printed.verse import is_verse

TOP = 9.0
"""The gap above what begins a column, in lines."""
WIDER = 1.28
"""A gap of this many lines parts paragraphs."""
DISPLAY = 1.08
"""Type of at least this many times the size of the text is that of titles."""
TITLE_LINES, TITLE_GAP = 4, 1.5
"""The most lines of a title, and the greatest distance of its lines."""
ROWS_BESIDE = (-2, -1, 1, 2)
"""Where the rows of a table may be, seen from one of them."""
LIST_MARK = re.compile(
    r"\s*(?:[-–—•▪◦·‣*\uf0a7\uf0b7]\s+(?=\S)|\(?\d{1,2}\s?[°º)]\s*[.)—–-]*\s*(?=\S)|\(?[a-z]\)\s*(?=\S)"
    r"|\d{1,2}\.\s+(?=\S)|\(?[ivx]{1,5}[.)]\s+(?=\S)|[a-h]\.\s+(?=\S))"
)
"""What may stand before an item of a list."""
_LONE_MARK = re.compile(r"[-–—•▪◦·‣*]|\W?(?:\d{1,3}|[a-z]|[ivxIVX]+)\s?[°º.)\]]*[.)—–-]*")
CAPITAL_MARK = re.compile(r"\s*(?:[IVX]{1,5}|[A-H])[.)]\s+(?=\S)")
"""What may stand before an item of a list whose marks count on."""
LETTERED = re.compile(r"\s*\(?(?:(?:[ivx]{1,5}|[IVX]{1,5})[.)]|[a-h]\.|[A-H][.)])\s")
"""What may be the mark of an item, or an abbreviation: other marks must count on."""
DIALOGUE = re.compile(r"\s*[—–-]\s")
_ARTICLE = re.compile(r"(?:art(?:icle|\.)?|§)\s*(?:\d+|premier|[IVXLC]+)\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?:MM?\.\s|Mme\s|Mlle\s)?[A-ZÀ-Þ][^.:;,!?—–]{0,40}(?:\([^)]{1,40}\))?\.\s[—–]\s"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ’' -]+(?:,[^.:—–]{1,40})?(?:\s?:|\.\s?[—–]|\s[—–])\s"
)
"""A name before what is said: it begins a paragraph below the end of a sentence."""
_OPENS = re.compile(r"[\s«“\"‘'—–\-(\[…*•]*[A-ZÀ-ÞŒÆ\d]")
_CUT = re.compile(r"\w[-\u00ad\u2010¬]$")
LONGEST = 120
"""The most lines of a paragraph that are weighed together."""
HOPELESS = 15.0
"""What speaks against a paragraph so much that it speaks against longer ones too."""

# What speaks against a paragraph, each in units of about as much as speaks for one more.
NEW = 1.0
UNEVEN = 2.5  # its lines, after the first, do not begin at one place
NOT_FULL, RAGGED = 3.0, 1.0  # a line within it is short, where lines are justified and where not
TITLE = 1.5  # its last line may be a title, and a sentence ends above it
FULL_LINE = 0.9
"""A line that breaks off a sentence fills more than this share of its column."""
HALF = 0.7
"""A line within a paragraph fills more than this share of its column, even where lines are not
justified."""
OFF = 1.2  # a full line does not end where the others do
BROKEN = 2.5  # it ends in mid-sentence
BROKEN_SHORT = 1.2  # it does so in a short line, as titles do, and a capital follows
SPLIT = 6.0  # it begins within a word
LOW = 2.5  # it begins with a small letter
FLUSH = 0.9  # its first line is not indented, though others are
UNUSUAL = 0.7  # its first line has another indent than others
HANGING = 1.6  # its first line hangs
INSET = 0.5  # it is set in
FILLED = 0.7  # its last line is full
MARKED = 3.0  # a line within it begins with the mark of a list or of dialogue
FURTHER = 3.0  # a line within it is further from the one above than usual
COLON = 1.6  # a quotation mark follows a colon within it, on the next line
SLANT = 1.0  # italics begin or end within it, between lines


@dataclass(frozen=True)
class Piece:
    """Lines that belong together. `kind` is that of the future block, or empty: not yet known.
    `before` and `after` are the gaps above and below, in lines (`TOP`: it begins or ends a column).
    `align` is `center`, `right` or empty."""

    lines: tuple[SetLine, ...]
    kind: str = ""
    before: float = TOP
    after: float = TOP
    align: str = ""
    level: int = 0
    speaker: str = ""

    @property
    def text(self) -> str:
        """Its characters, with a space between lines, and none between letters that are spaced."""
        return " ".join(closed_up(line.words) for line in self.lines)

    @property
    def size(self) -> float:
        """The size of most of its type."""
        sizes: dict[float, int] = {}
        for line in self.lines:
            sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def italic(self) -> bool:
        """Whether all of it is italic."""
        return all(line.italic for line in self.lines)

    @property
    def capitals(self) -> bool:
        """Whether it is in capitals."""
        return is_capitals(self.text)

    @property
    def small_caps(self) -> bool:
        """Whether it is in small capitals."""
        small = all(line.small_caps or line.capitals for line in self.lines)
        return small and not self.capitals

    @property
    def length(self) -> int:
        """The number of its words."""
        return len(self.text.split())


def pieces_of(lines: Sequence[SetLine], setting: TextSetting) -> list[Piece]:
    """The lines of a text, without notes and furniture, as paragraphs, stanzas, rows, titles."""
    pieces: list[Piece] = []
    rows = rows_in(lines, setting)
    first = 0
    for n in range(1, len(lines) + 1):
        apart = n == len(lines) or n in rows or n - 1 in rows
        if not apart and not _differ(lines[n - 1], lines[n], setting):
            continue
        run = lines[first:n]
        kind = (
            "row"
            if first in rows
            else "verse"
            if is_verse(run, setting, lines[first - 1] if first else None)
            else ""
        )
        whole = bool(kind) or _is_title(run, setting)
        starts = [0] if whole else _starts(_measured(run, setting), setting)
        for start, end in pairwise([*starts, len(run)]):
            gap = gap_above(lines, first + start, setting)
            part = tuple(run[start:end])
            pieces.append(Piece(part, kind, gap, align=_alignment(part, setting)))
        first = n
    below = [*(piece.before for piece in pieces), TOP][1:]
    return [replace(piece, after=gap) for piece, gap in zip(pieces, below, strict=True)]


def gap_above(lines: Sequence[SetLine], n: int, setting: TextSetting) -> float:
    """The distance of a line from the one above, in usual ones."""
    if n == 0 or not follows(lines[n - 1], lines[n]):
        return TOP
    above, line = lines[n - 1], lines[n]
    size = line.size if setting.alike(line.size, above.size) else max(line.size, above.size)
    return (line.baseline - above.baseline) / setting.lead(size)


# ---------------------------------------------------------------- lines set alike


def _differ(above: SetLine, line: SetLine, setting: TextSetting) -> bool:
    """Whether two lines cannot be of one paragraph: they are set otherwise, or far apart."""
    if not setting.alike(above.size, line.size) and not _are_mixed(above, line):
        return True
    if not setting.scanned and _differ_in_style(above, line, setting):
        return True
    adjacent = follows(above, line)
    if is_display(above, setting) and is_display(line, setting) and adjacent:
        gap = (line.baseline - above.baseline) / setting.lead(line.size)
        return gap > TITLE_GAP or not _are_one_title(above, line)
    if _is_title_line(above, setting) != _is_title_line(line, setting):
        return True
    if setting.estimated and above.capitals != line.capitals and not _goes_on(above, line, setting):
        return bool(_OPENS.match(line.words) if above.capitals else ends_sentence(above.words))
    further = adjacent and (line.baseline - above.baseline) / setting.lead(line.size) > WIDER
    if further and not (setting.estimated and _goes_on(above, line, setting)):
        return True
    if not adjacent and above.capitals != line.capitals:
        return True
    if adjacent and abs(above.left - line.left) < 0.3 * line.size:
        return False
    if adjacent and above.style == line.style and _breaks_off(above, line, setting):
        return False
    place = _place(line, setting)
    return place != _place(above, setting) or (
        place == "center" and not _are_one_title(above, line)
    )


def _goes_on(above: SetLine, line: SetLine, setting: TextSetting) -> bool:
    """Whether a line may go on with a word or a sentence that the one above breaks off."""
    cut = _CUT.search(above.words) is not None
    if above.capitals != line.capitals:
        return cut
    full = above.right > setting.frame(above).right - 0.6 * above.size
    return cut or (not ends_clause(above.words) and (full or line.words[:1].islower()))


def _breaks_off(above: SetLine, line: SetLine, setting: TextSetting) -> bool:
    """Whether a full line breaks a sentence off that the next goes on with."""
    full = above.width > FULL_LINE * setting.frame(above).width
    return full and line.words[:1].islower() and not ends_clause(above.words)


def _differ_in_style(above: SetLine, line: SetLine, setting: TextSetting) -> bool:
    if above.bold != line.bold:
        return True
    return above.small_caps != line.small_caps and _is_short(above, setting)


def _are_mixed(above: SetLine, line: SetLine) -> bool:
    """Whether two lines differ in size only because one has words in another size."""
    sizes = {span.type.size for span in above.spans if not span.type.raised}
    others = {span.type.size for span in line.spans if not span.type.raised}
    whole = {above.size} == sizes and {line.size} == others
    return bool(sizes & others) and above.capitals == line.capitals and not whole


def is_display(line: SetLine, setting: TextSetting) -> bool:
    """Whether a line is set as titles are: larger than the text, bold or in capitals."""
    larger = line.size > DISPLAY * setting.size and not setting.scanned
    return larger or (line.bold and not setting.bold) or line.capitals


def _is_title_line(line: SetLine, setting: TextSetting) -> bool:
    return line.capitals and _is_short(line, setting)


def _is_short(line: SetLine, setting: TextSetting) -> bool:
    return line.width < 0.8 * setting.frame(line).width


def _are_one_title(above: SetLine, line: SetLine) -> bool:
    """Whether two lines may be of one title."""
    begins = NAMED.fullmatch(line.words) or NUMBERED.match(line.words)
    return above.style == line.style and not begins and not re.search(r"[.!?]\s*$", above.words)


def _is_title(lines: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether lines are one title: they are few, set as titles are, and none but the last ends a
    sentence."""
    if len(lines) > TITLE_LINES or not all(is_display(line, setting) for line in lines):
        return False
    if any(LIST_MARK.match(line.words) for line in lines[1:]):
        return False
    narrow = (line for line in lines[:-1] if line.width < 0.6 * setting.frame(line).width)
    return not any(ends_sentence(line.words) for line in narrow)


def _place(line: SetLine, setting: TextSetting) -> str:
    """Where a line stands between the margins: `center`, `right` or, from the left, empty."""
    frame = setting.frame(line)
    if _is_right(line, frame):
        return "right"
    indented = abs(line.left - frame.left - setting.indent) < 0.4 * setting.size
    wide = line.width > 0.75 * frame.width and not line.capitals and not line.bold
    first = bool(setting.indent) and indented
    return "center" if not first and not wide and _is_centered(line, frame) else ""


def _is_centered(line: SetLine, frame: Measure) -> bool:
    left, right, em = line.left - frame.left, frame.right - line.right, line.size
    return min(left, right) > em and abs(left - right) <= max(0.8 * em, 0.06 * frame.width)


def _is_right(line: SetLine, frame: Measure) -> bool:
    return line.left - frame.left > 0.3 * frame.width and frame.right - line.right < 3 * line.size


def _alignment(lines: Sequence[SetLine], setting: TextSetting) -> str:
    """How lines are set: `center`, `right` or, from the left, empty."""
    lefts = [line.left for line in lines]
    straight = len(lines) > 1 and max(lefts) - min(lefts) <= 0.3 * lines[0].size
    if not straight and all(_is_centered(line, setting.frame(line)) for line in lines):
        return "center"
    return "right" if all(_is_right(line, setting.frame(line)) for line in lines) else ""


# ---------------------------------------------------------------- rows


def rows_in(lines: Sequence[SetLine], setting: TextSetting) -> set[int]:
    """The indices of the lines that are rows of tables. A line with cells that fills its column is
    one only if cells of a line near it begin or end at the same places; else it is stretched. A
    line with figures between two rows is one too, though its cells stand close."""
    rows = {
        n
        for n, line in enumerate(lines)
        if _has_cells(line)
        and (
            not _fills(line, setting.frame(line))
            or any(
                lines[m].page == line.page and _has_cells(lines[m]) and _are_aligned(line, lines[m])
                for m in (n + step for step in ROWS_BESIDE)
                if 0 <= m < len(lines)
            )
        )
    }
    return rows | {n for n in range(1, len(lines) - 1) if _is_row_between(lines, n, rows)}


def _is_row_between(lines: Sequence[SetLine], n: int, rows: set[int]) -> bool:
    above, line, below = lines[n - 1 : n + 2]
    evenly = (
        abs(line.baseline - above.baseline - (below.baseline - line.baseline)) < 0.3 * line.size
    )
    return (
        n - 1 in rows
        and n + 1 in rows
        and follows(above, line)
        and follows(line, below)
        and evenly
        and re.search(r"\d\s*$", line.text) is not None
    )


def _has_cells(line: SetLine) -> bool:
    """Whether a line has cells, and is not only parted from the mark before it."""
    first = "".join(span.text for span in line.cells[0]).strip()
    return len(line.cells) > 2 or (len(line.cells) == 2 and not _LONE_MARK.fullmatch(first))


def _fills(line: SetLine, frame: Measure) -> bool:
    em = line.size
    return line.left - frame.left < 4 * em and abs(frame.right - line.right) < 0.5 * em


def _are_aligned(line: SetLine, other: SetLine) -> bool:
    near = 0.5 * line.size
    return any(
        abs(a[0].left - b[0].left) < near or abs(a[-1].right - b[-1].right) < near
        for a in line.cells[1:]
        for b in other.cells[1:]
    )


# ---------------------------------------------------------------- paragraphs


@dataclass(frozen=True, slots=True)
class _Measured:
    """What tells whether a paragraph begins with a line. In ems: its distances from the margins
    (`inset`, `room`), and the width of its first word. `gap` is its distance from the line above,
    in usual ones. `open_ended`: how far it is from ending a sentence, 0 to 1. `filled`: the share
    of its column that it fills."""

    inset: float
    room: float
    filled: float
    gap: float
    first: float
    opens: bool
    open_ended: float
    cut: bool
    italic: bool
    marked: bool
    quotes: bool
    introduces: bool

    @property
    def titles(self) -> bool:
        """Whether it may be a title: it is short, begins with a capital, and ends no sentence."""
        return self.filled < HALF and self.opens and self.open_ended == 1


def _measured(lines: Sequence[SetLine], setting: TextSetting) -> list[_Measured]:
    measured = []
    for n, line in enumerate(lines):
        frame, em, words = setting.frame(line), line.size, line.words
        word = re.match(r"\W*\S+", words)
        letter = line.width / em / max(len(words), 1)
        marks = (LIST_MARK, DIALOGUE, _ARTICLE, _SPEAKS)
        gap = gap_above(lines, n, setting)
        measured.append(
            _Measured(
                inset=(line.left - frame.left) / em,
                room=(frame.right - line.right) / em,
                filled=line.width / frame.width,
                gap=0.0 if gap == TOP else gap,
                first=letter * len(word[0] if word else "") + 0.25,
                opens=_OPENS.match(words) is not None,
                open_ended=0.0 if ends_sentence(words) else 0.5 if ends_clause(words) else 1.0,
                cut=_CUT.search(words) is not None,
                italic=line.italic,
                marked=any(mark.match(words) for mark in marks),
                quotes=words[:1] in tuple('«“"„'),
                introduces=words.endswith(":"),
            )
        )
    return measured


def _starts(run: Sequence[_Measured], setting: TextSetting) -> list[int]:
    """Where the paragraphs of lines set alike begin."""
    least = [0.0] + [float("inf")] * len(run)
    back = [0] * (len(run) + 1)
    for start in range(len(run)):
        before = least[start] + NEW + _against_start(run, start)
        for end, within in _against_within(run, start, setting):
            against = before + within + _against_end(run, start, end, setting)
            if against <= least[end]:
                least[end], back[end] = against, start
            if within > HOPELESS:
                break
    starts = []
    at = len(run)
    while at > 0:
        at = back[at]
        starts.append(at)
    return starts[::-1]


def _against_start(run: Sequence[_Measured], start: int) -> float:
    """What speaks against a paragraph beginning with the line `start`."""
    if not start:
        return 0.0
    above, first = run[start - 1], run[start]
    listed = above.open_ended == 0.5 and above.room > max(first.first, 0.6)
    return LOW * (not first.opens and not listed) + SPLIT * above.cut


def _against_end(run: Sequence[_Measured], start: int, end: int, setting: TextSetting) -> float:
    """What speaks against the paragraph that begins with the line `start` ending before `end`."""
    last = run[end - 1]
    above = run[end - 2] if end - start > 1 else None
    title = setting.estimated and above is not None and above.open_ended == 0 and last.titles
    cost = TITLE * title
    if end < len(run):
        below = run[end]
        broken = last.open_ended * (not (last.introduces and below.quotes))
        cost += (BROKEN_SHORT if last.filled < HALF and below.opens else BROKEN) * broken
        cost += FILLED * (last.room <= max(below.first, 0.6))
        goes_on = below.inset < 0.3 and last.inset < 0.3 and last.room < 0.5
        cost += FLUSH * (setting.indent > 0 and goes_on)
    return cost


def _against_within(
    run: Sequence[_Measured], start: int, setting: TextSetting
) -> Iterator[tuple[int, float]]:
    """Each end of a paragraph that begins with the line `start`, and what speaks against the lines
    before it being one."""
    first = run[start]
    insets: list[float] = []
    rooms: list[float] = []
    margin = edge = usual = between = 0.0
    room = first.room
    uneven = off = 0
    for end in range(start + 1, min(len(run), start + LONGEST) + 1):
        line = run[end - 1]
        cost = _against_first(run[start : min(end, start + 2)], start == 0, setting)
        if line is not first:
            insets.append(line.inset)
            rooms.append(run[end - 2].room)
            room = min(room, line.room)
            if len(insets) == 1 or abs(line.inset - margin) > 0.3:
                margin = _usual(insets)
                uneven = sum(abs(inset - margin) > 0.35 for inset in insets)
            limit = min(room, 0.3 if margin <= 0.4 else 0.5 + 2 * margin)
            if limit != edge or len(insets) == 1:
                edge = limit
                between = sum(
                    _against_pair(*pair, edge, setting) for pair in pairwise(run[start:end])
                )
            else:
                between += _against_pair(run[end - 2], line, edge, setting)
            if setting.justified and (len(rooms) == 1 or abs(rooms[-1] - usual) > 0.3):
                usual = _usual(rooms)
                off = sum(abs(other - usual) > 0.3 for other in rooms)
            cost += UNEVEN * uneven + INSET * (margin > 0.4) + between
            cost += OFF * off * (len(rooms) > 1)
        yield end, cost


def _against_pair(above: _Measured, line: _Measured, edge: float, setting: TextSetting) -> float:
    """What speaks against two lines being within one paragraph, whose full lines end `edge` ems
    from the margin."""
    short = above.room - edge > max(line.first, 0.6)
    ends = above.open_ended == 0
    cost = 0.0
    if short and not above.cut:
        unlikely = setting.justified or above.filled < HALF
        cost += NOT_FULL if unlikely else RAGGED * (2 if ends and line.opens else 1)
    cost += FURTHER * min(max(line.gap - 1.1, 0) / 0.15, 1.2)
    cost += COLON * (above.introduces and line.quotes)
    cost += MARKED * (above.open_ended < 1 and line.marked)
    cost += SLANT * (above.italic != line.italic and (short or ends))
    return cost


def _against_first(lines: Sequence[_Measured], opening: bool, setting: TextSetting) -> float:
    """What speaks against the place of the first line. `opening`: nothing set alike is above."""
    first, indent = lines[0], setting.indent / setting.size
    if len(lines) == 1:
        usual = not indent or opening or first.marked or abs(first.inset - indent) < 0.4
        return 0.0 if usual else 0.3
    shift = first.inset - lines[1].inset
    if abs(shift) <= 0.35:
        return FLUSH if indent and not opening else 0.0
    if shift < 0:
        return 0.0 if first.marked else HANGING
    return 0.0 if indent and abs(shift - indent) <= 0.4 else UNUSUAL


def _usual(values: Sequence[float]) -> float:
    """The value that most values are close to, the least of equals."""
    return max(values, key=lambda value: (sum(abs(value - v) <= 0.3 for v in values), -value))
