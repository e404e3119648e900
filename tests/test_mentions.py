"""Names in the texts: forms and their rules, marks of the edition, days, and links on the page."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry, Form
from archive_site.edition.format import loads
from archive_site.names.days import Days
from archive_site.names.mentions import (
    WORD,
    FormMatcher,
    Mention,
    linked,
    mentions_in,
    overridden,
    passages_of,
)
from archive_site.names.sentences import sentences
from archive_site.text.dates import is_day
from archive_site.text.document import (
    Claim,
    Doubt,
    Emendation,
    Emphasis,
    Inlines,
    Link,
    Meta,
    Name,
    NoteCall,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.reading import reading_text, walk, witness_text
from conftest import ROOT
from sites import Corpus, Passages

GOLD = Path(__file__).parent / "gold"
META = Meta("texte", Claim("Texte", "stated"), "essay")


def entry(key: str, *forms: str | Form) -> Entry:
    made = tuple(form if isinstance(form, Form) else Form(form) for form in forms)
    return Entry("person", key, made[0].text, made[0].text, made)


def found(text: str, *entries: Entry, text_id: str = "texte") -> list[str]:
    mentions = FormMatcher(entries).find(text, text_id)
    return [f"{text[m.start : m.end]}={m.key}" for m in mentions]


LENINE = entry("lenine", "Lénine", "V. Lénine")
OCTOBRE = entry("octobre", Form("Octobre", not_before=("1917",), not_after=("10", "le 25")))
PETROGRAD = entry("petrograd", "Pétersbourg", "Saint-Pétersbourg")
SOVIET = entry("soviet", "soviet", "soviets")
SOVIET_PETROGRAD = entry("soviet-petrograd", "soviet de Pétersbourg")


@pytest.mark.parametrize(
    ("text", "entries", "expected"),
    [
        ("V. Lénine, puis Lénine.", [LENINE], ["V. Lénine=lenine", "Lénine=lenine"]),
        ("V.\u00a0Lénine", [LENINE], ["V.\u00a0Lénine=lenine"]),
        ("la maladie de LÉNINE", [LENINE], ["LÉNINE=lenine"]),
        ("Léninegrad, léninien, lénine", [LENINE], []),
        ("l’avant d’Octobre, l'Octobre", [OCTOBRE], ["Octobre=octobre"] * 2),
        ("Octobre 1917, le 10 Octobre, le 25 Octobre", [OCTOBRE], []),
        ("Saint-Pétersbourg", [PETROGRAD], ["Saint-Pétersbourg=petrograd"]),
        ("Saint-Pétersbourg", [entry("p", "Pétersbourg")], []),
        ("Pétersbourg-Moscou", [PETROGRAD], []),
        ("Soviets et soviet", [SOVIET], ["Soviets=soviet", "soviet=soviet"]),
        (
            "le soviet de Pétersbourg, un soviet",
            [SOVIET, SOVIET_PETROGRAD, PETROGRAD],
            ["soviet de Pétersbourg=soviet-petrograd", "soviet=soviet"],
        ),
        ("les s.-r., les S.-R.", [entry("sr", "s.-r.", "S.-R.")], ["s.-r.=sr", "S.-R.=sr"]),
        ("le P.C.(b)R. et", [entry("pc", "P.C.(b)R.")], ["P.C.(b)R.=pc"]),
        (
            "mot d'ordre, mot d’ordre",
            [entry("m", "mot d’ordre")],
            ["mot d'ordre=m", "mot d’ordre=m"],
        ),
    ],
)
def test_forms_are_found(text: str, entries: list[Entry], expected: list[str]) -> None:
    assert found(text, *entries) == expected


@pytest.mark.parametrize(
    ("rules", "text", "count"),
    [
        ({"only_in": ("texte",)}, "Dan", 1),
        ({"only_in": ("autre",)}, "Dan", 0),
        ({"not_in": ("texte",)}, "Dan", 0),
        ({"only_after": ("camarade",)}, "le camarade Dan, Dan", 1),
        ({"only_before": ("et Martov",)}, "Dan et Martov, Dan et moi", 1),
        ({"not_before": ("de l’Est",)}, "Dan de l'Est, Dan de là", 1),
        ({"only_after": ("numéro de l",)}, "du numéro de l’Dan", 1),
        ({"not_after": ("Le",)}, "le Dan", 0),
    ],
)
def test_rules_tell_where_a_form_is_a_name(rules: dict[str, Any], text: str, count: int) -> None:
    assert (
        len(found(text, Entry("person", "dan", "Fiodor Dan", "Dan", (Form("Dan", **rules),))))
        == count
    )


def plainly(text: str, forms: list[Form]) -> list[tuple[int, int]]:
    """Where `text` has one of the forms, each an entry's: at each word the longest that may be."""
    text = text.replace("'", "’")
    words = list(WORD.finditer(text))
    said = [word[0] for word in words]

    def allowed(form: Form, first: int, last: int) -> bool:
        before = [word.casefold() for word in said[:first] if word != "’"]
        after = [word.casefold() for word in said[last:] if word != "’"]
        return before[-1:] not in [[word] for word in form.not_after] and (
            not form.only_before or after[:1] in [[word] for word in form.only_before]
        )

    found, at = [], 0
    while at < len(words):
        start = words[at].start()
        ends = [
            (words[last - 1].end(), last)
            for last in range(len(words), at, -1)
            for form in forms
            if said[at:last]
            in ([w[0] for w in WORD.finditer(f)] for f in (form.text, form.text.capitalize()))
            and not re.search(r"\w-$", text[:start])
            and not re.match(r"-\w", text[words[last - 1].end() :])
            and allowed(form, at, last)
        ]
        if ends:
            found.append((start, ends[0][0]))
        at = ends[0][1] if ends else at + 1
    return found


