"""The site's table of contents: what pages there are, and what each shows.

`build_pages` reads like the list of what the site has. Contexts hold finished values: a template
places, it does not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from archive_site import establishment, links
from archive_site.corpus import Corpus, Edition, Entry
from archive_site.dates import in_french
from archive_site.document import Block, Claim, Creator, Note
from archive_site.establishment import Place
from archive_site.frontmatter import CERTAINTIES, FIELDS
from archive_site.markup import JOINER, NBSP, THIN, Renderer, typeset
from archive_site.plaintext import reading_text
from archive_site.quotes import opened
from archive_site.witness import NOT_TEXT

WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""

OPENING_WORDS = 6
NOT_SHOWN = "␣"
"""Stands for a control character that the extraction left in a witness."""

KIND_NAMES = {
    "speech": "Discours",
    "report": "Rapport",
    "article": "Article",
    "essay": "Essai",
    "letter": "Lettre",
}
# What the witness does not state, as a byline says it: of a name or a date, of a place or title.
CERTAINTY_NAMES = {
    "stated": ("", ""),
    "certain": ("restituée", "restitué"),
    "probable": ("probable", "probable"),
    "proposed": ("proposée", "proposé"),
    "unknown": ("", ""),
}
CERTAINTIES_IN_FRENCH = {
    "stated": "énoncé par le témoin lui-même ; s’écrit sans degré",
    "certain": "restitué : absent du témoin, mais hors de doute",
    "probable": "probable : des indices concordants, sans preuve",
    "proposed": "proposé : une hypothèse de l’éditeur, à ne pas citer sans elle",
    "unknown": "inconnu : rien n’est supposé",
}
NATURE_NAMES = {
    "letters": "Lettres",
    "accents": "Accents",
    "case": "Majuscules",
    "punctuation": "Ponctuation",
    "spacing": "Espaces",
    "lost": "Mots perdus",
    "superfluous": "Mots en trop",
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
    takes no indent; `source` leads to its lines in the witness, `lines` names them."""

    kind: str
    id: str
    html: Markup
    level: int = 0
    tail: bool = False
    source: str = ""
    lines: str = ""


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
        path = links.establishment_page(edition.id)
        text = _linked([texts[i]], path)[0]
        yield _page(corpus, path, "establishment.html", text=text, **_establishment(edition, path))
        if edition.witness:
            path = links.source_page(edition.id)
            text = _linked([texts[i]], path)[0]
            yield _page(corpus, path, "source.html", text=text, **_source(edition, path))
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
    creator = _creator(meta.creator, corpus.people.get(meta.creator.key))
    date = _claim(replace(meta.date, value=in_french(meta.date.value)), "date")
    place = _claim(meta.place, "lieu")
    said = (
        (_certainty("titre", meta.title), typeset(meta.title.ground)),
        (creator["creator_certainty"], typeset(meta.creator.ground)),
        (date["certainty"], date["ground"]),
        (place["certainty"], place["ground"]),
    )
    return {
        "id": edition.id,
        "path": links.text_page(edition.id),
        "title": f"[{title}]" if supplied else title,
        "title_ground": typeset(meta.title.ground) if supplied else "",
        "short_title": typeset(meta.short_title) or title,
        "kind": KIND_NAMES[meta.kind],
        **creator,
        "creator_ground": typeset(meta.creator.ground),
        "date": date,
        "place": place,
        "certainties": [{"says": says, "ground": ground} for says, ground in said if says],
        "event": _claim(meta.event, "circonstance"),
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
    certainty = _certainty("attribution", creator) if person else ""
    if creator.certainty == "proposed":
        name, certainty = "Auteur non nommé", f"{certainty}{NBSP}: {name}"
    sure = creator.certainty in ("stated", "certain")
    return {
        "creator": name or "Auteur inconnu",
        "creator_in_full": f"{name} ({certainty})" if certainty else name or "inconnu",
        "creator_certainty": certainty,
        "creator_years": person.years if person and sure else "",
        "role": "orateur" if creator.role == "speaker" else "auteur",
    }


def _claim(claim: Claim, name: str) -> dict[str, str]:
    """A claim as a byline says it; a date that is not known says so, other claims are silent."""
    unknown = "date inconnue" if name == "date" else ""
    return {
        "value": typeset(claim.value) if claim.value else unknown,
        "certainty": _certainty(name, claim) if claim.value else "",
        "ground": typeset(claim.ground),
    }


def _certainty(name: str, claim: Claim | Creator) -> str:
    """How sure it is, in words: “date restituée”; nothing where the witness states it."""
    word = CERTAINTY_NAMES[claim.certainty][name in ("titre", "lieu")]
    return f"{name} {word}" if word else ""


def count_words(edition: Edition) -> int:
    """Words of the text and its notes, as readers count them: letters between spaces."""
    return sum(
        any(c.isalnum() for c in word)
        for place in establishment.places(edition.document)
        for word in reading_text(place.block.content).split()
    )


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
    corrections = links.relative(path, links.establishment_page(edition.id))
    renderer = Renderer(links.Linker(path, edition.id), corrections)
    blocks = list(document.blocks)
    depths = dict(zip((b.id for b in blocks), opened(blocks), strict=True))
    titled = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level == 1
    title = blocks.pop(0) if titled else None
    heading = renderer.html(title.content) if title else None
    sources = _sources(edition, path)
    groups = _groups(corpus, blocks, renderer, depths, sources)
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
        "data_href": links.relative(path, links.data_file(edition.id, "json")),
        "source_script": links.relative(path, links.source_script(edition.id))
        if edition.witness
        else "",
    }


