"""The truth of a document: what was printed, block by block."""

from __future__ import annotations

from typing import Any

from layouts.model import Document, Made, bare, plain, printed
from layouts.set_typst import with_notes
from layouts.styles import Style, described


def truth_of(name: str, document: Document, style: Style, made: Made) -> dict[str, Any]:
    """What `NAME.truth.json` says."""
    blocks: list[dict[str, Any]] = []
    pullquotes = []
    for block, numbers in with_notes(document, style.notes):
        if block:
            if block.aside:
                pullquotes.append({"text": bare(block.aside)})
            one: dict[str, Any] = {"type": block.kind}
            if block.level:
                one["level"] = block.level
            text = plain(printed(block))
            if block.kind not in ("verse", "table", "speech", "toc", "epigraph"):
                text = " ".join(text.split())
            one["text"] = text
            if block.speaker:
                one["speaker"] = block.speaker
            if block.free or block.kind == "ornament":
                one["free"] = True
            blocks.append(one)
        if numbers and style.notes.heading:
            level = 2 if style.notes.place == "end" else 3
            blocks.append({"type": "heading", "level": level, "text": style.notes.heading})
    notes = []
    for note in document.notes:
        paragraphs = [plain(text.removeprefix("> ")) for text in note.paragraphs]
        kept = {"n": str(note.number), "text": "\n\n".join(paragraphs), "kind": "note"}
        if note.label and note.label != str(note.number):
            kept["label"] = note.label
        notes.append(kept)
    return {
        "seed": f"{name}.pdf",
        "family": document.genre,
        "layout": described(style, document.genre, document.traits),
        "typesetter": style.engine,
        "blocks": blocks,
        "notes": notes,
        "pullquotes": pullquotes,
        "omitted": [{"page": o.page, "text": o.text, "why": o.why} for o in made.furniture],
        "texts": [],
    }
