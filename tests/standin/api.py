"""Twilio's Messages API, as far as an SMS platform uses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.standin.messages import API_VERSION, Message, Messages, new_sid

E164 = re.compile(r"(?:whatsapp:)?\+[1-9]\d{6,14}")
BODY_LIMIT = 1600
TEXTS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    21211: "The 'To' number {to} is not a valid phone number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit.",
}

Reply = tuple[int, dict[str, Any] | None]


@dataclass(frozen=True)
class Call:
    """One request to the API, already read."""

    method: str
    tail: str
    query: dict[str, str]
    form: dict[str, str]


def refusal(status: int, code: int, to: str = "") -> Reply:
    """An error as Twilio writes it; its text quotes the number, as Twilio's does."""
    text = TEXTS.get(code, "Service unavailable for {to}").format(to=to)
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": text, "more_info": more, "status": status}


class MessagesApi:
    """The resource `Messages` of one account."""

    def __init__(self, account_sid: str, messages: Messages) -> None:
        self.account_sid = account_sid
        self.messages = messages
        self.stopped: set[str] = set()
        self.wrote: set[str] = set()
        self.refused_later: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.leaks: list[str] = []

    def answer(self, call: Call) -> Reply:
        """Route one authenticated request; `call.tail` is what follows the account in its path."""
        if call.tail == "Messages.json":
            return self._create(call.form) if call.method == "POST" else self._list(call.query)
        if call.method == "DELETE" and call.tail.removesuffix(".json") in self.files:
            del self.files[call.tail.removesuffix(".json")]
            return 204, None
        if listed := re.fullmatch(r"(Recordings|Messages/\w+/Media)\.json", call.tail):
            return self._files(listed[1])
        match = re.fullmatch(r"Messages/(\w+)\.json", call.tail)
        message = self.messages.get(match[1]) if match else None
        if message is None:
            return refusal(404, 20404)
        acts: dict[str, Callable[[Message, dict[str, str]], Reply]] = {
            "GET": self._show,
            "POST": self._redact,
            "DELETE": self._delete,
        }
        return acts[call.method](message, call.form)

    def keep_inbound(self, fields: dict[str, str]) -> None:
        """Twilio keeps what people send, too. A repeated message is one."""
        self.wrote.add(fields["From"])
        self.refused_later.discard(fields["From"])
        if self.messages.get(fields["MessageSid"]) is None:
            kept = Message(self.account_sid, fields["To"], fields["From"], "", fields["Body"], "", "received")
            kept.sid, kept.is_inbound, kept.num_media = fields["MessageSid"], True, fields["NumMedia"]
            self.messages.add(kept)

    def _create(self, form: dict[str, str]) -> Reply:
        code = self._fault(form)
        if code:
            return refusal(400, code, form.get("To", ""))
        service = form.get("MessagingServiceSid", "")
        message = Message(
            account_sid=self.account_sid,
            to=form["To"],
            sender=form.get("From", ""),
            service=service,
            body=form.get("Body", ""),
            content_sid=form.get("ContentSid", ""),
            status_callback=form.get("StatusCallback", ""),
            status="accepted" if service else "queued",
        )
        self.messages.add(message)
        return 201, message.as_json()

    def _fault(self, form: dict[str, str]) -> int | None:
        to, body, content = form.get("To", ""), form.get("Body", ""), form.get("ContentSid", "")
        begins = to.startswith("whatsapp:") and to not in self.wrote | self.refused_later
        rules = [
            (not to, 21604),
            (not E164.fullmatch(to), 21211),
            (not form.get("From") and not form.get("MessagingServiceSid"), 21603),
            (not body and not content, 21602),
            # Twilio says so at once or later, by the status
            (begins and not content, 63016),
            (len(body) > BODY_LIMIT, 21617),
            (to in self.stopped, 21610),
        ]
        return next((code for broken, code in rules if broken), None)

    def _list(self, query: dict[str, str]) -> Reply:
        found = self.messages.matching(query)
        size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        path = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages.json"
        following = query | {"PageSize": str(size), "Page": str(page + 1), "PageToken": new_sid("PA")}
        return 200, {
            "messages": [message.as_json() for message in shown],
            "page": page,
            "page_size": size,
            "uri": path,
            "next_page_uri": f"{path}?{urlencode(following)}" if more else None,
        }

    def _files(self, folder: str) -> Reply:
        """What is held of recordings, or of one message's files."""
        held = [{"sid": name.rpartition("/")[2]} for name in sorted(self.files) if name.rpartition("/")[0] == folder]
        key = "recordings" if folder == "Recordings" else "media_list"
        return 200, {key: held, "page": 0, "page_size": 1000, "uri": folder, "next_page_uri": None}

    def _show(self, message: Message, form: dict[str, str]) -> Reply:
        return 200, message.as_json()

    def _redact(self, message: Message, form: dict[str, str]) -> Reply:
        message.body = form.get("Body", message.body)
        return 200, message.as_json()

    def _delete(self, message: Message, form: dict[str, str]) -> Reply:
        self.messages.remove(message.sid)
        return 204, None
