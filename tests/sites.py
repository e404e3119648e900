"""Corpora and sites in memory: what the engine reads of a folder, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import copytree

from archive_site.build.build import BuildRequest, whole_site
from archive_site.build.executors import Workers
from archive_site.build.inputs import read_inputs
from archive_site.build.load import load
from archive_site.build.progress import Progress
from archive_site.build.state import Store
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import completed
from archive_site.edition.authority import Entry
from archive_site.edition.format import dumps
from archive_site.exports.formats import make_publication, styles_of
from archive_site.exports.publication import Publication
from archive_site.files.pack import Pack, decoded
from archive_site.files.writing import portable
from archive_site.findings import Finding, Unsound, exempted
from archive_site.model.analysis import AnalysisInput, Authorities, Facts, analyse, packed_entries
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.names.mentions import Passage
from archive_site.site.check import broken, check_page, read_page
from archive_site.text.document import Document
from pictures import PICTURES

Passages = Mapping[str, tuple[Passage, ...]]
"""Every block of every text with what it names, by text."""


@dataclass(frozen=True)
class Corpus:
    """A corpus as the engine knows it: its model; its editions in chronological order, and all that
    they name."""

    model: SiteModel

    @property
    def site(self) -> Site:
        return self.model.site

    @property
    def entries(self) -> Mapping[str, Entry]:
        return self.model.entries

    @cached_property
    def _read(self) -> list[tuple[Edition, tuple[Passage, ...]]]:
        return [self.model.edition(text) for text in self.model.texts.values()]

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        return tuple(edition for edition, _ in self._read)

    @cached_property
    def passages(self) -> Passages:
        return {edition.id: passages for edition, passages in self._read}


def load_corpus(root: Path, kept: Path | None = None) -> tuple[Corpus, list[Finding]]:
    """The corpus in the folder `root`, and all that was found in it. `kept`: a folder that keeps
    what was read, for whoever comes next."""
    store = Store(kept, "tests")
    inputs = read_inputs(root, {})
    model, findings = load(inputs, "", False, store, Workers(), Progress.silent())
    return Corpus(model), findings


def findings_of(root: Path) -> list[Finding]:
    """All that is found in the corpus in the folder `root`."""
    return load_corpus(root)[1]


def site_of(
    root: Path,
    *,
    exports: bool = False,
    templates: Path | None = None,
    base_url: str = "",
    epoch: int | None = None,
    kept: Path | None = None,
) -> dict[str, bytes]:
    """The site of the corpus in the folder `root`, made from nothing. `kept`: where books and the
    like are kept. Raises `Unsound` where something stops it."""
    asked = BuildRequest(root, root.parent / "build", templates, base_url, exports, epoch, jobs=1)
    with whole_site(asked, kept) as whole:
        findings = exempted(whole.findings, whole.model.exemptions)
        if any(finding.stops for finding in findings):
            raise Unsound(findings)
        return dict(whole.files)


def changed_copy(root: Path, folder: Path, name: str, old: str, new: str) -> Path:
    """A copy, in `folder`, of the corpus in `root`, other words in its file `name`."""
    copied = Path(copytree(root, folder / "corpus"))
    text = (copied / name).read_text("utf-8")
    assert old in text
    (copied / name).write_text(text.replace(old, new, 1), "utf-8")
    return copied


def publications_of(corpus: Corpus) -> dict[str, Publication]:
    """The texts as their files say them, by id."""
    model, styles = corpus.model, styles_of(None)
    return {
        edition.id: make_publication(
            model.site,
            model.entries,
            edition,
            corpus.passages[edition.id],
            model.texts[edition.id].summary,
            styles,
        )
        for edition in corpus.editions
    }


def model_of(
    documents: Iterable[Document], entries: Mapping[str, Entry], site: Site | None = None
) -> SiteModel:
    """The model of an archive that has these documents, without witnesses."""
    pack, texts = Pack(), []
    for document in documents:
        name = f"editions/{document.meta.id}.md"
        files = {name: dumps(document).encode(), **PICTURES}
        source = AnalysisInput(".", name, files, {})
        analysis = analyse(source, packed_entries(entries))
        assert analysis.facts
        at = pack.add(analysis.data).start
        facts = decoded(pack.read(analysis.facts, at), Facts)
        said = completed(facts.summary, facts.meta, entries)
        texts.append(TextOfSite(facts, said, at))
    by_id = {text.id: text for text in texts}
    return SiteModel(site or Site("Petite archive"), Authorities(entries), by_id, {}, pack)


def check_site(site: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every id once in its page, every link to a page and anchor that exist, nothing loaded from
    another host: what a build checks, plainly."""
    pages = {path: read_page(path, data) for path, data in site.items() if path.endswith(".html")}
    ids = {path: set(page.ids) for path, page in pages.items()}
    yield from portable(site)
    for path, page in pages.items():
        yield from check_page(path, site[path], page)
        yield from broken(path, page.links, site.keys(), lambda page: ids.get(page, ()))
