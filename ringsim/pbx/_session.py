"""Requests to the PBX: sign-in, the token, retries, and errors without secrets.

One lock is around the token, so that threads that find it expired refresh it once. Only what is
safe is sent twice: reads and sign-in, after a broken connection or a status that asks for it.
"""

from __future__ import annotations

import email.utils
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ringsim._extras import extra
from ringsim.errors import ConfigurationError
from ringsim.pbx._credentials import Credentials, Secret
from ringsim.pbx._errors import PbxError, SignInError, refusal

with extra("pbx", "ringsim.pbx.PortSIP"):
    import httpx2
    import stamina

__all__ = ["LostAnswerError", "Session", "base_url"]

CLIENT_ID = "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a"  # a constant of the product
RETRIED = frozenset({429, 502, 503, 504})
TRIES, LONGEST_WAIT = 4, 60.0
EARLY = 60.0  # s before its end at which a token is renewed


class LostAnswerError(PbxError):
    """The answer to a request never came; the PBX may have done it."""


class _TryAgainError(Exception):
    """A request that may be sent again, and when."""

    def __init__(self, wait: float | None, error: PbxError) -> None:
        super().__init__(str(error))
        self.wait = wait
        self.error = error


class _Token:
    def __init__(self, access: str, refresh: str | None, until: float) -> None:
        self.access = Secret(access)
        self.refresh = None if refresh is None else Secret(refresh)
        self.until = until


