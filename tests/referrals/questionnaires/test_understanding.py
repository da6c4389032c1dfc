import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.questionnaire import SKIPPED, UNSURE
from referrals.questionnaires.understanding import LONGEST_TEXT, understand
from tests.referrals.questionnaires.paths import REPORT

CHOSEN = [(one, choice) for one in REPORT.questions for choice in one.choices]
CLOSED = [one for one in REPORT.questions if one.kind != "text"]


def meant(id_: str, typed: str, language: str = "th") -> tuple[str, ...] | None:
    return understand(REPORT.by_id[id_], typed, language)


def test_every_label_and_what_the_chat_shows_for_it_is_understood_in_both_languages() -> None:
    for one, choice in CHOSEN:
        for language in ("th", "en"):
            for words in (choice.label[language], (choice.says or choice.label)[language]):
                assert understand(one, words, language) == (choice.code,), (one.id, words)
            assert understand(one, choice.label["th"] + "ค่ะ", language) == (choice.code,), (
                one.id,
                choice.code,
            )


def test_every_number_of_a_button_is_understood() -> None:
    for one in CLOSED:
        for at, choice in enumerate(one.choices, 1):
            for typed in (str(at), f"ข้อ {at}", f"ข้อ{at}ครับ", f"{at}.", f"({at})", "ข้อ " + "๐๑๒๓๔๕๖๗๘๙"[at]):
                assert understand(one, typed, "th") == (choice.code,), (one.id, typed)
        assert understand(one, "99", "th") in {None, ("no",)}, one.id


def test_every_listed_word_is_understood_as_its_choice() -> None:
    assert meant("G2", "น้องสาว") == ("other",)
    assert meant("P5q", "กลับไม่ได้ค่ะ") == ("cannot",)
    assert meant("M2", "โดนยึด") == ("they",)
    assert meant("C3", "ไม่ต้องทักมา") == ("wait",)
    assert meant("F1", "เมื่อวาน") == ("earlier",)
    assert meant("T", "โดนโกง") == ("money",)


@pytest.mark.parametrize(
    ("id_", "typed", "codes"),
    [
        ("G1", "ใช่", ("yes",)),
        ("G1", "ไม่ใช่ค่ะ", ("no",)),
        ("G1", "เปล่า", ("no",)),
        ("G1", "YES", ("yes",)),
        ("G1", "nope", ("no",)),
        ("G1", "👍", ("yes",)),
        ("G1", "❌", ("no",)),
        ("P5q", "ไม่ได้", ("cannot",)),
        ("P5q", "ได้ค่ะ", ("can",)),
        ("M3", "ไม่ได้", ("cannot",)),
        ("M7", "ไม่มีหนี้", ("no",)),
        ("G0", "ไม่มีใครดูค่ะ", ("free",)),
        ("G0", "มีคนดูอยู่", ("watched",)),
    ],
)
def test_plain_yes_and_no_mean_what_they_mean_for_the_question(
    id_: str, typed: str, codes: tuple[str, ...]
) -> None:
    assert meant(id_, typed) == codes


@pytest.mark.parametrize("typed", ["ข้าม", "ข้ามค่ะ", "ขอไม่ตอบ", "skip", "Skip", "ต่อไป"])
def test_any_question_can_be_skipped_by_a_word(typed: str) -> None:
    for one in REPORT.questions:
        assert understand(one, typed, "th") == (SKIPPED,), one.id


@pytest.mark.parametrize("typed", ["ไม่รู้", "ไม่แน่ใจค่ะ", "ไม่ทราบครับ", "not sure", "🤷"])
def test_not_knowing_is_an_answer(typed: str) -> None:
    for id_ in ("G0", "G1", "G4", "M2", "P5q", "K1", "P2q"):
        assert meant(id_, typed) == (UNSURE,), id_


@pytest.mark.parametrize(
    ("id_", "typed", "codes"),
    [
        ("M5", "1 3", ("hurt", "authorities")),
        ("M5", "ข้อ 1 และ 4", ("hurt", "shame")),
        ("M5", "ทำร้าย, ปล่อยคลิป", ("hurt", "shame")),
        ("M5", "ขู่ว่าจะแจ้งตำรวจแล้วส่งกลับ", ("authorities",)),
        ("M5", "ไม่มีใครขู่", ("none",)),
        ("M8", "ไม่มีเงิน ไม่รู้ภาษา", ("money", "language")),
        ("P3q", "14 ชั่วโมง ไม่มีวันหยุด", ("over_12", "no_day_off")),
        ("C2", "ตำรวจ กับ แรงงาน", ("police", "labour")),
        ("C2", "ngo and police", ("police", "ngo")),
    ],
)
def test_several_may_be_named_at_once(id_: str, typed: str, codes: tuple[str, ...]) -> None:
    assert meant(id_, typed) == codes


