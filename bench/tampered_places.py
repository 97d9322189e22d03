"""Everything that is sealed, wrapped, locked or signed in the vault, with the way the product itself opens it."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pyrage import x25519

from core.actors import robot
from core.receipt_number import new_number
from core.sealing import SealBroken, WrongPassphrase, unlock_private, unwrap
from directory.models import User, UserRole
from directory.roles import Role
from psea.actions import (
    add_note,
    ask_hold,
    ask_person,
    ask_recovery,
    give_half,
    hand_copy,
    make_recovery_key,
    open_case,
    receive_sealed,
    renew_secrets,
    transmit,
)
from psea.actions.drafts import keep_draft
from psea.actions.receive import add_to_sealed
from psea.actions.recovery import reason_of, share_context
from psea.actions.rekeying import BESIDE
from psea.enums import Part
from psea.mailboxes import mailbox_context, traces_of
from psea.models import (
    Approval,
    HandlerKey,
    PhoneTrace,
    Question,
    Receipt,
    Recovery,
    RecoveryShare,
    SealedCase,
    SealedMessage,
    VaultDraft,
    Wrap,
)
from psea.passphrase import as_code, as_typed
from psea.readers import Reader
from psea.session import COOKIE, SESSION_KEY, open_vault, opened_vault
from psea.tags import holder_keys, mailbox_of
from psea.trust import is_signed
from tests.cast import Cast
from tests.vault_keys import approve, enrolled

VAULT = "vault"
REFUSED = (SealBroken, WrongPassphrase)
OFFICERS = ("aminata", "rokia")
CUSTODIANS = {"fode": "line", "tene": "embassy"}


@dataclass(frozen=True)
class Blob:
    """Bytes in their place. `opens` gives what is in the bytes it is given, in that place, or raises one of REFUSED."""

    table: str
    row: object
    field: str
    content: bytes
    opens: Callable[[bytes], object]


class House:
    """People with their keys open, and cases in which everything that can be sealed is there."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.readers: dict[str, Reader] = {}
        self.secrets: dict[UUID, tuple[str, str]] = {}
        for name, organisation in CUSTODIANS.items():
            of = cast.organisations[organisation]
            cast.people[name] = User.objects.create_user(f"{name}@tamper.example", name=name, organisation=of)
            UserRole.objects.create(user=cast.people[name], role=Role.RECOVERY_CUSTODIAN)
        for name in (*OFFICERS, "nana", "coumba", *CUSTODIANS):
            made, self.readers[name] = enrolled(cast.people[name])
            self.secrets[made.key.pk] = (made.passphrase, made.code)
        approve(make_recovery_key(by=cast.coumba))

    def as_(self, name: str) -> dict[str, Any]:
        return {"by": self.cast.people[name], "reader": self.readers[name]}

    def fill(self, number: int) -> None:
        """One more case, with a note, a question, a hold, an addition, a copy handed out, a demand to custodians."""
        said: dict[str, Any] = {"receipt_number": new_number(), "phone": f"+2237{number:07}"}
        case_id = receive_sealed(
            source_id=f"tamper-{number}",
            words="Le gardien demande des faveurs",
            contact="call",
            code="123456",
            channel="web",
            received_at=timezone.now() - timedelta(hours=1),
            by=robot("tamper"),
            **said,
        )
        open_case(case_id=case_id, **self.as_("aminata"))
        added: dict[str, Any] = {
            "words": "Et encore ceci",
            "channel": "web",
            "recording": "audio/ogg;base64,T2dn",
            "wish": "erase",
        }
        more: dict[str, Any] = {
            "said_at": timezone.now(),
            "picture": "image/jpeg;base64,SlBFRw==",
            "by": robot("tamper"),
        }
        assert add_to_sealed(source_id=f"tamper-{number}-more", **said, **added, **more)
        add_note(case_id=case_id, words="À rappeler", **self.as_("aminata"))
        ask_person(case_id=case_id, words="Pouvons-nous vous appeler ?", **self.as_("aminata"))
        ask_hold(case_id=case_id, reason="Enquête à venir", **self.as_("aminata"))
        transmit(case_id=case_id, organisation_id=self.cast.organisations["hcr"].pk, **self.as_("aminata"))
        open_case(case_id=case_id, **self.as_("nana"))
        own = self.secrets[self.readers["nana"].key_id][0]
        theirs = str(x25519.Identity.generate().to_public())
        hand_copy(case_id=case_id, to_whom="L’enquêteur", own_passphrase=own, public_key=theirs, **self.as_("nana"))
        keep_draft(path="/vault/handed/", fields={"words": ["Ce qui était tapé"]}, by=self.cast.aminata)
        asked = ask_recovery(colleague=self.cast.rokia, case_id=case_id, reason="clé perdue", by=self.cast.coumba)
        give_half(recovery_id=asked.pk, **self.as_("fode"))

    def blobs(self) -> Iterator[Blob]:
        """All of them, as they stand in the databases."""
        for case in SealedCase.objects.using(VAULT):
            yield from self._of_case(case)
        yield from self._of_keys()
        yield from self._of_recoveries()
        for draft in VaultDraft.objects.using(VAULT):
            yield Blob(
                "psea_vaultdraft",
                draft.pk,
                "wrapped_key",
                bytes(draft.wrapped_key),
                _with(draft, "wrapped_key", self._draft_key),
            )
            yield _sealed(draft, "typed", self._draft_key(draft))
        yield self._session()

    def _of_case(self, case: SealedCase) -> Iterator[Blob]:
        keys = self.readers["aminata"].open_parts(case.pk)
        for field, part in SealedCase.PART_OF.items():
            yield _sealed(case, field, keys[part])
        for name, field, part in BESIDE:
            for row in getattr(case, name).using(VAULT):
                yield _sealed(row, field, keys[part])
        told = open_case(case_id=case.pk, **self.as_("aminata")).narrative
        assert told is not None
        for question in case.questions.using(VAULT):
            key = holder_keys(told.contact.receipt_number, told.contact.code)[0]
            opens = _with(question, "for_person", partial(Question.opened_for_person, key=key))
            yield Blob("psea_question", question.pk, "for_person", bytes(question.for_person or b""), opens)
        private = bytes.fromhex(case.unseal_with(keys[Part.WORDS], "mailbox_private"))
        for message in SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag):
            yield _wrapped(message, "wrapped_key", private, mailbox_context(message.pk))
            key = unwrap(bytes(message.wrapped_key), private, mailbox_context(message.pk))
            for field in message.sealed_fields():
                yield _sealed(message, field, key)
        receipts, phones = traces_of(case)
        yield from (_mailbox(row, row.receipt_hash) for row in receipts)
        yield from (_mailbox(row, row.phone_hash) for row in phones)
        for reader in self.readers.values():
            tags = [reader.tag(case.pk, part) for part in Part]
            for wrap in Wrap.objects.using(VAULT).filter(tag__in=tags):
                yield Blob("psea_wrap", wrap.pk, "blob", bytes(wrap.blob), _with(wrap, "blob", reader.unwrapped))

    def _draft_key(self, draft: VaultDraft) -> bytes:
        return unwrap(draft.out_of_ring(), self.readers["aminata"].private, draft.sealing_context("wrapped_key"))

    def _of_keys(self) -> Iterator[Blob]:
        renew_secrets(**self.as_("rokia"))
        for key in HandlerKey.objects.using(VAULT).filter(pk__in=list(self.secrets)):
            passphrase, code = self.secrets[key.pk]
            yield _locked(key, "locked_private", as_typed(passphrase))
            yield _locked(key, "locked_by_code", as_code(code))
        for row in Approval.objects.using(VAULT).select_related("handler_key"):
            yield from _of_approval(row, row.handler_key)

    def _of_recoveries(self) -> Iterator[Blob]:
        coordinator, first, second = (self.readers[name] for name in ("coumba", "fode", "tene"))
        for share in RecoveryShare.objects.using(VAULT).filter(first=first.key_id):
            yield _wrapped(share, "blob", first.private, share_context(share, "outer"))
        for asked in Recovery.objects.using(VAULT):
            own = str(coordinator.key_id)
            key = unwrap(
                bytes.fromhex(asked.reason_keys[own]), coordinator.private, asked.sealing_context("reason_key")
            )
            yield _sealed(asked, "reason", key)
            yield _reason_key(asked, coordinator)
            for share_id, inner in asked.halves.items():
                share = RecoveryShare.objects.using(VAULT).get(pk=share_id)
                if share.second_id == second.key_id:
                    yield _half(asked, share, bytes.fromhex(inner), second)

    def _session(self) -> Blob:
        """The half of an open vault that the session row holds."""
        request, response = HttpRequest(), HttpResponse()
        request.session, request.user = {}, self.cast.aminata  # type: ignore[assignment]
        open_vault(request, response, self.readers["aminata"])
        request.COOKIES = {COOKIE: response.cookies[COOKIE].value}
        kept = dict(request.session[SESSION_KEY])

        def opens(content: bytes) -> object:
            request.session[SESSION_KEY] = kept | {"sealed": base64.b64encode(content).decode()}
            return _or_refused(opened_vault(request))

        return Blob("session", uuid4(), "sealed", base64.b64decode(kept["sealed"]), opens)


