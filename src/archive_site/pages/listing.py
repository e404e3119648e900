"""The page of all texts, and the page of each collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.edition.collections import path_to
from archive_site.files.tabular import Json
from archive_site.model.collections import TOP
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.pages.metadata import collection_data
from archive_site.pages.page import Page, page_of
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import counted, typeset
from archive_site.views.listing import (
    FEW,
    ListLink,
    NamedGroup,
    RowGroup,
    authors,
    by_decade,
    kinds,
    text_link,
    text_row,
)
from archive_site.views.texts import TextView, text_view


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """A collection in a list: its title, its address, its description, the number of its texts and
    of those in collections within it, and these collections."""

    title: Markup
    href: str
    description: Markup
    count: int
    parts: tuple[ListLink, ...]


@dataclass(frozen=True, slots=True)
class TextsPage(Context):
    """The variables of the page of all texts."""

    total: str
    collections: tuple[CollectionItem, ...]
    decades: tuple[RowGroup, ...]
    authors: tuple[NamedGroup, ...]
    kinds: tuple[NamedGroup, ...]


@dataclass(frozen=True, slots=True)
class CollectionPage(Context):
    """The variables of the page of a collection: `above` has the collections that it is within,
    `parts` those within it. Its texts, with those of its parts, are cards or, if they are many,
    `rows` of a table. `feed` and `oai` are the addresses of its files for harvesters."""

    title: Markup
    plain_title: str
    description: Markup
    extent: str
    above: tuple[ListLink, ...]
    parts: tuple[CollectionItem, ...]
    texts: tuple[TextView, ...]
    rows: tuple[RowGroup, ...]
    feed: str
    oai: str
    data: Mapping[str, Json]


def texts_page(model: SiteModel) -> Page:
    """The page of all texts: by collection, decade, author and kind."""
    path, texts = urls.TEXTS, list(model.texts.values())
    shown = TextsPage(
        total=counted(len(texts), *interface.TEXTS),
        collections=collection_items(model, TOP, path),
        decades=tuple(
            RowGroup(title, anchor, tuple(text_row(model, text, path) for text in found))
            for title, anchor, found in by_decade(texts)
        ),
        authors=tuple(
            NamedGroup(
                as_html(name),
                urls.relative(path, urls.entry_page(model.entries[key])) if key else "",
                f"auteur-{key}" if key else "",
                _links(found, path),
            )
            for (_, key, name), found in authors(model, texts)
        ),
        kinds=tuple(
            NamedGroup(as_html(name), "", f"genre-{key}", _links(found, path))
            for (_, key, name), found in kinds(texts)
        ),
    )
    return page_of(model.frame, path, "texts.html", shown)


def _links(texts: Sequence[TextOfSite], page: str) -> tuple[ListLink, ...]:
    return tuple(text_link(text, page) for text in texts)


def collection_items(model: SiteModel, key: str, page: str) -> tuple[CollectionItem, ...]:
    """The collections within one (`TOP`: within none), for the page at `page`."""
    collections = model.collections
    return tuple(
        CollectionItem(
            as_html(typeset(collections.known[part].title)),
            urls.relative(page, urls.collection_page(part)),
            as_html(typeset(collections.known[part].description)),
            len(collections.all_texts[part]),
            tuple(_collection_link(model, inner, page) for inner in collections.parts[part]),
        )
        for part in collections.parts[key]
    )


def _collection_link(model: SiteModel, key: str, page: str) -> ListLink:
    title = as_html(typeset(model.collections.known[key].title))
    href = urls.relative(page, urls.collection_page(key))
    return ListLink(title, href, len(model.collections.all_texts[key]))


def collection_page(model: SiteModel, key: str) -> Page:
    """The page of a collection."""
    path, collections = urls.collection_page(key), model.collections
    collection = collections.known[key]
    texts = [model.texts[text_id] for text_id in collections.all_texts[key]]
    few = len(texts) <= FEW
    rows = tuple(text_row(model, text, path, key) for text in texts)
    title = typeset(collection.title)
    above = (urls.relative(path, urls.TEXTS, "collections"), interface.COLLECTIONS)
    shown = CollectionPage(
        title=as_html(title),
        plain_title=title,
        description=as_html(typeset(collection.description)),
        extent=counted(len(collections.all_texts[key]), *interface.TEXTS),
        above=(
            ListLink(as_html(above[1]), above[0]),
            *(
                _collection_link(model, outer, path)
                for outer, _ in path_to(key, collections.known)[:-1]
            ),
        ),
        parts=collection_items(model, key, path),
        texts=tuple(text_view(text.summary, path) for text in texts) if few else (),
        rows=() if few else (RowGroup("", "", rows),),
        feed=urls.relative(path, urls.collection_file(key, urls.FEED)),
        oai=urls.relative(path, urls.collection_file(key, urls.OAI)),
        data=collection_data(model, key, path),
    )
    return page_of(model.frame, path, "collection.html", shown)
