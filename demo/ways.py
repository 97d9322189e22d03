"""Invented ways to speak, for the pages of a demonstration; no telephone answers any of these numbers."""

from __future__ import annotations

WAYS = [
    {
        "label": "Ligne verte (inventée)",
        "number": "00 00 00 00",
        "hours": "tous les jours, 8 h à 18 h",
        "languages": "français, bambara, fulfulde, songhay, tamasheq",
    },
]
URGENT = [{"label": "Numéro de garde (inventé)", "number": "00 00 00 01", "hours": "jour et nuit"}]
