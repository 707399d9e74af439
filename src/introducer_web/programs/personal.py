"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "Program": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the society",
        plain=(
            "id code society name template about privacy team_size capacity same_site institution_limit guests "
            "shared_language wish_weight floor least_share pair_weight pair_terms stage_least stage_most "
            "stage_best_from stage_best_to stage_fade equity_rural equity_no_home_program approves is_open formal "
            "ending_words letters requests"
        ),
    ),
    "Cohort": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the society",
        plain="id code society program name starts joining_ends ends is_closed",
    ),
    "Staff": Table(
        owner=("user",),
        erase=Erase.DELETE,
        retention="until deleted by the person",
        fields={
            "user role program since until": Personal(Class.C2, "who may do what"),
        },
        plain="id code society",
    ),
    "Domain": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the program",
        plain="id code society program key name text sensitive place retired",
    ),
    "Topic": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the program",
        plain="id code society domain key name text sensitive place retired",
    ),
    "Experience": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the program",
        plain="id code society program key name text sensitive place retired",
    ),
    "Question": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the program",
        plain="id code society program text help audience choices seen_by required place retired",
    ),
    "TrainingSite": Table(
        owner=(),
        erase=Erase.KEEP,
        retention="as long as the society",
        plain="id code society name institution region rural retired",
    ),
}
