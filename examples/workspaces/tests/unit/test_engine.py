"""The engine's state, as far as it can be seen without a database."""

from __future__ import annotations

import pytest

from workspaces.engine import close_db, init_db
from workspaces.errors import NotConfiguredError

URL = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"


def test_without_a_url_there_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(NotConfiguredError, match="set DATABASE_URL"):
        init_db()


async def test_an_argument_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://elsewhere/other")
    assert init_db(URL).url.database == "nothing"
    await close_db()


async def test_one_engine_until_it_is_closed() -> None:
    first = init_db(URL)
    assert init_db() is first
    await close_db()
    assert init_db(URL) is not first
    await close_db()
