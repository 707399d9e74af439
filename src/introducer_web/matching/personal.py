"""Personal fields of this app: see ``lib.personal``."""

from introducer_web.lib.personal import Class, Erase, Personal, Table

TABLES = {
    "MatchRun": Table(
        owner=("requested_by",),
        erase=Erase.KEEP,
        retention="as long as the cohort, without the rows of erased people",
        fields={
            "requested_by": Personal(Class.C2, "who asked for it", exported=False),
            "sealed_folder sealed_outcome": Personal(Class.C3, "makes a run repeatable", exported=False),
            "summary": Personal(Class.C2, "figures for coordinators; people by code", exported=False),
        },
        plain=(
            "id code society cohort number kind policy most_changes state requested_at finished_at previous phase "
            "progress gap stop_asked keeps message turn leased_until"
        ),
    ),
    "Constellation": Table(
        owner=("mentee__user",),
        erase=Erase.DELETE,
        retention="as the run",
        fields={
            "mentee size most asked covered share needs private_asked private_covered others note": Personal(
                Class.C2, "what was proposed to them", exported=False
            ),
            "sealed": Personal(Class.C4, "explanations, and who covers private needs", exported=False),
        },
        plain="id code society run",
    ),
    "Tie": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="as the run",
        fields={
            "mentee mentor needs fits pinned kept cost": Personal(Class.C2, "what was proposed", exported=False),
        },
        plain="id code society run",
    ),
    "FrontierPoint": Table(
        owner=("run__requested_by",),
        erase=Erase.KEEP,
        retention="as the run, without the rows of erased people",
        fields={
            "moved": Personal(Class.C2, "who would get another team; people by code", exported=False),
        },
        plain="id code society run changes value bound",
    ),
    "Advice": Table(
        owner=("requested_by",),
        erase=Erase.KEEP,
        retention="as the run; what names people goes when one of them is erased",
        fields={
            "requested_by": Personal(Class.C2, "who asked for it", exported=False),
            "result": Personal(Class.C2, "advice for coordinators; people by code", exported=False),
        },
        plain=("id code society run kind state requested_at finished_at progress stop_asked message turn leased_until"),
    ),
    "Order": Table(
        owner=("mentee__user", "mentor__user"),
        erase=Erase.DELETE,
        retention="until lifted",
        fields={
            "mentee mentor kind by": Personal(Class.C2, "what coordinators ordered", exported=False),
            "sealed": Personal(Class.C4, "why", exported=False),
        },
        plain="id code society cohort at lifted_at",
    ),
}
