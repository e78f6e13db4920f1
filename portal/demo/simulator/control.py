"""The control API under `/_simulator/`: journal, knobs, accounts, credentials, reset. JSON."""

from collections.abc import Callable

from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from portal.demo.simulator import local, turning
from portal.demo.simulator.accounts import Account
from portal.demo.simulator.callers import (
    Caller,
    Credentials,
    administrator,
    federated_user,
    user_session,
)
from portal.demo.simulator.simulation import Simulation

_LONGEST = 43_200
_KINDS: dict[str, Callable[[str], Caller]] = {
    "admin": administrator,
    "session_without_mfa": user_session,
    "federation": federated_user,
}
_URLS = Map(
    [
        Rule("/_simulator/health", methods=["GET"], endpoint="health"),
        Rule("/_simulator/journal", methods=["GET"], endpoint="journal"),
        Rule("/_simulator/knobs", methods=["GET"], endpoint="knobs"),
        Rule("/_simulator/knobs", methods=["POST"], endpoint="turn"),
        Rule("/_simulator/accounts", methods=["GET"], endpoint="accounts"),
        Rule("/_simulator/accounts", methods=["POST"], endpoint="add_account"),
        Rule(
            "/_simulator/accounts/<account_id>/credentials",
            methods=["POST"],
            endpoint="credentials",
        ),
        Rule("/_simulator/reset", methods=["POST"], endpoint="reset"),
    ]
)


class Control:
    def __init__(self, simulation: Simulation) -> None:
        self._aws = simulation

    def answer(self, request: Request) -> Response:
        """Raises werkzeug's HTTPException for a request it does not take."""
        local.require(request)
        endpoint, found = _URLS.bind_to_environ(request.environ).match()
        response: Response = getattr(self, f"_{endpoint}")(request, **found)
        return response

    def _health(self, request: Request) -> Response:
        return local.json_response({"status": "ok", "accounts": len(self._aws.accounts)})

    def _journal(self, request: Request) -> Response:
        return local.json_response(self._aws.journal.about(request.args.get("account", "")))

    def _knobs(self, request: Request) -> Response:
        return local.json_response(turning.shown(self._aws))

    def _turn(self, request: Request) -> Response:
        """How slow: `latency_ms`, `propagation_seconds` (of trust and of permissions),
        `region_seconds`.

        What becomes of the next calls, by their name (`iam:CreateRole`, `iam:*`): `throttle`
        {name: times}; `fail` {name: [code, times] or [code, times, message]}; `lose` {name:
        times}: done, then the connection is closed without an answer; `hang` {name: [seconds,
        times]}: done, and answered too late. `outage` [service, …]: unavailable until it is
        turned to another list.

        `quota_answers` {after_seconds, case_after_seconds, status, granted} or null: open requests
        become CASE_OPENED and then that status by themselves; `granted` is the most that is
        granted.

        And, one or a list of each: `quotas` {account, region, code, value (null: none is held)},
        `quota_requests` {account, region, code, status, granted}, `regions` {account, region,
        status}, `organizations` {account, member, management_account (if not a stranger's)},
        `scps` {account, documents: [policy, …] (none takes them away)}, `expire` {account,
        after_calls}: the sessions of its administrators end after so many more calls.
        """
        try:
            self._aws.turn(local.json_body(request))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BadRequest("A knob has a value that makes no sense.") from None
        return self._knobs(request)

    def _accounts(self, request: Request) -> Response:
        found = self._aws.accounts.values()
        return local.json_response(
            [{"account_id": a.account_id, "name": a.name, "sentence": a.sentence} for a in found]
        )

    def _add_account(self, request: Request) -> Response:
        body = local.json_body(request)
        account_id = str(body.get("account_id", ""))
        if account_id in self._aws.accounts:
            raise Conflict("The account exists already.")
        account = Account(
            account_id, str(body.get("name", "New account")), str(body.get("sentence", ""))
        )
        try:
            self._aws.add_account(account)
        except ValueError as fault:
            raise BadRequest(f"{fault}.") from None
        return local.json_response({"account_id": account_id}, 201)

    def _credentials(self, request: Request, account_id: str) -> Response:
        """Of an administrator. `seconds`; `kind`: "admin" (a role's session), else
        "session_without_mfa" or "federation", which IAM does not take."""
        body = local.json_body(request)
        seconds, kind = body.get("seconds", 3600), body.get("kind", "admin")
        if not isinstance(seconds, int) or not 0 <= seconds <= _LONGEST:
            raise BadRequest(f"seconds must be a whole number, {_LONGEST} at most.")
        if kind not in _KINDS:
            raise BadRequest(f"kind must be one of {', '.join(_KINDS)}.")
        return local.json_response(as_json(issue(self._aws, account_id, seconds, kind)))

    def _reset(self, request: Request) -> Response:
        self._aws.reset()
        return local.json_response({"status": "ok"})


def issue(
    simulation: Simulation, account_id: str, seconds: int, kind: str = "admin"
) -> Credentials:
    """Temporary credentials of an administrator. Raises `NotFound` for an unknown account."""
    if account_id not in simulation.accounts:
        raise NotFound("There is no such account.")
    return simulation.callers.issue(_KINDS[kind](account_id), seconds, simulation.clock.now())


def as_json(credentials: Credentials) -> dict[str, str]:
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": credentials.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
