"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Publication": Table(
        owner=("by",),
        erase=Erase.KEEP,
        retention="as the run",
        fields={
            "by": Personal(Class.C2, "who published", exported=False),
            "left_out": Personal(Class.C2, "who was left out, by code", exported=False),
        },
        plain="id code society run wave at ties",
    ),
    "Relationship": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="until one of the two is deleted",
        fields={
            "mentee mentor state needs seat began_at ended_at until last_contact_on signed_at": Personal(
                Class.C2, "what is lived"
            ),
            "sealed_about": Personal(Class.C4, "what one of the two says it is about; read by both", exported=False),
            "mentee_keeps_at mentor_keeps_at": Personal(Class.C2, "asked to keep it", exported=False),
        },
        plain="id code society cohort tie publication version",
    ),
    "Introduction": Table(
        owner=("relationship__mentee__user", "relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship side answer sent_at answered_at": Personal(Class.C2, "what was answered"),
            "digest": Personal(Class.C5, "recognizes the link", exported=False),
            "sealed": Personal(Class.C4, "the link, a question, the first message", exported=False),
        },
        plain="id code society expires_at",
    ),
    "SwapRequest": Table(
        owner=("relationship__mentee__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship asked_at": Personal(Class.C2, "asked for somebody else"),
            "settled_by": Personal(Class.C2, "who settled it", exported=False),
        },
        plain="id code society settled_at",
    ),
    "SaidRoles": Table(
        owner=("person__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship person said_at": Personal(Class.C2, "who said what the two are for each other"),
            "sealed": Personal(Class.C4, "roles and domains of a relationship, as one of the two says; read by both"),
        },
        plain="id code society",
    ),
    "OrganicTie": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention="until the mentee removes it or is deleted; the other side can blank its own words",
        fields={
            "mentee state claimed_at confirmed_at ended_at": Personal(
                Class.C2, "that a mentee has somebody already; read by the mentee alone"
            ),
            "sealed": Personal(Class.C4, "who it is and what for, in the mentee's words: somebody who has no account"),
            "digest": Personal(Class.C5, "recognizes the link", exported=False),
            "sealed_link": Personal(Class.C5, "the link, to show it again", exported=False),
            "sealed_words": Personal(
                Class.C4, "how the other side is reached, what they disclose; their words", exported=False
            ),
        },
        plain="id code society expires_at",
    ),
    "Renewal": Table(
        owner=("relationship__mentee__user", "relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship until asked_at": Personal(Class.C2, "asked whether they go on"),
            "mentee_says mentor_says": Personal(Class.C2, "what each of the two said", exported=False),
            "by": Personal(Class.C2, "who asked", exported=False),
        },
        plain="id code society cohort settled_at became",
    ),
    "Farewell": Table(
        owner=("person__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship person ended_it glad at": Personal(Class.C2, "how it ended, and whether they stay in touch"),
            "sealed": Personal(Class.C4, "a reason, for whoever gave it alone"),
        },
        plain="id code society",
    ),
    "Thanks": Table(
        owner=("by__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship by on": Personal(Class.C2, "that one thanked the other"),
            "sealed": Personal(Class.C4, "the words, for the two alone"),
        },
        plain="id code society",
    ),
    "Onward": Table(
        owner=("relationship__mentee__user",),
        erase=Erase.DELETE,
        retention="until taken back, or as the relationship",
        fields={
            "relationship since said_on": Personal(Class.C2, "that a mentor is told how it goes on"),
            "sealed": Personal(Class.C4, "how it goes on, for that mentor alone"),
        },
        plain="id code society",
    ),
}
