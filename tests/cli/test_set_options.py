"""Options of other phone systems as paths of `--set`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from support.commands import ringsim

QUEUE = """
[[groups]]
extension_number = "600"
members = [{ extension_number = "201" }, { extension_number = "202" }]

[groups.rules]
passes = "inf"
max_wait_time = 60
retry_pause = 1

[demand.600]
calls_per_hour = 40
talk_time = 100
"""


@pytest.mark.parametrize(
    "setting",
    [
        "rules.wait_in_line=true,false",
        "groups.600.rules.wait_in_line=true,false",
        "groups.600.rules.retry_pause=1,2",
        "members.201.skill_level=2,1",
        "members.201.ring_time=5,9",
    ],
)
def test_an_option_can_be_swept(
    setting: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("queue.toml").write_text(QUEUE, encoding="utf-8")
    few = ["--replications", "2", "--workers", "1", "--csv", "table.csv"]
    status, _, err = ringsim(capsys, "sweep", "queue.toml", "--set", setting, *few)
    assert (status, err) == (0, "")
    path = setting.partition("=")[0]
    assert len(pd.read_csv("table.csv")[path].unique()) == 2
