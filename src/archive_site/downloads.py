"""What a reader can take along: every text in every format, and the whole archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from archive_site import links
from archive_site.cache import Cache, fingerprint
from archive_site.corpus import EDITIONS, Corpus
from archive_site.edition import dumps
from archive_site.entries import Shelf
from archive_site.exports.citations import (
    Style,
    as_bibtex,
    as_csl,
    as_ris,
    cited,
    read_styles,
)
from archive_site.exports.data import as_json
from archive_site.exports.publication import FIRST_MOMENT, Publication, entries_of, moment_of
from archive_site.markup import NBSP, thousands, typeset
from archive_site.resources import package_templates, template_files, template_text

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
    return dumps(publication.document).encode()


def _tei(publication: Publication, own: Path | None) -> bytes:
    from archive_site.exports.tei import as_tei

    return as_tei(publication)


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a text can be taken along in: how its file's name ends, what it is called,
    what it is good for, its media type, and what makes it, from a publication and the folder of
    the archive's own templates."""

    ending: str
    name: str
    says: str
    media_type: str
    make: Callable[[Publication, Path | None], bytes]


FORMATS = (
    Format(
        "epub",
        "EPUB",
        "livre numérique, pour une liseuse, une tablette, un téléphone ; les notes s’ouvrent d’un "
        "toucher, les pages de l’original se retrouvent",
        "application/epub+zip",
        _epub,
    ),
    Format(
        "pdf",
        "PDF",
        "livre composé, à imprimer ou à lire ; notes au pied des pages, signets",
        "application/pdf",
        _pdf,
    ),
    Format("txt", "Texte seul", "se lit, se cherche et se copie partout", "text/plain", _text),
    Format(
        "md",
        "Markdown",
        "l’édition elle-même, qui se corrige, et que Pandoc convertit",
        "text/markdown",
        _markdown,
    ),
    Format(
        "xml",
        "TEI",
        "toute la structure, les corrections, les noms et leur certitude, en XML TEI P5 ; pour "
        "l’étude et la conservation",
        "application/tei+xml",
        _tei,
    ),
    Format(
        "json",
        "JSON",
        "le texte en données : chaque alinéa, ses mots, sa page, ses lignes du témoin",
        "application/json",
        lambda publication, _: as_json(publication),
    ),
    Format(
        "bib",
        "BibTeX",
        "la référence, pour LaTeX et JabRef",
        "application/x-bibtex",
        lambda publication, _: as_bibtex([publication]),
    ),
    Format(
        "ris",
        "RIS",
        "la référence, pour Zotero, EndNote, Mendeley",
        "application/x-research-info-systems",
        lambda publication, _: as_ris([publication]),
    ),
    Format(
        "csl.json",
        "CSL-JSON",
        "la référence, pour Zotero, Pandoc et tout ce qui suit les styles CSL",
        "application/vnd.citationstyles.csl+json",
        lambda publication, _: as_csl([publication]),
    ),
)
REFERENCES = ("bib", "ris", "csl.json")
"""The formats that hold a text's reference alone."""
OF_EVERY_SITE = ("json",)
"""The formats that every site has: its own public data."""


# ---------------------------------------------------------------- what is made


def publications(
    shelf: Shelf, styles: Iterable[Style] = (), epoch: int | None = None
) -> dict[str, Publication]:
    """Every text as its files say it, by id, in chronological order, cited in the `styles`."""
    site, styles = shelf.corpus.site, tuple(styles)
    return {
        edition.id: cited(
            Publication(
                site,
                edition,
                shelf.corpus.entries,
                shelf.indexes.passages[edition.id],
                shelf.texts[edition.id],
                "",
                links.address(site.base_url, links.text_page(edition.id)),
                moment_of(edition.document.meta, epoch),
            ),
            styles,
        )
        for edition in shelf.corpus.editions
    }