@given(st.text("ab’'-A .", max_size=24))
@example("a b-a. A.b’a a")
def test_forms_are_found_as_if_each_was_looked_for_at_each_word(text: str) -> None:
    forms = [Form("a"), Form("ab"), Form("a b", not_after=("b",)), Form("b’a", only_before=("a",))]
    forms += [Form(". a"), Form("b.")]
    entries = (Entry("person", f"e{n}", f"{n}{n}{n}", "", (form,)) for n, form in enumerate(forms))
    mentions = FormMatcher(entries).find(text, "texte")
    assert [(m.start, m.end) for m in mentions] == plainly(text, forms)


def named(name: str, *forms: str | Form) -> Entry:
    return Entry(
        "event", "e", name, name, tuple(f if isinstance(f, Form) else Form(f) for f in forms)
    )


NOT_THEIRS = Form("révolution d’Octobre", not_after=("leur",))


@pytest.mark.parametrize(
    ("one", "text", "count"),
    [
        # The name is found where a form is that has rules: it obeys them.
        (named("Révolution d’Octobre", NOT_THEIRS), "leur Révolution d'Octobre", 0),
        (named("Révolution d’Octobre", NOT_THEIRS), "leur révolution d’Octobre", 0),
        (named("Révolution d’Octobre", NOT_THEIRS), "LEUR RÉVOLUTION D’OCTOBRE", 0),
        (named("Révolution d’Octobre", NOT_THEIRS), "la Révolution d’Octobre", 1),
        # Capitals of its own do not free it, nor are they lost.
        (named("Révolution D’Octobre", NOT_THEIRS), "leur Révolution D’Octobre", 0),
        (named("Révolution D’Octobre", NOT_THEIRS), "la Révolution D’Octobre", 1),
        (named("RÉVOLUTION D’OCTOBRE", NOT_THEIRS), "LEUR RÉVOLUTION D’OCTOBRE", 0),
        (named("Coopérative", Form("coopérative", only_in=("texte",))), "Coopérative", 1),
        (named("Coopérative", Form("coopérative", only_in=("autre",))), "Coopérative", 0),
        # Either of two rules allows it, as of two forms.
        (
            named("Dan", Form("Dan", only_after=("M.",)), Form("Dan", only_after=("camarade",))),
            "M. Dan, le camarade Dan, Dan",
            2,
        ),
        # The name stands among the forms: it is as the editor gave it.
        (named("Octobre", Form("octobre", not_after=("leur",)), "Octobre"), "leur Octobre", 1),
        # Other words than the name's have rules of their own.
        (named("Octobre 1917", Form("Octobre", not_after=("leur",))), "leur Octobre 1917", 1),
        (named("R.C.", Form("r.c.", only_in=("autre",))), "R.C.", 1),
    ],
)
def test_a_name_obeys_the_rules_of_its_forms(one: Entry, text: str, count: int) -> None:
    assert len(found(text, one)) == count


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        ((NOT_THEIRS, "révolution d’Octobre"), [("révolution d’Octobre", NOT_THEIRS.text)]),
        (("révolution d’Octobre", NOT_THEIRS), [("révolution d’Octobre", NOT_THEIRS.text)]),
        ((NOT_THEIRS, "Révolution d'Octobre"), [("Révolution d'Octobre", NOT_THEIRS.text)]),
        ((NOT_THEIRS, "révolution d’octobre"), [("révolution d’octobre", NOT_THEIRS.text)]),
        ((NOT_THEIRS, "révolution", "Octobre", "révolution d’Octobre 1917"), []),
        ((NOT_THEIRS, Form("révolution d’octobre", not_after=("leur",))), []),
        (("révolution d’Octobre", "révolution d’octobre"), []),
        ((Form("cc", only_in=("autre",)), "CC"), []),  # found at no word both
    ],
)
def test_a_form_given_with_rules_and_without_is_told(
    forms: tuple[str | Form, ...], told: list[tuple[str, str]]
) -> None:
    one = named("Révolution d’Octobre", *forms)
    assert [(form.text, ruled.text) for form, ruled in overridden(one)] == told


