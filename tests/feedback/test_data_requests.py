"""To see, correct or erase what one said: asked with the number, decided by a person before a date, in every lane."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.actors import PERSON
from core.models import AuditEntry, Outbound
from core.receipt_number import new_number
from core.transitions import Refused
from feedback import actions
from feedback.actions.data_request import ask_about_data
from feedback.actions.release import take_released
from feedback.enums import CaseState, DataWish, Decision
from feedback.models import Answer, Case, CaseMessage, DataRequest
from feedback.tasks import remind_of_data_requests
from feedback.whereabouts import where_is
from psea.actions import decide_wish, open_case, reclassify
from psea.actions.reminding import remind
from psea.enums import CaseState as SealedState
from psea.enums import ReclassifiedAs, Wish
from psea.models import Receipt, SealedCase, SealedMessage, Wrap
from tests.cast import Cast
from tests.feedback.making import WORDS, made_case, sorted_case
from tests.feedback.test_public import SEA, a_case, a_number, followed, once_of, seal, text_of, without_tokens
from tests.psea.conftest import Vault, vault  # noqa: F401  a fixture

pytestmark = pytest.mark.usefixtures("db")

CODE = "246810"


def asked(wish: str = "erase", words: str = "", **more: str) -> Any:
    """The page after the holder of the number asked."""
    browser = Client()
    once = once_of(browser.get("/parler/"))
    return followed(browser, a_number(), wish=wish, wish_words=words, once=once, **more)


def a_request(case: Case, wish: str = "erase", words: str = "", *, had_code: bool = True) -> DataRequest:
    key = f"test:{uuid.uuid4()}"
    return ask_about_data(
        case.pk, source_key=key, wish=wish, words=words, had_code=had_code, by=PERSON, at=timezone.now()
    )


@pytest.mark.parametrize("state", ["new", "restricted", "sealed"])
def test_asking_is_the_same_bytes_in_every_lane(recovery_key: bytes, state: str) -> None:
    a_case(a_number(), state="triaged")
    ordinary = without_tokens(asked())
    Case.objects.all().delete()
    if state == "sealed":
        seal(a_number(), stage="in_progress")
    else:
        a_case(a_number(), state="triaged" if state == "new" else state)
    assert without_tokens(asked()) == ordinary
    assert "Une personne décide avant le" in ordinary


def test_a_request_is_a_row_with_a_deadline_and_goes_to_who_decides(recovery_key: bytes, cast: Cast) -> None:
    a_case(a_number(), code=CODE)
    asked("correct", "C'était mardi", code=CODE)
    request = DataRequest.objects.get()
    assert (request.wish, request.unsealed("words"), request.had_code) == (DataWish.CORRECT, "C'était mardi", True)
    assert request.due_at - request.asked_at == timedelta(days=30)
    assert b"mardi" not in bytes(request.words or b"")
    assert Outbound.objects.count() == 1


def test_one_post_twice_is_one_request_and_what_must_be_corrected_is_asked_for(recovery_key: bytes) -> None:
    a_case(a_number())
    once = str(uuid.uuid4())
    for _ in range(2):
        followed(Client(), a_number(), wish="see", wish_words="", once=once)
    assert DataRequest.objects.count() == 1
    assert "Écrivez ce qu’il faut corriger" in text_of(asked("correct"))
    assert "Choisissez ce que vous voulez" in text_of(asked(""))
    assert DataRequest.objects.count() == 1


def test_words_of_a_request_that_suggest_abuse_are_sealed_and_the_request_stays(recovery_key: bytes) -> None:
    a_case(a_number())
    asked("correct", SEA)
    assert DataRequest.objects.get().words is None
    assert SealedCase.objects.using("vault").count() == 1
    assert SealedMessage.objects.using("vault").exclude(decide_by=None).count() == 1


def test_an_unknown_number_asks_nothing(recovery_key: bytes) -> None:
    assert "Ce numéro ne donne rien ici" in text_of(asked())
    assert DataRequest.objects.count() == 0


def test_a_granted_erasure_destroys_the_wraps_and_leaves_a_bare_row(cast: Cast, signed_in: Any) -> None:
    number = new_number()
    case = sorted_case(cast.awa, receipt_number=number)
    actions.answer(case.pk, words="Lundi.", by=cast.awa)
    request = a_request(case, words="Tout")
    page = signed_in(cast.awa).post(f"/cases/requests/{request.pk}/", {"decision": "granted", "reason": ""})
    assert page.status_code == 302

    bare = Case.objects.get(pk=case.pk)
    assert {getattr(bare, name) for name in (*Case.sealed_fields(), "data_key", "receipt_hash")} == {None}
    assert (bare.state, bare.outcome, bare.category_id) == (CaseState.CLOSED, "no_answer_wanted", case.category_id)
    assert CaseMessage.objects.filter(case=case).count() == 0
    assert Answer.objects.get(case=case).data_key is None
    request.refresh_from_db()
    assert (request.decision, request.words, request.data_key) == (Decision.GRANTED, None, None)
    assert where_is(number).stage is None
    assert list(Case.objects.counted()) == [bare]
    acts = AuditEntry.objects.filter(act__in=["feedback.case.forget", "feedback.datarequest.decide"])
    assert {entry.actor_id for entry in acts} == {str(cast.awa.pk)}


def test_an_erasure_waits_for_what_others_still_hold(cast: Cast) -> None:
    fresh = made_case()
    with pytest.raises(Refused, match="Triez d’abord"):
        actions.decide_data_request(a_request(fresh).pk, decision="granted", reason="", by=cast.awa)
    case = sorted_case(cast.awa)
    request = a_request(case)
    Case.objects.filter(pk=case.pk).update(state="referred", first_referred_at=timezone.now())
    with pytest.raises(Refused, match="Rappelez d’abord"):
        actions.decide_data_request(request.pk, decision="granted", reason="", by=cast.awa)
    assert DataRequest.objects.undecided().count() == 2
    assert Case.objects.get(pk=case.pk).unsealed("words")


def test_a_duplicate_is_erased_without_the_case_it_was_joined_to(cast: Cast) -> None:
    other, mine = sorted_case(cast.awa), made_case()
    actions.merge(mine.pk, into_id=other.pk, by=cast.awa)
    actions.decide_data_request(a_request(mine).pk, decision="granted", reason="", by=cast.awa)
    assert Case.objects.get(pk=mine.pk).words is None
    assert Case.objects.get(pk=other.pk).unsealed("words") == WORDS


def test_a_refusal_says_why_and_is_read_with_number_and_code(recovery_key: bytes, cast: Cast) -> None:
    case = a_case(a_number(), code=CODE)
    request = a_request(case)
    with pytest.raises(Refused, match="pourquoi"):
        actions.decide_data_request(request.pk, decision="refused", reason=" ", by=cast.awa)
    actions.decide_data_request(request.pk, decision="refused", reason="L'enquête a besoin de vos mots.", by=cast.awa)
    assert "a besoin de vos mots" not in text_of(followed(Client(), a_number()))
    assert "a besoin de vos mots" in text_of(followed(Client(), a_number(), code=CODE))
    with pytest.raises(Refused, match="déjà décidée"):
        actions.decide_data_request(request.pk, decision="granted", reason="", by=cast.awa)


def test_to_see_shows_all_that_is_kept_to_number_and_code(recovery_key: bytes, cast: Cast) -> None:
    case = a_case(a_number(), code=CODE)
    actions.decide_data_request(a_request(case, "see").pk, decision="granted", reason="Voici.", by=cast.awa)
    page = text_of(followed(Client(), a_number(), code=CODE))
    assert "Ce que vous avez dit : Le point d'eau est en panne" in page


def test_only_those_who_read_the_words_see_it_and_the_desk_says_it_waits(cast: Cast, signed_in: Any) -> None:
    ordinary, restricted = sorted_case(cast.awa), sorted_case(cast.awa, "FRAUDE")
    requests = {name: a_request(case).pk for name, case in (("o", ordinary), ("r", restricted))}
    browsers = {who: signed_in(getattr(cast, who)) for who in ("awa", "salif", "kadia", "ibrahim", "adama", "djeneba")}
    opens = {
        who: "".join(name for name, pk in requests.items() if browser.get(f"/cases/requests/{pk}/").status_code == 200)
        for who, browser in browsers.items()
    }
    assert opens == {"awa": "o", "salif": "r", "kadia": "", "ibrahim": "", "adama": "", "djeneba": ""}
    assert "1 demande sur ses données" in browsers["awa"].get("/cases/").content.decode()


@pytest.mark.parametrize(("code", "who", "other"), [("INSAT_MIN", "awa", "salif"), ("FRAUDE", "salif", "awa")])
def test_a_decision_on_what_was_asked_without_the_code_waits_to_be_told_by_somebody(
    cast: Cast, signed_in: Any, code: str, who: str, other: str
) -> None:
    user, case, desk = getattr(cast, who), sorted_case(cast.awa, code), "/cases/?liste=a-dire"
    read, silent = (a_request(case, "correct", "mardi", had_code=had_code) for had_code in (True, False))
    for one in (read, silent):
        actions.decide_data_request(one.pk, decision="refused", reason="L'enquête en a besoin.", by=user)
    browser, elsewhere, page = signed_in(user), signed_in(getattr(cast, other)), f"/cases/requests/{silent.pk}/"
    assert [(row.pk, row.decision_to_tell_by) for row in browser.get(desk).context["page"]] == [
        (case.pk, silent.due_at)
    ]
    assert "demande sur ses données, à dire" in browser.get(desk).content.decode()
    assert list(elsewhere.get(desk).context["page"]) == []
    shown = browser.get(page).content.decode()
    assert "L&#x27;enquête en a besoin." in shown
    assert "Je l’ai dit à la personne" not in browser.get(f"/cases/requests/{read.pk}/").content.decode()

    sent = Outbound.objects.count()
    with time_machine.travel(silent.due_at + timedelta(days=1), tick=False):
        remind_of_data_requests()
    assert Outbound.objects.count() > sent

    assert browser.post(page, {"how": "sms"}).status_code == 200
    assert elsewhere.post(page, {"how": "call"}).status_code == 404
    assert DataRequest.objects.get(pk=silent.pk).told_at is None
    assert browser.post(page, {"how": "call"}).status_code == 302
    told = DataRequest.objects.get(pk=silent.pk)
    assert (told.told_how, told.told_by, told.told_at is None) == ("call", user, False)
    assert AuditEntry.objects.get(act="feedback.datarequest.tell").actor_id == str(user.pk)
    assert list(browser.get(desk).context["page"]) == []
    with pytest.raises(Refused, match="déjà informée"):
        actions.tell_decision(silent.pk, how="call", by=user)


def test_nobody_is_looked_for_to_tell_of_what_was_erased(cast: Cast, signed_in: Any) -> None:
    request = a_request(sorted_case(cast.awa), had_code=False)
    browser = signed_in(cast.awa)
    assert "dites-le-lui d’abord" in browser.get(f"/cases/requests/{request.pk}/").content.decode()
    actions.decide_data_request(request.pk, decision="granted", reason="", by=cast.awa)
    assert list(browser.get("/cases/?liste=a-dire").context["page"]) == []
    assert not DataRequest.objects.waiting().exists()


@pytest.mark.parametrize(("code", "who"), [("INSAT_MIN", "awa"), ("FRAUDE", "salif")])
def test_what_is_asked_by_voice_is_noted_once_by_whoever_sees_the_case(
    recovery_key: bytes, cast: Cast, signed_in: Any, code: str, who: str
) -> None:
    case = sorted_case(cast.awa, code)
    page, browser = f"/cases/{case.pk}/request/", signed_in(getattr(cast, who))
    assert page in browser.get(f"/cases/{case.pk}/").content.decode()
    assert WORDS not in browser.get(page).content.decode()
    typed = {"once": str(uuid.uuid4()), "wish": "correct", "wish_words": ""}
    kept = browser.post(page, typed).content.decode()
    assert ("Écrivez ce qu’il faut corriger" in kept, DataRequest.objects.count()) == (True, 0)
    for _time in range(2):
        assert "C’est noté" in browser.post(page, typed | {"wish_words": "C'était mardi"}).content.decode()
    request = DataRequest.objects.get()
    assert (request.case_id, request.had_code, request.unsealed("words")) == (case.pk, False, "C'était mardi")
    assert AuditEntry.objects.get(act="feedback.datarequest.note").actor_id == str(getattr(cast, who).pk)
    assert browser.get(f"/cases/requests/{request.pk}/").status_code == 200
    assert signed_in(cast.kadia).post(page, typed).status_code == 404


def test_what_is_asked_by_voice_and_tells_of_abuse_is_sealed(recovery_key: bytes, cast: Cast, signed_in: Any) -> None:
    case = sorted_case(cast.awa)
    page = f"/cases/{case.pk}/request/"
    answer = signed_in(cast.awa).post(page, {"once": str(uuid.uuid4()), "wish": "correct", "wish_words": SEA})
    assert "C’est noté" in answer.content.decode()
    assert DataRequest.objects.get().unsealed("words") == ""
    assert SealedCase.objects.using("vault").count() == 1


def test_what_nobody_decided_in_time_is_said_again_once_a_day(cast: Cast) -> None:
    a_request(sorted_case(cast.awa))
    sent = Outbound.objects.count()
    remind_of_data_requests()
    assert Outbound.objects.count() == sent
    for day in (31, 32):
        with time_machine.travel(timezone.now() + timedelta(days=day), tick=False):
            remind_of_data_requests()
            remind_of_data_requests()
    assert Outbound.objects.count() == sent + 2


def test_a_decision_without_who_and_when_is_refused_by_the_database(cast: Cast) -> None:
    request = a_request(sorted_case(cast.awa))
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.filter(pk=request.pk).update(decision="granted")


# -- sealed ----------------------------------------------------------------------------------------------------------


def sealed_request(wish: str = "erase") -> tuple[SealedCase, SealedMessage]:
    seal(a_number(), stage="received")
    asked(wish)
    return SealedCase.objects.using("vault").get(), SealedMessage.objects.using("vault").get()


def test_in_the_vault_the_officers_decide_and_an_erasure_never_buries_a_report(vault: Vault) -> None:  # noqa: F811
    case, message = sealed_request()
    opened = open_case(case_id=case.pk, **vault.as_("aminata"))
    assert opened.narrative is not None
    (said,) = opened.narrative.messages
    assert (said.wish, said.decide_by) == (Wish.ERASE, message.decide_by)
    ids: dict[str, Any] = {"case_id": case.pk, "message_id": message.pk}
    with pytest.raises(Refused, match="empêcherait l’enquête"):
        decide_wish(is_granted=True, reason="", **ids, **vault.as_("aminata"))
    with pytest.raises(Refused, match="pourquoi"):
        decide_wish(is_granted=False, reason="", **ids, **vault.as_("aminata"))
    assert SealedMessage.objects.using("vault").get().decided_at is None

    SealedCase.objects.using("vault").update(copy_held_at=timezone.now())
    decide_wish(is_granted=True, reason="Demandé par elle", **ids, **vault.as_("aminata"))
    left = SealedCase.objects.using("vault").get()
    assert (left.words, left.contact, left.words_destroyed_at is None) == (None, None, False)
    assert not Wrap.objects.using("vault").filter(case=left, part="words").exists()
    assert where_is(a_number()).stage is None


def test_a_late_request_is_said_again_to_the_officers_only(vault: Vault) -> None:  # noqa: F811  the fixture
    sealed_request()
    before, now = Outbound.objects.count(), timezone.now()
    gone = {"words": None, "contact": None, "words_destroyed_at": now}
    SealedCase.objects.using("vault").update(state=SealedState.RECLASSIFIED, opened_at=now, **gone)
    SealedMessage.objects.using("vault").update(read_at=now)
    assert remind(at=timezone.now() + timedelta(days=29)) == 0
    assert remind(at=timezone.now() + timedelta(days=31)) == 1
    assert Outbound.objects.count() - before == 2


def test_protect_hands_the_request_over_and_a_release_brings_it_back(vault: Vault) -> None:  # noqa: F811  the fixture
    case = a_case(a_number())
    a_request(case, "correct", "C'était mardi")
    actions.protect(case.pk, by=vault.cast.awa)
    assert DataRequest.objects.count() == 0
    sealed = SealedCase.objects.using("vault").get()
    opened = open_case(case_id=sealed.pk, **vault.as_("aminata"))
    assert opened.narrative is not None
    assert [(said.wish, said.words) for said in opened.narrative.messages] == [("correct", "C'était mardi")]
    reclassify(case_id=sealed.pk, as_what=ReclassifiedAs.ORDINARY, no_disclosure=True, **vault.as_("aminata"))
    released = take_released(sealed.pk, no_disclosure=True, **vault.as_("aminata"))
    assert released.data_requests.get().unsealed("words") == "C'était mardi"


def test_what_is_added_after_the_words_were_destroyed_is_sealed_anew_not_lost(vault: Vault) -> None:  # noqa: F811
    seal(a_number(), stage="in_progress")
    SealedCase.objects.using("vault").update(words=None)
    Receipt.objects.using("vault").update(mailbox=None)
    page = followed(Client(), a_number(), more="Encore une chose", once=str(uuid.uuid4()))
    assert "ajouté à votre message" in text_of(page)
    assert SealedCase.objects.using("vault").count() == 2
    assert "Une personne décide avant le" in text_of(asked())
    assert SealedMessage.objects.using("vault").exclude(decide_by=None).count() == 1
