"""The front matter of a draft: what the text and the properties of its file say, each claim with
its ground. The rest is left unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from archive_site import interface
from archive_site.recover.front.dates import date_and_place, years_named
from archive_site.recover.front.edges import edges_of, words_of
from archive_site.recover.front.genre import kind_of
from archive_site.recover.front.named import Named
from archive_site.recover.front.names import person_in
from archive_site.recover.front.people import people_of
from archive_site.recover.front.titles import title_of
from archive_site.sources.properties import NO_PROPERTIES, Properties
from archive_site.sources.words import cleaned
from archive_site.text.document import Block, Contributor, Meta

_NO_PERSON = re.compile(
    r"administra\w*|admin|users?|utilisateur\w*|root|owner|propri[ée]taire|guest|invité|default|auteur|author"
    r"|inconnu|unknown|anonyme|microsoft|adobe|acrobat|word|writer|libreoffice|openoffice|apple|mac|windows|pc"
    r"|hp|canon|epson|xerox|scanner|pdf\w*|latex|tex|inc|ltd|sarl|sas|gmbh|éditions?|editions?|presses"
    r"|biblioth[èe]que|universit[ée]|institut\w*|archives?|mairie|minist[èe]re|service\w*|secr[ée]tariat|centre"
    r"|association|soci[ée]t[ée]|company|corporation|gallica|google|project|projet|wiki\w*|laptop|desktop|poste",
    re.I,
)


def infer_metadata(
    blocks: tuple[Block, ...],
    text_id: str,
    witness: str,
    *,
    properties: Properties = NO_PROPERTIES,
    people: Mapping[str, str] | None = None,
) -> Meta:
    """The front matter of a draft. `properties` are those of the file `witness`; `people` maps
    forms of names to keys."""
    edges = edges_of(blocks)
    said = " ".join(cleaned(properties.title).split())
    kind = kind_of(blocks, edges)
    years = years_named(" ".join([text_id.replace("-", " "), said, *map(words_of, blocks)]))
    found = date_and_place(edges, years)
    contributors = people_of(Named(edges, kind, people or {}))
    if not any(who.known and who.role != "addressee" for who in contributors):
        contributors = (*_in_properties(properties, witness, people or {}), *contributors)
    return Meta(
        id=text_id,
        title=title_of(edges, said, text_id, witness),
        kind=kind,
        contributors=contributors,
        date=found.date,
        place=found.place,
        witness=witness,
    )


def _in_properties(
    properties: Properties, witness: str, people: Mapping[str, str]
) -> tuple[Contributor, ...]:
    """The authors that the file has, if they look like persons: who typed a text is often named
    there, too."""
    found = []
    for author in properties.authors:
        words = " ".join(cleaned(author).split())
        ground = interface.WORDS_IN_PROPERTIES.format(name=witness, words=words)
        given = re.fullmatch(r"([^,]+), ([^,]+)", words)
        name = person_in(f"{given[2]} {given[1]}" if given else words)
        parts = re.findall(r"[^\W\d_]+", words)
        if not name or any(map(_NO_PERSON.fullmatch, parts)):
            continue
        key = people.get(words, "") or name.key(people)
        if key or name.words > 1:
            found.append(Contributor("author", key, "" if key else words, "proposed", ground))
    return tuple(dict.fromkeys(replace(who) for who in found))
