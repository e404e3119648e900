"""A build: what has changed since the last one is made, and the site swapped in.

`site.make_site` is the same road in one process and in memory; tests hold both to the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive_site.cache import EXPORTS, Cache, cache_folder
from archive_site.findings import ArchiveError, Finding, NotPossible, Unsound
from archive_site.layout import corpus_files
from archive_site.ledger import (
    File,
    Known,
    Ledger,
    Part,
    Product,
    digest_of,
    file_of,
    forget,
    packed,
    row_of,
    unpacked,
)
from archive_site.progress import Progress
from archive_site.publish import Staging, Stamp, intact, keep_apart, locked
from archive_site.resources import check_own

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from archive_site.exports.bundle import Bundle
    from archive_site.products import Job, Workshop

LEDGER = "ledger"
GIVEN = ("inputs", "paths", "sizes")
"""What a build itself gives to its products."""
ZIP = "zip/"
"""The product that holds all others."""
MANY = 48
"""So many products to make are worth the start of other processes."""
AT_ONCE = 8
"""How many products a worker is given at once."""
AHEAD = 3
"""How many such lots wait for each worker."""
COMMITTED = 200
"""After so many products, what was made is sure to be kept."""
CTIME_TELLS = os.name == "posix"
"""Whether the system notes when a file's content or times were changed, which no one can set back;
where it does not, every file is read again."""
TRUSTED = 100_000_000
"""A file that changed less than so many nanoseconds before it was read may change again and show
the same moment: it is read again in the next build."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a build is asked for: see `products.Job`. `scheduler`: the address of a Dask scheduler,
    whose workers share the disk."""

    corpus: Path
    output: Path
    templates: Path | None = None
    base_url: str = ""
    exports: bool = True
    epoch: int | None = None
    jobs: int = 0
    scheduler: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a build: how many texts and pages the site has, its bytes, the files that
    changed, and the findings that did not stop it."""

    texts: int
    pages: int
    size: int
    changed: frozenset[str]
    findings: tuple[Finding, ...]


def build(asked: Asked, progress: Progress | None = None) -> Built:
    """Build the site, or what has changed of it.

    Raises `Unsound` where findings stop it, `NotPossible` where something else does; the former
    site is then untouched."""
    output = Path(os.path.abspath(asked.output))
    of_templates = check_own(asked.templates)
    own = [asked.templates] if asked.templates else []
    keep_apart(output, [asked.corpus, *own], [asked.corpus, *(each / "static" for each in own)])
    code = code_state()
    with locked(output):
        path = cache_folder(output) / LEDGER
        progress = progress or Progress.silent()
        known = path.exists()
        try:
            return _with_ledger(asked, output, path, code, progress, of_templates)
        except (ArchiveError, OSError):
            raise
        except Exception:  # a ledger that is damaged may give anything: without it, once more
            if not known:
                raise
            forget(path)
            return _with_ledger(asked, output, path, code, progress, of_templates)


def _with_ledger(
    asked: Asked,
    output: Path,
    path: Path,
    code: str,
    progress: Progress,
    of_templates: tuple[Finding, ...],
) -> Built:
    try:
        with closing(Ledger(path, code, shared=bool(asked.scheduler))) as ledger:
            return _Build(asked, output, path.parent, ledger, progress, of_templates).run()
    except sqlite3.OperationalError as error:
        hint = "The previous site is unchanged. See to the space on the disk, and build again."
        raise NotPossible(f"cannot keep {path}: {error}", hint) from error


def code_state() -> str:
    """What names the state of our code, of the package's own templates and of the libraries, by the
    moments of their files, and of the folder in which libraries come and go."""
    from importlib.util import find_spec

    from archive_site.resources import package_templates

    library = find_spec("jinja2")
    installed = Path(library.origin).parents[1] if library and library.origin else Path(__file__)
    states = _state(Path(__file__).parent), _state(package_templates())
    return f"{platform.python_version()} {installed.stat().st_mtime_ns} {' '.join(states)}"


def _state(folder: Path | None) -> str:
    """What names the state of all files in a folder, by their sizes and moments."""
    seen = hashlib.sha256()
    for entry in _walk(str(folder)) if folder else ():
        seen.update(os.fsencode(entry.path))
        seen.update(f"\0{_moment(entry.stat(follow_symlinks=False))}\n".encode())
    return seen.hexdigest()


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path) if entry.name != "__pycache__" else ()
            else:
                yield entry


