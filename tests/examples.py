"""How many examples a property test tries, by profile: `pytest --hypothesis-profile=quick`."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

QUICK = 20
"""The most that `make quick` tries."""
TIMES = {"default": 1, "quick": 1, "thorough": 10}
"""How many times its usual number of examples a test tries."""


def register_profiles() -> None:
    """How long an example takes is no finding: the machine may have other things to do. Only
    `thorough` tries examples that differ from run to run, so that all see the same faults."""
    for name, times in TIMES.items():
        count = QUICK if name == "quick" else 100 * times
        again = name != "thorough"
        settings.register_profile(
            name, max_examples=count, deadline=None, derandomize=again, database=None
        )


def examples(count: int, **more: Any) -> settings:
    """The settings of a test that usually tries `count` examples, and what `more` it asks for."""
    profile = settings.get_current_profile_name()
    count *= TIMES.get(profile, 1)
    return settings(max_examples=min(count, QUICK) if profile == "quick" else count, **more)
