"""One world for the whole access test: people of every role, signed in, and one object of each kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler

from core.actors import robot
from core.audio import packed
from core.models import DayCorrection, Line
from core.periods import Quarter
from core.receipt_number import new_number
from directory.actions.intervention_files import check_file, confirm_file, upload_file
from directory.actions.intervention_pass import take_file
from directory.actions.witnesses import name_witness
from directory.credentials import ApiScope, create_client, issue
from directory.enums import ServiceType
from directory.implicated import Implicated
from directory.models import (
    DutySwap,
    DutyWeek,
    Organisation,
    PartnerLink,
    Place,
    Scope,
    Service,
    User,
    UserRole,
    Witness,
)
from directory.roles import Role
from feedback.actions import Sorting, keep_draft, protect, triage
from feedback.actions.data_request import ask_about_data
from feedback.actions.person import add_words
from feedback.actions.receive import Spoken, receive
from feedback.actions.sheets import upload_sheet
from feedback.actions.source_files import upload_source_file
from feedback.models import Case, Category, DeadlineRule, ReadyAnswer
from psea.actions import (
    ask_recovery,
    extract_facts,
    open_case,
    receive_sealed,
    transmit,
)
from psea.actions.drafts import keep_draft as keep_vault_draft
from psea.actions.receive import add_to_sealed
from psea.models import AssistanceOffer, HandedCopy, SealedMessage, Survivor, VaultDraft
from psea.readers import Reader
from psea.rota import WEEK, monday_of
from psea.session import open_vault
from referrals.actions import attach, create_and_send, grant_consent, write_note
from referrals.actions.consent import Receiver, override_consent
from referrals.actions.endpoints import add_endpoint
from referrals.actions.peers import add_peer, name_organisation
from referrals.actions.saved_filters import keep_filter
from referrals.actions.sending import Wish
from referrals.actions.sheet import Reply, reply_by_sheet
from referrals.enums import FilteredList
from referrals.models import Delivery, PeerOrganisation, Referral
from referrals.sheets import token_of
from tests.apart import rolled_back
from tests.cast import DOMAIN, Cast, found_cast
from tests.vault_keys import enrolled, recovery_key
from tests.voices import OGG
from workplan.actions import readings
from workplan.actions.evidence import join_file
from workplan.actions.plan_files import upload_plan
from workplan.actions.public_page import open_to_public
from workplan.actions.quarters import close_quarter
from workplan.actions.register_files import upload_table
from workplan.actions.registers import join_to_entry, keep_entry
from workplan.actions.saisines import set_factor
from workplan.checks import checked
from workplan.loading import load_plan
from workplan.models import Indicator, PlaceNote, Plan, TriggerFactor
from workplan.registers.given import Given
from workplan.registers.kinds import REGISTERS
from workplan.values import Value

INTAKE = robot("intake")
HANDLERS = ("aminata", "rokia", "hawa", "nana", "coumba", "tene")
# Beyond the cast: a second agency's manager and restricted focal points, and somebody who has no role at all.
MORE_PEOPLE = {
    "sira": ("nrc", Role.AGENCY_MANAGER),
    "binta": ("nrc", Role.INTEGRITY_FOCAL_POINT),
    "yaya": ("nrc", Role.PROTECTION_FOCAL_POINT),
    "tene": ("embassy", Role.RECOVERY_CUSTODIAN),
    "ali": ("embassy", None),
}
VOICES = ("ordinary", "protection")
PICTURE = "image/jpeg;base64,SlBFRw=="
Arguments = dict[str, Any]


@dataclass
class World:
    """Signed-in cookies by person, and the arguments of each object by kind and name."""

    cast: Cast
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    objects: dict[str, dict[str, Arguments]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    nothing_there: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, who: str, *, enforce_csrf_checks: bool = False) -> Client:
        """A browser in which this person is signed in, their vault open if they have one; "" is nobody."""
        client = Client(raise_request_exception=False)
        client.handler = handler(enforce_csrf_checks)
        client.cookies = SimpleCookie({name: one.value for name, one in self.cookies.get(who, SimpleCookie()).items()})
        return client

    @property
    def people(self) -> list[str]:
        return sorted(self.cookies)


@cache
def handler(enforce_csrf_checks: bool) -> ClientHandler:
    """The product, its middleware loaded once for all browsers."""
    return ClientHandler(enforce_csrf_checks=enforce_csrf_checks)


@contextmanager
def untouched() -> Iterator[None]:
    """One request: whatever it did is undone, in both databases."""
    with rolled_back("default"), rolled_back("vault_owner"):
        yield


def make_world() -> World:
    """Raises what the making raises; `tests.apart.shared` undoes it."""
    cast = _people()
    world = World(cast)
    _open_vaults(world)
    for name, user in cast.people.items():
        world.cookies[name] = _signed_in(user, world.readers.get(name))
    _tokens(world)
    _cases(world)
    _at_hand(world)
    _of_sources(world)
    _referrals(world)
    _on_paper(world)
    _exchange(world)
    _sealed(world)
    _directory(world)
    _plan(world)
    _registers(world)
    return world


def _people() -> Cast:
    cast = found_cast()
    for name, (organisation, role) in MORE_PEOPLE.items():
        person = User.objects.create_user(
            f"{name}@{DOMAIN}", name=name.title(), organisation=cast.organisations[organisation]
        )
        if role is not None:
            UserRole.objects.create(user=person, role=role)
    for user in User.objects.all():
        if user.needs_second_factor:
            TOTP.activate(user, generate_totp_secret())
    return found_cast()


def _open_vaults(world: World) -> None:
    for name in HANDLERS:
        enrolment, world.readers[name] = enrolled(world.cast.people[name])
        world.passphrases[name] = enrolment.passphrase
    recovery_key()


def _signed_in(user: User, reader: Reader | None) -> SimpleCookie:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    response = HttpResponse()
    if reader is not None:
        request = HttpRequest()
        request.session, request.user = session, user
        # As long as any run: what a request does to its session, so moving the end, is undone with the rest.
        with override_settings(VAULT_OPEN_MINUTES=24 * 60):
            open_vault(request, response, reader)
    session.save()
    response.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return response.cookies


def _tokens(world: World) -> None:
    every = [scope.value for scope in ApiScope]
    for name, organisation, scopes in (
        ("hcr", "hcr", every),
        ("nrc", "nrc", every),
        ("no_scope", "nrc", []),
        ("revoked", "nrc", every),
    ):
        row, world.tokens[name] = issue(world.cast.organisations[organisation], name, scopes, by=world.cast.adama)
        if name == "revoked":
            row.revoked_at = datetime.now(UTC)
            row.save()


# -- cases -----------------------------------------------------------------------------------------------------------


def _cases(world: World) -> None:
    gao = Place.objects.get(pcode="ML0703")
    centre = Place.objects.exclude(parent=gao.parent).filter(level=2).order_by("pcode")[0]
    hcr, nrc = world.cast.organisations["hcr"], world.cast.organisations["nrc"]
    implicated = Implicated(organisations=frozenset({hcr.pk}))
    made = {
        "new": _said("new"),
        "ordinary": _sorted(world, "ordinary", "INSAT_MAJ", place=gao, concerned=hcr),
        "of nrc in the centre": _sorted(world, "elsewhere", "INSAT_MAJ", place=centre, concerned=nrc),
        "integrity": _sorted(world, "integrity", "FRAUDE", place=gao, concerned=hcr),
        "hcr implicated": _sorted(world, "implicated", "FRAUDE", implicated, place=gao, concerned=hcr),
        "protection": _sorted(world, "protection", "PROT.vbg", place=gao),
        "security": _sorted(world, "security", "SECU", place=gao),
        "protected": protect(_said("protected").pk, by=world.cast.awa),
    }
    world.objects["recording"] = {name: {"pk": made[name].pk, "message": _voice(made[name])} for name in VOICES} | {
        "absent": {"pk": uuid.uuid4(), "message": uuid.uuid4()}
    }
    world.objects["data request"] = {name: {"pk": _asked(made[name])} for name in VOICES} | {
        "absent": {"pk": uuid.uuid4()}
    }
    world.objects["case"] = {name: {"pk": case.pk} for name, case in made.items()} | {"absent": {"pk": uuid.uuid4()}}


def _at_hand(world: World) -> None:
    """What an operator has of her own."""
    awa, sheet, draft = world.cast.awa, uuid.uuid4(), uuid.uuid4()
    upload_sheet(b"message\nLe forage\n", {"channel": "paper", "safe_contact": "none"}, once=sheet, by=awa)
    assert keep_draft(draft, {"words": ["Le forage"]}, by=awa)
    kept = keep_filter(FilteredList.MINE, name="À moi", query="priority=urgent", by=awa).pk
    for kind, pk in (("sheet", sheet), ("draft", draft), ("filter", kept)):
        world.objects[kind] = {"awa's": {"pk": pk}, "absent": {"pk": uuid.uuid4()}}


def _of_sources(world: World) -> None:
    """What other organisations collected, uploaded by two people."""
    cast, made = world.cast, {}
    for who, kind, content in (
        (cast.awa, "cases", b"id;message\nA1;Le forage\n"),
        (cast.djeneba, "figures", b"periode;categorie;nombre\n2022-03;INFO;12\n"),
    ):
        source = cast.organisations["nrc"]
        file = upload_source_file(content, source=source, kind=kind, once=uuid.uuid4(), by=who)
        made[f"{who.name.lower()}'s"] = {"pk": file.pk}
    world.objects["source file"] = made | {"absent": {"pk": uuid.uuid4()}}
    world.objects["kind of deposit"] = {"figures": {"kind": "figures"}, "absent": {"kind": "nulle-part"}}


def _asked(case: Case) -> uuid.UUID:
    """The person asked to erase what they said."""
    key = f"access:wish:{case.pk}"
    return ask_about_data(
        case.pk, source_key=key, wish="erase", words="", had_code=False, by=INTAKE, at=datetime.now(UTC)
    ).pk


def _voice(case: Case) -> uuid.UUID:
    """The person added something by voice, and a photo."""
    key = f"access:voice:{case.pk}"
    return add_words(
        case.pk, source_key=key, words="[Message vocal]", channel="voice", recording=packed(OGG), picture=PICTURE
    ).pk


def _said(name: str) -> Case:
    now = datetime.now(UTC)
    spoken = Spoken(
        source_key=f"access:{name}",
        receipt_number=new_number(),
        words=f"Le forage est en panne ({name}).",
        channel="help_desk",
        received_at=now,
        phone="+22300000077",
        safe_contact="call",
    )
    case = receive(spoken, by=INTAKE)
    assert case is not None
    return case


def _sorted(world: World, name: str, category: str, implicated: Implicated | None = None, **about: Any) -> Case:
    sorting = Sorting(
        Category.objects.get(pk=category), f"Résumé neutre {name}", implicated=implicated or Implicated(), about=about
    )
    return triage(_said(name).pk, sorting, by=world.cast.awa)


# -- referrals -------------------------------------------------------------------------------------------------------


def _referrals(world: World) -> None:
    cast, cases = world.cast, world.objects["case"]
    nrc, gao = cast.organisations["nrc"].pk, cast.offices["nrc_gao"].pk
    sent = {
        "hcr to nrc gao": create_and_send(cases["ordinary"]["pk"], Wish(nrc, gao), by=cast.ibrahim),
        "line to hcr": create_and_send(cases["ordinary"]["pk"], Wish(cast.organisations["hcr"].pk), by=cast.awa),
        "integrity hcr to nrc": create_and_send(cases["integrity"]["pk"], Wish(nrc), by=cast.salif),
        "protection hcr to nrc": create_and_send(cases["protection"]["pk"], Wish(nrc), by=cast.kadia),
    }
    _overrides(world)
    endpoint, _secret = add_endpoint(cast.organisations["nrc"], "SI", "https://nrc.example/hook", by=cast.adama)
    delivery = Delivery.objects.create(
        endpoint=endpoint,
        referral=sent["hcr to nrc gao"],
        event="referral.sent",
        referral_state="sent",
        happened_at=datetime.now(UTC),
        state="failed",
        not_before=datetime.now(UTC),
    )
    known, gone = {"pk": endpoint.pk}, {"pk": uuid.uuid4()}
    world.objects["endpoint"] = {"nrc": known, "absent": gone}
    world.objects["delivery"] = {
        "nrc": known | {"delivery_id": delivery.pk},
        "absent": gone | {"delivery_id": uuid.uuid4()},
    }
    world.objects["referral"] = {name: {"pk": row.pk} for name, row in sent.items()} | {"absent": {"pk": uuid.uuid4()}}
    _notes_and_files(world, sent)


def _notes_and_files(world: World, sent: dict[str, Referral]) -> None:
    """HCR's own notes; files that NRC joined, and one of the person that HCR did."""
    cast = world.cast
    authors = {"integrity hcr to nrc": cast.salif, "protection hcr to nrc": cast.kadia}
    absent = {"pk": uuid.uuid4(), "note": uuid.uuid4()}
    world.objects["note of a referral"] = {
        name: {"pk": row.pk, "note": write_note(row.pk, words="À revoir.", by=authors.get(name, cast.ibrahim)).pk}
        for name, row in sent.items()
    } | {"absent": absent}
    joined = {
        "hcr to nrc gao": _joined(sent["hcr to nrc gao"], cast.fanta),
        "of a person, hcr to nrc gao": _joined(_with_words(sent["hcr to nrc gao"], cast.ibrahim), cast.ibrahim),
        "integrity hcr to nrc": _joined(sent["integrity hcr to nrc"], cast.people["binta"]),
    }
    world.objects["file"] = joined | {"absent": {"pk": uuid.uuid4(), "file": uuid.uuid4()}}


