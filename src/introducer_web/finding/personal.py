"""Personal fields of this app: see ``lib.personal``."""

from typing import Any

from introducer_web.lib.personal import Class, Erase, Personal, Table


def _of_a_request(row: Any, user: Any) -> dict[str, Any]:
    """Return a mentee's message, or what a mentor said with a no."""
    name = "message" if row.mentee.user_id == user.pk else "answer"
    return {name: row.words.get(name, "")}


def _of_a_talk(row: Any, user: Any) -> dict[str, Any]:
    """Return since when one side would like to talk, and what it said of the conversation."""
    if row.mentee.user_id == user.pk:
        return {"ready_at": row.mentee_ready_at, "said": row.mentee_said}
    return {"ready_at": row.mentor_ready_at, "said": row.mentor_said}


TABLES = {
    "Listing": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="as the participant",
        fields={
            "participant is_listed": Personal(Class.C1, "whether a mentor stands in the directory"),
            "words": Personal(Class.C1, "by which words a mentor is found"),
        },
        plain="id code society version made_at",
    ),
    "CareerMove": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="as the participant",
        fields={"participant left came left_region came_region year": Personal(Class.C1, "a move that a mentor made")},
        plain="id code society",
    ),
    "Recommending": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as the cohort",
        plain="id code society cohort turn leased_until seats answers made_at",
    ),
    "Recommendation": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="until they are made again",
        # What a mentee is recommended is the mentee's to see: a mentor's copy does not hold it.
        fields={"mentee mentor place needs common": Personal(Class.C2, "whom a mentee might ask", exported=False)},
        plain="id code society",
    ),
    "Request": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="until one of the two is deleted",
        fields={
            "mentee mentor state asked_at closed_at relationship": Personal(Class.C2, "who asked whom"),
            "digest": Personal(Class.C5, "recognizes the link", exported=False),
            "sealed": Personal(
                Class.C4, "the link, the first message, words with a no, whether it is held", exported=False
            ),
        },
        plain="id code society expires_at",
        kept_from_others=lambda row: row.is_held,
        own=_of_a_request,
    ),
    "Round": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as the cohort",
        plain="id code society cohort opened_at closed_at talks_opened_at talks_closed_at",
    ),
    "Preference": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="as the participant",
        fields={
            "participant": Personal(Class.C2, "whose it is"),
            "sealed": Personal(Class.C4, "whom somebody would rather have, and why; for the match alone"),
        },
        plain="id code society",
    ),
    "FirstTalk": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="until one of the two is deleted",
        fields={
            "mentee mentor proposed_at": Personal(Class.C2, "who might have a first conversation"),
            # Each side's: who takes a copy is one of the two, and what the other said is not theirs.
            "mentee_ready_at mentor_ready_at": Personal(Class.C2, "who would like to talk", exported=False),
            "sealed_mentee sealed_mentor": Personal(Class.C4, "what each said of it; for the match", exported=False),
        },
        plain="id code society",
        own=_of_a_talk,
    ),
    "Event": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as the cohort",
        plain="id code society cohort name begins_at place link",
    ),
}
