"""How a run of pytest goes about its tests, so that what sways it from inside is seen.

Whatever a test imports runs in the same process and can replace anything of it. So what decides
over tests is taken down before any conftest or test is loaded, and looked at again at the end:
pytest's own functions, the hooks, and the code of each test. As the probe, this is for any pytest
from 7.0 on, under any Python from 3.7 on. PYTEST_DONT_REWRITE
"""

# ruff: noqa: PTH100, PTH113, PTH120

from __future__ import annotations

import dis
import os
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

HERE = os.path.dirname(__file__)
"""Where the probe itself is."""

INSTALLED = "installed:"
"""What the path of a file begins with that is not the project's."""

WATCHED = (
    "_pytest", "pytest", "pluggy", "builtins", "unittest", "math", "operator", "runbook_probe",
    "runbook_manner", "runbook_plugin",
)  # fmt: skip
"""The packages whose functions decide how a test ends, or say what it compares."""

HOOKS = (
    "pytest_runtest", "pytest_pyfunc_call", "pytest_collect", "pytest_pycollect", "pytest_ignore",
    "pytest_itemcollected", "pytest_generate", "pytest_report", "pytest_fixture", "pytest_make",
    "pytest_assert", "pytest_sessionfinish", "pytest_deselected", "pytest_exception",
)  # fmt: skip
"""How the names of hooks begin that have a say in how a test ends."""

MISSING = 8
"""Attributes that an object is given to see what it equals."""

MANY = 300
"""Tests up to which it is looked after each what classes it left."""


def own_functions() -> dict[str, tuple[Any, Any]]:
    """Return the functions of watched modules that are loaded, each with its code."""
    found: dict[str, tuple[Any, Any]] = {}

    def note(name: str, value: Any) -> None:
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if callable(function) or isinstance(value, property):
            found[name] = value, getattr(function, "__code__", None)

    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in WATCHED:
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, type) and value.__module__ == name:
                for inner, each in list(vars(value).items()):
                    if not inner.startswith("__annot"):
                        note(f"{name}.{key}.{inner}", each)
            if callable(value):
                note(f"{name}.{key}", value)
    return found


class Own:
    """Those functions as they are before any conftest or test could replace them."""

    __slots__ = ("functions", "modules")

    def __init__(self) -> None:
        self.modules = {name for name in sys.modules if name.partition(".")[0] in WATCHED}
        self.functions = own_functions()

    def replaced(self, root: str) -> list[str]:
        """Return the names of those that are others by now, or were not there.

        What an installed plugin has put there, as some do, says so.
        """
        now = own_functions()
        was = self.functions
        changed = [
            name
            for name, each in now.items()
            if name not in was or was[name][0] is not each[0] or was[name][1] is not each[1]
        ]
        changed += [name for name in was if name not in now]
        return sorted(
            f"{name} (installed)" if is_installed(now.get(name), root) else name
            for name in changed
            if self._looked_at(name)
        )

    def _looked_at(self, name: str) -> bool:
        module = name
        while module and module not in sys.modules:
            module = module.rpartition(".")[0]
        return module in self.modules


def is_installed(function: tuple[Any, Any] | None, root: str) -> bool:
    """Say whether the code of a function is of an installed package, not of the project."""
    path = getattr(function and function[1], "co_filename", "")
    return os.path.isfile(path) and ("site-packages" in path or not path.startswith(root))


