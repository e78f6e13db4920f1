"""The console's page on which a person makes the simulated AWS slow, faulty or strict."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.demo.simulator import turning
from portal.demo.simulator.accounts import VENDOR_ACCOUNT, Account
from portal.demo.simulator.increases import QUOTAS
from portal.demo.simulator.organizations import deny
from portal.demo.simulator.regions import OPT_IN, STATUSES
from portal.demo.simulator.samples import NO_WAY_TO_THE_INTERNET
from portal.demo.simulator.simulation import Simulation

SERVICES = {
    "account": "Account Management",
    "cloudformation": "CloudFormation",
    "ec2": "EC2",
    "eks": "EKS",
    "iam": "IAM",
    "organizations": "Organizations",
    "rds": "RDS",
    "servicequotas": "Service Quotas",
    "sts": "STS",
}
"""By the name a service signs with."""

POLICIES: dict[str, tuple[str, list[Any]]] = {
    "none": ("No service control policy", []),
    "internet": ("Deny NAT and internet gateways", [NO_WAY_TO_THE_INTERNET]),
    "roles": ("Deny new IAM roles", [deny("iam:CreateRole")]),
    "clusters": ("Deny new EKS clusters", [deny("eks:CreateCluster")]),
    "everything": ("Deny everything", [deny("*")]),
}

Form = Mapping[str, str]


class FaultsPage:
    def __init__(self, simulation: Simulation) -> None:
        self._aws = simulation

    def words(self) -> dict[str, Any]:
        """What the page shows: everything as it stands now."""
        aws = self._aws
        knobs = turning.shown(aws)
        return {
            "knobs": knobs,
            "throttled": {name: times for name, times in knobs["throttle"].items() if times},
            "accounts": self._customers(),
            "limited": [one for one in self._customers() if aws.organizations.documents(one[0])],
            "services": SERVICES,
            "policies": {name: sentence for name, (sentence, _) in POLICIES.items()},
            "regions": sorted(OPT_IN),
            "statuses": STATUSES,
            "requests": self._requests(),
        }

    def _customers(self) -> list[tuple[str, str]]:
        every: list[Account] = list(self._aws.accounts.values())
        return [(one.account_id, one.name) for one in every if one.account_id != VENDOR_ACCOUNT]

    def _requests(self) -> list[dict[str, Any]]:
        return [
            {
                "id": one.request_id,
                "account": one.account_id,
                "region": one.region,
                "quota": QUOTAS[one.service, one.code],
                "desired": one.desired,
                "now": self._aws.quotas.value(one.account_id, one.region, one.code) or 0,
                "status": one.status,
            }
            for one in self._aws.quotas.open_requests(self._aws.clock.now())
        ]

    def turn(self, form: Form, services: list[str]) -> str:
        """Do what was asked for. An empty text, or why it makes no sense."""
        settings = _SETTINGS.get(form.get("what", ""))
        try:
            if settings is None:
                raise ValueError("nothing was asked for")
            self._aws.turn(settings(self, form, services))
        except (ValueError, KeyError, StopIteration):
            return "That did not work: a value is missing or makes no sense. Nothing was changed."
        return ""

    def _speed(self, form: Form, services: list[str]) -> dict[str, Any]:
        return {
            "latency_ms": int(form["latency_ms"]),
            "propagation_seconds": float(form["propagation_seconds"]),
            "region_seconds": float(form["region_seconds"]),
        }

    def _throttle(self, form: Form, services: list[str]) -> dict[str, Any]:
        name = f"{form['service']}:*" if form["service"] in SERVICES else "*"
        return {"throttle": {name: int(form["times"])}}

    def _outage(self, form: Form, services: list[str]) -> dict[str, Any]:
        return {"outage": [one for one in services if one in SERVICES]}

    def _scp(self, form: Form, services: list[str]) -> dict[str, Any]:
        _, documents = POLICIES[form["policy"]]
        return {"scps": [{"account": form["account"], "documents": documents}]}

    def _region(self, form: Form, services: list[str]) -> dict[str, Any]:
        where = {"account": form["account"], "region": form["region"]}
        return {"regions": [{**where, "status": form["status"]}]}

    def _quota(self, form: Form, services: list[str]) -> dict[str, Any]:
        """The open request by its id: only one can be open a quota."""
        every = self._aws.quotas.open_requests(self._aws.clock.now())
        one = next(request for request in every if request.request_id == form["request"])
        where = {"account": one.account_id, "region": one.region, "code": one.code}
        if form["decision"] == "refuse":
            return {"quota_requests": {**where, "status": "DENIED"}}
        granted = float(form["granted"]) if form["decision"] == "less" else None
        return {"quota_requests": {**where, "status": "APPROVED", "granted": granted}}

    def _calm(self, form: Form, services: list[str]) -> dict[str, Any]:
        """Speed, throttling and outages as they are when nobody has turned anything."""
        throttle = dict.fromkeys(turning.shown(self._aws)["throttle"], 0)
        return {"latency_ms": 0, "propagation_seconds": 0, "throttle": throttle, "outage": []}


_SETTINGS: dict[str, Callable[[FaultsPage, Form, list[str]], dict[str, Any]]] = {
    "speed": FaultsPage._speed,
    "throttle": FaultsPage._throttle,
    "outage": FaultsPage._outage,
    "scp": FaultsPage._scp,
    "region": FaultsPage._region,
    "quota": FaultsPage._quota,
    "calm": FaultsPage._calm,
}
