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
from itertools import compress, groupby
from operator import ne

from archive_site.alike import told_apart
from archive_site.document import Block, Document, Emendation
from archive_site.edition import write_inlines
from archive_site.findings import Finding
from archive_site.plaintext import reading_text
from archive_site.stream import (
    APART,
    BREAKS,
    FIGURE,
    FREE,
    IN_NOTE,
    IN_TEXT,
    SOUGHT,
    Spelling,
    Stream,
    bare,
    plain,
    spelling,
)
from archive_site.witness import Witness

BULLETS = "•–—*"
WORDS_RECORDED = 8  # more than this is no emendation
_SHOWN = 80
_REACH = 12  # how far a match may be taken back, where it ran on by accident
_PIECE = 12  # a shorter piece of a block is sought nowhere but right here
_SURE = 16  # so many characters alike are no accident: the block goes on there
_LIKELY = 8  # so many are none where they follow at once
_NEAR, _FEW = 60, 3  # fewer must follow so soon, be so many, and end where a line does
# Beyond these, an edition is not of its witness, and the time would grow as the square of its size.
_TRIED = 1_000  # places that a piece is tried at
_LOST = 10_000  # characters of a block after which it is not sought again
_MOST_SHOWN = 20_000  # characters of the witness that one difference names
_MOST_COMPARED = 4_000_000  # pairs of words
_CLOSING = tuple("»”.,;:!?…)]")
_TAKEN = re.compile(rb"[^\0]")
_STOP = re.compile(r"[.!?…:;»”\"\)\]]$")


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
    blocks = {block.id: state.place(block, IN_TEXT) for block in document.blocks}
    notes = {}
    for note in document.notes:
        spans = [
            state.place(b, IN_NOTE, note.label if i == 0 else "") for i, b in enumerate(note.blocks)
        ]
        lines = [line for span in spans for line in span if line]
        notes[note.label] = (min(lines, default=0), max(lines, default=0))
    misplaced = list(state.misplaced())
    differences = tuple(state.differences())
    differing = state.differing(differences)
    found = (*state.findings, *misplaced, *differing, *state.lost(witness))
    return Collation(
        blocks,
        notes,
        tuple(state.emended),
        state.words(differences),
        tuple(sorted(found)),
        differences,
        state.order() if any(finding.code == "E035" for finding in misplaced) else (),
    )


