"""Posting to an address that somebody outside named: never to a machine of ours, whatever the name resolves to.

The name is resolved once, every address it gives is checked, and the connection goes to one of those: a name that
changes its mind between the check and the connection leads nowhere else. Nobody is followed elsewhere.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence

TIMEOUT_SECONDS = 10.0
# However slowly it answers, byte by byte.
AT_MOST_SECONDS = 20.0
ANSWER_BYTES = 10_000
# They carry an IPv4 address of anyone's choice inside.
WRAPPING = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """This address must not be called."""


class Unreachable(Exception):
    """Nothing answers there now."""


def why_not_callable(url: str) -> Sentence | None:
    """None when something may be posted there, as far as the address itself says; else why not."""
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return _("Cette adresse ne se lit pas.")
    if not parts.hostname or not port_is_sound or parts.username is not None or parts.fragment:
        return _("Écrivez une adresse complète, sans identifiant ni fragment.")
    if not _is_scheme_sound(parts):
        return _("L’adresse doit commencer par https://.")
    literal = _literal(parts.hostname)
    if literal is not None and not is_allowed(literal):
        return _("Cette adresse n’est pas sur l’internet public.")
    return None


def is_allowed(address: Address) -> bool:
    """Whether it is a machine of the public internet; or this one, where the settings allow it."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback:
        return bool(settings.WEBHOOKS_MAY_LOOP)
    wraps = address.version == 6 and any(address in network for network in WRAPPING)
    return address.is_global and not address.is_multicast and not wraps


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that is answered; the answer itself is not read. Raises Forbidden, Unreachable."""
    return post_and_read(url, body, headers, at_most=0)[0]


def post_and_read(
    url: str, body: bytes, headers: Mapping[str, str], *, at_most: int = ANSWER_BYTES
) -> tuple[int, bytes]:
    """The status, and the beginning of the answer. Raises Forbidden, Unreachable."""
    if why_not_callable(url) is not None:
        raise Forbidden
    parts = urlsplit(url)
    connection = _connection(parts)
    try:
        with _no_longer_than(connection):
            connection.connect()
            connection.request("POST", _target(parts), body, dict(headers))
            response = connection.getresponse()
            return response.status, response.read(at_most) if at_most else b""
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable from error
    finally:
        connection.close()


@contextlib.contextmanager
def _no_longer_than(connection: http.client.HTTPConnection) -> Iterator[None]:
    def hang_up() -> None:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(AT_MOST_SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Plain(http.client.HTTPConnection):
    """Goes to an address that was checked."""

    def connect(self) -> None:
        self.sock = _connected(self.host, self.port)


class _Secure(http.client.HTTPSConnection):
    """The same, and there to whoever the certificate says."""

    def connect(self) -> None:
        plain = _connected(self.host, self.port)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    kind = _Secure if parts.scheme == "https" else _Plain
    return kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)


def _connected(host: str, port: int) -> socket.socket:
    """A connection to one of the addresses of this name. Raises Forbidden if any of them is not allowed; OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("no such name") from error
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    if not addresses or not all(is_allowed(ipaddress.ip_address(one)) for one in addresses):
        raise Forbidden
    failure: OSError | None = None
    for one in addresses:
        try:
            return socket.create_connection((one, port), timeout=TIMEOUT_SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError("no address")


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _is_scheme_sound(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and bool(settings.WEBHOOKS_MAY_LOOP))


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
