"""Filling an empty installation: reference data, the plan, organisations, people, invented history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from core.actors import SYSTEM
from demo.accounts import Register, read_register, write_register
from demo.casting import cast
from demo.handlers import enrol_handlers, put_on_duty
from demo.history import ordinary, plan_words, said_back
from demo.history import others as others_counted
from demo.history.people import World
from demo.history.plots import plots
from demo.history.readings import report_all, verify_computed
from demo.history.registers import decide, keep_registers
from demo.history.sealed import Keys
from demo.history.sealed import tell as tell_sealed
from demo.interventions import make_interventions
from demo.organisations import make_organisations, make_ready_answers
from demo.people import issue_tokens, make_people
from demo.quiet import let_go, quietly
from demo.witnesses import sign_and_name
from directory.geography import load_geography
from directory.models import Organisation
from feedback.reference_data import load_categories, load_deadlines
from psea.readers import Reader
from workplan.actions.closing import close_quarters
from workplan.loading import follow_on_plan
from workplan.models import Plan
from workplan.plans import quarters_of

Say = Callable[[str], None]
FULL, SMALL = 450, 24


@dataclass(frozen=True)
class Wanted:
    """How much to invent. `cases` counts those of every lane."""

    seed: int = 1
    cases: int = FULL
    small: bool = False


class NotEmpty(Exception):
    """There is something in the database that no demonstration wrote."""


def is_filled() -> bool:
    """Whether a demonstration stands here, whole."""
    return read_register() is not None and Organisation.objects.exists()


def fill(wanted: Wanted, say: Say) -> Register:
    """Fills the empty databases and writes `demo.json`. Raises NotEmpty."""
    if Organisation.objects.exists():
        raise NotEmpty
    mark = _mark_of_filling()
    mark.touch()
    with quietly():
        register = _fill(wanted, say)
    register.filled_at = timezone.now().isoformat()
    write_register(register)
    mark.unlink()
    return register


def was_interrupted() -> bool:
    """Whether an earlier filling did not reach its end."""
    return _mark_of_filling().exists()


def forget_interrupted() -> bool:
    """Removes the embedded databases that an interrupted filling left. False when they are not ours to remove."""
    files = [Path(database["NAME"]) for database in settings.DATABASES.values()]
    if not all(Path(settings.VAR_DIR) in path.parents for path in files):
        return False
    for path in set(files):
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    _mark_of_filling().unlink()
    return True


def migrate() -> None:
    """Brings both databases up to date."""
    for alias in ("default", "vault_owner"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def _mark_of_filling() -> Path:
    return Path(settings.VAR_DIR) / "demo.filling"


def _fill(wanted: Wanted, say: Say) -> Register:
    rng = Random(wanted.seed)
    parts = cast(small=wanted.small)
    with _step(say, "lieux, catégories, délais"):
        load_geography()
        load_categories()
        load_deadlines()
    with _step(say, "organisations, bureaux, services, réponses toutes prêtes"):
        make_organisations()
        make_ready_answers()
    with _step(say, "plan de travail 2020-2022 et plan de suite"):
        plan_words.begin()
        follow_on_plan()
    with _step(say, f"{len(parts)} personnes, clés du coffre"):
        register = make_people(parts, rng)
        issue_tokens(register)
        readers = enrol_handlers(parts, register)
    with _step(say, "5W : qui fait quoi, où"):
        make_interventions(wanted.seed, timezone.now(), small=wanted.small)
    _invent(wanted, readers, say)
    with _step(say, "journal enchaîné et signé, témoins"):
        sign_and_name()
    with _step(say, "messages d'alors, remis à personne"):
        let_go()
    return register


def _invent(wanted: Wanted, readers: Mapping[int, Reader], say: Say) -> None:
    now = timezone.now()
    world = World()
    made = plots(wanted.seed, wanted.cases, now)
    sealed = [plot for plot in made if plot.is_sealed]
    others = [plot for plot in made if not plot.is_sealed]
    with _step(say, f"{len(others)} dossiers ordinaires et restreints"):
        for plot in others:
            ordinary.tell(plot, world, now)
        if not wanted.small:
            said_back.gather(world, wanted.seed, now)
            others_counted.count(wanted.seed, now)
    with _step(say, f"{len(sealed)} dossiers scellés"):
        keys = Keys(world, readers)
        for plot in made:
            tell_sealed(plot, world, keys, now)
        put_on_duty(now)
    with _step(say, "registres, trimestres clos, valeurs rapportées et vérifiées"):
        years = frozenset({now.year}) if wanted.small else None
        plan_words.change(world)
        keep_registers(world, wanted.seed, now)
        report_all(world, wanted.seed, now, years=years)
        _close_in_time(now)
        verify_computed(world)
        decide(world, now)
    with _step(say, "notes aux lieux, textes réécrits, chiffres de référence"):
        said_back.tell(world, wanted.seed, now)


def _close_in_time(now: datetime) -> None:
    """Each quarter is closed when it ended, as a living platform does, then what was left open since."""
    ended = {q for plan in Plan.objects.all() for q in quarters_of(plan) if q.period.end <= now}
    for quarter in sorted(ended):
        close_quarters(by=SYSTEM, at=quarter.period.end)
    close_quarters(by=SYSTEM, at=now)


@contextmanager
def _step(say: Say, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"  {what} ({time.monotonic() - began:.1f} s)")
