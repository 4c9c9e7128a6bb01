"""A cluster of its own: made by initdb, served on loopback by postgres."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workspaces.testing.postgres.accounts import Account
from workspaces.testing.postgres.children import spawn
from workspaces.testing.postgres.errors import ServerError
from workspaces.testing.postgres.lifeline import Lifeline

HOST = "127.0.0.1"
START_LIMIT = 60.0  # seconds, for initdb and for each start of postgres
STOP_LIMIT = 6.0  # seconds; postgres itself gives its children 5
LOOK_EVERY = 0.01  # seconds
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    # The data is worth nothing after the run, so nothing is done for its safety.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # In files of the data folder, not in /dev/shm, where a killed server would leave it.
    "dynamic_shared_memory_type": "mmap",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """What is needed to run one: the programs, a folder to keep it in, and an account."""

    programs: Path
    folder: Path
    account: Account | None
    lifeline: Lifeline

    @property
    def data(self) -> Path:
        """The data folder, which belongs to the account."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What initdb and postgres had to say."""
        return self.folder / "log"


def free_ports(tries: int = 5) -> Iterator[int]:
    """Yield ports that were free a moment ago; somebody else may be faster, so try several."""
    for _ in range(tries):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port: int = probe.getsockname()[1]
        yield port


def initialise(cluster: Cluster) -> None:
    """Fill the data folder; raises ServerError with initdb's own words if it fails."""
    cluster.data.mkdir(mode=0o700)
    if cluster.account is not None:
        os.chown(cluster.data, cluster.account.uid, cluster.account.gid)
    command: list[str | Path] = [cluster.programs / "initdb", "--pgdata", cluster.data]
    command += ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    command += ["--no-sync", "--no-instructions"]
    with cluster.log.open("ab") as log:
        child = spawn(command, cluster.account, cluster.folder, log)
    deadline = time.monotonic() + START_LIMIT
    try:
        while child.poll() is None and time.monotonic() < deadline:
            cluster.lifeline.wait(LOOK_EVERY)
    finally:
        if child.poll() is None:
            # The whole group, because initdb runs postgres for the actual work.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if child.returncode != 0:
        raise ServerError(f"initdb failed:\n{_last_lines(cluster.log)}")


@contextmanager
def serve(cluster: Cluster, ports: Iterable[int]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield a running postgres with its URL, on the first of the ports that it gets.

    Connections are accepted from here on. It is stopped at once at the end. Raises ServerError
    if all ports were taken or postgres failed for another reason.
    """
    tried = []
    for port in ports:
        tried.append(port)
        cluster.log.unlink(missing_ok=True)
        command: list[str | Path] = [cluster.programs / "postgres", "-D", cluster.data]
        command += ["-p", str(port)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with cluster.log.open("ab") as log:
            child = spawn(command, cluster.account, cluster.folder, log)
        try:
            if _becomes_ready(cluster, child):
                yield child, f"postgresql+asyncpg://postgres@{HOST}:{port}/postgres"
                return
        finally:
            _stop(child)
        if "Address already in use" not in cluster.log.read_text(errors="replace"):
            raise ServerError(f"postgres did not start:\n{_last_lines(cluster.log)}")
    raise ServerError(f"all ports that were tried are in use: {', '.join(map(str, tried))}")


def _becomes_ready(cluster: Cluster, child: subprocess.Popen[bytes]) -> bool:
    """Wait until postgres says in its lock file that it is ready; False if it ends instead."""
    deadline = time.monotonic() + START_LIMIT
    while child.poll() is None and time.monotonic() < deadline:
        # pg_ctl waits for the same line. A connection would prove less: it might be answered by
        # another server that was faster to take the port.
        try:
            status = (cluster.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            status = []
        if len(status) > 7 and status[0] == str(child.pid) and status[7].strip() == "ready":
            return True
        cluster.lifeline.wait(LOOK_EVERY)
    return False


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGQUIT)
        try:
            child.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _last_lines(log: Path, count: int = 10) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
