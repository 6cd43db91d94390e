"""What all rules share: the validated configuration, the corpus as it stands, and where results go.

Required: `config`. Defines: RESULTS, CORPUS, SHARDS, code(), the files of models, and helpers for inputs and params.
"""

from pathlib import Path

from snakemake.exceptions import WorkflowError

from baokan.config import configured_files, results_name, validated
from baokan.digest import code, modules, notebook_modules
from baokan.direction import shown
from baokan.errors import UserError
from baokan.reading.dependence import ocr_of_shard
from baokan.reading.formats import MODULES
from baokan.registry import NUMBERS, TABLES, path_of
from baokan.reporting import sections
from baokan.corpus.inventory import Inventory
from baokan.running.threads import single_threaded
from baokan.versions import installed_versions, ocr_versions

single_threaded()

try:
    config = validated(config)
    RESULTS = f"results/{results_name(config)}"
    LOGS = f"{RESULTS}/logs"
    LISTING = f"{LOGS}/listing.json"
    # The process that runs the workflow lists the corpus, once; jobs that read the workflow again, as on a cluster, take its listing.
    if workflow.is_main_process:
        CORPUS = Inventory.of(config["corpus"], config["shards"])
    else:
        CORPUS = Inventory.of_run(LISTING, config["corpus"], config["shards"])
except UserError as error:
    raise WorkflowError(shown(str(error))) from None

SHARDS = CORPUS.shards
MODELS = [f"{RESULTS}/topics/models/{config['topics']['engine']}_k{k}.npz" for k in sorted(config["topics"]["k"])]
# What may be divided among jobs is divided in two for a small corpus, which is computed faster than jobs start.
MOST_JOBS = 2 if CORPUS.n_bytes < 1_000_000 else 100
PARTS = range(min(4, MOST_JOBS, max(0, config["topics"]["chosen_seeds"] - config["topics"]["seeds"])))
LATER = [f"{RESULTS}/topics/models/chosen_{part}.npz" for part in PARTS]
CHECK = [f"{RESULTS}/topics/models/check.npz"] if config["topics"]["check_engine"] != "none" else []
# Of jobs that could begin, those on the longest way through the pipeline do; what stands beside it fills the gaps.
LONGEST_WAY = 1
ENGINE_MODULES = modules("topics.engines")
WORD_FILES = configured_files(config["words"])
VERSIONS = installed_versions()
OCR = ocr_versions()
READERS = [f"reading.formats.{module}" for module in sorted(set(MODULES.values()))]
READING_CODE = code("read", "reading.ocr.read", *READERS)
# Those that show grades or the specification curve come last; the others are drawn while the curve is computed.
EARLY, LATE = sections.figures(graded=False), sections.figures(graded=True)
WRITTEN = [name for name, table in TABLES.items() if table.csv]


def figure_modules(names):
    return [module for module in sections.modules("figure") if module.split(".")[2] in names]


def tables(*names):
    """Name and path of tables of the run (baokan.registry)."""
    return {name: f"{RESULTS}/{path_of(name)}" for name in names}


def numbers(*names):
    """The same for those who need no words: of a table in words the path of the numbers that it is made of."""
    return {name: f"{RESULTS}/{path_of(NUMBERS.get(name, name))}" for name in names}


def final_output():
    return [
        *rules.tables.output,
        *rules.figures.output,
        *rules.graded_figures.output,
        f"{RESULTS}/report.html",
        f"{RESULTS}/report.md",
        f"{RESULTS}/data/index.html",
        *rules.concordance.output,
        *rules.validation.output,
        *rules.exports.output,
        f"{RESULTS}/provenance.json",
        f"{RESULTS}/notebooks/explore.ipynb",
    ]


def compare_settings():
    """What all comparisons take of the configuration; which specifications are computed concerns none of them."""
    return {key: value for key, value in config["compare"].items() if key != "specifications"}


def shard_fingerprint(wildcards):
    return CORPUS.fingerprint(int(wildcards.shard))


def shard_ocr(wildcards):
    """OCR may be installed after a first run: the shards with pages that were left out then are read again."""
    else_on = [shard_fingerprint(wildcards), config["reading"], READING_CODE]
    return ocr_of_shard(Path(f"{LOGS}/read_{wildcards.shard}.ocr.json"), else_on, OCR)


def shard_corrections(wildcards):
    return CORPUS.corrections_of(int(wildcards.shard))


def divided(items, most):
    """`items` by turns in groups, `most` of them at most, by the group's name."""
    return {str(i + 1): items[i::most] for i in range(min(most, len(items)))}


def group_choices(wildcards):
    return GROUPS[wildcards.group]


def later_numbers(wildcards):
    """Numbers of the fits beyond those of the search that a part makes."""
    topics = config["topics"]
    return range(topics["seeds"] + int(wildcards.part), topics["chosen_seeds"], len(PARTS))


def closing_words(results):
    import os

    from baokan.reporting.closing import LAUNCHED, closing_words

    return "" if LAUNCHED in os.environ else closing_words(results)


def failure_words(results):
    return (
        f"\nThe run stopped. The lines above name the rule that failed and its log below {results}/logs; "
        "what was finished is kept, and the same command goes on from there.\n"
    )
