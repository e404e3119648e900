"""Builds that make only what has changed: the same bytes as those that make everything."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from archive_site.build import executors
from archive_site.build.assemble import Assembly
from archive_site.build.build import BuildRequest, build, program_state, whole_site
from archive_site.build.outputs import Output
from archive_site.build.publish import MANIFEST, Staging, Stamp
from archive_site.build.targets import Target
from archive_site.cli.main import main
from archive_site.corpus.records import Site
from archive_site.exports import preview
from archive_site.files.cache import cache_folder
from archive_site.files.pack import Pack, Span
from archive_site.findings import Finding, NotPossible, Unsound
from archive_site.names.mentions import Passage
from archive_site.text.reading import reading_text
from conftest import GOLDEN, ROOT
from examples import examples
from sites import Corpus
from twice import differences, files_of, made_whole, of_corpus

# ---------------------------------------------------------------- an archive, edited at random

WORDS = "grève pain Lénine Durand Paris congrès le 10 octobre 1917 XIVe parti partis C.C.".split()
NAMES = ("lenine", "durand", "paris", "conges")
KINDS = {"lenine": "people", "durand": "people", "paris": "places", "conges": "glossary"}
TEXTS = ("a", "b", "c-1", "z")


@dataclass
class World:
    """An archive under an editor's hands: paragraphs by text, entries with a description."""

    root: Path
    texts: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)
    title: str = "Essai"
    template: str = ""
    asked: BuildRequest = field(init=False)

    def __post_init__(self) -> None:
        corpus, output = self.root / "corpus", self.root / "site"
        self.asked = BuildRequest(corpus, output, exports=False, jobs=1)
        self.texts = {"a": ["Durand vit Lénine à Paris.", "Le 10 octobre 1917, rien."]}
        self.entries = {"lenine": "Il parle.", "durand": ""}

    def write(self) -> None:
        """What the editor has before her, as files."""
        corpus, own = self.root / "corpus", self.root / "own"
        shutil.rmtree(corpus, ignore_errors=True)
        (corpus / "editions").mkdir(parents=True)
        (corpus / "site.yaml").write_text(f"title: {self.title}\n", "utf-8")
        for n, (text, paragraphs) in enumerate(self.texts.items()):
            head = f"id: {text}\ntitle: Texte {text}\nkind: essay\ncreator: ''\n"
            head += f"date: '19{17 + n}'\nstatus: proofread\n"
            body = "\n\n".join(paragraphs)
            (corpus / "editions" / f"{text}.md").write_text(f"---\n{head}---\n\n{body}\n", "utf-8")
        for name in ("people", "places", "glossary"):
            keys = [key for key in self.entries if KINDS[key] == name]
            says = "".join(
                f"{k}:\n  name: {k.title()}\n  forms: [{form_of(k)}]\n"
                f"  description: {self.entries[k] or 'Rien.'}\n"
                for k in keys
            )
            if keys:
                (corpus / f"{name}.yaml").write_text(says, "utf-8")
        shutil.rmtree(own, ignore_errors=True)
        if self.template:
            own.mkdir()
            (own / "404.html").write_text(
                f"<title>x</title><main><h1>{self.template}</h1></main>", "utf-8"
            )
        self.asked = replace(self.asked, templates=own if self.template else None)


def form_of(key: str) -> str:
    return {"lenine": "Lénine", "paris": "Paris", "durand": "Durand", "conges": "congrès"}[key]


SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda words: f"Ici {' '.join(words)}."
)
Edit = Callable[[World], None]


def _at(place: int, paragraphs: list[str]) -> int:
    return place % len(paragraphs)


def _written(text: str, words: list[str]) -> Edit:
    return lambda world: world.texts.update({text: words})


def _reworded(text: str, place: int, words: str) -> Edit:
    def edit(world: World) -> None:
        if text in world.texts:
            paragraphs = world.texts[text]
            paragraphs[_at(place, paragraphs)] += f" {words}"

    return edit


