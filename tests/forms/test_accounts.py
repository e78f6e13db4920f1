"""Signing up, and founding an Organization."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from onboarding.forms.organizations import OrganizationForm
from onboarding.models import Organization, User
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long and plain sentence"


def sign_up(client: Client, email: str, **typed: str) -> None:
    data = {"email": email, "password1": PASSWORD} | typed
    assert client.post(reverse("account_signup"), data).status_code in (200, 302)


def test_signing_up_stores_the_address_and_the_name(client: Client) -> None:
    sign_up(client, " Owner@Example.COM ", name="Röntgen Labs – Ops")
    user = User.objects.get()
    assert (user.email, user.name) == ("Owner@example.com", "Röntgen Labs – Ops")
    assert EmailAddress.objects.get().email.lower() == "owner@example.com"
    assert EmailAddress.objects.get().user == user


def test_who_signed_up_signs_in_whatever_the_case(client: Client) -> None:
    sign_up(client, "Owner@example.com")
    EmailAddress.objects.update(verified=True)
    client.logout()
    login = {"login": "oWNER@example.com", "password": PASSWORD}
    client.post(reverse("account_login"), login)
    assert "_auth_user_id" in client.session


def test_an_address_that_is_taken_in_another_case_makes_no_second_person(client: Client) -> None:
    make_user("owner@example.com")
    sign_up(client, "OWNER@example.com")
    assert User.objects.count() == 1


def test_a_name_with_a_hidden_character_is_refused(client: Client) -> None:
    sign_up(client, "owner@example.com", name="Owner\u202e")
    assert not User.objects.exists()


def test_a_further_address_is_judged_like_the_first(client: Client) -> None:
    client.force_login(make_user("owner@example.com"))
    client.post(reverse("account_email"), {"email": "a@localhost", "action_add": ""})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["owner@example.com"]


def test_a_short_name_is_taken_once() -> None:
    make_organization(short_name="acme")
    form = OrganizationForm({"name": "Acme Data", "short_name": "acme"})
    assert form.errors["short_name"] == ["“acme” is taken. Choose another."]


def test_a_short_name_left_empty_is_suggested_and_filled_in_but_not_stored() -> None:
    form = OrganizationForm({"name": "Acme Data", "short_name": ""})
    assert form.errors["short_name"] == ["We suggest “acme-data”. Keep it, or type another."]
    assert form["short_name"].value() == "acme-data"
    assert form["name"].value() == "Acme Data"
    assert OrganizationForm({"name": "株式会社", "short_name": ""}).errors["short_name"] == [
        "Type a short name, such as acme."
    ]


@pytest.mark.parametrize("name", ["A", "", "A\u200bcme", "Acme\nInc", "\ue000cme", "A" * 81])
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    assert "name" in OrganizationForm({"name": name, "short_name": "acme"}).errors


def test_founding_stores_both_names(client: Client) -> None:
    client.force_login(make_user())
    client.post(reverse("organization_new"), {"name": " Acme Data ", "short_name": "acme"})
    organization = Organization.objects.get()
    assert (organization.name, organization.short_name) == ("Acme Data", "acme")
