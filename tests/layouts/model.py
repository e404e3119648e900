"""What a document says, apart from its look. Text is marked: <i>, <b>, <sc>, <sup>, calls ⟦n⟧."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CALL = re.compile(r"⟦(\d+)⟧")
TAG = re.compile(r"</?(?:i|b|sc|sup)>")
_TOKEN = re.compile(r"(</?(?:i|b|sc|sup)>|⟦\d+⟧|\n)")


@dataclass
class Block:
    """A paragraph, a heading, a stanza… `kind` is its type in the truth."""

    kind: str
    text: str
    level: int = 0
    speaker: str = ""
    free: bool = False
    look: str = ""
    """What sets it apart from others of its kind: `attribution`, `continued`, `banner`…"""
    label: str = ""
    """What is printed before the text and belongs to it: the mark of a list, a speaker's name."""
    side: str = ""
    """What the margin says beside its first line."""
    aside: str = ""
    """A call-out that is printed before the block."""


@dataclass
class Note:
    """A note; a paragraph of it that begins with `> ` is a quotation."""

    number: int
    paragraphs: list[str]
    label: str = ""
    starred: bool = False


@dataclass
class Document:
    """What a document says."""

    genre: str
    title: str
    author: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


@dataclass
class Furniture:
    """What a page prints around the text."""

    page: int
    text: str
    why: str


@dataclass
class Made:
    """A typeset document."""

    pdf: bytes
    furniture: list[Furniture]
    source: str = ""


def tokens(text: str) -> list[str]:
    """Words and spaces, tags, calls and line ends, one after the other."""
    return [token for token in _TOKEN.split(text) if token]


def plain(text: str) -> str:
    """The text as it is printed, calls apart: they stay."""
    return TAG.sub("", text)


def bare(text: str) -> str:
    """The text as it is printed, without calls."""
    return CALL.sub("", plain(text))


def printed(block: Block) -> str:
    """The whole text of a block, with its label."""
    if not block.label:
        return block.text
    return f"{block.label} {block.text}".strip()
