"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Society": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the society runs programs",
        fields={
            "contact": Personal(Class.C0, "whom to ask", exported=False),
        },
        plain="id slug name language timezone created_at",
    ),
    "User": Table(
        owner=("pk",),
        erase=Erase.DELETE,
        retention="until deleted by the person",
        fields={
            "email": Personal(Class.C1, "signing in and mail"),
            "name": Personal(Class.C1, "what partners call them"),
            "language joined_at last_login": Personal(Class.C2, "speaking their language; when they came"),
            "password": Personal(Class.C5, "never usable; there are no passwords", exported=False),
        },
        plain="id code is_active",
    ),
}
