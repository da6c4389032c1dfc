"""What staff may do here, and the one key under which staff's own copies are sealed."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.accounts.roster import scopes_held
from core.crypto.data_keys import DataKeys
from core.errors import ForbiddenError
from core.permissions import Scope

# Offers are read and labelled by who works on referrals; what citizens will read is for who answers for them.
MAY_READ: Scope = "screening.read"
MAY_LABEL: Scope = "screening.write"
MAY_PUBLISH: Scope = "referrals.assign"
_KEY = "screening"
# Masks texts (`nlp.redaction`) wherever the lexicon is at hand.
Mask = Callable[[Sequence[str]], Awaitable[Sequence[str]]]


def require(by: Account, scope: Scope) -> None:
    """Raise ForbiddenError where the account's role does not hold the scope."""
    if scope not in scopes_held(by):
        raise ForbiddenError("your role may not do this")


async def desk_key(session: AsyncSession, keys: DataKeys) -> tuple[UUID, bytes]:
    """Return the key of handles' values, of wave examples and of texts that somebody unnamed left to us.

    It belongs to no person, so erasing one leaves them.
    """
    return await keys.named(session, _KEY, "screening")