def _joined(referral: Referral, by: User) -> Arguments:
    return {"pk": referral.pk, "file": attach(referral.pk, content=PICTURE, name="Plan.jpg", by=by).pk}


def _with_words(referral: Referral, by: User) -> Referral:
    """One to the same receiver, of the same case, for which the person allowed their words."""
    receiver = Receiver(referral.receiver_id, referral.receiver_office_id)
    grant_consent(
        referral.case_id, receiver, words=True, contact=False, method="oral", giver="self", language="not_said", by=by
    )
    wish = Wish(receiver.organisation_id, receiver.office_id, level="2")
    return create_and_send(referral.case_id, wish, by=by)


def _overrides(world: World) -> None:
    """Passed on without consent: an ordinary matter, and a restricted one."""
    cast, cases = world.cast, world.objects["case"]
    world.objects["override"] = {"absent": {"pk": 999_999}}
    for name, case, short, by in (
        ("hcr to pam", "ordinary", "pam", cast.ibrahim),
        ("integrity", "integrity", "nrc", cast.salif),
    ):
        receiver, pk = cast.organisations[short].pk, cases[case]["pk"]
        passed = override_consent(pk, Receiver(receiver), code="child_at_risk", words=True, contact=False, by=by)
        create_and_send(pk, Wish(receiver), by=by)
        world.objects["override"][name] = {"pk": passed.pk}


