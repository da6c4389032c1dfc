"""One tree of errors, rendered once at the edge."""


class AppError(Exception):
    """Anything the service refuses on purpose; `code` is stable, `status` is its HTTP form."""

    code = "error"
    status = 400


class SettingsError(AppError):
    code = "settings"
    status = 500


class NotFoundError(AppError):
    code = "not_found"
    status = 404


class ForbiddenError(AppError):
    code = "forbidden"
    status = 403


class ConflictError(AppError):
    code = "conflict"
    status = 409


class TooLargeError(AppError):
    code = "too_large"
    status = 413


class InvalidInputError(AppError):
    code = "invalid"
    status = 400


class UnavailableError(AppError):
    code = "unavailable"
    status = 503


class CryptoError(AppError):
    """A ciphertext that does not open: wrong key, moved to another row, or damaged."""

    code = "unreadable"
    status = 500


class MasterKeyMissingError(CryptoError):
    """Sealed under a master key that this process does not hold (yet): nothing is lost, try again later."""

    code = "unavailable"
    status = 503


class KeyDestroyedError(CryptoError):
    """The data key was destroyed by an erasure; the content is gone on purpose."""

    code = "erased"
    status = 410
