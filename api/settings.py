"""Everything an operator may set, by environment variable; each field says what it does and stands in the README's table."""

import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.bounds import Limits

PREFIX = "DINGHUO_"
DEFAULTS = Limits()
_STORAGE = re.compile(r"file:///[^?#]*|s3://[^/?#@]+(?:/[^?#]*)?(?:\?(?:&?(?:region|endpoint|style)=[^&#]*)+)?")


class LogLevel(StrEnum):
    """How much is written to the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """For machines, or for a person at a terminal; `auto` looks whether there is one."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class Settings(BaseSettings):
    """The settings of one process, read once at its start; a wrong value stops it with the variable's name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 for every network of the machine."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    data_dir: Path = Field(default=Path("var"), description="Folder for the embedded database and the key files.")
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices(f"{PREFIX}DATABASE_URL", "DATABASE_URL"),
        description="PostgreSQL 15 or newer, as a libpq URL. Without it the app starts a PostgreSQL of its own in the data folder.",
    )
    redis_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices(f"{PREFIX}REDIS_URL", "REDIS_URL"),
        description="Redis or Valkey that wakes the other processes. Needed only where several serve one database.",
    )
    storage_url: str | None = Field(
        default=None,
        description="Where attached files are kept: file:///folder or s3://bucket/prefix?region=…&endpoint=…, with credentials"
        " in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Without it the folder `files` in the data folder.",
    )
    time_stamp_url: str | None = Field(
        default=None,
        pattern="^https?://[^/]+",
        description="Time stamp authority (RFC 3161) for signatures. Without it the platform stamps them itself, and says so.",
    )
    trusted_roots: Path | None = Field(
        default=None,
        description="PEM file of outside certificate authorities that are trusted, above all the time stamp authority's.",
    )
    signing_roots: Path | None = Field(
        default=None,
        description="PEM file of the authorities whose certificates signatories may register; without it each vouches for their own.",
    )
    public_url: str | None = Field(
        default=None,
        pattern="^https?://[^/]+/?$",
        description="Where partners reach this server, such as https://orders.example.com: payment providers write there. Without it"
        " nothing can be paid online, except in the demo.",
    )
    payment_simulator_url: str | None = Field(
        default=None,
        pattern="^https?://[^/]+/?$",
        description="Where a payment simulator runs, for accounts that are marked as sandbox. The demo starts one of its own.",
    )
    demo: bool = Field(
        default=False,
        description="Fill the database with demo companies and show their passwords. Never in production.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins, separated by commas, whose pages may call this server from a browser; its own host always may.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO, description="Least severity that is written: debug, info, warning or error."
    )
    log_format: LogFormat = Field(
        default=LogFormat.AUTO, description="json, console, or auto: console at a terminal, else json."
    )
    pool_min: int = Field(default=1, ge=0, description="Database connections each process keeps open.")
    pool_max: int = Field(default=10, ge=1, le=1000, description="Database connections each process opens at most.")
    limit_depth: int = Field(default=DEFAULTS.depth, ge=1, description="Fields inside one another in one operation.")
    limit_aliases: int = Field(default=DEFAULTS.aliases, ge=0, description="Aliases in one operation.")
    limit_tokens: int = Field(default=DEFAULTS.tokens, ge=1, description="Words and signs in one document.")
    limit_document_bytes: int = Field(
        default=DEFAULTS.document_bytes, ge=1024, description="Bytes in one document, variables not counted."
    )
    limit_cost: int = Field(
        default=DEFAULTS.cost, ge=1, description="Cost of one operation: its fields times the pages around them."
    )
    limit_body_bytes: int = Field(default=DEFAULTS.body_bytes, ge=1024, description="Bytes in one HTTP request.")
    limit_upload_bytes: int = Field(
        default=20 * 1024 * 1024, ge=1024, le=1024**3, description="Bytes in one file that is uploaded."
    )
    limit_seconds: float = Field(default=DEFAULTS.deadline, gt=0, description="Seconds a query may run.")
    introspection: bool = Field(
        default=DEFAULTS.introspection, description="Whether the schema may be asked for over the API."
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("storage_url")
    @classmethod
    def _known_storage(cls, value: str | None) -> str | None:
        if value is not None and not _STORAGE.fullmatch(value):
            raise ValueError("must be file:///folder or s3://bucket/prefix?region=…&endpoint=…, without credentials")
        return value

    @cached_property
    def limits(self) -> Limits:
        """The bounds of one request."""
        return Limits(
            depth=self.limit_depth,
            aliases=self.limit_aliases,
            tokens=self.limit_tokens,
            document_bytes=self.limit_document_bytes,
            cost=self.limit_cost,
            body_bytes=self.limit_body_bytes,
            deadline=self.limit_seconds,
            introspection=self.introspection,
        )

    @property
    def is_public(self) -> bool:
        """Whether machines other than this one can reach the server."""
        return self.host not in {"127.0.0.1", "::1", "localhost"}


def settings_table() -> str:
    """The one Markdown table of all settings, for the README."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| {_variables(name)} | {_shown(field.default)} | {field.description} |")
    return "\n".join(rows) + "\n"


def _variables(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    names = alias.choices if isinstance(alias, AliasChoices) else [f"{PREFIX}{name.upper()}"]
    return " or ".join(f"`{variable}`" for variable in names)


def _shown(default: object) -> str:
    if default is None or default == ():
        return "–"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
