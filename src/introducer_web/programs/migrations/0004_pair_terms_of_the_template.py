"""Programs that stood before weigh the pair terms as their template does: their runs stay the same."""

from django.db import migrations

#: Weights by template, as they were when this was written.
_TERMS = {
    "ir/1": {
        "preferred_by_mentee": 4.0,
        "stage": 2.0,
        "setting": 2.0,
        "roles": 2.0,
        "outlook": 2.0,
        "procedures": 1.5,
        "timezone": 1.5,
        "route": 1.0,
        "language": 1.0,
        "preferred_by_mentor": 1.0,
    },
    "campus/1": {
        "preferred_by_mentee": 4.0,
        "stage": 2.0,
        "setting": 2.0,
        "roles": 2.0,
        "route": 1.0,
        "language": 1.0,
        "timezone": 0.5,
        "preferred_by_mentor": 1.0,
    },
}


def weigh(apps, schema_editor):
    """Give every program the weights of its template."""
    rows = apps.get_model("programs", "Program")._base_manager.using(schema_editor.connection.alias)
    for template, terms in _TERMS.items():
        rows.filter(template=template).update(pair_terms=terms)


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_even_more_policy")]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop)]
