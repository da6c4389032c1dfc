from pathlib import Path

import pytest

from nlp.crisis import SIGNS, CrisisSign, detect_crisis
from nlp.findings import Crisis

URGENT = [
    "ช่วยด้วย โดนขังอยู่",
    "เขายึดพาสปอร์ตหนู ออกไปไหนไม่ได้",
    "หนูอยู่ปอยเปต เขาไม่ให้กลับบ้าน ช่วยหนูด้วยค่ะ",
    "โดนหลอกมาทำงานที่เมียวดี ออกไม่ได้ ต้องหลอกคนทุกวัน ไม่ทำก็โดนช็อตไฟฟ้า",
    "พี่ช่วยผมที ผมถูกขายต่อมาสองที่แล้ว",
    "เขาล็อกประตูไม่ให้ออก มีการ์ดเฝ้า",
    "ขอความช่วยเหลือค่ะ น้องสาวโดนกักตัวที่สีหนุวิลล์ เรียกค่าไถ่สองแสน",
    "ช่วยลูกสาวด้วย โดนหลอกไปขายตัวที่ดูไบ",
    "แฟนบีบคอหนูเมื่อกี้ กลัวมาก ไม่กล้าออกจากห้อง",
    "สามีเมาแล้วเอามีดไล่ฟัน อยู่กับลูกสองคน",
    "พ่อเลี้ยงชอบเข้ามาจับตัวหนูตอนกลางคืน",
    "ลุงลวนลามหนู หนูอายุ 13",
    "หนูถูกข่มขืน ไม่กล้าบอกใคร",
    "คืนนี้จะผูกคอตายแล้ว ลาก่อน",
    "กินยาไปทั้งแผงแล้ว",
    "คิดจะฆ่าตัวตาย",
    "ยืนอยู่บนดาดฟ้า จะกระโดดแล้ว",
    "ยายข้างบ้านโดนลูกชายตีทุกวัน ช่วยไปดูหน่อย",
    "แม่แก่ๆ ถูกขังไว้ในบ้าน ไม่ให้กินข้าว",
    "เด็กข้างห้องโดนแม่ตีร้องไห้ทุกคืน",
    "มีคนตามมา ตอนนี้ซ่อนอยู่ในห้องน้ำ ช่วยด้วย",
    "มันขู่ว่าจะฆ่าหนูถ้าหนี",
    "i am trapped in cambodia they took my passport please help",
    "help me they beat me and wont let me leave",
    "my husband beats me every night i am scared",
    "i will kill myself tonight",
    "chuay duay don kang yu poipet",
    "ช่วน้วย โดนขังงยุ่",
    "ชวยด้วย เค้าไม่ไห้กลับบ้าน",
    "ผมอยู่บนเรือ ไต๋ไม่ให้ขึ้นฝั่งมา 8 เดือนแล้ว ไม่ได้ค่าแรง",
    "บัตรเขาเอาไปหมด โทรศัพท์ก็ยึด แอบพิมพ์อยู่",
    "ออกไปจากที่นี่ไม่ได้ มีคนเฝ้าตลอด",
    "หนีไม่ได้ มียามถือปืนหน้าตึก",
    "พวกหนู 5 คนโดนหลอกมา ตอนนี้อยู่ในตึกที่ชเวโก๊กโก่ พากลับบ้านที",
    "เขาบังคับให้รับแขก ถ้าไม่ทำโดนตี",
    "ทำงานฟรีมาสามเดือน เขาบอกติดหนี้ ไม่ให้ออกจากร้าน",
    "ถูกกักขังอยู่ค่ะ พิกัดไม่รู้ ช่วยโทรแจ้งตำรวจให้หน่อย",
    "โดนล่ามโซ่อยู่",
    "เพื่อนส่งข้อความมาว่าโดนขัง อยู่เล้าก์ก่าย",
    "ลูกชายไปทำงานแอดมินที่พม่า ติดต่อไม่ได้ บอกว่าโดนซ้อม",
    "แฟนขู่จะปล่อยคลิปหนู ถ้าหนูเลิก",
    "หัวหน้าคนจีนตีหนู ทำยอดไม่ได้",
    "ช่วยด้วยค่ะ สามีขังหนูไว้ในห้อง",
    "อยากฆ่าตัวตาย",
    "he has a gun and he will kill me",
    "my boss keeps my passport and i cannot leave",
    "ตอนนี้อยู่ชายแดน เขากำลังจะพาข้าม หนูไม่อยากไปแล้ว ช่วยด้วย",
    "เขาจะเอาหนูไปขาย",
    "ยึดมือถือกับพาส ห้ามออกจากตึก",
]
HEARD = [
    "ผัวตี",
    "อยากตาย",
    "สามีทำร้ายร่างกายบ่อยมาก ไม่รู้จะไปไหน",
    "โดนสามีตบตีมาหลายปีแล้ว อยากเลิก",
    "ครูจับนมหนู",
    "ไม่อยากมีชีวิตอยู่แล้วค่ะ เหนื่อย",
    "เหนื่อยมาก อยากหายไปจากโลกนี้",
    "ไม่รู้จะอยู่ไปทำไม",
    "i want to die",
    "นายจ้างไม่จ่ายเงินเดือน ยึดบัตรไว้ด้วย",
    "โดนซ้อม",
    "โดนแฟนทำร้าย",
    "ถูกทำร้ายร่างกายค่ะ",
    "แม่ไม่ให้กินข้าว ตีทุกวัน หนู 11 ขวบ",
    "ทนไม่ไหวแล้ว อยากตายจริงๆ",
    "อยู่ไปก็ไม่มีความหมาย",
    "กรีดแขนตัวเองอีกแล้ว",
    "ช่วยด้วย",
    "ช่วยหนูที",
    "sos",
    "help",
    "ใครก็ได้ช่วยที กลัว",
    "หนูโดนพ่อตี",
    "พี่คะ หนูอยากกลับบ้าน เขาไม่ยอมให้กลับ",
    "ป๊าทุบหนู หัวแตก",
    "ผัวซ้อมอีกแล้ว",
    "โดนผัวกระทืบ เลือดออก",
    "แฟนทุบตีฉัน",
    "ไม่ไหวแล้วชีวิต อยากจบทุกอย่าง",
    "นายจ้างเก็บพาสปอร์ตไว้ บอกต้องจ่ายแสนนึงถึงจะกลับได้",
    "พรุ่งนี้คงไม่อยู่แล้ว ฝากดูแลแม่ด้วย",
]
CALM = [
    "วินโดวส์เข้าไม่ได้ ช่วยด้วย",
    "ช่วยด้วยค่ะ ไวไฟหลุดตลอด",
    "ร้อนอยากตาย",
    "ขำจะตายอยู่แล้ว",
    "หิวจะตายแล้ว",
    "แฟนตีแบดเก่งมาก",
    "เมื่อคืนดูละคร ผัวตีเมียอีกแล้ว",
    "ตี 3 แล้วยังไม่นอน",
    "น้ำขังหน้าบ้านรถผ่านไม่ได้",
    "ตำรวจช่วยหญิงไทยถูกกักขังในเมียวดี 12 ราย",
    "เปิดเผยว่าเหยื่อถูกยึดพาสปอร์ตและบังคับทำงาน",
    "เตือนภัย ระวังโดนหลอกไปทำงานปอยเปต ยึดพาสปอร์ต",
    "ไม่ได้โดนขังนะ แค่ล้อเล่น 555",
    "ออกจากระบบไม่ได้ค่ะ",
    "ลืมรหัสผ่าน เข้าไม่ได้",
    "สอบตกแน่ ตายแน่ๆ",
    "เพลงนี้เพราะจนอยากร้องไห้",
    "หมาโดนขังในกรง น่าสงสาร",
    "ทีมเราโดนถล่ม 5-0",
    "เจ็บใจโดนแฟนทิ้ง",
    "ฆ่าเวลาด้วยการเล่นเกม",
    "รักลูกจะตายอยู่แล้ว",
    "อยากได้กระเป๋าใบนี้มาก",
    "รับสมัครแอดมิน ห้ามออกนอกตึก มีที่พัก ทักไลน์",
    "พาสปอร์ตหมดอายุทำใหม่ที่ไหน",
    "กักตัวโควิดวันที่ 5",
    "เด็กๆ ตีกลองสนุกมาก",
    "แม่ตีกอล์ฟทุกวัน",
    "ข่าวเช้านี้ พ่อเลี้ยงข่มขืนลูกเลี้ยง ตำรวจจับแล้ว",
    "พระเอกโดนขังในคุกใต้ดิน ตอนต่อไปมาเมื่อไหร่",
    "โดนหลอกขายครีมปลอม แย่มาก",
    "โดนแมวข่วน เลือดออก",
    "ปวดท้องมาก ช่วยแนะนำยาหน่อย",
    "หนีเที่ยวไม่ได้ แม่จับได้ 555",
    "ถูกหวยอยากกลับบ้าน",
    "อยากกลับบ้านไปนอนแล้ว",
    "เงินเดือนยังไม่ออกเลย",
    "โดนใบสั่งอีกแล้ว",
]
KINDS = {
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse", "elder_abuse", "suicide",
    "danger",
}  # fmt: skip


