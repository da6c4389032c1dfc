import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.questionnaire import Questionnaire, from_json, question, to_json
from referrals.questionnaires.reading import load_questionnaire
from tests.referrals.questionnaires.paths import REPORT


def sayings(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where words and codes stand in the JSON of a questionnaire."""
    if isinstance(node, str):
        return [path]
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [found for key, value in entries for found in sayings(value, (*path, key))]


PLAIN = msgspec.json.decode(to_json(REPORT))
SAYINGS = sayings(PLAIN)


def test_it_is_read_back_from_its_json_with_the_same_hash() -> None:
    again = from_json(to_json(REPORT))
    assert again == REPORT
    assert again.hash == REPORT.hash
    assert from_json(to_json(REPORT).decode()) == REPORT


def test_its_hash_is_a_sha_256_and_the_same_after_reading_the_files_again() -> None:
    load_questionnaire.cache_clear()
    again = load_questionnaire()
    assert again is not REPORT
    assert again.hash == REPORT.hash
    assert len(bytes.fromhex(REPORT.hash)) == 32


def test_its_hash_does_not_hang_on_the_order_in_which_words_are_listed() -> None:
    turned = msgspec.json.encode(dict(reversed(PLAIN.items())))
    assert from_json(turned).hash == REPORT.hash


@given(st.sampled_from(SAYINGS))
@settings(deadline=None)
def test_any_other_word_makes_another_hash(path: tuple[str | int, ...]) -> None:
    changed = msgspec.json.decode(to_json(REPORT))
    node = changed
    for key in path[:-1]:
        node = node[key]
    if path[-1] in {"kind", "strength", "like"} or "elements" in path:
        return
    node[path[-1]] += " "
    assert from_json(msgspec.json.encode(changed)).hash != REPORT.hash


def test_a_question_is_found_by_its_id() -> None:
    assert question(REPORT, "P5q").says["th"] == "ถ้าอยากเลิกและออกมาวันนี้ ทำได้ไหม"
    with pytest.raises(KeyError):
        question(REPORT, "Z9")


def test_what_is_no_questionnaire_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json(b'{"name": "report"}')
    with pytest.raises(msgspec.DecodeError):
        from_json(b"{")


def test_a_questionnaire_of_old_is_read_with_its_own_questions() -> None:
    old = Questionnaire("report", "0", REPORT.questions[:3], first=("G0",))
    assert [one.id for one in from_json(to_json(old)).questions] == ["G0", "G1", "G2"]
    assert old.hash != REPORT.hash
