"""The simulated AWS: who calls, may they, what is answered, and what is kept."""

import importlib
import logging
import re
import time
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
    turning,
    wire,
)
from portal.demo.simulator.accounts import Account
from portal.demo.simulator.authorize import Authority
from portal.demo.simulator.backends import Backends
from portal.demo.simulator.callers import Caller, Callers, administrator
from portal.demo.simulator.clock import Clock
from portal.demo.simulator.grants import Grants
from portal.demo.simulator.journal import Entry, Journal
from portal.demo.simulator.knobs import Knobs
from portal.demo.simulator.organizations import Organizations
from portal.demo.simulator.ours import Asked, Ours
from portal.demo.simulator.quotas import Quotas
from portal.demo.simulator.regions import Regions
from portal.demo.simulator.trusts import Seen, Trusts

_log = logging.getLogger(__name__)
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
        self.organizations = Organizations()
        self._trusts, self._grants = Trusts(), Grants()
        self._authority = Authority(self.organizations, self._grants)
        assume = sts.Sts(self.callers, self._trusts, self._authority)
        self._ours = Ours(assume, self.quotas, self.regions, self.organizations)
        self._backends = Backends()
        self._calls = 0
        known = frozenset(self.accounts) | accounts.ELSEWHERE
        repairs.install(
            lambda name: backends.principal_exists(name, known | set(self.accounts)),
            self.clock.utcnow,
        )
        self._later = dict(samples.LATER)
        for one in samples.SAMPLES:
            self.organizations.control(one.account_id, one.service_control_policies)
        samples.furnish(self._furnish)

    def reset(self) -> None:
        """Back to the sample accounts as they were; what was saved is gone."""
        with self._lock:
            self._state.clear()
            self._begin()

    def answer(self, request: Request) -> Response:
        """One AWS call over HTTP. Whatever goes wrong, the answer is one AWS could give.

        Raises `AnswerLost` for a call that was told to take effect without an answer.
        """
        request_id = str(uuid4())
        call, caller = None, None
        try:
            call = wire.parse(request)
            _wait(self.knobs.latency_ms / 1000)
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
            if outcome == "ok":
                _wait(self.knobs.faults.after(call))
        return answers.stamped(response, request_id)

    def perform(self, caller: Caller, call: wire.Call, request_id: str) -> Response:
        """Judge the call and carry it out. Raises `Fault` where it is refused."""
        now = self.clock.now()
        self.knobs.faults.strike(call)
        self.regions.require(caller.account_id, call, now)
        with self._lock, self.clock.held(now):
            self._authority.require(caller, call, now)
            response = self._carry_out(caller, call, request_id, f"call {self._calls}")
            if response.status_code < 400 and not call.is_read:
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
        """Turn knobs. Raises ValueError, TypeError, KeyError or AttributeError for what makes no
        sense."""
        with self._lock:
            now = self.clock.now()
            turning.turn(self, settings, now)
            if keep:
                lasting = turning.lasting(settings)
                self._state.append({"kind": "knobs", "at": now.isoformat(), "settings": lasting})

    def _carry_out(self, caller: Caller, call: wire.Call, request_id: str, seed: str) -> Response:
        mock_random.seed(seed)
        if not call.is_read:
            self._backends.forget()
        response = self._ours.answer(Asked(caller, call, self.clock.now(), request_id))
        if response is not None:
            return response
        account_id = caller.account_id
        if call.service == "cloudformation":
            # moto needs two seconds to load it, and most runs make no stack.
            stacks = importlib.import_module("portal.demo.simulator.stacks")
            stacks.install(self.clock.utcnow)
            stacks.check(account_id, call)
        make = self._later.pop((account_id, call.service), None)
        if make is not None:
            make(self._furnish)  # it comes back here, and finds nothing left to make
        return self._backends.answer(call, account_id, seed)

    def _furnish(self, account_id: str, request: Request) -> str:
        """A call of the sample data: it is neither noted nor kept, for every start makes it."""
        call, caller = wire.parse(request), administrator(account_id)
        response = self._carry_out(caller, call, "", f"sample {account_id} {call.action}")
        if response.status_code >= 400:
            raise RuntimeError(f"sample data: {call.action} answered {response.status_code}")
        self._look(account_id)
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
        self._look(caller.account_id)
        self._calls += 1

    def _look(self, account_id: str, delay: float = 0) -> list[Seen]:
        """What has become of the account's roles, in force once the delay has passed."""
        now = self.clock.now()
        self._grants.observe(account_id, now, delay)
        return self._trusts.observe(account_id, now, delay)

    def _observe(self, caller: Caller, call: wire.Call, request_id: str, delay: float) -> None:
        """Roles a stack made are noted as CloudTrail notes them: calls of its own."""
        if call.service not in ("iam", "cloudformation"):
            return
        for seen in self._look(caller.account_id, delay):
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


def _wait(seconds: float) -> None:
    """Outside the lock, so that nobody else waits. Sleeping for no time would still give way."""
    if seconds > 0:
        time.sleep(seconds)
