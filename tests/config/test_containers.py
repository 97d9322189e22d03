"""The image and the services as they are written. Where `docker compose` is there, it reads them too.

They could not be built where this was written: no daemon, no registry. What is tested is what the files say.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml
from django.conf import settings

from config.queues import QUEUES

pytestmark = pytest.mark.once

WORKERS = ("worker", "worker-notices", "worker-slow")
OURS = ("web", *WORKERS, "beat", "backup-wal", "backup", "setup")
SECRETS = re.compile(r"(?i)(secret_key|sealing|index_key|signing|auth_token|passw(or)?d)\s*[=:]\s*\S")


@cache
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / "compose.yml").read_text(encoding="utf-8"))
    return loaded


def dockerfile() -> str:
    return str((settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8"))


def test_docker_compose_reads_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed here: only what the file says is tested")
    done = subprocess.run(
        [docker, "compose", "config", "--quiet"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_service_is_narrow_and_tells_whether_it_is_well() -> None:
    for name, service in compose()["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service.get("read_only") or name == "db", name
        assert "healthcheck" in service or name == "web", f"{name}: the image has the check of a web process"
        assert "privileged" not in service, name
        assert name == "front" or "ports" not in service, f"{name} is reached by the front alone"
    for name in OURS:
        assert compose()["services"][name]["user"] == "10001:10001"
        assert compose()["services"][name]["ulimits"] == {"core": 0}
        assert compose()["services"][name]["environment"]["ENV_FILE"] == "/etc/jaabi/jaabi.env"


def test_a_check_that_needs_a_shell_has_one() -> None:
    """Without a shell nothing puts a value in the place of its name."""
    checks = {name: service.get("healthcheck", {}).get("test", []) for name, service in compose()["services"].items()}
    assert [name for name, words in checks.items() if words[:1] == ["CMD"] and "$" in "".join(words)] == []
    assert "$$(hostname)" in checks["worker"][1]


def test_backups_are_made_with_the_programs_of_the_servers_own_version() -> None:
    (server,) = re.findall(r"^postgres:(\d+)-", compose()["services"]["db"]["image"])
    (programs,) = re.findall(r"install -y --no-install-recommends postgresql-(\d+) ", dockerfile())
    assert programs == server
    targets = re.findall(r"^FROM \S+ AS (\S+)$", dockerfile(), re.MULTILINE)
    for name in OURS:
        wanted = "backup" if name.startswith("backup") else "web"
        assert compose()["services"][name]["build"]["target"] == wanted
        assert wanted in targets
    # the image's own rules let nobody replicate from another container
    rules = (settings.BASE_DIR / "deploy/postgres/pg_hba.conf").read_text(encoding="utf-8")
    assert re.search(r"^host +replication +jaabi_backup +all +scram-sha-256$", rules, re.MULTILINE)
    assert "hba_file=/etc/postgresql/pg_hba.conf" in compose()["services"]["db"]["command"]


def test_databases_and_queue_reach_nobody_outside() -> None:
    assert compose()["networks"]["inside"]["internal"] is True
    assert all(compose()["services"][name]["networks"] == ["inside"] for name in ("db", "redis"))


def test_every_volume_and_secret_that_is_used_is_declared() -> None:
    used = {
        volume.split(":")[0]
        for service in compose()["services"].values()
        for volume in service.get("volumes", ())
        if volume[0] not in "./"
    }
    assert used == set(compose()["volumes"])
    assert set(compose()["services"]["db"]["secrets"]) == set(compose()["secrets"])


def test_no_secret_is_in_the_image_or_the_file_and_what_runs_is_not_root() -> None:
    assert not SECRETS.search(dockerfile())
    assert not SECRETS.search(re.sub(r"POSTGRES_PASSWORD_FILE:.*|postgres_password.*", "", str(compose())))
    last = dockerfile().rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in last
    assert "HEALTHCHECK" in last
    assert last.index("USER") < last.index('CMD ["granian"')
    ignored = (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored, "nothing is copied but what is named"
    named = {line.removeprefix("!").split("/")[0] for line in ignored if line.startswith("!")}
    assert {"config", "core", "directory", "psea", "feedback", "referrals", "workplan"} <= named
    assert {"manage.py", "countries", "templates", "static", "locale", "requirements", "verifier"} <= named
    assert named & {"var", ".env", "tests", ".git"} == set()


def test_each_process_of_the_units_is_a_service_with_the_same_command() -> None:
    """What runs without containers and what runs in them do not drift apart."""
    for name in (*WORKERS, "beat"):
        unit = (settings.BASE_DIR / f"deploy/systemd/jaabi-{name}.service").read_text(encoding="utf-8")
        (started,) = re.findall(r"^ExecStart=\S+/celery (.*)$", unit, re.MULTILINE)
        assert compose()["services"][name]["command"] == ["celery", *started.replace("%%", "%").split()]
    for name in ("backup-wal", "backup"):
        unit = (settings.BASE_DIR / f"deploy/systemd/jaabi-{name}.service").read_text(encoding="utf-8")
        for started in re.findall(r"^ExecStart=\S+/(python .*)$", unit, re.MULTILINE):
            assert started in " ".join(compose()["services"][name]["command"])
    unit = (settings.BASE_DIR / "deploy/systemd/jaabi-web.service").read_text(encoding="utf-8")
    (started,) = re.findall(r"^ExecStart=\S+/granian (.*)$", unit, re.MULTILINE)
    (run,) = re.findall(r"^CMD \[\"granian\", (.*)\]$", dockerfile(), re.MULTILINE)
    assert [part.strip('" ') for part in run.split(",")] == started.split()
    assert "\nEnvironment=GRANIAN_HOST=127.0.0.1\n" in unit
    assert "\nENV GRANIAN_HOST=0.0.0.0\n" in dockerfile().rpartition("\nFROM ")[2], "in its container"


def test_no_process_of_the_units_leaves_a_core_file_not_even_one_that_reads_no_setting() -> None:
    """A web server's first process, which starts the others, never runs our own code."""
    for unit in (settings.BASE_DIR / "deploy/systemd").glob("*.service"):
        assert "\nLimitCORE=0\n" in unit.read_text(encoding="utf-8"), unit.name


def test_every_queue_is_taken_from_by_one_service_and_what_takes_long_holds_no_receipt() -> None:
    commands = [compose()["services"][name]["command"] for name in WORKERS]
    taken = [command[command.index("-Q") + 1].split(",") for command in commands]
    assert sorted(name for names in taken for name in names) == sorted(queue.name for queue in QUEUES)
    assert taken[0] == ["celery", "inbound"]


@pytest.mark.parametrize("name", ["web", *WORKERS, "beat", "backup-wal", "backup"])
def test_a_unit_can_write_to_its_own_folder_alone(name: str) -> None:
    unit = (settings.BASE_DIR / f"deploy/systemd/jaabi-{name}.service").read_text(encoding="utf-8")
    for line in (
        "User=jaabi",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/jaabi",
        "NoNewPrivileges=yes",
        "Type=oneshot" if name == "backup" else "Restart=always",
    ):
        assert f"\n{line}\n" in unit
