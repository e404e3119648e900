"""The map step: read and analyse one text. A pure function of its files and of the entries.

An analysis is plain data. It has *sections* (the document, the sentences that name an entry, the
words by their first letters, …), each with its position and digest, and, last, the *facts*: the
small part that other texts and pages need. `build.load` reduces the facts of all texts to a
`SiteModel`; a page reads the sections that it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Raw, Struct

from archive_site.corpus.apparatus import check_emendations, places
from archive_site.corpus.drafts import check_draft
from archive_site.corpus.load import read_edition
from archive_site.corpus.pictures import Credit, PictureInfo
from archive_site.corpus.records import Edition
from archive_site.corpus.rules import (
    CitedAt,
    UsedKey,
    check_quotation_marks,
    cited_in_front_matter,
    used_keys,
)
from archive_site.corpus.summary import Summary, summary_of
from archive_site.corpus.urls import targets_of
from archive_site.edition.authority import KINDS, Entry, of_kind
from archive_site.edition.format import has_comments
from archive_site.files.pack import Span, decoded, digest, digest_of, encoded
from archive_site.files.tabular import compact, rows
from archive_site.findings import Finding
from archive_site.names.indexes import (
    RARE_ENOUGH,
    MentionData,
    beside_in,
    characters_of,
    cited_in,
    count_of,
    mentions_of,
    passages_in,
    references_in,
    sentences_in,
    spoken_in,
    where,
)
from archive_site.names.mentions import FormMatcher, Mention, Passage, passages_of
from archive_site.names.rules import check_mentions
from archive_site.search.passages import words_of
from archive_site.text.document import Document, Meta, Speaker
from archive_site.text.html import as_html
from archive_site.text.reading import reading_text
from archive_site.text.republican import is_written_in
from archive_site.text.typography import typeset
from archive_site.witness.collate import Collation
from archive_site.witness.witness import Witness

OPENING = 241
"""How many characters of a passage are kept to quote its beginning: one more than is quoted, which
tells whether the passage goes on."""


# ---------------------------------------------------------------- the contents of an analysis


class NamedPassage(Struct, frozen=True, array_like=True, gc=False):
    """A passage that names something: its fragment, whether it is a heading, and the digest of its
    `Opening` (empty: it has none)."""

    anchor: str
    heading: bool
    opening: bytes


class NamingInText(Struct, frozen=True, array_like=True, gc=False):
    """How a text names an entry or a day: how often; whether it names a day by the Republican
    calendar; in how many passages; in which ones (`NamedPassage`s, encoded; none if there are more
    than `RARE_ENOUGH`); the digest of what is named beside it; and the section with everything else
    (`EntryInText`)."""

    count: int
    republican: bool
    passages: int
    named: Raw
    beside: bytes
    span: Span


class SentenceOfText(Struct, frozen=True, array_like=True):
    """A sentence that names an entry: its fragment, its label, such as “§ 12”, the sentence as HTML
    with the mention marked, and whether every mention of that entry in the passage is inferred."""

    anchor: str
    where: str
    html: str
    inferred: bool


class Beside(Struct, frozen=True, array_like=True):
    """A passage that names an entry beside others: its fragment, its label, such as “§ 12”, and the
    keys of the others."""

    anchor: str
    where: str
    keys: tuple[str, ...]


class Excerpt(Struct, frozen=True, array_like=True):
    """A quotation, a note or the beginning of a speech: its fragment, its label, such as “§ 12”,
    and its paragraphs as HTML."""

    anchor: str
    where: str
    paragraphs: tuple[str, ...]


class EntryInText(Struct, frozen=True, array_like=True):
    """Everything in a text about an entry or a day: the sentences that name it; the forms that they
    use, as HTML, each with its count; what is named beside it; quotations of which it is a speaker,
    and the beginnings of its speeches; its mentions as JSON."""

    sentences: tuple[SentenceOfText, ...] = ()
    forms: tuple[tuple[str, int], ...] = ()
    beside: tuple[Beside, ...] = ()
    quotations: tuple[Excerpt, ...] = ()
    speeches: tuple[Excerpt, ...] = ()
    mentions: tuple[str, ...] = ()


class LinkToText(Struct, frozen=True, array_like=True):
    """A link to a text, or to a block of it (empty: the text): its fragment, its label (“§ 12”),
    and its sentence as HTML with the linked words marked."""

    anchor: str
    where: str
    html: str
    block: str


class Opening(Struct, frozen=True, array_like=True):
    """The beginning of a passage, and its label, such as “§ 12”. `depth`: see
    `mentions.Passage`; `language`: see `Block`."""

    where: str
    words: str
    depth: int
    language: str


class StoredText(Struct, frozen=True, array_like=True):
    """The data from which `text_of` restores an edition and its passages."""

    document: Document
    path: str
    checksum: str
    witness: Witness | None
    collation: Collation | None
    pictures: dict[str, PictureInfo]
    passages: tuple[tuple[int, int, tuple[Mention, ...]], ...]


class Facts(Struct, frozen=True, array_like=True):
    """The part of an analysis that other texts and pages need.

    `meta` has neither omissions nor order; `described` is the description of the passages in the
    search index."""

    path: str
    meta: Meta
    witness: str  # the name of its file; empty: the text has none
    summary: Summary
    ids: tuple[str, ...]  # of the blocks
    labels: tuple[str, ...]  # of the notes
    link_targets: tuple[tuple[int, str], ...]  # by line
    keys: tuple[UsedKey, ...]
    cited: tuple[CitedAt, ...]  # the works of the bibliography that it cites
    quoted: tuple[str, ...]  # the keys of those whose words it quotes
    speakers: tuple[str, ...]  # the keys of those who speak in it
    described: tuple[tuple[str, ...], str, str]
    passage_count: int
    characters: int  # in the text, including spaces
    notes_digest: bytes  # empty: there are no notes
    commented: bool  # whether its file has comments, which are not published
    pictures: dict[str, PictureInfo]
    # Sections:
    stored_text: Span  # a `StoredText`
    named: Span  # a `NamingInText` for each entry and day, by key
    references: dict[str, Span]  # the `LinkToText`s to each text, by its id
    groups: Span  # the `Span` of the postings of each group, by group
    openings: Span  # the `Opening` of each passage that other pages may quote, by fragment
    script: Span  # the script that the concordance loads
    rows: Span  # every mention, as rows of a CSV file

    @property
    def id(self) -> str:
        """The text's id."""
        return self.meta.id


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of `analyse`: the sections and, last, the facts, as bytes; the span of the facts;
    the findings; the witness that the edition names. A text that cannot be read has only
    findings."""

    data: bytes = b""
    facts: Span | None = None
    findings: tuple[Finding, ...] = ()
    witness: str = ""


# ---------------------------------------------------------------- the input of an analysis


@dataclass(frozen=True, slots=True)
class AnalysisInput:
    """An edition in the folder `root`: the name of its file, and the files that its analysis may
    read, by name: the edition, its witness and its pictures. If the edition names no witness, all
    witnesses are included with empty contents, since only their names matter; if a picture that it
    names does not exist, all pictures are. `sums` has the checksums that witnesses must have,
    `credits_of` what `images.yaml` says of pictures."""

    root: str
    name: str
    files: Mapping[str, bytes]
    sums: Mapping[str, str]
    credits_of: Mapping[str, Credit] = field(default_factory=dict)


@dataclass(frozen=True)
class Authorities:
    """The entries of the authority files, with cached indexes of them."""

    entries: Mapping[str, Entry]

    @cached_property
    def forms(self) -> FormMatcher:
        """All forms of all entries."""
        return FormMatcher(self.entries.values())

    @cached_property
    def kinds(self) -> Mapping[str, Mapping[str, Entry]]:
        """The entries of each kind, by key."""
        return {kind: of_kind(self.entries, kind) for kind in KINDS}

    @cached_property
    def works_of(self) -> Mapping[str, Sequence[str]]:
        """The keys of the works of each person."""
        found: dict[str, list[str]] = {}
        for key, work in self.kinds["work"].items():
            for creator in dict.fromkeys(work.creators):
                found.setdefault(creator, []).append(key)
        return found

    @cached_property
    def works_that_are(self) -> Mapping[str, Sequence[str]]:
        """The keys of the works whose text is in the archive, by the id of that text."""
        found: dict[str, list[str]] = {}
        for key, work in self.kinds["work"].items():
            found.setdefault(work.text, []).append(key)
        return found

    @cached_property
    def happened_on(self) -> Mapping[str, Sequence[str]]:
        """The keys of the events of each day."""
        found: dict[str, list[str]] = {}
        for key, event in self.kinds["event"].items():
            found.setdefault(event.date.value, []).append(key)
        return found


def packed_entries(entries: Mapping[str, Entry]) -> bytes:
    """Entries as bytes, to pass them to another process."""
    return encoded(list(entries.values()))


@lru_cache(maxsize=2)
def authorities_of(data: bytes) -> Authorities:
    """The entries in `data`, the result of `packed_entries`."""
    return Authorities({entry.key: entry for entry in decoded(data, list[Entry])})


# ---------------------------------------------------------------- the analysis


def analyse(given: AnalysisInput, entries: bytes) -> Analysis:
    """Read a text, collate it, and find everything that it names. `entries`: see
    `packed_entries`."""
    findings: list[Finding] = []
    root = Path(given.root)
    edition = read_edition(root, given.name, given.files, given.sums, findings, given.credits_of)
    if edition is None:
        return Analysis(findings=tuple(findings))
    authorities = authorities_of(entries)
    passages = passages_of(edition, authorities.forms)
    findings += check_draft(edition)
    findings += check_quotation_marks(edition)
    findings += check_emendations(edition)
    findings += check_mentions(passages)
    writer = _Writer()
    facts = writer.put(encoded(_facts(writer, edition, passages, authorities.entries)))
    witness = edition.document.meta.witness
    return Analysis(b"".join(writer.parts), facts, tuple(findings), witness)


class _Writer:
    """Collects sections one after another, and notes their spans."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._size = 0

    def put(self, data: bytes) -> Span:
        span = Span(self._size, len(data), digest(data))
        self.parts.append(data)
        self._size += len(data)
        return span


