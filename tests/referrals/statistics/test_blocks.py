from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.blocks import NEVER, Row, block_of, from_bytes, joined, to_bytes

WORD = st.sampled_from(["", "ก", "province:TH-10", "line"])
SECONDS = st.integers(NEVER, 2**31 - 1)
ROWS = st.lists(
    st.builds(
        Row, st.integers(0, 23), st.booleans(), st.sampled_from(["P0", "P3"]), WORD, WORD, WORD, WORD, WORD,
        st.sampled_from(["", "danger", "danger suicide", "suicide"]), *[SECONDS] * 6,
    ),
    max_size=20,
)  # fmt: skip


def rows_of(block: object) -> list[Row]:
    columns, words = block.columns, block.words  # type: ignore[attr-defined]
    return [
        Row(
            *(
                words[name][int(columns[name][at])] if name in words else int(columns[name][at])
                for name in Row._fields
            )
        )
        for at in range(block.size)  # type: ignore[attr-defined]
    ]


def plain(rows: list[Row]) -> list[Row]:
    return [row._replace(stands=int(row.stands)) for row in rows]


@given(ROWS)
def test_a_block_is_stored_and_read_back(rows: list[Row]) -> None:
    assert rows_of(from_bytes(to_bytes(block_of(rows)))) == plain(rows)


@given(st.lists(ROWS, max_size=4))
def test_blocks_are_joined_in_order(days: list[list[Row]]) -> None:
    assert rows_of(joined([block_of(rows) for rows in days])) == plain([row for rows in days for row in rows])


@given(ROWS)
def test_a_kind_is_found_among_others(rows: list[Row]) -> None:
    block = block_of(rows)
    only = block.only(block.having("kinds", "suicide"))
    assert rows_of(only) == plain([row for row in rows if "suicide" in row.kinds.split()])


@given(ROWS)
def test_words_are_counted(rows: list[Row]) -> None:
    counted = block_of(rows).counts("place")
    assert counted == {
        place: sum(row.place == place for row in rows) for place in {row.place for row in rows}
    }
