"""Every setting, and the one place that reads the environment.

Strongest first: flags of the command line, ``SUAR_*`` variables, ``suar.toml`` in the home, the defaults
below. An unknown key is an error that names the nearest known one, so a typing mistake never passes as
"not set".
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from flows.problems import UsageProblem

PREFIX = "SUAR_"
DEFAULT_HOME = Path("data")
SETTINGS_FILE = "suar.toml"
PREFECT_STARTUP_S = 120
"""Prefect gives its temporary server 20 s; two cores under load were seen to need more than 26 s."""


class Settings(BaseSettings):
    """What a command runs with."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default=DEFAULT_HOME, description="Folder that holds everything Suar keeps.")
    timezone: str = Field(
        default="Asia/Jakarta", description="IANA zone in which a run's day is counted."
    )
    day: dt.date | None = Field(
        default=None, description="Day that a run works for; today in `timezone` when unset."
    )
    sources_dir: Path | None = Field(
        default=None, description="Folder of source files in place of the bundled ones."
    )
    contact: str = Field(
        default="", description="Web page or address that the user agent names to site owners."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=2, description="Child processes that extract text from pages."
    )
    page_time_limit_s: Annotated[float, Field(gt=0)] = Field(
        default=20.0, description="Seconds that one page may take before its child is killed."
    )
    page_memory_mb: Annotated[int, Field(ge=256)] = Field(
        default=2048, description="Address space of an extraction child, in MiB."
    )
    recycle_after: Annotated[int, Field(ge=1)] = Field(
        default=500, description="Pages after which an extraction child is replaced by a fresh one."
    )
    batch_size: Annotated[int, Field(ge=1)] = Field(
        default=200, description="Articles that are saved in one transaction."
    )
    min_free_mb: Annotated[int, Field(ge=0)] = Field(
        default=1024, description="Free disk space, in MiB, below which no run starts."
    )
    min_sources_share: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.6,
        description="Share of the crawled sources that must answer for a release to replace the last one.",
    )
    accepted_checks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Checks of a release whose findings a person has looked at and lets pass; names with commas.",
    )
    titles_first: bool = Field(
        default=True,
        description="Fetch only articles that title, summary or address hint at, of sources that tell much each"
        " day; off: fetch everything.",
    )
    similarity_model: str = Field(
        default="",
        description="Path or name of another sentence-transformers model; empty: bundled.",
    )
    reviewer: str = Field(
        default="", description="Who decides, for `suar review`; `--by` names somebody else."
    )
    prefect: bool = Field(
        default=True, description="Run inside a Prefect flow; off runs the same steps without it."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe entry that is written to the log files."
    )

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("not an IANA time zone, such as Asia/Jakarta") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return flags and environment; `load` adds the file below them."""
        return (init_settings, env_settings)

    @field_validator("accepted_checks", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    def today(self, now: dt.datetime) -> dt.date:
        """Return the day that a run started at ``now`` works for."""
        return self.day or now.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def archive(self) -> Path:
        """Folder of the archived responses and inputs."""
        return self.home / "archive"

    @property
    def warehouse(self) -> Path:
        """The private database file."""
        return self.home / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """Folder of the published releases."""
        return self.home / "releases"

    @property
    def reviews(self) -> Path:
        """Folder of the human decisions."""
        return self.home / "reviews"

    @property
    def logs(self) -> Path:
        """Folder of the log files."""
        return self.home / "logs"

    @property
    def ledger(self) -> Path:
        """The run ledger."""
        return self.home / "ledger.jsonl"

    @property
    def source_history(self) -> Path:
        """What runs and checks found of the sources."""
        return self.home / "sources.jsonl"


def load(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings in force; ``flags`` that are None count as not given."""
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    environment = os.environ if environment is None else environment
    from_environment = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    _refuse_unknown(
        from_environment, where="the environment", spell=lambda key: PREFIX + key.upper()
    )
    home = Path(given.get("home") or from_environment.get("home") or DEFAULT_HOME).expanduser()
    file = home / SETTINGS_FILE
    from_file = _read_file(file)
    merged = {**from_file, **from_environment, **given, "home": home}
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        where = (
            f"--{key.replace('_', '-')}"
            if key in given
            else f"{PREFIX}{key.upper()}"
            if key in from_environment
            else str(file)
        )
        message = first["msg"].removeprefix("Value error, ")
        raise UsageProblem(f"{where}: {key}: {message}", "correct the value") from error


def _read_file(path: Path) -> dict[str, Any]:
    """Return the keys of ``suar.toml``; none when there is no such file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise UsageProblem(
            f"the home {path.parent} is a file", "name a folder with --home or SUAR_HOME"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageProblem(
            f"{path} cannot be read: {error}", "correct or remove the file"
        ) from error
    if "home" in content:
        raise UsageProblem(
            f"{path}: home cannot be set in the file that the home holds",
            "use --home or SUAR_HOME",
        )
    _refuse_unknown(content, where=str(path), spell=str)
    return content


def _refuse_unknown(keys: Mapping[str, Any], *, where: str, spell: Any) -> None:
    """Raise for the first key that no setting has, naming the nearest one."""
    known = list(Settings.model_fields)
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = (
                f"did you mean {spell(near[0])}?" if near else f"known: {', '.join(sorted(known))}"
            )
            raise UsageProblem(f"unknown setting {spell(key)} in {where}", hint)


def prefect_environment(home: Path) -> dict[str, str]:
    """Return the variables that keep Prefect quiet, private and inside the home."""
    return {
        "PREFECT_HOME": str((home / "prefect").absolute()),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(PREFECT_STARTUP_S),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # A fresh home prints harmless tracebacks of its own migrations below this level.
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_CLI_COLORS": "false",
        "DO_NOT_TRACK": "1",
    }


def prepare_prefect(home: Path) -> None:
    """Set Prefect's variables before its first import; what an operator has set stays."""
    # Prefect makes its own folder, but none above it.
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    for name, value in prefect_environment(home).items():
        os.environ.setdefault(name, value)


def colour_wanted() -> bool:
    """Return whether colours may be used: NO_COLOR, when set to anything, says no."""
    return not os.environ.get("NO_COLOR")
