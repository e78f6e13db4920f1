"""Service Quotas: values per account and Region, and requests that are kept and decided.

Source: Service Quotas API reference. moto knows neither the EC2 quotas nor requests.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from portal.demo.simulator.accounts import Account
from portal.demo.simulator.increases import (
    OPEN,
    QUOTAS,
    SERVICE_NAMES,
    STATUSES,
    Increase,
    quota_arn,
)
from portal.demo.simulator.quota_answers import QuotaAnswers
from portal.demo.simulator.wire import Call, Fault

AWS_DEFAULT = 5.0
"""AWS's default for every quota here; a new account's vCPU quotas start there too."""


class Quotas:
    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._values: dict[tuple[str, str, str], float | None] = {}
        self._requests: list[Increase] = []
        self.answers: QuotaAnswers | None = None
        """The knob: who decides when nobody does. None: nobody."""

    def value(self, account_id: str, region: str, code: str) -> float | None:
        """None: AWS holds no applied value, and GetServiceQuota says NoSuchResource."""
        first = self._accounts[account_id].vcpu_quotas.get(code, AWS_DEFAULT)
        return self._values.get((account_id, region, code), first)

    def set_value(self, account_id: str, region: str, code: str, value: float | None) -> None:
        """The knob."""
        self._values[account_id, region, code] = value

    def decide(
        self,
        account_id: str,
        region: str,
        code: str,
        status: str,
        granted: float | None,
        at: datetime,
    ) -> None:
        """The knob: AWS's decision on the open request. `granted` may be less than desired."""
        if status not in STATUSES:
            raise ValueError(f"not a status: {status}")
        self._settle(at)
        for index, one in enumerate(self._requests):
            key = (one.account_id, one.region, one.code)
            if key != (account_id, region, code) or one.status not in OPEN:
                continue
            self._requests[index] = replace(one, status=status, updated=at)
            if status == "APPROVED":
                value = one.desired if granted is None else granted
                self.set_value(account_id, region, code, value)
            return
        raise ValueError("no open request for this quota")

    def open_requests(self, now: datetime) -> list[Increase]:
        """The oldest first."""
        self._settle(now)
        return [one for one in self._requests if one.status in OPEN]

    def _settle(self, now: datetime) -> None:
        """What has been decided by itself meanwhile."""
        if self.answers is None:
            return
        for index, one in enumerate(self._requests):
            settled = self.answers.settled(one, now)
            if settled is not one:
                self._requests[index] = settled
                value = self.answers.value(settled)
                if value is not None:
                    self.set_value(one.account_id, one.region, one.code, value)

    def answer(self, account_id: str, requester: str, call: Call, now: datetime) -> dict[str, Any]:
        self._settle(now)
        if call.action == "RequestServiceQuotaIncrease":
            return {"RequestedQuota": self._ask(account_id, requester, call, now).seen()}
        reads = {
            "GetServiceQuota": self._get,
            "GetAWSDefaultServiceQuota": self._get_default,
            "ListServiceQuotas": self._list,
            "GetRequestedServiceQuotaChange": self._get_request,
            "ListRequestedServiceQuotaChangeHistory": self._history,
            "ListRequestedServiceQuotaChangeHistoryByQuota": self._history,
        }
        if call.action not in reads:
            raise Fault("UnknownOperationException", f"The simulator does not know {call.name}")
        return reads[call.action](account_id, call)

    def _get(self, account_id: str, call: Call) -> dict[str, Any]:
        service, code = _named(call)
        value = self.value(account_id, call.region, code)
        if value is None:
            raise _no_such_resource()
        return {"Quota": _quota(call.region, account_id, service, code, value)}

    def _get_default(self, account_id: str, call: Call) -> dict[str, Any]:
        service, code = _named(call)
        return {"Quota": _quota(call.region, "", service, code, AWS_DEFAULT)}

    def _list(self, account_id: str, call: Call) -> dict[str, Any]:
        service = call.text("ServiceCode")
        if service not in SERVICE_NAMES:
            raise _no_such_resource()
        valued = {code: self.value(account_id, call.region, code) for _, code in QUOTAS}
        return {
            "Quotas": [
                _quota(call.region, account_id, service, code, value)
                for owner, code in QUOTAS
                if owner == service and (value := valued[code]) is not None
            ]
        }

    def _ask(self, account_id: str, requester: str, call: Call, now: datetime) -> Increase:
        service, code = _named(call)
        try:
            desired = float(call.text("DesiredValue"))
        except ValueError:
            raise Fault("IllegalArgumentException", "DesiredValue must be a number") from None
        if any(one.status in OPEN for one in self._about(account_id, call)):
            raise Fault(
                "ResourceAlreadyExistsException",
                "Only one open service quota increase request is allowed per quota.",
            )
        if desired <= (self.value(account_id, call.region, code) or 0):
            raise Fault(
                "IllegalArgumentException",
                "You must provide a quota value greater than the current quota value.",
            )
        identifier = mock_random.uuid4().hex
        made = Increase(
            identifier, account_id, call.region, service, code, desired, requester, now, now
        )
        self._requests.append(made)
        return made

    def _about(self, account_id: str, call: Call) -> list[Increase]:
        wanted = {"service": call.text("ServiceCode"), "code": call.text("QuotaCode")}
        return [
            one
            for one in self._requests
            if (one.account_id, one.region) == (account_id, call.region)
            and all(not text or getattr(one, name) == text for name, text in wanted.items())
        ]

    def _get_request(self, account_id: str, call: Call) -> dict[str, Any]:
        for one in self._about(account_id, call):
            if one.request_id == call.text("RequestId"):
                return {"RequestedQuota": one.seen()}
        raise _no_such_resource()

    def _history(self, account_id: str, call: Call) -> dict[str, Any]:
        status = call.text("Status")
        found = [one for one in self._about(account_id, call) if status in ("", one.status)]
        return {"RequestedQuotas": [one.seen() for one in reversed(found)]}


def _named(call: Call) -> tuple[str, str]:
    service, code = call.text("ServiceCode"), call.text("QuotaCode")
    if (service, code) not in QUOTAS:
        raise _no_such_resource()
    return service, code


def _no_such_resource() -> Fault:
    return Fault(
        "NoSuchResourceException",
        "The request failed because the specified service does not exist.",
    )


def _quota(region: str, account_id: str, service: str, code: str, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": service,
        "ServiceName": SERVICE_NAMES[service],
        "QuotaArn": quota_arn(region, account_id, service, code),
        "QuotaCode": code,
        "QuotaName": QUOTAS[service, code],
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
