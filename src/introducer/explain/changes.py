"""What stands in the way of a move, and what would have to change, in a coordinator's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.explain.moves import codes
from introducer.explain.printed import called, figure, is_nothing, short, wrapped
from introducer.rules import stages_ahead
from introducer.words import CONFIDENTIAL, REFUSALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.explain.moves import Move
    from introducer.explain.told import Told
    from introducer.outcome import Outcome

__all__ = ["difference", "refusals_told", "what_would_change", "why_not"]

#: Codes that are one confidential fact: who is behind it, or which wish, must not be told apart.
_CONFIDENTIAL = frozenset({"conflict", "evaluator", "avoid", "quota"})
_FACT = f"{CONFIDENTIAL}, or a limit that the mentor set"
#: Changes that concern the pair alone, by refusal code.
_LIFTED = {
    "veto": "the veto withdrawn",
    "same_site": 'same_site = "allow" in the policy',
    "language": 'shared_language = "prefer" in the policy',
    "consent": "the consent of both",
    "paused": "an end of the pause",
    "guest": 'guests = "allow" in the policy',
}
#: Said of a move that nothing stops, by whether something is held back.
_FREE = ("nothing stands in the way: the run ended within its gap", "what is held back was weighed too")
#: Whom a seat may be kept for.
_KEPT = {"local": "a mentor of the same region", "outside": "a mentor from another institution"}
#: So many ways are named, the best first.
_WAYS = 3


def refusals_told(view: Told, j: int, found: Sequence[Move]) -> list[str]:
    """Return every refusal of a pair in words and with its code, the first one first; confidential ones as one."""
    every = [*codes(view.account, view.mentee, j), *(["quota"] if "quota" in found[0].stops else [])]
    texts = [f"{_FACT} (confidential)" if code in _CONFIDENTIAL else f"{REFUSALS[code]} ({code})" for code in every]
    return list(dict.fromkeys(texts))


def difference(view: Told, move: Move) -> str:
    """Return who would join and what that would be worth."""
    return f"{called(view.account.roster.mentors[move.joins])}, {_amount(move)}"


def _amount(move: Move) -> str:
    if is_nothing(move.gain):
        return "worth the same"
    return f"worth {figure(move.gain)} {'more' if move.gain > 0 else 'less'}"


def why_not(view: Told, outcome: Outcome, move: Move) -> str:
    """Return why a move was not made, as the end of a sentence that ``difference`` began."""
    if move.gain <= 0 or is_nothing(move.gain):
        return "."
    if not move.stops:
        return f", and {_FREE[view.held]}."
    return f", but {'; '.join(_way(view, outcome, move, stop) for stop in move.stops)}."


def what_would_change(view: Told, outcome: Outcome, found: Sequence[Move]) -> list[str]:
    """Return the ways in which a mentor would come into a team with a gain, and what each needs."""
    joins = found[0].joins
    stops = set(found[0].stops)
    if "self" in stops:
        return ["Nothing could change that: they are the same person."]
    if stops & _CONFIDENTIAL:
        return ["What would have to change is not told here: whoever keeps the confidential fact can say."]
    best = max(found, key=lambda move: move.gain)
    if best.gain <= 0 or is_nothing(best.gain):
        return wrapped(f"No place in this team gains by it: at best, {_place(view, best)}, {_amount(best)}.")
    gained = "would gain of what is counted here" if view.held else "would gain"
    lines = [f"What would have to change, and what the constellation {gained}, all else as it is"]
    for move in _ways(found):
        needed = "; ".join(_change(view, move, stop) for stop in move.stops) or _FREE[view.held]
        lines += wrapped(f"  +{figure(move.gain)}  {_place(view, move)}: {needed}")
    swaps = [move for move in found if move.leaves is not None]
    if swaps and not any(move.leaves is not None for move in _ways(found)):
        swap = max(swaps, key=lambda move: move.gain)
        lines += ["", *wrapped(f"In a teammate's place: at best, {_place(view, swap)}, {_amount(swap)}.")]
    if "seat" in stops:
        price = outcome.prices.capacity[joins]
        more = f", more than the {figure(best.gain)} gained" if price > best.gain else ""
        mentor = short(view.account.roster.mentors, joins)
        lines += ["", *wrapped(f"To free a seat with {mentor} costs others about its price, {figure(price)}{more}.")]
    return lines


def _ways(found: Sequence[Move]) -> list[Move]:
    """Return moves with a gain, the best first, without those that need no less than a better one."""
    ways: list[Move] = []
    for move in sorted(found, key=lambda move: -move.gain):
        if move.gain > 0 and not is_nothing(move.gain) and not any(set(way.stops) <= set(move.stops) for way in ways):
            ways.append(move)
    return ways[:_WAYS]


def _place(view: Told, move: Move) -> str:
    return "as one more" if move.leaves is None else f"instead of {short(view.account.roster.mentors, move.leaves)}"


def _way(view: Told, outcome: Outcome, move: Move, stop: str) -> str:
    """Return what stands in the way."""
    account, i = view.account, view.mentee
    a = account.problem.arrays
    if stop == "seat":
        load, most = account.loads[move.joins], a.capacities[move.joins]
        return f"full ({load} of {most}; price of a seat {figure(outcome.prices.capacity[move.joins])})"
    leaver = "" if move.leaves is None else short(account.roster.mentors, move.leaves)
    return {
        "institution": f"the team has {_mates(view, move) - 1} from that institution already",
        "kept_seat": f"one seat is kept for {_kept(view)}",
        "team_size": f"the team is complete ({len(account.teams[i])} of {a.team_sizes[i]})",
        "pin": f"{leaver} is pinned",
        "lower_load": f"{leaver} must not have fewer mentees",
    }[stop]


def _change(view: Told, move: Move, stop: str) -> str:
    """Return what would have to change, as the policy or the file has it."""
    if stop == "stage":
        return _stage(view, move)
    account, i = view.account, view.mentee
    a = account.problem.arrays
    mentors = account.roster.mentors
    found = _LIFTED | {
        "institution": f"institution_limit = {_mates(view, move)} in the policy (now {a.institution_limit})",
        "kept_seat": f"no seat kept for {_kept(view)}",
        "team_size": f"a team of {len(account.teams[i]) + 1} (now {a.team_sizes[i]})",
        "seat": f"one more seat with {short(mentors, move.joins)} (now {a.capacities[move.joins]})",
    }
    if move.leaves is not None:
        leaver, least = short(mentors, move.leaves), a.min_loads[move.leaves]
        found["pin"] = f"the pin on {leaver} withdrawn"
        found["lower_load"] = f"min_load = {least - 1} for {leaver} (now {least})"
    return found[stop]


def _mates(view: Told, move: Move) -> int:
    """Return how many of the team after a move are from the institution of the one who joins."""
    homes = view.account.problem.arrays.institutions
    rest = [j for j in view.account.teams[view.mentee] if j != move.leaves]
    return 1 + sum(int(homes[j]) == int(homes[move.joins]) for j in rest)


def _kept(view: Told) -> str:
    return _KEPT.get(view.account.roster.mentees[view.mentee].keep_seat, "")


def _stage(view: Told, move: Move) -> str:
    rule = view.account.policy.stage
    ahead = int(stages_ahead(view.account.roster)[view.mentee, move.joins])
    name, now = ("least", rule.least) if rule.least is not None and ahead < rule.least else ("most", rule.most)
    return f"stage.{name} = {ahead} in the policy (now {now})"
