"""Documents as publications, without a corpus on a disk."""

from __future__ import annotations

from archive_site import links
from archive_site.authority import Entry
from archive_site.corpus import Corpus, Edition, Site
from archive_site.document import Document
from archive_site.exports.publication import Publication, moment_of
from archive_site.summary import text_summary

SPEAKERS = {key: Entry("person", key, f"Camarade {key}", key) for key in ("lenine", "a", "b")}
"""Those whom `strategies.documents` may quote."""


def corpus_of(*documents: Document, site: Site | None = None) -> Corpus:
    """The corpus of `documents`, which have no witness."""
    editions = tuple(Edition(d, f"{d.meta.id}.md", None, None, "0123abc") for d in documents)
    return Corpus(site or Site("Petite archive"), editions, SPEAKERS, {})


def published(document: Document, site: Site | None = None) -> Publication:
    """`document` as its files say it."""
    corpus = corpus_of(document, site=site)
    edition = corpus.editions[0]
    return Publication(
        corpus.site,
        edition,
        corpus.entries,
        (),
        text_summary(corpus.entries, edition),
        "",
        links.address(corpus.site.base_url, links.text_page(edition.id)),
        moment_of(document.meta),
    )
