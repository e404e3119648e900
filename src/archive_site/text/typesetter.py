"""The words of a block typeset as one text, whatever markup is between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archive_site.text.citations import spaced
from archive_site.text.document import (
    Citation,
    Cited,
    Inline,
    Inlines,
    NoteCall,
)
from archive_site.text.reading import lines_of
from archive_site.text.typography import (
    DROPPED,
    HELD,
    TAG,
    THIN,
    typeset,
)

_LINE = "\ufdd2"  # a noncharacter between lines of verse while they are set

BETWEEN = f"{THIN}; "
"""What separates the works of a citation."""


class Typesetter:
    """Typesets the words of a block as one text, whatever markup is between them: each piece of
    markup is replaced by a number (`hold`) meanwhile. The subclass for a format defines its
    markup."""

    __slots__ = ()
    witness_spelling = False
    """Whether to show the spelling of the witness, without French typography."""

    def render(self, inline: Inline, tags: list[str]) -> str:
        """The words of an inline, with a placeholder (`hold`) for each piece of its markup."""
        raise NotImplementedError

    def escape(self, text: str) -> str:
        """Escape typeset words as the format requires."""
        raise NotImplementedError

    def set(self, content: Inlines, open_quotes: int = 0, language: str = "") -> str:
        """`content` in the format, typeset as a whole, by the rules of its language (BCP 47; empty:
        French). `open_quotes` is the number of quotation marks that are open before it."""
        tags: list[str] = []
        return self._set(self.joined(content, tags), tags, open_quotes, language)

    def set_lines(self, content: Inlines, open_quotes: int = 0, language: str = "") -> list[str]:
        """The lines of verse, as for `set`; they are typeset as a whole."""
        tags: list[str] = []
        lines = (self.joined(line, tags) for line in lines_of(content))
        text = ""
        for n, line in enumerate(lines):
            text += hold(tags, _LINE) + line if n else line
        return self._set(text, tags, open_quotes, language).split(_LINE)

    def _set(self, text: str, tags: list[str], open_quotes: int, language: str) -> str:
        set_words = text if self.witness_spelling else typeset(text, open_quotes, language)
        if not tags:
            return self.escape(set_words)
        parts = TAG.split(set_words)  # words, tag, words, …
        parts[::2] = map(self.escape, parts[::2])
        parts[1::2] = (tags[int(tag[1:-1])] for tag in parts[1::2])
        return "".join(parts)

    def joined(self, content: Inlines, tags: list[str]) -> str:
        """The inlines, joined; there is no space before a note call, and one before a citation."""
        parts: list[str] = []
        for inline in spaced(content):
            if isinstance(inline, NoteCall):
                _strip_end(parts)
            parts.append(self.render(inline, tags))
        return "".join(parts)

    def apart(
        self, content: Inlines, opening: str, closing: str, language: str, tags: list[str]
    ) -> str:
        """`content` in another language, typeset by itself, between two pieces of markup."""
        return hold(tags, opening + self.set(content, 0, language) + closing)

    def around(self, content: Inlines, opening: str, closing: str, tags: list[str]) -> str:
        """`content` between two pieces of markup."""
        inner = self.joined(content, tags)
        return hold(tags, opening) + inner + hold(tags, closing)


def _strip_end(parts: list[str]) -> None:
    """Remove, in place, the spaces at the end of the text that `parts` form together."""
    while parts:
        words = parts.pop().rstrip(" ")
        if words:
            parts.append(words)
            return


def hold(tags: list[str], mark: str) -> str:
    """A placeholder for the markup `mark` while words are typeset; appends `mark` to `tags`."""
    tags.append(mark)
    return f"{HELD}{len(tags) - 1}{DROPPED}"


def unheld(words: str) -> str:
    """`words` without the characters that delimit placeholders."""
    return words.replace(HELD, "").replace(DROPPED, "")


# ---------------------------------------------------------------- citations


class CitedInWords(NamedTuple):
    """A cited work in words: what stands before it, its key, and its short form with the place in
    it: “Broué, 1963, p. 12”."""

    before: str
    key: str
    words: str


def in_words(cited: Cited, short_forms: Mapping[str, str]) -> CitedInWords:
    """A cited work, typeset. `short_forms` has those of the bibliography, by key; a work without
    one is cited by its key."""
    short = short_forms.get(cited.key, cited.key)
    place = f", {typeset(cited.locator)}" if cited.locator else ""
    before = f"{typeset(cited.before)} " if cited.before else ""
    return CitedInWords(before, cited.key, short + place)


def citation_in_words(citation: Citation, short_forms: Mapping[str, str]) -> str:
    """A citation in brackets, typeset: “[voir Broué, 1963, p. 12]”."""
    works = (in_words(cited, short_forms) for cited in citation.works)
    return f"[{BETWEEN.join(work.before + work.words for work in works)}]"
