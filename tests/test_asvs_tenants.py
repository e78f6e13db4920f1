"""Every query on a customer's rows is narrowed to the customer (ASVS 5.0, 8.4.1).

Owner, Member and stranger open and press every address; the statements that reach the database are
read. Each that touches a table of Organizations must name a row of the person's own, or stand in a
short list with its reason.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from onboarding.models import Event, Installation, Invitation, Membership, Organization, User
from tests.views.addresses import ours
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

OF_NOBODY = {"onboarding_user", "onboarding_heartbeat", "onboarding_policyversion"}
"""People may belong to several Organizations, and are reached by who is signed in; the versions of
the permissions are everybody's."""
TENANTS = {model._meta.db_table for model in apps.get_app_config("onboarding").get_models()} - (
    OF_NOBODY
)
WIDER = {
    r'"token_fingerprint" = ': "a link whose secret only its receiver has",
    r'LOWER\("onboarding_invitation"\."email"\) IN|'
    r'UPPER\("onboarding_invitation"\."email"::text\) IN': "invitations to one's own addresses",
    r'^SELECT COUNT.* FROM "onboarding_mail" .*UPPER\("onboarding_mail"\."to"': (
        "how many mails one address got: nobody's mailbox is filled, from wherever"
    ),
    r'^SELECT COUNT.* FROM "onboarding_event" .*"organization_id" = .* OR .*"by_id" = ': (
        "how many invitations a person sent: not more by founding more"
    ),
    r'UPPER\(\("onboarding_event"\."data" ->> |IS NULL AND UPPER\("onboarding_mail"\."to"|'
    r'^UPDATE .*former-|"assignee_id" = \d+$': (
        "what names a person who deletes their own account"
    ),
    r'"socialaccount_socialapp"\."provider_id" = ': "the provider that somebody chose to sign in",
    r'"onboarding_webhook"\."organization_id" IS NULL OR': "support's own, and the Organization's",
}
"""Statements that look past one Organization, and why."""
WAYS = {
    "organization": "organization",
    "installation": "installation__organization",
    "handover": "handover__installation__organization",
    "webhook": "webhook__organization",
}
"""By which field of its a row belongs to an Organization."""


def touches_tenants(sql: str) -> bool:
    named = set(re.findall(r'(?:FROM|JOIN|UPDATE) "(onboarding_\w+)"', sql))
    return bool(named & TENANTS) and not sql.startswith("INSERT")


def own(user: User) -> set[str]:
    """The keys of what is theirs, as they stand in a statement."""
    organizations = Organization.objects.filter(memberships__user=user)
    keys = {f'"user_id" = {user.pk}{end}' for end in " )"}
    keys |= {f"'{each.pk.hex}'" for each in organizations}
    for model in apps.get_app_config("onboarding").get_models():
        for way in {WAYS.get(field.name, "") for field in model._meta.get_fields()} - {""}:
            theirs = model._default_manager.filter(**{f"{way}__in": organizations})
            for pk in theirs.values_list("pk", flat=True):
                keys |= said(model._meta.db_table, pk)
    return keys


def said(table: str, pk: Any) -> set[str]:
    if isinstance(pk, UUID):
        return {f"'{pk.hex}'"}
    return {f'"{table}"."id" = {pk} ', f'"{table}"."id" = {pk})', f'"{table}"."id" IN ({pk})'}


def is_narrow(sql: str, keys: Iterable[str]) -> bool:
    """Whether it is about the person's own rows, whichever of its alternatives holds."""
    conditions = sql.partition(" WHERE ")[2].partition(" GROUP BY ")[0] + " "
    return all(any(key in part for key in keys) for part in conditions.split(" OR "))


def is_listed(sql: str) -> bool:
    return any(re.search(pattern, sql) for pattern in WIDER)


def wide(statements: Iterable[str], keys: Iterable[str]) -> set[str]:
    """Those on tenants' tables that could give the rows of somebody else."""
    return {
        sql
        for sql in statements
        if touches_tenants(sql) and not is_narrow(sql, keys) and not is_listed(sql)
    }


def everything_asked(cast: Cast, who: str) -> list[str]:
    """What all addresses ask the database for that person. What they did does not stay."""
    client, statements = cast.confirmed(who), []
    client.raise_request_exception = False
    for address in ours():
        for method in (client.get, client.post):
            kept = deepcopy(client.cookies)
            path = address.of(cast)
            with transaction.atomic(), CaptureQueriesContext(connection) as asked:
                method(path)
                transaction.set_rollback(True)
            client.cookies = kept  # some of them sign out
            statements += [one["sql"] for one in asked.captured_queries]
    return statements


@pytest.mark.parametrize("who", ["owner", "member", "stranger"])
def test_asvs_8_4_1_every_query_of_a_page_is_narrowed_to_the_customer(who: str) -> None:
    cast = make_cast(answered=True)
    keys, statements = own(cast.people[who]), everything_asked(cast, who)
    assert wide(statements, keys) == set()
    assert len([sql for sql in statements if touches_tenants(sql)]) > 150


def test_asvs_8_4_1_a_query_that_looks_at_everybody_would_be_seen() -> None:
    cast = make_cast()
    keys = own(cast.people["owner"])
    theirs = Installation.objects.exclude(organization=cast.organization).get()
    mine = Installation.objects.visible_to(cast.people["owner"])
    queries = {
        "all": Installation.objects.all(),
        "by state": Installation.objects.filter(status="draft"),
        "of somebody else": Installation.objects.filter(pk=theirs.pk),
        "through a relation": Event.objects.filter(installation__cluster_name="analytics"),
        "by role": Membership.objects.filter(role="owner"),
        "open ones": Invitation.objects.open(),
        "mine or": mine | Installation.objects.filter(status="draft"),
    }
    with CaptureQueriesContext(connection) as asked:
        for query in queries.values():
            list(query.order_by("pk"))
    assert len(wide([one["sql"] for one in asked.captured_queries], keys)) == len(queries)
    with CaptureQueriesContext(connection) as asked:
        list(mine)
    assert wide([one["sql"] for one in asked.captured_queries], keys) == set()


def test_asvs_8_4_1_the_list_of_exceptions_has_no_line_too_many() -> None:
    cast = make_cast(answered=True)
    statements = everything_asked(cast, "owner") + everything_asked(cast, "member")
    unused = [
        why
        for pattern, why in WIDER.items()
        if not any(map(re.compile(pattern).search, statements))
    ]
    assert unused == []
