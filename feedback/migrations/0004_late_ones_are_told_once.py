"""Up to which deadline somebody was told that a case is late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_old_envelopes_are_found")]

    operations = [migrations.AddField("case", "late_told_for", models.DateTimeField(editable=False, null=True))]
