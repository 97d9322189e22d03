"""The second step of `manage.py setup`: tables, roles' rights, the country's data, the first administrator.

Each function does what is missing, changes nothing that is there, and returns a sentence that says which.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from config.setup.questions import ADMINISTRATOR, Answers
from core.actors import robot
from directory.actions.people import invitation_link, invite
from directory.enums import OrganisationKind
from directory.geography import load_geography
from directory.models import Organisation, Place, User
from directory.roles import Role
from feedback.reference_data import load_categories, load_deadlines
from psea.databases import OWNER
from workplan.loading import load_plan
from workplan.models import Plan

SETUP = robot("setup")


def tables() -> str:
    """Both databases' tables as this version wants them."""
    applied = 0
    for alias in ("default", OWNER):
        before = _migrations(alias)
        call_command("migrate", database=alias, verbosity=0, interactive=False)
        applied += _migrations(alias) - before
    return f"tables : {applied} migrations appliquées" if applied else "tables : à jour, inchangées"


def rights() -> str:
    """What the vault's two roles may do; where there are roles."""
    if connections[OWNER].vendor != "postgresql":
        return "rôles du coffre : SQLite n'en a pas"
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("vault_roles", stdout=nowhere)
    return "rôles du coffre : droits réglés"


def places() -> str:
    """The country's places and scopes."""
    if Place.objects.exists():
        return "lieux : déjà là, inchangés"
    load_geography()
    return f"lieux : {Place.objects.count()} chargés ({settings.COUNTRY.name})"


@transaction.atomic
def reference() -> str:
    """Categories and deadlines that are missing."""
    added = load_categories() + load_deadlines()
    return f"catégories et délais : {added} ajoutés" if added else "catégories et délais : déjà là, inchangés"


def plan() -> str:
    """The country's plan. Its leads are linked when it is loaded again, once the organisations are there."""
    if found := Plan.objects.first():
        return f"plan : déjà là, inchangé ({found.code})"
    return f"plan : chargé ({load_plan().code})"


def static_files() -> str:
    """What pages link, collected and compressed; a container's image holds it already."""
    if not os.access(settings.STATIC_ROOT, os.W_OK):
        return f"fichiers statiques : ceux de {settings.STATIC_ROOT}, inchangés"
    call_command("collectstatic", verbosity=0, interactive=False)
    return "fichiers statiques : rassemblés"


def administrator(answers: Answers, link_file: Path) -> str:
    """Invites the first administrator, unless there is one. Raises Unanswered.

    The link to choose a password goes by mail, and into `link_file`, for its owner's eyes only, while none was chosen.
    """
    found = User.objects.with_role(Role.ADMINISTRATOR).order_by("pk").first()
    if found is not None and found.last_login is not None:
        return "administration : déjà là, inchangée"
    person = found or _invited(answers)
    _write_privately(link_file, f"{person.email}\n{invitation_link(person)}\n")
    state = "pas encore venue" if found else "invitée"
    return f"administration : {person.name} {state} ; son lien, valable trois jours, est dans {link_file}"


@transaction.atomic
def _invited(answers: Answers) -> User:
    email, name, organisation = answers.to(ADMINISTRATOR).values()
    row, _made = Organisation.objects.get_or_create(name=organisation, defaults={"kind": OrganisationKind.OTHER})
    return invite(email=email, name=name, organisation=row, roles=[Role.ADMINISTRATOR], by=SETUP)


def _write_privately(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC):%Y-%m-%d}\n{text}")


def _migrations(alias: str) -> int:
    recorder = MigrationRecorder(connections[alias])
    return len(recorder.applied_migrations())
