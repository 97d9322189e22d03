"""A message by SMS: one case or one sealed case, one receipt, and nothing left behind in the envelope."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from core.models import Outbound
from core.receipt_number import is_well_formed
from feedback import actions, conversation, envelopes, intake
from feedback.enums import CaseState, EnvelopeState, MessageDirection
from feedback.models import Case, CaseMessage, Envelope, PhonePreference
from feedback.tasks import sweep_envelopes
from feedback.whereabouts import where_is
from psea.models import Approval, HandlerKey, SealedCase, SealedMessage
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import sorted_case

ORDINARY = "Nous n'avons pas eu d'eau au forage depuis dix jours"
SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"


def sealed_count() -> int:
    return SealedCase.objects.using("vault").count()


def test_a_message_becomes_one_case_with_its_words_sealed(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    case = Case.objects.get()
    assert (case.state, case.unsealed("words"), case.unsealed("contact")) == (
        CaseState.NEW,
        ORDINARY,
        telephone.number,
    )
    assert ORDINARY.encode() not in bytes(case.words or b"")


def test_the_receipt_is_sent_once_with_a_number_that_finds_the_case(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    assert len(telephone.heard()) == 1
    assert is_well_formed(telephone.last_number())
    assert where_is(telephone.last_number()).case == Case.objects.get()


def test_a_repeated_provider_id_is_one_message(telephone: Telephone) -> None:
    for _ in range(3):
        assert telephone.says(ORDINARY, sid="SM" + "a" * 32).status_code == 200
    assert (Case.objects.count(), len(telephone.heard()), Envelope.objects.count()) == (1, 1, 1)


def test_a_reference_that_another_case_has_is_drawn_again(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unlucky:
        unlucky.setattr(Case._meta.get_field("reference"), "_get_default", lambda: "K7Q-4MD")
        telephone.says(ORDINARY)
        Telephone("+22300000013", telephone.outgoing).says("Le centre de santé est fermé")
    references = list(Case.objects.order_by("received_at").values_list("reference", flat=True))
    assert references[0] == "K7Q-4MD" != references[1]
    assert not Envelope.objects.filter(attempts__gt=0).exists()


def test_a_handled_envelope_keeps_no_text_no_number_and_no_key(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    envelope = Envelope.objects.get()
    assert envelope.state == EnvelopeState.HANDLED
    kept = [envelope.sender, envelope.recipient, envelope.body, envelope.receipt_number, envelope.data_key]
    assert kept == [None] * 5


def test_what_suggests_sea_never_enters_the_ordinary_lane(telephone: Telephone) -> None:
    telephone.says(SEA)
    assert (Case.objects.count(), CaseMessage.objects.count(), sealed_count()) == (0, 0, 1)


def test_the_receipt_is_the_same_text_in_both_lanes(telephone: Telephone) -> None:
    telephone.says(SEA)
    sealed = telephone.heard()[0].replace(telephone.last_number()[:4], "")
    other = Telephone("+22300000013", telephone.outgoing)
    other.says(ORDINARY)
    assert len(other.heard()[0]) == len(telephone.heard()[0])
    assert sealed.split("Votre")[0] == other.heard()[0].split("Votre")[0]


def test_the_outbox_rows_of_both_lanes_look_alike_at_rest(telephone: Telephone) -> None:
    telephone.says(SEA)
    Telephone("+22300000013", telephone.outgoing).says(ORDINARY)
    people = Outbound.objects.filter(way=Outbound.Way.SMS)
    kept = [
        (row.kind, row.state, len(row.body or b""), len(row.recipient or b""), len(row.dedupe_key or ""))
        for row in people
    ]
    assert kept[0] == kept[1]


def test_a_second_message_within_the_hour_joins_and_is_not_answered(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    telephone.says("C'est à Gossi")
    message = CaseMessage.objects.get()
    assert (Case.objects.count(), message.direction, message.unsealed("body")) == (
        1,
        MessageDirection.IN,
        "C'est à Gossi",
    )
    assert len(telephone.heard()) == 1


def test_after_the_hour_it_is_a_new_case(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        telephone.says("Autre chose : le marché est fermé")
    assert (Case.objects.count(), len(telephone.heard())) == (2, 2)


def test_a_quoted_number_joins_that_case_and_says_so(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    number = telephone.last_number()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        Telephone("+22300000014", telephone.outgoing).says(f"pour {number} : toujours rien")
    assert (Case.objects.count(), CaseMessage.objects.count()) == (1, 1)
    assert telephone.outgoing[-1][0] == "+22300000014"
    assert "ajouté" in telephone.outgoing[-1][1]


def test_a_machine_that_echoes_what_it_is_sent_is_left_alone_within_three_messages(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    for _ in range(6):
        telephone.says(telephone.heard()[-1])
    assert len(telephone.heard()) <= 3


def test_while_the_phones_latest_case_is_sealed_all_it_sends_is_sealed(telephone: Telephone) -> None:
    telephone.says(SEA)
    telephone.says("Je peux vous parler demain matin")
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        telephone.says(ORDINARY)
    assert (Case.objects.count(), CaseMessage.objects.count()) == (0, 0)
    assert (sealed_count(), SealedMessage.objects.using("vault").count()) == (2, 1)


def test_lanes_are_answered_alike_message_after_message(telephone: Telephone) -> None:
    other = Telephone("+22300000013", telephone.outgoing)
    start = timezone.now()
    for minutes, sealed, plain in [(0, SEA, ORDINARY), (5, "suite", "suite"), (300, "encore", "encore")]:
        with time_machine.travel(start + timedelta(minutes=minutes)):
            telephone.says(sealed)
            other.says(plain)
    assert len(telephone.heard()) == len(other.heard()) == 2


def test_after_fourteen_days_the_phone_is_ordinary_again(telephone: Telephone) -> None:
    telephone.says(SEA)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        telephone.says(ORDINARY)
    assert (Case.objects.count(), sealed_count()) == (1, 1)


@pytest.mark.parametrize("text", [SEA, ORDINARY])
def test_a_crash_after_the_vaults_write_makes_nothing_twice(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(conversation, "send_receipt", lambda spoken: 1 / 0)
        telephone.says(text)
    assert telephone.heard() == []
    intake.handle(Envelope.objects.get().pk)
    intake.handle(Envelope.objects.get().pk)
    assert Case.objects.count() + sealed_count() == 1
    assert len(telephone.heard()) == 1


def test_a_message_that_cannot_be_processed_is_flagged_kept_and_holds_up_nobody(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", lambda heard: 1 / 0)
        telephone.says(ORDINARY)
        for _ in range(envelopes.ATTEMPTS):
            intake.handle(Envelope.objects.get().pk)
    Telephone("+22300000013", telephone.outgoing).says("Le centre de santé est fermé")
    flagged = Envelope.objects.get(state=EnvelopeState.FLAGGED)
    assert (flagged.unsealed("body"), flagged.reason) == (ORDINARY, "ZeroDivisionError")
    assert Case.objects.get().unsealed("words") == "Le centre de santé est fermé"


def test_a_flagged_message_is_taken_up_again_once_the_cause_is_mended(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", lambda heard: 1 / 0)
        telephone.says(ORDINARY)
        for _ in range(envelopes.ATTEMPTS):
            intake.handle(Envelope.objects.get().pk)
    call_command("retry_flagged", stdout=StringIO())
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep_envelopes()
    assert (Case.objects.count(), len(telephone.heard())) == (1, 1)


def test_an_outage_never_flags_a_message(telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(heard: object) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", down)
        telephone.says(ORDINARY)
        for _ in range(3 * envelopes.ATTEMPTS):
            intake.handle(Envelope.objects.get().pk)
    assert Envelope.objects.get().state == EnvelopeState.STORED
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        sweep_envelopes()
    assert Case.objects.count() == 1


def test_what_failed_is_tried_again_ever_later(telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", lambda heard: 1 / 0)
        telephone.says(ORDINARY)
    start = Envelope.objects.get().received_at
    due = {}
    for attempts in range(envelopes.ATTEMPTS):
        Envelope.objects.update(attempts=attempts)
        for seconds in (10, 20, 50, 120, 300, 700, 2000):
            with time_machine.travel(start + timedelta(seconds=seconds)):
                if envelopes.waiting_ids():
                    due[attempts] = seconds
                    break
    assert due == {0: 20, 1: 50, 2: 120, 3: 300, 4: 700, 5: 2000}


def test_the_sweep_takes_up_what_was_never_published(telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(envelopes, "publish_soon", lambda *args: None)
        telephone.says(ORDINARY)
    assert Case.objects.count() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep_envelopes()
    assert Case.objects.count() == 1


def test_suivi_says_where_it_is(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    number = telephone.last_number()
    telephone.says(f"SUIVI {number}")
    assert "bien arrivé, pas encore traité" in telephone.heard()[-1]
    assert (Case.objects.count(), CaseMessage.objects.count()) == (1, 0)


def test_suivi_answers_alike_for_a_sealed_and_an_ordinary_number(telephone: Telephone) -> None:
    other = Telephone("+22300000013", telephone.outgoing)
    telephone.says(SEA)
    other.says(ORDINARY)
    answers = []
    for phone in (telephone, other):
        number = phone.last_number()
        phone.says(f"suivi {number}")
        answers.append(phone.heard()[-1].replace(f"{number[:4]} {number[4:8]} {number[8:]}", "…"))
    assert answers[0] == answers[1]


def test_a_mistyped_number_is_told_kindly_and_an_unknown_one_apart(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    number = telephone.last_number()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    telephone.says(f"SUIVI {wrong}")
    assert "petite erreur" in telephone.heard()[-1]
    telephone.says("SUIVI 000000000001")
    assert "ne donne rien" in telephone.heard()[-1] or "petite erreur" in telephone.heard()[-1]


def test_stop_stops_everything_but_its_confirmation_and_nothing_else(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    telephone.says("STOP")
    telephone.says("stop")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        telephone.says("Un autre problème au centre de santé")
        telephone.says("AIDE")
    assert len(telephone.heard()) == 2
    assert "ne vous enverrons plus" in telephone.heard()[-1]
    assert Case.objects.count() == 2


def test_start_undoes_stop(telephone: Telephone) -> None:
    telephone.says("STOP")
    telephone.says("START")
    telephone.says("AIDE")
    assert len(telephone.heard()) == 3
    assert PhonePreference.objects.get().stopped_at is None


def test_oui_to_no_question_of_ours_is_someone_speaking(telephone: Telephone) -> None:
    telephone.says("oui")
    assert Case.objects.get().unsealed("words") == "oui"


@pytest.mark.parametrize(
    "body",
    ["", "\x00", "a\x00b", "🙏🏿" * 40, "ߒ ߞߊ߬ ߝߏ߫", "السلام عليكم", "x" * 10_000, "\ud83d\ude00", "1234"],
)
def test_any_body_is_accepted_and_kept(telephone: Telephone, body: str) -> None:
    assert telephone.says(body.encode("utf-16", "surrogatepass").decode("utf-16")).status_code == 200
    assert Envelope.objects.get().state == EnvelopeState.HANDLED
    assert Case.objects.count() == 1


@pytest.mark.parametrize("sender", ["37321", "ORANGE", "", "+1", "messenger:22300000012"])
def test_what_comes_from_no_persons_number_is_kept_and_never_answered(telephone: Telephone, sender: str) -> None:
    telephone.says(ORDINARY, sender=sender or " ")
    assert (Case.objects.count(), telephone.outgoing) == (1, [])


def asked_if_settled(cast: Cast, telephone: Telephone) -> Case:
    """A case of this telephone that was answered by SMS in its own words, and whose person was asked about it."""
    case = sorted_case(cast.awa, "INFO", phone=telephone.number, safe_contact="sms", sms_may_be_read=True)
    actions.answer(case.pk, words="Le forage sera réparé vendredi", by=cast.awa)
    return case


@pytest.mark.parametrize(
    ("said", "state", "settled", "reply"),
    [
        ("1", CaseState.CLOSED, "yes", "Merci de nous l'avoir dit"),
        ("en partie", CaseState.CLOSED, "partly", "Merci de nous l'avoir dit"),
        ("Non", CaseState.REOPENED, "no", "Nous reprenons"),
    ],
)
def test_the_answer_to_our_question_settles_or_reopens(
    cast: Cast, telephone: Telephone, said: str, state: str, settled: str, reply: str
) -> None:
    case = asked_if_settled(cast, telephone)
    telephone.says(said)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.settled, CaseMessage.objects.count()) == (state, settled, 0)
    assert reply in telephone.heard()[-1]


def test_the_same_word_again_is_someone_speaking(cast: Cast, telephone: Telephone) -> None:
    asked_if_settled(cast, telephone)
    telephone.says("1")
    telephone.says("1")
    assert [case.unsealed("words") for case in Case.objects.filter(state=CaseState.NEW)] == ["1"]


def test_an_answer_to_our_open_question_joins_even_days_later(cast: Cast, telephone: Telephone) -> None:
    case = sorted_case(cast.awa, phone=telephone.number)
    asked = CaseMessage(case=case, direction=MessageDirection.OUT, said_at=timezone.now(), awaits_reply=True)
    asked.seal(body="Dans quel quartier ?")
    asked.save()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        telephone.says("Au quartier 4")
    assert [message.unsealed("body") for message in case.messages.all()] == ["Dans quel quartier ?", "Au quartier 4"]
    assert not case.messages.filter(awaits_reply=True).exists()


def test_words_for_a_duplicate_go_to_the_case_it_was_joined_to(cast: Cast, telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    duplicate, kept = Case.objects.get(), sorted_case(cast.awa)
    actions.merge(duplicate.pk, into_id=kept.pk, by=cast.awa)
    telephone.says("Et toujours rien")
    assert (kept.messages.count(), duplicate.messages.count()) == (1, 0)


def test_nothing_said_is_lost_while_nobody_can_read_the_vault(telephone: Telephone, recovery_key: bytes) -> None:
    keys, approvals = (list(model.objects.using("vault")) for model in (HandlerKey, Approval))
    HandlerKey.objects.using("vault").all().delete()
    telephone.says(SEA)
    assert (Envelope.objects.get().unsealed("body"), telephone.heard()) == (SEA, [])
    HandlerKey.objects.using("vault").bulk_create(keys)
    Approval.objects.using("vault").bulk_create(approvals)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep_envelopes()
    assert (sealed_count(), len(telephone.heard())) == (1, 1)
