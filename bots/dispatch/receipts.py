"""What the person says of a payment, written on the compensation track."""

from bots.dispatch.ground import Ground
from bots.engine.steps import ReceiptEffect
from core.clock import utc_now
from referrals.payment_answers import answer_payment


async def note_receipt(ground: Ground, effect: ReceiptEffect) -> None:
    await answer_payment(
        ground.session, ground.keys, effect.report, effect.payment, got=effect.got, now=utc_now()
    )
