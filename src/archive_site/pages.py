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
from archive_site.dates import in_french
from archive_site.evidence import established, source
from archive_site.frontmatter import CERTAINTIES, FIELDS
from archive_site.markup import NBSP, thousands, typeset
from archive_site.reading import reading
from archive_site.specimen import specimen
from archive_site.summary import text_summary
from archive_site.timeline import timeline
from archive_site.witness import CHECKSUMS

NAVIGATION = (("Les textes", links.HOME), ("À propos", links.ABOUT))
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
    site = _site(corpus)
    texts = [text_summary(corpus, edition) for edition in corpus.editions]
    linked = _linked(texts, links.HOME)
    yield _page(site, links.HOME, "home.html", texts=linked, timeline=timeline(corpus, linked))
    for i, edition in enumerate(corpus.editions):
        path = links.text_page(edition.id)
        before = _linked(texts[max(0, i - 1) : i], path)
        after = _linked(texts[i + 1 : i + 2], path)
        yield _page(
            site,
            path,
            "text.html",
            text=_linked([texts[i]], path)[0],
            reference=_reference(texts[i], site, path),
            previous=before[0] if before else None,
            next=after[0] if after else None,
            **reading(corpus, edition, path),
        )
        path = links.establishment_page(edition.id)
        text = _linked([texts[i]], path)[0]
        yield _page(site, path, "establishment.html", text=text, **established(edition, path))
        if edition.witness:
            path = links.source_page(edition.id)
            text = _linked([texts[i]], path)[0]
            yield _page(site, path, "source.html", text=text, **source(edition, path))
    yield _page(site, links.SCHEMA, "schema.html", **_schema())
    yield _page(
        site,
        links.ABOUT,
        "about.html",
        texts=_linked(texts, links.ABOUT),
        files=_files(corpus),
        schema=links.relative(links.ABOUT, links.SCHEMA),
        style=links.relative(links.ABOUT, links.STYLE),
    )
    yield _page(site, links.STYLE, "style.html", **specimen(links.STYLE))
    yield _page(site, links.NOT_FOUND, "404.html")


def _site(corpus: Corpus) -> dict[str, Any]:
    """What every page says of the archive."""
    site = corpus.site
    return {
        "title": typeset(site.title),
        "subtitle": typeset(site.subtitle),
        "purpose": [typeset(sentence) for sentence in site.purpose],
        "contact": site.contact,
        "base_url": site.base_url,
        "version": corpus.version,
        "revised": typeset(in_french(corpus.revised)),
    }


def _page(site: dict[str, Any], path: str, template: str, **context: Any) -> Page:
    # A server shows 404.html at any depth: its links need the site's own path, where that is known.
    root = urlsplit(site["base_url"]).path if path == links.NOT_FOUND else ""

    def to(target: str, fragment: str = "") -> str:
        return root + links.relative(path, target, fragment)

    shared = {
        "site": site,
        "home": to(links.HOME),
        "about": to(links.ABOUT),
        "navigation": [
            {"name": name, "href": to(target), "here": path == target}
            for name, target in NAVIGATION
        ],
        "report": site["contact"] or to(links.ABOUT, "erreurs"),
        "checksums": to(f"{links.DATA}/{CHECKSUMS}"),
        "static": to(f"{links.STATIC}/style.css").removesuffix("style.css"),
        "canonical": _address(site, path),
        "path": path,
    }
    return Page(path, template, shared | context)


def _address(site: dict[str, Any], path: str) -> str:
    """A page's address on the web; empty where the archive has none yet."""
    return site["base_url"] + path.removesuffix("index.html") if site["base_url"] else ""


def _reference(text: dict[str, Any], site: dict[str, Any], path: str) -> dict[str, str]:
    """The text as a bibliography names it, up to its title and from it."""
    place = text["place"]["value"]
    when = ", ".join(filter(None, (place, text["date"]["value"])))
    edition = f"édition du {text['revised']}" if text["revised"] else ""
    version = f"version {site['version']} du corpus"
    return {
        "creator": text["creator"],
        "title": text["title"],
        "rest": typeset(", ".join(filter(None, (when, edition, version)))),
        "address": _address(site, path),
    }


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
