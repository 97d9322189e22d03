"""What no command can do: what people must still sign, name, print or approve before the first real message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.backups import traces
from core.models import LineTrace
from directory.actions.witnesses import ENOUGH_ORGANISATIONS, bearing_witness
from directory.models import Organisation, User
from feedback.languages import menu
from feedback.sms_texts import is_approved
from feedback.tallied import keeps_pairs
from psea.lapsing import days_of_reading
from psea.rota import SAID_AHEAD, turn_at
from psea.standing import recovery_until
from psea.trust import SIGNERS_NEEDED, approved_keys, pinned


@dataclass(frozen=True)
class Item:
    """One thing of the list: whether it is done, and what is still to do."""

    is_done: bool
    said: str


def remaining(folder: Path) -> list[Item]:
    """In: the folder of the environment file. Out: the whole list, in the order in which it is best done."""
    return [Item(*make(folder)) for make in CHECKS]


def _record(folder: Path) -> tuple[bool, str]:
    sheets = sorted(path for path in folder.glob("*-to-print.txt"))
    return not sheets, f"feuille des clés imprimée deux fois, puis effacée{_where(sheets)}"


def _first_sign_in(folder: Path) -> tuple[bool, str]:
    links = sorted(folder.glob("first-sign-in.txt"))
    came = User.objects.filter(last_login__isnull=False).exists()
    return came and not links, f"première connexion faite, fichier de son lien effacé{_where(links)}"


def _protocols(_folder: Path) -> tuple[bool, str]:
    active = Organisation.objects.active()
    signed = active.filter(protocol_signed_on__isnull=False).count()
    return signed >= 2, f"protocoles signés et notés (réglages, organisations) : {signed} sur {active.count()}"


def _pins(_folder: Path) -> tuple[bool, str]:
    count = len(pinned())
    return (
        count >= SIGNERS_NEEDED,
        f"clés de la coordination PEAS épinglées dans {settings.VAULT_PINS_FILE} : {count} sur {SIGNERS_NEEDED}",
    )


def _recovery(_folder: Path) -> tuple[bool, str]:
    return bool(
        recovery_until(approved_keys())
    ), "clé de recouvrement du coffre faite et approuvée (page « Personnes »)"


def _approvals(_folder: Path) -> tuple[bool, str]:
    left = days_of_reading(timezone.localdate())
    return left > SAID_AHEAD.days, f"clés des personnes de garde et du recouvrement approuvées ({left} jours encore)"


def _duty(_folder: Path) -> tuple[bool, str]:
    return turn_at(timezone.now()) is not None, "deux personnes de garde PEAS cette semaine (coffre, « Garde »)"


def _authority(_folder: Path) -> tuple[bool, str]:
    said = settings.DATA_AUTHORISATION
    return bool(
        said
    ), f"autorisation de l'autorité de protection des données (DATA_AUTHORISATION){said and ' : ' + said}"


def _texts(_folder: Path) -> tuple[bool, str]:
    waiting = [language for language in menu() if not is_approved(language)]
    listed = f" ; attendent : {', '.join(waiting)}" if waiting else ""
    return not waiting, f"textes des SMS lus et approuvés par des locuteurs (sms/approval.yaml){listed}"


def _witnesses(_folder: Path) -> tuple[bool, str]:
    count = bearing_witness()
    return count >= ENOUGH_ORGANISATIONS, f"témoins du journal dans deux organisations au moins : {count}"


def _line(_folder: Path) -> tuple[bool, str]:
    received = LineTrace.objects.filter(received_at__isnull=False).exists()
    return received, f"un SMS reçu : la passerelle écrit à {settings.PUBLIC_URL}/sms/<ligne>/"


def _urgent(_folder: Path) -> tuple[bool, str]:
    return bool(settings.URGENT_NUMBERS), "numéros d'urgence donnés (URGENT_NUMBERS, ou le dossier du pays)"


def _sums(_folder: Path) -> tuple[bool, str]:
    return keeps_pairs(), "sommes des chiffres toutes faites (`manage.py tallies`, les services redémarrés)"


def _backups(_folder: Path) -> tuple[bool, str]:
    """Done once a set was made and copied by somebody: the second nobody here can see."""
    made = traces.set_until()
    if not traces.is_wanted():
        lacks = " : BACKUP_RECIPIENTS ou BACKUP_VAULT_RECIPIENTS manque"
    else:
        lacks = f" : la dernière est du {made.date().isoformat()}" if made else " : aucune encore (jaabi-backup.timer)"
    return made is not None and traces.is_wanted(), f"sauvegardes faites, copiées hors du serveur{lacks}"


CHECKS: tuple[Callable[[Path], tuple[bool, str]], ...] = (
    _record,
    _backups,
    _first_sign_in,
    _authority,
    _protocols,
    _pins,
    _recovery,
    _approvals,
    _duty,
    _witnesses,
    _texts,
    _urgent,
    _line,
    _sums,
)


def _where(paths: list[Path]) -> str:
    return f" ({', '.join(str(path) for path in paths)})" if paths else ""


def in_lines(items: list[Item]) -> Iterator[str]:
    """The list as it is printed."""
    for item in items:
        yield f"[{'x' if item.is_done else ' '}] {item.said}"
