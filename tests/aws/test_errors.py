import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import (
    AwsError,
    Denied,
    Expired,
    Layer,
    Misconfigured,
    Refused,
    RegionOff,
    Unavailable,
    denying_layer,
    translate,
    translated,
    without_credentials,
)

ACCOUNT = "210987654321"
URL = "https://sts.us-east-1.amazonaws.com/"


def answer(code: str, message: str = "No.", status: int = 400) -> ClientError:
    meta = {"HTTPStatusCode": status, "RequestId": "req-1"}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}
    return ClientError(response, "GetRole")  # type: ignore[arg-type] # the rest is not read


def told(exc: Exception, *, region: str = "us-east-1", own: bool = False) -> AwsError:
    return translate(
        exc,
        service="iam",
        action="GetRole",
        account_id=ACCOUNT,
        region=region,
        identity=Identity.PORTAL if own else Identity.ROLE,
    )


@pytest.mark.parametrize(
    ("exc", "kind", "whose", "retryable"),
    [
        (answer("AccessDenied", status=403), Denied, Turn.CUSTOMER, False),
        (answer("AccessDeniedException"), Denied, Turn.CUSTOMER, False),
        (answer("UnauthorizedOperation", status=403), Denied, Turn.CUSTOMER, False),
        (answer("Client.UnauthorizedOperation"), Denied, Turn.CUSTOMER, False),
        (answer("Throttling"), Unavailable, Turn.AWS, True),
        (answer("ThrottlingException"), Unavailable, Turn.AWS, True),
        (answer("RequestLimitExceeded", status=503), Unavailable, Turn.AWS, True),
        (answer("TooManyRequestsException", status=429), Unavailable, Turn.AWS, True),
        (answer("Anything", status=429), Unavailable, Turn.AWS, True),
        (answer("ServiceFailure", status=500), Unavailable, Turn.AWS, True),
        (answer("Anything", status=502), Unavailable, Turn.AWS, True),
        (answer("ConcurrentModification", status=409), Unavailable, Turn.AWS, True),
        (answer("ExpiredToken", status=403), Expired, Turn.CUSTOMER, False),
        (answer("ExpiredTokenException"), Expired, Turn.CUSTOMER, False),
        (answer("InvalidClientTokenId", status=403), Expired, Turn.CUSTOMER, False),
        (answer("UnrecognizedClientException"), Expired, Turn.CUSTOMER, False),
        (answer("SignatureDoesNotMatch", status=403), Expired, Turn.CUSTOMER, False),
        (answer("RegionDisabledException", status=403), RegionOff, Turn.CUSTOMER, False),
        (answer("RequestTimeTooSkewed", status=403), Misconfigured, Turn.SUPPORT, False),
        (answer("EntityAlreadyExists", status=409), Refused, Turn.SUPPORT, False),
        (answer("LimitExceeded", status=409), Refused, Turn.CUSTOMER, False),
        (answer("MalformedPolicyDocument"), Refused, Turn.SUPPORT, False),
        (answer("NoSuchResourceException"), Refused, Turn.SUPPORT, False),
        (NoCredentialsError(), Misconfigured, Turn.SUPPORT, False),
        (PartialCredentialsError(provider="env", cred_var="x"), Misconfigured, Turn.SUPPORT, False),
        (ParamValidationError(report="x"), Misconfigured, Turn.SUPPORT, False),
        (ConnectTimeoutError(endpoint_url=URL), Unavailable, Turn.SUPPORT, True),
        (ReadTimeoutError(endpoint_url=URL), Unavailable, Turn.AWS, True),
        (ConnectionClosedError(endpoint_url=URL), Unavailable, Turn.AWS, True),
        (EndpointConnectionError(endpoint_url=URL), Unavailable, Turn.SUPPORT, True),
        (SSLError(endpoint_url=URL, error=OSError("x")), Unavailable, Turn.SUPPORT, True),
        (ResponseParserError("x"), Unavailable, Turn.AWS, True),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, Exception) else None,
)
def test_each_failure_becomes_one_of_the_family(
    exc: Exception, kind: type[AwsError], whose: Turn, retryable: bool
) -> None:
    error = told(exc)

    assert type(error) is kind
    assert (error.whose, error.retryable) == (whose, retryable)
    assert (error.action, error.account_id, error.region) == ("iam:GetRole", ACCOUNT, "us-east-1")


def test_aws_code_and_request_id_are_kept() -> None:
    error = told(answer("EntityAlreadyExists", "Role with name x already exists."))

    assert (error.code, error.request_id) == ("EntityAlreadyExists", "req-1")
    assert str(error) == "iam:GetRole: Role with name x already exists."


