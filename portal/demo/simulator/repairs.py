"""What moto gets wrong inside, put right once a process: IAM, and a trail's events.

In the backend and not in front of it, so that a role made by a CloudFormation stack is judged by
the same rules as one made by a call.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any

from moto.cloudtrail.models import Trail
from moto.iam import exceptions as iam_errors
from moto.iam import models as iam_models
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from portal.demo.simulator import grammar, limits

_exists: list[grammar.PrincipalExists] = []
"""At most one, the newest simulation's: moto's state belongs to the process."""


def install(principal_exists: grammar.PrincipalExists, utcnow: Callable[[], datetime]) -> None:
    """Every simulation calls it; the repairs are made once."""
    iam_models.utcnow = utcnow  # type: ignore[attr-defined]
    first = not _exists
    _exists[:] = [principal_exists]
    if first:
        _repair(IAMBackend, "create_role", _create_role)
        _repair(IAMBackend, "create_policy", _create_policy)
        _repair(IAMBackend, "delete_policy", _delete_policy)
        _repair(IAMBackend, "create_policy_version", _create_policy_version)
        _repair(IAMBackend, "update_assume_role_policy", _update_assume_role_policy)
        _repair(IAMBackend, "attach_role_policy", _attach_role_policy)
        # moto knows no wildcards here; the repaired calls have looked at the document already.
        IAMTrustPolicyDocumentValidator.validate = lambda self: None  # type: ignore[method-assign]
        _repair(Trail, "get_event_selectors", _get_event_selectors)
        _repair_stack_role()
        _repair_stack_policy()


def _repair(owner: type, name: str, repaired: Callable[..., Any]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def call(backend: Any, *args: Any, **kwargs: Any) -> Any:
        with _as_iam_errors():
            return repaired(original, backend, *args, **kwargs)

    setattr(owner, name, call)


@contextmanager
def _as_iam_errors() -> Iterator[None]:
    try:
        yield
    except limits.Invalid as fault:
        raise iam_errors.ValidationError(str(fault)) from None
    except limits.TooMuch as fault:
        raise iam_errors.LimitExceededException(str(fault)) from None
    except grammar.Malformed as fault:
        raise iam_errors.MalformedPolicyDocument(str(fault)) from None


def _check_trust(field: str, document: str) -> None:
    limits.check_text(field, document)
    limits.check_trust_size(document)
    grammar.check_trust(document, _exists[0])


def _create_role(
    original: Any,
    backend: IAMBackend,
    role_name: str,
    assume_role_policy_document: str,
    *args: Any,
    **kwargs: Any,
) -> Role:
    limits.check_name("roleName", role_name, limits.ROLE_NAME_LENGTH)
    _check_trust("assumeRolePolicyDocument", assume_role_policy_document)
    if limits.taken(role_name, (role.name for role in backend.get_roles())):
        raise iam_errors.EntityAlreadyExists(f"Role with name {role_name} already exists.")
    return original(backend, role_name, assume_role_policy_document, *args, **kwargs)


def _update_assume_role_policy(
    original: Any, backend: IAMBackend, role_name: str, policy_document: str
) -> None:
    _check_trust("policyDocument", policy_document)
    original(backend, role_name, policy_document)


def _create_policy(
    original: Any,
    backend: IAMBackend,
    description: str,
    path: str,
    policy_document: str,
    policy_name: str,
    tags: Any,
) -> ManagedPolicy:
    limits.check_name("policyName", policy_name, limits.POLICY_NAME_LENGTH)
    limits.check_text("policyDocument", policy_document)
    limits.check_policy_size(policy_document)
    if limits.taken(policy_name, (policy.name for policy in backend.managed_policies.values())):
        raise iam_errors.EntityAlreadyExists(
            f"A policy called {policy_name} already exists. Duplicate names are not allowed."
        )
    return original(backend, description, path, policy_document, policy_name, tags)


def _delete_policy(original: Any, backend: IAMBackend, policy_arn: str) -> None:
    policy = backend.managed_policies.get(policy_arn)
    if policy is not None and policy.attachment_count > 0:
        raise iam_errors.DeleteConflictException("Cannot delete a policy attached to entities.")
    original(backend, policy_arn)


def _create_policy_version(
    original: Any, backend: IAMBackend, policy_arn: str, policy_document: str, *args: Any
) -> Any:
    limits.check_text("policyDocument", policy_document)
    limits.check_policy_size(policy_document)
    return original(backend, policy_arn, policy_document, *args)


def _attach_role_policy(
    original: Any, backend: IAMBackend, policy_arn: str, role_name: str
) -> None:
    """Attaching what is attached changes nothing."""
    attached = backend.get_role(role_name).managed_policies
    if policy_arn in attached:
        return
    if len(attached) >= limits.POLICIES_PER_ROLE:
        raise limits.TooMuch(f"Cannot exceed quota for PoliciesPerRole: {limits.POLICIES_PER_ROLE}")
    original(backend, policy_arn, role_name)


def _get_event_selectors(original: Any, trail: Trail) -> tuple[list[Any], list[Any]]:
    """A trail that was told nothing records every management event, and says so."""
    selectors, advanced = original(trail)
    return (selectors if selectors or advanced else [_EVERY_EVENT]), advanced


_EVERY_EVENT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def _repair_stack_role() -> None:
    """moto's stacks forget `ManagedPolicyArns`, and so do not detach them either."""
    create = Role.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]
    delete = Role.delete_from_cloudformation_json.__func__  # type: ignore[attr-defined]

    def create_and_attach(
        cls: type, name: str, resource: dict[str, Any], account_id: str, region: str, **more: Any
    ) -> Role:
        role: Role = create(cls, name, resource, account_id, region, **more)
        for arn in resource["Properties"].get("ManagedPolicyArns", []):
            _iam(account_id).attach_role_policy(arn, role.name)
        return role

    def detach_and_delete(
        cls: type, name: str, resource: dict[str, Any], account_id: str, region: str
    ) -> None:
        for policy in list(_iam(account_id).get_role(name).managed_policies.values()):
            _iam(account_id).detach_role_policy(policy.arn, name)
        delete(cls, name, resource, account_id, region)

    Role.create_from_cloudformation_json = classmethod(create_and_attach)  # type: ignore
    Role.delete_from_cloudformation_json = classmethod(detach_and_delete)  # type: ignore


def _repair_stack_policy() -> None:
    """moto's stacks leave a managed policy behind when they are deleted."""

    def delete(cls: type, arn: str, resource: Any, account_id: str, region: str) -> None:
        _iam(account_id).delete_policy(arn)

    ManagedPolicy.delete_from_cloudformation_json = classmethod(delete)  # type: ignore


def _iam(account_id: str) -> IAMBackend:
    return iam_backends[account_id]["aws"]
