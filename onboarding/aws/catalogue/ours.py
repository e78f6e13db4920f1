"""Faults of the portal's own set-up. The customer is never blamed, and has nothing to do."""

from onboarding.aws.calls import Identity
from onboarding.aws.catalogue.entry import NOTHING, Entry
from onboarding.aws.check import Turn

_MISCONFIGURED = ("Misconfigured",)


def _ours(
    cause: str,
    *codes: str,
    kinds: tuple[str, ...] = _MISCONFIGURED,
    steps: tuple[str, ...] = (NOTHING,),
) -> Entry:
    return Entry(kinds=kinds, codes=codes, causes=(cause,), steps=steps, turn=Turn.SUPPORT)


ENTRIES = (
    _ours(
        "The portal has no AWS credentials of its own just now. Your account is not at fault.",
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "MetadataRetrievalError",
        "NoAuthTokenError",
    ),
    _ours(
        "The portal's own AWS credentials are not valid. Your account is not at fault.",
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "AuthFailure",
        "InvalidAccessKeyId",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
    ),
    _ours(
        "The clock of the portal's server is wrong, so AWS refused it. Your account is not at "
        "fault.",
        "RequestTimeTooSkewed",
        "RequestInTheFuture",
    ),
    _ours(
        "The portal's own identity at AWS may not do {action}. Your account is not at fault.",
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "NotAuthorized",
    ),
    _ours(
        "The portal asked in a Region or at an address of AWS that is wrong. Your account is not "
        "at fault.",
        "NoRegionError",
        "InvalidRegionError",
        "UnknownRegionError",
        "UnknownEndpointError",
        "ValueError",
    ),
    _ours(
        "The portal put a question to AWS that makes no sense. Your account is not at fault.",
        "ParamValidationError",
        "UnknownServiceError",
        "ValidationException",
    ),
    _ours(
        "The portal reached another account or identity than it asked for, and stopped.",
        "OtherAccount",
        "OtherIdentity",
    ),
    _ours(
        "The portal could not reach AWS: the network on our side. Your account is not at fault.",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ProxyConnectionError",
        "SSLError",
        kinds=("Unavailable",),
        steps=("You need do nothing. Our support team has been told. {wait}",),
    ),
    Entry(
        kinds=("OwnAccount",),
        causes=("This is Astro's own AWS account.",),
        steps=("Give the ID of your own account in the step Account.",),
        turn=Turn.CUSTOMER,
    ),
    _ours("The portal's own AWS set-up is at fault, not your account."),
    # Documents that the portal writes and sends
    Entry(
        codes=("MalformedPolicyDocument", "MalformedPolicyDocumentException", "InvalidInput"),
        identities=(Identity.PASTED, Identity.ROLE),
        causes=(
            "AWS does not accept a document that the portal sent. Your account is not at fault.",
        ),
        steps=(NOTHING,),
        turn=Turn.SUPPORT,
    ),
)
