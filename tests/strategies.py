"""What hypothesis makes documents from: anything that an edition file may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st
from msgspec import structs

from archive_site.edition.aliases import anchors_of
from archive_site.edition.identifiers import OF_TEXTS, SCHEMES
from archive_site.edition.ids import identified
from archive_site.text import document as d
from archive_site.text.citations import attached
from archive_site.text.reading import closed_up, merged
from pictures import PICTURES

SIGNS = "abé ’'\"«»[](){}*_^`<>#\\:;!?.…-–—&|~+=1"
"""Characters that mean something to some format."""
OTHERS = [c for c in map(chr, range(0x110000)) if unicodedata.category(c)[0] in "LNPS"]


def _decoded(codes: str) -> str:
    """For each code one of `SIGNS`, or any other character. Hypothesis draws a text of plain codes
    at once; a character of either kind it would draw by itself, and among thousands of ranges."""
    found = ((ord(code) // 2, SIGNS if ord(code) % 2 else OTHERS) for code in codes)
    return "".join(kind[n % len(kind)] for n, kind in found)


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=25).map(
    lambda codes: " ".join(_decoded(codes).split()) or "mot"
)
SIC = WORDS.filter(bool)
CITED = st.builds(
    d.Cited,
    st.sampled_from(["maitron", "broue_1963", "a:b/c", "http://zotero.org/items/A+", "Éluard"]),
    st.one_of(st.just(""), WORDS),
    st.one_of(st.just(""), st.sampled_from(["p. 12", "fol. 3 v°", "t. II, § 4"]), WORDS),
)
TARGETS = st.sampled_from(["https://exemple.fr/a_b?c=d", "#bloc", "autre#bloc", "mailto:a@b.fr"])


# Each strategy is made once: to make one for every example costs more than the example.
SIMPLE = st.one_of(
    WORDS.map(d.Text),
    st.sampled_from(["e", "er", "re"]).map(d.Superscript),
    st.sampled_from(["", "3", "[12]"]).map(d.PageBreak),
    st.builds(d.Emendation, WORDS, SIC, st.sampled_from(["", "faute d’impression"])),
    WORDS.map(d.Gap),
    st.lists(CITED, min_size=1, max_size=2).map(lambda works: d.Citation(tuple(works))),
    st.just(d.LineBreak()),
    TARGETS.map(lambda target: d.Link((d.Text("voir"),), target)),
)
NESTED = st.one_of(
    st.builds(d.Doubt, WORDS.map(lambda w: (d.Text(w),)), WORDS),
    WORDS.map(lambda w: d.StageDirection((d.Text(w),))),
    st.builds(d.Emphasis, WORDS.map(lambda w: (d.Text(w),)), st.booleans()),
    st.builds(
        d.Name, WORDS.map(lambda w: (d.Text(w),)), st.sampled_from(["", "a-b", "1917-11-07"])
    ),
    WORDS.map(lambda w: d.SmallCaps((d.Text(w),))),
    st.builds(d.Foreign, WORDS.map(lambda w: (d.Text(w),)), st.sampled_from(["la", "de-AT", "fr"])),
    st.just(d.Comment("à revoir ?")),
)
INLINES = st.lists(st.one_of(SIMPLE, NESTED), max_size=6)
ONE_LINE = INLINES.map(lambda found: [i for i in found if not isinstance(i, d.LineBreak)])
LABELS = st.lists(st.sampled_from(["1", "2", "*", "12.3", "†"]), unique=True, max_size=4)
COUNT, LEVEL, FEW = st.integers(1, 6), st.integers(1, 4), st.integers(1, 3)
EITHER = st.booleans()
SPEAKERS: st.SearchStrategy[tuple[str, ...]] = st.sampled_from([(), ("lenine",), ("a", "b")])
LANGUAGES = st.sampled_from(["", "", "", "de", "la"])
COMMENTS = st.sampled_from([(), (), (), ("à revoir",), ("un\n\ndeux", "trois")])
LEAVES: st.SearchStrategy[d.BlockKind] = st.sampled_from(get_args(d.BlockKind))
CONTAINERS: st.SearchStrategy[d.ContainerKind | None] = st.sampled_from(
    [None, None, *(kind for kind in get_args(d.ContainerKind) if kind != "list-item")]
)
PICTURE = st.builds(
    d.Picture,
    st.sampled_from([*PICTURES]),
    WORDS.filter(lambda alt: any(map(str.isalnum, alt))),
)
ALIGNMENTS = st.sampled_from(get_args(d.Alignment))
STYLES = st.sampled_from(["", "1.", "1)", "(1)", "a)", "a.", "(A)", "i.", "I)", "I."])
DEEPEST = 3
CLAIM = st.one_of(
    WORDS.map(lambda w: d.Claim(w, "stated")),
    st.builds(d.Claim, WORDS, st.sampled_from(["certain", "proposed"]), WORDS),
)
KIND = st.sampled_from(["speech", "essay", "petition"])
DATE = st.sampled_from([d.Claim(), d.Claim("1917-10~", "probable", "le ton")])
PLACE, SUMMARY = st.one_of(st.just(d.Claim()), CLAIM), st.one_of(st.just(""), WORDS)
REMARKS = st.lists(WORDS, max_size=2)
REVISIONS = st.lists(st.builds(d.Revision, st.just("1999-12-31"), WORDS))
OMISSIONS = st.lists(
    st.builds(
        d.Omission,
        st.integers(1, 2),
        st.integers(2, 4),
        st.sampled_from(["folio", "titre courant"]) | WORDS,
        st.just("") | WORDS,
        st.sampled_from(get_args(d.OmissionCertainty)),
    )
)
FORMER = st.lists(
    st.sampled_from(["ancien", "l-an-1905", "note-9", "note-§", "page-99", "page-xii.b"]),
    unique=True,
    max_size=4,
)


def _content(found: list[d.Inline], labels: Sequence[str] = ()) -> d.Inlines:
    """A block's inlines; `labels` are the notes it calls, each once."""
    content = [d.Text("Mot"), *found, *map(d.NoteCall, labels), d.Text("fin")]
    return attached(closed_up(_spaced(content)))


