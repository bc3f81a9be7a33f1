"""Asterisk's queues: every setting, templates and includes, dialplan, realtime tables, and laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.importers import Imported
from ringsim.importers._asterisk_rules import STRATEGIES, level_rows, rules_of, tie_order
from support.asterisk_files import PLAIN, file_of, queues, settings_of

CONFIGS = Path(__file__).parent / "configs" / "asterisk"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Imported]:
    """Return a function that reads files given as texts by name."""

    def write_and_read(conf: str, *, numbers: Any = None, **others: str) -> Imported:
        (tmp_path / "queues.conf").write_text(conf, "utf-8")
        files = [tmp_path / "queues.conf"]
        for name, text in others.items():
            files.append(tmp_path / f"{name}.conf")
            files[-1].write_text(text, "utf-8")
        return rs.read_pbx(files, numbers=numbers)

    return write_and_read


def told(findings: Any) -> str:
    return "\n".join(map(str, findings))


def test_the_example_file() -> None:
    imported = rs.read_pbx([CONFIGS / name for name in ("queues.conf", "queuerules.conf")])
    sales, support, switchboard = imported.groups
    assert (sales.name, support.name, switchboard.name) == ("sales", "support", "switchboard")
    assert imported.presets["600"] == "asterisk-queue/rrmemory"
    assert [member.extension_number for member in sales.members] == [
        *("201", "202", "203", "204", "205")
    ]
    assert [member.skill_level for member in sales.members] == [1, 2, 2, 3, 3]
    assert sales.members[3].enforced_wrap_up == 29.5
    assert sales.ring_time == 20
    assert sales.skip_busy_member
    assert sales.rules.join_empty == ("off_duty", "paused", "busy")
    assert sales.rules.leave_when_empty == ()
    assert sales.rules.line_serves == "all"
    assert support.rules.line_serves == "head"
    assert support.rules.auto_pause_grace == 60
    assert support.rules.last_ring == "finish"
    assert imported.scenario.duty("205") == ()
    assert "Agent/1001 is not a phone" in told(imported.not_expressed)
    assert "queues.conf line 42, #include" in told(imported.not_expressed)
    assert "line 28, support.timeout" in told(imported.not_expressed)
    assert "205 is off duty" in told(imported.notes)
    assert {each.name for each in imported.dropped} >= {"sales.musicclass"}


def test_the_dialplan_completes_a_queue() -> None:
    imported = rs.read_pbx(CONFIGS, group="sales")
    [sales] = imported.groups
    assert sales.extension_number == "600"
    assert sales.rules.max_wait_time == 90
    assert sales.rules.passes == 5  # option n: once through the members
    assert sales.no_answer_forward_rule.action == "FORWARD_TO_VOICEMAIL"
    assert sales.no_answer_forward_rule.number == "201"
    assert imported.scenario.demand["600"].priority == 5
    assert sales.rules.level_rules == (
        *((0, None, 2, None), (15, None, 3, None)),
        *((after, None, 6, None) for after in (30, 45, 60)),
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("timeout=25", {"ring_time": 25}),
        ("timeout=-1", {"ring_time": 15}),
        ("retry=0", {"rules.retry_pause": 5}),
        ("retry=9", {"rules.retry_pause": 9}),
        ("timeoutpriority=conf", {"rules.last_ring": "finish"}),
        ("timeoutrestart=yes", {"rules.after_decline": "next"}),
        ("ringinuse=no", {"skip_busy_member": True}),
        ("ringinuse=TRUE", {"skip_busy_member": False}),
        ("autofill=yes", {"rules.line_serves": "all"}),
        ("wrapuptime=10", {"rules.enforced_wrap_up": 9.5}),
        ("penaltymemberslimit=3", {"rules.levels_ignored_up_to": 3}),
        ("weight=7", {"rules.queue_weight": 7}),
        ("maxlen=4", {"rules.max_queue_length": 4}),
        ("maxlen=0", {"rules.max_queue_length": math.inf}),
        ("joinempty=yes", {"rules.join_empty": ()}),
        ("joinempty=no", {"rules.join_empty": ("paused", "level")}),
        ("joinempty=strict", {"rules.join_empty": ("off_duty", "paused", "level")}),
        ("joinempty=loose", {"rules.join_empty": ("level",)}),
        ("joinempty=inuse,ringing,invalid", {"rules.join_empty": ("busy", "ringing")}),
        ("leavewhenempty=yes", {"rules.leave_when_empty": ("paused", "level")}),
        ("leavewhenempty=no", {"rules.leave_when_empty": ()}),
        ("leavewhenempty=wrapup", {"rules.leave_when_empty": ("wrap_up",)}),
        ("autopause=yes", {"rules.auto_pause_after": 1, "rules.auto_pause_scope": "group"}),
        ("autopause=all", {"rules.auto_pause_scope": "extension"}),
        ("autopause=no", {"rules.auto_pause_after": math.inf}),
        ("autopause=yes\nautopausebusy=yes", {"rules.auto_pause_on_decline": True}),
        ("autopause=yes\nautopauseunavail=1", {"rules.auto_pause_on_decline": True}),
        ("autopause=yes\nautopausedelay=30", {"rules.auto_pause_grace": 30}),
        ("memberdelay=2", {"rules.connect_delay": 2}),
        ("strategy=roundrobin", {"rules.rotation": "rung"}),
        ("timeout=30\ntimeout=40", {"ring_time": 40}),
        ("TimeOut => 30 ; a comment", {"ring_time": 30}),
        ("timeout=30 ;-- hidden\ntimeout=40\n--; retry=9", {"ring_time": 30}),
    ],
)
def test_each_setting(line: str, expected: dict[str, Any], read: Any) -> None:
    [group] = read(f"[sales]\nstrategy=linear\n{line}\nmember=SIP/201\n").groups
    for path, value in expected.items():
        found = group.rules if path.startswith("rules.") else group
        assert getattr(found, path.removeprefix("rules.")) == value


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy(strategy: str, read: Any) -> None:
    imported = read(f"[600]\nstrategy={strategy.upper()}\nmember=SIP/201\nmember=SIP/202\n")
    assert imported.presets == {"600": f"asterisk-queue/{strategy}"}
    rules = imported.groups[0].rules
    assert rules.order_by == rs.preset(f"asterisk-queue/{strategy}").rules.order_by
    assert rules.passes == math.inf
    assert rules.line_poll == 1
    workload = rs.Workload(arrives_at=[0], talk_time=30, patience=60, group="600")
    rings = rs.play(imported.scenario, workload, engine="simpy").rings
    # Nobody answers: rings of 15 s and pauses of 5 s, for 60 s
    assert sorted(set(rings["started_at"])) == [0, 20, 40]
    assert len(rings) == (6 if strategy == "ringall" else 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "strategy=rrmemroy",
            "must be a strategy of Asterisk, got 'rrmemroy'; ringall counts. Did you",
        ),
        ("timeuot=20", "sales.timeuot: there is no such setting. Did you mean 'timeout'?"),
        ("timeout=soon", "sales.timeout: must be a whole number, got 'soon'; 15 counts"),
        ("what is this", "line 2: the line is not a setting"),
        ("[x](nothing)", "nothing: there is no such template above"),
        ("[y](+)", "y: there is no section to go on with"),
        ("[open", "the heading of a section is not closed"),
    ],
)
def test_what_is_not_understood(line: str, words: str, read: Any) -> None:
    assert words in told(read(f"[sales]\n{line}\n").not_understood)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("timeout=0", "sales.timeout: 0 is no limit"),
        ("announce-to-first-user=yes", "sales.announce-to-first-user: the announcement"),
        ("member=Agent/1001", "sales.member: Agent/1001 is not a phone"),
        ("member=DAHDI/1", "DAHDI/1 is not a phone"),
        ("member=SIP/201,120", "SIP/201 has a penalty over 99"),
        ("defaultrule=widen", "the files hold no penalty rules 'widen'"),
        ("#exec /bin/date", "#exec: the command is not run"),
    ],
)
def test_what_cannot_be_played_is_named_with_its_line(line: str, words: str, read: Any) -> None:
    imported = read(f"[sales]\n{line}\n")
    assert words in told(imported.not_expressed)
    assert imported.not_expressed[0].line == 2


def test_members(read: Any) -> None:
    imported = read(
        "[general]\nnegative_penalty_invalid=yes\n[sales]\n"
        'member => PJSIP/201,3,"Doe, Robin"\n'
        "member => Local/202@agents/n,,,hint:202@ext\n"
        "member => PJSIP/robin,,,PJSIP/203\n"
        "member => PJSIP/kim\n"
        "member => PJSIP/201,1,Robin\n"
        "member => SIP/205,-1\n"
    )
    [sales] = imported.groups
    assert [member.extension_number for member in sales.members] == ["202", "203", "9001", "201"]
    assert sales.members[3].skill_level == 2
    assert sales.members[3].display_name == "Robin"
    assert "queues.conf line 4, sales.member: PJSIP/201 stands again at " in told(imported.notes)
    assert "queues.conf line 8, and that one counts" in told(imported.notes)
    assert "SIP/205 has a penalty below 0" in told(imported.notes)
    assert "kim: the file has no number, so 9001 stands in" in told(imported.notes)
    named = read("[sales]\nmember=PJSIP/kim\n", numbers={"kim": "210", "sales": "650"})
    assert named.scenario.group("650").members[0].extension_number == "210"


def test_a_group_as_a_member_and_a_number_twice_are_reported(read: Any) -> None:
    imported = read("[601]\n[600]\nmember=SIP/601\nmember=SIP/201\nmember=PJSIP/201\n")
    assert [each.extension_number for each in imported.scenario.group("600").members] == ["201"]
    assert "601 is a group" in told(imported.not_expressed)
    assert "201 stands twice" in told(imported.not_expressed)


def test_a_member_paused_in_one_queue_works_in_the_other(read: Any) -> None:
    conf = "[600]\nmember=SIP/201,,,,,,yes\nmember=SIP/202\n[601]\nmember=SIP/201\n"
    imported = read(conf)
    members = [[each.extension_number for each in group.members] for group in imported.groups]
    assert members == [["202"], ["201"]]
    assert imported.scenario.duty("201") is None
    assert "600.201: paused from the start here and not in another group" in told(
        imported.not_expressed
    )
    assert read("[600]\nmember=SIP/201,,,,,,1\n").scenario.duty("201") == ()


def test_ties_are_in_the_order_of_the_hash(read: Any) -> None:
    """The hash of `PJSIP/201` to `209` keeps their order, that of 1001 to 1003 reverses it."""
    short = [f"PJSIP/20{place}" for place in range(1, 10)]
    assert sorted(short, key=tie_order, reverse=True) == short
    members = "".join(f"member=PJSIP/{number}\n" for number in ("1001", "1002", "1003"))
    for strategy, order in (
        ("leastrecent", ["1003", "1002", "1001"]),
        ("fewestcalls", ["1003", "1002", "1001"]),
        ("rrmemory", ["1001", "1002", "1003"]),
    ):
        imported = read(f"[600]\nstrategy={strategy}\n{members}")
        assert [each.extension_number for each in imported.groups[0].members] == order
        assert ("rings equal ones" in told(imported.notes)) == (strategy != "rrmemory")


@pytest.mark.parametrize(
    ("start", "lines", "rows"),
    [
        ((None, None, None), ["10,+1"], []),
        ((None, "1", None), ["15,+1", "30,5,0"], [(0, None, 2, None), (15, None, 3, None)]),
        ((None, "1", None), ["30,-9"], [(0, None, 2, None), (30, None, 1, None)]),
        (("2", None, "r3"), [], [(0, 3, None, 4)]),
        (("2", None, "3"), [], [(0, 1, None, 4)]),  # raised over the least: nobody is below it
        ((None, "1", None), ["30,3", "10,2"], [(0, None, 2, None), (10, None, 3, None)]),
    ],
)
def test_penalty_rules(start: Any, lines: list[str], rows: list[Any]) -> None:
    assert level_rows(start, lines)[: len(rows)] == rows
    assert (not level_rows(start, lines)) == (not rows)


DIALPLAN = """[in]
exten => 700,1,Answer()
 same => n,Queue(${EXTEN},t,,,120)
 same => n,{after}
