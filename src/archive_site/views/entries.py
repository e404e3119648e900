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
from archive_site.text.dates import in_french, is_day, old_style_in_french, to_old_style
from archive_site.text.html import as_html
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


def when(entry: Entry) -> str:
    """The years or the date of an entry, typeset, with the old-style date if it has one."""
    if entry.years:
        return typeset(entry.years)
    date = typeset(in_french(entry.date.value)) if entry.date.value else ""
    if not entry.old_style:
        return date
    old = old_style_in_french(entry.old_style, entry.date.value)
    return interface.BOTH_CALENDARS.format(date=date, old=typeset(old))


def old_style_of(model: SiteModel, day: str) -> str:
    """A day in the Julian calendar, in words. Empty if no text that uses this calendar names the
    day, or the day is after `LAST_JULIAN_DAY`."""
    old = to_old_style(datetime.date.fromisoformat(day))
    if old > LAST_JULIAN_DAY or not model.by_old_style(day):
        return ""
    return interface.OLD_STYLE.format(old=typeset(old_style_in_french(old.isoformat(), day)))


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
    """The parts of the card that the reading page shows for a name: the name, the years or the
    old-style date, the description or the events of the day, and the counts."""
    named = times_named(model.total(key))
    if is_day(key):
        happened = map(model.name, model.authorities.happened_on.get(key, ()))
        return model.name(key), old_style_of(model, key), " · ".join(happened), named
    entry = model.entries[key]
    return typeset(entry.name), when(entry), typeset(entry.description), named
