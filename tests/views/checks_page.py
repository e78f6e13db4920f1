"""The checks page as the Owner of `cast` sees it, and its results changed."""

from typing import Any

from django.urls import reverse

from tests.views.cast import Cast


def show(cast: Cast) -> Any:
    return cast.client("owner").get(reverse("step", args=[cast.installation.pk, "checks"]))


def page(cast: Cast) -> str:
    """The text of the page, its white space as one sees it."""
    return " ".join(show(cast).content.decode().split())


def change(cast: Cast, code: str, **values: Any) -> None:
    cast.installation.check_results.filter(code=code).update(**values)
