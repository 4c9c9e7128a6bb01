"""Have the probe in a pytest that it understands; another one runs as if nothing were there.

For any Python and pytest there ever was: nothing of it may be newer. PYTEST_DONT_REWRITE
"""

import sys

from _pytest.config import Config

TYPE_CHECKING = False
if not TYPE_CHECKING and sys.version_info >= (3, 7) and hasattr(Config, "rootpath"):
    from runbook_probe import *  # noqa: F403
