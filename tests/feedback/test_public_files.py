"""A voice note and a photo on the public pages: sealed in the lane of the words, opened by those who read them."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audio import packed, unpacked
from core.models import AuditEntry
from core.pictures import packed_picture
from feedback import actions
from feedback.actions.forget import forget_case
from feedback.actions.release import take_released
from feedback.models import Case, CaseMessage
from psea.actions import open_case, reclassify
from psea.enums import ReclassifiedAs
from psea.models import SealedCase, SealedMessage
from tests.cast import Cast
from tests.core.test_attached import PLACE, a_photo
from tests.feedback.test_public import ORDINARY, SEA, a_case, a_number, number_on, seal, text_of, without_tokens
from tests.psea.conftest import Vault, vault  # noqa: F401  a fixture
from tests.voices import OGG, PLANT, RECORDED, SOUND

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("recovery_key")]


def files(**chosen: bytes) -> dict[str, SimpleUploadedFile]:
    names = {"voice": "Fatou Dicko.ogg", "picture": "IMG_2022.jpg"}
    return {name: SimpleUploadedFile(names[name], content) for name, content in chosen.items()}


def spoken(words: str = ORDINARY, page: str = "speak", **chosen: bytes) -> Any:
    fields = {"once": str(uuid.uuid4()), "words": words, **files(**chosen)}
    return Client().post(reverse(f"feedback:{page}"), fields, follow=True)


def test_words_a_voice_and_a_photo_are_one_case_sealed_without_a_name(db: None) -> None:
    page = spoken(voice=OGG, picture=a_photo())
    assert number_on(page)
    case, message = Case.objects.get(), CaseMessage.objects.get()
    assert (case.unsealed("words"), message.unsealed("body")) == (ORDINARY, "[Message vocal] [Photo]")
    assert unpacked(message.unsealed("recording")) == ("audio/ogg", OGG)
    assert message.unsealed("picture").startswith("image/jpeg;base64,")
    stored = bytes(message.recording or b"") + bytes(message.picture or b"") + bytes(message.body or b"")
    for trace in (OGG, PLACE, b"Fatou", b"IMG_2022"):
        assert trace not in stored


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_what_was_written_beside_a_voice_is_not_kept_whatever_its_kind(path: Path, db: None) -> None:
    assert number_on(spoken(voice=path.read_bytes()))
    kind, sound = unpacked(CaseMessage.objects.get().unsealed("recording"))
    assert kind.startswith("audio/")
    assert PLANT not in sound


@pytest.mark.parametrize(("chosen", "words"), [("voice", "[Message vocal]"), ("picture", "[Photo]")])
def test_who_does_not_write_may_speak_or_show(db: None, chosen: str, words: str) -> None:
    brought: dict[str, Any] = {chosen: OGG if chosen == "voice" else a_photo()}
    spoken(words="", **brought)
    assert Case.objects.get().unsealed("words") == words


@pytest.mark.parametrize(
    ("chosen", "content", "sentence"),
    [
        ("voice", b"MZ" + SOUND, "n’est pas un enregistrement"),
        ("picture", OGG, "n’est pas une photo"),
        ("voice", OGG + bytes(5_000_001), "trop lourd : 5 Mo"),
        ("picture", a_photo() + bytes(12_000_000), "trop lourd : 8 Mo"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_and_what_was_typed_is_kept(
    db: None, chosen: str, content: bytes, sentence: str
) -> None:
    brought: dict[str, Any] = {chosen: content}
    page = text_of(spoken(**brought))
    assert sentence in page
    assert ORDINARY in page
    assert Case.objects.count() == 0


def test_the_page_says_the_limits_beforehand_and_asks_again_for_a_file_the_browser_forgot(db: None) -> None:
    assert {"5 Mo", "8 Mo"} <= set(re.findall(r"\d Mo", text_of(Client().get("/parler/"))))
    fields = {"words": ORDINARY, "safe_contact": "sms", "contact": "", **files(voice=OGG)}
    assert "Choisissez ce fichier de nouveau" in text_of(Client().post("/parler/", fields))


def test_no_file_touches_a_disk_before_it_is_sealed(db: None, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path / "nowhere"))
    spoken(voice=OGG + bytes(4_000_000), picture=a_photo((3000, 3000)))
    assert CaseMessage.objects.count() == 1


@pytest.mark.parametrize(("words", "page"), [(SEA, "speak"), (ORDINARY, "workers")])
def test_files_follow_their_words_into_the_vault_and_the_page_looks_the_same(db: None, words: str, page: str) -> None:
    sealed, ordinary = (spoken(words, page, voice=OGG, picture=a_photo()), spoken(voice=OGG, picture=a_photo()))
    shown = [re.sub(r"data:image[^\"]*|<span>\d{4}</span>", "", without_tokens(one)) for one in (sealed, ordinary)]
    assert shown[0] == shown[1]
    message = SealedMessage.objects.using("vault").get()
    assert message.recording is not None
    assert message.picture is not None
    assert CaseMessage.objects.count() == 1


def test_posted_twice_is_one_case_and_one_message(db: None) -> None:
    once = str(uuid.uuid4())
    for _ in range(2):
        Client().post("/parler/", {"once": once, "words": "", **files(voice=OGG)})
    assert (Case.objects.count(), CaseMessage.objects.count()) == (1, 1)


@pytest.fixture(params=["ordinary", "sealed"])
def followed_with_files(request: pytest.FixtureRequest, db: None) -> tuple[str, str]:
    if request.param == "sealed":
        seal(a_number(), stage="received")
    else:
        a_case(a_number())
    fields = {"number": a_number(), "more": "", "once": str(uuid.uuid4()), **files(voice=OGG, picture=a_photo())}
    return request.param, without_tokens(Client().post("/suivi/", fields))


def test_a_file_is_added_with_the_number_in_every_lane(followed_with_files: tuple[str, str]) -> None:
    lane, page = followed_with_files
    assert "ajouté à votre message" in page
    counts = {"ordinary": CaseMessage.objects.count(), "sealed": SealedMessage.objects.using("vault").count()}
    assert counts == {"ordinary": 0, "sealed": 0} | {lane: 1}


def test_the_team_opens_them_in_a_sandbox_each_look_is_noted_and_nobody_else_does(
    db: None, cast: Cast, signed_in: Any
) -> None:
    spoken(voice=OGG, picture=a_photo())
    case, message = Case.objects.get(), CaseMessage.objects.get()
    where = reverse("feedback:picture", args=[case.pk, message.pk])
    browser = signed_in(cast.awa)
    assert where in browser.get(f"/cases/{case.pk}/").content.decode()
    seen = browser.get(where)
    assert (seen.status_code, seen["Content-Type"], seen["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert "sandbox" in seen["Content-Security-Policy"]
    assert AuditEntry.objects.filter(act="feedback.casemessage.read", target_id=str(message.pk)).count() == 1
    for who in ("oumar", "kadia", "adama", "djeneba"):
        assert signed_in(getattr(cast, who)).get(where).status_code == 404

    browser.post(reverse("feedback:recording_erase", args=[case.pk, message.pk]))
    message.refresh_from_db()
    assert (message.recording, message.picture) == (None, None)
    assert browser.get(where).status_code == 404


def test_protect_takes_the_photo_along_and_a_release_brings_it_back(vault: Vault) -> None:  # noqa: F811  the fixture
    spoken(voice=OGG, picture=a_photo())
    actions.protect(Case.objects.get().pk, by=vault.cast.awa)
    assert CaseMessage.objects.count() == 0
    sealed = SealedCase.objects.using("vault").get()
    opened = open_case(case_id=sealed.pk, **vault.as_("aminata"))
    assert opened.narrative is not None
    (said,) = opened.narrative.messages
    assert (said.recording, said.picture[:16]) == (packed(OGG), packed_picture(a_photo())[:16])

    reclassify(case_id=sealed.pk, as_what=ReclassifiedAs.GBV_OR_CHILD, no_disclosure=False, **vault.as_("aminata"))
    case = take_released(sealed.pk, no_disclosure=False, **vault.as_("aminata"))
    assert case.messages.get(picture__isnull=False).unsealed("recording") == packed(OGG)
    assert SealedMessage.objects.using("vault").count() == 0


def test_forgetting_a_case_destroys_its_files(db: None, cast: Cast) -> None:
    spoken(picture=a_photo())
    case = actions.close_because(Case.objects.get().pk, because="thanks", by=cast.awa)
    forget_case(case.pk, by=cast.awa, at=timezone.now())
    assert CaseMessage.objects.count() == 0


def test_what_the_team_asked_in_the_thread_is_answered_with_a_photo_without_a_name(db: None, cast: Cast) -> None:
    case = a_case(a_number(), code="246810")
    question = actions.ask_person(case.pk, pk=uuid.uuid4(), words="Montrez-nous la pompe.", by=cast.awa)
    opened = {"number": a_number(), "code": "246810"}
    assert "Montrez-nous la pompe." in text_of(Client().post("/suivi/", opened))
    page = Client().post("/suivi/", opened | {"more": "La voici", **files(picture=a_photo())})
    assert "La voici" not in text_of(page)
    assert "ajouté à votre message" in text_of(page)
    question.refresh_from_db()
    answer = CaseMessage.objects.get(direction="in")
    assert (question.awaits_reply, answer.picture is None, answer.is_unread) == (False, False, True)
    assert (case.unsealed("contact"), case.phone_hash) == ("", "")
