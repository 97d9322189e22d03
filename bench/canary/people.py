"""Makes the people and things of the access test in the product of the environment, and says how to be each of them.

    python -m bench.canary.people > people.json

Out: by name the cookies of a browser in which they are signed in, their vault open; ids; tokens; every page there is.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from django.conf import settings

from tests.access import table
from tests.access.addresses import path_of
from tests.access.world import World, make_world
from tests.cast import make_cast
from tests.vault_keys import pin_signers


def main() -> None:
    make_cast()
    pin_signers(Path(settings.VAULT_PINS_FILE).parent)
    world = make_world()
    told = {
        "cookies": {who: {name: one.value for name, one in jar.items()} for who, jar in world.cookies.items()},
        "organisations": {name: row.pk for name, row in world.cast.organisations.items()},
        "users": {name: row.pk for name, row in world.cast.people.items()},
        "tokens": world.tokens,
        "pages": _pages(world),
        "settings": [path for path in _pages(world) if path.startswith("/settings/")],
    }
    json.dump(told, sys.stdout)


def _pages(world: World) -> list[str]:
    """Every address that answers a GET, with each thing of the world."""
    found = []
    for name, page in table.STAFF.items():
        if "GET" in page.methods and name != "components":
            things = world.objects[page.of.partition(" as ")[0]].values() if page.of else [{}]
            renamed = page.of.partition(" as ")[2]
            for thing in things:
                arguments = {renamed: thing["pk"]} if renamed else thing
                found.append(path_of(name, {**arguments, **page.more}) + page.query)
    return sorted(set(found))


if __name__ == "__main__":
    main()
