"""What a reader can take along: every text in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive_site import links
from archive_site.entries import Shelf
from archive_site.exports.citations import Style, references
from archive_site.exports.publication import Publication, moment_of


def publications(
    shelf: Shelf, styles: Sequence[Style] = (), epoch: int | None = None
) -> dict[str, Publication]:
    """Every text as its files say it, by id, in chronological order. Its files name it as the first
    of the citation `styles` does."""
    site = shelf.corpus.site
    made = [
        Publication(
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
    ]
    cited = (
        replace(p, reference=references(p, styles[:1])[0].plain) if styles else p for p in made
    )
    return {publication.meta.id: publication for publication in cited}
