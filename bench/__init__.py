"""Measurements. Each command prints a table and says on what machine it was made."""
