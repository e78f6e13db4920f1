"""The desk has no door of its own."""

import pytest
from django.test import Client

from onboarding.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_strangers_are_sent_to_the_one_sign_in(client: Client) -> None:
    for method in (client.get, client.post):
        response = method("/admin/login/?next=/admin/")
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?")


def test_the_admin_takes_no_password(client: Client, agent: User) -> None:
    client.post("/admin/login/", {"username": agent.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_customer_gets_no_second_form_but_a_refusal(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "password" not in response.text.lower().split("<main", 1)[1]


def test_support_goes_straight_to_the_desk(desk: Client) -> None:
    response = desk.get("/admin/login/?next=//evil.example/")
    assert response["Location"] == "/admin/"
