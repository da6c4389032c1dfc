"""A referral's title: a few words of staff's own, sealed under the case's key."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError
from referrals.desk.sealed import key_or_none, open_words, plain, seal_words
from referrals.live import announce_change
from referrals.models import Referral

LONGEST_TITLE = 80


class TitleLengthError(InvalidInputError):
    code = "title_length"


async def read_title(session: AsyncSession, keys: DataKeys, referral: Referral) -> str:
    """Return the title; empty where there is none or it was erased."""
    if referral.title is None:
        return ""
    key = await key_or_none(session, keys, referral)
    return open_words(referral.title, key, "referral", "title", referral.id) or ""


async def set_title(session: AsyncSession, keys: DataKeys, referral: Referral, text: str) -> None:
    """Name the referral, or take its name away. Raises TitleLengthError, KeyDestroyedError."""
    words = " ".join(plain(text).split())
    if len(words) > LONGEST_TITLE:
        raise TitleLengthError(f"a title has at most {LONGEST_TITLE} characters")
    key = await keys.load(session, referral.data_key_id)
    referral.title = seal_words(words, key, "referral", "title", referral.id) if words else None
    referral.terms_of = None
    await session.flush()
    await announce_change(session, referral.id)
