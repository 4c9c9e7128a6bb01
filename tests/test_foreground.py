"""What tests start heeds Ctrl-C, also where a shell has started the suite behind `&`."""

import signal
import subprocess

from foreground import foreground


def test_what_is_started_in_it_heeds_an_interrupt() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with foreground():
            started = subprocess.Popen(["sleep", "60"])
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    started.send_signal(signal.SIGINT)
    assert started.wait(30) == -signal.SIGINT
