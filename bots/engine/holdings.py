"""What the service holds about one person, in counts and dates: enough to show, nothing to read."""

from datetime import datetime

import msgspec

from core.contacts.subjects import Subject


class Holdings(msgspec.Struct, frozen=True):
    """Counts of what stands now under a person's number."""

    known_since: datetime
    # Judgements of offers, and how many of them still have their words.
    checked: int = 0
    texts: int = 0
    # Reports whose words are still kept, and how many of them are open.
    reports: int = 0
    open_reports: int = 0
    takes_news: bool = False
    stopped: tuple[Subject, ...] = ()
    may_write_first: bool = False
    minor: bool = False
    # A wish to be forgotten that stands.
    forgotten_at: datetime | None = None
    # Being forgotten would wait, because something urgent is being worked on.
    forgets_late: bool = False