def test_a_form_with_rules_stands_before_one_without() -> None:
    place, book = (
        entry("lieu", "Cronstadt"),
        entry("livre", Form("Cronstadt", only_after=("Marie,",))),
    )
    assert found("J.-J. Marie, Cronstadt. À Cronstadt.", place, book) == [
        "Cronstadt=livre",
        "Cronstadt=lieu",
    ]
    assert list(FormMatcher([place, book]).clashes()) == []


def test_words_of_two_entries_are_told() -> None:
    first, second = entry("dan-a", "Dan"), entry("dan-b", "Danton", "Dan")
    ((late, form, early),) = FormMatcher([first, second]).clashes()
    assert (late.key, form.text, early.key) == ("dan-b", "Dan", "dan-a")
    ruled = [entry(key, Form("Dan", only_in=("texte",))) for key in "ab"]
    (mention,) = FormMatcher(ruled).find("Dan", "texte")
    assert (mention.key, mention.rivals) == ("a", ("b",))


def test_what_the_edition_marks_stands_before_forms() -> None:
    content: Inlines = (
        Text("En "),
        Emphasis((Text("plein "), Name((Text("Octobre"),), "mois"))),
        Text(", Octobre, "),
        Name((Text("Octobre"),), ""),
        Text(" et "),
        Link((Text("https://a.fr/Octobre"),), "https://a.fr/Octobre"),
    )
    mentions = mentions_in(content, "texte", FormMatcher([OCTOBRE]), Days(META))
    text = reading_text(content)
    assert [(m.key, text[m.start : m.end], m.start) for m in mentions] == [
        ("mois", "Octobre", 9),
        ("octobre", "Octobre", 18),
    ]


# ---------------------------------------------------------------- links on the page


def names(content: Inlines) -> list[tuple[str, str]]:
    return [(i.key, reading_text(i.content)) for i in walk(content) if isinstance(i, Name)]


def test_the_first_mention_that_can_be_is_a_link() -> None:
    content: Inlines = (
        Emendation("Lénine", "Lénime"),
        Text(" et "),
        Link((Text("Lénine"),), "#là"),
        Text(" et Lénine, Lénine, au XIV"),
        Superscript("e"),
        Text(" congrès"),
        NoteCall("1"),
        Text(" de Pé"),
        NoteCall("2"),
        Text("tersbourg"),
    )
    forms = FormMatcher([LENINE, entry("xive", "XIVe congrès"), PETROGRAD])
    made = linked(content, mentions_in(content, "texte", forms, Days(META)))
    assert names(made) == [("lenine", "Lénine"), ("xive", "XIVe congrès")]
    assert reading_text(made, calls=True) == reading_text(content, calls=True)


