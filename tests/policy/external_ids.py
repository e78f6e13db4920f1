"""What may be filled in when creating the role, and values that must never get into a file."""

import re

VALID = "astro-abcdefghijklmnopqrstuvwxyz234567"
OTHER = "astro-" + "z2y3x4w5" * 4

HOSTILE = (
    "",
    "astro-",
    VALID[:-1],
    VALID + "a",
    VALID.upper(),
    "Astro-" + VALID[6:],
    VALID[:-1] + "1",
    VALID[:-1] + "\u0131",
    "astro-" + "\uff41" * 32,
    VALID + "\n",
    "\n" + VALID,
    VALID[:-1] + "\n",
    VALID + "\u200b",
    VALID + "\r\nBcc: someone@example.test",
    VALID + "; touch CANARY",
    VALID + "; touch CANARY;",
    "`touch CANARY`",
    "$(touch CANARY)",
    VALID + '"; touch CANARY; "',
    VALID + "'; touch CANARY; '",
    VALID + "' || touch CANARY || '",
    VALID + "\nJSON\ntouch CANARY\n",
    "${IFS}touch${IFS}CANARY",
    VALID + '"}},"Principal":{"AWS":"*"}',
    "astro-*",
    "*",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "!Ref AWS::AccountId",
    "${AWS::AccountId}",
    "-n",
    "\\",
    "%s%s%n",
    "http://169.254.169.254/latest/meta-data/",
)

HOSTILE_EVERYWHERE = tuple(value for value in HOSTILE if re.search("[^A-Za-z0-9_./:-]", value))
"""No external ID, and no ARN, tag key or tag value either."""

BOUNDARIES = (
    (
        "arn:aws:iam::210987654321:policy/Boundary",
        "arn:aws:iam::210987654321:policy/team/a+b=c,d.e@f_g",
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ),
    (
        "Boundary",
        "arn:aws:iam::210987654321:role/Boundary",
        "arn:aws:iam::210987654321:policy/",
        "arn:aws:iam::2109:policy/Boundary",
        "arn:aws:iam::210987654321:policy/a b",
        "arn:aws:iam::210987654321:policy/a\n",
        "arn:aws:iam::210987654321:policy/$(touch CANARY)",
        "arn:aws:iam::210987654321:policy/a;touch CANARY",
        "arn:aws:iam::210987654321:policy/b\u00e9",
        "arn:aws:iam::\u0662\u0661\u0660\u0669\u0668\u0667\u0666\u0665\u0664\u0663\u0662\u0661:policy/a",
        "arn:aws:iam::aws:policy/*",
        "--permissions-boundary",
    ),
)
"""ARNs of managed policies, and what is none."""
TAG_KEYS = (
    ("cost-center", "Owner", "team/x:y=z", "a b", "x" * 128),
    ("aws:owner", "AWS:owner", "astro:managed-by", "Astro:x", "a\tb", "caf\u00e9", "x" * 129),
)
TAG_VALUES = (
    ("42", "aws:owner", "platform@example.com", "x" * 256),
    ("a\tb", "caf\u00e9", "x" * 257, "a;b"),
)