def base_url(url: str) -> str:
    """Return the address of the API: scheme, host and port, and `/api`.

    Raises
    ------
    ConfigurationError
        If it is no http address, or holds a password.
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


class Session:
    """Signed-in requests to one PBX.

    Parameters
    ----------
    url : str
        Address of the PBX.
    credentials : Credentials
        How to sign in.
    verify : bool, str or Path
        Whether to check the certificate, or the file of the authority that signed it.
    timeout : float
        Longest time to wait for a part of an answer [s].
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        verify: bool | str | Path = True,
        timeout: float = 10,
    ) -> None:
        self.host = base_url(url)
        self._credentials = credentials
        self._timeout = timeout
        self._http = httpx2.Client(verify=_trusted(verify), timeout=timeout, trust_env=False)
        self._lock = threading.RLock()
        self._token: _Token | None = None
        if credentials.token is not None:
            self._token = _Token(credentials.token.reveal(), None, float("inf"))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __repr__(self) -> str:
        return f"<Session with {self.host}>"

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of a GET; it is tried again if that is safe."""
        given = {name: value for name, value in params.items() if value is not None}
        return self._retried(lambda: self._signed_in("GET", path, params=given))

    def post(self, path: str, body: Any = None) -> Any:
        """Return the JSON of a POST, which is sent once.

        Raises
        ------
        LostAnswerError
            If no answer came, so that nobody knows whether the PBX did it.
        """
        try:
            return self._signed_in("POST", path, json=body)
        except _TryAgainError as wrong:
            raise wrong.error from None

    def download(self, path: str) -> bytes:
        """Return a file; its path begins with `/api` and it needs no token."""

        def once() -> bytes:
            answer = self._sent("GET", f"{self.host}{path}")
            _check(answer, "GET", path)
            content: bytes = answer.content
            return content

        content: bytes = self._retried(once)
        return content

    def _retried(self, send: Callable[[], Any]) -> Any:
        """Return what a request brings; repeat it after faults that pass."""

        def backoff(wrong: Exception) -> bool | float:
            if not isinstance(wrong, _TryAgainError):
                return False
            return True if wrong.wait is None else min(wrong.wait, LONGEST_WAIT)

        try:
            for attempt in stamina.retry_context(
                on=backoff, attempts=TRIES, timeout=None, wait_initial=0.2, wait_max=5.0
            ):
                with attempt:
                    return send()
        except _TryAgainError as wrong:
            raise wrong.error from None
        raise AssertionError  # the loop returns or raises

    def _signed_in(self, method: str, path: str, **parts: Any) -> Any:
        """Send a request with a token; on 401 or 403 refresh once, sign in once, then give up."""
        token = self._valid_token()
        for renew in (self._refreshed, self._new, None):
            answer = self._sent(method, f"{self.host}/api{path}", token=token, **parts)
            if answer.status_code not in (401, 403) or renew is None:
                break
            renewed = renew(token)
            if renewed is None:
                break
            token = renewed
        _check(answer, method, path)
        return _json(answer, method, path)

    def _valid_token(self) -> _Token:
        with self._lock:
            if self._token is None:
                return self._sign_in()
            if time.monotonic() >= self._token.until:
                return self._refreshed(self._token) or self._sign_in()
            return self._token

    def _refreshed(self, used: _Token) -> _Token | None:
        """Return a new token in place of one that was refused; None if there is no way."""
        with self._lock:
            if self._token is not None and self._token is not used:
                return self._token  # another thread was first
            if used.refresh is None:
                return self._new(used)
            form: dict[str, str | Secret] = {
                "grant_type": "refresh_token",
                "refresh_token": used.refresh,
                "client_id": CLIENT_ID,
            }
            self._token = None
            try:
                return self._granted(form)
            except SignInError:
                return self._new(used)

    def _new(self, used: _Token) -> _Token | None:
        """Sign in again; None if only a token was given."""
        with self._lock:
            if self._token is not None and self._token is not used:
                return self._token
            return None if self._credentials.password is None else self._sign_in()

    def _sign_in(self) -> _Token:
        held = self._credentials
        if held.password is None:
            raise SignInError("the token must be valid, and the PBX does not accept it")
        form: dict[str, str | Secret] = {
            "grant_type": "password",
            "username": held.username or "",
            "password": held.password,
            "scope": "all",
            "client_id": CLIENT_ID,
        }
        if held.domain:
            form["domain"] = held.domain
        return self._granted(form)

    def _granted(self, form: Mapping[str, str | Secret]) -> _Token:
        """Return the token for a grant, and keep it."""
        path = "/login/oauth/token"

        def once() -> httpx2.Response:
            answer = self._sent("POST", f"{self.host}/api{path}", form=form)
            if 400 <= answer.status_code < 500 and answer.status_code != 429:
                raise SignInError(
                    "the PBX must accept the username, password and domain, and refused them",
                    status=answer.status_code,
                    code="UNAUTHORIZED",
                )
            _check(answer, "POST", path)
            return answer

        self._token = _token_of(_json(self._retried(once), "POST", path))
        return self._token

    def _sent(
        self,
        method: str,
        url: str,
        *,
        token: _Token | None = None,
        form: Mapping[str, str | Secret] | None = None,
        **parts: Any,
    ) -> httpx2.Response:
        """Send one request; a broken connection becomes `_TryAgainError`.

        Secrets are revealed in the arguments of one call only, so that no frame of a traceback
        holds them.
        """
        request = self._http.build_request(
            method,
            url,
            headers={"Accept": "application/json", **_authorisation(token)},
            data=None if form is None else {name: _revealed(each) for name, each in form.items()},
            **parts,
        )
        try:
            return self._http.send(request)
        except httpx2.TimeoutException:
            reason, distrust = f"no part of an answer came within {self._timeout:g} s", ""
        except httpx2.TransportError as wrong:
            reason, distrust = type(wrong).__name__, _distrust(wrong)
        if distrust:
            raise PbxError(
                f"the PBX at {self.host} must have a certificate that this machine trusts: "
                f"{distrust}. Give the file of its authority: verify='FILE', or --ca FILE."
            )
        lost = f"the PBX at {self.host} did not answer {method} {request.url.path}: {reason}"
        raise _TryAgainError(None, LostAnswerError(lost))


def _authorisation(token: _Token | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token.access.reveal()}"}


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _token_of(pair: Any) -> _Token:
    """Return the token in the answer to a sign-in."""
    if not isinstance(pair, dict) or not isinstance(pair.get("access_token"), str):
        raise SignInError("the PBX must answer a sign-in with a token, and did not")
    seconds = pair.get("expires_in")
    lifetime = float(seconds) if isinstance(seconds, (int, float)) else 0.0
    until = time.monotonic() + max(lifetime - EARLY, lifetime / 2)
    return _Token(pair["access_token"], pair.get("refresh_token") or None, until)


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


def _check(answer: httpx2.Response, method: str, path: str) -> None:
    """Raise the error of an answer that is one."""
    if answer.status_code < 400:
        return
    error = refusal(method, path, answer.status_code, _body(answer))
    if answer.status_code in RETRIED:
        raise _TryAgainError(_retry_after(answer), error)
    raise error


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


def _json(answer: httpx2.Response, method: str, path: str) -> Any:
    """Return the JSON of an answer; None if it has no body."""
    if not answer.content:
        return None
    data = _body(answer)
    if data is None:
        raise PbxError(
            f"the PBX must answer {method} {path} with JSON, and did not",
            status=answer.status_code,
        )
    return data