WORDS = st.sampled_from(["Lénine", "V. Lénine", "Lé", "nine", " ", ", ", "soviets", "e", "10 mai"])
LEAVES = st.one_of(
    WORDS.map(Text),
    WORDS.map(Superscript),
    st.builds(Emendation, WORDS, WORDS),
    st.sampled_from([NoteCall("1")]),
)
CONTENT = st.recursive(
    st.lists(LEAVES, max_size=5).map(tuple),
    lambda inner: st.lists(
        st.one_of(
            LEAVES,
            inner.map(Emphasis),
            st.builds(Doubt, inner, st.just("?")),
            st.builds(Link, inner, st.just("#a")),
            st.builds(Name, inner, st.sampled_from(["", "lenine", "1917-11-07"])),
        ),
        max_size=4,
    ).map(tuple),
    max_leaves=12,
)


def inside(content: Inlines) -> Iterator[Inlines]:
    return (i.content for i in walk(content) if isinstance(i, Name))


@given(CONTENT)
def test_links_change_no_word_and_stand_in_no_link(content: Inlines) -> None:
    forms = FormMatcher([LENINE, SOVIET])
    mentions = mentions_in(content, "texte", forms, Days(META))
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    made = linked(content, mentions)
    assert reading_text(made, calls=True) == reading_text(content, calls=True)
    assert witness_text(made, calls=True) == witness_text(content, calls=True)
    keys = [key for key, _ in names(made) if key]
    assert len(keys) == len(set(keys)) <= len({m.key for m in mentions})
    for name in inside(made):
        assert not any(isinstance(i, Name | Link | NoteCall | Emendation) for i in walk(name))


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 10 octobre 1917", ["10 octobre 1917=1917-10-10 certain"]),
        ("le 1er mai 1922", ["1er mai 1922=1922-05-01 certain"]),
        ("10-11 février 1926", ["10=1926-02-10 certain", "11 février 1926=1926-02-11 certain"]),
        (
            "du 18 au 31 décembre 1925",
            ["18=1925-12-18 certain", "31 décembre 1925=1925-12-31 certain"],
        ),
        (
            "10 avril au 19 mai 1922",
            ["10 avril=1922-04-10 certain", "19 mai 1922=1922-05-19 certain"],
        ),
        (
            "31 décembre – 2 janvier 1922",
            ["31 décembre=1921-12-31 certain", "2 janvier 1922=1922-01-02 certain"],
        ),
        ("16(3) mars 1918", ["16(3) mars 1918=1918-03-16 certain"]),
        ("6 sept. 1924", ["6 sept. 1924=1924-09-06 certain"]),
        ("En 1921, le 4 mars", ["4 mars=1921-03-04 probable"]),
        ("le 4 mars", ["4 mars=1922-03-04 probable"]),
        ("Le 4 mars. Le 18, on vota.", ["4 mars=1922-03-04 probable", "18=1922-03-18 probable"]),
        ("Le 18, on vota.", []),
        ("le 4 mars, le 18 pour cent", ["4 mars=1922-03-04 probable"]),
        ("31 février 1922, 1.10 mai 1922", []),
        ("10 maison, mai 1922, 1922", []),
    ],
)
def test_days_are_read(text: str, expected: list[str]) -> None:
    days = Days(Meta("t", Claim("T", "stated"), "essay", date=Claim("1922-04-01", "stated")))
    assert [f"{text[d.start : d.end]}={d.iso} {d.certainty}" for d in days.find(text)] == expected


def test_a_julian_text_counts_by_it_until_russia_did_not() -> None:
    days = Days(Meta("t", Claim("T", "stated"), "essay", calendar="julian", year="1917"))
    found = days.find("le 25 octobre, le 31 janvier 1918, le 14 février 1918")
    assert [day.iso for day in found] == ["1917-11-07", "1918-02-13", "1918-02-14"]
    undated = Days(Meta("t", Claim("T", "stated"), "essay", date=Claim("1917/1924", "stated")))
    assert undated.find("le 25 octobre") == []


