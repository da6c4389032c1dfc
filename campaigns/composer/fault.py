"""What is wrong with a plan, as a code with its place: whoever shows it has the words."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Only = Literal["", "line", "telegram"]
# Whoever shows faults has words for each of these.
FaultCode = Literal[
    "address_in_text", "address_too_long", "address_wrong", "card_empty", "choices_count", "english_missing",
    "flex_too_large", "id_twice", "id_wrong", "keeps_unknown", "label_too_long", "labels_alike",
    "lesson_not_reviewed", "lesson_unknown", "measure_incomplete", "missing", "never_said", "no_blocks",
    "no_right_answer", "no_steps", "no_wording", "notice_too_long", "number_unknown", "number_unverified",
    "number_written_out", "phase_wrong", "picture_missing", "picture_removed", "picture_too_large",
    "picture_too_many_pixels", "place_unknown", "press_target", "press_too_long", "presses_count",
    "question_twice", "right_in_survey", "shows_too_much", "spelling", "text_too_long", "too_few_cards",
    "too_many_cards", "too_many_messages", "too_many_steps", "too_many_wordings", "trial_alone", "trial_missing",
    "trial_wrong", "variable_broken", "variable_no_fallback", "variable_not_here", "variable_unknown",
    "variant_wrong",
]  # fmt: skip


class Fault(msgspec.Struct, frozen=True):
    """`place` leads there by dots: step, variant (may be empty), block id, field, language; a step counts from 0.

    `channel` is the platform that would refuse it, "" where nobody should send it. What does not stop is a hint.
    """

    place: str
    code: FaultCode
    channel: Only = ""
    values: Mapping[str, str | int] = {}
    stops: bool = True


def too_long(place: str, code: FaultCode, length: int, limit: int, channel: Only = "") -> Fault:
    return Fault(place, code, channel, {"length": length, "limit": limit})
