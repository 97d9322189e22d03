"""An envelope as a file for an e-mail, or as the square on a sheet of paper: the same bytes, the same signature."""

from __future__ import annotations

import json
import zlib
from datetime import datetime, timedelta
from typing import Any

import segno
from django.utils import timezone

from referrals import patience
from referrals.enums import EnvelopeKind
from referrals.exchange.base45 import decoded, encoded
from referrals.exchange.posting import body_of
from referrals.exchange.refusals import Fault, Unacceptable
from referrals.exchange.shapes import LARGEST
from referrals.exchange.signing import check_signature
from referrals.models import EnvelopeOut, Peer

# A mail waits for a network, and a sheet for the road.
FILES_LAST = timedelta(days=30)
PREFIX = "JX1:"
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
# Printed at 40 mm a square of this version is still read by a telephone.
LARGEST_VERSION = 25


def file_of(row: EnvelopeOut) -> bytes | None:
    """The signed file of an envelope; None when nothing may leave."""
    body = body_of(row)
    return None if body is None else json.dumps(_signed(row, body), ensure_ascii=False, indent=1).encode()


def square_of(row: EnvelopeOut) -> segno.QRCode | None:
    """The same as one square, of level 1 alone; without the request, which the sheet says, where it would not fit."""
    body = body_of(row) if row.kind == EnvelopeKind.REFERRAL else None
    if body is None:
        return None
    try:
        square = _square(row, body)
        if int(square.version) <= LARGEST_VERSION:
            return square
    except segno.DataOverflowError:
        pass
    return _square(row, _without_request(body))


def open_file(text: str, now: datetime | None = None) -> tuple[Peer, bytes]:
    """In: a file, or what was read from a square. Out: whose it is, and the envelope's bytes. Raises Unacceptable."""
    said = _read(text.strip())
    body = said["envelope"].encode()
    for peer in Peer.objects.open():
        try:
            check_signature(peer, said, body, now or timezone.now(), no_older_than=FILES_LAST)
        except Unacceptable:
            continue
        return peer, body
    raise Unacceptable(Fault.BAD_SIGNATURE)


def _signed(row: EnvelopeOut, body: bytes) -> dict[str, Any]:
    headers = patience.signed(row, row.peer.unsealed("secret_out"), body, timezone.now())
    return {**headers, "envelope": body.decode()}


def _square(row: EnvelopeOut, body: bytes) -> segno.QRCode:
    said = json.dumps(_signed(row, body), ensure_ascii=False, separators=(",", ":"))
    return segno.make_qr(PREFIX + encoded(zlib.compress(said.encode(), 9)), error="l", boost_error=False)


def _without_request(body: bytes) -> bytes:
    said = json.loads(body)
    said["content"]["request"] = ""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _read(text: str) -> dict[str, str]:
    try:
        said = json.loads(_unpacked(text) if text.startswith(PREFIX) else text)
    except (ValueError, RecursionError) as error:
        raise Unacceptable(Fault.BAD_ENVELOPE) from error
    names = (*HEADERS, "envelope")
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in names):
        raise Unacceptable(Fault.BAD_ENVELOPE)
    return {name: said[name] for name in names}


def _unpacked(text: str) -> bytes:
    """Never more than an envelope may hold, whatever was packed. Raises ValueError."""
    unpacker = zlib.decompressobj()
    try:
        said = unpacker.decompress(decoded(text.removeprefix(PREFIX)), 2 * LARGEST)
    except zlib.error as error:
        raise ValueError from error
    if not unpacker.eof:
        raise ValueError("cut short, or too large")
    return said