def _on_paper(world: World) -> None:
    """The embassy has no system: somebody there answered by the square of its sheet."""
    cast, case = world.cast, world.objects["case"]["ordinary"]["pk"]
    row = create_and_send(case, Wish(cast.organisations["embassy"].pk), by=cast.ibrahim)
    reply = reply_by_sheet(row.pk, Reply("accept", "Robert, attaché"), pk=uuid.uuid4())
    world.objects["held sheet"] = {"of the embassy": {"token": token_of(row)}}
    world.objects["sheet reply"] = {
        "of the embassy": {"pk": row.pk, "reply_id": reply.pk},
        "absent": {"pk": uuid.uuid4(), "reply_id": uuid.uuid4()},
    }
    here = world.objects["referral"]["hcr to nrc gao"]
    world.objects["paper referral"] = {"to the embassy": {"pk": row.pk}, "here": here, "absent": {"pk": uuid.uuid4()}}


def _exchange(world: World) -> None:
    """PAM works in another installation, and has an integrity focal point there."""
    cast, cases = world.cast, world.objects["case"]
    peer, _secret = add_peer("PAM", "https://pam.example/inbox/", by=cast.adama)
    for short, is_there in (("pam", True), ("hcr", False)):
        row = PeerOrganisation(peer=peer, organisation=cast.organisations[short], code=short, is_there=is_there)
        row.restricted_kinds = ["integrity"] if is_there else []
        name_organisation(row, by=cast.adama)
    wish = Wish(cast.organisations["pam"].pk)
    sent = {
        "ordinary": create_and_send(cases["ordinary"]["pk"], wish, by=cast.ibrahim),
        "integrity": create_and_send(cases["integrity"]["pk"], wish, by=cast.salif),
    }
    known, gone, stranger = {"pk": peer.pk}, {"pk": uuid.uuid4()}, {"envelope_id": uuid.uuid4()}
    envelopes = {name: {"envelope_id": row.envelopes_out.get().pk} for name, row in sent.items()}
    named = PeerOrganisation.objects.get(peer=peer, is_there=True)
    world.objects["peer"] = {"pam's": known, "absent": gone}
    world.objects["named at a peer"] = {"pam": known | {"row_id": named.pk}, "absent": gone | {"row_id": 999_999}}
    of_peer, of_referral = "envelope of a peer", "envelope"
    world.objects[of_peer] = {name: known | one for name, one in envelopes.items()} | {"absent": known | stranger}
    world.objects[of_referral] = {name: {"pk": sent[name].pk} | one for name, one in envelopes.items()}
    world.objects[of_referral]["absent"] = gone | stranger


