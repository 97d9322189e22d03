"""What `manage.py setup` must be told: each thing by the name of its setting, with a question, and what is wrong."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


def _anything(value: str) -> str:
    return ""


def _secure_address(value: str) -> str:
    found = urlsplit(value)
    return "" if found.scheme == "https" and found.hostname else "Une adresse entière, qui commence par https://."


def _database(value: str) -> str:
    found = urlsplit(value)
    if found.scheme not in ("postgres", "postgresql") or not found.username:
        return "Une adresse de PostgreSQL avec son rôle : postgres://rôle:mot-de-passe@hôte/postgres."
    return ""


def _redis(value: str) -> str:
    return (
        "" if value.startswith(("redis://", "rediss://", "unix://")) else "Une adresse de Redis : redis://hôte:6379/0."
    )


def _mailbox(value: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Une adresse électronique."


def _something(value: str) -> str:
    return "" if value else "Ne peut pas rester vide."


@dataclass(frozen=True)
class Question:
    """`default` None: an answer is needed. `is_kept`: it is a setting, and goes into the environment file."""

    name: str
    asks: str
    default: str | None = None
    wrong: Callable[[str], str] = _anything
    is_secret: bool = False
    is_kept: bool = True


SETTINGS = (
    Question("COUNTRY", "Quel pays (un dossier de countries/, ou le chemin d'un autre)", "mali"),
    Question("PUBLIC_URL", "Adresse publique, celle que les gens et les passerelles emploient", wrong=_secure_address),
    Question("REDIS_URL", "Redis", "redis://127.0.0.1:6379/0", _redis),
    Question("EMAIL_URL", "Serveur de courriel (smtp+tls://utilisateur:mot-de-passe@hôte:587)", wrong=_something),
    Question("DEFAULT_FROM_EMAIL", "Expéditeur des courriels (Jaabi <jaabi@exemple.org>)", wrong=_something),
    Question("TWILIO_ACCOUNT_SID", "Twilio, Account SID (vide : une autre passerelle, réglée ensuite)", ""),
    Question("TWILIO_AUTH_TOKEN", "Twilio, Auth Token", "", is_secret=True),
    Question("TWILIO_FROM", "Numéro d'où partent les SMS", ""),
)
# Used once, for roles and databases, and written nowhere.
ROLE_MAKER = Question(
    "SETUP_DATABASE_URL",
    "Un rôle PostgreSQL qui peut créer rôles et bases (employé une fois, jamais gardé)",
    wrong=_database,
    is_secret=True,
    is_kept=False,
)
ADMINISTRATOR = (
    Question(
        "SETUP_ADMIN_EMAIL", "Courriel de la première personne de l'administration", None, _mailbox, is_kept=False
    ),
    Question("SETUP_ADMIN_NAME", "Son nom", None, _something, is_kept=False),
    Question("SETUP_ADMIN_ORGANISATION", "Son organisation", None, _something, is_kept=False),
)


class Unanswered(Exception):
    """Something that must be known is not, or is wrong: one sentence each."""


@dataclass(frozen=True)
class Answers:
    """Answers given beforehand by name, and whether somebody is there to be asked."""

    given: Mapping[str, str]
    may_ask: bool = False

    def to(self, questions: Iterable[Question]) -> dict[str, str]:
        """Every question's answer. Raises Unanswered, with all that is missing or wrong at once."""
        found, faults = {}, []
        for question in questions:
            value = self._ask(question) if self._is_open(question) else self._known(question)
            reason = question.wrong(value) if value else ("" if question.default is not None else "manque.")
            if reason:
                faults.append(f"{question.name} ({question.asks}) : {reason}")
            found[question.name] = value
        if faults:
            raise Unanswered("\n- ".join(["Il manque des réponses :", *faults]))
        return found

    def _known(self, question: Question) -> str:
        return self.given.get(question.name, question.default or "")

    def _is_open(self, question: Question) -> bool:
        return self.may_ask and question.name not in self.given

    def _ask(self, question: Question) -> str:
        """Until the answer is a good one."""
        prompt = f"{question.asks}{f' [{question.default}]' if question.default else ''} : "
        while True:
            typed = getpass.getpass(prompt) if question.is_secret else input(prompt)
            value = typed.strip() or question.default or ""
            reason = question.wrong(value) if value or question.default is None else ""
            if not reason:
                return value
            sys.stdout.write(f"  {reason}\n")
