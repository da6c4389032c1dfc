"""The page for agencies: its examples run, in order, and what it names exists."""

import base64
import re
import shlex
from pathlib import Path

from app.faces.gate import MOST_BYTES
from app.faces.pages import MOST, USUAL
from app.partner_api.files import MOST_FILE_BYTES
from core.accounts.guessing import FREE_FOR_ACCOUNT
from core.accounts.repeated_calls import LONGEST_KEY
from core.errors import AppError
from referrals.agencies.hook_posting import REPLAY_WINDOW_SECONDS, SECONDS
from referrals.agencies.hooks import HOOK_KINDS, MOST_HOOKS, WAITS
from referrals.agencies.programs import PROGRAM_SCOPES
from referrals.agencies.tokens import BURST, LIFE, PER_MINUTE
from referrals.tracks.errors import STEP_CODES
from referrals.tracks.lines import BUDDHIST_FROM, COLUMNS, MOST_LINES, NEEDED, read_line, split_file
from referrals.tracks.lines import MOST_BYTES as MOST_FILE_OF_STEPS
from tests.app.conftest import ORIGIN
from tests.app.partner_api.conftest import Client, ReferTo

PAGE = (Path(__file__).parents[3] / "docs" / "partner-api.md").read_text("utf-8")
EXAMPLE = re.compile(r"^# (\d{3})\n(curl .+)$", re.MULTILINE)
# Said by the gate, by lines of files and by fields, whose codes are not those of a class.
_OTHERWISE = {
    "method", "media_type", "failed", "invalid", "body_cut", "line_form", "date_form", "number_form", "unknown_about",
    "slot_unknown",
}  # fmt: skip


def _below(kind: type[AppError]) -> set[type[AppError]]:
    return {kind} | {deeper for sub in kind.__subclasses__() for deeper in _below(sub)}


async def test_every_example_runs_and_answers_as_it_says(prosecutor: Client, refer_to: ReferTo) -> None:
    examples = EXAMPLE.findall(PAGE)
    assert len(examples) >= 10
    assert PAGE.count("\ncurl ") == len(examples)
    known = {
        "$TOKEN": prosecutor.token, "$ROOTAN": ORIGIN, "$CASE": str(await refer_to(prosecutor.agency_id)),
        "$ID": prosecutor.client_id, "$SECRET": prosecutor.secret,
    }  # fmt: skip
    for status, line in examples:
        for name, value in known.items():
            line = line.replace(name, value)  # noqa: PLW2901 - the shell does the same
        method, headers, body, address = _read(line)
        response = await prosecutor.http.request(method, address, headers=headers, content=body)
        assert response.status_code == int(status), (line, response.text)


def _read(line: str) -> tuple[str, dict[str, str], bytes | None, str]:
    """Read what curl would send."""
    words = shlex.split(line)[1:]
    method, headers, data, address = "GET", {}, [], ""
    while words:
        match words.pop(0):
            case "-sS":
                pass
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-u":
                headers["Authorization"] = f"Basic {base64.b64encode(words.pop(0).encode()).decode()}"
            case "-d":
                data.append(words.pop(0))
            case other:
                assert not other.startswith("-"), other
                address = other
    if data:
        method = "POST"
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return method, headers, "&".join(data).encode() or None, address


def test_the_example_of_a_file_is_one() -> None:
    content = PAGE.partition("```csv\n")[2].partition("```")[0].encode()
    lines = [read_line(raw) for raw in split_file(content, "csv")]
    assert [line.step for line in lines] == ["ordered", "paid"]
    assert lines[1].about == lines[0].outside_id
    named = PAGE.partition("names of JSON too:")[2].partition("The first")[0]
    assert tuple(re.findall(r"`([a-z_]+)`", named)) == COLUMNS
    assert COLUMNS[: len(NEEDED)] == NEEDED


def test_every_code_that_it_names_exists_and_every_code_of_a_step_is_named() -> None:
    table = PAGE.partition("## Errors")[2].partition("## Limits")[0]
    named = {
        code
        for row in table.splitlines()
        if re.match(r"\| [45]\d\d", row)
        for code in re.findall(r"`([a-z0-9_]+)`", row)
    }
    known = {kind.code for kind in _below(AppError)} | set(STEP_CODES) | _OTHERWISE
    assert named - known == set()
    assert set(STEP_CODES) - named == set()


def test_every_scope_kind_and_limit_is_the_codes_own() -> None:
    scopes = PAGE.partition("| scope |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z.]+)`", scopes, re.MULTILINE) == list(PROGRAM_SCOPES)
    kinds = PAGE.partition("Kinds: ")[2].partition(" Your own")[0]
    assert tuple(re.findall(r"`([a-z.]+)`", kinds)) == HOOK_KINDS
    minutes = ", ".join(str(int(wait.total_seconds() // 60)) for wait in WAITS)
    for said in (
        f"lasts {int(LIFE.total_seconds() // 60)} minutes", f"1 to {LONGEST_KEY} plain", f"1 to {MOST} ({USUAL} unless",
        f"{BURST} at once, {PER_MINUTE} a minute", f"{MOST_BYTES // 1024} KiB of JSON",
        f"file of steps {MOST_FILE_OF_STEPS // 1024} KiB", f"{MOST_FILE_BYTES // 1024 // 1024} MiB",
        f"{MOST_LINES} steps and {MOST_FILE_OF_STEPS // 1024} KiB", f"| addresses of one agency | {MOST_HOOKS} |",
        f"after {minutes} minutes", f"more than {REPLAY_WINDOW_SECONDS // 60} minutes", f"within {SECONDS:.0f} seconds",
        f"from {BUDDHIST_FROM} on", f"| {FREE_FOR_ACCOUNT}, then each must wait",
    ):  # fmt: skip
        assert said in PAGE, said