def _moved(text: str, to: str) -> Edit:
    def edit(world: World) -> None:
        if text in world.texts:
            world.texts[to] = world.texts.pop(text)

    return edit


def _named(key: str, words: str) -> Edit:
    return lambda world: world.entries.update({key: words})


def _unnamed(key: str) -> Edit:
    def edit(world: World) -> None:
        world.entries.pop(key, None)

    return edit


def _spoiled(place: int, how: str) -> Edit:
    """Someone deletes or changes a file of the site itself."""

    def edit(world: World) -> None:
        found = world.asked.output.rglob("*")
        files = sorted(p for p in found if p.is_file() and p.name != MANIFEST)
        if files:
            file = files[place % len(files)]
            if how == "delete":
                file.unlink()
            else:
                file.write_bytes(b"spoiled" + file.read_bytes())

    return edit


def _damaged(name: str, place: int, what: bytes) -> Edit:
    """Something overwrites a part of what is kept."""

    def edit(world: World) -> None:
        path = cache_folder(world.asked.output) / name
        if path.exists():
            path.write_bytes(overwritten(path.read_bytes(), place / 300, what))

    return edit


def overwritten(data: bytes, place: float, what: bytes) -> bytes:
    """Data of which a part, somewhere from its beginning (0) to its end (1), is overwritten."""
    at = int(place * max(0, len(data) - len(what)))
    return data[:at] + what + data[at + len(what) :]


def _titled(title: str) -> Edit:
    return lambda world: setattr(world, "title", title)


def _templated(words: str) -> Edit:
    return lambda world: setattr(world, "template", words)


def _exported(exports: bool) -> Edit:
    return lambda world: setattr(world, "asked", replace(world.asked, exports=exports))


def _placed(base_url: str) -> Edit:
    return lambda world: setattr(world, "asked", replace(world.asked, base_url=base_url))


TEXT, PLACE = st.sampled_from(TEXTS), st.integers(0, 300)
EDITS = st.one_of(
    st.builds(_reworded, TEXT, PLACE, SENTENCES),
    st.builds(_reworded, TEXT, PLACE, SENTENCES),
    st.builds(_written, TEXT, st.lists(SENTENCES, min_size=1, max_size=4)),
    st.builds(_moved, TEXT, TEXT),
    st.builds(_named, st.sampled_from(NAMES), SENTENCES),
    st.builds(_unnamed, st.sampled_from(NAMES)),
    st.builds(_spoiled, PLACE, st.sampled_from(["delete", "change"])),
    st.builds(_damaged, st.sampled_from(["pack", "state"]), PLACE, st.binary(min_size=1)),
    st.builds(_titled, st.sampled_from(["Essai", "Autre"])),
    st.builds(_templated, st.sampled_from(["", "perdu", "égaré"])),
    st.builds(_exported, st.sampled_from([False, False, True])),
    st.builds(_placed, st.sampled_from(["", "https://a.example/b/"])),
)


