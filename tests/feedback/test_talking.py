"""Orders by SMS, through the real intake: languages, taking up again, taking consent back; every lane alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from core.models import AuditEntry
from core.receipt_number import grouped, is_well_formed, new_number
from directory.enums import NOT_SAID
from directory.models import StaffNotice
from feedback import actions
from feedback.actions.reach import ask_again
from feedback.enums import CaseState, LanguageFrom
from feedback.languages import heard_in, menu
from feedback.models import Case, CaseMessage, PhonePreference, PhoneQuestion
from feedback.queue import QueueName, queue
from feedback.tasks import forget_phone_questions
from psea.actions.reminding import remind
from psea.models import Receipt, SealedCase, SealedMessage
from referrals.actions import accept, answer
from referrals.actions.consent import Receiver, grant_consent
from referrals.enums import ConsentGiver, ConsentMethod, Level
from referrals.models import Consent, Referral
from referrals.reactions import case_sorted
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import sorted_case, sorting
from tests.referrals.conftest import House

pytestmark = pytest.mark.usefixtures("db")

Another = Callable[[str], Telephone]
ORDINARY = "Nous n'avons pas eu d'eau au forage depuis dix jours"
SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
ENGLISH = "The water pump in our village has been broken for ten days"
BAMBARA = "Ji tɛ an ka dugu la, an bɛ dɛmɛ ɲini"
LANES = ("ordinary", "restricted", "sealed")


def said_in(lane: str, phone: Telephone, cast: Cast) -> str:
    """A message of that lane from this telephone; its receipt number."""
    phone.says(SEA if lane == "sealed" else ORDINARY)
    if lane == "restricted":
        case = Case.objects.order_by("-received_at")[0]
        actions.triage(case.pk, sorting("FRAUDE"), by=cast.awa)
    return phone.last_number()


def in_lanes(cast: Cast, another: Another, body: str) -> list[list[str]]:
    """What one telephone per lane is sent back for `body`, each number put as N."""
    heard = []
    for at, lane in enumerate(LANES):
        phone = another(f"+2230000004{at}")
        number = said_in(lane, phone, cast)
        before = len(phone.heard())
        for line in body.format(number=number).split("|"):
            phone.says(line)
        heard.append([text.replace(grouped(number), "N") for text in phone.heard()[before:]])
    return heard


# -- languages -------------------------------------------------------------------------------------------------------


def test_langue_alone_asks_which_and_a_digit_answers(telephone: Telephone) -> None:
    telephone.says("LANGUE")
    assert "1 Francais 2 Bamanankan 3 Fulfulde" in telephone.heard()[-1]
    telephone.says("7")
    assert "write to you in this language" in telephone.heard()[-1]
    assert (PhonePreference.objects.get().language, Case.objects.count()) == ("eng", 0)
    telephone.says("AIDE")
    assert telephone.heard()[-1].startswith("Say what you want")


@pytest.mark.parametrize(
    "text", ["LANGUE BAMBARA", "langue 2", "Langue : bamanankan", "kan bamanankan", "LANGEU BAMBARA"]
)
def test_langue_and_a_language_switch_at_once(telephone: Telephone, text: str) -> None:
    telephone.says(text)
    preference = PhonePreference.objects.get()
    assert (preference.language, preference.language_from) == ("bam", LanguageFrom.CHOSEN)
    # no speaker has approved the texts in Bambara: the French one says so
    assert telephone.heard()[-1].startswith("C'est noté : Bamanankan. Nous ne l'écrivons pas encore")


def test_a_digit_long_after_the_menu_is_someone_speaking(telephone: Telephone) -> None:
    telephone.says("LANGUE")
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.ORDER_CONFIRM_MINUTES + 1)):
        telephone.says("2")
    assert Case.objects.get().unsealed("words") == "2"


def test_the_language_heard_is_that_of_the_receipt_in_every_lane(
    telephone: Telephone, another_telephone: Another
) -> None:
    other = another_telephone("+22300000013")
    telephone.says(ENGLISH)
    other.says("The NGO worker asked me to have sex with him to be on the list")
    assert SealedCase.objects.using("vault").count() == 1
    receipts = [phone.heard()[0].replace(grouped(phone.last_number()), "N") for phone in (telephone, other)]
    assert receipts[0] == receipts[1]
    assert receipts[0].startswith("Message received")
    assert Case.objects.get().language == "eng"


def test_what_is_heard_never_undoes_what_the_person_chose(telephone: Telephone) -> None:
    telephone.says("LANGUE FRANCAIS")
    telephone.says(ENGLISH)
    assert PhonePreference.objects.get().language == "fra"


def test_what_staff_noted_holds_against_what_is_heard(telephone: Telephone, cast: Cast) -> None:
    telephone.says(BAMBARA)
    case = Case.objects.get()
    assert (case.language, PhonePreference.objects.get().language) == ("bam", "bam")
    actions.triage(case.pk, sorting(about={"language": "taq"}), by=cast.awa)
    telephone.says(ENGLISH)
    preference = PhonePreference.objects.get()
    assert (preference.language, preference.language_from) == ("taq", LanguageFrom.STAFF)


def test_what_cannot_be_told_changes_nothing(telephone: Telephone) -> None:
    telephone.says("ok ok")
    assert Case.objects.get().language == NOT_SAID
    assert PhonePreference.objects.get().language_from == LanguageFrom.DEFAULT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ORDINARY, "fra"),
        (ENGLISH, "eng"),
        (BAMBARA, "bam"),
        ("Ji te an ka dugu la, an be deme nyini", "bam"),
        ("Ndiyam alaa e wuro men, min ɗon ɗaɓɓa ballal", "ful"),
        ("Iri koy sii ŋaari, iri ga faaba ceeci", "ses"),
        ("Aman wər əllen dăɣ aɣrəm", "taq"),
        ("لا يوجد ماء في القرية", "ara"),
        ("ߒ ߞߊ߬ ߝߏ߫ ߘߎ߰ߟߊ", "bam"),
        ("bonjour", ""),
        ("Maji hakuna katika kijiji chetu kwa siku kumi sasa", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert heard_in(text) == language


def test_the_menu_is_of_the_languages_we_have_texts_for() -> None:
    assert menu() == ("fra", "bam", "ful", "ses", "taq", "ara", "eng")


# -- taking up again -------------------------------------------------------------------------------------------------


def test_reopen_says_the_same_in_every_lane(cast: Cast, another_telephone: Another) -> None:
    heard = in_lanes(cast, another_telephone, "REOUVRIR {number}")
    assert heard[0] == heard[1] == heard[2]
    assert heard[0][0].startswith("Merci de nous l'avoir dit. Nous reprenons.")
    # of the sealed one, it is words added to the sealed case; of the others, words that nobody has read
    assert SealedMessage.objects.using("vault").count() == 1
    assert [message.is_unread for message in CaseMessage.objects.all()] == [True, True]


@pytest.mark.parametrize("order", ["REOUVRIR", "ANNULER", "SUIVI"])
def test_an_unknown_a_mistyped_and_an_expired_number_are_answered_alike(
    telephone: Telephone, cast: Cast, order: str
) -> None:
    case = sorted_case(cast.awa, phone="+22300000033")
    expired = case.unsealed("receipt_number")
    Case.objects.filter(pk=case.pk).update(receipt_hash=None)
    for number in (new_number(), expired):
        assert is_well_formed(number)
        telephone.says(f"{order} {number}")
    assert len(set(telephone.heard())) == 1
    assert telephone.heard()[0].startswith("Ce numéro ne donne rien ici")
    assert (PhoneQuestion.objects.count(), CaseMessage.objects.count()) == (0, 0)


def test_a_closed_case_is_taken_up_again_from_any_telephone(
    telephone: Telephone, another_telephone: Another, cast: Cast
) -> None:
    case = sorted_case(cast.awa, "INFO", phone=telephone.number)
    actions.answer(case.pk, words="Vendredi", by=cast.awa)
    actions.tell_person(case.pk, how="call", settled="yes", by=cast.awa)
    assert Case.objects.get().state == CaseState.CLOSED
    another_telephone("+22300000013").says(f"rouvrir {case.unsealed('receipt_number')}")
    case.refresh_from_db()
    assert (case.state, case.reopen_count, case.settled) == (CaseState.REOPENED, 1, "yes")


def test_an_answered_case_is_taken_up_again_as_not_settled(telephone: Telephone, cast: Cast) -> None:
    case = sorted_case(cast.awa, "INFO", phone=telephone.number)
    actions.answer(case.pk, words="Vendredi", by=cast.awa)
    telephone.says(f"REOUVRIR {case.unsealed('receipt_number')}")
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.settled) == (CaseState.REOPENED, "no")


# -- whether it is settled, after SUIVI ------------------------------------------------------------------------------


def answered_in(lane: str, phone: Telephone, cast: Cast, *, told: bool = True) -> str:
    """As `said_in`, and answered since; no words of it went by SMS. `told`: by voice, where no notice of it went."""
    number = said_in(lane, phone, cast)
    if lane == "sealed":
        Receipt.objects.using("vault").update(stage="answered", since=timezone.localdate())
        return number
    case = Case.objects.order_by("-received_at")[0]
    if lane == "ordinary":
        actions.triage(case.pk, sorting(), by=cast.awa)
    actions.record_answer(case.pk, words="Lundi", kind="response", by=cast.ibrahim)
    if lane == "restricted" and told:
        actions.tell_person(case.pk, how="call", by=cast.salif)
    return number


@pytest.mark.parametrize(("said", "settled"), [("1", "yes"), ("2", "no"), ("3", "partly"), ("NON", "no")])
@pytest.mark.parametrize(("days", "told"), [(0, True), (6, False)])
def test_who_asks_where_an_answered_case_is_is_asked_if_it_is_settled_alike_in_every_lane(
    cast: Cast, another_telephone: Another, said: str, settled: str, days: int, told: bool
) -> None:
    heard = []
    for at, lane in enumerate(LANES):
        phone = another_telephone(f"+2230000004{at}")
        number = answered_in(lane, phone, cast, told=told)
        before = len(phone.heard())
        phone.says(f"SUIVI {number}")
        phone.says(f"SUIVI {number}")
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
            phone.says(said)
        heard.append([text.replace(grouped(number), "N") for text in phone.heard()[before:]])
    assert heard[0] == heard[1] == heard[2]
    *both, status, thanks = heard[0]
    both.remove(status)
    assert [text.partition(" ? Répondez 1")[0] for text in both] == ["N : est-ce réglé pour vous"]
    assert thanks.startswith("Merci de nous l'avoir dit. " + ("Nous reprenons" if settled == "no" else "Vous"))
    ordinary, restricted = Case.objects.order_by("received_at")
    assert (ordinary.settled, restricted.settled) == (settled, settled if told else "")
    assert ordinary.state == ("reopened" if settled == "no" else "closed")
    kept = [message.unsealed("body") for message in restricted.messages.filter(direction="in")]
    assert ["Réglé, selon la personne" in words for words in kept] == [True] * (not told)
    assert SealedMessage.objects.using("vault").count() == 1
    assert PhoneQuestion.objects.count() == 0


def test_only_who_had_the_notice_is_asked_once_more_after_a_week(cast: Cast, another_telephone: Another) -> None:
    phones = []
    for at, lane in enumerate(LANES):
        phones.append(another_telephone(f"+2230000004{at}"))
        phones[at].says(f"SUIVI {answered_in(lane, phones[at], cast)}")
    for days in (8, 16):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
            ask_again(timezone.now())
    asked = [sum("est-ce réglé" in text for text in phone.heard()) for phone in phones]
    told = [sum("Il y a du nouveau" in text for text in phone.heard()) for phone in phones]
    assert (asked, told) == ([2, 1, 1], [1, 0, 0])
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=True):
        phones[0].says("2")
    assert [case.settled for case in Case.objects.order_by("received_at")] == ["no", ""]


def test_who_was_asked_with_the_answer_in_its_own_words_is_not_asked_again(cast: Cast, telephone: Telephone) -> None:
    case = sorted_case(cast.awa, phone=telephone.number, safe_contact="sms", about={"sms_may_be_read": True})
    actions.answer(case.pk, words="Lundi", by=cast.awa)
    telephone.says(f"SUIVI {case.unsealed('receipt_number')}")
    assert sum("est-ce réglé" in text for text in telephone.heard()) == 1


# -- taking consent back ---------------------------------------------------------------------------------------------


def consented(house: House, case: Case) -> Referral:
    """Sent to NRC Gao at level 2, with the person's words and contact."""
    receiver = Receiver(house.cast.organisations["nrc"].pk)
    how: dict[str, Any] = {"method": ConsentMethod.ORAL, "giver": ConsentGiver.SELF}
    grant_consent(case.pk, receiver, words=True, contact=True, **how, by=house.cast.awa)
    return house.sent(case, house.wish(level=Level.PERSON))


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def test_annuler_then_oui_answers_alike_in_every_lane(cast: Cast, another_telephone: Another) -> None:
    heard = in_lanes(cast, another_telephone, "ANNULER {number}|OUI")
    assert heard[0] == heard[1] == heard[2]
    assert "Répondez OUI" in heard[0][0]
    assert "rien n'est plus transmis" in heard[0][1]
    assert [case.objects_to_sharing for case in Case.objects.all()] == [True, True]
    assert PhoneQuestion.objects.count() == 0


