"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Sketch": Table(
        owner=("user",),
        erase=Erase.DELETE,
        retention="until the person is deleted",
        fields={
            "user": Personal(Class.C2, "whose it is; read by nobody else"),
            "sealed": Personal(Class.C4, "how close somebody is, and who knows whom, as a mentee says it"),
        },
        plain="id code society",
    ),
}
