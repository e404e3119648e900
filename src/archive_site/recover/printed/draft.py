"""A draft edition from a printed witness: the stages in order, the document that they make, and its
proof."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from archive_site import interface
from archive_site.edition.format import dumps, loads, note_kind
from archive_site.edition.ids import identified
from archive_site.findings import ArchiveError
from archive_site.recover.metadata import infer_metadata
from archive_site.recover.plain import recover_plainly
from archive_site.recover.printed.estimated import estimated_lines
from archive_site.recover.printed.furniture import (
    find_furniture,
    find_line_numbers,
    find_margins,
    folio_marks,
    without_numbers,
)
from archive_site.recover.printed.kinds import classify
from archive_site.recover.printed.labels import Call, Places, calls_in, is_certain
from archive_site.recover.printed.lines import SetLine, closed_up, lines_of
from archive_site.recover.printed.misread import with_labels, with_misread
from archive_site.recover.printed.notes import FoundNote, FoundNotes, find_notes
from archive_site.recover.printed.order import order_columns, order_title_page
from archive_site.recover.printed.pairs import pairs_of
from archive_site.recover.printed.paragraphs import (
    CAPITAL_MARK,
    LIST_MARK,
    TOP,
    WIDER,
    Piece,
    gap_above,
    pieces_of,
)
from archive_site.recover.printed.sentences import ends_sentence, key
from archive_site.recover.printed.setting import TextSetting, setting_of
from archive_site.recover.printed.speeches import (
    RUN_IN,
    STAGE_DIRECTION,
    STOPPED,
    speaker_of,
)
from archive_site.recover.printed.words import (
    ROMAN,
    Joiner,
    Token,
    doubted,
    inlines_of,
    misread,
    tokens_of,
    vocabulary,
    with_mended_capitals,
)
from archive_site.sources.properties import NO_PROPERTIES, Properties
from archive_site.text.document import (
    Block,
    BlockKind,
    Container,
    Document,
    Emendation,
    Emphasis,
    Gap,
    Inline,
    Inlines,
    Note,
    NoteCall,
    Omission,
    SmallCaps,
    Speaker,
    StageDirection,
    Superscript,
    Table,
    Text,
)
from archive_site.text.numerals import value_of
from archive_site.text.reading import merged, reading_text, walk
from archive_site.witness.collate import Collation, collate
from archive_site.witness.pagination import paginate
from archive_site.witness.printed import DrawnRule, PrintedPage, TypeSpan
from archive_site.witness.witness import Witness

RAISED = 0.9
"""What begins a line of its own is raised if it is less than so many lines below the one above."""
LONE_CALL = 0.8
"""A lone figure that calls a note is smaller than this share of the line above."""
FLAT = (
    "heading",
    "dateline",
    "stage",
    "signature",
    "salutation",
    "speaker",
    "quotation",
    "epigraph",
)
"""Kinds of blocks whose words are not emphasised, since all of them are set alike."""
SPOKEN = ("paragraph", "verse", "row")
"""Kinds of pieces that a speech goes on in."""
Undo = Literal["emphasis", "all"]
"""What is not done in a block: emphasis, or calls and the joining of words too."""
_SIGNED = re.compile(r"\s*\[N\.\s?[A-Za-z.]+\]\s*")
EMPTY_NOTE = Block("paragraph", (Gap(interface.NOTE_EMPTY),))
"""What a note without words has."""
UNDONE = 8
"""How often what differs is undone before the draft is given up."""
LETTERS: tuple[BlockKind, ...] = ("dateline", "standfirst", "salutation", "signature")
"""Kinds of pieces that end a speech, and are blocks of their own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the stages have found: the pieces of the text, its notes and their calls, the calls of
    notes that are `lost`, the omissions with their kinds, the label of each page, what is not sure
    of a piece, by the number of its first line, and the ranges of lines in the order of reading if
    that is not the witness's."""

    lines: tuple[SetLine, ...]
    setting: TextSetting
    pieces: tuple[Piece, ...]
    notes: tuple[FoundNote, ...]
    calls: tuple[Call | None, ...]
    lost: tuple[Call, ...]
    omissions: tuple[Omission, ...]
    folios: Mapping[int, str]
    doubts: Mapping[int, str]
    order: tuple[tuple[int, int], ...]


