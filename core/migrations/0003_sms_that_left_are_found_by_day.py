"""How many SMS were delivered is asked of one quarter, among the messages of years."""

from __future__ import annotations

from django.db import migrations, models

from core.indexing import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0002_the_audit_stands")]

    operations = [
        AddIndexBesideWriters(
            "outbound",
            models.Index(
                fields=["sent_at", "kind", "state", "settled_at"],
                name="outbound_sms_that_left",
                condition=models.Q(way="sms", sent_at__isnull=False),
            ),
        )
    ]
