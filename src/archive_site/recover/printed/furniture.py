"""What stands around the text of a page: running heads, folios, line numbers, marginal words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from statistics import median

from archive_site.recover.printed.labels import calls_in, label_of
from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.paragraphs import is_display
from archive_site.recover.printed.sentences import ends_clause
from archive_site.recover.printed.setting import LEAD, TextSetting
from archive_site.text.numerals import number_of
from archive_site.witness.pagination import FOLIO, coherent
from archive_site.witness.printed import TypeSpan

ROWS = 3
"""How many rows at the head of a page, and at its foot, may be furniture."""
LEAST = 2
"""On how many pages a row must be alike to be furniture."""
MANY = 3
"""On so many pages a row is alike that is furniture wherever it stands."""
LONGEST = 100
SAME_PLACE = 4.0
"""How far apart the places of rows on their pages may be, in points."""
HEAD_WORDS = 12
"""The most words of a running head of a plain text."""
APART = 1.15
"""The least distance of a running head from the text, in lines."""
FAR, SHORTEST = 1.6, 5
"""How far from the text a row stands at least that no other page has, in lines; it has more letters
than the number of a chapter."""
HALF, FULL = 0.5, 0.9
"""A line that goes on fills more than this share of its column, at the foot of a page and at its
head."""
ALIKE = 0.75
"""How much of two rows that OCR has read must be alike."""
NUMBERED = 3
"""The least number of lines that have a number in the margin."""
SMALL, LARGER = 0.95, 1.05
"""Type of less than this share of the size of the text is smaller, of more than that larger."""
STEPS = (1, 2, 3, 4, 5, 10)
"""By how much line numbers may grow."""
BESIDE = 0.3
"""How far outside the margins of the text words in the margin stand at least, in ems."""
_Look = tuple[str, float, tuple[bool, bool, bool, bool]]
SHORT_FOLIO = 3
"""The most figures of the folio of the only page."""
COUNTED = 3
"""The least number of running heads that tell by their numbers that they are."""
_COUNTED = re.compile(r"(?P<before>\d{1,4})\s+\D{3,80}|\D{3,80}\s(?P<after>\d{1,4})")
_HAS_NUMBER = re.compile(r"\d")
_LABELLED = re.compile(r"[(\[]\d+[)\]]\s?\w")


@dataclass(frozen=True)
class Row:
    """The lines at one height of a page, at its head or its foot; its place, how far the next row
    towards the middle of the page is, and the lines of that."""

    page: int
    head: bool
    y: float
    lines: tuple[SetLine, ...]
    apart: float
    beside: tuple[SetLine, ...] = ()

    @property
    def text(self) -> str:
        """Its characters."""
        return "  ".join(line.words for line in sorted(self.lines, key=lambda line: line.left))

    @property
    def letters(self) -> str:
        """Its letters, in lower case."""
        return _letters(self.text)

    @property
    def capitals(self) -> bool:
        """Whether it is in capitals."""
        return all(line.capitals for line in self.lines)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text).casefold()


@dataclass(frozen=True, slots=True)
class Furniture:
    """Lines that are furniture: the kind, by number of line; and the folio of each page."""

    kinds: Mapping[int, str]
    folios: Mapping[int, str]


def find_furniture(lines: Sequence[SetLine], setting: TextSetting) -> Furniture:
    """The running heads and folios of the pages, and the lines that are turned. What stands within
    pages as often as at their edges, such as the name of a speaker, is none, but with a folio."""
    kinds = {line.number: "turned line" for line in lines if line.turned}
    folios: dict[int, str] = {}
    outer: dict[tuple[int, bool], float] = {}
    kept = _title_of(lines) if setting.estimated else ()
    said = Counter(map(_look, lines))
    for _ in range(ROWS):
        rest = [line for line in lines if line.number not in kinds]
        rows = list(_edges(rest))
        if setting.estimated:  # nothing tells how far from the edge of the page a row is
            rows = [replace(row, y=0.0) for row in rows]
        if setting.places == "exact":
            alike = Counter(row.letters for row in rows)
            rows = [r for r in rows if alike[r.letters] >= MANY or not _is_nearer_text(r, outer)]
        found = _furniture(rows, rest, setting)
        edges = Counter(map(_look, (line for row in rows for line in row.lines)))
        found = {
            row: folio
            for row, folio in found.items()
            if row.lines[0] not in kept and (folio or not _is_said(row, said, edges))
        }
        if not found:
            break
        for row, folio in found.items():
            kinds |= {line.number: _kind(row, folio) for line in row.lines}
            outer[row.page, row.head] = row.y
            if folio and (row.page not in folios or not row.letters):  # alone, it is surer
                folios[row.page] = folio
    if setting.estimated:
        counted = {line.number: "running head and folio" for line in _counted_heads(lines)}
        kinds = counted | kinds
    return Furniture(kinds, folios)


def _counted_heads(lines: Sequence[SetLine]) -> Iterator[SetLine]:
    """The running heads of pages that an extraction does not part: the same words with numbers that
    count up, before the words on one page and after them on the next."""
    named: dict[str, list[tuple[SetLine, int, bool]]] = {}
    for line in lines:
        if match := _COUNTED.fullmatch(line.words):
            number = int(match["before"] or match["after"])
            named.setdefault(_letters(line.text), []).append((line, number, bool(match["before"])))
    for letters, rows in named.items():
        counting = all(b[1] == a[1] + 1 and b[2] != a[2] for a, b in pairwise(rows))
        if letters and len(rows) >= COUNTED and counting:
            yield from (line for line, _, _ in rows)


def _is_nearer_text(row: Row, outer: Mapping[tuple[int, bool], float]) -> bool:
    """Whether a row stands nearer to the text than to the furniture between it and the edge of the
    page. `outer` has the place of that, at the heads and the feet of pages."""
    beyond = outer.get((row.page, row.head))
    return beyond is not None and abs(row.y - beyond) > row.apart


def _look(line: SetLine) -> _Look:
    return _letters(line.text), line.size, line.style


def _is_said(row: Row, said: Counter[_Look], edges: Counter[_Look]) -> bool:
    """Whether lines with the letters of a row, set like it, stand within pages as often."""
    looks = {look for look in map(_look, row.lines) if look[0]}
    return any(said[look] >= 2 * edges[look] for look in looks)


def _kind(row: Row, folio: str) -> str:
    if not folio:
        return "running head"
    return "running head and folio" if row.letters else "folio"


def _edges(lines: Sequence[SetLine]) -> Iterator[Row]:
    """The first and the last row of each page."""
    for page, group in groupby(lines, key=lambda line: line.page):
        rows: list[list[SetLine]] = []
        for line in sorted(group, key=lambda line: line.baseline):
            if rows and line.baseline - rows[-1][-1].baseline <= 0.3 * line.size:
                rows[-1].append(line)
            else:
                rows.append([line])
        heights = [row[0].baseline for row in rows]
        below = heights[1] - heights[0] if len(rows) > 1 else float("inf")
        yield Row(page, True, heights[0], tuple(rows[0]), below, tuple(rows[1] if rows[1:] else ()))
        if len(rows) > 1:
            above = heights[-1] - heights[-2]
            yield Row(page, False, heights[-1], tuple(rows[-1]), above, tuple(rows[-2]))


def _title_of(lines: Sequence[SetLine]) -> Sequence[SetLine]:
    """The first line of a plain text if it is its title and no running head: it has no folio, and
    no other title is below, or all lines with its words have a number."""
    first, below = lines[:1], lines[1:2]
    letters = _letters(first[0].text) if first else ""
    others = [line.text for line in lines[1:] if letters and _letters(line.text) == letters]
    headed = bool(others) and all(map(_HAS_NUMBER.search, others))
    if (
        not first
        or (_is_short(below) and not headed)
        or re.search(r"^\W*\d|\b\d+\W*$", first[0].text)
    ):
        return ()
    return first if any(map(str.isalpha, first[0].text)) else ()


def _is_short(lines: Sequence[SetLine]) -> bool:
    return any(len(x.words.split()) <= HEAD_WORDS and not ends_clause(x.words) for x in lines)


def _furniture(
    rows: Sequence[Row], lines: Sequence[SetLine], setting: TextSetting
) -> dict[Row, str]:
    """The rows of lines that are furniture, with their folios (empty: none)."""
    found: dict[Row, str] = {}
    calls = [call for call in calls_in(lines) if not call.weak and call.manner != "plain"]
    called = {(call.page, call.label) for call in calls}
    for head in (True, False):
        edge = [row for row in rows if row.head == head and len(row.text) <= LONGEST]
        noted = {row for row in edge if _is_called(row, called)}
        folios = _folios([row for row in edge if row not in noted])
        sure: dict[Row, str] = {}
        for row in edge:
            apart = _stands_apart(row, setting)
            folio = folios.get(row, "") if apart or not row.letters else ""
            folio = "" if _goes_on(row, setting) else folio
            if setting.estimated and row.letters and not _is_head(row, edge):
                folio = ""
            if row in noted:
                continue
            if folio or (apart and _is_repeated(row, edge, setting)):
                sure[row] = folio
            elif _is_alone(row, lines, setting):
                sure[row] = next(_numbers(row.text), "")
        places = list(sure)
        for row in edge:
            if (
                row not in sure
                and row not in noted
                and not setting.estimated
                and not _goes_on(row, setting)
                and _stands_apart(row, setting)
                and _at_place(row, places, setting)
            ):
                sure[row] = ""
        found |= sure
    return found


def _folios(rows: Sequence[Row]) -> dict[Row, str]:
    """The folios of rows: numbers, alone or at one end, that grow with the pages."""
    candidates = [
        (row, word, _value(word) - row.page, word.isdigit())
        for row in rows
        for word in _numbers(row.text)
    ]
    found: dict[Row, str] = {}
    counts = Counter((offset, digits) for _, _, offset, digits in candidates)
    for (offset, digits), count in counts.most_common():
        if count < LEAST and (len({row.page for row in rows}) > 1 or not digits):
            break
        same = [(row, word) for row, word, o, d in candidates if (o, d) == (offset, digits)]
        if count < LEAST and len(same[0][1]) > SHORT_FOLIO:  # a year
            break
        for row, word in same:
            near = sum(abs(row.y - other.y) <= SAME_PLACE for other, _ in same)
            if near >= LEAST or FOLIO.fullmatch(row.text.strip()):
                found.setdefault(row, word)
    for row, word, offset, _ in candidates:  # a page may be the only one with a head
        if offset == 0 and row.page > 1 and _is_cell(word, row):
            found.setdefault(row, word)
    return found


def _value(number: str) -> int:
    return int(number) if number.isdigit() else number_of("i", number.lower())


def _is_cell(word: str, row: Row) -> bool:
    """Whether a word stands alone in one of several cells of a row."""
    cells = ["".join(s.text for s in cell).strip() for line in row.lines for cell in line.cells]
    return len(cells) > 1 and word in cells


def _numbers(text: str) -> Iterator[str]:
    """The numbers in a row that may be its folio."""
    words = text.strip()
    if match := FOLIO.fullmatch(words):
        yield match[1]
    elif not _LABELLED.match(words):
        if match := re.match(r"[^\w§]*(\d{1,4})(?![\d])(?![.,]\d)\W", words):
            yield match[1]
        if match := re.search(r"(?<![\w.,])(\d{1,4})\W*$", words):
            yield match[1]
        if match := re.search(r"(?:^|\s)(\d{1,4})\s*/\s*\d{1,4}\W*$", words):
            yield match[1]


def _is_repeated(row: Row, rows: Iterable[Row], setting: TextSetting) -> bool:
    """Whether another page has the same letters at the same place."""
    within = SAME_PLACE * (2 if setting.scanned else 1)
    return (
        bool(row.letters)
        and not _is_note(row)
        and any(
            other is not row
            and abs(other.y - row.y) <= within
            and _are_alike(row.letters, other.letters, setting.scanned)
            and not (setting.estimated and row.capitals != other.capitals)
            and (not _goes_on(row, setting) or _beside(row) == _beside(other))
            for other in rows
        )
    )


def _goes_on(row: Row, setting: TextSetting) -> bool:
    """Whether a row and the one beside it follow each other as lines of a paragraph do."""
    if setting.estimated or not row.beside:
        return False
    size, upper = row.lines[0].size, (row.lines if row.head else row.beside)[0]
    return (
        setting.alike(size, row.beside[0].size)
        and row.apart <= APART * setting.lead(size)
        and upper.width > (FULL if row.head else HALF) * setting.frame(upper).width
    )


def _beside(row: Row) -> str:
    return _letters_of(row.beside)


def _letters_of(lines: Iterable[SetLine]) -> str:
    return "".join(_letters(line.text) for line in lines)


def _is_head(row: Row, rows: Iterable[Row]) -> bool:
    """Whether a row of a plain text with a number may be a running head, and no note: it is in
    capitals, or another page has its letters."""
    return row.capitals or any(
        x is not row and (x.letters, x.capitals) == (row.letters, row.capitals) for x in rows
    )


def _is_note(row: Row) -> bool:
    """Whether a row at the foot begins with the label of a note: “1 Ibid.” may be repeated."""
    label = label_of(min(row.lines, key=lambda line: line.left))
    return not row.head and label is not None and label.manner != "plain"


def _is_called(row: Row, called: Container[tuple[int, str]]) -> bool:
    """Whether a row at the foot begins with a label that its page calls."""
    line = min(row.lines, key=lambda line: line.left)
    label = label_of(line)
    if row.head or label is None or line.capitals or line.small_caps:
        return False
    return (row.page, label.label) in called and bool(_letters(line.text[label.end :]))


def _are_alike(a: str, b: str, scanned: bool) -> bool:
    if a == b or not scanned or not a or not b:
        return a == b
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE


def _stands_apart(row: Row, setting: TextSetting) -> bool:
    """Whether a row is set otherwise than the text, or further from it than a line."""
    if setting.estimated:
        goes_on = row.text.endswith((",", ";", ":", "!", "?", "-"))
        return len(row.text.split()) <= HEAD_WORDS and not goes_on
    unlike = any(not setting.alike(line.size, setting.size) for line in row.lines)
    shaped = all(line.capitals or line.small_caps or line.italic for line in row.lines)
    return unlike or shaped or row.apart > APART * setting.lead(setting.size)


def _at_place(row: Row, sure: Iterable[Row], setting: TextSetting) -> bool:
    """Whether a row stands where furniture stands on other pages, in the same type. One such page
    is enough if the row is clearly no line of the text."""
    first = row.lines[0]
    near = [
        other
        for other in sure
        if abs(other.y - row.y) <= SAME_PLACE / 2
        and setting.alike(other.lines[0].size, first.size)
        and other.letters
    ]
    shaped = not setting.alike(first.size, setting.size) or first.capitals or first.italic
    unlike = shaped and row.apart > 1.5 * setting.lead(setting.size)
    return len(row.letters) > 1 and len(near) >= (1 if unlike else LEAST)


def _is_alone(row: Row, lines: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether a row that no other page has is furniture: it stands well apart, after the first
    page, and is a folio at the foot, or has the words of the title, or a sentence goes on over
    it."""
    first = lines[0].page
    if setting.places != "exact" or row.page == first or _is_note(row):
        return False
    if row.apart < FAR * setting.lead(setting.size) or len(row.text) > LONGEST:
        return False
    if not row.head and FOLIO.fullmatch(row.text.strip()):
        return True
    title = _letters_of(x for x in lines if x.page == first and is_display(x, setting))
    larger = any(x.size > LARGER * setting.size for x in row.lines)
    titled = not larger and len(row.letters) > SHORTEST and row.letters in title
    return titled or _is_flowed_over(row, lines, setting)


