"""The LaTeX of BibTeX files as words. Nothing in it is run, and no file is read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_MARKED = re.compile(r"[\\{}$~]|--|``|''")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_COMMENT = re.compile(r"(?<!\\)%")
_DOLLAR = re.compile(r"(?<!\\)\$")
_ESCAPED = re.compile(r"\\([#$%&_{}~^])")
# The elements are those of CSL-JSON.
_MACROS = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "mkbibitalic"), "<i>%s</i>"),
    **dict.fromkeys(("textbf", "mkbibbold"), "<b>%s</b>"),
    **dict.fromkeys(("textsuperscript", "up", "fup", "mkbibsuperscript"), "<sup>%s</sup>"),
    **dict.fromkeys(("textsubscript", "mkbibsubscript"), "<sub>%s</sub>"),
    **dict.fromkeys(("enquote", "mkbibquote"), "“%s”"),
    **dict.fromkeys(("url", "nolinkurl", "textnormal", "mkbibparens", "textup"), "%s"),
}
_SIGNS = {
    "og": "« ", "fg": " »", "no": "n°", "No": "N°", "ier": "er", "iere": "re", "ieme": "e",
    "textquoteright": "’", "textquoteleft": "‘", "slash": "/", "newblock": " ", "noopsort": "",
    "relax": "", "protect": "", "nobreakdash": "", "bfseries": "", "itshape": "", "scshape": "",
}  # fmt: skip
_NOT_WORDS = frozenset(
    "input include write read openin openout def edef gdef let newcommand renewcommand "
    "includegraphics csname catcode".split()
)
"""Macros that make no words: they would read files, or define other macros."""


def words_of(latex: str) -> str:
    """LaTeX as words with the elements of CSL-JSON (`<i>`, `<sup>` …); white space is one space."""
    if _MARKED.search(latex):
        latex = _COMMENT.sub(r"\\%", latex)
        if len(_DOLLAR.findall(latex)) % 2:
            latex = _DOLLAR.sub(r"\\$", latex)
        texts, shapes = _decoder()
        latex = texts.latex_to_text(latex, latex_context=shapes)
    return " ".join(latex.split(None))


def unescaped(latex: str) -> str:
    """A web address, a DOI and the like: only the characters that LaTeX escapes are plain."""
    return _ESCAPED.sub(r"\1", latex.strip()).removeprefix("\\url{").removesuffix("}")


def unknown_macros(latex: str) -> list[str]:
    """The names of the macros that `words_of` does not know: words may be missing there."""
    names = dict.fromkeys(_MACRO.findall(latex)) if "\\" in latex else ()
    known = _decoder()[0].latex_context if names else None
    return [
        name
        for name in names
        if name in _NOT_WORDS or (known is not None and known.get_macro_spec(name) is None)
    ]


@lru_cache(maxsize=1)
def _decoder() -> tuple[LatexNodes2Text, Any]:
    """What makes words of LaTeX, and the number of arguments of each macro."""
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )
    from pylatexenc.latexwalker import get_default_latex_context_db as walker_context
    from pylatexenc.macrospec import MacroSpec

    texts, shapes = get_default_latex_context_db(), walker_context()
    replaced = {**_MACROS, **_SIGNS}
    texts.add_context_category(
        "bibliography", prepend=True, macros=[MacroTextSpec(n, r) for n, r in replaced.items()]
    )
    shapes.add_context_category(
        "bibliography", prepend=True, macros=[MacroSpec(name, "{") for name in _MACROS]
    )
    decoder = LatexNodes2Text(latex_context=texts, math_mode="text", strict_latex_spaces=True)
    return decoder, shapes
