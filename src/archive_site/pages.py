"""The site's table of contents: what pages there are, and what each shows.

`build_pages` reads like the list of what the site has. Contexts hold finished values: a template
places, it does not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from archive_site import links
from archive_site.corpus import Corpus, Edition, Entry
from archive_site.dates import in_french
from archive_site.document import Block, Claim, Creator, Note
from archive_site.markup import NBSP, THIN, Renderer, typeset
from archive_site.plaintext import reading_text

WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""

KIND_NAMES = {
    "speech": "Discours",
    "report": "Rapport",
    "article": "Article",
    "essay": "Essai",
    "letter": "Lettre",
}
CERTAINTY_NAMES = {
    "stated": "",
    "certain": "",
    "probable": "probable",
    "proposed": "proposée",
    "unknown": "",
}
LAYER_NAMES = {
    "author": "Texte",
    "translation": "Traduction",
    "notes": "Notes",
    "edition": "Cette édition",
}
NOTE_KIND_NAMES = {
    "author": "de l’auteur",
    "editor": "de l’éditeur",
    "translator": "du traducteur",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: its path in the site, its template, what the template is given."""

    path: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as a template places it. `tail` says that a paragraph goes on after a quotation, and
    takes no indent."""

    kind: str
    id: str
    html: Markup
    level: int = 0
    tail: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks that make one thing: a quotation, a list, a box, or one block alone."""

    kind: str
    blocks: tuple[BlockView, ...] = ()
    groups: tuple[Group, ...] = ()
    speaker: str = ""


