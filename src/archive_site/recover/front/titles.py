"""How a text is called: by its heading, or by the title that its file has."""

from __future__ import annotations

import re

from archive_site import interface
from archive_site.recover.front.edges import Edges
from archive_site.recover.front.grounds import quoted
from archive_site.text.document import Claim

LONGEST = 250
"""The most characters of a title."""
_NO_TITLE = re.compile(
    r"microsoft|powerpoint|word\b.*\.|untitled|sans[ -_]?(?:titre|nom)|no[ -_]?title"
    r"|titre|title|document\s?\W?\d*\W*"
    r"|(?:nouveau|new)\s(?:document|microsoft)|about:|https?:|www\.|file:"
    r"|présentation\s?\d*|classeur|scan|numérisation"
    r"|image|img|dsc|camscanner|page\s?\d*$|slide|book\s?\d|pdf|export|print"
    r"|impression|texte?\s?\d*$|copie de|copy of",
    re.I,
)
_FILE_NAME = re.compile(r".*\.\w{2,5}|[^\s]*[_\\/][^\s]*|[a-z0-9-]*\d[a-z0-9-]*", re.I)


def title_of(edges: Edges, said: str, text_id: str, name: str) -> Claim:
    """The title: the heading; or the one that the file `name` has (`said`), if it is one; or the
    id of the text, as an unknown one."""
    if edges.title:
        return Claim(edges.title, "stated")
    if is_title(said):
        ground = interface.WORDS_IN_PROPERTIES.format(name=name, words=quoted(said))
        return Claim(said, "probable", ground)
    return Claim(text_id.replace("-", " ").capitalize(), "unknown", interface.NO_TITLE)


def is_title(said: str) -> bool:
    """Whether the title of a file is that of its text: no name of a file, of a program or of a
    template."""
    letters = sum(map(str.isalpha, said))
    named = _NO_TITLE.match(said) or _FILE_NAME.fullmatch(said)
    return (
        letters > 2
        and 2 * letters > len(said.replace(" ", ""))
        and len(said) <= LONGEST
        and not named
    )
