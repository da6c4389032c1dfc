"""What the page refuses on purpose; `words.toml` says each in both languages under its code."""

from core.errors import AppError, InvalidInputError, TooLargeError


class EmptyError(InvalidInputError):
    code = "empty"


class TooLongError(TooLargeError):
    code = "too_long"


class BinaryError(InvalidInputError):
    code = "binary"


class TooManyPicturesError(InvalidInputError):
    code = "too_many_pictures"


class TooSlowError(AppError):
    code = "too_slow"
    status = 408


class WaitError(AppError):
    """This address asked too often; `seconds` says when it may again."""

    code = "wait"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class WaitSimilarError(WaitError):
    """Edit after edit of one text."""

    code = "wait_similar"
