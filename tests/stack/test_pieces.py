"""The pieces of the stack that need no product: reading pages, codes, traces, processes."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import time
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
import time_machine

from tests.stack.cast import Account, read_cast
from tests.stack.pages import Page
from tests.stack.processes import DidNotStart, Process, free_port, run
from tests.stack.traces import traces_in_files
from tests.stack.visitor import chosen

SECRET_WORDS = "le chef a demandé ça"

HTML = b"""<!doctype html><html><head><title>Jaabi</title><style>p{}</style></head><body>
<form action="/langue/" method="post">
<select name="language"><option value="fr">Francais<option value="en">English</select><button>OK</button></form>
<p>Votre&nbsp;message <b>est</b>
 parti.</p><a href="suite/">Voir <span>la suite</span></a>
<form id="f" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t"><textarea name="words">
Bonjour</textarea><input type="checkbox" name="agree" value="yes" checked><input type="checkbox" name="other">
<input type="radio" name="sex" value="f"><input type="radio" name="sex" value="m" checked>
<input name="off" value="1" disabled>
<select name="place" multiple><option value="a" selected>A<option value="b" selected>B</select></form>
<button form="f" name="act" value="save">Enregistrer</button>
<button form="f" name="act" value="next">Et suivant</button>
<script>var hidden = "non";</script></body></html>"""


@pytest.fixture
def page() -> Page:
    return Page("http://localhost/ici/", 200, HTML, {}, 0.0)


def test_the_words_of_a_page_are_what_a_person_reads(page: Page) -> None:
    assert "Votre message est parti. Voir la suite" in page.words
    assert "hidden" not in page.words


def test_a_link_is_found_by_its_words(page: Page) -> None:
    assert page.link("la suite") == "http://localhost/ici/suite/"
    with pytest.raises(LookupError):
        page.link("retour")


def test_a_form_sends_what_it_holds_and_what_was_filled_in(page: Page) -> None:
    form, pressed = chosen(page, {"words"}, "suivant")
    assert form.filled({"words": "Merci"}, pressed) == [
        ("csrfmiddlewaretoken", "t"),
        ("agree", "yes"),
        ("sex", "m"),
        ("place", "a"),
        ("place", "b"),
        ("words", "Merci"),
        ("act", "next"),
    ]


def test_a_textarea_keeps_what_it_held(page: Page) -> None:
    form, _pressed = chosen(page, {"words"}, "Enregistrer")
    assert ("words", "Bonjour") in form.filled({}, None)


def test_a_list_of_one_choice_sends_its_first_option(page: Page) -> None:
    form, _pressed = chosen(page, {"language"}, None)
    assert form.filled({}, None) == [("language", "fr")]


def test_a_field_that_is_not_on_the_page_cannot_be_filled_in(page: Page) -> None:
    with pytest.raises(LookupError, match="category"):
        chosen(page, {"words", "category"}, None)
    with pytest.raises(LookupError):
        chosen(page, {"off"}, None)


def test_the_code_is_the_one_of_the_norm() -> None:
    account = Account("a@b.example", "", "", "", totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    with time_machine.travel(59, tick=False):
        assert account.code() == "287082"
    with time_machine.travel(1_111_111_109, tick=False):
        assert account.code() == "081804"


def test_the_cast_is_read_from_what_the_demonstration_writes(tmp_path: Path) -> None:
    one = {"email": "a@b.example", "password": "p", "role": "operator", "organisation": "NRC", "totp_secret": None}
    written = {"accounts": [one | {"name": "A"}], "api_tokens": [{"organisation": "NRC", "token": "t"}]}
    (tmp_path / "demo.json").write_text(json.dumps(written))
    cast = read_cast(tmp_path / "demo.json")
    assert cast.person("operator", "NRC") == Account("a@b.example", "p", "operator", "NRC")
    assert cast.api_tokens == {"NRC": "t"}
    with pytest.raises(LookupError):
        cast.person("operator", "UNHCR")


@pytest.mark.parametrize(
    "content",
    [
        SECRET_WORDS.encode(),
        SECRET_WORDS.encode("utf-16-le"),
        json.dumps({"body": SECRET_WORDS}).encode(),
        SECRET_WORDS.encode().hex().encode(),
        b"body=le+chef+a+demand%C3%A9+%C3%A7a",
        *(b64encode(b"-" * before + SECRET_WORDS.encode() + b"--") for before in range(3)),
        zlib.compress(SECRET_WORDS.encode()),
        gzip.compress(b"x" * 9000 + SECRET_WORDS.encode(), mtime=0),
    ],
)
def test_a_trace_is_found_in_every_disguise(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(b"\0before" + content + b"after")
    (tmp_path / "clean").write_bytes(b"before after")
    assert traces_in_files(SECRET_WORDS, tmp_path) == ["log"]


def test_a_trace_is_found_in_a_database_file(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "db.sqlite3")
    database.execute("create table t (words text)")
    database.execute("insert into t values (?)", [SECRET_WORDS])
    database.commit()
    database.close()
    assert traces_in_files(SECRET_WORDS, tmp_path) == ["db.sqlite3"]


def test_a_process_that_ends_before_it_is_ready_says_why(tmp_path: Path) -> None:
    process = Process("web", ["-c", "raise SystemExit('no key')"], dict(os.environ), tmp_path / "web.log")
    with pytest.raises(DidNotStart, match="no key"):
        process.wait_for(lambda: False, timeout=20)
    process.stop()


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(DidNotStart, match="no table"):
        run(["-c", "raise SystemExit('no table')"], dict(os.environ))


CHILD = "import time\nwhile True: print('alive', flush=True); time.sleep(0.02)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


def test_stopping_a_process_ends_its_children_too(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    process = Process("web", ["-c", PARENT], dict(os.environ), log)
    process.wait_for(lambda: "alive" in log.read_text(), timeout=20)
    process.stop()
    written = log.stat().st_size
    time.sleep(0.3)
    assert log.stat().st_size == written


def test_ports_are_low_so_that_outgoing_connections_cannot_hold_them() -> None:
    assert 12_000 <= free_port() < 30_000
