"""Render: the targets of a site, and the key of each.

A *target* makes some files, or results for later targets. Its key is a digest of its inputs: parts
of the analyses of texts, the entries that a page shows, what all pages share. A target whose key is
that of the last build is not rebuilt. So a key must cover everything that its target shows. A key
that changes too often costs time; one that changes too seldom leaves a stale page. Tests compare
each site with the bytes of a first build (`tests/test_keys.py`, `tests/test_edits.py`).

ARCHITECTURE.md says how to add a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Protocol

from archive_site.build.digests import Digests
from archive_site.build.executors import Work
from archive_site.build.outputs import (
    Output,
    RenderContext,
    make_downloads,
    make_entry,
    make_group,
    make_picture,
    make_reference,
    make_text,
)
from archive_site.build.state import Options
from archive_site.corpus import urls
from archive_site.corpus.bibliography import Apart, FormattedReference
from archive_site.corpus.pictures import PictureInfo
from archive_site.corpus.summary import edition_in_words
from archive_site.edition.authority import Entry, with_related
from archive_site.edition.collections import Collection
from archive_site.exports.bundle import Bundle
from archive_site.exports.formats import files_of_archive, make_publication
from archive_site.exports.harvest import News, Record
from archive_site.exports.package import SCHEMA, FileInfo, info_of
from archive_site.exports.publication import FIRST_MOMENT, moment_of
from archive_site.exports.tables import DAYS, MENTIONS, SORTS, tables_of
from archive_site.files.cache import Cache
from archive_site.files.layout import BIBLIOGRAPHIES, CHECKSUMS
from archive_site.files.pack import Span, decoded, digest, digest_of, encoded
from archive_site.model.analysis import packed_entries
from archive_site.model.site_model import Sections, SiteModel, TextOfSite
from archive_site.pages.bibliography import bibliography_page
from archive_site.pages.chronology import days_page
from archive_site.pages.contents import FRONT, index_page_of
from archive_site.pages.downloads import downloads_page
from archive_site.pages.entry import EntryShown
from archive_site.pages.listing import collection_page
from archive_site.pages.page import Page
from archive_site.pages.related import SharedPassage, referring_to, shared_with
from archive_site.pages.render import static_files
from archive_site.pages.search import is_read_whole, leads_of, search_index
from archive_site.pages.text import InCollection, Neighbour, OtherEdition, TextShown
from archive_site.search.postings import GROUP_PREFIX_LENGTH, Filed, IndexLine, stride_of
from archive_site.search.shards import Lead, Plan, planned, shard
from archive_site.site.files import collection_files, data_files, harvest_files, sitemap_files
from archive_site.templating.resources import template_text
from archive_site.views.entries import card, when_in


@dataclass(frozen=True, slots=True)
class Target:
    """Files that are rebuilt together, with the digest of everything that they show.

    `prepare` reads what the work needs. It runs in the build's own process, and only if the target
    is stale. `size` is an estimate of the work: the bytes of the content shown. Work with a size
    may run in another process; work without one runs in the build's process."""

    name: str
    key: bytes
    prepare: Callable[[], Work[Output]]
    size: int = 0


class Outputs(Protocol):
    """The outputs of the targets of earlier stages."""

    def sizes(self, target: str = "") -> dict[str, int]:
        """The size in bytes of each file, by path: of one target, or of all."""

    def targets(self) -> list[tuple[str, bytes]]:
        """The name and the key of each target, in order."""

    def result(self, target: str, name: str) -> bytes:
        """A result in the output of a target."""

    def digest(self, target: str, name: str) -> bytes:
        """The digest of a result in the output of a target."""

    def read(self, path: str) -> bytes:
        """A file of the site."""


Stage = Callable[["Targets", Outputs], Iterable[Target]]
EMPTY_PAGE = 3000
"""The size of the work for an empty page (see `Target.size`)."""
REFERENCE_SIZE = 2000
"""The size of the work for a work of the bibliography."""


