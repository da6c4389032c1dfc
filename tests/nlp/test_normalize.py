import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.entities.everything import find_entities
from nlp.normalize import LIMIT, fold, normal_word, squeeze
from nlp.prepared import prepare
from tests.nlp.attacks import Disguise, paired_disguises

HARD = [
    "😀" * 20_000,
    "\u0301" * 20_000,
    "\u0e48" * 20_000,
    "\u202e" * 20_000,
    "\ud800" * 20_000,
    "ก " * 10_000,
    "a." * 10_000,
    "\x00",
    "",
    "\u200f\u200b\ufeff",
    "ส้มั๊ค" * 4_000,
    "ก\n" * 10_000,
    "เเ" * 10_000,
    "กก" * 10_000,
    "ab " * 8_000,
    "lo.0 " * 5_000,
    "ກก" * 10_000,
    "🇹 🇭 " * 5_000,
    "น้ำ/ใจ-" * 3_000,
    "สu" * 10_000,
    "1 " * 10_000,
]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ป อ ย เ ป ต", "ปอยเปต"),
        ("ป.อ.ย.เ.ป.ต", "ปอยเปต"),
        ("โ-อ-น-ก่-อ-น", "โอนก่อน"),
        ("L I N E", "line"),
        ("เเอดมิน", "แอดมิน"),
        ("นํ้า", "น้ำ"),
        ("ทํางาน", "ทำงาน"),
        ("ที่่่", "ที่"),
        ("มากกกกก", "มาก"),
        ("๓๕,๐๐๐", "35,000"),
        ("ＬＩＮＥ", "line"),
        ("𝐋𝐈𝐍𝐄", "line"),
        ("🅻🅸🅽🅴", "line"),
        ("сasіnо", "casino"),
        ("a\u200bd\u200bd", "add"),
        ("hélp", "help"),
        ("ป อ\u200b ย 🔥 เ ป ต", "ปอยเปต"),
        ("ปอ/ยเ/ปต", "ปอยเปต"),
        ("ป๋อยเป้ต", "ปอยเปต"),
        ("ຮັบสມัຄร", "รับสมัคร"),
        ("สๅฃๅ", "สาขา"),
        ("c4s1n0", "casino"),
        ("lo.0", "สนใจ"),
        ("3O,OOO", "30,000"),
        ("🆔 L!NE", "id line"),
        ("แอด\nมินตอบ", "แอดมินตอบ"),
    ],
)
def test_it_makes_one_form_of_many_spellings(written: str, normal: str) -> None:
    assert fold(written).text == normal


@pytest.mark.parametrize("word", ["www.line.me", "เสนอออกค่าตั๋ว", "привет", "αγάπη", "พ.ศ. 2568"])
def test_it_leaves_what_is_no_disguise(word: str) -> None:
    plain = "".join(
        c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c) or "ก" <= c <= "๛"
    )
    assert fold(word).text == plain


def test_squeezing_drops_blanks_and_marks_between_thai_letters_only() -> None:
    assert squeeze(fold("รับ สมัคร 🔥 แอด มิน line id 55")).text == "รับสมัครแอดมินline id 55"


def test_squeezing_makes_one_spelling_of_known_misspellings() -> None:
    assert normal_word("พาสปอท") == normal_word("พาสปอร์ต")
    assert normal_word("ไม่ไห้กลับ") == normal_word("ไม่ให้กลับ")


def test_a_span_of_the_normal_form_points_into_the_text_as_given() -> None:
    text = "🔥งาน ป\u200b อ ย เ ป ต ๓๕,๐๐๐"
    squeezed = squeeze(fold(text))
    at = squeezed.text.index("ปอยเปต")
    start, end = squeezed.given(at, at + len("ปอยเปต"))
    assert text[start:end] == "ป\u200b อ ย เ ป ต"


def test_a_misspelt_word_is_quoted_whole() -> None:
    text = "ยึดพาสปอทไว้"
    squeezed = squeeze(fold(text))
    at = squeezed.text.index("พาสปอร์ต")
    start, end = squeezed.given(at, at + len("พาสปอร์ต"))
    assert text[start:end] == "พาสปอท"


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_it_takes_hard_texts_and_looks_at_a_bounded_part(text: str) -> None:
    squeezed = squeeze(fold(text))
    assert len(squeezed.text) == len(squeezed.starts) == len(squeezed.ends) <= LIMIT


@given(st.text(alphabet=st.characters(), max_size=80))
def test_every_character_knows_where_it_came_from(text: str) -> None:
    for form in (fold(text), squeeze(fold(text))):
        assert len(form.text) == len(form.starts) == len(form.ends)
        assert form.starts == sorted(form.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(form.starts, form.ends, strict=True))


@given(st.text(alphabet="กขงนปอยรสมคพเแไใโัิีู่้๊๋็์ํๅาำะฃณธ ກມ໋.-/*\n๑12oOlLiсu\u200b🔥🇹[;,", max_size=70))
def test_any_mixture_of_tricks_keeps_its_spans(text: str) -> None:
    for form in (fold(text), squeeze(fold(text))):
        assert len(form.text) == len(form.starts) == len(form.ends)
        assert form.starts == sorted(form.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(form.starts, form.ends, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(paired_disguises()), st.integers(0, 99))
def test_a_disguised_text_quotes_itself(disguise: Disguise, seed: int) -> None:
    text = disguise.apply("รับแอดมินตอบแชท ทำงานที่ปอยเปต เดือนละ 35,000 สนใจ add Line id: job8899", seed)
    prepared = prepare(text)
    for entities in find_entities(prepared).values():
        assert all(0 <= entity.start < entity.end <= len(text) for entity in entities)
    for spans in prepared.events.values():
        assert all(
            0 <= prepared.squeezed.given(*span)[0] < prepared.squeezed.given(*span)[1] <= len(text)
            for span in spans
        )


@given(st.text(alphabet="กขงนปอยเแไัิี่้๊ำา .-*๑๒lLіс\u200b", max_size=60))
def test_folding_twice_changes_nothing_more_than_length_of_runs(text: str) -> None:
    once = squeeze(fold(text)).text
    assert all("\u200b" not in part and not part.isupper() for part in once)
