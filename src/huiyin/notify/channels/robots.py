"""Group robots of WeCom, DingTalk and Feishu.

All three answer an error inside an HTTP 200: only the code in the body says whether the message arrived.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import requests
from django.utils.translation import gettext as _

from huiyin.core.errors import HuiyinError
from huiyin.notify.channels.addresses import allowed

TIMEOUT = (5, 10)  # seconds to connect, to wait for the next piece of the answer
WHOLE = 15  # seconds for the whole answer
MOST = 64 * 1024  # of an answer; what is longer is none


class NotDelivered(HuiyinError):
    """The robot's server did not take the message. `stored` is what the robot's row keeps of it."""

    status = 502

    def __init__(self, code: str, detail: str = "") -> None:
        self.stored = f"{code} {detail}".strip()[:500]
        super().__init__(error_words(self.stored), code=code)


def error_words(stored: str) -> str:
    """Why the last message did not arrive, as a person reads it."""
    code, _space, detail = stored.partition(" ")
    texts = {
        "address": _("地址不在允许的范围内"),
        "unreachable": _("连不上对方的服务器"),
        "slow": _("对方的服务器没有及时回答"),
        "status": _("对方的服务器回答了 %(detail)s"),
        "nonsense": _("对方的服务器回答的内容看不懂"),
        "refused": _("对方不收，错误代码 %(detail)s；请检查地址、加签密钥和群里机器人的安全设置"),
    }
    return texts.get(code, stored) % {"detail": detail}


def send(*, kind: str, url: str, secret: str, text: str) -> None:
    """Send one text. Raises NotDelivered where the server refuses, is silent or answers nonsense."""
    if not allowed(kind, url):
        raise NotDelivered("address")
    address, body = _REQUESTS[kind](url, secret, text)
    code = _code(_answer(address, body))
    if code != 0:
        raise NotDelivered("refused", str(code)[:40])


def _answer(address: str, body: dict[str, Any]) -> Any:
    """The answer's JSON. A redirect is not followed: it could lead anywhere."""
    try:
        with requests.post(
            address, json=body, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as response:
            if response.status_code != 200:
                raise NotDelivered("status", str(response.status_code))
            content = _read(response)
    except requests.Timeout as error:
        raise NotDelivered("slow") from error
    except requests.RequestException as error:
        raise NotDelivered("unreachable") from error
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotDelivered("nonsense") from error


def _read(response: requests.Response) -> bytes:
    """A server that drips its answer, or never stops, does not hold us up."""
    began, content = time.monotonic(), b""
    for block in response.iter_content(8192):
        content += block
        if time.monotonic() - began > WHOLE:
            raise NotDelivered("slow")
        if len(content) > MOST:
            raise NotDelivered("nonsense")
    return content


def _code(answer: Any) -> Any:
    """The code of the answer, 0 for good: `errcode` (WeCom, DingTalk), `code` or `StatusCode` (Feishu)."""
    if not isinstance(answer, dict):
        raise NotDelivered("nonsense")
    for name in ("errcode", "code", "StatusCode"):
        if name in answer:
            return answer[name]
    raise NotDelivered("nonsense")


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
