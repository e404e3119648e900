"""Citations of works: in Pandoc's form, and the spaces around them.

A citation is the editor's: it must not change the words around it. So the space that separates it
from them belongs to it: `attached` removes it from the text, `spaced` supplies it where the
citation is shown or written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_site.text.document import (
    CellBreak,
    Citation,
    Cited,
    Comment,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Text,
)

KEY = re.compile(r"\w(?:[:.#$%&\-+?<>~/]?\w)*")
"""A key that Pandoc reads without braces around it."""
ANY_KEY = re.compile(r"[^\s{}\\,;\[\]\"]+")
"""A key that an edition can cite, in braces if it must be."""
_SIGNS = re.compile(r"([\\*_^`<>{}\[\]~;@$|])")
_UNESCAPED_MARKUP = re.compile(r"(?<!\\)(?:\\\\)*[*_^`<{}~@]")
_PARTS = re.compile(r"(?:[^\\;]|\\.)+", re.DOTALL)
_CITED = re.compile(
    rf"(?:(?P<before>(?:[^\\@]|\\.)*)\s)?\s*@(?:(?P<key>{KEY.pattern})|\{{(?P<braced>{ANY_KEY.pattern})\}})"
    r"(?:(?:\s*,\s*|\s+)(?P<locator>.*))?",
    re.DOTALL,
)
_OPENS = ("(", "[", "«", "“", "‘")


# ---------------------------------------------------------------- Pandoc's form


def read_citation(written: str) -> Citation | None:
    """The citation that is `written` between brackets, such as `voir @key, p. 12; @other`; None if
    it is none."""
    works = []
    for part in _PARTS.findall(written):
        found = _CITED.fullmatch(part.strip())
        if found is None:
            return None
        before, locator = found["before"] or "", found["locator"] or ""
        if _UNESCAPED_MARKUP.search(before) or _UNESCAPED_MARKUP.search(locator):
            return None
        key = found["key"] or found["braced"]
        works.append(Cited(key, _plain(before), _plain(locator)))
    return Citation(tuple(works)) if works else None


def read_cited(written: str) -> Cited:
    """A work with its place in it, as an authority file has it: `key, p. 12`."""
    key, _, locator = written.partition(",")
    return Cited(key.strip(), "", " ".join(locator.split()))


def as_written(citation: Citation) -> str:
    """A citation in Pandoc's form: `[voir @key, p. 12; @other]`."""
    return "[{}]".format("; ".join(map(_written, citation.works)))


def _written(cited: Cited) -> str:
    key = cited.key if KEY.fullmatch(cited.key) else f"{{{cited.key}}}"
    before = _escaped(cited.before) + " " * bool(cited.before)
    return f"{before}@{key}" + f", {_escaped(cited.locator)}" * bool(cited.locator)


def _escaped(words: str) -> str:
    return _SIGNS.sub(r"\\\1", words)


def _plain(written: str) -> str:
    return " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written).split())


# ---------------------------------------------------------------- the spaces around them


def attached(content: Inlines) -> Inlines:
    """`content` without the space before each citation, or after it at the beginning of a line."""
    if not _has_citation(content):
        return content
    made: list[Inline] = []
    begun = leading = False  # whether words come before, whether a citation begins the line
    for inline in content:
        if isinstance(inline, Citation):
            if begun:
                _strip_end(made)
            leading = not begun
        elif isinstance(inline, Text) and leading:
            inline = Text(inline.text.lstrip())
        if not isinstance(inline, Text) or inline.text:
            made.append(inline)
        if not isinstance(inline, Citation | Comment):
            begun = _begins(inline, begun)
            leading = leading and not begun and not _ends_line(inline)
    return tuple(made)


def spaced(content: Inlines) -> Inlines:
    """`content` with a space before each citation, or after it at the beginning of a line: the
    inverse of `attached`."""
    if not _has_citation(content):
        return content
    return tuple(_spaced(content))


def _spaced(content: Inlines) -> Iterator[Inline]:
    begun = leading = False
    before: Inline | None = None
    for inline in content:
        if isinstance(inline, Citation):
            opened = isinstance(before, Text) and before.text.endswith(_OPENS)
            if (begun and not opened) or leading:
                yield Text(" ")
            leading = not begun
        elif leading and not isinstance(inline, Comment):
            if not _ends_line(inline):
                yield Text(" ")
            leading = False
        yield inline
        before = inline
        if not isinstance(inline, Citation | Comment):
            begun = _begins(inline, begun)


def _begins(inline: Inline, begun: bool) -> bool:
    """Whether the line has begun after this inline."""
    if _ends_line(inline):
        return False
    return begun or (not isinstance(inline, Indent) and inline != Text(""))


def _ends_line(inline: Inline) -> bool:
    return isinstance(inline, LineBreak | CellBreak)


def _strip_end(made: list[Inline]) -> None:
    """Remove the spaces at the end of the last text, if only comments come after it."""
    at = len(made)
    while at and isinstance(made[at - 1], Comment):
        at -= 1
    last = made[at - 1] if at else None
    if isinstance(last, Text):
        words = last.text.rstrip()
        made[at - 1 : at] = [Text(words)] if words else []


def _has_citation(content: Inlines) -> bool:
    return any(isinstance(inline, Citation) for inline in content)
