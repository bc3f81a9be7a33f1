"""Waves of dispatchers, and the registry of their names.

A wave depends on the sort fields, the number of phones that ring at once, and the configured
order for ties. The registry has the eight strategies and the dispatchers of other packages.
"""

from __future__ import annotations

import copy
import math
import pickle
import random
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim import ConfigurationError
from ringsim.cli._strategies import rule_and_aliases
from ringsim.dispatch import (
    ALL,
    SORT_FIELDS,
    TIED,
    Candidate,
    CyclicHunt,
    Dispatcher,
    FanOut,
    Hunt,
    LeastWorkedHunt,
    Moment,
    PagingIntercom,
    PrioritizedHunt,
    RingSimultaneously,
    SkillBasedCyclicHunt,
    SkillBasedLeastWorkedHunt,
    SkillBasedPrioritizedHunt,
    _registry,
    dispatcher_for,
    dispatcher_from,
    dispatchers_of,
    name_of,
    register,
    registered,
)
from ringsim.dispatch._registry import has_own_order
from ringsim.group import RingStrategy
from support.helpers import named, refusal

EIGHT = {
    "RING_SIMULTANEOUSLY": RingSimultaneously,
    "PRIORITIZED_HUNT": PrioritizedHunt,
    "CYCLIC_HUNT": CyclicHunt,
    "LEAST_WORKED_HUNT": LeastWorkedHunt,
    "PAGING_INTERCOM": PagingIntercom,
    "SKILL_BASED_ROUTING_PRIORITIZED_HUNT": SkillBasedPrioritizedHunt,
    "SKILL_BASED_ROUTING_CYCLIC_HUNT": SkillBasedCyclicHunt,
    "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT": SkillBasedLeastWorkedHunt,
}
NOW = Moment(now=1000, call=3, wave=0, waited=0)


class LevelAtATime(Dispatcher):
    """Ring a whole skill level at once."""

    order_by = ("skill_level",)
    at_once = TIED


class ByThreesMostRungFirst(Dispatcher):
    order_by = ("-n_rung", "last_hung_up_at")
    at_once = 3


class AnybodysGuess(Hunt):
    order_by = ("random",)


class LeastTalked(Hunt):
    order_by = ("talked_time",)


CUSTOM = [LevelAtATime, ByThreesMostRungFirst, AnybodysGuess]


def positions(dispatcher: Dispatcher, *candidates: Candidate) -> list[int]:
    """Return the positions of the candidates that ring now."""
    return [candidate.position for candidate in dispatcher.wave(candidates, NOW)]


