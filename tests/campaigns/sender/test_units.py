"""Names of LINE's aggregation units: one for each wording of a run, within LINE's form and its thousand a month."""

import re
from uuid import UUID

import pytest

from campaigns.sender import units
from campaigns.sender.units import names_left, unit_of
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from tests.campaigns.sender.going import begin, fetch, plan, settle_in, wording

# LINE reference, "Send multicast message", customAggregationUnits.
_FORM = re.compile(r"[A-Za-z0-9_]{1,30}")


def test_a_unit_has_lines_form_and_is_of_one_run_and_wording() -> None:
    runs = [new_id(), new_id(), UUID(int=2**128 - 1)]
    made = {unit_of(run, variant) for run in runs for variant in ("", "a", "b", "b_rest")}
    assert len(made) == 12
    assert all(_FORM.fullmatch(one) for one in made)


@pytest.mark.usefixtures("standing_clock")
async def test_when_the_months_names_are_used_up_it_goes_out_uncounted(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "MOST_A_MONTH", 3)
    await settle_in(database, keys, 4)
    for expected in (1, -1):
        going = await begin(database, keys, plan(wording("หนึ่ง", "a"), wording("สอง", "b"), weekly_cap=0))
        assert await going.freeze() == "sending"
        rows = await fetch(database, "SELECT unit FROM campaign_part WHERE run_id = $1", going.run_id)
        assert all((row["unit"] is None) is (expected < 0) for row in rows)
    async with database.unit_of_work() as session:
        assert await names_left(session, utc_now()) == 1
