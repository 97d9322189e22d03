"""The editor of SMS texts: counted, neutral, approved by speakers, or the file's words leave."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry, Outbound
from core.sms_encoding import FOLDS
from core.transitions import Refused
from feedback.actions.texts import approve_text, keep_line_writing, restore_text, write_text
from feedback.models import PhonePreference, TextVersion
from feedback.outgoing import fixed_sms, sms_to_person
from feedback.preferences import phone_index
from feedback.sms_texts import file_text, text_for, wording
from tests.cast import Cast

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

SignIn = Callable[[Any], Client]
NUMBER = "123456789012"
PHONE = "+22300000031"
EDITED = "Message reçu. Votre numéro : {number}. Pour savoir où il en est : SUIVI et ce numéro."


def filed(language: str, name: str) -> str:
    return str(file_text(language, name)).format(number="1234 5678 9012", url="")


def test_an_edit_leaves_only_once_a_speaker_approved_it_and_who_did_what_is_kept(cast: Cast) -> None:
    write_text("receipt", "fra", EDITED, by=cast.djeneba)
    assert text_for("receipt", "fra", number=NUMBER) == filed("fra", "receipt"), "the file, until it is approved"
    approve_text("receipt", "fra", seen=EDITED, speaker="Comité de Gao", by=cast.adama)
    assert text_for("receipt", "fra", number=NUMBER).startswith("Message reçu. Votre numéro : 1234 5678 9012.")
    version = TextVersion.objects.get()
    assert (version.written_by, version.approved_by, version.speaker) == (cast.djeneba, cast.adama, "Comité de Gao")
    acts = (
        AuditEntry.objects.filter(act__startswith="feedback.text.")
        .order_by("recorded_at")
        .values_list("act", flat=True)
    )
    assert list(acts) == ["feedback.text.write", "feedback.text.approve"]


def test_a_new_edit_of_an_approved_french_text_leaves_the_approved_one_in_place(cast: Cast) -> None:
    write_text("receipt", "fra", EDITED, by=cast.djeneba)
    approve_text("receipt", "fra", seen=EDITED, speaker="Comité", by=cast.djeneba)
    write_text("receipt", "fra", EDITED + " Merci.", by=cast.djeneba)
    assert text_for("receipt", "fra", number=NUMBER).endswith("SUIVI et ce numéro.")


def test_an_edit_in_another_language_loses_its_approval_and_french_leaves_meanwhile(cast: Cast) -> None:
    assert text_for("stopped", "eng") == filed("eng", "stopped")
    write_text("stopped", "eng", "No more messages. To start again: START.", by=cast.djeneba)
    assert text_for("stopped", "eng") == filed("fra", "stopped")
    assert text_for("restarted", "eng") == filed("eng", "restarted"), "of that text only"
    restore_text("stopped", "eng", by=cast.djeneba)
    assert text_for("stopped", "eng") == filed("eng", "stopped")


def test_one_text_of_an_unapproved_language_can_be_approved_as_its_file_says(cast: Cast) -> None:
    words = wording("stopped", "bam").words
    assert text_for("stopped", "bam") == filed("fra", "stopped")
    approve_text("stopped", "bam", seen=words, speaker="Radio de Ségou", by=cast.djeneba)
    assert text_for("stopped", "bam") == words
    assert text_for("restarted", "bam") == filed("fra", "restarted")


def test_words_that_changed_since_they_were_read_are_not_approved(cast: Cast) -> None:
    write_text("receipt", "fra", EDITED, by=cast.djeneba)
    with pytest.raises(Refused, match="changé entre-temps"):
        approve_text("receipt", "fra", seen="autre chose", speaker="Comité", by=cast.djeneba)
    with pytest.raises(Refused, match="qui parle cette langue"):
        approve_text("receipt", "fra", seen=EDITED, speaker=" ", by=cast.djeneba)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Votre plainte est reçue. {number}. SUIVI", "« plainte »"),
        ("Reçu par le NRC. {number}. SUIVI", "« NRC »"),
        ("Reçu : Violence basée sur le genre. {number}. SUIVI", "Violence basée sur le genre"),
        ("Message reçu. SUIVI et votre numéro.", "Gardez « {number} »"),
        ("Reçu {number} {nom}. SUIVI", "Retirez « {nom} »"),
        ("Reçu {number!r} {number}. SUIVI", "Retirez"),
        ("Reçu {number. SUIVI", "accolade"),
        ("Reçu. Votre numéro : {number}.", "SUIVI"),
        ("Reçu {number} SUIVI " + "très long " * 30, "pas plus de trois"),
    ],
)
def test_an_edit_that_would_tell_or_lose_something_is_refused_with_a_sentence(
    cast: Cast, signed_in: SignIn, words: str, sentence: str
) -> None:
    response = signed_in(cast.djeneba).post("/settings/texts/fra/receipt/", {"words": words})
    assert response.status_code == 422
    assert sentence in response.context["form"].errors["words"][0]
    assert not TextVersion.objects.exists()


def test_the_editor_counts_and_prices_line_by_line_without_a_script(
    cast: Cast, signed_in: SignIn, settings: Any
) -> None:
    settings.SMS_CURRENCY = "FCFA"
    keep_line_writing("console", Decimal("22.5"), [], by=cast.adama)
    page = signed_in(cast.djeneba).post("/settings/texts/fra/added/", {"words": "ç" * 71, "count": "1"})
    assert not TextVersion.objects.exists(), "counting saves nothing"
    costs = {cost.line.name: (cost.size.encoding, cost.size.segments, cost.total) for cost in page.context["costs"]}
    assert costs["console"] == ("UCS-2", 2, "45 FCFA")
    assert costs["twilio"][2] == "–", "a price that nobody gave is not invented"
    assert "prix non renseigné" in page.content.decode()
    assert 'data-price="22.500"' in page.content.decode(), "what the script multiplies"


def test_a_line_that_folds_bambara_sends_it_in_gsm7_and_leaves_french_as_it_is(cast: Cast, settings: Any) -> None:
    settings.SMS_GATEWAY = "console"
    words = wording("stopped", "bam").words
    approve_text("stopped", "bam", seen=words, speaker="Radio de Ségou", by=cast.djeneba)
    PhonePreference.objects.create(phone_hash=phone_index(PHONE), language="bam", line="console")

    def sent() -> str:
        row = fixed_sms(PHONE, "stopped", kind=Outbound.Kind.ANSWER)
        assert row is not None
        return row.unsealed("body")

    assert set(sent()) & set(FOLDS)
    keep_line_writing("console", None, ["bam"], by=cast.adama)
    assert not set(sent()) & set(FOLDS)
    french = sms_to_person(PHONE, "Déjà reçu, ça va", kind=Outbound.Kind.ANSWER, language="fra")
    assert french is not None
    assert french.unsealed("body") == "Déjà reçu, ça va"


def test_prices_and_folds_are_kept_from_the_settings_page(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.djeneba)
    typed = {"console-price": "25", "console-folded": ["bam", "ful"], "twilio-price": "-1"}
    assert client.post("/settings/texts/lines/", typed).status_code == 422
    assert client.post("/settings/texts/lines/", typed | {"twilio-price": ""}).status_code == 302
    page = client.get("/settings/texts/bam/receipt/")
    folded = {cost.line.name: (cost.is_folded, cost.size.encoding) for cost in page.context["costs"]}
    assert folded["console"] == (True, "GSM-7")
    assert folded["twilio"] == (False, "UCS-2")
