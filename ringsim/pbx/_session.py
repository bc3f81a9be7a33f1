"""Signed-in requests to the PBX: the sign-in, the token and its renewal.

One lock is around the token, so that threads that find it expired refresh it once. Only what is
safe is sent twice: reads and sign-in, after a broken connection or a status that asks for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ringsim.pbx._credentials import Credentials, Secret
from ringsim.pbx._errors import PbxError, SignInError
from ringsim.pbx._transport import Transport, TryAgainError, check, json_of, retried

__all__ = ["Session"]

CLIENT_ID = "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a"  # a constant of the product
NO_API = (404, 405)  # statuses of another server, or of another path
EARLY = 60.0  # seconds before a token ends, at which it is renewed


class _Token:
    def __init__(self, access: str, refresh: str | None, until: float) -> None:
        self.access = Secret(access)
        self.refresh = None if refresh is None else Secret(refresh)
        self.until = until


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
        self._transport = Transport(url, verify, timeout)
        self.host = self._transport.host
        self._credentials = credentials
        self._lock = threading.RLock()
        self._token: _Token | None = None
        if credentials.token is not None:
            self._token = _Token(credentials.token.reveal(), None, float("inf"))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __repr__(self) -> str:
        return f"<Session with {self.host}>"

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of a GET; it is tried again if that is safe."""
        given = {name: value for name, value in params.items() if value is not None}
        return retried(lambda: self._signed_in("GET", path, params=given))

    def post(self, path: str, body: Any = None) -> Any:
        """Return the JSON of a POST, which is sent once.

        Raises
        ------
        LostAnswerError
            If no answer came, so that nobody knows whether the PBX did it.
        """
        try:
            return self._signed_in("POST", path, json=body)
        except TryAgainError as wrong:
            raise wrong.error from None

    def download(self, path: str) -> bytes:
        """Return a file; its path begins with `/api` and it needs no token."""

        def once() -> bytes:
            answer = self._transport.send("GET", path)
            check(answer, "GET", path)
            content: bytes = answer.content
            return content

        return retried(once)

    def _signed_in(self, method: str, path: str, **parts: Any) -> Any:
        """Send a request with a token; on 401 or 403 refresh once, sign in once, then give up."""
        token = self._valid_token()
        for renew in (self._refreshed, self._new, None):
            answer = self._transport.send(method, f"/api{path}", access=token.access, **parts)
            if answer.status_code not in (401, 403) or renew is None:
                break
            renewed = renew(token)
            if renewed is None:
                break
            token = renewed
        if answer.status_code == 401 and self._credentials.password is None:
            raise SignInError(
                "the PBX must accept the token, and refused it with status 401. "
                "It may be wrong or have ended",
                status=401,
                code="UNAUTHORIZED",
            )
        check(answer, method, path)
        return json_of(answer, method, path)

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

        def once() -> Any:
            answer = self._transport.send("POST", f"/api{path}", form=form)
            if answer.status_code in NO_API:
                raise PbxError(
                    f"the PBX must answer POST {path}, and has status {answer.status_code}. "
                    f"Is {self.host} its address?",
                    status=answer.status_code,
                )
            if 400 <= answer.status_code < 500 and answer.status_code != 429:
                raise SignInError(
                    "the PBX must accept the username, password and domain, and refused them",
                    status=answer.status_code,
                    code="UNAUTHORIZED",
                )
            check(answer, "POST", path)
            return json_of(answer, "POST", path)

        self._token = _token_of(retried(once))
        return self._token


def _token_of(pair: Any) -> _Token:
    """Return the token in the answer to a sign-in."""
    if not isinstance(pair, dict) or not isinstance(pair.get("access_token"), str):
        raise SignInError("the PBX must answer a sign-in with a token, and did not")
    seconds = pair.get("expires_in")
    lifetime = float(seconds) if isinstance(seconds, (int, float)) else 0.0
    until = time.monotonic() + max(lifetime - EARLY, lifetime / 2)
    return _Token(pair["access_token"], pair.get("refresh_token") or None, until)
