"""A role that has one external ID, or two, while the Organization's is being renewed."""

from typing import Any

from onboarding.aws.looks import Answer, Probe
from onboarding.models import (
    CheckResult,
    Installation,
    Mail,
    Operation,
    Organization,
    User,
)
from onboarding.services import external_id
from tests.factories import make_installation
from tests.jobs.role_scene import DENIED, OPENED, Scene


class Role(Scene):
    """A role that has one external ID, or several, and answers as AWS would."""

    ids: tuple[str, ...] = ()
    sent: list[tuple[str, str]]

    def probe(self, account_id: str, external_id: str, **given: Any) -> Probe:
        former, before = given.pop("former"), given.pop("before", None)
        self.sent.append((external_id, former))
        by_former = external_id not in self.ids and bool(former) and former in self.ids
        opens = OPENED if external_id in self.ids or by_former else DENIED
        answer: Answer | None = None
        if before and former and not before.by_former:
            answer = OPENED if former in self.ids else DENIED
        probe = self.now(opens=opens if self.opens is OPENED else self.opens)
        seen = Scene.probe(probe, account_id, external_id, **given)
        values = seen.__dict__ | {"by_former": by_former, "former": answer}
        return Probe(**values)


def role(organization: Organization | None = None, number: int = 1) -> Role:
    """A role with the present external ID, proved a moment ago."""
    installation = make_installation(organization, aws_account_id=f"74000000{number:04}")
    scene = Role(installation)
    scene.sent = []
    scene.ids = (installation.organization.reveal_external_id(),)
    scene.look()
    finished = installation.operations.filter(kind=Operation.Kind.CHECK_ACCOUNT)
    finished.delete()
    return scene


def renew(scene: Role) -> None:
    external_id.renew(scene.installation.organization, by=owner(scene))


def owner(scene: Role) -> User:
    found: User = scene.installation.organization.owners().get().user
    return found


def now(scene: Role) -> Organization:
    return Organization.objects.get(pk=scene.installation.organization.pk)


def fresh(scene: Role) -> Installation:
    return Installation.objects.with_everything().get(pk=scene.installation.pk)


def update(scene: Role, *, keeping_former: bool = False) -> None:
    former = now(scene).reveal_former_external_id()
    scene.ids = (now(scene).reveal_external_id(), *((former,) if keeping_former else ()))


def opens(scene: Role) -> CheckResult:
    found: CheckResult = scene.installation.check_results.get(code="role_opens")
    return found


def mails(name: str) -> list[str]:
    return list(Mail.objects.filter(name=name).values_list("to", flat=True))
