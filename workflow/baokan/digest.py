"""A hash over a rule's script and all of baokan that it imports, so that the rule re-runs when its code changes.

Snakemake sees a changed script, not the modules that it imports. Standard library only: every job parses the Snakefile.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
# What is done around a job (its log, its lock, its progress) changes no result: an edit of it re-runs nothing.
AROUND_JOBS = {"running.job"}
# Data that a module reads, if it names the file: lists of words, and catalogues of messages.
DATA = ("*.t[sx][vt]", "locale/*/LC_MESSAGES/*.po")


def code(script: str, *modules: str) -> str:
    """Sixteen hex digits over workflow/scripts/<script>.py and all of baokan's that it imports, and over `modules` (dotted,
    below baokan), which it imports by name where no reading of imports finds them.

    Raises FileNotFoundError if the script or a module does not exist.
    """
    path = PACKAGE.parent / "scripts" / f"{script}.py"
    return digest(*_named(path.read_text(encoding="utf-8")), *modules, extra=(path,))


def digest(*modules: str, extra: tuple[Path, ...] = ()) -> str:
    """Sixteen hex digits over the files that `covered` names, and those in `extra`.

    Raises FileNotFoundError if a module does not exist.
    """
    sha = hashlib.sha256()
    for path in covered(*modules):
        sha.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for path in extra:
        sha.update(Path(path).read_bytes() + b"\0")
    return sha.hexdigest()[:16]


def covered(*modules: str) -> list[Path]:
    """The sources of `modules`, what they import from baokan, directly or not, anywhere in their text (a lazy import inside a
    function counts), and the DATA beside them that they name; sorted."""
    found = set()
    for module in set().union(*(_closure(m) for m in modules)):
        path = _path(module)
        source = path.read_bytes()
        beside = [data for pattern in DATA for data in path.parent.glob(pattern) if data.name.encode() in source]
        found |= {path, *beside}
    return sorted(found)


def modules(package: str) -> list[str]:
    """The modules of a package of baokan's, sorted: for a stage that imports them by name."""
    return sorted(f"{package}.{path.stem}" for path in PACKAGE.joinpath(*package.split(".")).glob("[a-z]*.py"))


def notebook_modules(notebook: str | Path) -> list[str]:
    """The modules of baokan that the cells of a notebook import, sorted."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    lines = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code").split("\n")
    return sorted(_named("\n".join(line for line in lines if not line.startswith(("%", "!")))))  # magics are no Python


def _path(module: str) -> Path:
    stem = PACKAGE.joinpath(*module.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


def _closure(module: str) -> set[str]:
    found: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        if name not in found | AROUND_JOBS:
            found.add(name)
            todo.extend(_imports(name))
    return found


@cache
def _imports(module: str) -> tuple[str, ...]:
    names = _named(_path(module).read_text(encoding="utf-8"), module)
    above = module.rpartition(".")[0]  # the package that it stands in is run with it
    return tuple(sorted(names | {above} if above else names))


def _named(source: str, module: str = "") -> set[str]:
    """The modules of baokan, without that name before them, which `source`, that of `module`, imports."""
    names = []
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, [_anchor(module, node.level), node.module]))
            names += [origin, *(f"{origin}.{a.name}" for a in node.names)]
    below = {name.removeprefix("baokan.") for name in names if name.startswith("baokan.")}
    known = {name for name in below if _path(name).exists()}
    # What is imported from baokan itself and is no module stands in its __init__, such as the version.
    return known | {""} if below - known and "baokan" in names and _path("").exists() else known


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements below `tree`, however deep. An import is a statement; expressions, most of a tree, are left aside."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, block, [])
            todo.extend(below if isinstance(below, list) else [])  # the body of a lambda is an expression


def _anchor(module: str, level: int) -> str:
    """The package that `level` leading dots in an import of `module` stand for; "" for none."""
    if not level:
        return ""
    parts = ["baokan", *module.split(".")]
    return ".".join(parts[: len(parts) - level + (_path(module).name == "__init__.py")])
