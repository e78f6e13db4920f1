"""Which Regions an account has enabled, and what AWS answers in one it has not.

Source: Account Management reference guide, "Enable or disable AWS Regions"; STS API reference,
AssumeRole (RegionDisabledException); EC2 API reference, DescribeRegions.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from onboarding.facts.regions import regions as astro_regions
from portal.demo.simulator import sts, wire
from portal.demo.simulator.accounts import VENDOR_ACCOUNT, Account

_WHERE_ASTRO_IS_NOT = {
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
}
OPT_IN = frozenset(
    _WHERE_ASTRO_IS_NOT | {code for code, region in astro_regions().items() if region.opt_in}
)
ALL = tuple(sorted(set(astro_regions()) | OPT_IN))
STATUSES = ("ENABLED", "ENABLING", "DISABLING", "DISABLED", "ENABLED_BY_DEFAULT")

_GLOBAL = frozenset(
    {"iam", "account", "organizations", "route53", "cloudfront", "s3", "ce", "support"}
)
_EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/"


class Regions:
    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._set: dict[tuple[str, str], tuple[str, datetime | None]] = {}
        self.seconds_to_change = 5.0

    def status(self, account_id: str, region: str, now: datetime) -> str:
        if region not in OPT_IN:
            return "ENABLED_BY_DEFAULT"
        status, done_at = self._set.get((account_id, region), ("", None))
        if done_at is not None and done_at <= now:
            return {"ENABLING": "ENABLED", "DISABLING": "DISABLED"}[status]
        first = account_id == VENDOR_ACCOUNT or region in self._accounts[account_id].opted_in
        return status or ("ENABLED" if first else "DISABLED")

    def set_status(self, account_id: str, region: str, status: str) -> None:
        """The knob. A status set so stays as it is."""
        if region not in OPT_IN or status not in STATUSES:
            raise ValueError("the Region must be an opt-in Region, the status one of AWS's")
        self._set[account_id, region] = (status, None)

    def require(self, account_id: str, call: wire.Call, now: datetime) -> None:
        """Raises what AWS answers: in a Region that is off, it does not know the account's keys."""
        if call.service in _GLOBAL:
            return
        if not self._on(account_id, call.region, now):
            raise wire.unknown_key(call)
        owner = sts.target_account(call) if call.name == "sts:AssumeRole" else ""
        if owner in self._accounts and not self._on(owner, call.region, now):
            raise wire.Fault(
                "RegionDisabledException",
                f"STS is not activated in this region for account:{owner}. Your account "
                "administrator can activate STS in this region using the IAM Console.",
                403,
            )

    def _on(self, account_id: str, region: str, now: datetime) -> bool:
        return region in ALL and self.status(account_id, region, now) in (
            "ENABLED",
            "ENABLED_BY_DEFAULT",
            "DISABLING",
        )

    def answer(self, account_id: str, call: wire.Call, now: datetime) -> dict[str, Any] | None:
        """The Region calls of Account Management; None for another of its calls."""
        if call.text("AccountId") not in ("", account_id):
            raise wire.denied(call, "User is not authorized to act on another account")
        if call.action == "ListRegions":
            return {"Regions": self._list(account_id, call, now)}
        region = call.text("RegionName")
        if call.action == "GetRegionOptStatus":
            _check(region)
            return {
                "RegionName": region,
                "RegionOptStatus": self.status(account_id, region, now),
            }
        if call.action in ("EnableRegion", "DisableRegion"):
            self._change(account_id, region, call.action == "EnableRegion", now)
            return {}
        return None

    def _list(self, account_id: str, call: wire.Call, now: datetime) -> list[dict[str, str]]:
        wanted = call.params.get("RegionOptStatusContains") or STATUSES
        found = ((region, self.status(account_id, region, now)) for region in ALL)
        return [
            {"RegionName": region, "RegionOptStatus": status}
            for region, status in found
            if status in wanted
        ]

    def _change(self, account_id: str, region: str, enable: bool, now: datetime) -> None:
        _check(region)
        if region not in OPT_IN:
            raise _invalid("The Region is enabled by default and cannot be changed.")
        status = self.status(account_id, region, now)
        if status in ("ENABLING", "DISABLING"):
            raise wire.Fault("ConflictException", "A change of this Region is in progress.", 409)
        if (status == "ENABLED") == enable:
            return
        done_at = now + timedelta(seconds=self.seconds_to_change)
        self._set[account_id, region] = ("ENABLING" if enable else "DISABLING", done_at)

    def describe(
        self, account_id: str, call: wire.Call, now: datetime, request_id: str
    ) -> Response:
        """EC2's DescribeRegions, which in moto knows no opt-in."""
        every = call.text("AllRegions").lower() == "true"
        named = _members(call, "RegionName.") or ALL
        items = []
        for region in ALL:
            opt_in = self._opt_in_status(account_id, region, now)
            if (
                region in named
                and (every or opt_in != "not-opted-in")
                and _passes(call, region, opt_in)
            ):
                items.append(
                    f"<item><regionName>{region}</regionName><regionEndpoint>ec2.{region}.amazonaws.com"
                    f"</regionEndpoint><optInStatus>{opt_in}</optInStatus></item>"
                )
        body = (
            f'<DescribeRegionsResponse xmlns="{_EC2}"><requestId>{request_id}</requestId>'
            f"<regionInfo>{''.join(items)}</regionInfo></DescribeRegionsResponse>"
        )
        return Response(body, content_type="text/xml")

    def _opt_in_status(self, account_id: str, region: str, now: datetime) -> str:
        if region not in OPT_IN:
            return "opt-in-not-required"
        return "opted-in" if self._on(account_id, region, now) else "not-opted-in"


def _check(region: str) -> None:
    if region not in ALL:
        raise _invalid("The Region name is not valid.")


def _invalid(message: str) -> wire.Fault:
    return wire.Fault("ValidationException", message, 400)


def _members(call: wire.Call, prefix: str) -> list[str]:
    return [str(value) for name, value in call.params.items() if name.startswith(prefix)]


def _passes(call: wire.Call, region: str, opt_in: str) -> bool:
    have = {"region-name": region, "opt-in-status": opt_in}
    filters = {
        name.split(".")[1]: str(value)
        for name, value in call.params.items()
        if name.startswith("Filter.") and name.endswith(".Name")
    }
    return all(
        have.get(name, "") in _members(call, f"Filter.{number}.Value.")
        for number, name in filters.items()
    )
