"""The commands `fit`, `backtest` and `calibrate`."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest

import ringsim as rs
from ringsim.cli import main
from ringsim.cli._calibrate import _value
from ringsim.records import write
from support.commands import ringsim, told
from support.known_group import month

OFFICE = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "members": ["201", "202"],
            "ring_time": 12,
            "ring_strategy": "RING_SIMULTANEOUSLY",
        }
    ],
    demand={"600": rs.Demand(calls_per_hour=40, talk_time=60, patience={"mean": 40})},
    hours=2,
    opens_at="09:00",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with call records and the record of the group."""
    folder = tmp_path_factory.mktemp("office")
    records = month(scenario=OFFICE, days=6, busyness=0)
    write(records, folder / "calls.json", format="portsip")
    (folder / "group.json").write_text(json.dumps(OFFICE.group("600").to_api()))
    OFFICE.dump(folder / "office.toml")
    return folder


def reading(folder: Path) -> list[str]:
    return [str(folder / "calls.json"), "--group", "600"]


def fitting(folder: Path, *more: str) -> list[str]:
    record, output = str(folder / "group.json"), str(folder / "fit.toml")
    return ["fit", *reading(folder), "--record", record, "--output", output, *more]


def test_fit_writes_a_scenario_and_a_page(folder, capsys):
    page, table = str(folder / "fit.html"), str(folder / "table.csv")
    status, out, err = ringsim(capsys, *fitting(folder, "--page", page, "--csv", table))
    assert (status, err) == (0, "")
    assert out.startswith(("Reproduces the 2 days held out", "Does not reproduce the 2 days held"))
    tables = out[out.index("Callers: demand.600") : out.index("What the records cannot show:")]
    assert re.search(r"^talk_time +s +[0-9]", tables, re.MULTILINE)
    people = tables.partition("People: extensions")[2]
    assert re.search(r"^201.answer_delay +s +[0-9]", people, re.MULTILINE)
    assert "What the records cannot show:" in out
    scenario = rs.Scenario.load(folder / "fit.toml")
    assert scenario.group("600").ring_time == 12
    assert "extensions.201.answer_probability" in (folder / "fit.html").read_text()
    assert next(iter(pd.read_csv(table))) == "parameter"


def test_the_page_of_a_fit_has_the_threshold_that_was_asked(folder, capsys):
    page = folder / "within.html"
    found = told(capsys, *fitting(folder, "--page", str(page), "--within", "7"))
    text = page.read_text()
    assert "within 7 s" in text
    assert "within 20 s" not in text
    level = next(each for each in found["tests"] if each["metric"] == "service_level")
    assert level["predicted"] < 0.9
    assert f"{100 * level['predicted']:.1f} %" in text


@pytest.mark.parametrize(
    "where", ["ringsim.reporting.fit_page", "ringsim.cli._spreadsheets._write_workbook"]
)
def test_ctrl_c_leaves_all_files_of_the_fit_before(where, folder, tmp_path, monkeypatch):
    """While the page is drawn, and while the last table is written."""
    before = {name: tmp_path / name for name in ("fit.toml", "fit.html", "a.csv", "a.xlsx")}
    for path in before.values():
        path.write_text("what was there")
    scenario, page, csv, xlsx = map(str, before.values())

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupted)
    options = ["--output", scenario, "--page", page, "--csv", csv, "--xlsx", xlsx]
    assert main([*fitting(folder)[:-2], *options]) == 130
    assert {path.read_text() for path in before.values()} == {"what was there"}
    assert {path.name for path in tmp_path.iterdir()} == set(before)


def test_fit_in_json(folder, capsys):
    found = told(capsys, *fitting(folder))
    assert found["format"] == "ringsim.fit"
    assert {"verdict", "reproduces", "p_value", "parameters", "tests", "days"} <= set(found)
    assert found["parameters"][0]["parameter"] == "demand.600.calls_a_day"


def test_a_fit_that_is_rejected_still_exits_with_0(tmp_path, capsys):
    """Days of two kinds: the fitted ones are quiet, those held out are busy."""
    factors = [0.3] * 4 + [2.0] * 2
    records = month(scenario=OFFICE, days=6, factors=factors)
    write(records, tmp_path / "calls.json", format="portsip")
    (tmp_path / "group.json").write_text(json.dumps(OFFICE.group("600").to_api()))
    status, out, _ = ringsim(capsys, *fitting(tmp_path))
    assert status == 0
    assert out.startswith("Does not reproduce the 2 days held out, because the number of calls")


