"""Checks of the finished site: ids, links, landmarks, notes, the search index."""

from __future__ import annotations

import html
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archive_site.corpus import urls
from archive_site.findings import Finding
from archive_site.search.read_back import read_search
from archive_site.text.words import folded

# Attributes in generated pages: quotes and brackets in their text are always escaped.
# A pattern that begins with letters rather than a space is several times faster.
_ID, _HREF, _SRC = (
    re.compile(rf'{name}="(?<=\s{name}=")([^"]*)"') for name in ("id", "href", "src")
)
_WITHIN = re.compile(r"((?:\.\./)*)((?:[\w-][\w.-]*/)*[\w-][\w.-]*)")
"""A relative address within the site that needs no decoding."""
_LOADED = re.compile(
    rb'<(?:script|img|iframe|audio|video|source)\b[^>]*\ssrc="(?:https?:)?//[^"]*"'
    rb'|<link\b(?![^>]*rel="(?:canonical|license|prev|next|author)")[^>]*\shref="(?:https?:)?//[^"]*"'
)


@dataclass(frozen=True, slots=True)
class Links:
    """The ids of a page, with repetitions, and the targets of its links within the site: each is a
    path and a fragment (empty: none)."""

    ids: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def read_page(path: str, data: bytes) -> Links:
    """The ids of the page at `path`, and the targets of its links within the site."""
    page = data.decode()
    targets = map(_unescaped, dict.fromkeys(_HREF.findall(page) + _SRC.findall(page)))
    resolved = (_target(path, target) for target in targets)
    return Links(_ids(page), tuple(dict.fromkeys(filter(None, resolved))))


def check_page(path: str, data: bytes, page: Links) -> Iterator[Finding]:
    """Findings about one page: ids that are not unique (E040), files loaded from another host
    (E042)."""
    for name, count in Counter(page.ids).items():
        if count > 1:
            message = f"the id “{name}” must be unique in its page; found {count} times"
            yield Finding(path, 0, "E040", message)
    for loaded in _LOADED.finditer(data):
        message = f"a page must load nothing from another host; found {loaded[0].decode()}"
        yield Finding(path, 0, "E042", message)


def check_search(site: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings about the search (E047): words that it does not find or finds in the wrong passage,
    and passages without an anchor on their page. It reads the whole index, so only `archive-site
    check` calls it."""
    try:
        texts, found = read_search(site)
    except (KeyError, ValueError, IndexError, TypeError) as error:
        message = f"the scripts of the search must be complete; {error}"
        yield Finding(urls.SEARCH_INDEX, 0, "E047", message)
        return
    expected: dict[str, set[tuple[str, int]]] = {}
    for text_id, rows in texts.items():
        page = urls.text_page(text_id)
        ids = set(_ids(site.get(page, b"").decode()))
        for n, (anchor, _, _, words, *others) in enumerate(rows):
            if anchor not in ids:
                message = f"the search links to #{anchor}, which does not exist"
                yield Finding(page, 0, "E047", message)
            for text in (words, *(row[2] for row in (others or [[]])[0])):
                for form in folded(text):
                    expected.setdefault(form, set()).add((text_id, n))
    for form in sorted(expected.keys() | found.keys()):
        if expected.get(form, set()) != found.get(form, set()):
            text_id, n = min(expected.get(form, set()) ^ found.get(form, set()))
            message = f"the search must find “{form}” in passage {n} of {text_id}, and only there"
            yield Finding(urls.SEARCH_INDEX, 0, "E047", message)


def read_back(site: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings from parsing the finished pages as HTML (E043): each page must have one `main`, one
    `h1` and one `title`, and each note call must have a note that links back to it. This takes as
    long as the rest of a build, so a build does it only for an archive's own templates;
    `archive-site check` always does."""
    from bs4 import BeautifulSoup

    for path, data in site.items():
        if not urls.is_page(path):
            continue
        page = BeautifulSoup(data, "html.parser")
        for name in ("main", "h1", "title"):
            count = sum(tag.find_parent("svg") is None for tag in page.find_all(name))
            if count != 1:
                message = f"a page must have one <{name}>; found {count}"
                yield Finding(path, 0, "E043", message, "Correct its template.")
        calls = {a.get("id"): str(a.get("href")) for a in page.find_all(role="doc-noteref")}
        backs = {str(a.get("href")): a for a in page.find_all(role="doc-backlink")}
        for call, target in calls.items():
            back = backs.pop(f"#{call}", None)
            if back is None or not back.find_parent(id=target.removeprefix("#")):
                message = f"the note call {call} must have a note that links back to it; found none"
                yield Finding(path, 0, "E043", message, "Correct its template.")
        for target in backs:
            message = f"a note must link back to a note call; found {target}"
            yield Finding(path, 0, "E043", message, "Correct its template.")


def ids_of(page: bytes) -> tuple[str, ...]:
    """The ids of a page, with repetitions. Raises `ValueError` if it is not text."""
    return _ids(page.decode())


def _ids(page: str) -> tuple[str, ...]:
    """The ids of a page, with repetitions."""
    return tuple(map(_unescaped, _ID.findall(page)))


def _unescaped(value: str) -> str:
    """The value of an attribute, with character references resolved."""
    return html.unescape(value) if "&" in value else value


def _target(path: str, target: str) -> tuple[str, str] | None:
    """The target of a link on a page: a path in the site and a fragment; None if it is external."""
    address, _, fragment = target.partition("#")
    if "%" in fragment:
        fragment = unquote(fragment)
    if not address:
        return path, fragment
    page = _resolved(path.rpartition("/")[0], address)
    return (page, fragment) if page else None


def _resolved(folder: str, target: str) -> str:
    """The path in the site of an address, relative to a folder; empty if it is external."""
    if within := _WITHIN.fullmatch(target):
        here = folder.split("/") if folder else []
        left = len(here) - within[1].count("/")
        if left >= 0:
            return "/".join([*here[:left], within[2]])
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else ""


def broken(
    path: str,
    targets: Iterable[tuple[str, str]],
    paths: Collection[str],
    ids: Callable[[str], Container[str]],
) -> Iterator[Finding]:
    """Findings about the links of a page (E041): targets (`Links.links`) that are not in the site's
    `paths`, and fragments that are not among the `ids` of their page."""
    for page, fragment in targets:
        if page not in paths:
            message = f"a link points to {page}, which does not exist"
            yield Finding(path, 0, "E041", message)
        elif fragment and fragment not in ids(page):
            message = f"a link points to #{fragment} in {page}, which does not exist"
            yield Finding(path, 0, "E041", message)
