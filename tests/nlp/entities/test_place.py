import pytest
from pythainlp.corpus import provinces

from nlp.entities.place import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        ("ทำงานปอยเปต", "ปอยเปต", "hotspot", "KH"),
        ("ป.อ.ย.เ.ป.ต", "ปอยเปต", "hotspot", "KH"),
        ("work in Poipet", "ปอยเปต", "hotspot", "KH"),
        ("พระสีหนุ", "สีหนุวิลล์", "hotspot", "KH"),
        ("ฝั่งเขมร", "กัมพูชา", "country", "KH"),
        ("ไปดูไบ", "สหรัฐอาหรับเอมิเรตส์", "country", "AE"),
        ("อยู่โคราช", "นครราชสีมา", "province", "TH"),
        ("จังหวัดตาก", "ตาก", "province", "TH"),
        ("ที่แม่สอด", "แม่สอด", "border", "TH"),
        ("ด่านคลองลึก", "คลองลึก", "border", "TH"),
        ("งานที่ศรีราชา", "ชลบุรี", "province", "TH"),
        ("ไปบ่อแก้ว", "บ่อแก้ว", "hotspot", "LA"),
        ("ไปโรมาเนีย", "โรมาเนีย", "country", "RO"),
        ("ป๋อยเป้ต", "ปอยเปต", "hotspot", "KH"),
    ],
)
def test_it_names_places(text: str, name: str, kind: str, country: str) -> None:
    (entity,) = find(prepare(text))
    assert (entity.value, entity.detail) == (name, {"kind": kind, "country": country})


@pytest.mark.parametrize("text", ["ทักมาเลย", "ตากผ้า", "เล่าเรื่องแพร่หลาย", "คว้าแชมป์"])
def test_common_words_are_no_provinces(text: str) -> None:
    assert find(prepare(text)) == []


def test_every_province_is_known() -> None:
    assert len(set(provinces())) == 77
    for name in provinces():
        assert [entity.value for entity in find(prepare(f"จังหวัด{name}"))] == [name]