def _is_flowed_over(row: Row, lines: Sequence[SetLine], setting: TextSetting) -> bool:
    """Whether a sentence goes on from the page before to that of a row at its head, or from that of
    a row at its foot to the page after."""
    page = row.page if row.head else row.page + 1
    here = [line for line in lines if line.page == page and line not in row.lines]
    if not here or not here[0].words[:1].islower():
        return False
    above = [
        line
        for line in lines
        if line.page == page - 1
        and line not in row.lines
        and setting.alike(line.size, here[0].size)
    ]
    return bool(above) and not ends_clause(above[-1].words)


def folio_marks(pages: Iterable[int], found: Mapping[int, str]) -> dict[int, str]:
    """The label of each of `pages`: its folio, or, in square brackets, a number counted from the
    nearest known folio. `found` has what looks like the folio of a page."""
    folios = coherent(found)
    known = sorted(page for page, folio in folios.items() if folio.isdigit())
    marks = {}
    for page in set(pages):
        at = bisect_left(known, page)
        nearest = min(known[max(0, at - 1) : at + 1], key=lambda p: abs(page - p), default=page)
        first = int(folios[nearest]) if known else page
        marks[page] = folios.get(page, f"[{first + page - nearest}]")
    return marks


# ---------------------------------------------------------------- line numbers and margins