# -- the vault -------------------------------------------------------------------------------------------------------


def _sealed(world: World) -> None:
    hcr = world.cast.organisations["hcr"].pk
    aminata: Any = {"by": world.cast.aminata, "reader": world.readers["aminata"]}
    fresh = _received("fresh")
    spared = _received("spared", implicated=Implicated(organisations=frozenset({hcr})))
    number = new_number()
    handed = _received("handed", concerned_organisation_id=hcr, receipt_number=number)
    _voice_in_the_vault(number)
    open_case(case_id=handed, **aminata)
    extract_facts(case_id=handed, organisation_id=hcr, services=(ServiceType.HEALTH.value,), **aminata)
    transmit(case_id=handed, organisation_id=hcr, **aminata)
    ids = {"fresh": fresh, "hcr implicated": spared, "at hcr": handed, "absent": uuid.uuid4()}
    world.objects["sealed"] = {name: {"case_id": pk} for name, pk in ids.items()}
    spoken = SealedMessage.objects.using("vault").get(recording__isnull=False)
    world.objects["sealed recording"] = {
        "at hcr": {"case_id": handed, "message_id": spoken.pk},
        "absent": {"case_id": uuid.uuid4(), "message_id": uuid.uuid4()},
    }
    world.objects["sealed wish"] = world.objects["sealed recording"]
    survivor = Survivor.objects.using("vault").get(case_id=handed)
    offer = AssistanceOffer.objects.using("vault").get(survivor=survivor)
    known, gone = {"case_id": handed}, {"case_id": uuid.uuid4()}
    world.objects["survivor"] = {"at hcr": known | {"survivor_id": survivor.pk}} | {
        "absent": gone | {"survivor_id": uuid.uuid4()}
    }
    world.objects["offer"] = {"at hcr": known | {"offer_id": offer.pk}} | {"absent": gone | {"offer_id": uuid.uuid4()}}
    names = ("nana", "awa", "aminata")
    world.objects["handler"] = {name: {"user_id": world.cast.people[name].pk} for name in names} | {
        "absent": {"user_id": 999_999}
    }
    _duty(world)
    copy = HandedCopy(
        case_id=handed, mark="c0b1e0", handed_by=1, handed_at=datetime.now(UTC), expires_on=date(2030, 1, 1)
    )
    copy.save(using="vault")
    world.objects["sealed copy"] = {"at hcr": known | {"mark": copy.mark}, "absent": gone | {"mark": "0"}}
    asked = ask_recovery(colleague=world.cast.rokia, reason="feuille perdue", by=world.cast.coumba)
    world.objects["recovery"] = {"asked": {"recovery_id": asked.pk}, "absent": {"recovery_id": uuid.uuid4()}}
    keep_vault_draft(path="/vault/handed/", fields={"words": ["un début"]}, by=world.cast.aminata)
    draft = VaultDraft.objects.using("vault").get()
    world.objects["vault draft"] = {"aminata's": {"draft_id": draft.pk}, "absent": {"draft_id": uuid.uuid4()}}
    world.objects["key"] = {"nana's": {"key_id": world.readers["nana"].key_id}, "absent": {"key_id": uuid.uuid4()}}


