"""The modules that guard what people said (sealing, permission, vault, audit): how well their tests hold them.

    .venv/bin/python scripts/guarded.py coverage            # branches, at least 95 %
    .venv/bin/python scripts/guarded.py mutate --sample 60 [--seed 7] [--only psea/wraps.py]

`mutate` changes one thing at a time in a copy of the source, runs the tests that name the module's neighbours, and says
which changes no test noticed. Exit code 1 below the coverage; mutation never fails, its survivors are to be read.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
LEAST = 95
SEALING = (
    "core/sealing.py", "core/keyring.py", "core/sealed_models.py", "core/rotation.py", "core/rings.py", "core/index.py",
    "core/marks.py", "core/remarking.py",
)  # fmt: skip
AUDIT = (
    "core/audit.py", "core/audit_export.py", "core/audit_hashes.py", "core/audit_keys.py", "core/checkpoints.py",
    "verifier/verify_audit.py", "workplan/journal.py",
)  # fmt: skip
PERMISSION = (
    "core/access.py", "core/transitions.py", "directory/permissions.py", "directory/querysets.py", "directory/roles.py",
    "directory/middleware.py", "directory/api_auth.py", "directory/credentials.py", "directory/factors.py",
    "directory/passwords.py", "feedback/querysets.py", "referrals/querysets.py",
)  # fmt: skip
VAULT = tuple(
    str(path.relative_to(ROOT))
    for path in sorted((ROOT / "psea").rglob("*.py"))
    if "migrations" not in path.parts and path.name != "__init__.py"
)
GUARDED = (*SEALING, *AUDIT, *PERMISSION, *VAULT)
TESTS = (
    "tests/psea", "tests/core/test_sealing.py", "tests/core/test_sealing_vectors.py", "tests/core/test_rotation.py",
    "tests/core/test_marks.py",
    "tests/core/test_audit.py", "tests/core/test_errors.py", "tests/core/test_receipt_number.py",
    "tests/directory/test_directory.py", "tests/directory/test_factors.py", "tests/directory/test_pages.py",
    "tests/directory/test_services.py",
    "tests/directory/test_turnover.py", "tests/directory/test_witnesses.py", "tests/workplan/test_journal.py",
    "tests/feedback/test_models.py", "tests/feedback/test_triage.py", "tests/feedback/test_protect.py",
    "tests/feedback/test_data_requests.py", "tests/feedback/test_thread.py", "tests/feedback/test_ready_answers.py",
    "tests/feedback/test_collected.py", "tests/feedback/test_danger.py", "tests/referrals/test_visibility.py",
    "tests/test_oauth.py", "tests/test_api.py",
    "tests/referrals/test_notes.py", "tests/referrals/test_files.py",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("coverage")
    mutate = acts.add_parser("mutate")
    mutate.add_argument("--sample", type=int, default=40, help="how many changes are tried, drawn over all modules")
    mutate.add_argument("--seed", type=int, default=1)
    mutate.add_argument("--only", nargs="+", default=list(GUARDED), help="modules")
    asked = parser.parse_args()
    if asked.act == "coverage":
        return coverage()
    from scripts.mutations import run  # noqa: PLC0415

    run(asked.only, asked.sample, asked.seed)
    return 0


def coverage() -> int:
    """Branch coverage of the guarded modules by their own tests."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        *TESTS,
        "--cov",
        "--cov-branch",
        "--cov-context=test",
    ]
    done = subprocess.run([*command, "--cov-report="], cwd=ROOT, check=False)
    report = [sys.executable, "-m", "coverage", "report", "--skip-covered", "--show-missing"]
    told = subprocess.run([*report, f"--include={','.join(GUARDED)}", f"--fail-under={LEAST}"], cwd=ROOT, check=False)
    return done.returncode or told.returncode


if __name__ == "__main__":
    sys.exit(main())