def find_all(pages: Sequence[PrintedPage]) -> Found:
    """Run the stages over the pages of a witness."""
    scanned = sum(page.scanned for page in pages) * 2 > len(pages)
    rules = {n: page.rules for n, page in enumerate(pages, start=1)}
    return _find(list(lines_of(pages)), rules, "scanned" if scanned else "exact")


def find_in_text(texts: Sequence[str]) -> Found:
    """Run the stages over the lines of a plain text."""
    return _find(estimated_lines(texts), {}, "estimated")


def _find(lines: list[SetLine], rules: Mapping[int, Sequence[DrawnRule]], known: Places) -> Found:
    setting = setting_of([line for line in lines if not line.turned], known)
    furniture = find_furniture(lines, setting)
    omissions = [_omission(n, kind) for n, kind in furniture.kinds.items()]
    furnished = [line for line in lines if line.number in furniture.kinds]
    lines = [line for line in lines if line.number not in furniture.kinds]
    numbers = find_line_numbers(lines, setting)
    for n, (rest, text) in numbers.items():
        omissions.append(_omission(n, "line number", text if rest else ""))
    lines = list(without_numbers(lines, numbers))
    setting = setting_of(lines, known)
    lines = with_lone_calls(lines, setting)
    margins = {} if setting.estimated else find_margins(lines, setting)
    lines = [rest for x in lines if (rest := margins.get(x.number, (x, x))[0]) is not None]
    aside = [line for _, line in margins.values()]
    notes = find_notes(lines, aside, rules, setting)
    unraised = not notes.notes and setting.places == "exact"
    if unraised:
        notes = find_notes(lines, aside, rules, replace(setting, unraised=True))
    body = [line for line in lines if line.number not in notes.lines]
    if not body:  # if nothing but notes is left, they are the text
        body, notes = lines, FoundNotes(())
    noted = {x.number for note in notes.notes if note.where == "margin" for x in note.lines}
    omissions += [
        _omission(line.number, "marginal words", line.words)
        for line in aside
        if line.number not in noted
    ]
    omissions += [_omission(n, "heading of the notes") for n in notes.headings]
    setting = setting_of(body, known)
    body, order = order_columns(body, setting)
    doubts = {order[0][0]: interface.COLUMNS_REORDERED} if order else {}
    pieces = classify(pieces_of(body, setting), setting)
    called = {x.number for piece in pieces if piece.kind == "callout" for x in piece.lines}
    if called:  # what they interrupt goes on
        omissions += [_omission(number, "callout") for number in called]
        body = [line for line in body if line.number not in called]
        pieces = classify(pieces_of(body, setting), setting)
    heads = {key(x.words) for x in furnished if furniture.kinds[x.number] == "running head"}
    pieces, moved = order_title_page(pieces, heads, setting)
    omissions += [
        _omission(line.number, piece.kind)
        for piece in pieces
        if piece.kind == "contents"
        for line in piece.lines
    ]
    places = {line.number: n for n, line in enumerate([*lines, *aside])}
    may_call = calls_in(body, setting.estimated or unraised)
    labelled = with_labels(notes.notes) if setting.scanned else notes.notes
    calls = pairs_of(labelled, may_call, places)
    if setting.scanned:
        calls = with_misread(labelled, calls, body)
    texts = {line.number: line.text for line in body}
    lost = [c for c in may_call if c not in calls and is_certain(c, texts[c.line])]
    return Found(
        tuple(lines),
        setting,
        tuple(piece for piece in pieces if piece.kind != "contents"),
        tuple(labelled),
        tuple(calls),
        () if setting.scanned else tuple(lost),
        proposed(omissions),
        folio_marks((line.page for line in lines), furniture.folios),
        {**doubts, **moved},
        order,
    )


def _omission(line: int, kind: str, text: str = "") -> Omission:
    return Omission(line, line, interface.SET_ASIDE_AS[kind], text)


