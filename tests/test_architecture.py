"""The two rules of the house, read from the source: imports go one way, printing has its place.

Beside them what follows from them: reading and writing, randomness and the clock have their
places, and what takes long to import is imported where it is used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("sanitation", "routes", "fleet")
FILES = [*(path for package in PACKAGES for path in ROOT.glob(f"{package}/**/*.py"))]
FILES.append(ROOT / "cli.py")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FILES
    if "_data" not in path.parts
}
HEAVY = frozenset(
    (
        *("pandas", "scipy", "numba", "osmnx", "pulp", "networkx", "matplotlib", "highspy"),
        *("shapely", "pyogrio", "xlsxwriter", "typst", "pikepdf", "segno"),
    )
)
# The search and the shortest paths are made of compiled kernels; nobody imports them at start.
KERNELS = ("routes.engine", "routes.paths")
PRINTERS = frozenset({"cli", "sanitation.console", "sanitation.__main__"})
READERS = (
    "sanitation.district",
    "sanitation.archive",
    "sanitation.export",
    "sanitation.tables",
    "sanitation.streets",
    "sanitation.audit.streets",
    "routes.osm",
    "routes.cache",
    "routes.files",
    "routes.instances",
)
CLOCKS = frozenset({"cli", "routes.stop"})
# The referee judges with nothing of what made the plan.
REFEREES = frozenset({"audit", "model", "places", "errors", "schema", "district"})
Rule = Callable[[str, ast.Module], Iterator[str]]


def inside(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in the tree, with its line; `from a import b` is a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def at_import(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Imports that run when the module is imported: none inside functions or TYPE_CHECKING."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield from imports(node)


def wrong_way(module: str, tree: ast.Module) -> Iterator[str]:
    """cli -> sanitation -> {routes, fleet}; model and the referee know even less."""
    top = module.partition(".")[0]
    forbidden = {
        "routes": {"fleet", "sanitation", "cli"},
        "fleet": {"routes", "sanitation", "cli"},
        "sanitation": set() if module == "sanitation.__main__" else {"cli"},
        "cli": {"fleet"},
    }[top]
    for name, line in imports(tree):
        head, _, rest = name.partition(".")
        if head in forbidden:
            yield f"{module}:{line} imports {name}"
        if (
            module == "sanitation.model"
            and head == "sanitation"
            and not inside(name, ("sanitation.places",))
        ):
            yield f"{module}:{line} imports {name}"
        ours = head == "sanitation" and rest.partition(".")[0] not in {"", *REFEREES}
        if inside(module, ("sanitation.audit",)) and (head == "routes" or ours):
            yield f"{module}:{line} imports {name}"
        if inside(module, ("sanitation.duties",)) and inside(
            name, ("routes", "sanitation.planner", "sanitation.workload", "sanitation.audit")
        ):
            yield f"{module}:{line} imports {name}"
        if head == "click":
            yield f"{module}:{line} imports click, which Typer no longer brings"


def prints(module: str, tree: ast.Module) -> Iterator[str]:
    """print, the standard streams, logging and Typer's echo."""
    if module in PRINTERS:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "input"):
            yield f"{module}:{node.lineno} {ast.unparse(node.func)}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) in (
            "sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"
        ):  # fmt: skip
            yield f"{module}:{node.lineno} {ast.unparse(node)}"
    for name, line in imports(tree):
        if name.partition(".")[0] in ("typer", "rich", "logging"):
            yield f"{module}:{line} imports {name}"


_FILE_CALLS = frozenset(
    (
        *("open", "read_text", "read_bytes", "write_text", "write_bytes", "fdopen", "savez"),
        *("mkdir", "makedirs", "unlink", "rmtree", "mkstemp", "mkdtemp"),
        *("NamedTemporaryFile", "TemporaryDirectory"),
    )
)


def touches_files(module: str, tree: ast.Module) -> Iterator[str]:
    """Calls that read or write files."""
    if inside(module, READERS):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        method = isinstance(node.func, ast.Attribute) and node.func.attr in _FILE_CALLS
        if method or called in ("open", "os.replace", "np.load", "ElementTree.parse"):
            yield f"{module}:{node.lineno} {called}"


def tells_time(module: str, tree: ast.Module) -> Iterator[str]:
    """The wall clock."""
    if module in CLOCKS:
        return
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in ("now", "utcnow", "today"):
            yield f"{module}:{called.lineno} {ast.unparse(called)}"
    for name, line in imports(tree):
        if name.partition(".")[0] == "time":
            yield f"{module}:{line} imports {name}"


