"""The evidence pack of an installation as a PDF, to read and to print.

It says what the JSON says, but for two things that only a machine reads: statements of policies, and
AWS calls beyond the latest. Of those it gives the numbers.
"""

import json
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from onboarding.models import Installation, User
from onboarding.services import evidence
from onboarding.services.evidence import Record
from onboarding.services.evidence_log import log
from onboarding.services.evidence_sheet import BAD, INK, OK, WARN, Sheet

_TONES = {"Passed": OK, "Blocks": BAD}
_MARKS = {"Passed": "✓ ", "Blocks": "✗ "}


def pdf(installation: Installation, *, by: User) -> bytes:
    found = evidence.content(installation, by=by)
    name = str(installation)
    sheet = Sheet(
        f"Evidence pack of {name}", f"Evidence pack of {name}, {_when(found['exported']['at'])}"
    )
    _front(sheet, installation, found)
    sheet.contents()
    for title, section in SECTIONS:
        sheet.heading(title)
        section(sheet, found)
    _about(sheet)
    sheet.landscape()
    sheet.heading("AWS calls")
    log(sheet, installation)
    return bytes(sheet.output())


def _front(sheet: Sheet, installation: Installation, found: Record) -> None:
    about = found["installation"]
    sheet.front(
        "Astro install portal",
        f"Evidence pack of {installation}",
        "What Astro may do in your AWS account, who can open the role, what was looked at and found, "
        "who approved what, and every call to AWS that was made for you.",
    )
    sheet.fields(
        [
            ("Organization", found["organization"]["name"]),
            ("Cluster", about["cluster_name"]),
            ("Cluster ID", about["cluster_id"]),
            ("AWS account", about["aws_account_id"]),
            ("AWS Region", about["region"]),
            ("Role", about["role_arn"]),
            ("Status", f"{about['status']}, since {_when(about['status_since'])}"),
            ("Permissions", _version(found)),
            ("Checksum (SHA-256)", found["permissions"]["checksum"]),
            ("Made", f"{_when(found['exported']['at'])}, for {found['exported']['by']}"),
            ("In the portal", settings.SITE_URL + reverse("status", args=[installation.pk])),
        ]
    )
    sheet.ln(4)


def _version(found: Record) -> str:
    return f"Version {found['permissions']['version']}"


def _permissions(sheet: Sheet, found: Record) -> None:
    sheet.text_line(
        f"{_version(found)}. The statements themselves are in the JSON of this pack, and on the "
        f"page {settings.SITE_URL}{reverse('permissions')}."
    )
    for service in found["permissions"]["services"]:
        sheet.small_heading(service["title"], link=service["reference"])
        sheet.text_line(service["purpose"])
        for grant in service["grants"]:
            said = " ".join(one for one in (grant["purpose"], grant["limit"]) if one)
            if said:
                sheet.text_line(said, muted=True, size=8)
            sheet.mono(", ".join(grant["actions"]))


def _never(sheet: Sheet, found: Record) -> None:
    sheet.text_line("Denied by the policies, whatever else allows it.")
    for denial in found["permissions"]["never"]:
        sheet.keep(16)
        sheet.text_line(denial["sentence"])
        sheet.mono(", ".join(denial["actions"]))


def _trust(sheet: Sheet, found: Record) -> None:
    sheet.text_line(
        "Only Astro's own AWS account can open the role, and only with the external ID of your "
        "Organization. The external ID is not in this document."
    )
    sheet.mono(json.dumps(found["trust_policy"], indent=2))
    if found["external_id_shown"]:
        sheet.small_heading("Who saw the external ID in the portal")
        _table(
            sheet,
            ("When", "To whom", "What for"),
            (43, 55, 72),
            found["external_id_shown"],
            ("at", "to", "for"),
        )


def _proofs(sheet: Sheet, found: Record) -> None:
    if not found["role_proofs"]:
        sheet.text_line("The role has not been proved yet.")
    for proof in found["role_proofs"]:
        sheet.state(proof["what"], _when(proof["at"]), INK)
        version = proof["version"]
        looks = [
            ", ".join(f"{name} {value}" for name, value in look.items() if name != "at")
            for look in proof["looks"]
        ]
        sheet.fields(
            [
                ("Permissions", f"Version {version}" if version else ""),
                ("Said", proof["note"]),
                *(
                    (_when(look["at"]), said)
                    for look, said in zip(proof["looks"], looks, strict=True)
                ),
            ]
        )


def _role_checks(sheet: Sheet, found: Record) -> None:
    _proofs(sheet, found)
    _results(sheet, found["role_checks"])


