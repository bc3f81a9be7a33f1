"""Passwords and tokens.

Passwords are kept as salted hashes. Tokens live in memory and end with the server.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

__all__ = ["Principal", "Tokens", "hashed", "new_password", "password_fits"]

LETTERS = string.ascii_uppercase + string.digits
ACCESS_SECONDS, REFRESH_SECONDS = 1800, 86_400
CODE_SECONDS, MAX_CODE_TRIES = 300, 5
MAX_PAIRS = 100_000  # the oldest are forgotten
COST, BLOCK, WIDTH = 2**14, 8, 1  # of scrypt


def hashed(password: str) -> str:
    """Return the salted hash of a password."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def password_fits(password: str, kept: str | None) -> bool:
    """Return whether a password fits its hash; it takes as long if there is no hash."""
    salt, _, digest = (kept or "00:").partition(":")
    found = _scrypt(password, bytes.fromhex(salt))
    return hmac.compare_digest(found.hex(), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    coded = password.encode(errors="surrogatepass")
    return hashlib.scrypt(coded, salt=salt, n=COST, r=BLOCK, p=WIDTH)


def new_password() -> str:
    """Return a random password."""
    return secrets.token_urlsafe(12)


def new_token(length: int = 48) -> str:
    """Return a random token of capital letters and digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass(frozen=True)
class Principal:
    """The sender of a request: a user, and the tenant in which the user acts."""

    user_id: str
    name: str
    role: str
    tenant_id: str | None
    domain: str | None
    extension_number: str | None = None


@dataclass
class _Pair:
    principal: Principal
    access: str
    refresh: str
    access_until: float
    refresh_until: float


@dataclass
class _Challenge:
    principal: Principal
    code: str
    until: float
    tries: int = 0


class Tokens:
    """All tokens of a server.

    Parameters
    ----------
    now : callable
        Returns the present time in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._by_access: dict[str, _Pair] = {}
        self._by_refresh: dict[str, _Pair] = {}
        self._challenges: dict[str, _Challenge] = {}

    def issue(self, principal: Principal) -> _Pair:
        """Return a new pair of tokens."""
        now = self._now()
        pair = _Pair(
            principal, new_token(), new_token(), now + ACCESS_SECONDS, now + REFRESH_SECONDS
        )
        with self._lock:
            if len(self._by_refresh) >= MAX_PAIRS:
                self._forget(next(iter(self._by_refresh.values())))
            self._by_access[pair.access] = self._by_refresh[pair.refresh] = pair
        return pair

    def pair(self, access: str) -> _Pair | None:
        """Return the pair of a valid access token, or None."""
        pair = self._by_access.get(access)
        return pair if pair is not None and self._now() < pair.access_until else None

    def refreshed(self, refresh: str) -> _Pair | None:
        """Exchange a refresh token for a new pair; the old pair ends."""
        with self._lock:
            pair = self._by_refresh.get(refresh)
            if pair is None:
                return None
            self._forget(pair)
        return self.issue(pair.principal) if self._now() < pair.refresh_until else None

    def end(self, access: str) -> None:
        """End a pair of tokens."""
        with self._lock:
            pair = self._by_access.get(access)
            if pair is not None:
                self._forget(pair)

    def end_access(self) -> None:
        """End every access token now; refresh tokens stay."""
        with self._lock:
            self._by_access.clear()

    def end_all(self) -> None:
        """End every token now."""
        with self._lock:
            self._by_access.clear()
            self._by_refresh.clear()

    def switch(self, access: str, tenant_id: str, domain: str) -> None:
        """Let the holder of a token act in another tenant from now on."""
        with self._lock:
            pair = self._by_access[access]
            pair.principal = replace(pair.principal, tenant_id=tenant_id, domain=domain)

    def challenge(self, principal: Principal) -> str:
        """Return the token of a sign-in that waits for its one-time code."""
        token = new_token()
        self._challenges[token] = _Challenge(principal, "", self._now() + CODE_SECONDS)
        return token

    def send_code(self, token: str) -> str | None:
        """Make the one-time code of a waiting sign-in; None for an unknown token."""
        waiting = self._challenge(token)
        if waiting is None:
            return None
        waiting.code = f"{secrets.randbelow(10**6):06}"
        return waiting.code

    def verified(self, token: str, code: str) -> _Pair | None:
        """Return the pair of tokens for a right code, or None; a code works once."""
        waiting = self._challenge(token)
        if waiting is None:
            return None
        waiting.tries += 1
        right = bool(waiting.code) and hmac.compare_digest(
            waiting.code.encode(), code.encode(errors="surrogatepass")
        )
        if right or waiting.tries >= MAX_CODE_TRIES:
            self._challenges.pop(token, None)
        return self.issue(waiting.principal) if right else None

    def _challenge(self, token: str) -> _Challenge | None:
        waiting = self._challenges.get(token)
        return waiting if waiting is not None and self._now() < waiting.until else None

    def _forget(self, pair: _Pair) -> None:
        self._by_access.pop(pair.access, None)
        self._by_refresh.pop(pair.refresh, None)
