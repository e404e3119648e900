"""Aliases: the anchors that a text had, and those that take their place, so that old addresses
still lead somewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from archive_site.edition.front_matter import did_you_mean
from archive_site.edition.ids import ANCHOR, RESERVED_ID
from archive_site.edition.yaml import Value
from archive_site.findings import Finding
from archive_site.text.document import Document, PageBreak
from archive_site.text.reading import walk

_OTHER_ANCHOR = re.compile(r"(?:note|page)-.+")


def is_anchor(name: str) -> bool:
    """Whether an element of a text may have this anchor: a block, a note or a page."""
    block = ANCHOR.fullmatch(name) and not RESERVED_ID.fullmatch(name)
    return bool(block or _OTHER_ANCHOR.fullmatch(name))


def anchors_of(document: Document) -> list[str]:
    """The anchors of the blocks, the notes and the pages of a text."""
    inlines = (inline for block in document.every_block for inline in walk(block.content))
    pages = (inline.anchor for inline in inlines if isinstance(inline, PageBreak))
    return [
        *(block.id for block in document.blocks),
        *(note.anchor for note in document.notes),
        *filter(None, dict.fromkeys(pages)),
    ]


def resolved(aliases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Where each former anchor leads in the end: an alias may lead to another alias. Those that
    lead back to themselves lead to one of themselves."""
    known, found = dict(aliases), dict[str, str]()
    for old in known:
        at, passed = old, list[str]()
        while at in known and at not in found:
            found[at] = at
            passed.append(at)
            at = known[at]
        found |= dict.fromkeys(passed, found.get(at, at))
    return found


def former_anchors(document: Document) -> dict[str, tuple[str, ...]]:
    """The former anchors that lead to each anchor of a text."""
    found = defaultdict[str, list[str]](list)
    for old, new in resolved(document.meta.aliases).items():
        found[new].append(old)
    return {anchor: tuple(found[anchor]) for anchor in anchors_of(document) if anchor in found}


def check_aliases(document: Document, matter: Value | None, path: str) -> Iterator[Finding]:
    """A finding for each alias that is not one. `matter` is the front matter, which has their
    lines."""
    aliases = document.meta.aliases
    if not aliases or matter is None or matter.fields is None:
        return
    lines, anchors = matter.fields["aliases"].key_lines, dict.fromkeys(anchors_of(document))
    ends = resolved(aliases)
    for old, new in aliases:
        if fault := _fault(old, new, ends, anchors):
            yield Finding(path, lines.get(old, 1), "E070", *fault)


def _fault(
    old: str, new: str, ends: dict[str, str], anchors: Collection[str]
) -> tuple[str, str] | None:
    """The message and the remedy for an alias; None if it is sound."""
    if not is_anchor(old):
        return f"an alias must be an anchor that a text may have; found “{old}”", ""
    if old in anchors:
        message = f"an alias must be an anchor that the text no longer has; it has “{old}”"
        return message, "Remove this alias."
    if ends[old] in ends:
        message = f"an alias must lead to an anchor of the text; “{old}” leads to aliases only"
        return message, did_you_mean(old, anchors)
    if new and new not in ends and new not in anchors:
        message = f"an alias must lead to an anchor of the text; found “{new}”"
        return message, did_you_mean(new, [*anchors, *ends])
    return None
