"""The pages of the search and the concordance, the list of texts that the search loads first, and
the entries and texts that its words lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from archive_site.corpus import urls
from archive_site.edition.format import slug
from archive_site.files.tabular import compact
from archive_site.model.site_model import SiteModel, Text
from archive_site.names.mentions import forms_of
from archive_site.search.index import Plan, home, raised_in_plain
from archive_site.text.dates import span
from archive_site.text.typography import typeset
from archive_site.text.words import SMALL, folded
from archive_site.views.entries import KIND_NAMES, tabs


def search_page(model: SiteModel, page: str) -> dict[str, Any]:
    """What the search page offers to filter by."""
    texts = [text.summary for text in model.texts.values()]
    speakers = sorted(model.speakers, key=lambda key: model.entries[key].sort)
    quoted = [("q", "les citations")] if speakers else []
    quoted += [(f"q {key}", f"les citations de {model.name(key)}") for key in speakers]
    notes = [("n", "les notes")] if any(text["note_count"] for text in texts) else []
    offered: tuple[tuple[str, str, str, list[tuple[str, str]]], ...] = (
        ("texte", "Texte", "tous", [(text["id"], text["short_title"]) for text in texts]),
        ("auteur", "Auteur", "tous", _same(text["creator"] for text in texts)),
        ("genre", "Genre", "tous", _same(text["kind"] for text in texts)),
        ("partie", "Partie", "toutes", [("t", "le texte"), *notes, *quoted]),
    )
    dates = [text.meta.date.value for text in model.texts.values()]
    years = sorted({int(day[:4]) for date in dates if date for day in span(date)} - {9999})
    return {
        "tabs": _tabs(page),
        "indexes": tabs(model.frame, page, ""),
        "filters": [
            {"name": name, "label": label, "any": whole, "options": _options(options)}
            for name, label, whole, options in offered
            if len(options) > 1
        ],
        "years": {"first": years[0], "last": years[-1]} if len(years) > 1 else None,
    }


def concordance_page(model: SiteModel, page: str) -> dict[str, Any]:
    """What the concordance page offers: its texts, and whether it reads them together."""
    texts = [
        [text["id"], raised_in_plain(text["short_title"]), text["creator"], _when(text)]
        for text in (text.summary for text in model.texts.values())
    ]
    return {
        "tabs": _tabs(page),
        "indexes": tabs(model.frame, page, ""),
        "texts": _options([(row[0], row[1]) for row in texts]),
        "listed": texts,
        "whole": is_read_whole(model),
    }


def is_read_whole(model: SiteModel) -> bool:
    """Whether the concordance reads all texts together."""
    return model.letters <= model.site.concordance_limit * 1_000_000


def _same(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(set(names), key=slug)]


def _options(options: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "name": name} for value, name in options]


def _tabs(page: str) -> list[dict[str, Any]]:
    ways = (("Recherche", urls.SEARCH), ("Concordance", urls.CONCORDANCE))
    return [
        {"name": name, "href": urls.relative(page, path) or "index.html", "here": page == path}
        for name, path in ways
    ]


def _when(text: Mapping[str, Any]) -> str:
    """The year of a text, in words: “vers 1921”."""
    return " ".join(filter(None, text["year"]))


# ---------------------------------------------------------------- scripts


def search_index(model: SiteModel, stride: int, plan: Plan) -> bytes:
    """What the search loads first: the texts, the prefixes, the forms that are filed elsewhere,
    those who speak."""
    speakers = {key: model.name(key) for key in model.speakers}
    told = stride, list(plan.shards), plan.moved, sorted(SMALL), speakers
    described = map(_described, model.texts.values())
    return f"find.index({', '.join(map(compact, (*told, list(described))))})\n".encode()


def _described(text: Text) -> dict[str, Any]:
    """What the index says of a text: what filters ask, and each passage's part and length."""
    date, said = text.meta.date.value, text.summary
    parts, passages, lengths = text.facts.described
    return {
        "id": text.id,
        "title": raised_in_plain(said["short_title"]),
        "creator": said["creator"],
        "date": _when(said),
        "years": [int(day[:4]) for day in span(date)] if date else None,
        "kind": said["kind"],
        "parts": parts,
        "passages": passages,
        "lengths": lengths,
    }


def leads_of(model: SiteModel, plan: Plan) -> dict[str, list[list[Any]]]:
    """By prefix, the entries that its words name: their words, address, name, and what each is;
    where the words are the entry's name, its other forms, too. And the texts, by their titles."""
    found: defaultdict[str, dict[tuple[str, str], list[Any]]] = defaultdict(dict)
    shards, moved = plan.shards, plan.moved
    for entry in model.entries.values():
        href = urls.relative(urls.SEARCH, urls.entry_page(entry))
        says = " · ".join(filter(None, (KIND_NAMES[entry.kind][0], typeset(entry.years))))
        forms = {" ".join(folded(f.text)): typeset(f.text) for f in forms_of(entry) if not f.ruled}
        name = " ".join(folded(entry.name))
        for words in filter(None, forms):
            first = words.partition(" ")[0]
            prefix = moved.get(first) or home(first, shards)
            others = [form for other, form in forms.items() if words == name != other]
            row = [words, href, typeset(entry.name), says]
            found[prefix][words, href] = [*row, others] if others else row
    for text in (text.summary for text in model.texts.values()):
        href = urls.relative(urls.SEARCH, text["path"])
        says = " · ".join(filter(None, ("Texte", text["creator"], _when(text))))
        for title in dict.fromkeys((text["short_title"], text["title"].strip("[]"))):
            words = " ".join(folded(title))
            first = words.partition(" ")[0]
            prefix = moved.get(first) or home(first, shards)
            found[prefix][words, href] = [words, href, raised_in_plain(title), says]
    return {prefix: list(rows.values()) for prefix, rows in found.items() if prefix}
