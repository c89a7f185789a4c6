"""Rules of this house that no linter knows. Each has its reason; each is tested on a fault.

`python -m tools.house_rules` reads the source as text and prints `file:line: what is wrong`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path("src/gentie")
DOORS = ("web", "cli", "jobs", "demo")
ESCAPE = "# built here: "

_WRITES = ("insert", "update", "delete")
_MAY_WRITE = ("storage", "ledger", "migrations")
_WRITING_SQL = re.compile(r"\s*(insert|update|delete|replace|merge)\b", re.IGNORECASE)
_ROUTES = ("post", "put", "patch", "delete")
_MUTATING = re.compile(r"POST|PUT|PATCH|DELETE")
_CLOCKS = re.compile(
    r"(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$"
)
_CHANCE = re.compile(r"(random\..*|secrets\..*|uuid\.uuid[14]|uuid[14]|os\.urandom|urandom)$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    path: Path
    """Inside the package, for example `comments/store.py`."""
    tree: ast.Module
    lines: list[str]
    acts: frozenset[str]
    """Dotted names of all modules that are acts."""

    @property
    def floor(self) -> str:
        return self.path.parts[0]

    @property
    def functions(self) -> dict[str, Function]:
        return {node.name: node for node in self.tree.body if isinstance(node, Function)}


class Fault(NamedTuple):
    line: int
    says: str


Rule = Callable[[Module], Iterator[Fault]]


def writes_only_in_stores(module: Module) -> Iterator[Fault]:
    """Statements that write live in a room's `store.py` (and in storage, ledger, migrations).

    Who reviews what can change must not have to read the doors, the rules and the acts as well.
    """
    if module.path.name == "store.py" or module.floor in _MAY_WRITE:
        return
    for call in _calls(module.tree):
        if _is_write(call):
            yield Fault(call.lineno, "a statement that writes belongs into a store.py")


def acts_ask_for_their_scope(module: Module) -> Iterator[Fault]:
    """A public function on `tx` in actions takes `acting` and `now` and requires its scope itself.

    Doors are not its only callers: a job or an importer must not get past the question. A module
    of an area without a function of its own name is no act but a part that acts share; doors do
    not get at it (`doors_hand_over_acts_only`).
    """
    if not is_act(module):
        return
    for name, function in module.functions.items():
        if not name.startswith("_") and _first(function) == "tx":
            yield from _faults_of_act(function, module)


def routes_name_their_act(module: Module) -> Iterator[Fault]:
    """A route that may change something hands over a function imported from `gentie.actions`.

    Otherwise a door would decide for itself, and no scope would be asked.
    """
    acts = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gentie.actions")
        for alias in node.names
    }
    for function in _functions(module.tree) if module.floor == "web" else ():
        if any(_is_mutating(one) for one in function.decorator_list):
            handed = {name for one in _reached(function, module) for name in _handed_over(one)}
            if not acts & handed:
                yield Fault(function.lineno, f"{function.name} changes things but names no act")


def doors_hand_over_acts_only(module: Module) -> Iterator[Fault]:
    """Functions that a door takes from `gentie.actions` come from a module that is an act.

    The parts that acts share ask for no scope: the act has done so before it calls them.
    """
    if module.floor not in (*DOORS, "main"):
        return
    for node in ast.walk(module.tree):
        source = getattr(node, "module", None) or ""
        if isinstance(node, ast.ImportFrom) and source.startswith("gentie.actions"):
            for name in (alias.name for alias in node.names if alias.name[0].islower()):
                if source not in module.acts:
                    yield Fault(node.lineno, f"{source}.{name} is no act, but a part of some")


def sql_text_is_constant(module: Module) -> Iterator[Fault]:
    """Nothing is put together inside `sa.text`: the next value comes from a stranger."""
    for call in _calls(module.tree):
        if _called(call) in {"text", "literal_column"} and call.args and _is_composed(call.args[0]):
            yield Fault(call.lineno, "SQL text is put together; bind a parameter")


def doors_leave_stores_alone(module: Module) -> Iterator[Fault]:
    """Doors import `model` and `queries` of a room, never `store` or `tables`.

    A door that writes has skipped the act with its scope, its leaf and its messages.
    """
    if module.floor not in DOORS:
        return
    for line, name in _imports(module.tree):
        parts = name.split(".")
        if parts[0] == "gentie" and {"store", "tables"} & set(parts[2:]):
            yield Fault(line, f"{name} is not for doors; go through an act or queries")


def time_and_chance_come_from_outside(module: Module) -> Iterator[Fault]:
    """Only `kernel.clock` reads the clock and only `kernel.chance` throws dice.

    A decision that can be repeated with the same facts and `now` can be explained in an appeal.
    """
    if module.floor == "kernel" and module.path.stem in {"clock", "chance"}:
        return
    for call in _calls(module.tree):
        name = ast.unparse(call.func)
        if _CLOCKS.search(name):
            yield Fault(call.lineno, f"{name}: take `now` as an argument")
        elif _CHANCE.match(name):
            yield Fault(call.lineno, f"{name}: use gentie.kernel.chance")
    for line, name in _imports(module.tree):
        if name.split(".")[0] in {"random", "secrets"}:
            yield Fault(line, f"{name}: use gentie.kernel.chance")


def statements_are_built_once(module: Module) -> Iterator[Fault]:
    """In `store` and `queries` statements are module-level values: building costs 4x running.

    Where that cannot be, the line says why: `# built here: one for each order, at import`.
    """
    if module.path.name not in {"store.py", "queries.py"}:
        return
    for function in _functions(module.tree):
        for call in _calls(function):
            builds = _is_write(call) or ast.unparse(call.func) in {"sa.select", "select"}
            if builds and not _escaped(call, module):
                yield Fault(call.lineno, "a statement is built at each call; make it a constant")


RULES: tuple[Rule, ...] = (
    writes_only_in_stores,
    acts_ask_for_their_scope,
    routes_name_their_act,
    doors_hand_over_acts_only,
    sql_text_is_constant,
    doors_leave_stores_alone,
    time_and_chance_come_from_outside,
    statements_are_built_once,
)


def faults_of(path: Path, source: str, *, acts: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """What is wrong with one module. `path` is inside the package; `acts` are all of its acts."""
    module = _module(path, source, acts)
    for rule in RULES:
        yield from rule(module)


def is_act(module: Module) -> bool:
    """Whether it is `actions/<area>/<verb>.py` with a function of that name."""
    return module.floor == "actions" and module.path.stem in module.functions


def faults_of_rooms(pyproject: str, folders: set[str]) -> Iterator[str]:
    """Rooms that are there and rooms held to the order inside a room are the same.

    import-linter refuses a container that is missing, and silently skips one that is not listed.
    """
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    floors = next(one["layers"] for one in contracts if one["name"].startswith("Floors"))
    inside = next(one["containers"] for one in contracts if one["name"] == "Inside a room")
    row = next(layer for layer in floors if "(accounts)" in layer)
    there = {name.strip(" ()") for name in row.split("|")} & folders
    listed = {name.removeprefix("gentie.") for name in inside}
    for room in sorted(there - listed):
        yield f"pyproject.toml: gentie.{room} is missing from the contract `Inside a room`"
    for room in sorted(listed - there):
        yield f"pyproject.toml: there is no room gentie.{room}"


def main() -> int:
    sources = {
        path.relative_to(PACKAGE): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    acts = acts_in(sources)
    said = [
        f"{PACKAGE / path}:{fault.line}: {fault.says}"
        for path, source in sources.items()
        for fault in faults_of(path, source, acts=acts)
    ]
    folders = {one.parent.name for one in PACKAGE.glob("*/__init__.py")}
    said += faults_of_rooms(Path("pyproject.toml").read_text(encoding="utf-8"), folders)
    print(*said, sep="\n", end="\n" if said else "")
    return bool(said)


def acts_in(sources: Mapping[Path, str]) -> frozenset[str]:
    """Dotted names of the modules that are acts."""
    return frozenset(
        ".".join(("gentie", *path.with_suffix("").parts))
        for path, source in sources.items()
        if path.parts[0] == "actions" and is_act(_module(path, source, frozenset()))
    )


def _module(path: Path, source: str, acts: frozenset[str]) -> Module:
    return Module(path, ast.parse(source), source.splitlines(), acts)


def _faults_of_act(function: Function, module: Module) -> Iterator[Fault]:
    keywords = {one.arg: one.annotation for one in function.args.kwonlyargs}
    for name, kind in (("acting", "Actor"), ("now", "datetime")):
        annotation = keywords.get(name)
        if annotation is None or ast.unparse(annotation) != kind:
            yield Fault(function.lineno, f"{function.name} takes no keyword-only `{name}: {kind}`")
    if not any(_requires(one) for one in _reached(function, module)):
        yield Fault(function.lineno, f'{function.name} never calls acting.require("a scope")')


def _requires(function: Function) -> bool:
    return any(
        ast.unparse(call.func) == "acting.require"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        for call in _calls(function)
    )


def _reached(function: Function, module: Module) -> list[Function]:
    """The function and those of the same module that it calls or hands over, at any depth."""
    reached, waiting = [], [function]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.append(one)
            names = {node.id for node in ast.walk(one) if isinstance(node, ast.Name)}
            waiting += [other for name, other in module.functions.items() if name in names]
    return reached


def _handed_over(function: Function) -> set[str]:
    """Names inside the arguments of calls: `db.act(partial(name, ...))`."""
    arguments = [
        one
        for call in _calls(function)
        for one in (*call.args, *(keyword.value for keyword in call.keywords))
    ]
    return {node.id for one in arguments for node in ast.walk(one) if isinstance(node, ast.Name)}


def _is_write(call: ast.Call) -> bool:
    """`table.insert()`, `sa.insert(table)`, or a writing text. `rows.insert(0, x)` is none."""
    name = _called(call)
    if name in {"text", "exec_driver_sql"} and call.args:
        return bool(_WRITING_SQL.match(_text_of(call.args[0])))
    if name not in _WRITES:
        return False
    owner = ast.unparse(call.func).rpartition(".")[0]
    return owner in {"sa", "sqlalchemy", "sqlite", "postgresql"} or not (call.args or call.keywords)


def _text_of(node: ast.expr) -> str:
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return str(first.value) if isinstance(first, ast.Constant) else ""


def _is_composed(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) in {"format", "join", "replace"}
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def _is_mutating(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    name = _called(decorator)
    return name in _ROUTES or (name == "route" and bool(_MUTATING.search(ast.unparse(decorator))))


def _escaped(call: ast.Call, module: Module) -> bool:
    """Whether a reason stands on a line of the call, or is the line before it."""
    before, own = (
        module.lines[: call.lineno - 1][-1:],
        module.lines[call.lineno - 1 : call.end_lineno],
    )
    near = [*own, *(line for line in before if line.lstrip().startswith("#"))]
    return any(ESCAPE in line and line.split(ESCAPE, 1)[1].strip() for line in near)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def _first(function: Function) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


if __name__ == "__main__":
    sys.exit(main())
