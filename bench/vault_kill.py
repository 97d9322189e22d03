"""Kills a process with -9 at every commit point of the vault's acts, runs the act again, and looks at what is there.

    .venv/bin/python -m bench.vault_kill [--times 20] [--only protect transmit]

It runs on SQLite databases of its own, in a folder that is removed. Each act runs in a process of its own, which kills
itself just before, or just after, its n-th commit, for every n there is; then it is run again, as a job or a person
would. At no time may a case be doubled, left in clear, unreadable, or with fewer than two living handlers and recovery;
in the end none may be lost. Exit code 1 and a sentence for whatever is not so.
"""

from __future__ import annotations

import argparse
import base64
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.fuzz import set_up
from tests.stack.tables import copy_files

if TYPE_CHECKING:
    from psea.readers import Reader

CANARY = "kanaribalaforo"
WORDS = f"Le gardien de {CANARY} demande des faveurs contre les cartes"
MOST_COMMITS = 60


@dataclass(frozen=True)
class Act:
    """`prepare` gives what `run` is told; running it again must be harmless, and then `is_done` holds."""

    name: str
    prepare: Callable[[int], Any]
    run: Callable[[Any], object]
    is_done: Callable[[Any], bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=1, help="how often each act is gone through, each time a new case")
    parser.add_argument("--only", nargs="+", default=[], help="these acts alone, as the table names them")
    options = parser.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="jaabi-vault-kill-") as folder:
        copy_files(Path(folder))
        recovery = set_up(folder)
        print("| act | commit points | kills | faults |\n|---|---:|---:|---:|")
        for act in acts(recovery):
            if options.only and act.name not in options.only:
                continue
            points, kills, faults = gone_through(act, options.times, Path(folder))
            print(f"| {act.name} | {points} | {kills} | {len(faults)} |", flush=True)
            wrong += faults
    for sentence in wrong[:40]:
        print(sentence)
    return 1 if wrong else 0


def gone_through(act: Act, times: int, folder: Path) -> tuple[int, int, list[str]]:
    """Every commit point of an act. Out: how many there are, how often it was killed, and what was wrong."""
    points, kills, wrong = 0, 0, []
    number = 0
    for _time in range(times):
        for point in range(1, MOST_COMMITS):
            was_killed = False
            for before in (True, False):
                number += 1
                told = act.prepare(number)
                died = _in_a_child(lambda told=told: act.run(told), point, before=before)  # type: ignore[misc]
                was_killed |= died
                kills += died
                where = f"{act.name}, {'before' if before else 'after'} commit {point}"
                wrong += [f"{where}: {one}" for one in faults(folder)]
                act.run(told)
                wrong += [] if act.is_done(told) else [f"{where}: it was not done the second time"]
                wrong += [
                    f"{act.name}, {'before' if before else 'after'} commit {point}: {one}" for one in faults(folder)
                ]
            if not was_killed:
                points = max(points, point - 1)
                break
    return points, kills, wrong


