"""Prose: omit call-outs, make lines into paragraphs, join words across line ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive_site import interface
from archive_site.recover.draft import (
    CALL,
    DOUBT,
    END,
    MARKS,
    MENDED,
    PAGE,
    Draft,
    DraftBlock,
    Line,
    ends_clause,
    ends_sentence,
    ends_short,
    full_width,
    key,
    set_width,
    vocabulary,
)
from archive_site.text.dates import MONTHS
from archive_site.text.document import Omission
from archive_site.text.lexicon import is_word, join_hyphen
from archive_site.witness.pagination import coherent

DOUBLE_SPACED = 0.7
"""If more than this share of lines has a blank line below, blank lines do not separate paragraphs
(004)."""
QUOTE_INDENT = 4
RARE_INDENT = 0.05
"""Indents open quotations if at most this share of lines has one (003), else paragraphs."""
CALLOUT_WORDS, CALLOUT_CHUNKS, CALLOUT_LETTERS = 5, 10, 500
CALLOUT_REACH = 20_000
"""How far from a call-out the words that it repeats may be, in letters: about eight pages."""
HEADING_WORDS, HEADING_SHARE = 12, 0.8
NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,5})(?:[.)]|\s[-–—])\s+[«\"“]?[A-ZÀ-Ý]")
LINKING_WORDS = frozenset(
    "à au aux avec ce ces cette comme dans de des du elle en est et il la le les leur leurs mais"
    " ne nous on ou où par pas pour qu’on que qui sa sans se ses si son sur un une vers".split()
)
"""A line that ends with one of these is not a heading, since its sentence continues."""
ASTERISM = re.compile(r"\s*(?:[*⁂•·~]\s*){1,7}|\s*[-–—_]{3,}\s*")
LIST_ITEM = re.compile(r"\s*[-–•]\s+(?=\S)")
CHAPTER = re.compile(r"[IVXLC]+\.?|\d{1,2}\.?|chapitre\s+\w+\.?", re.IGNORECASE)
_MONTH = "|".join(MONTHS)
DATE = (
    rf"(?:le\s+)?(?:\d{{1,2}}(?:er)?(?:\s*[-–]\s*\d{{1,2}})?\s+(?:{_MONTH})(?:\s+\d{{4}})?"
    rf"|(?:{_MONTH})\s+\d{{4}})\.?"
)
_DATELINE = re.compile(rf"(?:[A-ZÀ-Ý][\w’' -]+,\s*)?{DATE}", re.IGNORECASE)
DATELINE_LENGTH = 60
HYPHEN_DOUBT = interface.HYPHEN_DOUBT


# ---------------------------------------------------------------- runs of lines


def chunks(lines: Iterable[Line]) -> list[list[Line]]:
    """Runs of lines, separated by blank lines and page breaks. If the lines are double-spaced, it
    takes two blank lines to separate runs."""
    lines = list(lines)
    limit = 2 if is_double_spaced(lines) else 1
    found: list[list[Line]] = []
    blanks = limit
    for line in lines:
        if line.blank:
            blanks += 1
        elif blanks >= limit or line.page != found[-1][-1].page:
            found.append([line])
            blanks = 0
        else:
            found[-1].append(line)
            blanks = 0
    return found


def is_double_spaced(lines: list[Line]) -> bool:
    """Whether most lines have a blank line below, even in mid-sentence."""
    full = [i for i, line in enumerate(lines[:-1]) if not line.blank]
    apart = [i for i in full if lines[i + 1].blank]
    open_ended = sum(not ends_sentence(lines[i].text) for i in apart)
    return len(apart) > DOUBLE_SPACED * len(full) and open_ended > len(apart) / 2


def set_callouts_aside(draft: Draft) -> Draft:
    """Declare as omissions the runs of lines that only repeat words of a longer run nearby."""
    if is_double_spaced(list(draft.lines)):
        return draft
    runs = chunks(draft.lines)
    keys = [key("".join(line.text for line in run)) for run in runs]
    starts = [0]
    for k in keys:
        starts.append(starts[-1] + len(k))
    whole = "".join(keys)
    edges = set(starts)
    aside: set[int] = set()
    omissions = []
    i = 0
    while i < len(runs):
        j = _callout_end(i, keys, starts, edges, whole, runs)
        if j is not None:
            for run in runs[i:j]:
                aside.update(line.number for line in run)
                omissions.append(
                    Omission(run[0].number, run[-1].until, interface.SET_ASIDE_AS["callout"])
                )
        i = j or i + 1
    kept = tuple(replace(line, text="") if line.number in aside else line for line in draft.lines)
    return replace(draft, lines=kept, omissions=draft.omissions + tuple(omissions))


def _callout_end(
    i: int,
    keys: list[str],
    starts: list[int],
    edges: set[int],
    whole: str,
    runs: list[list[Line]],
) -> int | None:
    """The index after the last run of the call-out that begins with run `i`; None if none does."""
    if (
        len(keys[i]) < 8
        or len(keys[i]) > CALLOUT_LETTERS
        or runs[i][0].text.lstrip().startswith("(")
    ):
        return None
    best = None
    for j in range(i + 1, min(i + CALLOUT_CHUNKS, len(runs)) + 1):
        words = whole[starts[i] : starts[j]]
        if len(words) > CALLOUT_LETTERS:
            break
        # It may interrupt the words that it repeats: join the text before it and after it.
        first = max(0, starts[i] - CALLOUT_REACH)
        around = whole[first : starts[i]] + whole[starts[j] : starts[j] + CALLOUT_REACH]
        at = around.find(words)
        if at < 0:
            continue
        at += first if first + at < starts[i] else first + len(words)  # its position in `whole`
        count = sum(len(line.words.split()) for run in runs[i:j] for line in run)
        within = at not in edges or at + len(words) not in edges
        within |= not ends_clause(runs[j - 1][-1].text)
        if within and (count >= CALLOUT_WORDS or (j == len(runs) and count > 1)):
            best = j
    return best


# ---------------------------------------------------------------- paragraphs


def find_passages(draft: Draft) -> Draft:
    """Make the lines into headings and paragraphs, also across pages and columns."""
    lines = list(draft.lines)
    width = full_width(lines)
    indents = sum(line.indent >= 2 for line in lines if not line.blank)
    full = sum(not line.blank for line in lines) or 1
    by_indent = indents > RARE_INDENT * full
    groups: list[list[DraftBlock]] = []  # pieces that make one passage
    for run in chunks(lines):
        for piece in _pieces(run, width, by_indent, _complete(groups)):
            if groups and _belongs(groups[-1], piece, width, by_indent):
                groups[-1].append(piece)
            else:
                groups.append([piece])
    passages = [replace(g[0], lines=tuple(x for p in g for x in p.lines)) for g in groups]
    doubted = (
        replace(p, doubts=(draft.doubts[p.lines[0].number],))
        if p.lines[0].number in draft.doubts
        else p
        for p in passages
    )
    return replace(draft, passages=tuple(doubted))


def _belongs(group: list[DraftBlock], piece: DraftBlock, width: float, by_indent: bool) -> bool:
    """Whether a piece belongs to the passage that the pieces in `group` make."""
    first, last = group[0], group[-1]
    return _goes_on(first, last, piece, width, by_indent) or _same_title(first, last, piece, width)


def as_paragraphs(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], ...]:
    """The lines of a note as paragraphs. A blank line separates them if a sentence ends there and
    what follows is not a signature (“[N.d.T.]”)."""
    paragraphs: list[list[Line]] = []
    double = len(lines) > 2 and is_double_spaced(list(lines))
    for run in chunks(lines) if not double else [[line for line in lines if not line.blank]]:
        text = paragraphs[-1][-1].text if paragraphs else ""
        signed = re.fullmatch(r"\s*\[N\.\s?[A-Za-z.]+\]\s*", run[0].text) is not None
        if paragraphs and (signed or not ends_sentence(text)):
            paragraphs[-1] += run
        elif run:
            paragraphs.append(list(run))
    return tuple(tuple(p) for p in paragraphs if any(not line.blank for line in p))


def _complete(groups: list[list[DraftBlock]]) -> bool:
    """Whether a heading can follow `groups`: they are empty, or end with a heading or a clause."""
    if not groups or groups[-1][0].kind == "heading":
        return True
    return ends_clause(groups[-1][-1].lines[-1].text)


def _pieces(run: list[Line], width: float, by_indent: bool, complete: bool) -> list[DraftBlock]:
    """A run of lines as a dateline, a heading, paragraphs and quotations."""
    pieces: list[DraftBlock] = []
    if complete and is_dateline(run[0].words):
        pieces.append(DraftBlock((run[0],), "dateline"))
        run = run[1:]
    heading = _heading_length(run, width) if complete and run else 0
    if heading:
        pieces.append(DraftBlock(tuple(run[:heading]), "heading", level=2))
        run = run[heading:]
    if heading and run and is_dateline(run[0].words):
        pieces.append(DraftBlock((run[0],), "dateline"))
        run = run[1:]
    start = 0
    for i in range(1, len(run) + 1):
        above, below = tuple(run[max(0, i - 2) : i]), tuple(run[i : i + 2])
        if i == len(run) or _breaks(above, below, width, by_indent):
            lines = tuple(run[start:i])
            if lines:
                quoted = not by_indent and lines[0].indent >= QUOTE_INDENT
                pieces.append(DraftBlock(lines, "quotation" if quoted else "paragraph"))
            start = i
    return pieces


def _breaks(
    above: tuple[Line, ...], below: tuple[Line, ...], width: float, by_indent: bool
) -> bool:
    """Whether a paragraph ends between two adjacent lines, the last of `above` and the first of
    `below`. The other lines show how wide the column is (002: a call-out makes it narrower)."""
    line, following = above[-1], below[0]
    if by_indent and following.indent >= 2 > line.indent:
        return True
    if not by_indent and following.indent >= QUOTE_INDENT:
        return True
    if LIST_ITEM.match(following.text) and ends_clause(line.text):
        return True
    opens = re.match(r"[\s«“\"—–-]*[A-ZÀ-Ý\d(]", following.text) is not None
    ends = ends_sentence(line.text) or line.text.rstrip().endswith(":")
    for side in (above, below):
        if len(side) > 1:
            width = min(width, max(set_width(x.text) for x in side))
    return bool(ends) and opens and ends_short(line, following, width)


def _heading_length(run: list[Line], width: float) -> int:
    """The number of lines at the start of a run that are a heading (0: none)."""
    first = run[0]
    if NUMBERED.match(first.text) and not ends_sentence(first.words):
        return 2 if len(run) == 2 and _is_short(run[1], width) else 1 if len(run) < 3 else 0
    if CHAPTER.fullmatch(first.words) and len(run) == 1:
        return 1
    if _is_capitals(first.words):
        return next((i for i, line in enumerate(run) if not _is_title_line(line)), len(run))
    if not _is_heading_line(first, width) or not re.match(r"[«\"“]?[A-ZÀ-Ý\d]", first.words):
        return 0
    length = 1
    if len(run) > 1 and run[1].words[:1].islower() and _is_heading_line(run[1], width):
        length = 2
    if len(run) > length:
        following = run[length]
        if following.indent >= QUOTE_INDENT:
            return 0
        if not re.match(r"[«\"“–—-]?\s?[A-ZÀ-Ý\d]", following.words):
            return 0
        if len(run) == length + 1 and set_width(following.text) < HEADING_SHARE * width:
            return 0
    return length


def _is_heading_line(line: Line, width: float) -> bool:
    words = line.words
    return (
        set_width(words) < HEADING_SHARE * width
        and len(words.split()) <= HEADING_WORDS
        and not words.endswith((".", ",", ";", ":", "-", "»", "…", "!", ")", "]", "”", '"'))
        and not LIST_ITEM.match(words)
        and words.rsplit(" ", 1)[-1].casefold() not in LINKING_WORDS
        and re.search(r"[^\W\d]{2}|\d{4}", words) is not None
        and "http" not in words
        and not re.search(r"[.!?] [—–-]", words)
    )


def _is_title_line(line: Line) -> bool:
    return _is_capitals(line.words) and not is_dateline(line.words)


def is_dateline(words: str) -> bool:
    """Whether `words` are a date, alone or after a place."""
    return len(words) <= DATELINE_LENGTH and _DATELINE.fullmatch(words) is not None


def _is_short(line: Line, width: float) -> bool:
    return set_width(line.text) < HEADING_SHARE * width and not ends_sentence(line.words)


def _is_capitals(words: str) -> bool:
    bare = re.sub(f"{CALL}[^{END}]*{END}|\\([^()]*\\)", "", words)
    letters = [c for c in bare if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def _same_title(title: DraftBlock, last: DraftBlock, piece: DraftBlock, width: float) -> bool:
    """Whether `piece` continues the heading `title`: capitals after capitals, or one short line
    after a numbered heading."""
    above, below = last.lines[-1].words, piece.lines[0].words
    if title.kind != "heading" or NUMBERED.match(below):
        return False
    capitals = _is_capitals(above) or CHAPTER.fullmatch(above) is not None
    if piece.kind == "heading" and capitals and _is_capitals(below):
        return True
    rest = len(piece.lines) == 1 and _is_short(piece.lines[0], width)
    return rest and NUMBERED.match(title.lines[0].text) is not None


def _goes_on(
    passage: DraftBlock, before: DraftBlock, piece: DraftBlock, width: float, by_indent: bool
) -> bool:
    """Whether a piece continues the passage before it, whose last piece is `before`, across a blank
    line, page or column."""
    if "heading" in (passage.kind, piece.kind) or piece.kind == "quotation":
        return False
    above, below = before.lines[-1], piece.lines[0]
    if above.page != below.page and below.number == above.until + 1:
        return not _breaks((above,), (below,), width, by_indent)
    last = above.text.rstrip()
    first = piece.lines[0].words
    if LIST_ITEM.match(first):
        return False
    if passage.kind == "quotation" and _is_open(passage.lines[0], above):
        return True
    if ASTERISM.fullmatch(last) or ASTERISM.fullmatch(first):
        return False
    opening = first.lstrip("—– ")[:1]
    if last.endswith("-") or (opening.islower() and not last.endswith(":")):
        return True
    return not ends_clause(last) and not ends_short(above, below, width)


def _is_open(opening: Line, closing: Line) -> bool:
    """Whether the line `opening` begins with a quotation mark that is not closed near the end of
    the line `closing`."""
    first, last = opening.words, closing.words
    if first[:1] not in '"“«':
        return False
    tail = last[-TAIL:] if closing is not opening else last[1:][-TAIL:]
    return not re.search(r"[\"”»]", tail)


TAIL = 60


# ---------------------------------------------------------------- words


def join_words(draft: Draft) -> Draft:
    """Give every passage its text, with a mark at each page break in it."""
    words = vocabulary(draft.lines)
    folios = folio_marks((line.page for line in draft.lines), draft.folios)
    page, passages = 1, []
    for passage in draft.passages:
        text = join_lines(passage.lines, words, page, folios)
        page = max(page, *(line.page for line in passage.lines))
        text = _respaced(passage, text) if passage.kind == "heading" else text
        passages.append(replace(passage, text=text))
    return replace(draft, passages=tuple(passages))


def join_lines(
    lines: Iterable[Line],
    words: Counter[str],
    page: int | None = None,
    folios: Mapping[int, str] | None = None,
) -> str:
    """`lines` as running text. Words hyphenated at line ends are joined, and the page breaks after
    `page` are marked with `folios`."""
    done: list[str] = []
    word = ""  # the last word so far, which the next line may continue
    for line in lines:
        if line.blank:
            continue
        mark = ""
        if page is not None and line.page > page:
            page = line.page
            mark = f"{PAGE}{(folios or {})[page]}{END}"
        text = _joined(word, line.words, mark, words)
        cut = max(text.rfind(" ") + 1, len(text) - LONGEST_WORD)
        done.append(text[:cut])
        word = text[cut:]
    return "".join([*done, word])


LONGEST_WORD = 1000
"""The most characters at the end of the text that count as its last word or web address."""


def _joined(word: str, addition: str, mark: str, words: Counter[str]) -> str:
    """The last word so far and the next line, joined directly or with a space."""
    if not word:
        return mark + addition
    address = "http://" in word or "https://" in word
    if address and word[-1] in "/_.-" and not addition.startswith("http"):
        return word + mark + addition
    right = addition.split(" ", 1)[0]
    if re.search(r"[^\W\d_]-$", word[-2:]):
        joined, sure = join_hyphen(word, right, words)
        if not sure and not mark:
            joined = f"{DOUBT}{HYPHEN_DOUBT}{END}{joined}{END}"
        if mark:
            joined = (word if joined == word + right else word[:-1]) + mark + right
        return joined + addition[len(right) :]
    if re.search(r"\d-$", word[-2:]) and addition[:1].isdigit():
        return word + mark + addition
    return f"{word} {mark}{addition}"


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


def _respaced(passage: DraftBlock, text: str) -> str:
    """A letter-spaced title without its spaces, as an emendation: “L A   G R È V E” → “LA
    GRÈVE”."""
    tokens = text.split(" ")
    single = sum(len(token) == 1 and token.isalpha() for token in tokens)
    if len(tokens) < LETTERSPACED or single < 0.7 * len(tokens) or MARKS.search(text):
        return text
    groups = re.split(r"\s{2,}", " ".join(line.text.strip() for line in passage.lines))
    parted = " ".join("".join(group.split()) for group in groups)
    return f"{MENDED}{text}{END}{parted if len(groups) > 1 else _worded(parted)}{END}"


LETTERSPACED = 4
LEXICON_WORD = 40  # letters of the longest word in the lexicon


def _worded(letters: str) -> str:
    """`letters` divided into words of the lexicon, the longest first; unchanged if impossible."""
    words, i = [], 0
    while i < len(letters):
        for j in range(min(len(letters), i + LEXICON_WORD), i, -1):
            if j - i > 1 and is_word(letters[i:j]):
                break
        else:
            return letters
        words.append(letters[i:j])
        i = j
    return " ".join(words)
