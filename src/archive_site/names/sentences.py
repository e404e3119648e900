"""Sentences that name something, typeset and cut from their block, with the names in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site.names.mentions import Mention, Passage
from archive_site.text.html import as_html
from archive_site.text.reading import reading_text
from archive_site.text.typography import DROPPED, HELD, typeset

_TAG = re.compile(f"{HELD}(\\d+){DROPPED}")
_TAGS = f"(?:{HELD}\\d+{DROPPED})*"
# A full stop before a no-break space ends no sentence: “V. Lénine”, “p. 12”.
_END = re.compile(
    rf"[.!?…](?:{_TAGS}[\u202f]?[»”’)\]])*{_TAGS} +"
    rf"(?={_TAGS}(?:[«“‘(\[–—]\u202f?\s?)*{_TAGS}[A-ZÀ-ÝŒ\d])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage as parts of HTML, each with the key of what it names (empty if it
    names nothing)."""

    parts: tuple[tuple[Markup, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of what the sentence names, each once."""
        return tuple(dict.fromkeys(key for _, key in self.parts if key))

    def count(self, key: str) -> int:
        """How often the sentence names `key`."""
        return sum(named == key for _, named in self.parts)

    def marking(self, key: str) -> Markup:
        """The sentence as HTML, with the words that name `key` in `<mark>`."""
        parts = (f"<mark>{html}</mark>" if named == key else html for html, named in self.parts)
        return Markup("".join(parts))


def sentences(passage: Passage) -> list[Sentence]:
    """The sentences of a passage that name something, in order."""
    mentions = passage.mentions
    if not mentions:
        return []
    text = reading_text(passage.place.block.content)
    parts, at = [], 0
    for n, mention in enumerate(mentions):
        parts += [text[at : mention.start], _tag(2 * n), text[mention.start : mention.end]]
        parts.append(_tag(2 * n + 1))
        at = mention.end
    words = typeset("".join([*parts, text[at:]]), passage.depth, passage.place.block.language)
    found = (_sentence(part, mentions) for part in _split(words) if HELD in part)
    return [sentence for sentence in found if sentence.keys]


def _tag(number: int) -> str:
    return f"{HELD}{number}{DROPPED}"


def _split(words: str) -> list[str]:
    """`words` split at the ends of sentences, but not within a name. Tags at the end stay with the
    sentence that they close."""
    cut, at = [], 0
    for end in _END.finditer(words):
        stop = len(end[0].rstrip(" ")) + end.start()
        if len(_TAG.findall(words, at, stop)) % 2:
            continue
        cut.append(words[at:stop])
        at = end.end()
    return [*cut, words[at:]]


def _sentence(words: str, mentions: Sequence[Mention]) -> Sentence:
    parts: list[tuple[Markup, str]] = []
    key = ""
    for n, piece in enumerate(_TAG.split(words)):
        if n % 2:
            key = "" if int(piece) % 2 else mentions[int(piece) // 2].key
        elif piece:
            parts.append((as_html(piece), key))
    return Sentence(tuple(parts))
