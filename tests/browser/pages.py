"""The main pages, who looks at each, and how a window gets there."""

from __future__ import annotations

import re
from typing import NamedTuple

from playwright.sync_api import Page

from tests.stack.browser import Screens
from tests.stack.cast import Account
from tests.stack.stack import Stack
from tests.stack.visitor import Visitor

ROW = r"/cases/\?[^\"]*dossier=[0-9a-f-]{36}"
ID = r"(?:[0-9a-f-]{36}|\d+)"


class MainPage(NamedTuple):
    """`path` leads there; where `link` (a pattern of addresses) is given, the first such link on `path`, with `then`.

    Where `through` is given, the link is looked for on the pages behind such links on `path`. `role` is None for a
    member of the community. `status` is what the page answers. `vault` and `password`: what must be typed before.
    """

    name: str
    path: str
    role: str | None = None
    organisation: str | None = None
    link: str = ""
    through: str = ""
    then: str = ""
    status: int = 200
    vault: bool = False
    password: bool = False


PUBLIC = (
    MainPage("home", "/"),
    MainPage("speak", "/parler/"),
    MainPage("follow", "/suivi/"),
    MainPage("privacy", "/confidentialite/"),
    MainPage("urgent", "/urgence/"),
    MainPage("workers", "/travailleurs/"),
)
DESK = (
    MainPage("sign in", "/compte/login/"),
    MainPage("second factor", "/compte/mfa/", "operator"),
    MainPage("password again", "/compte/reauthenticate/", "observer"),
    MainPage("second factor set-up", "/compte/mfa/totp/activate/", "operator", password=True),
    MainPage("desk", "/cases/", "operator"),
    MainPage("case", "/cases/", "operator", link=rf"/cases/{ID}/"),
    MainPage("new referral", "/cases/?liste=tous", "operator", link=rf"/referrals/new/{ID}/", through=ROW),
    MainPage("entry", "/cases/new/", "operator"),
    MainPage("delicate entry", "/cases/new/delicate/", "operator"),
    MainPage("drafts", "/cases/drafts/", "operator"),
    MainPage("register", "/cases/register/", "operator"),
    MainPage("paper form", "/cases/paper/", "operator"),
    MainPage("booklets", "/cases/booklets/", "operator"),
    MainPage("sheets", "/cases/sheets/", "operator"),
    MainPage("split", "/cases/", "operator", link=rf"/cases/{ID}/split/", through=ROW),
    MainPage("focal point's list", "/referrals/", "focal_point"),
    MainPage("referral", "/referrals/", "focal_point", link=rf"/referrals/{ID}/"),
    MainPage("not for us", "/referrals/", "focal_point", link=rf"/referrals/{ID}/", then="pas-pour-nous/"),
    MainPage("referral figures", "/referrals/chiffres/", "focal_point"),
    MainPage("profile", "/moi/", "focal_point"),
    MainPage("directory", "/directory/", "agency_manager"),
    MainPage("organisations", "/directory/organisations/", "agency_manager"),
    MainPage("organisation", "/directory/organisations/", "agency_manager", link=rf"/directory/organisations/{ID}/"),
)
FIGURES = (
    MainPage("plan", "/workplan/", "working_group"),
    MainPage("plan of 2020-2022", "/workplan/?plan=EHP-PROTECTION-2020-2022", "working_group"),
    MainPage("activity", "/workplan/", "working_group", link=rf"/workplan/activities/{ID}/"),
    MainPage("indicator", "/workplan/", "working_group", link=rf"/workplan/indicators/{ID}/"),
    MainPage("report", "/workplan/report/", "workplan_lead"),
    MainPage("verify", "/workplan/verify/", "working_group"),
    MainPage("review", "/workplan/review/", "working_group"),
    MainPage("registers", "/workplan/registers/", "working_group"),
    MainPage("closings of quarters", "/workplan/closings/", "working_group"),
    MainPage("dashboard", "/dashboard/", "working_group"),
    MainPage("observer's dashboard", "/dashboard/", "observer"),
    MainPage("who does not speak", "/dashboard/silence/", "working_group"),
    MainPage("reference figures", "/dashboard/silence/reference/", "working_group"),
    MainPage("notes", "/dashboard/notes/", "working_group"),
    MainPage("a new note", "/dashboard/notes/new/", "working_group"),
)
SETTINGS = (
    MainPage("settings", "/settings/", "administrator"),
    MainPage("people", "/settings/people/", "administrator"),
    MainPage("tokens", "/settings/tokens/", "administrator"),
    MainPage("audit", "/settings/audit/", "administrator"),
    MainPage("witnesses", "/settings/temoins/", "administrator"),
    MainPage("an auditor's journal", "/journal/", "auditor"),
    MainPage("lines", "/settings/lines/", "administrator"),
    MainPage("a new line", "/settings/lines/new/kannel/", "administrator"),
    MainPage("a line of the server", "/settings/lines/twilio/", "administrator"),
    MainPage("calendar", "/settings/calendar/", "working_group"),
    MainPage("scopes", "/settings/scopes/", "working_group"),
    MainPage("categories", "/settings/categories/", "working_group"),
    MainPage("deadlines", "/settings/deadlines/", "working_group"),
    MainPage("texts", "/settings/texts/", "working_group"),
    MainPage("a text in Bambara", "/settings/texts/bam/receipt/", "working_group"),
    MainPage("prices by line", "/settings/texts/lines/", "working_group"),
    MainPage("ready answers", "/settings/ready-answers/", "working_group"),
    MainPage("ready answer", "/settings/ready-answers/", "working_group", link=r"/settings/ready-answers/\d+/"),
    MainPage("documents", "/settings/documents/", "working_group"),
    MainPage("card of a role", "/settings/documents/card/operator/", "operator"),
    MainPage("script", "/settings/documents/script/", "operator"),
    MainPage("poster", "/settings/documents/poster/", "working_group"),
    MainPage("radio spot", "/settings/documents/radio/", "working_group"),
    MainPage("training", "/settings/training/", "working_group"),
    MainPage("proofs", "/preuves/"),
    MainPage("tour", "/demo/"),
    MainPage("telephone", "/demo/phone/"),
    MainPage("components", "/composants/", "observer"),
    MainPage("not found", "/rien-ici/", status=404),
    MainPage("not found, signed in", "/cases/00000000-0000-4000-8000-000000000000/", "operator", status=404),
)
# Somebody who has not opened the vault looks at the locked page: another officer than the one who opens it.
VAULT = (
    MainPage("vault, locked", "/vault/", "psea_intake_officer", "NRC"),
    MainPage("vault", "/vault/cases/", "psea_intake_officer", "HCR", vault=True),
    MainPage("sealed case", "/vault/cases/", "psea_intake_officer", "HCR", link=rf"/vault/cases/{ID}/", vault=True),
    MainPage("rota", "/vault/duty/", "psea_coordinator"),
    MainPage("officer on duty", "/vault/duty/", "psea_coordinator", link=r"/vault/duty/officers/\d+/"),
    MainPage("report handed over", "/vault/handed/", "psea_intake_officer", "HCR", vault=True),
    MainPage("vault figures", "/vault/figures/", "psea_coordinator", vault=True),
    MainPage("who holds a key", "/vault/people/", "psea_coordinator", vault=True),
    MainPage("asking the custodians", "/vault/recovery/", "psea_coordinator", vault=True),
    MainPage("opening with the code", "/vault/code/", "psea_intake_officer", "NRC"),
    MainPage("screening words", "/settings/screening/", "psea_coordinator"),
)
STAFF = (*DESK, *FIGURES, *SETTINGS, *VAULT)
ALL = (*PUBLIC, *STAFF)


