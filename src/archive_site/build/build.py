"""A build: read the corpus, analyse each text, reduce all to one model, render the site, publish.

`build` rebuilds only what changed since the last build. The site is complete and checked before it
is published. `whole_site` runs the same stages in memory and publishes nothing; `check` uses it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs, to_builtins

from archive_site import HERE
from archive_site.build.progress import Progress
from archive_site.build.publish import (
    MANIFEST,
    SPARE,
    Staging,
    check_separate,
    intact,
    locked,
    recorded,
    stamps_of,
)
from archive_site.build.state import Built, Memory, Options, State, Store, StoredOutput, forget
from archive_site.corpus.urls import is_page
from archive_site.files.cache import EXPORTS, Cache, cache_folder
from archive_site.files.fingerprints import fingerprint, times_of
from archive_site.files.pack import CacheFault, Unusable, digest_of
from archive_site.findings import Finding, Unsound, exempted
from archive_site.templating.resources import check_own, package_templates

if TYPE_CHECKING:
    from archive_site.build.assemble import Files
    from archive_site.build.inputs import Inputs
    from archive_site.model.site_model import SiteModel


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """The options of a build.

    `templates`: the folder of the archive's own templates; `base_url`: the address at which the
    site will be published (empty: that of `site.yaml`); `exports`: whether to make EPUB, PDF and
    the like; `epoch`: the value of SOURCE_DATE_EPOCH, in seconds; `jobs`: the number of processes
    (0: one for each core); `scheduler`: the address of a Dask scheduler, whose workers are then
    used instead; `lasting`: whether the site is published, so that its addresses must last."""

    corpus: Path
    output: Path
    templates: Path | None = None
    base_url: str = ""
    exports: bool = True
    epoch: int | None = None
    jobs: int = 0
    scheduler: str = ""
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class WholeSite:
    """A site in memory, the model that it was made from, and all findings. There are no files if a
    finding stops the build before rendering."""

    files: dict[str, bytes]
    model: SiteModel
    findings: tuple[Finding, ...]


def build(
    request: BuildRequest, progress: Progress | None = None, memory: Memory | None = None
) -> Built:
    """Build the site, or the parts of it that changed. `memory` is kept between the builds of one
    process.

    Raises `Unsound` if findings stop the build, `NotPossible` if something else does; the previous
    site is then unchanged."""
    output = Path(os.path.abspath(request.output))
    own = [request.templates] if request.templates else []
    check_separate(
        output, [request.corpus, *own], [request.corpus, *(each / "static" for each in own)]
    )
    progress = progress or Progress.silent()
    with locked(output):
        folder = cache_folder(output)
        for _ in range(2):  # first with the existing cache, then with an empty one
            try:
                return _build(request, output, folder, progress, memory)
            except CacheFault as error:
                forget(folder)
                reason = f"{folder}: {error}"
        built = _build(request, output, folder, progress, cached=False)
        return structs.replace(built, uncached=reason)


def _build(
    request: BuildRequest,
    output: Path,
    folder: Path,
    progress: Progress,
    memory: Memory | None = None,
    cached: bool = True,
) -> Built:
    """Build once. `folder`: the output's cache folder, which is used only if `cached`."""
    from archive_site.build.inputs import read_inputs

    template_findings = check_own(request.templates)
    options = _options(request, folder / EXPORTS)
    with Store(folder if cached else None, options.program, memory) as store:
        state = store.state
        progress.stage("reading")
        inputs = read_inputs(request.corpus, state.inputs, template_findings)
        state.inputs = dict(inputs.known)
        intact_files, site = intact(output, state.stamps), _key(request, inputs)
        if state.built and state.site == site and len(intact_files) == len(state.stamps):
            return structs.replace(state.built, changed=frozenset())
        stamps = state.stamps
        with Staging(output, folder / SPARE, intact_files) as staging:
            files = SiteOnDisk(staging, intact_files)
            model, findings, outputs = _make(request, options, inputs, store, files, progress)
            record, lost = _lost(request, output, model, files) if outputs else ({}, [])
            findings = exempted([*findings, *lost], model.exemptions)
            if _any_stops(findings):
                raise Unsound(findings)
            progress.stage("publishing")
            changed = files.publish(outputs, state, record)
        if state.stamps is not stamps:
            state.stamps = stamps_of(output, state.stamps)
        state.site = site
        state.built = _result(model, outputs, changed, findings)
        try:
            store.tidy()
            store.save()
        except Unusable as error:  # the site is published already: do not build again
            forget(folder)
            return structs.replace(state.built, uncached=f"{folder}: {error}")
        if request.exports:
            Cache(folder / EXPORTS).tidy({stored.key.hex() for stored in outputs.values()})
        return state.built


def _lost(
    request: BuildRequest, output: Path, model: SiteModel, files: SiteOnDisk
) -> tuple[Mapping[str, Any], list[Finding]]:
    """What the new site records of the addresses of the previous one, as plain data, and a finding
    for each that it loses."""
    from archive_site.build.published import PublishedFolder, lost_addresses

    record, lost = lost_addresses(
        PublishedFolder(output), model, request.corpus, files.read, files.changed, request.lasting
    )
    return to_builtins(record), lost


