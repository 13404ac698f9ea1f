"""Every operation that the API's document describes, called by schemathesis with every check."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from desks import document
from serving import HOME, Child

SCHEMATHESIS = (sys.executable, "-m", "schemathesis.cli")
CHECKS = ("--checks", "all", "--exclude-checks", "use_after_free")
"""DELETE stops a job and keeps what it has found, so it is still there: the contract's wish."""
SCENARIOS = (
    "POST /api/v1/recommendations",
    "POST /api/v1/assessments",
    "POST /api/v1/tradeoffs/{name}",
    "POST /api/v1/comparisons",
    "PUT /api/v1/scenarios/{name}",
)
"""Operations that take a scenario."""

MEANT = (
    *SCENARIOS,
    "POST /api/v1/guests",
    "PUT /api/v1/desks/{desk}/decisions/{proposal}",
    "PUT /api/v1/desks/{desk}/locks/{proposal}",
    "PUT /api/v1/desks/{desk}/session",
    "POST /api/v1/desks/{desk}/agreements",
)
"""Operations whose bodies refer to something: a proposal, an option, a volume on the grid."""

CONFIG = f"""
hooks = "{HOME / "tests" / "fuzz_checks.py"}"
request-timeout = 40

[generation]
deterministic = true


[parameters]
"path.city" = "kota"
"path.desk" = "kota.PUPR"
"path.proposal" = "U-1"

# Whether the agencies of a scenario's proposals are in its tables, or a volume is on a proposal's
# grid, is no matter of form. So data of the right form may be answered with 422 there;
# fuzz_checks.py then looks at its reason.
[[operations]]
include-name = {list(MEANT)!r}
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "409", "422", "429"]

"""

SHORT = f"""
# Each of these alone has three thousand cases of coverage: for the soak.
[[operations]]
include-name = {list(SCENARIOS)!r}
phases.coverage.enabled = false
"""


def run(tmp_path, config, *words):
    """Let schemathesis loose on a child process that serves a small city of two desks."""
    file = tmp_path / "schemathesis.toml"
    file.write_text(config)
    with Child(f"sqlite:///{tmp_path / 'kayuh.db'}").ready() as child:
        assert child.call("PUT", "/scenarios/kota", document()).status == 200
        assert child.call("POST", "/cities", {"id": "kota", "scenario": "kota"}).status == 201
        opened = child.call("PUT", "/desks/kota.PUPR/session", {"state": "open"})
        assert opened.status == 200
        address = f"http://127.0.0.1:{child.port}/api/v1/openapi.json"
        found = subprocess.run(
            [*SCHEMATHESIS, "--config-file", str(file), "run", *CHECKS, *words, address],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=3000,
        )
        status, _, logged = child.end(signal.SIGTERM)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Skipped" not in found.stdout, found.stdout
    assert status == 0
    assert '"level": "ERROR"' not in logged, logged[-3000:]


def test_every_operation_keeps_to_its_description(tmp_path):
    run(tmp_path, CONFIG + SHORT, "--max-examples", "3")


@pytest.mark.soak
def test_every_operation_keeps_to_its_description_at_length(tmp_path):
    run(tmp_path, CONFIG, "--max-examples", "200")
