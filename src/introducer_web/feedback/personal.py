"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Feedback": Table(
        owner=("author__user",),
        erase=Erase.DELETE,
        retention="until its author deletes it, or is deleted; it outlives the relationship",
        fields={
            "author relationship given_at left_out told_at read_at": Personal(
                Class.C2, "that somebody thought about how it goes, and whether they told the other one"
            ),
            "sealed": Personal(Class.C4, "how it goes, in their words: for its author alone"),
            "sealed_told": Personal(Class.C4, "what they tell the other one of it: for these two alone"),
        },
        plain="id code society relationship_code",
    ),
}
