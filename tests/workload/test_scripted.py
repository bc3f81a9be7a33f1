"""Tests of workloads written by hand: all accepted shapes of arguments, and errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringsim.workload import Workload
from support.generated import json_trees
from support.helpers import makes_or_refuses, refusal

INF = math.inf
NAN = math.nan


def script(n: int = 3, **given: Any) -> Workload:
    """Return a workload of n calls, a minute apart."""
    return Workload(**{"arrives_at": [60 * call for call in range(n)], "talk_time": 30, **given})


def delays(workload: Workload, extension: str = "201", rings: int = 3) -> list[list[float]]:
    """Return answer delays by call and ring."""
    return [
        [workload.answer_delay(call, extension, ring) for ring in range(rings)]
        for call in range(len(workload))
    ]


class TestAnswerDelay:
    @pytest.mark.parametrize(
        ("n", "given", "expected"),
        [
            pytest.param(3, 5, [[5, 5, 5]] * 3, id="a scalar: every call, every ring"),
            pytest.param(3, INF, [[INF] * 3] * 3, id="never"),
            pytest.param(3, np.float32(0.5), [[0.5] * 3] * 3, id="numpy's scalar"),
            pytest.param(
                3, [5, INF, 0], [[5] * 3, [INF] * 3, [0] * 3], id="n: every ring of the call"
            ),
            pytest.param(3, (5, 6, 7), [[5] * 3, [6] * 3, [7] * 3], id="a tuple"),
            pytest.param(3, np.array([5, 6, 7]), [[5] * 3, [6] * 3, [7] * 3], id="an array"),
            pytest.param(
                3, [[1], [2], [3]], [[1] * 3, [2] * 3, [3] * 3], id="n x 1: the same as n"
            ),
            pytest.param(
                3,
                [[1, 2], [3, INF], [INF, 4]],
                [[1, 2, 2], [3, INF, INF], [INF, 4, 4]],
                id="n x k: the last repeats",
            ),
            pytest.param(
                3,
                [[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 9, 9]],
                [[1, 2, 3], [5, 6, 7], [9, 9, 9]],
                id="n x k, more than are rung",
            ),
            pytest.param(2, [[1, 2], [3, 4]], [[1, 2, 2], [3, 4, 4]], id="n x n: rows are calls"),
            pytest.param(
                3,
                np.array([[1, 3, 5], [2, 4, 6]]).T,
                [[1, 2, 2], [3, 4, 4], [5, 6, 6]],
                id="an array that is not contiguous",
            ),
            pytest.param(1, 5, [[5, 5, 5]], id="one call, a scalar"),
            pytest.param(1, [5], [[5, 5, 5]], id="one call, n values"),
            pytest.param(1, [[5, INF, 7]], [[5, INF, 7]], id="one call, n x k"),
            pytest.param(0, 5, [], id="no call, a scalar"),
            pytest.param(0, [], [], id="no call, n values"),
            pytest.param(0, np.empty((0, 2)), [], id="no call, n x k"),
        ],
    )
    def test_shapes(self, n: int, given: Any, expected: list[list[float]]) -> None:
        assert delays(script(n, answer_delay={"201": given})) == expected

    def test_a_missing_extension_never_answers(self) -> None:
        assert delays(script(2), "201") == [[INF] * 3] * 2
        assert delays(script(2, answer_delay={"202": 0}), "201") == [[INF] * 3] * 2

    def test_what_is_given_later_changes_nothing(self) -> None:
        given = np.array([5.0, 6.0, 7.0])
        workload = script(answer_delay={"201": given}, talk_time=given)
        given[:] = 0
        assert delays(workload, rings=1) == [[5], [6], [7]]
        assert workload.talk_time.tolist() == [5, 6, 7]

    @pytest.mark.parametrize(
        ("n", "given", "sentence"),
        [
            (
                3,
                [1, 2],
                "answer_delay['201'] must have one value, one for each of 3 calls, or 3 rows "
                "of one for each ring, got (2,).",
            ),
            (
                3,
                [[1, 2, 3]],
                "answer_delay['201'] must have one value, one for each of 3 calls, or 3 rows "
                "of one for each ring, got (1, 3).",
            ),
            (
                1,
                [5, INF],
                "answer_delay['201'] must have one value, one for each of 1 call, or 1 row "
                "of one for each ring, got (2,).",
            ),
            (
                2,
                [[], []],
                "answer_delay['201'] must have one value, one for each of 2 calls, or 2 rows "
                "of one for each ring, got (2, 0).",
            ),
            (
                2,
                [[[1], [2]], [[3], [4]]],
                "answer_delay['201'] must have one value, one for each of 2 calls, or 2 rows "
                "of one for each ring, got (2, 2, 1).",
            ),
            (
                2,
                [[1], [2, 3]],
                "answer_delay['201'] must be numbers of seconds, got [[1], [2, 3]].",
            ),
            (
                2,
                [[1, 2], [3, -4]],
                "answer_delay['201'][1][1] must be a number of seconds, at least 0, got -4.0.",
            ),
            (
                2,
                [1, NAN],
                "answer_delay['201'][1] must be a number of seconds, at least 0, got nan.",
            ),
            (2, -1, "answer_delay['201'] must be a number of seconds, at least 0, got -1.0."),
            (2, "5", "answer_delay['201'] must be numbers of seconds, got '5'."),
            (2, ["5", "6"], "answer_delay['201'] must be numbers of seconds, got ['5', '6']."),
            (2, True, "answer_delay['201'] must be numbers of seconds, got True."),
            (
                2,
                [True, False],
                "answer_delay['201'] must be numbers of seconds, got [True, False].",
            ),
            (2, None, "answer_delay['201'] must be numbers of seconds, got None."),
            (2, [1, None], "answer_delay['201'] must be numbers of seconds, got [1, None]."),
            (2, 1j, "answer_delay['201'] must be numbers of seconds, got 1j."),
        ],
    )
    def test_what_cannot_be(self, n: int, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(n, answer_delay={"201": given})) == sentence

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (5, "answer_delay must be a table keyed by extension number, got 5."),
            ([], "answer_delay must be a table keyed by extension number, got []."),
            ({201: 5}, "answer_delay must be keyed by strings, got 201."),
        ],
    )
    def test_it_is_a_table_by_extension_number(self, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(answer_delay=given)) == sentence

    @given(st.data(), st.integers(0, 4), st.integers(1, 4), st.integers(0, 9))
    def test_the_last_given_ring_stands_for_all_further_ones(
        self, data: st.DataObject, n: int, k: int, ring: int
    ) -> None:
        row = st.lists(st.floats(0), min_size=k, max_size=k)
        given = data.draw(st.lists(row, min_size=n, max_size=n))
        workload = script(n, answer_delay={"201": np.array(given).reshape(n, k)})
        for call in range(n):
            assert workload.answer_delay(call, "201", ring) == given[call][min(ring, k - 1)]


class TestTimesOfCalls:
    def test_scalars_stand_for_every_call(self) -> None:
        workload = script(talk_time=30, wrap_up_time=5, patience=60)
        assert workload.talk_time.tolist() == [30, 30, 30]
        assert workload.wrap_up_time.tolist() == [5, 5, 5]
        assert workload.patience.tolist() == [60, 60, 60]

    def test_one_value_a_call(self) -> None:
        workload = script(talk_time=[1, 2, 3], wrap_up_time=(4, 5, 6), patience=np.arange(3))
        assert workload.talk_time.tolist() == [1, 2, 3]
        assert workload.wrap_up_time.tolist() == [4, 5, 6]
        assert workload.patience.tolist() == [0, 1, 2]

    def test_defaults(self) -> None:
        workload = script()
        assert workload.wrap_up_time.tolist() == [0, 0, 0]
        assert workload.patience.tolist() == [INF, INF, INF]
        assert workload.group is None
        assert len(workload.own_calls) == 0

    def test_arrivals_need_not_be_sorted(self) -> None:
        assert script(arrives_at=[100, 0, 50]).arrives_at.tolist() == [100, 0, 50]

    def test_length(self) -> None:
        assert [len(script(n)) for n in (0, 1, 3)] == [0, 1, 3]

    @pytest.mark.parametrize("name", ["arrives_at", "talk_time", "wrap_up_time", "patience"])
    def test_nobody_writes_to_them(self, name: str) -> None:
        with pytest.raises(ValueError, match="read-only"):
            getattr(script(), name)[0] = 1

    @pytest.mark.parametrize("name", ["talk_time", "wrap_up_time", "patience"])
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ([1, 2], "must have one value, or one for each of 3 calls, got (2,)."),
            ([], "must have one value, or one for each of 3 calls, got (0,)."),
            ([[1, 2, 3]], "must have one value, or one for each of 3 calls, got (1, 3)."),
            (-1, "must be a number of seconds, at least 0, got -1.0."),
            (NAN, "must be a number of seconds, at least 0, got nan."),
            ("30", "must be numbers of seconds, got '30'."),
            (["1", "2", "3"], "must be numbers of seconds, got ['1', '2', '3']."),
            (False, "must be numbers of seconds, got False."),
            ([True, True, True], "must be numbers of seconds, got [True, True, True]."),
            (None, "must be numbers of seconds, got None."),
        ],
    )
    def test_what_cannot_be(self, name: str, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(**{name: given})) == f"{name} {sentence}"

    @pytest.mark.parametrize("name", ["talk_time", "wrap_up_time", "patience"])
    def test_one_wrong_among_many_is_pointed_at(self, name: str) -> None:
        assert refusal(lambda: script(**{name: [1, 2, -3]})) == (
            f"{name}[2] must be a number of seconds, at least 0, got -3.0."
        )

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (5, "must be a list of times in seconds, got 5."),
            ([[0, 1]], "must be a list of times in seconds, got [[0, 1]]."),
            (["0"], "must be numbers of seconds, got ['0']."),
            ("08:00", "must be numbers of seconds, got '08:00'."),
        ],
    )
    def test_arrivals_that_cannot_be(self, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(arrives_at=given)) == f"arrives_at {sentence}"

    @pytest.mark.parametrize("instant", [-1.0, NAN, INF])
    def test_instants_that_cannot_be(self, instant: float) -> None:
        assert refusal(lambda: script(arrives_at=[0, instant])) == (
            f"arrives_at[1] must be a finite number of seconds, at least 0, got {instant!r}."
        )


class TestGroups:
    @pytest.mark.parametrize(
        ("given", "group"),
        [
            (None, None),
            ("600", "600"),
            (["600", "601", "600"], ("600", "601", "600")),
            (np.array(["600", "601", "600"]), ("600", "601", "600")),
        ],
    )
    def test_who_is_called(self, given: Any, group: Any) -> None:
        assert script(group=given).group == group

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (["600"], "group must have one number, or one for each of 3 calls, got 1."),
            (600, "group must have one number, or one for each call, got 600."),
            (["600", 601, "600"], "group[1] must be the number of a group, a string, got 601."),
        ],
    )
    def test_what_cannot_be(self, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(group=given)) == sentence


class TestOwnCalls:
    def test_in_the_order_given(self) -> None:
        own = script(own_calls=[(50, "202", 600), (10, "201", INF)]).own_calls
        assert own.at.tolist() == [50, 10]
        assert own.extension == ("202", "201")
        assert own.talk_time.tolist() == [600, INF]
        assert len(own) == 2

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (5, "own_calls must be a list, got 5."),
            ("ab", "own_calls must be a list, got 'ab'."),
            ([5], "own_calls[0] must be (at, extension, talk_time), got 5."),
            ([(0, "201")], "own_calls[0] must be (at, extension, talk_time), got (0, '201')."),
            (["abc"], "own_calls[0] must be (at, extension, talk_time), got 'abc'."),
            ([(0, 201, 9)], "own_calls[0].extension must be a string, got 201."),
            (
                [(0, "201", 9), (-1, "201", 9)],
                "own_calls[1].at must be a finite number of seconds, at least 0, got -1.0.",
            ),
            (
                [(INF, "201", 9)],
                "own_calls[0].at must be a finite number of seconds, at least 0, got inf.",
            ),
            (
                [(0, "201", NAN)],
                "own_calls[0].talk_time must be a number of seconds, at least 0, got nan.",
            ),
            ([(0, "201", "9")], "own_calls[0].talk_time must be a number of seconds, got '9'."),
            ([(True, "201", 9)], "own_calls[0].at must be a number of seconds, got True."),
        ],
    )
    def test_what_cannot_be(self, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(own_calls=given)) == sentence


class TestRandom:
    """The draw that dispatchers may order by."""

    def test_zero_unless_given(self) -> None:
        assert script().random(0, "201") == 0

    def test_scalars_and_one_value_a_call(self) -> None:
        workload = script(random={"201": 0.5, "202": [0.1, 0.2, 0.3]})
        assert [workload.random(call, "201") for call in range(3)] == [0.5, 0.5, 0.5]
        assert [workload.random(call, "202") for call in range(3)] == [0.1, 0.2, 0.3]
        assert workload.random(0, "203") == 0

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (0.5, "random must be a table keyed by extension number, got 0.5."),
            ({201: 0.5}, "random must be keyed by strings, got 201."),
            (
                {"201": [0.5]},
                "random['201'] must have one value, one for each of 3 calls, or 3 rows of "
                "one for each ring, got (1,).",
            ),
            (
                {"201": [0.1, 0.2, NAN]},
                "random['201'][2] must be between 0 and 1, got nan.",
            ),
            ({"201": -1}, "random['201'] must be between 0 and 1, got -1.0."),
            ({"201": [0, 0, 2]}, "random['201'][2] must be between 0 and 1, got 2.0."),
        ],
    )
    def test_what_cannot_be(self, given: Any, sentence: str) -> None:
        assert refusal(lambda: script(random=given)) == sentence


FIELDS = [
    "arrives_at",
    "talk_time",
    "wrap_up_time",
    "patience",
    "group",
    "answer_delay",
    "own_calls",
    "random",
]


@given(st.sampled_from(FIELDS), json_trees | json_trees.map(lambda tree: {"201": tree}))
def test_anything_at_all_is_a_workload_or_refused(field: str, given: Any) -> None:
    makes_or_refuses(lambda: script(2, **{field: given}))
