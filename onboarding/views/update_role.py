"""The page that updates a role to the version of the permissions in effect: what is new, four ways
to update, and how far it is.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from onboarding.aws import console
from onboarding.facts import CONSOLE_REGION, ROLE_NAME, STACK_NAME
from onboarding.forms.credentials import CredentialsForm
from onboarding.jobs import edition as editions
from onboarding.jobs.handoff import HandoffUnavailable
from onboarding.models import Installation, Operation, PolicyVersion
from onboarding.policy import cloudformation, terraform, update_shell, update_stack
from onboarding.policy.document import Edition
from onboarding.services import update_role as service
from onboarding.services import with_credentials
from onboarding.views import live as live_part
from onboarding.views.access import download
from onboarding.views.reach import SignedInRequest, reached
from onboarding.wizard.ways import template_url

KIND = Operation.Kind.UPDATE_ROLE
UNFINISHED = (Operation.State.QUEUED, Operation.State.RUNNING)
MOST = 50
"""Versions told of: a role that is older still is told of the newest."""
WAYS = tuple(Installation.AccessMethod.values)


@dataclass(frozen=True)
class Scene:
    """What is known of a role, beside the version in effect."""

    installation: Installation
    known: tuple[Edition, ...]
    """Every version in the ledger."""
    present: PolicyVersion
    """The version in effect."""
    news: tuple[PolicyVersion, ...]
    """The versions that took effect since the one the role has, the newest first."""
    role: editions.RoleVersion
    operations: list[Operation]

    @property
    def edition(self) -> Edition:
        """The one in effect."""
        return next(each for each in self.known if each.number == self.present.number)

    @property
    def work(self) -> Operation | None:
        return next((each for each in self.operations if each.kind == KIND), None)

    @property
    def is_running(self) -> bool:
        return self.work is not None and self.work.state in UNFINISHED

    @property
    def was_seen(self) -> bool:
        """Whether the permissions of the role in this account were read, once at least."""
        account_id = self.installation.aws_account_id
        return any(
            each.code == "role_permissions" and each.relied_on.get("aws_account_id") == account_id
            for each in self.installation.check_results.all()
        )

    @property
    def is_newest(self) -> bool:
        return self.role.number == self.role.in_effect


def _scene(installation: Installation) -> Scene:
    known = editions.known()
    rows = list(
        PolicyVersion.objects.filter(effective_at__isnull=False)
        .defer("source")
        .order_by("-number")[:MOST]
    )
    present = next(row for row in rows if row.state == PolicyVersion.State.EFFECTIVE)
    edition = next(each for each in known if each.number == present.number)
    role = editions.standing_of(installation, edition)
    # Of a role that has no version it is not known what is new to it.
    news = [row for row in rows if row.number > (role.number or present.number - 1)]
    operations = live_part.latest(installation)
    return Scene(installation, known, present, tuple(news), role, operations)


@reached
@require_safe
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return _page(request, _scene(installation), CredentialsForm())


@reached
@require_safe
def live(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return live_part.answer(request, _live(request, _scene(installation)))


@sensitive_post_parameters()
@require_POST
@reached
def start(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """Take temporary credentials, pass them on sealed, and show the page that follows the work."""
    page = redirect("update_role", installation.pk)
    if not with_credentials.may_ask(installation):
        return page
    scene = _scene(installation)
    form = CredentialsForm(request.POST)
    if not form.is_valid():
        return _page(request, scene, form)
    if _read_version(request) != scene.edition.number:
        messages.info(request, "Read what is new in this version, then start the update.")
        return page
    try:
        service.update(
            installation, form.credentials, version=scene.edition.number, by=request.user
        )
    except HandoffUnavailable:
        form.add_error(None, "We could not take the credentials just now. Nothing was kept.")
        return _page(request, scene, form)
    return page


def _read_version(request: SignedInRequest) -> int | None:
    """The version that the page told of when the form was filled in."""
    told = request.POST.get("version", "")
    return int(told) if re.fullmatch("[0-9]{1,9}", told) else None


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The shell script. It names no customer."""
    text = update_shell.script(editions.in_effect(), editions.known())
    return download(text, update_shell.FILE_NAME, "text/x-shellscript")


def _page(request: SignedInRequest, scene: Scene, form: CredentialsForm) -> HttpResponse:
    installation = scene.installation
    # AWS reads a template from S3 alone.
    url = template_url(scene.edition) if settings.ROLE_TEMPLATE_URL else ""
    context = {
        "installation": installation,
        "scene": scene,
        "form": form,
        "way": _way(request, form, scene),
        "may_update": with_credentials.may_ask(installation),
        "role_name": ROLE_NAME,
        "stack_name": STACK_NAME,
        "stacks_url": console.stacks(CONSOLE_REGION),
        "template_url": url,
        "template_name": cloudformation.FILE_NAME,
        "module_name": terraform.FILE_NAME,
        "script_name": update_shell.FILE_NAME,
        "live": _live(request, scene).html,
    }
    if installation.aws_account_id:
        context |= {
            "script": update_shell.script(scene.edition, scene.known),
        }
    if installation.aws_account_id and url:
        context["stack_command"] = update_stack.stack_command(installation.aws_account_id, url)
    return render(request, "onboarding/update_role.html", context)


def _way(request: SignedInRequest, form: CredentialsForm, scene: Scene) -> str:
    """The way that is open: the one in which the role was made, as far as we know it."""
    asked = request.GET.get("way", "")
    if form.is_bound or (scene.work is not None and asked not in WAYS):
        return "for_me"
    return asked if asked in WAYS else scene.installation.access_method or WAYS[0]


def _live(request: SignedInRequest, scene: Scene) -> live_part.Live:
    installation = scene.installation
    context: dict[str, Any] = {
        "installation": installation,
        "scene": scene,
        "is_looking": "verify_role" in live_part.running(scene.operations),
        "may_look": with_credentials.may_ask(installation),
    }
    url = reverse("update_role_live", args=[installation.pk])
    every = live_part.pace(installation, scene.operations)
    return live_part.fragment(
        request, "onboarding/update_role_live.html", context, url=url, every=every
    )
