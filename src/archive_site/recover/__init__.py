"""Recover a draft edition from a witness: raw extraction → `Document`.

`STAGES` lists the stages in order; each takes the whole draft and returns a new one. Guessing is
confined to this package. A stage declares the lines that it removes as omissions, each with its
reason, and marks what it cannot decide as a doubt. Only `cli` imports this package.

A number in brackets names the witness on which a constant was measured: 000 is the article of
1921, 001 Lénine, 002 the magazine, 003 Trotsky, 004 Boukharine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate

from archive_site import interface
from archive_site.edition.ids import identified
from archive_site.recover.columns import order_columns, separate_columns
from archive_site.recover.draft import Draft, Line
from archive_site.recover.furniture import set_furniture_aside
from archive_site.recover.metadata import infer_metadata
from archive_site.recover.notes import find_notes, join_raised_characters, place_calls
from archive_site.recover.pages import find_pages
from archive_site.recover.prose import chunks, find_passages, join_words, set_callouts_aside
from archive_site.recover.structure import (
    find_quotations,
    find_stage_directions,
    mend_capitals,
    order_title_page,
    write_blocks,
)
from archive_site.text.document import Block, Document, Meta, PageBreak, Text
from archive_site.text.reading import NOT_TEXT
from archive_site.witness.collate import collate
from archive_site.witness.pagination import paginate
from archive_site.witness.stream import HYPHENS
from archive_site.witness.witness import Witness

STAGES: tuple[Callable[[Draft], Draft], ...] = (
    find_pages,
    set_furniture_aside,
    separate_columns,
    join_raised_characters,
    find_notes,
    set_callouts_aside,
    order_columns,
    find_passages,
    order_title_page,
    join_words,
    place_calls,
    find_quotations,
    find_stage_directions,
    mend_capitals,
)


def recover(witness: Witness, text_id: str, people: Mapping[str, str] | None = None) -> Document:
    """A draft edition of `witness`, with the id `text_id`.

    `people` maps forms of names to keys (“Lénine” → `lenine`); it identifies the speakers of
    quotations. If collating the draft of the stages yields findings, the result is a plain draft
    instead, in which each run of lines is a paragraph."""
    lines = (NOT_TEXT.sub("", line) for line in witness.lines)
    numbered = tuple(Line(number, text) for number, text in enumerate(lines, start=1))
    draft = Draft(lines=numbered, people=dict(people or {}))
    for stage in STAGES:
        draft = stage(draft)
    blocks, notes = write_blocks(draft)
    meta = infer_metadata(draft, blocks, text_id, witness.name)
    omissions = tuple(sorted(draft.omissions, key=lambda o: (o.first, o.last)))
    meta = replace(meta, order=draft.order, omissions=omissions)
    document = identified(Document(meta, blocks, notes))
    order = collate(document, witness, text_id).order
    if order:  # the stages have moved a title, a box or a column to its place in the text
        document = replace(document, meta=replace(meta, order=order))
    if collate(document, witness, text_id).findings:
        return _run_by_run(numbered, meta)
    return document


def _run_by_run(lines: tuple[Line, ...], meta: Meta) -> Document:
    """A draft in which each run of lines on a page is a paragraph, and only page breaks are
    inferred. It replaces the draft of the stages if that would lose words."""
    starts = set(paginate([line.text for line in lines]).starts)
    pages = accumulate((int(line.number - 1 in starts) for line in lines[1:]), initial=1)
    paged = (replace(line, page=page) for line, page in zip(lines, pages, strict=True))
    blocks: list[Block] = []
    page = 1
    for run in chunks(paged):
        begun = (PageBreak(f"[{run[0].page}]"),) if blocks and run[0].page > page else ()
        page = run[0].page
        blocks.append(Block("paragraph", (*begun, Text(_joined(run)))))
    return identified(
        Document(replace(meta, order=(), omissions=(), remarks=(PLAIN,)), tuple(blocks))
    )


def _joined(run: list[Line]) -> str:
    """The lines as one. After a hyphen that may have split a word, no space is added."""
    parts = [run[0].words]
    for line in run[1:]:
        before = parts[-1]
        cut = len(before) > 1 and before[-1] in HYPHENS and before[-2].isalnum()
        parts += [line.words] if cut else [" ", line.words]
    return "".join(parts)


PLAIN = interface.RECOVERED_PLAINLY
