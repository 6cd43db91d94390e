"""What all rules share: the validated configuration, the corpus as it stands, and where results go.

Required: `config`. Defines: RESULTS, CORPUS, SHARDS, code(), and helpers for inputs and params.
"""

import os

from snakemake.exceptions import WorkflowError

from baokan.config import ConfigError, results_name, validated
from baokan.corpus import CorpusError
from baokan.digest import digest as code
from baokan.inventory import Inventory
from baokan.versions import installed_versions

# One thread per fit: with more, sums depend on the order in which threads finish, and results on the machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["PYTHONHASHSEED"] = "0"
os.environ["MPLBACKEND"] = "agg"

try:
    config = validated(config)
    CORPUS = Inventory.of(config["corpus"], config["shards"])
except (ConfigError, CorpusError) as error:
    raise WorkflowError(str(error)) from None

RESULTS = f"results/{results_name(config)}"
LOGS = f"{RESULTS}/logs"
SHARDS = CORPUS.shards
MODELS = [f"{RESULTS}/topics/models/{config['topics']['engine']}_k{k}.npz" for k in sorted(config["topics"]["k"])]
CHECK = [f"{RESULTS}/topics/check.parquet"] if config["topics"]["check_engine"] != "none" else []
VERSIONS = installed_versions()
FIGURES = ["shares", "issues", "contrasts", "search", "words"]


def final_output():
    return [
        *rules.tables.output,
        *rules.figures.output,
        f"{RESULTS}/report.html",
        f"{RESULTS}/report.md",
        f"{RESULTS}/provenance.json",
        f"{RESULTS}/notebooks/explore.ipynb",
    ]


def shard_fingerprint(wildcards):
    return CORPUS.fingerprint(int(wildcards.shard))


def closing_words(results):
    from baokan.closing import closing_words

    return closing_words(results)


def failure_words(results):
    return (
        f"\nThe run stopped. The lines above name the rule that failed and its log below {results}/logs; "
        "what was finished is kept, and the same command goes on from there.\n"
    )
