"""The index of full text beside the listings, as the kind of database has it: see ``finding.text``."""

from django.db import migrations

from introducer_web.finding.text import STATEMENTS, UNDO


def _run(statements):
    def act(_apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement, params=None)

    return act


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_initial")]

    operations = [migrations.RunPython(_run(STATEMENTS), _run(UNDO))]
