"""The cache of a site: plain data in the user's own cache folder. Without it a build takes longer,
and makes the same site.

The file `state` contains the files of the corpus as the last build found them, and the analyses and
outputs by name, each with its key. The file `pack` contains their bytes. Digests reveal damage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from msgspec import MsgspecError, Struct, msgpack
from msgspec.structs import replace

from archive_site.build.publish import Stamp
from archive_site.files.fingerprints import moment_of
from archive_site.files.pack import DIGEST, Pack, Span, decoded, digest, usable
from archive_site.files.writing import write_whole
from archive_site.findings import Finding

T = TypeVar("T")
STATE, PACK, NEW_PACK = "state", "pack", "pack.new"
_SPARE = 1 << 26
"""The pack is compacted when its unused bytes exceed the bytes in use by this number."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options that workers need.

    `templates`: the archive's own templates; `program`: identifies the state of code and templates;
    `exports`: whether to make EPUB, PDF and the like; `epoch`: see `build.BuildRequest`; `cache`:
    the folder that caches exports; `contents`: the fingerprint that the archive's own templates
    must have on other machines (empty: the work stays on this one)."""

    templates: Path | None = None
    program: str = ""
    exports: bool = False
    epoch: int | None = None
    cache: Path | None = None
    contents: str = ""


class Input(Struct, frozen=True, array_like=True):
    """A file of the corpus: its size in bytes; its size, times and inode, of which any edit changes
    one (empty: read it again in any case); its SHA-256."""

    size: int
    times: tuple[int, ...]
    sha256: str


class Analysed(Struct, frozen=True, array_like=True):
    """An analysis: the digest of its sources, the SHA-256 of the edition, the witness and the
    pictures that the edition names; the place of the analysis in the pack, and of its facts within
    the analysis (None: the text cannot be read); its findings."""

    key: bytes
    edition: str
    witness: str
    pictures: tuple[str, ...]
    span: Span | None = None
    facts: Span | None = None
    findings: tuple[Finding, ...] = ()


class StoredOutput(Struct, frozen=True, array_like=True):
    """An output: the key of its target; the size in bytes of each file, by path; the places of its
    results and of its pages' links in the pack; the findings in its pages."""

    key: bytes
    files: dict[str, int]
    results: dict[str, Span]
    links: Span | None = None
    findings: tuple[Finding, ...] = ()


class Built(Struct, frozen=True, array_like=True):
    """The result of a build: the numbers of texts, pages and bytes of the site, the files that
    changed, the findings that did not stop it, and why nothing was cached for the next build
    (empty: it was)."""

    texts: int
    pages: int
    size: int
    changed: frozenset[str]
    findings: tuple[Finding, ...]
    uncached: str = ""


class StoredValue(Struct, frozen=True, array_like=True):
    """A value in the pack: the digest of its sources, and its place."""

    key: bytes
    span: Span


class State(Struct):
    """The state of the last build. `program`: the state of code and templates that made it;
    `stamps`: the files of the published site; `size`: the number of valid bytes in the pack;
    `site`: the digest of everything that the published site was made from."""

    program: str = ""
    inputs: dict[str, Input] = {}
    texts: dict[str, Analysed] = {}
    common: StoredValue | None = None
    outputs: dict[str, StoredOutput] = {}
    stamps: dict[str, Stamp] = {}
    size: int = 0
    site: bytes = b""
    built: Built | None = None


@dataclass(slots=True)
class Memory:
    """What a process keeps between builds: the state, which is valid while its file is the one that
    this process wrote, and the facts of texts, by digest."""

    state: State | None = None
    file: tuple[int, ...] = ()
    facts: dict[bytes, Any] = field(default_factory=dict)


class Store:
    """The state of the last build and its pack, in the folder `folder` (None: in memory)."""

    def __init__(self, folder: Path | None, program: str, memory: Memory | None = None) -> None:
        self._folder, self._memory = folder, memory or Memory()
        self.state = self._read(folder / STATE) if folder else State()
        path = folder / PACK if folder else None
        lost = path and self.state.size and not _is_whole(path, self.state.size)
        if lost or self.state.program != program:
            self.state = State(program, stamps=self.state.stamps)
        self.pack = Pack(path, self.state.size)

    def save(self) -> None:
        """Write the state. Raises `Unusable` if the system refuses."""
        self.state.size = self.pack.size
        if self._folder:
            data = msgpack.encode(self.state)
            path = self._folder / STATE
            with usable():
                write_whole(path, digest(data) + data, lasting=False)
                self._memory.state, self._memory.file = self.state, moment_of(path.stat())

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pack.close()
        if kind:  # the state in memory is ahead of the file
            self._memory.state = None

    def _read(self, path: Path) -> State:
        with suppress(OSError, MsgspecError):
            if self._memory.state and self._memory.file == moment_of(path.stat()):
                return self._memory.state
            data = path.read_bytes()
            if digest(data[DIGEST:]) == data[:DIGEST]:
                return msgpack.decode(data[DIGEST:], type=State)
        return State()

    def facts(self, kind: type[T]) -> Iterator[tuple[T, int]]:
        """The facts of each text that can be read, and the place of its analysis in the pack.
        Raises `Damaged`."""
        before, self._memory.facts = self._memory.facts, {}
        for text in self.state.texts.values():
            if text.span and text.facts:
                name, at = text.facts.digest, text.span.start
                facts = before.get(name) or decoded(self.pack.read(text.facts, at), kind)
                self._memory.facts[name] = facts
                yield facts, at

    def tidy(self) -> None:
        """Compact the pack if much of it is unused. Raises `CacheFault` if that fails."""
        in_use = sum(span.size for span in _spans(self.state))
        if not self._folder or self.pack.size <= 2 * in_use + _SPARE:
            return
        path = self._folder / NEW_PACK
        new = Pack(path)
        try:
            self.state = _moved(self.state, lambda span: new.add(self.pack.read(span)))
        finally:
            new.close()
        self.pack.close()
        with usable():
            path.replace(self._folder / PACK)
        self.pack = Pack(self._folder / PACK, new.size)


def _spans(state: State) -> Iterator[Span]:
    """The places of the bytes of the pack that are in use."""
    if state.common:
        yield state.common.span
    for text in state.texts.values():
        if text.span:
            yield text.span
    for stored in state.outputs.values():
        yield from stored.results.values()
        if stored.links:
            yield stored.links


def _moved(state: State, move: Callable[[Span], Span]) -> State:
    """The state with `move` applied to each place in the pack."""
    common = state.common and StoredValue(state.common.key, move(state.common.span))
    texts = {
        name: replace(text, span=text.span and move(text.span))
        for name, text in state.texts.items()
    }
    outputs = {
        name: replace(
            stored,
            results={name: move(span) for name, span in stored.results.items()},
            links=stored.links and move(stored.links),
        )
        for name, stored in state.outputs.items()
    }
    return replace(state, common=common, texts=texts, outputs=outputs)


def _is_whole(path: Path, size: int) -> bool:
    with suppress(OSError):
        return path.stat().st_size >= size
    return False


def forget(folder: Path) -> None:
    """Delete the cache of earlier builds as far as possible."""
    for name in (STATE, PACK, NEW_PACK):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