def test_backtest_of_a_file(folder, capsys):
    command = ["backtest", str(folder / "office.toml"), *reading(folder)]
    status, out, err = ringsim(capsys, *command, "--csv", str(folder / "days.csv"))
    assert (status, err) == (0, "")
    assert "eproduce the 6 days" in out or out.startswith("Reproduces the 6 days")
    assert "answer_share of 202" in out
    days = pd.read_csv(folder / "days.csv")
    assert list(days)[:3] == ["metric", "day", "observed"]
    found = told(capsys, *command, "--drawn-calls")
    assert found["format"] == "ringsim.backtest"
    assert len(found["days"]) == len(days)


def test_backtest_shows_what_was_left_out(folder, tmp_path, capsys):
    """Calls outside the hours, and rows that the reader could not use."""
    OFFICE.replace(hours=1).dump(tmp_path / "short.toml")
    command = ["backtest", str(tmp_path / "short.toml"), *reading(folder)]
    command += ["--exclude", "2001-01-02"]
    status, out, err = ringsim(capsys, *command)
    assert (status, err) == (0, "")
    of_test = "calls outside the hours of the scenario are left out."
    of_reader = "Calls left out because their dates are excluded: "
    told_of = out[out.index("Notes of the test:") :]
    assert told_of.index(of_test) < told_of.index("Notes of the reader:")
    assert told_of.index("Notes of the reader:") < told_of.index(of_reader)
    notes = told(capsys, *command)["notes"]
    assert of_test in notes[0]
    assert any(of_reader in each for each in notes[1:])


def test_backtest_names_the_dates_to_exclude(folder, tmp_path, capsys):
    """Six days from Monday on, and a scenario of Monday to Thursday."""
    OFFICE.replace(days=["mon", "tue", "wed", "thu"]).dump(tmp_path / "week.toml")
    command = ["backtest", str(tmp_path / "week.toml"), *reading(folder)]
    status, out, err = ringsim(capsys, *command)
    assert (status, out) == (2, "")
    options = ["--exclude", "2001-01-05", "--exclude", "2001-01-06"]
    assert "SCENARIO days must have fri, the weekday of 2001-01-05, got ['mon', " in err
    assert err.endswith(f"Leave out days of the records with {' '.join(options)}.\n")
    status, out, _ = ringsim(capsys, *command, *options)
    assert status == 0
    assert "the 4 days" in out


def test_the_only_group_of_a_scenario_need_not_be_named(folder, capsys):
    status, _, err = ringsim(
        capsys, "backtest", str(folder / "office.toml"), str(folder / "calls.json")
    )
    assert (status, err) == (0, "")


def test_calibrate_a_file(folder, capsys):
    office, output = str(folder / "office.toml"), str(folder / "calibrated.toml")
    command = ["calibrate", office, "--target", "abandonment_rate=30%"]
    command += ["--free", "demand.600.patience", "--replications", "10"]
    status, out, err = ringsim(capsys, *command, "--output", output)
    assert (status, err) == (0, "")
    assert out.startswith("Reached. No other settings that were tried reach these totals")
    found = told(capsys, *command)
    [total], [setting] = found["totals"], found["parameters"]
    assert total["target"] == 0.3
    patience = rs.Scenario.load(output).demand["600"].patience
    assert patience.mean() == pytest.approx(setting["value"])


def test_totals_that_are_not_found_have_no_range(folder, capsys):
    command = ["calibrate", str(folder / "office.toml"), "--target", "abandonment_rate=90%"]
    command += ["--free", "demand.600.wrap_up_time", "--replications", "3"]
    status, out, err = ringsim(capsys, *command)
    assert (status, err) == (0, "")
    assert out.startswith("Not found with these settings free: abandonment rate came to ")
    assert "the range in which" not in out
    setting = next(line for line in out.splitlines() if "demand.600.wrap_up_time" in line)
    assert setting.split()[-2:] == ["-", "-"]
    [row] = told(capsys, *command)["parameters"]
    assert (row["low"], row["high"]) == (None, None)


