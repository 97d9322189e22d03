"""The messages the stand-in holds, and how Twilio writes them in JSON."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

API_VERSION = "2010-04-01"


def new_sid(prefix: str = "SM") -> str:
    """An id shaped like Twilio's: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass
class Message:
    """One outgoing message."""

    account_sid: str
    to: str
    sender: str
    service: str
    body: str
    status_callback: str
    status: str
    sid: str = field(default_factory=new_sid)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    error_code: int | None = None
    is_inbound: bool = False
    content_sid: str = ""
    num_media: str = "0"

    def as_json(self) -> dict[str, Any]:
        """The resource as the API shows it."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.created) if self.status not in ("queued", "accepted") else None,
            "date_updated": format_datetime(self.created),
            "direction": "inbound" if self.is_inbound else "outbound-api",
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender or None,
            "messaging_service_sid": self.service or None,
            "num_media": self.num_media,
            "num_segments": "0" if self.service else "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def as_seen_by_tests(self) -> dict[str, Any]:
        """The resource, and the address its status goes to."""
        return self.as_json() | {"status_callback": self.status_callback, "content_sid": self.content_sid}


class Messages:
    """All outgoing messages, safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Message] = {}

    def add(self, message: Message) -> None:
        with self._lock:
            self._by_sid[message.sid] = message

    def get(self, sid: str) -> Message | None:
        with self._lock:
            return self._by_sid.get(sid)

    def remove(self, sid: str) -> bool:
        with self._lock:
            return self._by_sid.pop(sid, None) is not None

    def outgoing(self) -> list[Message]:
        """What the product sent, oldest first."""
        return [message for message in self.oldest_first() if not message.is_inbound]

    def clear(self) -> None:
        with self._lock:
            self._by_sid.clear()

    def oldest_first(self) -> list[Message]:
        with self._lock:
            return list(self._by_sid.values())

    def matching(self, query: dict[str, str]) -> list[Message]:
        """Newest first, as Twilio lists; understands To, From, DateSent, DateSent> and DateSent<."""
        return [message for message in reversed(self.oldest_first()) if _matches(message, query)]


def _matches(message: Message, query: dict[str, str]) -> bool:
    created = message.created.replace(microsecond=0)
    return (
        query.get("To", message.to) == message.to
        and query.get("From", message.sender) == message.sender
        and ("DateSent" not in query or created.date() == _moment(query["DateSent"]).date())
        and ("DateSent>" not in query or created >= _moment(query["DateSent>"]))
        and ("DateSent<" not in query or created <= _moment(query["DateSent<"]))
    )


def _moment(text: str) -> datetime:
    """An ISO date, an ISO instant or an RFC 2822 date, always in UTC."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
