"""The ids of blocks, which are the fragments of their permalinks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from archive_site.text.document import Block, Document
from archive_site.text.reading import witness_text

RESERVED_ID = re.compile(
    r"(note|appel|page|correction|doute|remarque)-\d*.*|contenu|notes|sommaire|titre|source|haut"
)
"""Ids that pages use for other elements: a block may not have them."""
ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
"""An id that an edition may give to a heading."""
ID_WORDS = 6
_ENOUGH = 80  # characters, which mostly contain more than `ID_WORDS` words


def identified(document: Document) -> Document:
    """`document` with an id for every block: the one that the edition gives to it, or its opening
    words.

    The words are those of the witness, so that an emendation changes no permalink. If two blocks
    begin with the same words, the later takes more of its words, then a number."""
    taken = {block.anchor: 1 for block in document.blocks if block.anchor}
    blocks = tuple(
        replace(block, id=block.anchor or _block_id(block, taken)) for block in document.blocks
    )
    return replace(document, blocks=blocks)


def slug(words: str) -> str:
    """`words` as lower-case ASCII letters and digits joined by hyphens."""
    folded = words.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    ascii_words = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_words.lower().replace("'", " ")))


def _openings(words: str) -> Iterator[list[str]]:
    """The first words of a block's slug, then more and more of them. The first result comes from
    the beginning of the block, if that has enough words: most blocks need no other. The last word
    of the beginning, which may be cut off, is not used."""
    words = words.replace("’", " ").replace("‘", " ")
    few = slug(words[:_ENOUGH]).split("-")
    if len(few) > ID_WORDS:
        yield few[:ID_WORDS]
    every = slug(words).split("-")
    for count in range(ID_WORDS, max(ID_WORDS, min(len(every), 3 * ID_WORDS)) + 1):
        yield every[:count]


def _wordless(block: Block) -> str:
    """The id of a block without words."""
    if block.picture:
        return f"image-{slug(PurePath(block.picture.path).stem)}"
    return "separation" if block.kind == "break" else "bloc"


def _block_id(block: Block, taken: dict[str, int]) -> str:
    """The id of the next block. `taken` has the ids of the previous blocks, each with the last
    number that was appended to it."""
    for words in _openings(witness_text(block.content)[:400]):
        block_id = "-".join(words) or _wordless(block)
        if RESERVED_ID.fullmatch(block_id) or block_id[0].isdigit():
            block_id = f"p-{block_id}"
        if block_id not in taken:
            taken[block_id] = 1
            return block_id
    number = taken[block_id] + 1
    while f"{block_id}-{number}" in taken:
        number += 1
    taken[block_id] = number
    taken[f"{block_id}-{number}"] = 1
    return f"{block_id}-{number}"