def _moment(stat: os.stat_result) -> tuple[int, ...]:
    """What an edit of a file changes, even one that keeps its size and sets its time back."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


@dataclass(frozen=True, slots=True)
class _Input:
    """A file of the corpus: its size, what an edit would change (empty: in doubt), its SHA-256."""

    size: int
    moment: tuple[int, ...]
    sha256: str


@dataclass(slots=True)
class _Build:
    asked: Asked
    output: Path
    cache: Path
    ledger: Ledger
    progress: Progress
    of_templates: tuple[Finding, ...]
    products: dict[str, Known] = field(default_factory=dict)
    published: dict[str, tuple[bytes, Stamp]] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    dirty: set[int] = field(default_factory=set)
    remade: set[str] = field(default_factory=set)
    lost: bool = False
    unknown: tuple[str, ...] = ()
    bundle: Bundle | None = None
    zipped: tuple[bytes, int] = (b"", 0)
    staging: Staging = field(init=False)
    workshop: Workshop = field(init=False)

    def run(self) -> Built:
        """Build."""
        self.progress.stage("reading")
        inputs, findings = self._inputs()
        self.published = self.ledger.told("published") or {}
        self.there = intact(self.output, {p: stamp for p, (_, stamp) in self.published.items()})
        self.dirty = self.ledger.pending()
        self._give("inputs", *self._given(inputs))
        built: Built | None = self.ledger.told("built")
        if built and not self.dirty and not findings and len(self.there) == len(self.published):
            return Built(built.texts, built.pages, built.size, frozenset(), built.findings)
        self.ledger.tell("built", None)
        self.ledger.commit()
        with Staging(self.output) as staging:
            return self._made(inputs, findings, staging)

    # ------------------------------------------------------------ what it is made from

    def _inputs(self) -> tuple[dict[str, _Input], list[Finding]]:
        """The files of the corpus; one that has its old size and moment is not read again."""
        known: Mapping[str, _Input] = self.ledger.told("inputs") or {}
        found = {}
        there = corpus_files(self.asked.corpus)
        findings = [*there.findings, *self.of_templates]
        for name, stat in there.files.items():
            before, moment = known.get(name), _moment(stat)
            if before and before.moment == moment:
                found[name] = before
                continue
            path = self.asked.corpus / name
            try:
                data = path.read_bytes()
            except OSError as error:
                message = f"must be a readable file; {error.strerror}"
                findings.append(Finding(str(path), 0, "E001", message))
                continue
            latest = max(stat.st_mtime_ns, stat.st_ctime_ns)
            sure = time.time_ns() - latest > TRUSTED and len(data) == stat.st_size
            sha256 = hashlib.sha256(data).hexdigest()
            found[name] = _Input(len(data), moment if sure and CTIME_TELLS else (), sha256)
        self.ledger.tell("inputs", found)
        self.unknown = there.unknown
        return found, findings

    def _given(self, inputs: Mapping[str, _Input]) -> tuple[dict[Part, Any], dict[int, bytes]]:
        """The parts that stand at the beginning of everything, and rows."""
        asked = self.asked
        rows = {row_of("file", name): digest_of(file.sha256) for name, file in inputs.items()}
        rows[row_of("file-names", "")] = digest_of(list(inputs))
        options = str(asked.corpus), asked.base_url, asked.exports, asked.epoch
        rows[row_of("options", "")] = digest_of(options)
        rows[row_of("templates", "")] = digest_of(_state(asked.templates))
        parts: dict[Part, Any] = {
            ("sums", "", ""): {name: file.sha256 for name, file in inputs.items()},
            ("file-sizes", "", ""): {name: file.size for name, file in inputs.items()},
            ("unknown", "", ""): self.unknown,
        }
        return parts, rows

    def _give(self, name: str, parts: dict[Part, Any], rows: dict[int, bytes]) -> None:
        """Take in parts that the build itself gives."""
        kept = {part: packed(value) for part, value in parts.items()}
        rows |= {row_of(*part[:2]): digest_of(value) for part, value in parts.items()}
        if self.ledger.rows(name) != rows:
            product = Product(name, frozenset(), rows, kept, {})
            self.dirty |= self.ledger.take(product)

    # ------------------------------------------------------------ wave after wave

    def _made(
        self, inputs: Mapping[str, _Input], findings: list[Finding], staging: Staging
    ) -> Built:
        from archive_site.products import CHECKED, WAVES, Job, Workshop

        asked, cache = self.asked, self.cache
        job = Job(
            asked.corpus,
            asked.corpus.absolute(),
            asked.templates.absolute() if asked.templates else None,
            asked.base_url,
            asked.exports,
            asked.epoch,
            cache / LEDGER,
            None if asked.scheduler else cache / EXPORTS,
            staging.folder,
        )
        self.products = self.ledger.products()
        for name in GIVEN:
            self.products.pop(name, None)
        if not asked.exports:
            self._drop({ZIP} & self.products.keys())
        self.staging, self.workshop = staging, Workshop(job, self.ledger)
        named = {ZIP} if asked.exports else set()
        with _executor(asked) as executor:
            for number, wave in enumerate(WAVES):
                if wave.before:
                    wave.before(self)
                self.workshop = self.workshop.renewed(self.ledger)
                names = wave.names(self.workshop, list(inputs))
                named.update(names)
                self._drop({name for name in self.products if _sort(name) in wave.sorts} - named)
                stale = [name for name in names if self._stale(name)]
                self.progress.stage(wave.title, len(stale))
                for count, product in enumerate(self._make(number, stale, executor), start=1):
                    self._take(product)
                    self.progress.advance()
                    if count % COMMITTED == 0:
                        self.ledger.commit()
                self.ledger.commit()
                if wave.title == CHECKED:
                    findings = self._checked(findings)
        self._drop(self.products.keys() - named)
        self._bundled()
        self.progress.stage("checking")
        findings += self._found_in_pages()
        _stop_at(findings)
        return self._published(findings)

    def _checked(self, findings: list[Finding]) -> list[Finding]:
        """The findings of the corpus. Raises `Unsound` where one stops the build."""
        from archive_site.findings import exempted

        findings += self._found(of_corpus=True)
        workshop = self.workshop.renewed(self.ledger)
        findings = exempted(findings, workshop.common.exemptions)
        _stop_at(findings)
        return findings

    def _found(self, *, of_corpus: bool) -> list[Finding]:
        """The findings of products: the corpus's, or the site's."""
        from archive_site.products import OF_CORPUS

        return [
            finding
            for name, known in self.products.items()
            if (_sort(name) in OF_CORPUS) == of_corpus
            for finding in known.findings
        ]

    def _stale(self, name: str) -> bool:
        """Whether a product is to be made."""
        known = self.products.get(name)
        return (
            known is None
            or not self.dirty.isdisjoint(known.read)
            or not all(self._live(path, file) for path, file in known.files.items())
        )

    def _live(self, path: str, file: File) -> bool:
        """Whether a file stands in the live site as it was made."""
        return path in self.there and self.published[path][0] == file.digest

    def _make(
        self, wave: int, names: list[str], executor: Callable[[], tuple[Executor, int]]
    ) -> Iterator[Product]:
        """What comes of making products, each as soon as it is made."""
        from concurrent.futures import FIRST_COMPLETED, wait

        from archive_site.products import make

        tasks = [(name, self._live_files(name)) for name in names]
        if len(tasks) < MANY or (self.asked.jobs == 1 and not self.asked.scheduler):
            for name, live in tasks:
                yield make(self.workshop, name, live)
            return
        self.ledger.commit()
        lots = (tasks[at : at + AT_ONCE] for at in range(0, len(tasks), AT_ONCE))
        pool, workers = executor()
        waiting: set[Future[list[Product]]] = set()
        with self._lent(wave) as job:
            for lot in lots:
                waiting.add(pool.submit(perform, job, wave, lot))
                if len(waiting) >= AHEAD * workers:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield from _result(future)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from _result(future)

    @contextmanager
    def _lent(self, wave: int) -> Iterator[Job]:
        """The job as workers are given it: those on other machines read a copy of the ledger."""
        job = self.workshop.job
        if not self.asked.scheduler:
            yield job
            return
        copy = self.ledger.lend(self.staging.root / f"ledger.{wave}")
        try:
            yield replace(job, ledger=copy, shared=True)
        finally:
            copy.unlink(missing_ok=True)

    def _live_files(self, name: str) -> dict[str, bytes]:
        known = self.products.get(name)
        files = known.files.items() if known else ()
        return {path: file.digest for path, file in files if self._live(path, file)}

    def _take(self, product: Product) -> None:
        """Keep a product; what read the rows that it changed is stale."""
        for part in product.parts:
            if part[0] == "page":
                self.remade.add(part[1])
                before = self.ledger.part(*part)
                after = unpacked(product.parts[part])
                self.lost |= before is not None and not set(before.ids) <= set(after.ids)
        known = self.products.get(product.name)
        self.lost |= bool(known and known.files.keys() - product.files.keys())
        self.dirty |= self.ledger.take(product)
        read = array("q", product.read)
        self.products[product.name] = Known(read, product.files, product.findings)

    def _drop(self, names: set[str]) -> None:
        """Forget products that there are no more."""
        for name in names:
            self.lost |= bool(self.products.pop(name).files)
            self.dirty |= self.ledger.drop(name)

    # ------------------------------------------------------------ over all files

    def _files(self) -> dict[str, File]:
        """Every file of the site."""
        from archive_site.site import written_twice

        found: dict[str, File] = {}
        for known in self.products.values():
            for path, file in known.files.items():
                if path in found:
                    raise written_twice(path)
                found[path] = file
        return found

    def tell_paths(self) -> None:
        """Tell later products what pages there are."""
        pages = sorted(path for path in self._files() if path.endswith(".html"))
        self._give("paths", {("paths", "", ""): pages}, {})

    def tell_sizes(self) -> None:
        """Tell later products how large the files are."""
        sizes = {p: f.size for p, f in sorted(self._files().items()) if not p.endswith(".html")}
        if self.asked.exports:
            sizes[_zip()] = self._zipped()
        self._give("sizes", {("all-sizes", "", ""): sizes}, {})

    def _found_in_pages(self) -> Iterator[Finding]:
        """What `check` finds in pages: links that lead nowhere. Where no page lost anything that
        a link could lead to, only the pages that were made anew are read."""
        from archive_site.check import broken
        from archive_site.writing import portable

        yield from self._found(of_corpus=False)
        paths = self._files().keys()
        if paths != self.published.keys():
            yield from portable(paths)
        pages = [path for path in paths if path.endswith(".html")] if self.lost else self.remade
        # Fragments wait as hashes, to be few bytes each: two that share one would hide a fault.
        waiting: dict[str, tuple[list[str], array[int]]] = {}
        for path in pages:
            leads = self.ledger.part("page", path, "")
            missing = [link for link in leads.links if link[0] not in paths]
            yield from broken(path, missing, paths, lambda _: ())
            for page, fragment in leads.links:
                if fragment and page in paths:
                    sources, fragments = waiting.setdefault(page, ([], array("q")))
                    sources.append(path)
                    fragments.append(hash(fragment))
        for page, (sources, fragments) in waiting.items():
            target = self.ledger.part("page", page, "")
            ids = set(target.ids) if target else set()
            known_ids = set(map(hash, ids))
            for path in dict.fromkeys(
                source
                for source, fragment in zip(sources, fragments, strict=True)
                if fragment not in known_ids
            ):
                leads = self.ledger.part("page", path, "").links
                here = [link for link in leads if link[0] == page]
                yield from broken(path, here, paths, lambda _, ids=ids: ids)  # type: ignore[misc]

    # ------------------------------------------------------------ the whole site as one file

    def _zipped(self) -> int:
        """Begin the zip file, where something in it has changed; how large it is. The page that
        says so is put in last."""
        files = self._files()
        held = digest_of(sorted((name, files[name].digest) for name in files.keys() - _last()))
        self.zipped = self.ledger.told("zipped") or self.zipped
        if self.zipped[0] != held or ZIP not in self.products or self._stale(ZIP):
            self.bundle = self._begun()
            self.zipped = held, self.bundle.size
        return self.zipped[1]

    def _begun(self) -> Bundle:
        from archive_site.exports.bundle import Bundle

        bundle = Bundle(self.workshop.shelf.corpus.site, self.workshop.moment)
        for name in sorted(self._files().keys() - _last()):
            bundle.add({name: self._bytes(name)})
        return bundle

    def _bundled(self) -> None:
        """Close the zip file."""
        from archive_site import links

        if not self.asked.exports:
            return
        page = self._files()[links.DOWNLOADS]
        if self.bundle is None and self._live(links.DOWNLOADS, page):
            return
        bundle = self.bundle or self._begun()
        bundle.add({links.DOWNLOADS: self._bytes(links.DOWNLOADS)})
        data = bundle.closed()
        self.staging.write(_zip(), data)
        self._take(Product(ZIP, frozenset(), {}, {}, {_zip(): file_of(data)}))

    def _bytes(self, path: str) -> bytes:
        staged = self.staging.folder / path
        return staged.read_bytes() if staged.is_file() else (self.output / path).read_bytes()

    # ------------------------------------------------------------ the end

    def _published(self, findings: list[Finding]) -> Built:
        """Swap the site in, and note what it is."""
        files, staging = self._files(), self.staging
        staged = {
            entry.path[len(str(staging.folder)) + 1 :] for entry in _walk(str(staging.folder))
        }
        kept = {
            path: self.published[path][1]
            for path, file in files.items()
            if self._live(path, file) and path not in staged
        }
        changed = frozenset(files.keys() - kept.keys()) | (self.published.keys() - files.keys())
        if changed or not self.output.exists():
            self.progress.stage("publishing")
            stamps = staging.publish(kept)
            told = {path: (file.digest, stamps[path]) for path, file in files.items()}
            self.ledger.tell("published", told)
        texts = sum(name.startswith("text/") for name in self.products)
        pages = sum(path.endswith(".html") for path in files)
        size = sum(file.size for file in files.values())
        built = Built(texts, pages, size, changed, tuple(sorted(findings)))
        self.ledger.tell("built", built)
        self.ledger.tell("zipped", self.zipped)
        self.ledger.finish()
        if self.asked.exports:
            cached = self.ledger.parts("cached", "").values()
            Cache(self.cache / EXPORTS, {name for names in cached for name in names}).tidy()
        return built


def perform(job: Job, wave: int, tasks: list[tuple[str, dict[str, bytes]]]) -> list[Product]:
    """Make products in a worker's process."""
    from archive_site.products import make

    workshop = _workshop(job, wave)
    return [make(workshop, name, live) for name, live in tasks]


