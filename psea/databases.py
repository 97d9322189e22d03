"""The aliases of the vault's database. Each act uses the one that may do the least."""

from __future__ import annotations

VAULT = "vault"
INTAKE = "vault_intake"
OWNER = "vault_owner"