@pytest.fixture
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restore the registry after a test."""
    monkeypatch.setattr(_registry, "_registered", dict(_registry._registered))
    _registry._load_entry_points.cache_clear()
    yield
    _registry._load_entry_points.cache_clear()


class TestTheEight:
    """The sort keys of rule S7, and the number of phones that ring (S4, S10 and S11)."""

    @pytest.mark.parametrize(
        ("strategy", "order_by"),
        [
            ("RING_SIMULTANEOUSLY", ()),
            ("PRIORITIZED_HUNT", ()),
            ("CYCLIC_HUNT", ("last_rung_at",)),
            ("LEAST_WORKED_HUNT", ("last_answered_at",)),
            ("PAGING_INTERCOM", ()),
            ("SKILL_BASED_ROUTING_PRIORITIZED_HUNT", ("skill_level",)),
            ("SKILL_BASED_ROUTING_CYCLIC_HUNT", ("skill_level", "last_rung_at")),
            ("SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", ("skill_level", "last_answered_at")),
        ],
    )
    def test_sort_fields(self, strategy: str, order_by: tuple[str, ...]) -> None:
        assert dispatcher_for(strategy).order_by == order_by

    @pytest.mark.parametrize("strategy", RingStrategy)
    def test_each_strategy_has_its_dispatcher(self, strategy: RingStrategy) -> None:
        dispatcher = dispatcher_for(strategy)
        assert type(dispatcher) is EIGHT[strategy.value]
        assert type(dispatcher_for(strategy.value)) is type(dispatcher)
        assert name_of(dispatcher) == strategy.value
        assert repr(dispatcher) == f"{EIGHT[strategy.value].__name__}()"
        dispatcher.check()

    @pytest.mark.parametrize("strategy", RingStrategy)
    def test_a_hunt_rings_one_and_a_fan_out_all_at_once(self, strategy: RingStrategy) -> None:
        dispatcher = dispatcher_for(strategy)
        fan_out = strategy in ("RING_SIMULTANEOUSLY", "PAGING_INTERCOM")
        assert isinstance(dispatcher, FanOut if fan_out else Hunt)
        assert (dispatcher.at_once, dispatcher.one_wave) == ((ALL, True) if fan_out else (1, False))
        assert dispatcher.auto_answer == (strategy == "PAGING_INTERCOM")
        assert dispatcher.is_ordering

    @pytest.mark.parametrize(
        ("dispatcher", "wave"),
        [
            (RingSimultaneously(), [0, 1, 2, 3]),
            (PagingIntercom(), [0, 1, 2, 3]),
            (PrioritizedHunt(), [0]),
            (CyclicHunt(), [3]),
            (LeastWorkedHunt(), [2]),
            (SkillBasedPrioritizedHunt(), [1]),
            (SkillBasedCyclicHunt(), [2]),
            (SkillBasedLeastWorkedHunt(), [2]),
        ],
        ids=named,
    )
    def test_wave_of_each(self, dispatcher: Dispatcher, wave: list[int]) -> None:
        assert wave == positions(
            dispatcher,
            Candidate(3, 2, last_rung_at=10, last_answered_at=10),
            Candidate(1, 1, last_rung_at=40, last_answered_at=15),
            Candidate(0, 2, last_rung_at=20, last_answered_at=20),
            Candidate(2, 1, last_rung_at=30),
        )


class TestOrder:
    TWINS = (Candidate(2), Candidate(0), Candidate(1))

    @pytest.mark.parametrize("kind", [*EIGHT.values(), *CUSTOM])
    def test_equal_candidates_keep_the_configured_order(self, kind: type[Dispatcher]) -> None:
        wave = positions(kind(), *self.TWINS)
        assert wave == [0, 1, 2][: len(wave)]

    @pytest.mark.parametrize("field", SORT_FIELDS)
    def test_any_field_up_and_down(self, field: str) -> None:
        """The lowest value comes first, or with a minus the highest; -inf is the lowest."""

        class Up(FanOut):
            order_by = (field,)

        class Down(FanOut):
            order_by = (f"-{field}",)

        values = {"position": [0, 1, 2], "skill_level": [1, 2, 100]}.get(field, [0.25, 0.5, 0.75])
        if field.startswith("last_"):
            values[0] = -math.inf
        people = [
            Candidate(**{"position": place, field: value})
            for place, value in zip((0, 1, 2), values, strict=True)
        ]
        assert positions(Up(), *people) == [0, 1, 2]
        assert positions(Down(), *people) == [2, 1, 0]

    def test_descending_equals_keep_the_configured_order(self) -> None:
        class MostRung(FanOut):
            order_by = ("-n_rung",)

        people = (Candidate(2, n_rung=5), Candidate(1), Candidate(0), Candidate(3, n_rung=5))
        assert positions(MostRung(), *people) == [2, 3, 0, 1]

    def test_the_first_field_counts_most(self) -> None:
        class LevelThenMostAnswered(FanOut):
            order_by = ("skill_level", "-n_answered")

        people = (
            Candidate(0, 2, n_answered=9),
            Candidate(1, 1, n_answered=1),
            Candidate(2, 1, n_answered=3),
        )
        assert positions(LevelThenMostAnswered(), *people) == [2, 1, 0]

    def test_an_order_may_be_a_list(self) -> None:
        class Listed(Hunt):
            order_by = ["n_rung"]  # type: ignore[assignment]  # noqa: RUF012

        Listed().check()
        assert positions(Listed(), Candidate(0, n_rung=1), Candidate(1)) == [1]

    @pytest.mark.parametrize(
        ("at_once", "wave"),
        [
            (1, [1]),
            (2, [1, 3]),
            (3, [1, 3, 0]),
            (9, [1, 3, 0, 2]),
            (ALL, [1, 3, 0, 2]),
            (TIED, [1, 3]),
        ],
    )
    def test_how_many_at_once(self, at_once: Any, wave: list[int]) -> None:
        levels = (2, 1, 3, 1)
        dispatcher = LevelAtATime()
        dispatcher.at_once = at_once
        assert wave == positions(
            dispatcher, *(Candidate(place, level) for place, level in enumerate(levels))
        )

    def test_repr_of_all_and_tied(self) -> None:
        assert [repr(ALL), repr(TIED)] == ["ALL", "TIED"]

    def test_tied_without_an_order_is_all(self) -> None:
        class Everybody(Dispatcher):
            at_once = TIED

        assert positions(Everybody(), *self.TWINS) == [0, 1, 2]

    def test_tied_compares_the_whole_key(self) -> None:
        class SameLevelSameRings(Dispatcher):
            order_by = ("skill_level", "n_rung")
            at_once = TIED

        people = (Candidate(0, 1, n_rung=1), Candidate(1, 1), Candidate(2, 1), Candidate(3, 2))
        assert positions(SameLevelSameRings(), *people) == [1, 2]


instants = st.just(-math.inf) | st.integers(0, 5).map(float)
candidates = st.lists(
    st.builds(
        Candidate,
        position=st.integers(0, 9),
        skill_level=st.integers(1, 3),
        last_rung_at=instants,
        last_answered_at=instants,
        last_hung_up_at=instants,
        n_rung=st.integers(0, 3),
        n_answered=st.integers(0, 3),
        talked_time=st.sampled_from([0.0, 10.0, 12.5]),
        random=st.sampled_from([0.0, 0.25, 0.5]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda candidate: candidate.position,
)


@pytest.mark.parametrize("kind", [*EIGHT.values(), *CUSTOM])
class TestLawsOfAWave:
    @given(candidates=candidates, shuffled=st.randoms(use_true_random=False))
    def test_the_order_in_which_candidates_are_shown_does_not_matter(
        self, kind: type[Dispatcher], candidates: list[Candidate], shuffled: random.Random
    ) -> None:
        another = shuffled.sample(candidates, len(candidates))
        assert positions(kind(), *candidates) == positions(kind(), *another)

    @given(candidates=candidates)
    def test_it_is_the_beginning_of_the_sorted_candidates(
        self, kind: type[Dispatcher], candidates: list[Candidate]
    ) -> None:
        """The expected order comes from stable sorts by one field each, least important first."""
        dispatcher = kind()
        ordered = sorted(candidates, key=lambda candidate: candidate.position)
        for field in reversed(dispatcher.order_by):
            name = field.removeprefix("-")
            ordered.sort(key=attrgetter(name), reverse=name != field)  # stable for equal values
        wave = list(dispatcher.wave(candidates, NOW))
        assert wave == ordered[: len(wave)]
        assert len(wave) >= 1


class TestPresets:
    """Groups whose preset orders their members."""

    def test_their_dispatcher_has_the_name_and_the_order_of_the_preset(self) -> None:
        group = rs.RingGroup(extension_number="600", preset="asterisk-queue/ringall")
        [dispatcher] = dispatchers_of(rs.Scenario(groups=[group]), None).values()
        assert name_of(dispatcher) == "asterisk-queue/ringall"
        assert dispatcher.order_by == ("skill_level",)
        assert dispatcher.at_once is TIED
        assert has_own_order(group, dispatcher)
        assert not has_own_order(group, dispatcher_for("CYCLIC_HUNT"))

    def test_a_preset_is_no_dispatcher(self) -> None:
        assert refusal(dispatcher_for, "webex/circular") == (
            "dispatcher must be the name of a registered dispatcher, got 'webex/circular'. "
            "It is a preset: give it as the preset of a group."
        )


class TestAttributes:
    def test_one_that_overrides_wave_is_no_ordering(self) -> None:
        class FirstThenLast(Hunt):
            def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
                return candidates[-1:] if moment.wave else candidates[:1]

        assert not FirstThenLast().is_ordering
        assert FirstThenLast().looks_at("n_rung")

    def test_an_ordering_looks_at_what_it_orders_by(self) -> None:
        assert ByThreesMostRungFirst().looks_at("n_rung")
        assert ByThreesMostRungFirst().looks_at("last_hung_up_at")
        assert not ByThreesMostRungFirst().looks_at("random")

    @pytest.mark.parametrize(
        ("attributes", "sentence"),
        [
            (
                {"order_by": "last_rung_at"},
                "Odd.order_by must be a tuple of fields, got 'last_rung_at'. "
                'Write ("last_rung_at",) for one.',
            ),
            (
                {"order_by": {"n_rung"}},
                "Odd.order_by must be a tuple of fields, got {'n_rung'}. "
                'Write ("last_rung_at",) for one.',
            ),
            (
                {"order_by": ("skill_level", "last_rang_at")},
                "Odd.order_by[1] must be a field of Candidate, got 'last_rang_at'. "
                "Did you mean 'last_rung_at'?",
            ),
            (
                {"order_by": ("--n_rung",)},
                "Odd.order_by[0] must be a field of Candidate, got '--n_rung'. "
                "Did you mean 'n_rung'?",
            ),
            ({"order_by": (7,)}, "Odd.order_by[0] must be a field of Candidate, got 7."),
            ({"at_once": 0}, "Odd.at_once must be a number of phones, ALL or TIED, got 0."),
            ({"at_once": 1.5}, "Odd.at_once must be a number of phones, ALL or TIED, got 1.5."),
            ({"at_once": True}, "Odd.at_once must be a number of phones, ALL or TIED, got True."),
            (
                {"at_once": "ALL"},
                "Odd.at_once must be a number of phones, ALL or TIED, got 'ALL'. "
                "Import ALL and TIED from ringsim.dispatch; they are no text.",
            ),
        ],
    )
    def test_attributes_that_make_no_sense(self, attributes: dict[str, Any], sentence: str) -> None:
        odd = type("Odd", (Hunt,), attributes)
        assert refusal(odd().check) == sentence
        assert refusal(dispatcher_from, odd) == sentence
        assert refusal(dispatcher_from, odd()) == sentence


class TestDispatcherFrom:
    @pytest.mark.parametrize(
        "given", [CyclicHunt, "CYCLIC_HUNT", RingStrategy.CYCLIC_HUNT], ids=named
    )
    def test_a_class_or_a_name(self, given: Any) -> None:
        assert type(dispatcher_from(given)) is CyclicHunt

    def test_an_instance_is_itself(self) -> None:
        given = AnybodysGuess()
        assert dispatcher_from(given) is given
        assert name_of(given) == "AnybodysGuess"

    @pytest.mark.parametrize("given", [None, 5, object, int, ["CYCLIC_HUNT"]])
    def test_any_other_value_is_refused(self, given: Any) -> None:
        assert refusal(dispatcher_from, given) == (
            "dispatcher must be a Dispatcher, a subclass of it, or a registered name, "
            f"got {given!r}."
        )

    @pytest.mark.parametrize("ask", [dispatcher_for, dispatcher_from])
    def test_a_name_misspelt(self, ask: Any) -> None:
        assert refusal(ask, "CYCLIC_HNT") == (
            "dispatcher must be the name of a registered dispatcher, got 'CYCLIC_HNT'. "
            "Did you mean 'CYCLIC_HUNT'?"
        )

    @pytest.mark.usefixtures("_own_registry")
    def test_a_name_that_nobody_has(self) -> None:
        assert refusal(dispatcher_for, "?") == (
            "dispatcher must be the name of a registered dispatcher, got '?'. They are "
            f"{', '.join(registered())}."
        )


@pytest.mark.usefixtures("_own_registry")
class TestNames:
    def test_a_new_name(self) -> None:
        assert register("LEAST_TALKED_HUNT")(LeastTalked) is LeastTalked
        assert type(dispatcher_for("LEAST_TALKED_HUNT")) is LeastTalked
        assert name_of(LeastTalked()) == "LEAST_TALKED_HUNT"
        assert list(registered())[:8] == list(EIGHT)
        assert registered()["LEAST_TALKED_HUNT"] is LeastTalked

    @pytest.mark.parametrize("name", [RingStrategy.CYCLIC_HUNT, "CYCLIC_HUNT"])
    def test_a_taken_name(self, name: Any) -> None:
        assert refusal(register(name), LeastTalked) == (
            "name must not be that of another dispatcher, CyclicHunt, got 'CYCLIC_HUNT'."
        )
        assert type(dispatcher_for("CYCLIC_HUNT")) is CyclicHunt

    def test_a_name_given_twice_to_one_dispatcher_is_one_name(self) -> None:
        register("LEAST_TALKED_HUNT")(LeastTalked)
        assert register("LEAST_TALKED_HUNT")(LeastTalked) is LeastTalked

    @pytest.mark.parametrize("given", [LeastTalked(), Candidate, "LeastTalked", None])
    def test_a_value_that_is_not_a_dispatcher(self, given: Any) -> None:
        assert refusal(register("ODD"), given).startswith(
            "dispatcher 'ODD' must be a subclass of Dispatcher, got "
        )
        assert "ODD" not in registered()

    def test_registered_returns_a_copy(self) -> None:
        registered().clear()
        assert list(registered())[:8] == list(EIGHT)


NIGHT_SHIFT = """
from ringsim.dispatch import Hunt, register