def proposed(omissions: Iterable[Omission]) -> tuple[Omission, ...]:
    """The omissions of a draft: an editor must confirm each. Those of one reason come together, by
    line, and whole lines that follow each other are one."""
    found: list[Omission] = []
    for omission in sorted(omissions, key=lambda o: (o.why, bool(o.text), o.first, o.last)):
        last = found[-1] if found else omission
        goes_on = last.last + 1 == omission.first and last.why == omission.why
        if goes_on and not last.text and not omission.text:
            found[-1] = replace(last, last=omission.last)
        else:
            found.append(replace(omission, certainty="proposed"))
    return tuple(found)


def with_lone_calls(lines: Sequence[SetLine], setting: TextSetting) -> list[SetLine]:
    """The lines; the call of a note that is alone on its line is at the end of the one above."""
    out: list[SetLine] = []
    for line in lines:
        above = out[-1] if out else None
        if above is not None and _is_lone_call(line, above, setting):
            spans = tuple(replace(s, type=replace(s.type, raised=True)) for s in line.spans)
            out[-1] = replace(above, cells=(*above.cells[:-1], above.cells[-1] + spans))
        else:
            out.append(line)
    return out


def _is_lone_call(line: SetLine, above: SetLine, setting: TextSetting) -> bool:
    if not re.fullmatch(r"\W?(?:\d{1,3}|[*†‡]{1,3})\W?", line.words):
        return False
    beside = (line.page, line.column) == (above.page, above.column)
    below = (line.baseline - above.baseline) / setting.lead(above.size)
    small = line.size < LONE_CALL * above.size and setting.is_text(above.size)
    begins = line.left < above.left + 2 * above.size and not setting.estimated
    return beside and small and 0 < below < (RAISED if begins else 1.1)


# ---------------------------------------------------------------- the document


def document_of(
    found: Found,
    text_id: str,
    name: str,
    people: Mapping[str, str] | None = None,
    undone: Mapping[int, Undo] | None = None,
    *,
    properties: Properties = NO_PROPERTIES,
) -> Document:
    """The document that was found in the witness `name`. `people` maps forms of names to keys;
    `undone` says what is not done in blocks, by their index; `properties` are those of the file."""
    undone = undone or {}
    names = _names(found.notes)
    calls: dict[int, dict[Call, str]] = defaultdict(dict)
    orphans: dict[int, list[str]] = defaultdict(list)
    for call in found.lost:
        calls[call.line][call] = ""
    for note, paired, label in zip(found.notes, found.calls, names, strict=True):
        if paired is None:
            orphans[note.page].append(label)
        else:
            calls[paired.line][paired] = label
    joiner = Joiner(vocabulary(found.lines), found.folios)
    writer = _Writer(found.setting, joiner, calls, found.doubts, undone)
    blocks = with_speakers(writer.blocks(found.pieces), people or {})
    called = {i.label for block in blocks for i in walk(block.content) if isinstance(i, NoteCall)}
    for note, label in zip(found.notes, names, strict=True):
        if label not in called and label not in orphans[note.page]:
            orphans[note.page].append(label)
    notes = []
    for note, label in zip(found.notes, names, strict=True):
        noted = Joiner(joiner.words, {}, page=10**9)
        paragraphs: list[Block] = []
        for lines in _paragraphs(note.lines, found.setting):
            tokens = noted.prose([(x, tokens_of(x, {}, found.setting.scanned)) for x in lines])
            if note.sic and not paragraphs:
                tokens.insert(0, misread(note.sic, interface.LABEL_MISREAD))
            paragraphs += [Block("paragraph", inlines_of(tokens))] if tokens else []
        notes.append(_signed(Note(label, tuple(paragraphs or [EMPTY_NOTE]))))
    blocks = _with_orphans(blocks, writer.pages, orphans)
    meta = infer_metadata(tuple(blocks), text_id, name, properties=properties, people=people)
    meta = replace(meta, order=found.order, omissions=found.omissions)
    return identified(Document(meta, tuple(blocks), tuple(notes)))


