"""Every table of the service, gathered for migrations and for checks that walk all of them."""

import bots.models
import campaigns.models
import core.accounts.models
import core.audit.breaches
import core.audit.chain
import core.consent
import core.contacts.models
import core.crypto.data_keys
import core.jobs.heartbeat
import core.messages.models
import core.retention.models
import referrals.agencies.models
import referrals.desk.models
import referrals.hotline_desk.models
import referrals.keeping.models
import referrals.models
import referrals.packets.models
import referrals.referring.models
import referrals.statistics.models
import referrals.teams.models
import referrals.tracks.models
import referrals.yearly.models
import screening.models
from core.db.base import Base

ROOMS = (
    core.crypto.data_keys, core.jobs.heartbeat, core.contacts.models, core.accounts.models, core.consent, core.audit.chain, core.audit.breaches,
    core.messages.models, core.retention.models, screening.models, referrals.teams.models,
    referrals.models, referrals.desk.models, referrals.hotline_desk.models, referrals.keeping.models,
    referrals.packets.models, referrals.statistics.models, referrals.agencies.models, referrals.referring.models,
    referrals.tracks.models, referrals.yearly.models, campaigns.models, bots.models,
)  # fmt: skip
METADATA = Base.metadata
