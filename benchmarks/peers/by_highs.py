"""HiGHS on the exact model that ``instance.py`` wrote, to a gap or to its time.

    python benchmarks/peers/by_highs.py MODEL OUT --seconds 60 --gap 1e-4

Writes as JSON: ``seconds`` with the model in memory, ``status``, ``bound`` of the value, and the places of the
``chosen`` pairs, if it has any. It may use all cores.
"""

from __future__ import annotations

import time

import highspy
import numpy as np
from exchange import given, write


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__, "seconds", "gap")
    with np.load(asked.instance) as stored:
        m = dict(stored)
    began = time.perf_counter()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = len(m["low"]), len(m["costs"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = m["costs"], m["least"], m["most"]
    lp.row_lower_, lp.row_upper_ = m["low"], m["high"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = lp.num_row_, lp.num_col_
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = m["starts"], m["columns"], m["entries"]
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(each)] for each in m["whole"]]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", asked.seconds)
    solver.setOptionValue("mip_rel_gap", asked.gap)
    solver.passModel(lp)
    solver.run()
    found = solver.getInfo()
    pairs = int(m["whole"].sum())
    has_ties = found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible.value
    chosen = np.flatnonzero(np.array(solver.getSolution().col_value[:pairs]) > 1 / 2).tolist() if has_ties else None
    write(
        asked.out,
        seconds=time.perf_counter() - began,
        status=solver.modelStatusToString(solver.getModelStatus()),
        bound=-found.mip_dual_bound if abs(found.mip_dual_bound) < highspy.kHighsInf else None,
        chosen=chosen,
    )


if __name__ == "__main__":
    main()
