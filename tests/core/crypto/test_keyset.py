"""The master keyset: rotation reads old and writes new, a damaged or foreign one is refused. Guards 11, 17."""

import asyncio
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from core.crypto.keyset import (
    dump_keyset,
    keyset_path,
    load_keyset,
    new_keyset,
    parse_keyset,
    rotated,
    without_key,
    write_keyset,
)
from core.errors import CryptoError, SettingsError
from core.settings import Settings

ROOT = Path(__file__).parents[3]


def test_a_rotated_set_reads_old_and_writes_new() -> None:
    old = new_keyset()
    new = rotated(old)
    wrapped = old.wrap(b"key", b"here")
    assert new.unwrap(wrapped, b"here") == b"key"
    assert new.key_name(new.wrap(b"key", b"here")) == new.primary != old.primary
    with pytest.raises(CryptoError):
        old.unwrap(new.wrap(b"key", b"here"), b"here")


def test_a_retired_key_reads_no_more_and_the_primary_can_not_be_retired() -> None:
    old = new_keyset()
    new = without_key(rotated(old), old.primary)
    with pytest.raises(CryptoError):
        new.unwrap(old.wrap(b"key", b"here"), b"here")
    with pytest.raises(CryptoError, match="rotate first"):
        without_key(new, new.primary)


def test_what_was_wrapped_for_one_place_opens_nowhere_else() -> None:
    keyset = new_keyset()
    for wrapped, where in ((keyset.wrap(b"k", b"here"), b"there"), (b"", b"here"), (b"\xffx", b"here")):
        with pytest.raises(CryptoError):
            keyset.unwrap(wrapped, where)


def test_a_blind_index_is_stable_and_means_nothing_without_the_key_or_the_purpose() -> None:
    keyset = new_keyset()
    assert keyset.index("line-address", "U1") == rotated(keyset).index("line-address", "U1")
    others = {keyset.index("telegram-address", "U1"), keyset.index("line-address", "U2"),
              new_keyset().index("line-address", "U1")}  # fmt: skip
    assert keyset.index("line-address", "U1") not in others
    assert len(others) == 3


def test_a_fingerprint_names_the_set_through_rotations_and_tells_others_apart() -> None:
    keyset = new_keyset()
    assert rotated(keyset).fingerprint() == keyset.fingerprint() != new_keyset().fingerprint()
    assert keyset.index_key.hex()[:16] != keyset.fingerprint()


def test_a_set_does_not_print_its_keys() -> None:
    keyset = new_keyset()
    assert f"{keyset!r}{keyset}" == "<Keyset of 1 keys>" * 2


def test_what_was_dumped_is_read_back() -> None:
    keyset = rotated(new_keyset())
    assert parse_keyset(dump_keyset(keyset)) == keyset


def broken(change: Any) -> str:
    whole = json.loads(dump_keyset(new_keyset()))
    change(whole)
    return json.dumps(whole)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "{}", '"x"', "key", "\0",
        broken(lambda w: w.pop("primary")),
        broken(lambda w: w.update(primary="another")),
        broken(lambda w: w.update(keys=[])),
        broken(lambda w: w.update(keys={w["primary"]: "c2hvcnQ="})),
        broken(lambda w: w.update(keys={w["primary"]: "%%%"})),
        broken(lambda w: w.update(keys={w["primary"]: None})),
        broken(lambda w: w.update(index_key="")),
        broken(lambda w: w.pop("audit_key")),
    ],
)  # fmt: skip
def test_a_malformed_set_is_refused_in_one_line_that_quotes_nothing(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_keyset(text)
    assert "\n" not in str(refused.value)
    assert "ROOTAN_KEYS_FILE" in str(refused.value)


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keyset.json"
    write_keyset(path, new_keyset())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["keyset.json"]


def test_a_first_start_makes_a_set_and_the_next_finds_it(settings: Settings) -> None:
    first = load_keyset(settings)
    assert first.origin == "sandbox"
    assert load_keyset(settings) == first
    assert [p.name for p in keyset_path(settings).parent.iterdir()] == ["keyset.json"]


async def test_of_many_processes_that_start_at_once_all_use_one_set(tmp_path: Path) -> None:
    code = (
        "from core.settings import Settings; from core.crypto.keyset import load_keyset; from pathlib import Path;"
        f"print(load_keyset(Settings(data_dir=Path({str(tmp_path)!r}))).fingerprint())"
    )
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await process.communicate())[0] for process in started]
    assert len(set(said)) == 1
    assert said[0].strip()


def test_a_file_that_was_named_and_is_not_there_is_refused(settings: Settings, tmp_path: Path) -> None:
    named = settings.model_copy(update={"keys_file": tmp_path / "none.json"})
    with pytest.raises(SettingsError, match="names no file"):
        load_keyset(named)
    assert not (tmp_path / "none.json").exists()


def test_a_folder_in_place_of_the_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        load_keyset(settings.model_copy(update={"keys_file": tmp_path}))


def test_bytes_that_are_no_text_are_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "k.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError):
        load_keyset(settings.model_copy(update={"keys_file": tmp_path / "k.json"}))


def test_production_refuses_a_set_made_by_the_sandbox(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    write_keyset(path, new_keyset("sandbox"))
    production = settings.model_copy(update={"env": "production", "keys_file": path})
    with pytest.raises(SettingsError, match="sandbox"):
        load_keyset(production)
    write_keyset(path, new_keyset())
    assert load_keyset(production).origin == "operator"
