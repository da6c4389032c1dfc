"""Ends and erases what is due, as the chores do: one report a transaction."""

from core.db.database import Database
from referrals.keeping.ending import find_ended
from referrals.report_erasure import erase_due_report, find_due_reports
from referrals.retention import end_report, erase_come_back, find_come_back


async def end_all(database: Database) -> int:
    """End what is over and erase what a backup brought back; return how many reports."""
    done = 0
    async with database.unit_of_work() as session:
        ended, back = await find_ended(session), await find_come_back(session)
    for found, act in ((ended, end_report), (back, erase_come_back)):
        for referral_id in found:
            async with database.unit_of_work() as session:
                done += await act(session, referral_id)
    return done


async def erase_due(database: Database) -> int:
    """Erase what people asked to erase and is due; return how many reports."""
    done = 0
    async with database.unit_of_work() as session:
        due = await find_due_reports(session)
    for referral_id in due:
        async with database.unit_of_work() as session:
            done += await erase_due_report(session, referral_id)
    return done
