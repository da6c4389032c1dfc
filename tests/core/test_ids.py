"""Ids sort by the time they were made. Guards 2, 3: order by id is order in time."""

import time
from uuid import RFC_4122

from core.ids import new_id


def test_ids_of_one_process_only_grow() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_an_id_is_a_version_7_uuid_of_this_moment() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    # Ids made faster than the clock ticks run ahead of it by very little.
    assert -1 <= (made.int >> 80) - before < 1_000
