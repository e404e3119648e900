"""`SiteModel`: everything that pages are made from. `build.load` makes it from the analyses of all
texts.

It contains the facts of all texts. The other sections of an analysis stay in the pack and are read
when a page shows them.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from archive_site.corpus import urls
from archive_site.corpus.bibliography import Apart, Reference, disambiguated
from archive_site.corpus.records import Edition, Site, sums_of, version_of
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import KINDS, Entry, Unclaimed
from archive_site.files.pack import DIGEST, Pack, Span, decoded, digest_of
from archive_site.findings import Exemption
from archive_site.model.analysis import (
    Authorities,
    EntryInText,
    Excerpt,
    Facts,
    LinkToText,
    NamedPassage,
    NamingInText,
    Opening,
    excerpt_of,
    text_of,
)
from archive_site.model.collections import Collections
from archive_site.names.indexes import RARE_ENOUGH
from archive_site.names.mentions import Passage
from archive_site.text.dates import in_french, is_day
from archive_site.text.document import Meta
from archive_site.text.typography import typeset


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TextOfSite:
    """A text of the site: its facts, its summary, and the offset of its analysis in the pack."""

    facts: Facts
    summary: Summary
    at: int

    @property
    def id(self) -> str:
        """Its id."""
        return self.facts.meta.id

    @property
    def meta(self) -> Meta:
        """Its front matter, without omissions and order."""
        return self.facts.meta

    @property
    def revised(self) -> str:
        """The day of its last revision (ISO 8601); empty if it has no revision."""
        return max((revision.date for revision in self.meta.revisions), default="")


class Sections:
    """Sections of many texts, stored compactly: the number of each text in the order of all texts,
    and the span of the section in its analysis."""

    __slots__ = ("_digests", "_sizes", "_starts", "texts")

    def __init__(self) -> None:
        self.texts, self._starts, self._sizes = array("I"), array("I"), array("I")
        self._digests = bytearray()

    def add(self, text: int, span: Span) -> None:
        """Add a section of the text with the number `text`."""
        self.texts.append(text)
        self._starts.append(span.start)
        self._sizes.append(span.size)
        self._digests += span.digest

    def __iter__(self) -> Iterator[tuple[int, Span]]:
        """The number of each text, and the span of its section."""
        digests = self.digests
        places = zip(self.texts, self._starts, self._sizes, strict=True)
        for n, (text, start, size) in enumerate(places):
            yield text, Span(start, size, digests[n * DIGEST : (n + 1) * DIGEST])

    @property
    def digests(self) -> bytes:
        """The digests of all sections, concatenated."""
        return bytes(self._digests)

    @property
    def size(self) -> int:
        """The size of all sections together, in bytes."""
        return sum(self._sizes)


class NamingSections(Sections):
    """The texts that name an entry or a day, or quote it as a speaker: the section (`EntryInText`)
    of each, with the other fields of its `NamingInText`. `republican`: whether one of them names a
    day by the Republican calendar."""

    __slots__ = ("_beside", "counts", "named_passages", "passages", "republican")

    def __init__(self) -> None:
        super().__init__()
        self.counts, self.passages = array("I"), array("I")
        self.named_passages: list[bytes] = []
        self._beside = bytearray()
        self.republican = False

    def put(self, text: int, named: NamingInText) -> None:
        """Add how the text with the number `text` names it."""
        self.add(text, named.span)
        self.counts.append(named.count)
        self.passages.append(named.passages)
        self.republican |= named.republican
        self.named_passages.append(bytes(named.named) if named.passages <= RARE_ENOUGH else b"")
        self._beside += named.beside or bytes(DIGEST)

    @property
    def beside(self) -> bytes:
        """The digest of what is named beside it, and in which texts."""
        return digest_of(self.texts.tobytes(), bytes(self._beside))


_NOBODY = NamingSections()
NO_COLLECTIONS = Collections({}, {})


@dataclass(frozen=True, slots=True)
class Total:
    """How often all texts name an entry or a day, how many texts do, and in how many passages."""

    count: int = 0
    texts: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class TextOnEntry:
    """How one text names an entry or a day: the id, the titles and the year of the text; how often
    it names the entry; and its `EntryInText`, encoded."""

    text_id: str
    short_title: str
    title: str
    year: str
    count: int
    data: bytes

    @property
    def in_text(self) -> EntryInText:
        """The decoded `data`."""
        return decoded(self.data, EntryInText)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of the archive that every page shows: `site.yaml`; the kind and the path of each
    index; whether it has a preview image."""

    site: Site
    indexes: tuple[tuple[str, str], ...]
    preview: bool


