"""What anybody may read: the role's template, script and module, and its permissions."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from onboarding.facts import ROLE_NAME
from onboarding.jobs import edition as editions
from onboarding.models import PolicyVersion
from onboarding.policy import cloudformation, search, shell, terraform
from onboarding.views.access import download

MOST = 50
"""Versions on the page."""


@login_not_required
def role_template(request: HttpRequest) -> HttpResponse:
    """The CloudFormation template, as AWS fetches it. It names no customer."""
    return download(
        cloudformation.template(editions.in_effect()), cloudformation.FILE_NAME, "application/yaml"
    )


@login_not_required
def role_script(request: HttpRequest) -> HttpResponse:
    """The shell script without an external ID, to read in the browser or to download."""
    return _text(shell.script(editions.in_effect()), shell.FILE_NAME)


@login_not_required
def role_module(request: HttpRequest) -> HttpResponse:
    """The Terraform module, to read in the browser or to download."""
    return _text(terraform.module(editions.in_effect()), terraform.FILE_NAME)


def _text(content: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@login_not_required
def permissions(request: HttpRequest) -> HttpResponse:
    """All of it, or what `?q=` finds."""
    edition = editions.in_effect()
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
            "versions": editions.history()[:MOST],
            "checksum": edition.checksum,
            "policies": [
                (policy, json.dumps(policy.document, indent=2)) for policy in edition.policies
            ],
        },
    )


@login_not_required
def permissions_document(request: HttpRequest, number: int) -> HttpResponse:
    """One version, for whoever compares it with a program. None that Owners were not told of."""
    if not PolicyVersion.objects.published().filter(number=number).exists():
        raise Http404
    response = JsonResponse(editions.of(number).as_data(), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="astro-permissions-v{number}.json"'
    return response
