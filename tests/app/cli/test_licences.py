"""`rootan licences` as people run it."""

from pathlib import Path

from tests.app.cli.conftest import CommandLine

SAMPLE = Path(__file__).parents[3] / "docs" / "samples" / "licences-fictional.csv"


async def test_it_imports_the_sample_and_says_what_is_in_force(rootan: CommandLine) -> None:
    none = await rootan.run("licences", "status")
    assert (none.status, "no register yet" in none.err) == (1, True)
    ended = await rootan.run("licences", "import", str(SAMPLE))
    assert (ended.status, ended.err) == (0, "")
    assert "5 licensed recruiters as of 2026-11-01" in ended.out
    assert "5 licensed recruiters as of 2026-11-01" in (await rootan.run("licences", "status")).out


async def test_a_file_with_a_mistake_is_named_by_line_and_leaves_the_register_as_it_was(
    rootan: CommandLine, tmp_path: Path
) -> None:
    assert (await rootan.run("licences", "import", str(SAMPLE))).status == 0
    bad = tmp_path / "bad.csv"
    bad.write_bytes(SAMPLE.read_bytes() + "ตย.1/2599,บริษัท ซ้ำ จำกัด,,\n".encode())
    ended = await rootan.run("licences", "import", str(bad))
    assert (ended.status, ended.out) == (1, "")
    assert "line 7: ตย.1/2599 stands on line 2 already" in ended.err
    assert "5 licensed" in (await rootan.run("licences", "status")).out


async def test_a_file_without_a_day_is_of_today_unless_one_is_named(
    rootan: CommandLine, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_bytes("เลขที่ใบอนุญาต,ชื่อบริษัท\nตย.1/2599,บริษัท สมมติ จำกัด\n".encode("tis-620"))
    ended = await rootan.run("licences", "import", str(bare))
    assert (ended.status, "names no as-of date" in ended.out) == (0, True)
    ended = await rootan.run("licences", "import", str(bare), "--as-of", "1/10/2569")
    assert "as of 2026-10-01" in ended.out
    ended = await rootan.run("licences", "import", str(SAMPLE), "--as-of", "2569-10-01")
    assert (ended.status, "the file says as of 2026-11-01" in ended.err) == (1, True)


async def test_a_file_that_is_not_there_ends_in_one_line(rootan: CommandLine) -> None:
    ended = await rootan.run("licences", "import", "nowhere.csv")
    assert (ended.status, len(ended.err.strip().splitlines())) == (1, 1)
