"""Preview images (PNG, drawn by Typst), which other sites show with a link to a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive_site.corpus.records import Site
from archive_site.exports.publication import Publication
from archive_site.exports.setting import faulty, needed
from archive_site.templating.resources import template_text
from archive_site.text.typography import typeset

TEMPLATE = "card.typ"
SIZE = (1200, 630)
"""The width and height of the images, in pixels."""
_DOTS = 144  # per inch: the template's page has 600 by 315 points


def of_text(publication: Publication, own: Path | None = None) -> bytes:
    """The preview image of a text."""
    summary = publication.summary
    unsure = f" ({summary.creator.certainty})" if summary.creator.certainty else ""
    words = {
        "kind": summary.kind,
        "title": summary.title,
        "who": summary.creator.name + unsure,
        "when": summary.date.value,
        "archive": typeset(publication.site.title),
    }
    return _drawn(words, own)


def of_archive(site: Site, own: Path | None = None) -> bytes:
    """The preview image of the archive."""
    words = {"kind": "", "title": typeset(site.title), "who": typeset(site.subtitle), "when": ""}
    return _drawn({**words, "archive": ""}, own)


def _drawn(words: Mapping[str, str], own: Path | None) -> bytes:
    needed()
    import typst

    source = template_text(TEMPLATE, own).encode()
    inputs = dict(words)
    try:
        made = typst.compile(
            source, format="png", ppi=_DOTS, sys_inputs=inputs, ignore_system_fonts=True
        )
    except typst.TypstError as error:
        raise faulty(error, TEMPLATE) from error
    assert isinstance(made, bytes)
    return made
