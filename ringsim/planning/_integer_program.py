"""A mixed-integer linear program, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ringsim.errors import RingsimError

__all__ = ["Program"]

NODES = 50_000  # branches of one solution; a fixed number, so that a seed reproduces a roster
INFEASIBLE = 2  # status of `scipy.optimize.milp`


@dataclass
class Program:
    """Variables and constraints of a mixed-integer linear program."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, upper: float = 1.0, *, whole: bool = True) -> int:
        """Add a variable from 0 to `upper` and return its index."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def constrain(self, row: Mapping[int, float], low: float, high: float) -> None:
        """Add the constraint low <= sum of coefficient times variable <= high."""
        if row:
            self.rows.append((row, low, high))

    def solve(self, cost: Sequence[float] | None = None) -> tuple[list[float], float, bool] | None:
        """Return the values, the cost and whether it is proven the least; None if infeasible."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        if not self.cost:
            return None if any(low > 0 for _, low, _ in self.rows) else ([], 0.0, True)
        entries = [(i, j, a) for i, (row, _, _) in enumerate(self.rows) for j, a in row.items()]
        i, j, a = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = csr_matrix((a, (i, j)), shape=(len(self.rows), len(self.cost)))
        constraints = [LinearConstraint(matrix, *zip(*[row[1:] for row in self.rows], strict=True))]
        done = milp(
            self.cost if cost is None else cost,
            integrality=np.array(self.whole, dtype=int),
            bounds=Bounds(0, np.array(self.upper)),
            constraints=constraints if self.rows else (),
            options={"node_limit": NODES, "mip_rel_gap": 1e-9},
        )
        if done.x is None:
            if done.status == INFEASIBLE:
                return None
            raise RingsimError(f"HiGHS must solve the roster: {done.message}")
        return done.x.tolist(), float(done.fun), done.status == 0
