"""Notebooks executed on a corpus's results, with nothing in them that changes from run to run."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(source: str | Path, target: str | Path, results: str) -> None:
    """Run the notebook `source` from the root of the project on the folder `results`, and write it to `target`.

    The notebook finds its folder in the environment variable BAOKAN_RESULTS and defaults to the sample. The kernel's
    messages, times and identifiers are left out, so that the same results give the same bytes. Raises
    nbclient's CellExecutionError, which quotes the cell, where the notebook fails.
    """
    notebook = nbformat.read(source, as_version=4)
    os.environ["BAOKAN_RESULTS"] = results
    # The notebook imports baokan as the workflow does, from its folder, without an installation.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        p for p in (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")) if p
    )
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # this environment's kernel, not one of the user's
    with tempfile.TemporaryDirectory(prefix="baokan-") as folder:
        os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = folder  # nor the user's profile and history
        client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": "."}})
        client.record_timing = False
        kernel = client.create_kernel_manager()
        if os.name == "posix":  # through files rather than ports: nothing else on the machine can listen
            kernel.transport, kernel.ip = "ipc", f"{folder}/kernel"
        client.execute()
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
