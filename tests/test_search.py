"""The search and the concordance: their words, their index, and what a reader finds."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from archive_site.corpus import urls
from archive_site.findings import NotPossible
from archive_site.names.mentions import Passage
from archive_site.search.encoding import decode, written
from archive_site.search.families import families
from archive_site.search.passages import Alternate, alternates_in
from archive_site.search.postings import grouped
from archive_site.search.read_back import read_search
from archive_site.search.shards import SHARD, prefixes_of
from archive_site.site.check import check_search
from archive_site.text.document import Emendation, Inlines, Superscript, Text
from archive_site.text.reading import reading_text, witness_text
from archive_site.text.typography import typeset
from archive_site.text.words import fold, folded
from conftest import GOLDEN, in_view, opened, until
from examples import examples
from sites import Corpus, Passages, changed_copy, site_of

SEARCH, CONCORDANCE = "recherche/index.html", "concordance/index.html"
TITLE = "title: Petite archive"
BOUKHARINE = "boukharine-leningrad-1926"
INDEX_AT_MOST = 400_000

TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "words.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]

# ---------------------------------------------------------------- words


@pytest.mark.parametrize(("text", "words"), TABLE)
def test_words_are_cut_and_folded(text: str, words: str) -> None:
    assert folded(text) == words.split()


LETTERS = st.text(
    st.one_of(
        st.sampled_from(
            "aàâæeéèêëiîoôœuùûçyÿ AÀÉŒÆ'’-‑ᵉʳ0123456789\u202f\u00a0\u0301\u0308«».,;*|\"_"
        ),
        st.characters(max_codepoint=0x4FF, categories=("L", "N", "P", "M", "Z")),
    )
)


@given(LETTERS)
def test_to_fold_again_changes_nothing(text: str) -> None:
    assert [fold(word) for word in folded(text)] == folded(text)


@pytest.fixture(scope="module")
def kept(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page once, for questions that one asks in turn."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def page(url: str) -> Page:
            if url not in pages:
                pages[url] = stack.enter_context(opened(browser, url))
            return pages[url]

        yield page


@pytest.fixture(scope="module")
def finder(kept: Callable[[str], Page], served: str) -> Page:
    return kept(served + SEARCH)


CUT = "texts => texts.map(text => find.cut(text).forms)"


def test_the_browser_cuts_and_folds_alike(finder: Page) -> None:
    texts = [text for text, _ in TABLE]
    assert finder.evaluate(CUT, texts) == [words.split() for _, words in TABLE]


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LETTERS, min_size=20, max_size=60))
def test_the_browser_and_the_build_never_differ(finder: Page, texts: list[str]) -> None:
    assert finder.evaluate(CUT, texts) == [folded(text) for text in texts]


def test_a_page_has_the_words_that_its_text_has(passages: Passages) -> None:
    """Typography moves no word: the place of one in the text is its place on the page."""
    for passage in (p for text in passages.values() for p in text):
        text = reading_text(passage.place.block.content)
        assert folded(typeset(text, passage.depth)) == folded(text)


# ---------------------------------------------------------------- the index


def encode(places: Sequence[int]) -> str:
    return "".join(written(b - a) for a, b in pairwise((0, *places)))


@given(st.lists(st.lists(st.sampled_from("la La là Été été ÉTÉ e œ".split()), max_size=12)))
def test_words_are_gathered_by_form(passages: list[list[str]]) -> None:
    places: dict[str, list[int]] = {}
    for n, words in enumerate(passages):
        for word in words:
            places.setdefault(word, []).append(n)
    counted = Counter(
        {(n, w): min(c, 4) for n, p in enumerate(passages) for w, c in Counter(p).items()}
    )
    plain = {
        form: (
            {word: sum(c for (_, w), c in counted.items() if w == word) for word in spelled},
            sorted(n for (n, word), c in counted.items() if word in spelled for _ in range(c)),
        )
        for form in set(map(fold, places))
        for spelled in ([word for word in places if fold(word) == form],)
    }
    groups = grouped(places)
    postings = [posting for group in groups.values() for posting in group]
    assert [form for form, *_ in postings] == sorted(plain)
    assert all(form.startswith(group) for group, found in groups.items() for form, *_ in found)
    for form, counts, first, last, rest in postings:
        at = list(decode(encode([first]) + rest))
        assert (dict(counts), at) == plain[form]
        assert last == at[-1]


@given(st.sets(st.integers(0, 10**7)))
def test_places_are_read_as_they_were_written(places: set[int]) -> None:
    assert list(decode(encode(sorted(places)))) == sorted(places)


@given(
    st.dictionaries(st.text("abcд1", min_size=1, max_size=6), st.integers(1, SHARD), max_size=80)
)
def test_every_word_has_one_shard_and_none_is_too_large(sizes: dict[str, int]) -> None:
    prefixes = list(prefixes_of("", sizes))
    assert len(set(prefixes)) == len(prefixes)
    filed: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    for word in sizes:
        filed[max((p for p in prefixes if word.startswith(p)), key=len)].append(word)
    assert all(filed.values())
    for words in filed.values():
        assert len(words) == 1 or sum(sizes[word] for word in words) <= SHARD


def test_a_family_has_the_forms_of_a_stem_and_the_spellings_of_a_name() -> None:
    words = ("koulak koulaks événement événements évènement œuvre oeuvres Kerenski Kérensky "
             "lutte luttes parti").split()  # fmt: skip
    shown = {fold(word): word for word in words}
    found = families(shown, [["kerenski", "kerensky"], ["absent", "koulak"]])
    assert found["koulak"] == found["koulaks"] == "koulak"
    assert found["evenement"] == found["evenements"]
    assert found["oeuvre"] == found["oeuvres"]
    assert found["kerenski"] == found["kerensky"]
    assert len(set(found.values())) == 6


def test_words_of_another_meaning_are_no_family() -> None:
    words = (
        "parti partis partie partir armée armées arme commun communiste communistes soviet soviets "
        "soviétique Bâle balai père périr comme commissions Dan dans"
    ).split()
    found = families({fold(word): word for word in words}, [], {"dan", "dans", "comme"})
    assert len({found[fold(w)] for w in ("parti", "partie", "partir")}) == 3
    assert found["parti"] == found["partis"] and found["armee"] == found["armees"] != found["arme"]
    for one, other in (
        ("commun", "communiste"), ("soviets", "sovietique"), ("bale", "balai"), ("pere", "perir"),
        ("comme", "commissions"), ("dan", "dans"),
    ):  # fmt: skip
        assert found[one] != found[other], one


def test_without_a_stemmer_the_build_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "Stemmer", None)
    with pytest.raises(NotPossible, match="PyStemmer") as caught:
        families({"a": "a"}, [])
    assert "pip install" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            (Text("notre "), Emendation("lutte", "latte"), Text(" de classe")),
            [(1, 1, "latte", True)],
        ),
        ((Text("bour"), Emendation("geois", "gais"), Text("ie")), [(0, 0, "bourgaisie", True)]),
        ((Emendation("grand-chose", "grande chose"),), [(0, 1, "grande chose", True)]),
        ((Text("le "), Emendation("", "le "), Text("parti")), [(1, 1, "le parti", True)]),
        ((Text("la "), Emendation("vie", ""), Text(" même")), []),
        ((Emendation("é", "e"), Text("tat")), []),
        ((Emendation("événement", "evenement"),), []),
        ((Text("au XIV"), Superscript("e"), Text(" congrès")), [(1, 1, "14e", False)]),
        ((Text("le Ier mai, le XXIXe, le 3e"),), [(1, 1, "1er", False), (4, 4, "29e", False)]),
        ((Emendation("", "mot"),), []),
        (
            (Text("le C.C. du P. C. b, L. T."),),
            [(1, 2, "CC", False), (4, 5, "PC", False), (7, 8, "LT", False)],
        ),
        ((Text("L. Trotsky à X."),), []),
    ],
)
def test_a_place_is_found_under_other_words_too(
    content: tuple[Text | Emendation | Superscript, ...], found: list[tuple[int, int, str, bool]]
) -> None:
    assert list(alternates_in(content)) == [Alternate(*each) for each in found]


INLINES = st.lists(
    st.one_of(
        st.builds(Text, LETTERS),
        st.builds(Emendation, LETTERS, LETTERS),
        st.sampled_from(
            [Text("XIVe C.C. P.C."), Text("\u0301IVe \u0301C.C. ×.×."), Superscript("e")]
        ),
    ),
    max_size=6,
)


@given(INLINES)
def test_whatever_a_block_holds_its_other_words_are_words_of_it(
    content: list[Text | Emendation | Superscript],
) -> None:
    words = folded(reading_text(tuple(content)))
    for other in alternates_in(tuple(content)):
        assert 0 <= other.first <= other.last < len(words)
        assert folded(other.words)


def test_a_number_that_only_the_witness_has_is_found(tmp_path: Path) -> None:
    old, new = "Texte tapé", '[Cent]{.corr sic="7 654 hommes"} tapé'
    root = changed_copy(GOLDEN / "corpus", tmp_path, "editions/lettre-1906.md", old, new)
    assert ("lettre-1906", 5) in read_search(site_of(root))[1]["7654"]


def test_the_index_has_every_word_and_leads_to_every_passage(
    site: dict[str, bytes], passages: Passages
) -> None:
    assert list(check_search(site)) == []
    texts, found = read_search(site)
    assert {text: len(rows) for text, rows in texts.items()} == {
        text: len(rows) for text, rows in passages.items()
    }
    for text, rows in passages.items():
        for n, passage in enumerate(rows):
            for read in (reading_text, witness_text):
                for word in folded(read(passage.place.block.content)):
                    assert (text, n) in found[word], (word, passage.place.anchor)


def test_the_index_is_small(site: dict[str, bytes]) -> None:
    index = [data for path, data in site.items() if re.fullmatch(r"recherche/.+\.js", path)]
    assert 50_000 < sum(map(len, index)) < INDEX_AT_MOST
    assert all(len(data) < 2 * SHARD for data in index)
    assert all(path.isascii() for path in site if path.startswith("recherche/"))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("recherche/mots/mots-k.js", b"koulaks", b"koulaxs"),
        ("recherche/mots/mots-k.js", b"find.shard(", b"find.shart("),
        ("recherche/index.js", b"find.index(", b"("),
        (f"concordance/{BOUKHARINE}.js", b"koulak", b"moujik"),
        (f"textes/{BOUKHARINE}/index.html", b' id="note-7"', b' id="note-70"'),
    ],
)
def test_what_the_search_would_lose_is_a_finding(
    site: dict[str, bytes], path: str, old: bytes, new: bytes
) -> None:
    assert old in site[path]
    found = list(check_search({**site, path: site[path].replace(old, new)}))
    assert {finding.code for finding in found} == {"E047"}


def test_a_missing_script_is_a_finding(site: dict[str, bytes]) -> None:
    for missing in (
        "recherche/index.js",
        "recherche/mots/mots-r.js",
        f"concordance/{BOUKHARINE}.js",
    ):
        without = {path: data for path, data in site.items() if path != missing}
        assert [f.code for f in check_search(without)] == ["E047"]


def test_browsers_and_catalogues_are_told_how_to_search(tmp_path: Path) -> None:
    root = changed_copy(GOLDEN / "corpus", tmp_path, "site.yaml", TITLE, "title: A & <b>")
    site = site_of(root, base_url="https://a.org/b/")
    told = ElementTree.fromstring(site["opensearch.xml"])
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert told.findtext(f"{space}ShortName") == "A & <b>"
    address = told.find(f"{space}Url")
    assert address is not None
    assert address.get("template") == "https://a.org/b/recherche/index.html?q={searchTerms}"
    head = b'<link rel="search" type="application/opensearchdescription+xml"'
    assert all(head in data for path, data in site.items() if path.endswith(".html"))


def test_a_large_archive_is_read_text_by_text(site: dict[str, bytes], tmp_path: Path) -> None:
    every = 'value="">tous les textes'
    for whole in (site, site_of(GOLDEN / "corpus")):
        assert every in whole[urls.CONCORDANCE].decode()
    limited = f"{TITLE}\nconcordance_limit: 0.0001"
    root = changed_copy(GOLDEN / "corpus", tmp_path, "site.yaml", TITLE, limited)
    page = site_of(root)[urls.CONCORDANCE].decode()
    assert every not in page and "texte par texte" in page


# ---------------------------------------------------------------- what a reader finds


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> Passages:
    return corpus.passages


def ask(page: Page, question: str) -> str:
    """Types the question; what the page says of the answer."""
    page.evaluate("document.querySelector('[data-said]').textContent = ''")
    page.locator("[name=q]").fill(question)
    until(page, "document.querySelector('[data-said]').textContent !== ''")
    return page.locator("[data-said]").inner_text()


UNFOLDED = """async (rows) => {
    const more = document.querySelector("[data-more]"), count = () =>
        document.querySelectorAll(rows).length
    while (more.checkVisibility()) {
        const before = count(), end = performance.now() + 10_000
        more.click()
        while (count() === before) {
            if (performance.now() > end) throw new Error(`no more than ${before} of ${rows}`)
            await new Promise((done) => setTimeout(done))
        }
    }
}"""


def unfold(page: Page, rows: str) -> None:
    """Shows all rows: within the page, since to click from without takes ten times as long."""
    page.evaluate(UNFOLDED, rows)


def results(page: Page) -> list[tuple[str, str]]:
    """The text and the anchor of every passage found, in the order of the corpus."""
    unfold(page, ".results li")
    hrefs = page.locator(".results h2 a").evaluate_all("all => all.map(a => a.href)")
    found = []
    for parts in map(urlsplit, hrefs):
        found.append((parts.path.split("/")[-2], unquote(parts.fragment)))
    return sorted(found)


def plain(text: str) -> str:
    """Small letters without accents or ligatures: told apart from what the search does."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("^", "")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@cache
