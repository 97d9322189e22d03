"""Twilio by voice: a call chooses its language, leaves a message, and hears its receipt number twice.

What is said comes from the module that `settings.VOICE_TEXTS` names. The caller's step stands in the address, which
Twilio signs (https://www.twilio.com/docs/voice/twiml).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.gateways import Config, GatewayError, InboundSms, Kind, Media, StatusUpdate
from core.phones import normalise
from core.receipt_number import grouped
from core.twilio.account import FIELDS, XML, TwilioAccount, account, from_settings
from core.twilio.voices import Voice, VoiceTexts

LONGEST_MESSAGE = 180
SILENCE = 5
TRIES = 2
# https://help.twilio.com/articles/223179988: how Twilio writes a caller who withholds their number
WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8656696"}


class VoiceGateway(TwilioAccount):
    """The account's telephone."""

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        posted = request.POST
        seconds = posted.get("RecordingDuration", "")
        recording = posted.get("RecordingSid", "")
        if request.GET.get("step") != "recorded" or not recording.isalnum() or seconds in ("", "0"):
            return None
        sender = posted.get("From", "").strip()
        length = int(seconds) if seconds.isdecimal() and len(seconds) < 6 else None
        return InboundSms(
            provider_id=recording,
            sender="" if sender in WITHHELD else normalise(sender) or sender,
            to=posted.get("To", "").strip(),
            body="",
            sent_at=None,
            channel="voice",
            media=(Media(f"Recordings/{recording}", "audio/mpeg", length),),
        )

    def answer(self, request: HttpRequest, message: InboundSms | None) -> HttpResponse:
        step = request.GET.get("step", "")
        if "CallSid" not in request.POST:
            return self.accepted()
        if step == "recorded":
            return self._received(request, message) if message is not None else self._again(request)
        return self._speak(_voice(request), "speak") if step == "language" else self._menu(request)

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        return None

    def send(self, to: str, body: str, *, reference: str) -> str:
        raise GatewayError("voice cannot write", permanent=True)

    def _menu(self, request: HttpRequest) -> HttpResponse:
        known = _texts().language_of(normalise(request.POST.get("From", "")) or "")
        voices = sorted(_texts().voices(), key=lambda voice: voice.language != known)
        here = self._step("language", lang=voices[0].language)
        said = Element("Response")
        asked = SubElement(said, "Gather", numDigits="1", timeout=str(SILENCE), method="POST", action=here)
        for voice in voices:
            _say(asked, "menu", voice)
        SubElement(said, "Redirect", method="POST").text = here
        return _twiml(said)

    def _speak(self, voice: Voice, words: str, tries: int = 1) -> HttpResponse:
        said = Element("Response")
        _say(said, words, voice)
        action = self._step("recorded", lang=voice.language, tries=str(tries))
        SubElement(
            said,
            "Record",
            action=action,
            method="POST",
            maxLength=str(LONGEST_MESSAGE),
            timeout=str(SILENCE),
            finishOnKey="#",
            playBeep="true",
        )
        # Record goes on to the next verb when nothing was said
        SubElement(said, "Redirect", method="POST").text = action
        return _twiml(said)

    def _again(self, request: HttpRequest) -> HttpResponse:
        voice, tries = _voice(request), request.GET.get("tries", "")
        if tries.isdecimal() and int(tries[:3]) < TRIES:
            return self._speak(voice, "again", int(tries) + 1)
        return _goodbye(voice, ["goodbye"])

    def _received(self, request: HttpRequest, message: InboundSms) -> HttpResponse:
        number = grouped(message.receipt_number)
        return _goodbye(_voice(request), ["received", number, "repeat", number, "goodbye"])

    def _step(self, step: str, **more: str) -> str:
        path = f"/sms/{self.name}/?{urlencode({'step': step, **more})}"
        return self.public_url.rstrip("/") + path


def _texts() -> VoiceTexts:
    return cast(VoiceTexts, import_module(settings.VOICE_TEXTS))


def _voice(request: HttpRequest) -> Voice:
    """By the digit pressed, else the one of this step, else the usual one."""
    digit, language = request.POST.get("Digits", ""), request.GET.get("lang", "")
    voices = _texts().voices()
    pressed = [voice for voice in voices if voice.digit == digit and request.GET.get("step") == "language"]
    return next(iter([*pressed, *(voice for voice in voices if voice.language == language)]), voices[0])


def _say(parent: Element, name: str, voice: Voice) -> None:
    """In: what is said, by its name, or groups of digits, one by one."""
    groups = name.split() if name[0].isdecimal() else []
    if not voice.is_recorded:
        words = " . ".join(", ".join(group) for group in groups) or _texts().words(name, voice.language)
        SubElement(parent, "Say", language=voice.locale).text = words
        return
    parts: Sequence[Sequence[str]] = groups or [[name]]
    for part in parts:
        for sound in part:
            SubElement(parent, "Play").text = settings.PUBLIC_URL + _texts().recording(sound, voice.language)
        if groups:
            SubElement(parent, "Pause", length="1")


def _goodbye(voice: Voice, names: Iterable[str]) -> HttpResponse:
    said = Element("Response")
    for name in names:
        _say(said, name, voice)
        SubElement(said, "Pause", length="1")
    SubElement(said, "Hangup")
    return _twiml(said)


def _twiml(said: Element) -> HttpResponse:
    return HttpResponse('<?xml version="1.0" encoding="UTF-8"?>' + tostring(said, encoding="unicode"), content_type=XML)


def recognises(request: HttpRequest) -> bool:
    return "CallSid" in request.POST


def build(config: Config) -> VoiceGateway:
    said: dict[str, Any] = account(config)
    return VoiceGateway(**said)


KIND = Kind(
    name="twilio-voice",
    label=_("Twilio, téléphone"),
    build=build,
    hint=_("Dans la console Twilio : « A call comes in », POST vers l’adresse de la ligne."),
    fields=FIELDS,
    environment=lambda: from_settings("twilio-voice"),
    family="twilio",
    recognises=recognises,
    sends=False,
)
