"""Which notes a TEI file calls, and where: a note may stand at its call, at the end of a page, of a
division or of the file, and either of the two may point to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from archive_site.sources.tei.parsing import Node

CALLS = ("ref", "ptr")
CALL_TYPES = re.compile(r".*(?:note|call|appel|fn|anchor).*", re.I)
"""The types of `ref` that call a note, such as `noteref` or `note-call`."""
SIGN = re.compile(r"[\[(]?\s*(\d{1,4}|[a-z]|[*†‡§¶‖]{1,4})\s*[\])]?\s*\.?")
"""What calls a note in print."""
CONTINUED = Node("lb", {})
"""What stands between the two parts of a note that goes on below the next page."""


@dataclass(frozen=True, slots=True)
class NoteLinks:
    """The notes of a file. Elements are named by their `id()`.

    `calls` has the note that a `ref` or a `ptr` calls; `after`, the notes that are called after an
    element; `placed`, the notes that are called from elsewhere; `continued`, the parts of a note
    that follow it on later pages; `parts`, these parts; `backs`, what leads from a note to its
    call."""

    calls: Mapping[int, Node]
    after: Mapping[int, tuple[Node, ...]]
    placed: frozenset[int]
    continued: Mapping[int, tuple[Node, ...]]
    parts: frozenset[int]
    backs: frozenset[int]


def links_of(root: Node) -> NoteLinks:
    """The notes of a file, and where they are called."""
    return _Search(root).links()


@dataclass(slots=True)
class _Search:
    root: Node
    by_id: dict[str, Node] = field(default_factory=dict)
    notes: list[Node] = field(default_factory=list)
    calls: dict[int, Node] = field(default_factory=dict)
    after: dict[int, tuple[Node, ...]] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)

    def links(self) -> NoteLinks:
        bodies = [node for node in self.root.children if node.name != "teiHeader"]
        every = [inner for node in bodies for inner in (node, *node.every())]
        self.by_id = {node.id: node for node in reversed(every) if node.id}
        self.notes = [node for node in every if node.name == "note"]
        for node in every:
            if node.name in CALLS:
                self.call(node)
        for note in self.notes:
            if id(note) not in self.placed:
                self.anchored(note)
        continued = dict(self.chains())
        return NoteLinks(
            self.calls,
            self.after,
            frozenset(self.placed),
            continued,
            frozenset(id(part) for parts in continued.values() for part in parts),
            frozenset(self.backs()),
        )

    def call(self, ref: Node) -> None:
        """Note which note a reference calls."""
        targets = [found for found in self.targets(ref, "target") if found.name == "note"]
        if len(targets) != 1 or ref in targets[0].every(*CALLS):
            return
        typed = CALL_TYPES.fullmatch(ref.get("type")) and len(ref.words) < 10
        if typed or not ref.words or SIGN.fullmatch(ref.words):
            self.calls[id(ref)] = targets[0]
            self.placed.add(id(targets[0]))

    def anchored(self, note: Node) -> None:
        """Note where a note is called that points there itself."""
        for place in self.targets(note, "targetEnd", "target"):
            if place.name == "note" or note in place.every("note"):
                continue
            signed = place.name in CALLS and SIGN.fullmatch(place.words)
            if signed and id(place) not in self.calls:
                self.calls[id(place)] = note
            else:
                self.after[id(place)] = (*self.after.get(id(place), ()), note)
            self.placed.add(id(note))
            return

    def targets(self, node: Node, *names: str) -> Iterator[Node]:
        """The elements of the file to which an attribute points."""
        for name in names:
            for pointer in node.get(name).split():
                if pointer.startswith("#") and pointer[1:] in self.by_id:
                    yield self.by_id[pointer[1:]]

    def chains(self) -> Iterator[tuple[int, tuple[Node, ...]]]:
        """The notes that have parts on later pages."""
        following: dict[int, Node] = {}
        for note in self.notes:
            for before in self.targets(note, "prev"):
                following.setdefault(id(before), note)
            for after in self.targets(note, "next"):
                following.setdefault(id(note), after)
        later = {id(note) for note in following.values()}
        for note in self.notes:
            chain: list[Node] = []
            part = following.get(id(note)) if id(note) not in later else None
            while part is not None and part not in chain and part.name == "note":
                chain.append(part)
                part = following.get(id(part))
            if chain:
                yield id(note), tuple(chain)

    def backs(self) -> Iterator[int]:
        """The elements that begin a note and lead back to its call, or repeat its sign."""
        calls = {ref.id for ref in self.root.every(*CALLS) if id(ref) in self.calls}
        for note in self.notes:
            first = _first(note)
            if first is None or not SIGN.fullmatch(first.words):
                continue
            leads = first.get("target")[1:] in calls - {""} if first.name in CALLS else False
            same = first.name == "label" and sign_of(first.words) == sign_of(note.get("n"))
            if id(first) not in self.calls and (leads or same):
                yield id(first)


def _first(note: Node) -> Node | None:
    """The element that begins a note, in its first paragraph if it has some."""
    part = next((part for part in note.parts if not isinstance(part, str) or part.strip()), None)
    if isinstance(part, Node) and part.name in ("p", "ab", "seg"):
        return _first(part)
    return part if isinstance(part, Node) else None


def sign_of(printed: str) -> str:
    """The number or the sign of a note without what is printed around it; empty if it is none."""
    sign = SIGN.fullmatch(printed)
    return sign[1] if sign else ""


def whole(note: Node, links: NoteLinks) -> Node:
    """A note with its parts on later pages: the first paragraph of each goes on with the last one
    before it."""
    for part in links.continued.get(id(note), ()):
        note = replace(note, parts=_joined(note.parts, part.parts))
    return note


def _joined(first: tuple[Node | str, ...], then: tuple[Node | str, ...]) -> tuple[Node | str, ...]:
    last = next((n for n in reversed(range(len(first))) if not _blank(first[n])), None)
    start = next((n for n in range(len(then)) if not _blank(then[n])), None)
    if last is not None and start is not None:
        before, after = first[last], then[start]
        if _is_paragraph(before) and _is_paragraph(after):
            paragraph = replace(before, parts=_joined(before.parts, after.parts))
            return (*first[:last], paragraph, *then[start + 1 :])
    return (*first, CONTINUED, *then)


def _is_paragraph(part: Node | str) -> TypeGuard[Node]:
    return isinstance(part, Node) and part.name == "p"


def _blank(part: Node | str) -> bool:
    return isinstance(part, str) and not part.strip()
