"""What stands in the way of a move, and what would have to change, in a coordinator's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.explain.moves import codes
from introducer.explain.printed import called, figure, is_nothing, short, wrapped
from introducer.rules import stages_ahead
from introducer.saying import say, worded
from introducer.words import CONFIDENTIAL, REFUSALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.explain.moves import Move
    from introducer.explain.told import Told
    from introducer.outcome import Outcome

__all__ = ["difference", "refusals_told", "what_would_change", "why_not"]

#: Codes that are one confidential fact: who is behind it, or which wish, must not be told apart.
_CONFIDENTIAL = frozenset({"conflict", "evaluator", "avoid", "quota"})
_FACT = worded("{fact}, or a limit that the mentor set")
#: Changes that concern the pair alone, by refusal code.
_LIFTED = {
    "veto": worded("the veto withdrawn"),
    "same_site": worded('same_site = "allow" in the policy'),
    "language": worded('shared_language = "prefer" in the policy'),
    "consent": worded("the consent of both"),
    "paused": worded("an end of the pause"),
    "guest": worded('guests = "allow" in the policy'),
}
#: Said of a move that nothing stops, by whether something is held back.
_FREE = (
    worded("nothing stands in the way: the run ended within its gap"),
    worded("what is held back was weighed too"),
)
#: Whom a seat may be kept for.
_KEPT = {"local": worded("a mentor of the same region"), "outside": worded("a mentor from another institution")}
#: So many ways are named, the best first.
_WAYS = 3


def refusals_told(view: Told, j: int, found: Sequence[Move]) -> list[str]:
    """Return every refusal of a pair in words and with its code, the first one first; confidential ones as one."""
    every = [*codes(view.account, view.mentee, j), *(["quota"] if "quota" in found[0].stops else [])]
    fact = say(_FACT, fact=say(CONFIDENTIAL))
    kept = say("{fact} (confidential)", fact=fact)
    texts = [kept if code in _CONFIDENTIAL else f"{say(REFUSALS[code])} ({code})" for code in every]
    return list(dict.fromkeys(texts))


def difference(view: Told, move: Move) -> str:
    """Return who would join and what that would be worth."""
    return f"{called(view.account.roster.mentors[move.joins])}, {_amount(move)}"


def _amount(move: Move) -> str:
    if is_nothing(move.gain):
        return say("worth the same")
    text = worded("worth {figure} more") if move.gain > 0 else worded("worth {figure} less")
    return say(text, figure=figure(move.gain))


def why_not(view: Told, outcome: Outcome, move: Move) -> str:
    """Return why a move was not made, as the end of a sentence that ``difference`` began."""
    if move.gain <= 0 or is_nothing(move.gain):
        return "."
    if not move.stops:
        return say(", and {free}.", free=say(_FREE[view.held]))
    return say(", but {stops}.", stops="; ".join(_way(view, outcome, move, stop) for stop in move.stops))


def what_would_change(view: Told, outcome: Outcome, found: Sequence[Move]) -> list[str]:
    """Return the ways in which a mentor would come into a team with a gain, and what each needs."""
    joins = found[0].joins
    stops = set(found[0].stops)
    if "self" in stops:
        return [say("Nothing could change that: they are the same person.")]
    if stops & _CONFIDENTIAL:
        return [say("What would have to change is not told here: whoever keeps the confidential fact can say.")]
    best = max(found, key=lambda move: move.gain)
    if best.gain <= 0 or is_nothing(best.gain):
        return wrapped(
            say(
                "No place in this team gains by it: at best, {place}, {amount}.",
                place=_place(view, best),
                amount=_amount(best),
            )
        )
    lines = [
        say(
            "What would have to change, and what the constellation would gain of what is counted here, "
            "all else as it is"
        )
        if view.held
        else say("What would have to change, and what the constellation would gain, all else as it is")
    ]
    for move in _ways(found):
        needed = "; ".join(_change(view, move, stop) for stop in move.stops) or say(_FREE[view.held])
        lines += wrapped(f"  +{figure(move.gain)}  {_place(view, move)}: {needed}")
    swaps = [move for move in found if move.leaves is not None]
    if swaps and not any(move.leaves is not None for move in _ways(found)):
        swap = max(swaps, key=lambda move: move.gain)
        lines += [
            "",
            *wrapped(
                say(
                    "In a teammate's place: at best, {place}, {amount}.", place=_place(view, swap), amount=_amount(swap)
                )
            ),
        ]
    if "seat" in stops:
        price = outcome.prices.capacity[joins]
        more = say(", more than the {figure} gained", figure=figure(best.gain)) if price > best.gain else ""
        mentor = short(view.account.roster.mentors, joins)
        lines += [
            "",
            *wrapped(
                say(
                    "To free a seat with {mentor} costs others about its price, {figure}{more}.",
                    mentor=mentor,
                    figure=figure(price),
                    more=more,
                )
            ),
        ]
    return lines


def _ways(found: Sequence[Move]) -> list[Move]:
    """Return moves with a gain, the best first, without those that need no less than a better one."""
    ways: list[Move] = []
    for move in sorted(found, key=lambda move: -move.gain):
        if move.gain > 0 and not is_nothing(move.gain) and not any(set(way.stops) <= set(move.stops) for way in ways):
            ways.append(move)
    return ways[:_WAYS]


def _place(view: Told, move: Move) -> str:
    return (
        say("as one more")
        if move.leaves is None
        else say("instead of {mentor}", mentor=short(view.account.roster.mentors, move.leaves))
    )


def _way(view: Told, outcome: Outcome, move: Move, stop: str) -> str:
    """Return what stands in the way."""
    account, i = view.account, view.mentee
    a = account.problem.arrays
    if stop == "seat":
        load, most = account.loads[move.joins], a.capacities[move.joins]
        return say(
            "full ({load} of {most}; price of a seat {figure})",
            load=load,
            most=most,
            figure=figure(outcome.prices.capacity[move.joins]),
        )
    leaver = "" if move.leaves is None else short(account.roster.mentors, move.leaves)
    return {
        "institution": say("the team has {number} from that institution already", number=_mates(view, move) - 1),
        "kept_seat": say("one seat is kept for {kept}", kept=_kept(view)),
        "team_size": say(
            "the team is complete ({size} of {team_sizes})", size=len(account.teams[i]), team_sizes=a.team_sizes[i]
        ),
        "pin": say("{leaver} is there already", leaver=leaver)
        if move.leaves is not None and view.together(move.leaves)
        else say("{leaver} is pinned", leaver=leaver),
        "lower_load": say("{leaver} must not have fewer mentees", leaver=leaver),
    }[stop]


def _change(view: Told, move: Move, stop: str) -> str:
    """Return what would have to change, as the policy or the file has it."""
    if stop == "stage":
        return _stage(view, move)
    account, i = view.account, view.mentee
    a = account.problem.arrays
    mentors = account.roster.mentors
    found = {code: say(text) for code, text in _LIFTED.items()} | {
        "institution": say(
            "institution_limit = {mates} in the policy (now {institution_limit})",
            mates=_mates(view, move),
            institution_limit=a.institution_limit,
        ),
        "kept_seat": say("no seat kept for {kept}", kept=_kept(view)),
        "team_size": say(
            "a team of {number} (now {team_sizes})", number=len(account.teams[i]) + 1, team_sizes=a.team_sizes[i]
        ),
        "seat": say(
            "one more seat with {mentor} (now {capacities})",
            mentor=short(mentors, move.joins),
            capacities=a.capacities[move.joins],
        ),
    }
    if move.leaves is not None:
        leaver, least = short(mentors, move.leaves), a.min_loads[move.leaves]
        found["pin"] = (
            say("an end with {leaver}", leaver=leaver)
            if view.together(move.leaves)
            else say("the pin on {leaver} withdrawn", leaver=leaver)
        )
        found["lower_load"] = say(
            "min_load = {number} for {leaver} (now {least})", number=least - 1, leaver=leaver, least=least
        )
    return found[stop]


def _mates(view: Told, move: Move) -> int:
    """Return how many of the team after a move are from the institution of the one who joins."""
    homes = view.account.problem.arrays.institutions
    rest = [j for j in view.account.teams[view.mentee] if j != move.leaves]
    return 1 + sum(int(homes[j]) == int(homes[move.joins]) for j in rest)


def _kept(view: Told) -> str:
    return say(_KEPT.get(view.account.roster.mentees[view.mentee].keep_seat, ""))


def _stage(view: Told, move: Move) -> str:
    rule, roster = view.account.policy.stage, view.account.roster
    ranks = roster.vocabulary.ranks
    ahead = int(stages_ahead(ranks, [roster.mentees[view.mentee]], [roster.mentors[move.joins]])[0, 0])
    name, now = ("least", rule.least) if rule.least is not None and ahead < rule.least else ("most", rule.most)
    return say("stage.{name} = {ahead} in the policy (now {now})", name=name, ahead=ahead, now=now)
