"""Every official sample, posted to the service as it is, and what it must leave behind. Guards 1, 2, 6.

One letter an event, in the body's order: `A` answered · `m` merged into an answer · `-` kept, wants no answer ·
`0` noted without its words, because it was said in a group and not to us. A `!` after the letters: consent to
campaigns is withdrawn and nothing is sent to that person any more until they write again.
"""

from pathlib import Path
from typing import Any

import orjson

from tests.conftest import SHARED
from tests.support import housing
from tests.support.house import QuietHouse

quiet = housing.quiet
SAMPLES = SHARED / "specs/samples"

DOCS = {
    "0 overview: text, follow, unfollow": "AA-!", "1 text in a group that mentions others": "0",
    "2 first of two pictures": "-", "3 second of two pictures": "-", "4 video": "A", "5 audio": "A", "6 file": "A",
    "7 location": "A", "8 animated sticker": "A", "9 message sticker in a group": "0", "10 edit in a group": "0",
    "11 unsend in a group": "-", "12 follow": "A", "13 unblock": "A", "14 unfollow": "-!", "15 join": "A",
    "16 leave": "-", "17 member joined": "-", "18 member left": "-", "19 postback of a date": "A",
    "20 postback of a rich menu": "A", "21 video watched": "-", "22 beacon": "-", "23 account link": "-",
    "24 membership": "-",
}  # fmt: skip
# 28 events of the Python SDK's own test under one event id, twenty of them of one person.
SDK = "m0mmmmm-A-m---00mmm--m---A--!"
JAVA = {
    "account_link.json": "-", "beacon.json": "-", "beacon_with_dm.json": "-", "file.json": "A", "follow.json": "A",
    "image.json": "-", "join.json": "A", "leave.json": "-", "location.json": "A", "member_joined.json": "-",
    "member_left.json": "-", "message-edited.json": "0", "postback.json": "A", "sticker-keywords-array.json": "A",
    "sticker-keywords-remove.json": "A", "sticker-with-text.json": "A", "sticker.json": "A", "text-emojis.json": "A",
    "text-group.json": "0", "text-mention.json": "A", "text-user.json": "A", "unfollow.json": "-!",
    "unknown.json": "--", "unsend.json": "-", "video-play-complete.json": "-", "video.json": "A",
    "webhook-redelivery.json": "A",
}  # fmt: skip
TELEGRAM = {
    "Message with text": "A", "Forwarded message": "A", "Forwarded channel message": "A", "Message with a reply": "A",
    "Edited message": "-", "Message with entities": "A", "Message with audio": "A", "Voice message": "A",
    "Message with a document": "A", "Inline query": "-", "Chosen inline query": "-", "Callback query": "A",
}  # fmt: skip

Case = tuple[str, str, Any, str]


def cases() -> list[Case]:
    """(file, sample, body, what it leaves); empty where the folder is absent."""
    if not SHARED.is_dir():
        return []
    docs = [s["json"] for s in read("line_docs_webhooks.json")["samples"]]
    made: list[Case] = [("docs", n, docs[i], left) for i, (n, left) in enumerate(DOCS.items())]
    made.append(("python", "all", read("line_sdk_python_v3_webhook.json"), SDK))
    made += [("java", name, read(f"line_java_callback/{name}"), left) for name, left in JAVA.items()]
    done = {s["file"]: s["body"] for s in read("line_java_callback_completed.json")["samples"]}
    made += [("java completed", name, done[name], left) for name, left in JAVA.items()]
    for file in ("telegram_docs_updates", "telegram_docs_updates_patched"):
        bodies = {s["name"]: s["body"] for s in read(f"{file}.json")["samples"]}
        made += [(file, name, bodies[name], left) for name, left in TELEGRAM.items()]
    return made


def read(name: str) -> Any:
    return orjson.loads((SAMPLES / name).read_bytes())


async def test_every_official_sample_is_taken_and_leaves_what_it_must(
    quiet: QuietHouse, shared: Path
) -> None:
    wrong = []
    for file, name, body, expected in cases():
        await quiet.empty()
        post = quiet.post_telegram if file.startswith("telegram") else quiet.post_line
        status = await post(body)
        await quiet.turn()
        left = await what_is_left(quiet)
        if (status, left) != (200, expected):
            wrong.append(f"{file}/{name}: {status} {left}, not {expected}")
    assert wrong == []


async def what_is_left(quiet: QuietHouse) -> str:
    rows = await quiet.rows(
        "SELECT e.outcome, e.handled_at, e.body IS NOT NULL AS kept, e.answer_id, m.id AS message FROM inbound_event e"
        " LEFT JOIN message m ON m.id = e.answer_id ORDER BY e.id"
    )
    assert all(row.handled_at for row in rows)
    assert all((row.outcome == "no_answer") == (row.message is None) for row in rows)
    letters = {"answered": "A", "merged": "m", "no_answer": "-"}
    left = "".join(letters[row.outcome] if row.kept else "0" for row in rows)
    withdrawn = await quiet.value("SELECT count(*) FROM consent WHERE topic = 'campaigns' AND NOT granted")
    return left + "!" * withdrawn


def test_the_table_has_a_line_for_every_sample_there_is(shared: Path) -> None:
    files = {p.name for p in SAMPLES.glob("*update*.json")} | {
        p.name for p in SAMPLES.glob("line_*callback*")
    }
    files |= {p.name for p in SAMPLES.glob("line_*webhook*.json")}
    assert files == {
        "telegram_docs_updates.json", "telegram_docs_updates_patched.json", "line_docs_webhooks.json",
        "line_java_callback", "line_java_callback_completed.json", "line_sdk_python_v3_webhook.json",
    }  # fmt: skip
    assert {p.name for p in (SAMPLES / "line_java_callback").iterdir()} == set(JAVA)
    assert len(read("line_docs_webhooks.json")["samples"]) == len(DOCS)
    for file in ("telegram_docs_updates.json", "telegram_docs_updates_patched.json"):
        assert {s["name"] for s in read(file)["samples"]} == set(TELEGRAM)


async def test_an_unfollowed_person_is_not_written_to_until_they_come_back(
    quiet: QuietHouse, shared: Path
) -> None:
    body = read("line_java_callback/unfollow.json")
    assert await quiet.post_line(body) == 200
    await quiet.turn()
    assert await quiet.value("SELECT count(*) FROM channel_identity WHERE blocked_at IS NOT NULL") == 1


async def test_an_unsent_sample_takes_the_words_of_its_message_away(quiet: QuietHouse, shared: Path) -> None:
    assert await quiet.post_line(read("line_java_callback/text-user.json")) == 200
    await quiet.turn()
    assert await quiet.value("SELECT count(*) FROM inbound_event WHERE body IS NOT NULL") == 1
    assert await quiet.post_line(read("line_java_callback/unsend.json")) == 200
    await quiet.turn()
    kept = await quiet.rows("SELECT body IS NOT NULL AS kept, outcome FROM inbound_event ORDER BY id")
    assert [tuple(row) for row in kept] == [(False, "answered"), (True, "no_answer")]
