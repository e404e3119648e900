"""Documents as publications, without a corpus on a disk."""

from __future__ import annotations

from archive_site.corpus import urls
from archive_site.corpus.pictures import copy_for_book
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import text_summary
from archive_site.edition.authority import Entry
from archive_site.exports.publication import Publication, moment_of
from archive_site.text.document import Document
from pictures import PICTURES, pictures_of

SPEAKERS = {key: Entry("person", key, f"Camarade {key}", key) for key in ("lenine", "a", "b")}
"""Those whom `strategies.documents` may quote."""


def published(document: Document, site: Site | None = None) -> Publication:
    """`document`, which has no witness, as its files say it."""
    site = site or Site("Petite archive")
    pictures = pictures_of(document)
    edition = Edition(document, f"{document.meta.id}.md", None, None, "0123abc", pictures)
    return Publication(
        site,
        edition,
        SPEAKERS,
        (),
        text_summary(SPEAKERS, edition),
        "",
        urls.address(site.base_url, urls.text_page(edition.id)),
        moment_of(document.meta),
        pictures={path: copy_for_book(PICTURES[path]) for path in pictures},
    )
