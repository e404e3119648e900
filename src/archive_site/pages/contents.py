"""The pages of a site that are not about one text or entry, by path and by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive_site.corpus import urls
from archive_site.model.site_model import SiteModel
from archive_site.pages.chronology import chronology_page
from archive_site.pages.home import (
    about_page,
    home_page,
    not_found_page,
    schema_page,
    style_page,
)
from archive_site.pages.index import index_page
from archive_site.pages.listing import texts_page
from archive_site.pages.network import network_page
from archive_site.pages.page import Page
from archive_site.pages.search import concordance_page, search_page

FRONT: Mapping[str, Callable[[SiteModel], Page]] = {
    urls.HOME: home_page,
    urls.TEXTS: texts_page,
    urls.SEARCH: search_page,
    urls.CONCORDANCE: concordance_page,
    urls.SCHEMA: schema_page,
    urls.ABOUT: about_page,
    urls.STYLE: style_page,
    urls.NOT_FOUND: not_found_page,
}
"""The pages about the whole archive, by path."""


def index_page_of(model: SiteModel, kind: str, path: str) -> Page:
    """The index page of a kind: the network, the chronology (of events), or an index of entries."""
    if kind == "network":
        return network_page(model, path)
    if kind == "event":
        return chronology_page(model, path)
    return index_page(model, kind, path)