def _in_a_child(run: Callable[[], object], point: int, *, before: bool) -> bool:
    """Whether the child was killed by itself at that commit; it may also end before that many."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    child = os.fork()
    if child == 0:
        with _dying_at(point, before=before), suppress(Exception):
            run()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@contextmanager
def _dying_at(point: int, *, before: bool) -> Iterator[None]:
    """Counts what makes a write lasting: the commit of a transaction, and a statement outside any."""
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415
    from django.db.backends.utils import CursorWrapper  # noqa: PLC0415

    count = 0
    commit, execute = BaseDatabaseWrapper._commit, CursorWrapper.execute  # type: ignore[attr-defined]

    def counted(lasting: Callable[[], Any]) -> Any:
        nonlocal count
        count += 1
        if count == point and before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = lasting()
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def dying_commit(self: Any) -> Any:
        return counted(lambda: commit(self))

    def dying_execute(self: Any, sql: Any, params: Any = None) -> Any:
        is_write = str(sql).lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}
        if is_write and not self.db.in_atomic_block:
            return counted(lambda: execute(self, sql, params))
        return execute(self, sql, params)

    BaseDatabaseWrapper._commit = dying_commit  # type: ignore[attr-defined]
    CursorWrapper.execute = dying_execute  # type: ignore[method-assign]
    yield


def faults(folder: Path) -> list[str]:
    """What is wrong with any case, or with any file."""
    from core.index import lifted  # noqa: PLC0415
    from psea.models import Receipt, SealedCase  # noqa: PLC0415
    from psea.standing import thin_cases  # noqa: PLC0415

    cases = SealedCase.objects.using("vault")
    found = [
        f"case {pk} has fewer than two living handlers and recovery"
        for pk in thin_cases(cases.values_list("pk", flat=True))
    ]
    hashes = [lifted(one, vault=True) for one in Receipt.objects.using("vault").values_list("receipt_hash", flat=True)]
    if len(hashes) != len(set(hashes)):
        found.append("a receipt is there twice")
    found += [f"case {case.pk} does not open" for case in cases.filter(words_destroyed_at=None) if not _opens(case)]
    files = (path for path in folder.rglob("*") if path.is_file())
    found += [f"{path.name} holds what was said" for path in files if CANARY.encode() in path.read_bytes()]
    return found


def _opens(case: Any) -> bool:
    """Whether recovery still reads the words of a case that has some."""
    from core.sealing import SealBroken  # noqa: PLC0415
    from psea.enums import Part  # noqa: PLC0415
    from psea.readers import NotAReader  # noqa: PLC0415

    try:
        return CANARY in case.unseal_with(HOUSE.recovery.data_key(case.pk, Part.WORDS), "words")
    except (SealBroken, NotAReader):
        return False


class House:
    """The people of the vault with their keys open, once the databases are there."""

    def __init__(self, recovery: Reader) -> None:
        from django.conf import settings  # noqa: PLC0415

        from directory.models import User, UserRole  # noqa: PLC0415
        from directory.roles import Role  # noqa: PLC0415
        from psea.trust import INVESTIGATION  # noqa: PLC0415
        from tests.cast import found_cast, make_cast  # noqa: PLC0415
        from tests.vault_keys import enrolled  # noqa: PLC0415

        make_cast()
        self.cast = found_cast()
        for name, organisation, role in (
            ("penda", "line", Role.PSEA_INTAKE_OFFICER),
            ("fode", "line", Role.RECOVERY_CUSTODIAN),
            ("tene", "embassy", Role.RECOVERY_CUSTODIAN),
        ):
            of = self.cast.organisations[organisation]
            self.cast.people[name] = User.objects.create_user(f"{name}@jaabi.example", name=name, organisation=of)
            UserRole.objects.create(user=self.cast.people[name], role=role)
        names = ("aminata", "rokia", "penda", "coumba", "fode", "tene")
        self.readers = {name: enrolled(self.cast.people[name])[1] for name in names}
        self.readers["hawa"] = enrolled(self.cast.hawa, INVESTIGATION)[1]
        self.recovery = recovery
        self.ring = [settings.VAULT_INDEX_KEY, _new_key()]
        self.sealing = [_new_key(), *settings.VAULT_SEALING_KEYS]

    def as_(self, name: str) -> dict[str, Any]:
        return {"by": self.cast.people[name], "reader": self.readers[name]}


def _new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


HOUSE: House


def acts(recovery: Reader) -> list[Act]:
    """Intake, protect, transmit, rotate, destroy, break-glass, keys that mark, and those of the ring."""
    global HOUSE  # noqa: PLW0603
    HOUSE = House(recovery)
    return [
        Act("intake", lambda number: number, _receive, _is_received),
        Act("protect", _ordinary, _protect, _is_protected),
        Act("transmit", _received, _transmit, _is_transmitted),
        Act("rotate a case's keys", _marked, _rotate, _is_rotated),
        Act("destroy the words", _held_elsewhere, _destroy, _is_destroyed),
        Act("break-glass", _half_given, _complete, _is_recovered),
        Act("change a key that marks", _under_the_older_key, _remark, _is_remarked),
        Act("change a key of the ring", _under_the_older_ring, _move, _is_moved),
    ]


def _receive(number: int) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from core.actors import robot  # noqa: PLC0415
    from psea.actions import receive_sealed  # noqa: PLC0415

    return receive_sealed(
        source_id=f"kill-{number}",
        receipt_number=f"{number:012}",
        words=WORDS,
        channel="sms",
        received_at=timezone.now(),
        by=robot("intake"),
    )


def _received(number: int) -> Any:
    return _receive(1_000_000 + number)


def _ordinary(number: int) -> Any:
    from tests.feedback.making import sorted_case  # noqa: PLC0415

    case = sorted_case(HOUSE.cast.awa, words=WORDS)
    return case.pk, case.unsealed("receipt_number")


def _protect(told: Any) -> None:
    from feedback.actions import protect  # noqa: PLC0415

    protect(told[0], by=HOUSE.cast.awa)


def _transmit(case_id: Any) -> None:
    from core.transitions import Refused  # noqa: PLC0415
    from psea.actions import transmit  # noqa: PLC0415

    with suppress(Refused):  # it is done
        transmit(case_id=case_id, organisation_id=HOUSE.cast.organisations["pam"].pk, **HOUSE.as_("aminata"))


def _marked(number: int) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from psea.actions.rekeying import mark_for_rekeying  # noqa: PLC0415
    from psea.models import SealedCase  # noqa: PLC0415

    case_id = _receive(2_000_000 + number)
    mark_for_rekeying(SealedCase.objects.using("vault").get(pk=case_id), timezone.now())
    return case_id


def _rotate(case_id: Any) -> None:
    from psea.actions import mend  # noqa: PLC0415

    mend(**HOUSE.as_("aminata"))


def _held_elsewhere(number: int) -> Any:
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from psea.actions import acknowledge  # noqa: PLC0415
    from psea.actions.copy_held import STATEMENT, confirm_copy_held  # noqa: PLC0415

    case_id = _receive(3_000_000 + number)
    _transmit(case_id)
    acknowledge(case_id=case_id, by=HOUSE.cast.hawa)
    long_ago = timezone.now() - timedelta(days=60)
    confirm_copy_held(
        case_id=case_id,
        reference="A-1",
        held_on=timezone.localdate(long_ago),
        statement=str(STATEMENT),
        at=long_ago,
        **HOUSE.as_("hawa"),
    )
    return case_id


def _destroy(case_id: Any) -> None:
    from core.actors import robot  # noqa: PLC0415
    from psea.actions import destroy_due  # noqa: PLC0415

    destroy_due(by=robot("retention"))


def _half_given(number: int) -> Any:
    """A case of which one officer lost their key, and a demand whose first half was given, of a key made for it."""
    from directory.models import User  # noqa: PLC0415
    from psea.actions import ask_recovery, give_half, make_recovery_key  # noqa: PLC0415
    from psea.models import HandlerKey  # noqa: PLC0415
    from psea.wraps import drop_wraps  # noqa: PLC0415
    from tests.vault_keys import approve  # noqa: PLC0415

    if not HandlerKey.objects.using("vault").filter(shares__first=HOUSE.readers["fode"].key_id).exists():
        approve(make_recovery_key(by=HOUSE.cast.coumba))
    case_id = _receive(4_000_000 + number)
    drop_wraps(case_id, HandlerKey.objects.using("vault").filter(user_id=HOUSE.cast.rokia.pk))
    colleague = User.objects.get(pk=HOUSE.cast.rokia.pk)
    asked = ask_recovery(colleague=colleague, case_id=case_id, reason="clé perdue", by=HOUSE.cast.coumba)
    give_half(recovery_id=asked.pk, **HOUSE.as_("fode"))
    return asked.pk


def _complete(recovery_id: Any) -> None:
    from core.transitions import Refused  # noqa: PLC0415
    from psea.actions import complete_recovery  # noqa: PLC0415

    with suppress(Refused):  # it is done
        complete_recovery(recovery_id=recovery_id, **HOUSE.as_("tene"))


def _under_the_older_key(number: int) -> Any:
    """A case that came before the newer key; all the others are under it."""
    from django.conf import settings  # noqa: PLC0415

    settings.VAULT_INDEX_KEY = ",".join(HOUSE.ring)
    _remark(None)
    settings.VAULT_INDEX_KEY = HOUSE.ring[0]
    case_id = _receive(5_000_000 + number)
    settings.VAULT_INDEX_KEY = ",".join(HOUSE.ring)
    return case_id


def _remark(case_id: Any) -> None:
    from core.remarking import marked_models, remark  # noqa: PLC0415

    for model in marked_models(vault=True):
        for _progress in remark(model, 12 if case_id else 1000):
            pass


def _is_remarked(case_id: Any) -> bool:
    from core.remarking import places_of_older_keys  # noqa: PLC0415

    return not places_of_older_keys(vault=True) and _opens(_sealed(case_id))


def _under_the_older_ring(number: int) -> Any:
    """A case that came before the newer key; all the others are under it."""
    from django.conf import settings  # noqa: PLC0415

    settings.VAULT_SEALING_KEYS = HOUSE.sealing
    _move(None)
    settings.VAULT_SEALING_KEYS = HOUSE.sealing[1:]
    case_id = _receive(6_000_000 + number)
    settings.VAULT_SEALING_KEYS = HOUSE.sealing
    return case_id


def _move(case_id: Any) -> None:
    from psea.ring_rotation import rotate_all  # noqa: PLC0415

    for _place, _round in rotate_all(12 if case_id else 1000):
        pass


def _is_moved(case_id: Any) -> bool:
    """Without the older key, as after it has left."""
    from django.conf import settings  # noqa: PLC0415

    settings.VAULT_SEALING_KEYS = HOUSE.sealing[:1]
    is_open = _opens(_sealed(case_id))
    settings.VAULT_SEALING_KEYS = HOUSE.sealing
    return bool(is_open)


def _sealed(case_id: Any) -> Any:
    from psea.models import SealedCase  # noqa: PLC0415

    return SealedCase.objects.using("vault").get(pk=case_id)


def _is_received(number: int) -> bool:
    from psea.tags import id_from  # noqa: PLC0415

    return bool(_opens(_sealed(id_from(f"kill-{number}"))))


def _is_protected(told: Any) -> bool:
    """Once in the vault under its number, and no word of it here."""
    from feedback.models import Case  # noqa: PLC0415
    from psea.models import Receipt  # noqa: PLC0415
    from psea.tags import receipt_hash  # noqa: PLC0415

    case = Case.objects.get(pk=told[0])
    known = Receipt.objects.using("vault").filter(receipt_hash=receipt_hash(told[1]))
    return case.state == "protected" and case.words is None and known.count() == 1


def _is_transmitted(case_id: Any) -> bool:
    return bool(_sealed(case_id).state == "transmitted" and HOUSE.readers["hawa"].open_parts(case_id))


def _is_rotated(case_id: Any) -> bool:
    case = _sealed(case_id)
    return (case.epoch, case.rekey_since) == (2, None)


def _is_destroyed(case_id: Any) -> bool:
    case = _sealed(case_id)
    return case.words is None and not HOUSE.recovery.open_parts(case_id).keys() & {"words"}


def _is_recovered(recovery_id: Any) -> bool:
    from psea.models import Recovery  # noqa: PLC0415

    asked = Recovery.objects.using("vault").get(pk=recovery_id)
    return bool(asked.done_at and asked.case_id and HOUSE.readers["rokia"].open_parts(asked.case_id))


if __name__ == "__main__":
    sys.exit(main())