@pytest.mark.slow
@examples(10, suppress_health_check=list(HealthCheck))
@given(sessions=st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=2, max_size=6))
def test_what_has_changed_is_made_and_the_site_is_the_whole_one(sessions: list[list[Edit]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for edits in [[], *sessions]:
            for edit in edits:
                edit(world)
            world.write()
            before = files_of(world.asked.output)
            try:
                site, found = made_whole(world.asked)
            except Unsound as error:
                with pytest.raises(Unsound) as raised:
                    build(world.asked)
                assert tuple(of_corpus(raised.value.findings)) == error.findings
                assert files_of(world.asked.output) == before
                continue
            built = build(world.asked)
            there = files_of(world.asked.output)
            assert differences(site, there) == []
            assert list(map(str, of_corpus(built.findings))) == found
            assert built.changed >= set(differences(before, there))
            assert build(world.asked).changed == frozenset()


def test_the_golden_archive_with_all_that_can_be_taken_along(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    asked = BuildRequest(tmp_path / "corpus", tmp_path / "site", jobs=1)
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    edition = tmp_path / "corpus" / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Mon ami", "Mon cher ami"), "utf-8")
    changed = build(asked).changed
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert "textes/lettre-1906/index.html" in changed
    assert "textes/discours-1905/discours-1905.pdf" not in changed
    assert "donnees/archive.zip" in changed


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the targets that are made, and not kept, from now on."""
    found: list[str] = []

    def take(assembly: Assembly, target: Target, output: Output) -> None:
        found.append(target.name)
        real(assembly, target, output)

    real = Assembly.take
    monkeypatch.setattr(Assembly, "take", take)
    return found


@pytest.mark.slow
def test_an_edit_of_the_real_archive_makes_little(
    corpus: Corpus, tmp_path: Path, made: list[str]
) -> None:
    """In a copy that is built once."""
    asked = BuildRequest(tmp_path / "corpus", tmp_path / "site", exports=False)
    shutil.copytree(ROOT / "corpus", asked.corpus)
    build(asked)
    text = "que-faire-parti-bolchevik-1917-1924"
    edition = asked.corpus / "editions" / f"{text}.md"
    _a_place_changes_little(asked, text, edition)
    made.clear()
    _only_what_shows_a_word_is_made(asked, text, edition, corpus.passages[text], made)


def _a_place_changes_little(asked: BuildRequest, text: str, edition: Path) -> None:
    """The text's own files, and what says how old all is."""
    words = edition.read_text("utf-8")
    edition.write_text(
        words.replace("status: proofread\n", "status: proofread\nplace: Ici\n"), "utf-8"
    )
    changed = build(asked).changed
    assert f"textes/{text}/index.html" in changed
    others = {path for path in changed if path.startswith("textes/") and text not in path}
    assert others == set()
    assert len(changed) < 20
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def _only_what_shows_a_word_is_made(
    asked: BuildRequest, text: str, edition: Path, passages: Sequence[Passage], made: list[str]
) -> None:
    """A word changed where nothing is named: no other text, no entry, no index is made."""
    words = edition.read_text("utf-8")
    said = next(
        reading_text(p.place.block.content)[:40]
        for p in passages
        if p.place.block.kind == "paragraph" and not p.mentions and not p.place.note
    )
    first, second, rest = said.split(" ", 2)
    assert words.count(said) == 1
    marked = f'{first} [mot]{{.corr sic="{second}"}} {rest}'
    edition.write_text(words.replace(said, marked), "utf-8")
    build(asked)
    sorts = {name.partition("/")[0] for name in made}
    assert [name for name in made if name.startswith("text/")] == [f"text/{text}"]
    assert not sorts & {"entry", "index", "year", "static", "table"}
    assert [name for name in made if name.startswith("file/")] == [f"file/editions/{text}.md"]
    assert len([name for name in made if name.startswith("group/")]) < 5
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_what_nobody_sees_makes_little(asked: BuildRequest, made: list[str]) -> None:
    """A file of the site deleted: what it is made with. A comment in an authority file: that file,
    and what tells of all files. The same again: nothing."""
    build(asked)
    assert made == []
    (asked.output / "personnes" / "durand" / "index.html").unlink()
    build(asked)
    assert made == ["entry/durand"]
    made.clear()
    people = asked.corpus / "people.yaml"
    people.write_text(f"# Personnes\n{people.read_text('utf-8')}", "utf-8")
    build(asked)
    whole = {"front/index.html", "front/a-propos/index.html", "package", "downloads"}
    assert set(made) == {"file/people.yaml", *whole}


def test_many_processes_make_the_same_site(
    archive: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "TRIED", 0)
    monkeypatch.setattr(executors, "FORKED", -1)
    monkeypatch.setattr(executors, "SPAWNED", -1)
    monkeypatch.setattr(executors, "AT_ONCE", 2)
    lots: list[int] = []
    real = executors._Pool.submit

    def submit(pool: executors._Pool, works: list[executors.Work[object]]) -> object:
        lots.append(len(works))
        return real(pool, works)

    monkeypatch.setattr(executors._Pool, "submit", submit)
    preview.of_archive(Site("Typst"))  # it leaves threads, which a forked process would not have
    asked = replace(archive, jobs=2, exports=True)
    build(asked)
    assert sum(lots) > 10
    assert differences(made_whole(replace(asked, jobs=1))[0], files_of(asked.output)) == []


# ---------------------------------------------------------------- the cache is only comfort


@pytest.fixture
def archive(tmp_path: Path) -> BuildRequest:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    return BuildRequest(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=1)


@pytest.fixture
def asked(archive: BuildRequest) -> BuildRequest:
    """An archive that was built."""
    build(archive)
    return archive


def kept_of(asked: BuildRequest) -> Path:
    return cache_folder(asked.output)


def titled(asked: BuildRequest, title: str) -> None:
    """An edit that every page shows, and no analysis."""
    site = asked.corpus / "site.yaml"
    site.write_text(re.sub("(?m)^title: .*", f"title: {title}", site.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize("name", ["pack", "state"])
@pytest.mark.parametrize("spoil", [b"", b"SQLite format 3\0 and nothing more", b"\0" * 10_000])
def test_a_spoiled_cache_is_made_anew(asked: BuildRequest, name: str, spoil: bytes) -> None:
    before = files_of(asked.output)
    (kept_of(asked) / name).write_bytes(spoil)
    build(asked)
    assert files_of(asked.output) == before
    (kept_of(asked) / name).write_bytes(spoil)
    titled(asked, "Autre")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pack", "state"])
def test_a_cache_that_is_damaged_anywhere_costs_time_only(asked: BuildRequest, name: str) -> None:
    """Parts of it overwritten, cut off, changed in a bit: the site is that of a first build."""
    path, dice = kept_of(asked) / name, random.Random(0)
    for n in range(8):
        kept = path.read_bytes()
        how = n % 4
        place = dice.random()
        at = int(place * (len(kept) - 1))
        damaged = {
            0: overwritten(kept, place, b"\xff" * 4096),
            1: overwritten(kept, place, bytes([kept[at] ^ 1])),
            2: kept[:at],
            3: kept.replace(b"Mon ami", b"Mon aml").replace(b"Durand", b"DURAND"),
        }[how]
        titled(asked, f"Titre {n}")
        edition = asked.corpus / "editions" / "lettre-1906.md"
        edition.write_text(edition.read_text("utf-8").replace("Mon ami,", "Mon ami, Durand,"))
        path.write_bytes(damaged)
        build(asked)
        assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_a_cache_that_is_gone_costs_time_only(asked: BuildRequest) -> None:
    before = files_of(asked.output)
    for name in ("pack", "state"):
        (kept_of(asked) / name).unlink()
        build(asked)
        assert files_of(asked.output) == before
    shutil.rmtree(kept_of(asked))
    edition = asked.corpus / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Mon ami", "Mon cher ami"), "utf-8")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_a_cache_from_elsewhere_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of another archive whose files have the same names, and that of this one as it was."""
    asked = BuildRequest(Path("corpus"), Path("site"), exports=False, jobs=1)
    kept: dict[str, dict[str, bytes]] = {}
    for name, title in (("one", "Un"), ("other", "Autre"), ("one", "Deux")):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / name)
        shutil.copytree(GOLDEN / "corpus", "corpus", dirs_exist_ok=True)
        titled(asked, title)
        edition = Path("corpus/editions/lettre-1906.md")
        edition.write_text(edition.read_text("utf-8").replace("Mon ami", f"{title}, Durand"))
        build(asked)
        kept[title] = {part: (kept_of(asked) / part).read_bytes() for part in ("pack", "state")}
    here = files_of(asked.output)
    for title in ("Un", "Autre"):
        for part, data in kept[title].items():
            (kept_of(asked) / part).write_bytes(data)
        build(asked)
        assert files_of(asked.output) == here
        assert build(asked).changed == frozenset()
    assert differences(made_whole(asked)[0], here) == []


def test_a_file_that_did_not_change_is_not_read_again(
    archive: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive_site.build.inputs.TRUSTED", -1)
    build(archive)
    read: list[str] = []
    real = Path.read_bytes

    def reading(path: Path) -> bytes:
        if path.is_relative_to(archive.corpus):
            read.append(path.relative_to(archive.corpus).as_posix())
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    build(archive)
    assert read == []
    edition = archive.corpus / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Mon ami", "Mon cher ami"), "utf-8")
    build(archive)
    assert set(read) == {"editions/lettre-1906.md"}


def test_a_file_that_changes_during_the_build_stops_it(
    asked: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = asked.corpus / "editions" / "lettre-1906.md"
    before = files_of(asked.output)
    edition.write_text(edition.read_text("utf-8") + "\nUn mot.\n", "utf-8")
    real = Path.read_bytes

    def changing(path: Path) -> bytes:
        data = real(path)
        if path == edition:
            with path.open("a", encoding="utf-8") as file:
                file.write("\nUn autre.\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", changing)
    with pytest.raises(NotPossible, match=r"lettre-1906.md changed while the site was built"):
        build(asked)
    assert files_of(asked.output) == before
    monkeypatch.undo()
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


@pytest.mark.parametrize("name", ["editions/lettre-1906.md", "people.yaml"])
def test_a_file_that_changes_after_it_was_analysed_stops_the_build(
    asked: BuildRequest, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `data/` would have of it is not what the pages were made from."""
    file = asked.corpus / name
    file.write_text(file.read_text("utf-8").replace("ami", "amis") + "\n\n", "utf-8")
    before = files_of(asked.output)

    def assemble(*given: object) -> Assembly:
        file.write_bytes(file.read_bytes() + b"\n")
        return real(*given)  # type: ignore[arg-type]  # as they came

    from archive_site.build.assemble import assemble as real

    monkeypatch.setattr("archive_site.build.assemble.assemble", assemble)
    with pytest.raises(NotPossible, match=f"{file.name} changed while the site was built"):
        build(asked)
    assert files_of(asked.output) == before
    monkeypatch.undo()
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_a_build_that_was_stopped_is_taken_up(asked: BuildRequest) -> None:
    """What was made before findings stopped a build is not taken for published."""
    edition = asked.corpus / "editions" / "lettre-1906.md"
    words = edition.read_text("utf-8")
    edition.write_text(words.replace("Mon ami", "Mon cher ami[^9]"), "utf-8")
    with pytest.raises(Unsound):
        build(asked)
    edition.write_text(words.replace("Mon ami", "Mon cher ami"), "utf-8")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


class Stopped(Exception):
    """Stands for whatever may end a build in its midst."""


@pytest.mark.parametrize("at", [1, 20, 40])
def test_a_build_that_was_stopped_while_files_were_made_is_taken_up(
    asked: BuildRequest, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(asked.output)
    titled(asked, "Autre")
    taken: list[str] = []
    real = Assembly.take

    def take(assembly: Assembly, target: Target, output: Output) -> None:
        real(assembly, target, output)
        taken.append(target.name)
        if len(taken) == at:
            raise Stopped

    monkeypatch.setattr(Assembly, "take", take)
    with pytest.raises(Stopped):
        build(asked)
    assert files_of(asked.output) == before
    monkeypatch.undo()
    titled(asked, "Encore autre")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    titled(asked, "Petite archive")
    build(asked)
    assert files_of(asked.output) == before


def test_a_build_that_was_stopped_when_it_had_published_is_taken_up(
    asked: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is the new one, and what is known is of the former: with the former corpus, and with
    the new one, the site is right."""
    first = files_of(asked.output)
    from archive_site.build.state import Store

    def stopped(store: Store) -> None:
        raise Stopped

    for back in (True, False):
        titled(asked, "Autre")
        monkeypatch.setattr(Store, "tidy", stopped)
        with pytest.raises(Stopped):
            build(asked)
        monkeypatch.undo()
        assert files_of(asked.output) != first
        if back:
            titled(asked, "Petite archive")
        build(asked)
        assert (files_of(asked.output) == first) is back
        assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def found_twice(asked: BuildRequest) -> list[list[Finding]]:
    """The findings that stop a build, and those that stop a first one."""
    found = []
    for make in (build, made_whole):
        with pytest.raises(Unsound) as raised:
            make(asked)
        found.append(of_corpus(raised.value.findings))
    return found


@pytest.mark.parametrize(
    "ids", [("lettre-1906", "discours-1905"), ("discours-1905", "lettre-1906")]
)
def test_whichever_text_was_there_first_findings_are_those_of_a_first_build(
    asked: BuildRequest, ids: tuple[str, str]
) -> None:
    edition = asked.corpus / "editions" / f"{ids[0]}.md"
    edition.write_text(edition.read_text("utf-8").replace(f"id: {ids[0]}", f"id: {ids[1]}"))
    built, whole = found_twice(asked)
    assert built == whole
    assert "E030" in {finding.code for finding in built}


def test_whichever_file_was_there_first_findings_are_those_of_a_first_build(
    asked: BuildRequest,
) -> None:
    (asked.corpus / "witnesses" / "DISCOURS-1905.txt").write_bytes(b"Mon ami\n")
    sha256 = hashlib.sha256(b"Mon ami\n").hexdigest()
    with (asked.corpus / "witnesses" / "SHA256SUMS").open("a") as sums:
        sums.write(f"{sha256}  DISCOURS-1905.txt\n")
    letter = asked.corpus / "editions" / "lettre-1906.md"
    letter.write_text(
        "---\nid: lettre-1906\ntitle: Lettre\nkind: letter\ncreator: ''\ndate: '1906'\n"
        "witness: DISCOURS-1905.txt\nstatus: proofread\n---\n\nMon ami\n"
    )
    built, whole = found_twice(asked)
    assert built == whole
    assert {finding.code for finding in built} == {"E048"}


def test_the_output_may_not_hold_the_corpus(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    with pytest.raises(NotPossible, match="is in it"):
        build(BuildRequest(tmp_path / "corpus", tmp_path))


@pytest.mark.slow
def test_templates_of_books_are_those_of_the_moment(archive: BuildRequest, tmp_path: Path) -> None:
    """In a process that lasts, too: changed, gone, come again."""
    own = tmp_path / "own"
    (own / "epub").mkdir(parents=True)
    asked = replace(archive, templates=own, exports=True)
    book = asked.output / "textes" / "lettre-1906" / "lettre-1906.epub"
    css = own / "epub" / "book.css"
    for said in (b"/* un */", b"/* deux */", b"", b"/* trois */"):
        css.unlink(missing_ok=True)
        if said:
            css.write_bytes(said)
        build(asked)
        with zipfile.ZipFile(book) as file:
            style = file.read("EPUB/book.css")
        assert style == said if said else len(style) > 100


def test_a_process_is_known_by_the_code_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the package that change while it serves are not the code that runs."""
    code, templates, own = program_state(None).rsplit(" ", 2)
    monkeypatch.setattr("archive_site.build.build.times_of", lambda folder: f"new{folder}")
    assert program_state(None).startswith(f"{code} new")
    assert program_state(None) != f"{code} {templates} {own}"


@pytest.mark.parametrize("refused", ["state", "pack"])
def test_a_cache_that_cannot_be_written_costs_time_only(
    refused: str, archive: BuildRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk, a file that is a folder: the site is made, and the reason is told."""
    build(archive)
    folder = cache_folder(archive.output)
    (folder / refused).unlink()
    (folder / refused).mkdir()
    built = build(archive)
    assert built.uncached == f"{folder}: Is a directory"
    assert differences(made_whole(archive)[0], files_of(archive.output)) == []
    assert main(["build", str(archive.corpus), "-o", str(archive.output), "--no-exports"]) == 0
    assert "nothing was cached" in capsys.readouterr().err
    (folder / refused).rmdir()
    assert build(archive).uncached == ""
    assert build(archive).changed == frozenset()


@pytest.mark.parametrize(
    ("file", "words", "code"),
    [
        ("home.html", "<title>x</title><main><h1>A</h1><h1>B</h1></main>", "E043"),
        ("home.html", "<title>x</title><h1>A</h1>", "E043"),
        ("static/a:b.js", "", "E048"),
    ],
)
def test_a_fault_of_an_own_template_stops_check_and_build(
    file: str, words: str, code: str, archive: BuildRequest, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / file).parent.mkdir(parents=True)
    (own / file).write_text(words)
    asked = replace(archive, templates=own)
    with pytest.raises(Unsound) as stopped:
        build(asked)
    assert {finding.code for finding in stopped.value.findings if finding.stops} == {code}
    with whole_site(asked) as whole:
        assert tuple(sorted(whole.findings)) == stopped.value.findings


def test_a_manifest_that_is_only_touched_costs_one_build(archive: BuildRequest) -> None:
    build(archive)
    os.utime(archive.output / MANIFEST)
    assert build(archive).changed == frozenset()
    (archive.corpus / "site.yaml").touch()
    assert build(archive).changed == frozenset()


def test_a_disk_that_is_full_when_all_is_published(
    archive: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is there: it is not built again, and nothing is kept."""
    published: list[object] = []
    real = Staging.publish

    def publish(
        staging: Staging, kept: Mapping[str, Stamp], record: Mapping[str, object]
    ) -> dict[str, Stamp]:
        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        published.append(staging)
        monkeypatch.setattr("archive_site.build.state.write_whole", full)
        return real(staging, kept, record)

    monkeypatch.setattr(Staging, "publish", publish)
    assert "No space left" in build(archive).uncached
    assert len(published) == 1
    monkeypatch.undo()
    assert differences(made_whole(archive)[0], files_of(archive.output)) == []
    assert build(archive).uncached == ""


def test_a_cache_that_cannot_be_read_costs_time_only(
    archive: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(archive)
    failed: list[Span] = []
    read = Pack.read

    def fails(pack: Pack, span: Span, within: int = 0) -> bytes:
        if not failed:
            failed.append(span)
            monkeypatch.setattr(pack, "_file", _Unreadable())
        return read(pack, span, within)

    monkeypatch.setattr(Pack, "read", fails)
    (archive.corpus / "site.yaml").write_text("title: Autre\n", "utf-8")
    assert build(archive).uncached == ""
    assert failed
    assert differences(made_whole(archive)[0], files_of(archive.output)) == []


class _Unreadable(io.BytesIO):
    def read(self, *_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("jobs", ["x", "0", "-1", "1001", "1.5", ""])
def test_a_wrong_number_of_processes_is_told(
    jobs: str, archive: BuildRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", str(archive.corpus), f"--jobs={jobs}"])
    assert ended.value.code == 2
    assert f"must be a number of processes from 1 to 1000; found {jobs}" in capsys.readouterr().err


def test_a_lock_that_is_no_file_is_told(archive: BuildRequest) -> None:
    lock = cache_folder(archive.output) / "lock"
    lock.mkdir()
    with pytest.raises(NotPossible, match=re.escape(f"cannot lock the site with {lock}")):
        build(archive)
    lock.rmdir()
    assert build(archive).texts


def test_a_cache_that_became_read_only_gives_way(
    archive: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = cache_folder(archive.output)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != mine and real(path, mode))
    assert cache_folder(archive.output).is_relative_to(tmp_path)
    assert build(archive).uncached == ""
