"""Rules of names: no form belongs to two entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive_site.edition.authority import Entry
from archive_site.findings import Finding
from archive_site.names.mentions import Forms, Passage, freed
from archive_site.text.reading import reading_text


def check_forms(entries: Iterable[Entry]) -> Iterator[Finding]:
    """No two entries of the authority files have one form, and none has one form with rules and
    without."""
    entries = tuple(entries)
    for entry, form, other in Forms(entries).clashes():
        message = f"“{form.text}” is a form of {entry.key} and of {other.key}"
        yield Finding(entry.path, form.line, "E044", message)
    for entry in entries:
        for form, ruled in freed(entry):
            message = (
                f"a form must have its rules wherever it is given; “{form.text}” has none, and "
                f"“{ruled.text}” of line {ruled.line} has some"
            )
            hint = "Give both the same rules, or take one of them out."
            yield Finding(entry.path, form.line, "W056", message, hint)


def check_mentions(passages: Iterable[Passage]) -> Iterator[Finding]:
    """No words of a text are named by two entries."""
    for passage in passages:
        for mention in passage.mentions:
            if mention.rivals:
                words = reading_text(passage.place.block.content)[mention.start : mention.end]
                keys = " and of ".join((mention.key, *mention.rivals))
                message = f"“{words}” is a form of {keys} here, whatever their rules say"
                yield Finding(passage.path, passage.place.block.line, "E044", message)
