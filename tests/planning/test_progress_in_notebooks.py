"""A long study shows a bar in a notebook, and a quick one none; outside there is no bar."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

import ringsim as rs
from ringsim.planning import _notebook
from support.plot_frames import office


class ZMQInteractiveShell(SimpleNamespace):
    """Stand-in for the shell of a notebook."""


class TerminalInteractiveShell(SimpleNamespace):
    """Stand-in for the shell of a terminal."""


class Place:
    """Stand-in for the place of a cell that shows HTML; it keeps all that was shown."""

    def __init__(self, first: str) -> None:
        self.shown = [first]

    def update(self, page: str) -> None:
        self.shown.append(page)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Return the places in which a notebook shows something, from now on."""
    found: list[Place] = []

    def display(page: str, *, display_id: bool) -> Place:
        found.append(Place(page))
        return found[-1]

    shell = ZMQInteractiveShell(execution_count=7)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    shows: Any = SimpleNamespace(HTML=str, display=display)
    monkeypatch.setitem(sys.modules, "IPython.display", shows)
    monkeypatch.setattr(_notebook, "_places", {})
    monkeypatch.setattr(_notebook, "EVERY", 0.0)
    return found


def test_a_long_study_shows_a_bar_that_disappears(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_notebook, "AFTER", 0.0)
    rs.simulate(office(), replications=64, workers=1, engine="simpy")
    [place] = places
    assert len(place.shown) > 5
    assert '<progress value="1" max="64"' in place.shown[0]
    assert place.shown[-1] == ""


def test_all_studies_of_a_cell_share_a_place(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_notebook, "AFTER", 0.0)
    for _ in range(3):
        rs.simulate(office(), replications=8, workers=1, engine="simpy")
    assert len(places) == 1


def test_a_quick_study_shows_none(places: list[Place]) -> None:
    rs.simulate(office(), replications=2, workers=1)
    assert places == []


def test_a_callback_of_ones_own_takes_its_place(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_notebook, "AFTER", 0.0)
    seen: list[int] = []
    rs.simulate(
        office(),
        replications=8,
        workers=1,
        engine="simpy",
        on_progress=lambda done, total: seen.append(done),
    )
    assert places == []
    assert seen[-1] == 8


def test_a_terminal_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = TerminalInteractiveShell(execution_count=1)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert _notebook.bar_in_notebook() is None
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert _notebook.bar_in_notebook() is None


def test_a_real_notebook_keeps_nothing_of_the_bar() -> None:
    """The cell of a real kernel ends with an empty place and no message."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    code = (
        "import ringsim as rs\n"
        "from ringsim.planning import _notebook\n"
        "_notebook.AFTER = _notebook.EVERY = 0.0\n"
        "sales = {'extension_number': '600', 'members': ['201', '202']}\n"
        "demand = {'600': rs.Demand(calls_per_hour=30, talk_time=60)}\n"
        "office = rs.Scenario(groups=[sales], demand=demand, hours=1)\n"
        "rs.simulate(office, replications=40, workers=1, engine='simpy');"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=120).execute()
    [output] = notebook.cells[0].outputs
    assert output["output_type"] == "display_data"
    assert output["data"]["text/html"] == ""