def _paragraphs(lines: Sequence[SetLine], setting: TextSetting) -> Iterator[Sequence[SetLine]]:
    """The lines of a note by paragraph: a gap parts them where a sentence ends, unless a signature
    follows: “[N.d.T.]”."""
    start = 0
    for n in range(1, len(lines)):
        ends = ends_sentence(lines[n - 1].words) and not _SIGNED.fullmatch(lines[n].words)
        if ends and WIDER < gap_above(lines, n, setting) < TOP:
            yield lines[start:n]
            start = n
    yield lines[start:]


def _signed(note: Note) -> Note:
    return replace(note, kind=note_kind(note, "author"))


def _names(notes: Sequence[FoundNote]) -> list[str]:
    """The labels of notes, made unique: one used several times gets its page as a prefix; one used
    several times on a page gets a number as a suffix too."""
    counts = Counter(note.label for note in notes)
    used: Counter[str] = Counter()
    names = []
    for note in notes:
        name = f"{note.page}.{note.label}" if counts[note.label] > 1 else note.label
        used[name] += 1
        names.append(f"{name}-{used[name]}" if used[name] > 1 else name)
    return names


def _with_orphans(
    blocks: Sequence[Block], pages: Sequence[int], orphans: Mapping[int, Sequence[str]]
) -> list[Block]:
    """The blocks; notes whose call is not found are called at the end of the last block that begins
    on their page, or before it, with a doubt."""
    out = list(blocks)
    for page, labels in orphans.items():
        at = max((n for n, other in enumerate(pages) if other <= page), default=0)
        if out:
            added = tuple(NoteCall(label) for label in labels)
            content = doubted(out[at].content, interface.CALL_MISSING)
            out[at] = replace(out[at], content=(*content, *added))
    return out


