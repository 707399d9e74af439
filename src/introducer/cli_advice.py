"""Commands that advise on an outcome: ``recruit``, ``robustness``, ``stability``. They change none.

Each verifies the outcome first, so a redacted one is refused: it leaves out what advice is
computed from. The texts and documents name people and are for a coordinator.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from introducer.terminal import bar, count, finite, limit_threads, percent
from introducer.terminal import out as console

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from introducer.advice.profiles import Profile
    from introducer.advice.recruit import Recruit
    from introducer.advice.stability import Blocking
    from introducer.outcome import Outcome
    from introducer.solve import Watch
    from introducer.vocabulary import Vocabulary

__all__ = ["recruit", "robustness", "stability"]

#: So many ties, mentors or pairs are named on the terminal.
_LISTED = 20
_KINDS = {
    "nothing": "nothing is different",
    "weights": "weights are 10 % larger or smaller",
    "mentor": "one mentor leaves",
    "answer": "one answer is missing",
}

Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="Folder with program.toml and the CSV files.")
]
Out = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder that match wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON document instead of text.")]
Budget = Annotated[float | None, typer.Option(min=0, callback=finite, help="Seconds after which no more is tried.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the solver; the result is the same.")]


def recruit(
    folder: Folder,
    out: Out,
    *,
    profiles: Annotated[int, typer.Option(min=1, help="So many profiles, at most.")] = 3,
    capacity: Annotated[int | None, typer.Option(min=1, help="Seats of such a mentor; else the policy's.")] = None,
    file: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="JSON file to write, too.")] = None,
    as_json: Json = False,
    time_budget: Budget = None,
    threads: Threads = None,
) -> None:
    """Say which mentor would help most, checked by adding one."""
    from introducer.advice.recruit import recruit as run
    from introducer.verify import reopen

    limit_threads(threads)
    if file is not None and file.exists() and file.resolve().parent in (folder.resolve(), out.resolve()):
        raise typer.BadParameter(f"{file} belongs to the input or the outcome; choose another file", param_hint="--out")
    _account, outcome = reopen(folder, out)
    with bar() as show:
        found = run(outcome, most=profiles, seats=capacity, watch=_watch(show, time_budget))
    document = {
        "seats": found.seats,
        "tried": found.tried,
        "finished": found.finished,
        "profiles": [_recruit_document(one) for one in found.found],
    }
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_json(document), encoding="utf-8")
    if as_json:
        console.print(_json(document), end="")
        return
    if not found.found:
        console.print("No mentor would add anything at the prices of this outcome.")
        return
    seats = count(found.seats, "seat")
    console.print(
        f"{count(len(found.found), 'profile')} of {found.tried} tried, each a mentor with {seats}. "
        "1.000 is all that one mentee needs, met in full."
    )
    for place, one in enumerate(found.found, start=1):
        console.print(f"\n{place}. {_called(one.profile, outcome.roster.vocabulary)}")
        for line in _recruit_lines(one, found.seats, outcome):
            console.print(f"   {line}")
    if not found.finished:
        console.print("\nThe time budget ended the checks: an estimate that was not checked is no promise.")


def _called(profile: Profile, words: Vocabulary) -> str:
    named = {term.id: term.name for kind in ("stages", "settings") for term in words.terms(kind)}
    region = f"region {profile.region}" if profile.region else ""
    parts = [named.get(profile.stage, ""), named.get(profile.setting, ""), region]
    return ", ".join(part for part in parts if part) or "Any stage, setting and region"


def _recruit_lines(one: Recruit, seats: int, outcome: Outcome) -> Iterator[str]:
    words = outcome.roster.vocabulary
    stages = {stage.id: stage.name for stage in words.stages}
    if one.profile.domains:
        offers = ", ".join(words.name(key) for key in one.profile.domains)
        yield f"offers (level {one.profile.level}): {offers}"
    if one.profile.experiences:
        yield f"can speak to: {', '.join(words.name(key) for key in one.profile.experiences)}"
    yield f"estimate by price  {one.estimate:.3f}  the {seats} largest gains; never more than {one.most:.3f}"
    if one.check is None:
        yield "not checked"
    else:
        check = one.check
        moved = f"{check.seats} of {seats} seats; {count(check.begun, 'other tie')} would begin, {check.ended} end"
        yield f"checked            {check.increase:.3f}  added and matched again: {moved}"
        if check.besides:
            yield f"                   {check.besides:.3f}  gained by matching again, without this mentor"
    helped = "Fewer than 10 mentees" if one.helped is None else count(one.helped, "mentee")
    among = [
        f"by {name}: " + ", ".join(f"{stages.get(value, value)} {n}" for value, n in cells.items())
        for name, cells in one.among.items()
        if cells
    ]
    yield "; ".join([f"{helped} would gain by a seat", *among])


def _recruit_document(one: Recruit) -> dict[str, Any]:
    profile, check = one.profile, one.check
    return {
        "profile": {name: _plain(getattr(profile, name)) for name in profile.__slots__},
        "estimate": one.estimate,
        "most": one.most,
        "helped": one.helped,
        "among": {name: dict(cells) for name, cells in one.among.items()},
        "check": None if check is None else {name: getattr(check, name) for name in check.__slots__},
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def robustness(
    folder: Folder,
    out: Out,
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Changes of each kind.")] = 10,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Of what is drawn; else the policy's.")] = None,
    continuity: Annotated[
        float | None, typer.Option(min=0, max=1, help="What a tie must lose by to move; else the policy's.")
    ] = None,
    as_json: Json = False,
    time_budget: Budget = None,
    threads: Threads = None,
) -> None:
    """Say which ties stay when something small is different."""
    from introducer.advice.robustness import robustness as run
    from introducer.verify import reopen

    limit_threads(threads)
    _account, outcome = reopen(folder, out)
    with bar() as show:
        found = run(outcome, rounds=rounds, seed=seed, continuity=continuity, watch=_watch(show, time_budget))
    if as_json:
        document = {
            "seed": found.seed,
            "continuity": found.continuity,
            "finished": found.finished,
            "kinds": [{name: getattr(kind, name) for name in kind.__slots__} for kind in found.kinds],
            "ties": [{name: getattr(tie, name) for name in tie.__slots__} for tie in found.ties],
            "leavers": [{"mentor": mentor, "moved": moved} for mentor, moved in found.leavers],
        }
        console.print(_json(document), end="")
        return
    names = _names(outcome)
    console.print(
        f"A tie moves for more than {found.continuity:g}; drawn with seed {found.seed}. Ties that stay when ..."
    )
    console.print(f"{'':36}rounds    mean   least")
    for kind in found.kinds:
        figures = f"{100 * kind.mean:6.1f}%  {100 * kind.least:5.1f}%" if kind.rounds else "     –       –"
        console.print(f"{_KINDS[kind.kind]:36}{kind.rounds:6}  {figures}")
        if kind.impossible:
            console.print(f"  and in {count(kind.impossible, 'more round')} no outcome would meet the rules")
    fragile = found.fragile
    always = len(found.ties) - len(fragile)
    console.print(f"\n{always} of {count(len(found.ties), 'tie')} stayed in every round.")
    rows = [f"{names[tie.mentee]} and {names[tie.mentor]}: stayed in {tie.stayed} of {tie.rounds}" for tie in fragile]
    _list("The others, the most fragile first:", rows)
    moving = [(mentor, moved) for mentor, moved in found.leavers if moved]
    rows = [f"{names[mentor]}: {count(moved, 'tie')} of others would move" for mentor, moved in moving]
    _list("Mentors whose leaving moves most:", rows)
    if not found.finished:
        console.print("\nThe time budget ended the rounds before all were made.")


def stability(folder: Folder, out: Out, *, as_json: Json = False) -> None:
    """Count the pairs that would rather have each other, where both said so."""
    from introducer.advice.stability import stability as run
    from introducer.verify import reopen

    account, outcome = reopen(folder, out)
    found = run(account)
    if as_json:
        document = {
            "mutual": found.mutual,
            "tied": found.tied,
            "blocking": [_blocking_document(pair, outcome) for pair in found.blocking],
        }
        console.print(_json(document), end="")
        return
    if not found.mutual:
        console.print("No mentee and mentor ranked each other, so there is nothing to be stable about.")
        return
    part = percent(len(found.blocking) / found.mutual)
    console.print(
        f"{count(found.mutual, 'pair')} ranked each other: {found.tied} tied, {len(found.blocking)} blocking ({part})."
    )
    _list("Blocking pairs, the best ranked first:", [_blocking_line(pair, outcome) for pair in found.blocking])
    console.print("Reported, not enforced: the match is for the whole cohort. A pin would hold such a pair.")


def _blocking_line(pair: Blocking, outcome: Outcome) -> str:
    mentees, mentors = outcome.roster.mentees, outcome.roster.mentors
    who = (
        f"{_name(mentees[pair.mentee])} (rank {pair.ranks[1]}) and {_name(mentors[pair.mentor])} (rank {pair.ranks[0]})"
    )
    left = "a free place in the team" if pair.leaves_team is None else f"instead of {_name(mentors[pair.leaves_team])}"
    right = "a free seat" if pair.leaves_mentor is None else f"instead of {_name(mentees[pair.leaves_mentor])}"
    return f"{who}: {left}; {right}"


def _blocking_document(pair: Blocking, outcome: Outcome) -> dict[str, Any]:
    mentees, mentors = outcome.roster.mentees, outcome.roster.mentors
    return {
        "mentee": mentees[pair.mentee].id,
        "mentor": mentors[pair.mentor].id,
        "rank_by_mentee": pair.ranks[0],
        "rank_by_mentor": pair.ranks[1],
        "leaves_team": None if pair.leaves_team is None else mentors[pair.leaves_team].id,
        "leaves_mentor": None if pair.leaves_mentor is None else mentees[pair.leaves_mentor].id,
    }


def _watch(show: Any, budget: float | None) -> Watch:
    from introducer.solve import Watch

    begin = time.perf_counter()

    def stop() -> bool:
        return budget is not None and time.perf_counter() - begin >= budget

    return Watch(tell=show, stop=stop)


def _list(title: str, rows: Sequence[str]) -> None:
    """Print the first rows of a list, if there are any."""
    if rows:
        console.print(f"\n{title}")
    for row in rows[:_LISTED]:
        console.print(f"  {row}")
    if len(rows) > _LISTED:
        console.print(f"  and {len(rows) - _LISTED} more (all of them with --json)")


def _name(person: Any) -> str:
    from introducer.explain.printed import called

    return called(person)


def _names(outcome: Outcome) -> Mapping[str, str]:
    """Return what people are called by id; somebody who is both has one name."""
    return {person.id: _name(person) for person in (*outcome.roster.mentees, *outcome.roster.mentors)}


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
