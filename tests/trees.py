"""What hypothesis makes pandoc's trees from, and the words that such a tree has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from archive_site.sources.marks import MARK, PAGE, ROLE, mark

Node = dict[str, Any]
WORD = st.text("abcdé", min_size=3, max_size=6).map(lambda letters: f"m{letters}")
"""Words that are told apart from labels of notes and numbers of lists: they begin with m."""
SIGNS = st.text(
    "*_[](){}^~<>|#:;!?1.)a-–«»’'\"@\\`=+&$%/ \u00a0\u2003\u00ad", min_size=1, max_size=5
)
PAGES = st.sampled_from([f" {mark(PAGE)} ", f" {mark(PAGE, '3')} "])
STYLES = st.sampled_from(
    ["Title", "Quote", "Verse", "Signature", "Date", "Subtitle", "Epigraphe", "Body Text", ""]
)


def node(kind: str, held: Any = None) -> Node:
    return {"t": kind} if held is None else {"t": kind, "c": held}


def attributes(draw: st.DrawFn) -> list[Any]:
    pairs = draw(st.sampled_from([[], [], [["lang", "de"]], [["lang", "fr"]], [["lang", "??"]]]))
    style = draw(STYLES)
    classes = draw(st.sampled_from([[], ["poem"], ["epigraph"], ["mark"]]))
    return ["", classes, [*pairs, *([["custom-style", style]] if style else [])]]


@st.composite
def _inline(draw: st.DrawFn, depth: int) -> Node:
    kind = draw(st.sampled_from(LEAVES if depth >= 3 else (*LEAVES, *NESTING)))
    match kind:
        case "Str":
            text = draw(st.one_of(WORD, WORD, SIGNS, PAGES))
            return node("Str", text)
        case "Space" | "SoftBreak" | "LineBreak":
            return node(kind)
        case "Code":
            return node(kind, [["", [], []], draw(WORD)])
        case "Math":
            return node(kind, [node("InlineMath"), draw(WORD)])
        case "RawInline":
            format, text = draw(
                st.sampled_from([("html", "<b>"), ("tex", "\\mabc{x}"), ("html", "<br/>")])
            )
            return node(kind, [format, text])
        case "Mystery":
            return node(kind, [draw(WORD), [node("Str", draw(WORD))]])
    if kind == "Note":
        return node(kind, draw(blocks(depth + 2)))
    inner = draw(inlines(depth + 1))
    match kind:
        case "Quoted":
            return node(kind, [node(draw(st.sampled_from(["SingleQuote", "DoubleQuote"]))), inner])
        case "Cite":
            return node(kind, [[], inner])
        case "Link":
            target = draw(
                st.sampled_from(["https://a.fr/b(c) d", "#x", "../a.htm", "mailto:a@b.fr"])
            )
            return node(kind, [["", [], []], inner, [target, ""]])
        case "Image":
            return node(kind, [["", [], []], inner, [draw(st.sampled_from(["a/b.png", ""])), ""]])
        case "Span":
            return node(kind, [attributes(draw), inner])
    return node(kind, inner)


LEAVES = (
    "Str",
    "Str",
    "Str",
    "Space",
    "SoftBreak",
    "LineBreak",
    "Code",
    "Math",
    "RawInline",
    "Mystery",
)
NESTING = (
    *("Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"),
    *("Quoted", "Cite", "Link", "Image", "Note", "Span"),
)


def inlines(depth: int = 0) -> st.SearchStrategy[list[Node]]:
    return st.lists(_inline(depth), max_size=5)


@st.composite
def _cells(draw: st.DrawFn, depth: int) -> list[Any]:
    def cell() -> list[Any]:
        span = st.sampled_from([1, 1, 1, 2])
        held = draw(st.one_of(_plain(depth), _plain(depth), blocks(depth + 1)))
        return [["", [], []], node("AlignDefault"), draw(span), draw(span), held]

    return [["", [], []], [cell() for _ in range(draw(st.integers(0, 3)))]]


def _plain(depth: int) -> st.SearchStrategy[list[Node]]:
    return inlines(depth).map(lambda found: [node("Plain", found)] if found else [])


@st.composite
def _block(draw: st.DrawFn, depth: int) -> Node:
    flat = ("Para", "Para", "Plain", "Header", "LineBlock", "CodeBlock", "HorizontalRule", "Marked")
    nested = ("BlockQuote", "BulletList", "OrderedList", "DefinitionList", "Table", "Div", "Figure")
    kind = draw(st.sampled_from(flat if depth >= 3 else (*flat, *nested)))
    few = st.integers(0, 3)
    match kind:
        case "Para" | "Plain":
            return node(kind, draw(inlines(depth)))
        case "Marked":
            role = draw(st.sampled_from(["verse", "title", "quotation", "stage"]))
            return node("Para", [node("Str", mark(ROLE, role)), *draw(inlines(depth))])
        case "Header":
            return node(kind, [draw(st.integers(1, 6)), ["", [], []], draw(inlines(depth))])
        case "LineBlock":
            return node(kind, [draw(inlines(depth)) for _ in range(draw(few))])
        case "CodeBlock":
            return node(kind, [["", [], []], "\n  ".join(draw(st.lists(WORD, max_size=3)))])
        case "HorizontalRule":
            return node(kind)
        case "BlockQuote":
            return node(kind, draw(blocks(depth + 1)))
        case "BulletList":
            return node(kind, [draw(blocks(depth + 1)) for _ in range(draw(few))])
        case "OrderedList":
            styles = ["Decimal", "LowerAlpha", "UpperRoman", "DefaultStyle", "Example"]
            style = node(draw(st.sampled_from(styles)))
            delimiter = node(draw(st.sampled_from(["Period", "OneParen", "TwoParens"])))
            first = draw(st.sampled_from([1, 1, 3, 0, -2]))
            items = [draw(blocks(depth + 1)) for _ in range(draw(few))]
            return node(kind, [[first, style, delimiter], items])
        case "DefinitionList":
            pairs = [
                [draw(inlines(depth + 1)), [draw(blocks(depth + 1)) for _ in range(draw(few))]]
                for _ in range(draw(few))
            ]
            return node(kind, pairs)
        case "Table":
            head, foot = (
                [["", [], []], [draw(_cells(depth))] * draw(st.integers(0, 1))] for _ in "ab"
            )
            body = [["", [], []], 0, [], [draw(_cells(depth)) for _ in range(draw(few))]]
            caption = [None, draw(_plain(depth))]
            columns = [[node("AlignLeft"), node("ColWidthDefault")]] * draw(few)
            return node(kind, [["", [], []], caption, columns, head, [body], foot])
        case "Figure":
            caption = [None, [node("Plain", draw(inlines(depth)))]]
            return node(kind, [["", [], []], caption, draw(blocks(depth + 1))])
    return node("Div", [attributes(draw), draw(blocks(depth + 1))])


def blocks(depth: int = 0) -> st.SearchStrategy[list[Node]]:
    return st.lists(_block(depth), max_size=4 - depth)


def trees() -> st.SearchStrategy[dict[str, Any]]:
    """Pandoc's trees of every kind of node, in any order; some that pandoc never makes."""
    return blocks().map(lambda found: {"meta": {}, "blocks": found})