class Targets:
    """The targets of a site, one method for each of `STAGES`. The targets of one stage do not
    depend on each other."""

    def __init__(
        self, model: SiteModel, options: Options, read_corpus_file: Callable[[str], bytes]
    ) -> None:
        self.model, self.options, self._read_corpus_file = model, options, read_corpus_file
        self.context = RenderContext(options, packed_entries(model.entries))
        self.digests = Digests(model)
        self._shared = digest_of(options.program, options.epoch, model.frame)

    def _key(self, *values: object) -> bytes:
        """The key of a target that shows these values, and what all pages share."""
        return digest_of(self._shared, *values)

    # ------------------------------------------------------------ pictures

    def pictures(self, _: Outputs) -> Iterator[Target]:
        """The copies of each picture, for pages and for books."""
        shown: dict[str, PictureInfo] = {}
        for text in self.model.texts.values():
            shown |= text.facts.pictures
        for path, info in shown.items():
            key = digest_of("picture", self.options.program, path, info.sha256)
            work = partial(self._prepare_picture, path, info)
            yield Target(f"picture/{path}", key, work, info.size)

    def _prepare_picture(self, path: str, info: PictureInfo) -> Work[Output]:
        return partial(make_picture, path, info, self._read_corpus_file(path))

    def _books(self, text: TextOfSite, outputs: Outputs) -> dict[str, bytes]:
        """The copies for books of the pictures of a text."""
        return {path: outputs.result(f"picture/{path}", "book") for path in text.facts.pictures}

    # ------------------------------------------------------------ the bibliography

    def references(self, _: Outputs) -> Iterator[Target]:
        """Each work of the bibliography, in a citation style."""
        for key, reference in self.model.bibliography.items():
            apart = self.model.disambiguated.get(key, Apart())
            made = digest_of("reference", self.options.program, reference.item, apart)
            work = partial(make_reference, reference, apart, self.context)
            yield Target(f"reference/{key}", made, partial(_prepared, work), REFERENCE_SIZE)

    def _works(self, keys: Iterable[str], outputs: Outputs) -> dict[str, FormattedReference]:
        """Works of the bibliography, by key."""
        return {
            key: decoded(outputs.result(f"reference/{key}", "work"), FormattedReference)
            for key in keys
            if key in self.model.bibliography
        }

    def _works_key(self, keys: Iterable[str], outputs: Outputs) -> list[tuple[str, bytes]]:
        """The digests of works."""
        known = (key for key in keys if key in self.model.bibliography)
        return [(key, outputs.digest(f"reference/{key}", "work")) for key in known]

    # ------------------------------------------------------------ downloads of texts

    def downloads(self, outputs: Outputs) -> Iterator[Target]:
        """The downloads of each text: EPUB, PDF and the like."""
        for text in self.model.texts.values() if self.options.exports else ():
            key = self._key("downloads of a text", self._downloads_key_parts(text, outputs))
            work = partial(self._prepare_downloads, text, key, outputs)
            yield Target(f"downloads/{text.id}", key, work, text.facts.stored_text.size)

    def _prepare_downloads(self, text: TextOfSite, key: bytes, outputs: Outputs) -> Work[Output]:
        stored = self.model.read(text, text.facts.stored_text)
        pictures = self._books(text, outputs)
        works = self._works(self.model.works_cited_in(text), outputs)
        summary, made = text.summary, key.hex()
        return partial(
            make_downloads, stored, self.model.site, summary, pictures, works, made, self.context
        )

    def _downloads_key_parts(self, text: TextOfSite, outputs: Outputs) -> object:
        """Everything that the downloads of a text show: the text, the entries that it names, the
        works that it cites."""
        keys = {*self.model.keys_in[text.id], *(used.key for used in text.facts.keys)}
        entries = [self.digests.entries[key] for key in with_related(self.model.entries, keys)]
        works = self._works_key(self.model.works_cited_in(text), outputs)
        return text.facts.stored_text.digest, text.summary, entries, works

    # ------------------------------------------------------------ pages

    def related(self, _: Outputs) -> Iterator[Target]:
        """For each text, the passages of other texts that have most in common with it."""
        passages = self.digests.rare_passages
        for text in self.model.texts.values():
            named = [passages[key] for key in self.model.keys_in[text.id] if key in passages]
            yield _target(f"related/{text.id}", digest_of(named), partial(self._make_related, text))

    def _make_related(self, text: TextOfSite) -> Output:
        return Output(results={"shared": encoded(shared_with(self.model, text))})

    def texts(self, outputs: Outputs) -> Iterator[Target]:
        """The pages of texts, and the scripts that they load."""
        model = self.model
        texts = list(model.texts.values())
        for n, text in enumerate(texts):
            neighbours = texts[n - 1] if n else None, texts[n + 1] if n + 1 < len(texts) else None
            sizes = outputs.sizes(f"downloads/{text.id}")
            titles = [t and self.digests.titles[t.id] for t in neighbours]
            shared = outputs.digest(f"related/{text.id}", "shared")
            beside = self._in_collections(text), self._other_editions(text, outputs)
            works = self._works_key(model.works_cited_in(text), outputs)
            shown = titles, beside, shared, sizes, works
            key = self._key("text", self._text_key_parts(text), shown)
            work = partial(self._prepare_text, text, neighbours, sizes, outputs)
            yield Target(f"text/{text.id}", key, work, text.facts.stored_text.size)
            path, span = urls.text_script(text.id), text.facts.script
            yield _file_target(
                f"script/{text.id}", span.digest, path, partial(model.read, text, span)
            )

    def pages(self, outputs: Outputs) -> Iterator[Target]:
        """All other pages, and the corpus as data."""
        model, digests = self.model, self.digests
        for entry in model.entries.values():
            works = self._works_key(_sources(entry), outputs)
            key = self._key("entry", self._entry_key_parts(entry), works)
            size = model.named(entry.key).size
            work = partial(self._prepare_entry, entry, outputs)
            yield Target(f"entry/{entry.key}", key, work, EMPTY_PAGE + size)
        for kind, path in model.frame.indexes:
            if kind == "bibliography":
                yield self._bibliography(outputs)
                continue
            index = partial(index_page_of, model, kind, path)
            yield _target(f"index/{kind}", self._index_key(kind), partial(self._make_page, index))
        for year, days in model.days_by_year.items():
            shown = [(digests.naming[day], model.calendars_of(day)) for day in days]
            events = [digests.entries[key] for key in model.authorities.kinds["event"]]
            key = self._key("year", shown, events, digests.names)
            page = partial(days_page, model, days)
            yield _target(f"year/{year}", key, partial(self._make_page, page))
        for collection in model.collections.known:
            page = partial(collection_page, model, collection)
            make = partial(self._make_page, page)
            yield _target(f"collection/{collection}", self._collection_key(collection), make)
        for path, page_of in FRONT.items():
            make = partial(self._make_page, partial(page_of, model))
            yield _target(f"front/{path}", self._front_key(path), make)
        yield _target("static", self._key("static"), self._make_static)
        for name, file in model.files.items():
            path = f"{urls.DATA}/{name}"
            yield _file_target(
                f"file/{name}", digest_of(file.sha256), path, partial(self._read_corpus_file, name)
            )

    def _make_page(self, page: Callable[[], Page]) -> Output:
        return self.context.output([page()])

    def _make_static(self) -> Output:
        return Output({**dict(static_files(self.options.templates)), ".nojekyll": b""})

    def _text_key_parts(self, text: TextOfSite) -> object:
        """Everything that the pages of a text show of it, of entries and of other texts."""
        facts, model, digests = text.facts, self.model, self.digests
        referring = [
            (digests.titles[other.id], span.digest)
            for other, span in model.referring.get(text.id, ())
        ]
        works = [
            digests.naming.get(key) for key in model.authorities.works_that_are.get(text.id, ())
        ]
        named = [digests.cards[key] for key in model.keys_in[text.id]]
        used = [digests.entries.get(used.key) for used in facts.keys]
        return facts.stored_text.digest, text.summary, used, named, referring, works

    def _prepare_text(
        self,
        text: TextOfSite,
        neighbours: tuple[TextOfSite | None, TextOfSite | None],
        sizes: Mapping[str, int],
        outputs: Outputs,
    ) -> Work[Output]:
        model = self.model
        named = (key for key, found in model.named_in(text).items() if found.count)
        previous, next_text = map(_neighbour, neighbours)
        shown = TextShown(
            model.frame,
            model.read(text, text.facts.stored_text),
            text.summary,
            {key: card(model, key) for key in sorted(named)},
            self._works(model.works_cited_in(text), outputs),
            decoded(outputs.result(f"related/{text.id}", "shared"), tuple[SharedPassage, ...]),
            referring_to(model, text),
            previous,
            next_text,
            self._in_collections(text),
            self._other_editions(text, outputs),
            sizes,
        )
        return partial(make_text, shown, self.context)

    def _in_collections(self, text: TextOfSite) -> tuple[InCollection, ...]:
        """The places of a text in its collections."""
        collections, found = self.model.collections, []
        for path in text.summary.collections:
            key = path[-1][0]
            place, count = collections.places[key][text.id] + 1, len(collections.own[key])
            beside = map(self.model.texts.get, collections.beside(text.id, key))
            found.append(InCollection(path, place, count, *map(_neighbour, beside)))
        return tuple(found)

    def _other_editions(self, text: TextOfSite, outputs: Outputs) -> tuple[OtherEdition, ...]:
        """The other editions of the work that a text is an edition of."""
        found = []
        for other in self.model.editions_of.get(text.meta.work, ()):
            if other.id != text.id:
                works = self._works(self.model.works_cited_in(other), outputs)
                says = edition_in_words(other.summary, other.meta, works)
                short = other.summary.short_title
                found.append(OtherEdition(short, urls.text_page(other.id), says))
        return tuple(found)

    def _collection_key(self, key: str) -> bytes:
        """The key of the page of a collection."""
        collections, digests = self.model.collections, self.digests
        counts = {part: len(texts) for part, texts in collections.all_texts.items()}
        texts = [digests.summary[text_id] for text_id in collections.all_texts[key]]
        return self._key("collection", key, list(collections.known.values()), counts, texts)

    def _entry_key_parts(self, entry: Entry) -> object:
        """Everything that the page of an entry shows."""
        authorities, texts, digests = self.model.authorities, self.model.texts, self.digests
        works = [digests.entries[key] for key in authorities.works_of.get(entry.key, ())]
        texts_of_notes = [note.partition("#")[0] for note in entry.notes]
        explained = [
            (texts[text].facts.notes_digest, digests.titles[text]) for text in texts_of_notes
        ]
        total = self.model.total(entry.key)
        mentions = digests.naming.get(entry.key), (total.count, total.texts)
        own = digests.entries[entry.key], digests.names
        return own, works, explained, mentions, self._texts_of_work(entry)

    def _texts_of_work(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        """The texts of the archive that are a work: the id and the title of each, with its date
        if several have one title."""
        editions = (text.id for text in self.model.editions_of.get(entry.key, ()))
        ids = dict.fromkeys((entry.text, *editions) if entry.text else editions)
        summaries = [self.model.texts[text_id].summary for text_id in ids]
        titles = Counter(summary.short_title for summary in summaries)
        return tuple(
            (s.id, s.short_title + (f" ({s.date.value})" if titles[s.short_title] > 1 else ""))
            for s in summaries
        )

    def _prepare_entry(self, entry: Entry, outputs: Outputs) -> Work[Output]:
        model = self.model
        shown = EntryShown(
            model.frame,
            entry,
            model.total(entry.key),
            model.texts_on(entry.key),
            tuple(model.note(*note.split("#")) for note in entry.notes),
            self._texts_of_work(entry),
            when_in(model, entry),
            self._works(_sources(entry), outputs),
        )
        return partial(make_entry, shown, self.context)

    def _bibliography(self, outputs: Outputs) -> Target:
        """The page of the bibliography."""
        model, digests = self.model, self.digests
        places = [
            (digests.titles[text.id], [(c.key, c.anchor, c.where) for c in text.facts.cited])
            for text in model.texts.values()
            if text.facts.cited
        ]
        sourced = [(e.key, e.kind, e.name, e.sources) for e in model.entries.values() if e.sources]
        works = self._works_key(model.bibliography, outputs)
        files = [(name, model.files[name].size) for name in BIBLIOGRAPHIES if name in model.files]
        key = self._key("bibliography", works, places, sourced, files)
        return _target("bibliography", key, partial(self._make_bibliography, outputs))

    def _make_bibliography(self, outputs: Outputs) -> Output:
        works = self._works(self.model.bibliography, outputs)
        return self.context.output([bibliography_page(self.model, works)])

    def _index_key(self, kind: str) -> bytes:
        """The key of an index."""
        model, digests = self.model, self.digests
        keys = model.authorities.kinds["person" if kind == "network" else kind]
        entries = [digests.entries[key] for key in keys]
        titles = list(digests.titles.values())
        if kind == "event":
            mentions = [digests.naming.get(key) for key in keys]
            days = [(day, model.by_republican(day)) for day in model.days]
            return self._key(kind, entries, mentions, digests.counts, days)
        if kind == "network":
            beside = [model.named(key).beside for key in keys]
            return self._key(kind, entries, beside, digests.counts, titles)
        return self._key(kind, entries, digests.counts, titles)

    def _front_key(self, path: str) -> bytes:
        """The key of a page about the whole archive."""
        model, digests = self.model, self.digests
        state = model.version, model.revised
        shown: Mapping[str, object] = {
            urls.HOME: (digests.summaries, state, digests.names, digests.counts),
            urls.TEXTS: (digests.summaries,),
            urls.ABOUT: (digests.summaries, state),
            urls.SEARCH: (digests.listed, digests.names, digests.speakers),
            urls.CONCORDANCE: (
                digests.listed,
                digests.names,
                digests.speakers,
                is_read_whole(model),
            ),
            urls.SCHEMA: (),
            urls.STYLE: (),
            urls.NOT_FOUND: (),
        }
        return self._key(path, shown[path])

    # ------------------------------------------------------------ the search

    @cached_property
    def stride(self) -> int:
        """The distance between the first places of two texts in the index."""
        return stride_of(text.facts.passage_count for text in self.model.texts.values())

    def words(self, _: Outputs) -> Iterator[Target]:
        """The words of all texts, merged in groups of words that begin alike."""
        groups: dict[str, Sections] = {}
        for number, text in enumerate(self.model.by_number):
            spans = decoded(self.model.read(text, text.facts.groups), dict[str, Span])
            for group, span in spans.items():
                if group not in groups:
                    groups[group] = Sections()
                groups[group].add(number, span)
        for group, sections in groups.items():
            key = digest_of(self.stride, sections.texts.tobytes(), sections.digests)
            yield Target(
                f"group/{group}", key, partial(self._prepare_group, sections), sections.size
            )

    def _prepare_group(self, sections: Sections) -> Work[Output]:
        model = self.model
        texts = [(number, model.read(model.by_number[number], span)) for number, span in sections]
        return partial(make_group, texts, self.stride)

    def plan(self, outputs: Outputs) -> Iterator[Target]:
        """The plan of the index: the shard of each word."""
        names = [name for name, _ in outputs.targets() if name.startswith("group/")]
        filed = [(name, outputs.digest(name, "filed")) for name in names]
        key = digest_of(filed, self.digests.forms)
        yield _target("plan", key, partial(self._make_plan, names, outputs))

    def _make_plan(self, names: Iterable[str], outputs: Outputs) -> Output:
        forms: dict[str, Filed] = {}
        for name in names:
            forms |= decoded(outputs.result(name, "filed"), dict[str, Filed])
        plan = planned(forms, self.model.entries.values())
        return Output(results={"plan": encoded(plan)})

    def leads(self, outputs: Outputs) -> Iterator[Target]:
        """The entries and texts to which words lead."""
        plan = decoded(outputs.result("plan", "plan"), Plan)
        key = self._key(list(plan.shards), plan.moved, self.digests.forms, self.digests.listed)
        yield _target("leads", key, partial(self._make_leads, plan))

    def _make_leads(self, plan: Plan) -> Output:
        return Output(results={"leads": encoded(leads_of(self.model, plan))})

    def search(self, outputs: Outputs) -> Iterator[Target]:
        """The search index, and its shards."""
        plan = decoded(outputs.result("plan", "plan"), Plan)
        leads = decoded(outputs.result("leads", "leads"), dict[str, list[Lead]])
        texts = [text.facts.described for text in self.model.texts.values()]
        shown = outputs.digest("plan", "plan"), self.digests.listed, texts, self.digests.speakers
        key = self._key("search", self.stride, shown, self.digests.names)
        index = partial(search_index, self.model, self.stride, plan)
        yield _file_target("search", key, urls.SEARCH_INDEX, index)
        for prefix, rows in plan.shards.items():
            groups = list(dict.fromkeys(form[:GROUP_PREFIX_LENGTH] for form, _ in rows))
            lines = [outputs.digest(f"group/{group}", "lines") for group in groups]
            led = leads.get(prefix, [])
            key = digest_of(prefix, rows, lines, led)
            made = partial(self._make_shard, prefix, rows, groups, led, outputs)
            yield _file_target(f"shard/{prefix}", key, urls.shard_script(prefix), made)

    def _make_shard(
        self,
        prefix: str,
        rows: Sequence[tuple[str, int]],
        groups: list[str],
        leads: list[Lead],
        outputs: Outputs,
    ) -> bytes:
        lines: dict[str, IndexLine] = {}
        for group in groups:
            data = outputs.result(f"group/{group}", "lines")
            lines |= decoded(data, dict[str, IndexLine])
        return shard(prefix, rows, lines, leads)

    # ------------------------------------------------------------ data

    def tables(self, _: Outputs) -> Iterator[Target]:
        """The tables of every index, as files of data."""
        model, digests = self.model, self.digests
        for table in SORTS:
            keys = model.days if table == DAYS else model.authorities.kinds.get(table, ())
            shown: object = [
                (key, digests.entries.get(key), digests.naming.get(key), model.counts(key))
                for key in keys
            ]
            if table == MENTIONS:
                shown = [text.facts.rows.digest for text in model.texts.values()]
            yield _target(
                f"table/{table}", self._key(table, shown), partial(self._make_table, table)
            )

    def _make_table(self, table: str) -> Output:
        tables = tables_of(self.model, table)
        results = {name: encoded(info) for name, info in info_of(tables).items()}
        return Output({f"{urls.DATA}/{name}": data for name, data in tables.items()}, results)

    def archive_files(self, outputs: Outputs) -> Iterator[Target]:
        """Targets that need the outputs of others: the descriptions of the data files, the feed and
        the OAI repository, the sitemap, and the downloads with all texts."""
        model, summaries = self.model, self.digests.summaries
        tables = [(table, name) for table in SORTS for name in outputs.sizes(f"table/{table}")]
        tables = [(f"table/{table}", name.removeprefix(f"{urls.DATA}/")) for table, name in tables]
        described = [(name, outputs.digest(target, name)) for target, name in tables]
        key = self._key("package", described, digest(model.checksums), model.revised, summaries)
        yield _target("package", key, partial(self._make_descriptions, tables, outputs))
        texts = [f"text/{text}" for text in model.texts]
        news = [[outputs.digest(text, name) for name in ("news", "oai")] for text in texts]
        yield _target(
            "harvest", self._key("harvest", news), partial(self._make_harvest, texts, outputs)
        )
        for collection, ids in model.collections.all_texts.items():
            within = [f"text/{text_id}" for text_id in ids]
            news = [[outputs.digest(text, name) for name in ("news", "oai")] for text in within]
            known = model.collections.known[collection]
            key = self._key("harvest of a collection", known, news)
            make = partial(self._make_harvest, within, outputs, known)
            yield _target(f"harvest/{collection}", key, make)
        pages = sorted(filter(urls.is_page, outputs.sizes()))
        days = [text.revised for text in model.texts.values()]
        key = self._key("sitemap", pages, list(model.texts), days, self.digests.counts)
        yield _target("sitemap", key, lambda: Output(sitemap_files(model, pages)))
        if self.options.exports:
            key = self._key(
                "archive",
                [self._downloads_key_parts(text, outputs) for text in model.texts.values()],
            )
            make = partial(self._make_archive_downloads, key.hex(), outputs)
            yield _target("archive", key, make)

    def _make_descriptions(self, tables: list[tuple[str, str]], outputs: Outputs) -> Output:
        model = self.model
        schema = template_text("data/texte.schema.json", self.options.templates)
        own = {CHECKSUMS: model.checksums, SCHEMA: schema.encode()}
        info = {name: FileInfo(file.size, file.sha256) for name, file in model.files.items()}
        for target, name in tables:
            info[name] = decoded(outputs.result(target, name), FileInfo)
        files = own | data_files(model, info | info_of(own), self.context.tools.jinja)
        return Output({f"{urls.DATA}/{name}": data for name, data in files.items()})

    def _make_harvest(
        self, texts: list[str], outputs: Outputs, collection: Collection | None = None
    ) -> Output:
        found = [decoded(outputs.result(text, "news"), list[News]) for text in texts]
        news = [entry for each in found for entry in each]
        records = [decoded(outputs.result(text, "oai"), Record) for text in texts]
        if collection:
            return Output(collection_files(self.model.site, collection, news, records))
        return Output(harvest_files(self.model.site, news, records))

    def _make_archive_downloads(self, key: str, outputs: Outputs) -> Output:
        model, options = self.model, self.options
        published = []
        for text in model.texts.values():
            summary, styles = text.summary, self.context.tools.styles
            edition, passages = model.edition(text)
            works = self._works(model.works_cited_in(text), outputs)
            made = make_publication(
                model.site, model.entries, edition, passages, summary, styles, options.epoch, works
            )
            published.append(replace(made, pictures=self._books(text, outputs)))
        cache = Cache(options.cache)
        return Output(files_of_archive(model.site, published, options.templates, cache, key))

    # ------------------------------------------------------------ the page of downloads, the zip

    def downloads_and_zip(self, outputs: Outputs) -> Iterator[Target]:
        """The page of downloads, which shows the size of every file, and the zip of all files."""
        sizes = {p: n for p, n in sorted(outputs.sizes().items()) if not urls.is_page(p)}
        shown: object = sizes, self.model.version, self.model.revised, self.digests.summaries
        if self.options.exports:
            shown = shown, outputs.targets()
        key = self._key("downloads", shown)
        yield _target("downloads", key, partial(self._make_downloads_and_zip, sizes, outputs))

    def _make_downloads_and_zip(self, sizes: dict[str, int], outputs: Outputs) -> Output:
        output, path = self.context.output, urls.archive_file("zip")
        if not self.options.exports:
            return output([downloads_page(self.model, sizes)])
        texts, epoch = self.model.texts.values(), self.options.epoch
        moments = (moment_of(text.meta, epoch) for text in texts)
        bundle = Bundle(self.model.site, max(moments, default=FIRST_MOMENT))
        for name in sorted(outputs.sizes()):
            bundle.add({name: outputs.read(name)})
        made = output([downloads_page(self.model, {**sizes, path: bundle.size})])
        bundle.add(made.files)
        made.files[path] = bundle.closed()
        return made


STAGES: tuple[tuple[str, Stage], ...] = (
    ("pictures", Targets.pictures),
    ("bibliography", Targets.references),
    ("downloads of texts", Targets.downloads),
    ("words", Targets.words),
    ("what to read next", Targets.related),
    ("pages of texts", Targets.texts),
    ("other pages", Targets.pages),
    ("word families", Targets.plan),
    ("names to search", Targets.leads),
    ("search index", Targets.search),
    ("tables", Targets.tables),
    ("files of the archive", Targets.archive_files),
    ("page of downloads, zip", Targets.downloads_and_zip),
)
"""The targets in stages. Each stage reads the outputs of earlier ones."""


def _neighbour(text: TextOfSite | None) -> Neighbour | None:
    return Neighbour(text.summary.short_title, urls.text_page(text.id)) if text else None


def _prepared(work: Work[Output]) -> Work[Output]:
    """Work that needs nothing to be read."""
    return work


def _sources(entry: Entry) -> list[str]:
    """The keys of the works that an entry is from."""
    return [cited.key for cited in entry.sources]


def _target(name: str, key: bytes, make: Work[Output]) -> Target:
    """A target that is made in the build's process."""
    return Target(name, key, lambda: make)


def _file_target(name: str, key: bytes, path: str, data: Callable[[], bytes]) -> Target:
    """The target of one file that is made in the build's process."""
    return _target(name, key, lambda: Output({path: data()}))
