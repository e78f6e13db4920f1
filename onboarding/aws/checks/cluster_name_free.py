"""No EKS cluster of that name is in the Region: a name is taken once an account and Region."""

from onboarding.aws import console, standing
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish


def run(account: Account, wish: Wish) -> Finding:
    name = wish.cluster_name
    if not name:
        return Finding(Status.PASSED, saw="No name is given yet, so there is nothing to compare.")
    needed = f"No EKS cluster called {name} in {account.region}"
    if name not in standing.clusters(account):
        return Finding(
            Status.PASSED, saw=f"No EKS cluster in {account.region} has this name.", needed=needed
        )
    where = _look_up(wish)
    return Finding(
        Status.FAILED,
        saw=f"An EKS cluster called {name} is in {account.region} already.",
        needed=needed,
        cause="A name can be used once in an account and Region.",
        turn=Turn.CUSTOMER,
        fix=Fix(
            (
                "Go back to the step Cluster and choose another name.",
                "Or delete that cluster, if nothing uses it. Then ask us to check again.",
            ),
            where.command,
            where.link,
            where.link_label,
        ),
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=f"aws eks list-clusters --query clusters --output text --region {wish.region}",
        link=console.clusters(wish.region),
        link_label=f"Your EKS clusters in {wish.region}",
    )


CHECK = Check(
    code="cluster_name_free",
    title="Cluster name free",
    blocking=True,
    relies_on=("aws_account_id", "region", "cluster_name"),
    run=run,
    subject="The cluster name {cluster_name} is free",
    look_up=_look_up,
)
