"""The calls that are answered here, because moto is wrong about them or does not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Response

from portal.demo.simulator import answers, metric_filters, simulate_policy, token_versions
from portal.demo.simulator.callers import Caller
from portal.demo.simulator.organizations import Organizations
from portal.demo.simulator.quotas import Quotas
from portal.demo.simulator.regions import Regions
from portal.demo.simulator.sts import Sts
from portal.demo.simulator.wire import Call


@dataclass(frozen=True)
class Asked:
    caller: Caller
    call: Call
    now: datetime
    request_id: str

    @property
    def account_id(self) -> str:
        return self.caller.account_id


Answer = Callable[[Asked], Response | None]
"""None: moto answers."""


class Ours:
    def __init__(
        self, sts: Sts, quotas: Quotas, regions: Regions, organizations: Organizations
    ) -> None:
        self._sts = sts
        self._quotas = quotas
        self._regions = regions
        self._organizations = organizations
        self._by_service: dict[str, Answer] = {
            "sts": self._sts_call,
            "servicequotas": self._quota_call,
            "account": self._account_call,
            "organizations": self._organizations_call,
        }
        self._by_name: dict[str, Answer] = {
            "ec2:DescribeRegions": self._describe_regions,
            "iam:SimulatePrincipalPolicy": self._simulate,
            "iam:SetSecurityTokenServicePreferences": self._set_token_version,
            "logs:TestMetricFilter": self._test_metric_filter,
            "logs:PutMetricFilter": self._put_metric_filter,
        }

    def answer(self, asked: Asked) -> Response | None:
        """None: moto answers. Raises `Fault` where the call is refused."""
        call = asked.call
        found = self._by_service.get(call.service) or self._by_name.get(call.name)
        return found(asked) if found else None

    def _sts_call(self, asked: Asked) -> Response:
        return self._sts.answer(asked.caller, asked.call, asked.now, asked.request_id)

    def _quota_call(self, asked: Asked) -> Response:
        caller = asked.caller
        found = self._quotas.answer(caller.account_id, caller.arn, asked.call, asked.now)
        return answers.json_answer(found)

    def _account_call(self, asked: Asked) -> Response | None:
        found = self._regions.answer(asked.account_id, asked.call, asked.now)
        return None if found is None else answers.json_answer(found)

    def _organizations_call(self, asked: Asked) -> Response | None:
        found = self._organizations.answer(asked.account_id, asked.call)
        return None if found is None else answers.json_answer(found)

    def _describe_regions(self, asked: Asked) -> Response:
        return self._regions.describe(asked.account_id, asked.call, asked.now, asked.request_id)

    def _simulate(self, asked: Asked) -> Response:
        account_id, call = asked.account_id, asked.call
        over = self._organizations.documents(account_id)
        is_member = self._organizations.is_member(account_id)
        inner = simulate_policy.answer(account_id, call, over, is_member=is_member)
        return _iam_answer(asked, inner)

    def _set_token_version(self, asked: Asked) -> Response:
        token_versions.set_preference(asked.account_id, asked.call)
        return _iam_answer(asked, "")

    def _test_metric_filter(self, asked: Asked) -> Response:
        return answers.json_answer(metric_filters.test(asked.call))

    def _put_metric_filter(self, asked: Asked) -> None:
        metric_filters.check(asked.call)


def _iam_answer(asked: Asked, inner: str) -> Response:
    namespace = simulate_policy.NAMESPACE
    return answers.query_answer(asked.call.action, inner, namespace, asked.request_id)
