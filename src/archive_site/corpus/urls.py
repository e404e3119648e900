"""Every address of the site: the path of each page, and links from one page to another.

No other module makes addresses. Links are relative and lead to a file, so that the site works
under any prefix and from a disk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.edition.front_matter import did_you_mean
from archive_site.findings import Finding
from archive_site.text.document import INTERNAL, Link
from archive_site.text.reading import walk

HOME, ABOUT, NOT_FOUND = "index.html", "a-propos/index.html", "404.html"
SCHEMA, STYLE = "a-propos/schema/index.html", "a-propos/style/index.html"
CHRONOLOGY, NETWORK = "chronologie/index.html", "reseau/index.html"
BIBLIOGRAPHY = "bibliographie/index.html"
SEARCH, CONCORDANCE = "recherche/index.html", "concordance/index.html"
SEARCH_INDEX, OPENSEARCH = "recherche/index.js", "opensearch.xml"
TEXTS = "textes/index.html"
DOWNLOADS, PREVIEW = "donnees/index.html", "donnees/apercu.png"
FEED, SITEMAP, OAI = "feed.xml", "sitemap.xml", "oai.xml"
STATIC, DATA = "static", "data"
FOLDERS = {
    "person": "personnes",
    "place": "lieux",
    "organisation": "organisations",
    "work": "oeuvres",
    "event": "chronologie",
    "notion": "notions",
}
"""The folder of the pages and of the index of each kind of entry."""
INDEX_FOLDERS = tuple(folder for kind, folder in FOLDERS.items() if kind != "event")
WEB = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.I)


def text_page(text_id: str) -> str:
    """The path of a text's reading page."""
    return f"textes/{text_id}/index.html"


def collection_page(key: str) -> str:
    """The path of the page of a collection."""
    return f"collections/{key}/index.html"


def collection_file(key: str, name: str) -> str:
    """The path of a file for harvesters about a collection: `feed.xml` or `oai.xml`."""
    return f"collections/{key}/{name}"


def apparatus_page(text_id: str) -> str:
    """The path of the page with the apparatus of a text."""
    return f"textes/{text_id}/etablissement/index.html"


def source_page(text_id: str) -> str:
    """The path of the page that shows a text's witness, line by line."""
    return f"textes/{text_id}/source/index.html"


def source_script(text_id: str) -> str:
    """The path of the script that contains a text in the spelling of its witness."""
    return f"textes/{text_id}/source/texte.js"


def data_file(text_id: str, ending: str) -> str:
    """The path of a text in another format."""
    return f"textes/{text_id}/{text_id}.{ending}"


def archive_file(ending: str) -> str:
    """The path of the whole archive in a format."""
    return f"donnees/archive.{ending}"


def references_file(ending: str) -> str:
    """The path of the references of all texts, for reference managers."""
    return f"donnees/references.{ending}"


def witness_file(name: str) -> str:
    """The path of a witness, as it was received."""
    return f"{DATA}/witnesses/{name}"


def picture_file(picture: str) -> str:
    """The path of the file of a picture (its path in the corpus), as it was received."""
    return f"{DATA}/{picture}"


def picture_copy(picture: str, width: int) -> str:
    """The path of a copy of a picture, `width` pixels wide."""
    return f"{picture}/{width}.webp"


def edition_file(text_id: str) -> str:
    """The path of the edition file of a text."""
    return f"{DATA}/editions/{text_id}.md"


def names_script(text_id: str) -> str:
    """The path of the script that contains the entries that a text names."""
    return f"textes/{text_id}/noms.js"


def text_script(text_id: str) -> str:
    """The path of the script that contains a text's words, for the concordance and the search."""
    return f"concordance/{text_id}.js"


def shard_script(prefix: str) -> str:
    """The path of the script that contains the index of the words with a prefix. Its name begins
    with `mots-`, because the prefix alone could be a reserved name (`con`, `aux`)."""
    letters = (c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in prefix)
    return f"recherche/mots/mots-{''.join(letters)}.js"


def index_page(kind: str) -> str:
    """The path of the index of a kind of entries."""
    return f"{FOLDERS[kind]}/index.html"


def entry_page(entry: Entry) -> str:
    """The path of an entry's page."""
    return f"{FOLDERS[entry.kind]}/{entry.key}/index.html"


@dataclass(frozen=True, slots=True)
class WorkAddresses:
    """Turns the key of a work of the bibliography into its address as a link on the page `page`."""

    page: str

    def __call__(self, key: str) -> str:
        """The address of the work `key`."""
        return relative(self.page, BIBLIOGRAPHY, key)


