import msgspec

from nlp.advice import describe
from nlp.judgement import Crisis, Entity, Indicator, Judgement, judge

CALM = Crisis("none", (), 0.0)


def test_danger_says_what_to_do_and_quotes_the_words() -> None:
    said = describe(judge("รับแอดมินตอบแชท ทำงานที่ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร แอดไลน์ id: job8899"))
    assert said.startswith("⛔ อันตราย\nอย่าเพิ่งไป อย่าเพิ่งโอน")
    assert "“" in said
    assert "1694" in said


def test_money_asked_first_adds_the_number_that_freezes_accounts() -> None:
    assert "1441" in describe(judge("รับสมัครงานแพ็กของที่บ้าน มีค่ามัดจำ 300 บาท"))
    assert "1441" not in describe(judge("รับสมัครพนักงานขาย เงินเดือน 15,000 บาท"))


def test_three_reasons_are_told_at_most_and_what_a_model_found_after_what_a_rule_names() -> None:
    signs = [Indicator("wording", "", "", 9.0, 0, 3, "งาน"), *(sign(f"{n}", n + 1.0) for n in range(4))]
    judged = Judgement("danger", 0.9, tuple(signs), {}, CALM, "check_offer", "r", "m")
    said = describe(judged)
    assert said.count("“") == 3
    assert said.index("เหตุผล 3") < said.index("เหตุผล 2") < said.index("เหตุผล 1")
    assert "คำชวนแบบนี้พบบ่อย" not in said
    assert "คำชวนแบบนี้พบบ่อย" in describe(msgspec.structs.replace(judged, indicators=(signs[0],)))


def sign(name: str, weight: float) -> Indicator:
    return Indicator(name, name, f"เหตุผล {name}", weight, 0, 3, "งาน")


def test_work_abroad_adds_the_consular_number() -> None:
    place = {"place": (Entity("ดูไบ", 0, 4, {"country": "AE"}),)}
    judged = Judgement("caution", 0.5, (), place, CALM, "check_offer", "r", "m")
    assert "+66 2 572 8442" in describe(judged)
    assert "+66 2 572 8442" not in describe(msgspec.structs.replace(judged, entities={}))


def test_help_comes_before_any_band() -> None:
    said = describe(judge("ช่วยด้วย โดนขังอยู่"))
    assert "1300" in said.splitlines()[1]
    assert "ประกาศงาน" not in said


def test_thoughts_of_dying_get_the_number_for_them() -> None:
    assert "1323" in describe(judge("อยากตาย"))


def test_nothing_is_called_safe() -> None:
    for text in ("รับสมัครพนักงานขาย เงินเดือน 15,000 บาท", "สวัสดีค่ะ", "เตือนภัยงานปลอม"):
        assert "ปลอดภัย" not in describe(judge(text))
