"""Inlines as an edition file can hold them: no mark without words, none within its own kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import structs

from archive_site.text.document import (
    NESTING,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Superscript,
    Text,
)
from archive_site.text.reading import lines_of, merged, reading_text, witness_text

DEEPEST = 12
"""How deep marks may be nested; an edition file has 20 at most, and blocks around them."""


def has_content(content: Inlines) -> bool:
    """Whether inlines have words, in the reading or in the witness."""
    return bool(reading_text(content).strip() or witness_text(content).strip())


def settled(content: Inlines, around: tuple[type[Inline], ...] = ()) -> Inlines:
    """Inlines without marks that have no words, or that are in a mark of their kind; neighbours of
    one kind are one."""
    return merged(_joined(_kept(content, around)))


def _kept(content: Inlines, around: tuple[type[Inline], ...]) -> Iterator[Inline]:
    for inline in content:
        if not isinstance(inline, NESTING):
            yield inline
            continue
        inner = settled(inline.content, (*around, type(inline)))
        if inner and isinstance(inner[0], Superscript) and not isinstance(inline, Emphasis):
            inner = merged((Text(inner[0].text), *inner[1:]))  # “[^e^]” would call a note
        if not has_content(inner) or not _may_stand(inline, around):
            yield from inner
        elif isinstance(inline, Link):
            yield from _linked(inner, inline.target)
        else:
            yield structs.replace(inline, content=inner)


def _may_stand(inline: Inline, around: tuple[type[Inline], ...]) -> bool:
    """Whether a mark may be in those around it. The only mark in a link is emphasis."""
    plain = Link not in around or isinstance(inline, Emphasis)
    return plain and type(inline) not in around and len(around) < DEEPEST


def _linked(content: Inlines, target: str) -> Iterator[Inline]:
    """The words of a link as links, and what else is in it between them: an edition file has only
    words in a link."""
    flat = [
        inner
        for inline in content
        for inner in (inline.content if _holds_more(inline) else (inline,))  # type: ignore[union-attr]
    ]
    for words, run in groupby(flat, key=lambda i: isinstance(i, Text | Superscript | Emphasis)):
        part = merged(run)
        if not words or not has_content(part):
            yield from part
        elif isinstance(part[0], Superscript):
            yield Link(merged((Text(part[0].text), *part[1:])), target)
        else:
            yield Link(part, target)


def _holds_more(inline: Inline) -> bool:
    """Whether emphasis has more in it than words."""
    return isinstance(inline, Emphasis) and any(
        not isinstance(inner, Text | Superscript) for inner in inline.content
    )


def by_lines(content: Inlines) -> Inlines:
    """Inlines in which every mark ends with its line, and begins anew in the next."""

    def parted() -> Iterator[Inline]:
        for inline in content:
            if not isinstance(inline, NESTING):
                yield inline
                continue
            for n, line in enumerate(lines_of(by_lines(inline.content))):
                if n:
                    yield LineBreak()
                if line:
                    yield structs.replace(inline, content=line)

    return tuple(parted())


def _joined(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Inlines with neighbouring emphasis, or raised letters, as one. Of neighbours in italics and
    in bold, the second is plain: their signs would run together."""
    last: Inline | None = None
    for inline in inlines:
        if isinstance(inline, Text) and not inline.text:
            continue
        if isinstance(last, Superscript) and isinstance(inline, Superscript):
            last = Superscript(last.text + inline.text)
        elif isinstance(last, Emphasis) and isinstance(inline, Emphasis):
            if last.strong == inline.strong:
                last = Emphasis(settled((*last.content, *inline.content), (Emphasis,)), last.strong)
            else:
                yield last
                *first, last = inline.content
                yield from first
        else:
            if last is not None:
                yield last
            last = inline
    if last is not None:
        yield last
