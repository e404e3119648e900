"""How TEI files say that words are in italics, bold, small capitals or raised: in `@rend`,
`@rendition` and `@style`, by the words of many projects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive_site.sources.tei.parsing import Node

ITALIC, BOLD, RAISED, CAPITALS = "italic", "bold", "raised", "capitals"
STYLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"i|it|ital(?:ic|ics|ique|iques)?|em|emph|oblique|g|spaced|sperrtext|letterspaced"
            r"|letter-spacing|u|underlined?|soulign[ée]"
        ),
        ITALIC,
    ),
    (re.compile(r"b|bold|bolder|gras|strong|fett"), BOLD),
    (re.compile(r"sup|super|superscript|exp|exposant|hoch"), RAISED),
    (re.compile(r"k|sc|pc|smcap|small-?caps?|petites-capitales|caps"), CAPITALS),
)
"""The words for each style."""
_TOKENS = re.compile(r"[\s;,:#()]+")


def styles_of(node: Node, renditions: Mapping[str, str]) -> frozenset[str]:
    """The styles of an element. `renditions` has the CSS that the header declares, by id."""
    said = [node.get("rend"), node.get("style")]
    for pointer in node.get("rendition").split():
        said.append(renditions.get(pointer.lstrip("#"), pointer))
    tokens = _TOKENS.split(" ".join(said).lower())
    return frozenset(style for words, style in STYLES if any(map(words.fullmatch, tokens)))


def renditions_of(header: Node) -> dict[str, str]:
    """The CSS of each `rendition` in a header, by its id."""
    return {node.id: node.words for node in header.every("rendition") if node.id and node.words}


def indent_of(node: Node) -> int:
    """How far a line of verse is indented, in characters: `indent`, `indent2`, `indent(8)` …"""
    for name in ("rend", "rendition", "style"):
        said = node.get(name).lower()
        if exact := re.search(r"indent\((\d{1,3})\)", said):
            return min(int(exact[1]), WIDEST)
        if step := re.search(r"(?:indent|#et|^et|retrait)[-_]?(\d?)(?!\w)", said):
            return min(STEP * int(step[1] or 1), WIDEST)
        if ems := re.search(
            r"(?:margin-left|text-indent|padding-left):\s*(\d{1,2})(?:\.\d+)?em", said
        ):
            return min(2 * int(ems[1]), WIDEST)
    return 0


STEP, WIDEST = 4, 60
"""The characters of one step of indentation, and the most of all."""
