import pytest


@pytest.fixture(autouse=True)
def no_complaint() -> None:
    """These pages are not a demo's, which this stands in for below tests/e2e."""
