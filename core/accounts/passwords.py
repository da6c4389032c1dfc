"""Passwords: Argon2id, hashed beside the event loop, two at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InvalidInputError

SHORTEST = 12
LONGEST = 200

# OWASP's first choice for Argon2id (Password Storage Cheat Sheet): 46 MiB, one pass, one lane; about 50 ms of CPU.
_hasher = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
# Each hash takes its 46 MiB: a flood of sign-ins queues here instead of filling the memory.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


class WeakPasswordError(InvalidInputError):
    """Shorter than 12 characters, or the person's own address."""

    code = "weak_password"


def refuse_weak_password(password: str, email: str) -> None:
    """Raise WeakPasswordError for a password too short, too long, of one character, or made of the address."""
    plain = password.strip().casefold()
    name = email.partition("@")[0]
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(plain)) < 4 or plain in {email, name, name * 2, name + email}:
        raise WeakPasswordError("a password is not the address, nor one character again and again")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Verify; takes as long for an account that does not exist or has no password yet."""
    matches = await asyncio.get_running_loop().run_in_executor(
        _hashing, _verify, stored or _nobody(), password[: LONGEST + 1]
    )
    return matches and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