def _sources(edition: Edition, page: str) -> dict[str, tuple[str, str]]:
    """For each block that has witness lines: the address of the first, and how they are named."""
    lines = edition.collation.blocks if edition.collation else {}
    return {block: _source_of(edition, page, span) for block, span in lines.items() if span[0]}


def _source_of(edition: Edition, page: str, span: tuple[int, int]) -> tuple[str, str]:
    first, last = span
    where = links.relative(page, links.source_page(edition.id), f"l{first}")
    return where, _range(first, last)


def _range(first: int, last: int) -> str:
    """Lines as they are named; no line breaks within."""
    return f"{first}–{JOINER}{last}" if last > first else str(first)


def source_spelling(edition: Edition) -> dict[str, str]:
    """The text in its witness's spelling and typing, as HTML: by block id, and `note-3.1` for the
    first paragraph of note 3. For the reading page's switch."""
    path = links.text_page(edition.id)
    corrections = links.relative(path, links.establishment_page(edition.id))
    renderer = Renderer(links.Linker(path, edition.id), corrections, source=True)
    spelled = {block.id: str(renderer.html(block.content)) for block in edition.document.blocks}
    return spelled | {
        f"note-{note.label}.{n}": str(renderer.html(block.content))
        for note in edition.document.notes
        for n, block in enumerate(note.blocks, start=1)
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
        "paragraphs": [
            {"key": f"note-{note.label}.{n}", "html": renderer.html(block.content, depth)}
            for n, (block, depth) in enumerate(
                zip(note.blocks, opened(note.blocks), strict=True), start=1
            )
        ],
    }


def _groups(
    corpus: Corpus,
    blocks: list[Block],
    renderer: Renderer,
    depths: Mapping[str, int],
    sources: Mapping[str, tuple[str, str]],
) -> tuple[Group, ...]:
    """Blocks as groups, boxes around the groups within them."""
    views = _views(blocks, renderer, depths, sources)
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


def _views(
    blocks: list[Block],
    renderer: Renderer,
    depths: Mapping[str, int],
    sources: Mapping[str, tuple[str, str]],
) -> list[BlockView]:
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
        html = renderer.html(block.content, depths[block.id])
        source = sources.get(block.id, ("", ""))
        views.append(BlockView(block.kind, block.id, html, level, tail, *source))
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


# ---------------------------------------------------------------- how the text was established


