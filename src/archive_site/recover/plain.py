"""A plain draft: each run of lines on a page is a paragraph, and only page breaks are inferred. It
replaces a draft that would lose words."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

from archive_site import interface
from archive_site.edition.ids import identified
from archive_site.recover.draft import Line
from archive_site.recover.prose import chunks
from archive_site.text.document import Block, Document, Meta, PageBreak, Text
from archive_site.text.reading import NOT_TEXT
from archive_site.witness.pagination import paginate
from archive_site.witness.stream import HYPHENS
from archive_site.witness.witness import Witness

PLAIN = interface.RECOVERED_PLAINLY


def recover_plainly(witness: Witness, meta: Meta) -> Document:
    """A plain draft of a witness, with the front matter `meta`."""
    texts = (NOT_TEXT.sub("", line) for line in witness.lines)
    lines = tuple(Line(number, text) for number, text in enumerate(texts, start=1))
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
