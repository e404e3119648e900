"""What the site is made of: each product, what makes it, in which order.

A product is named by its sort and, mostly, by a text, an entry or a word's beginning: `text/<id>`.
It is made by a pure function of what it reads from the ledger, in whichever process, and may give
files, parts that later products read, and findings. What it read is noted by the reading itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from archive_site import links
from archive_site.authority import Entry
from archive_site.cache import Cache
from archive_site.check import (
    check_draft,
    check_forms,
    check_mentions,
    check_page,
    check_quotation_marks,
    read_page,
)
from archive_site.corpus import (
    Common,
    Edition,
    check_editions,
    check_entries,
    check_ids,
    check_keys,
    check_unknown,
    check_unnamed,
    edition_files,
    rank_of,
    read_common,
    read_edition,
    unnamed_witnesses,
)
from archive_site.crossings import EXCERPT
from archive_site.dates import is_day
from archive_site.document import Text
from archive_site.downloads import (
    Exports,
    Takeaway,
    files_of_archive,
    files_of_text,
    publication,
    state_of,
    styles_of,
)
from archive_site.entries import KIND_NAMES, Shelf, index_paths, lists_of
from archive_site.establishment import check_emendations
from archive_site.exports.harvest import news_of, record_of
from archive_site.exports.package import SCHEMA, Facts, columns_of, facts_of, text_schema
from archive_site.exports.tables import SORTS, tables
from archive_site.exports.tables import told_of as entry_told
from archive_site.findings import EXEMPTIBLE, Finding, NotPossible
from archive_site.indexes import (
    RARE_ENOUGH,
    by_anchor,
    count_of,
    letters_of,
    lines_in,
    namings_in,
    near_in,
    places_of,
    references_in,
    spoken_in,
    spots_of,
)
from archive_site.kept import (
    Counted,
    Lazy,
    Named,
    Reader,
    bare,
    edition_of,
    kept_entries,
    kept_shelf,
)
from archive_site.layout import CHECKSUMS, EDITIONS
from archive_site.ledger import (
    File,
    Ledger,
    Part,
    Product,
    content_digest,
    digest_of,
    file_of,
    packed,
    row_of,
)
from archive_site.mentions import Forms, Passage, forms_of, passages_of
from archive_site.pages import (
    FRONT,
    Page,
    downloads_page,
    entry_page_of,
    front_page,
    index_page_of,
    text_pages,
    year_page,
    years_of_days,
)
from archive_site.plaintext import reading_text
from archive_site.publish import write_staged
from archive_site.render import environment, render_pages, static_files
from archive_site.search import (
    GROUP,
    Filed,
    Line,
    Plan,
    index,
    leads_of,
    merged,
    planned,
    shard,
    stride_of,
    words_of,
)
from archive_site.site import (
    LOCAL_URL,
    harvest_files,
    moment_of_all,
    sitemap_files,
    text_files,
    told_of,
)
from archive_site.summary import text_summary


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be built: the folder of the corpus, as findings name it and as it is found from
    anywhere; the archive's own templates; where the site will be published (empty: as `site.yaml`
    says); whether books and the like are made; the moment that SOURCE_DATE_EPOCH names. `ledger`,
    `cache` and `staged`: where what is made is kept; `shared`: for workers on other machines."""

    corpus: Path
    root: Path
    templates: Path | None
    base_url: str
    exports: bool
    epoch: int | None
    ledger: Path
    cache: Path | None
    staged: Path
    shared: bool = False


@dataclass(slots=True)
class Made:
    """What a product gives: files by path, tables of `data/` by name (too large to be held),
    parts, rows (for later products that read less than a whole part) and findings. `unnoted`: parts
    that have no row of their own."""

    files: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, Iterator[bytes]] = field(default_factory=dict)
    parts: dict[Part, Any] = field(default_factory=dict)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unnoted: set[Part] = field(default_factory=set)


