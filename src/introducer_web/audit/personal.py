"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Entry": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the society: the record names people by code alone",
        fields={
            "by subject": Personal(Class.C2, "who did it, by code", exported=False),
        },
        plain="id code society number at act words digest",
    ),
}