def _duty(world: World) -> None:
    """The two officers hold the week after next, and one of them asked the other to take an earlier turn."""
    monday = monday_of(datetime.now(UTC)) + 2 * WEEK
    cast = world.cast
    pair = {"first": cast.aminata, "second": cast.rokia}
    of = {"first_organisation": cast.aminata.organisation, "second_organisation": cast.rokia.organisation}
    week = DutyWeek.objects.create(monday=monday, **pair, **of)
    swap = DutySwap.objects.create(week=week, asked_by=cast.aminata, asked_of=cast.rokia, asked_at=datetime.now(UTC))
    world.objects["duty week"] = {"next": {"monday": monday}, "absent": {"monday": date(2000, 1, 3)}}
    world.objects["duty swap"] = {"rokia's to answer": {"swap_id": swap.pk}, "absent": {"swap_id": 999_999}}


def _voice_in_the_vault(number: str) -> None:
    add_to_sealed(
        source_id="access-voice",
        receipt_number=number,
        phone=None,
        words="[Message vocal]",
        channel="voice",
        said_at=datetime.now(UTC),
        recording=packed(OGG),
        picture=PICTURE,
        wish="erase",
        decide_by=datetime.now(UTC) + timedelta(days=30),
        by=INTAKE,
    )


def _received(source: str, **changes: Any) -> uuid.UUID:
    said: dict[str, Any] = {
        "source_id": f"access-{source}",
        "receipt_number": new_number(),
        "words": "Le gardien demande des faveurs.",
        "phone": f"+2230000008{len(source)}",
        "channel": "sms",
        "received_at": datetime.now(UTC) - timedelta(hours=1),
        "by": INTAKE,
    }
    return receive_sealed(**(said | changes))


