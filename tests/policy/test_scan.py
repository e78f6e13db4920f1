"""What checkov says of the template and the module. What stays stands here, with the reason.

It lives in an environment of its own (`requirements/checkov.lock`): it pins what others use.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from onboarding.policy import cloudformation, document, terraform

EDITION = document.shipped()

CHECKOV = Path(sys.prefix) / "apart" / "checkov" / "bin" / "checkov"

UNNAMED = (
    "what AWS names by ids of its own cannot be named here; tests/policy/test_lint.py has each"
)
SHARED = "ram:AcceptResourceShareInvitation: the invitation is yours, and so is its name"
ASTRO = "the principal is Astro's account, and only with the external ID"

STAYS = {
    ("CKV_AWS_61", "aws_iam_role.astro"): ASTRO,
    ("CKV_AWS_289", "aws_iam_policy.network"): SHARED,
    ("CKV_AWS_109", "AWS::IAM::ManagedPolicy.NetworkPolicy"): SHARED,
    **{
        (check, f"aws_iam_policy.{name}"): UNNAMED
        for check in ("CKV_AWS_290", "CKV_AWS_355")
        for name in ("core", "data_plane", "infrastructure", "network")
    },
    **{
        ("CKV_AWS_111", f"AWS::IAM::ManagedPolicy.{name}"): UNNAMED
        for name in ("Policy", "DataPlanePolicy", "InfrastructurePolicy", "NetworkPolicy")
    },
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("scanned")
    (folder / cloudformation.FILE_NAME).write_text(cloudformation.template(EDITION))
    (folder / terraform.FILE_NAME).write_text(terraform.module(EDITION))
    files = [str(path) for path in folder.iterdir()]
    told = subprocess.run(
        [
            str(CHECKOV),
            *("--file", *files, "--framework", "terraform", "cloudformation"),
            *("--skip-download", "--compact", "--quiet", "--output", "json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return json.loads(told.stdout)


def test_both_files_were_read_to_the_end(reports: list[dict[str, Any]]) -> None:
    read = {report["check_type"]: report["summary"] for report in reports}
    assert set(read) == {"terraform", "cloudformation"}
    for summary in read.values():
        assert summary["parsing_errors"] == 0
        assert summary["passed"] > 20


def test_checkov_finds_nothing_but_what_stays_for_a_reason(reports: list[dict[str, Any]]) -> None:
    found = {
        (row["check_id"], row["resource"])
        for report in reports
        for row in report["results"]["failed_checks"]
    }
    assert found == set(STAYS)
