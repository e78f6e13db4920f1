"""The list that allauth reads."""

from onboarding.views.providers.github.provider import GitHub
from onboarding.views.providers.oidc.provider import OpenIdConnect
from onboarding.views.providers.saml.provider import Saml

provider_classes = [GitHub, OpenIdConnect, Saml]
