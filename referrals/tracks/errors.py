"""Why a step is refused: a code for programs, a sentence for people, and what to do."""

from typing import Literal, get_args

from core.errors import ConflictError, InvalidInputError, NotFoundError

StepCode = Literal[
    "unknown_case", "unknown_step", "unknown_event", "unknown_person", "unknown_value", "track_closed", "out_of_order",
    "wrong_maker", "amount_negative", "amount_over", "amount_missing", "date_future", "date_buddhist_era",
    "date_before_report", "missing_field", "field_not_allowed", "other_content", "already_reversed",
]  # fmt: skip
STEP_CODES: tuple[StepCode, ...] = get_args(StepCode)


class StepError(InvalidInputError):
    """A step that the rules refuse; nothing of it stays."""

    def __init__(self, code: StepCode, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        # Which field is wrong, where it is one.
        self.field = field


class UnknownCaseError(StepError, NotFoundError):
    """There is no such case, it is not the maker's, or it was erased."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_case", "no such case; it may have been erased")


class OtherContentError(StepError, ConflictError):
    """The maker told something else under the same name before."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "other_content",
            "this outside_id was told before with other content; correct that step",
            "outside_id",
        )
