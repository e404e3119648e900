"""How a text was established: what is shown of it, and what `check --record` declares."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from archive_site.cli.main import main
from archive_site.corpus.apparatus import (
    check_emendations,
    emendations,
    nature,
    pages_of,
    places,
    words,
)
from archive_site.corpus.records import Edition
from archive_site.edition.format import loads, parse
from archive_site.text.document import Emendation, NoteCall
from archive_site.text.reading import NOT_TEXT, walk
from archive_site.views.apparatus import shown_lines
from archive_site.witness.collate import collate
from archive_site.witness.declare import declare
from archive_site.witness.witness import Witness
from conftest import GOLDEN, ROOT
from examples import examples
from sites import Corpus

IDS = sorted(path.stem for path in (ROOT / "corpus" / "editions").glob("*.md"))


def edition_of(corpus: Corpus, text_id: str) -> Edition:
    return next(edition for edition in corpus.editions if edition.id == text_id)


def page(site: dict[str, bytes], path: str) -> BeautifulSoup:
    return BeautifulSoup(site[path], "html.parser")


@pytest.mark.parametrize(
    ("witness", "reading", "expected"),
    [
        ("!a", "la", "letters"),
        ("taches", "tâches", "accents"),
        ("En", "en", "case"),
        ("pouvoir", "pouvoir,", "punctuation"),
        (",", "", "punctuation"),
        ("petit- bourgeois", "petit-bourgeois", "spacing"),
        ("", "pas", "lost"),
        ("un", "", "superfluous"),
    ],
)
def test_the_nature_of_an_emendation(witness: str, reading: str, expected: str) -> None:
    assert nature(Emendation(reading, witness)) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, []), (20, []), (21, ["W057"])])
def test_a_long_emendation_is_a_warning(count: int, expected: list[str]) -> None:
    head = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"
    words = " ".join(["mot"] * count)
    for mark in (f'[{words}]{{.corr sic="faute"}}', f'[]{{.corr sic="{words}"}}'):
        document = loads(f"{head}Un mot. {mark} Fin.")
        found = list(check_emendations(Edition(document, "x.md", None, None)))
        assert [finding.code for finding in found] == expected
        assert all(finding.line == 9 for finding in found)


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("text_id", IDS)
def test_the_figures_are_computed_and_add_up(
    corpus: Corpus, site: dict[str, bytes], text_id: str
) -> None:
    edition = edition_of(corpus, text_id)
    counted = words(edition)
    assert edition.witness is not None
    shown = page(site, f"textes/{text_id}/etablissement/index.html")
    figures = {
        str(group.dt and group.dt.text): int(re.sub(r"\D", "", group.dd.text if group.dd else ""))
        for group in shown.select(".figures > div")
    }
    whole = figures.pop("mots dans le témoin")
    assert figures.pop("corrections") == len(emendations(edition))
    assert whole == counted.witness == sum(figures.values())
    assert abs(whole - edition.witness.words) < edition.witness.words / 10  # signs alone, cut words
    assert "0\u00a0mot perdu, 0\u00a0mot ajouté" in shown.get_text()
    assert edition.witness.sha256 in shown.get_text()


def test_a_word_lost_is_counted() -> None:
    head = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n---\n\n"
    witness = Witness("x.txt", ("Un mot et un autre.",), 0, "")
    lost = collate(loads(f"{head}Un mot et autre."), witness, "x.md").words
    added = collate(loads(f"{head}Un mot, certes, et un bel autre."), witness, "x.md").words
    assert (lost.lost, lost.added) == (1, 0)
    assert (added.lost, added.added) == (1, 3)  # “mot” became “mot,”


@pytest.mark.parametrize("text_id", IDS)
def test_every_emendation_is_listed_and_leads_to_its_place(
    corpus: Corpus, site: dict[str, bytes], text_id: str
) -> None:
    listed = page(site, f"textes/{text_id}/etablissement/index.html").select("tbody tr")
    reading = page(site, f"textes/{text_id}/index.html")
    found = emendations(edition_of(corpus, text_id))
    assert len(listed) == len(found) > 0
    for row, emended in zip(listed, found, strict=True):
        links = [str(a["href"]) for a in row.select("a")]
        place = reading.find(id=links[0].partition("#")[2])
        assert place is not None
        assert place["href"] == f"etablissement/index.html#{row['id']}"
        assert place.find_parent(id=emended.place.anchor) is not None
        assert links[1] == f"../source/index.html#l{emended.line}"
        assert (row.find("del") is not None) == bool(emended.emendation.witness)


@pytest.mark.parametrize("text_id", IDS)
def test_an_emendation_s_line_has_its_witness_form(corpus: Corpus, text_id: str) -> None:
    edition = edition_of(corpus, text_id)
    assert edition.witness is not None
    for emended in emendations(edition):
        near = "".join(edition.witness.lines[emended.line - 1 : emended.line + 3])
        bare = re.sub(r"\s|-", "", near)
        assert re.sub(r"\s|-", "", emended.emendation.witness) in bare


@pytest.mark.parametrize("text_id", IDS)
def test_the_source_is_shown_as_it_was(
    corpus: Corpus, site: dict[str, bytes], text_id: str
) -> None:
    edition = edition_of(corpus, text_id)
    assert edition.witness is not None
    lines = page(site, f"textes/{text_id}/source/index.html").select(".lines > li")
    assert [line["id"] for line in lines] == [f"l{n + 1}" for n in range(len(lines))]
    shown = [str(line.find(string=True, recursive=False) or "") for line in lines]
    # The parser makes one space of many where there is nothing else.
    lines_there = [line if line.strip() else line[:1] for line in edition.witness.lines]
    assert shown == [line.replace("\f", "␌") for line in lines_there]


@given(st.lists(st.text("a é\f\x00\x1b\t\r\x85\u2028\u202e\ufdd0")))
def test_a_line_shows_what_is_no_text(lines: list[str]) -> None:
    assert shown_lines(lines) == [NOT_TEXT.sub("␣", line.replace("\f", "␌")) for line in lines]


@pytest.mark.parametrize("text_id", IDS)
def test_every_paragraph_leads_to_its_lines(site: dict[str, bytes], text_id: str) -> None:
    reading = page(site, f"textes/{text_id}/index.html")
    paragraphs = reading.select(".body :is(p, li):not(.apparatus *)")
    noted = reading.select(".notes li")
    linked = [note for note in noted if note.select_one("p > .source-link")]
    wordless = [note for note in noted if note.select_one(".gap")]
    assert len(linked) + len(wordless) == len(noted)
    assert paragraphs
    for paragraph in paragraphs:
        link = paragraph.select_one(":scope > .source-link")
        assert link is not None, paragraph
        first = re.split("–", str(link["data-lines"]).replace("\u2060", ""))[0]
        assert link["href"] == f"source/index.html#l{first}"


def test_an_edition_without_a_witness_says_so(tmp_path: Path) -> None:
    assert main(["build", str(GOLDEN / "corpus"), "-o", str(tmp_path / "build")]) == 0
    texts = tmp_path / "build" / "textes" / "lettre-1906"
    told = (texts / "etablissement" / "index.html").read_text("utf-8")
    assert "tapée d’après le papier" in told
    assert "mot perdu" not in told
    assert not (texts / "source").exists()
    reading = (texts / "index.html").read_text("utf-8")
    assert "texte tapé d’après le papier" in reading


def test_certainty_is_shown_with_its_ground(site: dict[str, bytes]) -> None:
    for path in ("index.html", "textes/parti-communiste-1917-1921/index.html"):
        shown = page(site, path).select_one(".certainty")
        assert shown is not None
        words = shown.get_text().replace("\xa0", " ")
        assert "attribution proposée : Grigori Zinoviev" in words
        assert "rentrés en Russie" in words
    lenine = page(site, "textes/lenine-rapport-xie-congres-1922/index.html")
    assert "date restituée" in lenine.select_one(".certainty").get_text()  # type: ignore[union-attr]


def test_the_schema_page_has_every_field_and_degree(site: dict[str, bytes]) -> None:
    from archive_site.edition.front_matter import CERTAINTIES, FIELDS

    names = {code.text for code in page(site, "a-propos/schema/index.html").select("dt code")}
    assert names == {*FIELDS, *CERTAINTIES}


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize("text_id", IDS)
def test_the_data_keep_their_contract(corpus: Corpus, site: dict[str, bytes], text_id: str) -> None:
    edition = edition_of(corpus, text_id)
    document = edition.document
    data = json.loads(site[f"textes/{text_id}/{text_id}.json"])
    assert {"id", "title", "creator", "date", "witness", "certainty"} <= data.keys()
    assert edition.witness is not None
    assert data["witness"] == {"file": edition.witness.name, "sha256": edition.witness.sha256}
    assert [b["id"] for b in data["blocks"]] == [b.id for b in document.blocks]
    for block, view in zip(document.blocks, data["blocks"], strict=True):
        assert {"id", "type", "level", "text", "speaker", "page", "witness_lines"} <= view.keys()
        first, last = view["witness_lines"]
        assert 1 <= first <= last <= len(edition.witness.lines)
        calls = [i.label for i in walk(block.content) if isinstance(i, NoteCall)]
        assert re.findall(r"\[\^(.*?)\]", view["text"]) == calls
        emended = any(isinstance(i, Emendation) for i in walk(block.content))
        assert ("reading" in view) == emended
    ids = {b["id"] for b in data["blocks"]}
    assert all({"label", "text", "kind", "call_block"} <= note.keys() for note in data["notes"])
    assert all(note["call_block"] in ids for note in data["notes"])
    assert all(
        e["line"] and (e["block"] in ids or e["note"]) and e["witness"] != e["reading"]
        for e in data["emendations"]
    )
    keys = {"text", "why", "lines", "certainty"}
    assert all(keys == omission.keys() for omission in data["omissions"])


def test_a_proposal_is_no_author_in_the_data(site: dict[str, bytes]) -> None:
    name = "parti-communiste-1917-1921"
    data = json.loads(site[f"textes/{name}/{name}.json"])
    assert data["creator"] is None
    assert data["certainty"]["creator"]["degree"] == "proposed"
    assert data["certainty"]["creator"]["proposed"] == "Grigori Zinoviev"


def test_blocks_know_their_page(corpus: Corpus) -> None:
    document = edition_of(corpus, "boukharine-leningrad-1926").document
    pages = [page for page in pages_of(document).values() if page]
    numbers = [int(page.strip("[]")) for page in pages]
    assert numbers == sorted(numbers)


# ---------------------------------------------------------------- check --record


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def test_changes_made_on_purpose_are_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    path = root / "editions" / "discours-1905.md"
    before = path.read_text("utf-8")
    edit(path, "Citoyens, nous sommes 12", "citoyens, nous sommes, 12")
    edit(path, "Le XIVe congrès l'a dit", "Le XIVe congrès l'a donc bien dit")
    assert main(["check", str(root), "--record"]) == 0
    printed = capsys.readouterr().out
    after = path.read_text("utf-8")
    assert '[citoyens,]{.corr sic="Citoyens,"} nous [sommes,]{.corr sic="sommes"} 12' in after
    assert 'l\'a [donc bien]{.corr sic=""} dit' in after
    assert "+" in printed
    assert main(["check", str(root)]) == 0
    read, was = loads(after), loads(before)
    assert [b.id for b in read.blocks] == [b.id for b in was.blocks]


def test_what_is_no_emendation_is_left_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    path = root / "editions" / "discours-1905.md"
    edit(path, "Jeanne Durand écrivait:\n\n", "")
    before = path.read_bytes()
    assert main(["check", str(root), "--record"]) == 1
    assert "E033" in capsys.readouterr().out
    assert path.read_bytes() == before


HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n---\n\n"
WORDS = st.lists(st.sampled_from("un deux l'an sept mot, fin. grand-père été".split()), max_size=9)


@given(WORDS, WORDS)
@examples(150)
def test_whatever_is_recorded_collates(witness: list[str], edition: list[str]) -> None:
    opening, closing = "Alinéa premier de ce texte :", "ainsi finit le même alinéa."
    lines = ("Un titre long assez", " ".join([opening, *witness, closing]), "Une suite.")
    text = f"{HEAD}Un titre long assez\n\n{' '.join([opening, *edition, closing])}\n\nUne suite.\n"
    source = Witness("x.txt", lines, 0, "")
    document, _ = parse(text, "x.md")
    assert document is not None
    found = collate(document, source, "x.md")
    assert bool(found.findings) == (witness != edition)
    recorded = declare(text, "x.md", found.differences)
    again, findings = parse(recorded.text, "x.md")
    assert again is not None
    assert findings == []
    if not recorded.left:
        assert collate(again, source, "x.md").findings == ()


def test_places_go_from_the_text_to_its_notes(corpus: Corpus) -> None:
    document = edition_of(corpus, "lenine-rapport-xie-congres-1922").document
    notes = [bool(place.note) for place in places(document)]
    assert notes == sorted(notes)
