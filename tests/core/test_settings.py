"""Half-configured or insecure settings are refused in one line that says what to set. Guards 17."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import SettingsError
from core.settings import load_settings

SECRET = "s3cr3t-never-shown"
GOOD_PRODUCTION = {
    "ROOTAN_ENV": "production", "ROOTAN_DATABASE_URL": "postgresql://db/rootan", "ROOTAN_BASE_URL": "https://x.go.th",
    "ROOTAN_KEYS_FILE": "/etc/rootan/keyset.json",
}  # fmt: skip


OPENID = {
    "ROOTAN_OIDC_ISSUER": "https://id.example", "ROOTAN_OIDC_CLIENT_ID": "rootan", "ROOTAN_OIDC_CLIENT_SECRET": SECRET,
}  # fmt: skip


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def load(**environment: str) -> Any:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


def test_nothing_needs_to_be_set_to_try_it(load: Any) -> None:
    settings = load()
    assert (settings.env, settings.is_embedded, settings.line_on, settings.telegram_on) == (
        "development", True, False, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"ROOTAN_LINE_CHANNEL_SECRET": SECRET}, "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN"),
        ({"ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": SECRET}, "ROOTAN_LINE_CHANNEL_SECRET"),
        ({"ROOTAN_TELEGRAM_BOT_TOKEN": SECRET}, "ROOTAN_TELEGRAM_WEBHOOK_SECRET"),
        ({"ROOTAN_TELEGRAM_WEBHOOK_SECRET": SECRET}, "ROOTAN_TELEGRAM_BOT_TOKEN"),
        ({"ROOTAN_OIDC_ISSUER": "https://id.example"}, "ROOTAN_OIDC_CLIENT_SECRET"),
        ({"ROOTAN_OIDC_CLIENT_SECRET": SECRET}, "ROOTAN_OIDC_ISSUER"),
        (OPENID | {"ROOTAN_OIDC_ISSUER": "http://id.example"}, "ROOTAN_OIDC_ISSUER"),
        (OPENID | {"ROOTAN_OIDC_ISSUER": "https://id.example?x"}, "ROOTAN_OIDC_ISSUER"),
        (GOOD_PRODUCTION | OPENID | {"ROOTAN_OIDC_ISSUER": "http://127.0.0.1:1"}, "ROOTAN_OIDC_ISSUER"),
        ({"ROOTAN_ENV": "prod"}, "ROOTAN_ENV"),
        ({"ROOTAN_LINE_MULTICASTS_PER_SECOND": "many"}, "ROOTAN_LINE_MULTICASTS_PER_SECOND"),
        ({"ROOTAN_LINE_MULTICASTS_PER_SECOND": "201"}, "ROOTAN_LINE_MULTICASTS_PER_SECOND"),
        ({"ROOTAN_LINE_QUOTA_RESERVE": "-1"}, "ROOTAN_LINE_QUOTA_RESERVE"),
        (GOOD_PRODUCTION | {"ROOTAN_DATABASE_URL": ""}, "ROOTAN_DATABASE_URL"),
        (GOOD_PRODUCTION | {"ROOTAN_KEYS_FILE": ""}, "ROOTAN_KEYS_FILE"),
        (GOOD_PRODUCTION | {"ROOTAN_KEYS_FILE": "var/keys/keyset.json"}, "outside ROOTAN_DATA_DIR"),
        (GOOD_PRODUCTION | {"ROOTAN_BASE_URL": "http://x.go.th"}, "ROOTAN_BASE_URL"),
        (GOOD_PRODUCTION | {"ROOTAN_SIMULATOR_URL": "http://127.0.0.1:1"}, "ROOTAN_SIMULATOR_URL"),
    ],
)
def test_what_is_half_given_or_insecure_is_refused_in_one_line(
    load: Any, environment: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(**environment)
    line = str(refused.value)
    assert says in line
    assert "\n" not in line
    assert SECRET not in line


def test_production_starts_when_all_is_given(load: Any) -> None:
    assert load(**GOOD_PRODUCTION).env == "production"


def test_secrets_do_not_print(load: Any) -> None:
    settings = load(
        ROOTAN_LINE_CHANNEL_SECRET=SECRET,
        ROOTAN_LINE_CHANNEL_ACCESS_TOKEN=SECRET,
        ROOTAN_SMTP_URL=f"smtp://u:{SECRET}@mail.example.org?from=a@example.org",
    )
    assert SECRET not in repr(settings) + str(settings)


def test_an_empty_value_is_an_absent_one(load: Any) -> None:
    settings = load(
        ROOTAN_LINE_CHANNEL_SECRET="", ROOTAN_LINE_CHANNEL_ACCESS_TOKEN="", ROOTAN_METRICS_TOKEN=""
    )
    assert not settings.line_on
    assert settings.metrics_token is None


def test_trusted_proxies_are_a_list(load: Any) -> None:
    assert load(ROOTAN_TRUSTED_PROXIES="10.0.0.1, 10.0.0.2,").trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_a_provider_on_this_machine_is_for_trying_out(load: Any) -> None:
    settings = load(**OPENID | {"ROOTAN_OIDC_ISSUER": "http://127.0.0.1:1", "ROOTAN_OIDC_MFA": "mfa, otp"})
    assert settings.oidc_on
    assert settings.oidc_mfa == ("mfa", "otp")
