"""Witness against edition, character by character: where each block comes from, what is missing.

Read with its `sic` forms, an edition is its witness, less the omissions. Blocks, notes and
omissions must tile the witness: every character covered, once. Only spaces and hyphens at line
ends are free; a space or a hyphen within a line is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive_site.document import (
    Block,
    Document,
    Emendation,
    LineBreak,
    NoteCall,
    Superscript,
    Text,
)
from archive_site.findings import Finding
from archive_site.plaintext import walk, witness_text
from archive_site.witness import NOT_TEXT, Witness

HYPHENS = "-\u00ad\u2010\u2011"
GUTTER = 3  # spaces on a line that may part two columns
BREAKS = ("\t", "\n")
BULLETS = "•–—*"
_CALL = "\uffff"  # stands for a note call in a block's characters; no text holds it
_SHOWN = 60
_REACH = 12  # how far a match may be taken back, where it ran on by accident


@dataclass(frozen=True, slots=True)
class Collation:
    """First and last witness line of every block (by id) and note (by label), and the findings."""

    blocks: dict[str, tuple[int, int]]
    notes: dict[str, tuple[int, int]]
    findings: tuple[Finding, ...]


def collate(document: Document, witness: Witness, path: str) -> Collation:
    """Collate the edition at `path` with its witness."""
    state = _State(_Stream(witness, document.meta.order), path)
    for omission in document.meta.omissions:
        state.omit(omission.first, omission.last, omission.text)
    blocks = {block.id: state.place(block, "") for block in document.blocks}
    notes = {}
    for note in document.notes:
        spans = [state.place(b, note.label if i == 0 else "") for i, b in enumerate(note.blocks)]
        lines = [line for span in spans for line in span if line]
        notes[note.label] = (min(lines, default=0), max(lines, default=0))
    state.findings += state.left_over(witness)
    return Collation(blocks, notes, tuple(sorted(state.findings)))


class _Stream:
    """The witness's characters without spaces and hyphens, each with its line, and what stood
    between it and the next: `spaced` (a space, or a line's end) and `hyphens`."""

    def __init__(self, witness: Witness, order: tuple[tuple[int, int], ...]):
        chars: list[str] = []
        self.lines: list[int] = []
        self.spaced: list[str] = []  # "", " ", "\t" (a gutter's width) or "\n"
        self.hyphens: list[int] = []
        for number, line in _in_reading_order(witness.lines, order):
            blank = 0
            for char in NOT_TEXT.sub("", line) + "\n":
                if char.isspace():
                    blank += 1
                    if chars and self.spaced[-1] != "\n":
                        wide = "\t" if blank >= GUTTER else " "
                        self.spaced[-1] = "\n" if char == "\n" else wide
                elif char in HYPHENS:
                    blank = 0
                    if chars:
                        self.hyphens[-1] += 1
                else:
                    blank = 0
                    chars.append(char)
                    self.lines.append(number)
                    self.spaced.append("")
                    self.hyphens.append(0)
        self.text = "".join(chars)
        self.columns = "\t" in self.spaced
        self.used = bytearray(len(chars))


def _in_reading_order(
    lines: tuple[str, ...], order: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, str]]:
    """The lines with their numbers: those of `order`'s ranges in its order, at their place."""
    numbers = list(range(1, len(lines) + 1))
    start, end = min((a for a, _ in order), default=1), max((b for _, b in order), default=0)
    numbers[start - 1 : end] = [
        n for first, last in order for n in range(first, min(last, len(lines)) + 1)
    ]
    return ((number, lines[number - 1]) for number in numbers)


