"""What anybody may read: the role's template, script and module, and its permissions."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onboarding.facts import ROLE_NAME
from onboarding.jobs.edition import in_effect
from onboarding.policy import cloudformation, search, shell, terraform
from onboarding.views.access import download


@login_not_required
def role_template(request: HttpRequest) -> HttpResponse:
    """The CloudFormation template, as AWS fetches it. It names no customer."""
    return download(
        cloudformation.template(in_effect()), cloudformation.FILE_NAME, "application/yaml"
    )


@login_not_required
def role_script(request: HttpRequest) -> HttpResponse:
    """The shell script without an external ID, to read in the browser or to download."""
    return _text(shell.script(in_effect()), shell.FILE_NAME)


@login_not_required
def role_module(request: HttpRequest) -> HttpResponse:
    """The Terraform module, to read in the browser or to download."""
    return _text(terraform.module(in_effect()), terraform.FILE_NAME)


def _text(content: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@login_not_required
def permissions(request: HttpRequest) -> HttpResponse:
    """All of it, or what `?q=` finds."""
    edition = in_effect()
    query = request.GET.get("q", "").strip()[: search.LONGEST]
    return render(
        request,
        "onboarding/permissions.html",
        {
            "query": query,
            "found": search.find(edition, query),
            "role_name": ROLE_NAME,
            "action_count": edition.action_count,
            "service_count": len(edition.groups),
            "denial_count": len(edition.denials),
            "version": edition.number,
            "checksum": edition.checksum,
            "policies": [
                (policy, json.dumps(policy.document, indent=2)) for policy in edition.policies
            ],
        },
    )
