"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Participant": Table(
        owner=("user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "user cohort role state kind": Personal(Class.C2, "what they are in the cohort"),
            "stage settings routes procedures roles": Personal(
                Class.C2, "matching, and telling partners what somebody does and looks for"
            ),
            "site institution region timezone languages rural no_home_program": Personal(
                Class.C2, "matching, and telling partners who somebody is"
            ),
            "team_size capacity min_load paused_until may_be_matched wants_digest wants_news committed_at": Personal(
                Class.C2, "matching as they wish"
            ),
            "answers_within": Personal(Class.C2, "telling partners how soon a mentor usually answers"),
            "joined_at finished_at decided_at withdrawn_at": Personal(Class.C2, "how far they are"),
            "imported_as": Personal(Class.C2, "finding the row of a sheet again"),
            "earlier": Personal(Class.C2, "offering again what was said in a cohort before", exported=False),
        },
        plain="id code society version",
    ),
    "Need": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant domain topic level urgent": Personal(Class.C2, "matching; asked openly"),
        },
        plain="id code society",
    ),
    "Offer": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant domain topic level": Personal(Class.C2, "matching"),
        },
        plain="id code society",
    ),
    "Claim": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant experience": Personal(Class.C2, "matching by wish"),
        },
        plain="id code society",
    ),
    "Answer": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant question text": Personal(Class.C2, "the program's own questions"),
        },
        plain="id code society",
    ),
    "PrivateAnswers": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant": Personal(Class.C2, "whose they are", exported=False),
            "sealed": Personal(Class.C3, "private needs, wishes, attributes, whom to avoid: the match alone"),
        },
        plain="id code society",
    ),
    "Consent": Table(
        owner=("participant__user",),
        erase=Erase.DELETE,
        retention="until deleted by the person, or 12 months after the cohort closed",
        fields={
            "participant attribute purpose given_at withdrawn_at": Personal(Class.C3, "what they agreed to, and when"),
        },
        plain="id code society",
    ),
    "Conflict": Table(
        owner=("user_a", "user_b"),
        erase=Erase.DELETE,
        retention="until lifted, or one of the two is deleted",
        fields={
            "user_a user_b sealed": Personal(Class.C4, "no tie where there must be none", exported=False),
        },
        plain="id code society recorded_at lifted_at",
    ),
    "Block": Table(
        owner=("by",),
        erase=Erase.DELETE,
        retention="until lifted, or one of the two is deleted",
        fields={
            "by other": Personal(Class.C4, "keeping two people apart"),
            "sealed": Personal(Class.C4, "a note for whoever keeps the other away"),
            "blocked_at": Personal(Class.C2, "since when"),
        },
        plain="id code society",
    ),
    "Invitation": Table(
        owner=("invited_by",),
        erase=Erase.KEEP,
        retention="90 days after it ended",
        fields={
            "email": Personal(Class.C1, "where the link went", exported=False),
            "invited_by": Personal(Class.C2, "who sent it", exported=False),
            "earlier declined_at": Personal(
                Class.C2, "asking somebody once whether they take part again", exported=False
            ),
            "digest": Personal(Class.C5, "recognizes the link", exported=False),
        },
        plain="id code society cohort role kind invited_at expires_at used_at revoked_at",
    ),
    "SheetImport": Table(
        owner=("by",),
        erase=Erase.KEEP,
        retention="sheet and report: 30 days",
        fields={
            "by": Personal(Class.C2, "who uploaded it", exported=False),
            "sealed_sheet sealed_report": Personal(Class.C3, "the sheet on its way", exported=False),
        },
        plain=(
            "id code society cohort what state name uploaded_at finished_at rows progress mapping values "
            "turn leased_until"
        ),
    ),
}