def plainly(content: Inlines) -> tuple[str, str]:
    """What a block says in the edition's words and in the witness's, plain: every question asks."""
    reading, witness = (
        plain(" ".join(read(content).split())) for read in (reading_text, witness_text)
    )
    return reading, witness


def where(passages: Passages, pattern: str, text: str = "") -> list[tuple[str, str]]:
    """The passages in which `pattern` stands, in the edition's words or the witness's."""
    return sorted(
        (passage.text_id, passage.place.anchor)
        for passage in (p for of in passages.values() for p in of)
        if passage.text_id.startswith(text)
        and any(re.search(pattern, words) for words in plainly(passage.place.block.content))
    )


ANSWERS = [
    # the question; what must be found, in plain words (in quotation marks a word is itself alone)
    ('"internationale"', r"\binternationale\b"),
    ("evenement", r"\bevenements?\b"),
    ("événements", r"\bevenements?\b"),
    ("L’ÉVÉNEMENT", r"\bevenements?\b"),
    ("oeuvre", r"\boeuvres?\b"),
    ("œuvre", r"\boeuvres?\b"),
    ('"soviets"', r"\bsoviets\b"),
    ('"gouvernement"', r"\bgouvernement\b"),
    ('"dualité de pouvoir"', r"\bdualite de pouvoir\b"),
    ('"mot d’ordre"', r"\bmot d'ordre\b"),
    ('"mot d\'ordre"', r"\bmot d'ordre\b"),
    ("« mot d’ordre »", r"\bmot d'ordre\b"),
    ("mot-d’ordre", r"\bmots? d'ordre\b"),
    ("“tout le pouvoir aux soviets”", r"\btout le pouvoir aux soviets\b"),
    ("tout-le-pouvoir-aux-soviets", r"\btout le pouvoir aux soviets\b"),
    ('"lutte"', r"\blutte\b"),
    ("latte", r"\blatte\b"),
    ("koulak", r"\bkoulaks?\b"),
    ("koulaks", r"\bkoulaks?\b"),
    ("kerenski", r"\bkerensk[iy]\b"),
    ("Kerensky", r"\bkerensk[iy]\b"),
    ("kérensky", r"\bkerensk[iy]\b"),
    ("zimmerwald*", r"\bzimmerwald"),
    ("zimmerwaldiens", r"\bzimmerwald"),
    ("révolution*", r"\brevolution"),
    ('"XIVe congrès"', r"\bxive congres\b"),
    ('"XIVᵉ congrès"', r"\bxive congres\b"),
    ('"14e congrès"', r"\bxive congres\b"),
    ('"80 000 membres"', r"\b80 000 membres\b"),
    ("80 000", r"\b80 000\b"),
    ("80\u202f000", r"\b80 000\b"),
    ("N.E.P.", r"\bnep\b"),
    ("CC", r"\bcc\b|\bc\. ?c\b"),
    ("C.C.", r"\bcc\b|\bc\. ?c\b"),
    ("Dan", r"\bdan\b"),
    ("parti", r"\bpartis?\b"),
    ("armées", r"\barmees?\b"),
    ("commissions", r"\bcommissions?\b"),
    ('"aujourd’hui"', r"\baujourd'hui\b"),
    ("aujourd'hui", r"\baujourd'hui\b"),
    ('"soviets" | "koulaks"', r"\bsoviets\b|\bkoulaks\b"),
]


