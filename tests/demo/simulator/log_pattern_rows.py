"""The conformance table of filter patterns: what AWS selects, and the page that says so."""

from typing import Any, NamedTuple

JSON_EVENTS = "CloudWatch Logs User Guide: Using filter patterns to match terms in JSON log events"
SYNTAX = "CloudWatch Logs User Guide: Filter and pattern syntax"
REGEX = "CloudWatch Logs User Guide: Supported regular expressions (regex) syntax"
API = "CloudWatch Logs API Reference: PutMetricFilter"
CDK = "AWS CDK API Reference: FilterPattern"

TRAIL: dict[str, Any] = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "ThisFlag": True,
    "ThatFlag": False,
    "bandwidth": 80,
    "latency": 49.5,
    "errorCode": 400,
    "number": [1e-3, 1000],
    "text-number": "400",
    "quote": 'say "x"',
}
"""The page's own example, with fields for the rules that it has no example of."""

USERS: dict[str, Any] = {
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [
        {"id": 2, "email": "John.Doe@example.com"},
        {"id": 3, "email": "Jane.Doe@example.com"},
    ],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
}
STILES, NON = '$.user.email = "John.Stiles@example.com"', '"nonmatch"'


class Row(NamedTuple):
    pattern: str
    event: dict[str, Any]
    selected: bool
    why: str


