"""What the operator sets: variables `HUIYIN_…`, or the same names in `huiyin.env` in the data folder."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUIYIN_", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = Field("", description="empty: SQLite in the data folder")
    broker_url: str = Field(
        "", description="redis://… or amqp://…: tells `huiyin work` on several machines at once; empty: none"
    )
    secret_key: str = Field("", description="empty: made once and kept in the data folder")
    seal_key: str = Field(
        "", description="key of the journal's seals; empty: made once, kept beside the data"
    )
    debug: bool = False
    base_url: str = "http://localhost:8000"
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    https: bool = Field(False, description="served behind HTTPS: secure cookies, HSTS")
    trusted_proxies: int = Field(0, description="how many proxies stand in front and set X-Forwarded-For")
    time_zone: str = "Asia/Shanghai"
    language: str = "zh-hans"
    email_url: str = Field(
        "", description="smtp://user:password@host:port, smtps://…; empty: mail is switched off"
    )
    email_from: str = "huiyin@localhost"
    seal_mail: str = Field("", description="addresses, by commas, that get each seal of the journal")
    robot_hosts: str = Field(
        "",
        description="further hosts (host or host:port, separated by commas) that group robots may be at,"
        " such as an own gateway; these may be plain http and inside the network",
    )
    upload_limit_mb: int = 20
    import_limit_mb: int = 50
    log_level: str = "INFO"

    def file(self, *parts: str) -> Path:
        return self.data_dir.joinpath(*parts)


def _kept_secret(path: Path) -> str:
    """Read a secret from its file; make it, readable by the owner alone, where there is none."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(value)
    return value


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment of this process, read once."""
    data_dir = Path(os.environ.get("HUIYIN_DATA_DIR", "data"))
    env_file = data_dir / "huiyin.env"
    return Environment(_env_file=env_file if env_file.exists() else None)


def secret_key() -> str:
    return environment().secret_key or _kept_secret(environment().file("keys", "secret"))


def seal_key() -> str:
    return environment().seal_key or _kept_secret(environment().file("keys", "seal"))