def _result(future: Future[list[Product]]) -> list[Product]:
    from concurrent.futures import BrokenExecutor

    try:
        return future.result()
    except BrokenExecutor as error:
        hint = "Was there memory enough? Fewer processes need less: --jobs 1."
        raise NotPossible("a process that made texts ended before its work did", hint) from error


_workshops: OrderedDict[tuple[Job, int], Workshop] = OrderedDict()


def _workshop(job: Job, wave: int) -> Workshop:
    """The workshop of this process for a wave."""
    from archive_site.products import Workshop

    if (job, wave) not in _workshops:
        for folder in (job.root, job.staged, *([job.templates] if job.templates else ())):
            if not folder.is_dir():
                message = f"the worker on {platform.node()} does not see {folder}"
                hint = "Corpus, templates and output must have the same path on all machines."
                raise NotPossible(message, hint)
        ledger = Ledger(job.ledger, "", reading=True, shared=job.shared)
        before = _workshops.popitem()[1] if _workshops else None
        _workshops[job, wave] = (
            before.renewed(ledger) if before and before.job == job else Workshop(job, ledger)
        )
    return _workshops[job, wave]


@contextmanager
def _executor(asked: Asked) -> Iterator[Callable[[], tuple[Executor, int]]]:
    """What gives the executor, started when it is first asked for, and how many work in it."""
    started: list[tuple[Executor, int]] = []

    def executor() -> tuple[Executor, int]:
        if not started:
            started.append(_started(asked))
        return started[0]

    try:
        yield executor
    finally:
        for pool, _ in started:
            pool.shutdown(wait=True, cancel_futures=True)


def _started(asked: Asked) -> tuple[Executor, int]:
    if asked.scheduler:
        from archive_site.cluster import executor_at

        workers = executor_at(asked.scheduler)
        return workers, workers.number
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from archive_site.worker import end_with_parent

    jobs = asked.jobs or os.cpu_count() or 1
    return ProcessPoolExecutor(jobs, get_context("spawn"), end_with_parent), jobs


def _sort(name: str) -> str:
    return name.partition("/")[0]


def _zip() -> str:
    from archive_site import links

    return links.archive_file("zip")


def _last() -> set[str]:
    """What is not in the zip file while it is measured: itself, and the page that says how large
    it is."""
    from archive_site import links

    return {_zip(), links.DOWNLOADS}


def _stop_at(findings: Iterable[Finding]) -> None:
    findings = list(findings)
    if any(finding.stops for finding in findings):
        raise Unsound(findings)
