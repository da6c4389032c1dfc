import tomllib
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythainlp.corpus import provinces

from nlp.places import foreign_places
from referrals.questionnaires.place_finding import find_answer, find_place, place_names
from referrals.questionnaires.places import say_place, zone_of

TABLE = tomllib.loads(resources.files("referrals.questionnaires").joinpath("places.toml").read_text("utf-8"))


def test_all_77_provinces_are_there_and_found_by_their_thai_and_english_names() -> None:
    assert len(TABLE["province"]) == 77
    for entry in provinces(details=True):
        code = find_place(entry["name_th"])
        assert code is not None
        assert say_place(code) == entry["name_th"]
        assert find_place(entry["name_en"]) == find_place(entry["name_en"].lower()) == code
        assert find_place(f"จังหวัด{entry['name_th']}ค่ะ") == find_place(f"จ.{entry['name_th']}") == code


def test_every_country_of_the_lexicon_has_names_and_a_time_zone() -> None:
    abroad = {place.country for place in foreign_places().values()} - {"TH"}
    assert abroad == set(TABLE["country"])
    for code in abroad:
        thai, english = say_place(f"country:{code}"), say_place(f"country:{code}", "en")
        assert find_place(thai) == find_place(english) == f"country:{code}"
        assert ZoneInfo(str(zone_of(f"country:{code}")))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("โคราช", "province:TH-30"),
        ("กทม", "province:TH-10"),
        ("กทม.", "province:TH-10"),
        ("อยุธยา", "province:TH-14"),
        ("พัทยา", "province:TH-20"),
        ("หาดใหญ่ครับ", "province:TH-90"),
        ("อยู่แม่สอดค่ะ", "province:TH-63"),
        ("ตอนนี้อยู่ที่จังหวัดตาก", "province:TH-63"),
        ("อ.อรัญประเทศ", "province:TH-27"),
        ("น่าน", "province:TH-55"),
        ("i am in Chiang Mai", "province:TH-50"),
        ("เขมร", "country:KH"),
        ("กัมพูชา", "country:KH"),
        ("ปอยเปต ฝั่งเขมร", "country:KH"),
        ("สีหนุวิลล์", "country:KH"),
        ("เมียวดี", "country:MM"),
        ("ท่าขี้เหล็ก", "country:MM"),
        ("พม่า", "country:MM"),
        ("อยู่ลาวค่ะ", "country:LA"),
        ("มาเลเซีย", "country:MY"),
        ("ดูไบ", "country:AE"),
        ("ยูเออี", "country:AE"),
        ("Poipet, Cambodia", "country:KH"),
    ],
)
def test_short_names_towns_and_borders_are_understood(typed: str, code: str) -> None:
    assert find_place(typed) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("เชียงไหม่", "province:TH-50"),
        ("ชลบุรี่", "province:TH-20"),
        ("อุบลราชธนี", "province:TH-34"),
        ("นครราชศรีมา", "province:TH-30"),
        ("นครปถม", "province:TH-73"),
        ("เพรชบุรี", "province:TH-76"),
        ("เพรชบูรณ์", "province:TH-67"),
        ("หนองบัวลำพู", "province:TH-39"),
        ("samutprakarn", "province:TH-11"),
        ("กัมภูชา", "country:KH"),
        ("มาเลเชีย", "country:MY"),
    ],
)
def test_slips_of_typing_are_forgiven(typed: str, code: str) -> None:
    assert find_place(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "0812345678",
        "081-234-5678",
        "+66 81 234 5678",
        "1-2345-67890-12-3",
        "๐๘๑๒๓๔๕๖๗๘",
        "โคราช 0812345678",
        "ไม่รู้",
        "สวัสดีค่ะ",
        "งานโรงงาน",
        "จากโคราชไปปอยเปต",
        "ตึกสูงสีขาว",
        "",
        "ก" * 200,
    ],
)
def test_a_phone_number_two_places_or_none_is_no_place(typed: str) -> None:
    assert find_place(typed) is None


@given(st.text(max_size=100))
@settings(deadline=None)
def test_whatever_is_typed_gives_a_place_that_can_be_said_or_none(typed: str) -> None:
    code = find_place(typed)
    assert code is None or (say_place(code) and say_place(code, "en") and zone_of(code))


def test_names_mean_places_that_exist() -> None:
    for code in set(place_names().values()):
        assert say_place(code)


def test_typed_coordinates_are_a_pin() -> None:
    assert find_answer("13.7563, 100.5018") == ("geo:13.7563,100.5018",)
    assert find_answer("โคราช") == ("province:TH-30",)
    assert find_answer("99.5, 200.1") is None
    assert find_answer("ไม่รู้") is None
