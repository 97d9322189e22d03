"""The databases: `default`, `replica` where one is named, and three aliases of the vault, so that each act uses the
least it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.environment import Environment

# More than any connection executes: a statement is prepared only where the code asks for it (`core.inserting`).
ASKED_FOR = 2**31
VAULT_ALIASES = {
    "vault": "VAULT_DATABASE_URL",
    "vault_intake": "VAULT_INTAKE_DATABASE_URL",
    "vault_owner": "VAULT_OWNER_DATABASE_URL",
}


def databases(env: Environment, var_dir: Path) -> dict[str, dict[str, Any]]:
    """In: the environment and the folder of embedded databases. Out: Django's DATABASES."""
    is_pooled = env.bool("DATABASE_POOLED", default=False)
    vault_url = env.str("VAULT_DATABASE_URL", default=f"sqlite:///{var_dir}/vault.sqlite3")
    found = {"default": env.db("DATABASE_URL", default=f"sqlite:///{var_dir}/jaabi.sqlite3")}
    for alias, variable in VAULT_ALIASES.items():
        found[alias] = env.db(variable, default=vault_url)
    if env.str("REPLICA_DATABASE_URL", default=""):
        found["replica"] = env.db("REPLICA_DATABASE_URL") | {"TEST": {"MIRROR": "default"}}
    return {alias: _tuned(settings, is_pooled=is_pooled) for alias, settings in found.items()}


def _tuned(settings: dict[str, Any], *, is_pooled: bool) -> dict[str, Any]:
    if settings["ENGINE"].endswith("sqlite3"):
        Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        settings["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        settings["CONN_MAX_AGE"] = 600
        settings["CONN_HEALTH_CHECKS"] = True
        # a gateway waits about fifteen seconds for its answer: without a database, the spool must come first
        # and compiling a short query with many joins takes longer than running it
        ours: dict[str, Any] = {"connect_timeout": 5}
        if is_pooled:
            # each transaction may have another connection to the server: nothing that outlives one may be counted on,
            # and a pooler refuses words for the server (its own file says jit=off)
            settings["DISABLE_SERVER_SIDE_CURSORS"] = True
            ours["prepare_threshold"] = None
        else:
            ours |= {"options": "-c jit=off", "prepare_threshold": ASKED_FOR}
        settings["OPTIONS"] = ours | settings.get("OPTIONS", {})
    settings["ATOMIC_REQUESTS"] = False
    return settings
