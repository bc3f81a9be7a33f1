"""Tests marked `long` start before all others, so that no worker plays one alone at the end."""

from __future__ import annotations

from itertools import pairwise

import pytest


def is_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("long") is not None


def test_long_tests_start_first(request: pytest.FixtureRequest) -> None:
    assert all(is_long(one) or not is_long(other) for one, other in pairwise(request.session.items))


@pytest.mark.long
def test_one_in_this_file_is_started_before_the_one_above(request: pytest.FixtureRequest) -> None:
    here = [item for item in request.session.items if item.path == request.path]
    assert here[0] is request.node or len(here) == 1
