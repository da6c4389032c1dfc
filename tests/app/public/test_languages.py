import pytest

from app.public.languages import other_script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("รับสมัครพนักงาน", ""),
        ("We are hiring in Poipet", ""),
        ("รับแอดมินจีน 你好", ""),
        ("ရန်ကုန်မှာ အလုပ်ခေါ်စာ admin", "my"),
        ("ត្រូវការបុគ្គលិក ធ្វើការនៅប៉ោយប៉ែត 35000", "km"),
        ("ຮັບສະໝັກພະນັກງານ ເງິນເດືອນ 35000", "lo"),
        ("招聘客服 包吃住 @boss99", "zh"),
        ("Требуется администратор чата, Пойпет", "other"),
        ("وظيفة شاغرة في بانكوك براتب جيد", "other"),
        ("0812345678", ""),
        ("", ""),
        ("😀😀😀", ""),
    ],
)
def test_it_names_a_script_that_we_do_not_read(text: str, script: str) -> None:
    assert other_script(text) == script
