"""What the pages say of a call that AWS did not carry out."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from onboarding import VERSION
from onboarding.aws.errors import Denied, Misconfigured, Unavailable
from onboarding.aws.explain import explain
from onboarding.jobs.results import explanation_data, fix_data
from onboarding.models import Operation
from tests.factories import make_result
from tests.harness.demo import ROOT
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
SCP = "is not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy"
PLACE: Any = {"account_id": "210987654321", "region": "us-east-1", "request_id": "req-77"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def failed(cast: Cast, kind: Operation.Kind, error: Denied | Unavailable | Misconfigured) -> None:
    Operation.request(cast.installation, kind)
    operation = Operation.claim(str(cast.installation.operations.get(kind=kind).pk))
    assert operation
    why = explain(error)
    operation.fail(
        why.cause, details=["Done before it stopped:"], explanation=explanation_data(why)
    )


def shown(cast: Cast, slug: str) -> str:
    text = cast.client("owner").get(reverse("live", args=[cast.installation.pk, slug])).content
    return unescape(text.decode())


@pytest.mark.parametrize(
    ("kind", "slug"),
    [(Operation.Kind.CHECK_ACCOUNT, "checks"), (Operation.Kind.VERIFY_ROLE, "access")],
)
def test_work_that_failed_tells_what_was_tried_what_aws_said_and_what_to_do(
    cast: Cast, kind: Operation.Kind, slug: str
) -> None:
    error = Denied(SCP, code="UnauthorizedOperation", action="ec2:DescribeVpcs", **PLACE)
    failed(cast, kind, error)

    text = shown(cast, slug)

    assert "<code>ec2:DescribeVpcs</code> with the role, account 2109-8765-4321, us-east-1" in text
    assert "<code>UnauthorizedOperation</code> by a service control policy" in text
    assert "request ID <code>req-77</code>" in text
    assert "A service control policy of your AWS Organization denies" in text
    assert "Ask whoever manages AWS Organizations" in text
    others = re.search(r'<ol start="2">(.*?)</ol>', text)
    assert others
    assert re.findall("<li>(.*?)</li>", others[1]) == list(explain(error).report.causes[1:])
    assert f'<details id="said-{kind}">' in text


def test_the_text_for_support_names_all_they_need(cast: Cast) -> None:
    failed(cast, Operation.Kind.CHECK_ACCOUNT, Denied(SCP, code="Denied", action="ec2:X", **PLACE))
    finished = cast.installation.operations.get().finished_at

    text = shown(cast, "checks")
    block = re.search(r'<pre id="support-check_account"[^>]*>(.*?)</pre>', text, re.DOTALL)

    assert block
    assert finished
    assert dict(line.split(": ", 1) for line in block[1].splitlines()) == {
        "Installation": str(cast.installation.pk),
        "Cluster": "analytics",
        "AWS account": "210987654321",
        "Region": "us-east-1",
        "Call": "ec2:X",
        "Made as": "role",
        "Code": "Denied",
        "Denied by": "service control policy",
        "AWS request ID": "req-77",
        "Time": f"{finished:%Y-%m-%d %H:%M:%S} UTC",
        "AWS said": SCP,
        "Portal": VERSION,
    }
    assert 'data-copy="#support-check_account"' in text


def test_a_fault_of_ours_asks_nothing_of_the_customer(cast: Cast) -> None:
    error = Misconfigured("Unable to locate credentials", code="NoCredentialsError", **PLACE)
    failed(cast, Operation.Kind.VERIFY_ROLE, error)

    text = shown(cast, "access")

    assert "It is support's turn" in text
    assert "You need do nothing" in text
    assert "Your account is not at fault" in text


def test_a_check_that_aws_did_not_answer_shows_the_same(cast: Cast) -> None:
    why = explain(
        Unavailable("Rate exceeded", code="Throttling", action="ec2:DescribeVpcs", **PLACE)
    )
    cast.installation.check_results.filter(code="astro_cidr_free").delete()
    make_result(
        cast.installation,
        "astro_cidr_free",
        status="could_not_check",
        saw="We could not check this.",
        cause=why.cause,
        turn=why.turn,
        fix=fix_data(why.fix),
        report=explanation_data(why)["report"],
    )

    text = shown(cast, "checks")

    assert "<code>Throttling</code>, request ID <code>req-77</code>" in text
    assert "AWS said: Rate exceeded" in text
    assert '<details id="said-astro_cidr_free">' in text


def test_what_aws_said_is_text_and_never_markup(cast: Cast) -> None:
    error = Denied("<script>alert(1)</script>", code="<b>", action="ec2:X", **PLACE)
    failed(cast, Operation.Kind.CHECK_ACCOUNT, error)

    url = reverse("live", args=[cast.installation.pk, "checks"])
    raw = cast.client("owner").get(url).content.decode()

    assert "<script>alert" not in raw
    assert "<code><b>" not in raw


def test_the_desk_sees_what_was_tried_and_what_aws_said(cast: Cast) -> None:
    why = explain(Denied(SCP, code="UnauthorizedOperation", action="ec2:DescribeVpcs", **PLACE))
    make_result(
        cast.installation,
        "more",
        status="could_not_check",
        report=explanation_data(why)["report"],
    )
    url = reverse("admin:onboarding_installation_change", args=[cast.installation.pk])

    text = unescape(cast.client("staff").get(url).content.decode())

    assert SCP in text
    assert "by a service control policy" in text


def test_the_version_is_that_of_the_package() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("slug", ["access", "checks"])
def test_the_steps_that_call_aws_lead_to_the_log(cast: Cast, slug: str) -> None:
    page = cast.client("member").get(reverse("step", args=[cast.installation.pk, slug]))

    assert reverse("calls", args=[cast.installation.pk]) in page.content.decode()
