"""Any tree of TEI elements is read, and not a word of its text is lost, doubled or moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import quoteattr

from hypothesis import given
from hypothesis import strategies as st

from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import identified
from archive_site.sources.tei import read_tei
from archive_site.text.document import NESTING, Document, Emendation, Inlines, Text
from archive_site.text.reading import walk, witness_text
from examples import examples

ELEMENTS = (
    "p ab div div1 div2 head lg l quote q cit bibl epigraph argument opener closer salute signed "
    "dateline postscript byline trailer sp speaker stage list item label table row cell figure "
    "floatingText body hi emph title foreign name persName date ref ptr anchor seg w lb pb cb "
    "milestone supplied surplus unclear sic add said castList castItem set address addrLine note "
    "unheard-of egg group text u"
).split()
ATTRIBUTES: tuple[dict[str, str], ...] = (
    {},
    {},
    {"rend": "i"},
    {"rend": "sup"},
    {"rend": "sc bold"},
    {"rend": "indent2", "part": "F"},
    {"type": "head"},
    {"type": "notes"},
    {"xml:lang": "de"},
    {"xml:lang": "fr"},
    {"n": "3"},
    {"xml:id": "a"},
    {"xml:id": "b", "n": "1)"},
    {"target": "#a"},
    {"target": "#b", "type": "noteref"},
    {"target": "https://exemple.fr/"},
    {"when": "1917-11-07"},
    {"break": "no"},
    {"role": "label", "cols": "2"},
    {"type": "ordered"},
    {"next": "#a"},
    {"prev": "#b"},
    {"unit": "section"},
    {"xml:space": "preserve"},
)


@dataclass(frozen=True)
class Tree:
    """An element, and what is in it."""

    name: str
    attributes: dict[str, str]
    parts: tuple[Tree | str, ...]


SIGNS = st.sampled_from(
    ["", "", " ", "\n  ", ".", " – ", "-", "* ", "_", "[", "]", "|", "#", "1. "]
)
WORD = st.tuples(SIGNS, st.sampled_from(["mot", "Mot", "été", "12"]), SIGNS)
PART = st.recursive(
    st.one_of(WORD, st.sampled_from(["", " ", "\n"])),
    lambda inner: st.builds(
        Tree,
        st.sampled_from(ELEMENTS),
        st.sampled_from(ATTRIBUTES),
        st.lists(inner, max_size=4).map(tuple),
    ),
    max_leaves=25,
)
BODY = st.lists(PART, min_size=1, max_size=5).map(tuple)


def numbered(part: object, numbers: Iterator[int]) -> Tree | str:
    """A tree whose words all differ."""
    if isinstance(part, Tree):
        return Tree(part.name, part.attributes, tuple(numbered(p, numbers) for p in part.parts))
    if isinstance(part, tuple):
        before, word, after = part
        return f"{before}{word}q{next(numbers)}z{after}"
    return str(part)


def xml(part: Tree | str, ids: set[str]) -> str:
    if isinstance(part, str):
        return part
    attributes = dict(part.attributes)
    if attributes.get("xml:id") in ids:
        del attributes["xml:id"]
    ids.add(attributes.get("xml:id", ""))
    written = "".join(f" {k}={quoteattr(v)}" for k, v in attributes.items())
    inner = "".join(xml(p, ids) for p in part.parts)
    return f"<{part.name}{written}>{inner}</{part.name}>"


def tei(body: str) -> bytes:
    head = "<teiHeader><fileDesc><titleStmt><title>T</title></titleStmt></fileDesc></teiHeader>"
    space = "http://www.tei-c.org/ns/1.0"
    return (
        f'<TEI xmlns="{space}">{head}<text xml:lang="fr"><body>{body}</body></text></TEI>'.encode()
    )


def numbers_in(words: str) -> list[int]:
    return [int(found) for found in re.findall(r"q(\d+)z", words)]


def outside_notes(part: Tree | str) -> Iterator[int]:
    """The numbers of the words that are in no note."""
    if isinstance(part, str):
        yield from numbers_in(part)
    elif part.name != "note":
        for inner in part.parts:
            yield from outside_notes(inner)


def pointed(parts: tuple[Tree | str, ...]) -> bool:
    """Whether something points into the file: a note may be called anywhere then."""
    return any(
        isinstance(part, Tree)
        and (bool({"target", "next", "prev"} & part.attributes.keys()) or pointed(part.parts))
        for part in parts
    )


def words_of(document: Document, *, notes: bool) -> list[int]:
    blocks = document.every_block if notes else document.blocks
    return [n for block in blocks for n in numbers_in(all_words(block.content))]


def all_words(content: Inlines) -> str:
    """The words of inlines, with those that are only in the reading or in the witness."""
    return witness_text(
        tuple(
            Text(inline.reading or inline.witness) if isinstance(inline, Emendation) else inline
            for inline in walk(content)
            if not isinstance(inline, NESTING)
        )
    )


@given(BODY)
@examples(400)
def test_no_word_is_lost(parts: tuple[object, ...]) -> None:
    numbers = count()
    body = tuple(numbered(part, numbers) for part in ("d", *parts))
    every = list(range(next(numbers)))
    ids: set[str] = set()
    document = read_tei(tei("".join(xml(part, ids) for part in body)), "x.xml", "x.xml")
    told = numbers_in(" ".join(document.meta.remarks))
    assert sorted(words_of(document, notes=True) + told) == every
    if not pointed(body):
        found = [n for part in body for n in outside_notes(part)]
        assert words_of(document, notes=False) == found
    assert loads(dumps(document)) == document == identified(document)