class Watch:
    """One run under watch: what is registered, what tests are, and what equals everything."""

    def __init__(self, config: pytest.Config) -> None:
        self.root = str(config.rootpath) + os.sep
        self.plugins: dict[str, None] = {}
        self.codes: dict[Any, Any] = {}
        self.swapped: dict[str, None] = {}
        self.agreeable: dict[str, None] = {}
        self.known: set[int] = set()
        self.tests = 0

    def registered(self, plugin: Any) -> None:
        """Note a plugin, which may be gone by the end."""
        path = getattr(plugin, "__file__", None)
        if isinstance(path, str):
            if os.path.dirname(path) != HERE:
                self.plugins[f"plugin {relative(path, self.root)}"] = None
            return
        kind = type(plugin)
        home = sys.modules.get(kind.__module__)
        path = relative(getattr(home, "__file__", None) or "none", self.root)
        name = f"{kind.__module__}.{kind.__qualname__} {path}"
        if (kind.__module__, "execnet" in sys.modules) == ("__channelexec__", True):
            # What xdist sends to its workers.
            self.plugins[f"plugin {name[: -len('none')]}{INSTALLED}xdist/remote.py"] = None
        elif getattr(home, kind.__name__, None) is not kind:
            self.plugins[f"plugin of nowhere: {name}"] = None
        elif kind.__module__.partition(".")[0] not in ("_pytest", "runbook_probe", "xdist"):
            self.plugins[f"plugin {name}"] = None

    def collected(self, items: list[Any]) -> None:
        """Take down the code of each test, as it was collected."""
        for item in items:
            self.codes[item] = code_of(item)

    def look_at(self, item: Any) -> None:
        """Note a test whose code is not what was collected, and who watches over its lines."""
        code = self.codes.get(item)
        if "runtest" in vars(item) or (code is not None and code_of(item) is not code):
            self.swapped[item.nodeid] = None
        for name in ("settrace", "setprofile"):
            tracer = getattr(sys, name.replace("set", "get"))()
            if tracer is not None and self.is_of_project(tracer):
                self.swapped[f"sys.{name}"] = None

    def is_of_project(self, called: Any) -> bool:
        """Say whether what can be called is written in the project, or nowhere."""
        function = getattr(called, "__func__", called)
        code = getattr(function, "__code__", None)
        if code is not None:
            return not is_installed((function, code), self.root)
        home = sys.modules.get(type(called).__module__)
        return os.path.abspath(getattr(home, "__file__", None) or "").startswith(self.root)

    def put_elsewhere(self) -> list[str]:
        """Return the functions of the project that stand in modules of others which tests use."""
        used: dict[int, tuple[str, types.ModuleType]] = {}
        for item in self.codes:
            for value in list(vars(getattr(item, "module", None) or Nobody).values()):
                if isinstance(value, types.ModuleType) and not self.holds(value):
                    used[id(value)] = value.__name__, value
        found = []
        for name, module in list(used.values()):
            for key, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType) and self.is_of_project(value):
                    found.append(f"{name}.{key}")
        return sorted(found)

    def holds(self, module: types.ModuleType) -> bool:
        """Say whether a module is the project's."""
        path = getattr(module, "__file__", None)
        return path is None or os.path.abspath(path).startswith(self.root)

    def look_at_classes(self, *, last: bool = False) -> None:
        """Note the classes of the project an object of which equals everything."""
        self.tests += 1
        if not last and self.tests > MANY:
            return
        for each in classes():
            if id(each) not in self.known:
                self.known.add(id(each))
                if self.is_own(each) and equals_everything(each):
                    self.agreeable[f"{each.__module__}.{each.__qualname__}"] = None

    def is_own(self, each: type) -> bool:
        """Say whether a class is the project's, with an equality of Python."""
        path = getattr(sys.modules.get(each.__module__), "__file__", None)
        if isinstance(path, str) and not os.path.abspath(path).startswith(self.root):
            return False
        return not isinstance(equality(each), types.WrapperDescriptorType)

    def lines(self, config: pytest.Config) -> list[str]:
        """Return what the run was set up by: settings, plugins with their files, and hooks."""
        inipath = relative(str(config.inipath or "none"), self.root)
        options = repr(list(config.getini("addopts"))).replace(" ", "")
        for plugin in config.pluginmanager.get_plugins():
            self.registered(plugin)
        return sorted(
            {
                f"settings {inipath}",
                f"options {options} {inipath}",
                *self.plugins,
                *hooks(config, self.root),
                *finders(self.root),
            }
        )


def hooks(config: pytest.Config, root: str) -> Iterator[str]:
    """Name every function that a hook calls, and its file."""
    # Not `config.hook`: in versions of pytest before 9.1 that is a proxy, which holds functions.
    for name, caller in vars(config.pluginmanager.hook).items():
        if not name.startswith(HOOKS):
            continue
        if not hasattr(caller, "get_hookimpls"):
            # A plugin has put something of its own among them.
            called = getattr(caller, "__qualname__", type(caller).__name__)
            yield f"hook {name} {called.replace(' ', '')} replaced"
            continue
        for impl in caller.get_hookimpls():
            function = getattr(impl.function, "__func__", impl.function)
            code = getattr(function, "__code__", None)
            path = getattr(code, "co_filename", "")
            if os.path.dirname(path) != HERE:
                called = getattr(function, "__qualname__", type(function).__name__)
                yield f"hook {name} {called.replace(' ', '')} {relative(path or 'none', root)}"


