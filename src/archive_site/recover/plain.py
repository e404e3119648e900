"""A plain draft: each run of lines on a page is a paragraph, and only page breaks are inferred. It
replaces a draft that would lose words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive_site import interface
from archive_site.edition.ids import identified
from archive_site.text.document import Block, Document, Meta, PageBreak, Text
from archive_site.text.reading import NOT_TEXT
from archive_site.witness.pagination import paginate
from archive_site.witness.stream import HYPHENS
from archive_site.witness.witness import Witness

PLAIN = interface.RECOVERED_PLAINLY


def recover_plainly(witness: Witness, meta: Meta) -> Document:
    """A plain draft of a witness, with the front matter `meta`."""
    blocks: list[Block] = []
    reached = 1
    for page, run in _runs([NOT_TEXT.sub("", line) for line in witness.lines]):
        begun = (PageBreak(f"[{page}]"),) if blocks and page > reached else ()
        reached = page
        blocks.append(Block("paragraph", (*begun, Text(_joined(run)))))
    return identified(
        Document(replace(meta, order=(), omissions=(), remarks=(PLAIN,)), tuple(blocks))
    )


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines, parted by blank lines and page breaks, each with its page."""
    starts = set(paginate(lines).starts) - {0}
    run: list[str] = []
    page = 1
    for index, line in enumerate(lines):
        words = " ".join(line.split())
        if run and (index in starts or not words):
            yield page, run
            run = []
        page += index in starts
        run += [words] if words else []
    if run:
        yield page, run


def _joined(run: Sequence[str]) -> str:
    """The lines as one. After a hyphen that may have split a word, no space is added."""
    parts = [run[0]]
    for line in run[1:]:
        before = parts[-1]
        cut = len(before) > 1 and before[-1] in HYPHENS and before[-2].isalnum()
        parts += [line] if cut else [" ", line]
    return "".join(parts)
