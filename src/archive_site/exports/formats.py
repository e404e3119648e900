"""The downloads: every text in every format, and the whole archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec import structs

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.provenance import original_in_words, source_in_words
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import Entry
from archive_site.edition.format import dumps, without_comments
from archive_site.exports.citations import (
    Style,
    as_bibtex,
    as_csl,
    as_ris,
    cited,
    read_styles,
)
from archive_site.exports.data import as_json
from archive_site.exports.publication import NO_WORKS, Publication, moment_of
from archive_site.files.cache import Cache
from archive_site.names.mentions import Passage
from archive_site.templating.resources import template_files, template_text
from archive_site.text.typography import NBSP, thousands, typeset

# ---------------------------------------------------------------- formats


def _epub(publication: Publication, own: Path | None) -> bytes:
    from archive_site.exports.epub import as_epub

    return as_epub(publication.site, [publication], own)


def _pdf(publication: Publication, own: Path | None) -> bytes:
    from archive_site.exports.pdf import as_pdf

    return as_pdf(publication, template_text("book.typ", own))


def _text(publication: Publication, own: Path | None) -> bytes:
    from archive_site.exports.plain import as_text

    return as_text(publication)


def _markdown(publication: Publication, own: Path | None) -> bytes:
    return without_comments(dumps(publication.document)).encode()


def _tei(publication: Publication, own: Path | None) -> bytes:
    from archive_site.exports.tei import as_tei

    return as_tei(publication)


@dataclass(frozen=True, slots=True)
class Format:
    """A download format: the suffix of its files, its media type, and a function that makes a file
    from a publication and the folder of the archive's own templates."""

    ending: str
    media_type: str
    make: Callable[[Publication, Path | None], bytes]

    @property
    def name(self) -> str:
        """The name of the format."""
        return interface.FORMATS[self.ending][0]

    @property
    def good_for(self) -> str:
        """The purpose of the format, in words."""
        return interface.FORMATS[self.ending][1]


FORMATS = (
    Format("epub", "application/epub+zip", _epub),
    Format("pdf", "application/pdf", _pdf),
    Format("txt", "text/plain", _text),
    Format("md", "text/markdown", _markdown),
    Format("xml", "application/tei+xml", _tei),
    Format("json", "application/json", lambda publication, _: as_json(publication)),
    Format("bib", "application/x-bibtex", lambda publication, _: as_bibtex([publication])),
    Format(
        "ris",
        "application/x-research-info-systems",
        lambda publication, _: as_ris([publication]),
    ),
    Format(
        "csl.json",
        "application/vnd.citationstyles.csl+json",
        lambda publication, _: as_csl([publication]),
    ),
)
REFERENCES = ("bib", "ris", "csl.json")
"""The formats that contain only the reference to a text."""
OF_EVERY_SITE = ("json",)
"""The formats that every site has, since they are its public data."""


# ---------------------------------------------------------------- files


def make_publication(
    site: Site,
    entries: Mapping[str, Entry],
    edition: Edition,
    passages: tuple[Passage, ...],
    summary: Summary,
    styles: Sequence[Style] = (),
    epoch: int | None = None,
    works: Mapping[str, FormattedReference] = NO_WORKS,
) -> Publication:
    """The publication of a text, with its reference in each of the `styles`. `works` has the works
    of the bibliography that it cites, by key."""
    address = urls.address(site.base_url, urls.text_page(edition.id))
    moment = moment_of(edition.document.meta, epoch)
    meta = edition.document.meta
    summary = structs.replace(
        summary,
        source=source_in_words(meta.source, works),
        original=original_in_words(meta.original, works),
    )
    made = Publication(site, edition, entries, passages, summary, "", address, moment, works=works)
    return cited(made, tuple(styles))


def styles_of(own: Path | None) -> tuple[Style, ...]:
    """The citation styles: the package's, and those in the archive's `own` templates."""
    files = template_files("citations", own)
    return tuple(read_styles(path for name, path in files.items() if name.endswith(".csl")))


@dataclass(frozen=True, slots=True)
class Download:
    """A download on a page: the name and the purpose of its format, its address, its size as text
    and in bytes, its media type; whether it contains only the reference."""

    name: str
    good_for: str
    href: str
    size: str
    bytes: int
    media_type: str
    reference: bool


def downloads_of(text_id: str, sizes: Mapping[str, int], page: str) -> tuple[Download, ...]:
    """The downloads of a text, with addresses relative to the page at `page`. `sizes` has the size
    in bytes of the site's files."""
    paths = ((form, urls.data_file(text_id, form.ending)) for form in FORMATS)
    return tuple(
        Download(
            name=form.name,
            good_for=typeset(form.good_for),
            href=urls.relative(page, path),
            size=size(sizes[path]),
            bytes=sizes[path],
            media_type=form.media_type,
            reference=form.ending in REFERENCES,
        )
        for form, path in paths
        if path in sizes
    )


def size(count: int) -> str:
    """A file's size in French words: “12 ko”, “1,5 Mo”."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")
    return f"{thousands(max(1, round(count / 1000)))}{NBSP}ko"


def files_of_text(text: Publication, own: Path | None, cache: Cache, key: str) -> dict[str, bytes]:
    """The downloads of a text (all but the JSON), and its preview image. `key` must identify
    everything that they depend on."""
    from archive_site.exports import preview

    makers = {form.ending: form.make for form in FORMATS if form.ending not in OF_EVERY_SITE}
    makers["png"] = preview.of_text
    return {
        urls.data_file(text.meta.id, ending): cache.made(
            f"{key}-{ending}", partial(make, text, own)
        )
        for ending, make in makers.items()
    }


def files_of_archive(
    site: Site, published: Sequence[Publication], own: Path | None, cache: Cache, key: str
) -> dict[str, bytes]:
    """The downloads with all texts, without the bundle of the site, and the archive's preview
    image. `key` must identify everything that they depend on."""
    from archive_site.exports import preview
    from archive_site.exports.epub import as_epub

    whole, drawn = partial(as_epub, site, published, own), partial(preview.of_archive, site, own)
    return {
        urls.archive_file("epub"): cache.made(f"{key}-archive", whole),
        urls.PREVIEW: cache.made(f"{key}-preview", drawn),
    } | {
        urls.references_file(ending): make(published)
        for ending, make in (("bib", as_bibtex), ("ris", as_ris), ("csl.json", as_csl))
    }
