"""White space and line ends as TEI has them: runs of white space are one space, `<lb/>` is a space
or nothing, and words that it divides are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import structs

from archive_site.sources.tei.parsing import KEPT
from archive_site.text.document import (
    NESTING,
    CellBreak,
    Inline,
    Inlines,
    LineBreak,
    PageBreak,
    Text,
)
from archive_site.text.lexicon import join_hyphen
from archive_site.text.reading import merged

LINE = "\ufdd0"
"""A line end of the original: `<lb/>`."""
JOINED = "\ufdd1"
"""A line end within a word: `<lb break="no"/>`."""
_EDGE, _PAGE, _BREAK, _SOLID = "\ufdd3", "\ufdd4", "\ufdd5", "\ufdd6"
_RUN = re.compile(rf"([-‐¬\xad]?)([ \t\n{LINE}{JOINED}{KEPT}{_EDGE}{_PAGE}]+)")
_SPACE = re.compile(rf"[ \t\n{LINE}{JOINED}{KEPT}]")
_BEFORE = re.compile(r"[^\W\d_][^\s\ufdd0-\ufdef]*$")
_AFTER = re.compile(r"[^\s\ufdd0-\ufdef]+")
_LONGEST = 80  # characters of a word that are looked at


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A text, or what stands for another inline (`mark`), and its depth in the markup."""

    text: str
    mark: bool
    depth: int


def with_spaces(content: Inlines, words: Counter[str], *, lines: bool = False) -> Inlines:
    """Inlines with their white space as TEI means it. `lines`: line ends are kept. `words` are
    those of the text; they decide whether a hyphen at a line end belongs to a word."""
    leaves = list(_leaves(content, 0))
    written = _EDGE.join(leaf.text for leaf in leaves)
    set_: list[str] = []
    last, at = 0, 0  # the end of the last run, the number of the leaf there
    for run in _RUN.finditer(written):
        at += written.count(_EDGE, last, run.start())
        before = written[max(0, run.start() - _LONGEST) : run.start()]
        after = written[run.end() : run.end() + _LONGEST]
        here = leaves[at : at + run[0].count(_EDGE) + 1]
        set_ += [written[last : run.start()], _run(run, before, after, here, words, lines)]
        at, last = at + run[0].count(_EDGE), run.end()
    texts = "".join([*set_, written[last:]]).split(_EDGE)
    return merged(_rebuilt(content, iter(texts)))


def _leaves(content: Inlines, depth: int) -> Iterator[_Leaf]:
    """The leaves of inlines, with an empty text before and after each inline: a space that may not
    stay within markup has a place there."""
    for inline in content:
        yield _Leaf("", False, depth)
        if isinstance(inline, Text):
            yield _Leaf(inline.text, False, depth)
        elif isinstance(inline, NESTING):
            yield from _leaves(inline.content, depth + 1)
        else:
            yield _Leaf(_mark(inline), True, depth)
    yield _Leaf("", False, depth)


def _mark(inline: Inline) -> str:
    if isinstance(inline, LineBreak | CellBreak):
        return _BREAK
    return _PAGE if isinstance(inline, PageBreak) else _SOLID


def _run(
    run: re.Match[str],
    before: str,
    after: str,
    leaves: list[_Leaf],
    words: Counter[str],
    lines: bool,
) -> str:
    """A run of white space and marks, as it is set: with one space, or a kept line end, or none."""
    hyphen, spaces = run[1], run[2]
    space = ""
    if not _SPACE.search(spaces):
        return run[0]
    if JOINED in spaces:
        hyphen = ""
    elif LINE in spaces and hyphen and _BEFORE.search(before) and after[:1].isalnum():
        hyphen = _hyphen(hyphen, before, after, words)
    elif (KEPT in spaces or LINE in spaces) and lines:
        space = KEPT
    else:
        space = " "
    if (not hyphen and not before) or not after or before[-1:] == _BREAK or after[0] == _BREAK:
        space = ""
    return hyphen + _placed(space, _SPACE.sub("", spaces), leaves)


def _hyphen(hyphen: str, before: str, after: str, words: Counter[str]) -> str:
    """The hyphen of a word that a line end divides, or nothing if it is only that of the line."""
    if hyphen in "¬\xad":
        return ""
    head = before[_BEFORE.search(before).start() :]  # type: ignore[union-attr]  # the caller knows
    tail = _AFTER.match(after)
    joined, _ = join_hyphen(f"{head}-", tail[0] if tail else after, words)
    return hyphen if joined.startswith(f"{head}-") else ""


def _placed(space: str, marks: str, leaves: list[_Leaf]) -> str:
    """A space among the edges of leaves: in the first of them that is least deep in markup."""
    if not space:
        return marks
    here = [leaf.depth if not leaf.mark else 1000 for leaf in leaves]
    place = here.index(min(here))
    parts = marks.split(_EDGE)
    parts[place] = space + parts[place]
    return _EDGE.join(parts)


def _rebuilt(content: Inlines, texts: Iterator[str]) -> Iterator[Inline]:
    """Inlines with their new texts, in the order of `_leaves`."""
    for inline in content:
        yield from _lines(next(texts))
        if isinstance(inline, Text):
            yield from _lines(next(texts))
        elif isinstance(inline, NESTING):
            yield structs.replace(inline, content=merged(_rebuilt(inline.content, texts)))
        else:
            next(texts)
            yield inline
    yield from _lines(next(texts))


def _lines(text: str) -> Iterator[Inline]:
    """A text, with the line ends in it that are kept."""
    first, *rest = text.split(KEPT)
    yield Text(first)
    for line in rest:
        yield LineBreak()
        yield Text(line)
