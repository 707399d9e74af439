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
}