# -- directory and plan ----------------------------------------------------------------------------------------------


def _directory(world: World) -> None:
    cast = world.cast
    hcr, nrc = cast.organisations["hcr"], cast.organisations["nrc"]
    closed = Organisation.objects.create(name="Une agence partie", acronym="Partie", kind="INGO", is_active=False)
    absent = {"pk": 999_999}
    world.objects["organisation"] = {
        "hcr": {"pk": hcr.pk},
        "nrc": {"pk": nrc.pk},
        "closed": {"pk": closed.pk},
        "absent": absent,
    }
    world.objects["office"] = {
        "nrc gao": {"organisation_pk": nrc.pk, "pk": cast.offices["nrc_gao"].pk},
        "absent": {"organisation_pk": 999_999, "pk": 999_999},
    }
    world.objects["offices of"] = {
        "hcr": {"organisation_pk": hcr.pk},
        "nrc": {"organisation_pk": nrc.pk},
        "absent": {"organisation_pk": 999_999},
    }
    world.objects["service"] = {
        "hcr": {"pk": Service.objects.create(organisation=hcr, kind=ServiceType.CASH).pk},
        "nrc": {"pk": Service.objects.create(organisation=nrc, kind=ServiceType.CASH).pk},
        "nrc, confidential": {"pk": _a_confidential_site(nrc)},
        "absent": absent,
    }
    world.objects["person"] = {name: {"pk": cast.people[name].pk} for name in ("ibrahim", "nana", "oumar")} | {
        "absent": absent
    }
    link = PartnerLink.objects.create(agency=nrc, partner=hcr, starts_on=date(2020, 1, 1))
    world.objects["partner"] = {
        "hcr, of nrc": {"organisation_pk": nrc.pk, "pk": link.pk},
        "absent": {"organisation_pk": nrc.pk, "pk": 999_999},
    }
    world.objects["5w file"] = {
        "djeneba's": {"pk": _a_5w_file(cast.djeneba, taken=False)},
        "mariam's": {"pk": _a_5w_file(cast.mariam, taken=True)},
        "absent": {"pk": uuid.uuid4()},
    }
    world.objects["scope"] = {"liptako": {"code": _a_scope()}, "absent": {"code": "nulle-part"}}
    client, _secret = create_client(nrc, "SI", ["referrals:read"], by=cast.adama)
    witness = name_witness(Witness(organisation=nrc, email="audit@nrc.example"), by=cast.adama)
    world.objects["witness"] = {"nrc": {"pk": witness.pk}, "absent": absent}
    world.objects["client"] = {"nrc": {"pk": client.pk}, "absent": absent}
    world.objects["token"] = {"nrc": {"pk": nrc.api_tokens.get(name="nrc").pk}, "absent": absent}
    line = Line.objects.create(name="kannel-gao", kind="kannel", label="Kannel, Gao", number="36021")
    world.objects["line"] = {
        "kannel": {"name": line.name},
        "of the server": {"name": "twilio"},
        "absent": {"name": "nulle-part"},
    }
    world.objects["kind of line"] = {"kannel": {"kind": "kannel"}, "absent": {"kind": "pigeon"}}
    world.objects["category"] = {"water": {"code": "INSAT_MAJ"}, "absent": {"code": "NULLE_PART"}}
    strike = DayCorrection.objects.create(day=date(2026, 3, 3), is_worked=False, reason="Grève")
    world.objects["day"] = {"a strike": {"pk": strike.pk}, "absent": absent}
    world.objects["deadline"] = {"answer": {"pk": DeadlineRule.objects.order_by("pk")[0].pk}, "absent": absent}
    answer = ReadyAnswer.objects.create(title="Horaires", words="Le centre est ouvert le matin.")
    world.objects["text"] = {
        "receipt": {"language": "fra", "name": "receipt"},
        "absent": {"language": "fra", "name": "nulle-part"},
    }
    world.objects["word list"] = {"french": {"language": "fra"}, "absent": {"language": "nulle-part"}}
    world.objects["role"] = {"operator": {"role": "operator"}, "absent": {"role": "magicien"}}
    world.objects["ready answer"] = {"hours": {"pk": answer.pk}, "absent": absent}


