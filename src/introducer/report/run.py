"""The run itself: the proof in words and in numbers, the policy, and who could not be tied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.report.counts import LEAST
from introducer.report.markup import section, table, text
from introducer.report.words import PRIVACY, count, percent, policy_lines, proof

if TYPE_CHECKING:
    from introducer.outcome import Certificate
    from introducer.report.facts import Facts

__all__ = ["certificate", "policy", "refusals"]

_BEST = "A best possible outcome is one that gives all mentees together the most, under the same rules and seats."
_CHECK = (
    "<p>Anyone with the two folders can check it: <code>introducer verify FOLDER OUT</code> reads the files anew, "
    "tests every rule and recomputes value and bound without the code that found them.</p>"
)


def certificate(facts: Facts) -> str:
    """Return the certificate in words, in numbers (unless redacted), and how to check it."""
    proved = facts.certificate
    parts = [
        f"<p>{text(proof(proved))} {_BEST}</p>",
        _CHECK,
    ]
    if facts.lottery is not None:
        swaps, came, part = facts.lottery
        parts.append(
            f"<p>Coins decided about {count(swaps, 'swap')} between people for whom two outcomes are worth nearly the "
            f"same; {came:,} came. They were expected to cost {percent(part, 3)} of the value. The proof is of what "
            "came out.</p>"
        )
    if not facts.reproducible:
        parts.append("<p><b>A time budget ended this run.</b> Another run may end elsewhere.</p>")
    if not facts.redacted:
        parts.append(_numbers(facts))
    if facts.wishes:
        honored, asked = facts.wishes
        parts.append(f"<p>Wishes honored: {honored:,} of {asked:,}, over the whole cohort.</p>")
    return section("proof", "How good it is, and how that is known", "".join(parts))


def _numbers(facts: Facts) -> str:
    proved = facts.certificate
    slacks = [slack for slack in proved.slacks if slack > 0]
    sums = "Regrets and slacks are all that the gap consists of: they sum to bound less value."
    if proved.sample is not None:
        sums += " Of the regrets, the upper end of the interval counts."
    rows = [
        ("Value", f"{proved.value:.6f}", "what all constellations are worth together; all needs of one mentee are 1"),
        ("Bound", f"{proved.bound:.6f}", _exceeds(proved)),
        ("Gap", percent(proved.gap, 4), "the distance between them, as a part of the bound"),
        ("Regrets", *_regrets(proved)),
        (
            "Slacks",
            f"{sum(slacks):.6f}",
            f"what stays unused with {count(len(slacks), 'mentor')}: priced seats, duties and quotas",
        ),
    ]
    numbers = table(
        "The certificate in numbers",
        ["Figure", "Number", "What it is"],
        [tuple(map(text, row)) for row in rows],
        numbers=" n ",
    )
    return f'{numbers}<p class="soft">{sums}</p>'


def _exceeds(proved: Certificate) -> str:
    return "what no outcome can exceed" if proved.sample is None else "what hardly any outcome exceeds, by estimate"


def _regrets(proved: Certificate) -> tuple[str, str]:
    """Return what mentees would gain, and who."""
    gained = [regret for regret in proved.regrets if regret > 0]
    would = "would gain if seats could be had at the prices of this run"
    found = proved.sample
    if found is None:
        return f"{sum(gained):.6f}", f"what {count(len(gained), 'mentee')} {would}"
    between = f"between {found.low:.6f} and {found.high:.6f} in {percent(found.level)} of such samples"
    return f"{found.regret:.6f}", (
        f"what all mentees {would}, estimated from {count(found.mentees, 'mentee')} drawn by lot; {between}"
    )


def policy(facts: Facts) -> str:
    """Return every choice of the policy as a sentence."""
    lines = [("Privacy", PRIVACY[facts.policy.privacy]), *policy_lines(facts.policy, facts.vocabulary)]
    items = "".join(f"<dt>{text(topic)}</dt><dd>{text(words)}</dd>" for topic, words in lines)
    return section("policy", "The policy of this run", f"<dl>{items}</dl>")


def refusals(facts: Facts) -> str:
    """Return how many pairs were refused, and why; nothing in a redacted report.

    With sites, stages and the policy known, how many pairs an open rule refuses tells by
    subtraction how many a confidential one refused before.
    """
    if facts.redacted:
        return ""
    title = "Pairs that were ruled out"
    pairs = len(facts.mentees) * len(facts.mentors)
    if not facts.refusals:
        return section(
            "refusals", title, f"<p>None of {count(pairs, 'pair')}: everybody could be tied to everybody.</p>"
        )
    rows = [(text(words), f"fewer than {LEAST}" if number < 0 else f"{number:,}") for words, number in facts.refusals]
    lede = f"Of {count(pairs, 'pair')}. A pair that several rules forbid counts once, under the first of them."
    return section(
        "refusals", title, table("Pairs ruled out, by reason", ["Reason", "Pairs"], rows, numbers=" n"), lede=lede
    )
