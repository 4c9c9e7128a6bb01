"""The plans of others, which stand beside the repository where it is developed."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "plans"
SEED = SHARED / "phase_03.md"
PLANS = sorted(SHARED.glob("*/*.md"))

needs_plans = pytest.mark.skipif(not PLANS, reason=f"no plans in {SHARED}")
