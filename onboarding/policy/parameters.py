"""What a person may fill in when creating the role, and the only shapes it may have.

Each pattern is ASCII alone and means the same to Python, CloudFormation (Java) and Terraform (RE2).
"""

EXTERNAL_ID_PATTERN = "astro-[a-z2-7]{32}"
"""The only shape the portal makes: 20 random bytes in base32, in lower case."""

EXTERNAL_ID_LENGTH = len("astro-") + 32

EXTERNAL_ID_SHAPE = "The external ID is astro- and 32 letters and digits. Copy it from the portal."

BOUNDARY_PATTERN = "arn:aws:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,639}"
"""The ARN of a managed policy: a path of up to 512 characters and a name of up to 128."""

BOUNDARY_SHAPE = "Give the ARN of an IAM policy, or leave it empty."

OWN_TAGS = 3
"""How many tags of their own CloudFormation asks for. The other ways have a list."""

TAG_KEY_PATTERN = "[A-Za-z0-9 _.:/=+@-]{1,128}"
TAG_VALUE_PATTERN = "[A-Za-z0-9 _.:/=+@-]{0,256}"
"""IAM takes letters of every language; these are the ones that every tool passes on unchanged."""

RESERVED_TAG_KEYS = "(aws|astro):.*"
"""In any letter case: AWS keeps the first for itself, and the portal finds its role by the other."""

TAG_SHAPE = (
    "Tags have letters, digits, spaces and _ . : / = + - @; their keys begin neither with aws: "
    "nor with astro:."
)
