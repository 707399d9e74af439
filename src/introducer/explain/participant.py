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
from introducer.words import BANDS, band, listed, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.explain.reasons import Account
    from introducer.outcome import Constellation, Outcome, Tie
    from introducer.roster import Mentee

__all__ = ["for_participant"]

#: What speaks for two people as a pair, where both said it openly.
_COMMON = {
    "stage": "they are about as far ahead of you as helps most",
    "setting": "you look to the same kind of practice",
    "route": "a training route in common",
    "procedures": "procedures that you look for",
    "roles": "a role that you look for",
    "region": "the same region",
    "same_institution": "the same institution",
    "other_institution": "a view from another institution",
    "timezone": "time zones near each other",
    "language": "the language that you prefer",
}
#: What only the mentee is told: it was said in confidence, or came from an earlier match.
_OWN = {"preferred_by_mentee": "you asked for them", "continuity": "you are together already"}
#: Reasons without a need have one sentence, whatever they are.
_OTHER = "Is in your team for a wish of yours, or for how the two of you fit."
_NOT_CHOSEN = (
    "The mentor you asked about is not in your team this time.",
    "Seats are few, and teams are chosen for everybody together: this says nothing about you, or about them.",
    "If you would like to talk with them, tell your coordinator.",
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
        lines = [*_NOT_CHOSEN] if tie is None else _tie(account, found, tie, redacted=redacted)
    return "\n".join(lines)


def _constellation(account: Account, found: Constellation, *, redacted: bool) -> list[str]:
    names = _names(account)
    mates = [names[tie.mentor] for tie in found.ties]
    team = f"Your constellation: {listed(mates)}." if mates else _nobody(account, found, redacted=redacted)
    lines = [team, "", "What you asked for", *_needs(account, found, redacted=redacted)]
    if mates:
        lines += ["", "Your mentors"]
    for tie in found.ties:
        lines += [f"  {line}" for line in _tie(account, found, tie, redacted=redacted)]
    return lines


def _names(account: Account) -> list[str]:
    return [plain(name) for name in names_of(account.roster.mentors)]


def _nobody(account: Account, found: Constellation, *, redacted: bool) -> str:
    mentee = account.roster.mentees[found.mentee]
    if may_be_matched(mentee) and team_size(mentee, account.policy):
        return "There is no mentor for you this time. Your coordinator sees that, and can look for one."
    if redacted:
        return "You take no part this time."
    if mentee.paused:
        return "You are paused, so nobody was sought for you."
    if not mentee.consent:
        return "You have not agreed to be matched, so nobody was sought for you."
    return "You asked for no mentor, so nobody was sought for you."


def _needs(account: Account, found: Constellation, *, redacted: bool) -> list[str]:
    """Return a line for each need that was asked openly, and one for all that was not, if anything."""
    mentee = account.roster.mentees[found.mentee]
    vocabulary = account.roster.vocabulary
    order = {key: place for place, key in enumerate(vocabulary.needs)}
    keys = sorted(mentee.needs, key=lambda key: (-mentee.needs[key], order[key]))
    shown = [key for key in keys if not is_hidden(mentee, key, vocabulary)]
    lines = [f"  {vocabulary.name(key)}: {_covered(account, found, key, redacted=redacted)}." for key in shown]
    if redacted:
        told = "not repeated here"
    else:
        hidden = [key for key in keys if key not in shown]
        said = [f"{vocabulary.name(key)} ({_covered(account, found, key, redacted=False)})" for key in hidden]
        told = "; ".join([*said, *_wishes(account, found, mentee)]) or "nothing"
    return [*lines, f"  In confidence: {told}."]


def _covered(account: Account, found: Constellation, key: str, *, redacted: bool) -> str:
    gap = next((gap for gap in found.gaps if gap.need == key), None)
    if gap is not None:
        if gap.cause == "no_offer":
            return "nobody yet; nobody in this cohort offers it"
        return "nobody yet; your coordinator sees that, and can look for more help"
    well = f"covered {BANDS[band(found.fits[key])]}"
    by = [tie.mentor for tie in found.ties if key in tie.needs]
    names = _names(account)
    return well if redacted else f"{well}, by {listed([names[j] for j in by])}"


def _wishes(account: Account, found: Constellation, mentee: Mentee) -> Sequence[str]:
    """Return the mentee's wishes. Whether one for a shared attribute is met would tell a mentor's attribute."""
    met = {key for tie in found.ties for key in tie.wishes}
    vocabulary = account.roster.vocabulary
    return [
        f"a wish for {vocabulary.name(key)} (weighed where both people agreed to it)"
        if key.startswith("same:")
        else f"a wish for {vocabulary.name(key)} ({'met' if key in met else 'not met yet'})"
        for key in sorted(wishes_read(mentee, account.policy))
    ]


def _tie(account: Account, found: Constellation, tie: Tie, *, redacted: bool) -> list[str]:
    """Return three lines."""
    vocabulary = account.roster.vocabulary
    helps = [f"{vocabulary.name(key)} ({BANDS[band(found.fits[key])]})" for key in tie.needs]
    if redacted:
        why = "Helps with something that you asked for, or fits you in another way."
    else:
        why = f"Helps you with {listed(helps)}." if helps else _OTHER
    pair = _pair(account, found.mentee, tie.mentor, redacted=redacted)
    common = f"What speaks for the two of you: {listed(pair)}." if pair else "The rest you will find out when you talk."
    return [_names(account)[tie.mentor], f"  {why}", f"  {common}"]


def _pair(account: Account, i: int, j: int, *, redacted: bool) -> list[str]:
    terms = account.terms
    open_terms = [
        text for name, text in _COMMON.items() if name in terms and band(float(terms[name][i, j])) == len(BANDS) - 1
    ]
    if redacted:
        return open_terms
    parts = account.worths.parts(i)
    return [*open_terms, *(text for name, text in _OWN.items() if name in parts and parts[name][j] > 0)]
