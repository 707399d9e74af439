"""Prompts for an agenda: questions that help to begin, by domain of the shipped templates. Our own texts.

A domain that stands here under no key of its own has the general ones, as has a program with words of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrPromise

__all__ = ["GENERAL", "PROMPTS", "prompts_for"]

#: By key of a domain.
PROMPTS: Mapping[str, Sequence[StrPromise]] = {
    "procedural": (
        gettext_lazy("Which case of the last weeks would I do in another way today?"),
        gettext_lazy("Which step of a procedure do I avoid, and why?"),
        gettext_lazy("What would you want to see before you let me do it alone?"),
    ),
    "clinic_building": (
        gettext_lazy("What is the smallest clinic that I could begin with?"),
        gettext_lazy("Who has to agree before the first patient is seen?"),
        gettext_lazy("What did you give up after the first year of yours?"),
    ),
    "patient_comm": (
        gettext_lazy("Which conversation do I put off?"),
        gettext_lazy("Which words do you use for a risk that is small and serious?"),
        gettext_lazy("How do you say that something went wrong?"),
    ),
    "referring_relations": (
        gettext_lazy("Whose trust do I need first, and what would earn it?"),
        gettext_lazy("How do you say no to a referral and keep who sent it?"),
        gettext_lazy("What do referring physicians hear from us after a case?"),
    ),
    "leadership": (
        gettext_lazy("What do people around me need from me that I do not see?"),
        gettext_lazy("Which task should I give away, and to whom?"),
        gettext_lazy("When did you last change your mind in front of others?"),
    ),
    "hospital_politics": (
        gettext_lazy("Who decides this, and who is asked before?"),
        gettext_lazy("What would the other department say we want?"),
        gettext_lazy("Which conflict is worth having, and which is not?"),
    ),
    "business_billing": (
        gettext_lazy("Which numbers of my practice should I know by heart?"),
        gettext_lazy("What do we do that nobody pays for, and why do we do it?"),
        gettext_lazy("Where does a note cost us what we earned?"),
    ),
    "contracts": (
        gettext_lazy("Which three lines of a contract would you read first?"),
        gettext_lazy("What can still be asked for after an offer, and how?"),
        gettext_lazy("What happens when I leave: tail, notice, where I may work?"),
    ),
    "finance": (
        gettext_lazy("What would you do first with what I owe?"),
        gettext_lazy("Which cover do I need before anything else?"),
        gettext_lazy("What did you learn about money later than you should have?"),
    ),
    "family_parenting": (
        gettext_lazy("What do I want to be at home for, and what would it take?"),
        gettext_lazy("How did you plan a leave, and whom did you tell when?"),
        gettext_lazy("What do you no longer feel guilty about?"),
    ),
    "wellbeing": (
        gettext_lazy("What gave me energy this month, and what took it?"),
        gettext_lazy("What would I tell a friend who worked as I do?"),
        gettext_lazy("What is one thing that I could stop for two weeks?"),
    ),
    "career_transition": (
        gettext_lazy("What do I leave behind, and what do I take along?"),
        gettext_lazy("What would make me regret that I stayed?"),
        gettext_lazy("Whom could I ask who made the same move?"),
    ),
    "job_search": (
        gettext_lazy("What must the next place have, and what may it lack?"),
        gettext_lazy("What should I ask on the day of the visit?"),
        gettext_lazy("Who knows about a post before it is announced?"),
    ),
    "research": (
        gettext_lazy("What is the question, in one sentence?"),
        gettext_lazy("What can be finished in three months with what is there?"),
        gettext_lazy("Who should read it before anybody else does?"),
    ),
    "identity": (
        gettext_lazy("When do I feel that I belong to this field?"),
        gettext_lazy("How do I explain what I do, in two sentences?"),
        gettext_lazy("Whose way of being a physician would I like to learn from?"),
    ),
    "inclusion": (
        gettext_lazy("Where do I hold back, and what would have to change?"),
        gettext_lazy("What would you have liked somebody to say in that room?"),
        gettext_lazy("Whom can I turn to when something is said that hurts?"),
    ),
    "exams_boards": (
        gettext_lazy("What do I know well enough to leave alone?"),
        gettext_lazy("How did you spend the last four weeks before the exam?"),
        gettext_lazy("Could we go through three cases aloud?"),
    ),
    "applications": (
        gettext_lazy("What should a reader remember of me after one page?"),
        gettext_lazy("Who knows my work well enough to write about it?"),
        gettext_lazy("Which questions do I hope nobody asks?"),
    ),
    "teaching": (
        gettext_lazy("What do learners do differently after they worked with me?"),
        gettext_lazy("How do I say what was not good enough?"),
        gettext_lazy("Which ten minutes of my teaching would I like you to see?"),
    ),
    "innovation": (
        gettext_lazy("Whose problem does it solve, and who said so?"),
        gettext_lazy("What is the cheapest way to find out that it does not work?"),
        gettext_lazy("Who owns what I make, by the contract I have?"),
    ),
    "global_rural": (
        gettext_lazy("Whom do I call when I am the only one here?"),
        gettext_lazy("Which cases should I send on, and how do I tell?"),
        gettext_lazy("What would make it possible to stay for ten years?"),
    ),
    "military_va": (
        gettext_lazy("Which years of service count for what comes after?"),
        gettext_lazy("What is different here, and what only looks different?"),
        gettext_lazy("Whom should I know before I move on?"),
    ),
    "advocacy": (
        gettext_lazy("What do I want to change, and who can change it?"),
        gettext_lazy("Which story would make somebody listen?"),
        gettext_lazy("What is the first meeting that I could ask for?"),
    ),
    "law_ethics": (
        gettext_lazy("What would I do if nobody looked, and what if everybody did?"),
        gettext_lazy("What should I write down today for later?"),
        gettext_lazy("When is it time to ask a lawyer?"),
    ),
}
#: For whatever two people talk about.
GENERAL: Sequence[StrPromise] = (
    gettext_lazy("What went well since we last talked?"),
    gettext_lazy("What is hardest right now?"),
    gettext_lazy("Which decision do I have to make next?"),
    gettext_lazy("Whom should I meet, and could you introduce me?"),
    gettext_lazy("What will I try before we talk again?"),
)


def prompts_for(names: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return headings with their prompts, in the language of the reader: the domains of a relationship, then any.

    Parameters
    ----------
    names : mapping of str to str
        By key of an open domain or topic of a relationship: the name of the domain.
    """
    domains = {key.partition(".")[0]: name for key, name in names.items()}
    found = [(name, [str(each) for each in PROMPTS[key]]) for key, name in domains.items() if key in PROMPTS]
    return [*found, (_("For any conversation"), [str(each) for each in GENERAL])]
