"""A text that goes around costs a turn no more than any other. Guards 15."""

from core.clock import utc_now
from core.db.database import Database, driver_connection
from core.ids import new_id
from screening.offers import MOST_LOOKED_AT, count_similar

_FILL = """
INSERT INTO screening (id, contact_id, channel, band, score, indicators, rules, model, fingerprint, created_at)
SELECT gen_random_uuid(), $1, 'line', 'danger', 0.9, '{}', 'r', 'm', '\\x01', now() - interval '1 hour'
FROM generate_series(1, $2::int)
"""


async def test_a_text_that_goes_around_is_looked_at_only_so_far(database: Database) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await connection.execute(
            "INSERT INTO data_key (id, purpose, master, created_at) VALUES ($1, 'contact', 'm', now())",
            key := new_id(),
        )
        people = [new_id() for _ in range(2)]
        for person in people:
            await connection.execute(
                "INSERT INTO contact (id, data_key_id, created_at) VALUES ($1, $2, now() - interval '9 days')",
                person,
                key,
            )
        await connection.execute(_FILL, people[0], 1)
        counted = [await count_similar(connection, [(b"\x01", new_id())], utc_now())]
        await connection.execute(
            "UPDATE screening SET created_at = now() - interval '1 day' WHERE contact_id = $1", people[0]
        )
        await connection.execute(_FILL, people[1], MOST_LOOKED_AT)
        counted.append(await count_similar(connection, [(b"\x01", new_id())], utc_now()))
    assert [sum(found.values()) for found in counted] == [1, 1]
