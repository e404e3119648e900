"""The work of targets: pure functions from prepared contents to files, which run in any process.
`targets` prepares the contents."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment

from archive_site.build.state import Options
from archive_site.corpus import urls
from archive_site.corpus.bibliography import Apart, FormattedReference, Reference
from archive_site.corpus.pictures import PictureInfo, copies_for_page, copy_for_book
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.exports.citations import Style, StyleFails
from archive_site.exports.data import as_json
from archive_site.exports.formats import files_of_text, make_publication, styles_of
from archive_site.exports.harvest import news_of, record_of
from archive_site.exports.publication import Publication
from archive_site.exports.references import formatted, short_forms
from archive_site.files.cache import Cache
from archive_site.files.fingerprints import fingerprint
from archive_site.files.pack import decoded, encoded
from archive_site.findings import Finding, NotPossible
from archive_site.model.analysis import authorities_of, text_of
from archive_site.names.mentions import Passage
from archive_site.pages.entry import EntryShown, entry_page
from archive_site.pages.page import Page
from archive_site.pages.render import environment, render_pages
from archive_site.pages.text import TextShown, text_pages
from archive_site.search.postings import Posting, merged
from archive_site.site.check import Links, check_page, read_back, read_page
from archive_site.site.files import LOCAL_URL, names_script, source_script


@dataclass(slots=True)
class Output:
    """The output of a target: files by path; results by name, for later targets; the links of its
    pages by path; the findings in its pages."""

    files: dict[str, bytes] = field(default_factory=dict)
    results: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, Links] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RenderTools:
    """The template environment and the citation styles."""

    jinja: Environment
    styles: tuple[Style, ...]


@lru_cache(maxsize=1)
def tools_of(own: Path | None, program: str, contents: str = "") -> RenderTools:
    """The tools of a process, kept while `program`, the state of code and templates, is the same.
    `own`: the archive's own templates; `contents`: the fingerprint that they must have on this
    machine (empty: any).

    Raises `NotPossible` if they have another, or do not exist."""
    if own and contents and fingerprint(own) != contents:
        problem = "has other templates in" if own.is_dir() else "does not have"
        message = f"the worker on {platform.node()} {problem} {own}"
        hint = "Put the archive's own templates at the same path on all machines."
        raise NotPossible(message, hint)
    return RenderTools(environment(own), styles_of(own))


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What all work needs: the options, and the entries (see `analysis.packed_entries`)."""

    options: Options
    entries: bytes

    @property
    def tools(self) -> RenderTools:
        """The tools of this process."""
        options = self.options
        return tools_of(options.templates, options.program, options.contents)

    def output(
        self,
        pages: Iterable[Page] = (),
        files: Mapping[str, bytes] | None = None,
        results: Mapping[str, bytes] | None = None,
    ) -> Output:
        """The pages rendered and checked, with files and results. If the archive has its own
        templates, the pages are also read back as a browser would: nothing else tests them."""
        output = Output(dict(render_pages(pages, self.tools.jinja)), dict(results or {}))
        for path, data in output.files.items():
            page = read_page(path, data)
            output.links[path] = page
            output.findings += check_page(path, data, page)
        if self.options.templates:
            output.findings += read_back(output.files)
        output.files |= files or {}
        return output


# ---------------------------------------------------------------- work for any process


def make_reference(reference: Reference, apart: Apart, context: RenderContext) -> Output:
    """A work of the bibliography in the first citation style, as the result `work`. If the style
    cannot format it, that is a finding, and the work is its key."""
    key = reference.key
    try:
        return Output(
            results={"work": encoded(formatted(reference, apart, context.tools.styles[0]))}
        )
    except StyleFails as error:
        hint = "Remove its fields one by one to see which of them is at fault; or change the style."
        finding = Finding(reference.path, reference.line, "E066", f"{key}: {error}", hint)
        work = FormattedReference(key, key, key, key)
        return Output(results={"work": encoded(work)}, findings=[finding])


def make_text(shown: TextShown, context: RenderContext) -> Output:
    """The pages of a text, the scripts that they load, and its data as JSON."""
    edition, passages = text_of(shown.stored_text)
    text = _publication(shown.frame.site, context, edition, passages, shown.summary, shown.works)
    site, base_url = text.site, text.site.base_url or LOCAL_URL
    files = {urls.data_file(edition.id, "json"): as_json(text)}
    sizes = {**shown.sizes, **{path: len(data) for path, data in files.items()}}
    files |= names_script(edition.id, text.entries, shown.cards)
    if edition.witness:
        files |= source_script(edition, short_forms(shown.works))
    record = record_of(text, base_url)
    results = {
        "news": encoded(news_of(site, text, base_url, sizes)),
        "oai": encoded(record),
    }
    return context.output(text_pages(shown, edition, passages, text, sizes), files, results)


def make_entry(shown: EntryShown, context: RenderContext) -> Output:
    """The page of an entry."""
    return context.output([entry_page(shown, authorities_of(context.entries))])


def make_picture(path: str, info: PictureInfo, data: bytes) -> Output:
    """The copies of a picture for pages, and, as the result `book`, that for books."""
    copies = copies_for_page(data, info)
    files = {urls.picture_copy(path, width): copy for width, copy in copies.items()}
    return Output(files, {"book": copy_for_book(data)})


def make_downloads(
    stored_text: bytes,
    site: Site,
    summary: Summary,
    pictures: Mapping[str, bytes],
    works: Mapping[str, FormattedReference],
    key: str,
    context: RenderContext,
) -> Output:
    """The downloads of a text: EPUB, PDF and the like. `pictures`: the copies for books of its
    pictures, by path; `works`: the works that it cites, by key; `key`: the key of the downloads in
    the cache of exports."""
    edition, passages = text_of(stored_text)
    text = _publication(site, context, edition, passages, summary, works)
    text = replace(text, pictures=pictures)
    cache = Cache(context.options.cache)
    return Output(files_of_text(text, context.options.templates, cache, key))


def make_group(texts: list[tuple[int, bytes]], stride: int) -> Output:
    """The lines of the index for one group of words. `texts`: the number of each text and its
    postings, encoded; `stride`: the distance between the places of two texts."""
    postings = {number: decoded(data, list[Posting]) for number, data in texts}
    count = max(postings, default=-1) + 1
    lines = merged((postings.get(number, ()) for number in range(count)), stride)
    filed = {form: line.filed for form, line in lines.items()}
    return Output(results={"lines": encoded(lines), "filed": encoded(filed)})


def _publication(
    site: Site,
    context: RenderContext,
    edition: Edition,
    passages: tuple[Passage, ...],
    summary: Summary,
    works: Mapping[str, FormattedReference],
) -> Publication:
    entries, epoch = authorities_of(context.entries).entries, context.options.epoch
    styles = context.tools.styles
    return make_publication(site, entries, edition, passages, summary, styles, epoch, works)
