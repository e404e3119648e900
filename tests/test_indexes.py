"""What crosses the texts: indexes, entries, chronology, network, references, data, and what changes
when an entry does."""

from __future__ import annotations

import csv
import datetime
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.corpus import urls
from archive_site.edition.authority import KINDS, of_kind
from archive_site.exports.tables import tables_of
from archive_site.findings import Unsound
from archive_site.model.site_model import SiteModel
from archive_site.pages.chronology import NEAREST, drawing
from archive_site.pages.network import shade
from archive_site.pages.related import shared_with
from archive_site.text.dates import (
    fault_of,
    is_day,
    old_style_in_french,
    span,
    to_new_style,
    to_old_style,
)
from archive_site.views.entries import beside
from conftest import GOLDEN
from sites import Corpus, check_site, findings_of, load_corpus, site_of

Soup = Callable[[str], BeautifulSoup]


@pytest.fixture(scope="module")
def model(corpus: Corpus) -> SiteModel:
    return corpus.model


@pytest.fixture(scope="module")
def page(site: dict[str, bytes]) -> Soup:
    return lambda path: BeautifulSoup(site[path], "html.parser")


def words(tag: Tag | BeautifulSoup) -> str:
    return " ".join(tag.get_text().split())


# ---------------------------------------------------------------- indexes


def test_every_entry_has_its_sentences(model: SiteModel, page: Soup) -> None:
    """The page of every entry has each of its mentions, marked, and as many as it says."""
    for entry in model.entries.values():
        soup = page(urls.entry_page(entry))
        count = model.total(entry.key).count
        marked = [mark for li in soup.select(".of-text .lines-of li") for mark in li.select("mark")]
        assert len(marked) == count == sum(model.counts(entry.key).values()), entry.key
        forms = words(soup.find("h2", id="mentions") or soup)
        assert forms.startswith(str(count) if count else "Aucune"), entry.key


def named_at(corpus: Corpus) -> dict[tuple[str, str], set[str]]:
    """What each passage names, by its text and its anchor."""
    found: dict[tuple[str, str], set[str]] = {}
    for passage in (p for text in corpus.passages.values() for p in text):
        found.setdefault((passage.text_id, passage.place.anchor), set()).update(
            m.key for m in passage.mentions
        )
    return found


def test_co_mentions_are_mutual(corpus: Corpus) -> None:
    there, near = named_at(corpus), {}
    for key in corpus.entries:
        others = beside((text, text.in_text) for text in corpus.model.texts_on(key))
        near[key] = {k: [(t.text_id, p.anchor) for t, p in found] for k, found in others.items()}
    assert any(near.values())
    for one, others_near in near.items():
        for other, places in others_near.items():
            assert near[other][one] == places
            for place in places:
                assert {one, other} <= there[place]


