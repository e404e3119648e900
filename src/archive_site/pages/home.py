"""The pages about the whole archive: home, “À propos”, the schema of editions, page not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.edition.front_matter import CERTAINTIES, FIELDS, field_in_french
from archive_site.files.tabular import Json
from archive_site.model.collections import TOP
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.pages.listing import CollectionItem, collection_items
from archive_site.pages.metadata import archive_data
from archive_site.pages.page import Page, corpus_version, page_of
from archive_site.pages.style_guide import style_guide
from archive_site.pages.timeline import Timeline, timeline
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import THIN, counted, typeset
from archive_site.views.entries import EntryLink, entry_link
from archive_site.views.listing import FEW, ListLink, authors, by_decade, kinds
from archive_site.views.texts import TextView, text_view

MOST_AUTHORS = 12
"""The number of authors on the home page of an archive with many texts."""
MOST_NAMED = 6
"""The number of entries of each index on the home page."""


@dataclass(frozen=True, slots=True)
class IndexLink:
    """An index: its name, its address, its number of entries, and those that texts name most."""

    name: str
    href: str
    count: int
    entries: tuple[EntryLink, ...]


@dataclass(frozen=True, slots=True)
class HomePage(Context):
    """The variables of the home page. If the texts are few, it shows a card of each, and the
    timeline; else their years, authors and kinds. `more` is whether there are more collections."""

    total: str
    all_texts: str
    collections: tuple[CollectionItem, ...]
    more: bool
    texts: tuple[TextView, ...]
    timeline: Timeline | None
    decades: tuple[ListLink, ...]
    authors: tuple[ListLink, ...]
    more_authors: int
    kinds: tuple[ListLink, ...]
    indexes: tuple[IndexLink, ...]
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class RightsOfText:
    """The rights in a text, as a sentence."""

    title: Markup
    href: str
    rights: Markup


@dataclass(frozen=True, slots=True)
class AboutPage(Context):
    """The variables of the page “À propos”."""

    texts: tuple[RightsOfText, ...]
    schema: str
    style: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the front matter: its name, whether it is required, its description."""

    name: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True)
class CertaintyView:
    """A degree of certainty, and its explanation."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class SchemaPage(Context):
    """The variables of the schema page. The fields are those of the table that the parser uses."""

    fields: tuple[FieldView, ...]
    certainties: tuple[CertaintyView, ...]


@dataclass(frozen=True, slots=True)
class NotFoundPage(Context):
    """The page that a server shows for an unknown address."""


def home_page(model: SiteModel) -> Page:
    """The home page."""
    path, texts = urls.HOME, list(model.texts.values())
    few = len(texts) <= FEW
    collections = collection_items(model, TOP, path)
    by_author = sorted(authors(model, texts), key=lambda named: -len(named[1]))
    shown = HomePage(
        total=counted(len(texts), *interface.TEXTS),
        all_texts=urls.relative(path, urls.TEXTS),
        collections=collections[:FEW],
        more=len(collections) > FEW,
        texts=tuple(text_view(text.summary, path) for text in texts) if few else (),
        timeline=timeline(model, path) if few else None,
        decades=tuple(
            _door(path, title, anchor, found) for title, anchor, found in by_decade(texts)
        ),
        authors=tuple(
            _door(path, name, f"auteur-{key}" if key else "auteurs", found)
            for (_, key, name), found in by_author[:MOST_AUTHORS]
        ),
        more_authors=max(len(by_author) - MOST_AUTHORS, 0),
        kinds=tuple(
            _door(path, name, f"genre-{key}", found) for (_, key, name), found in kinds(texts)
        ),
        indexes=_indexes(model, path),
        data=archive_data(model, path),
    )
    return page_of(model.frame, path, "home.html", shown, corpus_version(model, path))


def _door(page: str, name: str, anchor: str, texts: Sequence[TextOfSite]) -> ListLink:
    """A link to a part of the page of all texts."""
    return ListLink(as_html(name), urls.relative(page, urls.TEXTS, anchor), len(texts))


def _indexes(model: SiteModel, page: str) -> tuple[IndexLink, ...]:
    """The indexes that have entries."""
    found = []
    for kind, (_, title) in interface.ENTRY_KINDS.items():
        entries = list(model.authorities.kinds[kind])
        entries.sort(key=lambda key: (-model.total(key).count, key))
        if entries:
            named = tuple(entry_link(model.entries, key, page) for key in entries[:MOST_NAMED])
            href = urls.relative(page, urls.index_page(kind))
            found.append(IndexLink(title, href, len(entries), named))
    return tuple(found)


def about_page(model: SiteModel) -> Page:
    """The page “À propos”."""
    path = urls.ABOUT
    shown = AboutPage(
        texts=tuple(
            RightsOfText(
                as_html(text.summary.short_title),
                urls.relative(path, urls.text_page(text.id)),
                Markup(f"{THIN}; ").join(
                    Markup("{}, {}").format(layer.lower(), words)
                    for layer, words in text.summary.rights
                ),
            )
            for text in model.texts.values()
        ),
        schema=urls.relative(path, urls.SCHEMA),
        style=urls.relative(path, urls.STYLE),
    )
    return page_of(model.frame, path, "about.html", shown, corpus_version(model, path))


def schema_page(model: SiteModel) -> Page:
    """The page about the front matter of editions."""
    shown = SchemaPage(
        fields=tuple(
            FieldView(name, rule.required, typeset(field_in_french(name)))
            for name, rule in FIELDS.items()
        ),
        certainties=tuple(
            CertaintyView(name, typeset(interface.CERTAINTIES_EXPLAINED[name]))
            for name in CERTAINTIES
        ),
    )
    return page_of(model.frame, urls.SCHEMA, "schema.html", shown)


def style_page(model: SiteModel) -> Page:
    """The style guide."""
    return page_of(model.frame, urls.STYLE, "style.html", style_guide(urls.STYLE))


def not_found_page(model: SiteModel) -> Page:
    """The page for an unknown address."""
    return page_of(model.frame, urls.NOT_FOUND, "404.html", NotFoundPage())
