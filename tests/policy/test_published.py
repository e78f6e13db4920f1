"""Generated files are the same bytes for the same version, on every machine.

One entry a version. What was published never changes: after a change of the policies raise
`document.VERSION` and add an entry; `python -m tests.policy.test_published` prints it.
"""

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from onboarding.policy import cloudformation, document, shell, terraform

EDITION = document.shipped()
RECORDED: dict[int, dict[str, str]] = {
    1: {
        "permissions": "1dd1b7de6a561c9b4d4881d9f9a5b1fb6ba267ce1ab8171078ef1bd5b4c87d1c",
        "astro-role.yaml": "b2cb4307a4a5c0bb5608c758985e4ce838c37a898b58e26c04bff0a54cf2ec79",
        "create-astro-role.sh": "bfe0f21191c2ac9184b1b57d44f75eeb474b4b1c7cbdbcb46dfeae12f6d0e85e",
        "astro-role.tf": "eb75203d90e81db986fdf8c72ef7f47eb52885f3ca60bb1d7b3a697aded400f9",
    },
}


def files() -> dict[str, str]:
    """What everybody gets alike, by name. Without the external ID, which is not part of it."""
    return {
        cloudformation.FILE_NAME: cloudformation.template(EDITION),
        shell.FILE_NAME: shell.script(EDITION),
        terraform.FILE_NAME: terraform.module(EDITION),
    }


def digests() -> dict[str, str]:
    made = {name: sha256(text.encode("ascii")).hexdigest() for name, text in files().items()}
    return {"permissions": EDITION.checksum} | made


def test_the_newest_version_is_the_one_that_is_made() -> None:
    assert max(RECORDED) == EDITION.number


def test_what_is_made_is_what_was_recorded_for_its_version() -> None:
    assert digests() == RECORDED[EDITION.number]


@pytest.mark.parametrize("name", files())
def test_every_file_tells_version_and_checksum_in_its_heading(name: str) -> None:
    heading = [line for line in files()[name].split("\n\n")[0].splitlines() if line[:1] == "#"]
    assert f"# {EDITION.line}" in heading


def test_every_process_makes_the_same_bytes() -> None:
    for seed in ("1", "2"):
        again = subprocess.run(
            [
                sys.executable,
                "-c",
                "from tests.policy import test_published as t; print(t.digests())",
            ],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert again.stdout.strip() == str(digests())


def main() -> None:
    lines = "".join(f'        "{name}": "{digest}",\n' for name, digest in digests().items())
    sys.stdout.write(f"    {EDITION.number}: {{\n{lines}    }},\n")


if __name__ == "__main__":
    main()
