"""The page about the interface: its examples run, in order, and what it names exists."""

import re
import shlex
from pathlib import Path
from uuid import UUID

from app.api.campaigns import MOST_CAMPAIGN_BYTES
from app.faces.gate import MOST_BYTES
from app.faces.pages import MOST, USUAL
from campaigns.porting import MOST_FILE_BYTES
from core.accounts.repeated_calls import LONGEST_KEY
from core.accounts.tokens import BURST, MOST_DAYS, MOST_TOKENS, OFFERED, PER_MINUTE, USUAL_DAYS
from core.errors import AppError
from tests.app.api.conftest import Client, Connect
from tests.app.api.test_campaigns import plan
from tests.app.conftest import ORIGIN

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
EXAMPLE = re.compile(r"^# (\d{3})\n(curl .+)$", re.MULTILINE)
# Said by the gate itself, which is no part of the tree of errors.
_OF_THE_GATE = {"method", "media_type", "failed", "invalid"}


def _below(kind: type[AppError]) -> set[type[AppError]]:
    return {kind} | {deeper for sub in kind.__subclasses__() for deeper in _below(sub)}


async def test_every_example_runs_and_answers_as_it_says(
    anong: Client, connect: Connect, referral_id: UUID
) -> None:
    examples = EXAMPLE.findall(PAGE)
    assert len(examples) >= 9
    assert PAGE.count("\ncurl ") == len(examples)
    manager = await connect("campaign_manager")
    draft = await manager.post("/campaigns", {"title": "ร่าง", "plan": plan()})
    known = {
        "$TOKEN": anong.token, "$MANAGER": manager.token, "$ROOTAN": ORIGIN, "$REFERRAL": str(referral_id),
        "$CAMPAIGN": draft.json()["id"],
    }  # fmt: skip
    for status, line in examples:
        for name, value in known.items():
            line = line.replace(name, value)  # noqa: PLW2901 - the shell does the same
        method, headers, body, address = _read(line)
        response = await anong.http.request(method, address, headers=headers, content=body)
        assert response.status_code == int(status), (line, response.text)


def _read(line: str) -> tuple[str, dict[str, str], bytes | None, str]:
    """Read what curl would send."""
    words = shlex.split(line)[1:]
    method, headers, body, address = "GET", {}, None, ""
    while words:
        match words.pop(0):
            case "-sS":
                pass
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0).encode()
            case other:
                assert not other.startswith("-"), other
                address = other
    return method, headers, body, address


def test_every_code_that_it_names_exists() -> None:
    table = PAGE.partition("## Errors")[2].partition("## Limits")[0]
    rows = [line for line in table.splitlines() if re.match(r"\| [45]\d\d", line)]
    named = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
    assert len(named) > 25
    assert named - {kind.code for kind in _below(AppError)} - _OF_THE_GATE == set()


def test_every_scope_and_limit_is_the_codes_own() -> None:
    scopes = PAGE.partition("| scope |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z.]+)`", scopes, re.MULTILINE) == list(OFFERED)
    for said in (
        f"{USUAL_DAYS} days unless", f"{MOST_DAYS} at most", f"1 to {MOST} ({USUAL} unless", f"1 to {LONGEST_KEY} plain",
        f"{BURST} at once, {PER_MINUTE} a minute", f"{MOST_BYTES // 1024} KiB",
        f"a campaign {MOST_CAMPAIGN_BYTES // 1024} KiB, its file {MOST_FILE_BYTES // 1024} KiB", f"| tokens of one person | {MOST_TOKENS} |",
    ):  # fmt: skip
        assert said in PAGE, said
