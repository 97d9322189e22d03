"""Inputs that break programs: what people, machines and attackers put into a field, from a seed."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import quote_from_bytes

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz éèàçœ’'",
    "ߒߞߏߟߊ߫ ߞߊ߲߬ߕߍ",
    "البئر معطلة منذ ثلاثة أيام",
    "ⵜⵉⴼⵉⵏⴰⵖ",
    "🚰😡👩🏾‍🦽🇲🇱",
    "0123456789٠١٢٣٤٥٦٧٨٩０１２ ",
    "\x00\x01\x1b\x7f\r\n\t\u2028",
    "\u202e\u202d\u200f\u200e\ufeff\u2066\u2069",
    "\ud800\udbff\udc00\udfff",
    "ß\u0130\ufb01\u0345e\u0301\u1e9e",
)
EXPRESSIONS = (
    "",
    " ",
    '=HYPERLINK("http://x","y")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>{{ 7|add:7 }}{% now 'Y' %}${7*7}",
    "'; DROP TABLE feedback_case; --",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%s%n%x%00%0a",
    "//evil.example/",
    "javascript:alert(1)",
    "null",
    "true",
    "NaN",
    "-1",
    "0",
    "1e400",
    "9" * 40,
    "-" + "9" * 400,
    "2147483648",
    "9223372036854775808",
    "0x10",
    "1_000",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "2022-02-30",
    "+22370000011",
    "+" + "2" * 300,
    "whatsapp:+22370000011",
    "ML07",
    "fr",
    "xx-YY",
    "none",
    "delivered",
    "stop",
    "SUIVI 1234 5678 9012",
    "suivi",
    "OUI",
    "annuler 123456789012",
    "viol par un agent humanitaire",
    "(1/3) première partie",
    "a" * 1000,
    "é" * 10_000,
    "\U0001f6b0" * 2500,
    "x " * 10_000,
)
# Of a recording, of a picture, of neither.
BEGINNINGS = (
    b"OggS", b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", b"\x00\x00\x00\x18ftypM4A ", b"RIFF\x00\x00\x00\x00WAVE",
    b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"<svg", b"",
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 10**40, [], {}, [[]], {"a": {"b": []}}, ["x"], "\ud800")


class Nasty:
    """The same seed gives the same inputs."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self) -> str:
        """Anything that a field may hold; lone surrogates too."""
        kind = self.chance.random()
        if kind < 0.6:
            return self.chance.choice(EXPRESSIONS)
        alphabet = self.chance.choice(ALPHABETS) if kind < 0.9 else "".join(ALPHABETS)
        return "".join(self.chance.choices(alphabet, k=self.chance.choice((1, 3, 12, 60, 200))))

    def some(self, usual: dict[str, str]) -> dict[str, str]:
        """These fields: most as they usually are, one or more nasty, some left out."""
        found = {name: value for name, value in usual.items() if self.chance.random() < 0.93}
        for name in self.chance.sample(sorted(usual), self.chance.choice((1, 1, 1, 2, min(4, len(usual))))):
            found[name] = self.text()
        return found

    def form(self, usual: dict[str, str]) -> bytes:
        """As a browser or a carrier encodes them; lone surrogates and bytes that are no UTF-8 pass as they are."""
        pairs = list(self.some(usual).items())
        if pairs and self.chance.random() < 0.1:
            pairs.append(self.chance.choice(pairs))
        return "&".join(f"{_quoted(name)}={self._raw() or _quoted(value)}" for name, value in pairs).encode()

    def json(self, usual: dict[str, Any]) -> bytes:
        """The same as JSON, with wrong types, or no JSON at all."""
        if self.chance.random() < 0.05:
            return self.chance.choice((b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'"x"'))
        found: dict[str, Any] = dict(self.some(usual))
        if self.chance.random() < 0.3:
            found[self.chance.choice(sorted(usual))] = self.chance.choice(VALUES)
        return json.dumps(found).encode()

    def multipart(self, usual: dict[str, str], files: tuple[str, ...] = ()) -> tuple[bytes, str]:
        """A form with parts, some of them files, and its content type; now and then broken."""
        edge = "edge"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in self.some(usual).items()
        ]
        attached = [self._file(edge, name) for name in files if self.chance.random() < 0.7]
        body = "".join(parts).encode(errors="surrogatepass") + b"".join(attached) + f"--{edge}--\r\n".encode()
        if self.chance.random() < 0.2:
            body = body[: self.chance.randrange(len(body))]
        return body, f"multipart/form-data; boundary={edge if self.chance.random() < 0.9 else ''}"

    def _file(self, edge: str, name: str) -> bytes:
        """A file of any name and type, that often begins as a recording or a picture does."""
        called = self.text()[:40].replace('"', "").replace("\r", "").replace("\n", "")
        kind = self.chance.choice(("audio/ogg", "image/jpeg", "text/html", "", "x"))
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\nContent-Type: {kind}'
        content = self.chance.choice(BEGINNINGS) + self.chance.randbytes(self.chance.choice((0, 1, 40, 4000)))
        return head.encode(errors="surrogatepass") + b"\r\n\r\n" + content + b"\r\n"

    def _raw(self) -> str:
        return self.chance.choice(("%FF%FE", "%ED%A0%80", "%C3%28", "%", "%zz", "+%00+")) if self._seldom() else ""

    def _seldom(self) -> bool:
        return self.chance.random() < 0.05


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))