def test_texts_of_one_title_stand_apart_beside_an_entry(tmp_path: Path) -> None:
    front = "title: Lettre\nkind: letter\ncreator: ''\ndate: '1917'\nstatus: proofread\n---\n\n"
    files = {
        "site.yaml": "title: Essai\n",
        "people.yaml": "anne: {name: Anne}\npaul: {name: Paul}\n",
        "editions/a.md": f"---\nid: a\n{front}Anne et Paul.\n",
        "editions/b.md": f"---\nid: b\n{front}Paul et Anne.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    soup = BeautifulSoup(site_of(tmp_path)["personnes/anne/index.html"], "html.parser")
    (beside_her,) = soup.select("#avec-paul p")
    assert words(beside_her) == "Fiche : Paul. Lettre : § 1 ; Lettre : § 1."


def test_what_is_quoted_stands_with_who_says_it(corpus: Corpus, page: Soup) -> None:
    model = corpus.model
    speakers = {key for e in corpus.editions for b in e.document.blocks for key in b.speakers}
    assert set(model.quoted) == speakers
    for key in speakers:
        soup = page(urls.entry_page(corpus.entries[key]))
        quoted = soup.select("#paroles ~ .said")
        assert (
            len(quoted) == sum(len(text.in_text.quotations) for text in model.texts_on(key)) > 0
        ), key


def test_a_note_explains_a_notion_to_the_readers_of_all_texts(model: SiteModel, page: Soup) -> None:
    explained = [entry for entry in model.authorities.kinds["notion"].values() if entry.notes]
    assert explained
    for entry in explained:
        hrefs = [a["href"] for a in page(urls.entry_page(entry)).select("#explication ~ .said a")]
        wanted = [f"../../textes/{n.replace('#', '/index.html#note-')}" for n in entry.notes]
        assert [str(href) for href in hrefs[: len(wanted)]] == wanted


def test_what_to_read_next_shares_what_it_says(corpus: Corpus) -> None:
    there = named_at(corpus)
    for text in corpus.model.texts.values():
        here = {m.key for p in corpus.passages[text.id] for m in p.mentions}
        found = shared_with(corpus.model, text)
        assert found, text.id
        for shared in found:
            assert shared.text_id != text.id
            assert set(shared.keys) <= here & there[shared.text_id, shared.anchor]
            assert len(shared.keys) >= 2


def test_indexes_are_in_the_order_of_the_alphabet(site: dict[str, bytes], page: Soup) -> None:
    for kind in KINDS:
        if kind == "event":
            continue
        soup = page(urls.index_page(kind))
        values = [str(th["data-value"]) for th in soup.select("tbody th[data-value]")]
        assert values == sorted(values)
        letters = [words(th) for th in soup.select("tr.letter th")]
        assert letters == sorted(set(letters))
        assert [a["href"] for a in soup.select(".letters a")] == [
            f"#lettre-{letter.lower()}" for letter in letters
        ]


# ---------------------------------------------------------------- time


def test_the_chronology_is_in_the_order_of_time(model: SiteModel, page: Soup) -> None:
    soup = page(urls.CHRONOLOGY)
    told = [str(event["id"]) for event in soup.select(".event")]
    assert sorted(told) == sorted(model.authorities.kinds["event"])
    days = [span(model.entries[key].date.value) for key in told]
    assert days == sorted(days)
    october = soup.find(id="insurrection-d-octobre")
    assert isinstance(october, Tag)
    assert "7-8 novembre 1917 (25-26 octobre, ancien style)" in words(october)


def test_marks_of_the_drawing_do_not_touch(model: SiteModel) -> None:
    events = [e for e in model.authorities.kinds["event"].values() if e.date.value]
    drawn = drawing(sorted(events, key=lambda e: span(e.date.value)), urls.CHRONOLOGY)
    assert drawn is not None
    assert len(drawn.marks) == len(events)
    lanes: dict[int, list[float]] = {}
    for mark in drawn.marks:
        lanes.setdefault(mark.y, []).append(mark.x)
    for places in lanes.values():
        assert all(b - a >= NEAREST for a, b in pairwise(places))
        assert places[0] >= 0 and places[-1] <= 100 - NEAREST
    assert drawing([], urls.CHRONOLOGY) is None


def test_a_day_says_what_each_text_says_of_it(model: SiteModel, page: Soup) -> None:
    for day in model.days:
        heading = page(urls.days_page(day)).find(id=urls.day_anchor(day))
        assert isinstance(heading, Tag), day
        section = heading.find_parent("section")
        assert isinstance(section, Tag)
        assert len(section.select("mark")) == model.total(day).count > 0
    october = page("chronologie/1917/index.html").find(id="jour-1917-11-07")
    assert words(october or Tag(name="p")) == "7 novembre 1917 (25 octobre, ancien style)"


ONE_DAY = datetime.timedelta(days=1)


@given(st.dates(datetime.date(1500, 3, 1), datetime.date(2099, 1, 1)))
@example(datetime.date(1900, 3, 13))
def test_calendars_go_there_and_back(day: datetime.date) -> None:
    julian = to_old_style(day)
    leap = julian.month == 3 and julian.day == 1 and julian.year % 400 and not julian.year % 100
    assert to_new_style(julian) - day in ({0 * ONE_DAY, ONE_DAY} if leap else {0 * ONE_DAY})
    assert to_old_style(to_new_style(day)) == day


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        ("1917-10-25", "1917-11-07"),
        ("1918-01-31", "1918-02-13"),
        ("1898-03-01", "1898-03-13"),
        ("1825-12-14", "1825-12-26"),
        ("1900-02-28", "1900-03-12"),
        ("1900-03-01", "1900-03-14"),
    ],
)
def test_old_style_and_new(julian: str, gregorian: str) -> None:
    old, new = map(datetime.date.fromisoformat, (julian, gregorian))
    assert to_new_style(old) == new
    assert to_old_style(new) == old