@dataclass
class _Writer:
    """Writes pieces as blocks, in the containers that they belong to."""

    setting: TextSetting
    joiner: Joiner
    calls: Mapping[int, Mapping[Call, str]]
    doubts: Mapping[int, str]
    undone: Mapping[int, Undo]
    pages: list[int] = field(default_factory=list)
    """The page that each block begins on."""
    above: str = ""
    speech: Container | None = None
    items: Container | None = None
    item: int = 0
    """The number of the last item of a list."""
    count: int = 0

    def blocks(self, pieces: Sequence[Piece]) -> list[Block]:
        """The blocks that pieces make."""
        out: list[Block] = []
        n = 0
        while n < len(pieces):
            rows = n
            while rows < len(pieces) and pieces[rows].kind == "row":
                rows += 1
            made = [self._rows(pieces[n:rows])] if rows - n > 1 else [self._block(pieces[n])]
            blocks = [block for block in made if block is not None]
            self.pages += [pieces[n].lines[0].page] * len(blocks)
            out += blocks
            n = max(rows, n + 1)
        return out

    def _tokens(
        self, lines: Iterable[SetLine], flat: bool, undone: bool
    ) -> list[tuple[SetLine, list[Token]]]:
        plain = undone or self.count in self.undone
        flat = flat or self.setting.scanned
        calls = {} if undone else self.calls
        return [(line, tokens_of(line, calls.get(line.number, {}), flat, plain)) for line in lines]

    def _block(self, piece: Piece) -> Block | None:
        if piece.kind == "break":  # it has no words, and no page begins in it
            self.count += 1
            self.above, self.speech = "break", None
            return Block("break", ())
        undone = piece.kind == "plain" or self.undone.get(self.count) == "all"
        lines = self._tokens(piece.lines, piece.kind in FLAT, undone)
        tokens = (
            self.joiner.verse(lines)
            if piece.kind in ("verse", "spoken verse")
            else self.joiner.prose(lines, keep=undone)
        )
        self.count += bool(tokens)
        if not tokens:
            return None
        block = self._contained(piece, tokens)
        if any(closed_up(line.words) != line.words for line in piece.lines) and not undone:
            printed = " ".join(" ".join(line.words.split()) for line in piece.lines)
            why = interface.LETTERSPACED
            block = replace(block, content=(Emendation(piece.text, printed, why),))
        elif self.setting.estimated and not undone:
            mended = with_mended_capitals(block.content, self.joiner.words)
            block = replace(block, content=mended)
        self.above = piece.kind
        why = interface.UNDONE if undone else self.doubts.get(piece.lines[0].number, "")
        return replace(block, content=doubted(block.content, why)) if why else block

    def _contained(self, piece: Piece, tokens: list[Token]) -> Block:
        kind = piece.kind
        if kind in ("speaker", "speech", "spoken verse"):
            self.speech = Container("speech")
            if kind == "speaker":
                return Block("speaker", _named(tokens), within=(self.speech,))
            name: BlockKind = "verse" if kind == "spoken verse" else "paragraph"
            return Block(name, _spoken(tokens), within=(self.speech,))
        if kind == "list-item":
            return self._item(tokens)
        content = inlines_of(tokens) if kind in ("stage", "verse") else _with_stages(tokens)
        if kind in (*SPOKEN, "plain"):
            return self._within(Block("verse" if kind == "verse" else "paragraph", content))
        if kind == "stage":
            return self._within(Block("stage", content))
        if kind == "quotation":
            return self._within(Block("paragraph", content, within=(Container("quotation"),)))
        self.speech = None
        if kind == "heading":
            return Block("heading", content, piece.level or 2)
        if kind == "epigraph":
            return Block("paragraph", content, within=(Container("epigraph"),))
        return next(Block(letter, content) for letter in LETTERS if letter == kind)

    def _within(self, block: Block, shared: int = 0) -> Block:
        """A block, in the speech that goes on if there is one; it is in the first `shared` of its
        own containers together with the block above."""
        if self.speech is None:
            return replace(block, shared=shared)
        return replace(block, within=(self.speech, *block.within), shared=1 + shared)

    def _item(self, tokens: list[Token]) -> Block:
        """An item of a list. The mark of an item is no part of its words; one that the edition has
        no form for (“1°”) stays, and its item is a paragraph."""
        first = next((n for n, token in enumerate(tokens) if token.mark is None), 0)
        text = "".join(token.text for token in tokens[first:])
        match = LIST_MARK.match(text) or CAPITAL_MARK.match(text)
        mark = match[0].strip() if match else ""
        style, number = _numbering(mark)
        if not match or (not style and mark[:1].isalnum()):
            self.items = None
            return self._within(Block("paragraph", inlines_of(tokens)))
        goes_on = self.above == "list-item" and self.items is not None
        counts_on = not style or number == self.item + 1
        if not goes_on or self.items is None or self.items.style != style or not counts_on:
            self.items, goes_on = Container("list", style=style, number=number), False
        self.item = number
        item = Container("list-item", style=style, number=number)
        content = inlines_of([*tokens[:first], *tokens[first + match.end() :]])
        block = Block("paragraph", content, within=(self.items, item))
        return self._within(block, shared=int(goes_on))

    def _rows(self, rows: Sequence[Piece]) -> Block | None:
        """A table; if that is undone, a paragraph."""
        if self.undone.get(self.count) == "all":
            lines = tuple(line for piece in rows for line in piece.lines)
            return self._block(replace(rows[0], lines=lines, kind="paragraph"))
        return self._table(rows)

    def _table(self, rows: Sequence[Piece]) -> Block:
        lines = [line for piece in rows for line in piece.lines]
        columns = _columns(lines)
        cells = [(line, self._cells(line, columns)) for line in lines]
        self.count += 1
        self.above = "table"
        content = inlines_of(self.joiner.rows(cells))
        headed = lines[0].bold and not lines[-1].bold
        table = Table(tuple("" for _ in columns), headed)
        return self._within(Block("table", content, table=table))

    def _cells(self, line: SetLine, columns: Sequence[float]) -> list[list[Token]]:
        """The words of a row by column."""
        cells: list[list[Token]] = [[] for _ in columns]
        for cell in line.cells:
            middle = _middle(cell)
            at = min(range(len(columns)), key=lambda n: abs(columns[n] - middle))
            part = line.only((cell,))
            cells[at] += [*([Token(" ")] if cells[at] else []), *tokens_of(part, {}, flat=True)]
        return cells


