"""What figures count of each case, and its sums (feedback/models/tally.py)."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def _text(length: int, **more: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=length, **more)


def _tally(*counts: str) -> list[tuple[str, models.Field[Any, Any]]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("month", models.DateField()),
        ("day", models.DateField()),
        ("pcode", _text(12, blank=True)),
        ("facet", _text(10, blank=True)),
        ("value", _text(40, blank=True)),
        ("other", _text(40, blank=True)),
        *((name, models.IntegerField(default=0)) for name in counts),
    ]


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_screening_changes")]

    operations = [
        migrations.AddField(
            "case",
            "is_tallied",
            models.BooleanField(default=False, editable=False, help_text="the sums of figures have taken it in"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(condition=models.Q(("is_tallied", False)), fields=["received_at"], name="case_to_tally"),
        ),
        migrations.CreateModel(
            name="CaseFacts",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="feedback.case",
                    ),
                ),
                ("is_ordinary", models.BooleanField()),
                ("pcode", _text(12, blank=True)),
                ("category_code", _text(40, blank=True)),
                ("channel", _text(12)),
                *((name, _text(10)) for name in ("sex", "age_group", "population_status", "language")),
                ("received_at", models.DateTimeField()),
                *((f"was_{name}", models.BooleanField()) for name in ("triaged", "referred", "answered", "told")),
                ("settled", _text(10, blank=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("first_sent", models.DateTimeField(null=True)),
                ("first_answer", models.DateTimeField(null=True)),
                ("was_on_time", models.BooleanField()),
                *((f"first_{name}", models.DateTimeField(null=True)) for name in ("response", "adjustment", "service")),
                ("days", models.PositiveIntegerField(null=True)),
                ("is_stale", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("is_stale", True)), fields=["case"], name="facts_stale"),
                    models.Index(
                        condition=models.Q(("is_ordinary", True)), fields=["received_at"], name="facts_received"
                    ),
                    models.Index(
                        condition=models.Q(("first_sent__isnull", False)), fields=["first_sent"], name="facts_sent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoiceTally",
            fields=_tally("said", "triaged", "referred", "answered", "told", "settled", "spoke"),
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "day"), name="voices_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortTally",
            fields=_tally("referred", "answered", "on_time", "confirmed", "responses", "adjustments", "services"),
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "day"), name="cohort_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitTally",
            fields=[*_tally(), ("days", models.PositiveIntegerField()), ("answered", models.IntegerField(default=0))],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "days", "day"), name="waits_once"
                    )
                ],
            },
        ),
    ]