def _facts(
    writer: _Writer,
    edition: Edition,
    passages: tuple[Passage, ...],
    entries: Mapping[str, Entry],
) -> Facts:
    document = edition.document
    words = words_of(edition, passages)
    openings = _openings(passages)
    references = {to: encoded(tuple(found)) for to, found in _references(passages).items()}
    groups = {group: writer.put(encoded(found)) for group, found in words.groups.items()}
    labels = tuple(note.label for note in document.notes)
    return Facts(
        path=edition.path,
        meta=replace(document.meta, omissions=(), order=()),
        witness=edition.witness.name if edition.witness else "",
        summary=summary_of(edition),
        ids=tuple(block.id for block in document.blocks),
        labels=labels,
        link_targets=tuple(targets_of(edition)),
        keys=tuple(used_keys(document)),
        cited=(*cited_in_front_matter(document.meta), *cited_in(passages)),
        quoted=tuple(spoken_in(passages, "quotation")),
        speakers=tuple(spoken_in(passages, "speech")),
        described=words.described,
        passage_count=len(passages),
        characters=characters_of(passages),
        commented=has_comments(document),
        pictures=dict(edition.pictures),
        notes_digest=digest(encoded(document.notes)) if labels else b"",
        stored_text=writer.put(encoded(_stored_text(edition, passages))),
        named=writer.put(encoded(_named(writer, passages, openings))),
        references={to: writer.put(data) for to, data in references.items()},
        groups=writer.put(encoded(groups)),
        openings=writer.put(encoded(openings)),
        script=writer.put(words.script),
        rows=writer.put(rows(_rows(passages, entries))),
    )


