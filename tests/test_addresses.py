"""Addresses that were published: whatever a new site loses is told, with the alias to write."""

from __future__ import annotations

import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.build.build import BuildRequest, build
from archive_site.build.publish import MANIFEST, recorded
from archive_site.build.published import PublishedFolder, copy_at
from archive_site.edition.aliases import resolved
from archive_site.edition.format import loads
from archive_site.findings import Finding, NotPossible
from archive_site.site.addresses import Addresses, Lost, addresses_of, check_lost, lost, still_lost
from commands import run
from sites import site_of
from small import aliases_of, archive, edition
from twice import differences, files_of, made_whole

PAGE = "textes/a/index.html"
BODY = """# Le charbon

Le prix du charbon monta en mars, et les mineurs de Lens le surent avant tout le monde.

Une assemblée se tint le dimanche ; on y parla peu, mais on y vota beaucoup.[^1]

## La suite

La compagnie répondit par une affiche, que le vent emporta le []{.pb n="14"}lendemain.

Personne ne la regretta, sauf l’imprimeur, qui n’avait pas été payé de sa peine.

[^1]: Le procès-verbal compte deux cents voix.
"""


def addresses(body: str, more: str = "") -> Addresses:
    """The addresses of a text with this body, as its page and its JSON have them."""
    with TemporaryDirectory() as folder:
        site = site_of(archive(Path(folder), a=edition("a", body, more)))
    return addresses_of(site[PAGE], site["textes/a/a.json"])


def losses(after: str, before: str = BODY) -> dict[str, tuple[str, bool]]:
    """What a text loses, with the proposal and whether that is a guess."""
    found = lost(addresses(before), addresses(after))
    return {each.anchor: (each.instead, each.guess) for each in found}


# ---------------------------------------------------------------- what is proposed

