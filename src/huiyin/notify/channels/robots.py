"""Group robots of WeCom, DingTalk and Feishu.

All three answer an error inside an HTTP 200: only the code in the body says whether the message arrived.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

import requests

from huiyin.core.errors import HuiyinError

TIMEOUT = (5, 10)  # seconds to connect, to answer


class NotDelivered(HuiyinError):
    """The robot's server did not take the message."""

    code = "not_delivered"


def send(*, kind: str, url: str, secret: str, text: str) -> None:
    """Send one text. Raises NotDelivered where the server refuses, is silent or answers nonsense."""
    address, body = _REQUESTS[kind](url, secret, text)
    try:
        response = requests.post(address, json=body, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise NotDelivered(f"the robot's server cannot be reached: {type(error).__name__}") from error
    if response.status_code != 200:
        raise NotDelivered(f"the robot's server answered {response.status_code}")
    try:
        answer = response.json()
    except ValueError as error:
        raise NotDelivered("the robot's server answered something that is not JSON") from error
    code = _code(answer)
    if code != 0:
        raise NotDelivered(f"the robot's server refused with code {code}")


def _code(answer: Any) -> Any:
    """The code of the answer, 0 for good: `errcode` (WeCom, DingTalk), `code` or `StatusCode` (Feishu)."""
    if not isinstance(answer, dict):
        return "unknown"
    for name in ("errcode", "code", "StatusCode"):
        if name in answer:
            return answer[name]
    return "unknown"


def _wecom(url: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(url: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    """Signed: HMAC-SHA-256 of "milliseconds\\nsecret" keyed with the secret, in the address."""
    if secret:
        stamp = str(round(time.time() * 1000))
        digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        joint = "&" if "?" in url else "?"
        url += joint + urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    """Signed: HMAC-SHA-256 of nothing keyed with "seconds\\nsecret", in the body."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(time.time()))
        digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        body |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return url, body


_REQUESTS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}
