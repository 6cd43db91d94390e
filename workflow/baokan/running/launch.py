"""What `make` runs: one workflow at a time in this folder, taking up where a killed run left off.

python -m baokan.running.launch --corpus data/sample [--name n] [--cores n] [--configfile my.yaml]
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import yaml
from snakemake.utils import update_config

from baokan.config import results_name
from baokan.corpus.inventory import Inventory
from baokan.reading.dependence import not_read
from baokan.reporting.closing import LAUNCHED, closing_words
from baokan.running.locks import JOBS, RUN, hold


def snakemake(*arguments: str) -> list[str]:
    """The command that runs Snakemake in this program's Python."""
    return [sys.executable, "-m", "snakemake", *arguments]


def command(corpus: str, name: str, cores: str, configfile: str) -> list[str]:
    """The snakemake call for a corpus; empty texts mean the default."""
    settings = [f"corpus={corpus}"] if corpus else []
    settings += [f"name={name}"] if name else []
    call = snakemake("--cores", cores or "all")
    call += ["--configfile", configfile] if configfile else []
    return [*call, "--config", *settings] if settings else call


def results_folder(corpus: str, name: str, configfile: str) -> str:
    """Where the workflow puts the results of such a call: the files are merged as snakemake merges them."""
    config: dict = {}
    for path in ["config/config.yaml", *([configfile] if configfile else [])]:
        update_config(config, yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {})
    return f"results/{results_name(config | {k: v for k, v in (('corpus', corpus), ('name', name)) if v})}"


def not_taken_up(results: str, began: int) -> list[str]:
    """The rule or the files to be made anew because the results are of other files than the corpus has, or had when the run
    began, and Snakemake does not know: its records of what they were made of (.snakemake/metadata) are gone, as they are
    where results were copied from elsewhere. began: when it was called, in nanoseconds. If it found something to do, it has
    listed the corpus since, and what has changed after that is for the next run.
    """
    logs = Path(results) / "logs"
    listing = logs / "listing.json"
    try:
        corpus, ran = Inventory.read(listing), listing.stat().st_mtime_ns >= began
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not ran:
        return ["read"] if any(corpus.changes().values()) else []
    return [f"{results}/corpus/shards/{shard}/decoded.parquet" for shard in not_read(logs, corpus)]


def main() -> int:
    """Run the workflow as the arguments say; the exit code: Snakemake's, or 2 or 3 where it was not started."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("corpus", "name", "cores", "configfile"):
        parser.add_argument(f"--{option}", default="")
    arguments = parser.parse_args()
    if arguments.configfile and not Path(arguments.configfile).is_file():
        print(f"CONFIG={arguments.configfile}: there is no such file.", file=sys.stderr)
        return 2
    run = hold(RUN)
    if run is None:
        print("Another run is at work in this folder. Wait for it, or stop it first.", file=sys.stderr)
        return 3
    if run.problem:
        print(f"Note: {run.problem}.", file=sys.stderr)
    if (jobs := hold(JOBS)) is None:
        print("Waiting for the last jobs of a run that was killed ...", file=sys.stderr)
        jobs = hold(JOBS, wait=True)
    if jobs is not None:
        jobs.release()
    call = command(arguments.corpus, arguments.name, arguments.cores, arguments.configfile)
    # Whoever holds the lock is alone, so a lock of snakemake's own is left over from a run that was killed.
    locks = Path(".snakemake") / "locks"
    if not run.problem and locks.is_dir() and any(locks.iterdir()):
        subprocess.run([*call, "--unlock"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.time_ns()
    code = _run(call)
    if code:
        return code
    results = results_folder(arguments.corpus, arguments.name, arguments.configfile)
    if anew := not_taken_up(results, began):
        print("The corpus has changed, and Snakemake's records of the last run are gone: it is read again.", flush=True)
        code = _run([*call, "--forcerun", *anew])
    # The last words are said here: with nothing to do, snakemake would not say them.
    if code == 0:
        print(closing_words(results))
    return code


def _run(call: list[str]) -> int:
    """Snakemake's exit code."""
    process = subprocess.Popen(call, env=os.environ | {LAUNCHED: "1"})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # snakemake was interrupted too, and ends its jobs in order: keep the lock till then
            continue


if __name__ == "__main__":
    sys.exit(main())
