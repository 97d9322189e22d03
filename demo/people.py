"""Invented people: one or more for each role, with what lets a newcomer sign in as each of them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core.actors import SYSTEM
from demo.accounts import PASSWORD, Account, Register
from demo.casting import Part
from demo.corpus import corpus
from directory.credentials import ApiScope, issue
from directory.enums import OrganisationKind
from directory.models import Organisation, Place, User, UserRole
from directory.roles import NEEDS_SECOND_FACTOR

WITH_TOKENS = ("NRC", "HCR")
SHARE_FROM_ABROAD = 0.3


@transaction.atomic
def make_people(parts: list[Part], rng: Random) -> Register:
    """Opens the accounts, second factors included, and names deputies. Out: what opens them."""
    password = make_password(PASSWORD)  # once: the same words and the same hash for everyone invented
    names = _Names(rng)
    register = Register()
    for part in parts:
        register.accounts.append(_person(part, names, password))
    _name_deputies(parts, register)
    return register


@transaction.atomic
def issue_tokens(register: Register) -> None:
    """What the invented organisations' own systems would use."""
    for organisation in Organisation.objects.filter(acronym__in=WITH_TOKENS).order_by("acronym"):
        scopes = [scope.value for scope in ApiScope]
        _token, raw = issue(organisation, "Système de démonstration", scopes, by=SYSTEM)
        register.api_tokens.append({"organisation": organisation.acronym, "token": raw})


def address(name: str, organisation: str) -> str:
    """`fanta.diallo@hcr.example`."""
    return f"{_plain(name, '.')}@{_plain(organisation, '-')}.example"


def _person(part: Part, names: _Names, password: str) -> Account:
    organisation = Organisation.objects.get(acronym=part.organisation)
    name = names.of(organisation)
    person = User.objects.create(
        email=address(name, part.organisation),
        name=name,
        password=password,
        organisation=organisation,
        office=organisation.offices.filter(place__pcode=part.office).first() if part.office else None,
        joined_at=timezone.now(),
    )
    UserRole.objects.create(user=person, role=part.role)
    if part.zone:
        person.place_scope.set(Place.objects.filter(pcode=part.zone))
    account = Account(person.email, name, PASSWORD, part.role.value, part.organisation)
    if part.role in NEEDS_SECOND_FACTOR:
        account.totp_secret = generate_totp_secret()
        TOTP.activate(person, account.totp_secret)
    return account


def _name_deputies(parts: Iterable[Part], register: Register) -> None:
    """A colleague of the same role stands in, of the same organisation if there is one."""
    peers: dict[str, list[tuple[Part, User]]] = defaultdict(list)
    people = {user.email: user for user in User.objects.all()}
    for part, account in zip(parts, register.accounts, strict=True):
        peers[part.role].append((part, people[account.email]))
    for group in peers.values():
        for part, person in group:
            person.deputy = next(_stand_ins(part, person, group), None)
            person.save(update_fields=["deputy"])


def _stand_ins(part: Part, person: User, group: list[tuple[Part, User]]) -> Iterator[User]:
    for other, peer in group:
        if peer.pk != person.pk and other.organisation == part.organisation:
            yield peer


class _Names:
    """Names that are not given twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def of(self, organisation: Organisation) -> str:
        """A name for somebody of this organisation."""
        abroad = organisation.kind in (OrganisationKind.UN, OrganisationKind.INGO)
        while (name := self._one(abroad=abroad)) in self._given:
            continue
        self._given.add(name)
        return name

    def _one(self, *, abroad: bool) -> str:
        names = corpus("people")
        left = [name for name in names["international"] if name not in self._given]
        if abroad and left and self._rng.random() < SHARE_FROM_ABROAD:
            return str(self._rng.choice(left))
        first = self._rng.choice(names["women"] + names["men"])
        return f"{first} {self._rng.choice(names['family_names'])}"


def _plain(text: str, joint: str) -> str:
    """ASCII, lower case, words joined."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join("".join(sign if sign.isalnum() else " " for sign in ascii_only).split())
