"""Hold a command to some folders and files, then become it: Landlock, by the kernel's own calls.

A script for `python -I -S`, the standard library only: `confine.py PATH... -- COMMAND...`. A PATH
is a folder below which everything may be written, or a file that may be. With `--try` before them
nothing is run: it ends with 0 where a file that is not allowed really can't be made. What is
forbidden is the making, writing, renaming and removal of files; reading is free.

https://docs.kernel.org/userspace-api/landlock.html
"""

# ruff: noqa: PTH108, PTH112, PTH118

import ctypes
import os
import struct
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PR_SET_NO_NEW_PRIVS = 38
VERSION = 1
PATH_BENEATH = 1

WRITE_FILE, TRUNCATE, REFER = 1 << 1, 1 << 14, 1 << 13
OF_FOLDERS = sum(1 << bit for bit in range(4, 13))  # remove and make, of every kind

UNCONFINED = 97
"""The exit status where the kernel does not hold the command, which is not run then."""


def writes(abi: int) -> int:
    """The rights that an ABI knows, of those to change anything."""
    rights = WRITE_FILE | OF_FOLDERS
    if abi >= 2:
        rights |= REFER
    return rights | (TRUNCATE if abi >= 3 else 0)


def confine(paths: "list[str]") -> str:
    """Confine this process; returns why it is not, empty where it is."""
    libc = ctypes.CDLL(None, use_errno=True)
    call = libc.syscall
    call.restype = ctypes.c_long
    abi = call(ctypes.c_long(CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION))
    if abi < 1:
        return "the kernel has no Landlock"
    handled = writes(abi)
    attributes = struct.pack("=Q", handled)
    ruleset = call(
        ctypes.c_long(CREATE_RULESET),
        attributes,
        ctypes.c_size_t(len(attributes)),
        ctypes.c_uint32(0),
    )
    if ruleset < 0:
        return "Landlock made no rules"
    for path in paths:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        allowed = handled if os.path.isdir(path) else handled & (WRITE_FILE | TRUNCATE)
        rule = struct.pack("=Qi", allowed, opened)
        failed = call(
            ctypes.c_long(ADD_RULE),
            ctypes.c_int(ruleset),
            ctypes.c_int(PATH_BENEATH),
            rule,
            ctypes.c_uint32(0),
        )
        os.close(opened)
        if failed:
            return f"Landlock took no rule for {path}"
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if call(ctypes.c_long(RESTRICT_SELF), ctypes.c_int(ruleset), ctypes.c_uint32(0)):
        return "Landlock could not be put in force"
    return ""


def leaks(folder: str) -> bool:
    """Whether a file can be made where none may be."""
    name = os.path.join(folder, ".runbook-confined")
    try:
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError:
        return False
    os.unlink(name)
    return True


def main() -> None:
    """Confine, and become the command; or try it out."""
    arguments = sys.argv[1:]
    trying = arguments[:1] == ["--try"]
    outside = arguments[1] if trying else ""
    arguments = arguments[2:] if trying else arguments
    end = arguments.index("--")
    why = confine(arguments[:end])
    if trying:
        if not why and leaks(outside):
            why = "Landlock let a file be made that it should not"
        sys.stdout.write(why)
        sys.exit(UNCONFINED if why else 0)
    if why:
        sys.stderr.write(f"not confined: {why}\n")
        sys.exit(UNCONFINED)
    command = arguments[end + 1 :]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
