"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Agreement": Table(
        owner=("relationship__mentee__user", "relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={"relationship review_on": Personal(Class.C2, "when the two look at it again")},
        plain="id code society newest",
    ),
    "AgreementVersion": Table(
        owner=("agreement__relationship__mentee__user", "agreement__relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "agreement number made_by made_at": Personal(Class.C2, "who changed it, and when"),
            "sealed": Personal(Class.C4, "what the two agreed on, in their own words"),
        },
        plain="id code society edition",
    ),
    "Signature": Table(
        owner=("version__agreement__relationship__mentee__user", "version__agreement__relationship__mentor__user"),
        erase=Erase.DELETE,
        retention="as the relationship",
        fields={
            "version participant signed_at": Personal(Class.C2, "who signed, and when"),
            "sealed": Personal(Class.C4, "the name as it was written"),
        },
        plain="id code society",
    ),
}
