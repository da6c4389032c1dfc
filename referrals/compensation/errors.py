"""What the ledger refuses."""

from typing import Literal

from core.errors import InvalidInputError

Code = Literal[
    "amount_missing", "amount_negative", "amount_over", "missing_field", "out_of_order", "unknown_person",
    "already_reversed", "date_buddhist_era",
]  # fmt: skip


class LedgerError(InvalidInputError):
    """An entry that the books can't bear; `code` as for steps of tracks, the message says what to do."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
