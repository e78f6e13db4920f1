"""A connection vouches for its Organization's confirmed domains, and for nobody else (T36)."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from onboarding.models import Event, Membership, User
from onboarding.services import members
from tests.factories import PASSWORD, make_organization, make_user
from tests.harness.oidc import Provider
from tests.views.providers.world import identities, is_signed_in, make_domain, make_oidc, sign_in

pytestmark = pytest.mark.django_db
ID = "acme-oidc"


def refused(client: Client, reason: str) -> Event:
    answer = sign_in(client, ID)
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    event = Event.objects.get(kind=Event.Kind.SSO_REFUSED)
    assert event.data["reason"] == reason
    assert not SocialAccount.objects.exists()
    return event


@pytest.mark.parametrize(
    "address",
    [
        "ada@other.example",
        "ada@sub.example.com",
        "ada@example.com.evil.example",
        "ada@xexample.com",
    ],
)
def test_asvs_6_8_2_an_address_at_a_foreign_domain_is_refused_and_told(
    client: Client, provider: Provider, address: str
) -> None:
    connection = make_oidc(provider.issuer)
    provider.person["email"] = address
    event = refused(client, "foreign_domain")
    assert event.organization == connection.organization
    assert event.data["domain"] == address.partition("@")[2]
    assert "no confirmed domain of Acme" in event.note
    assert address not in str(event.data) + event.note
    assert not User.objects.filter(email=address).exists()


def test_an_owner_reads_which_sign_in_was_refused_and_why(
    client: Client, provider: Provider
) -> None:
    connection = make_oidc(provider.issuer)
    provider.person["email"] = "ada@other.example"
    refused(client, "foreign_domain")
    client.force_login(connection.organization.owners().get().user)
    page = client.get(f"/organizations/{connection.organization.pk}/history/").text
    assert "A sign-in by Acme’s Okta was refused" in page
    assert "The address is at other.example" in page


def test_a_domain_of_another_organization_is_foreign_too(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    make_domain(make_organization(short_name="other"), "other.example")
    provider.person["email"] = "ceo@other.example"
    refused(client, "foreign_domain")


def test_a_domain_that_is_only_claimed_does_not_count(client: Client, provider: Provider) -> None:
    connection = make_oidc(provider.issuer)
    connection.organization.domains.update(verified_at=None)
    refused(client, "foreign_domain")


@pytest.mark.parametrize("address", [None, "", "ada", "ada@", "ada@localhost", "a b@example.com"])
def test_no_address_is_refused(client: Client, provider: Provider, address: str | None) -> None:
    make_oidc(provider.issuer)
    provider.person["email"] = address
    provider.about = {"sub": provider.person["sub"]}
    refused(client, "no_address")


@pytest.mark.parametrize("said", [False, "false", 0, "no"])
def test_an_address_that_the_provider_says_is_not_confirmed_is_refused(
    client: Client, provider: Provider, said: object
) -> None:
    make_oidc(provider.issuer)
    provider.person["email_verified"] = said
    refused(client, "not_confirmed")


def test_a_provider_that_says_nothing_of_it_vouches_by_the_domain(
    client: Client, provider: Provider
) -> None:
    """Entra ID sends no `email_verified`."""
    make_oidc(provider.issuer)
    del provider.person["email_verified"]
    sign_in(client, ID)
    assert is_signed_in(client)


def test_a_connection_is_asked_each_time(client: Client, provider: Provider) -> None:
    connection = make_oidc(provider.issuer)
    sign_in(client, ID)
    connection.organization.domains.update(verified_at=None)
    answer = sign_in(Client(), ID)
    assert answer.status_code == 403
    assert Event.objects.get(kind=Event.Kind.SSO_REFUSED).data["reason"] == "foreign_domain"


def test_a_connection_that_was_switched_off_meanwhile_lets_nobody_in(
    client: Client, provider: Provider
) -> None:
    connection = make_oidc(provider.issuer)
    connection.is_enabled = False
    connection.save()
    assert client.post(f"/accounts/with/{ID}/").status_code == 404


def test_the_first_time_makes_a_member_and_the_owners_are_told(
    client: Client, provider: Provider, mailoutbox: list[object]
) -> None:
    connection = make_oidc(provider.issuer)
    sign_in(client, ID)
    event = Event.objects.get(kind=Event.Kind.JOINED)
    assert event.organization == connection.organization
    assert event.data["way"] == "sso"
    sign_in(Client(), ID)
    assert Event.objects.filter(kind=Event.Kind.JOINED).count() == 1


def test_who_was_removed_does_not_come_back_by_single_sign_on(
    client: Client, provider: Provider
) -> None:
    connection = make_oidc(provider.issuer)
    owner = connection.organization.owners().get().user
    sign_in(client, ID)
    ada = User.objects.get(email="ada@example.com")
    members.remove(ada.memberships.get(), by=owner)
    again = Client()
    sign_in(again, ID)
    assert is_signed_in(again)
    assert not ada.memberships.exists()


def test_nobody_is_support_by_single_sign_on(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    provider.person |= {"is_staff": True, "is_superuser": True, "role": "owner"}
    sign_in(client, ID)
    ada = User.objects.get(email="ada@example.com")
    assert (ada.is_staff, ada.is_superuser) == (False, False)
    assert ada.memberships.get().role == Membership.Role.MEMBER


def connecting(address: str) -> Client:
    """A browser in which that person has just given their password."""
    client = Client()
    client.post("/accounts/login/", {"login": address, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert is_signed_in(client)
    return client


def test_asvs_6_8_1_who_has_the_address_already_signs_in_and_connects(
    client: Client, provider: Provider
) -> None:
    connection = make_oidc(provider.issuer)
    ada = make_user("ada@example.com")
    answer = sign_in(client, ID)
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "Sign in as you did before" in answer.text
    assert not identities(ada).exists()
    at_home = connecting("ada@example.com")
    page = at_home.get("/accounts/3rdparty/").text
    assert "Connect Acme’s Okta" in page
    sign_in(at_home, ID, process="connect", next="/accounts/3rdparty/")
    assert identities(ada).get().uid == "00u1ada"
    assert ada.memberships.get().organization == connection.organization
    assert "Acme’s Okta" in at_home.get("/accounts/3rdparty/").text
    sign_in(client, ID)
    assert is_signed_in(client)


def test_connecting_asks_for_the_password_once_more(provider: Provider) -> None:
    make_oidc(provider.issuer)
    ada = make_user("ada@example.com")
    client = Client()
    client.force_login(ada)
    answer = client.post(f"/accounts/with/{ID}/", {"process": "connect"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_an_identity_of_somebody_else_at_the_company_is_not_connected(provider: Provider) -> None:
    make_oidc(provider.issuer)
    make_user("eve@example.com")
    client = connecting("eve@example.com")
    answer = sign_in(client, ID, process="connect")
    assert answer.status_code == 403
    assert "another than the one you use here" in answer.text
    assert not SocialAccount.objects.exists()
    event = Event.objects.get(kind=Event.Kind.SSO_REFUSED)
    assert event.data["reason"] == "other_person"


def test_an_identity_that_is_connected_elsewhere_stays_there(provider: Provider) -> None:
    make_oidc(provider.issuer)
    sign_in(Client(), ID)
    provider.person["email"] = "eve@example.com"  # the provider renamed Ada
    make_user("eve@example.com")
    client = connecting("eve@example.com")
    answer = sign_in(client, ID, process="connect", next="/accounts/3rdparty/")
    assert "belongs to another sign-in" in client.get(answer["Location"]).text
    assert SocialAccount.objects.get().user.email == "ada@example.com"
