"""The files themselves: each keeps a promise of its own and tells what must be seen; what can't be read is refused."""

from pathlib import Path

import pytest

from tests.scenarios.acting import ACTS
from tests.scenarios.seeing import EXPECTED
from tests.scenarios.telling import Line, UntellableError, all_scenarios, read

FEWEST = 60


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "talk.txt"
    path.write_text(text, "utf-8")
    return path


def test_there_are_enough_and_no_two_promise_the_same() -> None:
    promises = [one.promise for one in all_scenarios()]
    assert len(promises) >= FEWEST
    assert len(set(promises)) == len(promises)


def test_every_scenario_tells_what_is_done_and_what_is_seen_in_known_words() -> None:
    for scenario in all_scenarios():
        keys = {line.key for _, line in scenario.lines}
        assert keys <= ACTS.keys() | EXPECTED.keys(), scenario.name
        assert keys & ACTS.keys(), scenario.name
        assert keys & EXPECTED.keys(), scenario.name


def test_lines_are_told_with_what_goes_on_below_them(tmp_path: Path) -> None:
    path = written(
        tmp_path, "เรื่อง: ก\nเวลา: 22.30\n\nคน: หนึ่ง\n+ คน: สอง: สาม\n# ไว้อ่าน\nบอต: สี่\n  ห้า\n[line] ไม่ตอบ\n"
    )
    scenario = read(path)
    assert (scenario.promise, scenario.clock, scenario.platforms) == ("ก", (22, 30), ("line", "telegram"))
    told = [
        Line(4, "คน", "หนึ่ง", together=False),
        Line(5, "คน", "สอง: สาม", together=True),
        Line(7, "บอต", "สี่\nห้า", together=False),
    ]
    assert scenario.on("telegram") == told
    assert scenario.on("line") == [*told, Line(9, "ไม่ตอบ", "", together=False)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("คน: ก\n", "the promise"),
        ("  ก\n", "nothing here to go on with"),
        ("เรื่อง: ก\nเฉพาะ: whatsapp\n", "line or telegram"),
    ],
)
def test_what_cant_be_read_is_refused_with_what_to_do(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(UntellableError, match=fault):
        read(written(tmp_path, text))