@pytest.mark.parametrize("text", URGENT)
def test_a_person_in_danger_now_is_urgent(text: str) -> None:
    crisis = detect_crisis(text)
    assert crisis.level == "urgent"
    assert crisis.kinds
    assert 0.5 <= crisis.score <= 1


@pytest.mark.parametrize("text", HEARD)
def test_a_plea_is_never_missed(text: str) -> None:
    assert detect_crisis(text).level in {"concern", "urgent"}


@pytest.mark.parametrize("text", CALM)
def test_talk_idioms_news_and_computers_are_no_crisis(text: str) -> None:
    assert detect_crisis(text) == Crisis("none", (), 0.0)


@pytest.mark.parametrize(("sign", "text"), [(sign, text) for sign in SIGNS for text in sign.must_fire])
def test_a_sign_is_found_in_its_examples(sign: CrisisSign, text: str) -> None:
    crisis = detect_crisis(text)
    assert sign.kind in crisis.kinds
    assert crisis.level == "urgent" or sign.level == "concern"


@pytest.mark.parametrize("text", [text for sign in SIGNS for text in sign.must_not_fire])
def test_counterexamples_are_no_crisis(text: str) -> None:
    assert detect_crisis(text).level == "none"


def test_every_kind_is_in_the_vocabulary_and_has_examples() -> None:
    assert {sign.kind for sign in SIGNS} == KINDS
    assert all(len(sign.must_fire) >= 2 and len(sign.must_not_fire) >= 2 for sign in SIGNS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("โดนหลอกมาทำงานที่เมียวดี ออกไม่ได้ ต้องหลอกคนทุกวัน", "trafficking"),
        ("เขายึดพาสปอร์ตหนู ออกไปไหนไม่ได้", "forced_labour"),
        ("ช่วยด้วย โดนขังอยู่", "detention"),
        ("ผัวตี", "domestic_violence"),
        ("หนูถูกข่มขืน", "sexual_violence"),
        ("พ่อเลี้ยงลวนลามหนู", "child_abuse"),
        ("ยายข้างบ้านโดนลูกทำร้ายทุกวัน", "elder_abuse"),
        ("คืนนี้จะผูกคอตาย", "suicide"),
        ("มีคนตามมา ช่วยด้วย", "danger"),
    ],
)
def test_it_names_the_kind(text: str, kind: str) -> None:
    assert kind in detect_crisis(text).kinds


