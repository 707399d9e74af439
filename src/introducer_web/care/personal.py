"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

_OF_TWO = ("relationship__mentee__user", "relationship__mentor__user")

TABLES = {
    "Ladder": Table(
        owner=("approved_by",),
        erase=Erase.KEEP,
        retention="as the cohort",
        fields={"approved_by": Personal(Class.C2, "who approved the reminders", exported=False)},
        plain="id code society cohort approved_at looked_at turn leased_until",
    ),
    "Rung": Table(
        owner=(), erase=Erase.KEEP, retention="as the cohort", plain="id code society ladder kind is_on days"
    ),
    "Reminder": Table(
        owner=("person__user",),
        erase=Erase.DELETE,
        retention="as the person's place in the cohort",
        fields={
            "person relationship rung occurrence at": Personal(Class.C2, "what somebody was reminded of"),
            "subject": Personal(Class.C2, "so that nobody is reminded twice", exported=False),
        },
        plain="id code society cohort by_hand",
    ),
    "Silence": Table(
        owner=("person__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={"person relationship until": Personal(Class.C2, "asked for no reminders")},
        plain="id code society",
    ),
    "Hold": Table(
        owner=_OF_TWO,
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={"relationship since held ended_at": Personal(Class.C2, "a pause that does not count", exported=False)},
        plain="id code society",
    ),
    "Segment": Table(
        owner=("by",),
        erase=Erase.KEEP,
        retention="as the cohort",
        fields={"by": Personal(Class.C2, "who saved it", exported=False)},
        plain="id code society cohort name criteria made_at",
    ),
    "Mailing": Table(
        owner=("by",),
        erase=Erase.KEEP,
        retention="as the cohort",
        fields={
            "by": Personal(Class.C2, "who wrote to many", exported=False),
            "left": Personal(Class.C2, "whose message is not queued yet, by code", exported=False),
            "sealed": Personal(Class.C2, "what was written to many", exported=False),
        },
        plain="id code society cohort segment name at state recipients turn leased_until",
    ),
    "Recognition": Table(
        owner=("mentor__user",),
        erase=Erase.DELETE,
        retention="until the mentor deletes it",
        fields={
            "mentor begins ends issued_at figures": Personal(Class.C2, "what a mentor did, for whom they hand it to"),
            "digest": Personal(Class.C5, "recognizes the link that proves it", exported=False),
            "sealed": Personal(Class.C5, "the link, to print it again", exported=False),
        },
        plain="id code society",
    ),
}