def _spaced(found: list[d.Inline]) -> d.Inlines:
    """Inlines parted by spaces, neighbouring texts as one: as a reader of the file makes them."""
    out: list[d.Inline] = []
    for inline in found:
        last = out[-1] if out else None
        if isinstance(inline, d.LineBreak) or isinstance(last, d.LineBreak):
            if not isinstance(last, d.LineBreak) or not isinstance(inline, d.LineBreak):
                out.append(inline)  # a line has no space at its ends
            continue
        if isinstance(last, d.Text):
            out[-1] = last = d.Text(last.text + " ")
        elif out:
            out.append(last := d.Text(" "))
        if isinstance(inline, d.Text) and isinstance(last, d.Text):
            out[-1] = d.Text(last.text + inline.text)
        else:
            out.append(inline)
    return tuple(out)


@st.composite
def _verse(draw: st.DrawFn) -> d.Inlines:
    """The lines of a stanza."""
    content: list[d.Inline] = []
    for n in range(draw(FEW)):
        found = [inline for inline in draw(INLINES) if not isinstance(inline, d.LineBreak)]
        indent = [d.Indent(4)] if draw(EITHER) else []
        content += [*([d.LineBreak()] if n else []), *indent, *_content(found)]
    return tuple(content)


VERSE = _verse()


@st.composite
def _tables(draw: st.DrawFn) -> d.Block:
    """A table of one to three columns; a cell may be empty."""
    columns = tuple(draw(ALIGNMENTS) for _ in range(draw(FEW)))
    content: list[d.Inline] = []
    for row in range(draw(FEW)):
        for column in range(len(columns)):
            if column or row:
                content.append(d.CellBreak() if column else d.LineBreak())
            found = [inline for inline in draw(INLINES) if not isinstance(inline, d.LineBreak)]
            content += _content(found) if draw(EITHER) or not (row or column) else ()
    table = d.Table(columns, draw(EITHER))
    return d.Block(
        "table", tuple(content), table=table, language=draw(LANGUAGES), comments=draw(COMMENTS)
    )


