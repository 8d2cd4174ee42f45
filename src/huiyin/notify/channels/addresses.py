"""Where a robot may be. Its address is typed by a person, and our server calls it: not every address will do.

Only the vendors' own hosts over https; what the operator names in `HUIYIN_ROBOT_HOSTS` besides (an own
gateway) may also be plain http and inside the network.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from huiyin.config.environment import environment

HOSTS = {
    "wecom": frozenset({"qyapi.weixin.qq.com"}),
    "dingtalk": frozenset({"oapi.dingtalk.com", "api.dingtalk.com"}),
    "feishu": frozenset({"open.feishu.cn", "open.larksuite.com"}),
}


def allowed(kind: str, url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username is not None or parts.password is not None or not _plain(url):
        return False
    if parts.scheme == "https" and port in (None, 443) and host in HOSTS.get(kind, ()):
        return True
    return _named(parts, host, port)


def _plain(url: str) -> bool:
    """Nothing that two readers of an address could read differently."""
    return url.isascii() and url.isprintable() and not any(char in url for char in " \\<>\"'`{}|^")


def _named(parts: SplitResult, host: str, port: int | None) -> bool:
    if parts.scheme not in ("http", "https"):
        return False
    named = {one.strip().lower() for one in environment().robot_hosts.split(",") if one.strip()}
    return host in named or f"{host}:{port or (443 if parts.scheme == 'https' else 80)}" in named
