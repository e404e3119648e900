"""Findings over the corpus and the finished site. Reads all, is read by none of it."""

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

# Attributes of our own pages: quotes and brackets in their text are always escaped.
# A pattern that begins with letters, not with a space, is found several times faster.
_ID, _HREF, _SRC = (
    re.compile(rf'{name}="(?<=\s{name}=")([^"]*)"') for name in ("id", "href", "src")
)
_WITHIN = re.compile(r"((?:\.\./)*)((?:[\w-][\w.-]*/)*[\w-][\w.-]*)")
"""An address within the site that has nothing to decode."""
_LOADED = re.compile(
    rb'<(?:script|img|iframe|audio|video|source)\b[^>]*\ssrc="(?:https?:)?//[^"]*"'
    rb'|<link\b(?![^>]*rel="(?:canonical|license|prev|next|author)")[^>]*\shref="(?:https?:)?//[^"]*"'
)


@dataclass(frozen=True, slots=True)
class Links:
    """What links of a page need of it: its ids, as often as they stand, and where its links lead,
    each a path in the site and a fragment (empty: none)."""

    ids: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def read_page(path: str, data: bytes) -> Links:
    """The ids of a page, and where its links lead within the site."""
    page = data.decode()
    targets = map(_said, dict.fromkeys(_HREF.findall(page) + _SRC.findall(page)))
    resolved = (_target(path, target) for target in targets)
    return Links(_ids(page), tuple(dict.fromkeys(filter(None, resolved))))


def check_page(path: str, data: bytes, page: Links) -> Iterator[Finding]:
    """Every id once in its page, nothing loaded from another host."""
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield Finding(path, 0, "E040", f"the id “{name}” stands {count} times")
    for loaded in _LOADED.finditer(data):
        message = f"a page must load nothing from another host; found {loaded[0].decode()}"
        yield Finding(path, 0, "E042", message)


def check_search(site: Mapping[str, bytes]) -> Iterator[Finding]:
    """The search finds every word of every text, and each passage that it leads to is there. Reads
    the whole index: for `archive-site check`."""
    try:
        texts, found = read_search(site)
    except (KeyError, ValueError, IndexError, TypeError) as error:
        message = f"the search needs its scripts, whole; {error}"
        yield Finding(urls.SEARCH_INDEX, 0, "E047", message)
        return
    there: dict[str, set[tuple[str, int]]] = {}
    for text_id, rows in texts.items():
        page = urls.text_page(text_id)
        ids = set(_ids(site.get(page, b"").decode()))
        for n, (anchor, _, _, words, *others) in enumerate(rows):
            if anchor not in ids:
                message = f"the search leads to #{anchor}, which is not there"
                yield Finding(page, 0, "E047", message)
            for said in (words, *(row[2] for row in (others or [[]])[0])):
                for form in folded(said):
                    there.setdefault(form, set()).add((text_id, n))
    for form in sorted(there.keys() | found.keys()):
        if there.get(form, set()) != found.get(form, set()):
            text_id, n = min(there.get(form, set()) ^ found.get(form, set()))
            message = f"the search must find “{form}” in passage {n} of {text_id}, and only there"
            yield Finding(urls.SEARCH_INDEX, 0, "E047", message)


def read_back(site: Mapping[str, bytes]) -> Iterator[Finding]:
    """The finished pages read as a browser reads them: one main part and one first heading, every
    note called and every call answered. It takes as long as all else, so a build does it only for
    an archive's own templates; `archive-site check` always does."""
    from bs4 import BeautifulSoup

    for path, data in site.items():
        if not path.endswith(".html") or path.startswith(f"{urls.STATIC}/"):
            continue
        page = BeautifulSoup(data, "html.parser")
        for name in ("main", "h1", "title"):
            count = sum(tag.find_parent("svg") is None for tag in page.find_all(name))
            if count != 1:
                message = f"a page must have one <{name}>; found {count}"
                yield Finding(path, 0, "E043", message, "Mend its template.")
        calls = {str(a.get("href")): a.get("id") for a in page.find_all(role="doc-noteref")}
        backs = {str(a.get("href")): a for a in page.find_all(role="doc-backlink")}
        for target, call in calls.items():
            back = backs.pop(f"#{call}", None)
            if back is None or not back.find_parent(id=target.removeprefix("#")):
                message = f"the call {call} must have its note, with a way back; there is none"
                yield Finding(path, 0, "E043", message, "Mend its template.")
        for target in backs:
            message = f"a note leads back to {target}, where no call is"
            yield Finding(path, 0, "E043", message, "Mend its template.")


def _ids(page: str) -> tuple[str, ...]:
    """The ids of a page, as often as they stand."""
    return tuple(map(_said, _ID.findall(page)))


def _said(value: str) -> str:
    """What an attribute says."""
    return html.unescape(value) if "&" in value else value


def _target(path: str, target: str) -> tuple[str, str] | None:
    """Where a link on a page leads: a path in the site, and a fragment; None: out of it."""
    there, _, fragment = target.partition("#")
    if "%" in fragment:
        fragment = unquote(fragment)
    if not there:
        return path, fragment
    page = _resolved(path.rpartition("/")[0], there)
    return (page, fragment) if page else None


def _resolved(folder: str, target: str) -> str:
    """The path in the site that an address leads to from a folder; empty: out of it."""
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
    """The links of a page (`Links.links`) that lead to no file of the site's `paths`, or to no id
    of a page there."""
    for page, fragment in targets:
        if page not in paths:
            message = f"a link leads to {page}, which is not there"
            yield Finding(path, 0, "E041", message)
        elif fragment and fragment not in ids(page):
            message = f"a link leads to #{fragment} in {page}, which is not there"
            yield Finding(path, 0, "E041", message)
