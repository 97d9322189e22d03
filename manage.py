#!/usr/bin/env python
"""Django's command line for Jaabi."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1].startswith("demo"):
        ask_for_the_demo()
    if len(sys.argv) > 1 and sys.argv[1] == "setup" and "--help" not in sys.argv:
        from config.setup.prepare import prepare  # noqa: PLC0415  it writes the settings that are read next

        prepare(sys.argv[2:])
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  settings must be named first
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def ask_for_the_demo() -> None:
    """`manage.py demo` works in a bare clone: its own commands live in an app that only a demonstration installs."""
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT') or 8000}")


if __name__ == "__main__":
    main()
