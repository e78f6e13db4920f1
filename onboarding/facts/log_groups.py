"""Names of log groups, as they are stored."""

import re

from onboarding.facts.text import trimmed

_NAME = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}", re.ASCII)
"""CloudWatch Logs API reference, CreateLogGroup, `logGroupName`."""
_ARN = re.compile(r"arn:aws:logs:[a-z0-9-]+:[0-9]{12}:log-group:([^:]+)(?::\*)?", re.ASCII)


def log_group(typed: str) -> str:
    """The name. An ARN, as the console copies it, is forgiven: its name is taken."""
    text = trimmed(typed)
    found = _ARN.fullmatch(text)
    name = found[1] if found else text
    if not _NAME.fullmatch(name):
        raise ValueError(
            "Type the name of a log group: letters, digits and . - _ / # only, such as "
            "aws-cloudtrail-logs."
        )
    return name