def throws_dice(module: str, tree: ast.Module) -> Iterator[str]:
    """Random numbers without an explicit seed."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        seeded = called in ("random.Random", "np.random.default_rng") and node.args
        drawn = called.startswith(("random.", "np.random.", "secrets.", "uuid."))
        if (drawn and not seeded) or called in ("os.urandom", "hash", "id"):
            yield f"{module}:{node.lineno} {called}"


def loads_heavily(module: str, tree: ast.Module) -> Iterator[str]:
    """Libraries that take long, imported with the module."""
    if inside(module, KERNELS):
        return
    for name, line in at_import(tree):
        if name.partition(".")[0] in HEAVY:
            yield f"{module}:{line} imports {name}"


RULES: tuple[Rule, ...] = (
    wrong_way, prints, touches_files, tells_time, throws_dice, loads_heavily,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    """No module breaks the rule; the list says where one does."""
    broken = [
        fault
        for module, path in sorted(MODULES.items())
        for fault in rule(module, ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (wrong_way, "routes.paths", "def f():\n    from sanitation.model import Road"),
        (wrong_way, "routes.paths", "import fleet.model"),
        (wrong_way, "fleet.roster", "import routes"),
        (wrong_way, "sanitation.planner", "from cli import app"),
        (wrong_way, "cli", "from fleet.model import Driver"),
        (wrong_way, "cli", "import click"),
        (wrong_way, "sanitation.model", "from sanitation.errors import UsageError"),
        (wrong_way, "sanitation.audit.tank", "from sanitation.sections import build_sections"),
        (wrong_way, "sanitation.audit", "from sanitation import sections"),
        (wrong_way, "sanitation.audit.drive", "from routes.network import StreetNetwork"),
        (wrong_way, "sanitation.duties.washing", "from sanitation.workload import Workload"),
        (prints, "sanitation.planner", "print(1)"),
        (prints, "routes.solve", "import sys\nsys.stderr.write('x')"),
        (prints, "fleet.share", "import logging"),
        (touches_files, "sanitation.planner", "def f(p):\n    return p.read_text()"),
        (touches_files, "routes.network", "open('x')"),
        (touches_files, "fleet.costs", "import os\nos.replace('a', 'b')"),
        (tells_time, "sanitation.planner", "import datetime as dt\ndt.datetime.now()"),
        (tells_time, "routes.solve", "from time import monotonic"),
        (throws_dice, "fleet.moments", "import random\nrandom.Random()"),
        (throws_dice, "routes.solve", "import random\nrandom.shuffle([1])"),
        (loads_heavily, "sanitation.workload", "import pandas as pd"),
        (loads_heavily, "fleet.share", "try:\n    import pulp\nfinally:\n    pass"),
    ],
)
def test_each_rule_finds_its_offender(rule: Rule, module: str, source: str) -> None:
    """A rule that found nothing anywhere would be no rule."""
    assert len(list(rule(module, ast.parse(source)))) > 0


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (wrong_way, "cli", "from sanitation.model import Run\nfrom routes.stop import Interrupted"),
        (wrong_way, "sanitation.__main__", "from cli import app"),
        (prints, "cli", "print(1)"),
        (touches_files, "sanitation.export.files", "import os\nos.replace('a', 'b')"),
        (touches_files, "sanitation.planner", "'a'.replace('a', 'b')"),
        (tells_time, "routes.stop", "from time import monotonic"),
        (throws_dice, "fleet.moments", "import random\nrandom.Random(7)"),
        (loads_heavily, "fleet.share", "def f():\n    import pulp"),
        (loads_heavily, "routes.engine.kernel", "from numba import njit"),
    ],
)  # fmt: skip
def test_each_rule_lets_the_right_through(rule: Rule, module: str, source: str) -> None:
    """What the house allows is not held against it."""
    assert list(rule(module, ast.parse(source))) == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Following the imports that run at import never leads back."""
    needs = {
        module: {
            name
            for name, _ in at_import(ast.parse(path.read_text(encoding="utf-8")))
            if name in MODULES and name != module
        }
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def circle(module: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if module in way:
            return (*way[way.index(module) :], module)
        if module in done:
            return ()
        for other in sorted(needs[module]):
            if found := circle(other, (*way, module)):
                return found
        done.add(module)
        return ()

    circles = [found for module in sorted(MODULES) if (found := circle(module, ()))]
    assert circles == []
    assert "sanitation.archive" in needs["sanitation.planner"]


def test_files_are_short_enough_to_read() -> None:
    """At most 400 lines a file."""
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines())
        for module, path in MODULES.items()
    }
    assert {module: length for module, length in lengths.items() if length > 400} == {}