@dataclass(frozen=True)
class SiteModel:
    """Everything that pages are made from: `site.yaml`, the entries, the texts in chronological
    order, the published files of the corpus, the exemptions, the works of the bibliography by key,
    the files of entries that cannot be read, and the collections."""

    site: Site
    authorities: Authorities
    texts: Mapping[str, TextOfSite]
    files: Mapping[str, File]
    pack: Pack
    preview: bool = False
    unclaimed: tuple[Unclaimed, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    bibliography: Mapping[str, Reference] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    collections: Collections = NO_COLLECTIONS

    # ------------------------------------------------------------ the corpus

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The entries of the authority files, by key."""
        return self.authorities.entries

    @cached_property
    def checksums(self) -> bytes:
        """The SHA-256 of every file of the corpus, as `sha256sum` writes and checks them."""
        return sums_of({name: file.sha256 for name, file in self.files.items()})

    @cached_property
    def version(self) -> str:
        """The version of the corpus: the first digits of the SHA-256 of `checksums`."""
        return version_of(hashlib.sha256(self.checksums).hexdigest())

    @cached_property
    def revised(self) -> str:
        """The day of the latest revision of any edition (ISO 8601); empty if there is none."""
        return max((text.revised for text in self.texts.values()), default="")

    # ------------------------------------------------------------ what texts name

    @cached_property
    def by_number(self) -> Sequence[TextOfSite]:
        """The texts in chronological order; the number of a text is its index here."""
        return tuple(self.texts.values())

    @cached_property
    def naming(self) -> Mapping[str, NamingSections]:
        """The texts that name each entry and day, or quote it as a speaker, by key."""
        found: dict[str, NamingSections] = {}
        for number, text in enumerate(self.by_number):
            for key, named in self.named_in(text).items():
                naming = found.get(key)
                if naming is None:
                    naming = found[key] = NamingSections()
                naming.put(number, named)
        return found

    def named_in(self, text: TextOfSite) -> dict[str, NamingInText]:
        """How a text names each entry and day, by key."""
        return decoded(self.read(text, text.facts.named), dict[str, NamingInText])

    def named(self, key: str) -> NamingSections:
        """The texts that name an entry or a day, or quote it as a speaker."""
        return self.naming.get(key, _NOBODY)

    @cached_property
    def keys_in(self) -> Mapping[str, Sequence[str]]:
        """The keys that each text names or quotes as a speaker, sorted, by the id of the text."""
        found: dict[str, list[str]] = {text_id: [] for text_id in self.texts}
        for key in sorted(self.naming):
            for number in self.naming[key].texts:
                found[self.by_number[number].id].append(key)
        return found

    @cached_property
    def totals(self) -> Mapping[str, Total]:
        """How often each entry and day is named, by key."""
        return {
            key: Total(sum(found.counts), sum(map(bool, found.counts)), sum(found.passages))
            for key, found in self.naming.items()
        }

    def total(self, key: str) -> Total:
        """How often an entry or a day is named."""
        return self.totals.get(key, Total())

    def counts(self, key: str) -> dict[str, int]:
        """How often each text that names an entry or a day does so, by the id of the text."""
        found = self.named(key)
        counts = zip(found.texts, found.counts, strict=True)
        return {self.by_number[number].id: count for number, count in counts if count}

    @cached_property
    def editions_of(self) -> Mapping[str, Sequence[TextOfSite]]:
        """The texts that are editions of each work, by the key of the work."""
        found: dict[str, list[TextOfSite]] = {}
        for text in self.texts.values():
            if text.meta.work:
                found.setdefault(text.meta.work, []).append(text)
        return found

    @cached_property
    def days(self) -> Sequence[str]:
        """Every day that texts name, in chronological order."""
        return sorted(key for key in self.naming if is_day(key))

    @cached_property
    def days_by_year(self) -> Mapping[str, Sequence[str]]:
        """The days that texts name, by year."""
        found: dict[str, list[str]] = {}
        for day in self.days:
            found.setdefault(day[:4], []).append(day)
        return found

    @cached_property
    def speakers(self) -> Sequence[str]:
        """The keys of those who speak in a text."""
        return list(dict.fromkeys(key for t in self.texts.values() for key in t.facts.speakers))

    @cached_property
    def quoted(self) -> Sequence[str]:
        """The keys of those whose words are quoted in a text."""
        return list(dict.fromkeys(key for t in self.texts.values() for key in t.facts.quoted))

    @cached_property
    def disambiguated(self) -> Mapping[str, Apart]:
        """What tells works with the same authors and year apart, by key."""
        return disambiguated(self.bibliography.values())

    @cached_property
    def citing_texts(self) -> Mapping[str, Sequence[TextOfSite]]:
        """The texts that cite each work of the bibliography, by key."""
        found: dict[str, list[TextOfSite]] = {}
        for text in self.texts.values():
            for key in dict.fromkeys(place.key for place in text.facts.cited):
                found.setdefault(key, []).append(text)
        return found

    def works_cited_in(self, text: TextOfSite) -> list[str]:
        """The keys of the works that a text cites, sorted."""
        return sorted({place.key for place in text.facts.cited})

    def by_old_style(self, day: str) -> bool:
        """Whether a text that uses the Julian calendar names a day."""
        texts = (self.by_number[number] for number in self.named(day).texts)
        return any(text.meta.calendar == "julian" for text in texts)

    def by_republican(self, date: str) -> bool:
        """Whether a text names the day that a date (EDTF) is, or one of the ends of its interval,
        by the Republican calendar."""
        return any(self.named(day).republican for day in date.split("/"))

    def calendars_of(self, day: str) -> tuple[bool, bool]:
        """Whether texts name a day by the Julian and by the Republican calendar."""
        return self.by_old_style(day), self.by_republican(day)

    @cached_property
    def characters(self) -> int:
        """The number of characters in all texts, including spaces."""
        return sum(text.facts.characters for text in self.texts.values())

    def name(self, key: str) -> str:
        """The name of an entry or a day, typeset."""
        entry = self.entries.get(key)
        return typeset(entry.name if entry else in_french(key))

    @cached_property
    def frame(self) -> Frame:
        """The parts of the archive that every page shows."""
        kinds = self.authorities.kinds
        found = {kind: urls.index_page(kind) for kind in KINDS if kinds[kind]}
        if self.days:
            found["event"] = urls.CHRONOLOGY
        if "person" in found:
            found["network"] = urls.NETWORK
        if self.bibliography:
            found["bibliography"] = urls.BIBLIOGRAPHY
        return Frame(self.site, tuple(found.items()), self.preview)

    # ------------------------------------------------------------ sections of texts

    def read(self, text: TextOfSite, span: Span) -> bytes:
        """A section of a text's analysis. Raises `Damaged` if the pack is damaged."""
        return self.pack.read(span, text.at)

    def edition(self, text: TextOfSite) -> tuple[Edition, tuple[Passage, ...]]:
        """The edition of a text, and its passages."""
        return text_of(self.read(text, text.facts.stored_text))

    def texts_on(self, key: str) -> tuple[TextOnEntry, ...]:
        """How each text names an entry or a day, in chronological order."""
        found = self.named(key)
        return tuple(
            _text_on(text, count, self.read(text, span))
            for (number, span), count in zip(found, found.counts, strict=True)
            for text in (self.by_number[number],)
        )

    @cached_property
    def rare_passages(self) -> Mapping[str, Sequence[tuple[TextOfSite, Sequence[NamedPassage]]]]:
        """The passages that name a rare entry or day: one that several texts name, but at most
        `RARE_ENOUGH` passages. By key, each text with its passages."""
        return {
            key: [
                (self.by_number[number], decoded(named, list[NamedPassage]))
                for number, named in zip(found.texts, found.named_passages, strict=True)
            ]
            for key, found in self.naming.items()
            if self.totals[key].passages <= RARE_ENOUGH and self.totals[key].texts > 1
        }

    def opening(self, text: TextOfSite, anchor: str) -> Opening:
        """The opening of a passage of a text."""
        found = decoded(self.read(text, text.facts.openings), dict[str, Opening])
        return found[anchor]

    @cached_property
    def referring(self) -> Mapping[str, Sequence[tuple[TextOfSite, Span]]]:
        """The texts that link to each text, by its id, each with the section of its references."""
        found: dict[str, list[tuple[TextOfSite, Span]]] = {}
        for text in self.texts.values():
            for text_id, span in text.facts.references.items():
                found.setdefault(text_id, []).append((text, span))
        return found

    def references(self, text_id: str) -> Iterator[tuple[TextOfSite, Sequence[LinkToText]]]:
        """The texts that link to a text, each with its references."""
        for text, span in self.referring.get(text_id, ()):
            yield text, decoded(self.read(text, span), list[LinkToText])

    def note(self, text_id: str, label: str) -> tuple[TextOnEntry, Excerpt]:
        """A note of a text, as it is quoted elsewhere."""
        text = self.texts[text_id]
        _, passages = self.edition(text)
        return _text_on(text), excerpt_of([p for p in passages if p.place.note == label])


def _text_on(text: TextOfSite, count: int = 0, data: bytes = b"") -> TextOnEntry:
    summary = text.summary
    return TextOnEntry(text.id, summary.short_title, summary.title, summary.year[1], count, data)
