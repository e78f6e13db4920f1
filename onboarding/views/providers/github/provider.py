"""GitHub. Known by the number of the account, which stays when its name or address changes."""

from typing import Any

from allauth.socialaccount.providers.github.provider import GitHubProvider

from onboarding.views.providers.leaving import Leaving


class GitHub(Leaving, GitHubProvider):
    pkce_enabled_default = True

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What we keep of what GitHub tells: its name there, to be recognised by."""
        return {"login": str(data.get("login", ""))}
