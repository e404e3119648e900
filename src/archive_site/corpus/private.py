"""A bibliography as it is published: without its comments, and without the fields that are for its
owner only, such as paths on a computer. All else is as it was received, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_site.corpus.bibliography import is_private, item_spans, members
from archive_site.corpus.bibtex_syntax import BibtexBlock, BibtexField, BibtexScanner


def published_bibliography(data: bytes, name: str) -> bytes:
    """A file of the bibliography as it is published; unchanged if it cannot be read."""
    without = _without_fields if name.endswith(".bib") else _without_members
    try:
        return without(data.decode("utf-8")).encode()
    except (ValueError, RecursionError):  # it has a finding, so that nothing is published
        return data


def _kept(text: str, cuts: Iterator[tuple[int, int]]) -> str:
    """The text without the parts from one place to another."""
    parts, at = [], 0
    for start, end in cuts:
        parts.append(text[at:start])
        at = end
    return "".join((*parts, text[at:]))


# ---------------------------------------------------------------- BibTeX


def _without_fields(text: str) -> str:
    return _kept(text, _bibtex_cuts(text))


def _bibtex_cuts(text: str) -> Iterator[tuple[int, int]]:
    """The places of comments, and of fields that are not published."""
    end = 0
    for block in BibtexScanner(text).blocks():
        yield _of_words(text, end, block.start)
        if block.kind == "comment":
            yield block.start, block.end
        else:
            yield from _fields(text, block)
        end = block.end
    yield _of_words(text, end, len(text))


def _of_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of the words between two blocks."""
    words = text[start:end].strip()
    first = text.index(words, start)
    return first, first + len(words)


def _fields(text: str, block: BibtexBlock) -> Iterator[tuple[int, int]]:
    for field in block.fields:
        if is_private(field.name, field.value):
            yield _whole_lines(text, field)


def _whole_lines(text: str, field: BibtexField) -> tuple[int, int]:
    """The place of a field, with its lines if nothing else is on them."""
    before = len(text[: field.start].rstrip(" \t"))
    after = re.compile(r"[ \t]*\r?\n").match(text, field.end)
    if after and text[before - 1 : before] == "\n":
        return before, after.end()
    return field.start, field.end


# ---------------------------------------------------------------- CSL-JSON


def _without_members(text: str) -> str:
    cuts = (cut for start, _ in item_spans(text) for cut in _json_cuts(text, start))
    return _kept(text, cuts)


def _json_cuts(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The places of the members of an item that are not published, each with a comma."""
    found = list(members(text, at)) if text[at] == "{" else []
    private = [is_private(name, text[start:end]) for name, start, end in found]
    first = private.index(False) if False in private else len(found)
    for n, (_, start, end) in enumerate(found):
        if private[n] and n < first:
            yield start, found[n + 1][1] if n + 1 < len(found) else end
        elif private[n]:
            yield found[n - 1][2], end
