"""Whether the lanes can be told apart from outside, by time or by bytes: ordinary against sealed, in turns drawn anew.

    .venv/bin/python -m bench.lanes --pairs 500 [--seed 7] [--averaged 20]

PostgreSQL, Redis, web server, one worker and a carrier of its own, in production settings; two officers on duty. It
asks over the loopback, where a difference of microseconds can be seen that no network would let through, and gives the
times to simple classifiers (`bench.telling`). Each thing is said or asked once in each lane, one after another.
Exit code 1 if bytes differ, or if something can be told from time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from bench.intake import machine
from bench.posts import PATH, sender, signed
from bench.production import AS_THE_FRONT, PUBLIC_URL, Production, production
from bench.programs import ROOT, running
from bench.telling import Told, averaged, told

# Of one length in each lane: what one says oneself, one can make as long as one likes.
SAID = {
    False: "Le forage du quartier est en panne depuis trois jours et personne ne vient",
    True: "Un agent demande aux filles de coucher avec lui pour avoir la carte de riz",
}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
NUMBER = re.compile(rb'id="receipt-number">(.*?)</p>', re.DOTALL)
# What differs from answer to answer in any lane: tokens, nonces, numbers and their squares, padding, dates of a header.
CHANCE = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]+"|nonce[-=]"?[\w+/=\-]+"?|<!-- [0-9a-f]+ -->|data:image/svg[^"]+|'
    rb'(?:\d{4}(?:</span> <span>|\s)){2}\d{4}|value="\d{12}"|value="[0-9a-f\-]{36}"'
)
# Headers that differ whatever was asked: moments, and a length that follows from the square drawn of a number.
DRAWN = ("date", "expires", "set-cookie", "content-length")
WAIT = 30.0
FIRST_PHONE = 3_000_000


@dataclass
class Seen:
    """Times in milliseconds by lane, and the answers that came, what is drawn anew each time taken out."""

    times: dict[bool, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[bool, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    @property
    def is_one(self) -> bool:
        """Whether both lanes gave the same answers."""
        return self.answers[False] == self.answers[True]


class Browser:
    """One connection that stays open, with a form's token."""

    def __init__(self, product: Production, page: str) -> None:
        self.page = page
        self.line = http.client.HTTPConnection("127.0.0.1", product.web_port, timeout=WAIT)
        self.headers = dict(AS_THE_FRONT)
        status, headers, body = self.ask("GET", page)
        found = TOKEN.search(body)
        assert status == 200, (page, status)
        assert found is not None, page
        cookies = [value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie"]
        self.token = found[1].decode()
        self.headers |= {"Cookie": "; ".join(cookies), "Referer": f"{PUBLIC_URL}{page}", "Origin": PUBLIC_URL}

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        self.line.request(method, path, body=body or None, headers=self.headers | (headers or {}))
        answer = self.line.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def send(self, **fields: str) -> tuple[float, int, list[tuple[str, str]], bytes]:
        """The form; out: milliseconds, status, headers, body."""
        body = urlencode({"csrfmiddlewaretoken": self.token} | fields).encode()
        began = time.perf_counter()
        status, headers, answer = self.ask(
            "POST", self.page, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        return 1000 * (time.perf_counter() - began), status, headers, answer


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--averaged", type=int, default=20, help="so many times of one lane seen as one, at the end")
    parser.add_argument("--only", choices=list(MEASURED), nargs="+", default=list(MEASURED))
    asked = parser.parse_args()
    rng = Random(asked.seed)
    alike = []
    with production() as product:
        product.manage("collectstatic", "--noinput")
        _officers(product)
        print(machine(product))
        print("| what | pairs | median | sealed less ordinary | AUC (95 %) | best threshold, right", end=" ")
        print("| nearest 15, right | AUC of means | bytes alike |\n|---|---:|---:|---:|---:|---:|---:|---:|---|")
        with running(product.web(workers=1), product.worker()):
            for name in asked.only:
                for what, seen in MEASURED[name](product, asked.pairs, rng).items():
                    alike.append(_row(what, seen, rng, asked.averaged))
    print(f"\nload when it ended {os.getloadavg()[0]:.1f}; {asked.pairs} pairs, seed {asked.seed}")
    return 0 if all(alike) else 1


def _row(name: str, seen: Seen, rng: Random, each: int) -> bool:
    """Prints one line; whether nothing can be told."""
    one, other = seen.times[False], seen.times[True]
    found = told(one, other, rng)
    means = told(averaged(one, each), averaged(other, each), rng)
    middle = sorted(one + other)[len(one)]
    print(
        f"| {name} | {found.count} | {middle:.2f} ms | {1000 * found.gap:+.0f} µs | {_share(found)} "
        f"| {_right(found.threshold)} | {_right(found.nearest)} | {_share(means)} of {each} "
        f"| {'yes' if seen.is_one else 'no'} |",
        flush=True,
    )
    if not seen.is_one:
        print(f"{name}: {_difference(seen)}", file=sys.stderr)
    return found.near_chance and seen.is_one


def _difference(seen: Seen) -> str:
    """Where an answer of one lane first differs from one of the other."""
    one, other = sorted(seen.answers[False]), sorted(seen.answers[True])
    place = next((at for at, (a, b) in enumerate(zip(one[0], other[0], strict=False)) if a != b), 0)
    told = [answer[max(0, place - 60) : place + 60] for answer in (one[0], other[0])]
    return f"{len(one)} and {len(other)} answers; {told[0]!r} and {told[1]!r}"


def _share(found: Told) -> str:
    low, high = found.auc_interval
    return f"{found.auc:.3f} ({low:.3f}–{high:.3f})"


def _right(found: tuple[float, float, float]) -> str:
    return f"{100 * found[0]:.0f} % ({100 * found[1]:.0f}–{100 * found[2]:.0f})"


def _in_turns(pairs: int, rng: Random, once: Callable[[bool, int], None], warm: int = 5) -> None:
    """Both lanes of each pair, in an order drawn anew; `once` is given the lane, and a number below 0 to warm up."""
    for number in range(-warm, pairs):
        for lane in rng.sample((False, True), 2):
            once(lane, number)


def _posts(product: Production, pairs: int, rng: Random) -> dict[str, Seen]:
    """Messages by SMS: how fast the carrier gets its answer, and how soon the receipt has left."""
    post, receipt = Seen(), Seen()
    line = http.client.HTTPConnection("127.0.0.1", product.web_port, timeout=WAIT)

    def once(lane: bool, number: int) -> None:
        phone = FIRST_PHONE + 2 * (number + 10) + lane
        took, answer, left_after = _said_by_sms(product, line, phone, SAID[lane])
        if number >= 0:
            post.times[lane].append(took)
            post.answers[lane].add(answer)
            receipt.times[lane].append(left_after)

    _in_turns(pairs, rng, once)
    return {"SMS: answer to the carrier": post, "SMS: receipt has left": receipt}


def _said_by_sms(
    product: Production, line: http.client.HTTPConnection, phone: int, words: str
) -> tuple[float, bytes, float]:
    """Milliseconds until the carrier had its answer, that answer, and milliseconds until our reply had left."""
    request = signed(phone, sid=f"SM{uuid.uuid4().hex}", words=words)
    headers = request.headers | {"Host": "127.0.0.1"}
    sent_at, began = time.time(), time.perf_counter()
    line.request("POST", PATH, body=request.body, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    took = 1000 * (time.perf_counter() - began)
    return took, _bare(answer.status, answer.getheaders(), body), _left_after(product, sent_at)


def _left_after(product: Production, sent_at: float) -> float:
    """Milliseconds from a moment to the first reply that left after it, by the row's own clock."""
    deadline = time.monotonic() + WAIT
    with product.connect() as connection:
        while time.monotonic() < deadline:
            row = connection.execute(LEFT, [sent_at]).fetchone()
            if row is not None and row[0] is not None:
                return 1000 * (float(str(row[0])) - sent_at)
            time.sleep(0.004)
    raise TimeoutError("no reply left")


LEFT = (
    "select extract(epoch from min(sent_at)) from core_outbound "
    "where way = 'sms' and kind in ('receipt', 'menu') and sent_at > to_timestamp(%s)"
)


def _forms(product: Production, pairs: int, rng: Random) -> dict[str, Seen]:
    """What is said on the web, and the page that shows the number; then the numbers looked up, time and again."""
    said, receipt, look = Seen(), Seen(), Seen()
    writer, reader = Browser(product, "/parler/"), Browser(product, "/parler/")
    numbers: dict[bool, list[str]] = {False: [], True: []}

    def speak(lane: bool, number: int) -> None:
        took, status, headers, body = writer.send(
            words=SAID[lane], once=str(uuid.uuid4()), safe_contact="none", place="", concerned="", listener=""
        )
        assert status == 302, status
        slip = next(value.partition(";")[0] for _name, value in headers if value.startswith("__Secure-recu="))
        began = time.perf_counter()
        shown, shown_headers, page = reader.ask("GET", "/parler/recu/", headers={"Cookie": slip})
        found = NUMBER.search(page)
        assert found is not None
        numbers[lane].append(re.sub(rb"<[^>]*>|\s", b"", found[1]).decode())
        if number >= 0:
            said.times[lane].append(took)
            said.answers[lane].add(_bare(status, headers, body))
            receipt.times[lane].append(1000 * (time.perf_counter() - began))
            receipt.answers[lane].add(_bare(shown, shown_headers, page))

    def ask(lane: bool, number: int) -> None:
        took, status, headers, body = follower.send(number=rng.choice(numbers[lane]), code="")
        assert status == 200, status
        if number >= 0:
            look.times[lane].append(took)
            look.answers[lane].add(_bare(status, headers, body))

    _in_turns(pairs, rng, speak)
    follower = Browser(product, "/suivi/")  # a connection that lay idle would have been closed
    _in_turns(pairs, rng, ask)
    return {"`/parler/`: sent": said, "`/parler/recu/`: the number": receipt, "`/suivi/`: looked up": look}


def _orders(product: Production, pairs: int, rng: Random) -> dict[str, Seen]:
    """SUIVI and a number, from a telephone that said nothing else: how soon the reply has left."""
    order, reply = Seen(), Seen()
    line = http.client.HTTPConnection("127.0.0.1", product.web_port, timeout=WAIT)
    numbers = {lane: [_number_of(product, line, lane, each) for each in range(5)] for lane in (False, True)}

    def once(lane: bool, number: int) -> None:
        phone = FIRST_PHONE + 2_000_000 + 2 * (number + 10) + lane
        took, answer, left_after = _said_by_sms(product, line, phone, f"SUIVI {rng.choice(numbers[lane])}")
        if number >= 0:
            order.times[lane].append(took)
            order.answers[lane].add(answer)
            reply.times[lane].append(left_after)

    _in_turns(pairs, rng, once)
    return {"SUIVI: answer to the carrier": order, "SUIVI: reply has left": reply}


def _number_of(product: Production, line: http.client.HTTPConnection, lane: bool, each: int) -> str:
    phone = FIRST_PHONE + 1_000_000 + 2 * each + lane
    _said_by_sms(product, line, phone, SAID[lane])
    (message,) = product.standin.wait_sent(sender(phone))
    found = re.search(r"\d{4} \d{4} \d{4}", str(message["body"]))
    assert found is not None
    return found[0]


MEASURED: dict[str, Callable[[Production, int, Random], dict[str, Seen]]] = {
    "posts": _posts,
    "forms": _forms,
    "orders": _orders,
}


def _bare(status: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """An answer without what chance puts into each."""
    kept = json.dumps([(name.lower(), value) for name, value in headers if name.lower() not in DRAWN])
    return CHANCE.sub(b"", b"%d %s\n%s" % (status, kept.encode(), body))


def _officers(product: Production) -> None:
    """People of two organisations who hold keys, so that what is sealed is sealed for as many as in earnest."""
    command = [sys.executable, "-m", "bench.lanes_officers"]
    subprocess.run(command, cwd=ROOT, env=product.environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
