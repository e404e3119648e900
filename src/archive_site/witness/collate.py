"""Compares an edition with its witness, character by character: where each block comes from, and
what differs.

Read with its `sic` forms, an edition is its witness without the omissions. Blocks, notes and
omissions must tile the witness: they cover every character once, in its order. Only spaces and
hyphens at line ends may differ; those within a line may not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, repeat
from operator import itemgetter

from archive_site.edition.writing import write_inlines
from archive_site.findings import Finding
from archive_site.text.alike import told_apart
from archive_site.text.document import Block, Document, Emendation
from archive_site.text.numerals import marker_of
from archive_site.text.reading import reading_text
from archive_site.witness.page_breaks import Stretch, check_breaks
from archive_site.witness.pagination import Pagination, paginate
from archive_site.witness.stream import (
    CALL,
    FIGURE,
    FREE,
    HYPHENS,
    IN_NOTE,
    IN_TEXT,
    OMITTED,
    SOUGHT,
    Spelling,
    Stream,
    alike_over_lines,
    bare,
    gaps_of,
    past,
    plain,
    same_kinds,
    same_within_a_line,
    spelling,
)
from archive_site.witness.witness import Witness

BULLETS = "•–—*"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
WORDS_DECLARED = 8  # a difference of more words is not declared as an emendation
_SHOWN = 80
_OVERRUN = 12  # a match may overrun by chance by at most this many characters
_PIECE = 12  # a shorter piece of a block is accepted only at the next free character
_SURE = 16  # a match of this many characters cannot be chance: the block goes on there
_LIKELY = 8  # a match of this many cannot be chance if it follows at once
_REPEATED = 8  # the penalty for a likely match, which may be a repeated word
_MID_WORD = 12  # the beginning of a word at this distance is as likely as the middle of one here
_FAR = 20  # the greatest distance of a block's beginning from where it is expected
_AFTER = 32  # after a match, how many more characters to try for a nearer one
_NEARBY = 2_000  # the greatest distance at which a few characters are searched for
_LINE = 100  # tolerance for distances: at most about a line of characters
_NEAR, _FEW = 60, 3  # a match shorter than `_LIKELY`: the greatest distance, the least length
# Limits that only an edition of another witness exceeds; without them, time would be quadratic.
_TRIED = 1_000  # places at which a piece is tried
_AGAIN = 5  # places at which a block is tried after words that differ
_LOST = 10_000  # characters of a block that differ before the search for the rest is given up
_MOST_SHOWN = 20_000  # characters of the witness in one difference
_MOST_COMPARED = 4_000_000  # pairs of words
_CLOSING = tuple("»”.,;:!?…)]")
_TAKEN = re.compile(rb"[^\0]")
_BETWEEN = re.compile(rf"[{HYPHENS}\s{CALL}]*")
_STOPS = tuple('.!?…:;»”")]')


@dataclass(frozen=True, slots=True)
class Difference:
    """An undeclared difference, extended to whole words: the characters `start` to `end` of `block`
    in the edition, and what the witness has instead, on its line `line`."""

    block: Block
    start: int
    end: int
    edition: str
    witness: str
    line: int


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Counts of a collation. The words of the witness: all, those of the text, of the notes, of
    omissions (`apart`), and the labels and calls of notes (`figures`). Then the words that the
    edition has `lost` and `added`, and the hyphens at line ends that it has `closed` up."""

    witness: int = 0
    text: int = 0
    notes: int = 0
    apart: int = 0
    figures: int = 0
    lost: int = 0
    added: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Collation:
    """The result of a collation: the first and last witness line of every block (by id) and note
    (by label; 0: none), the witness line of every emendation in reading order, the counts, the
    findings and the differences. `order` has the ranges of lines that the front matter would have
    to declare; it is empty if the blocks are in order. `missing`: the witness lines on which words
    begin that the edition lacks."""

    blocks: dict[str, tuple[int, int]]
    notes: dict[str, tuple[int, int]]
    emended: tuple[int, ...]
    words: WordCounts
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()
    order: tuple[tuple[int, int], ...] = ()
    missing: tuple[int, ...] = ()


def collate(document: Document, witness: Witness, path: str) -> Collation:
    """Collate the edition at `path` with its witness."""
    stream = Stream(witness, document.meta.order)
    state = _State(stream, path, document.meta.status == "draft")
    for omission in document.meta.omissions:
        state.omit(omission.first, omission.last, omission.text)
    for block in document.blocks:
        state.place(block, IN_TEXT)
    state.cursor = 0  # notes are in the order of the witness too: “Ibid.” may be many
    for note in document.notes:
        for n, block in enumerate(note.blocks):
            state.place(block, IN_NOTE, note.label if n == 0 else "")
    state.place_again()
    state.assign_unmatched()
    state.compare_boundaries()
    emended = state.locate()
    spans = iter([placed.span for placed in state.placed])
    blocks = {block.id: next(spans) for block in document.blocks}
    notes = {}
    for note in document.notes:
        found_lines = [line for _ in note.blocks for line in next(spans) if line]
        notes[note.label] = (min(found_lines, default=0), max(found_lines, default=0))
    differences = tuple(state.differences())
    misplaced = list(state.misplaced(differences))
    differing = state.differing(differences)
    shown = paginate(stream.clean)
    aside = None if witness.stated else state.aside(witness)
    breaks = check_breaks(path, state.stretches(shown), shown, aside)
    findings = (*state.findings, *misplaced, *differing, *state.unnumbered())
    found = (*findings, *state.lost(witness), *breaks)
    return Collation(
        blocks,
        notes,
        tuple(emended),
        state.words(differences),
        tuple(sorted(found)),
        differences,
        state.order() if any(finding.code == "E035" for finding in misplaced) else (),
        tuple(stream.lines[start] for start, _ in state.lost_runs()),
    )


