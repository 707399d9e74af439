"""The explanation for a mentee: words and three bands, no numbers.

It is the same for everybody in what it could betray. Of others it says their names and what two
people openly have in common; of causes only that nobody in the cohort offers a need, as any
other could rest on something confidential or on who else asked; of a mentor who is not in the
team nothing at all.

The open form is for the mentee alone. The redacted one, for any other eyes, follows the rule of
``introducer.io.redaction``: it is a function of the teams and of what was said openly, in as
many lines and in the same order. So neither its length nor a missing line tells whether
something is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.explain.printed import plain
from introducer.fit import team_size
from introducer.io.redaction import is_hidden
from introducer.rules import may_be_matched, wishes_read
from introducer.saying import say, worded
from introducer.words import BANDS, band, listed, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.explain.reasons import Account
    from introducer.outcome import Constellation, Outcome, Tie
    from introducer.roster import Mentee

__all__ = ["for_participant"]

#: What speaks for two people as a pair, where both said it openly.
_COMMON = {
    "stage": worded("they are about as far ahead of you as helps most"),
    "setting": worded("you look to the same kind of practice"),
    "route": worded("a training route in common"),
    "procedures": worded("procedures that you look for"),
    "roles": worded("a role that you look for"),
    "region": worded("the same region"),
    "same_institution": worded("the same institution"),
    "other_institution": worded("a view from another institution"),
    "timezone": worded("time zones near each other"),
    "language": worded("the language that you prefer"),
}
#: What only the mentee is told: it was said in confidence, or came from an earlier match.
_OWN = {"preferred_by_mentee": worded("you asked for them"), "continuity": worded("you are together already")}
#: Reasons without a need have one sentence, whatever they are.
_OTHER = worded("Is in your team for a wish of yours, or for how the two of you fit.")
_NOT_CHOSEN = (
    worded("The mentor you asked about is not in your team this time."),
    worded("Seats are few, and teams are chosen for everybody together: this says nothing about you, or about them."),
    worded("If you would like to talk with them, tell your coordinator."),
)


def for_participant(account: Account, outcome: Outcome, i: int, j: int | None = None, *, redacted: bool = False) -> str:
    """Return what a mentee may read of their own constellation, or of one mentor.

    Parameters
    ----------
    account : Account
    outcome : Outcome
        Of the same teams.
    i : int
        Index of the mentee.
    j : int, optional
        Index of a mentor. For one who is not in the team the answer is always the same.
    redacted : bool
        False: for the mentee alone. True: for other eyes, in mails, on pages that others see.

    Returns
    -------
    str
        Lines of text; as many, and in the same order, whether redacted or not.
    """
    found = outcome.constellations[i]
    if j is None:
        lines = _constellation(account, found, redacted=redacted)
    else:
        tie = next((tie for tie in found.ties if tie.mentor == j), None)
        lines = [*map(say, _NOT_CHOSEN)] if tie is None else _tie(account, found, tie, redacted=redacted)
    return "\n".join(lines)


def _constellation(account: Account, found: Constellation, *, redacted: bool) -> list[str]:
    names = _names(account)
    mates = [names[tie.mentor] for tie in found.ties]
    team = (
        say("Your constellation: {mentors}.", mentors=listed(mates))
        if mates
        else _nobody(account, found, redacted=redacted)
    )
    lines = [team, "", say("What you asked for"), *_needs(account, found, redacted=redacted)]
    if mates:
        lines += ["", say("Your mentors")]
    for tie in found.ties:
        lines += [f"  {line}" for line in _tie(account, found, tie, redacted=redacted)]
    return lines


def _names(account: Account) -> list[str]:
    return [plain(name) for name in names_of(account.roster.mentors)]


def _nobody(account: Account, found: Constellation, *, redacted: bool) -> str:
    mentee = account.roster.mentees[found.mentee]
    if may_be_matched(mentee) and team_size(mentee, account.policy):
        return say("There is no mentor for you this time. Your coordinator sees that, and can look for one.")
    if redacted:
        return say("You take no part this time.")
    if mentee.paused:
        return say("You are paused, so nobody was sought for you.")
    if not mentee.consent:
        return say("You have not agreed to be matched, so nobody was sought for you.")
    return say("You asked for no mentor, so nobody was sought for you.")


def _needs(account: Account, found: Constellation, *, redacted: bool) -> list[str]:
    """Return a line for each need that was asked openly, and one for all that was not, if anything."""
    mentee = account.roster.mentees[found.mentee]
    vocabulary = account.roster.vocabulary
    order = {key: place for place, key in enumerate(vocabulary.needs)}
    keys = sorted(mentee.needs, key=lambda key: (-mentee.needs[key], order[key]))
    shown = [key for key in keys if not is_hidden(mentee, key, vocabulary)]
    lines = [f"  {say(vocabulary.name(key))}: {_covered(account, found, key, redacted=redacted)}." for key in shown]
    if redacted:
        told = say("not repeated here")
    else:
        hidden = [key for key in keys if key not in shown]
        said = [f"{say(vocabulary.name(key))} ({_covered(account, found, key, redacted=False)})" for key in hidden]
        told = "; ".join([*said, *_wishes(account, found, mentee)]) or say("nothing")
    return [*lines, say("  In confidence: {told}.", told=told)]


def _covered(account: Account, found: Constellation, key: str, *, redacted: bool) -> str:
    gap = next((gap for gap in found.gaps if gap.need == key), None)
    if gap is not None:
        if gap.cause == "no_offer":
            return say("nobody yet; nobody in this cohort offers it")
        return say("nobody yet; your coordinator sees that, and can look for more help")
    well = say("covered {well}", well=say(BANDS[band(found.fits[key])]))
    by = [tie.mentor for tie in found.ties if key in tie.needs]
    names = _names(account)
    return well if redacted else say("{covered}, by {mentors}", covered=well, mentors=listed([names[j] for j in by]))


def _wishes(account: Account, found: Constellation, mentee: Mentee) -> Sequence[str]:
    """Return the mentee's wishes. Whether one for a shared attribute is met would tell a mentor's attribute."""
    met = {key for tie in found.ties for key in tie.wishes}
    vocabulary = account.roster.vocabulary
    return [
        say("a wish for {name} (weighed where both people agreed to it)", name=say(vocabulary.name(key)))
        if key.startswith("same:")
        else say(
            worded("a wish for {name} (met)") if key in met else worded("a wish for {name} (not met yet)"),
            name=say(vocabulary.name(key)),
        )
        for key in sorted(wishes_read(mentee, account.policy))
    ]


def _tie(account: Account, found: Constellation, tie: Tie, *, redacted: bool) -> list[str]:
    """Return three lines."""
    vocabulary = account.roster.vocabulary
    helps = [f"{say(vocabulary.name(key))} ({say(BANDS[band(found.fits[key])])})" for key in tie.needs]
    if redacted:
        why = say("Helps with something that you asked for, or fits you in another way.")
    else:
        why = say("Helps you with {needs}.", needs=listed(helps)) if helps else say(_OTHER)
    pair = _pair(account, found.mentee, tie.mentor, redacted=redacted)
    common = (
        say("What speaks for the two of you: {reasons}.", reasons=listed(pair))
        if pair
        else say("The rest you will find out when you talk.")
    )
    return [_names(account)[tie.mentor], f"  {why}", f"  {common}"]


def _pair(account: Account, i: int, j: int, *, redacted: bool) -> list[str]:
    terms = account.worths.terms
    open_terms = [
        say(text)
        for name, text in _COMMON.items()
        if name in terms and band(float(terms[name].at(i, j))) == len(BANDS) - 1
    ]
    if redacted:
        return open_terms
    parts = account.worths.of(i, j)
    return [*open_terms, *(say(text) for name, text in _OWN.items() if parts.get(name, 0.0) > 0)]