def _establishment(edition: Edition, path: str) -> dict[str, Any]:
    document, meta = edition.document, edition.document.meta
    words = establishment.words(edition)
    emended = establishment.emendations(edition)
    natures = [n for n in NATURE_NAMES if any(e.nature == n for e in emended)]
    witness = edition.witness
    return {
        "witness": {
            "name": witness.name,
            "href": links.relative(path, f"{links.DATA}/witnesses/{witness.name}"),
            "page": links.relative(path, links.source_page(edition.id)),
            "size": f"{_thousands(witness.size)}{NBSP}octets",
            "lines": _thousands(len(witness.lines)),
            "sha256": witness.sha256,
        }
        if witness
        else None,
        "extraction": typeset(meta.extraction),
        "edition_href": links.relative(path, f"{links.DATA}/editions/{edition.id}.md"),
        "data_href": links.relative(path, links.data_file(edition.id, "json")),
        "about": links.relative(path, links.ABOUT),
        "figures": {
            "witness": _thousands(words.witness),
            "text": _thousands(words.text),
            "notes": _thousands(words.notes),
            "apart": _thousands(words.apart),
            "figures": _thousands(
                words.witness - words.text - words.notes - words.apart - words.lost
            ),
            "closed": _thousands(words.closed),
            "emended": len(emended),
            "lost": words.lost,
            "added": words.added,
        },
        "order": [_range(first, last) for first, last in meta.order],
        "natures": [
            {"key": n, "name": NATURE_NAMES[n], "count": sum(e.nature == n for e in emended)}
            for n in natures
        ],
        "emendations": [_emended(edition, e, path) for e in emended],
        "omissions": [
            {
                "lines": _range(o.first, o.last),
                "href": _source_of(edition, path, (o.first, o.last))[0] if witness else "",
                "text": establishment.omitted_text(edition, o.first, o.last, o.text),
                "why": typeset(o.why),
            }
            for o in meta.omissions
        ],
        "doubts": [
            {
                "words": typeset(doubt.words),
                "why": typeset(doubt.why),
                "href": _place_href(edition, doubt.place, path),
            }
            for doubt in establishment.left_open(document)
        ],
        "remarks": [typeset(remark) for remark in meta.remarks],
    }


def _emended(edition: Edition, emended: establishment.Emended, path: str) -> dict[str, Any]:
    text = links.text_page(edition.id)
    line = emended.line
    return {
        "number": emended.number,
        "id": f"correction-{emended.number}",
        "href": links.relative(path, text, f"correction-{emended.number}"),
        "place": _opening(emended.place),
        "witness": emended.emendation.witness,
        "reading": typeset(emended.emendation.reading),
        "nature": emended.nature,
        "nature_name": NATURE_NAMES[emended.nature].lower(),
        "why": typeset(emended.emendation.why),
        "line": line or "",
        "source": _source_of(edition, path, (line, line))[0] if line else "",
    }


def _place_href(edition: Edition, place: Place, path: str) -> str:
    return links.relative(path, links.text_page(edition.id), place.anchor)


def _opening(place: Place) -> str:
    """What a place is called: the note, or the paragraph's first words."""
    if place.note:
        return f"note{NBSP}{place.note}"
    words = reading_text(place.block.content).split()
    return typeset(" ".join(words[:OPENING_WORDS])) + ("…" if len(words) > OPENING_WORDS else "")


def _source(edition: Edition, path: str) -> dict[str, Any]:
    """The witness line by line: what begins there, what was set aside there, and why."""
    assert edition.witness is not None and edition.collation is not None
    begins: dict[int, tuple[str, str]] = {}
    for place in establishment.places(edition.document):
        spans = edition.collation.notes if place.note else edition.collation.blocks
        first, _ = spans[place.note or place.block.id]
        begins.setdefault(first, (_place_href(edition, place, path), _opening(place)))
    whys = {o.first: typeset(o.why) for o in edition.document.meta.omissions}
    apart = {
        n for o in edition.document.meta.omissions if not o.text for n in range(o.first, o.last + 1)
    }
    return {
        "etablissement": links.relative(path, links.establishment_page(edition.id)),
        "witness_href": links.relative(path, f"{links.DATA}/witnesses/{edition.witness.name}"),
        "name": edition.witness.name,
        "lines": [
            {
                "number": number,
                "text": NOT_TEXT.sub(NOT_SHOWN, line.replace("\f", "␌")),
                "begins": begins.get(number),
                "apart": number in apart,
                "why": whys.get(number, ""),
            }
            for number, line in enumerate(edition.witness.lines, start=1)
        ],
    }


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
