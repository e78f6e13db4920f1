"""OpenID Connect: Google, and the single sign-on of Organizations.

allauth leaves out what a client that trusts its TLS may leave out. Here the nonce, the signature,
the issuer and the answer's own issuer (RFC 9207) are checked each time.
"""

import secrets
from typing import Any
from urllib.parse import quote

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

from onboarding.jobs.outbound import is_acceptable
from onboarding.views.providers.leaving import Leaving
from onboarding.views.providers.oidc.tokens import Disbelieved, believed


class Adapter(OpenIDConnectOAuth2Adapter):
    """One sign-in with one provider. `nonce` is what we asked with; the callback sets it."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises `Disbelieved` when it says to be another."""
        config: dict[str, Any] = super().openid_config
        configured = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != configured.rstrip("/"):
            raise Disbelieved("The provider names another issuer than is configured.")
        return config

    def _endpoint(self, name: str) -> str:
        url = self.openid_config.get(name)
        if not isinstance(url, str) or not is_acceptable(url):
            raise Disbelieved(f"The provider has no {name} that we could use.")
        return url

    @property
    def access_token_url(self) -> str:
        return self._endpoint("token_endpoint")

    @property
    def authorize_url(self) -> str:
        return self._endpoint("authorization_endpoint")

    @property
    def basic_auth(self) -> bool:
        """The way every provider takes, unless it says otherwise (Discovery 1.0, 3)."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported")
        return methods is None or "client_secret_basic" in methods

    def get_client(self, request: HttpRequest, app: Any) -> Any:
        client = super().get_client(request, app)
        if client.basic_auth:  # RFC 6749, 2.3.1
            client.consumer_secret = quote(app.secret, safe="")
        return client

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Hand in the code, unless another provider sent it (RFC 9207: mix-up)."""
        config = self.openid_config
        said = request.GET.get("iss")
        promised = config.get("authorization_response_iss_parameter_supported") is True
        if (said is not None or promised) and said != config["issuer"]:
            raise Disbelieved("The answer comes from another provider.")
        data: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier
        )
        return data

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        claims = believed(
            kwargs["response"].get("id_token", ""),
            keys=self._asked(self._endpoint("jwks_uri")),
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            nonce=self.nonce,
        )
        if not claims.get("email") and "userinfo_endpoint" in self.openid_config:
            bearer = {"Authorization": f"Bearer {token.token}"}
            about = self._asked(self._endpoint("userinfo_endpoint"), headers=bearer)
            if about.get("sub") != claims["sub"]:  # OpenID Connect Core, 5.3.2
                raise Disbelieved("The provider tells of somebody else.")
            claims = about | claims
        return self.get_provider().sociallogin_from_response(request, claims)

    def _asked(self, url: str, **kwargs: Any) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(url, **kwargs)
            response.raise_for_status()
            answer = response.json()
        if not isinstance(answer, dict):
            raise Disbelieved("The provider's answer is not an object.")
        return answer


class OpenIdConnect(Leaving, OpenIDConnectProvider):
    oauth2_adapter_class = Adapter
    pkce_enabled_default = True

    @property
    def server_url(self) -> str:
        """Where the provider describes itself (OpenID Connect Discovery 1.0, 4)."""
        issuer: str = self.app.settings["server_url"]
        return issuer.rstrip("/") + "/.well-known/openid-configuration"

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        params = (kwargs.pop("auth_params", None) or self.get_auth_params()) | {"nonce": nonce}
        return super().redirect(
            request, process, next_url, data, nonce=nonce, auth_params=params, **kwargs
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What we keep: the address, to recognise the identity by, and whether it is confirmed."""
        return {name: data[name] for name in ("email", "email_verified") if name in data}
