"""The gateway's door: signed or refused, stored sealed before it is answered, once."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from twilio.request_validator import RequestValidator

from core.models import Outbound
from feedback import envelopes
from feedback.models import Case, Envelope
from tests.feedback.conftest import TO, Telephone
from tests.standin import webhooks

BODY = "Le puits est à sec depuis mardi"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def fields(**more: str) -> dict[str, str]:
    found = webhooks.inbound(settings.TWILIO_ACCOUNT_SID, sender="+22300000012", to=TO, body=BODY)
    return found | more


def test_a_signed_message_is_answered_with_empty_twiml(telephone: Telephone) -> None:
    answer = telephone.says(BODY)
    assert (answer.status_code, answer.content.decode()) == (200, EMPTY)
    assert answer["Content-Type"].startswith("text/xml")


def test_a_messaging_service_payload_is_taken_too(telephone: Telephone) -> None:
    assert telephone.post("/sms/twilio/", fields(MessagingServiceSid="MG" + "b" * 32)).status_code == 200
    assert Case.objects.count() == 1


def test_a_forged_request_is_refused_and_leaves_nothing(telephone: Telephone) -> None:
    answer = telephone.post("/sms/twilio/", fields(), token="another token")
    assert (answer.status_code, answer.content) == (403, b"")
    assert (Envelope.objects.count(), Case.objects.count()) == (0, 0)


def test_an_unsigned_request_is_refused(telephone: Telephone) -> None:
    assert Client().post("/sms/twilio/", fields()).status_code == 403
    assert Envelope.objects.count() == 0


def test_a_signature_made_for_another_address_is_refused(telephone: Telephone) -> None:
    said = fields()
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(
        settings.PUBLIC_URL + "/sms/twilio/status/", said
    )
    assert Client().post("/sms/twilio/", said, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert Envelope.objects.count() == 0


@pytest.mark.parametrize("path", ["/sms/twilio/", "/sms/twilio/status/"])
def test_looking_at_the_door_is_refused_and_needs_no_account(db: None, path: str) -> None:
    assert Client().get(path).status_code == 405


@pytest.mark.parametrize("path", ["/sms/nobody/", "/sms/nobody/status/"])
def test_a_gateway_that_does_not_exist_is_not_found(db: None, path: str) -> None:
    assert Client().post(path, fields()).status_code == 404


def test_the_console_gateway_has_no_door(db: None) -> None:
    assert Client().post("/sms/console/", fields()).status_code == 403


def test_the_message_is_stored_sealed_before_anything_is_made_of_it(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelopes, "publish_soon", lambda *args: None)
    telephone.says(BODY)
    envelope = Envelope.objects.get()
    assert (envelope.unsealed("body"), envelope.unsealed("sender"), envelope.unsealed("recipient")) == (
        BODY,
        "+22300000012",
        TO,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_envelope")
        at_rest = repr(cursor.fetchall())
    assert BODY not in at_rest
    assert "22300000012" not in at_rest


def test_the_door_takes_one_statement_besides_its_savepoint(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelopes, "publish_soon", lambda *args: None)
    with CaptureQueriesContext(connection) as log:
        telephone.says(BODY)
    statements = [query["sql"].split()[0] for query in log.captured_queries]
    assert [word for word in statements if word not in ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")] == ["INSERT"]


def test_a_strange_provider_id_is_kept_apart_from_others(telephone: Telephone) -> None:
    for sid in ("SM" + "x" * 300, "SM" + "x" * 301):
        assert telephone.says(BODY, sid=sid).status_code == 200
    assert Envelope.objects.count() == 2


def test_a_status_that_shares_the_id_of_a_message_is_not_eaten(telephone: Telephone) -> None:
    telephone.says(BODY)
    sent = Outbound.objects.get(way=Outbound.Way.SMS)
    Outbound.objects.filter(pk=sent.pk).update(gateway="twilio", provider_id="SM" + "c" * 32)
    answer = telephone.post(
        "/sms/twilio/status/",
        {"MessageSid": "SM" + "c" * 32, "MessageStatus": "delivered", "AccountSid": settings.TWILIO_ACCOUNT_SID},
    )
    sent.refresh_from_db()
    assert (answer.status_code, sent.state) == (200, Outbound.State.DELIVERED)


def test_news_of_an_unknown_message_is_accepted(telephone: Telephone) -> None:
    answer = telephone.post("/sms/twilio/status/", {"MessageSid": "SM" + "d" * 32, "MessageStatus": "delivered"})
    assert answer.status_code == 200
