"""Programs that stood before stay as people joined them: nobody looks for mentors there until a coordinator says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0007_ending_and_letters")]

    operations = [
        migrations.AddField(
            model_name="program",
            name="requests",
            field=models.BooleanField(
                default=False, verbose_name="mentees look for mentors themselves, and ask them"
            ),
        ),
        migrations.AlterField(
            model_name="program",
            name="requests",
            field=models.BooleanField(default=True, verbose_name="mentees look for mentors themselves, and ask them"),
        ),
    ]
