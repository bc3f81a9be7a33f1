"""Encrypted connections: a twin with a certificate, and clients that trust it or do not.

`certificate.pem` holds the key and the certificate of the twins in these tests, and of nothing
else. It signs itself, as the certificates of most PBXs do, for localhost and 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ringsim.errors import ConfigurationError
from ringsim.pbx import PbxError, PortSIP
from ringsim.pbx.twin import running
from support.commands import ringsim
from support.pbx_twins import SALES

CERTIFICATE = Path(__file__).parent / "certificate.pem"
ACCOUNT = {"username": "admin", "password": "secret", "domain": "test.io"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(groups=[SALES], certificate=CERTIFICATE, **ACCOUNT) as url:
        assert url.startswith("https://127.0.0.1:")
        yield url


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"RINGSIM_PBX_{name.upper()}", value)


@pytest.mark.parametrize("verify", [str(CERTIFICATE), CERTIFICATE, False])
def test_a_client_that_knows_the_certificate_works(url: str, verify: Any) -> None:
    with PortSIP(url, verify=verify, **ACCOUNT) as pbx:
        assert pbx.ring_group("600").name == "Sales"
        assert pbx.update("600", ring_time=21).ring_time == 21


def test_a_strange_certificate_is_refused_at_once_and_says_what_to_give(url: str) -> None:
    sent = []
    pbx = PortSIP(url, **ACCOUNT)
    send = pbx._session._transport._http.send
    pbx._session._transport._http.send = lambda request: (sent.append(request), send(request))[1]
    with pbx, pytest.raises(PbxError) as refused:
        list(pbx.ring_groups())
    said = str(refused.value)
    assert "must have a certificate that this machine trusts: self-signed certificate" in said
    assert said.endswith("Give the file of its authority: verify='FILE', or --ca FILE.")
    assert ACCOUNT["password"] not in said
    assert len(sent) == 1


def test_a_certificate_for_another_name_is_refused(url: str) -> None:
    other = url.replace("127.0.0.1", "127.0.0.2")
    with PortSIP(other, verify=CERTIFICATE, **ACCOUNT) as pbx, pytest.raises(PbxError) as refused:
        list(pbx.ring_groups())
    assert "127.0.0" in str(refused.value)


@pytest.mark.parametrize("verify", ["nowhere.pem", __file__, 5, None])
def test_verify_is_checked(url: str, verify: Any) -> None:
    with pytest.raises(ConfigurationError, match="verify must be"):
        PortSIP(url, verify=verify, **ACCOUNT)


@pytest.mark.parametrize(
    ("certificate", "key"), [("nowhere.pem", None), (__file__, None), (CERTIFICATE, __file__)]
)
def test_the_certificate_of_a_twin_is_checked(certificate: Any, key: Any) -> None:
    with (
        pytest.raises(ConfigurationError, match="certificate must be"),
        running(certificate=certificate, key=key),
    ):
        pass


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("trust", [("--ca", str(CERTIFICATE)), ("--insecure",)])
def test_every_command_takes_the_certificate(
    url: str, trust: tuple[str, ...], tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "office.toml"
    status, _, err = ringsim(capsys, "pull", url, "--output", str(file))
    assert (status, err.count("\n")) == (2, 1)
    assert "--ca FILE" in err
    assert ringsim(capsys, "pull", url, "--output", str(file), *trust)[0] == 0
    pushed = ringsim(capsys, "push", str(file), url, "--ring-time", "22", "--yes", *trust)
    assert pushed[0] == 0
    undo = pushed[1].rpartition("To undo: ringsim ")[2].split()
    assert ringsim(capsys, *undo, "--yes")[0] == 0
    fit = ("fit", "--pbx", url, "--group", "600", "--output", str(tmp_path / "fit.toml"))
    assert "--ca FILE" in ringsim(capsys, *fit)[2]
    played_none = "records of the PBX must have calls from"
    assert played_none in ringsim(capsys, *fit, *trust)[2]


@pytest.mark.usefixtures("account")
def test_the_file_of_the_authority_is_checked(url: str, tmp_path: Path, capsys: Any) -> None:
    office = str(tmp_path / "o.toml")
    status, _, err = ringsim(capsys, "pull", url, "-o", office, "--ca", "nowhere.pem")
    assert (status, err.count("\n")) == (2, 1)
    assert "--ca must be a file of certificates" in err
    both = ringsim(capsys, "pull", url, "-o", office, "--ca", str(CERTIFICATE), "--insecure")
    assert both[0] == 2
    assert "--ca must not be given beside --insecure" in both[2]
