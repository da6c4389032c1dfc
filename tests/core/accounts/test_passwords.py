import time

import pytest

from core.accounts.passwords import WeakPasswordError, hash_password, password_matches, refuse_weak_password


async def test_it_hashes_with_argon2id_and_a_salt_of_its_own() -> None:
    first, second = await hash_password("ประโยคยาว ๆ ของอนงค์"), await hash_password("ประโยคยาว ๆ ของอนงค์")
    assert first.startswith("$argon2id$")
    assert first != second
    assert await password_matches(first, "ประโยคยาว ๆ ของอนงค์")
    assert not await password_matches(first, "ประโยคยาว ๆ ของบุญ")


async def test_it_takes_as_long_for_nobody_as_for_somebody() -> None:
    stored = await hash_password("a long enough sentence")
    await password_matches(None, "warm")
    spent = []
    for known in (stored, None):
        started = time.perf_counter()
        assert not await password_matches(known, "another sentence")
        spent.append(time.perf_counter() - started)
    assert 0.3 < spent[0] / spent[1] < 3


async def test_it_answers_no_to_a_damaged_hash() -> None:
    assert not await password_matches("$argon2id$broken", "anything at all")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "anong@example.org",
        " ANONG@example.org",
        "aaaaaaaaaaaaaaaa",
        "a" * 201,
        "anonganong",
    ],
)
def test_it_refuses_what_is_short_or_easy(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        refuse_weak_password(password, "anong@example.org")


@pytest.mark.parametrize("password", ["twelve chars", "ฉันชอบกินข้าวต้ม", "correct horse battery"])
def test_it_lets_sentences_pass(password: str) -> None:
    refuse_weak_password(password, "anong@example.org")
