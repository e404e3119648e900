"""What a file says about its text: its title, its authors, its date, its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive_site import interface
from archive_site.sources.words import LANGUAGE, cleaned
from archive_site.text.dates import fault_of
from archive_site.text.document import Block, Claim, Contributor, Meta, is_french
from archive_site.text.reading import reading_text

_DAY = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
_FRENCH = frozenset("de la le les et des que du en un une est dans qui il au aux".split())
_LEAST = 0.12  # the least share of these words in a French text
_FEW = 20  # words: a shorter text does not tell its language


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of a file, as it has them; empty if it has none."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""


NO_PROPERTIES = Properties()


def language_said(properties: Properties, words: Iterable[str]) -> str:
    """The language of a text (BCP 47): that of its properties, unless its `words` are French.
    Programs write down their own language, which a text may not be in."""
    said = properties.language.replace("_", "-").strip()
    if not LANGUAGE.fullmatch(said) or is_french(said):
        return "fr"
    found = [word.lower() for word in words]
    french = sum(word in _FRENCH for word in found)
    return "fr" if len(found) >= _FEW and french >= _LEAST * len(found) else said


def meta_of(
    properties: Properties, blocks: Sequence[Block], text_id: str, name: str, language: str
) -> Meta:
    """The front matter of the text of the file `name`."""
    ground = interface.IN_PROPERTIES.format(name=name)
    heading = next((b for b in blocks if b.kind == "heading" and b.level == 1), None)
    title = " ".join(reading_text(heading.content).split()) if heading else ""
    said = " ".join(cleaned(properties.title).split())
    if title:
        claim = Claim(title, "stated")
    elif said:
        claim = Claim(said, "probable", ground)
    else:
        claim = Claim(text_id.replace("-", " ").capitalize(), "unknown", interface.NO_TITLE_READ)
    names = dict.fromkeys(" ".join(cleaned(author).split()) for author in properties.authors)
    authors = (Contributor("author", "", who, "probable", ground) for who in names if who)
    day = _DAY.fullmatch(properties.date.strip())
    date = day[1] if day and not fault_of(day[1]) else ""
    return Meta(
        id=text_id,
        title=claim,
        kind="article",
        contributors=tuple(authors),
        date=Claim(date, "probable", ground) if date else Claim(),
        language=language,
        witness=name,
    )
