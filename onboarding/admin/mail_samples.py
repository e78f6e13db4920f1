"""Made-up data for a look at every mail: nothing here is stored, and nobody in it exists."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings

from onboarding.models import (
    Handover,
    Installation,
    Invitation,
    Membership,
    Organization,
    PeerVpc,
    PolicyVersion,
    QuotaRequest,
    User,
)
from onboarding.notifications import (
    NOTIFICATIONS,
    PEOPLE_MAILS,
    about_installation,
    about_organization,
    absolute,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ACME = Organization(pk=UUID(int=1), name="Acme Data", short_name="acme")
OWNER = User(pk=1, email="owner@acme.example")
MEMBER = User(pk=2, email="member@acme.example")
INSTALLATION = Installation(
    pk=UUID(int=2),
    organization=ACME,
    aws_account_id="210987654321",
    cluster_name="analytics",
    region="us-east-1",
)
NOTE = "The subnets are in place.\nWe go on tomorrow morning."
QUOTA = QuotaRequest(
    installation=INSTALLATION,
    aws_account_id="210987654321",
    region="us-east-1",
    quota_name="Running On-Demand Standard instances",
    before=32,
    desired=160,
    granted=96,
    case_id="172500000000000",
)
DRIFT = {
    "change": "LESS",
    "what": ["The role no longer allows eks:CreateCluster."],
    "proved_at": NOW,
}
PROMISED = {"what": "A first answer", "when": "Wednesday 4 March, 10:00 UTC"}
VERSION = PolicyVersion(
    pk=2,
    number=2,
    what="Astro may also create Fargate profiles in the cluster.",
    why="Some workloads start faster on Fargate.",
    differences=[{"sentence": "Allows eks:CreateFargateProfile on the cluster."}],
    effective_at=NOW,
)
PEER = PeerVpc(
    installation=INSTALLATION,
    vpc="vpc-0a1b2c3d4e5f60718",
    account_id="210987654321",
    region="eu-west-1",
    connection_id="pcx-0a1b2c3d4e5f60718",
)


def _handover() -> dict[str, Any]:
    handover = Handover(
        pk=UUID(int=3),
        installation=INSTALLATION,
        email=MEMBER.email,
        created_by=OWNER,
        expires_at=NOW + timedelta(days=7),
    )
    return {
        "handover": handover,
        "installation": INSTALLATION,
        "by": OWNER,
        "code": "123456",
        "wrong": 10,
        "handover_url": f"{settings.SITE_URL}/handover/…/",
        "page_url": absolute("handovers", INSTALLATION.pk),
        "status_url": absolute("status", INSTALLATION.pk),
    }


def _invitation() -> dict[str, Any]:
    invitation = Invitation(
        organization=ACME, email=MEMBER.email, role="member", expires_at=NOW + timedelta(days=7)
    )
    return {
        "invitation": invitation,
        "person": OWNER,
        "invitation_url": f"{settings.SITE_URL}/invitations/…/",
    }


def _membership() -> dict[str, Any]:
    membership = Membership(organization=ACME, user=MEMBER, role="member")
    return {"membership": membership, "person": MEMBER}


def _renewal() -> dict[str, Any]:
    return {"by": OWNER, "roles": 2, "renewal_url": absolute("external_id_renewal", ACME.pk)}


def _policy() -> dict[str, Any]:
    return {
        "version": VERSION,
        "not_before": NOW + timedelta(days=14),
        "differences": VERSION.differences,
        "address": OWNER.email,
        "count": 3,
        "policy_url": absolute("policy", VERSION.number),
        "desk_url": absolute("admin:onboarding_policyversion_change", VERSION.pk),
    }


def _sign_in() -> dict[str, Any]:
    """As `onboarding.views.accounts` and allauth say it."""
    secret = f"{settings.SITE_URL}/accounts/…/"
    return {
        "site_url": settings.SITE_URL,
        "why": f"You get this because somebody, probably you, typed this address at {settings.SITE_URL}.",
        "login_url": absolute("account_login"),
        "signup_url": absolute("account_signup"),
        "reset_url": absolute("account_reset_password"),
        "activate_url": secret,
        "password_reset_url": secret,
        "confirm_days": 3,
        "reset_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "timestamp": NOW,
        "ip": "192.0.2.7",
        "provider": SimpleNamespace(name="GitHub"),
        "from_email": OWNER.email,
        "to_email": "olivia@acme.example",
        "deleted_email": OWNER.email,
    }


def _talk() -> dict[str, Any]:
    said = [
        {"who": "Astronomer support", "label": "Most nodes at once", "text": "Are 20 enough?"},
        {"who": "Astronomer support", "label": "", "text": NOTE},
    ]
    return {"said": said}


def _bounce() -> dict[str, Any]:
    return {
        "address": OWNER.email,
        "about": "analytics: please change something",
        "said": "5.1.1 550 No such user",
    }


EXTRAS: dict[str, dict[str, Any]] = {
    "changes_requested": {"wanted": [("Most nodes at once", "Please choose at most 20.")]},
    "role_drifted": DRIFT,
    "role_drifted_to_support": DRIFT,
    "region_enabled": {"region": "ap-southeast-3"},
    "message_to_customer": _talk(),
    "message_to_support": _talk(),
    "reminder_peering": {"peers": [PEER], "expires": NOW + timedelta(days=1)},
    "mail_bounced": _bounce(),
    "submitted": {"review_takes": "one working day"},
    "cluster_corrected": {"added": ["192.0.2.20"], "removed": ["192.0.2.10"]},
    "overridden": {
        "title": "The account has room for the nodes",
        "reason": "AWS confirmed the increase on the phone.",
    },
}
"""What single mails say beyond what all about an installation do."""


def of(name: str) -> dict[str, Any]:
    """What that mail is written from. Raises `KeyError` for a mail nobody knows."""
    if name.startswith("sign_in_"):
        return _sign_in()
    whys = {each.name: each.why for each in (*NOTIFICATIONS, *PEOPLE_MAILS)}
    if name in {each.name for each in NOTIFICATIONS}:
        everything = {"note": NOTE, "quota": QUOTA, "since": NOW, "promised": PROMISED}
        return everything | about_installation(INSTALLATION, whys[name]) | EXTRAS.get(name, {})
    people = _invitation() | _membership() | _renewal() | _policy()
    if name.startswith("handover"):
        people = _handover()
    elif name == "invitation":
        people |= {"person": OWNER}
    return about_organization(ACME, whys[name]) | people
