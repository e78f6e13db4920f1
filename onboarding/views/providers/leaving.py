"""How a provider is left for: by our own view, and with nothing that a link could have added."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode


class Leaving:
    """Mixed into a provider of allauth's."""

    app: Any

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        name = self.app.provider_id or self.app.provider
        return reverse("sign_in_with", args=[name]) + (f"?{urlencode(kwargs)}" if kwargs else "")

    # allauth would take `scope` and `auth_params` from the address, and `auth_params` replaces
    # any parameter: the client, where to return to, the state.
    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())  # type: ignore[attr-defined]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())  # type: ignore[attr-defined]
