"""Personal fields of this app: see ``lib.personal``. Coordinators see none of them."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

_BOTH = ("relationship__mentee__user", "relationship__mentor__user")

TABLES = {
    "Availability": Table(
        owner=("user",),
        erase=Erase.DELETE,
        retention="until the person takes it back or is deleted",
        fields={
            "user timezone wants_brief": Personal(Class.C2, "when they can be asked for"),
            "sealed": Personal(Class.C4, "hours, days away, the address of their calendar"),
            "sealed_busy": Personal(Class.C4, "when their calendar says they are busy; no titles"),
            "feed_digest": Personal(Class.C5, "recognizes the address of their feed", exported=False),
            "asked_at failing_since trouble feed_made_at": Personal(Class.C2, "how it goes with their calendar"),
        },
        plain="id code society turn leased_until ask_at",
    ),
    "Series": Table(
        owner=_BOTH,
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship starts_at zone minutes weeks number": Personal(Class.C2, "that they planned to talk again"),
        },
        plain="id code society sequence changed_at",
    ),
    "Plan": Table(
        owner=_BOTH,
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship series starts_at zone minutes where state agreed_at": Personal(
                Class.C2, "that they planned to talk"
            ),
            "sealed": Personal(Class.C4, "where they meet: a number, an address"),
        },
        plain="id code society instead_of sequence changed_at reminded_at",
    ),
    "Proposal": Table(
        owner=_BOTH,
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship by times zone minutes where weeks number state made_at settled_at": Personal(
                Class.C2, "when somebody proposed to talk"
            ),
            "sealed": Personal(Class.C4, "where they would meet"),
            "digest": Personal(Class.C5, "recognizes the link in the mail", exported=False),
        },
        plain="id code society moves plan expires_at",
    ),
    "AgendaPoint": Table(
        owner=("by__user",),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship by state made_at done_at": Personal(Class.C2, "that there was something to talk about"),
            "sealed": Personal(Class.C4, "what they would like to talk about"),
        },
        plain="id code society",
    ),
}
