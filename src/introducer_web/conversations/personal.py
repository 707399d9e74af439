"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Conversation": Table(
        owner=("relationship__mentee__user", "relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "relationship held_on minutes noted_by noted_at confirmed_at": Personal(Class.C2, "that two people talked"),
        },
        plain="id code society number",
    ),
    "Note": Table(
        owner=("author__user",),
        erase=Erase.DELETE,
        retention="until its author deletes it, or is deleted; it outlives the relationship",
        fields={
            "author relationship conversation is_shared written_at changed_at": Personal(
                Class.C2, "that somebody noted something, and whether the other one may read it"
            ),
            "sealed": Personal(Class.C4, "what was noted: its author's, and the other one's where they share it"),
        },
        plain="id code society relationship_code version",
    ),
    "Letter": Table(
        owner=("author__user",),
        erase=Erase.DELETE,
        retention="until its author deletes it, or is deleted; it outlives the relationship",
        fields={
            "author relationship written_at read_at": Personal(Class.C2, "that somebody wrote to the other one"),
            "sealed": Personal(Class.C4, "what one of two wrote to the other: for these two alone"),
        },
        plain="id code society relationship_code",
    ),
}
