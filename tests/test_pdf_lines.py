"""How the characters of a page become lines."""

from __future__ import annotations

from itertools import chain

from archive_site.sources.lines import Glyph, Run, lines_of
from archive_site.witness.printed import Type


def glyphs(text: str, left: float, baseline: float, size: float) -> list[Glyph]:
    """Characters that are half as wide as high."""
    return [
        Glyph(
            char,
            left + n * size / 2,
            left + (n + 1) * size / 2,
            baseline - size,
            baseline,
            baseline,
            Type(size=size),
            n > 0 and text[n - 1] == " ",
        )
        for n, char in enumerate(text)
        if char != " "
    ]


def test_small_words_close_to_the_right_margin_are_a_line_of_their_own() -> None:
    """The file has them right after a line of the text, and the gap is that between words."""
    texts = ["Le comité siège", "dans une salle.", "Il lit la liste", "des écoles ici."]
    rows = [glyphs(text, 30, 100 + 14 * n, 12) for n, text in enumerate(texts)]
    rows[1] += glyphs("en marge", 30 + 15 * 6 + 5, 114, 9)
    lines = lines_of(1, 0, [Run(tuple(row), n) for n, row in enumerate(rows)], 1.0, True)
    assert [line.text for line in lines] == [*texts, "en marge"]


def test_small_words_within_the_margins_are_of_the_text() -> None:
    texts = ["Le comité siège", "Le C", "Il lit la liste"]
    rows = [glyphs(text, 30, 100 + 14 * n, 12) for n, text in enumerate(texts)]
    rows[1] = list(chain(rows[1], glyphs("OMITÉ", 30 + 4 * 6, 114, 9)))
    lines = lines_of(1, 0, [Run(tuple(row), n) for n, row in enumerate(rows)], 1.0, True)
    assert [line.text for line in lines] == ["Le comité siège", "Le COMITÉ", "Il lit la liste"]