def _account_checks(sheet: Sheet, found: Record) -> None:
    if not found["account_checks"]:
        sheet.text_line("The account has not been checked yet.")
    _results(sheet, found["account_checks"])
    if found["overrides"]:
        sheet.small_heading("Checks that support let pass")
    titles = {check["code"]: check["title"] for check in found["account_checks"]}
    for one in found["overrides"]:
        withdrawn = _when(one["withdrawn_at"])
        sheet.state(
            titles.get(one["code"], one["code"]), "Withdrawn" if withdrawn else "Let pass", WARN
        )
        sheet.fields(
            [
                ("Reason", one["reason"]),
                ("Seen", one["saw"]),
                ("By", f"{one['by']}, {_when(one['at'])}"),
                ("Withdrawn", withdrawn),
            ]
        )


def _results(sheet: Sheet, checks: list[Record]) -> None:
    for check in checks:
        status = check["status"]
        sheet.state(check["title"], _MARKS.get(status, "") + status, _TONES.get(status, WARN))
        stale = (
            "" if check["is_of_present_answers"] else " An answer it relied on has changed since."
        )
        sheet.fields(
            [
                ("Seen", check["saw"] + stale),
                ("Needed", check["needed"]),
                ("Looked at", f"{_when(check['checked_at'])}. {check['source']}."),
                ("AWS request IDs", ", ".join(check["request_ids"])),
            ]
        )


def _approvals(sheet: Sheet, found: Record) -> None:
    if not found["approvals"]:
        sheet.text_line("Nothing was submitted yet.")
        return
    _table(
        sheet,
        ("When", "What", "Who", "Said"),
        (43, 38, 43, 46),
        found["approvals"],
        ("at", "what", "by", "note"),
    )


def _submissions(sheet: Sheet, found: Record) -> None:
    if not found["submissions"]:
        sheet.text_line("No answers were submitted yet.")
    for one in found["submissions"]:
        sheet.small_heading(f"Submission {one['number']}, {_when(one['at'])}, by {one['by']}")
        sheet.fields((answer["label"], str(answer["value"])) for answer in one["answers"])


def _handovers(sheet: Sheet, found: Record) -> None:
    if not found["hand_overs"]:
        sheet.text_line("The access step was not handed to anybody.")
    for one in found["hand_overs"]:
        done, withdrawn = _when(one["done_at"]), _when(one["withdrawn_at"])
        sheet.state(one["to"], "Done" if done else "Withdrawn" if withdrawn else "Not done", INK)
        sheet.fields(
            [
                ("Handed over by", f"{one['by']}, {_when(one['at'])}"),
                ("Ends", _when(one["expires_at"])),
                ("Role proved", done),
                ("Withdrawn", withdrawn),
                *((_when(visit["at"]), visit["what"]) for visit in one["visits"]),
            ]
        )


def _monitoring(sheet: Sheet, found: Record) -> None:
    if not found["monitoring"]:
        sheet.text_line("The portal was not asked to create an alarm on the role.")
    for one in found["monitoring"]:
        sheet.state("Alarm on the role created", _when(one["at"]), INK)
        for step in one["steps"]:
            sheet.text_line(f"– {step}", size=8.5)


def _about(sheet: Sheet) -> None:
    sheet.heading("About this document")
    sheet.text_line(
        "Times are UTC. AWS request IDs are AWS's own: you find the same ones in your CloudTrail. The "
        "JSON of this pack holds the same facts in full, with a SHA-256 digest over its content."
    )
    if sheet.has_missing:
        sheet.text_line(
            "A □ stands for a letter that the typeface of this document does not have. The JSON has it."
        )


def _table(
    sheet: Sheet,
    header: tuple[str, ...],
    widths: tuple[int, ...],
    rows: list[Record],
    names: tuple[str, ...],
) -> None:
    cells = ([_when(row[name]) if name == "at" else row[name] for name in names] for row in rows)
    sheet.rows(header, widths, cells)


def _when(moment: str) -> str:
    """A time of the pack as people read it; empty for none."""
    return f"{moment[:10]} {moment[11:19]} UTC" if moment else ""


SECTIONS: tuple[tuple[str, Callable[[Sheet, Record], None]], ...] = (
    ("What Astro may do", _permissions),
    ("What Astro may never do", _never),
    ("Who can open the role", _trust),
    ("Proofs of the role", _role_checks),
    ("Checks of the account", _account_checks),
    ("Who approved what", _approvals),
    ("What was submitted", _submissions),
    ("Hand-overs of the access step", _handovers),
    ("Alarm on the role", _monitoring),
)
