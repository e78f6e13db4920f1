"""The evidence pack of an installation, for support and auditors: what the customer gets, too."""

from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from onboarding.models import Installation
from onboarding.services import evidence_file


def evidence_url(pages: Any) -> URLPattern:
    """The address of the file. `pages`: the admin of installations, which knows who may see one."""
    admin: ModelAdmin[Installation] = pages

    def take(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
        installation = pages.reach(request, str(pk))
        if installation is None or kind not in evidence_file.CONTENT_TYPES:
            missing: HttpResponseBase = pages.missing(request)
            return missing
        file = evidence_file.take(installation, kind, by=request.user)  # type: ignore[arg-type]
        return StreamingHttpResponse(
            file.pieces, content_type=file.content_type, headers=file.headers
        )

    return path(
        "<uuid:pk>/evidence/<slug:kind>/",
        admin.admin_site.admin_view(require_POST(take)),
        name="onboarding_installation_evidence",
    )
