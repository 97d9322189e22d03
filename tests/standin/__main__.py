"""`python -m tests.standin --port 0`: prints its port on the first line, then serves until it is ended."""

from __future__ import annotations

import argparse
import sys

from tests.standin.client import ACCOUNT_SID, AUTH_TOKEN
from tests.standin.server import StandIn


def main() -> None:
    """Serve on the loopback, or where this machine's own network namespaces reach it."""
    parser = argparse.ArgumentParser(description="A stand-in for Twilio.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    wanted = parser.parse_args()
    server = StandIn(wanted.port, wanted.account_sid, wanted.auth_token, host=wanted.host)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
