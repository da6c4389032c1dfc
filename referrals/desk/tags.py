"""A referral's labels: staff's own words, sealed together, one a line."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError
from referrals.desk.sealed import key_or_none, open_words, plain, seal_words
from referrals.live import announce_change
from referrals.models import Referral

MOST_TAGS = 10
LONGEST_TAG = 30


class TagsError(InvalidInputError):
    """Too many labels, or one that is too long."""

    code = "tags"


async def read_tags(session: AsyncSession, keys: DataKeys, referral: Referral) -> tuple[str, ...]:
    """Return the labels; none where they were erased."""
    if referral.tags is None:
        return ()
    key = await key_or_none(session, keys, referral)
    words = open_words(referral.tags, key, "referral", "tags", referral.id)
    return tuple(words.split("\n")) if words else ()


async def set_tags(session: AsyncSession, keys: DataKeys, referral: Referral, typed: str) -> tuple[str, ...]:
    """Let the referral have these labels, written with commas between. Raises TagsError, KeyDestroyedError."""
    named = (
        " ".join(part.split()).lstrip("#").strip() for part in plain(typed).replace("\n", ",").split(",")
    )
    tags = tuple(dict.fromkeys(name for name in named if name))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise TagsError(f"at most {MOST_TAGS} labels of {LONGEST_TAG} characters")
    key = await keys.load(session, referral.data_key_id)
    referral.tags = seal_words("\n".join(tags), key, "referral", "tags", referral.id) if tags else None
    referral.terms_of = None
    await session.flush()
    await announce_change(session, referral.id)
    return tags
