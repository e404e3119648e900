"""Builds that make only what has changed: the same bytes as those that make everything."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_site import products
from archive_site.build import Asked, build
from archive_site.cache import cache_folder
from archive_site.check import check_corpus, check_names, check_site
from archive_site.corpus import Corpus, load_corpus
from archive_site.downloads import Exports
from archive_site.findings import NotPossible, Unsound, exempted
from archive_site.ledger import Product
from archive_site.mentions import find_mentions
from archive_site.plaintext import reading_text
from archive_site.publish import MANIFEST
from archive_site.site import make_site

GOLDEN = Path(__file__).parent / "golden"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the manifest."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {path: file.read_bytes() for path, file in found.items() if path != MANIFEST}


def made_whole(asked: Asked) -> tuple[dict[str, bytes], list[str]]:
    """The site as one process makes it in memory, and what was found. Raises `Unsound`."""
    corpus, findings = load_corpus(asked.corpus)
    passages = find_mentions(corpus)
    findings = exempted(
        [*findings, *check_corpus(corpus), *check_names(corpus, passages)], corpus.exemptions
    )
    if any(finding.stops for finding in findings):
        raise Unsound(findings)
    if asked.base_url:
        corpus = replace(corpus, site=replace(corpus.site, base_url=asked.base_url))
    site = make_site(corpus, asked.templates, None, Exports() if asked.exports else None)
    findings += check_site(site)
    if any(finding.stops for finding in findings):
        raise Unsound(findings)
    return site, sorted(map(str, findings))


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


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
    asked: Asked = field(init=False)

    def __post_init__(self) -> None:
        corpus, output = self.root / "corpus", self.root / "site"
        self.asked = Asked(corpus, output, exports=False, jobs=1)
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
            (own / "404.html").write_text(f"<title>x</title><p>{self.template}", "utf-8")
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
    st.builds(_titled, st.sampled_from(["Essai", "Autre"])),
    st.builds(_templated, st.sampled_from(["", "perdu", "égaré"])),
    st.builds(_exported, st.sampled_from([False, False, True])),
    st.builds(_placed, st.sampled_from(["", "https://a.example/b/"])),
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
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
                assert sorted(map(str, raised.value.findings)) == sorted(map(str, error.findings))
                assert files_of(world.asked.output) == before
                continue
            built = build(world.asked)
            there = files_of(world.asked.output)
            assert differences(site, there) == []
            assert [str(finding) for finding in built.findings] == found
            assert built.changed >= set(differences(before, there))
            assert build(world.asked).changed == frozenset()


def test_the_golden_archive_with_all_that_can_be_taken_along(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    asked = Asked(tmp_path / "corpus", tmp_path / "site", jobs=1)
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    edition = tmp_path / "corpus" / "editions" / "lettre-1906.md"
    edition.write_text(edition.read_text("utf-8").replace("Mon ami", "Mon cher ami"), "utf-8")
    changed = build(asked).changed
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
    assert "textes/lettre-1906/index.html" in changed
    assert "textes/discours-1905/discours-1905.pdf" not in changed
    assert "donnees/archive.zip" in changed


def test_a_changed_word_changes_little(tmp_path: Path, corpus: Corpus) -> None:
    """Of the real site: the text's own files, and what says how old all is."""
    root = Path(corpus.editions[0].path).parents[1]
    shutil.copytree(root, tmp_path / "corpus")
    asked = Asked(tmp_path / "corpus", tmp_path / "site", exports=False)
    build(asked)
    text = "que-faire-parti-bolchevik-1917-1924"
    edition = tmp_path / "corpus" / "editions" / f"{text}.md"
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


def test_many_processes_make_the_same_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    monkeypatch.setattr("archive_site.build.MANY", 2)
    asked = Asked(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=2)
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


# ---------------------------------------------------------------- the ledger is only comfort


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    asked = Asked(tmp_path / "corpus", tmp_path / "site", exports=False, jobs=1)
    build(asked)
    return asked


