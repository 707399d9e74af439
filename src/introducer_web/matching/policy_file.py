"""A program's choices as the table ``[policy]`` of ``program.toml``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from introducer_web.programs.models import Program

__all__ = ["policy_lines", "stage_rule"]

#: The open format has no word for "no limit" below: no two stages are so far apart.
_NO_LIMIT = -99


def policy_lines(program: Program) -> list[str]:
    """Return the lines; what the template says of the same keys does not count."""
    stage = stage_rule(program)
    equity = {"rural": program.equity_rural, "no_home_program": program.equity_no_home_program}
    floor = program.least_share / 100 if program.floor == program.Floor.SHARE else program.floor
    return [
        "[policy]",
        f"team_size = {program.team_size}",
        f"capacity = {program.capacity}",
        f"privacy = {json.dumps(program.privacy)}",
        f"same_site = {json.dumps(program.same_site)}",
        f"institution_limit = {program.institution_limit}",
        f"guests = {json.dumps(program.guests)}",
        f"shared_language = {json.dumps(program.shared_language)}",
        f"floor = {json.dumps(floor)}",
        f"weights = {_inline({'wish': program.wish_weight / 100, 'pair': program.pair_weight / 100})}",
        f"stage = {_inline(stage)}",
        f"equity = {_inline({flag: percent / 100 for flag, percent in equity.items() if percent != 100})}",
        f"pair_terms = {_inline(dict(sorted(program.pair_terms.items())))}",
    ]


def stage_rule(program: Program) -> dict[str, Any]:
    """Return what stages must and should be; without ``most`` there is no upper limit."""
    least = _NO_LIMIT if program.stage_least is None else program.stage_least
    most = {} if program.stage_most is None else {"most": program.stage_most}
    best = [program.stage_best_from, program.stage_best_to]
    return {"least": least, **most, "best": best, "fade": program.stage_fade}


def _inline(table: dict[str, Any]) -> str:
    inside = ", ".join(f"{key} = {json.dumps(value)}" for key, value in table.items())
    return f"{{ {inside} }}" if inside else "{}"
