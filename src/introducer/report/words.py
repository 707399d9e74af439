"""Everything the report says more than once, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from introducer.policy import PAIR_TERMS
from introducer.words import BANDS, LEVELS, PRIVATE, REFUSALS, called_flag, cause, count, listed

if TYPE_CHECKING:
    from introducer.outcome import Certificate
    from introducer.policy import Policy
    from introducer.vocabulary import Vocabulary

__all__ = [
    "BANDS",
    "LEVELS",
    "PRIVACY",
    "PRIVATE",
    "REFUSALS",
    "called_flag",
    "cause",
    "count",
    "listed",
    "percent",
    "policy_lines",
    "proof",
    "proof_over",
    "proof_short",
]

#: What the profile of privacy means for the people of the cohort.
PRIVACY = {
    "neutral": "Profile neutral: no wishes were read, and no private attribute.",
    "experience": "Profile experience: wishes for experiences were read, private attributes were not.",
    "background": (
        "Profile background: wishes for experiences were read, and wishes for a shared private attribute "
        "where both people agreed to it. Who wished for what, and what two people share, stands nowhere here."
    ),
}


def percent(part: float, digits: int = 0) -> str:
    """Return a part of 1 in percent, with a narrow space that does not break."""
    return f"{100 * part:.{digits}f}\u202f%"


def _at_most(gap: float) -> str:
    """Return a gap in percent, rounded up, so that "at most" stays true."""
    hundredths = math.ceil(gap * 10_000 - 1e-9)
    return f"{hundredths / 100:.2f}\u202f%"


def proof_over(certificate: Certificate) -> str:
    """Return what a certificate rests on: a proof over all pairs, or less."""
    drawn = "a sample" if certificate.sample is None else f"{count(certificate.sample.mentees, 'mentee')} drawn by lot"
    return {
        "all": "proved over all eligible pairs",
        "shortlist": "over a shortlist of pairs, which is no proof for all of them",
    }.get(certificate.scope, f"estimated from {drawn}, which is no proof")


def proof_short(certificate: Certificate) -> tuple[str, str]:
    """Return the certificate as a figure and what it is a figure of."""
    over = proof_over(certificate)
    if certificate.gap <= 0 and certificate.scope != "sampled":
        return "0\u202f%", f"from the best possible: there is none better, {over}"
    return _at_most(certificate.gap), f"at most from the best possible, {over}"


def proof(certificate: Certificate) -> str:
    """Return the certificate as a sentence."""
    figure, rest = proof_short(certificate)
    return f"This outcome is {figure} {rest}."


def policy_lines(policy: Policy, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return every choice of the policy as a topic and a sentence."""
    return [
        ("Teams", f"Up to {count(policy.team_size, 'mentor')} for a mentee, unless they asked for another number."),
        ("Mentors", _mentor_limits(policy)),
        ("Wishes", _wishes(policy)),
        ("Pairs", _pair_terms(policy)),
        ("Stage", _stage(policy)),
        (
            "Same site",
            _choice(policy.same_site, "Mentor and mentee of one site are not tied.", "Ties at one site are allowed."),
        ),
        ("Institutions", _institutions(policy)),
        (
            "Language",
            _choice(
                policy.shared_language,
                "Two people who share none of the languages they speak are not tied.",
                "A language in common counts, and is not required.",
            ),
        ),
        ("Guests", _choice(policy.guests, "Only members are tied.", "Mentors from outside the society may be tied.")),
        ("Existing ties", f"A tie that exists already counts {policy.continuity:g} more, so that little is moved."),
        ("Equity", _equity(policy)),
        (
            "Topics",
            f"Help offered for a whole domain counts {policy.topic_share:g} for one of its topics, and the reverse.",
        ),
        ("Least help", f"A fit below {policy.fit_floor:g} does not count." if policy.fit_floor else "Any help counts."),
        ("What is sought", _sought(policy)),
        ("Chance", _chance(policy)),
        ("Words", f"Template {vocabulary.template}." if vocabulary.template else "The program's own words."),
        ("Run", f"Solver {policy.solver}, seed {policy.seed}, sought gap {_at_most(policy.gap_target)}."),
    ]


def _sought(policy: Policy) -> str:
    if policy.floor == "total":
        return "The largest total over all mentees."
    if policy.floor == "leximin":
        return "The worst off are raised as far as possible, then the next; then comes the largest total that is left."
    share = f"{100 * float(policy.floor):g}\u202f%"
    return f"The largest total of those outcomes that give everybody {share} of what their best team would be worth."


def _choice(value: str, strict: str, free: str) -> str:
    return strict if value in {"forbid", "require"} else free


def _mentor_limits(policy: Policy) -> str:
    least = f", and at least {policy.min_load}" if policy.min_load else ""
    return f"Up to {count(policy.capacity, 'mentee')} for a mentor{least}, unless they said otherwise."


def _wishes(policy: Policy) -> str:
    if policy.privacy == "neutral":
        return "No wishes are read."
    return f"All wishes of a mentee together weigh at most {policy.weights.wish:g}; all their needs weigh 1."


def _pair_terms(policy: Policy) -> str:
    named = [f"{PAIR_TERMS[term]} ({weight:g})" for term, weight in policy.pair_terms.items() if weight]
    if not named or not policy.weights.pair:
        return "Only needs and wishes count."
    return f"What two people have in common weighs {policy.weights.pair:g} in all, shared among: {'; '.join(named)}."


def _stage(policy: Policy) -> str:
    rule = policy.stage
    limits = [
        f"{word} {number}" for word, number in (("at least", rule.least), ("at most", rule.most)) if number is not None
    ]
    hard = f"A mentor must be {listed(limits)} steps ahead. " if limits else ""
    return f"{hard}Best are {rule.best[0]} to {rule.best[1]} steps ahead; a step is about a year of training."


def _institutions(policy: Policy) -> str:
    if not policy.institution_limit:
        return "A team may come from one institution."
    return f"At most {count(policy.institution_limit, 'mentor')} of a team from one institution."


def _chance(policy: Policy) -> str:
    held = policy.lottery
    if not held.loss:
        return "Nothing is left to chance."
    return (
        f"Coins decide among near-ties: expected to cost at most {percent(held.loss, 2)} of the total, and nobody more "
        f"than {held.each:g} of all they asked for."
    )


def _equity(policy: Policy) -> str:
    named = [f"{flag.replace('_', ' ')} counts {weight:g} times" for flag, weight in sorted(policy.equity.items())]
    return (
        f"What a mentee gains counts alike for all, except: {listed(named)}." if named else "All mentees count alike."
    )