exten => _9X,1,Queue(other)
"""


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        ("Goto(601,1)", ("FORWARD_TO_NUMBER", "601")),
        ("Goto(ext-group,601,1)", ("FORWARD_TO_NUMBER", "601")),
        ("Goto(ext-local,vmu204,1)", ("FORWARD_TO_VOICEMAIL", "204")),
        ("VoiceMail(204@default,u)", ("FORWARD_TO_VOICEMAIL", "204")),
        ("Hangup()", ("HANGUP", "")),
        ("Goto(menu,s,1)", ("HANGUP", "")),
        ("AGI(x.agi)", ("HANGUP", "")),
    ],
)
def test_what_follows_the_queue(after: str, rule: tuple[str, str], read: Any) -> None:
    imported = read("[700]\nmember=SIP/201\n", extensions=DIALPLAN.replace("{after}", after))
    group = imported.scenario.group("700")
    assert group.rules.max_wait_time == 120
    found = group.no_answer_forward_rule
    assert (found.action, found.number) == rule
    known = rule[0] != "HANGUP" or after == "Hangup()"
    assert ("what follows it is not read" in told(imported.not_expressed)) != known


def test_includes_are_read_from_the_folder_alone(read: Any, tmp_path: Path) -> None:
    (tmp_path.parent / "outside.conf").write_text("[outside]\n")
    (tmp_path / "more.d").mkdir()
    (tmp_path / "more.d" / "a.conf").write_text("timeout=33\n[other]\n")
    imported = read(
        "[sales]\n#include more.d/*.conf\n#tryinclude <none.conf>\n"
        '#include "../outside.conf"\n#include "/etc/passwd"\n'
    )
    assert [group.name for group in imported.groups] == ["sales", "other"]
    assert imported.groups[0].ring_time == 33
    text = told(imported.not_expressed)
    assert "../outside.conf is not there" in text
    assert "/etc/passwd is not there" in text
    assert "none.conf is not there" in told(imported.notes)


def test_a_file_given_and_included_counts_once(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[general]\n#include queues_more.conf\n")
    (tmp_path / "queues_more.conf").write_text("[sales]\nmember=SIP/201\n")
    [sales] = rs.read_pbx(tmp_path).groups
    assert len(sales.members) == 1


def test_realtime_tables_as_csv_complete_a_file(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[sales]\nstrategy=linear\nwrapuptime=5\n")
    imported = rs.read_pbx([tmp_path / "queues.conf", CONFIGS / "realtime.csv"])
    [sales] = imported.groups
    assert [member.extension_number for member in sales.members] == ["201", "202"]
    assert sales.members[1].skip_busy
    assert sales.members[1].enforced_wrap_up == 14.5
    alone = rs.read_pbx(CONFIGS / "realtime.csv")
    assert "has Asterisk's defaults" in told(alone.not_understood)


DUMP = """-- MySQL dump
CREATE TABLE `queues` (
  `name` varchar(128) NOT NULL,
  `timeout` int DEFAULT NULL,
  `penaltymemberslimit` int DEFAULT NULL,
  `announce_frequency` int DEFAULT NULL,
  `strategy` enum('ringall','linear') DEFAULT NULL,
  PRIMARY KEY (`name`)
);
INSERT INTO `queues` VALUES ('sales',30,2,NULL,'linear'),('it''s; (odd)',NULL,NULL,60,NULL);
INSERT INTO `users` VALUES ('secret');
INSERT INTO `queue_members` (`queue_name`, interface, uniqueid, penalty)
VALUES ('sales','PJSIP/201',1,1),
('sales','PJSIP/202',NULL,0),
('sales','PJSIP/203',3,0);
"""


def test_realtime_tables_as_a_dump(tmp_path: Path) -> None:
    path = tmp_path / "asterisk.sql"
    path.write_text(DUMP)
    imported = rs.read_pbx(path)
    sales, odd = imported.groups
    assert (sales.ring_time, sales.rules.levels_ignored_up_to) == (30, 2)
    assert [member.extension_number for member in sales.members] == ["201", "203"]
    assert (odd.name, odd.ring_time, odd.rules.at_once) == ("it's; (odd)", 15, "TIED")
    assert "line 14, sales.member: Asterisk skips" in told(imported.not_understood)
    assert "secret" not in str(imported)


# Laws


def read_text(folder: Path, text: str) -> Imported:
    path = folder / "queues.conf"
    path.write_text(text, "utf-8")
    return rs.read_pbx(path)


@given(queues())
def test_a_queue_written_and_read_is_the_same_group(
    tmp_path_factory: pytest.TempPathFactory, queue: tuple[str, rs.RingGroup]
) -> None:
    strategy, group = queue
    imported = read_text(tmp_path_factory.getbasetemp(), file_of(strategy, group))
    assert imported.groups == (group,)
    assert len(imported.not_expressed) == (not group.members)  # that there are none is told
    assert not imported.not_understood


@given(queues(PLAIN), st.randoms(use_true_random=False))
def test_the_order_of_settings_is_irrelevant(
    tmp_path_factory: pytest.TempPathFactory, queue: tuple[str, rs.RingGroup], random: Any
) -> None:
    strategy, group = queue
    lines = settings_of(strategy, group)
    members = [line for line in lines if line.startswith("member")]
    shuffled = random.sample(lines, len(lines))
    in_order = iter(members)  # whose order does matter
    mixed = [next(in_order) if line.startswith("member") else line for line in shuffled]
    text = "\n".join(["[600]", *mixed, ""])
    assert read_text(tmp_path_factory.getbasetemp(), text).groups == (group,)


@given(queues(), st.data())
def test_templates_are_equal_to_their_expansion(
    tmp_path_factory: pytest.TempPathFactory, queue: tuple[str, rs.RingGroup], data: Any
) -> None:
    """Between them stands another queue, whose number is that of no member that is drawn."""
    strategy, group = queue
    lines = settings_of(strategy, group)
    cut = data.draw(st.integers(0, len(lines)))
    middle = data.draw(st.integers(0, cut))
    text = "\n".join(
        [
            *("[one](!)", *lines[:middle], "[two](!,one)", *lines[middle:cut]),
            *("[600](two)", "[199]", "[600](+)", *lines[cut:], ""),
        ]
    )
    assert read_text(tmp_path_factory.getbasetemp(), text).groups[0] == group


@given(st.sampled_from(sorted(STRATEGIES)))
def test_no_settings_are_asterisks_defaults(strategy: str) -> None:
    defaults = {"retry": "5", "autofill": "no", "autopause": "no", "maxlen": "0", "weight": "0"}
    assert rules_of(strategy, {}) == rules_of(strategy, defaults)
