from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from feedback.reference_data import load_categories, load_deadlines


class Command(BaseCommand):
    help = "Adds the categories and deadlines that are missing; what staff edited stays."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            categories, deadlines = load_categories(), load_deadlines()
        self.stdout.write(f"{categories} categories, {deadlines} deadlines added")
