"""Single requests to the PBX: sent, tried again if that is safe, and checked.

A broken connection, or a status that asks for another try, becomes `TryAgainError`; `retried` sends
such a request again.
"""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ringsim._extras import extra
from ringsim.errors import ConfigurationError
from ringsim.pbx._credentials import Secret
from ringsim.pbx._errors import PbxError, refusal

with extra("pbx", "ringsim.pbx.PortSIP"):
    import httpx2
    import stamina

__all__ = [
    "LostAnswerError",
    "Transport",
    "TryAgainError",
    "base_url",
    "check",
    "json_of",
    "origin",
    "retried",
]

RETRIED = frozenset({429, 502, 503, 504})
TRIES, LONGEST_WAIT = 4, 60.0

T = TypeVar("T")


class LostAnswerError(PbxError):
    """The answer to a request never came; the PBX may have done it."""


class TryAgainError(Exception):
    """A request that may be sent again, and when."""

    def __init__(self, wait: float | None, error: PbxError) -> None:
        super().__init__(str(error))
        self.wait = wait
        self.error = error


def base_url(url: str) -> str:
    """Return the address of the API: scheme, host and port, and `/api`.

    Raises
    ------
    ConfigurationError
        If it is not an http address, or holds a password.
    """
    try:
        parts = httpx2.URL(url if "://" in url else f"https://{url}")
    except (httpx2.InvalidURL, TypeError):
        raise ConfigurationError("url", "must be an address like https://pbx:8887") from None
    if parts.userinfo:
        raise ConfigurationError(
            "url", "must not hold a password", hint="Set RINGSIM_PBX_USERNAME and _PASSWORD."
        )
    if parts.scheme not in ("http", "https") or not parts.host:
        raise ConfigurationError("url", "must be an address like https://pbx:8887", url)
    path = parts.path.rstrip("/").removesuffix("/api")
    return f"{parts.copy_with(path=path, query=None, fragment=None)}".rstrip("/")


class Transport:
    """The connections to one PBX.

    Parameters
    ----------
    url : str
        Address of the PBX.
    verify : bool, str or Path
        Whether to check the certificate, or the file of the authority that signed it.
    timeout : float
        Longest time to wait for a part of an answer [s].
    """

    def __init__(self, url: str, verify: bool | str | Path, timeout: float) -> None:
        self.host = base_url(url)
        self._timeout = timeout
        self._http = httpx2.Client(verify=_trusted(verify), timeout=timeout, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        access: Secret | None = None,
        form: Mapping[str, str | Secret] | None = None,
        **parts: Any,
    ) -> httpx2.Response:
        """Send one request; a broken connection becomes `TryAgainError`.

        Secrets are revealed in the arguments of one call only, so that no frame of a traceback
        holds them.
        """
        request = self._http.build_request(
            method,
            f"{self.host}{path}",
            headers={"Accept": "application/json", **_authorisation(access)},
            data=None if form is None else {name: _revealed(each) for name, each in form.items()},
            **parts,
        )
        try:
            return self._http.send(request)
        except httpx2.TimeoutException:
            reason, distrust = f"no part of an answer came within {self._timeout:g} s", ""
        except httpx2.TransportError as wrong:
            reason, distrust = _reason(wrong), _distrust(wrong)
        if distrust:
            raise PbxError(
                f"the PBX at {self.host} must have a certificate that this machine trusts: "
                f"{distrust}. Give the file of its authority: verify='FILE', or --ca FILE."
            )
        lost = f"the PBX at {self.host} did not answer {method} {request.url.path}: {reason}"
        raise TryAgainError(None, LostAnswerError(lost))


def retried(send: Callable[[], T]) -> T:
    """Return what a request brings; repeat it after faults that pass."""

    def backoff(wrong: Exception) -> bool | float:
        if not isinstance(wrong, TryAgainError):
            return False
        return True if wrong.wait is None else min(wrong.wait, LONGEST_WAIT)

    try:
        for attempt in stamina.retry_context(
            on=backoff, attempts=TRIES, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                return send()
    except TryAgainError as wrong:
        raise wrong.error from None
    raise AssertionError  # the loop returns or raises


def _authorisation(access: Secret | None) -> dict[str, str]:
    return {} if access is None else {"Authorization": f"Bearer {access.reveal()}"}


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _trusted(verify: bool | str | Path) -> Any:
    if isinstance(verify, bool):
        return verify
    if not isinstance(verify, (str, Path)):
        raise ConfigurationError("verify", "must be True, False or a file of certificates", verify)
    try:
        return ssl.create_default_context(cafile=str(verify))
    except OSError as wrong:
        raise ConfigurationError(
            "verify", f"must be a file of certificates: {wrong}", str(verify)
        ) from None


def _distrust(wrong: BaseException | None) -> str:
    """Return why a certificate was refused, or `""` if something else failed."""
    while wrong is not None:
        if isinstance(wrong, ssl.SSLCertVerificationError):
            return wrong.verify_message or "it is not valid"
        wrong = wrong.__cause__ or wrong.__context__
    return ""


def _reason(wrong: BaseException) -> str:
    """Return why there was no connection, in words of the system."""
    first: BaseException | None = wrong
    while first is not None:
        if isinstance(first, ssl.SSLError):
            plain = first.reason == "WRONG_VERSION_NUMBER"
            return "it does not speak https, perhaps http" if plain else str(first.reason)
        if isinstance(first, OSError) and first.strerror:
            return first.strerror.lower()
        first = first.__cause__ or first.__context__
    return str(wrong) or type(wrong).__name__


def check(answer: httpx2.Response, method: str, path: str) -> None:
    """Raise the error of an answer that is one."""
    if answer.is_redirect:
        raise PbxError(
            f"the PBX must answer {method} {path} itself, and names another address: "
            f"{answer.headers.get('location')}",
            status=answer.status_code,
        )
    if answer.status_code < 400:
        return
    error = refusal(method, path, answer.status_code, _body(answer))
    if answer.status_code in RETRIED:
        raise TryAgainError(_retry_after(answer), error)
    raise error


def origin(answer: httpx2.Response) -> str:
    """Return the scheme, host and port that an answer came from."""
    url = answer.request.url
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _retry_after(answer: httpx2.Response) -> float | None:
    """Return the seconds of the header `Retry-After`, in either of its forms."""
    text = answer.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _body(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def json_of(answer: httpx2.Response, method: str, path: str) -> Any:
    """Return the JSON of an answer; None if it has no body."""
    if not answer.content:
        return None
    data = _body(answer)
    if data is None:
        raise PbxError(
            f"the PBX must answer {method} {path} with JSON, and did not. "
            f"Is {origin(answer)} its address?",
            status=answer.status_code,
        )
    return data