@st.composite
def _blocks(draw: st.DrawFn, labels: Sequence[str] = ()) -> d.Block:
    """A block outside of all containers; `labels` are the notes it calls."""
    kind = draw(LEAVES)
    inlines = draw(INLINES)
    if kind == "caption":
        kind = "paragraph"
    if kind == "table" and not labels:
        return draw(_tables())
    if kind in ("speaker", "table") or labels:  # a name must be in a speech
        kind = "paragraph"
    if kind == "heading":  # one line in the file
        inlines = [inline for inline in inlines if not isinstance(inline, d.LineBreak)]
    content = draw(VERSE) if kind == "verse" else _content(inlines, labels)
    if kind == "break" or (kind == "figure" and draw(EITHER)):
        content = ()
    return d.Block(
        kind,
        content,
        draw(LEVEL) if kind == "heading" else 0,
        language=draw(LANGUAGES),
        unnumbered=kind == "heading" and draw(EITHER),
        picture=draw(PICTURE) if kind == "figure" else None,
        comments=draw(COMMENTS),
    )


@st.composite
def _parts(draw: st.DrawFn, depth: int) -> d.Block | d.Branch:
    """A block, or a container with what is in it."""
    kind = draw(CONTAINERS) if depth < DEEPEST else None
    if kind is None:
        return draw(BLOCK)
    if kind == "captioned":
        table = replace(draw(_tables()), comments=())
        caption = d.Block("caption", _content(draw(ONE_LINE)), language=table.language)
        both = (table, caption) if draw(EITHER) else (caption, table)
        return d.Branch(d.Container("captioned"), both)
    if kind == "list":
        style, first = draw(STYLES), draw(FEW)
        if style.endswith(".") and style != "1.":
            first = 1  # “p. 12”, “V. Hugo”
        items = tuple(
            d.Branch(
                d.Container("list-item", (), style, first + n if style else 0),
                tuple(draw(_parts(depth + 2)) for _ in range(draw(FEW))),
            )
            for n in range(draw(FEW))
        )
        return d.Branch(d.Container("list", (), style, first if style else 0), items)
    inner = [draw(_parts(depth + 1)) for _ in range(draw(FEW))]
    if kind == "speech" and draw(EITHER):
        inner[0] = d.Block("speaker", (d.Speaker((d.Text("M. X."),)),), comments=draw(COMMENTS))
    elif kind == "speech":
        words = (d.Speaker((d.Text("MME Y."),)), d.Text(" "), *_content(draw(INLINES)))
        inner[0] = d.Block("paragraph", merged(words))
    speakers = draw(SPEAKERS) if kind in d.VOICES else ()
    return d.Branch(d.Container(kind, speakers), tuple(inner))


BLOCK = _blocks()
PART = _parts(0)


def contributors(keys: Sequence[str]) -> st.SearchStrategy[tuple[d.Contributor, ...]]:
    """Contributors, with and without an entry, in any order; nobody is said by leaving it out."""
    known = st.sampled_from([*((key, "") for key in keys), ("", "Aubin, Louise"), ("", "N.")])
    sure, role = st.sampled_from(get_args(d.Certainty)), st.sampled_from([*d.RELATORS])
    ground = st.sampled_from(["", "le ton"])
    named = st.builds(
        lambda role, who, sure, why: d.Contributor(
            role, who[0], who[1], sure, why if sure in ("stated", "unknown") else "le ton"
        ),
        role,
        known,
        sure,
        ground,
    )
    unknown = st.builds(d.Contributor, role, certainty=st.just("unknown"), ground=ground)
    one = st.one_of(named, unknown.filter(lambda found: found != d.Contributor()))
    once = st.lists(one, max_size=4, unique_by=lambda who: (who.role, who.key, who.name))
    return once.map(tuple)


_SAID = st.sampled_from(["", "Mot", "« Mots » : l’un, l’autre", "12-14"])
_KEYS = st.sampled_from(["", "broue1963", "broue1963, p. 12"])


def sources() -> st.SearchStrategy[d.Source]:
    """Where a text may come from."""
    url = st.sampled_from(["", "https://exemple.fr/a?b=c&d"])
    taken = st.sampled_from(["", "2024-05-03", "2024~"])
    return st.builds(
        d.Source, _SAID, _KEYS, _SAID, _SAID, _SAID, _SAID, url=url, taken=taken, by=_SAID
    )


