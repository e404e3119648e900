"""The style guide: a sample edition with one of each kind of block and inline, set like any
text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive_site import interface
from archive_site.corpus.records import Edition
from archive_site.corpus.summary import text_summary
from archive_site.edition.authority import Entry
from archive_site.edition.format import loads
from archive_site.templating.jinja import Context
from archive_site.templating.resources import template_text
from archive_site.views.blocks import Reading, reading
from archive_site.views.texts import TextView, text_view

COLOURS = ("paper", "tint", "ink", "soft", "mark", "rule", "red")
SIZES = ("s6", "s5", "s4", "s3", "s2", "s1")


@dataclass(frozen=True, slots=True)
class StyleGuide(Context):
    """The variables of the style guide: a text, and the names of the stylesheet's colours and
    sizes."""

    text: TextView
    reading: Reading
    colours: tuple[str, ...]
    sizes: tuple[str, ...]


def style_guide(path: str) -> StyleGuide:
    """The variables of the style guide at `path`."""
    voice = Entry("person", "voix", interface.VOICE, "voix")
    edition = Edition(loads(template_text("style.md")), "specimen", None, None)
    entries = {"voix": voice}
    text = text_view(text_summary(entries, edition), path)
    return StyleGuide(
        text=replace(text, href="#titre"),
        reading=reading(entries, edition, path, corrections=""),
        colours=COLOURS,
        sizes=SIZES,
    )