SECOND = "une-assemblee-se-tint-le-dimanche"
LAST = "personne-ne-la-regretta-sauf-l"
CHANGES = {
    "nothing": ("", "", {}),
    "its last words": ("de sa peine.", "du tout.", {}),
    "a paragraph split": ("on y vota", "\n\nOn y vota", {}),
    "the first words": (
        "Une assemblée se tint", "Or une assemblée se tint",
        {SECOND: ("or-une-assemblee-se-tint-le", False)},
    ),
    "words throughout": (
        "Personne ne la regretta, sauf l’imprimeur, qui n’avait pas été payé",
        "Nul ne la regretta, hors l’imprimeur, que l’on n’avait pas payé",
        {LAST: ("nul-ne-la-regretta-hors-l", False)},
    ),
    "a paragraph joined to the previous": (
        "tout le monde.\n\nUne", "tout le monde. Une",
        {SECOND: ("le-prix-du-charbon-monta-en", False)},
    ),
    "other words": (
        "Personne ne la regretta, sauf l’imprimeur, qui n’avait pas été payé de sa peine.",
        "Un silence suivit.",
        {LAST: ("un-silence-suivit", True)},
    ),
    "a paragraph less": (
        "Le prix du charbon monta en mars, et les mineurs de Lens le surent avant tout le monde."
        "\n\n", "",
        {"le-prix-du-charbon-monta-en": (SECOND, True)},
    ),
    "the last paragraph less": (
        "Personne ne la regretta, sauf l’imprimeur, qui n’avait pas été payé de sa peine.\n\n", "",
        {LAST: ("la-compagnie-repondit-par-une-affiche", True)},
    ),
    "a title": ("## La suite", "## Ce qui suivit", {"la-suite": ("ce-qui-suivit", True)}),
    "a title with an id": (
        "## La suite", "## La suite {#reponse}", {"la-suite": ("reponse", False)}
    ),
    "a note's label": ("[^1]", "[^2]", {"note-1": ("note-2", False)}),
    "another note": (
        "[^1]: Le procès-verbal compte deux cents voix.", "[^2]: On ne sait pas.",
        {"note-1": ("note-2", True)},
    ),
    "no note": (
        "[^1]: Le procès-verbal compte deux cents voix.\n", "",
        {"note-1": (SECOND, True)},
    ),
    "a page's number": ('n="14"', 'n="15"', {"page-14": ("page-15", True)}),
    "a counted page": ('n="14"', 'n="[14]"', {}),
    "no page": (
        '[]{.pb n="14"}', "", {"page-14": ("la-compagnie-repondit-par-une-affiche", True)}
    ),
    "a page of a paragraph that changes": (
        'La compagnie répondit par une affiche, que le vent emporta le []{.pb n="14"}lendemain',
        "Enfin la compagnie répondit par une affiche, que le vent emporta le lendemain",
        {
            "la-compagnie-repondit-par-une-affiche": ("enfin-la-compagnie-repondit-par-une", False),
            "page-14": ("enfin-la-compagnie-repondit-par-une", True),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_change_loses(what: str) -> None:
    old, new, expected = CHANGES[what]
    after = BODY.replace(old, new) if old else BODY
    if what.endswith(" note"):
        after = after.replace("[^1]", "[^2]" if what == "another note" else "")
    assert losses(after) == expected


def test_of_equal_paragraphs_the_new_one_nearby_is_proposed() -> None:
    mixed = "\n\n".join(["(Rires.)", "Un mot.", "(Rires.)", "Deux mots.", "(Rires.)", "Fin."])
    assert losses(mixed.replace("(Rires.)", "Rires."), mixed) == {}
    assert losses(mixed.replace("\n\n(Rires.)\n\nFin", "\n\nFin"), mixed) == {
        "rires-3": ("rires-2", False)
    }


def test_an_alias_that_is_taken_away_is_lost() -> None:
    then = addresses(BODY, aliases_of({"vieux": LAST, "nul": "", "page-9": "page-14"}))
    assert lost(then, addresses(BODY)) == [
        Lost("page-9", "page-14", False),
        Lost("vieux", LAST, False),
    ]


def test_what_an_alias_declares_is_not_lost() -> None:
    after = BODY.replace("Une assemblée", "Or une assemblée").replace("## La suite\n\n", "")
    now = addresses(after, aliases_of({SECOND: "or-une-assemblee-se-tint-le", "la-suite": ""}))
    then = addresses(BODY)
    assert [each.anchor for each in lost(then, now)] == ["la-suite"]
    assert lost(then, now, {"la-suite"}) == []


def test_what_takes_the_place_of_a_proposal_is_proposed() -> None:
    now = {"c"}
    known = [
        Lost("a", "b", False),
        Lost("b", "c", True),
        Lost("d", "e", False),
        Lost("c", "", True),
    ]
    assert still_lost(known, now, {"x"}) == [
        Lost("a", "c", False), Lost("b", "c", True), Lost("d", "", False),
    ]  # fmt: skip
    assert [each.instead for each in still_lost(known, now, {"b"})] == ["", ""]


TEXTS = st.lists(
    st.lists(st.sampled_from("la mine ferme rouvre un jour mars avril on rit".split()), max_size=9),
    max_size=9,
)


def of_words(texts: list[list[str]]) -> Addresses:
    """The addresses of a text of such paragraphs; of those that begin alike, only the last has an
    anchor."""
    words = {"-".join(text[:3]) or "bloc": text for text in texts}
    return Addresses({anchor: n for n, anchor in enumerate(words)}, words, {})


@given(TEXTS, TEXTS)
def test_whatever_is_lost_is_told_once_and_what_is_proposed_is_there(
    before: list[list[str]], after: list[list[str]]
) -> None:
    then, now = of_words(before), of_words(after)
    found = lost(then, now)
    assert {each.anchor for each in found} == then.anchors.keys() - now.anchors.keys()
    assert len(found) == len({each.anchor for each in found})
    for each in found:
        assert each.instead in now.anchors or not now.anchors
        words = then.words[each.anchor]
        if words and words in list(now.words.values()):
            assert now.words[each.instead] == words and not each.guess
    aliases = resolved((each.anchor, each.instead) for each in found)
    assert lost(then, now, aliases) == still_lost(found, now.anchors, aliases) == []


def long_text(opening: str, step: int) -> Addresses:
    """A text of 5,000 paragraphs; the same step makes the same words."""
    words = {
        f"{opening}-{n}": [opening, *(f"mot{(n * 7919 + k * step) % 9_973}" for k in range(80))]
        for n in range(5_000)
    }
    return Addresses({anchor: n for n, anchor in enumerate(words)}, words, {})


@pytest.mark.parametrize("step", [1, 31], ids=["other openings", "other words"])
def test_a_long_text_is_compared_quickly(step: int) -> None:
    then, now = long_text("le", 1), long_text("la", step)
    started = time.perf_counter()
    assert len(lost(then, now)) == 5_000
    assert time.perf_counter() - started < 20


def test_a_text_of_equal_words_is_compared_quickly() -> None:
    words = {f"a-{n}": ["le", "même", "mot"] * 30 for n in range(2_000)}
    then = Addresses({anchor: n for n, anchor in enumerate(words)}, words, {})
    words = {f"b-{n}": ["le", "même", "mot"] * 31 for n in range(2_000)}
    now = Addresses({anchor: n for n, anchor in enumerate(words)}, words, {})
    started = time.perf_counter()
    assert len(lost(then, now)) == 2_000
    assert time.perf_counter() - started < 20


# ---------------------------------------------------------------- what is told


def test_the_alias_to_write_can_be_copied() -> None:
    found = [Lost("a-b", "c", False), Lost("page-[1]", "note-l'un", True), Lost("d", "", True)]
    first, second, third = check_lost("a.md", edition("a", BODY), found)
    assert (first.line, first.hint) == (1, "Write aliases: {a-b: c}")
    assert second.hint.startswith("Add to aliases: 'page-[1]': 'note-l''un' (a guess")
    assert third.hint.startswith("Add to aliases: d: ''")
    held = edition("a", BODY, aliases_of({"x": ""}))
    assert [(f.line, f.hint) for f in check_lost("a.md", held, found[:1])] == [
        (7, "Add to aliases: a-b: c")
    ]
    loads(edition("a", BODY, first.hint.removeprefix("Write ").replace(": c", ": la-suite")))


# ---------------------------------------------------------------- builds


class Archive:
    """An archive that is built again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.output = folder, folder / "build"

    def has(self, **editions: str) -> Archive:
        self.corpus = archive(self.folder, **editions)
        return self

    def told(self, *, lasting: bool = True) -> list[tuple[str, str]]:
        """What a build tells of addresses; the site is that of a first build."""
        asked = BuildRequest(self.corpus, self.output, exports=False, jobs=1, lasting=lasting)
        found = build(asked).findings
        assert differences(files_of(self.output), made_whole(asked)[0]) == []
        beside = {path.name for path in self.folder.iterdir()}
        assert beside <= {"corpus", "build", "copy", "archive.zip"}
        return told(found)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """The code of each finding about addresses, and the words that are quoted in it."""
    kept = [f for f in findings if f.code in ("W065", "W066")]
    return [(f.code, f.message.split("“")[1].split("”")[0]) for f in kept]


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "x").mkdir()
    archive = Archive(tmp_path / "x").has(a=edition("a", BODY), b=edition("b", "Un mot.\n"))
    assert archive.told() == []
    yield archive
    shutil.rmtree(tmp_path / "x")


CHANGED = BODY.replace("Une assemblée", "Or une assemblée")
NEW = "or-une-assemblee-se-tint-le"


def test_a_lost_anchor_is_told_until_its_alias_is_written(built: Archive) -> None:
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    for _ in range(2):  # the second build has nothing to do
        assert built.told() == [("W065", SECOND)]
    built.has(a=edition("a", CHANGED), b=edition("b", "Un autre mot.\n"))
    assert built.told() == [("W065", SECOND), ("W065", "un-mot")]
    assert recorded(built.output)["lost"] == {
        "a": [[SECOND, NEW, False]], "b": [["un-mot", "un-autre-mot", False]],
    }  # fmt: skip
    built.has(
        a=edition("a", CHANGED, aliases_of({SECOND: NEW})),
        b=edition("b", "Un autre mot.\n", aliases_of({"un-mot": ""})),
    )
    assert built.told() == []
    assert recorded(built.output) == {}


def test_what_was_told_outlives_the_cache(
    built: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    assert built.told() == [("W065", SECOND)]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert built.told() == [("W065", SECOND)]


def test_words_that_come_back_bring_their_address(built: Archive) -> None:
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    assert built.told() == [("W065", SECOND)]
    built.has(a=edition("a", BODY), b=edition("b", "Un mot.\n"))
    assert built.told() == [("W065", NEW)]  # it was published, too


def test_a_text_that_goes_is_told_once(built: Archive) -> None:
    built.has(a=edition("a", BODY))
    for _ in range(2):
        assert built.told() == [("W066", "b")]
    built.has(a=edition("a", BODY), b=edition("b", "Un mot.\n"))
    assert built.told() == []


def test_a_text_with_another_id_is_recognised(built: Archive) -> None:
    built.has(c=edition("c", BODY), b=edition("b", "Un mot.\n"), d=edition("d", "Un mot.\n"))
    found = build(BuildRequest(built.corpus, built.output, exports=False, jobs=1)).findings
    assert [f.remedy for f in found if f.code == "W066"] == [
        "Its passages are in “c”, whose id should still be a."
    ]


def test_a_text_that_is_withdrawn_is_exempted(built: Archive) -> None:
    built.has(a=edition("a", BODY))
    exempt = "- {path: editions/b.md, code: W066, reason: retiré}\n"
    (built.corpus / "exemptions.yaml").write_text(exempt, "utf-8")
    assert built.told() == []
    shutil.rmtree(built.output)
    assert built.told() == []  # where nothing was published, the exemption is not used


def test_what_only_serve_has_made_may_go(built: Archive) -> None:
    """An editor who types a word is not told of each letter."""
    for words in ("O une assemblée", "Or une assemblée", "Ors une assemblée"):
        built.has(
            a=edition("a", BODY.replace("Une assemblée", words)),
            b=edition("b", "Un mot.\n"), c=edition("c", f"{words}.\n"),
        )  # fmt: skip
        assert built.told(lasting=False) == [("W065", SECOND)]
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    assert built.told(lasting=False) == [("W065", SECOND)]
    assert recorded(built.output)["published"].keys() == {"a"}
    assert built.told() == [("W065", SECOND)]
    assert recorded(built.output).keys() == {"lost"}
    built.has(a=edition("a", BODY, aliases_of({NEW: SECOND})), b=edition("b", "Un mot.\n"))
    assert built.told(lasting=False) == built.told() == []


def test_the_command_serve_publishes_nothing(
    built: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def served(build: Callable[[], frozenset[str]], *_: object, **__: object) -> None:
        build()

    monkeypatch.setattr("archive_site.serve.server.serve", served)
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    done = run("serve", "corpus", cwd=built.folder)
    assert "W065 an anchor that was published should be in the text" in done.stderr
    assert recorded(built.output)["published"].keys() == {"a"}


def test_a_build_after_serve_knows_what_was_published_before(built: Archive) -> None:
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    assert built.told(lasting=False) == [("W065", SECOND)]
    built.has(a=edition("a", BODY), b=edition("b", "Un mot.\n"))
    assert built.told(lasting=False) == []
    built.has(a=edition("a", CHANGED.replace("Or une", "Donc une")), b=edition("b", "Un mot.\n"))
    assert built.told() == [("W065", SECOND)]


@pytest.mark.parametrize("record", ["1", '{"lost": 3}', '{"lost": {"a": [["x"]]}}', '{"x": []}'])
def test_a_damaged_record_is_no_record(built: Archive, record: str) -> None:
    manifest = json.loads((built.output / MANIFEST).read_text("utf-8"))
    manifest["record"] = json.loads(record)
    (built.output / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    built.has(a=edition("a", CHANGED), b=edition("b", "Un mot.\n"))
    assert built.told() == [("W065", SECOND)]


@pytest.mark.parametrize("damage", ["not JSON", "{}", "[" * 100_000, '{"blocks": [{"id": 3}]}'])
def test_a_damaged_text_is_not_compared(built: Archive, damage: str) -> None:
    (built.output / "textes/a/a.json").write_text(damage, "utf-8")
    (built.output / PAGE).write_bytes(b"\xff")
    built.has(a=edition("a", CHANGED), b=edition("b", "Un autre mot.\n"))
    assert built.told() == [("W065", "un-mot")]


# ---------------------------------------------------------------- check


def checked(archive: Archive, *arguments: str) -> list[tuple[str, str]]:
    asked = ("check", "corpus", "--no-exports", "--format", "json", *arguments)
    done = run(*asked, cwd=archive.folder)
    found = [
        Finding(f["path"], f["line"], f["code"], f["message"]) for f in json.loads(done.stdout)
    ]
    return told(tuple(found))


def test_check_compares_with_the_output_folder(built: Archive) -> None:
    assert checked(built) == []
    built.has(a=edition("a", CHANGED))
    assert checked(built) == [("W065", SECOND), ("W066", "b")]
    built.told()
    assert checked(built) == [("W065", SECOND), ("W066", "b")]


def zipped(folder: Path, above: str = "archive/") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in files_of(folder).items():
            file.writestr(above + path, content)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["folder", "archive/", ""])
def test_check_compares_with_a_copy(built: Archive, kind: str) -> None:
    if kind == "folder":
        copy = shutil.copytree(built.output, built.folder / "copy")
    else:
        copy = built.folder / "archive.zip"
        copy.write_bytes(zipped(built.output, kind))
    built.has(a=edition("a", CHANGED, aliases_of({SECOND: ""})))
    built.told()
    built.has(a=edition("a", BODY.replace("## La suite", "## Ensuite")))
    assert checked(built, "--published", str(copy)) == [("W065", "la-suite"), ("W066", "b")]


def test_the_zip_that_a_site_offers_is_a_copy(built: Archive) -> None:
    build(BuildRequest(built.corpus, built.output, jobs=1))
    offered = copy_at(built.output / "donnees" / "archive.zip")
    assert offered.texts == PublishedFolder(built.output).texts == {"a", "b"}
    assert offered.read(PAGE) == (built.output / PAGE).read_bytes()


def test_a_copy_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "not.zip").write_bytes(b"PK\x03\x04 no more")
    (tmp_path / "other.zip").write_bytes(zipped(tmp_path))
    for name in ("empty", "not.zip", "other.zip"):
        with pytest.raises(NotPossible, match="no text of a published site"):
            copy_at(tmp_path / name)
    with pytest.raises(NotPossible, match="nowhere does not exist"):
        copy_at(tmp_path / "nowhere")
    with pytest.raises(NotPossible, match="found an address"):
        copy_at(Path("https://exemple.fr/archive/"))
    done = run("check", "corpus", "--published", "nowhere", cwd=tmp_path)
    assert done.returncode == 1
    assert "Name the folder of a site" in done.stderr


def test_a_damaged_zip_is_no_error(built: Archive) -> None:
    data = bytearray(zipped(built.output))
    at = data.find(b"textes/a/index.html") + 60
    data[at : at + 40] = b"\xff" * 40
    (built.folder / "archive.zip").write_bytes(data)
    built.has(a=edition("a", CHANGED), b=edition("b", "Un autre mot.\n"))
    assert checked(built, "--published", "archive.zip") == [("W065", "un-mot")]


def test_a_foreign_folder_is_no_error(built: Archive) -> None:
    shutil.rmtree(built.output)
    (built.output / "textes" / "a").mkdir(parents=True)
    (built.output / "textes" / "a" / "index.html").mkdir()
    (built.output / "textes" / "b").symlink_to("/")
    (built.output / "textes" / "c").write_text("x")
    assert checked(built) == []
    (built.output / "textes" / "a" / "index.html").rmdir()
    (built.output / "textes" / "a" / "index.html").write_bytes(b"<p id='x'>")
    assert checked(built) == []


def test_no_file_is_read_that_is_too_large(built: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive_site.build.published.LARGEST", 100)
    (built.folder / "archive.zip").write_bytes(zipped(built.output))
    for copy in (PublishedFolder(built.output), copy_at(built.folder / "archive.zip")):
        with pytest.raises(OSError, match="too large"):
            copy.read(PAGE)