def originals() -> st.SearchStrategy[d.Original]:
    """What a text may be a translation of."""
    return st.builds(
        d.Original,
        _SAID,
        st.sampled_from(["", "ru"]),
        st.sampled_from(["", "1917", "1917-11/1917-12"]),
        _KEYS,
        _SAID,
    )


def _pairs(*pairs: tuple[str, str]) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    return st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)


def licenses() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Licences of layers."""
    return _pairs(
        ("author", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("translation", "https://rightsstatements.org/vocab/InC/1.0/"),
        ("edition", "CC-BY-4.0"),
        ("edition", "etalab-2.0"),
    )


def identifiers() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Identifiers of a text."""
    return _pairs(*((scheme, SCHEMES[scheme].example) for scheme in OF_TEXTS))


@st.composite
def _documents(draw: st.DrawFn) -> d.Document:
    labels = draw(LABELS)
    words = d.Block("paragraph", _content(draw(INLINES), labels[:2]), comments=draw(COMMENTS))
    parts: list[d.Block | d.Branch] = [words]
    parts += [draw(PART) for _ in range(draw(COUNT))]
    if len(labels) > 2:
        parts.append(draw(_blocks(labels[2:])))
    blocks = [
        replace(block, anchor=f"titre-{n}") if block.kind == "heading" and draw(EITHER) else block
        for n, block in enumerate(d.flattened(parts))
    ]
    notes = tuple(
        d.Note(label, tuple(replace(b, comments=()) for b in d.flattened(draw(NOTE))))
        for label in labels
    )
    meta = d.Meta(
        id="texte-1",
        title=draw(CLAIM),
        kind=draw(KIND),
        contributors=draw(CONTRIBUTORS),
        source=draw(SOURCE),
        original=draw(ORIGINAL),
        license=draw(LICENSES),
        identifiers=draw(IDENTIFIERS),
        collection=draw(COLLECTION),
        work=draw(WORK),
        date=draw(DATE),
        place=draw(PLACE),
        summary=draw(SUMMARY),
        remarks=tuple(draw(REMARKS)),
        revisions=tuple(draw(REVISIONS)),
        omissions=tuple(draw(OMISSIONS)),
    )
    document = identified(d.Document(meta, tuple(blocks), notes, draw(COMMENTS)))
    return replace(document, meta=replace(meta, aliases=draw(_aliases(document))))


@st.composite
def _aliases(draw: st.DrawFn, document: d.Document) -> tuple[tuple[str, str], ...]:
    """Anchors that a document no longer has; each leads to one that it has, to the previous alias,
    or nowhere."""
    ends, aliases = ["", *anchors_of(document)], list[tuple[str, str]]()
    for old in draw(FORMER):
        aliases.append((old, draw(st.sampled_from(ends))))
        ends.append(old)
    return tuple(aliases)


CONTRIBUTORS = contributors(["aubin"])
COLLECTION = st.sampled_from([(), ("lettres",), ("lettres", "seances")])
WORK = st.sampled_from(["", "chanson"])
SOURCE, ORIGINAL, LICENSES, IDENTIFIERS = sources(), originals(), licenses(), identifiers()
NOTE = st.lists(PART, min_size=1, max_size=3)
DOCUMENTS = _documents()


def documents() -> st.SearchStrategy[d.Document]:
    """Documents of every shape that an edition file may have."""
    return DOCUMENTS


def without_comments(document: d.Document) -> d.Document:
    """A document without what is never published: the comments of its editor."""

    def of_blocks(blocks: tuple[d.Block, ...]) -> tuple[d.Block, ...]:
        return tuple(
            replace(block, content=merged(of_inlines(block.content)), comments=())
            for block in blocks
        )

    def of_inlines(content: d.Inlines) -> d.Inlines:
        return tuple(
            structs.replace(inline, content=of_inlines(inline.content))
            if isinstance(inline, d.NESTING)
            else inline
            for inline in content
            if not isinstance(inline, d.Comment)
        )

    notes = tuple(replace(note, blocks=of_blocks(note.blocks)) for note in document.notes)
    return d.Document(document.meta, of_blocks(document.blocks), notes)