def _columns(lines: Sequence[SetLine]) -> list[float]:
    """The middle of each column of a table, by its row with the most cells."""
    widest = max(lines, key=lambda line: len(line.cells))
    return [_middle(cell) for cell in widest.cells]


def _middle(cell: Sequence[TypeSpan]) -> float:
    return (cell[0].left + cell[-1].right) / 2


def _numbering(mark: str) -> tuple[str, int]:
    """The style of a list that marks an item so, and the number of the item; empty and 0 if the
    edition has no such style or the mark is a bullet."""
    match = re.fullmatch(r"(\(?)(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})([.)])", mark)
    if match is None:
        return "", 0
    kind, number = value_of(match[2])
    return f"{match[1]}{kind}{match[3]}", number


def _spoken(tokens: list[Token]) -> Inlines:
    """The words of a speech, with the name at their beginning as that of the speaker."""
    text = "".join(token.text or "\0" for token in tokens)
    match = RUN_IN.match(text) or STOPPED.match(text)
    if match is None:
        return inlines_of(tokens)
    end = len(text[: match.end()].rstrip())
    name = [replace(token, style=ROMAN, doubt="") for token in tokens[:end]]
    spoken = _with_stages([Token(" "), *tokens[match.end() :]])
    return (Speaker(inlines_of(name)), *spoken)


def _with_stages(tokens: Sequence[Token]) -> Inlines:
    """Tokens as inlines, with what the audience does as stage directions: “(Rires.)”."""
    content: list[Inline] = []
    at = 0
    for match in STAGE_DIRECTION.finditer("".join(token.text or "\0" for token in tokens)):
        direction = StageDirection(inlines_of(tokens[match.start() : match.end()]))
        content += [*inlines_of(tokens[at : match.start()]), direction]
        at = match.end()
    return merged([*content, *inlines_of(tokens[at:])])


def _named(tokens: list[Token]) -> Inlines:
    """The name of a speaker on a line of its own, and the stage direction after it."""
    plain = [replace(token, style=ROMAN, doubt="") for token in tokens]
    text = "".join(token.text or "\0" for token in plain)
    match = re.match(r"[^,(]+,?(?=\s*\S)", text)
    if match is None or match.end() == len(text) or not re.search(r"[,(]", text):
        return (Speaker(inlines_of(plain)),)
    end = len(match[0].rstrip())
    direction = inlines_of(_without_space(plain[end:]))
    return (Speaker(inlines_of(plain[:end])), Text(" "), StageDirection(direction))


def _without_space(tokens: list[Token]) -> list[Token]:
    first = next((n for n, token in enumerate(tokens) if not token.text.isspace()), 0)
    return tokens[first:]


def with_speakers(blocks: Sequence[Block], people: Mapping[str, str]) -> list[Block]:
    """The blocks; a quotation has the speaker whom the paragraph above names."""
    out: list[Block] = []
    speakers: tuple[str, ...] = ()
    for n, block in enumerate(blocks):
        if block.within and block.within[-1].kind == "quotation":
            above = blocks[n - 1] if n else None
            begins = block.shared < len(block.within)
            if begins:
                speakers = speaker_of(reading_text(above.content), people) if above else ()
            within = (*block.within[:-1], Container("quotation", speakers))
            block = replace(block, within=within)
        out.append(block)
    return out


# ---------------------------------------------------------------- the proof


def recover_printed(
    pages: Sequence[PrintedPage],
    witness: Witness,
    text_id: str,
    people: Mapping[str, str] | None = None,
    properties: Properties = NO_PROPERTIES,
) -> Document:
    """A draft edition of a printed witness, whose lines are those of `pages`, with the id
    `text_id`. `people` maps forms of names to keys (“Lénine” → `lenine`), `properties` are those of
    the file."""
    return _proved(find_all(pages), witness, text_id, people or {}, properties)


def recover_text(
    witness: Witness, text_id: str, people: Mapping[str, str] | None = None
) -> Document:
    """A draft edition of a plain text, as `recover_printed`."""
    return _proved(find_in_text(witness.lines), witness, text_id, people or {}, NO_PROPERTIES)


