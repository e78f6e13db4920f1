"""Step 2: the cluster, and what it means for the account."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from onboarding.facts import MINIMUM_VCPU_QUOTA
from onboarding.facts.node_types import node_types
from onboarding.facts.regions import Region, regions
from onboarding.forms.fields import ClusterNameField, MaxNodesField, NodeTypeField, RegionField
from onboarding.models import Installation, Status
from onboarding.wizard.step import Step, StepForm


@dataclass(frozen=True)
class Outlook:
    """What the cluster takes of the account, at full size."""

    region: Region
    node_type: str
    nodes: int
    vcpu_each: int

    @property
    def vcpu(self) -> int:
        return self.nodes * self.vcpu_each

    @property
    def on_demand_quota(self) -> int:
        """vCPU, in the Region: what full size needs, and never less than Astro asks for."""
        return max(self.vcpu, MINIMUM_VCPU_QUOTA)

    @property
    def spot_quota(self) -> int:
        return MINIMUM_VCPU_QUOTA

    @property
    def is_offered(self) -> bool:
        return self.node_type not in self.region.worker_types_not_offered


class ClusterForm(StepForm):
    class Meta(StepForm.Meta):
        fields: ClassVar[list[str]] = ["cluster_name", "region", "node_type", "max_nodes"]

    cluster_name = ClusterNameField(
        label="Cluster name",
        help_text="Letters, digits, hyphens and underscores. People pick it from a list when they "
        "create a Deployment.",
    )
    region = RegionField(
        label="AWS Region", help_text="Where your data is. It cannot be changed afterwards."
    )
    node_type = NodeTypeField(label="Node type", help_text="m5.xlarge is good for most teams.")
    max_nodes = MaxNodesField(label="Most nodes at once", help_text="From 2 to 100.")

    def clean_cluster_name(self) -> str:
        """Unique in the Organization without regard to case, among what is not cancelled."""
        name: str = self.cleaned_data["cluster_name"]
        if self.is_stored:
            return name
        others = Installation.objects.filter(
            organization=self.installation.organization_id, cluster_name__iexact=name
        ).exclude(pk=self.installation.pk)
        if name and others.exclude(status=Status.CANCELLED).exists():
            raise ValidationError(
                f"Your Organization has a cluster named “{name}” already. Choose another name.",
                code="taken",
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        region = regions().get(cleaned.get("region", ""))
        node_type = cleaned.get("node_type", "")
        if region and region.opt_in:
            self.warn(
                "region",
                f"{region.code} is off by default in AWS accounts. We check it in step 5 and show "
                "you how to enable it. It can take a few hours.",
            )
        if region and node_type in region.worker_types_not_offered:
            self.add_error(
                "node_type",
                f"AWS does not offer {node_type} in {region.code}. Choose another node type, or "
                "another Region.",
            )
        elif node_type and not node_types()[node_type].production_recommended:
            self.warn(
                "node_type",
                f"{node_type} is not recommended for production: its CPU is slowed down once its "
                "credits are used up.",
            )
        return cleaned

    @property
    def outlook(self) -> Outlook | None:
        """What the answers typed so far mean; None while one that counts is missing or wrong."""
        region, node_type = self._so_far("region"), self._so_far("node_type")
        nodes = self._so_far("max_nodes")
        if not (region and node_type and nodes):
            return None
        return Outlook(regions()[region], node_type, nodes, node_types()[node_type].vcpu)

    def _so_far(self, name: str) -> Any:
        field = self.fields[name]
        try:
            return field.clean(field.prepare_value(self[name].value()))
        except ValidationError:
            return None


STEP = Step(slug="cluster", title="Your cluster", subtitle="Region, nodes", form=ClusterForm)
