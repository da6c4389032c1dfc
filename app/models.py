"""Every table of the service, gathered for migrations and for checks that walk all of them."""

import bots.models
import campaigns.models
import core.accounts.models
import core.audit.chain
import core.consent
import core.contacts.models
import core.crypto.data_keys
import core.jobs.heartbeat
import core.messages.models
import referrals.desk.models
import referrals.hotline_desk.models
import referrals.models
import referrals.teams.models
import screening.models
from core.db.base import Base

ROOMS = (
    core.crypto.data_keys, core.jobs.heartbeat, core.contacts.models, core.accounts.models, core.consent, core.audit.chain,
    core.messages.models, screening.models, referrals.teams.models,
    referrals.models, referrals.desk.models, referrals.hotline_desk.models, campaigns.models, bots.models,
)  # fmt: skip
METADATA = Base.metadata
