import ast
import re
from pathlib import Path

import pytest

from bots.copy import CopyError, copy, count_graphemes, load_copy, whole_messages

ROOT = Path(__file__).parents[2]


def folder(tmp_path: Path, thai: str, english: str, name: str = "hello") -> Path:
    for language, text in (("th", thai), ("en", english)):
        (tmp_path / language).mkdir(exist_ok=True)
        (tmp_path / language / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def test_the_services_own_copy_is_whole() -> None:
    assert copy().say("th", "first_contact.greeting").startswith("สวัสดีค่ะ")
    assert copy().say("en", "first_contact.greeting").startswith("Hello")


def test_every_saying_is_said_somewhere_and_every_key_in_the_dialogues_exists() -> None:
    keys = set(copy().keys(""))
    rooms = {key.split(".")[0] for key in keys}
    written = [
        pattern
        for file in (*(ROOT / "bots/dialogues").glob("*.py"), ROOT / "app/cli/channels.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (pattern := _key_pattern(node)) and pattern.split(r"\.")[0] in rooms
    ]
    said = {pattern: {key for key in keys if re.fullmatch(pattern, key)} for pattern in written}
    assert [pattern for pattern, found in said.items() if not found] == []
    assert keys - set().union(*said.values()) == set()


def _key_pattern(node: ast.AST) -> str:
    """A string that may be a key, as a pattern; what is filled in later may be anything."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = [re.escape(node.value)]
    elif isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in node.values]
    else:
        return ""
    pattern = "".join(parts)
    whole = re.fullmatch(r"[a-z_]+\\\.\S+", pattern) and not pattern.endswith("\\.")
    return pattern if whole else ""


def test_places_are_filled_and_an_unfilled_one_is_refused(tmp_path: Path) -> None:
    said = load_copy(folder(tmp_path, 'a = "สวัสดี {name}"', 'a = "Hello {name}"'))
    assert said.say("th", "hello.a", name="ก") == "สวัสดี ก"
    with pytest.raises(KeyError):
        said.say("th", "hello.a", other="ก")
    with pytest.raises(KeyError):
        said.say("th", "hello.b")


def test_lists_are_read_as_lines_and_never_as_one_saying(tmp_path: Path) -> None:
    said = load_copy(folder(tmp_path, 'a = ["หนึ่ง", "สอง"]', 'a = ["one", "two"]'))
    assert said.lines("th", "hello.a") == ("หนึ่ง", "สอง")
    with pytest.raises(KeyError):
        said.say("th", "hello.a")


@pytest.mark.parametrize(
    ("thai", "english", "fault"),
    [
        ('a = "ก"\nb = "ข"', 'a = "a"', "en hello.b: missing"),
        ('a = "ก"', 'a = "a"\nb = "b"', "th hello.b: missing"),
        ('a = "ก {x}"', 'a = "a {y}"', "different {places}"),
        ('a = "ก {x"', 'a = "a {x}"', "different {places}"),
        ('a = ["ก"]', 'a = "a"', "different {places} or kinds"),
        ('a = " "', 'a = "a"', "th hello.a: empty"),
        ("a = []", 'a = ["a"]', "th hello.a: empty"),
        ('a = ["ก", ""]', 'a = ["a", "b"]', "th hello.a: empty"),
        ('a = "งานนี้ปลอดภัย"', 'a = "a"', "says ปลอดภัย"),
        ('a = "คุณเป็นเหยื่อ"', 'a = "a"', "says คุณเป็นเหยื่อ"),
        ('a = "ก"', 'a = "This job is Safe."', "says Safe"),
        ('a = "ก"', 'a = "You are a victim"', "says you are a victim"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, thai: str, english: str, fault: str) -> None:
    with pytest.raises(CopyError) as caught:
        load_copy(folder(tmp_path, thai, english))
    assert fault in str(caught.value)


@pytest.mark.parametrize("name", ["notices", "buttons"])
@pytest.mark.parametrize("word", ["ค้ามนุษย์", "อันตราย", "แจ้งตำรวจ", "ด่วน"])
def test_what_shows_at_a_glance_carries_no_sensitive_word(tmp_path: Path, name: str, word: str) -> None:
    table = "[labels]\n" if name == "buttons" else ""
    with pytest.raises(CopyError, match="says"):
        load_copy(folder(tmp_path, f'{table}a = "{word}"', f'{table}a = "a"', name))
    assert load_copy(folder(tmp_path, f'{table}a = "ก"', f'{table}a = "a"', name)).has


def test_labels_are_measured_in_graphemes(tmp_path: Path) -> None:
    twenty = "กำ" * 10
    assert count_graphemes("ที่นี่") == 2
    assert load_copy(folder(tmp_path, f'[labels]\na = "{twenty}"', '[labels]\na = "a"', "buttons"))
    with pytest.raises(CopyError, match="longer than 20 graphemes"):
        load_copy(folder(tmp_path, f'[labels]\na = "{"ที่" * 21}"', '[labels]\na = "a"', "buttons"))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CopyError) as caught:
        load_copy(folder(tmp_path, 'a = ""\nb = "ปลอดภัย"', 'a = "a"\nc = "c"'))
    assert len(str(caught.value).splitlines()) >= 5


def test_a_word_of_its_own_goes_before_a_label() -> None:
    assert whole_messages()["ไม่เก็บ"] == "answer.no"
    assert whole_messages()["เตือนคนในบ้าน"] == "o1:warn"
    assert "not sure" in whole_messages()


def test_hotline_numbers_are_data_and_never_written_into_the_copy() -> None:
    for language in ("th", "en"):
        for key in copy().keys(""):
            for line in copy().lines(language, key):
                digits = "".join(c if c.isdigit() else " " for c in line).split()
                assert all(len(number) < 3 for number in digits), (language, key)


def with_burmese(tmp_path: Path, about: str, texts: str) -> Path:
    here = folder(tmp_path, 'a = "สวัสดี {name}"\nb = "ลาก่อน"', 'a = "Hello {name}"\nb = "Bye"')
    (here / "my").mkdir()
    (here / "my" / "about.toml").write_text(about, "utf-8")
    (here / "my" / "hello.toml").write_text(texts, "utf-8")
    return here


def test_a_language_is_a_folder_and_its_gaps_are_filled(tmp_path: Path) -> None:
    said = load_copy(with_burmese(tmp_path, 'name = "မြန်မာ"', 'a = "မင်္ဂလာပါ {name}"'))
    assert said.say("my", "hello.a", name="ก") == "မင်္ဂလာပါ ก"
    assert said.say("my", "hello.b") == "Bye"
    burmese = said.spoken[-1]
    assert (burmese.code, burmese.about.name, burmese.said, burmese.of) == ("my", "မြန်မာ", 1, 2)
    assert not burmese.about.complete
    assert burmese.about.reviewed_by == ""


def test_a_language_that_is_gone_is_answered_in_english(tmp_path: Path) -> None:
    said = load_copy(folder(tmp_path, 'a = "ก"', 'a = "a"'))
    assert said.say("km", "hello.a") == "a"


@pytest.mark.parametrize(
    ("about", "texts", "fault"),
    [
        ('name = "မြန်မာ"\ncomplete = true', 'a = "မင်္ဂလာပါ {name}"', "my hello.b: missing"),
        ('name = "မြန်မာ"', 'a = "မင်္ဂလာပါ"', "th and my have different {places}"),
        ('name = "မြန်မာ"', 'c = "?"', "th hello.c: missing"),
        ('name = "မြန်မာ"', 'b = "victim"', "my hello.b: says victim"),
        ('name = "မြန်မာ"\ncolour = 1', "", "correct bots/texts/my/about.toml"),
        ("complete = true", "", "correct bots/texts/my/about.toml"),
    ],
)
def test_another_language_is_held_to_the_same_rules(
    tmp_path: Path, about: str, texts: str, fault: str
) -> None:
    with pytest.raises(CopyError) as caught:
        load_copy(with_burmese(tmp_path, about, texts))
    assert fault in str(caught.value)


def test_the_services_own_languages_say_who_they_are() -> None:
    assert [(one.code, one.about.name, one.about.complete) for one in copy().spoken[:2]] == [
        ("th", "ไทย", True),
        ("en", "English", True),
    ]
    assert whole_messages()["english"] == "l1:en"
