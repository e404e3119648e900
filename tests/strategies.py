"""What hypothesis makes documents from: anything that an edition file may hold."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from archive_site import document as d
from archive_site.edition import identified

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


def inlines(labels: list[str]) -> st.SearchStrategy[d.Inlines]:
    """A block's inlines; `labels` are the notes it may call, each once."""
    simple = st.one_of(
        WORDS.map(d.Text),
        st.sampled_from(["e", "er", "re"]).map(d.Superscript),
        st.sampled_from(["", "3", "[12]"]).map(d.PageBreak),
        st.builds(d.Emendation, WORDS, SIC, st.sampled_from(["", "faute d’impression"])),
        WORDS.map(d.Gap),
        TARGETS.map(lambda target: d.Link((d.Text("voir"),), target)),
    )
    nested = st.one_of(
        st.builds(d.Doubt, WORDS.map(lambda w: (d.Text(w),)), WORDS),
        WORDS.map(lambda w: d.StageDirection((d.Text(w),))),
        st.builds(
            d.Name, WORDS.map(lambda w: (d.Text(w),)), st.sampled_from(["", "a-b", "1917-11-07"])
        ),
    )
    return st.lists(st.one_of(simple, nested), max_size=6).map(
        lambda found: _spaced([d.Text("Mot"), *found, *map(d.NoteCall, labels), d.Text("fin")])
    )


def _spaced(found: list[d.Inline]) -> d.Inlines:
    """Inlines parted by spaces, neighbouring texts as one: as a reader of the file makes them."""
    out: list[d.Inline] = []
    for inline in found:
        last = out[-1] if out else None
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
def documents(draw: st.DrawFn) -> d.Document:
    labels = draw(st.lists(st.sampled_from(["1", "2", "*", "12.3", "†"]), unique=True))
    blocks: list[d.Block] = []
    kinds = st.sampled_from(get_args(d.BlockKind))
    for i in range(draw(st.integers(1, 8))):
        kind: d.BlockKind = draw(kinds)
        called = labels[:2] if i == 0 else labels[2:] if i == 1 else []
        content = draw(inlines(called))
        level = draw(st.integers(1, 4)) if kind == "heading" else 0
        before = blocks[-1] if blocks else None
        boxed = draw(st.booleans())
        continues = (
            kind == "quotation"
            and before is not None
            and before.kind == "quotation"
            and before.boxed == boxed
            and draw(st.booleans())
        )
        speaker = draw(st.sampled_from([(), ("lenine",), ("a", "b")]))
        if continues and before is not None:
            speaker = before.speaker
        blocks.append(
            d.Block(kind, content, level, speaker if kind == "quotation" else (), continues, boxed)
        )
    called_labels = labels if len(blocks) > 1 else labels[:2]
    notes = tuple(
        d.Note(label, tuple(d.Block("paragraph", draw(inlines([]))) for _ in range(n)))
        for label in called_labels
        for n in [draw(st.integers(1, 3))]
    )
    claim = st.one_of(
        WORDS.map(lambda w: d.Claim(w, "stated")),
        st.builds(d.Claim, WORDS, st.sampled_from(["certain", "proposed"]), WORDS),
    )
    meta = d.Meta(
        id="texte-1",
        title=draw(claim),
        kind=draw(st.sampled_from(["speech", "essay"])),
        date=draw(st.sampled_from([d.Claim(), d.Claim("1917-10~", "probable", "le ton")])),
        place=draw(st.one_of(st.just(d.Claim()), claim)),
        summary=draw(st.one_of(st.just(""), WORDS)),
        remarks=tuple(draw(st.lists(WORDS, max_size=2))),
        revisions=tuple(draw(st.lists(st.builds(d.Revision, st.just("1999-12-31"), WORDS)))),
        omissions=tuple(draw(st.lists(st.builds(d.Omission, st.just(2), st.just(4), WORDS)))),
    )
    return identified(d.Document(meta, tuple(blocks), notes))