def find_line_numbers(
    lines: Sequence[SetLine], setting: TextSetting
) -> dict[int, tuple[SetLine | None, str]]:
    """The lines that have their number in the margin, by number: each without it (None: nothing is
    left, since an extraction has put it on a line of its own), and it."""
    found: list[tuple[SetLine, SetLine | None, int]] = []
    alone = _numbers_alone(lines) if setting.estimated else ()
    for n, line in enumerate(lines):
        if n in alone:
            found.append((line, None, int(line.words)))
        for at, rest in ((0, line.cells[1:]), (-1, line.cells[:-1])):
            text = "".join(span.text for span in line.cells[at]).strip()
            if rest and re.fullmatch(r"\d{1,4}", text):
                found.append((line, line.only(rest), int(text)))
                break
    numbers = [number for _, _, number in found]
    steps = Counter(b - a if b > a else b for a, b in pairwise([0, *numbers]))  # or begins anew
    step, count = steps.most_common(1)[0] if steps else (0, 0)
    if step not in STEPS or len(found) < NUMBERED or count < 0.5 * len(found):
        return {}
    if step == 1 and all(line.raised for line, _, _ in found):  # the labels of notes
        return {}
    beside = zip((0, *numbers), numbers, (*numbers[1:], 0), strict=False)
    counting = [n in (step, above + step, below - step) for above, n, below in beside]
    return {
        line.number: (rest, str(n))
        for (line, rest, n), counts in zip(found, counting, strict=True)
        if counts and n % step == 0
    }