class NightShift(Hunt):
    order_by = ("-position",)


@register("DECORATED_TOO")
class DecoratedToo(Hunt):
    pass


class NoDispatcher:
    pass
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _own_registry: None) -> Any:
    """Install a throw-away package that declares entry points of `ringsim.dispatchers`."""

    def package(**entries: str) -> None:
        name = f"night_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{name}.py").write_text(NIGHT_SHIFT)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{entry} = {name}:{value}" for entry, value in entries.items()]
        (info / "entry_points.txt").write_text(
            "\n".join(["[ringsim.dispatchers]", *lines, "[console_scripts]", "OTHER = x:y", ""])
        )
        monkeypatch.syspath_prepend(tmp_path)

    return package


class TestOtherPackages:
    """Dispatchers of other packages, found by the entry-point group `ringsim.dispatchers`."""

    def test_by_name(self, install: Any) -> None:
        install(NIGHT_SHIFT="NightShift")
        dispatcher = dispatcher_for("NIGHT_SHIFT")
        assert type(dispatcher).__name__ == "NightShift"
        assert positions(dispatcher, Candidate(0), Candidate(1)) == [1]
        assert name_of(dispatcher) == "NIGHT_SHIFT"

    def test_among_all_names(self, install: Any) -> None:
        install(NIGHT_SHIFT="NightShift")
        assert list(registered())[:8] == list(EIGHT)
        assert "NIGHT_SHIFT" in registered()
        assert "OTHER" not in registered()

    def test_among_suggestions(self, install: Any) -> None:
        install(NIGHT_SHIFT="NightShift")
        assert refusal(dispatcher_for, "NIGHTSHIFT").endswith("Did you mean 'NIGHT_SHIFT'?")

    def test_one_that_registers_itself_too(self, install: Any) -> None:
        install(DECORATED_TOO="DecoratedToo")
        assert type(dispatcher_for("DECORATED_TOO")).__name__ == "DecoratedToo"

    def test_the_eight_need_no_entry_points(self, install: Any) -> None:
        install(NIGHT_SHIFT="Missing")
        assert type(dispatcher_for("CYCLIC_HUNT")) is CyclicHunt

    @pytest.mark.parametrize(
        ("entries", "sentence"),
        [
            (
                {"CYCLIC_HUNT": "NightShift"},
                "name must not be that of another dispatcher, CyclicHunt, got 'CYCLIC_HUNT'.",
            ),
            (
                {"ODD": "NoDispatcher"},
                "dispatcher 'ODD' must be a subclass of Dispatcher, got <class ",
            ),
            (
                {"ODD": "Missing"},
                "entry point 'ODD' of ringsim.dispatchers must be the name of a class that can "
                "be imported: module ",
            ),
        ],
    )
    def test_a_bad_entry_point_is_refused_every_time(
        self, install: Any, entries: dict[str, str], sentence: str
    ) -> None:
        install(NIGHT_SHIFT="NightShift", **entries)
        for _ in range(2):
            assert refusal(registered).startswith(sentence)