@pytest.mark.parametrize(("question", "pattern"), ANSWERS)
def test_a_question_has_its_answer(
    kept: Callable[[str], Page], base: str, passages: Passages, question: str, pattern: str
) -> None:
    """All of the passages, and no other, each with the words found marked, over the web and from a
    disk."""
    expected = where(passages, pattern)
    assert expected
    page = kept(base + SEARCH)
    said = ask(page, question)
    assert results(page) == expected
    plural = "s" if len(expected) > 1 else ""
    assert said.startswith(f"{len(expected)}\u00a0passage{plural} dans ")
    marked = page.locator(".results li").evaluate_all(
        "all => all.map(li => [...li.querySelectorAll('mark')].map(m => m.textContent))"
    )
    assert all(marked)
    shown = {" ".join(plain(word).split()) for words in marked for word in words}
    read = pattern.replace("latte", "lutte")
    assert all(re.search(read.replace("xive", "xive|14e"), word) for word in shown), shown


@pytest.mark.parametrize(
    ("question", "word", "pattern"),
    [
        ("internationale", "internationale", r"\binternationale\b"),
        ("soviets", "soviets", r"\bsoviets\b"),
        ("gouvernement", "gouvernement", r"\bgouvernement\b"),
        ("lutte", "lutte", r"\blutte\b"),
        ("XIVe congrès", "xive", r"\bxive congres\b"),
        ("mot d’ordre", "mot", r"\bmot d'ordre\b"),
    ],
)
def test_forms_of_a_family_are_found_with_the_word(
    kept: Callable[[str], Page],
    base: str,
    passages: Passages,
    question: str,
    word: str,
    pattern: str,
) -> None:
    page = kept(base + SEARCH)
    ask(page, question)
    marked = page.locator(".results li").first.locator("mark").all_inner_texts()
    assert word in [plain(mark) for mark in marked]
    assert set(where(passages, pattern)) <= set(results(page))


