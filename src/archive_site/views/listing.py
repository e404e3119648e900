"""Texts in lists: rows of a table, in groups, and names with the texts that belong to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.contributors import sure
from archive_site.corpus.records import rank_of
from archive_site.edition.ids import slug
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.text.dates import in_french
from archive_site.text.html import as_html
from archive_site.text.typography import typeset

FEW = 12
"""The most texts of which a list shows a card each; more are rows of a table."""


@dataclass(frozen=True, slots=True)
class ListLink:
    """A link in a list, and how many texts it leads to (0: not said)."""

    name: Markup
    href: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in a table. `title_sort`, `date_sort` and `by_sort` are sort keys; `within` has the
    titles of its collections, `by` its creators."""

    title: Markup
    title_sort: str
    href: str
    within: tuple[Markup, ...]
    kind: str
    date: Markup
    date_sort: str
    by: Markup
    by_sort: str
    draft: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under a title, with its fragment. The title is empty if there is only one group."""

    title: str
    anchor: str
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """Texts under a name, which is a link if there is a page for it (`href`)."""

    name: Markup
    href: str
    anchor: str
    texts: tuple[ListLink, ...]


def text_row(model: SiteModel, text: TextOfSite, page: str, listed: str = "") -> TextRow:
    """A text as a row of a table on the page at `page`. `listed` is the collection (key) whose
    texts the table lists."""
    summary = text.summary
    creators = sure(text.meta, model.entries)
    return TextRow(
        title=as_html(summary.title),
        title_sort=slug(text.meta.title.value),
        href=urls.relative(page, urls.text_page(text.id)),
        within=tuple(as_html(path[-1][1]) for path in summary.collections if path[-1][0] != listed),
        kind=summary.kind,
        date=as_html(summary.date.value),
        date_sort=rank_of(text.meta)[0],
        by=as_html(summary.creator.name),
        by_sort=slug(creators[0].sort) if creators else "",
        draft=summary.draft,
    )


def text_link(text: TextOfSite, page: str) -> ListLink:
    """The link to a text by its short title."""
    return ListLink(as_html(text.summary.short_title), urls.relative(page, urls.text_page(text.id)))


def by_decade(texts: Iterable[TextOfSite]) -> list[tuple[str, str, list[TextOfSite]]]:
    """Texts by the decade of their date, in their order: for each decade its name, its fragment,
    its texts."""
    found: dict[tuple[str, str], list[TextOfSite]] = {}
    for text in texts:
        found.setdefault(_decade(text), []).append(text)
    return [(name, anchor, of_decade) for (name, anchor), of_decade in found.items()]


def _decade(text: TextOfSite) -> tuple[str, str]:
    """The name of the decade that a text belongs to, or of the century if no more is known, and its
    fragment."""
    value = text.meta.date.value
    if not value:
        return interface.NO_YEAR, "sans-date"
    if century := re.match(r"(\d\d)XX", value):
        return in_french(century[0]), f"siecle-{century[1]}"
    decade = int(rank_of(text.meta)[0][:3]) * 10
    return interface.DECADE.format(year=decade), f"annees-{decade}"


def by_name(
    texts: Iterable[TextOfSite], names: Callable[[TextOfSite], Sequence[tuple[str, str, str]]]
) -> list[tuple[tuple[str, str, str], list[TextOfSite]]]:
    """Texts by names, sorted: each (sort form, key, name), with its texts. `names` returns the
    names of a text."""
    found: dict[tuple[str, str, str], list[TextOfSite]] = {}
    for text in texts:
        for name in names(text):
            found.setdefault(name, []).append(text)
    return sorted(found.items())


def authors(
    model: SiteModel, texts: Iterable[TextOfSite]
) -> list[tuple[tuple[str, str, str], list[TextOfSite]]]:
    """Texts by author: see `by_name`. Texts whose author is not known have no name here."""
    return by_name(
        texts,
        lambda text: [
            (slug(who.sort), who.key, typeset(who.name)) for who in sure(text.meta, model.entries)
        ],
    )


def kinds(texts: Iterable[TextOfSite]) -> list[tuple[tuple[str, str, str], list[TextOfSite]]]:
    """Texts by kind: see `by_name`."""
    return by_name(
        texts, lambda text: [(slug(text.summary.kind), text.meta.kind, text.summary.kind)]
    )
