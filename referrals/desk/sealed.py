"""Staff's own words beside a case: sealed under its key, gone with it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import KeyDestroyedError, NotFoundError
from referrals.models import Referral


async def key_or_none(session: AsyncSession, keys: DataKeys, referral: Referral) -> bytes | None:
    """Return the case's key; None once it is erased."""
    try:
        return await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        return None


def open_words(box: Box | None, key: bytes | None, table: str, column: str, row_id: UUID) -> str | None:
    """Return sealed words; None where they are gone."""
    if box is None or key is None:
        return None
    return box.open(key, context(table, column, row_id)).decode("utf-8", "replace")


def seal_words(words: str, key: bytes, table: str, column: str, row_id: UUID) -> Box:
    return Box(seal(key, words.encode("utf-8", "replace"), context(table, column, row_id)))


def own_form(of: UUID, by: UUID, referral_id: UUID, account_id: UUID, form_id: UUID) -> UUID:
    """Return the form's id where it was pressed twice here; raises NotFoundError for one used elsewhere."""
    if (of, by) != (referral_id, account_id):
        raise NotFoundError("this form belongs elsewhere")
    return form_id


def plain(text: str) -> str:
    """Return what was typed without what a form or a paste adds to it."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
