"""Rules of one edition: a draft and its doubts, quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

from archive_site.corpus.read import Edition
from archive_site.findings import Finding
from archive_site.text.document import Doubt
from archive_site.text.quotes import unpaired
from archive_site.text.reading import reading_text, walk


def check_draft(edition: Edition) -> Iterator[Finding]:
    """A draft is to be proofread, and each of its doubts decided."""
    if edition.document.meta.status != "draft":
        return
    hint = "Read it beside its witness, then write status: proofread."
    yield Finding(edition.path, 1, "W050", "this edition is a draft", hint)
    notes = (block for note in edition.document.notes for block in note.blocks)
    for block in (*edition.document.blocks, *notes):
        for inline in walk(block.content):
            if isinstance(inline, Doubt):
                words = reading_text(inline.content)
                message = f"a doubt is to be decided: “{words}” ({inline.why})"
                hint = "Take the mark out, or say in why what a reader should know."
                yield Finding(edition.path, block.line, "W051", message, hint)


def check_quotation_marks(edition: Edition) -> Iterator[Finding]:
    """Every quotation mark has its other half, in its block or in its quotation; a draft's may
    wait for its proofreading."""
    document = edition.document
    code = "W052" if document.meta.status == "draft" else "E036"
    for blocks in (document.blocks, *(note.blocks for note in document.notes)):
        for block, words in unpaired(blocks):
            message = f"quotation marks must pair; this one does not: “{words}”"
            hint = 'Supply it, [”]{.corr sic=""}, or take it out, []{.corr sic="”"}.'
            yield Finding(edition.path, block.line, code, message, hint)
