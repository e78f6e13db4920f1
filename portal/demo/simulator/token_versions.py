"""Which tokens the global STS endpoint gives: version 1 unless set, not valid in opt-in Regions.

Source: IAM API reference, SetSecurityTokenServicePreferences; GetAccountSummary tells it as
GlobalEndpointTokenVersion.
"""

from moto.iam.models import iam_backends

from portal.demo.simulator.wire import Call, Fault

_VERSIONS = {"v1Token": 1, "v2Token": 2}


def set_preference(account_id: str, call: Call) -> None:
    wanted = call.text("GlobalEndpointTokenVersion")
    if wanted not in _VERSIONS:
        raise Fault(
            "ValidationError",
            "1 validation error detected: Value at 'globalEndpointTokenVersion' failed to satisfy "
            "constraint: Member must satisfy enum value set: [v2Token, v1Token]",
        )
    # moto tells it in its summary, but has no call that sets it.
    summary = iam_backends[account_id]["aws"].account_summary
    summary._global_endpoint_token_version = _VERSIONS[wanted]