def build_pages(corpus: Corpus) -> Iterator[Page]:
    """Every page of the site."""
    texts = [_text_summary(corpus, edition) for edition in corpus.editions]
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
            **_reading(corpus, edition, path),
        )
    yield _page(
        corpus, links.ABOUT, "about.html", texts=_linked(texts, links.ABOUT), files=_files(corpus)
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
    """Summaries with the text's address as seen from `page`."""
    return [{**text, "href": links.relative(page, text["path"])} for text in texts]


def _files(corpus: Corpus) -> list[dict[str, str]]:
    """The files of `data/`, as the page about the archive offers them."""
    return [
        {
            "name": name,
            "href": links.relative(links.ABOUT, f"{links.DATA}/{name}"),
            "size": f"{_thousands(max(1, round(len(data) / 1000)))}{NBSP}ko",
        }
        for name, data in sorted(corpus.files.items())
    ]


# ---------------------------------------------------------------- what is said of a text


def _text_summary(corpus: Corpus, edition: Edition) -> dict[str, Any]:
    meta = edition.document.meta
    words = count_words(edition)
    title = typeset(meta.title.value)
    supplied = meta.title.certainty != "stated"
    return {
        "id": edition.id,
        "path": links.text_page(edition.id),
        "title": f"[{title}]" if supplied else title,
        "title_ground": typeset(meta.title.ground) if supplied else "",
        "short_title": typeset(meta.short_title) or title,
        "kind": KIND_NAMES[meta.kind],
        **_creator(meta.creator, corpus.people.get(meta.creator.key)),
        "creator_ground": typeset(meta.creator.ground),
        "date": _claim(replace(meta.date, value=in_french(meta.date.value)), "date inconnue"),
        "place": _claim(meta.place, ""),
        "event": _claim(meta.event, ""),
        "covers": in_french(meta.covers.value) if meta.covers.value else "",
        "summary": typeset(meta.summary),
        "first_sentence": first_sentence(edition),
        "words": _thousands(words),
        "duration": _duration(max(1, round(words / WORDS_A_MINUTE))),
        "note_count": len(edition.document.notes),
        "source": typeset(meta.source),
        "rights": [(LAYER_NAMES[layer], typeset(words)) for layer, words in meta.rights],
        "draft": meta.status == "draft",
        "language": meta.language,
    }


def _creator(creator: Creator, person: Entry | None) -> dict[str, str]:
    """Who, in what role, how surely: a mere proposal never stands as the author's name."""
    name = typeset(person.name) if person else ""
    certainty = {"probable": "attribution probable"}.get(creator.certainty, "")
    if creator.certainty == "proposed":
        name, certainty = "Auteur non nommé", f"attribution proposée{NBSP}: {name}"
    return {
        "creator": name or "Auteur inconnu",
        "creator_in_full": f"{name} ({certainty})" if certainty else name or "inconnu",
        "creator_certainty": certainty,
        "creator_years": person.years if person and not certainty else "",
        "role": "orateur" if creator.role == "speaker" else "auteur",
    }


def _claim(claim: Claim, unknown: str) -> dict[str, str]:
    return {
        "value": typeset(claim.value) if claim.value else unknown,
        "certainty": CERTAINTY_NAMES[claim.certainty] if claim.value else "",
        "ground": typeset(claim.ground),
    }


def count_words(edition: Edition) -> int:
    """Words of the text and its notes, as readers count them."""
    document = edition.document
    blocks = (*document.blocks, *(block for note in document.notes for block in note.blocks))
    return sum(len(re.findall(r"\w+", reading_text(block.content))) for block in blocks)


def first_sentence(edition: Edition) -> str:
    """The text's first sentence: of the first paragraph that is one."""
    paragraphs = (b for b in edition.document.blocks if b.kind == "paragraph")
    words = reading_text(next(paragraphs, Block("paragraph", ())).content)
    sentence = re.match(r".{20,}?[.!?…](?=\s+[A-ZÀ-Ý«\"“]|\s*$)", words, re.DOTALL)
    return typeset(sentence[0] if sentence else words)


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", THIN)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


# ---------------------------------------------------------------- the reading page


def _reading(corpus: Corpus, edition: Edition, path: str) -> dict[str, Any]:
    document = edition.document
    renderer = Renderer(links.Linker(path, edition.id))
    blocks = list(document.blocks)
    titled = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level == 1
    title = blocks.pop(0) if titled else None
    heading = renderer.html(title.content) if title else None
    groups = _groups(corpus, blocks, renderer)
    kinds = {note.kind for note in document.notes}
    notes = [_note(note, renderer, mixed=len(kinds) > 1) for note in document.notes]
    return {
        "heading": heading,
        "heading_id": title.id if title else "",
        "groups": groups,
        "capitals": title is not None and _is_capitals(reading_text(title.content)),
        "contents": _contents(title, blocks, renderer),
        "notes": notes,
        "notes_title": f"Notes {NOTE_KIND_NAMES[kinds.pop()]}" if len(kinds) == 1 else "Notes",
        "remarks": [typeset(remark) for remark in document.meta.remarks],
        "doubts": [
            {"id": name, "why": typeset(why), "back": name.replace("remarque", "doute")}
            for name, why in renderer.doubts
        ],
        "witness": edition.witness.name if edition.witness else "",
        "witness_href": links.relative(path, f"{links.DATA}/witnesses/{edition.witness.name}")
        if edition.witness
        else "",
        "edition_href": links.relative(path, f"{links.DATA}/editions/{edition.id}.md"),
    }


def _is_capitals(title: str) -> bool:
    letters = [c for c in title if c.isalpha()]
    return sum(c.isupper() for c in letters) > len(letters) / 2


def _contents(title: Block | None, blocks: list[Block], renderer: Renderer) -> list[dict[str, Any]]:
    """The sections; where there is but one, after the text that the title opens."""
    sections = [block for block in blocks if block.kind == "heading" and not block.boxed]
    if title is not None and len(sections) == 1:
        sections = [title, *sections]
    return [{"id": block.id, "html": renderer.plain(block.content)} for block in sections]


def _note(note: Note, renderer: Renderer, mixed: bool) -> dict[str, Any]:
    return {
        "label": note.label,
        "kind": f"note {NOTE_KIND_NAMES[note.kind]}" if mixed else "",
        "paragraphs": [renderer.html(block.content) for block in note.blocks],
    }


def _groups(corpus: Corpus, blocks: list[Block], renderer: Renderer) -> tuple[Group, ...]:
    """Blocks as groups, boxes around the groups within them."""
    views = _views(blocks, renderer)
    groups: list[Group] = []
    boxed: list[Group] = []
    for (block, _), group in _united(corpus, list(zip(blocks, views, strict=True))):
        if block.boxed:
            if boxed and block.kind == "heading":
                groups.append(Group("box", groups=tuple(boxed)))
                boxed = []
            boxed.append(group)
            continue
        if boxed:
            groups.append(Group("box", groups=tuple(boxed)))
            boxed = []
        groups.append(group)
    return (*groups, Group("box", groups=tuple(boxed))) if boxed else tuple(groups)


def _views(blocks: list[Block], renderer: Renderer) -> list[BlockView]:
    views: list[BlockView] = []
    before: Block | None = None
    for block in blocks:
        opening = reading_text(block.content).lstrip('«“"— ')[:1]
        tail = (
            block.kind == "paragraph"
            and before is not None
            and before.kind in ("quotation", "list-item", "stage")
            and opening.islower()
        )
        level = max(2, block.level) if block.kind == "heading" else 0
        views.append(BlockView(block.kind, block.id, renderer.html(block.content), level, tail))
        before = block
    return views


def _united(
    corpus: Corpus, pairs: list[tuple[Block, BlockView]]
) -> Iterator[tuple[tuple[Block, BlockView], Group]]:
    """Paragraphs of one quotation, items of one list: one group each."""
    run: list[tuple[Block, BlockView]] = []
    for pair, following in pairwise([*pairs, None]):
        assert pair is not None
        run.append(pair)
        block, after = pair[0], following[0] if following else None
        together = after is not None and (
            after.continues
            or (block.kind == after.kind == "list-item" and block.boxed == after.boxed)
        )
        if not together:
            names = [corpus.voice(key).name for key in run[0][0].speaker]
            speaker = typeset(" et ".join(names))
            yield run[0], Group(block.kind, tuple(view for _, view in run), speaker=speaker)
            run = []