def _sealed(row: Any, field: str, key: bytes) -> Blob:
    opens = _with(row, field, lambda it: it.unseal_with(key, field))
    return Blob(row._meta.db_table, row.pk, field, bytes(getattr(row, field)), opens)


def _wrapped(row: Any, field: str, private: bytes, context: Any) -> Blob:
    content = bytes(getattr(row, field))
    return Blob(row._meta.db_table, row.pk, field, content, lambda given: unwrap(given, private, context))


def _locked(key: HandlerKey, field: str, secret: str) -> Blob:
    content = bytes(getattr(key, field))
    return Blob("psea_handlerkey", key.pk, field, content, lambda given: unlock_private(given, secret))


def _of_approval(row: Approval, key: HandlerKey) -> Iterator[Blob]:
    for field in ("signature", "signer"):
        opens = _with(row, field, lambda changed: _signed(changed, key))
        yield Blob("psea_approval", row.pk, field, bytes(getattr(row, field)), opens)
    opens = _with(key, "public_key", lambda changed: _signed(row, changed))
    yield Blob("psea_handlerkey", key.pk, "public_key", bytes(key.public_key), opens)


def _reason_key(asked: Recovery, reader: Reader) -> Blob:
    own = str(reader.key_id)
    opens = _with(asked, "reason_keys", lambda changed: reason_of(changed, reader), lambda given: {own: given.hex()})
    return Blob("psea_recovery", asked.pk, "reason_keys", bytes.fromhex(asked.reason_keys[own]), opens)


def _half(asked: Recovery, share: RecoveryShare, inner: bytes, second: Reader) -> Blob:
    context = share_context(share, "inner")
    field = f"halves {share.pk}"
    return Blob("psea_recovery", asked.pk, field, inner, lambda given: unwrap(given, second.private, context))


def _mailbox(row: Receipt | PhoneTrace, found_by: str) -> Blob:
    content = bytes(row.mailbox or b"")
    return Blob(row._meta.db_table, row.pk, "mailbox", content, lambda given: _or_refused(mailbox_of(found_by, given)))


def _with(
    row: Any, field: str, read: Callable[[Any], object], given: Callable[[bytes], object] = bytes
) -> Callable[[bytes], object]:
    """Reads a copy of the row in which other bytes stand in that field."""

    def opens(content: bytes) -> object:
        changed = copy.copy(row)
        setattr(changed, field, given(content))
        return read(changed)

    return opens


def _signed(row: Approval, key: HandlerKey) -> object:
    return _or_refused(is_signed(row, key))


def _or_refused(found: object) -> object:
    if not found:
        raise SealBroken
    return found