def test_a_word_before_a_note_call_is_marked_without_its_figure(
    browser: Browser, base: str
) -> None:
    """In the result and on the page that it leads to, at the passage."""
    with opened(browser, base + SEARCH) as page:
        ask(page, '"démocratie sans phrase" | "soviets"')
        unfold(page, ".results li")
        for mark in page.locator(".results mark").all_inner_texts():
            assert not re.search(r"\d", mark)
        page.goto(f"{base}textes/{BOUKHARINE}/index.html")
        calls = page.locator(".body p[id]:has([role=doc-noteref])")
        found = calls.evaluate_all(
            """all => all.map(p => {
              const call = p.querySelector('.call');
              const word = call.previousSibling.textContent?.match(/[\\p{L}]+$/u);
              return word && call.previousSibling.nodeType === 3 ? [p.id, word[0]] : null;
            }).filter(Boolean)"""
        )
        assert found
        for anchor, word in found[:5]:
            page.goto(f"{base}{SEARCH}?q={quote(word)}&texte={BOUKHARINE}")
            until(page, "document.querySelectorAll('.results li').length > 0")
            unfold(page, ".results li")
            link = page.locator(f".results h2 a[href$='#{anchor}']").first
            link.click()
            page.wait_for_url(f"**/{BOUKHARINE}/index.html*")
            until(page, "document.querySelector(':target mark') !== null")
            marks = page.locator(":target mark").all_inner_texts()
            assert word.lower() in [mark.lower() for mark in marks]
            assert page.locator(":target .call mark").count() == 0
            assert page.url.endswith(f"/{BOUKHARINE}/index.html#{anchor}")
            assert in_view(page, ":target mark")


def test_an_emended_word_says_what_its_source_has(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        ask(page, "latte")
        assert "lutte [source\u00a0: latte]" in page.locator(".results .words").inner_text()
        ask(page, '"lutte"')
        assert "source" not in page.locator(".results").inner_text()


def test_filters_keep_what_they_say(browser: Browser, base: str, passages: Passages) -> None:
    every = where(passages, r"\bpaysannerie\b")
    of_one = where(passages, r"\bpaysannerie\b", "boukharine")
    with opened(browser, base + SEARCH) as page:
        ask(page, "paysannerie")
        assert results(page) == every
        page.locator(".filters summary").click()
        names = page.locator("#auteur option").all_inner_texts()
        assert f"Nikolaï Boukharine ({len(of_one)})" in names
        page.locator("#auteur").select_option("Nikolaï Boukharine")
        until(
            page, f"document.querySelector('[data-said]').textContent.startsWith('{len(of_one)}')"
        )
        assert results(page) == of_one
        assert "auteur=Nikola" in page.url and "q=paysannerie" in page.url
        page.locator("#partie").select_option("n")
        until(
            page, f"!document.querySelector('[data-said]').textContent.startsWith('{len(of_one)}')"
        )
        assert all(anchor.startswith("note-") for _, anchor in results(page))
        page.reload()
        until(page, "document.querySelector('[data-said]').textContent !== ''")
        assert page.locator("#partie").input_value() == "n"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("texte", BOUKHARINE, lambda p, _: p.text_id == BOUKHARINE),
        ("genre", "Essai", lambda p, c: kind(c, p.text_id) == "essay"),
        ("partie", "t", lambda p, _: not p.place.note and p.place.block.type != "quotation"),
        ("partie", "n", lambda p, _: bool(p.place.note)),
        ("partie", "q", lambda p, _: not p.place.note and p.place.block.type == "quotation"),
        (
            "partie",
            "q lenine",
            lambda p, _: not p.place.note and "lenine" in p.place.block.speakers,
        ),
        ("depuis", "1925", lambda p, _: p.text_id[:4] in ("bouk", "que-")),
        ("jusque", "1923", lambda p, _: p.text_id[:4] in ("part", "leni")),
    ],
)
def test_a_filter_is_of_its_kind(
    browser: Browser,
    served: str,
    corpus: Corpus,
    passages: Passages,
    name: str,
    value: str,
    right: Callable[[Passage, Corpus], bool],
) -> None:
    pattern = r"\brevolution\b"
    having = set(where(passages, pattern))
    expected = sorted(
        (p.text_id, p.place.anchor)
        for of in passages.values()
        for p in of
        if (p.text_id, p.place.anchor) in having
        and right(p, corpus)
        and re.search(pattern, plain(reading_text(p.place.block.content)))
    )
    assert expected
    with opened(browser, f"{served}{SEARCH}?q=%22révolution%22&{name}={quote(value)}") as page:
        until(page, "document.querySelectorAll('.results li').length > 0")
        assert results(page) == expected


