"""Rules for names: no form may belong to two entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive_site.edition.authority import Entry
from archive_site.findings import Finding
from archive_site.names.mentions import FormMatcher, Passage, overridden
from archive_site.text.reading import reading_text


def check_forms(entries: Iterable[Entry]) -> Iterator[Finding]:
    """A finding for each form that two entries have, and for each form that one entry has both with
    and without rules."""
    entries = tuple(entries)
    for entry, form, other in FormMatcher(entries).clashes():
        message = f"“{form.text}” must name one entry; it is a form of {entry.key} and {other.key}"
        yield Finding(entry.path, form.line, "E044", message)
    for entry in entries:
        for form, ruled in overridden(entry):
            message = (
                f"a form must have the same rules everywhere; found “{form.text}” without rules, "
                f"and “{ruled.text}” of line {ruled.line} with some"
            )
            hint = "Give both the same rules, or remove one of them."
            yield Finding(entry.path, form.line, "W056", message, hint)


def check_mentions(passages: Iterable[Passage]) -> Iterator[Finding]:
    """A finding for each mention that two entries claim."""
    for passage in passages:
        for mention in passage.mentions:
            if mention.rivals:
                words = reading_text(passage.place.block.content)[mention.start : mention.end]
                keys = " and ".join((mention.key, *mention.rivals))
                message = f"“{words}” must name one entry; it is a form of {keys} here"
                yield Finding(passage.path, passage.place.block.line, "E044", message)
