"""Credentials: from arguments, the environment or a netrc file, and never shown."""

from __future__ import annotations

import netrc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ringsim.errors import ConfigurationError

__all__ = ["Credentials", "Secret", "find_credentials"]

PREFIX = "RINGSIM_PBX_"


class Secret:
    """A text that no repr, log or traceback shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> str:
        raise TypeError("a secret must not be pickled")


@dataclass(frozen=True)
class Credentials:
    """Credentials for signing in: an account, or a token.

    Attributes
    ----------
    username, domain : str or None
        The account, and the SIP domain of its tenant.
    password, token : Secret or None
        Exactly one of them is given.
    """

    username: str | None = None
    domain: str | None = None
    password: Secret | None = field(default=None, repr=False)
    token: Secret | None = field(default=None, repr=False)


def find_credentials(
    url: str,
    username: str | None,
    password: str | None,
    domain: str | None,
    token: str | None,
    *,
    environment: Mapping[str, str] | None = None,
) -> Credentials:
    """Return the credentials for a PBX.

    Arguments come first, then `RINGSIM_PBX_USERNAME`, `_PASSWORD`, `_DOMAIN` and `_TOKEN`, then
    the netrc file (`NETRC` or `~/.netrc`).

    Raises
    ------
    ConfigurationError
        If none are found.
    """
    known = os.environ if environment is None else environment

    def found(name: str, given: str | None) -> str | None:
        return given if given is not None else known.get(PREFIX + name) or None

    domain = found("DOMAIN", domain)
    if password is None and username is None and (held := found("TOKEN", token)):
        return Credentials(domain=domain, token=Secret(held))
    username, secret = found("USERNAME", username), found("PASSWORD", password)
    if username is None or secret is None:
        username, secret = _from_netrc(url, known, username, secret)
    if username is None or secret is None:
        raise ConfigurationError(
            "credentials",
            "must be given",
            hint=f"Set {PREFIX}USERNAME, {PREFIX}PASSWORD and {PREFIX}DOMAIN, or {PREFIX}TOKEN, "
            "or add the PBX to ~/.netrc.",
        )
    return Credentials(username, domain, Secret(secret))


def _from_netrc(
    url: str, known: Mapping[str, str], username: str | None, password: str | None
) -> tuple[str | None, str | None]:
    """Return the account of a netrc file for the host, if it fits the name that was given."""
    path = Path(known.get("NETRC") or Path.home() / ".netrc")
    try:
        entries = netrc.netrc(str(path))
    except FileNotFoundError:
        return username, password
    except (OSError, netrc.NetrcParseError):
        raise ConfigurationError("netrc", "must be a readable netrc file", str(path)) from None
    login, _, secret = entries.authenticators(urlsplit(url).hostname or "") or ("", "", None)
    if username is not None and login != username:
        return username, password
    return login or username, password or secret