@pytest.mark.parametrize(
    "code", ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"]
)
def test_credentials_unknown_in_an_opt_in_region_mean_the_region_is_off(code: str) -> None:
    assert type(told(answer(code), region="ap-east-1")) is RegionOff


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
@pytest.mark.parametrize("region", ["us-east-1", "ap-east-1"])
def test_what_is_wrong_with_our_own_credentials_is_never_the_customers_turn(
    code: str, region: str
) -> None:
    error = told(answer(code), region=region, own=True)

    assert type(error) is Misconfigured
    assert error.whose is Turn.SUPPORT


def test_our_own_identity_without_the_permission_is_not_called_a_refusal_of_the_role() -> None:
    because = "because no identity-based policy allows the sts:AssumeRole action"

    assert type(told(answer("AccessDenied", because), own=True)) is Misconfigured
    assert type(told(answer("AccessDenied", "is not authorized"), own=True)) is Denied


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("because no identity-based policy allows the iam:GetRole action", Layer.IDENTITY),
        ("with an explicit deny in an identity-based policy", Layer.IDENTITY),
        ("because no permissions boundary allows the iam:GetRole action", Layer.BOUNDARY),
        ("with an explicit deny in a service control policy", Layer.SCP),
        ("because no service control policy allows the iam:GetRole action", Layer.SCP),
        ("because no role trust policy allows the sts:AssumeRole action", Layer.TRUST),
        ("with an explicit deny in a resource control policy", Layer.RCP),
        ("because no session policy allows the iam:GetRole action", Layer.SESSION),
        ("because no VPC endpoint policy allows the iam:GetRole action", Layer.ENDPOINT),
        ("because no resource-based policy allows the iam:GetRole action", Layer.RESOURCE),
        ("with an explicit deny in the role trust policy", Layer.TRUST),
        ("with an explicit deny", Layer.EXPLICIT_DENY),
        ("You are not authorized to perform this operation.", Layer.UNKNOWN),
    ],
)
def test_the_layer_that_denied_is_told_from_the_text(text: str, layer: Layer) -> None:
    error = told(answer("AccessDenied", f"User: x is not authorized {text}"))

    assert isinstance(error, Denied)
    assert error.layer is layer is denying_layer(text)


@pytest.mark.parametrize(
    "secret",
    [
        "ASIAQWERTYUIOPASDFGH",
        "AKIAQWERTYUIOPASDFGH",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzzzzzzKEY",
        "astro-portal-xUtnFEMIK7MDENGbPxRfiCYzzzzzzzzKEYabc",
        "astro-" + "a2" * 16,
        "FwoGZXIvYXdzEBYaD" + "k" * 200 + "==",
    ],
)
def test_nothing_credential_like_leaves_in_the_text(secret: str) -> None:
    error = told(answer("SignatureDoesNotMatch", f"x-amz-security-token:{secret}\nhost:sts"))

    assert secret not in str(error)
    assert secret not in repr(error)
    assert "x-amz-security-token:… host:sts" in str(error)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sts::210987654321:assumed-role/astronomer-remote-management/astro-portal-check",
        "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_AdministratorAccess_0a1b2c3d/jane",
        "arn:aws:iam::210987654321:policy/AstronomerCrossAccountRoleNetworkAndCompute",
        "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd",
    ],
)
def test_an_arn_survives_the_cleaning(arn: str) -> None:
    assert without_credentials(f"User: {arn} is not authorized") == f"User: {arn} is not authorized"


def test_what_hides_in_an_arn_does_not() -> None:
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/x/astro-{'a2' * 16}/ASIAQWERTYUIOPASDFGH"

    assert without_credentials(arn) == f"arn:aws:sts::{ACCOUNT}:assumed-role/x/…/…"


def test_the_policy_that_denies_is_named_where_aws_names_it() -> None:
    """Since 2026 AWS adds its ARN, within one account and one Organization."""
    arn = (
        "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
    )
    text = "is not authorized with an explicit deny in a service control policy"

    named, unnamed = (told(answer("AccessDenied", f"{text}{end}")) for end in (f": {arn}.", ""))

    assert isinstance(named, Denied)
    assert isinstance(unnamed, Denied)
    assert (named.layer, named.policy) == (Layer.SCP, arn)
    assert (unnamed.layer, unnamed.policy) == (Layer.SCP, "")


@pytest.mark.parametrize(("region", "kind"), [("us-east-1", Refused), ("ap-east-1", RegionOff)])
def test_opt_in_required_means_the_region_only_where_one_opts_in(
    region: str, kind: type[AwsError]
) -> None:
    assert type(told(answer("OptInRequired", status=403), region=region)) is kind


def test_the_original_is_not_chained_where_a_report_would_print_it() -> None:
    call = translated(service="iam", action="GetRole", account_id=ACCOUNT, region="us-east-1")

    with pytest.raises(Denied) as caught, call:
        raise answer("AccessDenied")

    assert caught.value.__suppress_context__


def test_a_long_text_is_cut() -> None:
    assert len(without_credentials("no " * 1000)) == 600
