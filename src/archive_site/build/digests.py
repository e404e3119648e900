"""Digests of what pages show. The keys of targets are made from them.

Each property covers one thing that pages can show, for all entries, days or texts at once. A digest
for a key or an id includes that key or id, so that two lists of digests are equal only if they are
about the same entries, days or texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property

from archive_site.edition.authority import Entry
from archive_site.files.pack import digest_of
from archive_site.model.site_model import SiteModel
from archive_site.names.mentions import forms_of
from archive_site.text.dates import is_day

_NOT_SHOWN = ("forms", "path", "line", "source_lines")  # fields of an entry that no page shows


class Digests:
    """The digests of a model, each computed on first access."""

    def __init__(self, model: SiteModel) -> None:
        self._model = model

    # ------------------------------------------------------------ entries

    @cached_property
    def entries(self) -> Mapping[str, bytes]:
        """By key: an entry, without its forms, and whether texts name its day by the Republican
        calendar."""
        names = [field.name for field in fields(Entry) if field.name not in _NOT_SHOWN]
        republican = self._model.by_republican
        return {
            key: digest_of([getattr(entry, name) for name in names], republican(entry.date.value))
            for key, entry in self._model.entries.items()
        }

    @cached_property
    def names(self) -> bytes:
        """The names of all entries, and the addresses of their pages."""
        return digest_of([(e.key, e.kind, e.name) for e in self._model.entries.values()])

    @cached_property
    def forms(self) -> bytes:
        """The forms of all entries and which of them have rules, with the names and the years of
        the entries."""
        entries = self._model.entries.values()
        forms = [[(form.text, form.ruled) for form in forms_of(entry)] for entry in entries]
        return digest_of(forms, [(e.key, e.kind, e.name, e.years) for e in entries])

    @cached_property
    def speakers(self) -> list[bytes]:
        """The entries that speak, or whose words are quoted."""
        keys = (*self._model.quoted, "", *self._model.speakers)
        return [self.entries.get(key, b"") for key in keys]

    # ------------------------------------------------------------ texts

    @cached_property
    def titles(self) -> Mapping[str, bytes]:
        """By id: the titles and the year by which other pages refer to a text."""
        return {
            id_: digest_of(id_, text.summary.short_title, text.summary.title, text.summary.year)
            for id_, text in self._model.texts.items()
        }

    @cached_property
    def listed(self) -> bytes:
        """What lists and filters show of each text, in order."""
        return digest_of(
            [
                (s.id, s.short_title, s.title, s.creator.name, s.kind, s.year, s.note_count, date)
                for text in self._model.texts.values()
                for s, date in ((text.summary, text.meta.date.value),)
            ]
        )

    @cached_property
    def summary(self) -> Mapping[str, bytes]:
        """By id: the summary and the front matter of a text, and the entries of its
        contributors."""
        return {
            id_: digest_of(
                text.summary,
                text.meta,
                [self.entries.get(who.key) for who in text.meta.contributors],
            )
            for id_, text in self._model.texts.items()
        }

    @cached_property
    def summaries(self) -> bytes:
        """What `summary` has of each text, in order, and the collections."""
        return digest_of(list(self.summary.values()), list(self._model.collections.known.values()))

    # ------------------------------------------------------------ mentions

    @cached_property
    def counts(self) -> bytes:
        """How often each text names each entry and each day."""
        named = self._model.naming.items()
        counts = [(key, found.texts.tobytes(), found.counts.tobytes()) for key, found in named]
        return digest_of(list(self._model.texts), counts)

    @cached_property
    def naming(self) -> Mapping[str, bytes]:
        """By key: everything that texts say about an entry or a day."""
        titles = list(self.titles.values())
        return {
            key: digest_of(key, b"".join([titles[n] for n in found.texts]), found.digests)
            for key, found in self._model.naming.items()
        }

    @cached_property
    def cards(self) -> Mapping[str, bytes]:
        """By key: the card of an entry or a day on a reading page."""
        model, days = self._model, self._model.authorities.happened_on
        found = {}
        for key in model.naming:
            total = model.total(key)
            if is_day(key):
                happened = [self.entries[event] for event in days.get(key, ())]
                shown: object = (happened, model.calendars_of(key))
            else:
                shown = self.entries.get(key)
            found[key] = digest_of(key, total.count, total.texts, shown)
        return found

    @cached_property
    def rare_passages(self) -> Mapping[str, bytes]:
        """By key, for entries and days that only a few passages name: the texts that name them, and
        where."""
        naming = self._model.naming
        return {
            key: digest_of(
                key,
                self._model.total(key).passages,
                [(self.titles[text.id], passages) for text, passages in found],
                list(map(bool, naming[key].counts)),
            )
            for key, found in self._model.rare_passages.items()
        }
