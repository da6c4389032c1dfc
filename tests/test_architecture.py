"""What must hold of the code as a whole; import-linter holds the direction of imports (`make imports`)."""

import ast
import gc
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "bots", "campaigns", "core", "nlp", "referrals", "screening", "simulator")
MODULES = sorted(
    path
    for room in (*ROOMS, "benchmarks")
    for path in (ROOT / room).rglob("*.py")
    if "vendor" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))

# Invariant 5: who may open a unit of work (house, section 4). `core/jobs` is the job wrapper.
MAY_COMMIT = (
    "app/", "core/jobs/", "bots/inbox", "bots/dispatch", "bots/delivery", "bots/spool", "campaigns/sender",
    "benchmarks/",
)  # fmt: skip
# Connections, not sessions: the migrations' own transaction, and the definition of the unit of work.
COMMITS_ITSELF = {"app/schema.py", "app/migrations/env.py", "core/db/database.py"}
# Judgement's patterns are Thai by nature, the simulator and benchmarks make messages up, `core/messages/wording.py` lists words that no message holds.
# Those of `app` and `referrals` handle the script and its words: how letters are drawn and ordered, what stands before
# a name, and before a number so that it is read as one. None of it is shown.
THAI_IN_CODE = (
    "nlp/", "simulator/", "core/messages/wording.py", "benchmarks/", "app/faces/paper.py",
    "referrals/questionnaires/places.py", "referrals/packets/suggestions.py", "referrals/desk/names.py",
    "referrals/desk/meaning.py",
)  # fmt: skip
NAME_OF_THE_SERVICE = "รู้ทัน"
# The seam of the clock; ids, whose order is of this machine; the spool, which compares with the file system's times;
# the simulator, whose world has a clock and ids of its own.
READS_THE_CLOCK = {"core/clock.py", "core/ids.py", "bots/spool.py", "simulator/clock.py", "simulator/ids.py"}
LOCKS = ("requirements.lock", "package-lock.json")

_LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_THAI = re.compile("[\u0e00-\u0e7f]")
_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
           ("time", "time_ns")}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_collected() -> Iterator[None]:
    """Millions of nodes stay until the end; looking through them for garbage took most of this module's time."""
    gc.disable()
    yield
    tree.cache_clear()
    not_copy.cache_clear()
    gc.enable()


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


@cache
def not_copy(path: Path) -> set[int]:
    """Return the ids of the constants that nobody is shown: docstrings, and patterns that are compiled."""
    found = {id(part) for call in calls(path) if method(call) == "compile" for part in ast.walk(call)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def long_files(paths: list[Path], limit: int) -> list[str]:
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{name(path)}: {length} lines" for path, length in lengths if length > limit]


def test_files_stay_small_enough_to_read() -> None:
    rooms = [path for path in MODULES if "migrations/versions" not in name(path)]
    assert long_files(rooms, 400) == []
    assert long_files(TESTS, 600) == []


def test_functions_stay_small_enough_to_read() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in MODULES + TESTS
        if "migrations/versions" not in name(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert long == []


def test_every_room_is_known_to_the_import_rules() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    on_disk = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(settings["importlinter"]["root_packages"]) == on_disk - {"benchmarks", "tests"} == set(ROOMS)
    packaged = {pattern.rstrip("*") for pattern in settings["setuptools"]["packages"]["find"]["include"]}
    assert packaged == set(ROOMS)


def test_only_those_who_may_open_a_unit_of_work() -> None:
    openers = {name(path) for path in MODULES for call in calls(path) if method(call) == "unit_of_work"}
    assert [opener for opener in sorted(openers) if not opener.startswith(MAY_COMMIT)] == []


def test_nobody_commits_by_hand() -> None:
    committers = {name(path) for path in MODULES for call in calls(path) if method(call) == "commit"}
    assert committers <= COMMITS_ITSELF


def test_package_files_are_empty() -> None:
    full = [name(path) for path in MODULES if path.name == "__init__.py" and path.read_text(encoding="utf-8")]
    assert full == []


def test_imports_stand_at_the_top() -> None:
    hidden = [
        f"{name(path)}:{inner.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_thai_copy_is_data_not_code() -> None:
    copy = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        if not name(path).startswith(THAI_IN_CODE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in not_copy(path)
        if _THAI.search(node.value.replace(NAME_OF_THE_SERVICE, ""))
    ]
    assert copy == []


def test_the_wall_clock_is_read_in_one_place() -> None:
    readers = {
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        if not name(path).startswith("benchmarks/") and name(path) not in READS_THE_CLOCK
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr) in _CLOCKS
    }
    assert readers == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_name_no_address(lock: str) -> None:
    content = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"\w+://|\"resolved\"|--(extra-)?index-url|--find-links", content)


def test_every_locked_package_has_a_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z]", line)]
    assert len(pinned) > 50
    assert [lines[n] for n in pinned if not lines[n + 1].lstrip().startswith("--hash=sha256:")] == []


def test_nothing_is_left_for_later() -> None:
    marks = []
    for path in MODULES + TESTS:
        if not _LATER.search(path.read_text(encoding="utf-8")):
            continue
        with path.open("rb") as file:
            marks += [
                f"{name(path)}:{token.start[0]}"
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.COMMENT and _LATER.search(token.string)
            ]
    assert marks == []
