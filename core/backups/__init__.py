"""Backups: sets of parts, each a compressed archive encrypted to recipients, and the WAL of PostgreSQL after them.

No key is ever in one: neither those of the ring nor the recipients' (docs/sauvegarde.md, decision 18).
"""
