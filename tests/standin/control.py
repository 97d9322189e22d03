"""What tests may ask of the stand-in, behind `/_control/`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from tests.standin import webhooks
from tests.standin.api import MessagesApi
from tests.standin.faults import Faults
from tests.standin.messages import Message
from tests.standin.webhooks import Answer, Request

Wish = dict[str, Any]


class Control:
    """The tests' side: tell it to misbehave, to deliver, to receive; ask what it holds."""

    def __init__(self, api: MessagesApi, faults: Faults, token: str) -> None:
        self.api = api
        self.faults = faults
        self.token = token
        self.last: list[Request] = []
        self._background = ThreadPoolExecutor(max_workers=4)
        self.acts: dict[str, Callable[[Wish], Wish]] = {
            "sent": self.sent,
            "faults": self.set_faults,
            "stop": self.stop,
            "close_window": self.close_window,
            "held": self.held,
            "hold": self.hold,
            "call": self.call,
            "deliver": self.deliver,
            "receive": self.receive,
            "replay": self.replay,
            "reset": self.reset,
        }

    def sent(self, wish: Wish) -> Wish:
        """Every message taken, oldest first; `to` narrows."""
        messages = [m for m in self.api.messages.outgoing() if wish.get("to", m.to) == m.to]
        return {"messages": [message.as_seen_by_tests() for message in messages]}

    def set_faults(self, wish: Wish) -> Wish:
        """Replace the plan of faults; see `Faults`."""
        self.faults.set(wish)
        return {}

    def stop(self, wish: Wish) -> Wish:
        """`to` has unsubscribed at the carrier (error 21610)."""
        self.api.stopped.add(wish["to"])
        return {}

    def close_window(self, wish: Wish) -> Wish:
        """24 hours went by since `to` wrote by WhatsApp: free text is refused (63016), `later` by the status only."""
        self.api.wrote.discard(wish["to"])
        if wish["later"]:
            self.api.refused_later.add(wish["to"])
        return {}

    def reset(self, wish: Wish) -> Wish:
        """Forget everything."""
        self.faults.set({})
        self.api.messages.clear()
        self.api.stopped.clear()
        self.api.wrote.clear()
        self.api.refused_later.clear()
        self.api.files.clear()
        self.api.leaks.clear()
        self.last = []
        return {}

    def deliver(self, wish: Wish) -> Wish:
        """Post the statuses of one message (`sid`) or of all to their callback.

        `statuses` in order (default sent, delivered), `reorder` reverses them, `repeat` posts each so many times,
        `signature` is valid, unsigned or forged, `error_code` replaces the usual one.
        """
        chosen = [m for m in self.api.messages.outgoing() if wish.get("sid", m.sid) == m.sid and m.status_callback]
        return _answers([answer for message in chosen for answer in self._report(message, wish)])

    def _report(self, message: Message, wish: Wish) -> list[Answer]:
        states = list(wish.get("statuses", ("sent", "delivered")))
        message.error_code = wish.get("error_code")
        if message.to in self.api.refused_later and message.body:
            states, message.error_code = ["failed"], 63016
        message.status = states[-1]
        if wish.get("reorder"):
            states.reverse()
        return [
            webhooks.post(
                self._signed(message.status_callback, webhooks.status(message, state, message.error_code), wish)
            )
            for state in states
            for _time in range(wish.get("repeat", 1))
        ]

    def report_later(self, message: Message) -> None:
        """Report the message sent and delivered from another thread, as Twilio does of itself."""
        if message.status_callback:
            self._background.submit(self._report, message, {})

    def receive(self, wish: Wish) -> Wish:
        """Post incoming messages to the webhook at `url`.

        `messages`: dicts of sender, to, body and if wanted sid, service, media. `reorder` reverses them, `repeat`
        posts each so many times, `at_once` posts all at the same time, `signature` is valid, unsigned or forged.
        """
        fields = [webhooks.inbound(self.api.account_sid, **m) for m in wish["messages"]]
        for one in fields:
            self.api.keep_inbound(one)
        once = [self._signed(wish["url"], one, wish) for one in fields]
        requests = [request for request in once for _time in range(wish.get("repeat", 1))]
        if wish.get("reorder"):
            requests.reverse()
        self.last = requests
        return _answers(_post_all(requests, at_once=wish.get("at_once", False)))

    def hold(self, wish: Wish) -> Wish:
        """A file that the account holds: `resource`, and its content in base64."""
        self.api.files[wish["resource"]] = base64.b64decode(wish["content"])
        return {}

    def held(self, wish: Wish) -> Wish:
        """What is still there: incoming texts, files; and whether the store behind was told the password."""
        texts = [m.body for m in self.api.messages.oldest_first() if m.is_inbound and m.body]
        return {"texts": texts, "files": sorted(self.api.files), "leaks": list(self.api.leaks)}

    def call(self, wish: Wish) -> Wish:
        """One step of a voice call: posts `fields` to `url`, signed."""
        self.last = [self._signed(wish["url"], wish["fields"], wish)]
        return _answers(_post_all(self.last, at_once=False))

    def replay(self, wish: Wish) -> Wish:
        """Post the last incoming requests again, byte for byte, signature included."""
        return _answers([webhooks.post(request) for request in self.last])

    def _signed(self, url: str, fields: dict[str, str], wish: Wish) -> Request:
        signature = wish.get("signature", "valid")
        return webhooks.signed(
            url, fields, token=self.token, signature=signature, public_url=wish.get("public_url", "")
        )


def _post_all(requests: list[Request], *, at_once: bool) -> list[Answer]:
    if not at_once:
        return [webhooks.post(request) for request in requests]
    with ThreadPoolExecutor(max_workers=max(1, len(requests))) as pool:
        return list(pool.map(webhooks.post, requests))


def _answers(answers: list[Answer]) -> Wish:
    return {"answers": [asdict(answer) for answer in answers]}