def test_of_a_sealed_case_the_officers_are_told_to_speak_with_the_person(
    telephone: Telephone, officer_told: Callable[[], list[str]]
) -> None:
    """By the job that knows who reads it: the door through which it comes knows nobody."""
    telephone.says(SEA)
    told = len(officer_told())
    telephone.says(f"ANNULER {telephone.last_number()}")
    telephone.says("oui")
    assert SealedMessage.objects.using("vault").count() == 1
    assert officer_told()[told:] == []
    remind(at=timezone.now() + timedelta(hours=2))
    assert officer_told()[told:]


def test_without_oui_in_time_nothing_happens(telephone: Telephone, cast: Cast) -> None:
    telephone.says(ORDINARY)
    telephone.says(f"ANNULER {telephone.last_number()}")
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.ORDER_CONFIRM_MINUTES + 1)):
        telephone.says("oui")
        assert [case.objects_to_sharing for case in Case.objects.all()] == [False, False]
        forget_phone_questions()
    assert PhoneQuestion.objects.count() == 0


def test_non_keeps_everything_and_is_no_new_case(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    telephone.says(f"ANNULER {telephone.last_number()}")
    telephone.says("NON")
    assert "rien ne change" in telephone.heard()[-1]
    assert [case.objects_to_sharing for case in Case.objects.all()] == [False]


def test_level_2_is_withdrawn_everywhere_and_erasure_asked(telephone: Telephone, house: House) -> None:
    case = sorted_case(house.cast.awa, phone=telephone.number)
    waiting, done = consented(house, case), consented(house, case)
    answer(done.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    telephone.says(f"ANNULER {case.unsealed('receipt_number')}")
    telephone.says("1")
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.state, done.state) == ("recalled", "answered")
    assert None not in (waiting.erasure_asked_at, done.erasure_asked_at)
    assert {one.status for one in Consent.objects.all()} == {"withdrawn"}


@pytest.mark.parametrize("stops", [True, False])
def test_a_service_under_way_is_not_recalled_before_somebody_has_spoken_with_the_person(
    telephone: Telephone, house: House, stops: bool
) -> None:
    case = sorted_case(house.cast.awa, phone=telephone.number)
    referral = consented(house, case)
    accept(referral.pk, by=house.cast.fanta)
    told = StaffNotice.objects.count()
    telephone.says(f"ANNULER {case.unsealed('receipt_number')}")
    telephone.says("OUI")
    referral.refresh_from_db()
    assert (referral.state, referral.erasure_asked_at is None) == ("accepted", False)
    assert StaffNotice.objects.count() == told + 2  # the receiver must erase, the sender must call
    assert [one.pk for one in queue(house.cast.awa, QueueName.CALL_BACK)] == [case.pk]

    actions.spoken_with(case.pk, stops=stops, by=house.cast.awa)
    referral.refresh_from_db()
    assert referral.state == ("recalled" if stops else "accepted")
    assert not queue(house.cast.awa, QueueName.CALL_BACK).exists()


def test_sorting_it_again_meanwhile_recalls_no_service(telephone: Telephone, house: House) -> None:
    case = sorted_case(house.cast.awa, phone=telephone.number)
    referral = consented(house, case)
    accept(referral.pk, by=house.cast.fanta)
    telephone.says(f"ANNULER {case.unsealed('receipt_number')}")
    telephone.says("OUI")
    case_sorted(case.pk, by=house.cast.awa, at=timezone.now())
    assert Referral.objects.get(pk=referral.pk).state == "accepted"


def test_said_to_a_person_of_the_team_it_stops_at_once(house: House) -> None:
    case = sorted_case(house.cast.awa)
    referral = consented(house, case)
    accept(referral.pk, by=house.cast.fanta)
    actions.withdraw(case.pk, by=house.cast.awa)
    assert Referral.objects.get(pk=referral.pk).state == "recalled"


def test_who_holds_a_duplicates_number_takes_back_nobody_elses_consent(
    telephone: Telephone, another_telephone: Another, house: House
) -> None:
    kept = sorted_case(house.cast.awa, phone="+22300000055")
    referral = consented(house, kept)
    telephone.says(ORDINARY)
    duplicate = Case.objects.order_by("-recorded_at")[0]
    actions.merge(duplicate.pk, into_id=kept.pk, by=house.cast.awa)
    telephone.says(f"ANNULER {telephone.last_number()}")
    telephone.says("OUI")
    kept.refresh_from_db()
    assert (kept.objects_to_sharing, Referral.objects.get(pk=referral.pk).state) == (False, "sent")
    assert Case.objects.get(pk=duplicate.pk).objects_to_sharing


def test_what_an_order_says_is_in_no_audit_row(telephone: Telephone) -> None:
    telephone.says(ORDINARY)
    number = telephone.last_number()
    telephone.says(f"ANNULER {number}")
    telephone.says("OUI")
    facts = " ".join(str(entry.facts) for entry in AuditEntry.objects.all())
    assert number not in facts
    assert telephone.number not in facts