def opened(screens: Screens, wanted: MainPage, page: Page | None = None) -> Page:
    """A window that shows the wanted page. Raises AssertionError when it answers otherwise."""
    page = page or window_for(screens, wanted)
    address = address_of(screens.stack, wanted)
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, answer.request.redirected_from) == (wanted.status, None), answer.url
    return page


def window_for(screens: Screens, wanted: MainPage) -> Page:
    """A blank window of whoever looks at this page, signed in, the vault opened where the page is behind it."""
    if wanted.role is None:
        return screens.page()
    account = screens.stack.cast.person(wanted.role, wanted.organisation)
    if wanted.vault:
        open_vault(screens.stack, account)
    if wanted.password:
        _say_password_again(screens.stack.login(account), account)
    return screens.page_of(account)


def address_of(stack: Stack, wanted: MainPage) -> str:
    """The address of the page; of the first link of its kind where it has an id. Raises LookupError."""
    if not wanted.link:
        return wanted.path
    visitor = stack.login(stack.cast.person(wanted.role or "", wanted.organisation))
    pages = [wanted.path]
    if wanted.through:
        pages = _links(visitor, wanted.path, wanted.through)
    for page in pages:
        for link in _links(visitor, page, wanted.link):
            return link + wanted.then
    raise LookupError(f"no link like {wanted.link} on {wanted.path}")


def _links(visitor: Visitor, path: str, pattern: str) -> list[str]:
    addresses = [address for _, address in visitor.get(path).read().links]
    return [address for address in addresses if re.fullmatch(pattern, address)]


def open_vault(stack: Stack, account: Account) -> Visitor:
    """The account's session with its vault open."""
    visitor = stack.login(account)
    page = visitor.get("/vault/")
    if any(form.knows({"word_1"}) for form in page.forms):
        words = account.vault_passphrase.split()
        visitor.submit("Ouvrir", **{f"word_{place}": word for place, word in enumerate(words, start=1)})
    return visitor


def _say_password_again(visitor: Visitor, account: Account) -> None:
    page = visitor.get("/compte/reauthenticate/")
    if any(form.knows({"password"}) for form in page.forms):
        visitor.submit(password=account.password)
