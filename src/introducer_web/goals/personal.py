"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

_WITH = "until deleted by the person; of a relationship: as the relationship"

TABLES = {
    "Goal": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention=_WITH,
        fields={
            "mentee relationship kind state review_weeks review_on begun_at": Personal(Class.C2, "where a goal stands"),
        },
        plain="id code society slot newest",
    ),
    "GoalChange": Table(
        owner=("by__user",),
        erase=Erase.DELETE,
        retention=_WITH,
        fields={
            "goal number sort state by at": Personal(Class.C2, "the history of a goal"),
            "sealed": Personal(Class.C4, "what somebody wants to reach, why, and how it goes"),
        },
        plain="id code society",
    ),
    "Decision": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention=_WITH,
        fields={
            "mentee relationship decided_on look_on looked_at": Personal(Class.C2, "when something was decided"),
            "sealed": Personal(Class.C4, "what was decided, among what, and why"),
        },
        plain="id code society",
    ),
    "Track": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person",
        fields={
            "mentee began_on ended_at": Personal(Class.C2, "the first hundred days somewhere"),
            "sealed": Personal(Class.C4, "which ones, and what was done"),
        },
        plain="id code society",
    ),
    "Transition": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person",
        fields={
            "mentee on noted_at told_at settled_at": Personal(Class.C2, "asking for needs once more in time"),
            "sealed": Personal(Class.C4, "what changes for somebody"),
        },
        plain="id code society",
    ),
    "FreshLook": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention="as the mentee's place",
        fields={
            "mentee asked_at": Personal(Class.C2, "asked that the match be looked at once more"),
            "settled_by": Personal(Class.C2, "who settled it", exported=False),
        },
        plain="id code society run settled_at",
    ),
}