# ---------------------------------------------------------------- the words of a tree


def words_of(tree: dict[str, Any]) -> str:
    """The words of a tree, in order: of the text, then of each note in the order of the calls."""
    notes: list[str] = []
    text = "\n".join(_blocks(tree["blocks"], notes))
    return "\n".join([text, *notes])


def _blocks(nodes: Sequence[Node], notes: list[str]) -> Iterator[str]:
    for found in nodes:
        yield from _words_of_block(found, notes)


def _words_of_block(found: Node, notes: list[str]) -> Iterator[str]:
    held: Any = found.get("c")
    match found["t"], held:
        case "Para" | "Plain", _:
            yield _inlines(held, notes)
        case "Header", (_, _, words):
            yield _inlines(words, notes)
        case "LineBlock", _:
            yield from (_inlines(line, notes) for line in held)
        case "CodeBlock", (_, words):
            yield words
        case "BlockQuote", _:
            yield from _blocks(held, notes)
        case "BulletList", _:
            yield from (words for item in held for words in _blocks(item, notes))
        case "OrderedList", (_, items):
            yield from (words for item in items for words in _blocks(item, notes))
        case "DefinitionList", _:
            for term, meanings in held:
                yield _inlines(term, notes)
                yield from (words for meaning in meanings for words in _blocks(meaning, notes))
        case "Table", (_, caption, _, head, bodies, foot):
            yield from _blocks(caption[1], notes)
            rows = [*head[1], *(r for b in bodies for r in (*b[2], *b[3])), *foot[1]]
            yield from (w for _, cells in rows for cell in cells for w in _blocks(cell[4], notes))
        case "Figure", (_, caption, inner):
            yield from _blocks(inner, notes)
            yield from _blocks(caption[1], notes)
        case "Div", (_, inner):
            yield from _blocks(inner, notes)


def _inlines(nodes: Sequence[Node], notes: list[str]) -> str:
    return "".join(_words_of_inline(found, notes) for found in nodes)


def _words_of_inline(found: Node, notes: list[str]) -> str:
    held: Any = found.get("c")
    match found["t"]:
        case "Str":
            return MARK.sub("", held)
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "Code" | "Math" | "RawInline":
            return " " * ("br" in held[1]) if held[0] == "html" else str(held[1])
        case "Mystery":
            return f"{held[0]} {held[1][0]['c']}"
        case "Note":
            at = len(notes)
            notes.append("")
            notes[at] = "\n".join(_blocks(held, notes))
            return ""
        case "Quoted":
            return f"“{_inlines(held[1], notes)}”"
        case "Cite" | "Link" | "Image" | "Span":
            return _inlines(held[1], notes)
    return _inlines(held, notes)
