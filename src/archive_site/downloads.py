"""What a reader can take along: every text in every format, and the whole archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from archive_site import links
from archive_site.cache import Cache, fingerprint
from archive_site.corpus import Edition, Site
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
from archive_site.exports.publication import Publication, entries_of, moment_of
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
    styles = tuple(styles)
    return {e.id: publication(shelf, e, styles, epoch) for e in shelf.corpus.editions}


def publication(
    shelf: Shelf, edition: Edition, styles: Sequence[Style] = (), epoch: int | None = None
) -> Publication:
    """A text as its files say it, cited in the `styles`."""
    site = shelf.corpus.site
    said = Publication(
        site,
        edition,
        shelf.corpus.entries,
        shelf.indexes.passages[edition.id],
        shelf.texts[edition.id],
        "",
        links.address(site.base_url, links.text_page(edition.id)),
        moment_of(edition.document.meta, epoch),
    )
    return cited(said, tuple(styles))


def styles_of(own: Path | None) -> tuple[Style, ...]:
    """The styles in which texts are cited: the package's, and the archive's `own`."""
    files = template_files("citations", own)
    return tuple(read_styles(path for name, path in files.items() if name.endswith(".csl")))


@dataclass(frozen=True, slots=True)
class Exports:
    """How files to take along are made: what is kept of the last build, and the moment that
    SOURCE_DATE_EPOCH names, in seconds since 1970 (None: that of each text's last revision)."""

    cache: Cache = field(default_factory=Cache)
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Takeaway:
    """The texts as they are published, by id, and the sizes in bytes of the files they can be taken
    along in, by path."""

    publications: Mapping[str, Publication]
    sizes: Mapping[str, int]

    def of_text(self, text_id: str, page: str) -> list[dict[str, Any]]:
        """A text's files as the page at `page` offers them."""
        return [
            offered(format_, links.data_file(text_id, format_.ending), self.sizes, page)
            for format_ in FORMATS
            if links.data_file(text_id, format_.ending) in self.sizes
        ]


def offered(format_: Format, path: str, sizes: Mapping[str, int], page: str) -> dict[str, Any]:
    """A file as the page at `page` offers it."""
    return {
        "name": format_.name,
        "says": typeset(format_.says),
        "ending": format_.ending,
        "media_type": format_.media_type,
        "href": links.relative(page, path),
        "size": size(sizes[path]),
        "bytes": sizes[path],
        "reference": format_.ending in REFERENCES,
    }


def size(count: int) -> str:
    """A file's size as a reader is told it."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")
    return f"{thousands(max(1, round(count / 1000)))}{NBSP}ko"


def take_away(
    shelf: Shelf, exports: Exports | None, own: Path | None = None
) -> tuple[Takeaway, dict[str, bytes]]:
    """Every file that can be taken along; where `exports` is None, only those that each site has.
    `own`: the folder of the archive's own templates."""
    published = publications(shelf, styles_of(own), exports.epoch if exports else None)
    files: dict[str, bytes] = {}
    state = state_of(own) if exports else ""
    for text in published.values():
        files |= files_of_text(text, exports, own, state)
    if exports:
        files |= files_of_archive(shelf.corpus.site, list(published.values()), exports, own, state)
    return Takeaway(published, {path: len(data) for path, data in files.items()}), files


def files_of_text(
    text: Publication, exports: Exports | None, own: Path | None, state: str
) -> dict[str, bytes]:
    """The files in which a text can be taken along. `state`: what names the state of all that makes
    them (`state_of`)."""
    text_id = text.meta.id
    if exports is None:
        return {
            links.data_file(text_id, form.ending): form.make(text, own)
            for form in FORMATS
            if form.ending in OF_EVERY_SITE
        }
    from archive_site.exports import preview

    key = f"{state} {_key(text)}"
    makers = {form.ending: form.make for form in FORMATS} | {"png": preview.of_text}
    return {
        links.data_file(text_id, ending): exports.cache.made(
            f"{ending} {key}", partial(make, text, own)
        )
        for ending, make in makers.items()
    }


def files_of_archive(
    site: Site, published: Sequence[Publication], exports: Exports, own: Path | None, state: str
) -> dict[str, bytes]:
    """The files in which all texts can be taken along, but the site itself."""
    from archive_site.exports import preview
    from archive_site.exports.epub import as_epub

    keys = " ".join(_key(text) for text in published)
    whole, drawn = partial(as_epub, site, published, own), partial(preview.of_archive, site, own)
    return {
        links.archive_file("epub"): exports.cache.made(f"archive {state} {keys}", whole),
        links.PREVIEW: exports.cache.made(f"preview {state} {site}", drawn),
    } | {
        links.references_file(ending): make(published)
        for ending, make in (("bib", as_bibtex), ("ris", as_ris), ("csl.json", as_csl))
    }


def state_of(own: Path | None) -> str:
    """What names the state of all that makes files: our code, the templates, the typesetter."""
    from archive_site.exports import setting

    folders = (Path(__file__).parent, package_templates(), *([own] if own else []))
    return fingerprint(*folders) + setting.version()


def _key(publication: Publication) -> str:
    """All that a text's files depend on, but the code that makes them."""
    edition = publication.edition
    mentions = [
        (m.key, m.start, m.end, m.certainty) for p in publication.passages for m in p.mentions
    ]
    said = (
        edition.checksum,
        edition.witness.sha256 if edition.witness else "",
        publication.site,
        entries_of(publication),
        mentions,
        publication.references,
        publication.moment,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()