def test_what_excludes_each_other_is_not_understood() -> None:
    assert meant("M5", "5 1") is None
    assert meant("C2", "ตำรวจ กับ ไม่ส่งให้ใคร") is None
    assert meant("M8", "1, ข้าม") is None


def test_one_answer_is_wanted_where_one_is_asked() -> None:
    assert meant("A1", "นายหน้ากับแฟน") is None
    assert meant("A1", "นายหน้าค่ะ ชื่อเอ") == ("broker",)


def test_a_denied_word_is_not_taken_for_the_word() -> None:
    assert meant("G1", "ไม่ได้โดนทำร้าย") is None
    assert meant("M6", "ไม่โดนทำร้าย") is None


def test_an_age_and_hours_a_day_are_understood() -> None:
    assert meant("G3", "17") == ("yes",)
    assert meant("G3", "อายุ 15 ปี") == ("yes",)
    assert meant("G3", "35 ปีค่ะ") == ("no",)
    assert meant("P3q", "วันละ 14 ชม.") == ("over_12",)
    assert meant("P3q", "10 hours") == ("9_to_12",)


def test_a_place_is_understood_where_a_place_is_asked() -> None:
    assert meant("G4", "โคราช") == ("province:TH-30",)
    assert meant("G4", "อยู่ปอยเปตค่ะ") == ("country:KH",)
    assert meant("G4", "ประเทศไทย") == ("thailand",)
    assert meant("G4", "บนเรือประมง") == ("sea",)
    assert meant("G4", "25.2048, 55.2708") == ("geo:25.2048,55.2708", "abroad")
    assert meant("G4c", "ดูไบ") == ("country:AE",)
    assert meant("G4p", "ตาก") == ("province:TH-63",)


@pytest.mark.parametrize("typed", ["0812345678", "081-234-5678", "02 123 4567"])
def test_a_phone_number_where_a_place_was_asked_is_not_understood(typed: str) -> None:
    for id_ in ("G4", "G4p", "G4c"):
        assert meant(id_, typed) is None


def test_hours_are_understood_where_hours_are_asked() -> None:
    assert meant("C3h", "หลังสองทุ่ม") == ("time:20:00-22:00",)
    assert meant("C3h", "ตอนเย็น") == ("time:17:00-21:00",)
    assert meant("C3h", "3") == ("time:17:00-21:00",)
    assert meant("C3h", "เมื่อไรก็ได้") is None


def test_free_text_is_kept_up_to_its_limit_and_no_is_a_skip() -> None:
    assert meant("X1", " ตึกสีขาวใกล้ตลาด ") == ("text:ตึกสีขาวใกล้ตลาด",)
    assert meant("X1", "ก" * 5_000) == ("text:" + "ก" * LONGEST_TEXT,)
    assert meant("X1", "ไม่มีค่ะ") == (SKIPPED,)
    assert meant("X1", "  ") is None


def test_a_story_or_abuse_is_no_answer_to_a_closed_question() -> None:
    assert (
        meant("G1", "คือว่าเมื่อวานเราไปสมัครงานที่ปอยเปตมา แล้วเขาก็บอกว่าให้เรารอรถตู้มารับตอนเช้ามืด แล้วก็เงียบไปเลย")
        is None
    )
    assert meant("G1", "บอตโง่") is None
    assert meant("G2", "👻") is None
    assert meant("G2", "") is None


@given(st.sampled_from(REPORT.questions), st.text(max_size=120), st.sampled_from(["th", "en"]))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_gives_codes_that_the_question_knows(
    one: object, typed: str, language: str
) -> None:
    codes = understand(one, typed, language)  # type: ignore[arg-type]
    own = {choice.code for choice in one.choices} | {SKIPPED, UNSURE}  # type: ignore[attr-defined]
    prefixes = ("text:", "province:", "country:", "geo:", "time:", "abroad")
    assert codes is None or all(code in own or code.startswith(prefixes) for code in codes)
    assert codes != ()