@pytest.mark.parametrize(
    ("marked", "days"),
    [
        ("le [10 octobre]", []),
        ("le [10 octobre 1917]", []),
        ("[Le 10 octobre, on sortit.]", []),
        ("le [10] octobre 1917", []),
        ("le 10 [octobre] 1917", []),
        ("le 10 octobre [1917]", []),
        ("le 10 octobre, le [16 octobre]", ["10 octobre=1922-10-10"]),
        ("le [10 octobre], le 16 octobre", ["16 octobre=1922-10-16"]),
        ("10-[11] février 1926", ["10=1926-02-10"]),
        ("10 avril au 19 mai [1922]", []),
        ("10 [avril] au 19 mai 1922", ["19 mai 1922=1922-05-19"]),
        # What follows from a day in doubt is not known either.
        ("le [10 octobre]. Le 18, on vota.", []),
        ("le [10] octobre. Le 18, on vota.", ["18=1922-10-18"]),
        ("le 4 mars. Le [18], on vota.", ["4 mars=1922-03-04"]),
        ("en [1921], le 4 mars", []),
        ("en [1921], puis en 1920, le 4 mars", ["4 mars=1920-03-04"]),
        ("un [mot], le 4 mars", ["4 mars=1922-03-04"]),
    ],
)
def test_what_is_in_doubt_names_no_day(marked: str, days: list[str]) -> None:
    pieces = re.split(r"\[(.*?)\]", marked)
    content = tuple(
        Doubt((Text(piece),), "?") if n % 2 else Text(piece) for n, piece in enumerate(pieces)
    )
    text = reading_text(content)
    reader = Days(Meta("t", Claim("T", "stated"), "essay", year="1922"))
    mentions = mentions_in(content, "texte", FormMatcher([]), reader)
    assert [f"{text[m.start : m.end]}={m.key}" for m in mentions] == days


def test_a_month_in_doubt_is_not_that_of_the_paragraphs_after() -> None:
    days = Days(Meta("t", Claim("T", "stated"), "essay", year="1917"))
    assert [day.iso for day in days.find("le 4 mars, le 7 octobre", [(10, 23)])] == ["1917-03-04"]
    assert days.find("Le 18, on vota.") == []


def test_a_doubt_within_other_marks_is_one() -> None:
    doubt = Doubt((Text("10 mai 1917"),), "?")
    for content in (Emphasis((doubt,)), StageDirection((doubt,)), Link((doubt,), "#a")):
        assert mentions_in((content,), "texte", FormMatcher([]), Days(META)) == []


def test_a_day_that_the_edition_marks_in_a_doubt_is_probable() -> None:
    words: Inlines = (Text("7 octobre"),)
    day = (Name(words, "1917-11-20"),)
    for content in ((Doubt(day, "?"),), (Name((Doubt(words, "?"),), "1917-11-20"),)):
        (mention,) = mentions_in(content, "texte", FormMatcher([]), Days(META))
        assert (mention.key, mention.certainty) == ("1917-11-20", "probable")
    (sure,) = mentions_in(
        (*day, Doubt((Text(" ou non"),), "?")), "texte", FormMatcher([]), Days(META)
    )
    assert sure.certainty == "certain"
    # Who is named in doubted words is named.
    (name,) = mentions_in(
        (Doubt((Text("Lénine"),), "?"),), "texte", FormMatcher([LENINE]), Days(META)
    )
    assert (name.key, name.certainty) == ("lenine", "certain")


@given(st.text(alphabet="0123456789 mairs-–et()er.ulav/1917", max_size=60))
def test_days_never_break(text: str) -> None:
    for day in Days(META).find(text):
        assert is_day(day.iso) and text[day.start : day.end].strip()
    assert Days(META).find(text, [(0, len(text))]) == []


# ---------------------------------------------------------------- the real texts


