"""The wizard, in order."""

from onboarding.wizard.step import Step
from onboarding.wizard.steps import access, account, checks, cluster, network, review

STEPS: tuple[Step, ...] = (
    account.STEP,
    cluster.STEP,
    network.STEP,
    access.STEP,
    checks.STEP,
    review.STEP,
)
