"""Every address × method × person × object, against the table of who may (`tests/access/table.py`).

An address that the table does not declare fails. What somebody may not see is a 404 with the very bytes of what does
not exist.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from directory.credentials import ApiScope
from directory.models import ApiToken
from tests.access import table
from tests.access.addresses import Address, addresses, arguments, path_of
from tests.access.table import Page
from tests.access.world import World, untouched
from tests.stack.databases import on_services

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

ADDRESSES = {address.name: address for address in addresses()}
OF_THE_API = set(table.API) | table.API_NOTHING
WITHOUT_CSRF_TOKEN = table.WITHOUT_CSRF_TOKEN | OF_THE_API | table.API_TOKENS | table.API_PEERS | table.DOCUMENTATION
WENT_THROUGH = {200, 201, 202, 204, 301, 302, 303, 400, 409, 422, 429}
TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": "|nonce="|nonce-)[\w+/=\-]+')


# -- what is declared ------------------------------------------------------------------------------------------------


def test_every_address_is_declared_and_no_other() -> None:
    declared = table.PUBLIC | table.OF_LIBRARIES | set(table.STAFF) | OF_THE_API | table.API_TOKENS | table.API_PEERS
    assert {address.name for address in addresses()} == declared


def test_the_public_addresses_are_exactly_these() -> None:
    assert {address.name for address in addresses() if address.is_public} == table.PUBLIC


def test_the_library_pages_that_the_settings_open_exist() -> None:
    assert set(settings.PUBLIC_VIEW_NAMES) <= set(ADDRESSES)


def test_the_table_knows_everybody(world: World) -> None:
    assert set(world.people) == table.EVERYONE


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(table.STAFF))
def test_the_table_names_objects_that_exist(world: World, name: str) -> None:
    page = table.STAFF[name]
    known = set(things(world, page))
    assert set(page.opens) <= known
    assert set(page.acts) <= known


# -- nobody --------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.STAFF))
def test_nobody_unsigned_gets_past_the_sign_in_page(world: World, name: str) -> None:
    for thing in things(world, table.STAFF[name]):
        path = path_of(name, arguments(world, name, thing))
        for method in table.EVERY_METHOD:
            response = ask(world.client(""), method, path)
            assert response.status_code == 302, (method, path)
            assert response["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.OF_LIBRARIES))
def test_nobody_unsigned_reaches_an_account(world: World, name: str) -> None:
    if "<" in ADDRESSES[name].route:
        pytest.skip("its argument is a secret or a key of one's own")
    response = ask(world.client(""), "GET", path_of(name, {}))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.OUR_PUBLIC))
def test_a_public_address_answers_its_own_methods_only(world: World, name: str) -> None:
    known = {
        "referrals:sheet": world.objects["held sheet"]["of the embassy"],
        "workplan:public_plan": world.objects["plan"]["2020-2022"],
    }
    path = path_of(name, known.get(name, {"name": "twilio"} if "<" in ADDRESSES[name].route else {}))
    for who in ("", "ali"):
        for method in table.EVERY_METHOD:
            with untouched():
                response = ask(world.client(who), method, path)
            assert (response.status_code == 405) == (method not in table.OUR_PUBLIC[name]), (method, response)
            assert response.status_code not in (301, 302, 404), method


# -- staff ---------------------------------------------------------------------------------------------------------


@pytest.mark.again
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.STAFF))
def test_who_may(world: World, name: str) -> None:
    """Everyone who may gets through; everyone else gets the 404 of what is not there.

    Who is let in is the same on any database; whether what a page asks of it can be asked is not: on services somebody
    who may asks for the first thing that anybody may.
    """
    page = table.STAFF[name]
    for method in set(page.methods) - {"HEAD"}:
        every = things(world, page)
        if on_services():
            every = [thing for thing in every if page.who_may(method, thing)][:1]
        for number, thing in enumerate(every):
            may = set(page.who_may(method, thing))
            asking = set(sorted(may)[:1]) if on_services() else who_asks(page, method, number, every)
            assert who_got_through(world, name, thing, method, asking) == may & asking, (method, thing)


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(name for name, page in table.STAFF.items() if "HEAD" in page.methods))
def test_who_asks_only_for_the_head_of_a_page_learns_no_more(world: World, name: str) -> None:
    page = table.STAFF[name]
    for thing in things(world, page):
        path = path_of(name, arguments(world, name, thing))
        may = sorted(page.who_may("GET", thing))
        for who in [*may[:1], *sorted(table.EVERYONE - set(may))[:1]]:
            with untouched():
                whole, head = (ask(world.client(who), method, path) for method in ("GET", "HEAD"))
            assert (head.status_code, head.content) == (whole.status_code, b"")


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.STAFF))
def test_other_methods_are_not_allowed_to_anyone(world: World, name: str) -> None:
    page = table.STAFF[name]
    for thing in things(world, page):
        path = path_of(name, arguments(world, name, thing))
        for who in {"ali", *sorted(page.who_may(page.methods[0], thing))[:1]}:
            for method in set(table.EVERY_METHOD) - set(page.methods):
                with untouched():
                    response = ask(world.client(who), method, path)
                    may = who in page.who_may(page.methods[0], thing)
                    assert response.status_code == 405 or (not may and response.status_code == 404), (method, path, who)


# -- API -----------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.API))
def test_a_token_opens_its_own_organisation_and_scope_only(world: World, name: str) -> None:
    operation = table.API[name]
    for thing in [*world.objects[operation.of]] if operation.opens else [""]:
        path = path_of(name, world.objects[operation.of][thing]) if thing else api_paths(world, name)[0]
        for method in operation.methods:
            found = {token for token in world.tokens if with_token(world, method, token, path) not in (401, 403, 404)}
            assert found == (operation.opens.get(thing, set()) if operation.opens else {"hcr", "nrc"}), (thing, method)
            assert with_token(world, method, "revoked", path) == 401
            assert with_token(world, method, "no_scope", path) == 403


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.API))
def test_each_scope_that_an_operation_asks_for_is_needed(world: World, name: str) -> None:
    every = {scope.value for scope in ApiScope}
    path = api_paths(world, name)[0]
    for method, scopes in table.API[name].scopes.items():
        for scope in scopes:
            ApiToken.objects.filter(name="no_scope").update(scopes=sorted(every - {scope}))
            assert with_token(world, method, "no_scope", path) == 403, (method, scope)
        ApiToken.objects.filter(name="no_scope").update(scopes=list(scopes))
        assert with_token(world, method, "no_scope", path) != 403, method


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(name for name, operation in table.API.items() if operation.opens))
def test_what_is_not_a_tokens_own_is_what_does_not_exist(world: World, name: str) -> None:
    operation = table.API[name]
    for thing, where in world.objects[operation.of].items():
        for token in {"hcr", "nrc"} - operation.opens.get(thing, frozenset()):
            for method in operation.methods:
                paths = [path_of(name, one) for one in (where, world.objects[operation.of]["absent"])]
                answers = [called(world, method, path, token) for path in paths]
                assert [answer.status_code for answer in answers] == [404, 404]
                assert answers[0].content == answers[1].content


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(OF_THE_API))
def test_no_cookie_opens_the_api(world: World, name: str) -> None:
    for who in ("", "ibrahim", "adama", "aminata"):
        for path in api_paths(world, name):
            for method in table.EVERY_METHOD:
                response = ask(world.client(who), method, path)
                assert response.status_code == 401, (who, method, path)
                if method != "HEAD":
                    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(table.API))
def test_the_api_answers_its_own_methods_only(world: World, name: str) -> None:
    for method in set(table.EVERY_METHOD) - table.API[name].methods - {"HEAD"}:
        for path in api_paths(world, name):
            assert called(world, method, path, "nrc").status_code == 405, (method, path)


# -- forms that are sent from elsewhere ------------------------------------------------------------------------------


def test_only_carriers_and_the_api_are_heard_without_a_token() -> None:
    exempt = {address.name for address in addresses() if address.is_csrf_exempt}
    assert exempt == WITHOUT_CSRF_TOKEN


@pytest.mark.once
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - WITHOUT_CSRF_TOKEN))
def test_a_form_without_its_token_is_refused(world: World, name: str) -> None:
    for who in ("", *sorted(may_act(name))[:2]):
        for path in sample_paths(world, name):
            with untouched():
                response = world.client(who, enforce_csrf_checks=True).post(path)
                assert response.status_code == 403, (who, path)
                assert "session_ended.html" in {one.name for one in response.templates}, (who, path)


# -- how ------------------------------------------------------------------------------------------------------------


def things(world: World, page: Page) -> list[str]:
    return list(world.objects[page.of.split(" as ")[0]]) if page.of else [""]


def ask(client: Client, method: str, path: str) -> Answered:
    response = client.generic(method, path)
    assert response.status_code < 500, (method, path, response.status_code)
    return response


def called(world: World, method: str, path: str, token: str) -> Answered:
    """One call of the API with this token; undone."""
    headers = {"Authorization": f"Bearer {world.tokens[token]}"}
    with untouched():
        response = world.client("").generic(method, path, "{}", content_type="application/json", headers=headers)
    assert response.status_code < 500, (method, path)
    return response


def with_token(world: World, method: str, token: str, path: str) -> int:
    return called(world, method, path, token).status_code


def api_paths(world: World, name: str) -> list[str]:
    if name in table.API_NOTHING:
        return ["/api/v1/rien/"]
    if table.API[name].of:
        return [path_of(name, arguments) for arguments in world.objects[table.API[name].of].values()]
    return [path_of(name, {})]


def who_asks(page: Page, method: str, number: int, every: list[str]) -> set[str]:
    """Everybody for the first object of a page. For each other: all who may do this with any, who may look at this one,
    and in turn two of those to whom the page itself is closed. One for what is open to everyone: nothing guards it."""
    everyone, looking = sorted(table.EVERYONE), page.who_may("GET", every[number])
    if page.who_may(method, every[number]) == table.EVERYONE:
        return {everyone[number % len(everyone)]}
    if number == 0:
        return set(everyone)
    inside = set().union(*(page.who_may(method, thing) for thing in every))
    inside |= looking if looking != table.EVERYONE else set()
    outside = [who for who in everyone if who not in inside]
    return inside | {outside[(2 * number + turn) % len(outside)] for turn in range(2) if outside}


def who_got_through(world: World, name: str, thing: str, method: str, asking: set[str]) -> set[str]:
    path = path_of(name, arguments(world, name, thing))
    through = set()
    for who in sorted(asking):
        with untouched():
            response = ask(world.client(who), method, path + table.STAFF[name].query)
        if response.status_code in WENT_THROUGH and not sent_away(response):
            through.add(who)
        else:
            assert not_there(response, path) == nothing_there(world, who, method, path), (who, path)
    return through


def not_there(response: Answered, path: str) -> tuple[bytes, frozenset[str]]:
    """All that a refusal tells: a 404, its body and the names of its headers."""
    assert response.status_code == 404, path
    return plain(response, path), frozenset(response.headers)


def nothing_there(world: World, who: str, method: str, path: str) -> tuple[bytes, frozenset[str]]:
    """What this person is told in that part of the site where no page ever was; asked once."""
    part = path.split("/")[1]
    key, nowhere = (who, method, part), f"/{part}/rien-ici/"
    if key not in world.nothing_there:
        with untouched():
            world.nothing_there[key] = not_there(ask(world.client(who), method, nowhere), nowhere)
    found: tuple[bytes, frozenset[str]] = world.nothing_there[key]
    return found


def sent_away(response: Answered) -> bool:
    """Whether it only led to where one signs in, or sets up a second factor."""
    if response.status_code not in (301, 302, 303):
        return False
    away = (reverse(settings.LOGIN_URL), reverse("mfa_activate_totp"))
    return str(response["Location"]).startswith(away)


def plain(response: Answered, path: str) -> bytes:
    """The body without what changes at each request: tokens, nonces, and the reader's own address."""
    return TOKENS.sub(rb"\1", response.content).replace(path.encode(), b"/here/")


def may_act(name: str) -> set[str]:
    if name not in table.STAFF:
        return {"ali"}
    page = table.STAFF[name]
    return {who for thing in page.opens for who in page.who_may("POST", thing)}


def sample_paths(world: World, name: str) -> list[str]:
    if name in table.STAFF:
        return [path_of(name, arguments(world, name, thing)) for thing in things(world, table.STAFF[name])]
    address: Address = ADDRESSES[name]
    return [path_of(name, {})] if "<" not in address.route else []
