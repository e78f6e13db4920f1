"""The people of the demo, and how far each has come."""

from dataclasses import dataclass
from typing import Any

from portal.demo.simulator.samples import HEALTHY

PASSWORD = "walk-the-demo-2026"  # noqa: S105  (opens a demo on loopback, and is printed there)


@dataclass(frozen=True)
class Person:
    email: str
    sentence: str


FRESH_OWNER = Person("owner@fresh.example", "Owner of Fresh Data, with nothing started")
OWNER = Person("owner@acme.example", "Owner of Acme Data, half-way through an installation")
MEMBER = Person("member@acme.example", "Member of Acme Data, who may not see the external ID")
SUPPORT = Person("support@astro.example", "support, who reviews at /admin/")
PEOPLE = (FRESH_OWNER, OWNER, MEMBER, SUPPORT)

ANSWERED: dict[str, dict[str, Any]] = {
    "account": {
        "aws_account_id": HEALTHY,
        "account_is_dedicated": "on",
        "status_page_subscribed": "on",
        "domains_allowed": "on",
    },
    "cluster": {
        "cluster_name": "analytics-prod",
        "region": "us-east-1",
        "node_type": "m5.xlarge",
        "max_nodes": "20",
    },
}
"""What the Owner of Acme Data has answered, by step."""
