"""The simulated AWS: who calls, may they, what is answered, and what is kept."""

import importlib
import logging
import re
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

from moto.moto_api._internal import mock_random
from werkzeug.wrappers import Request, Response

from portal.demo.simulator import (
    accounts,
    answers,
    backends,
    inside,
    repairs,
    samples,
    state,
    sts,
    wire,
)
from portal.demo.simulator.accounts import Account
from portal.demo.simulator.authorize import authorize
from portal.demo.simulator.backends import Backends
from portal.demo.simulator.callers import Caller, Callers, administrator
from portal.demo.simulator.clock import Clock
from portal.demo.simulator.conditions import as_list
from portal.demo.simulator.journal import Entry, Journal
from portal.demo.simulator.knobs import Knobs
from portal.demo.simulator.quotas import Quotas
from portal.demo.simulator.regions import Regions
from portal.demo.simulator.trusts import Trusts

_log = logging.getLogger(__name__)
_READS = re.compile(
    r"(Get|List|Describe|Head|Lookup|Simulate|Validate|Estimate|Search|Select|Test|Filter|Assume"
    r"|Decode|Preview)[A-Z].*"
)
_NAMES = ("RoleName", "RoleArn", "PolicyName", "PolicyArn", "StackName")


class Simulation:
    """One lock: moto is not made for threads, and ids must follow from the order of the calls."""

    def __init__(self, state_dir: Path | None = None) -> None:
        self._state = state.State(state_dir)
        self._lock = RLock()
        self._begin()
        self._play_back()

    def _begin(self) -> None:
        self.clock = Clock()
        self.accounts: dict[str, Account] = {one.account_id: one for one in samples.SAMPLES}
        self.accounts[accounts.VENDOR_ACCOUNT] = Account(accounts.VENDOR_ACCOUNT, "Astro")
        self.callers = Callers()
        self.journal = Journal()
        self.knobs = Knobs()
        self.quotas = Quotas(self.accounts)
        self.regions = Regions(self.accounts)
        self._trusts = Trusts()
        self._sts = sts.Sts(self.callers, self._trusts)
        self._backends = Backends()
        self._calls = 0
        known = frozenset(self.accounts) | accounts.ELSEWHERE
        repairs.install(
            lambda name: backends.principal_exists(name, known | set(self.accounts)),
            self.clock.utcnow,
        )
        self._without_network = {samples.NOT_CLEAN}
        samples.furnish(self._furnish)

    def reset(self) -> None:
        """Back to the sample accounts as they were; what was saved is gone."""
        with self._lock:
            self._state.clear()
            self._begin()

    def answer(self, request: Request) -> Response:
        """One AWS call over HTTP. Whatever goes wrong, the answer is one AWS could give."""
        request_id = str(uuid4())
        call, caller = None, None
        try:
            call = wire.parse(request)
            time.sleep(self.knobs.latency_ms / 1000)
            caller = self.callers.identify(call, self.clock.now())
            response = self.perform(caller, call, request_id)
            outcome = "ok" if response.status_code < 400 else answers.error_code(response)
        except wire.Fault as fault:
            response = answers.refusal(call.flavour if call else "query", fault, request_id)
            outcome = fault.code
        except Exception:
            _log.exception("a call could not be answered")
            failure = wire.Fault("InternalFailure", "The simulator could not answer.", 500)
            response = answers.refusal(call.flavour if call else "query", failure, request_id)
            outcome = failure.code
        if call is not None:
            self._note(caller, call, outcome, request_id)
        return answers.stamped(response, request_id)

    def perform(self, caller: Caller, call: wire.Call, request_id: str) -> Response:
        """Judge the call and carry it out. Raises `Fault` where it is refused."""
        now = self.clock.now()
        self.knobs.strike(call)
        self.regions.require(caller.account_id, call, now)
        with self._lock, self.clock.held(now):
            authorize(caller, call, now)
            response = self._carry_out(caller, call, request_id, f"call {self._calls}")
            if response.status_code < 400 and not _READS.fullmatch(call.action):
                self._keep(caller, call, now)
                self._observe(caller, call, request_id, self.knobs.propagation_seconds)
        return response

    def ask(
        self, account_id: str, service: str, action: str, region: str = "us-east-1", **params: str
    ) -> Response:
        """A query call that an administrator of the account makes, without HTTP."""
        request = inside.query_request(service, action, region, params)
        call, caller = wire.parse(request), administrator(account_id, "console")
        request_id = str(uuid4())
        try:
            response = self.perform(caller, call, request_id)
            outcome = "ok" if response.status_code < 400 else answers.error_code(response)
        except wire.Fault as fault:
            response, outcome = answers.refusal(call.flavour, fault, request_id), fault.code
        self._note(caller, call, outcome, request_id)
        return answers.stamped(response, request_id)

    def add_account(self, account: Account) -> None:
        """Raises ValueError when the account id is none, or is taken."""
        if not re.fullmatch(r"[0-9]{12}", account.account_id):
            raise ValueError("an account id has 12 digits")
        with self._lock:
            if account.account_id in self.accounts:
                raise ValueError("the account exists already")
            self.accounts[account.account_id] = account
            saved = {"account_id": account.account_id, "name": account.name}
            self._state.append({"kind": "account", **saved, "sentence": account.sentence})

    def turn(self, settings: dict[str, Any], *, keep: bool = True) -> None:
        """Turn knobs. Raises ValueError, TypeError or KeyError for what makes no sense."""
        with self._lock:
            now = self.clock.now()
            self.knobs.turn(settings)
            self.regions.seconds_to_change = float(
                settings.get("region_seconds", self.regions.seconds_to_change)
            )
            for one in as_list(settings.get("quotas", [])):
                value = None if one["value"] is None else float(one["value"])
                self.quotas.set_value(self._known(one), one["region"], one["code"], value)
            for one in as_list(settings.get("quota_requests", [])):
                where = self._known(one), one["region"], one["code"]
                self.quotas.decide(*where, one["status"], one.get("granted"), now)
            for one in as_list(settings.get("regions", [])):
                self.regions.set_status(self._known(one), one["region"], one["status"])
            if keep:
                # Throttling and failures are for the next calls, not for the next start.
                lasting = {k: v for k, v in settings.items() if k not in ("throttle", "fail")}
                self._state.append({"kind": "knobs", "at": now.isoformat(), "settings": lasting})

    def _known(self, one: Mapping[str, str]) -> str:
        if one["account"] not in self.accounts:
            raise ValueError("no such account")
        return one["account"]

    def _carry_out(self, caller: Caller, call: wire.Call, request_id: str, seed: str) -> Response:
        account_id, now = caller.account_id, self.clock.now()
        mock_random.seed(seed)
        if call.service == "sts":
            return self._sts.answer(caller, call, now, request_id)
        if call.service == "servicequotas":
            return answers.json_answer(self.quotas.answer(account_id, caller.arn, call, now))
        if call.service == "account":
            found = self.regions.answer(account_id, call, now)
            if found is not None:
                return answers.json_answer(found)
        if call.name == "ec2:DescribeRegions":
            return self.regions.describe(account_id, call, now, request_id)
        if call.service == "cloudformation":
            # moto needs two seconds to load it, and most runs make no stack.
            stacks = importlib.import_module("portal.demo.simulator.stacks")
            stacks.install(self.clock.utcnow)
            stacks.check(call)
        if account_id in self._without_network and call.service != "iam":
            self._without_network.discard(account_id)  # first, for the next line comes back here
            samples.fill_network(self._furnish)
        return self._backends.answer(call, account_id, seed)

    def _furnish(self, account_id: str, service: str, action: str, **params: str) -> str:
        """A call of the sample data: it is neither noted nor kept, for every start makes it."""
        call = wire.parse(inside.query_request(service, action, "us-east-1", params))
        caller = administrator(account_id)
        response = self._carry_out(caller, call, "", f"sample {account_id} {action}")
        if response.status_code >= 400:
            raise RuntimeError(f"sample data: {action} answered {response.status_code}")
        self._trusts.observe(account_id, self.clock.now(), 0)
        return response.get_data(as_text=True)

    def _keep(self, caller: Caller, call: wire.Call, now: datetime) -> None:
        self._state.append(
            {
                "kind": "call",
                "number": self._calls,
                "at": now.isoformat(),
                "account": caller.account_id,
                "principal": caller.arn,
                **state.saved_request(call),
            }
        )
        self._calls += 1

    def _play_back(self) -> None:
        for record in self._state.saved():
            if record["kind"] == "account":
                new = Account(record["account_id"], record["name"], record["sentence"])
                self.accounts[new.account_id] = new
            elif record["kind"] == "knobs":
                with self.clock.held(datetime.fromisoformat(record["at"])):
                    self.turn(record["settings"], keep=False)
            else:
                with self.clock.held(datetime.fromisoformat(record["at"])):
                    self._play_back_call(record)

    def _play_back_call(self, record: dict[str, Any]) -> None:
        call = wire.parse(state.request_again(record))
        self._calls = record["number"]
        caller = administrator(record["account"]).known_as(record["principal"])
        self._carry_out(caller, call, "", f"call {self._calls}")
        self._trusts.observe(caller.account_id, self.clock.now(), 0)
        self._calls += 1

    def _observe(self, caller: Caller, call: wire.Call, request_id: str, delay: float) -> None:
        """Roles a stack made are noted as CloudTrail notes them: calls of its own."""
        if call.service not in ("iam", "cloudformation"):
            return
        for seen in self._trusts.observe(caller.account_id, self.clock.now(), delay):
            if call.service == "cloudformation":
                names = {"RoleName": seen.role_name}
                entry = self._entry(caller, call, "ok", request_id, names)
                self.journal.add(entry.by_stack("iam", seen.action))

    def _note(self, caller: Caller | None, call: wire.Call, outcome: str, request_id: str) -> None:
        names = {name: call.text(name)[:200] for name in _NAMES if call.text(name)}
        self.journal.add(self._entry(caller, call, outcome, request_id, names))

    def _entry(
        self,
        caller: Caller | None,
        call: wire.Call,
        outcome: str,
        request_id: str,
        names: dict[str, str],
    ) -> Entry:
        own = caller.account_id if caller else ""
        target = sts.target_account(call) if call.action == "AssumeRole" else ""
        return Entry(
            time=self.clock.now().isoformat(),
            account=target or own,
            caller_account=own,
            principal=caller.arn if caller else "",
            service=call.service,
            action=call.action,
            region=call.region,
            outcome=outcome,
            request_id=request_id,
            names=names,
        )
