"""What anybody may read: the role's template and its permissions."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onboarding.policy import cloudformation, document


@login_not_required
def role_template(request: HttpRequest) -> HttpResponse:
    """The CloudFormation template, as AWS fetches it. It names no customer."""
    return HttpResponse(cloudformation.template(), content_type="application/yaml; charset=utf-8")


@login_not_required
def permissions(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "onboarding/permissions.html",
        {
            "groups": document.groups(),
            "action_count": document.action_count(),
            "version": document.VERSION,
            "checksum": document.checksum(),
            "policies": [
                (policy.name, json.dumps(policy.document, indent=2))
                for policy in document.policies()
            ],
        },
    )
