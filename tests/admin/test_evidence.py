"""Evidence is read on the desk, and written, changed or deleted by nobody."""

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onboarding.admin.queue_rows import COUNTED
from onboarding.models import (
    AwsCall,
    CheckResult,
    Delivery,
    Domain,
    Event,
    Installation,
    Mail,
    Membership,
    Message,
    Operation,
    Organization,
    SharedProvider,
    SsoConnection,
    User,
    Webhook,
)
from onboarding.models.sealed import seal
from onboarding.services import access
from tests.factories import make_answered, make_user

pytestmark = pytest.mark.django_db
OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "onboarding"),
    key=lambda model: model.__name__,
)
SET_UP_BY_SUPPORT = (Domain, SharedProvider, SsoConnection)
EVIDENCE = [model for model in OURS if model not in SET_UP_BY_SUPPORT]
each_model = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
each_evidence = pytest.mark.parametrize("model", EVIDENCE, ids=lambda model: model.__name__)


@pytest.fixture(autouse=True)
def rows() -> None:
    """One row of everything."""
    installation = make_answered()
    access.check_account(installation)
    Domain.objects.create(organization=installation.organization, name="acme.example")
    SocialApp.objects.create(provider="github", name="GitHub", client_id="an-id")
    app = SocialApp.objects.create(provider="openid_connect", provider_id="acme", name="Acme")
    SsoConnection.objects.create(organization=installation.organization, app=app)
    Message.objects.create(installation=installation, side="support", by=make_user(), text="Hi.")
    Mail.objects.create(
        installation=installation, name="ready", to="a@b.example", subject="S",
        text="https://portal.example/secret-link", html="https://portal.example/secret-link",
    )  # fmt: skip
    webhook = Webhook.objects.create(
        name="Channel", format="slack", url_sealed=seal("https://hooks.example.com/x"),
        created_by=make_user("lead@support.example", is_staff=True),
    )  # fmt: skip
    Delivery.objects.create(webhook=webhook, body={})
    AwsCall.objects.create(
        installation=installation, at=timezone.now(), service="sts", action="AssumeRole",
        region="us-east-1", outcome="ok", milliseconds=1,
    )  # fmt: skip


def page(model: type[Model], what: str, *args: object) -> str:
    return reverse(f"admin:onboarding_{model._meta.model_name}_{what}", args=args)


@each_model
def test_support_reads_every_list_and_every_row(desk: Client, model: type[Model]) -> None:
    if model in (User, SharedProvider):
        desk.force_login(make_user(is_staff=True, is_superuser=True))
    row = model._default_manager.all()[0]
    assert desk.get(page(model, "changelist")).status_code == 200
    assert desk.get(page(model, "change", row.pk)).status_code == 200


@each_evidence
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nothing_is_added_or_deleted_by_hand(
    client: Client, model: type[Model], is_superuser: bool
) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=is_superuser))
    row = model._default_manager.all()[0]
    before = model._default_manager.count()
    for url in (page(model, "add"), page(model, "delete", row.pk)):
        assert client.get(url).status_code == 403
        assert client.post(url, {"post": "yes"}).status_code == 403
    assert model._default_manager.count() == before


@pytest.mark.parametrize("model", [Event, CheckResult, Mail, Operation, AwsCall, Organization])
def test_a_post_to_a_row_of_evidence_is_refused(client: Client, model: type[Model]) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    row = model._default_manager.all()[0]
    assert client.post(page(model, "change", row.pk), {"note": "changed"}).status_code == 403


def test_the_text_of_a_mail_is_not_shown_for_its_links_may_sign_somebody_in(desk: Client) -> None:
    mail = Mail.objects.get(name="ready")
    for url in (page(Mail, "changelist"), page(Mail, "change", mail.pk)):
        assert "secret-link" not in desk.get(url).text


@each_model
def test_a_customer_reads_nothing_here(client: Client, model: type[Model]) -> None:
    client.force_login(Membership.objects.all()[0].user)
    row = model._default_manager.all()[0]
    for url in (page(model, "changelist"), page(model, "change", row.pk)):
        response = client.get(url)
        assert response.status_code == 302
        assert client.get(response["Location"]).status_code == 403


def test_only_a_superuser_says_who_is_support(desk: Client) -> None:
    somebody = make_user("somebody@example.com")
    url = page(User, "change", somebody.pk)
    wanted = {"name": "Some Body", "is_staff": "on", "is_active": "on", "email": "new@example.com"}
    assert desk.post(url, wanted).status_code == 403
    desk.force_login(make_user(is_staff=True, is_superuser=True))
    assert somebody.password not in desk.get(url).text
    assert desk.post(url, wanted).status_code == 302
    somebody.refresh_from_db()
    assert (somebody.is_staff, somebody.email) == (True, "somebody@example.com")


@pytest.mark.parametrize("model", [Event, CheckResult, AwsCall, Operation, Mail, Message, Delivery])
def test_a_list_counts_no_more_than_it_shows_and_reads_in_the_order_of_an_index(
    desk: Client, model: type[Model]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(page(model, "changelist")).status_code == 200
    table = model._meta.db_table
    said = [each["sql"] for each in asked if f'FROM "{table}"' in each["sql"]]
    assert not [sql for sql in said if "COUNT(*)" in sql]
    keys = next(sql for sql in said if f"LIMIT {COUNTED + 1}" in sql)
    with connection.cursor() as cursor:
        # What the planner would do were the table long
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {keys}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "_latest" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("model", [Event, AwsCall, Mail])
def test_a_list_shows_one_installation_alone_when_asked(desk: Client, model: type[Model]) -> None:
    one, other = Installation.objects.get(), make_answered(cluster_name="another")
    url = page(model, "changelist")
    for which, there in ((one, True), (other, model is Event)):
        shown = desk.get(url, {"installation__id__exact": str(which.pk)})
        assert shown.status_code == 200
        assert bool(shown.context["cl"].result_list) is there
        assert {each.installation_id for each in shown.context["cl"].result_list} <= {which.pk}


def test_the_log_of_a_dossier_leads_to_all_of_it(desk: Client) -> None:
    installation = Installation.objects.get()
    address = reverse("admin:onboarding_installation_log", args=[installation.pk])
    dossier = reverse("admin:onboarding_installation_change", args=[installation.pk])
    for where, models in ((address, (Mail, AwsCall)), (dossier, (Event,))):
        shown = desk.get(where).text
        for model in models:
            url = page(model, "changelist")
            assert f'href="{url}?installation__id__exact={installation.pk}"' in shown
