"""Prints, as JSON, what each rule of the workflow with a script depends on: run in the project's root, as snakemake reads it;
with --covered only what is behind its `code`, which is quicker.

{rule: {"script": its name, "code": modules behind its `code`, "imported": modules of baokan that the script's imports load}}
"""

import ast
import importlib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, "workflow")
from baokan import digest

# The `code` of a rule becomes the list of what is behind it.
digest.digest = lambda *modules, extra=(): " ".join(
    path.relative_to(digest.PACKAGE).as_posix() for path in digest.covered(*modules)
)


def rules():
    from snakemake.api import OutputSettings, ResourceSettings, SnakemakeApi

    with SnakemakeApi(OutputSettings()) as api:
        workflow = api.workflow(resource_settings=ResourceSettings(cores=1), snakefile=Path("Snakefile"))._workflow
        return {
            rule.name: (Path(rule.script).stem, dict(rule.params.items())) for rule in workflow.rules if rule.script
        }


def imported(script):
    """The modules of baokan that are loaded when the imports of a script, and nothing else of it, are run."""
    tree = ast.parse(Path(f"workflow/scripts/{script}.py").read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    back, front = os.pipe()
    if os.fork() == 0:
        before = set(sys.modules)
        exec(compile(tree, script, "exec"), {})
        names = sorted(n for n in set(sys.modules) - before if n.startswith("baokan."))
        os.write(front, json.dumps(names).encode())
        os._exit(0)
    os.close(front)
    with os.fdopen(back) as answer:
        return json.load(answer)


if __name__ == "__main__":
    found = rules()
    if "--covered" in sys.argv:
        print(json.dumps({name: {"code": about.get("code") or ""} for name, (_, about) in found.items()}))
        sys.exit()
    for name in [n for n in sys.modules if n.startswith("baokan")]:
        del sys.modules[name]
    for large in (
        "gensim",
        "jinja2",
        "matplotlib.figure",
        "pandas",
        "pyarrow.parquet",
        "scipy.stats",
        "sklearn.decomposition",
    ):
        importlib.import_module(large)  # once, not in each process
    print(json.dumps({n: {"script": s, "code": p.get("code"), "imported": imported(s)} for n, (s, p) in found.items()}))