def days_page(day: str) -> str:
    """The path of the page with a day (ISO 8601) and the other days of its year."""
    return f"chronologie/{day[:4]}/index.html"


def day_anchor(day: str) -> str:
    """The fragment of a day on the page of its year."""
    return f"jour-{day}"


@dataclass(frozen=True, slots=True)
class Names:
    """Turns the key of an entry, or a day, into its address as a link on the page `page`."""

    page: str
    entries: Mapping[str, Entry]

    def __call__(self, key: str) -> str:
        """The address of the entry or the day `key`."""
        if key in self.entries:
            return relative(self.page, entry_page(self.entries[key]))
        return relative(self.page, days_page(key), day_anchor(key))


def is_page(path: str) -> bool:
    """Whether the file `path` of a site is one of its pages, and not an HTML file that it publishes
    as data, as it was received."""
    return path.endswith(".html") and not path.startswith((f"{DATA}/", f"{STATIC}/"))


def address(base_url: str, page: str, fragment: str = "") -> str:
    """The address of a page on the web; empty if `base_url` is."""
    path = _quoted(page.removesuffix("index.html"))
    return base_url + path + (f"#{_quoted(fragment)}" if fragment else "") if base_url else ""


def identity(base_url: str, page: str, target: str) -> str:
    """The identifier of the page `target` in the linked data of `page`: its address on the web or,
    if the archive has none, a relative one."""
    return address(base_url, target) or relative(page, target) or target.rpartition("/")[2]


def relative(page: str, target: str, fragment: str = "") -> str:
    """The address of the file `target` as a link in the file `page`."""
    path = "" if page == target else _path(page, target)
    return path + (f"#{_quoted(fragment)}" if fragment else "")


@lru_cache(maxsize=16_384)
def _quoted(text: str) -> str:
    return quote(text)


def _path(page: str, target: str) -> str:
    here, there = page.split("/"), target.split("/")
    alike = 0
    while here[alike] == there[alike] and alike < min(len(here), len(there)) - 1:
        alike += 1
    return "../" * (len(here) - 1 - alike) + _quoted("/".join(there[alike:]))


@dataclass(frozen=True, slots=True)
class Linker:
    """Turns a link's target in one text into an address on the page `page`."""

    page: str
    text_id: str

    def __call__(self, target: str) -> str:
        """The address, on this page, of the target of a link, which must be valid."""
        if WEB.fullmatch(target):
            return target
        match = INTERNAL.fullmatch(target)
        assert match is not None, target
        text_id = match["text"] or self.text_id
        return relative(self.page, text_page(text_id), match["block"] or "")


def targets_of(edition: Edition) -> list[tuple[int, str]]:
    """The targets of a text's links, except web addresses, each after its line."""
    return [
        (block.line, inline.target)
        for block in edition.document.every_block
        for inline in walk(block.content)
        if isinstance(inline, Link) and not WEB.fullmatch(inline.target)
    ]


def wrong_targets(
    path: str,
    text_id: str,
    targets: Iterable[tuple[int, str]],
    blocks: Mapping[str, Collection[str]],
    aliases: Mapping[str, Mapping[str, str]],
) -> Iterator[Finding]:
    """A finding for each target (line, target) of a text that does not exist. `blocks` has the ids
    of the blocks of each text, `aliases` where its former anchors lead."""
    for line, target in targets:
        wrong = _wrong_target(target, text_id, blocks, aliases)
        if wrong:
            yield Finding(path, line, "E025", *wrong)


def _wrong_target(
    target: str,
    text_id: str,
    blocks: Mapping[str, Collection[str]],
    aliases: Mapping[str, Mapping[str, str]],
) -> tuple[str, str] | None:
    """The message and the remedy for an internal target; None if it is valid."""
    match = INTERNAL.fullmatch(target)
    if match is None or not target:
        message = f"a link must be https:, http:, mailto:, #block or text#block; found “{target}”"
        return message, "Write the whole address, with https://."
    other = match["text"] or text_id
    if other not in blocks:
        message = f"a link must lead to a text that exists; found “{target}”"
        return message, did_you_mean(other, blocks)
    if match["block"] and match["block"] not in blocks[other]:
        message = f"a link must lead to a block that exists; found “{target}”"
        new = aliases.get(other, {}).get(match["block"])
        if new in blocks[other]:
            return message, f"It is an alias; write “{match['text']}#{new}”."
        return message, did_you_mean(match["block"], blocks[other])
    return None