def _a_5w_file(owner: User, *, taken: bool) -> uuid.UUID:
    """Uploaded, and checked and taken in by a worker if asked."""
    content = b"Sigle;admin2Pcod;Cluster;Activites\nHCR;ML0703;EHA;Puits\n"
    file = upload_file(content, source_name="5W", once=uuid.uuid4(), by=owner)
    if taken:
        check_file(file.pk, file.columns, by=owner)
        take_file(file.pk)
        confirm_file(file.pk, by=owner)
        take_file(file.pk)
    return file.pk


def _a_confidential_site(organisation: Organisation) -> int:
    return Service.objects.create(organisation=organisation, kind=ServiceType.SAFETY, is_sensitive=True).pk


def _a_scope() -> str:
    return str(Scope.objects.order_by("code").values_list("code", flat=True)[0])


def _note(world: World, **approval: Any) -> PlaceNote:
    return PlaceNote.objects.create(
        place=Place.objects.get(pcode="ML07"),
        year=2021,
        quarter=1,
        sms="Le forage est repare.",
        radio="Le forage est réparé.",
        poster="Nous avons fait\n– Réparé",
        written_by=world.cast.awa,
        written_at=datetime.now(UTC),
        **approval,
    )


def _plan(world: World) -> None:
    plan = load_plan()
    world.objects["plan"] = {"2020-2022": {"code": plan.code}, "absent": {"code": "NULLE-PART"}}
    open_to_public(plan.pk, is_open=True, by=world.cast.djeneba)
    lassana, djeneba = world.cast.lassana, world.cast.djeneba
    quarter = Quarter(2021, 1)
    reported = Indicator.objects.reported_by(lassana).order_by("pk")
    simple = [
        indicator
        for indicator in reported.filter(kind__in=["yes_no", "count"])
        if Indicator.objects.verified_by(djeneba).filter(pk=indicator.pk).exists()
    ][:3]
    made, files = {}, {}
    for state, indicator in zip(("draft", "submitted", "verified"), simple, strict=True):
        value = Value(yes=True) if indicator.kind == "yes_no" else Value(number=3)
        row = readings.save(indicator.pk, quarter, value, by=lassana)
        files[state] = join_file(row.pk, content=PICTURE, name="compte rendu.jpg", by=lassana)
        if state != "draft":
            readings.submit(row.pk, by=lassana)
        if state == "verified":
            readings.verify(row.pk, by=djeneba)
        made[state] = {"pk": row.pk}
    world.objects["evidence"] = {
        "of a draft": {"pk": files["draft"].pk},
        "of a verified one": {"pk": files["verified"].pk},
        "absent": {"pk": uuid.uuid4()},
    }
    world.objects["reading"] = made | {"absent": {"pk": 999_999}}
    others = Indicator.objects.filter(measure="").exclude(pk__in=reported.order_by().values("pk"))
    world.objects["indicator"] = {
        "of ocha": {"pk": simple[0].pk},
        "of others": {"pk": others.order_by("pk")[0].pk},
        "computed": {"pk": Indicator.objects.get(number="3.2.1.e").pk},
        "of the vault": {"pk": Indicator.objects.get(number="3.2.2.b").pk},
        "absent": {"pk": 999_999},
    }
    world.objects["note"] = {
        "draft": {"pk": _note(world).pk},
        "approved": {"pk": _note(world, approved_by=djeneba, approved_at=datetime.now(UTC)).pk},
        "absent": {"pk": 999_999},
    }
    world.objects["element"] = {
        "the plan": {"kind": "plan", "pk": Plan.objects.get().pk},
        "an indicator": {"kind": "indicator", "pk": simple[0].pk},
        "absent": {"kind": "indicator", "pk": 999_999},
        "of no kind": {"kind": "nulle-part", "pk": simple[0].pk},
    }
    world.objects["activity"] = {"any": {"pk": simple[0].activity_id}, "absent": {"pk": 999_999}}


