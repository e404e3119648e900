"""Witness against edition, character by character: where each block comes from, what differs.

Read with its `sic` forms, an edition is its witness, less the omissions. Blocks, notes and
omissions must tile the witness: every character covered, once, in its order. Only spaces and
hyphens at line ends are free; a space or a hyphen within a line is not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, repeat
from operator import itemgetter

from archive_site.edition.format import write_inlines
from archive_site.findings import Finding
from archive_site.text.alike import told_apart
from archive_site.text.document import Block, Document, Emendation
from archive_site.text.reading import reading_text
from archive_site.witness.page_breaks import Stretch, check_breaks
from archive_site.witness.pagination import Pagination, paginate
from archive_site.witness.stream import (
    APART,
    CALL,
    FIGURE,
    FREE,
    HYPHENS,
    IN_NOTE,
    IN_TEXT,
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
WORDS_DECLARED = 8  # more than this is no emendation
_SHOWN = 80
_REACH = 12  # how far a match may be taken back, where it ran on by accident
_PIECE = 12  # a shorter piece of a block is sought nowhere but right here
_SURE = 16  # so many characters alike are no accident: the block goes on there
_LIKELY = 8  # so many are none where they follow at once
_MID_WORD = 12  # a word's beginning so far away is as likely as its middle right here
_FAR = 20  # a block begins so far from where it is awaited
_AFTER = 32  # so many characters further on a nearer place is looked for
_NEARBY = 2_000  # a few characters are not sought further away
_LINE = 100  # so far above it a line may begin
_NEAR, _FEW = 60, 3  # fewer must follow so soon, be so many, and end where a line does
# Beyond these, an edition is not of its witness, and the time would grow as the square of its size.
_TRIED = 1_000  # places that a piece is tried at
_AGAIN = 5  # … where a block may go on after other words
_LOST = 10_000  # characters of a block after which it is not sought again
_MOST_SHOWN = 20_000  # characters of the witness that one difference names
_MOST_COMPARED = 4_000_000  # pairs of words
_CLOSING = tuple("»”.,;:!?…)]")
_TAKEN = re.compile(rb"[^\0]")
_BETWEEN = re.compile(rf"[{HYPHENS}\s{CALL}]*")
_STOPS = tuple('.!?…:;»”")]')


@dataclass(frozen=True, slots=True)
class Difference:
    """An undeclared difference, grown to whole words: what the characters `start` to `end` of
    `block` are in the edition, and what the witness has there, on its line `line`."""

    block: Block
    start: int
    end: int
    edition: str
    witness: str
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    """How many words of the witness are whose (`figures`: labels and calls of notes), and what the
    collation found: words `lost` from it, `added` to it, and hyphens at line ends closed up."""

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
    """First and last witness line of every block (by id) and note (by label; 0: none), the
    witness line of every emendation in reading order, and what was found. `order`: the ranges of
    lines that the front matter would have to declare, where blocks do not stand in its order."""

    blocks: dict[str, tuple[int, int]]
    notes: dict[str, tuple[int, int]]
    emended: tuple[int, ...]
    words: Words
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()
    order: tuple[tuple[int, int], ...] = ()


def collate(document: Document, witness: Witness, path: str) -> Collation:
    """Collate the edition at `path` with its witness."""
    stream = Stream(witness, document.meta.order)
    state = _State(stream, path, document.meta.status == "draft")
    for omission in document.meta.omissions:
        state.omit(omission.first, omission.last, omission.text)
    for block in document.blocks:
        state.place(block, IN_TEXT)
    for note in document.notes:
        for n, block in enumerate(note.blocks):
            state.place(block, IN_NOTE, note.label if n == 0 else "")
    state.place_again()
    state.settle()
    state.boundaries()
    lines = iter(state.lines())
    blocks = {block.id: next(lines) for block in document.blocks}
    notes = {}
    for note in document.notes:
        found_lines = [line for _ in note.blocks for line in next(lines) if line]
        notes[note.label] = (min(found_lines, default=0), max(found_lines, default=0))
    differences = tuple(state.differences())
    misplaced = list(state.misplaced(differences))
    differing = state.differing(differences)
    shown = paginate(stream.clean)
    breaks = check_breaks(path, state.stretches(shown), shown, state.aside(witness))
    found = (*state.findings, *misplaced, *differing, *state.lost(witness), *breaks)
    return Collation(
        blocks,
        notes,
        tuple(state.emended),
        state.words(differences),
        tuple(sorted(found)),
        differences,
        state.order() if any(finding.code == "E035" for finding in misplaced) else (),
    )


_Span = tuple[int, int, int, int]
"""From which to which character of a block, and of the witness."""


@dataclass(slots=True)
class _Placed:
    """A block and where its characters stand in the witness: `pieces`, of each the first of the
    block's characters, where in the witness it stands (-1: nowhere), and how many follow it."""

    spelling: Spelling
    owner: int
    label: str  # of the note that it opens
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    faults: list[tuple[int, int]] = field(default_factory=list)
    """Its characters that differ, and the witness's character there."""
    covered: list[tuple[int, int]] = field(default_factory=list)
    """The witness's characters that are its own, calls and label too."""
    count: int = 0  # of its characters, as far as it is placed
    home: int = 0  # where the witness's words end, if none of its own are found
    span: tuple[int, int] = (0, 0)  # its first and last line there
    _where: list[int] | None = None

    @property
    def where(self) -> list[int]:
        """Where each of its characters stands."""
        if self._where is None:
            each = (
                range(there, there + count) if there >= 0 else repeat(-1, count)
                for _, there, count in self.pieces
            )
            self._where = list(chain.from_iterable(each))
        return self._where

    @property
    def found(self) -> list[tuple[int, int]]:
        """The stretches of the witness in which it stands."""
        return [(there, there + count) for _, there, count in self.pieces if there >= 0]

    def put(self, there: int, count: int) -> None:
        """Its next `count` characters stand at `there`."""
        if count:
            first, before, length = self.pieces[-1] if self.pieces else (0, -1, 0)
            if there >= 0 and there == before + length and before >= 0:
                self.pieces[-1] = (first, before, length + count)
            else:
                self.pieces.append((self.count, there, count))
            self.count, self._where = self.count + count, None

    def lift(self) -> None:
        """None of it stands anywhere."""
        self.pieces, self.faults, self.covered = [], [], []
        self.count, self._where = 0, None

    def found_of(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of the witness in which its characters `start` to `end` stand."""
        n = max(bisect_right(self.pieces, start, key=itemgetter(0)) - 1, 0)
        while n < len(self.pieces) and self.pieces[n][0] < end:
            first, there, count = self.pieces[n]
            if there >= 0:
                yield there + max(start - first, 0), there + min(end - first, count)
            n += 1


@dataclass(slots=True)
class _State:
    stream: Stream
    path: str
    draft: bool
    cursor: int = 0
    floor: int = 0  # no match is sought above
    findings: list[Finding] = field(default_factory=list)
    placed: list[_Placed] = field(default_factory=list)
    emended: list[int] = field(default_factory=list)
    closed: int = 0
    named: set[int] = field(default_factory=set)  # where free words begin that a difference names
    changed: set[int] = field(default_factory=set)  # where those begin that a block has others for

    # ------------------------------------------------------------ placing

    def omit(self, first: int, last: int, text: str) -> None:
        """Cover the characters of an omission."""
        stream = self.stream
        end = min(last, max(stream.places, default=0))
        where = [i for line in range(first, end + 1) for i in stream.places.get(line, ())]
        if text and where:
            words = bare(text)
            at = stream.text.find(words, where[0], where[-1] + 1)
            where = list(range(at, at + len(words))) if at >= 0 else []
        if not where:
            message = f"an omission must name words of the witness; found lines {first}-{last}"
            hint = "Correct its lines, or its text, in the front matter."
            self.findings.append(Finding(self.path, 1, "E034", message, hint))
        for i in where:
            stream.owner[i] = APART

    def place(self, block: Block, owner: int, label: str = "") -> None:
        """Find a block's characters in the witness."""
        placed = _Placed(spelling(block), owner, label)
        self._place(placed)
        self.placed.append(placed)

    def place_again(self) -> None:
        """Find the blocks that differ once more, now that all others have their own: first those
        that then do not, which took another's words or had them taken."""
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
        for n, segment in enumerate(placed.spelling.segments):
            if n:
                self._call(placed.spelling.calls[n - 1], placed, segment)
            self._segment(placed, segment)
        if placed.found:
            self._lead(placed)

    def _release(self, placed: _Placed) -> None:
        """Give back what a block had of the witness."""
        for start, end in placed.covered:
            self.stream.owner[start:end] = bytes(end - start)
        placed.lift()

    def lines(self) -> Iterator[tuple[int, int]]:
        """First and last witness line of every block (0: none); emendations have theirs then."""
        for placed in self.placed:
            lines = self._lines(placed)
            for n in placed.spelling.emended:
                i = placed.where[n] if n < len(placed.where) else -1
                self.emended.append(self.stream.line(i) if i >= 0 else max(lines, default=0))
            placed.span = (min(lines), max(lines)) if lines else (0, 0)
            yield placed.span

    def _lines(self, placed: _Placed) -> set[int]:
        """The witness's lines of a block: all, or, where they follow one another, the first and
        last of each piece."""
        found = placed.found
        if self.stream.reordered or placed.faults or not found:
            return set(chain.from_iterable(self.stream.lines_of(*place) for place in found))
        pieces = (place for place in placed.covered if self.stream.owner[place[0]] == placed.owner)
        return {self.stream.line(i) for start, end in pieces for i in (start, end - 1)}

    def _segment(self, placed: _Placed, segment: str) -> None:
        """Place a block's characters between two calls, piece by piece."""
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
                length, start = self._resumes(rest, placed)
                placed.faults.append((placed.count, self.cursor))
                placed.put(-1, length)
                self.cursor = start
            at += length

    def _sound(self, rest: str, start: int, length: int) -> bool:
        """Whether a piece is all of the rest, or ends where a line does and is no accident."""
        if length in (0, len(rest)):
            return length > 0
        ends = self.stream.begins(start + length) or self._taken(start + length)
        return ends and (length >= _PIECE or start == self._next_free())

    def _stand(self, characters: str, at: int) -> bool:
        return self.stream.text.startswith(characters, at) and self._free(at, len(characters))

    def _free(self, start: int, length: int) -> bool:
        return self.stream.owner.count(FREE, start, start + length) == length

    def _next_free(self) -> int:
        at = self.stream.owner.find(FREE, self.cursor)
        return at if at >= 0 else len(self.stream.text)

    def _taken(self, at: int) -> bool:
        return at >= len(self.stream.text) or self.stream.owner[at] != FREE

    def _opening(self, rest: str, placed: _Placed) -> int:
        """Where a block stands whose first words are not the witness's: after its label, after
        what is another's, or at a line's beginning, about as far above the place where it goes on
        as these words are long."""
        stream = self.stream
        length, start = self._resumes(rest, placed, ahead=len(stream.text))
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
        """How long the label of a note, or the bullet of a list's item, is that stands at `at`."""
        forms = _leads(placed)
        text = self.stream.text
        return next((len(f) for f in forms if text.startswith(f, at, until)), 0)

    def _resumes(self, rest: str, placed: _Placed, ahead: int = _SURE * 100) -> tuple[int, int]:
        """After how many characters of `rest` the witness goes on as it does, and where: as soon
        as may be on both sides, and where a word begins."""
        first = placed.count
        best = (len(rest), len(rest), self.cursor)
        last, below = min(len(rest), _LOST), self._below()
        for length in range(last):
            if length > min(best[0], best[1] + _AFTER):
                break
            for far, at in self._goes_on(rest, length, below, ahead):
                word = placed.spelling.parted(first + length)
                cost = max(length, far) + (0 if word else _MID_WORD)
                if best[1] == len(rest) or cost < best[0]:
                    best = (cost, length, at)
        return best[1:]

    def _below(self) -> int:
        """Where the witness's free words go on below what is another's, next to the cursor."""
        taken = _TAKEN.search(self.stream.owner, self.cursor, self.cursor + _LINE)
        below = self.stream.owner.find(FREE, taken.start()) if taken else -1
        return below if below >= 0 else self.cursor

    def _goes_on(self, rest: str, length: int, below: int, ahead: int) -> Iterator[tuple[int, int]]:
        """Where the witness goes on as `rest` does after `length` characters, and how far away."""
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
                for _ in range(_AGAIN):  # past what is another's already
                    if at < 0 or self._free(at, len(piece)):
                        break
                    at = owner.find(FREE, at + 1)
                    at = text.find(piece, at, until) if at >= 0 else -1
                if (
                    at >= 0
                    and self._free(at, len(piece))
                    and (len(piece) == count or self._may_end(at + len(piece)))
                ):
                    yield at - start, at

    def _may_end(self, at: int) -> bool:
        """Whether a line, or the words before a call, may end at `at`."""
        return self.stream.begins(at) or self.stream.text[at] in "[(*0123456789"

    def _call(self, label: str, placed: _Placed, after: str) -> None:
        """Cover a note call: right here, or, if the words before it are not the witness's, where
        those after it follow."""
        printed = printed_label(label)
        forms = (f"[{printed}]", f"({printed})", printed)
        text = self.stream.text
        if not placed.pieces or placed.pieces[-1][1] >= 0:
            form = next((form for form in forms if text.startswith(form, self.cursor)), "")
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

    def _lead(self, placed: _Placed) -> None:
        """Cover the label before a note, the bullet before a list's item."""
        text, owner = self.stream.text, self.stream.owner
        start = placed.pieces[0][1] if placed.pieces[0][1] >= 0 else placed.faults[0][1]
        for form in _leads(placed):
            first = start - len(form)
            if first >= 0 and text.startswith(form, first):
                owner[first:start] = bytes([FIGURE]) * len(form)
                placed.covered.append((first, start))
                return

    def _may_break(self, start: int) -> bool:
        """Whether a block may go on at `start`: right here, or over a break: from a line's end
        (or a gutter, or where something was set aside) to the start of a line below; up the page
        only to the start of a column."""
        stream, end = self.stream, self.cursor
        if start == end:
            return True
        if start < end:
            return stream.space(start) == "\t"
        leaves = stream.begins(end) or bool(stream.owner[end])
        arrives = stream.begins(start) or bool(stream.owner[start - 1])
        return leaves and arrives

    def _longest(self, characters: str, within: bool) -> tuple[int, int]:
        """Where in the free witness, and how far, `characters` begin: from the cursor on if
        they go on there, else where the longest piece of them stands. `within` a block that has
        begun, further down only, but for columns."""
        if self._stand(characters, self.cursor):
            return self.cursor, len(characters)
        self.floor = self.cursor if within and not self.stream.columns else 0
        whole = self._find(characters, within)
        if whole is not None:
            return whole, len(characters)
        piece = self._find(characters[: self._piece(characters, within)] or "\0", within)
        starts = dict.fromkeys((self.cursor, piece))
        runs = [(start, self._run(characters, start)) for start in starts if start is not None]
        return max(
            (
                (start, length)
                for start, run in runs
                for length in range(max(run - _REACH, 1), run + 1)
            ),
            key=lambda place: self._reach(characters, *place),
            default=(0, 0),
        )

    def _reach(self, characters: str, start: int, length: int) -> tuple[int, bool, bool]:
        """How good it is to take `length` characters at `start` and go on elsewhere: how far the
        two pieces reach together, whether the first ends where a line or column does, and whether
        it begins right here."""
        reached = length + self._piece(characters[length:])
        return reached, self.stream.begins(start + length), start == self.cursor

    def _run(self, characters: str, start: int) -> int:
        """How many of `characters` stand free at `start`."""
        text, most = self.stream.text, len(characters)
        taken = _TAKEN.search(self.stream.owner, start, start + most)
        most = min(most, (taken.start() if taken else len(text)) - start)
        length, step = 0, 1
        while step and length < most:  # in steps that grow while all is alike, then shrink
            end = min(length + step, most)
            alike = characters[length:end] == text[start + length : start + end]
            length, step = (end, step * 2) if alike else (length, step // 2)
        return length

    def _piece(self, characters: str, within: bool = False) -> int:
        """The length of the longest beginning of `characters` that the free witness has;
        `within` a block, where it may go on. One that may be an accident must be near."""
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
        """Where `characters` stand free: below the cursor, or from `floor` on; `near`: so many
        characters below the cursor, or below what is another's there."""
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
                if self._free(at, len(characters)) and (not within or self._may_break(at)):
                    return at
                at = text.find(characters, at + 1, until)
        return None

    def boundaries(self) -> None:
        """Spaces and hyphens between neighbours that stand on one line must be as they were."""
        for placed in self.placed if self.stream.text else ():
            self._boundaries(placed)

    def _boundaries(self, placed: _Placed) -> None:
        """Line by line: what is written on one as in the witness has its spaces and hyphens."""
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
                    self._boundary(placed, n, there + n - first, here, before)
                end = at + len(words)
                if not letters.startswith(words, at):
                    end = past(letters, at, length)
                    mine, its = gaps_of(letters[at:end]), gaps_of(words)
                    for m in sorted({*mine, *its}):
                        i = there + n - first + m
                        self._boundary(placed, n + m, i, mine.get(m, ""), its.get(m, ""))
                n, at = n + length, end

    def _boundary(self, placed: _Placed, n: int, i: int, here: str, there: str) -> None:
        """What stands `here` before the character `n`, and `there` before the witness's `i`."""
        if here == there or alike_over_lines(here, there) or CALL in here:
            return
        if "\n" not in there:
            if not same_within_a_line(here, there):
                placed.faults.append((n, i))
            return
        kinds = same_kinds(here, there)
        here, there = plain(here), plain(there)
        if there == "- " and self.stream.text[i - 1].isalnum():  # a word cut at a line's end
            self.closed += not here
            wrong = here not in ("", there.rstrip())
        else:
            joined = not here and not _may_join(self.stream, i - 1)
            dashed = here.count("-") == there.count("-") and here[:1] == there[:1]
            wrong = joined or ("-" in here + there and not dashed)
        if wrong or not kinds:
            placed.faults.append((n, i))

    def settle(self) -> None:
        """Give each block of which no words were found the free words that stand in its place:
        after a note's label, between the blocks before and after it."""
        for owner in (IN_TEXT, IN_NOTE):
            after, waiting = 0, list[_Placed]()
            for placed in (p for p in self.placed if p.owner == owner):
                found = placed.found
                if not found:
                    waiting += [placed] if placed.count else []
                    continue
                start = found[0][0]
                self._house(waiting, after, start if start >= after else len(self.stream.text))
                after, waiting = found[-1][1], []
            self._house(waiting, after, len(self.stream.text))

    def _house(self, waiting: list[_Placed], after: int, before: int) -> None:
        """Give blocks that follow one another the free words from `after` to `before`."""
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
            placed.faults, placed.home = [(0, start)], until
            self._lead(placed)
            stream.owner[start:until] = bytes([placed.owner]) * (until - start)
            after = until

    def _labelled(self, placed: _Placed, after: int) -> int:
        """Where the words of a note begin whose label stands free at a line's beginning; -1:
        nowhere."""
        stream = self.stream
        for form in _leads(placed) if placed.label else ():
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
        """The edition between its page breaks, gaps and blocks."""
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
        """The witness's lines of which words are set aside."""
        lines = chain.from_iterable(self.stream.lines_of(*run) for run in self.stream.runs(APART))
        return {line: witness.lines[line - 1] for line in set(lines)}

    # ------------------------------------------------------------ what was found

    def misplaced(self, differences: Iterable[Difference]) -> Iterator[Finding]:
        """Blocks and notes that stand before the one above them; paragraphs that cut a sentence
        (not where the words that would show it differ)."""
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
                told = id(block) in heads or (before and tails.get(above) == before.count)
                line = stream.line(start)
                if start < front and not self._in_column(start):
                    message = (
                        f"blocks must stand in the witness's order; this one is from line {line}, "
                        f"the one above from line {stream.lines[front - 1]}"
                    )
                    ranges = ranges or ", ".join(_range(*lines) for lines in self.order())
                    hint = f"Put it back, or declare it in the front matter: order: [{ranges}]"
                    yield Finding(self.path, block.line, "E035", message, hint)
                elif before and not told and self._in_a_sentence(before, placed, start):
                    message = f"a paragraph must not begin within a sentence (witness, line {line})"
                    hint = "Put its first words back to the paragraph above, or the last ones down."
                    yield Finding(self.path, block.line, "E037", message, hint)
                front = found[-1][1]
                before = placed if owner == IN_TEXT else None

    def _in_column(self, start: int) -> bool:
        """Whether what begins at `start` stands in another column than what is above it."""
        stream = self.stream
        beside = stream.columns and stream.space(start) == "\t"
        return beside or (stream.columns and stream.lines[start] in stream.indented)

    def _in_a_sentence(self, before: _Placed, placed: _Placed, start: int) -> bool:
        """Whether the parting of two paragraphs cuts a sentence, in the witness's words and in the
        edition's. In mid-line both must say that it does not; at a line's beginning one, and in a
        draft none."""
        one, other = before.spelling, placed.spelling
        if one.block.kind != "paragraph" or other.block.kind != "paragraph":
            return False
        begins = self._begins(start)
        if begins and self.draft:
            return False
        texts = [(one.words(), other.words())]
        if one.emended or other.emended:
            texts.append((reading_text(one.block.content), reading_text(other.block.content)))
        return all(_goes_on(last.rstrip(), first.lstrip(), begins) for last, first in texts)

    def _begins(self, start: int) -> bool:
        """Whether a block may begin at `start`: a line or a column does, or something set aside
        or a note's label stands before it."""
        return self.stream.begins(start) or self.stream.owner[start - 1] in (APART, FIGURE)

    def order(self) -> tuple[tuple[int, int], ...]:
        """The `order` that would declare how the blocks stand."""
        owners: dict[int, int] = {}
        blocks = [p for p in self.placed if p.owner == IN_TEXT]
        for n, placed in enumerate(blocks):
            for i in placed.where:
                if i >= 0:
                    owners.setdefault(self.stream.lines[i], n)
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
        """Where the words of a block that was found are not the witness's."""
        self.changed = {there for placed in self.placed for _, there in placed.faults}
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
        """A block's faults, each grown to whole words on both sides."""
        for start, there in dict.fromkeys((*self._ends(placed), *placed.faults)):
            end = start
            while end < len(placed.where) and placed.where[end] < 0:
                end += 1
            until = placed.home or self._until(there)
            if start == end and there == until and placed.where[start : start + 1] != [there]:
                continue  # it only went on below, and what it passed over was another's
            above = self._above(placed, start, end, until)
            self.named |= {there} | ({above[0]} if above else set())
            if above is None or placed.home:
                yield self._grown(placed, start, end, there, until)
                continue
            middle = start  # of the words before what is another's, and of those below it
            if until > there:
                parts = (n for n in range(start, end + 1) if placed.spelling.parted(n))
                middle = min(parts, key=lambda n: abs(n - start - until + there), default=end)
                yield self._grown(placed, start, middle, there, until)
            yield self._grown(placed, middle, end, *above)

    def _until(self, there: int) -> int:
        """How far the free words at `there` go."""
        most = min(there + _MOST_SHOWN, len(self.stream.text))
        taken = _TAKEN.search(self.stream.owner, there, most)
        return taken.start() if taken else most

    def _above(self, placed: _Placed, start: int, end: int, until: int) -> tuple[int, int] | None:
        """The free words right above where a block goes on, if what is another's parts them from
        the place where it differs first."""
        owner, where = self.stream.owner, placed.where
        if end >= len(where):  # at the block's end: the words right below
            below = owner.find(FREE, until, until + _MOST_SHOWN) if end > start else -1
            last = self._until(below)
            near = below > until and last - below <= 2 * (end - start) + _LINE
            return (below, last) if near and self.stream.begins(below) else None
        first = where[end]
        while first > 0 and owner[first - 1] == FREE and where[end] - first < _MOST_SHOWN:
            first -= 1
        return (first, where[end]) if until < first < where[end] else None

    def _meet(self, placed: _Placed, one: _Span, other: _Span) -> bool:
        """Whether two faults are of the same words, or of neighbours that no call parts."""
        (_, end, there, until), (start, _, below, _) = one, other
        called = 0 < start == end and end in placed.spelling.called
        return start <= end and there <= below <= until and not called

    def _ends(self, placed: _Placed) -> Iterator[tuple[int, int]]:
        """Faults at a block's ends: free characters on the line right before or after it."""
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
        if after not in self.changed:  # else they are the first words of the block below
            yield placed.count, after

    def _grown(self, placed: _Placed, start: int, end: int, there: int, until: int) -> _Span:
        """A fault grown to whole words on both sides."""
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
        """The differences within a span, parted where words are alike."""
        stream, spelled = self.stream, placed.spelling
        before = start > 0 and there == until
        words = spelled.words(start, end), stream.shown(there, until)
        parts = list(_word_by_word(*map(str.split, words)))
        if not parts and any(words):  # they are alike, but for the spaces between them
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
                message = f"must have “{there}” of line {found.line} of the witness; it is not here"
            count = max(len(found.edition.split()), len(found.witness.split()))
            if count <= WORDS_DECLARED:
                mark = write_inlines((Emendation(found.edition, found.witness),))
                hint = f"Put it right, or declare it: {mark} (archive-site check --record does)."
            else:
                hint = "Put the witness's words back, or declare an omission in the front matter."
            apart = told_apart(found.edition, found.witness)
            hint = f"{apart} {hint}" if apart else hint
            code = "E034" if found.edition else "E033"
            yield Finding(self.path, found.block.line, code, message, hint)

    def lost(self, witness: Witness) -> Iterator[Finding]:
        """What of the witness nothing covers, and no difference names."""
        stream, unnamed = self.stream, list(self.unnamed())
        if not unnamed:
            return
        ends = sorted(
            (max(p.where) + 1, p.spelling.block.line)
            for p in self.placed
            if max(p.where, default=-1) >= 0
        )
        for start, end in unnamed:
            line = stream.lines[start]
            words = _short(stream.shown(start, end))
            message = (
                f"line {line} of the witness {witness.name} must be in the edition; "
                f"missing: “{words}”"
            )
            hint = "Put the words back, or declare them among the omissions of the front matter."
            at = bisect_right(ends, (start, 1_000_000_000)) - 1
            yield Finding(self.path, ends[at][1] if at >= 0 else 1, "E033", message, hint)

    def unnamed(self) -> Iterator[tuple[int, int]]:
        """Runs of the witness's characters that nothing covers and no difference names."""
        return (run for run in self.stream.runs(FREE) if run[0] not in self.named)

    def words(self, differences: Iterable[Difference]) -> Words:
        """The words of the witness by owner, and those that differ."""
        owners = self.stream.words()
        lost = added = 0
        for found in differences:
            lost += len(found.witness.split())
            added += len(found.edition.split())
        lost += sum(len(self.stream.shown(*run).split()) for run in self.unnamed())
        return Words(
            witness=len(owners),
            text=owners.count(IN_TEXT),
            notes=owners.count(IN_NOTE),
            apart=owners.count(APART),
            figures=owners.count(FIGURE),
            lost=lost,
            added=added,
            closed=self.closed,
        )


def _word_by_word(
    edition: list[str], witness: list[str]
) -> Iterator[tuple[tuple[int, int], list[str], list[str]]]:
    """Where words differ: the places of the first in both, the witness's and the edition's."""
    if len(edition) * len(witness) > _MOST_COMPARED:
        yield (0, 0), witness, edition
        return
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, edition, witness, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield (i, k), witness[k:m], edition[i:j]


def _leads(placed: _Placed) -> list[str]:
    """What may stand before a block's words: the label of a note, the bullet of a list's item."""
    label = printed_label(placed.label)
    forms = [f"[{label}]", f"({label})", f"{label}.", f"{label})", label] if label else []
    return [*forms, *BULLETS] if placed.spelling.block.kind == "list-item" else forms


def printed_label(label: str) -> str:
    """The figure that the original prints: `4.1` is note 1 of page 4, `1-2` a second note 1."""
    return label.rpartition(".")[2].partition("-")[0] or label


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN].rstrip() + "…"


def _range(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else str(first)


def _goes_on(last: str, first: str, begins: bool) -> bool:
    """Whether words go on a sentence."""
    ends = last.endswith(_STOPS)
    opens = not first.lstrip("«“\"'— (")[:1].islower()
    if first[:1] in _CLOSING:
        return True
    return not (ends or (opens and last.endswith(","))) if begins else not (ends and opens)


def _may_join(stream: Stream, i: int) -> bool:
    """Whether two lines may join without a space: a web address, a raised character on a line of
    its own, or a sign that takes none."""
    before = stream.text[max(0, i - 100) : i + 1]
    alone = any(
        0 < j < len(stream.lines) - 1
        and stream.lines[j] not in (stream.lines[j - 1], stream.lines[j + 1])
        for j in (i, i + 1)
    )
    return "://" in before or alone or _short_line(stream, i) or _short_line(stream, i + 1)


def _short_line(stream: Stream, i: int) -> bool:
    """Whether the character at `i` stands on a line of three characters or fewer."""
    line = stream.lines[i]
    return stream.lines[max(0, i - 3) : i + 4].count(line) <= 3
