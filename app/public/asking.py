"""The words between the web process and the examiner."""

import msgspec

from referrals.directory.hotlines import Language


class Ask(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """One offer to be examined, or the answer to our question (`answer`, as "fee.yes").

    `who` names the network address by a keyed hash; `unread` says of each picture, in order, why it gave no words,
    "" where it gave some.
    """

    language: Language
    who: bytes
    text: str = ""
    in_picture: bool = False
    unread: tuple[str, ...] = ()
    agrees: bool = False
    answer: str = ""
    abroad: bool = False
    money: bool = False


class Told(msgspec.Struct, frozen=True):
    """The page that answers; `retry` in seconds, 0 for none."""

    status: int
    html: str
    retry: int = 0


class Ground(msgspec.Struct, frozen=True):
    """What an examiner starts with. It travels by a pipe, so that neither a command line nor an environment holds it."""

    database: str
    keyset: str
