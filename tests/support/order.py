"""Who runs what, when several processes run the tests: what shares something costly together, the longest first."""

import pytest
from xdist.scheduler import LoadScopeScheduling

# One running demo, one process with the modules of all commands; of what fills the machine by itself one at a time.
# The pages of the console need no demo.
_TOGETHER = (
    "tests/crash/", "tests/e2e/console_pages/", "tests/e2e/", "tests/app/cli/", "tests/app/console/browser/",
)  # fmt: skip
# What takes longest of all must not begin last, when nobody is left to share the work.
_FIRST = (
    "tests/crash/",
    "tests/e2e/",
    "tests/scenarios/",
    "tests/app/public/test_browser",
    "tests/app/cli/",
    "tests/app/console/browser/",
    "tests/app/public/",
    "tests/app/",
    "tests/nlp/training/",
)


def _place(item: pytest.Item) -> int:
    return next((place for place, begin in enumerate(_FIRST) if item.nodeid.startswith(begin)), len(_FIRST))


def put_longest_first(items: list[pytest.Item]) -> None:
    """Keep the order within; every process comes to the same."""
    items.sort(key=_place)


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole modules, or folders that share something, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        module: str = nodeid.partition("::")[0]
        return next((folder for folder in _TOGETHER if module.startswith(folder)), module)
