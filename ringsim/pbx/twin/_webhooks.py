"""Webhooks: one POST per event, tried again until the other side takes it."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ringsim.errors import ConfigurationError
from ringsim.pbx.twin._clock import Clock

__all__ = ["Webhook", "deliver"]

RETRY_AFTER = (15, 60, 180, 480, 900)  # s
TIMEOUT = 10  # s
DELIVERED, GONE = 200, 404  # only 200 counts; 404 stops the retries


@dataclass(frozen=True)
class Webhook:
    """An address that wants events.

    Attributes
    ----------
    tenant_id, topic : str
        Whose events, and which: `cdr_events` or `extension_events`.
    url : str
        The address, http or https.
    username, password, bearer : str
        How to sign in there; none if all are empty.
    digest : bool
        Whether the password is sent by Digest instead of Basic.
    """

    tenant_id: str
    topic: str
    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    digest: bool = False

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ConfigurationError("url", "must begin with http:// or https://", self.url)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _post(webhook: Webhook, message: Mapping[str, Any]) -> int:
    """Send one message; return the status, or 0 if nobody answered."""
    request = urllib.request.Request(  # noqa: S310  # the scheme is checked
        webhook.url,
        data=json.dumps(message, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    if webhook.bearer:
        request.add_header("Authorization", f"Bearer {webhook.bearer}")
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect(), urllib.request.ProxyHandler({})]
    if webhook.username:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, webhook.url, webhook.username, webhook.password)
        kind = (
            urllib.request.HTTPDigestAuthHandler
            if webhook.digest
            else urllib.request.HTTPBasicAuthHandler
        )
        handlers.append(kind(passwords))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as wrong:
        wrong.close()
        return wrong.code
    except (OSError, ValueError):
        return 0


async def deliver(webhook: Webhook, message: Mapping[str, Any], clock: Clock) -> None:
    """Send a message; try again after each pause until it is accepted or the address is removed."""
    for pause in (*RETRY_AFTER, None):
        status = await asyncio.to_thread(_post, webhook, message)
        if status in (DELIVERED, GONE) or pause is None:
            return
        await clock.sleep(pause)
