"""French typography, a table of cases; and HTML that no text can break."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file
from markupsafe import Markup

from archive_site.text.document import (
    Doubt,
    Emendation,
    Emphasis,
    Gap,
    Inlines,
    LineBreak,
    Link,
    NoteCall,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.html import HtmlRenderer, as_html
from archive_site.text.quotes import pair
from archive_site.text.typography import JOINER, NBSP, THIN, typeset
from examples import examples

CASES = read_fixture_file(Path(__file__).parent / "cases" / "typography.txt")


def html(*content: object) -> str:
    inlines: Inlines = content  # type: ignore[assignment]  # each is an inline
    return str(HtmlRenderer(lambda target: target).html(inlines))


@pytest.mark.parametrize(("line", "title", "given_text", "expected"), CASES)
def test_typography(line: int, title: str, given_text: str, expected: str) -> None:
    shown = (
        typeset(given_text.strip())
        .replace(JOINER + NBSP, "‿")
        .replace(NBSP, "␣")
        .replace(THIN, "⍽")
    )
    assert shown == expected.strip(), f"case of line {line}: {title}"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
@examples(500)
def test_typesetting_changes_spaces_and_signs_only(text: str) -> None:
    # A third quotation within a second is closed by the sign of the apostrophe.
    deep = any(mark.depth > 2 for mark in pair(text).marks)

    def bare(words: str) -> str:
        same = words.replace("’", "'").replace("…", "...").replace("–", "-").replace("—", "-")
        same = re.sub("[«»“”„‘]", '"', same)
        same = same.replace("'", '"') if deep else same
        return "".join(same.replace(JOINER, "").split())

    assert bare(typeset(text)) == bare(text)


@pytest.mark.parametrize("year", ["II", "XIV", "2", "79"])
def test_a_republican_year_holds_to_its_number(year: str) -> None:
    assert typeset(f"9 thermidor an {year}, dit-il") == f"9{NBSP}thermidor an{NBSP}{year}, dit-il"
    assert typeset(f"Un plan {year}, un an 1794") == f"Un plan {year}, un an 1794"


@given(st.text("n°p.tcf aé,", max_size=12))
@example("n° é, p. é, pp. a, cf. é")
def test_an_abbreviation_holds_to_what_follows(text: str) -> None:
    text = " ".join(text.replace("..", "").split())
    plain = re.sub(r"(\b(?:n°|(?:p|pp|t|cf)\.)) (?=\w)", rf"\1{NBSP}", text)
    assert typeset(text) == plain


def test_tags_are_seen_through() -> None:
    assert html(Text("l'"), Emendation("eau", "ean"), Text(" : ")) == (
        'l’<a class="emendation" id="correction-1" href="#correction-1" '
        f'data-other="la source porte{NBSP}: «{THIN}ean{THIN}»" '
        f'aria-label="eau (la source porte{NBSP}: «{THIN}ean{THIN}»)">eau</a>{NBSP}: '
    )
    assert html(Text("fin !"), NoteCall("3")).startswith(f"fin{THIN}!<sup")


def test_a_note_call_hangs_on_its_word() -> None:
    assert html(Text("mot "), NoteCall("1"), Text(".")).startswith("mot<sup")


def test_ordinals_are_raised() -> None:
    fourteenth = '<span class="ordinal">XIV</span><sup>e</sup>'
    assert html(Text("XIVe, 1er, Le, Ce")) == f"{fourteenth}, 1<sup>er</sup>, Le, Ce"
    assert html(Text("XIV"), Superscript("e")) == fourteenth


def test_words_are_escaped_and_html_is_not() -> None:
    assert as_html("a &amp; 1er") == "a &amp;amp; 1<sup>er</sup>"
    assert as_html(Markup("a &amp; 1er")) == "a &amp; 1<sup>er</sup>"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
@examples(300)
@example("V° et XIVe")  # ordinals, in attributes, too
def test_no_text_makes_markup(text: str) -> None:
    made = html(
        Text(text),
        Emendation(text, text),
        Doubt((Text(text),), text),
        Gap(text),
        PageBreak(text),
        NoteCall(text),
        Link((Text("mot"),), "https://exemple.fr/"),
    )
    soup = BeautifulSoup(made, "html.parser")
    assert {tag.name for tag in soup.find_all()} <= {"span", "sup", "a"}
    for tag in soup.find_all():
        assert set(tag.attrs) <= {
            "class", "title", "id", "href", "role", "aria-label", "data-page", "data-other"
        }  # fmt: skip


def test_quotation_marks_see_through_tags() -> None:
    content = (Text('dit "'), Emphasis((Text("non"),)), Text(' "'), NoteCall("1"), Text("."))
    assert html(*content).startswith(f"dit «{THIN}<em>non</em>{THIN}»<sup")
    supplied = (Text("« a “ b ” c"), Emendation("»", ""), Text("."))
    assert html(*supplied).startswith(f"«{THIN}a “b” c<a ")


def test_the_source_s_spelling_is_not_typeset() -> None:
    renderer = HtmlRenderer(lambda target: target, witness_spelling=True)
    made = str(renderer.html((Text('l\' "eau" XIVe: '), Emendation("eau", "ean"))))
    assert made.startswith("l&#39; &#34;eau&#34; XIVe: <a ")
    assert 'data-other="lu' in made
    assert made.endswith(">ean</a>")


def test_a_contents_list_has_words_only() -> None:
    content = (Text("Un "), Emphasis((Emendation("mot", "mut"), NoteCall("1"))), PageBreak("3"))
    assert str(HtmlRenderer(lambda target: target).plain(content)) == "Un <em>mot</em>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ((Text("Le XIVe siècle"),), 'Le <span class="ordinal">XIV</span><sup>e</sup>␣siècle'),
        (
            (Text("au XI"), Superscript("e"), Text(" Congrès")),
            'au <span class="ordinal">XI</span><sup>e</sup>␣Congrès',
        ),
        ((Text("la II° Internationale"),), 'la <span class="ordinal">II</span>°␣Internationale'),
        ((Text("le 2e, Nicolas II"),), "le 2<sup>e</sup>, Nicolas II"),
        ((Text("du P.C.(b)R. et"),), 'du <span class="unbroken">P.C.(b)R.</span> et'),
        ((Text("au PC(b)US"),), 'au <span class="unbroken">PC(b)US</span>'),
        ((Text("point a) ou P.C. (russe)"),), "point a) ou P.C. (russe)"),
    ],
)
def test_ordinals_and_abbreviations(content: Inlines, expected: str) -> None:
    assert html(*content).replace(NBSP, "␣").replace(THIN, "⍽") == expected


def test_marks_never_reach_into_an_attribute() -> None:
    written = html(Emendation("P.C.(b)R. au XIe", "PC"))
    link = BeautifulSoup(written, "html.parser").a
    assert (
        link is not None
        and link["aria-label"] == f"P.C.(b)R. au XIe (la source porte{NBSP}: «{THIN}PC{THIN}»)"
    )


def test_a_tag_does_not_part_a_number_from_its_month() -> None:
    assert f"4</a>{NBSP}mars" in html(Text("le "), Emendation("4", "h"), Text(" mars 1917"))
    assert f"4{NBSP}<a " in html(Text("le 4 "), Emendation("mars", "mats"), Text(" 1917"))
    assert f"20{NBSP}<a " in html(Text("les 20 "), Emendation("pages", "pase"))


def test_a_contents_list_keeps_every_word_of_a_heading() -> None:
    content = (
        Text("Du"),
        LineBreak(),
        Link((Text("parti"),), "https://a.fr"),
        Text(" et "),
        Doubt((Text("des"),), "?"),
        Text(" "),
        StageDirection((Text("(Rires.)"),)),
        NoteCall("1"),
    )
    assert HtmlRenderer(str).plain(content) == "Du parti et des (Rires.)"