_Span = tuple[int, int, int, int]
"""The start and end of characters of a block, and the start and end of those of the witness."""


@dataclass(slots=True)
class _Placed:
    """A block and the places of its characters in the witness. Each of `pieces` has the index of
    its first character in the block, its place in the witness (-1: not found), and its length."""

    spelling: Spelling
    owner: int
    label: str  # of the note that it begins; else empty
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    faults: list[tuple[int, int]] = field(default_factory=list)
    """Where it differs: the index in the block, and the place in the witness."""
    covered: list[tuple[int, int]] = field(default_factory=list)
    """The stretches of the witness that it owns, including calls and its label."""
    count: int = 0  # how many of its characters have been placed
    assigned_end: int = 0  # the end of what `_assign` gave it, if none of its words were found
    span: tuple[int, int] = (0, 0)  # its first and last line in the witness
    marked: bool = False  # whether its label, bullet or number is in the witness
    _where: list[int] | None = None

    @property
    def where(self) -> list[int]:
        """The place of each of its characters in the witness (-1: not found)."""
        if self._where is None:
            each = (
                range(there, there + count) if there >= 0 else repeat(-1, count)
                for _, there, count in self.pieces
            )
            self._where = list(chain.from_iterable(each))
        return self._where

    @property
    def found(self) -> list[tuple[int, int]]:
        """The stretches of the witness that match it."""
        return [(there, there + count) for _, there, count in self.pieces if there >= 0]

    def put(self, there: int, count: int) -> None:
        """Place its next `count` characters at `there` (-1: not found)."""
        if count:
            first, before, length = self.pieces[-1] if self.pieces else (0, -1, 0)
            if there >= 0 and there == before + length and before >= 0:
                self.pieces[-1] = (first, before, length + count)
            else:
                self.pieces.append((self.count, there, count))
            self.count, self._where = self.count + count, None

    def lift(self) -> None:
        """Forget the places of all its characters."""
        self.pieces, self.faults, self.covered = [], [], []
        self.count, self._where, self.marked = 0, None, False

    def found_of(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of the witness that match its characters `start` to `end`."""
        n = max(bisect_right(self.pieces, start, key=itemgetter(0)) - 1, 0)
        while n < len(self.pieces) and self.pieces[n][0] < end:
            first, there, count = self.pieces[n]
            if there >= 0 and start < end:
                yield there + max(start - first, 0), there + min(end - first, count)
            n += 1


@dataclass(slots=True)
class _State:
    stream: Stream
    path: str
    draft: bool
    cursor: int = 0
    floor: int = 0  # a search begins here, if not at the cursor
    findings: list[Finding] = field(default_factory=list)
    placed: list[_Placed] = field(default_factory=list)
    closed: int = 0
    in_differences: set[int] = field(default_factory=set)  # starts of free words in a difference
    replaced: set[int] = field(default_factory=set)  # starts of free words that a block replaces

    # ------------------------------------------------------------ placing

    def omit(self, first: int, last: int, text: str) -> None:
        """Assign the characters of an omission to it."""
        stream = self.stream
        end = min(last, max(stream.places, default=0))
        where = [i for line in range(first, end + 1) for i in stream.places.get(line, ())]
        if text and where:
            words = bare(text)
            at = stream.find_apart(words, where[0], where[-1] + 1)
            where = list(range(at, at + len(words))) if at >= 0 else []
        if not where:
            message = f"an omission must name words of the witness; found lines {first}-{last}"
            hint = "Correct its lines, or its text, in the front matter."
            self.findings.append(Finding(self.path, 1, "E034", message, hint))
        for i in where:
            stream.owner[i] = OMITTED

    def place(self, block: Block, owner: int, label: str = "") -> None:
        """Find a block's characters in the witness."""
        placed = _Placed(spelling(block), owner, label)
        self._place(placed)
        self.placed.append(placed)

    def place_again(self) -> None:
        """Place the blocks that differ again, now that all others have their characters. First come
        those that no longer differ then: they had taken the words of another block, or another
        block had taken theirs."""
        differing = [n for n, placed in enumerate(self.placed) if placed.faults]
        nowhere = {n for n in differing if not self.placed[n].found}
        former = {n: min(self.placed[n].found, default=(0, 0))[0] for n in differing}
        for n in differing:
            self._release(self.placed[n])
        for exactly in (True, False):
            for n in reversed(differing) if exactly else differing:
                placed = self.placed[n]
                if exactly and n in nowhere:
                    continue
                if exactly or placed.faults or not placed.count:
                    before = self.placed[n - 1] if n else None
                    follows = before and before.owner == placed.owner and before.found
                    self.cursor = before.found[-1][1] if before and follows else former[n]
                    self._place(placed)
                    if exactly and placed.faults:
                        self._release(placed)

    def _place(self, placed: _Placed) -> None:
        if placed.spelling.block.kind == "break":
            self._claim_sign(placed)
            return
        for n, segment in enumerate(placed.spelling.segments):
            if n:
                self._call(placed.spelling.calls[n - 1], placed, segment)
            self._segment(placed, segment)
        if placed.found:
            self._claim_label(placed)

    def _release(self, placed: _Placed) -> None:
        """Free the characters of the witness that a block owns."""
        for start, end in placed.covered:
            self.stream.owner[start:end] = bytes(end - start)
        placed.lift()

    def locate(self) -> list[int]:
        """Find the first and last witness line of every block (`_Placed.span`). Returns the line of
        each emendation, in reading order."""
        emended = []
        for placed in self.placed:
            lines = self._lines(placed)
            for n in placed.spelling.emended:
                i = placed.where[n] if n < len(placed.where) else -1
                emended.append(self.stream.line(i) if i >= 0 else max(lines, default=0))
            placed.span = (min(lines), max(lines)) if lines else (0, 0)
        return emended

    def _lines(self, placed: _Placed) -> set[int]:
        """The witness lines of a block: all of them or, if the block matches and the witness is
        read in its own order, the first and last of each stretch."""
        found = placed.found
        if self.stream.reordered or placed.faults or not found:
            return set(chain.from_iterable(self.stream.lines_of(*place) for place in found))
        pieces = (place for place in placed.covered if self.stream.owner[place[0]] == placed.owner)
        return {self.stream.line(i) for start, end in pieces for i in (start, end - 1)}

    def _segment(self, placed: _Placed, segment: str) -> None:
        """Place the characters of a block between two calls, piece by piece."""
        at, sought = 0, False
        while at < len(segment):
            rest = segment[at:]
            start, length = self._longest(rest, within=placed.count > 0)
            if not self._sound(rest, start, length):
                if not (sought or placed.count):
                    self.cursor, sought = self._opening(rest, placed), True
                start, length = self.cursor, self._run(rest, self.cursor)
            if length:
                self._cover(placed, start, length, placed.owner)
                placed.put(start, length)
            else:
                start, length = self._resumes(rest, placed)
                placed.faults.append((placed.count, self.cursor))
                placed.put(-1, length)
                self.cursor = start
            at += length

    def _sound(self, rest: str, start: int, length: int) -> bool:
        """Whether a match of `rest` is complete, or ends at a line end or at owned characters and
        is no accident."""
        if length in (0, len(rest)):
            return length > 0
        ends = self.stream.begins(start + length) or self._taken(start + length)
        return ends and (length >= _PIECE or start == self._next_free())

    def _matches(self, characters: str, at: int) -> bool:
        return self.stream.text.startswith(characters, at) and self._free(at, len(characters))

    def _free(self, start: int, length: int) -> bool:
        return self.stream.owner.count(FREE, start, start + length) == length

    def _next_free(self) -> int:
        at = self.stream.owner.find(FREE, self.cursor)
        return at if at >= 0 else len(self.stream.text)

    def _taken(self, at: int) -> bool:
        return at >= len(self.stream.text) or self.stream.owner[at] != FREE

    def _opening(self, rest: str, placed: _Placed) -> int:
        """The place of a block whose first words differ: after its label, after owned characters,
        or at the beginning of a line. Its distance from the place where the block goes on is about
        the length of the words that differ."""
        stream = self.stream
        start, length = self._resumes(rest, placed, ahead=len(stream.text))
        if length == len(rest):
            return self.cursor
        heads, at = [], start
        while at >= 0 and start - at <= 2 * length + _LINE:
            taken = self._taken(at - 1)
            if taken or stream.begins(at):
                label = self._label_at(at, placed, start)
                far = abs(start - at - label - length)
                sure = (taken or label > 0) and far <= length + _FAR
                heads.append((not sure, far, at + label))
            if taken:
                break
            at -= 1
        return min(heads, default=(True, 0, start))[2]

    def _label_at(self, at: int, placed: _Placed, until: int) -> int:
        """The length of the note's label or the list item's bullet at `at`; 0 if there is none."""
        forms = _printed_forms(placed)
        text = self.stream.text
        return next((len(f) for f in forms if text.startswith(f, at, until)), 0)

    def _resumes(self, rest: str, placed: _Placed, ahead: int = _SURE * 100) -> tuple[int, int]:
        """The place where `rest` matches the witness again, and the number of its characters before
        that: as near as possible on both sides, and preferably at the beginning of a word."""
        first = placed.count
        best = (len(rest), len(rest), self.cursor)
        last, below = min(len(rest), _LOST), self._below()
        for length in range(last):
            if length > min(best[0], best[1] + _AFTER):
                break
            for far, at, compared in self._resumptions(rest, length, below, ahead):
                cost = max(length, far) + (0 if compared == _SURE else _REPEATED)
                cost += 0 if placed.spelling.parted(first + length) else _MID_WORD
                if best[1] == len(rest) or cost < best[0]:
                    best = (cost, length, at)
        return best[2], best[1]

    def _below(self) -> int:
        """The place where the witness is free again after the owned characters near the cursor; the
        cursor if there is none."""
        taken = _TAKEN.search(self.stream.owner, self.cursor, self.cursor + _LINE)
        below = self.stream.owner.find(FREE, taken.start()) if taken else -1
        return below if below >= 0 else self.cursor

    def _resumptions(
        self, rest: str, length: int, below: int, ahead: int
    ) -> Iterator[tuple[int, int, int]]:
        """The places where the witness matches `rest` after `length` characters: the distance, the
        place, and how many characters were compared (`_SURE`, `_LIKELY`)."""
        text, owner = self.stream.text, self.stream.owner
        for count, reach in ((_SURE, ahead), (_LIKELY, length + _LIKELY)):
            piece = rest[length : length + count]
            if len(piece) < (count if count == _SURE else _FEW):
                continue
            if len(piece) >= SOUGHT and not self.stream.may_have(piece):
                continue
            everywhere = (0,) if count == _SURE and reach == len(text) else ()
            for start in dict.fromkeys((self.cursor, below, *everywhere)):
                until = start + length + (reach if len(piece) == count else _NEAR)
                at = text.find(piece, start, until)
                for _ in range(_AGAIN):  # past characters that already have an owner
                    if at < 0 or self._free(at, len(piece)):
                        break
                    at = owner.find(FREE, at + 1)
                    at = text.find(piece, at, until) if at >= 0 else -1
                if (
                    at >= 0
                    and self._free(at, len(piece))
                    and (len(piece) == count or self._may_end(at + len(piece)))
                ):
                    yield at - start, at, count

    def _may_end(self, at: int) -> bool:
        """Whether a line, or the words before a call, may end before `at`."""
        return self.stream.begins(at) or self.stream.text[at] in "[(*0123456789"

    def _call(self, label: str, placed: _Placed, after: str) -> None:
        """Assign a note call in the witness: at the cursor or, if the words before it differ, where
        the words after it follow."""
        printed = printed_label(label)
        forms = (f"[{printed}]", f"({printed})", printed, printed.translate(RAISED))
        text = self.stream.text
        if self._taken(self.cursor):  # a running head or a folio stands before the call
            self.cursor = self._next_free()
        if not placed.pieces or placed.pieces[-1][1] >= 0:
            form = next((form for form in forms if text.startswith(form, self.cursor)), "")
            words, end = after[:_LIKELY], self.cursor + len(form)
            if text.startswith(words, self.cursor) and not text.startswith(words, end):
                form = ""  # the figure begins the next words: “1918” after the note 1
            self._cover(placed, self.cursor, len(form), FIGURE)
            return
        lost = placed.count - placed.faults[-1][0]
        until = min(self.cursor + 2 * lost + _NEAR, len(text))
        for form in forms:
            at = text.find(form, self.cursor, until)
            while at >= 0:
                end = at + len(form)
                follows = text.startswith(after[:_LIKELY], end) and (
                    len(after) >= _LIKELY or self._may_end(end + len(after))
                )
                if follows and self._free(at, len(form)):
                    self._cover(placed, at, len(form), FIGURE)
                    return
                at = text.find(form, at + 1, until)

    def _cover(self, placed: _Placed, start: int, length: int, owner: int) -> None:
        self.stream.owner[start : start + length] = bytes([owner]) * length
        if length:
            placed.covered.append((start, start + length))
        self.cursor = start + length

    def _claim_label(self, placed: _Placed) -> None:
        """Assign the label before a note, or the bullet before a list item."""
        text, owner = self.stream.text, self.stream.owner
        start = placed.pieces[0][1] if placed.pieces[0][1] >= 0 else placed.faults[0][1]
        for form in _printed_forms(placed):
            first = start - len(form)
            if first >= 0 and text.startswith(form, first):
                owner[first:start] = bytes([FIGURE]) * len(form)
                placed.covered.append((first, start))
                placed.marked = True
                return

    def _claim_sign(self, placed: _Placed) -> None:
        """Assign the sign of a section break, whatever it is: the next line, if it has neither
        letters nor figures."""
        stream, start = self.stream, self._next_free()
        if start < len(stream.text) and stream.begins(start):
            sign = stream.places[stream.line(start)]
            words = stream.text[sign.start : sign.stop]
            if sign.start == start and not any(map(str.isalnum, words)):
                self._cover(placed, start, len(words), FIGURE)

    def _may_resume(self, start: int) -> bool:
        """Whether a block may go on at `start`. It may at the cursor. Otherwise the cursor must be
        at the end of a line or column or at owned characters, and `start` at the start of a line or
        column or after owned characters. A place above must be the start of a column."""
        stream, end = self.stream, self.cursor
        if start == end:
            return True
        if start < end:
            return stream.space(start) == "\t"
        leaves = stream.begins(end) or bool(stream.owner[end])
        arrives = stream.begins(start) or bool(stream.owner[start - 1])
        return leaves and arrives

    def _longest(self, characters: str, within: bool) -> tuple[int, int]:
        """The place and length of the best match of the beginning of `characters` in the free
        witness: all of them at the cursor, if they match there, else the longest piece. If `within`
        (the block has begun), only places further down are tried, unless there are columns."""
        if self._matches(characters, self.cursor):
            return self.cursor, len(characters)
        self.floor = self.cursor if within and not self.stream.columns else 0
        whole = self._find(characters, within)
        if whole is not None:
            return whole, len(characters)
        piece = self._find(characters[: self._prefix_length(characters, within)] or "\0", within)
        starts = dict.fromkeys((self.cursor, piece))
        runs = [(start, self._run(characters, start)) for start in starts if start is not None]
        return max(
            (
                (start, length)
                for start, run in runs
                for length in range(max(run - _OVERRUN, 1), run + 1)
            ),
            key=lambda place: self._rank(characters, *place),
            default=(0, 0),
        )

    def _rank(self, characters: str, start: int, length: int) -> tuple[int, bool, bool]:
        """A sort key for matching `length` characters at `start` and going on elsewhere: the length
        of the two pieces together, whether the first ends at the end of a line or column, and
        whether it begins at the cursor."""
        reached = length + self._prefix_length(characters[length:])
        return reached, self.stream.begins(start + length), start == self.cursor

    def _run(self, characters: str, start: int) -> int:
        """The number of `characters` that the free witness has at `start`."""
        text, most = self.stream.text, len(characters)
        taken = _TAKEN.search(self.stream.owner, start, start + most)
        most = min(most, (taken.start() if taken else len(text)) - start)
        length, step = 0, 1
        while step and length < most:  # in steps that grow while all characters match, then shrink
            end = min(length + step, most)
            alike = characters[length:end] == text[start + length : start + end]
            length, step = (end, step * 2) if alike else (length, step // 2)
        return length

    def _prefix_length(self, characters: str, within: bool = False) -> int:
        """The length of the longest prefix of `characters` found in the free witness. If `within`
        (the block has begun), it must be where the block may go on. A short one must be near."""
        low, high = 0, min(_SURE, len(characters))
        while high < len(characters) and self._find(characters[:high], within) is not None:
            low, high = high, min(high * 2, len(characters))
        if high == len(characters) and self._find(characters, within) is not None:
            return high
        high -= 1
        while low < high:
            middle = (low + high + 1) // 2
            near = _NEARBY if middle < _SURE else None
            if self._find(characters[:middle], within, near) is not None:
                low = middle
            else:
                high = middle - 1
        return low

    def _find(self, characters: str, within: bool = False, near: int | None = None) -> int | None:
        """The place of `characters` in the free witness, searched for from the cursor and from
        `floor` on; None if there is none. With `near`, only that many characters from the cursor,
        and from the next free character after it, are searched."""
        text = self.stream.text
        elsewhere = len(characters) >= SOUGHT and not text.startswith(characters, self.cursor)
        if elsewhere and not self.stream.may_have(characters):
            return None
        for start in dict.fromkeys((self.cursor, self._below() if near else self.floor)):
            until = start + near if near else len(text)
            at = text.find(characters, start, until)
            for _ in range(_TRIED):
                if at < 0:
                    break
                if self._free(at, len(characters)) and (not within or self._may_resume(at)):
                    return at
                at = text.find(characters, at + 1, until)
        return None

    def compare_boundaries(self) -> None:
        """Compare the spaces and hyphens between neighbouring characters of every block."""
        for placed in self.placed if self.stream.text else ():
            self._compare_block(placed)

    def _compare_block(self, placed: _Placed) -> None:
        """Compare the spaces and hyphens of a block, line by line; a line that is written exactly
        as in the witness is skipped."""
        letters, at = placed.spelling.letters, 0
        for first, there, count in placed.pieces:
            n = first
            if there < 0:
                at = past(letters, at, count)
                continue
            for length, words, before in self.stream.by_line(there, there + count):
                if n > first and before.isspace() and letters.startswith(f" {words}", at):
                    n, at = n + length, at + 1 + len(words)
                    continue
                between = _BETWEEN.match(letters, at)
                here = between[0] if between else ""
                at += len(here)
                if n > first:
                    self._compare_boundary(placed, n, there + n - first, here, before)
                end = at + len(words)
                if not letters.startswith(words, at):
                    end = past(letters, at, length)
                    mine, its = gaps_of(letters[at:end]), gaps_of(words)
                    for m in sorted({*mine, *its}):
                        i = there + n - first + m
                        self._compare_boundary(placed, n + m, i, mine.get(m, ""), its.get(m, ""))
                n, at = n + length, end

    def _compare_boundary(self, placed: _Placed, n: int, i: int, here: str, there: str) -> None:
        """Compare the spaces and hyphens before the character `n` of the block, `here`, with those
        before the character `i` of the witness, `there`."""
        if here == there or alike_over_lines(here, there) or CALL in here:
            return
        if "\n" not in there:
            if not same_within_a_line(here, there):
                placed.faults.append((n, i))
            return
        kinds = same_kinds(here, there)
        here, there = plain(here), plain(there)
        broken = there.startswith("-") and there.lstrip("-") == " "
        if broken and self.stream.text[i - 1].isalnum():  # a word broken at a line end
            self.closed += not here
            row = there.count("-") > 1 and here == there  # no word needs several hyphens
            wrong = here not in ("", "-", there.rstrip()) and not row
        else:
            joined = not here and not _may_join(self.stream, i - 1)
            dashed = here.count("-") == there.count("-") and here[:1] == there[:1]
            wrong = joined or ("-" in here + there and not dashed)
        if wrong or not kinds:
            placed.faults.append((n, i))

    def assign_unmatched(self) -> None:
        """Give each block of which no words were found the free words in its place: after its
        label if it is a note, between the blocks before and after it."""
        for owner in (IN_TEXT, IN_NOTE):
            after, waiting = 0, list[_Placed]()
            for placed in (p for p in self.placed if p.owner == owner):
                found = placed.found
                if not found:
                    waiting += [placed] if placed.count else []
                    continue
                start = found[0][0]
                self._assign(waiting, after, start if start >= after else len(self.stream.text))
                after, waiting = found[-1][1], []
            self._assign(waiting, after, len(self.stream.text))

    def _assign(self, waiting: list[_Placed], after: int, before: int) -> None:
        """Give consecutive blocks the free words from `after` to `before`."""
        stream = self.stream
        for n, placed in enumerate(waiting):
            start = self._labelled(placed, after)
            if start < 0:
                start = stream.owner.find(FREE, after, before)
                start += self._label_at(start, placed, before) if start >= 0 else 0
            if start < 0:
                return
            taken = _TAKEN.search(stream.owner, start)
            until = taken.start() if taken else len(stream.text)
            count = placed.count
            if n + 1 < len(waiting) or until - start > 2 * count + _LINE:
                ends = (at for at in range(start + 1, min(until, start + 2 * count + _LINE)))
                lines = (at for at in ends if stream.begins(at))
                until = min((*lines, until), key=lambda at: abs(at - start - count))
            placed.faults, placed.assigned_end = [(0, start)], until
            self._claim_label(placed)
            stream.owner[start:until] = bytes([placed.owner]) * (until - start)
            after = until

    def _labelled(self, placed: _Placed, after: int) -> int:
        """Where the words of a note begin, if its label is free at the beginning of a line; else
        -1."""
        stream = self.stream
        for form in _printed_forms(placed) if placed.label else ():
            for first in dict.fromkeys((after, 0)):
                at = stream.text.find(form, first)
                for _ in range(_TRIED):
                    if at < 0:
                        break
                    end = at + len(form)
                    if (
                        stream.begins(at)
                        and self._free(at, len(form) + 1)
                        and not (form[-1].isdigit() and stream.text[end].isdigit())
                    ):
                        return end
                    at = stream.text.find(form, at + 1)
        return -1

    def stretches(self, shown: Pagination) -> Iterator[Stretch]:
        """The parts of the edition between page breaks, gaps and blocks."""
        starts = [line + 1 for line in shown.likely]
        for placed in self.placed:
            spelled, span = placed.spelling, placed.span
            one_page = bisect_right(starts, span[0]) == bisect_right(starts, span[1])
            broken: dict[int, tuple[str | None, ...]] = {0: ()}
            for n, number in spelled.breaks:
                broken[n] = (*broken.get(n, ()), number)
            places = sorted(broken)
            for start, end in zip(places, [*places[1:], placed.count], strict=True):
                found = list(placed.found_of(start, end))
                every = chain.from_iterable(self.stream.lines_of(*place) for place in found)
                lines = span[:1] if one_page and found else tuple(dict.fromkeys(every))
                in_note = placed.owner == IN_NOTE
                yield Stretch(spelled, start, end, in_note, lines, broken[start])

    def aside(self, witness: Witness) -> dict[int, str]:
        """The lines of the witness that have omitted words, by number."""
        lines = chain.from_iterable(self.stream.lines_of(*run) for run in self.stream.runs(OMITTED))
        return {line: witness.lines[line - 1] for line in set(lines)}

    # ------------------------------------------------------------ findings

    def misplaced(self, differences: Iterable[Difference]) -> Iterator[Finding]:
        """Findings for blocks and notes that come before the previous one in the witness, and for
        paragraphs that begin within a sentence (unless the words at the boundary differ)."""
        stream, ranges = self.stream, ""
        heads = {id(found.block) for found in differences if found.start == 0}
        tails = {id(found.block): found.end for found in differences}
        for owner in (IN_TEXT, IN_NOTE):
            front, before = 0, None
            for placed in (p for p in self.placed if p.owner == owner):
                found = placed.found
                if not found:
                    continue
                start = found[0][0]
                block = placed.spelling.block
                above = id(before.spelling.block) if before else 0
                differs = id(block) in heads or (before and tails.get(above) == before.count)
                line = stream.line(start)
                if start < front and not self._in_column(start):
                    message = (
                        "blocks must be in the order of the witness; found this one at line "
                        f"{line}, after one at line {stream.lines[front - 1]}"
                    )
                    ranges = ranges or ", ".join(_range(*lines) for lines in self.order())
                    hint = f"Move it back, or write in the front matter: order: [{ranges}]"
                    yield Finding(self.path, block.line, "E035", message, hint)
                elif before and not differs and self._in_a_sentence(before, placed, start):
                    message = f"a paragraph must not begin within a sentence (witness, line {line})"
                    hint = "Move its first words up to the previous paragraph, or its last down."
                    yield Finding(self.path, block.line, "E037", message, hint)
                front = found[-1][1]
                before = placed if owner == IN_TEXT else None

    def unnumbered(self) -> Iterator[Finding]:
        """A finding for each number of a list that the witness does not have."""
        for placed in self.placed:
            _, numbers = _begun(placed.spelling.block)
            if numbers and placed.found and not placed.marked:
                line = self.stream.line(placed.found[0][0])
                message = f"must be words of the witness; found “{numbers}” at its line {line}"
                hint = "Write the item as a paragraph, or with the bullet -."
                yield Finding(self.path, placed.spelling.block.line, "E034", message, hint)

    def _in_column(self, start: int) -> bool:
        """Whether `start` begins another column than the one above it."""
        stream = self.stream
        beside = stream.columns and stream.space(start) == "\t"
        return beside or (stream.columns and stream.lines[start] in stream.indented)

    def _in_a_sentence(self, before: _Placed, placed: _Placed, start: int) -> bool:
        """Whether the boundary of two paragraphs cuts a sentence, both in the words of the witness
        and in those of the edition. The rule is stricter within a line of the witness than at the
        beginning of one, where a draft is not checked at all."""
        one, other = before.spelling, placed.spelling
        types = one.block.type, other.block.type
        in_speech = types == ("speech", "speech") and other.block.continues
        if types != ("paragraph", "paragraph") and not in_speech:
            return False
        begins = self._begins(start)
        if begins and self.draft:
            return False
        texts = [(one.words(), other.words())]
        if one.emended or other.emended:
            texts.append((reading_text(one.block.content), reading_text(other.block.content)))
        return all(
            _continues_sentence(last.rstrip(), first.lstrip(), begins) for last, first in texts
        )

    def _begins(self, start: int) -> bool:
        """Whether a block may begin at `start`: at the beginning of a line or column, or after an
        omission or the label or call of a note."""
        return self.stream.begins(start) or self.stream.owner[start - 1] in (OMITTED, FIGURE)

    def order(self) -> tuple[tuple[int, int], ...]:
        """The `order` that would declare the present order of the blocks."""
        owners: dict[int, int] = {}
        blocks = [p for p in self.placed if p.owner == IN_TEXT]
        for n, placed in enumerate(blocks):
            for line in chain.from_iterable(self.stream.lines_of(*run) for run in placed.found):
                owners.setdefault(line, n)
        owner, pairs = 0, []
        for line in range(1, max(owners, default=0) + 1):
            owner = owners.get(line, owner)
            pairs.append((owner, line))
        ordered = [line for _, line in sorted(pairs)]
        runs = [
            [line for _, line in run]
            for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])
        ]
        return tuple((run[0], run[-1]) for run in runs)

    def differences(self) -> Iterator[Difference]:
        """Every difference between the words of a block and those of the witness."""
        self.replaced = {there for placed in self.placed for _, there in placed.faults}
        for placed in self.placed:
            spans: list[_Span] = []
            for span in sorted(self._spans(placed)):
                if spans and self._meet(placed, spans[-1], span):
                    start, end, there, until = spans.pop()
                    span = (start, max(end, span[1]), there, max(until, span[3]))
                spans.append(span)
            for span in spans:
                yield from self._by_word(placed, *span)

    def _spans(self, placed: _Placed) -> Iterator[_Span]:
        """The faults of a block, each extended to whole words on both sides."""
        for start, there in dict.fromkeys((*self._ends(placed), *placed.faults)):
            end = start
            while end < len(placed.where) and placed.where[end] < 0:
                end += 1
            until = placed.assigned_end or self._until(there)
            if start == end and there == until and placed.where[start : start + 1] != [there]:
                continue  # no difference: the block only goes on after words of another owner
            above = self._detached_words(placed, start, end, until)
            self.in_differences |= {there} | ({above[0]} if above else set())
            if above is None or placed.assigned_end:
                yield self._grown(placed, start, end, there, until)
                continue
            middle = start  # between the words before those of another owner and the words after
            if until > there:
                parts = (n for n in range(start, end + 1) if placed.spelling.parted(n))
                middle = min(parts, key=lambda n: abs(n - start - until + there), default=end)
                yield self._grown(placed, start, middle, there, until)
            yield self._grown(placed, middle, end, *above)

    def _until(self, there: int) -> int:
        """The end of the free words at `there`."""
        most = min(there + _MOST_SHOWN, len(self.stream.text))
        taken = _TAKEN.search(self.stream.owner, there, most)
        return taken.start() if taken else most

    def _detached_words(
        self, placed: _Placed, start: int, end: int, until: int
    ) -> tuple[int, int] | None:
        """The free words directly before the place where a block goes on, if words of another owner
        separate them from the place where it begins to differ; else None."""
        owner, where = self.stream.owner, placed.where
        if end >= len(where):  # at the end of the block: the words directly after
            below = owner.find(FREE, until, until + _MOST_SHOWN) if end > start else -1
            last = self._until(below)
            near = below > until and last - below <= 2 * (end - start) + _LINE
            return (below, last) if near and self.stream.begins(below) else None
        first = where[end]
        while first > 0 and owner[first - 1] == FREE and where[end] - first < _MOST_SHOWN:
            first -= 1
        return (first, where[end]) if until < first < where[end] else None

    def _meet(self, placed: _Placed, one: _Span, other: _Span) -> bool:
        """Whether two faults are in the same words, or in neighbouring ones without a call between
        them."""
        (_, end, there, until), (start, _, below, _) = one, other
        called = 0 < start == end and end in placed.spelling.called
        return start <= end and there <= below <= until and not called

    def _ends(self, placed: _Placed) -> Iterator[tuple[int, int]]:
        """Faults at the ends of a block: free characters directly before or after it on its
        line."""
        stream, pieces = self.stream, placed.pieces
        if pieces and pieces[0][1] >= 0:
            there = start = pieces[0][1]
            while there > 0 and stream.owner[there - 1] == FREE and not stream.begins(there):
                there -= 1
            if there < start:
                yield 0, there
        after = sum(pieces[-1][1:]) if pieces and pieces[-1][1] >= 0 else 0
        if self._taken(after) or stream.begins(after):
            return
        if after not in self.replaced:  # else they belong to the first words of the next block
            yield placed.count, after

    def _grown(self, placed: _Placed, start: int, end: int, there: int, until: int) -> _Span:
        """A fault extended to whole words on both sides."""
        stream, spelled, where = self.stream, placed.spelling, placed.where
        if start == end and there == until and 0 < start < len(where):  # a space or a hyphen
            start, there, end, until = start - 1, there - 1, end + 1, until + 1
        while not (spelled.parted(start) and stream.parted(there)):
            if start == 0 or where[start - 1] != there - 1:
                break
            start, there = start - 1, there - 1
        while not (spelled.parted(end) and stream.parted(until)):
            if end == len(where) or where[end] != until:
                break
            end, until = end + 1, until + 1
        return start, end, there, until

    def _by_word(
        self, placed: _Placed, start: int, end: int, there: int, until: int
    ) -> Iterator[Difference]:
        """The differences within a span, split at words that are equal."""
        stream, spelled = self.stream, placed.spelling
        before = start > 0 and there == until
        words = spelled.words(start, end), stream.shown(there, until)
        parts = list(_word_by_word(*map(str.split, words)))
        if not parts and any(words):  # only the spaces between the words differ
            yield Difference(spelled.block, start, end, *words, stream.lines[there])
        for first, gone, new in parts:
            at = there + len(bare("".join(words[1].split()[: first[1]])))
            line = stream.lines[min(at - before, len(stream.lines) - 1)] if stream.lines else 0
            begin = start + len(bare("".join(words[0].split()[: first[0]])))
            count = len(bare("".join(new)))
            yield Difference(
                spelled.block, begin, begin + count, " ".join(new), " ".join(gone), line
            )

    def differing(self, differences: Iterable[Difference]) -> Iterator[Finding]:
        """A finding for every difference."""
        for found in differences:
            seen, there = _short(found.edition), _short(found.witness)
            if found.edition and found.witness:
                message = f"must read “{there}” as line {found.line} of the witness; found “{seen}”"
            elif found.edition:
                message = f"must be words of the witness; found “{seen}” at its line {found.line}"
            else:
                message = f"must have “{there}” of line {found.line} of the witness; found nothing"
            count = max(len(found.edition.split()), len(found.witness.split()))
            if count <= WORDS_DECLARED:
                emendation = Emendation(found.edition, found.witness)
                caption = found.block.picture is not None
                mark = write_inlines((emendation,), in_caption=caption)
                hint = f"Correct it, or declare it: {mark} (archive-site check --record does this)."
            else:
                hint = "Restore the witness's words, or declare an omission in the front matter."
            apart = told_apart(found.edition, found.witness)
            hint = f"{apart} {hint}" if apart else hint
            code = "E034" if found.edition else "E033"
            yield Finding(self.path, found.block.line, code, message, hint)

    def lost(self, witness: Witness) -> Iterator[Finding]:
        """A finding for each run of characters of the witness that is neither in the edition nor in
        a difference."""
        stream, lost = self.stream, list(self.lost_runs())
        if not lost:
            return
        ends = sorted(
            (max(p.where) + 1, p.spelling.block.line)
            for p in self.placed
            if max(p.where, default=-1) >= 0
        )
        for start, end in lost:
            line = stream.lines[start]
            words = _short(stream.shown(start, end))
            message = (
                f"line {line} of the witness {witness.name} must be in the edition; "
                f"missing: “{words}”"
            )
            hint = "Put the words back, or declare an omission in the front matter."
            at = bisect_right(ends, (start, 1_000_000_000)) - 1
            yield Finding(self.path, ends[at][1] if at >= 0 else 1, "E033", message, hint)

    def lost_runs(self) -> Iterator[tuple[int, int]]:
        """The runs of characters of the witness that have no owner and are in no difference."""
        return (run for run in self.stream.runs(FREE) if run[0] not in self.in_differences)

    def words(self, differences: Iterable[Difference]) -> WordCounts:
        """The counts of words by owner, and of words that differ."""
        owners = self.stream.words()
        lost = added = 0
        for found in differences:
            lost += len(found.witness.split())
            added += len(found.edition.split())
        lost += sum(len(self.stream.shown(*run).split()) for run in self.lost_runs())
        return WordCounts(
            witness=len(owners),
            text=owners.count(IN_TEXT),
            notes=owners.count(IN_NOTE),
            apart=owners.count(OMITTED),
            figures=owners.count(FIGURE),
            lost=lost,
            added=added,
            closed=self.closed,
        )


