"""Reads made PDFs: their words, what stands outside the text area, hyphens at line ends."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from layouts.model import Document, Furniture, bare
from layouts.styles import Style

_FOLD = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\u00ad": "-", "\u0002": "-"})
_WORD = re.compile(r"[^\W\d_]+|\d+")


def folded(text: str) -> str:
    """Text in which case, ligatures, apostrophes and kinds of hyphens do not count."""
    return unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).casefold()


def letters(text: str) -> str:
    """Letters and figures alone."""
    return "".join(re.findall(r"[^\W_]", folded(text)))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, lines parted by line ends."""
    try:
        import pypdfium2
    except ImportError:
        from io import BytesIO

        from pypdf import PdfReader

        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    document = pypdfium2.PdfDocument(pdf)
    out = []
    for page in document:
        text = page.get_textpage().get_text_bounded()
        out.append(text.replace("\r\n", "\n").replace("\ufffe", "\u0002"))
    document.close()
    return out


def words_of(text: str) -> Counter[str]:
    """Words, those that a line end parts joined, hyphens inside words apart."""
    joined = re.sub(r"(?<=\w)[-\u00ad\u0002]\s*\n\s*(?=\w)", "", folded(text))
    joined = re.sub(r"(?<=\w)[-\u0002](?=\w)", "", joined)
    return Counter(_WORD.findall(joined))


def said(truth: dict[str, Any]) -> str:
    """All that a truth says was printed, calls and marks of notes apart."""
    texts = [block["text"] for block in truth["blocks"]]
    texts += [note["text"] for note in truth["notes"]]
    texts += [other["text"] for other in truth["pullquotes"] + truth["omitted"]]
    return re.sub(r"⟦\d+⟧", " ", "\n".join(texts))


@dataclass
class Difference:
    """Words of the truth that the PDF lacks, and the reverse."""

    lost: Counter[str]
    extra: Counter[str]


def difference(truth: dict[str, Any], pdf: bytes) -> Difference:
    """Compares letters, word by word, then what is left as a stock of characters."""
    want, have = words_of(said(truth)), words_of("\n".join(pages_of(pdf)))
    calls = Counter(str(note.get("label", note["n"])).casefold() for note in truth["notes"])
    lost, extra = want - have, have - want
    for sign, count in calls.items():
        for word in (sign, sign * 2):
            extra[word] -= min(extra[word], 2 * count)
    extra = +extra
    # Letter-spaced or raised text may be cut otherwise: what its letters make up is the same.
    lost_letters, extra_letters = (Counter("".join(some.elements())) for some in (lost, extra))
    figures = Counter("".join(sign * 2 * count for sign, count in calls.items()))
    left, over = lost_letters - extra_letters, extra_letters - lost_letters - figures
    if not left and not over:
        return Difference(Counter(), Counter())
    return Difference(lost, extra)


def strips(pdf: bytes, top: float, bottom: float, edge: float) -> list[tuple[str, str]]:
    """What stands on each page above and below the text area; margins in mm, less an edge."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    out = []
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        head = text.get_text_bounded(0, height - (top - edge) * 72 / 25.4, width, height)
        foot = text.get_text_bounded(0, 0, width, (bottom - edge) * 72 / 25.4)
        out.append((" ".join(head.split()), " ".join(foot.split())))
    document.close()
    return out


def outside(
    pdf: bytes, document: Document, style: Style, heads: list[str], edge: float = 2
) -> list[Furniture]:
    """What stands above and below the text area; marginal dates and numbers of lines as set."""
    out = []
    if style.running.kind == "web":
        heads = [document.title.split("\n")[0]]
    for number, pair in enumerate(strips(pdf, style.top, style.bottom, edge), 1):
        for text in filter(None, pair):
            text, named = _named(text, heads)
            out.append(Furniture(number, text, "running header" if named else "page number"))
    return out + beside(document, style, pages_of(pdf))


def _named(text: str, heads: list[str]) -> tuple[str, bool]:
    """The text with its head as it was written, where letters are spaced; whether it has one."""
    have = letters(text)
    for head in heads:
        if letters(head) and letters(head) in have:
            before, _, after = have.partition(letters(head))
            if not text.replace(" ", ""):
                return text, True
            if letters(text) == before + letters(head) + after and " " in text:
                return text, True
            return f"{before} {head} {after}".strip(), True
    return text, bool(re.search(r"[^\W\d_]{4}", text))


def beside(document: Document, style: Style, pages: list[str]) -> list[Furniture]:
    """Marginal dates and numbers of lines, each on the first page that may have it."""
    out = []
    folded_pages = [letters(page) for page in pages]
    page = 1
    line = 0
    for block in document.blocks:
        start = letters(re.sub(r"⟦\d+⟧.*|\n.*", "", re.sub(r"<[^>]+>", "", block.text)))[:24]
        for at in range(page, len(pages) + 1):
            if start and start in folded_pages[at - 1]:
                page = at
                break
        if block.side:
            out.append(Furniture(page, block.side, "marginal date"))
        if block.kind == "heading" and block.level < 3:
            line = 0
        if block.kind == "verse" and block.look == "poem":
            for _ in block.text.split("\n"):
                line += 1
                if style.verse_numbers and line % style.verse_numbers == 0:
                    out.append(Furniture(page, str(line), "line number"))
    return out


_BROKEN = re.compile(r"([\w'’]+(?:-\w+)*)(?:[-‐\u00ad]\s*\n\s*|\u0002\s*)(\w+)")


def hyphens_of(truth: dict[str, Any], pdf: bytes) -> list[dict[str, str]]:
    """Hyphens at line ends: those that a typesetter put there, and those that words have."""
    known = folded(said(truth))
    whole = set(re.findall(r"\w+(?:-\w+)*", known))
    out = []
    for page in pages_of(pdf):
        for found in _BROKEN.finditer(page):
            left, right = found[1], found[2]
            tail = re.findall(r"[\w-]+$", folded(left))[-1]
            kind = ""
            if any(word.startswith(tail + folded(right)) or word.endswith(tail + folded(right))
                   for word in whole):  # fmt: skip
                kind = "soft"
            elif f"{tail}-{folded(right)}" in known:
                kind = "keep"
            if kind:
                out.append({"left": f"{left}-", "right": right, "kind": kind})
    return out


def short_heads(document: Document) -> list[str]:
    """Headings as running heads have them: their first six words."""
    return [
        " ".join(bare(block.text).split()[:6])
        for block in document.blocks
        if block.kind == "heading"
    ]
