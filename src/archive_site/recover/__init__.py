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

from archive_site.edition.ids import identified
from archive_site.recover.columns import order_columns, separate_columns
from archive_site.recover.draft import Draft, Line
from archive_site.recover.furniture import set_furniture_aside
from archive_site.recover.metadata import infer_metadata
from archive_site.recover.notes import find_notes, join_raised_characters, place_calls
from archive_site.recover.pages import find_pages
from archive_site.recover.plain import recover_plainly
from archive_site.recover.prose import find_passages, join_words, set_callouts_aside
from archive_site.recover.structure import (
    find_quotations,
    find_stage_directions,
    mend_capitals,
    order_title_page,
    write_blocks,
)
from archive_site.text.document import Document
from archive_site.text.reading import NOT_TEXT
from archive_site.witness.collate import collate
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

    `people` maps forms of names to keys (“Lénine” → `lenine`); it identifies the author, the
    addressee and the speakers of quotations. If collating the draft of the stages yields findings,
    the result is a plain draft instead, in which each run of lines is a paragraph."""
    lines = (NOT_TEXT.sub("", line) for line in witness.lines)
    numbered = tuple(Line(number, text) for number, text in enumerate(lines, start=1))
    draft = Draft(lines=numbered, people=dict(people or {}))
    for stage in STAGES:
        draft = stage(draft)
    blocks, notes = write_blocks(draft)
    meta = infer_metadata(blocks, text_id, witness.name, people=people)
    omissions = tuple(sorted(draft.omissions, key=lambda o: (o.first, o.last)))
    meta = replace(meta, order=draft.order, omissions=omissions)
    document = identified(Document(meta, blocks, notes))
    order = collate(document, witness, text_id).order
    if order:  # the stages have moved a title, a box or a column to its place in the text
        document = replace(document, meta=replace(meta, order=order))
    if collate(document, witness, text_id).findings:
        return recover_plainly(witness, meta)
    return document
