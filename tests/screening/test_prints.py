"""What two texts have in common by which they are one wave, and what not."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto.keyset import Keyset, new_keyset
from nlp.judgement import judge
from screening.prints import ALIKE, BANDS, bands, likeness, pack, print_of, sign, unpack
from tests.screening.conftest import OFFER, OTHER_OFFER

KEYS = new_keyset()
LURES = (
    OFFER,
    OTHER_OFFER,
    "งานแพ็กสบู่ที่บ้าน รายได้วันละ 500 ถึง 900 บาท รับส่งของถึงบ้านฟรี มัดจำค่าอุปกรณ์ 300 บาท ได้คืนเมื่อส่งงานชุดแรก",
    "ยินดีด้วยค่ะ บัญชีของคุณถูกเลือกให้ช่วยกดยืนยันออเดอร์ ใช้เวลาเพียง 5-10 นาที จ่ายสดทุกบิล เพิ่มเพื่อนในไลน์เพื่อรับภารกิจแรก",
    "เปิดรับคนเก็บองุ่นที่ออสเตรเลีย วีซ่า 3 ปี นายจ้างออกค่าตั๋วให้ก่อนแล้วค่อยหักจากเงินเดือน 90,000 บาท จำนวนจำกัด",
    "Hiring chat support staff in Sihanoukville, free flight and visa, salary 1,500 dollars, no experience needed, contact us",
)


def are_one_wave(one: str, other: str, keyset: Keyset = KEYS) -> bool:
    first, second = print_of(keyset, one), print_of(keyset, other)
    if first.exact == second.exact:
        return True
    if not (first.letters and second.letters):
        return False
    signatures = sign(keyset, first.letters), sign(keyset, second.letters)
    near = bool(set(bands(signatures[0])) & set(bands(signatures[1])))
    return near and float(likeness(signatures[0], signatures[1][None])[0]) >= ALIKE


@pytest.mark.parametrize(
    "edited",
    [
        OFFER.replace("@canaryboss", "@newboss77").replace("0891234567", "0612223334"),
        OFFER.replace("45,000", "38,000"),
        "".join(f"{letter}." if "ก" <= letter <= "ฮ" else letter for letter in OFFER),
        "\u200b".join(OFFER),
        " ".join(OFFER),
        OFFER.replace(" ", "\n🔥 "),
        OFFER.replace("่", "").replace("้", ""),
        OFFER.replace("เ", "เ\u200d").replace("แ", "เเ"),
        "ด่วนมากค่ะพี่ๆ " + OFFER,
        OFFER.replace("มีที่พักและอาหารให้", "มีที่พักกับข้าวให้ทุกวัน"),
        OFFER.replace("สนใจทักไลน์", "แอดไลน์มาคุยกันก่อนได้"),
        OFFER.replace("ประจำสาขา", "").replace("บาท", "บ."),
    ],
)
def test_an_edited_copy_is_of_the_same_wave(edited: str) -> None:
    assert edited != OFFER
    assert are_one_wave(OFFER, edited)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(LURES, 2)))
def test_different_offers_are_different_waves(one: str, other: str) -> None:
    assert not are_one_wave(one, other)


def test_a_text_without_thai_is_known_again_by_its_words_and_not_by_its_ids() -> None:
    english = LURES[-1]
    assert are_one_wave(english, english.replace("1,500", "2,100") + " @boss99")


@pytest.mark.parametrize("text", ["ทักไลน์นะ", "งานดี รายได้ดี", "ok", "5,000", "😀😀", ""])
def test_a_short_text_is_only_like_itself(text: str) -> None:
    assert print_of(KEYS, text).letters == ""
    assert are_one_wave(text, text)
    assert not are_one_wave(text, text + "ค่ะพี่")


def test_another_key_leaves_nothing_to_compare() -> None:
    other = new_keyset()
    mine, theirs = print_of(KEYS, OFFER), print_of(other, OFFER)
    assert mine.exact != theirs.exact
    signatures = sign(KEYS, mine.letters), sign(other, theirs.letters)
    assert float((signatures[0] == signatures[1]).mean()) < 0.1
    assert not set(bands(signatures[0])) & set(bands(signatures[1]))


def test_a_signature_comes_back_from_the_database_as_it_was() -> None:
    signature = sign(KEYS, print_of(KEYS, OFFER).letters)
    assert len(pack(signature)) == 128
    assert np.array_equal(unpack(pack(signature)), signature)
    assert len(set(bands(signature))) == BANDS
    assert all(-(2**63) <= band < 2**63 for band in bands(signature))


@given(st.text(max_size=300))
def test_any_text_has_a_print(text: str) -> None:
    found = print_of(KEYS, text)
    assert len(found.exact) == 16
    if found.letters:
        assert float(likeness(sign(KEYS, found.letters), sign(KEYS, found.letters)[None])[0]) == 1


@pytest.mark.parametrize("text", [*LURES, "", " ", "\u200b".join(OFFER), "081 234 5678"])
def test_the_form_a_judgement_made_gives_the_same_print(text: str) -> None:
    assert print_of(KEYS, text, judge(text).squeezed) == print_of(KEYS, text)
