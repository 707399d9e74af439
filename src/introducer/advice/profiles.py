"""Mentors whom a cohort could look for: made of its own words, by what each word would be worth.

A profile says a stage, a setting, a region, and what is offered; what it leaves open counts as
not known. The reduced worth of a newcomer is a sum over these (``introducer.advice.newcomers``), so one look
at newcomers of one word each tells the worth of all their combinations:

    worth(profile) <= sum of the U largest positive  lead_i + s_i,   U seats,
    s_i = a_i + stage_i + setting_i + region_i + sum of its domains and experiences.

1. One profile for each word that may be offered: it begins with that word alone.
2. Stage, setting and region are chosen one after the other, each the one worth most.
3. The word that adds most joins, then step 2 again, until nothing adds or there is enough. A
   word without which the profile is worth as much leaves.

What may be asked for at all is decided in ``introducer.advice.askable``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.advice.askable import words
from introducer.advice.newcomers import Newcomers, new_ids
from introducer.roster import Mentor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.advice.askable import Words
    from introducer.advice.newcomers import Look
    from introducer.outcome import Outcome

    Floats = NDArray[np.float64]

__all__ = ["Profile", "candidates"]

#: So many domains and experiences a profile asks for at most.
DOMAINS, EXPERIENCES = 3, 2
#: A word that adds less, in mentees, is not asked for.
_TINY = 1e-3
_FIELDS = ("stage", "setting", "region")


@dataclass(frozen=True, slots=True, order=True)
class Profile:
    """A mentor to look for.

    Attributes
    ----------
    stage, setting, region : str
        Code of a stage and of a setting, and a region as the cohort writes it; empty where it does not matter.
    domains : tuple of str
        Codes of domains to offer, in order of the vocabulary.
    experiences : tuple of str
        Codes of paths to speak to, likewise.
    level : int
        At which the domains are offered: the cohort's median, 1 to 3.
    """

    stage: str = ""
    setting: str = ""
    region: str = ""
    domains: tuple[str, ...] = ()
    experiences: tuple[str, ...] = ()
    level: int = 2

    def mentor(self, identity: str, seats: int) -> Mentor:
        """Return a mentor of this profile."""
        return Mentor(
            id=identity,
            stage=self.stage,
            settings=frozenset({self.setting} - {""}),
            region=self.region,
            offers=dict.fromkeys(self.domains, self.level),
            experiences=frozenset(self.experiences),
            capacity=seats,
            min_load=0,
        )


def candidates(outcome: Outcome, seats: int) -> tuple[Profile, ...]:
    """Return the profiles that are worth most, one for each word that may be offered, without repeats.

    Parameters
    ----------
    seats : int
        Of each, at least 1.
    """
    own = words(outcome)
    if not own.domains and not own.experiences:
        return ()
    search = _Search.of(outcome, own, seats)
    found = [search.grown(word) for word in range(len(own.domains) + len(own.experiences))]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Search:
    """The worth of every word to every mentee.

    ``base`` (M,) is what a profile without a word has; ``fields`` what an option adds, (M, 1 +
    options), the open one first; ``offers`` what a domain or an experience adds, (M, words).
    """

    own: Words
    seats: int
    base: Floats
    fields: Mapping[str, Floats]
    offers: Floats

    @classmethod
    def of(cls, outcome: Outcome, own: Words, seats: int) -> _Search:
        """Look at newcomers of one word each."""
        singles = [
            Profile(level=own.level),
            *(Profile(stage=option) for option in own.options["stage"]),
            *(Profile(setting=option) for option in own.options["setting"]),
            *(Profile(region=option) for option in own.options["region"]),
            *(Profile(domains=(key,), level=own.level) for key in own.domains),
            *(Profile(experiences=(key,)) for key in own.experiences),
        ]
        ids = new_ids(outcome.roster, len(singles))
        newcomers = Newcomers.of(outcome, [one.mentor(name, seats) for name, one in zip(ids, singles, strict=True)])
        looks = newcomers.looks()
        plain = np.array([look.pairs[0] for look in looks])
        fields, start = {}, 1
        for field in _FIELDS:
            stop = start + len(own.options[field])
            options = np.array([look.pairs[start:stop] for look in looks]).reshape(len(looks), stop - start)
            known = np.where(np.isfinite(plain), plain, 0.0)
            fields[field] = np.hstack([np.zeros((len(looks), 1)), options - known[:, None]])
            start = stop
        return cls(
            own=own,
            seats=seats,
            base=np.array([look.lead for look in looks]) + plain,
            fields=fields,
            offers=np.array(
                [_told(outcome, newcomers, i, look)[start:] for i, look in enumerate(looks)]
            ).reshape(len(looks), len(singles) - start),
        )  # fmt: skip

    def worth(self, options: Floats) -> Floats:
        """Return the sum of the largest positive ones of each column, shape (K,), of (M, K)."""
        return np.asarray(np.maximum(np.sort(options, axis=0)[-self.seats :], 0.0).sum(axis=0))

    def grown(self, word: int) -> Profile:
        """Return the profile that begins with a word: steps 2 and 3 of the module."""
        chosen = [word]
        at = dict.fromkeys(_FIELDS, 0)
        worth = 0.0
        while True:
            brought = self.base + self.offers[:, chosen].sum(axis=1)
            for field in _FIELDS:
                rest = brought + sum(self.fields[other][:, at[other]] for other in _FIELDS if other != field)
                each = self.worth(rest[:, None] + self.fields[field])
                at[field] = int(np.argmax(each > each.max() - _TINY))
                worth = float(each[at[field]])
            kind = brought + sum(self.fields[field][:, at[field]] for field in _FIELDS)
            free = [k for k in range(self.offers.shape[1]) if k not in chosen and self._fits([*chosen, k])]
            more = self.worth(kind[:, None] + self.offers[:, free]) if free else np.zeros(0)
            if not len(more) or more.max() <= worth + _TINY:
                return self._profile(self._needed(chosen, kind, worth), at)
            chosen.append(free[int(more.argmax())])

    def _needed(self, chosen: Sequence[int], kind: Floats, worth: float) -> list[int]:
        """Return the words without those that add nothing, the first ones looked at first, in order."""
        kept = list(chosen)
        for word in chosen:
            without = kind - self.offers[:, word]
            if len(kept) > 1 and self.worth(without[:, None])[0] >= worth - _TINY:
                kept.remove(word)
                kind = without
        return sorted(kept)

    def _fits(self, chosen: Sequence[int]) -> bool:
        domains = sum(k < len(self.own.domains) for k in chosen)
        return domains <= DOMAINS and len(chosen) - domains <= EXPERIENCES

    def _profile(self, chosen: Sequence[int], at: Mapping[str, int]) -> Profile:
        both = (*self.own.domains, *self.own.experiences)
        many = len(self.own.domains)
        stage, setting, region = (("", *self.own.options[field])[at[field]] for field in _FIELDS)
        return Profile(
            stage=stage,
            setting=setting,
            region=region,
            domains=tuple(both[k] for k in chosen if k < many),
            experiences=tuple(both[k] for k in chosen if k >= many),
            level=self.own.level,
        )


def _told(outcome: Outcome, newcomers: Newcomers, i: int, look: Look) -> Floats:
    """Return what each newcomer adds to what mentee i said openly, shape (K,)."""
    mentee = outcome.roster.mentees[i]
    openly = [
        not criterion.startswith("wish:same:") and criterion.removeprefix("need:") not in mentee.private
        for criterion in newcomers.market.criteria[i]
    ]
    added: Floats = look.reduced[np.array(openly, np.bool_)].sum(axis=0)
    return added
