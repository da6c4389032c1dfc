from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from campaigns.lessons import Pack, faults_in, load_packs, packs, read_pack
from campaigns.sayings import ContentError
from core.messages.wording import count_graphemes
from referrals.directory.hotlines import all_hotlines

BOTH = {"th": "ก", "en": "a"}
PROGRAMME = {
    "anti_violence", "family_school", "job_scams", "newborn_grant", "elderly_preparation",
    "welfare_and_volunteering", "victims_rights",
}  # fmt: skip


def table(**changes: Any) -> dict[str, Any]:
    lesson = {
        "id": "first", "title": BOTH, "bubbles": {"th": ["หนึ่ง", "สอง"], "en": ["one", "two"]}, "asked": ["อะไร"],
        "exercise": {
            "question": BOTH,
            "choices": [{"id": "a", "label": BOTH, "reply": BOTH}, {"id": "b", "label": BOTH, "reply": BOTH}],
        },
    }  # fmt: skip
    pack = {
        "title": BOTH, "about": BOTH, "closing": BOTH, "keywords": ["ทดลอง"], "course": True,
        "origin": {"source": BOTH, "owner": BOTH, "as_of": date(2026, 11, 23)},
        "lesson": [lesson | changes.pop("lesson", {})],
    }  # fmt: skip
    return pack | changes


def faults(**changes: Any) -> str:
    return "\n".join(faults_in([read_pack("trial", table(**changes))]))


def test_the_ministrys_programme_is_there_whole() -> None:
    assert set(packs()) == PROGRAMME
    assert len(packs()["family_school"].lessons) >= 8
    assert len(packs()["job_scams"].lessons) >= 6
    assert all(2 <= len(lesson.bubbles["th"]) <= 4 for lesson in packs()["family_school"].lessons)


def test_nothing_is_wrong_with_a_whole_pack() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": {"th": "ก"}}, "trial.title: en is missing"),
        ({"title": {"th": "ก" * 21, "en": "a"}}, "trial.title.th: longer than 20"),
        ({"title": {"th": "แจ้งตำรวจ", "en": "a"}}, "trial.title: shows"),
        ({"about": {"th": " ", "en": "a"}}, "trial.about.th: empty"),
        ({"about": {"th": "งานนี้ปลอดภัย", "en": "a"}}, "says ปลอดภัย"),
        ({"about": {"th": "ก", "en": "It is safe."}}, "says safe"),
        ({"closing": {"th": "โทร 1300", "en": "a"}}, "writes out 1300"),
        ({"keywords": []}, "needs lessons and keywords"),
        ({"lesson": {"id": "a.b"}}, "'a.b' is not an id"),
        ({"lesson": {"bubbles": {"th": ["หนึ่ง"], "en": ["one"]}}}, "bubbles.th: 1 bubbles"),
        ({"lesson": {"bubbles": {"th": ["หนึ่ง", "สอง"], "en": ["one"]}}}, "different numbers of bubbles"),
        ({"lesson": {"bubbles": {"th": ["ก" * 601, "ข"], "en": ["a", "b"]}}}, "longer than 600"),
        ({"lesson": {"asked": []}}, "nobody can find it"),
        ({"lesson": {"call": ["1191"]}}, "1191 is not in the directory"),
        ({"lesson": {"exercise": None}}, "a lesson of a course needs an exercise"),
        ({"lesson": {"exercise": {"question": BOTH, "choices": []}}}, "0 choices"),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(**changes)


@pytest.mark.parametrize("unknown", [{"colour": "red"}, {"lesson": {"colour": "red"}}, {"origin": {}}])
def test_an_unknown_or_missing_key_is_refused(unknown: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_pack("trial", table(**unknown))


def test_all_faults_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "1_one.toml").write_text("title = 1", "utf-8")
    (tmp_path / "2_two.toml").write_text("title = [", "utf-8")
    with pytest.raises(ContentError) as caught:
        load_packs(tmp_path)
    assert "1_one.toml" in str(caught.value)
    assert "2_two.toml" in str(caught.value)


def test_a_keyword_opens_one_pack_only() -> None:
    one, two = read_pack("one", table()), read_pack("two", table())
    assert faults_in([one, two]) == ["keyword 'ทดลอง' opens more than one pack"]


def test_what_a_lesson_does_not_say_of_its_origin_the_pack_says() -> None:
    own = {"as_of": date(2020, 1, 1), "reviewed_by": "ผู้อ่านของกระทรวง"}
    lesson = read_pack("trial", table(lesson=own)).lessons[0]
    assert (lesson.as_of, lesson.reviewed_by) == (date(2020, 1, 1), "ผู้อ่านของกระทรวง")
    assert lesson.source == BOTH


def test_every_lesson_says_its_source_its_day_and_its_owner_and_that_nobody_signed_it() -> None:
    for pack in packs().values():
        for lesson in pack.lessons:
            assert lesson.source["th"]
            assert lesson.owner["th"]
            assert lesson.as_of.year >= 2018
            assert lesson.reviewed_by == ""


def test_a_pack_is_written_and_read_back_whole() -> None:
    for pack in packs().values():
        assert msgspec.json.decode(msgspec.json.encode(pack), type=Pack) == pack


def test_packs_are_read_once() -> None:
    assert packs() is packs()


def test_bubbles_stay_short() -> None:
    longest = max(
        count_graphemes(text)
        for pack in packs().values()
        for lesson in pack.lessons
        for bubbles in lesson.bubbles.values()
        for text in bubbles
    )
    assert longest <= 300


def test_facts_that_were_not_verified_are_not_told() -> None:
    told = msgspec.json.encode(packs()).decode()
    for unverified in ("1191", "1202", "1387", "1546", "45 วัน", "ม.37", "6/1"):
        assert unverified not in told
    assert {number for pack in packs().values() for lesson in pack.lessons for number in lesson.call} <= {
        hotline.number for hotline in all_hotlines()
    }