def rows(name: str) -> list[dict[str, str]]:
    with (GOLD / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> Passages:
    return corpus.passages


def measured(name: str, right: Set[Any], seen: Set[Any]) -> tuple[float, float]:
    both = len(right & seen)
    precision, recall = both / len(seen), both / len(right)
    print(f"\n{name}: {len(right)} by hand, precision {precision:.3f}, recall {recall:.3f}")
    assert right - seen == set(), "missed"
    assert seen - right == set(), "not so"
    return precision, recall


def test_the_names_of_a_chapter_are_those_read_by_hand(corpus: Corpus, passages: Passages) -> None:
    """The third chapter of Trotsky's essay and the first blocks of the article in “Que faire ?”,
    without notions and days: read word by word, then decided case by case."""
    gold = rows("mentions.tsv")
    right = {(r["text"], r["block"], r["key"], r["words"], int(r["nth"])) for r in gold}
    read = {(r["text"], r["block"]) for r in gold}
    seen = set()
    for passage in (p for text in passages.values() for p in text if not p.place.note):
        place = passage.text_id, passage.place.block.id
        text = reading_text(passage.place.block.content)
        for m in passage.mentions if place in read else ():
            if not is_day(m.key) and corpus.entries[m.key].kind != "notion":
                words = text[m.start : m.end]
                nth = len(re.findall(re.escape(words), text[: m.end]))
                seen.add((*place, m.key, words, nth))
    assert measured("names", right, seen) == (1, 1)


def test_the_days_of_all_texts_are_those_read_by_hand(passages: Passages) -> None:
    """Every day that the five texts name, resolved by hand (year and calendar)."""
    right: Counter[object] = Counter()
    for row in rows("days.tsv"):
        sure = "certain" if row["certainty"] == "certain" else "probable"
        for day in dict.fromkeys(row["day"].split("/")):
            right[row["text"], row["place"], day, sure] += 1
    seen: Counter[object] = Counter()
    for passage in (p for text in passages.values() for p in text):
        place = passage.place
        where = f"note {place.note}" if place.note else place.block.id
        for m in passage.mentions:
            if is_day(m.key):
                seen[passage.text_id, where, m.key, m.certainty] += 1
    assert measured("days", set(right.items()), set(seen.items())) == (1, 1)


def test_sentences_hold_every_mention_once(passages: Passages) -> None:
    for passage in (p for text in passages.values() for p in text):
        counted = Counter(key for s in sentences(passage) for _, key in s.parts if key)
        assert counted == Counter(mention.key for mention in passage.mentions)


def test_a_sentence_is_whole_and_no_more() -> None:
    from archive_site.corpus.apparatus import Place
    from archive_site.names.mentions import Passage
    from archive_site.text.document import Block

    text = "Il vint. « V. Lénine dit : “Assez !” » Puis M. Dan parla, p. 3, etc. Fin."
    start = text.index("Lénine")
    block = Block("paragraph", (Text(text),), id="a")
    passage = Passage("t", Place(block), 1, 0, "", (Mention("lenine", start, start + 6),))
    (sentence,) = sentences(passage)
    said = str(sentence.marking("lenine"))
    assert said == "«\u202fV.\u00a0<mark>Lénine</mark> dit\u00a0: “Assez\u202f!”\u202f»"


def test_gold_is_of_these_texts() -> None:
    ids = {path.stem for path in ROOT.glob("corpus/editions/*.md")}
    assert {r["text"] for name in ("mentions.tsv", "days.tsv") for r in rows(name)} <= ids


HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "[Durand]{.smallcaps}",
        "[Durand]{lang=de}",
        "::: speech\n[Durand]{.speaker} Oui.\n:::",
        "| Ô Durand,\n| que dis-tu ?",
        "| a | b |\n|---|---|\n| Durand | c |",
        "[[X]{.name key=durand}]{.smallcaps}",
    ],
)
def test_names_are_found_in_every_kind_of_words(text: str) -> None:
    edition = Edition(loads(HEAD + text), "x.md", None, None)
    passages = passages_of(edition, FormMatcher([entry("durand", "Durand")]))
    assert [m.key for passage in passages for m in passage.mentions] == ["durand"]


def test_no_name_goes_over_the_end_of_a_cell() -> None:
    text = "| Jean | Durand |\n|---|---|\n| Anne | Jean |\n| Durand | x |"
    edition = Edition(loads(HEAD + text), "x.md", None, None)
    passages = passages_of(edition, FormMatcher([entry("durand", "Jean Durand")]))
    assert [m.key for passage in passages for m in passage.mentions] == []
