import pytest

from nlp.entities.line_id import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("สนใจแอดไลน์ id: job8899", "job8899"),
        ("LINE ID : @abc1234", "@abc1234"),
        ("ไลน์ job_th99", "job_th99"),
        ("แอดLINE m0453", "m0453"),
        ("ทักมาที่ @happyjob", "@happyjob"),
        ("(ID:soda095)", "soda095"),
        ("ไอดีไลน์ = nong.may", "nong.may"),
        ("https://line.me/ti/p/~job8899", "job8899"),
        ("https://line.me/R/ti/p/@abc1234", "@abc1234"),
        ("lin.ee/Ab12Cd", "lin.ee/Ab12Cd"),
        ("แอด L I N E : job8899", "job8899"),
        ("ｌｉｎｅ： ｊｏｂ８８", "job88"),
        ("line . me / ti / p / ~job8899", "job8899"),
        ("line.me/R/oaMessage/%40abc1234", "@abc1234"),
        ("lin . ee / Ab12Cd", "lin.ee/Ab12Cd"),
        ("ไลน์ @ job99", "@job99"),
        ("แอดไลน์ 👉 job_th99", "job_th99"),
        ("LINE ➡️ job99", "job99"),
        ("ไลน์\njob8899", "job8899"),
        ("ไอดี job_99 ทักมา", "job_99"),
        ("แอดมาเลยจ้า job99x", "job99x"),
        ("ลายน์ job8899", "job8899"),
        ("l!ne: job8899", "job8899"),
        ("ไ ล น์ : j o b 8 8 9 9", "job8899"),
        ("สรืำ: job8899", "job8899"),
        ("ไล่น์ job8899", "job8899"),
    ],
)
def test_it_finds_line_ids_and_links(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize(
    "text", ["line official", "ส่งไลน์มาหน่อย", "idea: good", "offline 123abc", "LINE Pay", "online: 24 ชั่วโมง"]
)
def test_it_takes_no_product_or_word_for_an_id(text: str) -> None:
    assert find(prepare(text)) == []


def test_the_span_quotes_the_id() -> None:
    text = "แอดไลน์: job8899 ค่ะ"
    (entity,) = find(prepare(text))
    assert text[entity.start : entity.end] == "job8899"