def _registers(world: World) -> None:
    plan, lassana = Plan.objects.get(), world.cast.lassana
    made = {}
    for name, kind, facts in (("of ocha", "requests", {"purpose": "information"}), ("a saisine", "saisines", {})):
        given = Given(day=date(2021, 2, 3), line="Une ligne", facts=facts)
        kept = keep_entry(plan, REGISTERS[kind], given, keeper=lassana.organisation, by=lassana)
        made[name] = {"pk": kept.entry.pk}
    join_to_entry(made["of ocha"]["pk"], content=PICTURE, name="compte rendu.jpg", by=lassana)
    table: dict[str, Any] = {"plan": plan, "register": REGISTERS["requests"], "once": uuid.uuid4(), "by": lassana}
    factor = TriggerFactor(title="Récurrence", breadth="region", threshold=20, days=30)
    absent = {"pk": uuid.uuid4()}
    world.objects["entry"] = made | {"absent": absent}
    world.objects["register"] = {name: {"kind": name} for name in ("requests", "saisines")}
    world.objects["register"]["absent"] = {"kind": "nulle-part"}
    world.objects["reference part"] = {"languages": {"part": "language"}, "absent": {"part": "nulle-part"}}
    world.objects["plan register"] = {
        name: {"code": plan.code} | kind for name, kind in world.objects["register"].items()
    }
    file = upload_table(b"date;en une ligne\n12/03/2021;Une requete\n", **table)
    world.objects["register file"] = {"lassana's": {"pk": file.pk}, "absent": absent}
    plan_csv = "Activité;Indicateur\n1.1.1 Une activité;# de réunions\n".encode()
    plan_file = upload_plan(plan_csv, once=uuid.uuid4(), by=lassana)
    world.objects["plan file"] = {"lassana's": {"pk": plan_file.pk}, "absent": absent}
    closing = close_quarter(
        plan, Quarter(2021, 4), words="Vu en réunion.", seen=len(checked(plan, Quarter(2021, 4)).found), by=lassana
    )
    world.objects["closing"] = {"2021-T4": {"pk": closing.pk}, "absent": {"pk": 999_999}}
    world.objects["factor"] = {
        "set": {"pk": set_factor(factor, by=world.cast.djeneba).pk},
        "absent": {"pk": 999_999},
    }