@dataclass(frozen=True, slots=True)
class Exports:
    """How files to take along are made: what is kept of the last build, and the moment that
    SOURCE_DATE_EPOCH names, in seconds since 1970 (None: that of each text's last revision)."""

    cache: Cache = field(default_factory=Cache)
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Takeaway:
    """The texts as they are published, and the files they can be taken along in, by path."""

    publications: Mapping[str, Publication]
    files: Mapping[str, bytes]

    @property
    def moment(self) -> datetime:
        """When the latest of them was made, in UTC."""
        return max((p.moment for p in self.publications.values()), default=FIRST_MOMENT)

    def of_text(self, text_id: str, page: str) -> list[dict[str, Any]]:
        """A text's files as the page at `page` offers them."""
        return [
            offered(format_, links.data_file(text_id, format_.ending), self.files, page)
            for format_ in FORMATS
            if links.data_file(text_id, format_.ending) in self.files
        ]


def offered(format_: Format, path: str, files: Mapping[str, bytes], page: str) -> dict[str, Any]:
    """A file as the page at `page` offers it."""
    return {
        "name": format_.name,
        "says": typeset(format_.says),
        "ending": format_.ending,
        "media_type": format_.media_type,
        "href": links.relative(page, path),
        "size": size(len(files[path])),
        "bytes": len(files[path]),
        "reference": format_.ending in REFERENCES,
    }


def size(count: int) -> str:
    """A file's size as a reader is told it."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")
    return f"{thousands(max(1, round(count / 1000)))}{NBSP}ko"


def take_away(shelf: Shelf, exports: Exports | None, own: Path | None = None) -> Takeaway:
    """Every file that can be taken along; where `exports` is None, only those that each site has.
    `own`: the folder of the archive's own templates."""
    files = template_files("citations", own)
    styles = read_styles(path for name, path in files.items() if name.endswith(".csl"))
    published = publications(shelf, styles, exports.epoch if exports else None)
    if exports is None:
        return Takeaway(published, dict(_files_of_every_site(published.values(), own)))
    made = dict(_files(shelf.corpus, list(published.values()), exports.cache, own))
    return Takeaway(published, made)


def _files_of_every_site(
    published: Iterable[Publication], own: Path | None
) -> Iterator[tuple[str, bytes]]:
    for publication in published:
        for form in FORMATS:
            if form.ending in OF_EVERY_SITE:
                yield links.data_file(publication.meta.id, form.ending), form.make(publication, own)


def _files(
    corpus: Corpus, published: list[Publication], cache: Cache, own: Path | None
) -> Iterator[tuple[str, bytes]]:
    from archive_site.exports import preview, setting
    from archive_site.exports.epub import as_epub

    code = fingerprint(Path(__file__).parent, package_templates(), *([own] if own else []))
    code += setting.version()
    keys = [f"{code} {_key(corpus, publication)}" for publication in published]
    for publication, key in zip(published, keys, strict=True):
        for form in FORMATS:
            path = links.data_file(publication.meta.id, form.ending)
            yield path, cache.made(f"{form.ending} {key}", partial(form.make, publication, own))
        path = links.data_file(publication.meta.id, "png")
        yield path, cache.made(f"png {key}", partial(preview.of_text, publication, own))
    whole = partial(as_epub, corpus.site, published, own)
    yield links.archive_file("epub"), cache.made(f"archive {' '.join(keys)}", whole)
    drawn = partial(preview.of_archive, corpus.site, own)
    yield links.PREVIEW, cache.made(f"preview {code} {corpus.site}", drawn)
    for ending, make in (("bib", as_bibtex), ("ris", as_ris), ("csl.json", as_csl)):
        yield links.references_file(ending), make(published)


def _key(corpus: Corpus, publication: Publication) -> str:
    """All that a text's files depend on, but the code that makes them."""
    edition = publication.edition
    file = corpus.files[f"{EDITIONS}/{Path(edition.path).name}"]
    mentions = [
        (m.key, m.start, m.end, m.certainty) for p in publication.passages for m in p.mentions
    ]
    said = (
        hashlib.sha256(file).hexdigest(),
        edition.witness.sha256 if edition.witness else "",
        publication.site,
        entries_of(publication),
        mentions,
        publication.references,
        publication.moment,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()
