from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("psea", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="sealedcase",
            name="mend_tried_at",
            field=models.DateTimeField(help_text="an open key last tried to mend what is marked above", null=True),
        ),
    ]
