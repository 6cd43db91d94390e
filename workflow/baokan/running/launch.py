"""What `make` runs: one workflow at a time in this folder, taking up where a killed run left off.

python -m baokan.running.launch --corpus data/sample [--name n] [--cores n] [--configfile my.yaml]
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import yaml
from snakemake.utils import update_config

from baokan.config import results_name
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
    # The last words are said here: with nothing to do, snakemake would not say them.
    process = subprocess.Popen(call, env=os.environ | {LAUNCHED: "1"})
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:  # snakemake was interrupted too, and ends its jobs in order: keep the lock till then
            continue
    if code == 0:
        print(closing_words(results_folder(arguments.corpus, arguments.name, arguments.configfile)))
    return code


if __name__ == "__main__":
    sys.exit(main())
