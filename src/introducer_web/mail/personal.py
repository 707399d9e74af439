"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Message": Table(
        owner=(),
        erase=Erase.DELETE,
        retention="30 days after sending",
        fields={
            "to sealed": Personal(Class.C2, "the mail itself", exported=False),
        },
        plain="id code society about kind key state created_at not_before sent_at attempts error turn leased_until",
    ),
}
