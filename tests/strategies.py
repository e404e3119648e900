"""What hypothesis makes documents from: anything that an edition file may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from hypothesis import strategies as st

from archive_site.edition.format import identified
from archive_site.text import document as d

WORDS = st.text(
    st.one_of(
        st.sampled_from("abé ’'\"«»[](){}*_^`<>#\\:;!?.…-–—&|~+=1"),
        st.characters(codec="utf-8", categories=("L", "N", "P", "S")),
    ),
    min_size=1,
    max_size=25,
).map(lambda text: " ".join(text.split()) or "mot")
SIC = WORDS.filter(bool)
TARGETS = st.sampled_from(["https://exemple.fr/a_b?c=d", "#bloc", "autre#bloc", "mailto:a@b.fr"])


# Each strategy is made once: to make one for every example costs more than the example.
SIMPLE = st.one_of(
    WORDS.map(d.Text),
    st.sampled_from(["e", "er", "re"]).map(d.Superscript),
    st.sampled_from(["", "3", "[12]"]).map(d.PageBreak),
    st.builds(d.Emendation, WORDS, SIC, st.sampled_from(["", "faute d’impression"])),
    WORDS.map(d.Gap),
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
)
INLINES = st.lists(st.one_of(SIMPLE, NESTED), max_size=6)
LABELS = st.lists(st.sampled_from(["1", "2", "*", "12.3", "†"]), unique=True)
COUNT, LEVEL, PARAGRAPHS = st.integers(1, 8), st.integers(1, 4), st.integers(1, 3)
KINDS, EITHER = st.sampled_from(get_args(d.BlockKind)), st.booleans()
SPEAKERS = st.sampled_from([(), ("lenine",), ("a", "b")])
CLAIM = st.one_of(
    WORDS.map(lambda w: d.Claim(w, "stated")),
    st.builds(d.Claim, WORDS, st.sampled_from(["certain", "proposed"]), WORDS),
)
KIND: st.SearchStrategy[Literal["speech", "essay"]] = st.sampled_from(["speech", "essay"])
DATE = st.sampled_from([d.Claim(), d.Claim("1917-10~", "probable", "le ton")])
PLACE, SUMMARY = st.one_of(st.just(d.Claim()), CLAIM), st.one_of(st.just(""), WORDS)
REMARKS = st.lists(WORDS, max_size=2)
REVISIONS = st.lists(st.builds(d.Revision, st.just("1999-12-31"), WORDS))
OMISSIONS = st.lists(st.builds(d.Omission, st.just(2), st.just(4), WORDS))


def _content(found: list[d.Inline], labels: Sequence[str] = ()) -> d.Inlines:
    """A block's inlines; `labels` are the notes it calls, each once."""
    return _spaced([d.Text("Mot"), *found, *map(d.NoteCall, labels), d.Text("fin")])


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
def _documents(draw: st.DrawFn) -> d.Document:
    labels = draw(LABELS)
    blocks: list[d.Block] = []
    for i in range(draw(COUNT)):
        kind: d.BlockKind = draw(KINDS)
        called = labels[:2] if i == 0 else labels[2:] if i == 1 else []
        inlines = draw(INLINES)
        if kind == "heading":  # one line in the file
            inlines = [inline for inline in inlines if not isinstance(inline, d.LineBreak)]
        content = _content(inlines, called)
        level = draw(LEVEL) if kind == "heading" else 0
        before = blocks[-1] if blocks else None
        boxed = draw(EITHER)
        continues = (
            kind == "quotation"
            and before is not None
            and before.kind == "quotation"
            and before.boxed == boxed
            and draw(EITHER)
        )
        speaker = draw(SPEAKERS)
        if continues and before is not None:
            speaker = before.speakers
        blocks.append(
            d.Block(kind, content, level, speaker if kind == "quotation" else (), continues, boxed)
        )
    called_labels = labels if len(blocks) > 1 else labels[:2]
    notes = tuple(
        d.Note(label, tuple(d.Block("paragraph", _content(draw(INLINES))) for _ in range(n)))
        for label in called_labels
        for n in [draw(PARAGRAPHS)]
    )
    meta = d.Meta(
        id="texte-1",
        title=draw(CLAIM),
        kind=draw(KIND),
        date=draw(DATE),
        place=draw(PLACE),
        summary=draw(SUMMARY),
        remarks=tuple(draw(REMARKS)),
        revisions=tuple(draw(REVISIONS)),
        omissions=tuple(draw(OMISSIONS)),
    )
    return identified(d.Document(meta, tuple(blocks), notes))


DOCUMENTS = _documents()


def documents() -> st.SearchStrategy[d.Document]:
    """Documents of every shape that an edition file may have."""
    return DOCUMENTS