UNDER_18 = [
    "หนูอายุ 15 โดนขังอยู่ในตึก",
    "หนูอยู่ ป.5 โดนครูตี",
    "หนูอยู่ ม.ต้น โดนแฟนซ้อม",
    "ครูจับนมหนู",
    "พ่อเลี้ยงชอบเข้ามาจับตัวหนูตอนกลางคืน",
    "หนูโดนแม่ตีทุกวันจนเลือดออก",
    "เด็กข้างห้องโดนแม่ตีร้องไห้ทุกคืน",
    "ผัวตีลูกทุกวัน",
    "i am 14 and my uncle touched me",
]
ANY_AGE = [
    "หนูโดนขังอยู่ในตึก เขายึดพาสปอร์ตไป ออกไปไหนไม่ได้",
    "หนูโดนแฟนซ้อม ช่วยด้วย",
    "หนูถูกข่มขืน ไม่กล้าบอกใคร",
    "หนูอายุ 25 โดนขังอยู่ในห้อง ช่วยด้วย",
    "หัวหน้าลวนลามหนู",
    "เขาจะเอาหนูไปขาย",
    "ลูกสาวโดนกักขังที่เมียวดี",
    "ลูกชายไปทำงานแอดมินที่พม่า ติดต่อไม่ได้ บอกว่าโดนซ้อม",
    "หนูโดนแฟนซ้อม ไม่กล้าบอกแม่",
    "หนูเป็นเด็กเสิร์ฟ โดนนายจ้างซ้อม",
]


