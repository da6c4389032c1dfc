"""What is refused between hotline and agency; pages and programs say each under its code."""

from core.errors import ConflictError, ForbiddenError, InvalidInputError


class AgencyUnknownError(InvalidInputError):
    """No open agency that the hotline is paired with."""

    code = "agency_unpaired"


class AgreementEndedError(ForbiddenError):
    """The agreement under which data is shared with this agency is over."""

    code = "agreement_ended"


class OneWayError(ForbiddenError):
    """This agency only answers; it was not paired to write or send files back."""

    code = "one_way"


class PendingError(ConflictError):
    """Another request of this case still waits for an answer."""

    code = "request_pending"


class WithAgencyError(ConflictError):
    """This agency works on the case already."""

    code = "agency_has_it"


class OverError(ConflictError):
    """The request is not in the state that this step begins from: answered, recalled or expired meanwhile."""

    code = "request_over"


class AfterError(InvalidInputError):
    """A request follows only a declined, expired or recalled one of the same case."""

    code = "request_after"


class FieldError(InvalidInputError):
    """A field that can't be shared; `field` names it, `code` says why."""

    def __init__(self, code: str, field: str, what_to_do: str) -> None:
        super().__init__(what_to_do)
        self.code, self.field = code, field


class NamesSomebodyError(InvalidInputError):
    """Words that seem to tell who the person is, while that is withheld; `fields` names where they stand."""

    code = "names_somebody"

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__("take names, numbers and addresses out of the words, or say that you looked at each")
        self.fields = fields


class ReasonCodeError(InvalidInputError):
    """Not one of the known reasons or outcomes."""

    code = "reason_code"


class WordsLengthError(InvalidInputError):
    """Nothing written, or too much."""

    code = "words_length"


class AnswersItselfError(ForbiddenError):
    """This agency has officers of its own: staff don't answer in its stead."""

    code = "agency_answers_itself"