def test_an_old_style_date_says_its_year_where_it_is_another() -> None:
    assert old_style_in_french("1917-10-25", "1917-11-07") == "25 octobre"
    assert old_style_in_french("1917-12-25", "1918-01-07") == "25 décembre 1917"


PARTS = st.sampled_from(["1917", "1917-11", "1917-02", "1917-02-28", "1917-02-29", "1917-13", "19"])


@given(st.lists(PARTS, min_size=1, max_size=2).map("/".join))
def test_plain_dates_are_read_as_the_library_reads_them(value: str) -> None:
    from edtf import EDTFParseException, parse_edtf

    try:
        date = parse_edtf(value)
        there = [
            f"{m.tm_year:04d}-{m.tm_mon:02d}-{m.tm_mday:02d}"
            for m in (date.lower_strict(), date.upper_strict())
        ]
    except (EDTFParseException, ValueError, TypeError, AttributeError):
        assert fault_of(value)
        return
    sound = all(map(is_day, there)) and there == sorted(there)
    assert (fault_of(value) == "") == sound
    assert not sound or list(span(value)) == there


ODD_DATES = """[..1917] [1917..] 18XX 191X 1917-XX 1917-21 ../1917 1917/.. 1917?/1918~ -0044-03-15
Y170000002 0000 9999 {1917,1918} 1917-11-07/1917-11"""


