"""Entries for pages: names, dates, counts, and the sentences that name them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.edition.authority import Entry
from archive_site.model.analysis import Beside, EntryInText, SentenceOfText
from archive_site.model.site_model import SiteModel, TextOnEntry, Total
from archive_site.names.days import LAST_JULIAN_DAY
from archive_site.text.dates import (
    in_both_calendars,
    in_french,
    is_day,
    old_style_in_french,
    to_old_style,
)
from archive_site.text.html import as_html
from archive_site.text.republican import date_in_french as republican_in_french
from archive_site.text.republican import is_written_in
from archive_site.text.typography import counted, typeset


@dataclass(frozen=True, slots=True)
class EntryLink:
    """The name of an entry or a day, and the address of its page."""

    name: Markup
    href: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence that names an entry or a day: its address, its label, such as “§ 12”, the
    sentence, and whether every mention of it in the passage is inferred."""

    href: str
    where: str
    html: Markup
    inferred: bool


@dataclass(frozen=True, slots=True)
class SentencesOfText:
    """The sentences of one text that name an entry or a day. `share` is the number of its mentions
    as a percentage of the most mentions in one text."""

    title: Markup
    year: str
    href: str
    anchor: str
    count: int
    share: float
    sentences: tuple[SentenceView, ...]


Places = list[tuple[TextOnEntry, Beside]]
"""Passages, each with its text."""


def name_of(entries: Mapping[str, Entry], key: str) -> str:
    """The name of an entry or a day, typeset."""
    entry = entries.get(key)
    return typeset(entry.name if entry else in_french(key))


def entry_link(entries: Mapping[str, Entry], key: str, page: str) -> EntryLink:
    """The link to an entry or a day from the page at `page`."""
    return EntryLink(as_html(name_of(entries, key)), urls.Names(page, entries)(key))


def when(entry: Entry, republican: bool = False) -> str:
    """The years or the date of an entry, typeset. With the old-style date if it has one, and with
    the Republican date if its own words have it, or those of texts (`republican`)."""
    if entry.years:
        return typeset(entry.years)
    said, days = f"{entry.name} {entry.description}", entry.date.value.split("/")
    republican = republican or any(is_written_in(said, day) for day in days)
    in_words = in_both_calendars if republican else in_french
    date = typeset(in_words(entry.date.value)) if entry.date.value else ""
    if not entry.old_style:
        return date
    old = old_style_in_french(entry.old_style, entry.date.value)
    return interface.BOTH_CALENDARS.format(date=date, old=typeset(old))


def when_in(model: SiteModel, entry: Entry) -> str:
    """The years or the date of an entry, as `when`; the day of an event as texts name it, too."""
    return when(entry, entry.kind == "event" and model.by_republican(entry.date.value))


def in_other_calendars(model: SiteModel, day: str) -> str:
    """A day in the other calendars by which texts name it, in words: in the Julian one up to
    `LAST_JULIAN_DAY`, in the Republican one. Empty if texts name it by no other."""
    old = to_old_style(datetime.date.fromisoformat(day))
    said = []
    if old <= LAST_JULIAN_DAY and model.by_old_style(day):
        in_words = old_style_in_french(old.isoformat(), day)
        said.append(interface.OLD_STYLE.format(old=in_words))
    if model.by_republican(day):
        said.append(republican_in_french(day))
    return typeset(" ; ".join(said))


def times_named(total: Total) -> str:
    """How often an entry is named, in words: “12 mentions dans 4 textes”."""
    return interface.SAID_IN.format(
        mentions=counted(total.count, *interface.MENTIONS),
        texts=counted(total.texts, *interface.TEXTS),
    )


def sentence_view(text: str, sentence: SentenceOfText, page: str) -> SentenceView:
    """A sentence of a text, with its address relative to the page at `page`."""
    href = urls.relative(page, urls.text_page(text), sentence.anchor)
    return SentenceView(href, sentence.where, Markup(sentence.html), sentence.inferred)


def sentences_by_text(found: Iterable[TextOnEntry], page: str) -> tuple[SentencesOfText, ...]:
    """The sentences that name an entry or a day, text by text."""
    naming = [text for text in found if text.count]
    most = max((text.count for text in naming), default=0)
    return tuple(
        SentencesOfText(
            title=as_html(text.short_title),
            year=text.year,
            href=urls.relative(page, urls.text_page(text.text_id)),
            anchor=f"dans-{text.text_id}",
            count=text.count,
            share=round(100 * text.count / most, 1),
            sentences=tuple(
                sentence_view(text.text_id, each, page) for each in text.in_text.sentences
            ),
        )
        for text in naming
    )


def beside(said: Iterable[tuple[TextOnEntry, EntryInText]]) -> dict[str, Places]:
    """What is named in the same passages as an entry, the most frequent first: by key, those
    passages."""
    others: defaultdict[str, Places] = defaultdict(list)
    for text, found in said:
        for passage in found.beside:
            for key in passage.keys:
                others[key].append((text, passage))
    return dict(sorted(others.items(), key=lambda item: (-len(item[1]), item[0])))


def card(model: SiteModel, key: str) -> tuple[str, ...]:
    """The parts of the card that the reading page shows for a name: the name, the years or the day
    in other calendars, the description or the events of the day, and the counts."""
    named = times_named(model.total(key))
    if is_day(key):
        happened = map(model.name, model.authorities.happened_on.get(key, ()))
        return model.name(key), in_other_calendars(model, key), " · ".join(happened), named
    entry = model.entries[key]
    return typeset(entry.name), when_in(model, entry), typeset(entry.description), named
