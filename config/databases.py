"""The databases: `default`, and three aliases of the vault, so that each act uses the least it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

VAULT_ALIASES = {
    "vault": "VAULT_DATABASE_URL",
    "vault_intake": "VAULT_INTAKE_DATABASE_URL",
    "vault_owner": "VAULT_OWNER_DATABASE_URL",
}


def databases(env: environ.Env, var_dir: Path) -> dict[str, dict[str, Any]]:
    """In: the environment and the folder of embedded databases. Out: Django's DATABASES."""
    vault_url = env.str("VAULT_DATABASE_URL", default=f"sqlite:///{var_dir}/vault.sqlite3")
    found = {"default": env.db("DATABASE_URL", default=f"sqlite:///{var_dir}/jaabi.sqlite3")}
    for alias, variable in VAULT_ALIASES.items():
        found[alias] = env.db(variable, default=vault_url)
    return {alias: _tuned(settings) for alias, settings in found.items()}


def _tuned(settings: dict[str, Any]) -> dict[str, Any]:
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
        settings["OPTIONS"] = {"connect_timeout": 5, "options": "-c jit=off"} | settings.get("OPTIONS", {})
    settings["ATOMIC_REQUESTS"] = False
    return settings
