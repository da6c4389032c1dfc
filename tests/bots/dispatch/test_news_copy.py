"""What campaigns hold of a person stands in their copy, in words."""

from uuid import UUID

import pytest

from bots.dispatch.personal_copy import collect_copy
from campaigns.audience.traits import seal_name
from campaigns.models import Campaign, ContactTrait
from campaigns.plans.blocks import Choice, SurveyBlock, Wording
from campaigns.plans.plan import Plan, Step, encode_plan
from core.clock import utc_now
from core.contacts.models import Contact
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.audience.crowd import Crowd

SURVEY = SurveyBlock(
    id="q1", question={"th": "อยู่จังหวัดไหน"}, choices=(Choice(id="10", label={"th": "กรุงเทพฯ"}, reply={"th": "ค่ะ"}),)
)  # fmt: skip
PLAN = Plan(steps=(Step(wordings=(Wording(blocks=(SURVEY,), notice={"th": "มีข่าว"}),)),))


@pytest.fixture
async def crowd(database: Database, keys: DataKeys) -> Crowd:
    return Crowd(database, keys)


async def tell(crowd: Crowd, dao: UUID) -> None:
    """Dao says where she lives and how to call her, answers a question, and is found under a tag."""
    campaign = await crowd.campaign(await crowd.author())
    await crowd.sent(campaign, [dao], utc_now())
    await crowd.answered(campaign, [dao], "q1", "10")
    await crowd.answered(campaign, [dao], "gone", "b")
    await crowd.tag([dao], "อบรม")
    async with crowd.database.unit_of_work() as session:
        contact = await session.get_one(Contact, dao)
        key = await crowd.keys.load(session, contact.data_key_id)
        name = seal_name(key, dao, "พี่ดาว")
        session.add(ContactTrait(contact_id=dao, province="10", name=name, changed_at=utc_now()))
        (await session.get_one(Campaign, campaign)).plan = encode_plan(PLAN)


async def test_it_says_what_was_told_answered_and_meant_for_them(crowd: Crowd) -> None:
    dao, ek = await crowd.come(2)
    await tell(crowd, dao)
    async with crowd.database.unit_of_work() as session:
        copy = await collect_copy(session, crowd.keys, dao)
        others = await collect_copy(session, crowd.keys, ek)
    assert [(one["province"], one["name"]) for one in copy["told_campaigns"]] == [("10", "พี่ดาว")]
    assert [one["tag"] for one in copy["lists"]] == ["อบรม"]
    said = {(one["question"], one["said"]) for one in copy["campaign_answers"]}
    # A question that the plan has no more is said by its code.
    assert said == {("อยู่จังหวัดไหน", "กรุงเทพฯ"), ("gone", "b")}
    assert [one["campaign"] for one in copy["campaigns"]] == ["เตือนงาน"]
    for section in ("told_campaigns", "lists", "campaign_answers", "campaigns"):
        assert others[section] == []