def _numbers_alone(lines: Sequence[SetLine]) -> set[int]:
    """The indices of the lines that are a number only, and from which to another such line there
    are about as many lines as the numbers say."""
    numbers = [n for n, line in enumerate(lines) if re.fullmatch(r"\d?[05]", line.words)]
    pairs = [
        (a, b)
        for a, b in pairwise(numbers)
        if abs(int(lines[b].words) - int(lines[a].words) - (b - a - 1)) <= 1
    ]
    return {n for pair in pairs for n in pair}


def without_numbers(
    lines: Iterable[SetLine], numbers: Mapping[int, tuple[SetLine | None, str]]
) -> Iterator[SetLine]:
    """The lines without their numbers. Those below a number that had a line of its own close up."""
    page, raised = 0, 0.0
    for line in lines:
        page, raised = line.page, raised if line.page == page else 0.0
        rest, _ = numbers.get(line.number, (line, ""))
        if rest is None:
            raised += LEAD
        else:
            yield replace(rest, baseline=rest.baseline - raised)


def find_margins(
    lines: Iterable[SetLine], setting: TextSetting
) -> dict[int, tuple[SetLine | None, SetLine]]:
    """The lines that have words in the margin, by number: each without them (None: nothing is
    left), and the words. Those of a line of their own have text beside them."""
    lines = list(lines)
    found: dict[int, tuple[SetLine | None, SetLine]] = {}
    alone: list[SetLine] = []
    text: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        frame = setting.frame(line)
        left, right = frame.left - BESIDE * setting.size, frame.right + BESIDE * setting.size
        outside = [c for c in line.cells if c[0].left > right or c[-1].right < left]
        inside = [cell for cell in line.cells if cell not in outside]
        if inside:
            text[line.page].append(line.baseline)
        if outside and inside:
            found[line.number] = (line.only(inside), _aside(line, outside))
        elif outside:
            alone.append(line)
    near = APART * setting.lead(setting.size)
    alone += _beside_text(lines, found, setting)
    for line in alone:
        if any(abs(y - line.baseline) <= near for y in text[line.page]):
            found[line.number] = (None, _aside(line, line.cells))
    return dict(sorted(found.items()))


