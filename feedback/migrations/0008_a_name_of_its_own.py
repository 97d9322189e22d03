"""How the person wishes to be named stands apart from how to reach them: each may be allowed without the other.

The code of a thread is kept, sealed: what is protected later takes it along.
"""

from django.db import migrations

from core.sealed_models import SealedField


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_other_lanes_are_found")]

    operations = [
        migrations.AddField("case", "name", SealedField()),
        migrations.AddField("case", "code", SealedField()),
    ]
