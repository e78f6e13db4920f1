"""The alarm on the role as a shell script, for the command line and AWS CloudShell."""

import json
from importlib.resources import files
from shlex import quote
from typing import Any

from onboarding import facts
from onboarding.policy import monitoring

_ACCOUNT = "${account}"
_HEADING = f"""#!/bin/sh
# Watches the IAM role {facts.ROLE_NAME}: whoever changes it raises an alarm.
# It says first what it will do. Run it twice and nothing happens twice; what it finds and
# did not make stays as it is.
#
# Optional, before you run it:
#   export ALARM_EMAIL=you@example.com   who is told
#   export LOG_GROUP=name                the log group in {monitoring.REGION} of a trail you have"""


def script() -> str:
    """A POSIX script. It names no customer and holds no secret."""
    # One function in a subshell: pasted into a terminal, it can stop without closing the terminal.
    body = (files(__package__) / "data" / "create_monitoring.sh").read_text("ascii").rstrip()
    opening = "watch_astro_role() (\nset -eu"
    parts = (_HEADING, opening, _settings(), _functions(), body)
    return "\n\n".join(parts) + "\n)\n\nwatch_astro_role\n"


def _settings() -> str:
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    values = {
        "astro_account": facts.CONTROL_PLANE_ACCOUNT,
        "role_name": facts.ROLE_NAME,
        "region": monitoring.REGION,
        "name": monitoring.NAME,
        "log_role": monitoring.LOG_ROLE,
        "log_role_policy_name": monitoring.LOG_ROLE_POLICY,
        "retention_days": str(monitoring.RETENTION_DAYS),
        "block_public": json.dumps(monitoring.BLOCK_PUBLIC),
        "encryption": json.dumps({"Rules": [encryption]}),
        "event_selectors": json.dumps([monitoring.event_selector()]),
        "transformations": json.dumps([monitoring.values("")["transformation"]]),
        "tag_map": json.dumps(monitoring.TAGS),
    }
    values |= {
        f"tag_{number}": f"Key={key},Value={value}"
        for number, (key, value) in enumerate(monitoring.TAGS.items(), start=1)
    }
    lines = [f"{name}={quote(value)}" for name, value in values.items()]
    # Neither a pager nor a prompt may wait for a key that nobody presses.
    lines += ["AWS_PAGER=''", "AWS_CLI_AUTO_PROMPT=off", "export AWS_PAGER AWS_CLI_AUTO_PROMPT"]
    return "\n".join(lines)


def _functions() -> str:
    alarm = monitoring.alarm("$topic")
    seen = [alarm[key] for key in ("Namespace", "MetricName", "Statistic")]
    seen += [str(alarm["Period"]), alarm["ComparisonOperator"], alarm["TreatMissingData"], "$topic"]
    log_role = f"arn:aws:iam::$account:role/{monitoring.LOG_ROLE}"
    trail = [monitoring.REGION, True, monitoring.log_group_arn(_ACCOUNT), log_role]
    return "\n\n".join(
        (
            f"log_group_arn() {{ printf '%s' \"{monitoring.log_group_arn(_ACCOUNT, '$1')}\"; }}",
            _document("filter_pattern", monitoring.pattern(), "'TEXT'"),
            _document("log_role_trust", _json(monitoring.log_role_trust())),
            _document("log_role_policy", _json(monitoring.log_role_policy(_ACCOUNT))),
            _document("bucket_policy", _json(monitoring.bucket_policy("${bucket}", _ACCOUNT))),
            _document("alarm_input", _json(alarm)),
            _document("alarm_wanted", _json(seen)),
            _document("trail_wanted", _json(trail)),
        )
    )


def _json(content: Any) -> str:
    return json.dumps(content, indent=1)


def _document(name: str, text: str, mark: str = "TEXT") -> str:
    """A function that prints `text`. Without quotes in `mark`, `$account` and the like are filled in;
    none of the documents holds another dollar sign.
    """
    return f"{name}() {{\ncat <<{mark}\n{text}\nTEXT\n}}"
