"""Who may do what at the desk: every act and every list, for each group."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding.admin.action_forms import agents
from onboarding.admin.actions import ACTIONS
from onboarding.models import Status, User
from onboarding.models.groups import AUDITOR, LEAD, SUPPORT
from tests.admin.pages import QUEUE, act, dossier, put
from tests.factories import let_pass, make_answered, make_user

pytestmark = pytest.mark.django_db

MAY: dict[str, set[str]] = {
    # act: the groups that may do it
    "claim": {SUPPORT, LEAD},
    "start-building": {SUPPORT, LEAD},
    "ask-for-changes": {SUPPORT, LEAD},
    "withdraw-request": {SUPPORT, LEAD},
    "report-cluster": {SUPPORT, LEAD},
    "report-ready": {SUPPORT, LEAD},
    "report-failed": {SUPPORT, LEAD},
    "release": {SUPPORT, LEAD},
    "cancel": {SUPPORT, LEAD},
    "note": {SUPPORT, LEAD},
    "assign": {LEAD},
    "override": {LEAD},
    "withdraw-override": {LEAD},
    "reopen": {LEAD},
}
GROUPS = (SUPPORT, LEAD, AUDITOR, "")
"""The last one: support's sign-in, and in no group."""
OURS = [model for model in admin.site._registry if model._meta.app_label == "onboarding"]


def browser(group: str) -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, group=group))
    return client


def test_every_act_has_its_line() -> None:
    assert set(MAY) == {action.slug for action in ACTIONS}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.slug)
def test_an_act_is_shown_and_possible_for_its_groups_alone(action: object, group: str) -> None:
    slug: str = action.slug  # type: ignore[attr-defined]
    installation = make_answered()
    installation.check_results.filter(code="on_demand_quota").update(status="failed")
    let_pass(installation, "spot_quota", make_user(is_staff=True))
    installation.change_requests.create(field="region", text="x", by=make_user(is_staff=True))
    put(installation, action.start[0], cluster_id="c-1")  # type: ignore[attr-defined]
    client, address = browser(group), act(installation, slug)
    may = group in MAY[slug]
    if group:
        assert (address in client.get(dossier(installation)).text) is may
    before = installation.events.count()
    answer = client.post(address, {"note": "x"}).status_code
    assert answer in ((200, 302) if may else (403,))
    assert may or installation.events.count() == before


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_all_three_groups_read_and_nobody_without_one(model: type[Model]) -> None:
    page = reverse(f"admin:onboarding_{model._meta.model_name}_changelist")
    answers = {group: browser(group).get(page).status_code for group in GROUPS}
    assert answers == {SUPPORT: 200, LEAD: 200, AUDITOR: 200, "": 403}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_an_auditor_adds_and_changes_nothing(model: type[Model]) -> None:
    page = reverse(f"admin:onboarding_{model._meta.model_name}_add")
    assert browser(AUDITOR).post(page, {}).status_code in (403, 404)


def test_a_superuser_puts_somebody_into_a_group_and_they_sign_in_anew() -> None:
    superuser, agent = make_user(is_staff=True, is_superuser=True), make_user(is_staff=True)
    client, theirs = Client(), Client()
    client.force_login(superuser)
    theirs.force_login(agent)
    own = theirs.session.session_key
    UserSession.objects.create(user=agent, session_key=own, ip="192.0.2.1")
    assert theirs.get(QUEUE).status_code == 200
    lead = Group.objects.get(name=LEAD)
    page = reverse("admin:onboarding_user_change", args=[agent.pk])
    assert "Nothing chosen: nothing." in client.get(page).text
    client.post(page, {"name": "", "is_staff": "on", "is_active": "on", "groups": [lead.pk]})
    assert list(User.objects.get(pk=agent.pk).groups.all()) == [lead]
    assert theirs.get(QUEUE).status_code == 302


def test_rights_come_from_groups_in_one_query() -> None:
    agent = make_user(is_staff=True)
    with CaptureQueriesContext(connection) as asked:
        assert agent.has_perm("onboarding.handle_installation")
        assert not agent.has_perm("onboarding.lead_desk")
    assert len(asked) == 1


def test_an_installation_is_given_to_who_has_the_right_by_their_group() -> None:
    agent, auditor = make_user(is_staff=True), make_user(is_staff=True, group=AUDITOR)
    right = Permission.objects.get(codename="handle_installation")
    auditor.user_permissions.add(right)
    assert list(agents()) == [agent]


def test_notes_among_support_are_on_no_page_of_the_customers() -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    client = browser(SUPPORT)
    client.post(act(installation, "note"), {"text": "canary-among-us"})
    assert "canary-among-us" in client.get(dossier(installation)).text
    customer = Client()
    customer.force_login(installation.organization.owners().get().user)
    for name in ("status", "status_live", "calls"):
        page = customer.get(reverse(name, args=[installation.pk]), follow=True)
        assert "canary-among-us" not in page.text