def _word_by_word(
    edition: list[str], witness: list[str]
) -> Iterator[tuple[tuple[int, int], list[str], list[str]]]:
    """Where words differ: the indices of the first in the edition and in the witness, the words of
    the witness, and those of the edition."""
    if len(edition) * len(witness) > _MOST_COMPARED:
        yield (0, 0), witness, edition
        return
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, edition, witness, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield (i, k), witness[k:m], edition[i:j]


def _printed_forms(placed: _Placed) -> list[str]:
    """What may precede the words of a block, the longest first: the label of a note, or the bullet
    or the number of a list item."""
    label = printed_label(placed.label)
    raised = label.translate(RAISED)
    marked = (f"{label}{mark}" for mark in (".", ")", "—", "–", ":"))
    forms = [f"[{label}]", f"({label})", *marked, label, raised] if label else []
    begun, numbers = _begun(placed.spelling.block)
    forms += ([numbers] if numbers else BULLETS) if begun else []
    return sorted(forms, key=len, reverse=True)


def _begun(block: Block) -> tuple[bool, str]:
    """Whether a block begins items of lists, and the numbers before it without spaces."""
    items = [c for c in block.within[block.shared :] if c.kind == "list-item"]
    return bool(items), bare("".join(map(marker_of, items)))


def printed_label(label: str) -> str:
    """The label that the original prints: `4.1` is note 1 of page 4, `1-2` a second note 1."""
    return label.rpartition(".")[2].partition("-")[0] or label


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN].rstrip() + "…"


def _range(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else str(first)


def _continues_sentence(last: str, first: str, begins: bool) -> bool:
    """Whether `first` continues the sentence of `last`; `begins`: it is at the beginning of a
    line of the witness."""
    ends = last.endswith(_STOPS)
    opens = not first.lstrip("«“\"'— (")[:1].islower()
    if first[:1] in _CLOSING:
        return True
    return not (ends or (opens and last.endswith(","))) if begins else not (ends and opens)


def _may_join(stream: Stream, i: int) -> bool:
    """Whether two lines may be joined without a space: in a web address, or if one of the two is
    very short, such as a line with only a raised character."""
    before = stream.text[max(0, i - 100) : i + 1]
    alone = any(
        0 < j < len(stream.lines) - 1
        and stream.lines[j] not in (stream.lines[j - 1], stream.lines[j + 1])
        for j in (i, i + 1)
    )
    return "://" in before or alone or _short_line(stream, i) or _short_line(stream, i + 1)


def _short_line(stream: Stream, i: int) -> bool:
    """Whether the character at `i` is on a line of three characters or fewer."""
    line = stream.lines[i]
    return stream.lines[max(0, i - 3) : i + 4].count(line) <= 3
