"""What to send to the colleague who has AWS rights, for each way to create the role.

Plain text, complete in itself: which account, what to do, where everything is. Never with the
external ID: the text says from whom they get it.
"""

from dataclasses import dataclass, field
from textwrap import dedent, fill
from urllib.parse import quote

from onboarding import facts
from onboarding.policy import shell, terraform
from onboarding.policy.document import Edition

_WIDTH = 76
"""Characters a line: what a mail program leaves as it is."""

WAYS = ("console", "script", "terraform", "for_me")


@dataclass(frozen=True)
class Places:
    """Addresses that the texts name. Every one may be opened without an account in the portal,
    but for `page`."""

    console: str
    """CloudFormation's page, without the external ID."""
    script: str
    module: str
    permissions: str
    page: str
    """The access step of the installation."""


@dataclass(frozen=True)
class Handover:
    subject: str
    text: str = field(repr=False)

    @property
    def mailto(self) -> str:
        """A link that opens a mail with it, to nobody yet (RFC 6068)."""
        body = self.text.replace("\n", "\r\n")
        return f"mailto:?subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"


def handovers(
    edition: Edition, *, account_id: str, organization: str, places: Places
) -> dict[str, Handover]:
    """One text for each way, by its name in `WAYS`.

    `organization` is what a person typed: it stands in the text as one line, whatever it holds.
    Raises ValueError unless `account_id` has 12 digits.
    """
    if len(account_id) != 12 or not (account_id.isascii() and account_id.isdecimal()):
        raise ValueError("An AWS account ID has 12 digits.")
    account = f"{account_id[:4]}-{account_id[4:8]}-{account_id[8:]}"
    case = _Case(account, _one_line(organization), places, edition)
    steps = {
        "console": _console(case),
        "script": _script(case),
        "terraform": _terraform(case),
        "for_me": _for_me(case),
    }
    subject = f"IAM role for Astro in AWS account {account}"
    return {
        way: Handover(subject, _letter(case, asked=asked, steps=steps[way]))
        for way, asked in _ASKED.items()
    }


@dataclass(frozen=True)
class _Case:
    account: str
    organization: str
    places: Places
    edition: Edition

    @property
    def from_whom(self) -> str:
        owner = f"an Organization Owner of {self.organization}"
        return f"You get it from {owner}, apart from this message."


_ASKED = {
    "console": "Please create it in the AWS console; it takes about two minutes.",
    "script": "Please create it with a short script, in AWS CloudShell or a terminal.",
    "terraform": "Please create it with Terraform; the module is one file.",
    "for_me": "Please let the install portal create it, with temporary credentials of yours.",
}


def _letter(case: _Case, *, asked: str, steps: str) -> str:
    about = fill(
        f"{case.organization} is installing Astro, managed Apache Airflow, in the AWS account "
        f"{case.account}. Astro works there through one IAM role, {facts.ROLE_NAME}. {asked} "
        "You need to be allowed to create IAM roles and policies in that account.",
        width=_WIDTH,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"""{about}

{dedent(steps).strip()}

The portal finds the role by itself and proves that nobody but Astro can use it.

What the role may do, what it may not, and why:
{case.places.permissions}
{case.edition.line}
"""


def _console(case: _Case) -> str:
    return f"""
        1. Sign in to the AWS console of account {case.account}.
        2. Open this page, in which all but the external ID is filled in:
           {case.places.console}
        3. Enter the external ID.
           {case.from_whom}
        4. Tick "I acknowledge that AWS CloudFormation might create IAM resources
           with custom names", and choose Create stack.
        """


def _script(case: _Case) -> str:
    return f"""
        1. Download the script. It says first what it will do, and overwrites
           nothing:
           {case.places.script}
        2. Open CloudShell, or a terminal with the AWS CLI, signed in to account
           {case.account}.
        3. Put the external ID into the environment:
           export EXTERNAL_ID=
           {case.from_whom}
        4. Run: sh {shell.FILE_NAME}
        """


def _terraform(case: _Case) -> str:
    return f"""
        1. Put the module into your repository. It holds no external ID:
           {case.places.module}
        2. Put the external ID into the environment, where no file keeps it:
           export TF_VAR_external_id=
           {case.from_whom}
        3. Run terraform init and terraform apply on {terraform.FILE_NAME},
           with credentials of account {case.account}.
        """


def _for_me(case: _Case) -> str:
    return f"""
        Credentials are not for sending, neither by mail nor by chat. We do this
        together:
        1. I open the portal, signed in for {case.organization}:
           {case.places.page}
        2. You copy temporary credentials of account {case.account}: in the AWS
           access portal choose Access keys, or run
           aws configure export-credentials
        3. You paste them under "Create it for me" and choose Create the role.
           They are used once, within minutes, and never stored.
           No external ID is needed.
        """


def _one_line(name: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(printable.split())