@pytest.mark.parametrize("spoil", [b"", b"SQLite format 3\0 and nothing more", b"\0" * 10_000])
def test_a_spoiled_ledger_is_made_anew(asked: Asked, spoil: bytes) -> None:
    before = files_of(asked.output)
    (cache_folder(asked.output) / "ledger").write_bytes(spoil)
    build(asked)
    assert files_of(asked.output) == before


def test_a_ledger_that_is_damaged_anywhere_costs_time_only(asked: Asked) -> None:
    """Pages of it overwritten, and words changed in it: the site is that of a first build."""
    ledger = cache_folder(asked.output) / "ledger"
    kept, site = ledger.read_bytes(), asked.corpus / "site.yaml"
    damaged = [kept.replace(b"Mon ami", b"Mon aml"), kept.replace(b"Durand", b"DURAND")]
    for page in range(1, len(kept) // 4096, len(kept) // 4096 // 6):
        damaged.append(kept[: page * 4096] + b"\xff" * 4096 + kept[page * 4096 + 4096 :])
    for n, data in enumerate(damaged):
        assert data != kept
        site.write_text(re.sub("title: .*", f"title: T{n % 2}", site.read_text("utf-8")), "utf-8")
        ledger.write_bytes(data)
        build(asked)
        assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_a_ledger_from_elsewhere_is_never_read(asked: Asked, tmp_path: Path) -> None:
    """What is in it becomes objects of ours: one that came with a download could be any."""
    ledger = cache_folder(asked.output) / "ledger"
    copy = tmp_path / "copy"
    shutil.copy(ledger, copy)
    copy.replace(ledger)
    assert build(asked).changed == frozenset(files_of(asked.output))


def test_a_file_that_changes_during_the_build_stops_it(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
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


def test_a_build_that_was_stopped_is_taken_up(asked: Asked) -> None:
    """What was made before findings stopped a build is not taken for published."""
    edition = asked.corpus / "editions" / "lettre-1906.md"
    words = edition.read_text("utf-8")
    edition.write_text(words.replace("Mon ami", "Mon cher ami[^9]"), "utf-8")
    with pytest.raises(Unsound):
        build(asked)
    edition.write_text(words.replace("Mon ami", "Mon cher ami"), "utf-8")
    build(asked)
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []


def test_the_output_may_not_hold_the_corpus(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    with pytest.raises(NotPossible, match="is in it"):
        build(Asked(tmp_path / "corpus", tmp_path))


def test_only_what_shows_the_word_is_made(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word changed where nothing is named: no other text, no entry, no index is made."""
    root = Path(corpus.editions[0].path).parents[1]
    shutil.copytree(root, tmp_path / "corpus")
    asked = Asked(tmp_path / "corpus", tmp_path / "site", exports=False)
    build(asked)
    made: list[str] = []

    def telling(workshop: products.Workshop, name: str, live: dict[str, bytes]) -> Product:
        made.append(name)
        return make(workshop, name, live)

    make = products.make
    monkeypatch.setattr(products, "make", telling)
    text = "que-faire-parti-bolchevik-1917-1924"
    edition = tmp_path / "corpus" / "editions" / f"{text}.md"
    words = edition.read_text("utf-8")
    said = next(
        reading_text(p.place.block.content)[:40]
        for p in find_mentions(corpus)[text]
        if p.place.block.kind == "paragraph" and not p.mentions and not p.place.note
    )
    first, second, rest = said.split(" ", 2)
    assert words.count(said) == 1
    marked = f'{first} [mot]{{.corr sic="{second}"}} {rest}'
    edition.write_text(words.replace(said, marked), "utf-8")
    build(asked)
    sorts = {name.partition("/")[0] for name in made}
    assert f"read/{text}" in made
    assert [name for name in made if name.startswith("text/")] == [f"text/{text}"]
    assert not sorts & {"common", "index", "year", "static"}
    # Entries that a note of this text explains read the text itself.
    assert len([name for name in made if name.startswith("entry/")]) < 5
    assert differences(made_whole(asked)[0], files_of(asked.output)) == []
