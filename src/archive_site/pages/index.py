"""The index of the entries of a kind, by letter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.edition.ids import slug
from archive_site.model.site_model import SiteModel
from archive_site.pages.page import Page, Tab, index_tabs, page_of
from archive_site.templating.jinja import Context
from archive_site.text.html import as_html
from archive_site.text.typography import agreed, counted, typeset
from archive_site.views.entries import when

TEXTS_SHOWN = 24
"""The most texts that a row links to; the page of the entry has all of them."""
NO_LETTER = "0-9"


@dataclass(frozen=True, slots=True)
class TextCount:
    """How often a text names an entry. `plain_name` is the title of the text without markup."""

    name: Markup
    plain_name: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A row of the index. `sort` and `year` are sort keys of the table. `more` is the number of
    texts not shown, in words (empty: none)."""

    name: Markup
    sort: str
    href: str
    description: Markup
    when: Markup
    year: str
    count: int
    texts: tuple[TextCount, ...]
    text_count: int
    more: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, its fragment, and its rows."""

    letter: str
    anchor: str
    rows: tuple[IndexRow, ...]


@dataclass(frozen=True, slots=True)
class IndexPage(Context):
    """The variables of an index. `dated`: whether it has a column of years. `columns` is the number
    of columns."""

    title: str
    says: str
    tabs: tuple[Tab, ...]
    total: str
    dated: bool
    columns: int
    letters: tuple[Letter, ...]


def index_page(model: SiteModel, kind: str, path: str) -> Page:
    """The index of the entries of a kind."""
    found = model.authorities.kinds[kind].values()
    entries = sorted(found, key=lambda entry: (slug(entry.sort), entry.key))
    letters: dict[str, list[IndexRow]] = {}
    for entry in entries:
        letter = slug(entry.sort)[:1].upper()
        rows = letters.setdefault(letter if letter.isalpha() else NO_LETTER, [])
        rows.append(_row(model, entry, path))
    title, total = interface.ENTRY_KINDS[kind][1], counted(len(entries), *interface.ENTRIES)
    dated = any(when(entry) for entry in entries)
    their = agreed(len(entries), *interface.THEIR)
    shown = IndexPage(
        title=title,
        says=interface.INDEX_SAYS.format(title=title, total=total, their=their),
        tabs=index_tabs(model.frame, path, kind),
        total=total,
        dated=dated,
        columns=3 + dated,
        letters=tuple(
            Letter(letter, f"lettre-{letter.lower()}", tuple(rows))
            for letter, rows in letters.items()
        ),
    )
    return page_of(model.frame, path, "index.html", shown)


def _row(model: SiteModel, entry: Entry, page: str) -> IndexRow:
    total, counts = model.total(entry.key), model.counts(entry.key)
    own = urls.relative(page, urls.entry_page(entry))
    titles = {text: model.texts[text].summary.short_title for text in islice(counts, TEXTS_SHOWN)}
    more = total.texts - TEXTS_SHOWN
    return IndexRow(
        name=as_html(typeset(entry.sort)),
        sort=slug(entry.sort),
        href=own,
        description=as_html(typeset(entry.description)),
        when=as_html(when(entry)),
        year=entry.born_and_died[0] or entry.date.value[:4],
        count=total.count,
        texts=tuple(
            TextCount(as_html(title), title, f"{own}#dans-{text}", counts[text])
            for text, title in titles.items()
        ),
        text_count=total.texts,
        more=counted(more, *interface.OTHERS) if more > 0 else "",
    )
