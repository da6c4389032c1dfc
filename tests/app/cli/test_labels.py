"""`rootan labels` as people run it."""

from pathlib import Path

from tests.app.cli.conftest import CommandLine


async def test_it_writes_a_file_that_its_owner_alone_reads(rootan: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "rated_offers.jsonl"
    ended = await rootan.run("labels", "export", str(file))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("0 rated offers.")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"", 0o600)


async def test_a_place_that_can_not_be_written_ends_in_one_line(rootan: CommandLine, tmp_path: Path) -> None:
    ended = await rootan.run("labels", "export", str(tmp_path / "nowhere" / "x.jsonl"))
    assert (ended.status, len(ended.err.strip().splitlines())) == (1, 1)