def _proved(
    found: Found, witness: Witness, text_id: str, people: Mapping[str, str], properties: Properties
) -> Document:
    """The document that was found in a witness. Where it differs from the witness, what was found
    in that block is undone, then the pieces there are the lines of the witness as they stand; they
    have a doubt. If it differs still, the result is a plain draft."""
    undone: dict[int, Undo] = {}
    for _ in range(UNDONE):
        document = document_of(found, text_id, witness.name, people, undone, properties=properties)
        more: dict[int, Undo] = {
            n: "emphasis"
            for n, block in enumerate(document.blocks)
            if n not in undone and not _is_writable(block, document)
        }
        collation = collate(document, witness, text_id)
        if collation.order and not collation.differences:
            document = replace(document, meta=replace(document.meta, order=collation.order))
            collation = collate(document, witness, text_id)
        ids = {difference.block.id for difference in collation.differences}
        more |= {n: "all" for n, block in enumerate(document.blocks) if block.id in ids}
        if not more and not collation.findings and is_written(document):
            return document
        folios = _printed_folios(witness)
        if not more and collation.findings and not folios.items() <= found.folios.items():
            found = replace(found, folios={**found.folios, **folios})
        elif not more.items() <= undone.items():
            undone |= more
        elif ranges := _unproved(collation):
            found, undone = _with_plain_lines(found, ranges), {}
        else:
            break
    return recover_plainly(witness, document.meta)


def _unproved(collation: Collation) -> list[tuple[int, int]]:
    """The first and the last line of each part of a witness that differs from the edition."""
    ranges = [(line, line) for line in collation.missing]
    for difference in collation.differences:
        first, last = collation.blocks.get(difference.block.id, (0, 0))
        line = difference.line
        ranges.append((min(first or line, line), max(last, line)))
    return ranges


def _with_plain_lines(found: Found, ranges: Iterable[tuple[int, int]]) -> Found:
    """What was found; the pieces that have lines of one of the ranges are one, with these lines in
    the order of the witness."""
    pieces = list(found.pieces)
    noted = {line.number for note in found.notes for line in note.lines}
    for first, last in ranges:
        numbers = [[line.number for line in piece.lines] for piece in pieces]
        touched = [n for n, own in enumerate(numbers) if min(own) <= last and max(own) >= first]
        before = [n for n, own in enumerate(numbers) if max(own) < first]
        if not touched:
            touched = before[-1:]  # what is missing is beside it
        if touched:
            start, end = touched[0], touched[-1] + 1
            lines = {line.number: line for piece in pieces[start:end] for line in piece.lines}
            others = noted.union(*map(set, (*numbers[:start], *numbers[end:])))
            lines |= {
                line.number: line
                for line in found.lines
                if first <= line.number <= last and line.number not in others
            }
            whole = tuple(lines[number] for number in sorted(lines))
            pieces[start:end] = [Piece(whole, "plain", pieces[start].before, pieces[end - 1].after)]
    return replace(found, pieces=tuple(pieces))


def _printed_folios(witness: Witness) -> dict[int, str]:
    """The folios that a collation expects, by page: those that stand alone on lines."""
    shown = paginate(witness.lines)
    return {shown.page(line) + 1: folio for line, folio in reversed(list(shown.folios.items()))}


def _is_writable(block: Block, document: Document) -> bool:
    """Whether a block with emphasis can be written and read back."""
    if not any(
        isinstance(inline, Emphasis | SmallCaps | Superscript) for inline in walk(block.content)
    ):
        return True
    labels = dict.fromkeys(i.label for i in walk(block.content) if isinstance(i, NoteCall))
    notes = tuple(Note(label, (Block("paragraph", (Text("x"),)),)) for label in labels)
    meta = replace(document.meta, omissions=())
    return is_written(identified(Document(meta, (replace(block, shared=0, id=""),), notes)))


def is_written(document: Document) -> bool:
    """Whether a document can be written as an edition and read back, without an error."""
    try:
        loads(dumps(document))
    except ArchiveError:
        return False
    return True
