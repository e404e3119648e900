"""The targets of a site → its files. The output of the last build is reused if the target has the
same key and its files are still as they were published; otherwise the target is rebuilt."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol

from archive_site.build.executors import Workers
from archive_site.build.inputs import published_file
from archive_site.build.outputs import Output
from archive_site.build.progress import Progress
from archive_site.build.state import Options, StoredOutput
from archive_site.build.targets import STAGES, Target, Targets
from archive_site.files.pack import Pack, decoded, encoded
from archive_site.files.writing import portable
from archive_site.findings import Finding
from archive_site.model.site_model import SiteModel
from archive_site.site.check import Links, broken
from archive_site.site.files import written_twice


class Files(Protocol):
    """A place for the files of a site."""

    @property
    def intact(self) -> Container[str]:
        """The files that are still as they were published."""

    def write(self, path: str, data: bytes) -> None:
        """Add a file to the site."""

    def read(self, path: str) -> bytes:
        """A file of the site."""


class SiteInMemory(dict[str, bytes]):
    """A site in memory."""

    intact: Container[str] = ()
    write = dict.__setitem__
    read = dict.__getitem__


class Assembly:
    """The outputs of the targets so far. Later targets read it as `targets.Outputs`."""

    def __init__(self, pack: Pack, files: Files) -> None:
        self._pack, self._files = pack, files
        self.outputs: dict[str, StoredOutput] = {}
        self.remade: set[str] = set()
        self._target_of: dict[str, str] = {}  # by path

    # ------------------------------------------------------------ what later targets read

    def sizes(self, target: str = "") -> dict[str, int]:
        """The size in bytes of each file, by path: of one target, or of all."""
        if target:
            return self.outputs[target].files if target in self.outputs else {}
        return {path: n for stored in self.outputs.values() for path, n in stored.files.items()}

    def targets(self) -> list[tuple[str, bytes]]:
        """The name and the key of each target, in order."""
        return sorted((name, stored.key) for name, stored in self.outputs.items())

    def result(self, target: str, name: str) -> bytes:
        """A result in the output of a target."""
        return self._pack.read(self.outputs[target].results[name])

    def digest(self, target: str, name: str) -> bytes:
        """The digest of a result in the output of a target."""
        return self.outputs[target].results[name].digest

    def read(self, path: str) -> bytes:
        """A file of the site."""
        return self._files.read(path)

    # ------------------------------------------------------------ making

    def keep(self, target: Target, before: StoredOutput | None) -> bool:
        """Reuse the output of the last build if it is still valid; return whether it is."""
        same = before is not None and before.key == target.key
        if before is None or not same or not all(p in self._files.intact for p in before.files):
            return False
        self._add(target.name, before)
        return True

    def take(self, target: Target, output: Output) -> None:
        """Add the output of a target that was rebuilt."""
        for path, data in output.files.items():
            self._files.write(path, data)
        stored = StoredOutput(
            target.key,
            {path: len(data) for path, data in output.files.items()},
            {name: self._pack.add(data) for name, data in output.results.items()},
            self._pack.add(encoded(output.links)) if output.links else None,
            tuple(output.findings),
        )
        self._add(target.name, stored)
        self.remade.add(target.name)

    def _add(self, name: str, stored: StoredOutput) -> None:
        for path in stored.files:
            if path in self._target_of:
                raise written_twice(path)
            self._target_of[path] = name
        self.outputs[name] = stored

    # ------------------------------------------------------------ checking

    def check(self, before: Mapping[str, StoredOutput]) -> Iterator[Finding]:
        """The findings in pages, and broken links. If no page lost an id and no file was removed,
        only the links of rebuilt pages are checked. `before`: the outputs of the last build."""
        for stored in self.outputs.values():
            yield from stored.findings
        yield from portable(sorted(self._target_of))
        names = self.outputs if self._lost(before) else self.remade
        yield from self._broken(names)

    def _lost(self, before: Mapping[str, StoredOutput]) -> bool:
        """Whether a file, or an id of a page, was removed to which a link could lead."""
        if any(path not in self._target_of for stored in before.values() for path in stored.files):
            return True
        for name in self.remade & before.keys():
            here = self._links(self.outputs[name])
            for path, page in self._links(before[name]).items():
                if not set(page.ids) <= set(here[path].ids if path in here else ()):
                    return True
        return False

    def _broken(self, names: Iterable[str]) -> Iterator[Finding]:
        # Fragments are kept as hashes, to save memory. A broken link is missed only if its fragment
        # has the hash of another id on that page.
        waiting: dict[str, tuple[list[str], array[int]]] = {}
        paths = self._target_of.keys()
        for name in names:
            for path, page in self._links(self.outputs[name]).items():
                missing = [link for link in page.links if link[0] not in paths]
                yield from broken(path, missing, paths, lambda _: ())
                for target, fragment in page.links:
                    if fragment and target in paths:
                        sources, fragments = waiting.setdefault(target, ([], array("q")))
                        sources.append(path)
                        fragments.append(hash(fragment))
        for target, (sources, fragments) in waiting.items():
            ids = set(self._page(target).ids)
            known = set(map(hash, ids))
            wrong = {
                source
                for source, fragment in zip(sources, fragments, strict=True)
                if fragment not in known
            }
            for path in dict.fromkeys(source for source in sources if source in wrong):
                here = [link for link in self._page(path).links if link[0] == target]
                yield from broken(path, here, paths, {target: ids}.__getitem__)

    def _page(self, path: str) -> Links:
        return self._links(self.outputs[self._target_of[path]]).get(path, Links((), ()))

    def _links(self, stored: StoredOutput) -> dict[str, Links]:
        if stored.links is None:
            return {}
        return decoded(self._pack.read(stored.links), dict[str, Links])


def assemble(
    model: SiteModel,
    options: Options,
    corpus: Mapping[str, bytes],
    before: Mapping[str, StoredOutput],
    pack: Pack,
    files: Files,
    workers: Workers,
    progress: Progress,
) -> Assembly:
    """Make the files of a site, one stage after the other. `corpus`: the files of the corpus;
    `before`: the outputs of the last build."""
    assembly = Assembly(pack, files)
    targets = Targets(model, options, partial(published_file, corpus))
    for title, stage in STAGES:
        stale = [t for t in stage(targets, assembly) if not assembly.keep(t, before.get(t.name))]
        progress.stage(title, len(stale))
        for target in stale:
            if not target.size:
                assembly.take(target, target.prepare()())
                progress.advance()
        anywhere = ((target, target.size, target.prepare) for target in stale if target.size)
        for target, output in workers.run(anywhere):
            assembly.take(target, output)
            progress.advance()
    return assembly
