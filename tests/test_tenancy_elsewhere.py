"""Who may open what beside the customer's side: the pages of sign-in, and support's desk.

The addresses come from the URLconf. Of sign-in, one without a line fails; the desk is closed by a
rule to everybody but support with a second factor, and what support may write there is listed.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.test_tenancy import CONFIRM, LOGIN, answer
from tests.views.addresses import Address, all_of_them, ours
from tests.views.cast import Cast, everything_stored, make_cast, person

pytestmark = pytest.mark.django_db

ELSEWHERE = [one for one in all_of_them() if one.name not in {each.name for each in ours()}]
DESK = [one for one in ELSEWHERE if one.name.startswith("admin:")]
SIGN_IN = {one.name: one for one in ELSEWHERE if one not in DESK}

OUT, SET_UP, NOT_SO = "admin:login", "mfa_index", "405"
Four = tuple[str, str, str, str]
GUESTS: Four = (LOGIN, LOGIN, "home", "home")
MINE: Four = (LOGIN, LOGIN, "200", "200")
MINE_READ: Four = (LOGIN, LOGIN, "200", NOT_SO)
MINE_CONFIRMED: Four = (LOGIN, LOGIN, CONFIRM, CONFIRM)
NONE_OF_MINE: Four = (LOGIN, LOGIN, "404", "404")
READ: Four = ("200", NOT_SO, "200", NOT_SO)
EVERYBODY: Four = ("200",) * 4
NO_SUCH: Four = ("404",) * 4

ANSWERS: dict[str, Four] = {
    # name: nobody signed in, GET and POST; anybody without a second factor, GET and POST
    "account_login": ("200", "200", "home", "home"),
    "account_signup": ("200", "200", "home", "home"),
    "account_logout": (LOGIN, LOGIN, "200", LOGIN),
    "account_inactive": READ,
    "account_reauthenticate": MINE,
    "account_email": (LOGIN, LOGIN, "200", "account_email"),
    "account_email_verification_sent": READ,
    "account_change_password": MINE,
    "account_set_password": (LOGIN, LOGIN, "account_change_password", "account_change_password"),
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": READ,
    "account_reset_password_from_key": EVERYBODY,  # a key that does not work, and says so
    "account_reset_password_from_key_done": READ,
    "account_confirm_login_code": GUESTS,
    "mfa_index": MINE_READ,
    "mfa_authenticate": GUESTS,
    "mfa_reauthenticate": MINE_CONFIRMED,
    "mfa_activate_totp": MINE_CONFIRMED,
    "mfa_deactivate_totp": NONE_OF_MINE,
    "mfa_view_recovery_codes": (LOGIN, LOGIN, "404", NOT_SO),
    "mfa_generate_recovery_codes": MINE_CONFIRMED,
    "mfa_download_recovery_codes": NONE_OF_MINE,
    "mfa_list_webauthn": MINE_READ,
    "mfa_add_webauthn": MINE_CONFIRMED,
    "mfa_reauthenticate_webauthn": MINE_CONFIRMED,
    "mfa_remove_webauthn": MINE_CONFIRMED,
    "mfa_edit_webauthn": MINE_CONFIRMED,
    "mfa_login_webauthn": GUESTS,
    "socialaccount_login_cancelled": READ,
    "socialaccount_login_error": (LOGIN, LOGIN, "401", NOT_SO),
    "socialaccount_signup": (LOGIN,) * 4,
    "socialaccount_connections": MINE,
    "saml_acs": (NOT_SO, "404", NOT_SO, "404"),
    "saml_finish_acs": NO_SUCH,
    "saml_metadata": NO_SUCH,
    "saml_sls": NO_SUCH,
    "openid_connect_callback": NO_SUCH,
    "github_callback": NO_SUCH,
    "usersessions_list": MINE_READ,
}
MAY_WRITE = {
    "admin:onboarding_domain_add", "admin:onboarding_domain_change",
    "admin:onboarding_ssoconnection_add", "admin:onboarding_ssoconnection_change",
}  # fmt: skip
"""What any support agent may do at the desk beside reading, and the buttons of an installation."""


@pytest.fixture
def cast() -> Cast:
    """With a `newcomer` to support, who has no second factor yet."""
    cast = make_cast()
    cast.people["newcomer"] = person("newcomer@support.example", is_staff=True)
    Authenticator.objects.filter(user=cast.people["newcomer"]).delete()
    return cast


def path_of(address: Address) -> str:
    """Some address of that pattern, of nothing there is."""
    return (
        address.sample()
        if "webauthn" not in address.name or not address.names
        else reverse(address.name, args=[1])
    )


def told(client: Client, address: Address, method: str) -> str:
    """What that person gets; nothing of it stays."""
    with transaction.atomic():
        response = getattr(client, method)(path_of(address))
        transaction.set_rollback(True)
    return answer(response)


def test_every_page_of_sign_in_has_its_line_and_every_line_its_page() -> None:
    assert set(ANSWERS) == set(SIGN_IN)


@pytest.mark.parametrize("who", ["member", "owner", "stranger", "newcomer"])
def test_the_pages_of_sign_in_are_about_oneself_and_the_same_for_everybody(
    cast: Cast, who: str
) -> None:
    got: dict[str, Four] = {}
    for name, address in SIGN_IN.items():
        nobody, somebody = Client(), cast.client(who)
        got[name] = (
            told(nobody, address, "get"),
            told(nobody, address, "post"),
            told(somebody, address, "get"),
            told(somebody, address, "post"),
        )
    assert got == ANSWERS


def test_the_desk_is_closed_to_everybody_but_support_with_a_second_factor(cast: Cast) -> None:
    """Every address of it, read and pressed; and nothing is stored by trying."""
    clients = {who: cast.client(who) for who in ("member", "owner", "stranger", "newcomer")}
    clients["anonymous"] = Client()
    before = everything_stored()
    closed = {"anonymous": {LOGIN, OUT}, "newcomer": {SET_UP}}
    for address in DESK:
        if address.name == "admin:logout":
            continue  # signs out whoever asks, and nobody else
        for who, client in clients.items():
            for method in ("get", "post"):
                got = answer(getattr(client, method)(path_of(address)))
                expected = closed.get(who, {OUT, "403"})
                assert got in expected, (address.name, who, method, got)
    assert everything_stored() == before
    assert len(DESK) > 60


def test_support_reads_at_the_desk_and_writes_what_is_listed(cast: Cast) -> None:
    """A model that is registered with more fails here. Without rights of a superuser."""
    client = cast.client("staff")
    writing = [
        one for one in DESK if one.name.endswith(("_add", "_change", "_delete")) and "_" in one.name
    ]
    open_ones = {
        one.name
        for one in writing
        if told(client, one, "post") != "403" and not one.name.startswith("admin:password")
    }
    # An installation is changed by nothing but the buttons on its page.
    assert open_ones - {"admin:onboarding_installation_change"} == MAY_WRITE


def test_not_even_a_superuser_reads_or_writes_what_people_prove_themselves_with() -> None:
    names = " ".join(one.name for one in DESK)
    for model in ("authenticator", "emailaddress", "usersession", "socialaccount_socialaccount"):
        assert model not in names


def test_support_without_a_second_factor_gets_no_more_on_the_customers_side(cast: Cast) -> None:
    """The same answers as support with one, on every address; and nothing changes."""
    newcomer, agent = cast.client("newcomer"), cast.client("staff")
    before = everything_stored()
    for address in ours():
        if address.name in ("account_delete", "sessions_end"):
            continue  # about oneself
        path = address.of(cast)
        for method in ("get", "post"):
            answers = [answer(getattr(one, method)(path)) for one in (newcomer, agent)]
            assert answers[0] == answers[1], (address.name, method)
    assert everything_stored() == before