ROWS = (
    # strings
    Row('{ $.eventType = "UpdateTrail" }', TRAIL, True, JSON_EVENTS),
    Row('{$.eventType="UpdateTrail"}', TRAIL, True, JSON_EVENTS),
    Row("{ $.eventType = UpdateTrail }", TRAIL, True, SYNTAX),
    Row('{ $.eventType = "updatetrail" }', TRAIL, False, f"{SYNTAX}: patterns are case sensitive"),
    Row('{ $.eventtype = "UpdateTrail" }', TRAIL, False, f"{SYNTAX}: patterns are case sensitive"),
    Row('{ $.eventType = "Update" }', TRAIL, False, SYNTAX),
    Row('{ $.eventType = "*Trail" }', TRAIL, True, f"{SYNTAX}: asterisk as wildcard"),
    Row('{ $.eventType = "*Trai" }', TRAIL, False, f"{SYNTAX}: asterisk as wildcard"),
    Row('{ $.eventType = "U*T*l" }', TRAIL, True, f"{SYNTAX}: asterisk as wildcard"),
    Row('{ $.eventType = "UpdateTrail*" }', TRAIL, True, f"{SYNTAX}: asterisk as wildcard"),
    Row('{ $.eventType = "Update.rail" }', TRAIL, False, f"{SYNTAX}: a dot is a dot"),
    Row("{ $.sourceIPAddress != 123.123.* }", TRAIL, True, JSON_EVENTS),
    Row("{ $.sourceIPAddress = 111.111.* }", TRAIL, True, JSON_EVENTS),
    Row('{ $.eventType != "UpdateTrail" }', TRAIL, False, SYNTAX),
    Row(r'{ $.quote = "say \"x\"" }', TRAIL, True, SYNTAX),
    # where the selector leads
    Row('{ $.arrayKey[0] = "value" }', TRAIL, True, JSON_EVENTS),
    Row('{ $.arrayKey[1] = "value" }', TRAIL, False, JSON_EVENTS),
    Row('{ $.arrayKey[2] = "value" }', TRAIL, False, JSON_EVENTS),
    Row("{ $.objectList[1].id = 2 }", TRAIL, True, JSON_EVENTS),
    Row("{ $.['cluster.name'] = \"c\" }", TRAIL, True, JSON_EVENTS),
    Row('{ $.cluster.name = "c" }', TRAIL, False, JSON_EVENTS),
    Row("{ $.coordinates[0][1] = 1 }", USERS, True, JSON_EVENTS),
    Row('{ $.arrayKey[*] = "another value" }', TRAIL, True, JSON_EVENTS),
    Row("{ $.arrayKey[*] = %val.{2}% }", TRAIL, True, JSON_EVENTS),
    Row(r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", TRAIL, True, JSON_EVENTS),
    Row('{ $.users.* = "x" }', USERS, False, JSON_EVENTS),
    Row('{ $.arrayKey = "value" }', TRAIL, False, f"{SYNTAX}: array or object does not match"),
    Row('{ $.user != "x" }', USERS, False, f"{SYNTAX}: array or object does not match"),
    # what is missing, and what is neither string nor number
    Row('{ $.missing = "x" }', TRAIL, False, f"{CDK}: a missing field is not matched"),
    Row('{ $.missing != "x" }', TRAIL, False, f"{CDK}: a missing field is not matched"),
    Row('{ $.SomeObject != "x" }', TRAIL, False, f"{SYNTAX}: value nodes are strings or numbers"),
    Row('{ $.ThisFlag != "x" }', TRAIL, False, f"{SYNTAX}: value nodes are strings or numbers"),
    Row("{ $.bandwidth = * }", TRAIL, True, f"{CDK}: exists"),
    Row("{ $.missing = * }", TRAIL, False, f"{CDK}: exists"),
    Row("{ $.SomeObject IS NULL }", TRAIL, True, JSON_EVENTS),
    Row("{ $.eventType IS NULL }", TRAIL, False, JSON_EVENTS),
    Row("{ $.missing IS NULL }", TRAIL, False, JSON_EVENTS),
    Row("{ $.ThisFlag IS TRUE }", TRAIL, True, JSON_EVENTS),
    Row("{ $.ThisFlag IS FALSE }", TRAIL, False, JSON_EVENTS),
    Row("{ $.ThatFlag IS FALSE }", TRAIL, True, JSON_EVENTS),
    Row("{ $.errorCode IS TRUE }", TRAIL, False, JSON_EVENTS),
    Row("{ $.SomeOtherObject NOT EXISTS }", TRAIL, True, JSON_EVENTS),
    Row("{ $.SomeObject NOT EXISTS }", TRAIL, False, f"{JSON_EVENTS}: null is a value"),
    Row("{ $.user.name.first NOT EXISTS }", USERS, True, JSON_EVENTS),
    Row("{ $.users[2] NOT EXISTS }", USERS, True, JSON_EVENTS),
    # numbers
    Row("{ $.bandwidth > 75 }", TRAIL, True, SYNTAX),
    Row("{ $.bandwidth > 80 }", TRAIL, False, SYNTAX),
    Row("{ $.bandwidth >= 80 }", TRAIL, True, SYNTAX),
    Row("{ $.latency < 50 }", TRAIL, True, SYNTAX),
    Row("{ $.latency <= 49.5 }", TRAIL, True, SYNTAX),
    Row("{ $.latency<=49 }", TRAIL, False, SYNTAX),
    Row("{ $.errorCode = 400}", TRAIL, True, SYNTAX),
    Row("{ $.errorCode = +400 }", TRAIL, True, f"{SYNTAX}: plus or minus symbols"),
    Row("{ $.errorCode != 500 }", TRAIL, True, SYNTAX),
    Row("{ $.errorCode = 4* }", TRAIL, True, f"{SYNTAX}: asterisk to match numbers"),
    Row("{ $.errorCode = 5* }", TRAIL, False, f"{SYNTAX}: asterisk to match numbers"),
    Row("{ $.number[0] = 1e-3 }", TRAIL, True, f"{SYNTAX}: scientific notation"),
    Row("{ $.number[0] != 1e+3 }", TRAIL, True, f"{SYNTAX}: scientific notation"),
    Row("{ $.eventType > 1 }", TRAIL, False, SYNTAX),
    Row("{ $.text-number = 400 }", TRAIL, True, SYNTAX),
    # regular expressions
    Row("{ $.eventType = %Trail% }", TRAIL, True, JSON_EVENTS),
    Row("{ $.eventType = %^Trail% }", TRAIL, False, REGEX),
    Row("{ $.eventType != %^Trail% }", TRAIL, True, REGEX),
    Row("{ $.eventType = %[Uu]pdate|Delete% }", TRAIL, True, REGEX),
    Row(r"{ $.eventType = %^\w+$% }", TRAIL, True, REGEX),
    Row(r"{ $.eventType = %\d% }", TRAIL, False, REGEX),
    # compound expressions
    Row(
        '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
        USERS,
        True,
        JSON_EVENTS,
    ),
    Row(
        f"{{ {STILES} || $.coordinates[0][1] = {NON} && $.actions[2] = {NON} }}",
        USERS,
        True,
        f"{JSON_EVENTS}: () > && > ||",
    ),
    Row(
        f"{{ ({STILES} || $.coordinates[0][1] = {NON}) && $.actions[2] = {NON} }}",
        USERS,
        False,
        f"{JSON_EVENTS}: () > && > ||",
    ),
    Row(
        f'{{ ($.user.id = 2 && $.users[0].email = {NON}) || $.actions[2] = "GET" }}',
        USERS,
        False,
        JSON_EVENTS,
    ),
    Row('{ $.x = 1 && $.y = 1 || $.actions[0] = "GET" }', USERS, True, JSON_EVENTS),
    Row("{ (($.user.id = 1)) }", USERS, True, JSON_EVENTS),
)

MALFORMED = (
    ("", JSON_EVENTS),
    ("ERROR", f"{JSON_EVENTS}: braces"),
    ("{ }", JSON_EVENTS),
    ('$.eventType = "x"', f"{JSON_EVENTS}: braces"),
    ('{ $.eventType = "x"', f"{JSON_EVENTS}: braces"),
    ('{ $.eventType = "x" } }', f"{JSON_EVENTS}: braces"),
    ('{ eventType = "x" }', f"{SYNTAX}: $. before a selector"),
    ('{ $eventType = "x" }', f"{SYNTAX}: $. before a selector"),
    ('{ $.event Type = "x" }', f"{SYNTAX}: alphanumeric selectors"),
    ('{ $.a..b = "x" }', SYNTAX),
    ('{ $.a[x] = "x" }', SYNTAX),
    ('{ $.a.[0] = "x" }', SYNTAX),
    ('{ $.a0["b"] = "x" }', SYNTAX),
    ("{ $.eventType = }", SYNTAX),
    ("{ $.eventType }", SYNTAX),
    ('{ $.eventType == "x" }', SYNTAX),
    ('{ $.eventType = "x }', SYNTAX),
    ('{ $.eventType = "x" && }', SYNTAX),
    ('{ $.eventType = "x" & $.a = 1 }', SYNTAX),
    ('{ $.eventType = "x" $.a = 1 }', SYNTAX),
    ('{ ($.eventType = "x" }', SYNTAX),
    ('{ $.eventType = "x") }', SYNTAX),
    ('{ $.eventType > "x" }', f"{SYNTAX}: numeric operators take numbers"),
    ("{ $.eventType <= 4* }", f"{SYNTAX}: numeric operators take numbers"),
    ("{ $.eventType = $.other }", SYNTAX),
    ("{ $.SomeObject IS NOT NULL }", f"{JSON_EVENTS}: IS NOT is not supported"),
    ("{ $.SomeObject EXISTS }", f"{JSON_EVENTS}: EXISTS is not supported"),
    ("{ $.SomeObject is null }", f"{SYNTAX}: patterns are case sensitive"),
    ("{ $.a = %something!% }", REGEX),
    ("{ $.a = %(a|b)% }", REGEX),
    ("{ $.a = %é% }", f"{REGEX}: no multi-byte characters"),
    ("{ $.a = %[a% }", REGEX),
    ("{ $.a = %x% && $.b = %x% && $.c = %x% }", f"{REGEX}: two in a pattern"),
    ("{ $.a.*.b.* = 1 }", f"{JSON_EVENTS}: one wildcard in a selector"),
    (
        "{ $.a.* = 1 || $.b.* = 1 || $.c.* = 1 || $.d.* = 1 }",
        f"{JSON_EVENTS}: three wildcard selectors in a pattern",
    ),
    (f'{{ $.a = "{"x" * 1024}" }}', f"{API}: 1,024 characters at most"),
    ("{ " + "(" * 300 + "$.a = 1" + ")" * 300 + " }", "Ours: so deep that no one means it"),
)
