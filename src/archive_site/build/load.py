"""A corpus → its model: map, then reduce. Texts that did not change since the last build are not
analysed again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from msgspec import Struct

from archive_site.build.executors import Work, Workers
from archive_site.build.inputs import Inputs, published_file
from archive_site.build.progress import Progress
from archive_site.build.state import Analysed, Store, StoredValue
from archive_site.corpus.load import read_common
from archive_site.corpus.records import Common, rank_of
from archive_site.corpus.rules import (
    check_cited,
    check_collections,
    check_editions,
    check_entries,
    check_ids,
    check_keys,
    check_kind,
    check_sources,
    check_unknown,
    check_unnamed,
    check_works,
    same_name,
    unnamed_pictures,
    unnamed_witnesses,
)
from archive_site.corpus.summary import completed
from archive_site.corpus.urls import wrong_targets
from archive_site.edition.aliases import resolved
from archive_site.edition.authority import Entry
from archive_site.files.layout import (
    BIBLIOGRAPHIES,
    CHECKSUMS,
    COLLECTIONS,
    EDITIONS,
    IMAGES,
    PICTURE,
    TOP,
    WITNESSES,
    edition_files,
)
from archive_site.files.pack import decoded, digest_of, encoded
from archive_site.findings import Finding
from archive_site.model.analysis import (
    Analysis,
    AnalysisInput,
    Authorities,
    Facts,
    analyse,
    packed_entries,
)
from archive_site.model.collections import filled
from archive_site.model.site_model import File, SiteModel, TextOfSite
from archive_site.names.mentions import forms_of
from archive_site.names.rules import check_forms
from archive_site.witness.witness import places_name, text_name

SAVE_EVERY = 200
"""The number of texts after which the state is saved, so that a build that is killed loses
little."""


def load(
    inputs: Inputs,
    base_url: str,
    preview: bool,
    store: Store,
    workers: Workers,
    progress: Progress,
) -> tuple[SiteModel, list[Finding]]:
    """The model of a corpus, and all findings. `base_url`: the address at which the site will be
    published (empty: that of `site.yaml`); `preview`: whether pages have a picture for link
    previews."""
    common, findings = _common(inputs, store)
    findings += inputs.findings
    findings += _analyse(inputs, common, store, workers, progress)
    texts = list(_texts(common, store))
    findings += _check(inputs, common, [text.facts for text in texts], _mentioned(store))
    findings += check_works((text.facts.path, text.summary, text.meta) for text in texts)
    site = replace(common.site, base_url=base_url) if base_url else common.site
    unnamed = set(_unnamed(inputs, [text.facts for text in texts]))
    files = {n: File(i.size, i.sha256) for n, i in inputs.known.items() if n not in unnamed}
    commented = [f"{EDITIONS}/{text.id}.md" for text in texts if text.facts.commented]
    changed = [*commented, *(name for name in BIBLIOGRAPHIES if name in files)]
    files |= {name: _as_published(inputs, name) for name in changed}
    texts.sort(key=lambda text: rank_of(text.meta))
    model = SiteModel(
        site,
        Authorities(common.entries),
        {text.id: text for text in texts},
        files,
        store.pack,
        preview,
        unclaimed=common.unclaimed,
        exemptions=common.exemptions,
        bibliography=common.bibliography,
        unreadable=_unreadable_entries(common),
        collections=filled(common.collections, {text.id: text.meta.collection for text in texts}),
    )
    return model, findings


# ---------------------------------------------------------------- what all texts share


class _Common(Struct, array_like=True):
    """What all texts share, with its findings, as the pack stores it."""

    common: Common
    findings: list[Finding]


def _common(inputs: Inputs, store: Store) -> tuple[Common, list[Finding]]:
    given = inputs.digest((*TOP, f"{WITNESSES}/{CHECKSUMS}"))
    key = digest_of(given, str(inputs.root), _names_in(IMAGES, inputs))
    kept = store.state.common
    if kept and kept.key == key:
        found = decoded(store.pack.read(kept.span), _Common)
        return found.common, found.findings
    findings: list[Finding] = []
    common = read_common(inputs.root, inputs, findings)
    findings += check_forms(common.entries.values())
    data = encoded(_Common(common, findings))
    store.state.common = StoredValue(key, store.pack.add(data))
    store.save()
    return common, findings


# ---------------------------------------------------------------- the input of each analysis

_PICTURE = re.compile(PICTURE.pattern.encode(), re.IGNORECASE)
_WITNESS = re.compile(rb"^witness:[ \t]*([\w.-]*)[ \t]*\r?$", re.MULTILINE)


def _forms_key(entries: Mapping[str, Entry]) -> bytes:
    """A digest of the forms of all entries. Line numbers are excluded, so that a longer description
    does not cause any text to be analysed again."""
    forms = [(e.key, e.kind, *map(repr, forms_of(e))) for e in entries.values()]
    return digest_of(forms)


@dataclass(frozen=True, slots=True)
class _Named:
    """The witness (empty: none) and the pictures that an edition names."""

    witness: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _AnalysisInputs:
    """The input of each edition's analysis. `common`: what all texts share; `forms`: see
    `_forms_key`; `before`: the analyses of the last build."""

    inputs: Inputs
    common: Common
    forms: bytes
    before: Mapping[str, Analysed]

    def named(self, name: str) -> _Named:
        """What an edition names. It is found with patterns: only the analysis reads the front
        matter as YAML, and may find another witness; it shows no other pictures."""
        before = self.before.get(name)
        if before and before.edition == self.inputs.known[name].sha256:
            return _Named(before.witness, before.pictures)
        data = self.inputs[name]
        found = _WITNESS.search(data, 0, data.find(b"\n---", 4) + 1)
        pictures = sorted({picture.decode() for picture in _PICTURE.findall(data)})
        return _Named(found[1].decode() if found else "", tuple(pictures))

    def key(self, name: str, named: _Named) -> bytes:
        """A digest of everything that the analysis of an edition is made from."""
        known, witness = self.inputs.known, self._witness(named.witness)
        sums = self._sums(witness)
        of_witness = [(n, known[n].sha256) for n in witness]
        found = (of_witness, sums) if witness else _names_in(WITNESSES, self.inputs)
        there, others = self._pictures(named)
        shown = [(n, known[n].sha256, self.common.credits.get(n)) for n in there], others
        edition = known[name].sha256
        root = str(self.inputs.root)
        return digest_of(root, name, edition, named.witness, found, shown, self.forms)

    def input_of(self, name: str, named: _Named) -> AnalysisInput:
        """What the analysis of an edition is made from."""
        witness, common = self._witness(named.witness), self.common
        there, others = self._pictures(named)
        names = [name, *there, *witness]
        only_named = others if witness else [*others, *_names_in(WITNESSES, self.inputs)]
        return AnalysisInput(
            str(self.inputs.root),
            name,
            dict.fromkeys(only_named, b"") | {name: self.inputs[name] for name in names},
            self._sums(witness),
            {name: common.credits[name] for name in there if name in common.credits},
        )

    def _pictures(self, named: _Named) -> tuple[list[str], list[str]]:
        """The pictures that an edition names; and all pictures, if some that it names do not
        exist."""
        there = [name for name in named.pictures if name in self.inputs]
        missing = len(there) < len(named.pictures)
        return there, _names_in(IMAGES, self.inputs) if missing else []

    def _witness(self, name: str) -> list[str]:
        """The files of a witness that exist: as it was received, its text, and the places of its
        lines."""
        names = dict.fromkeys((name, text_name(name), places_name(name))) if name else ()
        found = (same_name(f"{WITNESSES}/{n}", self.inputs.known) for n in names)
        return [file for file in found if file]

    def _sums(self, files: Iterable[str]) -> dict[str, str]:
        """The checksums that files of a witness must have, by name, as far as they are listed."""
        sums = self.common.sums
        listed = (same_name(file.removeprefix(f"{WITNESSES}/"), sums) for file in files)
        return {name: sums[name] for name in listed if name}


def _names_in(folder: str, files: Iterable[str]) -> list[str]:
    return [name for name in files if name.startswith(f"{folder}/")]


# ---------------------------------------------------------------- map


def _analyse(
    inputs: Inputs, common: Common, store: Store, workers: Workers, progress: Progress
) -> list[Finding]:
    """Analyse the texts that changed. Returns the findings of all texts."""
    before, names = store.state.texts, edition_files(inputs)
    analysis_inputs = _AnalysisInputs(inputs, common, _forms_key(common.entries), before)
    named = {name: analysis_inputs.named(name) for name in names}
    keys = {name: analysis_inputs.key(name, named[name]) for name in names}
    store.state.texts = {
        name: before[name] for name in names if name in before and before[name].key == keys[name]
    }
    entries = packed_entries(common.entries)

    def prepare(name: str) -> Work[Analysis]:
        return partial(analyse, analysis_inputs.input_of(name, named[name]), entries)

    new = [
        (name, inputs.known[name].size, partial(prepare, name))
        for name in names
        if name not in store.state.texts
    ]
    progress.stage("texts", len(new))
    for count, (name, analysis) in enumerate(workers.run(new), start=1):
        if analysis.witness != named[name].witness:  # the front matter, read as YAML, has another
            named[name] = replace(named[name], witness=analysis.witness)
            analysis = prepare(name)()
        store.state.texts[name] = Analysed(
            analysis_inputs.key(name, named[name]),
            inputs.known[name].sha256,
            named[name].witness,
            named[name].pictures,
            store.pack.add(analysis.data) if analysis.facts else None,
            analysis.facts,
            analysis.findings,
        )
        progress.advance()
        if count % SAVE_EVERY == 0 or count == len(new):
            store.save()
    # In the order of names, so that a finding about two texts is always in the second.
    store.state.texts = {name: store.state.texts[name] for name in names}
    found: list[Finding] = []
    for text in store.state.texts.values():  # what two texts have in common is told once
        told = set(found)
        found += (finding for finding in text.findings if finding not in told)
    return found


# ---------------------------------------------------------------- reduce


def _texts(common: Common, store: Store) -> Iterator[TextOfSite]:
    for facts, at in store.facts(Facts):
        kinds = common.site.kinds_of_text
        summary = completed(facts.summary, facts.meta, common.entries, kinds, common.collections)
        yield TextOfSite(facts, summary, at)


def _as_published(inputs: Inputs, name: str) -> File:
    """A file that is not published as it was received."""
    data = published_file(inputs, name)
    return File(len(data), hashlib.sha256(data).hexdigest())


def _unnamed(inputs: Inputs, texts: Sequence[Facts]) -> list[str]:
    """The witnesses and pictures that no text names."""
    witnesses = unnamed_witnesses(inputs, (text.meta.witness for text in texts))
    shown = {name for text in texts for name in text.pictures}
    return [*unnamed_pictures(inputs, shown), *witnesses]


def _mentioned(store: Store) -> set[str]:
    """The pictures whose names are in an edition, even if it does not show them."""
    return {picture for text in store.state.texts.values() for picture in text.pictures}


def _unreadable_entries(common: Common) -> tuple[str, ...]:
    """The authority files that cannot be read."""
    others = {*BIBLIOGRAPHIES, COLLECTIONS}
    return tuple(name for name in common.unreadable if name not in others)


def _check(
    inputs: Inputs, common: Common, texts: Sequence[Facts], mentioned: Container[str]
) -> Iterator[Finding]:
    """Findings that need all texts: ids, keys, links between texts, unused files but those that are
    `mentioned`. If a file cannot be read, nothing that follows from that is a finding: its keys and
    ids are not reported as unknown."""
    root, entries = inputs.root, common.entries
    yield from check_editions(root, inputs)
    yield from check_unknown(root, inputs.unknown)
    read = {text.path for text in texts}
    unreadable_texts = {Path(n).stem for n in edition_files(inputs) if str(root / n) not in read}
    if not unreadable_texts:
        unnamed = (name for name in _unnamed(inputs, texts) if name not in mentioned)
        yield from check_unnamed(root, unnamed)
    yield from check_ids({text.path: text.id for text in texts})
    unreadable = _unreadable_entries(common)
    if not unreadable:
        yield from check_entries(
            entries, {text.id: text.labels for text in texts}, unreadable_texts
        )
    if COLLECTIONS not in common.unreadable:
        metas = {text.id: (text.path, text.meta) for text in texts}
        yield from check_collections(common.collections, metas, unreadable_texts)
    known = None if {*BIBLIOGRAPHIES} & {*common.unreadable} else common.bibliography
    if known is not None:
        yield from check_sources(entries, known)
    ids = {text.id: text.ids for text in texts}
    aliases = {text.id: resolved(text.meta.aliases) for text in texts}
    for text in texts:
        yield from check_kind(text.path, text.meta, common.site)
        if not unreadable:
            yield from check_keys(text.path, text.keys, entries)
        if known is not None:
            yield from check_cited(text.path, text.cited, known)
        targets = (t for t in text.link_targets if t[1].partition("#")[0] not in unreadable_texts)
        yield from wrong_targets(text.path, text.id, targets, ids, aliases)
