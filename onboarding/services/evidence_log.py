"""The AWS calls of an installation on paper: how many of each, and the latest one by one."""

from django.db.models import Count, Q

from onboarding.models import Installation
from onboarding.models.aws_call import OK
from onboarding.services import evidence
from onboarding.services.evidence_sheet import Sheet

LATEST = 100
"""Calls printed one by one. A log may hold 100,000: paper is not the place for them."""


def log(sheet: Sheet, installation: Installation) -> None:
    made = installation.aws_calls
    kinds = list(
        made.order_by("service", "action")
        .values_list("service", "action")
        .annotate(count=Count("pk"), failed=Count("pk", filter=~Q(outcome=OK)))
    )
    total = sum(count for _, _, count, _ in kinds)
    if not total:
        sheet.text_line("No call to AWS was made yet.")
        return
    sheet.text_line(
        f"{total:,} calls. AccessDenied on Astro's own sts:AssumeRole means that your role keeps "
        "others out: it is asked on purpose."
    )
    header = ("Service", "Call", "Calls", "Refused or failed")
    sheet.rows(
        header, (60, 97, 40, 60), ([s, a, f"{n:,}", f"{f:,}" if f else ""] for s, a, n, f in kinds)
    )
    latest = list(evidence.calls(installation, most=LATEST))
    sheet.small_heading("All of them, newest first" if total <= LATEST else f"The latest {LATEST}")
    if total > LATEST:
        sheet.text_line("The JSON of this pack has every call.", muted=True)
    sheet.rows(
        ("When (UTC)", "Call", "Region", "Made as", "Answer", "AWS request ID"),
        (34, 68, 28, 28, 34, 65),
        (
            [
                call["at"][:19].replace("T", " "),
                f"{call['service']}:{call['action']}",
                call["region"],
                evidence.as_whom(call["identity"]),
                call["outcome"],
                call["request_id"],
            ]
            for call in latest
        ),
    )