@pytest.mark.parametrize(("given", "seconds"), [("18", 18), ("18s", 18), ("0:18", 18)])
def test_a_known_time_is_written_like_every_duration(given, seconds, folder, capsys):
    command = ["calibrate", str(folder / "office.toml"), "--free", "demand.600.talk_time"]
    command += ["--target", f"mean_speed_of_answer={given}", "--replications", "2"]
    assert told(capsys, *command)["totals"][0]["target"] == seconds


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit"], "--group must be given: the number or name of the group."),
        (["fit", "--group", "600"], "FILE must name at least one file of call records."),
        (["fit", "nowhere.json", "--group", "600"], "nowhere.json"),
        (["backtest"], "SCENARIO must be given, and after it files of call records."),
        (["calibrate"], "--target must be given, such as abandonment_rate=10%."),
        (
            ["calibrate", "--target", "mean_speed_of_answer=20%"],
            "--target mean_speed_of_answer must be a duration, such as 18s, got '20%'.",
        ),
        (
            ["calibrate", "--target", "answer_rate=x", "--free", "demand.600.patience"],
            "--target must be a number or a percentage, got 'x'.",
        ),
        (
            ["calibrate", "--target", "answer_rate=0.5", "--group", "600"],
            "free must be a list of at least one path",
        ),
    ],
)
def test_refusals(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = ringsim(capsys, *arguments)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_record_of_several_groups_needs_the_one_of_the_records(folder, tmp_path, capsys):
    groups = [OFFICE.group("600").replace(extension_number=n).to_api() for n in ("601", "602")]
    path = tmp_path / "groups.json"
    path.write_text(json.dumps(groups))
    status, _, err = ringsim(capsys, "fit", *reading(folder), "--record", str(path))
    assert status == 2
    assert "must be one of the file, got '600'. Its groups are 601, 602." in err


def test_a_scenario_may_be_the_record(folder, tmp_path, capsys):
    office, output = str(folder / "office.toml"), str(tmp_path / "fit.toml")
    command = ["fit", *reading(folder), "--record", office, "--output", output]
    assert ringsim(capsys, *command)[0] == 0


# Patience known by the share who give up


def test_patience_from_the_share_who_give_up(folder, capsys):
    office = str(folder / "office.toml")
    found = told(capsys, "simulate", office, "--patience", "abandoning=20%", "--replications", "60")
    assert found["all"]["abandonment_rate"]["estimate"] == pytest.approx(0.2, abs=0.03)
    assert any(each.startswith("Patience of group 600: exponential") for each in found["notes"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abandoning=x", "--patience must be a number or a percentage, got 'x'."),
        ("abandoning=120%", "--patience must be a share between 0 % and 100 %"),
    ],
)
def test_shares_that_cannot_be_are_refused(folder, capsys, text, said):
    office = str(folder / "office.toml")
    status, _, err = ringsim(capsys, "simulate", office, "--patience", text)
    assert status == 2
    assert said in err


def test_a_table_of_ones_own_is_mapped_by_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Start,Agent\n2024-03-04 08:00:00,201\n")
    assert main(["records", str(path), "--group", "600"]) == 2
    assert capsys.readouterr().err.endswith("Give --map for a table of your own.\n")


def test_a_missing_group_is_chosen_from_those_of_the_records(folder, capsys):
    files = [each for each in reading(folder) if each not in ("--group", "600")]
    status, _, err = ringsim(capsys, "fit", *files)
    assert (status, len(err.splitlines())) == (2, 1)
    assert "--group must be given: the number or name of the group. The records name" in err
    assert "600" in err


def test_settings_found_have_units(tmp_path, capsys):
    """A group without a patience: the search starts somewhere, not at what was before."""
    group = tmp_path / "group.json"
    group.write_text('{"extension_number": "600", "members": ["201", "202", "203"]}')
    given = ["--calls-per-hour", "40", "--talk-time", "mean=180", "--replications", "4"]
    asked = ["--target", "answer_rate=0.8", "--free", "demand.600.patience"]
    status, out, _ = ringsim(capsys, "calibrate", str(group), *given, *asked)
    assert status == 0
    heading, _, row = out.partition("Settings")[2].strip().splitlines()[:3]
    assert heading.split() == ["setting", "start", "found", "from", "to"]
    assert row.split()[:3] == ["demand.600.patience", "60", "s"]
    assert "e+" not in row


@pytest.mark.parametrize(
    ("setting", "value", "text"),
    [
        ("demand.600.patience", 1949.9, "1,950 s"),
        ("demand.600.talk_time", 0.01234, "0.0123 s"),
        ("demand.600.scale", 1.234, "1.23"),
        ("extensions.*.answer_probability", 0.9, "0.9"),
        ("demand.600.patience", math.nan, "-"),
    ],
)
def test_values_of_settings(setting, value, text):
    assert _value(setting, value) == text
