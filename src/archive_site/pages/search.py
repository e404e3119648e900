"""The pages of the search and the concordance, the script that the search loads first, and the
entries and texts that words lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.summary import Summary
from archive_site.edition.ids import slug
from archive_site.files.tabular import Json, compact
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.names.mentions import forms_of
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.search.passages import raised_in_plain
from archive_site.search.shards import Lead, Plan, prefix_of
from archive_site.templating.jinja import Context
from archive_site.text.dates import span
from archive_site.text.typography import of, typeset
from archive_site.text.words import SMALL, folded


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a filter can have, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the search: its name in the query string, its label, the name of the option for
    no filter, and its other options."""

    name: str
    label: str
    any: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SearchPage(Context):
    """The variables of the search page. `indexes` are links for readers without JavaScript. `years`
    are the first and the last year of all texts' dates (None: they do not differ)."""

    tabs: tuple[Tab, ...]
    indexes: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ConcordancePage(Context):
    """The variables of the concordance page. `listed` has the id, the title, the creator and the
    year of each text, for its script; `parts` are those to which it may be limited. `whole`: the
    concordance searches all texts together."""

    tabs: tuple[Tab, ...]
    indexes: tuple[Tab, ...]
    texts: tuple[Option, ...]
    listed: tuple[tuple[str, str, str, str], ...]
    parts: tuple[Option, ...]
    whole: bool


def search_page(model: SiteModel) -> Page:
    """The search page, with its filters."""
    page = urls.SEARCH
    texts = [text.summary for text in model.texts.values()]
    offered = {
        "texte": [Option(text.id, text.short_title) for text in texts],
        "auteur": _same(text.creator.name for text in texts),
        "genre": _same(text.kind for text in texts),
        "partie": _parts(model),
    }
    dates = [text.meta.date.value for text in model.texts.values()]
    years = sorted({int(day[:4]) for date in dates if date for day in span(date)} - {9999})
    shown = SearchPage(
        tabs=_tabs(page),
        indexes=index_tabs(model.frame, page),
        filters=tuple(
            Filter(name, *interface.FILTERS[name], tuple(options))
            for name, options in offered.items()
            if len(options) > 1
        ),
        years=(years[0], years[-1]) if len(years) > 1 else None,
    )
    return page_of(model.frame, page, "search.html", shown)


def _parts(model: SiteModel) -> tuple[Option, ...]:
    """The parts of texts to which a search may be limited: the text itself, notes, quotations and
    speeches."""
    noted = any(text.summary.note_count for text in model.texts.values())
    return (
        Option("t", interface.THE_TEXT),
        *([Option("n", interface.THE_NOTES)] if noted else []),
        *_voices(model, "q", model.quoted, interface.QUOTATIONS, interface.QUOTATIONS_OF),
        *_voices(model, "s", model.speakers, interface.SPEECHES, interface.SPEECHES_OF),
    )


def _voices(
    model: SiteModel, part: str, keys: Iterable[str], every: str, of_one: str
) -> list[Option]:
    """The options for the words of all speakers and of each of them."""
    by_name = sorted(keys, key=lambda key: model.entries[key].sort)
    each = [Option(f"{part} {key}", of_one.format(of_name=of(model.name(key)))) for key in by_name]
    return [Option(part, every), *each] if each else []


def concordance_page(model: SiteModel) -> Page:
    """The concordance page, with the texts that it can search."""
    page = urls.CONCORDANCE
    listed = tuple(
        (text.id, raised_in_plain(text.short_title), text.creator.name, _when(text))
        for text in (text.summary for text in model.texts.values())
    )
    shown = ConcordancePage(
        tabs=_tabs(page),
        indexes=index_tabs(model.frame, page),
        texts=tuple(Option(text, title) for text, title, *_ in listed),
        listed=listed,
        parts=_parts(model),
        whole=is_read_whole(model),
    )
    return page_of(model.frame, page, "concordance.html", shown)


def is_read_whole(model: SiteModel) -> bool:
    """Whether the archive is small enough for a concordance of all texts together."""
    return model.characters <= model.site.concordance_limit * 1_000_000


def _same(names: Iterable[str]) -> list[Option]:
    return [Option(name, name) for name in sorted(set(names), key=slug)]


def _tabs(page: str) -> tuple[Tab, ...]:
    ways = ((interface.SEARCH, urls.SEARCH), (interface.CONCORDANCE, urls.CONCORDANCE))
    return tuple(
        Tab(name, urls.relative(page, path) or "index.html", page == path) for name, path in ways
    )


def _when(text: Summary) -> str:
    """The year of a text, in words: “vers 1921”."""
    return " ".join(filter(None, text.year))


# ---------------------------------------------------------------- scripts


def search_index(model: SiteModel, stride: int, plan: Plan) -> bytes:
    """The script that the search loads first: the stride, the prefixes of the shards, the forms
    filed under other prefixes, the small words, the speakers, and the texts."""
    speakers = {key: model.name(key) for key in (*model.quoted, *model.speakers)}
    values = stride, list(plan.shards), plan.moved, sorted(SMALL), speakers
    described = map(_described, model.texts.values())
    return f"find.index({', '.join(map(compact, (*values, list(described))))})\n".encode()


def _described(text: TextOfSite) -> Mapping[str, Json]:
    """A text in the index: the data for filters and results, and the part and the length of each
    passage."""
    date, summary = text.meta.date.value, text.summary
    parts, passages, lengths = text.facts.described
    return {
        "id": text.id,
        "title": raised_in_plain(summary.short_title),
        "creator": summary.creator.name,
        "date": _when(summary),
        "years": [int(day[:4]) for day in span(date)] if date else None,
        "kind": summary.kind,
        "parts": parts,
        "passages": passages,
        "lengths": lengths,
    }


def leads_of(model: SiteModel, plan: Plan) -> dict[str, list[Lead]]:
    """The entries that words lead to, by their forms, and the texts, by their titles. The result is
    by the prefix of the shard that has the first word."""
    found: defaultdict[str, dict[tuple[str, str], Lead]] = defaultdict(dict)
    shards, moved = plan.shards, plan.moved
    for entry in model.entries.values():
        href = urls.relative(urls.SEARCH, urls.entry_page(entry))
        says = " · ".join(
            filter(None, (interface.ENTRY_KINDS[entry.kind][0], typeset(entry.years)))
        )
        forms = {" ".join(folded(f.text)): typeset(f.text) for f in forms_of(entry) if not f.ruled}
        name = " ".join(folded(entry.name))
        for words in filter(None, forms):
            first = words.partition(" ")[0]
            prefix = moved.get(first) or prefix_of(first, shards)
            others = [form for other, form in forms.items() if words == name != other]
            row: Lead = [words, href, typeset(entry.name), says]
            found[prefix][words, href] = [*row, others] if others else row
    for text in (text.summary for text in model.texts.values()):
        href = urls.relative(urls.SEARCH, urls.text_page(text.id))
        says = " · ".join(filter(None, (interface.TEXT, text.creator.name, _when(text))))
        for title in dict.fromkeys((text.short_title, text.title.strip("[]"))):
            words = " ".join(folded(title))
            first = words.partition(" ")[0]
            prefix = moved.get(first) or prefix_of(first, shards)
            found[prefix][words, href] = [words, href, raised_in_plain(title), says]
    return {prefix: list(rows.values()) for prefix, rows in found.items() if prefix}
