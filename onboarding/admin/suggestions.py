"""Ready sentences for what support asks to change most often, by the field they are about."""

ANY = ("Please look at this answer again: it does not fit the rest.",)

SUGGESTIONS: dict[str, tuple[str, ...]] = {
    "aws_account_id": (
        "Please use an account of its own for Astro: this one runs other things.",
        "Please check the account ID: we could not find the role there.",
    ),
    "account_is_dedicated": ("Please use an account that nothing else runs in.",),
    "status_page_subscribed": ("Please subscribe to the Astro status page.",),
    "domains_allowed": ("Please allow all the domains of the list in your network.",),
    "cluster_name": ("Please choose another name: an EKS cluster of this name is there already.",),
    "region": (
        "Please choose a Region that is enabled in your account.",
        "Please choose a Region that offers this node type.",
    ),
    "node_type": ("Please choose a node type that this Region offers in two Availability Zones.",),
    "max_nodes": (
        "Please choose fewer nodes, or ask AWS for a higher quota.",
        "Please ask AWS for a higher quota first: this many nodes do not fit it.",
    ),
    "connectivity": ("Please choose VPC peering: your data is reachable from inside alone.",),
    "astro_cidr": (
        "Please choose a range that overlaps none of your VPCs.",
        "Please choose a larger range: /19 at least.",
    ),
    "dns_servers": ("Please name DNS servers that the Astro VPC can reach over the peering.",),
}


def suggestions_for(field: str) -> tuple[str, ...]:
    return SUGGESTIONS.get(field, ()) + ANY
