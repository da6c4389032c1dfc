"""The command line's names are a contract."""

from app.cli.entry import FAMILIES
from tests.app.cli.conftest import CommandLine

CONTRACT = {
    "demo", "serve", "worker", "migrate", "screen", "ocr", "staff", "doctor", "audit", "backup", "restore", "channels",
    "keys",
}  # fmt: skip


async def test_it_lists_every_command(started: CommandLine) -> None:
    shown = await started.run("--help")
    assert (shown.status, shown.err) == (0, "")
    assert set(FAMILIES) >= CONTRACT
    assert [name for name in CONTRACT if f"│ {name} " not in shown.out] == []


async def test_it_refuses_half_a_channel_in_one_line(started: CommandLine) -> None:
    ended = await started.run("migrate", ROOTAN_LINE_CHANNEL_SECRET="made-up")
    assert ended.status == 1
    assert ended.err.startswith("rootan: LINE needs both")
    assert ended.err.count("\n") == 1