@dataclass(slots=True)
class _State:
    stream: _Stream
    path: str
    cursor: int = 0
    floor: int = 0  # no match is sought above
    findings: list[Finding] = field(default_factory=list)

    def omit(self, first: int, last: int, text: str) -> None:
        """Cover the characters of an omission."""
        stream = self.stream
        where = [i for i, line in enumerate(stream.lines) if first <= line <= last]
        if text and where:
            bare = _bare(text)
            at = stream.text.find(bare, where[0], where[-1] + 1)
            where = list(range(at, at + len(bare))) if at >= 0 else []
        if not where:
            message = f"an omission must name words of the witness; seen lines {first}-{last}"
            hint = "Correct its lines, or its text, in the front matter."
            self.findings.append(Finding(self.path, 1, "E034", message, hint))
        for i in where:
            stream.used[i] = 1

    def place(self, block: Block, label: str) -> tuple[int, int]:
        """Find a block's characters in the witness; its first and last line there (0: none)."""
        characters, spaces = _characters(block)
        stream, at = self.stream, 0
        placed: list[int] = []
        while at < len(characters):
            if characters[at] == _CALL:
                at += 1
                self._call(_label_at(block, characters[:at].count(_CALL)))
                continue
            end = characters.find(_CALL, at)
            end = len(characters) if end < 0 else end
            start, length = self._longest(characters[at:end], within=bool(placed))
            if length == 0:
                seen = characters[at : at + _SHOWN]
                message = f"words must be the witness's, or be declared; seen “{seen}”"
                hint = 'Put the witness’s words back, or write [reading]{.corr sic="witness"}.'
                self.findings.append(Finding(self.path, block.line, "E034", message, hint))
                at = end
                continue
            for i in range(start, start + length):
                stream.used[i] = 1
            placed += range(start, start + length)
            if at == 0:
                self._lead(start, block, label)
            self.cursor = start + length
            at += length
        self._boundaries(block, placed, spaces)
        lines = [stream.lines[i] for i in placed]
        return (min(lines), max(lines)) if lines else (0, 0)

    def _call(self, label: str) -> None:
        """Cover a note call, right here."""
        stream, printed = self.stream, printed_label(label)
        for form in (f"[{printed}]", f"({printed})", printed):
            if stream.text.startswith(form, self.cursor):
                self._cover(self.cursor, len(form))
                return

    def _cover(self, start: int, length: int) -> None:
        self.stream.used[start : start + length] = b"\1" * length
        self.cursor = start + length

    def _lead(self, start: int, block: Block, label: str) -> None:
        """Cover the label before a note, the bullet before a list's item."""
        text, used = self.stream.text, self.stream.used
        printed = printed_label(label)
        forms = (
            [f"[{printed}]", f"({printed})", f"{printed}.", f"{printed})", printed] if label else []
        )
        forms += list(BULLETS) if block.kind == "list-item" else []
        for form in forms:
            first = start - len(form)
            if first >= 0 and text.startswith(form, first):
                used[first:start] = b"\1" * len(form)
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
        leaves = stream.spaced[end] in BREAKS or bool(stream.used[end + 1])
        arrives = stream.spaced[start - 1] in BREAKS or bool(stream.used[start - 1])
        return leaves and arrives

    def _longest(self, characters: str, within: bool) -> tuple[int, int]:
        """Where in the unused witness, and how far, `characters` begin: from the cursor on if
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
        """How many of `characters` stand unused at `start`."""
        text, used, length = self.stream.text, self.stream.used, 0
        for i, char in zip(range(start, len(text)), characters, strict=False):
            if text[i] != char or used[i]:
                break
            length += 1
        return length

    def _piece(self, characters: str, within: bool = False) -> int:
        """The length of the longest beginning of `characters` that the unused witness has;
        `within` a block, where it may go on."""
        low, high = 0, len(characters)
        while low < high:
            middle = (low + high + 1) // 2
            if self._find(characters[:middle], within) is not None:
                low = middle
            else:
                high = middle - 1
        return low

    def _find(self, characters: str, within: bool = False) -> int | None:
        for start in dict.fromkeys((self.cursor, self.floor)):
            at = self.stream.text.find(characters, start)
            while at >= 0:
                free = not any(self.stream.used[at : at + len(characters)])
                if free and (not within or self._may_break(at)):
                    return at
                at = self.stream.text.find(characters, at + 1)
        return None

    def _boundaries(self, block: Block, placed: list[int], spaces: list[tuple[str, int]]) -> None:
        """Spaces and hyphens between neighbours that stand on one line must be as they were."""
        if len(placed) != len(spaces):
            return
        stream = self.stream
        for n in range(len(placed) - 1):
            i, (spaced, hyphens) = placed[n], spaces[n]
            if placed[n + 1] != i + 1 or spaced == _CALL:
                continue
            there, cut = stream.spaced[i], stream.hyphens[i]
            if there == "\n":
                joined = spaced == "" and not cut and not _may_join(stream, placed, n)
                wrong = joined or hyphens > cut
            else:
                wrong = hyphens != cut or bool(spaced) != bool(there)
            if wrong:
                self._boundary(block, i, bool(spaced), hyphens)

    def _boundary(self, block: Block, i: int, spaced: bool, hyphens: int) -> None:
        stream = self.stream
        left, right = stream.text[max(0, i - 20) : i + 1], stream.text[i + 1 : i + 20]
        there = ("-" * stream.hyphens[i] + stream.spaced[i]).replace("\t", " ").replace("\n", "⏎")
        seen = "-" * hyphens + (" " if spaced else "")
        message = (
            f"must read as line {stream.lines[i]} of the witness: “{left}{there}{right}”; "
            f"seen “{left}{seen}{right}”"
        )
        hint = 'Put back the space or hyphen, or write [reading]{.corr sic="witness"}.'
        self.findings.append(Finding(self.path, block.line, "E034", message, hint))

    def left_over(self, witness: Witness) -> Iterator[Finding]:
        """What of the witness nothing covers."""
        stream = self.stream
        for run in re.finditer(rb"\0+", stream.used):
            line = stream.lines[run.start()]
            words = stream.text[run.start() : run.end()]
            shown = words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
            message = (
                f"line {line} of the witness {witness.name} must be in the edition; "
                f"missing: “{shown}”"
            )
            hint = "Put the words back, or declare them among the omissions of the front matter."
            yield Finding(self.path, 1, "E033", message, hint)


def printed_label(label: str) -> str:
    """The figure that the original prints: `4.1` is note 1 of page 4, `1-2` a second note 1."""
    return label.rpartition(".")[2].partition("-")[0] or label


def _bare(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c not in HYPHENS)


def _characters(block: Block) -> tuple[str, list[tuple[str, int]]]:
    """A block's characters in the witness's spelling, calls as `_CALL`, and for each character
    but the calls what follows it: a space or not (`_CALL`: a call), and how many hyphens."""
    text = _spelled(block)
    characters: list[str] = []
    after: list[tuple[str, int]] = []
    for char in text:
        if char == _CALL:
            characters.append(char)
            if after:
                after[-1] = (_CALL, after[-1][1])
        elif char.isspace():
            if after and after[-1][0] == "":
                after[-1] = (" ", after[-1][1])
        elif char in HYPHENS:
            if after:
                after[-1] = (after[-1][0], after[-1][1] + 1)
        else:
            characters.append(char)
            after.append(("", 0))
    return "".join(characters), after


def _spelled(block: Block) -> str:
    """A block's words in the witness's spelling, a mark for each note call."""
    parts = []
    for inline in walk(block.content):
        match inline:
            case NoteCall():
                parts.append(_CALL)
            case Text() | Superscript() | Emendation() | LineBreak():
                parts.append(witness_text((inline,)))
    return "".join(parts)


def _label_at(block: Block, count: int) -> str:
    calls = [inline.label for inline in walk(block.content) if isinstance(inline, NoteCall)]
    return calls[count - 1]


def _may_join(stream: _Stream, placed: list[int], n: int) -> bool:
    """Whether two lines may join without a space: a web address, a raised character on a line of
    its own, or a sign that takes none."""
    i = placed[n]
    before = stream.text[max(0, i - 100) : i + 1]
    alone = any(
        0 < j < len(stream.lines) - 1
        and stream.lines[j] not in (stream.lines[j - 1], stream.lines[j + 1])
        for j in (i, i + 1)
    )
    return "://" in before or alone or _short_line(stream, i) or _short_line(stream, i + 1)


def _short_line(stream: _Stream, i: int) -> bool:
    """Whether the character at `i` stands on a line of three characters or fewer."""
    line = stream.lines[i]
    return stream.lines[max(0, i - 3) : i + 4].count(line) <= 3
