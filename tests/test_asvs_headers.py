"""What every address of the URLconf answers with, of sign-in and of the desk as well.

Named by the rules of ASVS 5.0 (chapters 3.4, 3.5, 4.1 and 14.3) that ask for it.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from onboarding.services import installations
from tests.test_tenancy_elsewhere import path_of
from tests.views.addresses import Address, all_of_them, ours
from tests.views.cast import Cast, everything_stored, make_cast

pytestmark = pytest.mark.django_db

WITH_TLS = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
}
EVIL = "https://evil.example"
WHO = ("anonymous", "owner", "staff")
EVERY = pytest.mark.parametrize("who", WHO)
OURS = {address.name for address in ours()}
ADDRESSES = {address.name: address for address in all_of_them()}


def path(address: Address, cast: Cast) -> str:
    return address.of(cast) if address.name in OURS else path_of(address)


@dataclass(frozen=True)
class Seen:
    where: str
    status: int
    headers: dict[str, str]
    has_body: bool


def seen(where: str, response: Any) -> Seen:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Seen(where, response.status_code, headers, bool(response.getvalue()))


@cache
def answers(who: str) -> tuple[Seen, ...]:
    """Each address, read and pressed, on a site with TLS; and each kind of error.

    Nothing of it stays, and it is asked for once: the rules below look at the same answers.
    """
    found = []
    with override_settings(**WITH_TLS), transaction.atomic():
        cast = make_cast()
        client = Client() if who == "anonymous" else cast.confirmed(who)
        for name, address in ADDRESSES.items():
            for method in (client.get, client.post):
                kept = deepcopy(client.cookies)
                with transaction.atomic():
                    response = method(path(address, cast), secure=True)
                    found.append(seen(f"{method.__name__} {name}", response))
                    transaction.set_rollback(True)
                client.cookies = kept  # some of them sign out
        found += errors(cast, client)
        transaction.set_rollback(True)
    return tuple(found)


def errors(cast: Cast, client: Client) -> list[Seen]:
    """A wrong host, no token, nothing there, another method, a fault, and files."""
    strict = Client(enforce_csrf_checks=True)
    careless = Client(raise_request_exception=False)
    careless.force_login(cast.people["owner"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installations, "start", None)
        fault = careless.post("/installations/new/", secure=True)
    found = {
        400: client.get("/", headers={"host": "evil.example"}, secure=True),
        403: strict.post("/accounts/login/", secure=True),
        404: client.get("/nowhere/", secure=True),
        405: careless.get("/installations/new/", secure=True),
        500: fault,
    }
    for status, response in found.items():
        assert response.status_code == status
    told = [seen(str(status), response) for status, response in found.items()]
    return [*told, seen("no file", client.get("/static/none.css", secure=True))]


def without(who: str, header: str, value: str) -> list[str]:
    return [each.where for each in answers(who) if each.headers.get(header) != value]


@EVERY
def test_asvs_3_4_1_every_answer_says_to_come_by_tls_alone(who: str) -> None:
    said = "max-age=31536000; includeSubDomains; preload"
    assert without(who, "strict-transport-security", said) == []
    assert len(answers(who)) > 300
    assert {each.status for each in answers(who)} >= {200, 302, 400, 403, 404, 405, 500}


@EVERY
def test_asvs_3_4_2_no_answer_is_for_another_site_to_read(who: str) -> None:
    names = {name for each in answers(who) for name in each.headers}
    assert not [name for name in names if name.startswith("access-control-")]


@EVERY
def test_asvs_3_4_4_to_3_4_6_no_answer_is_sniffed_framed_or_told_of(who: str) -> None:
    assert without(who, "x-content-type-options", "nosniff") == []
    assert without(who, "x-frame-options", "DENY") == []
    assert without(who, "referrer-policy", "same-origin") == []
    policies = {each.headers["content-security-policy"] for each in answers(who)}
    assert len(policies) == 1
    assert "frame-ancestors 'none'" in policies.pop()


@EVERY
def test_asvs_4_1_1_every_body_says_what_it_is_and_in_which_letters(who: str) -> None:
    silent = [
        each.where
        for each in answers(who)
        if each.has_body
        # JSON is always UTF-8 (RFC 8259, 8.1), and a PDF is no text.
        and each.headers.get("content-type") not in ("application/json", "application/pdf")
        and "charset=utf-8" not in each.headers.get("content-type", "").replace('"', "")
    ]
    assert silent == []


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_asvs_14_3_2_no_answer_to_somebody_signed_in_is_kept(who: str) -> None:
    kept = [
        each.where
        for each in answers(who)
        if "no-store" not in each.headers.get("cache-control", "") and each.where != "no file"
    ]
    assert kept == []


def refused_as_foreign(response: Any) -> bool:
    names = [template.name for template in response.templates]
    return response.status_code == 403 and "onboarding/errors/csrf.html" in names


TRUSTED = {"saml_acs"}
"""A provider's page posts there. What it says is signed, and answers a question of the browser's."""


@EVERY
def test_asvs_3_5_1_no_method_that_changes_anything_goes_without_a_token(who: str) -> None:
    cast = make_cast()
    client = Client(enforce_csrf_checks=True)
    if who != "anonymous":
        client.force_login(cast.people[who])
    before = everything_stored()
    taken = {
        name
        for name, address in ADDRESSES.items()
        for method in (client.post, client.put, client.patch, client.delete)
        if not refused_as_foreign(method(path(address, cast)))
    }
    assert taken == TRUSTED
    assert everything_stored() == before


@pytest.mark.parametrize(
    "headers", [{"Origin": EVIL}, {"Origin": "null"}, {"Referer": f"{EVIL}/x"}, {}]
)
def test_asvs_3_5_1_a_token_helps_no_other_site(headers: dict[str, str]) -> None:
    """With TLS a form without any word of where it came from is refused as well."""
    cast = make_cast()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["owner"])
    token = client.get("/accounts/", secure=True).wsgi_request.META["CSRF_COOKIE"]
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    form = {"csrfmiddlewaretoken": token}
    before = everything_stored()

    def post(name: str, **values: Any) -> Any:
        where = path(ADDRESSES[name], cast)
        return client.post(where, form, secure=True, headers=headers | values)

    taken = [name for name in ADDRESSES if not refused_as_foreign(post(name))]
    assert set(taken) == TRUSTED
    assert everything_stored() == before
    ours = {"Origin": "https://testserver"}
    assert not refused_as_foreign(post("organization_new", **ours))