def test_a_redefined_class_replaces_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook cell may run again; another class of the same name is refused."""
    monkeypatch.setattr(_registry, "_registered", dict(_registry._registered))

    def cell(field: str) -> type[Hunt]:
        @register("CELL_HUNT")
        class CellHunt(Hunt):
            order_by = (field,)

        return CellHunt

    cell("n_rung")
    again = cell("n_answered")
    assert type(dispatcher_for("CELL_HUNT")) is again
    with pytest.raises(ConfigurationError, match="that of another dispatcher, CellHunt"):
        register("CELL_HUNT")(type("Other", (Hunt,), {}))


@pytest.mark.parametrize("dispatcher", [CyclicHunt, SkillBasedCyclicHunt])
def test_no_strategy_with_a_pointer_is_called_equal_to_the_least_recently_rung(
    dispatcher: type[Dispatcher],
) -> None:
    """After A, B, (C busy), A, a pointer continues with B; C was rung least recently."""
    rung = [Candidate(0, last_rung_at=3), Candidate(1, last_rung_at=2), Candidate(2)]
    assert dispatcher().wave(rung, Moment(4, 0, 0, 0))[0].position == 2
    _, elsewhere = rule_and_aliases(dispatcher)
    assert elsewhere.startswith("similar, not equal")


@pytest.mark.parametrize(
    ("record", "wrong", "fields"),
    [
        (NOW, "arrived_at", "now, call, wave, waited, last_rung, last_answered"),
        (Candidate(0), "number", "position, skill_level, last_rung_at, "),
    ],
)
def test_a_field_that_is_none_is_answered_with_those_there_are(
    record: Any, wrong: str, fields: str
) -> None:
    with pytest.raises(AttributeError) as missing:
        getattr(record, wrong)
    kind = type(record).__name__
    said = f"{kind!r} object has no attribute {wrong!r}; its fields are {fields}"
    assert str(missing.value).startswith(said)
    assert not hasattr(record, wrong)
    assert pickle.loads(pickle.dumps(record)) == copy.deepcopy(record) == record


def test_a_moment_is_shown_as_source() -> None:
    assert repr(Moment(8.0, 0, 1, 2.5)) == "Moment(8.0, 0, 1, 2.5)"
    shown = repr(Moment(8.0, 0, 1, 2.5, last_rung=0, last_answered=2))
    assert shown == "Moment(8.0, 0, 1, 2.5, last_rung=0, last_answered=2)"
    assert eval(shown) == Moment(8.0, 0, 1, 2.5, 0, 2)


def test_dispatchers_are_keyed_by_groups_of_the_scenario() -> None:
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201"]}])
    workload = rs.Workload(arrives_at=[0], talk_time=1)
    with pytest.raises(rs.ConfigurationError, match="must be keyed by the numbers of groups"):
        rs.play(scenario, workload, dispatcher={"601": "CYCLIC_HUNT"})


def test_rules_replace_the_order_of_a_strategy() -> None:
    group = {
        "extension_number": "600",
        "ring_strategy": "SKILL_BASED_ROUTING_CYCLIC_HUNT",
        "rules": {"at_once": "TIED", "skill_order": "highest_first"},
    }
    scenario = rs.Scenario(groups=[group])
    own = dispatchers_of(scenario, None)["600"]
    assert (own.order_by, own.at_once, own.is_ordering) == (
        ("-skill_level", "last_rung_at"),
        TIED,
        True,
    )
    chosen = dispatchers_of(scenario, "PRIORITIZED_HUNT")["600"]
    assert (chosen.order_by, chosen.at_once) == ((), 1)