@dataclass(slots=True)
class _Placed:
    """A block and where its characters stand in the witness (-1: nowhere)."""

    spelling: Spelling
    owner: int
    where: list[int]
    faults: list[tuple[int, int]]  # (its character, the witness's character there) that differ


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
            message = f"an omission must name words of the witness; seen lines {first}-{last}"
            hint = "Correct its lines, or its text, in the front matter."
            self.findings.append(Finding(self.path, 1, "E034", message, hint))
        for i in where:
            stream.owner[i] = APART

    def place(self, block: Block, owner: int, label: str = "") -> tuple[int, int]:
        """Find a block's characters in the witness; its first and last line there (0: none)."""
        spelled = spelling(block)
        placed = _Placed(spelled, owner, [], [])
        for n, segment in enumerate(spelled.segments):
            if n:
                self._call(spelled.calls[n - 1])
            self._segment(placed, segment)
        if placed.where and placed.where[0] >= 0:
            self._lead(placed.where[0], block, label)
        self._boundaries(placed)
        self.placed.append(placed)
        found = filter((0).__le__, placed.where) if placed.faults else placed.where
        lines = set(map(self.stream.lines.__getitem__, found))
        for n in spelled.emended:
            i = placed.where[n] if n < len(placed.where) else -1
            self.emended.append(self.stream.lines[i] if i >= 0 else max(lines, default=0))
        return (min(lines), max(lines)) if lines else (0, 0)

    def _segment(self, placed: _Placed, segment: str) -> None:
        """Place a block's characters between two calls, piece by piece."""
        at, sought = 0, bool(placed.where)
        while at < len(segment):
            rest = segment[at:]
            start, length = self._longest(rest, within=bool(placed.where))
            if not self._sound(rest, start, length):
                if not sought:
                    self.cursor, sought = self._opening(rest), True
                start, length = self.cursor, self._run(rest, self.cursor)
            if length:
                self._cover(start, length, placed.owner)
                placed.where += range(start, start + length)
            else:
                length, start = self._resumes(rest)
                placed.faults.append((len(placed.where), self.cursor))
                placed.where += [-1] * length
                self.cursor = start
            at += length

    def _sound(self, rest: str, start: int, length: int) -> bool:
        """Whether a piece is all of the rest, or ends where a line does and is no accident."""
        if length in (0, len(rest)):
            return length > 0
        ends = self.stream.spaced[start + length - 1] in BREAKS or self._taken(start + length)
        return ends and (length >= _PIECE or start == self._next_free())

    def _free(self, start: int, length: int) -> bool:
        return self.stream.owner.count(FREE, start, start + length) == length

    def _next_free(self) -> int:
        at = self.stream.owner.find(FREE, self.cursor)
        return at if at >= 0 else len(self.stream.text)

    def _taken(self, at: int) -> bool:
        return at >= len(self.stream.text) or self.stream.owner[at] != FREE

    def _opening(self, rest: str) -> int:
        """Where a block stands whose first words are not the witness's: at the beginning of the
        line where it goes on."""
        length, start = self._resumes(rest, ahead=len(self.stream.text))
        if length == len(rest):
            return self.cursor
        while not self.stream.begins(start) and not self._taken(start - 1):
            start -= 1
        return start

    def _resumes(self, rest: str, ahead: int = _SURE * 100) -> tuple[int, int]:
        """After how many characters of `rest` the witness goes on as it does, and where."""
        text = self.stream.text
        for length in range(min(len(rest), _LOST)):
            for count, reach in ((_SURE, ahead), (_LIKELY, length + _LIKELY)):
                piece = rest[length : length + count]
                if len(piece) >= SOUGHT and not self.stream.may_have(piece):
                    continue
                until = self.cursor + length + (reach if len(piece) == count else _NEAR)
                at = text.find(piece, self.cursor, until)
                free = at >= 0 and self._free(at, len(piece))
                ends = len(piece) >= _FEW and self._may_end(at + len(piece))
                if free and (len(piece) == count or ends):
                    return length, at
        return len(rest), self.cursor

    def _may_end(self, at: int) -> bool:
        """Whether a line, or the words before a call, may end at `at`."""
        return self.stream.begins(at) or self.stream.text[at] in "[(*0123456789"

    def _call(self, label: str) -> None:
        """Cover a note call, right here."""
        printed = printed_label(label)
        for form in (f"[{printed}]", f"({printed})", printed):
            if self.stream.text.startswith(form, self.cursor):
                self._cover(self.cursor, len(form), FIGURE)
                return

    def _cover(self, start: int, length: int, owner: int) -> None:
        self.stream.owner[start : start + length] = bytes([owner]) * length
        self.cursor = start + length

    def _lead(self, start: int, block: Block, label: str) -> None:
        """Cover the label before a note, the bullet before a list's item."""
        text, owner = self.stream.text, self.stream.owner
        printed = printed_label(label)
        forms = (
            [f"[{printed}]", f"({printed})", f"{printed}.", f"{printed})", printed] if label else []
        )
        forms += list(BULLETS) if block.kind == "list-item" else []
        for form in forms:
            first = start - len(form)
            if first >= 0 and text.startswith(form, first):
                owner[first:start] = bytes([FIGURE]) * len(form)
                return

    def _may_break(self, start: int) -> bool:
        """Whether a block may go on at `start`: right here, or over a break: from a line's end
        (or a gutter, or where something was set aside) to the start of a line below; up the page
        only to the start of a column."""
        stream, end = self.stream, self.cursor - 1
        if start == self.cursor:
            return True
        if start < self.cursor:
            return stream.spaced[start - 1] == "\t"
        leaves = stream.spaced[end] in BREAKS or bool(stream.owner[end + 1])
        arrives = stream.spaced[start - 1] in BREAKS or bool(stream.owner[start - 1])
        return leaves and arrives

    def _longest(self, characters: str, within: bool) -> tuple[int, int]:
        """Where in the free witness, and how far, `characters` begin: from the cursor on if
        they go on there, else where the longest piece of them stands. `within` a block that has
        begun, further down only, but for columns."""
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
        return reached, self.stream.spaced[start + length - 1] in BREAKS, start == self.cursor

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
        `within` a block, where it may go on."""
        low, high = 0, min(_SURE, len(characters))
        while high < len(characters) and self._find(characters[:high], within) is not None:
            low, high = high, min(high * 2, len(characters))
        while low < high:
            middle = (low + high + 1) // 2
            if self._find(characters[:middle], within) is not None:
                low = middle
            else:
                high = middle - 1
        return low

    def _find(self, characters: str, within: bool = False) -> int | None:
        text = self.stream.text
        elsewhere = len(characters) >= SOUGHT and not text.startswith(characters, self.cursor)
        if elsewhere and not self.stream.may_have(characters):
            return None
        for start in dict.fromkeys((self.cursor, self.floor)):
            at = text.find(characters, start)
            for _ in range(_TRIED):
                if at < 0:
                    break
                if self._free(at, len(characters)) and (not within or self._may_break(at)):
                    return at
                at = text.find(characters, at + 1)
        return None

    def _boundaries(self, placed: _Placed) -> None:
        """Spaces and hyphens between neighbours that stand on one line must be as they were."""
        stream, spelled, where = self.stream, placed.spelling, placed.where
        if not stream.text:
            return
        beside = map(stream.between.__getitem__, where)  # of a character that stands nowhere: any
        for n in compress(range(len(where)), map(ne, spelled.between, beside)):
            i = where[n]
            if i < 0 or spelled.called[n] or where[n + 1 : n + 2] != [i + 1]:
                continue
            here, there = plain(spelled.between[n]), plain(stream.between[i])
            if "\n" not in stream.between[i]:
                wrong = here != there
            elif there == "- " and stream.text[i].isalnum():  # a word cut at a line's end
                self.closed += not here
                wrong = here not in ("", there.rstrip())
            else:
                joined = not here and not _may_join(stream, i)
                dashed = here.count("-") == there.count("-") and here[:1] == there[:1]
                wrong = joined or ("-" in here + there and not dashed)
            if wrong:
                placed.faults.append((n + 1, i + 1))

    # ------------------------------------------------------------ what was found

    def misplaced(self) -> Iterator[Finding]:
        """Blocks and notes that stand before the one above them; paragraphs that cut a sentence."""
        stream, ranges = self.stream, ""
        for owner in (IN_TEXT, IN_NOTE):
            front, before = 0, None
            for placed in (p for p in self.placed if p.owner == owner):
                start = next((i for i in placed.where if i >= 0), None)
                if start is None:
                    continue
                block = placed.spelling.block
                line = stream.lines[start]
                column = stream.columns and (
                    stream.spaced[start - 1] == "\t" or line in stream.indented
                )
                if start < front and not column:
                    message = (
                        f"blocks must stand in the witness's order; this one is from line {line}, "
                        f"the one above from line {stream.lines[front - 1]}"
                    )
                    ranges = ranges or ", ".join(_range(*lines) for lines in self.order())
                    hint = f"Put it back, or declare it in the front matter: order: [{ranges}]"
                    yield Finding(self.path, block.line, "E035", message, hint)
                elif before and _in_a_sentence(before, block, self._begins(start), self.draft):
                    message = f"a paragraph must not begin within a sentence (witness, line {line})"
                    hint = "Put its first words back to the paragraph above, or the last ones down."
                    yield Finding(self.path, block.line, "E037", message, hint)
                front = next(i for i in reversed(placed.where) if i >= 0) + 1
                before = block if owner == IN_TEXT else None

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
        stream = self.stream
        for placed in self.placed:
            for start, there in dict.fromkeys((*self._ends(placed), *placed.faults)):
                end = start
                while end < len(placed.where) and placed.where[end] < 0:
                    end += 1
                most = min(there + _MOST_SHOWN, len(stream.text))
                taken = _TAKEN.search(stream.owner, there, most)
                until = taken.start() if taken else most
                yield from self._grown(placed, start, end, there, until)

    def _ends(self, placed: _Placed) -> Iterator[tuple[int, int]]:
        """Faults at a block's ends: free characters on the line right before or after it."""
        stream, where = self.stream, placed.where
        if where and where[0] >= 0:
            there = where[0]
            while not stream.begins(there) and stream.owner[there - 1] == FREE:
                there -= 1
            if there < where[0]:
                yield 0, there
        after = where[-1] + 1 if where and where[-1] >= 0 else 0
        if not stream.begins(after) and stream.owner[after] == FREE:
            yield len(where), after

    def _grown(
        self, placed: _Placed, start: int, end: int, there: int, until: int
    ) -> Iterator[Difference]:
        """A difference grown to whole words on both sides, and parted where words are alike."""
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
        before = start > 0 and there == until
        words = spelled.words(start, end), stream.shown(there, until)
        for first, gone, new in _word_by_word(*map(str.split, words)):
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
                message = f"must read “{there}” as line {found.line} of the witness; seen “{seen}”"
            elif found.edition:
                message = f"must be words of the witness; seen “{seen}” at its line {found.line}"
            else:
                message = f"must have “{there}” of line {found.line} of the witness; it is not here"
            count = max(len(found.edition.split()), len(found.witness.split()))
            if count <= WORDS_RECORDED:
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
        faults = (fault for p in self.placed for fault in (*p.faults, *self._ends(p)))
        named = {there for _, there in faults}
        runs = (run.span() for run in re.finditer(rb"\0+", self.stream.owner))
        return (span for span in runs if span[0] not in named)

    def words(self, differences: Iterable[Difference]) -> Words:
        """The words of the witness by owner, and those that differ."""
        owners = [self.stream.owner[i] for i in self.stream.words]
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
    """Where words differ: the places of the first in both, the witness's and the edition's. All of
    them, where they are alike but for what stands between them."""
    if len(edition) * len(witness) > _MOST_COMPARED:
        yield (0, 0), witness, edition
        return
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, edition, witness, autojunk=False)
    unlike = [codes for codes in matcher.get_opcodes() if codes[0] != "equal"]
    for _, i, j, k, m in unlike or [("replace", 0, len(edition), 0, len(witness))]:
        yield (i, k), witness[k:m], edition[i:j]


def printed_label(label: str) -> str:
    """The figure that the original prints: `4.1` is note 1 of page 4, `1-2` a second note 1."""
    return label.rpartition(".")[2].partition("-")[0] or label


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN].rstrip() + "…"


def _range(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else str(first)


def _in_a_sentence(before: Block, block: Block, begins: bool, draft: bool) -> bool:
    """Whether the parting of two paragraphs cuts a sentence. In mid-line both must say that it
    does not; at a line's beginning one, and in a draft none."""
    if before.kind != "paragraph" or block.kind != "paragraph" or (begins and draft):
        return False
    last, first = reading_text(before.content).rstrip(), reading_text(block.content).lstrip()
    ends = bool(_STOP.search(last))
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