def _stored_text(edition: Edition, passages: Sequence[Passage]) -> StoredText:
    collation = edition.collation
    if collation:
        collation = replace(collation, findings=(), differences=())
    kept = tuple((p.number, p.depth, p.mentions) for p in passages)
    return StoredText(
        edition.document,
        edition.path,
        edition.checksum,
        edition.witness,
        collation,
        dict(edition.pictures),
        kept,
    )


def text_of(data: bytes) -> tuple[Edition, tuple[Passage, ...]]:
    """The edition and its passages, from the section `Facts.stored_text`."""
    read = decoded(data, StoredText)
    edition = Edition(
        read.document, read.path, read.witness, read.collation, read.checksum, read.pictures
    )
    return edition, tuple(
        Passage(edition.id, place, number, depth, read.path, mentions)
        for place, (number, depth, mentions) in zip(
            places(read.document), read.passages, strict=True
        )
    )


def _openings(passages: Sequence[Passage]) -> dict[str, Opening]:
    """The openings of the passages that other pages may quote, by fragment."""
    return {
        p.place.anchor: Opening(
            where(p),
            reading_text(p.place.block.content)[:OPENING],
            p.depth,
            p.place.block.language,
        )
        for p in passages
        if p.mentions and not p.place.note and p.place.block.kind != "heading"
    }