def kind(corpus: Corpus, text: str) -> str:
    return next(e.document.meta.kind for e in corpus.editions if e.id == text)


def test_results_stand_by_date_where_one_wishes(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        ask(page, "insurrection")
        by_rank = page.locator(".results h2").all_inner_texts()
        page.locator("#tri").select_option("date")
        until(page, f"document.querySelector('.results h2').innerText !== {by_rank[0]!r}")
        unfold(page, ".results li")
        years = page.locator(".results li > .extent").evaluate_all(
            "all => all.map(e => e.innerText.match(/19\\d\\d|20\\d\\d/)[0])"
        )
        assert years == sorted(years) and len(set(years)) > 2


def test_words_together_stand_before_words_apart(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        ask(page, "congrès parti")
        first = page.locator(".results .words").first.inner_text()
        assert re.search(r"congr\S+ (\S+ ){0,2}parti|parti (\S+ ){0,2}congr", first, re.I)


def test_a_word_is_left_out(browser: Browser, base: str, passages: Passages) -> None:
    expected = set(where(passages, r"\bkoulaks\b")) - set(where(passages, r"\bkoulak\b"))
    with opened(browser, base + SEARCH) as page:
        ask(page, '"koulaks" -"koulak"')
        assert results(page) == sorted(expected)
        assert "au moins un mot" in ask(page, "-koulak")


def test_what_is_left_out_is_what_was_written(browser: Browser, base: str) -> None:
    """Neither a likely spelling nor what a word may become; and the page says what it is."""
    with opened(browser, base + SEARCH) as page:
        whole = ask(page, "congrès")
        assert ask(page, "congrès -bolchevick") == whole
        assert ask(page, "congrès -bolch") == whole
        assert ask(page, "congrès -bolchev*") != whole
        ask(page, "koulak -parti")
        assert "Sans\u00a0: parti, partis." in page.locator("[data-asides]").inner_text()
        assert ask(page, "koulak | -parti") == ask(page, "koulak -parti")


def test_where_one_word_stands_more_often_comes_first(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        ask(page, "insurrection")
        marks = page.locator(".results li").evaluate_all(
            "all => all.map(li => li.querySelectorAll('mark').length)"
        )
        assert marks[0] > 2 and sum(marks[:5]) > sum(marks[-5:])
        ask(page, "Que faire")
        assert "Que faire" in page.locator(".results .words").first.inner_text()
        ask(page, "tout le pouvoir aux soviets")
        assert "tout le pouvoir aux soviets" in plain(
            page.locator(".results .words").first.inner_text()
        )


def test_a_text_is_found_by_its_title(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        for title in ("les leçons d’octobre", "Rapport au XIe Congrès"):
            ask(page, title)
            named = " ".join(page.locator(".to-entry a").first.inner_text().split())
            assert plain(named) == plain(title)
        page.locator(".to-entry a").first.click()
        assert "/textes/lenine-" in page.url


def test_a_late_answer_never_stands_under_another_question(browser: Browser, served: str) -> None:
    with opened(browser, served + SEARCH) as page:
        page.route("**/concordance/trotsky*.js", lambda route: later(page, route))
        ask(page, "koulaks")
        page.locator("[name=q]").fill("insurrection")
        page.wait_for_timeout(150)
        page.locator("[name=q]").fill("koulaks")
        page.wait_for_timeout(1500)
        shown = page.locator(".results mark").all_inner_texts()
        assert {plain(word) for word in shown} <= {"koulak", "koulaks"}
        page.locator("[name=q]").fill("insurrection *")
        page.wait_for_timeout(150)
        page.locator("[name=q]").fill("")
        page.wait_for_timeout(800)
        assert page.locator(".results li").count() == 0
        assert not page.locator("[data-more]").is_visible()


def later(page: Page, route: Route) -> None:
    page.wait_for_timeout(400)
    route.continue_()


def test_two_keys_in_a_row_read_the_index_once(browser: Browser, served: str) -> None:
    with opened(browser, served + SEARCH) as page:
        page.route("**/recherche/index.js", lambda route: later(page, route))
        page.locator("[name=q]").press_sequentially("gouvernement", delay=70)
        until(page, "document.querySelector('[data-said]').textContent !== ''")
        assert page.locator("[data-said]").inner_text().startswith("45\u00a0passages dans ")


def test_the_way_to_the_concordance_keeps_its_word(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        for question in ("bolchevik", "gouvernemant ", "ouvriers | paysans", '"mot d’ordre"'):
            ask(page, question)
            marks = set()
            unfold(page, ".results li")
            for words in page.locator(".results mark").all_inner_texts():
                marks.add(" ".join(plain(words).split()))
            page.get_by_role("link", name="Toutes les occurrences").click()
            page.wait_for_url("**/concordance/**")
            until(page, "document.querySelectorAll('.kwic tr').length > 0")
            unfold(page, ".kwic tr")
            lines = page.locator(".kwic .line a").all_inner_texts()
            assert {" ".join(plain(words).split()) for words in lines} >= marks, question
            page.goto(base + SEARCH)


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_no_address_breaks_the_page(browser: Browser, served: str, path: str) -> None:
    odd = (
        "q=parti&length=1&tri=x&texte=x&action=x&elements=1",
        "q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "q=%ED%A0%80",
        "q=" + "parti+" * 3000,
        "q=" + "x" * 20_000,
        "q=a*&accents=0",
    )
    errors: list[str] = []
    for words in odd:
        with opened(browser, f"{served}{path}?{words}") as page:
            page.on("pageerror", lambda error: errors.append(str(error)))
            until(page, "document.querySelector('[data-said]').textContent !== ''")
            assert page.locator("main img").count() == 0
            assert len(page.locator("main").inner_text()) < 60_000
            assert errors == []
            page.locator("[name=q]").fill("koulaks")
            until(page, "document.querySelector('[data-said]').textContent.includes('dans')")


@pytest.mark.parametrize("words", ["mots=%25,%ED%A0%80", "mots=" + ",".join("abc" * 900), "mots="])
def test_no_address_breaks_the_text(browser: Browser, served: str, words: str) -> None:
    errors: list[str] = []
    with opened(browser, f"{served}textes/{BOUKHARINE}/index.html") as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        for place in ("#contenu", "#note-3", "#%", "", "#sommaire"):
            page.goto("about:blank")
            page.goto(f"{served}textes/{BOUKHARINE}/index.html?{words}{place}")
            page.wait_for_timeout(100)
        assert errors == []


def test_an_answer_is_told_when_the_reader_pauses(browser: Browser, base: str) -> None:
    """Once, with what was searched in another's stead, not at every key."""
    with opened(browser, base + SEARCH) as page:
        page.evaluate(
            "(() => { window.told = []; window.shown = 0;"
            "const watch = (name, seen) => { const found = document.querySelector(name);"
            "new MutationObserver(() => seen(found)).observe(found, { childList: true }); };"
            "watch('[data-said]', () => shown++);"
            "watch('[data-told]', (said) => said.textContent && told.push(said.textContent)); })()"
        )
        page.clock.install()  # keys follow each other at one pace, however slow the machine is
        for count, letter in enumerate("gouvernemant", start=1):
            page.locator("[name=q]").press(letter)
            page.clock.run_for(60)
            until(page, f"shown >= {count}")
        assert page.evaluate("told") == []
        page.clock.run_for(1_000)
        told = page.evaluate("told")
        assert len(told) == 1
        assert "passages dans" in told[0] and "cherché à la place\u00a0: gouvernement" in told[0]


def test_filters_are_seen_and_taken_off(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}{SEARCH}?q=parti&texte={BOUKHARINE}&partie=n", 360) as page:
        until(page, "document.querySelector('[data-said]').textContent !== ''")
        assert page.locator(".filters summary").inner_text() == "Filtrer (2)"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        few = page.locator("[data-said]").inner_text()
        page.get_by_role("button", name="Sans filtres").click()
        until(page, f"document.querySelector('[data-said]').textContent !== {few!r}")
        assert page.locator(".filters summary").inner_text() == "Filtrer"
        assert "texte=" not in page.url


def test_one_goes_back_to_a_question_as_it_was(browser: Browser, served: str) -> None:
    with opened(browser, served + SEARCH) as page:
        ask(page, "insurection ")
        page.locator("[data-asides] a.ask").first.click()
        until(page, "document.querySelector('[name=q]').value === 'insurrection'")
        page.go_back()
        until(page, "document.querySelector('[name=q]').value.startsWith('insurection')")
        ask(page, "soviets")
        page.locator("[data-more]").click()
        until(page, "document.querySelectorAll('.results li').length === 40")
        page.locator(".results h2 a").nth(30).click()
        page.wait_for_url("**/textes/**")
        page.go_back()
        until(page, "document.querySelectorAll('.results li').length === 40")


def test_what_is_not_there_has_a_helpful_answer(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        assert ask(page, "xyzzy ") == "Aucun passage."
        assert "Formes voisines" in page.locator("[data-asides]").inner_text()
        page.locator("[data-asides] a.ask").first.click()
        until(page, "document.querySelectorAll('.results li').length > 0")
        said = ask(page, "koulakes ")
        assert "passage" in said and not said.startswith("Aucun")
        assert "cherché à la place\u00a0: koulak" in page.locator("[data-asides]").inner_text()
        ask(page, "insurection ")
        assert "insurrection" in page.locator(".results mark").first.inner_text()


def test_a_name_that_no_text_has_leads_to_the_forms_that_the_index_joins(
    browser: Browser, base: str, passages: Passages
) -> None:
    pattern = r"dualite (de|du) pouvoir|demi-pouvoir"
    with opened(browser, base + SEARCH) as page:
        ask(page, '"double pouvoir"')
        assert results(page) == where(passages, pattern)
        asides = page.locator("[data-asides]").inner_text()
        assert "dualité de pouvoir" in asides
        page.locator(".to-entry a").first.click()
        assert page.locator("h1").inner_text() == "Double pouvoir"


def test_the_last_word_may_still_be_typed(browser: Browser, base: str) -> None:
    with opened(browser, base + SEARCH) as page:
        ask(page, "zimmerw")
        assert page.locator(".results mark").first.inner_text() == "zimmerwaldiens"


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_no_sign_is_too_odd(kept: Callable[[str], Page], base: str, path: str) -> None:
    page = kept(base + path)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for question in ("*", '"', "|", "-", "' ’", "( ) [ ] \\ ^ $", "«»", "**"):
        assert "au moins un mot" in ask(page, question)
    assert errors == []


def test_a_question_is_typed_anywhere_and_answered_by_keyboard(browser: Browser, base: str) -> None:
    with opened(browser, base + "index.html") as page:
        page.locator(".masthead [name=q]").focus()
        page.keyboard.type("l’Internationale")
        page.keyboard.press("Enter")
        page.wait_for_url("**/recherche/index.html?q=*")
        assert parse_qs(urlsplit(page.url).query)["q"] == ["l’Internationale"]
        until(page, "document.querySelectorAll('.results li').length > 0")
        page.locator("#question").focus()
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('.results') !== null"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/textes/**")
        until(page, "document.querySelector(':target mark') !== null")
        assert plain(page.locator(":target mark").first.inner_text()) == "internationale"
        page.go_back()
        page.wait_for_url("**/recherche/index.html?q=*")
        until(page, "document.querySelectorAll('.results li').length > 0")


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_one_can_skip_to_the_search(browser: Browser, base: str, path: str) -> None:
    for question in ("", "?q=koulaks"):
        with opened(browser, base + path + question) as page:
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_timeout(200)
            assert page.url.endswith(f"{question}#contenu")
            assert page.evaluate("document.activeElement.id") == "contenu"


def test_nothing_is_loaded_before_one_asks_and_nothing_is_kept(
    browser: Browser, served: str
) -> None:
    for path in (SEARCH, CONCORDANCE):
        with opened(browser, served + path) as page:
            loaded = "performance.getEntriesByType('resource').map(r => r.name)"
            before = page.evaluate(loaded)
            assert not any("/mots/" in name or name.endswith("index.js") for name in before)
            assert not any(name.endswith(f"{BOUKHARINE}.js") for name in before)
            assert "passage" in ask(page, "koulak") or path == CONCORDANCE
            assert set(page.evaluate(loaded)) - set(before)
            assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
            assert page.context.cookies() == []


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_a_file_that_cannot_be_read_is_said(browser: Browser, served: str, path: str) -> None:
    with opened(browser, served + path) as page:
        page.route(f"**/{BOUKHARINE}.js", lambda route: route.abort())
        said = ask(page, '"mot d’ordre"')
        assert BOUKHARINE in said and "Rechargez" in said
        page.unroute_all()
        assert "Rechargez" not in ask(page, '"mot d’ordre" ')


def test_a_script_cut_short_is_said_and_nothing_else_stands_there(
    browser: Browser, served: str
) -> None:
    with opened(browser, served + SEARCH) as page:
        ask(page, "koulaks")
        for script in ("recherche/mots/mots-i.js", "concordance/trotsky-lecons-octobre-1924.js"):
            page.route(f"**/{script}", lambda route: route.fulfill(body="find.text("))
            assert "Rechargez" in ask(page, "insurrection")
            assert page.locator(".results li").count() == 0
            assert page.locator("[data-asides]").inner_text() == ""
            page.unroute_all()
        assert "Rechargez" not in ask(page, "insurrection ")


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_without_its_words_the_page_says_so(browser: Browser, served: str, path: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/words.js", lambda route: route.abort())
    page.goto(served + path)
    until(page, "document.querySelector('[data-said]').textContent.includes('words.js')")
    context.close()


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE, "index.html"])
def test_without_scripts_the_way_is_by_the_indexes(browser: Browser, base: str, path: str) -> None:
    with opened(browser, base + path, scripts=False) as page:
        assert not page.locator("input:visible").count()
        if path == "index.html":
            page.get_by_role("link", name="Recherche", exact=True).click()
        assert "demande JavaScript" in page.locator("main").inner_text()
        page.locator("main").get_by_role("link", name="Personnes").click()
        assert page.locator("h1").inner_text() == "Personnes"


def test_from_a_disk_the_pages_say_so(browser: Browser, base: str) -> None:
    for path in (SEARCH, CONCORDANCE):
        with opened(browser, base + path) as page:
            assert page.locator("[data-disk]").is_visible() == base.startswith("file:")


# ---------------------------------------------------------------- the concordance


def occurrences(corpus: Corpus, passages: Passages, pattern: str) -> int:
    """How often `pattern` stands in the texts, in the edition's words."""
    return sum(
        len(re.findall(pattern, plainly(p.place.block.content)[0]))
        for of in passages.values()
        for p in of
    )


@pytest.mark.parametrize(
    ("question", "pattern"),
    [
        ("internationale", r"\binternationale\b"),
        ("révolution*", r"\brevolution"),
        ('"mot d’ordre"', r"\bmot d'ordre\b"),
        ("mot d'ordre", r"\bmot d'ordre\b"),
        ("soviet | soviets", r"\bsoviets?\b"),
        ("lutte* de classe*", r"\blutte\w* de classe"),
        ("œuvre", r"\boeuvre\b"),
        ("XIVe congrès", r"\bxive congres\b"),
        ("soviet* | soviets", r"\bsoviet"),
        ("CC", r"\bcc\b|\bc\. ?c\b"),
    ],
)
def test_the_concordance_has_every_occurrence(
    kept: Callable[[str], Page],
    base: str,
    corpus: Corpus,
    passages: Passages,
    question: str,
    pattern: str,
) -> None:
    expected = occurrences(corpus, passages, pattern)
    assert expected
    page = kept(base + CONCORDANCE)
    said = ask(page, question)
    assert re.match(r"[\d\u202f]+", said)
    assert int(re.sub(r"\D", "", said.partition("occ")[0])) == expected
    unfold(page, ".kwic tr")
    words = page.locator(".kwic .line a").all_inner_texts()
    assert len(words) == expected
    assert all(re.search(pattern, plain(word).replace("\u00a0", " ")) for word in words)
    counts = page.locator(".tally tbody td:nth-child(2)").all_inner_texts()
    assert sum(int(re.sub(r"\D", "", count)) for count in counts) == expected


def test_a_line_is_the_text_and_leads_to_it(
    browser: Browser, base: str, passages: Passages
) -> None:
    with opened(browser, base + CONCORDANCE) as page:
        ask(page, "koulaks")
        line = page.locator(".kwic tbody tr").nth(3)
        words = line.locator("td").evaluate_all("all => all.slice(0, 2).map(e => e.textContent)")
        line.locator("a").click()
        page.wait_for_url("**/textes/**")
        until(page, "document.querySelector(':target mark') !== null")
        text, anchor = urlsplit(page.url).path.split("/")[-2], urlsplit(page.url).fragment
        passage = next(p for p in passages[text] if p.place.anchor == unquote(anchor))
        full = typeset(reading_text(passage.place.block.content), passage.depth)
        assert "".join(words) in full


def test_lines_stand_by_the_word_beside(browser: Browser, base: str) -> None:
    with opened(browser, base + CONCORDANCE) as page:
        ask(page, "révolution")
        orders = {
            "droite": "tr => tr.querySelector('.line a').nextSibling?.textContent"
            ".match(/^[^\\p{L}\\p{N}]*([\\p{L}\\p{N}]*)/u)[1]",
            "gauche": "tr => tr.querySelector('.left').textContent"
            ".match(/([\\p{L}\\p{N}]*)[^\\p{L}\\p{N}]*$/u)[1]",
        }
        for order, word in orders.items():
            page.locator("#tri").select_option(order)
            until(page, f"location.search.includes('tri={order}')")
            words = page.locator(".kwic tbody tr").evaluate_all(f"all => all.map({word})")
            told = [plain(w) for w in words if w]
            assert told == sorted(told) and len(set(told)) > 5


def test_accents_are_respected_where_one_wishes(
    browser: Browser, base: str, passages: Passages
) -> None:
    texts = [reading_text(p.place.block.content).lower() for of in passages.values() for p in of]
    expected = sum(len(re.findall(r"\bmarche\b", text)) for text in texts)
    with opened(browser, base + CONCORDANCE) as page:
        both = ask(page, "marche")
        page.locator("#accents").check()
        until(page, f"document.querySelector('[data-said]').textContent !== {both!r}")
        assert page.locator("[data-said]").inner_text().startswith(f"{expected}\u00a0")
        assert "accents=1" in page.url


def test_counts_are_for_a_thousand_words(browser: Browser, base: str, corpus: Corpus) -> None:
    from archive_site.corpus.summary import count_words

    with opened(browser, base + CONCORDANCE) as page:
        ask(page, "parti")
        for n, edition in enumerate(corpus.editions):
            row = page.locator(".tally tbody tr").nth(n).locator("td")
            count, rate = (row.nth(i).inner_text().replace("\u202f", "") for i in (0, 1))
            expected = 1000 * int(count) / count_words(edition)
            assert float(rate.replace(",", ".")) == pytest.approx(expected, abs=0.006)


def test_lines_are_taken_away_as_a_table(browser: Browser, base: str) -> None:
    with opened(browser, base + CONCORDANCE) as page:
        said = ask(page, "latte | soviet*")
        with page.expect_download() as waited:
            page.locator("[data-csv]").click()
        assert waited.value.suggested_filename == "concordance-latte-soviet.csv"
        data = Path(waited.value.path()).read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == int(said.partition("\u00a0")[0])
    assert {plain(row["mot"])[:6] for row in rows} == {"soviet", "lutte"}
    emended = [row for row in rows if row["source"]]
    assert [(row["mot"], row["source"]) for row in emended] == [("lutte", "latte")]
    assert all("?" not in row["adresse"] and "#" in row["adresse"] for row in rows)


def test_one_text_alone_is_read(browser: Browser, base: str, passages: Passages) -> None:
    expected = sum(
        len(re.findall(r"\bparti\b", plain(reading_text(p.place.block.content))))
        for p in passages[BOUKHARINE]
    )
    with opened(browser, f"{base}{CONCORDANCE}?q=parti&texte={BOUKHARINE}") as page:
        until(page, "document.querySelector('[data-said]').textContent !== ''")
        assert page.locator("[data-said]").inner_text().startswith(f"{expected}\u00a0")


@pytest.mark.parametrize("path", [SEARCH, CONCORDANCE])
def test_an_answer_moves_nothing_above_it(browser: Browser, base: str, path: str) -> None:
    where = """() => ['html', '.masthead', 'h1', '#question', '[data-said]']
        .map(name => document.querySelector(name).getBoundingClientRect().top + scrollY)"""
    with opened(browser, base + path) as page:
        before = page.evaluate(where)
        ask(page, "révolution")
        page.locator("[data-said]", has_text="texte").wait_for()
        assert page.evaluate(where) == before
