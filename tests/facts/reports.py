"""Pre-flight reports for tests: a good one, to be changed, and much that is none."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from onboarding.facts import CONTROL_PLANE_ACCOUNT

ACCOUNT, REGION, NODE_TYPE = "210987654321", "us-east-1", "m5.xlarge"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

GOOD: dict[str, Any] = {
    "astro_preflight": 1,
    "account_id": ACCOUNT,
    "region": REGION,
    "node_type": NODE_TYPE,
    "made_at": "2026-03-01T11:00:00Z",
    "asked": {
        "on_demand_quota": {"answer": {"Quota": {"QuotaCode": "L-1216C47A", "Value": 64.0}}},
        "spot_quota": {"error": "AccessDeniedException", "denial": "identity-based policy"},
        "vpcs us-east-1": {
            "answer": {
                "Vpcs": [
                    {
                        "VpcId": "vpc-0a1b2c3d4e5f60718",
                        "IsDefault": False,
                        "CidrBlockAssociationSet": [
                            {
                                "CidrBlock": "172.20.0.0/16",
                                "CidrBlockState": {"State": "associated"},
                            }
                        ],
                        "Tags": [{"Key": "Name", "Value": "warehouse"}],
                    }
                ]
            }
        },
        "clusters us-east-1": {"answer": {"clusters": ["old-analytics"]}},
        "instances us-east-1": {"answer": {"Reservations": []}},
    },
}


def good(**changes: Any) -> dict[str, Any]:
    return deepcopy(GOOD) | changes


def text(**changes: Any) -> str:
    return json.dumps(good(**changes))


def answering(name: str, answer: Any) -> str:
    """A report in which one question has another answer."""
    report = good()
    report["asked"][name] = {"answer": answer}
    return json.dumps(report)


def quota(value: str) -> str:
    """A report in which that stands for the quota, as it is."""
    return text().replace("64.0", value)


def vpc(**members: Any) -> str:
    found = deepcopy(GOOD["asked"]["vpcs us-east-1"]["answer"]["Vpcs"][0])
    return answering("vpcs us-east-1", {"Vpcs": [found | members]})


def cidr(block: Any) -> str:
    return vpc(CidrBlockAssociationSet=[{"CidrBlock": block}])


FIRST, *_ = json.dumps(GOOD).partition('"asked"')
NO_REPORTS: dict[str, str] = {
    "empty": "",
    "blank": " \n\t ",
    "null": "null",
    "a number": "5",
    "a word": "hello",
    "an array": "[]",
    "an array of reports": f"[{text()}, {text()}]",
    "an empty object": "{}",
    "another object": '{"Account": "210987654321", "UserId": "AIDA", "Arn": "x"}',
    "the script itself": "#!/bin/sh\nastro_preflight() (\nset -eu\nstop() {\n exit 1\n}\n)\n",
    "an HTML page": "<!doctype html><html><script>if (a) { b() }</script></html>",
    "a table": "| Account | 210987654321 |\n+---------+",
    "CSV with a formula": '=HYPERLINK("http://x"),2\n',
    "YAML": "astro_preflight: 1\naccount_id: '210987654321'\n",
    "a shell command in braces": "${IFS}; touch CANARY; {}",
    "a template": "{{ 7*7 }}{% debug %}",
    "100,000 arrays": "{" + "[" * 100_000,
    "100,000 arrays, closed": '{"a":' + "[" * 99_000 + "]" * 99_000 + "}",
    "100,000 objects": '{"a":' * 30_000 + "1" + "}" * 30_000,
    "quotes that never end": "{" + '"\\' * 90_000 + "}",
    "10 MB": "x" * 10_000_000,
    "10 MB of JSON": '{"astro_preflight": 1, "a": "' + "x" * 10_000_000 + '"}',
    "just too large": text(more="x" * 200_000),
    "too large in bytes alone": text() + "ä" * 110_000,
}
BROKEN: dict[str, str] = {
    "cut off": text()[:300],
    "without its end": text()[:-2],
    "without its beginning": text()[40:] + "{",
    "a comma too many": text().replace('"us-east-1", ', '"us-east-1",, '),
    "single quotes": text().replace('"', "'").replace("'astro_preflight'", '"astro_preflight"'),
    "two reports": text() + "\n" + text(),
    "a comment": text().replace('"asked"', '/* so */ "asked"'),
    "a line broken inside a word": text().replace("warehouse", "ware\nhouse"),
    "NUL inside": text().replace("warehouse", "ware\0house"),
    "an escape code inside": text().replace('"asked"', '\x1b[31m"asked"'),
    "a zero-width space": text().replace('"asked"', '\u200b"asked"'),
    "curly quotes": text().replace('"asked"', "“asked”"),
    "plus sign": quota("+64"),
    "leading zero": quota("064"),
    "hexadecimal": quota("0x40"),
    "no value": quota(""),
    "undefined": quota("undefined"),
}
CHANGED: dict[str, str] = {
    "the answers twice": text().replace('"asked"', '"asked": {}, "asked"'),
    "an account twice": text().replace('"region"', '"account_id": "1", "region"'),
    "NaN": quota("NaN"),
    "Infinity": quota("Infinity"),
    "-Infinity": quota("-Infinity"),
    "1e400": quota("1e400"),
    "a number of 5,000 digits": quota("1" * 5000),
    "a negative quota": quota("-40"),
    "minus zero point five": quota("-0.5"),
    "half a vCPU": quota("40.5"),
    "a trillion": quota("1000000000000"),
    "a quota in words": quota('"64"'),
    "a true quota": quota("true"),
    "no quota": quota("null"),
    "a list as quota": quota("[64]"),
    "an object as quota": quota('{"$gt": 0}'),
    "account as a number": text(account_id=210987654321),
    "account of 11 digits": text(account_id="21098765432"),
    "account with a line end": text(account_id="210987654321\n"),
    "account in other digits": text(account_id="２１０９８７６５４３２１"),
    "no account": text(account_id=None),
    "a Region AWS lacks": text(region="us-east-99"),
    "a Region in capitals": text(region="US-EAST-1"),
    "a Region as a list": text(region=["us-east-1"]),
    "a node type of mars": text(node_type="m5.mars"),
    "a node type with a command": text(node_type="m5.xlarge; touch CANARY"),
    "no time": text(made_at=None),
    "a time without its zone": text(made_at="2026-03-01T11:00:00"),
    "a day that is none": text(made_at="2026-02-30T11:00:00Z"),
    "a time in other digits": text(made_at="２026-03-01T11:00:00Z"),
    "answers as a list": text(asked=[]),
    "answers as null": text(asked=None),
    "an answer as a word": text(asked={"spot_quota": "yes"}),
    "answer and error": text(asked={"spot_quota": {"answer": {}, "error": "X"}}),
    "neither answer nor error": text(asked={"spot_quota": {}}),
    "an answer that is null": answering("vpcs us-east-1", None),
    "an answer that is a list": answering("vpcs us-east-1", []),
    "an error with a tag": text(asked={"spot_quota": {"error": "<script>alert(1)</script>"}}),
    "an error with a line end": text(asked={"spot_quota": {"error": "AccessDenied\n"}}),
    "an error as a number": text(asked={"spot_quota": {"error": 403}}),
    "a denial of one's own": text(
        asked={"spot_quota": {"error": "AccessDenied", "denial": "policy: <b>"}}
    ),
    "a denial as a list": text(asked={"spot_quota": {"error": "AccessDenied", "denial": []}}),
    "a VPC without an ID": vpc(VpcId=None),
    "a VPC's ID with a tag": vpc(VpcId="vpc-<script>alert(1)</script>"),
    "a VPC's ID as a formula": vpc(VpcId="=cmd|' /C calc'!A0"),
    "a VPC's ID in capitals": vpc(VpcId="VPC-0A1B2C3D"),
    "a VPC's ID with a line end": vpc(VpcId="vpc-0a1b2c3d\n"),
    "a VPC's name as a number": vpc(Tags=[{"Key": "Name", "Value": 5}]),
    "a tag of another key": vpc(Tags=[{"Key": "Owner", "Value": "x"}]),
    "two names": vpc(Tags=[{"Key": "Name", "Value": "x"}] * 2),
    "CIDR without a size": cidr("172.20.0.0"),
    "CIDR of size 33": cidr("172.20.0.0/33"),
    "CIDR with 256": cidr("172.256.0.0/16"),
    "CIDR with leading zeros": cidr("172.020.0.0/16"),
    "CIDR in IPv6": cidr("fd00::/8"),
    "CIDR as a number": cidr(2886991872),
    "CIDR in other digits": cidr("１72.20.0.0/16"),
    "CIDR with a space": cidr("172.20.0.0/16 "),
    "CIDR with a formula": cidr("=1+1"),
    "CIDR of a host name": cidr("localhost/8"),
    "a lone surrogate as an ID": vpc(VpcId="x").replace('"x"', '"\\ud800"'),
    "2,001 clusters": answering("clusters us-east-1", {"clusters": ["a"] * 2001}),
    "clusters as a word": answering("clusters us-east-1", {"clusters": "abc"}),
    "a cluster with a tag": answering("clusters us-east-1", {"clusters": ["<img src=x>"]}),
    "a cluster read from right to left": answering(
        "clusters us-east-1", {"clusters": ["a\u202eb"]}
    ),
    "no clusters at all": answering("clusters us-east-1", {}),
}
NOT_OURS: dict[str, str] = {
    "another account": text(account_id="320987654321"),
    "Astro's own account": text(account_id=CONTROL_PLANE_ACCOUNT),
    "another Region": text(region="eu-west-1"),
    "31 days old": text(made_at="2026-01-29T11:00:00Z"),
    "of the last century": text(made_at="2000-01-01T00:00:00Z"),
    "of tomorrow": text(made_at="2026-03-02T12:00:00Z"),
    "version 0": text(astro_preflight=0),
    "version 2": text(astro_preflight=2),
    "version one": text(astro_preflight="1"),
    "version true": text(astro_preflight=True),
    "version null": text(astro_preflight=None),
    "version 1.5": text(astro_preflight=1.5),
}
REFUSED = NO_REPORTS | BROKEN | CHANGED | NOT_OURS
