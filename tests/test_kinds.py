"""Texts of other kinds than the first archive has: verse, a play, a session, letters, a decree."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser
from pypdf import PdfReader

from archive_site.corpus.apparatus import numbers_of
from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import slug
from archive_site.sources.tei import read_tei
from archive_site.text.document import BLOCK_TYPES, Document
from archive_site.text.reading import reading_text
from commands import run
from conftest import KINDS, opened, until
from sites import changed_copy
from strategies import without_comments
from test_axe import violations

TEXTS = sorted(path.stem for path in (KINDS / "corpus" / "editions").glob("*.md"))
NARROW = 360
TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def document(text_id: str) -> Document:
    return loads((KINDS / "corpus" / "editions" / f"{text_id}.md").read_text("utf-8"))


@pytest.mark.parametrize("text_id", TEXTS)
def test_a_number_cites_one_block_of_the_tei(kinds: dict[str, bytes], text_id: str) -> None:
    body = ElementTree.fromstring(kinds[f"textes/{text_id}/{text_id}.xml"]).find(f".//{TEI}body")
    assert body is not None
    blocks = [e for e in body.iter() if XML_ID in e.attrib and e.tag != f"{TEI}note"]
    cited = {e.get("n"): e.get(XML_ID) for e in blocks if "n" in e.attrib}
    assert cited == {str(n): block_id for block_id, n in numbers_of(document(text_id)).items()}


def page_of(kinds: dict[str, bytes], text_id: str) -> BeautifulSoup:
    return BeautifulSoup(kinds[f"textes/{text_id}/index.html"], "html.parser")


def part(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def squeezed(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


def test_check_finds_no_error() -> None:
    done = run("check", str(KINDS / "corpus"))
    assert done.returncode == 0 and " E0" not in done.stderr, done.stderr


@pytest.mark.parametrize("text_id", TEXTS)
def test_it_goes_out_and_back(kinds: dict[str, bytes], text_id: str) -> None:
    text = document(text_id)
    assert loads(dumps(text)) == text
    assert loads(kinds[f"textes/{text_id}/{text_id}.md"].decode()) == without_comments(text)
    read = read_tei(kinds[f"textes/{text_id}/{text_id}.xml"], "x.xml", "x.xml")
    assert read.blocks == without_comments(text).blocks and read.meta == text.meta


@pytest.mark.parametrize("text_id", TEXTS)
def test_every_word_is_in_every_format(kinds: dict[str, bytes], text_id: str) -> None:
    folder = f"textes/{text_id}/{text_id}"
    pages = PdfReader(BytesIO(kinds[f"{folder}.pdf"])).pages
    pdf = squeezed(" ".join(page.extract_text() for page in pages))
    plain, data = (squeezed(kinds[f"{folder}.{form}"].decode()) for form in ("txt", "json"))
    shown = squeezed(page_of(kinds, text_id).get_text())
    text = document(text_id)
    for block in (*text.blocks, *(b for note in text.notes for b in note.blocks)):
        for word in reading_text(block.content).split():
            for name, words in {"pdf": pdf, "txt": plain, "json": data, "html": shown}.items():
                assert squeezed(word) in words, (name, word)


@pytest.mark.parametrize("text_id", TEXTS)
def test_the_books_conform_to_their_standards(kinds: dict[str, bytes], text_id: str) -> None:
    pdf = kinds[f"textes/{text_id}/{text_id}.pdf"]
    assert b"pdfuaid" in pdf and b"pdfaid" in pdf


def blocks_in(kinds: dict[str, bytes], text_id: str) -> Iterator[dict[str, object]]:
    yield from json.loads(kinds[f"textes/{text_id}/{text_id}.json"])["blocks"]


def test_every_type_of_block_is_in_the_data(kinds: dict[str, bytes]) -> None:
    types = Counter(block["type"] for text in TEXTS for block in blocks_in(kinds, text))
    named = {"verse", "speech", "speaker", "salutation", "signature", "postscript"}
    assert named | {"table", "caption", "break"} <= set(types) <= set(BLOCK_TYPES)
    verse = next(b for b in blocks_in(kinds, "chanson-1910") if b["type"] == "verse")
    assert str(verse["text"]).count("\n") == 4
    table = next(b for b in blocks_in(kinds, "decret-1919") if b["type"] == "table")
    assert str(table["text"]).split("\n")[:2] == [
        "Qui passe | De jour | De nuit",
        "Un piéton | 0 | 5",
    ]
    spoken = Counter(
        key
        for block in blocks_in(kinds, "seance-1911")
        if block["type"] == "speech"
        for key in block["speaker"] or ()  # type: ignore[attr-defined]
    )
    assert len(spoken) == 8 and spoken["bresson"] == 2 and spoken["carrel"] == 2


def test_verse_stays_in_lines(kinds: dict[str, bytes]) -> None:
    song = page_of(kinds, "chanson-1910")
    lines = song.select(".poem .line")
    assert len(lines) == 20
    numbered = [line["data-line"] for line in lines if line.has_attr("data-line")]
    assert numbered == ["5", "10", "15", "20"]
    assert len(song.select(".verse > br")) == 16  # without a stylesheet, too
    assert song.select(".line")[1].select_one(".indent") is not None
    play = page_of(kinds, "le-bac-1908")
    assert not play.select("[data-line]")  # a line may be divided between two speakers
    assert len(play.select(".speech")) == 8


def test_a_session_names_its_speakers(kinds: dict[str, bytes]) -> None:
    page = page_of(kinds, "seance-1911")
    names = [name.get_text() for name in page.select(".speech span.speaker")]
    assert names[:2] == ["M.\u00a0le maire.", "Mme Aubin."] and len(names) == 10
    entry = BeautifulSoup(kinds["personnes/carrel/index.html"], "html.parser")
    assert [a.get_text() for a in entry.select("#prises-de-parole + ul a")] == [
        "Séance du conseil municipal, §\u00a010",
        "Séance du conseil municipal, §\u00a016",
    ]


def test_a_note_called_twice_leads_back_to_both_calls(kinds: dict[str, bytes]) -> None:
    page = page_of(kinds, "seance-1911")
    calls = [call["id"] for call in page.select("[role=doc-noteref]")]
    assert calls == ["appel-1", "appel-1--2"]
    backs = [back["href"] for back in page.select("#note-1 [role=doc-backlink]")]
    assert backs == ["#appel-1", "#appel-1--2"]


def test_a_letter_is_set_as_letters_are(kinds: dict[str, bytes]) -> None:
    page = page_of(kinds, "lettre-1913")
    for selector in (".salutation", ".signature", ".postscript .poem"):
        assert part(page, f".body {selector}")
    assert "Destinataire" in part(page, ".facts").get_text()
    tei = kinds["textes/lettre-1913/lettre-1913.xml"].decode()
    for element in ("<opener>", "<salute", "<closer>", "<signed", "<postscript>", "<correspDesc>"):
        assert element in tei, element


def test_other_languages_keep_their_own_marks(kinds: dict[str, bytes]) -> None:
    page = page_of(kinds, "adresse-1920")
    german = part(page, "p[lang=de]").get_text()
    assert "„Wer ein Schiff zieht, zieht sie alle“: so" in german and "Rhein! " in german
    assert part(page, "p span[lang=fr]").get_text() == "Liberté, égalité, halage\u00a0!"


def test_a_section_break_is_whatever_the_witness_has(kinds: dict[str, bytes]) -> None:
    witnesses = {"seance-1911": "⁂", "chanson-1910": "———"}
    for text_id, sign in witnesses.items():
        witness = (KINDS / "corpus" / "witnesses" / f"{text_id}.txt").read_text("utf-8")
        assert sign in witness
        assert part(page_of(kinds, text_id), ".body hr.break")["id"] == "separation"


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def folder(kinds: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kinds")
    for path, data in kinds.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.mark.parametrize("text_id", TEXTS)
def test_nothing_is_wider_than_a_phone(browser: Browser, folder: Path, text_id: str) -> None:
    url = (folder / "textes" / text_id / "index.html").as_uri()
    with opened(browser, url, NARROW) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


LISTS = ("", "textes/", "collections/papiers/", "bibliographie/", "textes/chanson-1923/")
"""Pages that the first archive has not, or that show more here."""


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_lists_of_texts_and_works_are_accessible(
    browser: Browser, folder: Path, width: int
) -> None:
    for path in LISTS:
        with opened(browser, (folder / path / "index.html").as_uri(), width) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert violations(page) == [], path


def test_the_list_of_texts_is_sorted_and_filtered(browser: Browser, folder: Path) -> None:
    with opened(browser, (folder / "textes" / "index.html").as_uri()) as page:
        rows = page.locator("#liste tbody tr:not(.letter):visible")
        everything = rows.count()
        page.locator("#filtre").fill("poème")
        assert rows.count() == 2 < everything
        page.locator("#filtre").fill("")
        page.get_by_role("button", name="Titre").click()
        titles = [title.strip() for title in rows.locator("th a").all_inner_texts()]
        assert len(titles) == everything and titles == sorted(titles, key=slug)
        assert not page.locator(".letter").first.is_visible()
        page.get_by_role("button", name="Date").click()
        assert page.locator(".letter").first.is_visible()
        assert rows.locator("th a").all_inner_texts()[0].startswith("Arrêté sur la barque")
    with opened(browser, (folder / "textes" / "index.html").as_uri(), scripts=False) as page:
        assert page.locator("#liste tbody th a").count() == everything
        assert not page.locator("#filtre").is_visible()


def test_the_concordance_is_limited_to_a_speaker(browser: Browser, folder: Path) -> None:
    found = {}
    for asked in ("", "t", "n", "q", "s", "s+bresson"):
        url = f"{(folder / 'concordance' / 'index.html').as_uri()}?q=le&partie={asked}"
        with opened(browser, url) as page:
            until(page, "document.querySelector('[data-said]').textContent !== ''")
            found[asked] = page.locator("[data-lines] tr").count()
    assert found[""] == sum(found[part] for part in "tnqs")
    assert found["s"] > found["s+bresson"] == 4


# ---------------------------------------------------------------- with a witness


CHANGES = [
    ("chanson-1910", "le soleil est bas", "le soleil est haut"),  # a line of verse
    ("chanson-1910", "|     Hale, hale, mon frère !\n| Et le maître est assis", "| Et"),
    ("chanson-1910", "* * *\n\n", ""),  # a sign that the witness has
    ("seance-1911", "2. qu’il soit", "2. qu’elle soit"),  # an item
    ("seance-1911", "1. que le devis", "- que le devis"),  # the number of an item
    ("seance-1911", "[M. Hamel.]{.speaker}", "[M. Girard.]{.speaker}"),  # who speaks
    ("seance-1911", "(Applaudissements à gauche.)", "(Applaudissements.)"),
    ("seance-1911", "Le procès-verbal ne dit pas", "Le procès-verbal dit"),  # a note
    ("seance-1911", "un pont,\n> et non des discours", "un pont"),  # a quotation
]


@pytest.mark.parametrize(("text_id", "old", "new"), CHANGES)
def test_no_change_goes_unnoticed(text_id: str, old: str, new: str, tmp_path: Path) -> None:
    root = changed_copy(KINDS / "corpus", tmp_path, f"editions/{text_id}.md", old, new)
    done = run("check", str(root))
    assert done.returncode == 1 and f"{text_id}.md" in done.stdout + done.stderr


def test_words_changed_in_verse_and_speeches_can_be_declared(tmp_path: Path) -> None:
    root = Path(shutil.copytree(KINDS / "corpus", tmp_path / "corpus"))
    for text_id, old, new in (CHANGES[0], CHANGES[3], ("seance-1911", "par jour", "par an")):
        path = root / "editions" / f"{text_id}.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    assert run("check", str(root), "--record").returncode == 0
    written = "".join(path.read_text("utf-8") for path in (root / "editions").glob("*.md"))
    for mark in ('[haut,]{.corr sic="bas,"}', 'elle]{.corr sic="qu’il"}', '[an]{.corr sic="jour"}'):
        assert mark in written, mark


# ---------------------------------------------------------------- with pictures


def test_a_quotation_with_a_picture_is_cited_without_its_credit(
    browser: Browser, folder: Path
) -> None:
    with opened(browser, (folder / "textes" / "album-1912" / "index.html").as_uri()) as page:
        page.evaluate(
            "() => { const quotation = document.querySelector('.quotation');"
            "quotation.scrollIntoView(); getSelection().selectAllChildren(quotation); }"
        )
        page.get_by_role("button", name="Citer ce passage").click()
        page.wait_for_selector(".cite-panel:popover-open")
        lines = page.locator(".cite-panel blockquote p").all_inner_texts()
    assert [line.strip("«» \u00a0\u202f") for line in lines] == [
        "Fig. 2. Le bac et son passeur",
        "Il n’a jamais perdu personne.",
        "— Marthe Fabre",
    ]


def test_pictures_stay_in_the_spelling_of_the_source(browser: Browser, folder: Path) -> None:
    with opened(browser, (folder / "textes" / "album-1912" / "index.html").as_uri()) as page:
        shown = "[...document.images].filter((image) => image.closest('figure[id]')).length"
        before = page.evaluate(shown)
        assert before == 4
        page.evaluate("document.querySelector('[data-source] [value=source]').click()")
        until(page, "document.documentElement.classList.contains('is-from-source')")
        assert page.evaluate(shown) == before
        assert page.locator(".picture .caption").first.inner_text().startswith("Fig. 1.")
