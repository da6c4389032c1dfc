"""The person's own word on money that an agency says it paid: a step of the compensation track, made in the chat."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.data_keys import DataKeys
from referrals.models import Referral
from referrals.progress_reading import read_progress
from referrals.tracks.events import By, NewStep
from referrals.tracks.recording import record


async def answer_payment(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, payment_id: UUID, *, got: bool, now: datetime
) -> bool:
    """Write down whether a payment came; False where nothing is to be written.

    That is: it was said before, came already, or is not there (any more). Who says that it did not come may say later
    that it did. Raises StepError where the track refuses it.
    """
    # Nobody may say something else between the look and the writing.
    await session.get_one(Referral, referral_id, with_for_update=True, populate_existing=True)
    today = bangkok(now).date()
    money = (await read_progress(session, keys, referral_id, today)).money
    payment = money.payment(payment_id) if money and not money.is_closed else None
    word = "confirmed" if got else "denied"
    if payment is None or payment.answer in {word, "confirmed"}:
        return False
    step = NewStep(
        step=f"receipt_{word}",
        track="compensation",
        happened_on=today,
        amount=payment.amount,
        about_id=payment.id,
    )
    await record(session, keys, referral_id, step, By(maker="citizen", source="chat"), now=now)
    return True