def finders(root: str) -> Iterator[str]:
    """Name what imports modules and is the project's own."""
    for finder in sys.meta_path:
        kind = finder if isinstance(finder, type) else type(finder)
        path = getattr(sys.modules.get(kind.__module__), "__file__", None)
        if isinstance(path, str) and os.path.abspath(path).startswith(root):
            yield f"finder {kind.__module__}.{kind.__qualname__}"


def code_of(item: Any) -> Any:
    """Return the code that a test is of, `None` where there is none yet."""
    function = getattr(item, "_obj", None)
    function = getattr(function, "__func__", function)
    return getattr(function, "__code__", None)


def relative(path: str, root: str) -> str:
    """Return a path from the root where it is below it; what is installed is named by its end."""
    installed = path.startswith((sys.prefix + os.sep, sys.base_prefix + os.sep))
    if path.startswith(root) and not installed:
        return path[len(root) :].replace(os.sep, "/")
    if path.startswith(os.sep):
        return INSTALLED + "/".join(path.replace(os.sep, "/").rsplit("/", 2)[1:])
    return path


def classes() -> list[type]:
    """Return all classes that there are."""
    found: dict[int, type] = {}
    left: list[type] = [object]
    while left:
        each = left.pop()
        subs: list[type] = type.__subclasses__(each)
        for sub in subs:
            if id(sub) not in found:
                found[id(sub)] = sub
                left.append(sub)
    return list(found.values())


class Nobody:
    """Something that equals nothing but itself."""


SAMPLES: tuple[tuple[Any, ...], ...] = (
    (Nobody(), Nobody()),
    (7340033.5, 8460047.25),
    (7340033, 8460047),
    (1, 2, 3),
    ("qzkwvx", "wvxqzk"),
    ((7340033, "q"), (8460047, "w")),
    ([7340033, "q"], [8460047, "w"]),
)
"""Things of which no object equals all of a row."""


def equality(kind: type) -> Any:
    """Return what says of a class whether two of its objects are equal."""
    return next(vars(base)["__eq__"] for base in kind.__mro__ if "__eq__" in vars(base))


def equals_everything(kind: type) -> bool:
    """Say whether an object of a class equals something it never heard of, or any two numbers."""
    try:
        one: Any = blank(kind)
        if isinstance(one, type):
            one = type.__new__(kind, "One", (), {})
        fill = not looks_at_the_other(equality(kind))
        return any(agrees(one, some, fill=fill) for some in SAMPLES)
    except BaseException:  # whatever a project's own class does
        return False


def blank(kind: type) -> Any:
    """Return an object of a class that nothing of its own has made."""
    native = next(base for base in kind.__mro__ if not base.__flags__ & (1 << 9))
    make: Callable[..., Any] = native.__new__
    return type if native is type else make(kind)


def looks_at_the_other(function: Any) -> bool:
    """Say whether an equality reads what it compares with, as far as its code tells."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_argcount < 2:
        return True
    name = code.co_varnames[1]
    return name in code.co_cellvars or any(
        name in (each.argval if isinstance(each.argval, tuple) else (each.argval,))
        for each in dis.get_instructions(code)
        if each.opname.startswith("LOAD_FAST")
    )


def agrees(one: Any, others: tuple[Any, ...], *, fill: bool) -> bool:
    """Say whether something equals each of some others without any doubt, by either's word.

    What builds an expression answers with that, and otherwise for each, so there is a doubt.
    """
    answers = [answer(one, other, fill=fill) for other in others]
    if all(isinstance(each, int) for each in answers):
        return all(answers)
    plain = all(isinstance(each, (int, float, str, bytes)) for each in answers)
    return plain and all(answers) and len({repr(each) for each in answers}) == 1


def answer(one: Any, other: Any, *, fill: bool) -> Any:
    """Return what an equality says, `None` where it says nothing.

    With `fill`, whatever is asked of the first that it has not is true.
    """
    for _ in range(MISSING):
        try:
            return one == other
        except AttributeError as error:
            name = getattr(error, "name", None) or str(error).rpartition("attribute ")[2]
            if not fill:
                return None
            try:
                object.__setattr__(one, name.strip("'\""), True)
            except Exception:
                return None
        except Exception:
            return None
    return None
