"""A hash over a module of baokan and all of baokan that it imports, so that a rule re-runs when its code changes."""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


def digest(*modules: str, extra: tuple[Path, ...] = ()) -> str:
    """Sixteen hex digits over the sources of `modules` (dotted, below baokan), what they import from baokan, directly
    or not, anywhere in their text (a lazy import inside a function counts), the data beside them that they name, and the
    files in `extra`.

    Raises FileNotFoundError if a module does not exist.
    """
    seen = sorted(set().union(*(_closure(m) for m in modules)))
    sha = hashlib.sha256()
    for module in seen:
        source = _path(module).read_bytes()
        sha.update(module.encode() + b"\0" + source + b"\0")
        for data in sorted(_path(module).parent.glob("*.t[sx][vt]")):
            if data.name.encode() in source:
                sha.update(data.name.encode() + b"\0" + data.read_bytes() + b"\0")
    for path in extra:
        sha.update(Path(path).read_bytes() + b"\0")
    return sha.hexdigest()[:16]


def _path(module: str) -> Path:
    stem = PACKAGE.joinpath(*module.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


def _closure(module: str) -> set[str]:
    found, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(_imports(name))
    return found


def _anchor(module: str, level: int) -> str:
    """The package that `level` leading dots in an import of `module` stand for; "" for none."""
    if not level:
        return ""
    parts = ["baokan", *module.split(".")]
    return ".".join(parts[: len(parts) - level + (_path(module).name == "__init__.py")])


@cache
def _imports(module: str) -> tuple[str, ...]:
    tree = ast.parse(_path(module).read_text(encoding="utf-8"))
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, [_anchor(module, node.level), node.module]))
            names += [origin] + [f"{origin}.{a.name}" for a in node.names]
    names.append(f"baokan.{module}".rpartition(".")[0])  # the package that it stands in is run with it
    below = [n.removeprefix("baokan.") for n in names if n.startswith("baokan.")]
    return tuple(sorted({n for n in below if _path(n).exists()}))


def modules(package: str) -> list[str]:
    """The modules of a package of baokan's, sorted: for a stage that imports them by name, which no reading of imports finds."""
    return sorted(f"{package}.{path.stem}" for path in PACKAGE.joinpath(*package.split(".")).glob("[a-z]*.py"))
