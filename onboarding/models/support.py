"""One text for support: which installation, which call, what AWS said, when. No secret is in it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from onboarding import VERSION
from onboarding.models.installation import Installation


def support_text(
    installation: Installation | None, report: Mapping[str, Any], at: datetime | None
) -> str:
    """`report`: as stored of `onboarding.aws.check.Report`; what it lacks is left out."""
    layer = report.get("layer") or ""
    lines = (
        ("Installation", str(installation.pk) if installation else ""),
        ("Cluster", installation.cluster_name if installation else ""),
        ("AWS account", report.get("account_id")),
        ("Region", report.get("region")),
        ("Call", report.get("action")),
        ("Made as", report.get("identity")),
        ("Code", report.get("code")),
        ("Denied by", "" if layer == "unknown" else layer),
        ("AWS request ID", report.get("request_id")),
        ("Time", at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else ""),
        ("AWS said", report.get("said")),
        ("Portal", VERSION),
    )
    return "\n".join(f"{name}: {value}" for name, value in lines if value)
