"""Judging texts from standard input."""

import json

from tests.app.cli.conftest import CommandLine

SCAM = "รับแอดมินตอบแชท ปอยเปต 35,000 บาท ไม่ต้องมีพาสปอร์ต เดินทางฟรี ทักไลน์ @abc123"
KEYS = {"id", "band", "score", "indicators", "entities", "crisis", "intent", "rules", "model"}


def lines(*given: object) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in given)


async def test_it_answers_in_order_with_spans_of_the_text_as_given(alone: CommandLine) -> None:
    ended = await alone.run(
        "screen", "--jsonl", given=lines({"id": "a", "text": SCAM}, {"id": 7, "text": "สวัสดี"})
    )
    scam, hello = ended.lines
    assert ended.status == 0
    assert (scam["id"], hello["id"]) == ("a", 7)
    assert set(scam) == KEYS
    assert scam["band"] == "danger"
    assert hello["band"] == "not_an_offer"
    assert [s for s in scam["indicators"] if SCAM[s["start"] : s["end"]] != s["evidence"]] == []
    assert [e for found in scam["entities"].values() for e in found if not SCAM[e["start"] : e["end"]]] == []


async def test_it_names_bad_lines_and_answers_the_others(alone: CommandLine) -> None:
    given = (
        lines({"id": "a", "text": "หนึ่ง"})
        + b"not json\n"
        + lines({"id": "b"}, ["c"], {"id": "d", "text": 5}, {"id": "e", "text": "สอง\u2028สาม"})
        + b"\xff\xfe\n"
    )
    ended = await alone.run("screen", "--jsonl", given=given)
    assert ended.status == 1
    assert [line["id"] for line in ended.lines] == ["a", "e"]
    assert [line.split(":")[0] for line in ended.err.splitlines()] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 7",
    ]


async def test_it_survives_half_a_surrogate_pair(alone: CommandLine) -> None:
    ended = await alone.run(
        "screen", "--jsonl", given=b'{"id":"a\\ud800","text":"\\udc00 \\u0000 ' + SCAM.encode() + b'"}\n'
    )
    assert ended.status == 0
    assert ended.lines[0]["band"] == "danger"


async def test_it_tells_a_person_what_to_do(alone: CommandLine) -> None:
    ended = await alone.run("screen", given=SCAM.encode())
    assert "อันตราย" in ended.out
    assert "ปลอดภัย" not in ended.out


async def test_it_asks_for_a_text(alone: CommandLine) -> None:
    ended = await alone.run("screen")
    assert (ended.status, ended.err) == (1, "rootan: give a text on standard input\n")
