from __future__ import annotations


class BackupProblem(Exception):
    """Why nothing was made or restored: one sentence for whoever runs the command."""
