"""The pages that prove a text: how it was established, and its witness line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from archive_site.corpus import apparatus, urls
from archive_site.corpus.apparatus import Place
from archive_site.corpus.read import Edition
from archive_site.text.dates import in_french
from archive_site.text.reading import NOT_TEXT, reading_text
from archive_site.text.typography import NBSP, counted, typeset

OPENING_WORDS = 6
NOT_SHOWN = "␣"
"""Stands for a control character that the extraction left in a witness."""
# Of each nature of emendations: what the filter calls them, what is said of one without a reason.
NATURE_NAMES = {
    "letters": ("lettres", "lettres fautives"),
    "accents": ("accents", "accent fautif"),
    "case": ("majuscules", "majuscule fautive"),
    "punctuation": ("ponctuation", "ponctuation fautive"),
    "spacing": ("espaces", "espace fautive"),
    "lost": ("mots perdus", "mot perdu"),
    "superfluous": ("mots en trop", "mot en trop"),
}


def source_of(edition: Edition, page: str, span: tuple[int, int]) -> tuple[str, str]:
    """The address, on `page`, of the witness lines `span`, and how they are named."""
    first, last = span
    where = urls.relative(page, urls.source_page(edition.id), f"l{first}")
    return where, lines_range(first, last)


def lines_range(first: int, last: int) -> str:
    """Lines as they are named."""
    return f"{first}–{last}" if last > first else str(first)


def established(edition: Edition, path: str) -> dict[str, Any]:
    """What the page at `path` tells of how the text was established."""
    document, meta = edition.document, edition.document.meta
    words = apparatus.words(edition)
    emended = apparatus.emendations(edition)
    natures = [n for n in NATURE_NAMES if any(e.nature == n for e in emended)]
    witness = edition.witness
    return {
        "witness": {
            "name": witness.name,
            "href": urls.relative(path, f"{urls.DATA}/witnesses/{witness.name}"),
            "page": urls.relative(path, urls.source_page(edition.id)),
            "size": counted(witness.size, "octet"),
            "lines": counted(len(witness.lines), "ligne"),
            "sha256": witness.sha256,
        }
        if witness
        else None,
        "extraction": typeset(meta.extraction),
        "edition_href": urls.relative(path, f"{urls.DATA}/editions/{edition.id}.md"),
        "data_href": urls.relative(path, urls.data_file(edition.id, "json")),
        "about": urls.relative(path, urls.ABOUT),
        "figures": {
            "witness": words.witness,
            "text": words.text,
            "notes": words.notes,
            "apart": words.apart,
            "figures": words.figures,
            "closed": words.closed,
            "emended": len(emended),
            "lost": words.lost,
            "added": words.added,
        },
        "revisions": [
            {"date": typeset(in_french(r.date)), "what": typeset(r.what), "who": typeset(r.who)}
            for r in meta.revisions
        ],
        "order": [lines_range(first, last) for first, last in meta.order],
        "natures": [
            {"key": n, "name": NATURE_NAMES[n][0], "count": sum(e.nature == n for e in emended)}
            for n in natures
        ],
        "emendations": [_emended(edition, e, path) for e in emended],
        "omissions": [
            {
                "lines": lines_range(o.first, o.last),
                "href": source_of(edition, path, (o.first, o.last))[0] if witness else "",
                "text": apparatus.omitted_text(edition, o.first, o.last, o.text),
                "why": typeset(o.why),
            }
            for o in meta.omissions
        ],
        "doubts": [
            {
                "words": typeset(doubt.words),
                "why": typeset(doubt.why),
                "href": _place_href(edition, doubt.place, path),
            }
            for doubt in apparatus.left_open(document)
        ],
        "remarks": [typeset(remark) for remark in meta.remarks],
    }


def _emended(edition: Edition, emended: apparatus.Emended, path: str) -> dict[str, Any]:
    text = urls.text_page(edition.id)
    line = emended.line
    return {
        "id": f"correction-{emended.number}",
        "href": urls.relative(path, text, f"correction-{emended.number}"),
        "place": _opening(emended.place),
        "witness": emended.emendation.witness,
        "reading": typeset(emended.emendation.reading),
        "nature": emended.nature,
        "why": typeset(emended.emendation.why) or NATURE_NAMES[emended.nature][1],
        "line": line or "",
        "source": source_of(edition, path, (line, line))[0] if line else "",
    }


def _place_href(edition: Edition, place: Place, path: str) -> str:
    return urls.relative(path, urls.text_page(edition.id), place.anchor)


def _opening(place: Place) -> str:
    """What a place is called: the note, or the paragraph's first words."""
    if place.note:
        return f"note{NBSP}{place.note}"
    words = reading_text(place.block.content).split()
    opening = typeset(" ".join(words[:OPENING_WORDS]))
    return opening.rstrip(",;: ") + "…" if len(words) > OPENING_WORDS else opening


class Line(NamedTuple):
    """A line of a witness: what begins there (its address, its first words), whether it was set
    aside, and why."""

    number: int
    text: str
    begins: tuple[str, str] | None
    apart: bool
    why: str


def source(edition: Edition, path: str) -> dict[str, Any]:
    """The witness line by line: what begins there, what was set aside there, and why."""
    assert edition.witness is not None and edition.collation is not None
    begins: dict[int, tuple[str, str]] = {}
    for place in apparatus.places(edition.document):
        spans = edition.collation.notes if place.note else edition.collation.blocks
        first, _ = spans[place.note or place.block.id]
        begins.setdefault(first, (_place_href(edition, place, path), _opening(place)))
    whys = {o.first: typeset(o.why) for o in edition.document.meta.omissions}
    apart = {
        n for o in edition.document.meta.omissions if not o.text for n in range(o.first, o.last + 1)
    }
    return {
        "witness_href": urls.relative(path, f"{urls.DATA}/witnesses/{edition.witness.name}"),
        "name": edition.witness.name,
        "lines": [
            Line(number, line, begins.get(number), number in apart, whys.get(number, ""))
            for number, line in enumerate(shown_lines(edition.witness.lines), start=1)
        ],
    }


def shown_lines(lines: Sequence[str]) -> list[str]:
    """Lines of a witness as a page can show them: all at once, since there are many."""
    text = "\n".join(lines).replace("\f", "␌")
    return NOT_TEXT.sub(NOT_SHOWN, text).split("\n") if lines else []
