import pytest

from referrals.questionnaires.conditions import names_in
from referrals.triage.grid import facts_of, indicators
from referrals.triage.rules import rules, say, words
from tests.referrals.questionnaires.paths import REPORT

KINDS = {
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse",
    "elder_abuse", "suicide", "danger", "money_sent",
}  # fmt: skip
ALL_YES = {one.id: tuple(choice.code for choice in one.choices) for one in REPORT.questions}


def test_rules_ask_only_for_questions_codes_and_facts_that_exist() -> None:
    table = rules()
    lines = [line for entry in (*table.rule, *table.band) for line in entry.when]
    lines += [line for named in table.conditions.values() for line in named]
    asked, names = names_in(lines)
    assert asked <= set(REPORT.by_id)
    known = (
        facts_of(indicators(REPORT, ALL_YES)) | {f"heard_{kind}" for kind in KINDS} | set(table.conditions)
    )
    assert names <= known
    for part in (part.strip() for line in lines for part in line.split(" or ")):
        if "=" in part:
            question, _, codes = part.partition("=")
            own = {choice.code for choice in REPORT.by_id[question.removesuffix("!")].choices}
            assert set(codes.split("|")) <= own, part


def test_every_reason_and_band_is_worded_for_staff_and_every_wording_is_used() -> None:
    table = rules()
    assert {rule.reason for rule in table.rule} | {"advice"} == set(words()["reason"])
    assert {band.band for band in table.band} == set(words()["band"])
    assert {str(number) for number in range(1, 12)} == set(words()["ilo"])
    for group in words().values():
        for entry in group.values():
            assert set(entry) == {"th", "en"}
            assert all(entry.values())


def test_no_wording_is_a_verdict_about_a_person() -> None:
    said = [text for group in words().values() for entry in group.values() for text in entry.values()]
    assert not [text for text in said if "เหยื่อ" in text or "victim" in text.lower() or "ผู้เสียหาย" in text]
    assert say("band", "tip_6").startswith("น่าจะ")
    assert say("band", "forced_labour_6_1", "en").startswith("May")


def test_an_unknown_code_has_no_words() -> None:
    with pytest.raises(KeyError):
        say("reason", "nothing")