def _make(
    request: BuildRequest,
    options: Options,
    inputs: Inputs,
    store: Store,
    files: Files,
    progress: Progress,
) -> tuple[SiteModel, list[Finding], Mapping[str, StoredOutput]]:
    """Map, reduce, render and check. Returns the model, the findings (before exemptions are
    applied) and the outputs. There are no outputs if a finding stops the build before rendering."""
    from archive_site.build.assemble import assemble
    from archive_site.build.executors import Workers
    from archive_site.build.load import load

    before = store.state.outputs
    with Workers(request.jobs, request.scheduler) as workers:
        model, findings = load(inputs, request.base_url, request.exports, store, workers, progress)
        if _any_stops(exempted(findings, model.exemptions)):
            return model, findings, {}
        assembly = assemble(model, options, inputs, before, store.pack, files, workers, progress)
    progress.stage("checking")
    return model, [*findings, *assembly.check(before)], assembly.outputs


@contextmanager
def whole_site(request: BuildRequest, exports_cache: Path | None = None) -> Iterator[WholeSite]:
    """Build the whole site in memory. Its findings are those before exemptions are applied.
    `exports_cache`: the folder that caches EPUB, PDF and the like."""
    from archive_site.build.assemble import SiteInMemory
    from archive_site.build.inputs import read_inputs

    template_findings = check_own(request.templates)
    options, files = _options(request, exports_cache), SiteInMemory()
    with Store(None, options.program) as store:
        inputs = read_inputs(request.corpus, {}, template_findings)
        model, findings, _ = _make(request, options, inputs, store, files, Progress.silent())
        yield WholeSite(files, model, tuple(findings))


class SiteOnDisk:
    """The files of a site that is to be published. New files are staged; files of the previous
    site that are unchanged are linked when the new site is published."""

    def __init__(self, staging: Staging, intact_files: Collection[str]) -> None:
        self._staging, self.intact = staging, intact_files
        self._staged: set[str] = set()

    def write(self, path: str, data: bytes) -> None:
        """Stage a file, unless the previous site has it with the same bytes."""
        if path not in self.intact or (self._staging.output / path).read_bytes() != data:
            self._staging.write(path, data)
            self._staged.add(path)

    def read(self, path: str) -> bytes:
        """A file of the site."""
        folder = self._staging.folder if path in self._staged else self._staging.output
        return (folder / path).read_bytes()

    def changed(self, path: str) -> bool:
        """Whether a file of the site is not that of the previous site."""
        return path in self._staged

    def publish(
        self, outputs: Mapping[str, StoredOutput], state: State, record: Mapping[str, Any]
    ) -> frozenset[str]:
        """Publish the files of these outputs, with what to record for the next build, and update
        the state. Returns the paths that changed."""
        paths = {path for stored in outputs.values() for path in stored.files}
        changed = self._staged | (self._staging.previous - paths)
        same = MANIFEST in self.intact and recorded(self._staging.output) == record
        if changed or not same:
            kept = {path: state.stamps[path] for path in paths - self._staged}
            state.stamps = self._staging.publish(kept, record)
        state.outputs = dict(outputs)
        return frozenset(changed)


def _options(request: BuildRequest, exports_cache: Path | None) -> Options:
    epoch, own = request.epoch if request.exports else None, request.templates
    options = Options(own, program_state(own), request.exports, epoch, exports_cache)
    if request.scheduler:  # other machines have another current folder, and no cache
        own = own and own.absolute()
        contents = fingerprint(own) if own and own.is_dir() else ""
        return replace(options, templates=own, cache=None, contents=contents)
    return options if request.exports else replace(options, cache=None)


def _key(request: BuildRequest, inputs: Inputs) -> bytes:
    """A digest of everything that the site is made from, except the program."""
    files = inputs.digest(inputs), inputs.unknown, list(map(str, inputs.findings))
    options = request.base_url, request.exports, request.epoch, request.lasting
    return digest_of(str(request.corpus), options, files)


def _result(
    model: SiteModel,
    outputs: Mapping[str, StoredOutput],
    changed: frozenset[str],
    findings: Iterable[Finding],
) -> Built:
    sizes = {path: n for stored in outputs.values() for path, n in stored.files.items()}
    pages = sum(map(is_page, sizes))
    found = tuple(sorted(findings))
    return Built(len(model.texts), pages, sum(sizes.values()), changed, found)


def _any_stops(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings stops a build."""
    return any(finding.stops for finding in findings)


# ---------------------------------------------------------------- the state of the program


def program_state(own: Path | None) -> str:
    """Identifies the state of the code, of the package's templates and of an archive's `own`
    templates, by the times of their files."""
    return " ".join((_code_state(), times_of(package_templates()), times_of(own)))


@lru_cache(maxsize=1)
def _code_state() -> str:
    """Identifies the running code and its libraries by the times of their files. It is computed
    once, because a process keeps running the code that it started with."""
    from importlib.util import find_spec

    library = find_spec("jinja2")
    installed = Path(library.origin).parents[1] if library and library.origin else HERE
    code = times_of(HERE)
    return f"{platform.python_version()} {installed.stat().st_mtime_ns} {code}"