def _references(passages: Sequence[Passage]) -> dict[str, list[LinkToText]]:
    return {
        to: [
            LinkToText(r.passage.place.anchor, where(r.passage), str(r.html), r.block)
            for r in found
        ]
        for to, found in references_in(passages).items()
    }


def _named(
    writer: _Writer, passages: Sequence[Passage], openings: Mapping[str, Opening]
) -> dict[str, NamingInText]:
    """How a text names each entry and day, or quotes each speaker, by key."""
    sentences, beside = sentences_in(passages), beside_in(passages)
    quoted, speeches = spoken_in(passages, "quotation"), spoken_in(passages, "speech")
    mentions: defaultdict[str, list[str]] = defaultdict(list)
    republican = set()
    for mention in mentions_of(passages):
        mentions[mention.key].append(compact(_as_data(mention)))
        if is_written_in(mention.words, mention.key):
            republican.add(mention.key)
    first_words = {anchor: digest_of(opening) for anchor, opening in openings.items()}
    found = {}
    for key in dict.fromkeys((*sentences, *quoted, *speeches)):
        here = sentences.get(key, [])
        forms: dict[str, int] = {}
        for naming in here:
            for html, named in naming.sentence.parts:
                if named == key:
                    forms[str(html)] = forms.get(str(html), 0) + 1
        in_text = EntryInText(
            tuple(_sentence(n.passage, str(n.sentence.marking(key)), key) for n in here),
            tuple(forms.items()),
            tuple(
                Beside(p.place.anchor, where(p), tuple(others)) for p, others in beside.get(key, ())
            ),
            tuple(excerpt_of(run) for run in quoted.get(key, ())),
            tuple(speech_of(run) for run in speeches.get(key, ())),
            tuple(mentions[key]),
        )
        passage_count = passages_in(here)
        named_here = _named_passages([naming.passage for naming in here], first_words)
        found[key] = NamingInText(
            count=count_of(key, here),
            republican=key in republican,
            passages=passage_count,
            named=Raw(encoded(named_here if passage_count <= RARE_ENOUGH else ())),
            beside=digest_of(in_text.beside) if in_text.beside else b"",
            span=writer.put(encoded(in_text)),
        )
    return found


def _as_data(mention: MentionData) -> dict[str, object]:
    """A mention as it is in the JSON of its entry."""
    return {
        "text": mention.text_id,
        "block": None if mention.note else mention.block,
        "note": mention.note or None,
        "words": mention.words,
        "start": mention.start,
        "end": mention.end,
        "certainty": mention.certainty,
    }


def _rows(passages: Iterable[Passage], entries: Mapping[str, Entry]) -> Iterator[list[str]]:
    """Every mention of a text as a row of the table of all mentions."""
    for m in mentions_of(passages):
        kind = entries[m.key].kind if m.key in entries else "day"
        place = [m.text_id, m.block, m.note, str(m.start), str(m.end)]
        yield [m.key, kind, *place, m.words, m.certainty]


def _sentence(passage: Passage, html: str, key: str) -> SentenceOfText:
    named = [mention for mention in passage.mentions if mention.key == key]
    inferred = all(mention.certainty != "certain" for mention in named)
    return SentenceOfText(passage.place.anchor, where(passage), html, inferred)


def _named_passages(
    passages: Sequence[Passage], openings: Mapping[str, bytes]
) -> tuple[NamedPassage, ...]:
    """The passages outside notes, each once."""
    anchors = {p.place.anchor: p.place.block for p in passages if not p.place.note}
    return tuple(
        NamedPassage(anchor, block.kind == "heading", openings.get(anchor, b""))
        for anchor, block in anchors.items()
    )


def speech_of(run: Sequence[Passage]) -> Excerpt:
    """The first words of a speech, without the name of its speaker."""
    said = (
        reading_text(tuple(i for i in p.place.block.content if not isinstance(i, Speaker)))
        for p in run
    )
    words = next(filter(None, map(str.strip, said)), "")
    short = words if len(words) <= OPENING else words[:OPENING].rpartition(" ")[0] + "…"
    html = as_html(typeset(short, run[0].depth, run[0].place.block.language))
    return Excerpt(run[0].place.anchor, where(run[0]), (str(html),))


def excerpt_of(run: Sequence[Passage]) -> Excerpt:
    """The passages of one quotation or note, as it is quoted elsewhere."""
    return Excerpt(
        run[0].place.anchor,
        where(run[0]),
        tuple(
            str(
                as_html(
                    typeset(reading_text(p.place.block.content), p.depth, p.place.block.language)
                )
            )
            for p in run
        ),
    )
