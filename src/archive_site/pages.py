"""The site's table of contents: what pages there are, and what each shows.

`build_pages` reads like the list of what the site has. Contexts hold finished values: a template
places, it does not decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive_site import links
from archive_site.corpus import Corpus
from archive_site.evidence import established, source
from archive_site.frontmatter import CERTAINTIES, FIELDS
from archive_site.markup import NBSP, thousands, typeset
from archive_site.reading import reading
from archive_site.summary import text_summary

CERTAINTIES_IN_FRENCH = {
    "stated": "énoncé par le témoin lui-même ; s’écrit sans degré",
    "certain": "restitué : absent du témoin, mais hors de doute",
    "probable": "probable : des indices concordants, sans preuve",
    "proposed": "proposé : une hypothèse de l’éditeur, à ne pas citer sans elle",
    "unknown": "inconnu : rien n’est supposé",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: its path in the site, its template, what the template is given."""

    path: str
    template: str
    context: dict[str, Any]


def build_pages(corpus: Corpus) -> Iterator[Page]:
    """Every page of the site."""
    texts = [text_summary(corpus, edition) for edition in corpus.editions]
    yield _page(corpus, links.HOME, "home.html", texts=_linked(texts, links.HOME))
    for i, edition in enumerate(corpus.editions):
        path = links.text_page(edition.id)
        before = _linked(texts[max(0, i - 1) : i], path)
        after = _linked(texts[i + 1 : i + 2], path)
        yield _page(
            corpus,
            path,
            "text.html",
            text=_linked([texts[i]], path)[0],
            previous=before[0] if before else None,
            next=after[0] if after else None,
            **reading(corpus, edition, path),
        )
        path = links.establishment_page(edition.id)
        text = _linked([texts[i]], path)[0]
        yield _page(corpus, path, "establishment.html", text=text, **established(edition, path))
        if edition.witness:
            path = links.source_page(edition.id)
            text = _linked([texts[i]], path)[0]
            yield _page(corpus, path, "source.html", text=text, **source(edition, path))
    yield _page(corpus, links.SCHEMA, "schema.html", **_schema())
    yield _page(
        corpus,
        links.ABOUT,
        "about.html",
        texts=_linked(texts, links.ABOUT),
        files=_files(corpus),
        schema=links.relative(links.ABOUT, links.SCHEMA),
    )
    yield _page(corpus, links.NOT_FOUND, "404.html")


def _page(corpus: Corpus, path: str, template: str, **context: Any) -> Page:
    base = corpus.site.base_url
    # A server shows 404.html at any depth: its links need the site's own path, where that is known.
    root = urlsplit(base).path if base and path == links.NOT_FOUND else ""
    shared = {
        "site": {
            "title": typeset(corpus.site.title),
            "subtitle": typeset(corpus.site.subtitle),
            "purpose": [typeset(sentence) for sentence in corpus.site.purpose],
            "contact": corpus.site.contact,
        },
        "home": root + links.relative(path, links.HOME),
        "about": root + links.relative(path, links.ABOUT),
        "static": root
        + links.relative(path, f"{links.STATIC}/style.css").removesuffix("style.css"),
        "canonical": base + path.removesuffix("index.html") if base else "",
        "path": path,
    }
    return Page(path, template, shared | context)


def _linked(texts: list[dict[str, Any]], page: str) -> list[dict[str, Any]]:
    """Summaries with the text's addresses as seen from `page`."""
    return [
        {
            **text,
            "href": links.relative(page, text["path"]),
            "establishment": links.relative(page, links.establishment_page(text["id"])),
        }
        for text in texts
    ]


def _files(corpus: Corpus) -> list[dict[str, str]]:
    """The files of `data/`, as the page about the archive offers them."""
    return [
        {
            "name": name,
            "href": links.relative(links.ABOUT, f"{links.DATA}/{name}"),
            "size": f"{thousands(max(1, round(len(data) / 1000)))}{NBSP}ko",
        }
        for name, data in sorted(corpus.files.items())
    ]


def _schema() -> dict[str, Any]:
    """What the edition file may say, from the table that reads it."""
    return {
        "fields": [
            {"name": name, "required": rule.required, "says": typeset(rule.in_french)}
            for name, rule in FIELDS.items()
        ],
        "certainties": [
            {"name": name, "says": typeset(CERTAINTIES_IN_FRENCH[name])} for name in CERTAINTIES
        ],
    }