@pytest.mark.parametrize("text", UNDER_18)
def test_age_school_or_who_did_it_make_it_child_abuse(text: str) -> None:
    assert "child_abuse" in detect_crisis(text).kinds


@pytest.mark.parametrize("text", ANY_AGE)
def test_how_a_woman_calls_herself_is_no_age(text: str) -> None:
    crisis = detect_crisis(text)
    assert crisis.level == "urgent"
    assert "child_abuse" not in crisis.kinds


@pytest.mark.parametrize(
    "text",
    [
        "นายจ้างยึดพาสปอร์ต ไม่ให้กลับบ้าน",
        "my boss keeps my passport and i cannot leave",
        "หนูโดนขังอยู่ในตึก เขายึดพาสปอร์ตไป",
    ],
)
def test_papers_kept_and_no_way_out_are_forced_labour_and_detention(text: str) -> None:
    assert set(detect_crisis(text).kinds) == {"forced_labour", "detention"}


@pytest.mark.parametrize(
    "text",
    [
        "พี่ช่วยผมที ผมถูกขายต่อมาสองที่แล้ว",
        "เขาจะเอาหนูไปขาย",
        "โดนหลอกมาทำงาน ยึดพาสปอร์ต กลับบ้านไม่ได้",
        "โดนบังคับให้ขายตัว",
        "he forced me to sleep with customers",
        "ช่วยด้วย โดนขังอยู่ที่ปอยเปต",
    ],
)
def test_sold_on_or_lured_and_held_is_trafficking(text: str) -> None:
    assert "trafficking" in detect_crisis(text).kinds


@pytest.mark.parametrize("text", ["แฟนบังคับให้มีเพศสัมพันธ์", "โดนบังคับทำงาน โดนตีทุกวัน", "ช่วยด้วยค่ะ หนูอยู่ญี่ปุ่นคนเดียว"])
def test_force_or_a_plea_from_abroad_alone_is_not_called_trafficking(text: str) -> None:
    crisis = detect_crisis(text)
    assert crisis.level != "none"
    assert "trafficking" not in crisis.kinds


def test_a_command_of_the_messenger_is_no_plea() -> None:
    assert detect_crisis("/help") == Crisis("none", (), 0.0)
    assert detect_crisis("/help@rootan_bot") == Crisis("none", (), 0.0)
    assert detect_crisis("/help me they locked me in").level == "urgent"
    assert detect_crisis("help").level == "concern"


def test_a_plan_to_die_is_urgent_and_a_thought_of_it_a_concern() -> None:
    assert detect_crisis("คืนนี้จะฆ่าตัวตาย").level == "urgent"
    assert detect_crisis("อยากตาย").level == "concern"


def test_the_past_is_a_concern() -> None:
    assert detect_crisis("เมื่อก่อนเคยโดนสามีซ้อมบ่อย ๆ ตอนนี้เลิกกันแล้ว หนูออกมาอยู่เอง").level == "concern"


def test_denial_takes_it_back() -> None:
    assert detect_crisis("ไม่ได้โดนขังนะ หนูสบายดี").level == "none"


def test_an_offer_that_names_locked_doors_is_judged_as_offer_not_as_plea() -> None:
    assert detect_crisis("รับสมัครแอดมิน ห้ามออกจากตึก มีที่พัก แอดไลน์ job77").level == "none"


def test_a_plea_inside_news_words_is_still_heard() -> None:
    assert detect_crisis("ช่วยหนูด้วย หนูโดนขังอยู่ เหมือนในข่าววันนี้เลย").level != "none"


def test_disguised_letters_do_not_hide_a_plea() -> None:
    assert detect_crisis("ช่ ว ย ด้ ว ย  โ ด น ขั ง อ ยู่").level == "urgent"


@pytest.mark.parametrize("text", (Path(__file__).parent / "pleas.txt").read_text("utf-8").splitlines())
def test_pleas_put_together_from_parts_are_heard(text: str) -> None:
    assert detect_crisis(text).level in {"concern", "urgent"}
