"""What the examiner refuses; each page says it in its own words under its code."""

from core.errors import AppError


class BusyError(AppError):
    """More is under way than this process takes; `seconds` until it is worth trying again."""

    code = "busy"
    status = 503

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class FailedError(AppError):
    """No answer came."""

    code = "failed"
    status = 500