@pytest.mark.parametrize("date", [*ODD_DATES.split(), ""])
def test_any_date_has_its_place(date: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    events = (root / "events.yaml").read_text("utf-8").replace("1904~", json.dumps(date))
    (root / "events.yaml").write_text(events, "utf-8")
    if found := [f.code for f in findings_of(root) if f.stops]:
        assert found == ["E012"]
        with pytest.raises(Unsound):
            site_of(root)
        return
    site = site_of(root)
    soup = BeautifulSoup(site[urls.CHRONOLOGY], "html.parser")
    assert soup.find(id="xive-congres")
    assert list(check_site(site)) == []


# ---------------------------------------------------------------- between texts


def test_a_reference_is_seen_from_both_ends() -> None:
    corpus, _ = load_corpus(GOLDEN / "corpus")
    found = {text_id: list(corpus.model.references(text_id)) for text_id in corpus.model.texts}
    ((text, (_,)),) = found.pop("discours-1905")
    assert text.id == "lettre-1906" and not any(found.values())
    made = site_of(GOLDEN / "corpus")
    there = BeautifulSoup(made["textes/discours-1905/index.html"], "html.parser")
    back = there.select_one("#renvois_recus + ol li")
    assert back is not None
    assert "Mon ami, voyez le discours" in words(back)
    assert back.select_one("mark") and words(back.select_one("mark") or back) == "le discours"
    here = BeautifulSoup(made["textes/lettre-1906/index.html"], "html.parser")
    link = here.find("a", string="le discours")
    assert isinstance(link, Tag)
    assert str(link["href"]).startswith("../discours-1905/index.html#citoyens")


def test_the_network_counts_what_the_indexes_count(model: SiteModel, page: Soup) -> None:
    by_text, by_person = page(urls.NETWORK).select("table.matrix")
    total = sum(int(words(td)) for td in by_text.select("td.figure"))
    assert total == sum(model.total(key).count for key in model.authorities.kinds["person"])
    rows = [[words(td) for td in row.select("td")] for row in by_person.select("tbody tr")]
    assert rows == [list(column) for column in zip(*rows, strict=True)]
    assert all(not row[i] for i, row in enumerate(rows))
    assert [shade(n, 100) for n in (0, 1, 9, 100)] == [0, 1, 1, 4]


# ---------------------------------------------------------------- data


def test_indexes_are_data(corpus: Corpus, site: dict[str, bytes]) -> None:
    model = corpus.model
    count = 0
    for kind, name in (("person", "personnes"), ("event", "evenements"), ("notion", "notions")):
        data = json.loads(site[f"data/{name}.json"])
        assert [entry["key"] for entry in data] == list(model.authorities.kinds[kind])
        table = list(csv.DictReader(site[f"data/{name}.csv"].decode().splitlines()))
        assert [row["key"] for row in table] == [entry["key"] for entry in data]
        for entry, row in zip(data, table, strict=True):
            named = model.total(entry["key"]).count
            assert len(entry["mentions"]) == int(row["mentions"]) == named
            count += named
    mentions = list(csv.DictReader(site["data/mentions.csv"].decode().splitlines()))
    assert len(mentions) == sum(len(p.mentions) for t in corpus.passages.values() for p in t)
    assert sum(m["kind"] in ("person", "event", "notion") for m in mentions) == count
    assert all(is_day(m["key"]) for m in mentions if m["kind"] == "day")
    assert json.loads(site["data/jours.json"])[0]["day"] == model.days[0]


def test_beacon_files_need_an_address(site: dict[str, bytes], model: SiteModel) -> None:
    assert not any(path.endswith(".beacon.txt") for path in site)
    placed = replace(model, site=replace(model.site, base_url="https://a.fr/b/"))
    lines = tables_of(placed, "person")["personnes-wikidata.beacon.txt"].decode().splitlines()
    assert lines[:2] == ["#FORMAT: BEACON", "#PREFIX: https://www.wikidata.org/wiki/"]
    named = [person for person in of_kind(model.entries, "person").values() if person.same_as]
    assert [line.split("|")[0] for line in lines if line.startswith("Q")] == [
        dict(person.same_as)["wikidata"] for person in named
    ]
    assert all(
        re.fullmatch(r"Q\d+\|\d+\|https://a\.fr/b/personnes/.+/", line) for line in lines[4:]
    )


def test_pages_carry_linked_data(page: Soup) -> None:
    types = {"personnes/lenine": "Person", "chronologie/revolution-d-octobre": "Event"}
    types |= {"notions/nep": "DefinedTerm", "oeuvres/pravda": "CreativeWork"}
    types |= {"lieux/petrograd": "Place", "organisations/comite-central": "Organization"}
    for path, kind in types.items():
        script = page(f"{path}/index.html").find("script", type="application/ld+json")
        assert isinstance(script, Tag)
        data = json.loads(script.string or "")
        assert (data["@context"], data["@type"]) == ("https://schema.org", kind)
        assert data["name"] and data["@id"]
    script = page("textes/trotsky-lecons-octobre-1924/index.html").find(
        "script", type="application/ld+json"
    )
    assert isinstance(script, Tag)
    mentioned = json.loads(script.string or "")["mentions"]
    assert {"Person", "Event", "Place"} <= {entry["@type"] for entry in mentioned}


# ---------------------------------------------------------------- what changes


def test_an_entry_more_changes_only_the_pages_concerned(tmp_path: Path) -> None:
    """Its own page, its index, what lists the indexes, the texts that name it and those named
    beside it."""
    root = Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))
    before = site_of(root)
    entry = "\npain:\n  name: Pain\n  forms: [pain]\n"
    (root / "glossary.yaml").write_text((root / "glossary.yaml").read_text("utf-8") + entry)
    after = site_of(root)
    changed = {path for path in after if after[path] != before.get(path)}
    pages = {path for path in changed if path.endswith(".html")}
    text = "textes/discours-1905"  # where “le pain” stands alone in its item of a list
    assert pages == {
        "index.html",
        "a-propos/index.html",
        "donnees/index.html",
        f"{text}/index.html",
        "notions/index.html",
        "notions/pain/index.html",
    }
    assert f"{text}/noms.js" in changed
    assert not any(path.startswith("textes/lettre-1906") for path in changed)
    assert not set(before) - set(after)