def _beside_text(
    lines: Sequence[SetLine], known: Container[int], setting: TextSetting
) -> list[SetLine]:
    """The lines of narrow columns of small type beside the text: that is in another column."""
    columns: dict[tuple[int, int], list[SetLine]] = defaultdict(list)
    for line in lines:
        columns[line.page, line.column].append(line)
    widths = [setting.frame(line).width for line in lines if setting.is_text(line.size)]
    wide = median(widths) if widths else 0.0
    return [
        line
        for (page, _), column in columns.items()
        if all(line.size < SMALL * setting.size for line in column)
        and max(line.right for line in column) - min(line.left for line in column) < HALF * wide
        for line in column
        if line.number not in known and any(page == p for p, c in columns if c != line.column)
    ]


def _aside(line: SetLine, cells: Sequence[tuple[TypeSpan, ...]]) -> SetLine:
    """Cells of a line as a line of their own, in which only what is smaller than they are is
    raised."""
    aside = line.only(cells)
    size = max(span.type.size for span in aside.spans)

    def lowered(span: TypeSpan) -> TypeSpan:
        raised = span.type.raised and span.type.size < 0.9 * size
        return replace(span, type=replace(span.type, raised=raised))

    kept = tuple(tuple(map(lowered, cell)) for cell in aside.cells)
    return replace(aside, cells=kept, size=size)
