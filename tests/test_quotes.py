"""Quotation marks pair, and are set as French sets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from archive_site.text.document import Block, Container, Text
from archive_site.text.quotes import MARKS, opened, pair, settings, unpaired
from archive_site.text.reading import reading_text
from sites import Corpus

CASES = read_fixture_file(Path(__file__).parent / "cases" / "quotes.txt")


def french(text: str, already: int = 0) -> str:
    """`text` with its marks set, without the thin spaces."""
    parts, last = [], 0
    for setting in settings(text, already):
        parts += [text[last : setting.start], setting.sign]
        last = setting.end
    return "".join([*parts, text[last:]]).replace("\u202f", "")


@pytest.mark.parametrize(("line", "title", "given_text", "expected"), CASES)
def test_marks_are_set_as_french_sets_them(
    line: int, title: str, given_text: str, expected: str
) -> None:
    assert french(given_text.strip()) == expected.strip(), f"case of line {line}: {title}"


def blocks(*texts: str, continues: bool = True) -> list[Block]:
    return [
        Block(
            "paragraph",
            (Text(text),),
            within=(Container("quotation"),),
            shared=int(continues and n > 0),
        )
        for n, text in enumerate(texts)
    ]


def test_a_long_quotation_is_closed_in_a_later_paragraph() -> None:
    long = blocks('"Un début', "au milieu", "une fin.” (Lui.)")
    assert opened(long) == [0, 1, 1]
    assert list(unpaired(long)) == []
    assert french("une fin.” (Lui.)", 1) == "une fin.» (Lui.)"


def test_a_long_quotation_may_be_opened_again_at_each_paragraph() -> None:
    long = blocks("« Un début", "« la suite, « dite », toujours", "« la fin. »", continues=False)
    assert opened(long) == [0, 1, 1]
    assert list(unpaired(long)) == []
    assert french("« la suite, « dite », toujours", 1) == "«la suite, “dite”, toujours"


def test_what_opens_within_a_long_quotation_is_told_apart_from_what_opens_it_again() -> None:
    assert french("« Non », dit-il. »", 1) == "“Non”, dit-il.»"


def test_a_paragraph_may_begin_with_the_mark_that_closes() -> None:
    assert list(unpaired(blocks("« Un début", "», dit-il."))) == []
    assert french("», dit-il.", 1) == "», dit-il."


@pytest.mark.parametrize("text", ["un « début", "une fin »", '"un "début', "« un » et »"])
def test_a_mark_alone_is_found(text: str) -> None:
    found = list(unpaired(blocks(text)))
    assert found
    assert any(mark in found[0][1] for mark in MARKS)


def test_in_every_block_of_the_five_marks_pair(corpus: Corpus) -> None:
    count = 0
    for edition in corpus.editions:
        document = edition.document
        for sequence in (document.blocks, *(note.blocks for note in document.notes)):
            assert list(unpaired(sequence)) == []
            for block, already in zip(sequence, opened(sequence), strict=True):
                paired = pair(reading_text(block.content), already)
                assert paired.sound
                assert '"' not in french(reading_text(block.content), already)
                count += len(paired.marks)
                if not already and not paired.open:
                    opens = sum(mark.opens for mark in paired.marks)
                    assert opens * 2 == len(paired.marks)
    assert count > 500


@given(st.text(alphabet='a «»"“” .,(', max_size=40), st.integers(0, 2))
def test_no_text_breaks_the_pairing(text: str, already: int) -> None:
    paired = pair(text, already)
    assert [mark.at for mark in paired.marks] == [i for i, c in enumerate(text) if c in MARKS]
    opens = sum(m.opens for m in paired.marks)
    assert paired.open <= already + opens
    ends = [0, *(setting.end for setting in settings(text, already))]
    starts = [setting.start for setting in settings(text, already)]
    assert all(end <= start for end, start in zip(ends, starts, strict=False))
