"""Where a text comes from, what it is a translation of, and the rights in it, in French words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from archive_site import interface
from archive_site.corpus.bibliography import FormattedReference
from archive_site.edition.licenses import License, license_of
from archive_site.text.citations import read_cited
from archive_site.text.dates import in_french, is_day, is_plain
from archive_site.text.document import Meta, Original, Source
from archive_site.text.typography import NBSP, THIN, typeset

NO_WORKS: Mapping[str, FormattedReference] = MappingProxyType({})


def source_in_words(source: Source, works: Mapping[str, FormattedReference] = NO_WORKS) -> str:
    """Where a text comes from. `works` are those of the bibliography, by key."""
    cited = _reference_in_words(source.reference, works)
    printed = ", ".join(filter(None, (cited, typeset(source.edition))))
    pages = typeset(source.pages)
    if pages[:1].isdecimal():
        pages = f"p.{NBSP}{pages}"
    kept = typeset(source.repository), typeset(source.shelf_mark)
    placed = [(printed, pages), kept] if printed else [(*kept, pages)]
    day = _when(source.taken) if source.taken else ""
    by = interface.BY_WHOM.format(who=source.by) if source.by else ""
    taken = typeset(" ".join(filter(None, (interface.TAKEN if day or by else "", day, by))))
    online = " ".join(filter(None, (source.url, f"({taken})" if source.url and taken else taken)))
    where = (", ".join(map(_unstopped, filter(None, words))) for words in placed)
    return f"{THIN}; ".join(filter(None, (*where, online, typeset(source.note))))


def apart(meta: Meta, works: Mapping[str, FormattedReference] = NO_WORKS) -> str:
    """What tells an edition of a work from other editions of it, for references; empty if the text
    does not say of which work it is an edition, or nothing is known. `works` are those of the
    bibliography, by key."""
    known = works.get(read_cited(meta.source.reference).key)
    printed = meta.source.edition or (known.short if known else meta.source.reference)
    kept = ", ".join(filter(None, (meta.source.repository, meta.source.shelf_mark)))
    source = _unstopped(printed or kept or meta.source.note)
    return interface.AFTER.format(source=source) if meta.work and source else ""


def _unstopped(words: str) -> str:
    """Words without a full stop at their end, for more to follow."""
    return words.removesuffix(".")


def _when(value: str) -> str:
    """A date (EDTF) within a sentence: “le 3 mai 2024”, “en mai 2024”, “vers 2024”."""
    words = in_french(value)
    if is_day(value):
        return interface.ON_DAY.format(date=words)
    return interface.IN_TIME.format(date=words) if is_plain(value) else words


def original_in_words(
    original: Original, works: Mapping[str, FormattedReference] = NO_WORKS
) -> str:
    """What a text is a translation of. `works`: see `source_in_words`."""
    cited = _reference_in_words(original.reference, works)
    language = original.language
    spoken = interface.LANGUAGES.get(language.partition("-")[0].lower(), language)
    about = ", ".join(filter(None, (spoken, in_french(original.date) if original.date else "")))
    titled = " ".join(
        filter(None, (typeset(original.title), f"({typeset(about)})" if about else ""))
    )
    return ", ".join(filter(None, (titled, cited, typeset(original.edition))))


def _reference_in_words(reference: str, works: Mapping[str, FormattedReference]) -> str:
    """A work of the bibliography, with a place in it; empty if the work is not known."""
    cited = read_cited(reference)
    known = works.get(cited.key)
    if known is None:
        return ""
    return ", ".join(filter(None, (known.words.removesuffix("."), typeset(cited.locator))))


def rights_in_words(meta: Meta) -> tuple[tuple[str, str], ...]:
    """For each layer of a text of which something is known: its name, and the rights in it, with
    the licence and its address."""
    said, licensed = dict(meta.rights), dict(meta.license)
    found = []
    for layer, name in interface.RIGHTS_LAYERS.items():
        words = typeset(said.get(layer, "")), _licensed(licensed.get(layer, ""))
        if layer in said or layer in licensed:
            found.append((name, f"{THIN}; ".join(filter(None, words))))
    return tuple(found)


def identifiers_in_words(identifiers: Iterable[tuple[str, str]]) -> str:
    """The identifiers of a text, each with its kind."""
    return f"{THIN}; ".join(
        f"{interface.IDENTIFIERS[kind]}{NBSP}: {one}" for kind, one in identifiers
    )


def licenses_of(meta: Meta) -> tuple[License, ...]:
    """The licences of a text, each once."""
    found = (license_of(text) for _, text in meta.license)
    return tuple(dict.fromkeys(license_ for license_ in found if license_))


def _licensed(text: str) -> str:
    known = license_of(text) if text else None
    if known is None:
        return ""
    name = typeset(interface.STATEMENTS.get(known.name, known.name))
    return f"{name}, {known.address}"