class Workshop:
    """What a process needs to make products of a job, made when it is first asked for."""

    def __init__(self, job: Job, ledger: Ledger):
        self.job = job
        self.reader = Reader(ledger)

    def renewed(self, ledger: Ledger) -> Workshop:
        """A workshop for the next wave, with the tools of this one and nothing that it read."""
        other = Workshop(self.job, ledger)
        for tool in ("jinja", "styles", "exports", "state"):
            if tool in self.__dict__:
                other.__dict__[tool] = self.__dict__[tool]
        return other

    @cached_property
    def common(self) -> Common:
        """What all texts share."""
        found: Common = self.reader.unnoted("common")
        return found

    @cached_property
    def _shelf(self) -> Shelf:
        return kept_shelf(self.reader, self.common)

    @property
    def shelf(self) -> Shelf:
        """What pages are made from."""
        self.reader.note("site")
        return self._shelf

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The entries of the authority files."""
        return kept_entries(self.reader, self.common.entries)

    @cached_property
    def _forms(self) -> Forms:
        return Forms(self.common.entries.values())

    @property
    def forms(self) -> Forms:
        """All forms of all entries."""
        self.reader.note("forms")
        return self._forms

    @cached_property
    def jinja(self) -> Any:
        """The templates."""
        return environment(self.job.templates)

    @cached_property
    def styles(self) -> Any:
        """The styles in which texts are cited."""
        return styles_of(self.job.templates)

    @cached_property
    def exports(self) -> Exports | None:
        """How books and the like are made."""
        return Exports(Cache(self.job.cache), self.job.epoch) if self.job.exports else None

    @cached_property
    def state(self) -> str:
        """What names the state of all that makes books and the like."""
        return state_of(self.job.templates) if self.job.exports else ""

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files of the corpus, read when asked for."""

        def names() -> list[str]:
            self.reader.note("file-names")
            return list(self._sums)

        def there(name: str) -> bool:
            self.reader.note("file", name)
            return name in self._sums

        return Lazy(names, self._read, there)

    @cached_property
    def _sums(self) -> dict[str, str]:
        found: dict[str, str] = self.reader.unnoted("sums")
        return found

    def _read(self, name: str) -> bytes:
        data = (self.job.root / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != self._sums[name]:
            path = self.job.corpus / name
            raise NotPossible(f"{path} changed while the site was built", "Build again.")
        return data

    @property
    def moment(self) -> datetime:
        """When the latest of the texts was made, in UTC."""
        assert self.exports is not None
        return moment_of_all(self.shelf.corpus, self.exports)

    def rendered(self, pages: Iterable[Page]) -> Iterator[tuple[str, bytes]]:
        """Pages as bytes."""
        self.reader.note("templates")
        return render_pages(pages, self.jinja)


def make(workshop: Workshop, name: str, live: Mapping[str, bytes]) -> Product:
    """Make a product: its files are staged, but those that are in the live site already (`live`: by
    path, what names their content)."""
    sort, _, key = name.partition("/")
    reader = workshop.reader
    reader.read = {row_of("options", "")}
    made = MAKERS[sort](workshop, key)
    findings = made.findings
    files = {}
    for path, data in made.files.items():
        if path.endswith(".html"):
            page = read_page(path, data)
            findings += check_page(path, data, page)
            made.parts["page", path, ""] = page
            made.unnoted.add(("page", path, ""))
        file = file_of(data)
        if live.get(path) != file.digest:
            write_staged(workshop.job.staged, path, data)
        files[path] = file
    for table_name, pieces in made.tables.items():
        path, table = f"{links.DATA}/{table_name}", _Table(table_name, pieces)
        write_staged(workshop.job.staged, path, table)
        made.parts["facts", table_name, ""] = table.facts
        files[path] = table.file
        if live.get(path) == files[path].digest:
            (workshop.job.staged / path).unlink()
    parts = {part: packed(value, shared=part[0] == "text") for part, value in made.parts.items()}
    rows = {row_of(*row): digest_of(value) for row, value in made.rows.items()}
    for part, data in parts.items():
        if part not in made.unnoted:
            rows[row_of(*part[:2])] = digest_of(data)
    return Product(name, frozenset(reader.read), rows, parts, files, tuple(findings))


class _Table:
    """A table on its way to a file, and what is to be known of it when it is there."""

    def __init__(self, name: str, pieces: Iterator[bytes]):
        self._name, self._pieces = name, pieces
        self._sha256, self._digest, self._size = hashlib.sha256(), content_digest(), 0
        self._first = b""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._sha256.update(piece)
            self._digest.update(piece)
            self._size += len(piece)
            self._first = self._first or piece
            yield piece

    @property
    def facts(self) -> Facts:
        """What is told of it."""
        columns = columns_of(self._first) if self._name.endswith(".csv") else ()
        return Facts(self._size, self._sha256.hexdigest(), columns)

    @property
    def file(self) -> File:
        """It, as a file of the site."""
        return File(self._digest.digest(), self._size)


# ---------------------------------------------------------------- what all texts share


def _common(workshop: Workshop, _: str) -> Made:
    """`site.yaml`, the authority files, the checksums of witnesses, what the editor lets stand."""
    made = Made()
    common = read_common(workshop.job.corpus, workshop.files, made.findings)
    if workshop.job.base_url:
        common = replace(common, site=replace(common.site, base_url=workshop.job.base_url))
    entries = common.entries
    made.parts["common", "", ""] = common
    made.rows = {("entry", key): entry for key, entry in entries.items()}
    made.rows |= {("sum", name): sha256 for name, sha256 in common.sums.items()}
    made.rows["site", ""] = common.site
    made.rows["entries", ""] = list(entries.values())
    for kind in KIND_NAMES:
        keys = [entry.key for entry in entries.values() if entry.kind == kind]
        made.rows |= {("keys", kind): keys, ("any", kind): bool(keys)}
    for sort, lists in lists_of(entries).items():
        made.rows |= {(sort, key): found for key, found in lists.items()}
    # Their lines are left out: a description that grows moves no name.
    forms = [(e.key, e.kind, *map(repr, forms_of(e))) for e in entries.values()]
    made.rows["forms", ""] = forms
    made.findings += check_forms(entries.values())
    return made


def _read(workshop: Workshop, text: str) -> Made:
    """A text: read, collated, what it names found; all that other products need of it."""
    made, reader = Made(), workshop.reader

    def checksum(name: str) -> str:
        return workshop.common.sums[name]

    def listed(name: str) -> bool:
        reader.note("sum", name)
        return name in workshop.common.sums

    sums = Lazy(lambda: list(workshop.common.sums), checksum, listed)
    name = f"{EDITIONS}/{text}.md"
    edition = read_edition(workshop.job.corpus, name, workshop.files, sums, made.findings)
    if edition is None:
        return made
    made.findings += check_keys(edition, workshop.entries)
    made.findings += check_draft(edition)
    made.findings += check_quotation_marks(edition)
    made.findings += check_emendations(edition)
    passages = passages_of(edition, workshop.forms)
    made.findings += check_mentions(passages)
    made.parts["order", "", text] = rank_of(edition.document.meta)
    made.parts["path", "", text] = edition.path
    made.parts["witness", "", text] = edition.document.meta.witness
    made.parts["labels", "", text] = [note.label for note in edition.document.notes]
    targets = links.targets_of(edition)
    if targets:
        made.parts["targets", "", text] = targets
    made.parts["blocks", text, text] = [block.id for block in edition.document.blocks]
    if not any(f.stops and f.code not in EXEMPTIBLE for f in made.findings):
        _known(workshop, made, edition, passages)
    return made


def _known(workshop: Workshop, made: Made, edition: Edition, passages: tuple[Passage, ...]) -> None:
    """What later products read of a text that is sound."""
    text, parts = edition.id, made.parts
    said = text_summary(workshop.entries, edition)
    words = words_of(edition, passages, said)
    made.files[links.text_script(text)] = words.script
    parts["text", text, text] = edition, passages  # which share blocks
    made.unnoted.add(("text", text, text))
    witness = edition.witness.sha256 if edition.witness else ""
    made.rows["text", text] = edition.checksum, witness, [p.mentions for p in passages]
    parts["record", text, text] = edition.record
    parts["calendar", "", text] = edition.document.meta.calendar
    parts["summary", text, text] = said
    made.rows |= {("said", f"{text} {name}"): value for name, value in said.items()}
    parts["described", "", text] = words.described
    parts["size", "", text] = words.passages, letters_of(passages)
    for group, postings in words.groups.items():
        parts["words", group, text] = postings
    made.rows["groups", ""] = sorted(words.groups)
    namings = list(namings_in(passages))
    parts["namings", text, text] = namings
    _named(made, text, passages, namings)
    parts["days", "", text] = sorted({naming.key for naming in namings if is_day(naming.key)})
    spoken = spoken_in(passages)
    parts["speakers", "", text] = list(spoken)
    for key, runs in spoken.items():
        parts["spoken", key, text] = runs
    for text_to, references in references_in(passages).items():
        parts["references", text_to, text] = [
            replace(reference, passage=bare(reference.passage)) for reference in references
        ]
    openings = {anchor: opening(passage) for anchor, passage in by_anchor(passages).items()}
    parts["openings", text, text] = openings
    made.rows |= {("opening", f"{text}#{anchor}"): found for anchor, found in openings.items()}


def opening(passage: Passage) -> Passage:
    """A passage with as many of its words as another text shows of it."""
    words = reading_text(passage.place.block.content)[: EXCERPT + 1]
    stripped = bare(passage)
    block = replace(stripped.place.block, content=(Text(words),))
    return replace(stripped, place=replace(stripped.place, block=block))


def _named(made: Made, text: str, passages: Iterable[Passage], namings: Iterable[Any]) -> None:
    """What a text says of each entry and day."""
    lines, near = lines_in(passages), near_in(passages)
    by_key: dict[str, list[Any]] = {}
    for naming in namings:
        by_key.setdefault(naming.key, []).append(naming)
    for key, found in lines.items():
        beside = near.get(key, ())
        standing = [*(line.passage for line in found), *(passage for passage, _ in beside)]
        stripped = {id(passage): bare(passage, key) for passage in standing}
        named = Named(
            tuple(replace(line, passage=stripped[id(line.passage)]) for line in found),
            tuple((stripped[id(passage)], others) for passage, others in beside),
            tuple(by_key.get(key, ())),
        )
        made.parts["named", key, text] = named
        made.unnoted.add(("named", key, text))
        made.rows["lines", key] = named.lines
        made.rows["near", key] = named.near
        made.rows["namings-of", key] = named.namings
        places = places_of(found)
        spots = tuple(spots_of(found)) if places <= RARE_ENOUGH else ()
        made.parts["count", key, text] = Counted(count_of(key, found), places, spots)
    made.rows["counts", ""] = [(key, made.parts["count", key, text]) for key in lines]


def _across(workshop: Workshop, _: str) -> Made:
    """What can only be seen over all texts: their ids, what entries name, where links lead."""
    made, reader = Made(), workshop.reader
    paths, labels = reader.parts("path"), reader.parts("labels")
    root = workshop.job.corpus
    made.findings += check_editions(root, edition_files(workshop.files))
    made.findings += check_unknown(root, reader.part("unknown", ""))
    named, unnamed = reader.parts("witness"), []
    if len(named) == len(edition_files(workshop.files)):
        unnamed = unnamed_witnesses(workshop.files, named.values())
        made.findings += check_unnamed(root, unnamed)
    made.parts["unnamed", "", ""] = unnamed
    made.findings += check_ids({path: rank_id(reader, text) for text, path in paths.items()})
    made.findings += check_entries(workshop.entries, labels)
    blocks: Lazy[str, list[str]] = Lazy(
        lambda: reader.order, lambda text: reader.own("blocks", text)
    )
    for text, targets in reader.parts("targets").items():
        made.findings += links.wrong_targets(paths[text], text, targets, blocks)
    return made


def rank_id(reader: Reader, text: str) -> str:
    """The id that a text gives itself."""
    rank: tuple[str, str, str] = reader.part("order", "", text)
    return rank[2]


def _totals(workshop: Workshop, _: str) -> Made:
    """How often each entry and day is named in all, and the days that are named by Old Style."""
    made, reader = Made(), workshop.reader
    reader.note("counts")
    for key in reader.keys("count"):
        found = reader.parts("count", key).values()
        places = sum(counted.places for counted in found)
        made.parts["total", key, ""] = sum(c.count for c in found), len(found), places
        if places <= RARE_ENOUGH and len(found) > 1:
            made.parts["spots", key, ""] = [spot for counted in found for spot in counted.spots]
    julian = {text for text, name in reader.parts("calendar").items() if name == "julian"}
    for day in reader.keys("count"):
        if is_day(day) and not julian.isdisjoint(reader.parts("count", day)):
            made.parts["old-style", day, ""] = True
    return made


def _scale(workshop: Workshop, _: str) -> Made:
    """How large the texts are, and whether any names a day: what the search and menus ask."""
    made, reader = Made(), workshop.reader
    sizes = reader.parts("size").values()
    made.parts["stride", "", ""] = stride_of(passages for passages, _ in sizes)
    made.parts["letters", "", ""] = sum(letters for _, letters in sizes)
    made.parts["any-day", "", ""] = any(reader.parts("days").values())
    return made


# ---------------------------------------------------------------- pages and files


def _pages(workshop: Workshop, pages: Iterable[Page]) -> Made:
    return Made(dict(workshop.rendered(pages)))


def _takeaway(workshop: Workshop, sizes: Mapping[str, int]) -> Takeaway:
    """What pages say of files to take along: those of a text (`sizes`), and the archive's."""
    archive: dict[str, int] = workshop.reader.part("sizes", "archive") or {}
    return Takeaway({}, {**archive, **sizes})


def _text(workshop: Workshop, text: str) -> Made:
    """A text's pages, the scripts that they load, the files in which it can be taken along."""
    shelf, job, exports = workshop.shelf, workshop.job, workshop.exports
    edition = edition_of(workshop.reader, text)
    workshop.reader.note("templates")
    published = publication(shelf, edition, workshop.styles, job.epoch if exports else None)
    used: set[str] = set()
    if exports:
        exports = Exports(Cache(job.cache, used), job.epoch)
    files = files_of_text(published, exports, job.templates, workshop.state)
    sizes = {path: len(data) for path, data in files.items()}
    takeaway = replace(_takeaway(workshop, sizes), publications={text: published})
    made = _pages(workshop, text_pages(shelf, takeaway, edition))
    made.files |= files
    made.files |= text_files(shelf, edition)
    site, base_url = shelf.corpus.site, shelf.corpus.site.base_url or LOCAL_URL
    made.parts["news", "", text] = news_of(site, published, base_url, sizes)
    made.parts["oai", "", text] = record_of(published, base_url)
    made.parts["cached", "", text] = sorted(used)
    return made


def _entry(workshop: Workshop, key: str) -> Made:
    page = entry_page_of(workshop.shelf, _takeaway(workshop, {}), workshop.entries[key])
    return _pages(workshop, [page])


def _index(workshop: Workshop, kind: str) -> Made:
    return _pages(workshop, [index_page_of(workshop.shelf, _takeaway(workshop, {}), kind)])


def _year(workshop: Workshop, year: str) -> Made:
    return _pages(workshop, [year_page(workshop.shelf, _takeaway(workshop, {}), year)])


def _front(workshop: Workshop, path: str) -> Made:
    return _pages(workshop, [front_page(workshop.shelf, _takeaway(workshop, {}), path)])


def _static(workshop: Workshop, _: str) -> Made:
    workshop.reader.note("templates")
    return Made({**dict(static_files(workshop.job.templates)), ".nojekyll": b""})


def _archive(workshop: Workshop, _: str) -> Made:
    """The files in which all texts can be taken along."""
    exports, job = workshop.exports, workshop.job
    if exports is None:
        return Made()
    workshop.reader.note("templates")
    used: set[str] = set()
    published = [
        publication(workshop.shelf, edition, workshop.styles, exports.epoch)
        for edition in workshop.shelf.corpus.editions
    ]
    files = files_of_archive(
        workshop.common.site,
        published,
        Exports(Cache(job.cache, used), exports.epoch),
        job.templates,
        workshop.state,
    )
    made = Made(dict(files))
    made.parts["sizes", "archive", ""] = {path: len(data) for path, data in files.items()}
    made.parts["cached", "", ""] = sorted(used)
    return made


# ---------------------------------------------------------------- the search


def _group(workshop: Workshop, group: str) -> Made:
    """The lines of the index for the words that begin so."""
    reader = workshop.reader
    found, order = reader.parts("words", group), reader.order
    lines = merged((found.get(text, ()) for text in order), reader.part("stride", ""))
    made = Made(parts={("group", group, ""): lines})
    # Where words are filed depends on less than on all their places.
    made.parts["filed", group, ""] = {form: line.filed for form, line in lines.items()}
    return made


def _plan(workshop: Workshop, _: str) -> Made:
    """Where words are filed."""
    reader = workshop.reader
    reader.note("groups")
    forms: dict[str, Filed] = {}
    for group in reader.keys("filed"):
        forms |= reader.part("filed", group)
    plan = planned(forms, workshop.entries.values())
    made = Made(parts={("rows", prefix, ""): rows for prefix, rows in plan.shards.items()})
    made.parts["plan", "", ""] = Plan(dict.fromkeys(plan.shards, ()), plan.moved)
    return made


def _leads(workshop: Workshop, _: str) -> Made:
    """The entries and texts that words lead to."""
    plan: Plan = workshop.reader.part("plan", "")
    leads = leads_of(workshop.shelf, plan)
    return Made(parts={("leads", prefix, ""): rows for prefix, rows in leads.items()})


def _search(workshop: Workshop, _: str) -> Made:
    reader = workshop.reader
    plan, stride = reader.part("plan", ""), reader.part("stride", "")
    described = reader.parts("described").values()
    return Made({links.SEARCH_INDEX: index(workshop.shelf, stride, plan, described)})


def _shard(workshop: Workshop, prefix: str) -> Made:
    reader = workshop.reader
    rows = reader.part("rows", prefix)
    lines: dict[str, Line] = {}
    for group in dict.fromkeys(form[:GROUP] for form, _ in rows):
        lines |= reader.part("group", group)
    leads = reader.part("leads", prefix) or ()
    return Made({links.shard_script(prefix): shard(prefix, rows, lines, leads)})


# ---------------------------------------------------------------- data


def _file(workshop: Workshop, name: str) -> Made:
    """A file of the corpus, as it is."""
    return Made({f"{links.DATA}/{name}": workshop.files[name]})


def _told_entry(workshop: Workshop, key: str) -> Made:
    """What the tables tell of an entry."""
    told = entry_told(workshop.entries[key], workshop.shelf.indexes)
    return Made(parts={("told", key, ""): told})


def _table(workshop: Workshop, sort: str) -> Made:
    """An index as data."""
    shelf, reader = workshop.shelf, workshop.reader
    found = tables(shelf.corpus, shelf.indexes, sort, lambda key: reader.part("told", key))
    made = Made(tables=dict(found))
    made.rows["tables", ""] = list(made.tables)
    return made


def _told(workshop: Workshop, _: str) -> Made:
    """What tells people and programs what stands under `data/`."""
    reader, corpus = workshop.reader, workshop.shelf.corpus
    own = {CHECKSUMS: corpus.checksums, SCHEMA: text_schema()}
    sizes: dict[str, int] = reader.part("file-sizes", "")
    facts = {name: Facts(sizes[name], sha256) for name, sha256 in corpus.sums.items()}
    reader.note("tables")
    facts |= {name: reader.part("facts", name) for name in reader.keys("facts")}
    facts |= facts_of(own)
    files = own | told_of(corpus, facts)
    return Made({f"{links.DATA}/{name}": data for name, data in files.items()})


def _harvest(workshop: Workshop, _: str) -> Made:
    """Feed, OAI-PMH, sitemaps, OpenSearch, robots.txt."""
    reader, shelf = workshop.reader, workshop.shelf
    news = (found for text in reader.parts("news").values() for found in text)
    made = Made(dict(harvest_files(shelf, news, reader.parts("oai").values())))
    made.files |= sitemap_files(shelf, reader.part("paths", ""))
    return made


def _downloads(workshop: Workshop, _: str) -> Made:
    """The page of all that can be taken, which says how large it is."""
    sizes: dict[str, int] = workshop.reader.part("all-sizes", "")
    takeaway = Takeaway({}, sizes)
    return _pages(workshop, [downloads_page(workshop.shelf, takeaway, sizes)])


MAKERS: dict[str, Callable[[Workshop, str], Made]] = {
    "common": _common,
    "read": _read,
    "across": _across,
    "totals": _totals,
    "scale": _scale,
    "archive": _archive,
    "group": _group,
    "plan": _plan,
    "leads": _leads,
    "text": _text,
    "entry": _entry,
    "index": _index,
    "year": _year,
    "front": _front,
    "static": _static,
    "search": _search,
    "shard": _shard,
    "file": _file,
    "data": _told_entry,
    "table": _table,
    "told": _told,
    "harvest": _harvest,
    "downloads": _downloads,
}


# ---------------------------------------------------------------- what there is to make


@dataclass(frozen=True, slots=True)
class Wave:
    """Products that are made side by side: what they are called where the progress is told, and
    for each sort what finds their keys, from earlier waves and the corpus's files. A wave reads
    only what earlier ones gave; `before` it, the build itself gives what only it knows."""

    title: str
    sorts: Mapping[str, Callable[[Workshop, list[str]], Iterable[str]]]
    before: Callable[[Build], None] | None = None

    def names(self, workshop: Workshop, files: list[str]) -> list[str]:
        """The names of its products."""
        return [
            f"{sort}/{key}" for sort, keys in self.sorts.items() for key in keys(workshop, files)
        ]


class Build(Protocol):
    """What a build gives to its products."""

    def tell_paths(self) -> None:
        """What pages there are."""

    def tell_sizes(self) -> None:
        """How large the files are."""


def _one(*_: Any) -> list[str]:
    return [""]


def _texts(workshop: Workshop, _: list[str]) -> list[str]:
    return workshop.reader.order


def _published(workshop: Workshop, files: list[str]) -> list[str]:
    unnamed = set(workshop.reader.part("unnamed", ""))
    return [name for name in files if name not in unnamed]


def _parts(sort: str) -> Callable[[Workshop, list[str]], list[str]]:
    return lambda workshop, _: workshop.reader.keys(sort)


WAVES = (
    Wave("common", {"common": _one}),
    Wave("texts", {"read": lambda _, files: (Path(name).stem for name in edition_files(files))}),
    Wave("checks", {"across": _one, "totals": _one, "scale": _one}),
    Wave("books", {"archive": _one, "group": _parts("words")}),
    Wave(
        "pages",
        {
            "text": _texts,
            "entry": lambda workshop, _: workshop.common.entries,
            "data": lambda workshop, _: workshop.common.entries,
            "index": lambda workshop, _: (kind for kind, _ in index_paths(workshop.shelf)),
            "year": lambda workshop, _: years_of_days(workshop.shelf),
            "front": lambda *_: FRONT,
            "static": _one,
            "file": _published,
            "plan": _one,
        },
    ),
    Wave("search", {"leads": _one, "table": lambda *_: SORTS}),
    Wave("search", {"search": _one, "shard": _parts("rows"), "told": _one}),
    Wave("harvest", {"harvest": _one}, before=lambda build: build.tell_paths()),
    Wave("downloads", {"downloads": _one}, before=lambda build: build.tell_sizes()),
)
"""All that is made, wave after wave."""
CHECKED = "checks"
"""Behind this wave, nothing is made where something stops the build."""
OF_CORPUS = ("common", "read", "across", "totals", "scale")
"""The products whose findings are the corpus's, not the site's."""
