"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Confidant": Table(
        owner=("named_by",),
        erase=Erase.KEEP,
        retention="until a coordinator ends it",
        fields={
            "name email about": Personal(Class.C1, "whom people can turn to", exported=False),
            "named_by": Personal(Class.C2, "who named them", exported=False),
        },
        plain="id code society program named_at until",
    ),
    "HelpWords": Table(owner=(), erase=Erase.KEEP, retention="as long as the society", plain="id code society words"),
    "Report": Table(
        owner=("by",),
        erase=Erase.DELETE,
        retention="until whoever wrote it deletes it",
        fields={
            "by": Personal(Class.C4, "who wrote it, to show them what became of it"),
            "at": Personal(Class.C2, "when"),
            "sealed": Personal(Class.C4, "what happened, for the confidants who were chosen"),
        },
        plain="id code society",
    ),
    "Delivery": Table(
        owner=("report__by",),
        erase=Erase.DELETE,
        retention="as the report",
        fields={
            "report confidant": Personal(Class.C2, "who was told"),
            "sent_at read_at answered_at closed_at": Personal(Class.C2, "what became of it"),
            "digest": Personal(Class.C5, "recognizes the link", exported=False),
            "sealed": Personal(Class.C4, "the answer"),
        },
        plain="id code society",
    ),
}
