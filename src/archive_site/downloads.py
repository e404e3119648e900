"""What a reader can take along: every text in every format."""

from __future__ import annotations

from archive_site import links
from archive_site.entries import Shelf
from archive_site.exports.publication import Publication, moment_of


def publications(shelf: Shelf, epoch: int | None = None) -> dict[str, Publication]:
    """Every text as its files say it, by id, in chronological order."""
    site = shelf.corpus.site
    return {
        edition.id: Publication(
            site,
            edition,
            shelf.corpus.entries,
            shelf.indexes.passages[edition.id],
            shelf.texts[edition.id],
            "",
            site.base_url + links.text_page(edition.id).removesuffix("index.html")
            if site.base_url
            else "",
            moment_of(edition.document.meta, epoch),
        )
        for edition in shelf.corpus.editions
    }
