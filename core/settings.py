"""The settings, read once from the environment or `.env`, and refused when half given."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingsError
from core.mail.server import MailServer, read_server

Environment = Literal["development", "demo", "production"]


class Settings(BaseSettings):
    """All settings of the service; the names are the contract (`ROOTAN_…`)."""

    model_config = SettingsConfigDict(
        env_prefix="ROOTAN_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    env: Environment = "development"
    database_url: str = ""
    data_dir: Path = Path("var")
    base_url: str = "http://127.0.0.1:8000"

    keys_file: Path | None = None
    keys: SecretStr | None = None

    line_channel_secret: SecretStr | None = None
    line_channel_access_token: SecretStr | None = None
    line_api_base: str = "https://api.line.me"
    line_data_api_base: str = "https://api-data.line.me"
    # "@…"; shown to who asks whether this is really us. LINE tells it when it is asked, so it need not be set.
    line_basic_id: str = ""
    line_multicasts_per_second: int = Field(default=100, ge=1, le=200)
    line_requests_per_second: int = Field(default=1_500, ge=1, le=2_000)
    line_quota_reserve: int = Field(default=500, ge=0)

    telegram_bot_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_base: str = "https://api.telegram.org"
    telegram_messages_per_second: int = Field(default=25, ge=1, le=1_000)

    # From so many people on a campaign takes two approvers.
    campaign_two_approvers_from: int = Field(default=10_000, ge=1)

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    metrics_token: SecretStr | None = None
    smtp_url: SecretStr | None = None

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    # Values of `acr` or `amr` by which the provider says that it asked for two factors.
    oidc_mfa: Annotated[tuple[str, ...], NoDecode] = ()

    simulator_url: str = ""

    @field_validator("trusted_proxies", "oidc_mfa", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        return tuple(p.strip() for p in value.split(",") if p.strip()) if isinstance(value, str) else value

    @field_validator(
        "keys",
        "line_channel_secret",
        "line_channel_access_token",
        "telegram_bot_token",
        "telegram_webhook_secret",
        "metrics_token",
        "smtp_url",
        "oidc_client_secret",
        "keys_file",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _refuse_half_a_channel(self) -> "Settings":
        if (self.line_channel_secret is None) != (self.line_channel_access_token is None):
            raise ValueError(
                "LINE needs both ROOTAN_LINE_CHANNEL_SECRET and ROOTAN_LINE_CHANNEL_ACCESS_TOKEN; set both or neither"
            )
        if (self.telegram_bot_token is None) != (self.telegram_webhook_secret is None):
            raise ValueError(
                "Telegram needs both ROOTAN_TELEGRAM_BOT_TOKEN and ROOTAN_TELEGRAM_WEBHOOK_SECRET; set both or neither"
            )
        return self

    @field_validator("smtp_url")
    @classmethod
    def _refuse_half_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            read_server(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _refuse_half_a_provider(self) -> "Settings":
        given = [bool(self.oidc_issuer), bool(self.oidc_client_id), self.oidc_client_secret is not None]
        if any(given) and not all(given):
            raise ValueError(
                "OpenID Connect needs ROOTAN_OIDC_ISSUER, ROOTAN_OIDC_CLIENT_ID and ROOTAN_OIDC_CLIENT_SECRET; "
                "set all three or none"
            )
        issuer = urlsplit(self.oidc_issuer)
        on_loopback = self.env != "production" and issuer.hostname in {"127.0.0.1", "::1", "localhost"}
        if self.oidc_issuer and issuer.scheme != "https" and not on_loopback:
            raise ValueError("ROOTAN_OIDC_ISSUER must be an https address")
        if issuer.query or issuer.fragment:
            raise ValueError("ROOTAN_OIDC_ISSUER has neither query nor fragment")
        return self

    @model_validator(mode="after")
    def _refuse_insecure_production(self) -> "Settings":
        if self.env != "production":
            return self
        if not self.database_url:
            raise ValueError(
                "production needs ROOTAN_DATABASE_URL: the embedded database is for one machine only"
            )
        if self.keys_file is None and self.keys is None:
            raise ValueError("production needs ROOTAN_KEYS_FILE (or ROOTAN_KEYS), made by `rootan keys new`")
        if self.keys_file is not None and self.keys_file.resolve().is_relative_to(self.data_dir.resolve()):
            raise ValueError("production keeps the keyset outside ROOTAN_DATA_DIR; move ROOTAN_KEYS_FILE")
        if urlsplit(self.base_url).scheme != "https":
            raise ValueError("production needs an https address in ROOTAN_BASE_URL")
        if self.simulator_url:
            raise ValueError("production does not talk to the simulator; unset ROOTAN_SIMULATOR_URL")
        return self

    @property
    def line_on(self) -> bool:
        return self.line_channel_secret is not None

    @property
    def telegram_on(self) -> bool:
        return self.telegram_bot_token is not None

    @property
    def mail_server(self) -> MailServer | None:
        """Where staff mail is handed over; None where there is none."""
        return None if self.smtp_url is None else read_server(self.smtp_url.get_secret_value())

    @property
    def oidc_on(self) -> bool:
        return bool(self.oidc_issuer)

    @property
    def is_embedded(self) -> bool:
        return not self.database_url


def load_settings() -> Settings:
    """Read the settings.

    Raises SettingsError with one line that says what to set.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(e["loc"], e["msg"]) for e in error.errors())) from None


def _explain(location: tuple[int | str, ...], message: str) -> str:
    name = "ROOTAN_" + str(location[0]).upper() + ": " if location else ""
    return name + message.removeprefix("Value error, ")
