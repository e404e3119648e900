"""Where a text meets the others: what each chapter names, what to read next, who refers to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from markupsafe import Markup

from archive_site import links
from archive_site.corpus import Edition
from archive_site.dates import is_day
from archive_site.entries import KIND_NAMES, Shelf, where
from archive_site.indexes import Shared, chapters, read_next
from archive_site.markup import NBSP, raised, typeset
from archive_site.mentions import Passage
from archive_site.plaintext import reading_text

IN_A_CHAPTER = (("person", "Personnes", 10), ("event", "Événements", 8), ("notion", "Notions", 8))
"""What “Dans ce chapitre” lists: of which kinds, and how many of each."""
SAID = {
    "person": ("même personne", "mêmes personnes"),
    "organisation": ("même organisation", "mêmes organisations"),
    "place": ("même lieu", "mêmes lieux"),
    "work": ("même œuvre", "mêmes œuvres"),
    "event": ("même événement", "mêmes événements"),
    "notion": ("même notion", "mêmes notions"),
    "day": ("même jour", "mêmes jours"),
}
REASONS = ("event", "day", "work", "notion", "person", "organisation", "place")
"""Why a passage is worth reading beside another: the strongest reasons first."""
REASONS_GIVEN = 4
EXCERPT = 240
DOORS = 6
"""How many names of each index stand on the home page."""


def crossings(shelf: Shelf, edition: Edition, page: str) -> dict[str, Any]:
    """What a text's page says of what it shares with others."""
    return {
        "chapters": _chapters(shelf, edition, page),
        "read_next": [
            _next(shelf, shared, page) for shared in read_next(shelf.indexes, edition.id)
        ],
        "referred": _referred(shelf, edition, page),
    }


def _chapters(shelf: Shelf, edition: Edition, page: str) -> dict[str, list[dict[str, Any]]]:
    """The people, events and notions that each chapter names most, by its heading's id."""
    names = {p.place.block.id: p for p in shelf.indexes.passages[edition.id] if not p.place.note}
    link = links.Names(page, shelf.corpus.entries)
    found = {}
    for heading, blocks in chapters(edition).items():
        counts = Counter(m.key for block in blocks for m in names[block.id].mentions)
        groups = []
        for kind, title, most in IN_A_CHAPTER:
            keys = [k for k, _ in counts.most_common() if not is_day(k)]
            keys = [k for k in keys if shelf.corpus.entries[k].kind == kind][:most]
            if keys:
                named = [{"name": shelf.name(key), "href": link(key)} for key in keys]
                groups.append({"title": title, "entries": named})
        found[heading] = groups
    return found


def _next(shelf: Shelf, shared: Shared, page: str) -> dict[str, Any]:
    """A passage of another text: where it is, its first words, and why it is worth reading."""
    words = reading_text(shared.passage.place.block.content)
    if len(words) > EXCERPT:
        words = words[:EXCERPT].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return {
        "title": shelf.texts[shared.passage.text]["short_title"],
        "where": where(shared.passage),
        "href": links.passage_link(page, shared.passage),
        "excerpt": raised(typeset(words, shared.passage.depth)),
        "why": _why(shelf, shared),
    }


def _why(shelf: Shelf, shared: Shared) -> str:
    kinds: dict[str, list[str]] = {}
    for key in shared.keys:
        kind = "day" if is_day(key) else shelf.corpus.entries[key].kind
        kinds.setdefault(kind, []).append(shelf.name(key))
    said, given = [], 0
    for kind in REASONS:
        names = kinds.get(kind, [])[: REASONS_GIVEN - given]
        if names:
            given += len(names)
            said.append(f"{SAID[kind][len(names) > 1]}{NBSP}: {', '.join(names)}")
    return typeset(" ; ".join(said))


def _referred(shelf: Shelf, edition: Edition, page: str) -> list[dict[str, Any]]:
    """Who refers to this text or to a place in it, in the sentence that does: by a link, or by its
    title; other texts first."""
    here = {p.place.block.id: p for p in shelf.indexes.passages[edition.id] if not p.place.note}
    found = [
        _referring(shelf, reference.passage, reference.html, page)
        | _place(here.get(reference.block), edition, page)
        for reference in shelf.indexes.references.get(edition.id, ())
    ]
    for key in shelf.works_that_are.get(edition.id, ()):
        found += [
            _referring(shelf, line.passage, line.sentence.marking(key), page)
            | _place(None, edition, page)
            for line in shelf.indexes.entries[key].lines
            if line.passage.text != edition.id
        ]
    return sorted(found, key=lambda reference: reference["text"] == edition.id)


def _referring(shelf: Shelf, passage: Passage, html: Markup, page: str) -> dict[str, Any]:
    return {
        "text": passage.text,
        "title": shelf.texts[passage.text]["short_title"],
        "where": where(passage),
        "href": links.passage_link(page, passage),
        "html": html,
    }


def _place(passage: Passage | None, edition: Edition, page: str) -> dict[str, str]:
    """What is referred to: a passage, or (None) the text."""
    if passage is None:
        return {
            "target": "ce texte",
            "target_href": links.relative(page, links.text_page(edition.id)) or "#contenu",
        }
    return {"target": where(passage), "target_href": links.passage_link(page, passage)}


def doors(shelf: Shelf, page: str) -> list[dict[str, Any]]:
    """The ways in by name: each index, how much it holds, and what texts name most."""
    link = links.Names(page, shelf.corpus.entries)
    found = []
    for kind, names in KIND_NAMES.items():
        entries = list(shelf.kinds[kind])
        entries.sort(key=lambda key: (-shelf.indexes.entries[key].count, key))
        if entries:
            found.append(
                {
                    "name": names[1],
                    "href": links.relative(page, links.index_page(kind)),
                    "count": len(entries),
                    "entries": [
                        {"name": shelf.name(key), "href": link(key)} for key in entries[:DOORS]
                    ],
                }
            )
    return found
