import shutil

from baokan.comparing.limits import Limits
from baokan.robustness.inputs import read_run
from baokan.robustness.parts import no_part, read_part, write_part
from baokan.robustness.refits import parts_of
from baokan.running.job import job
from baokan.tables import read_parquet

with job(
    snakemake.log[0], f"specifications, words: {', '.join(snakemake.params.choices).replace('_', ' ')}"
) as progress:
    params, inputs, files = snakemake.params, snakemake.input, ("table", "tried", "shares")
    made, paths = [inputs.get(f"made_{name}") for name in files], [snakemake.output[name] for name in files]
    # A curve that the ordinary run has computed is complete, and is not computed again.
    if all(made) and len(read_part(*made).tried):
        for source, target in zip(made, paths, strict=True):
            shutil.copyfile(source, target)
    elif params.scope == "all" or (params.scope == "auto" and len(read_parquet(inputs.candidates))):
        limits = Limits(**params.compare)
        run, text = read_run(dict(inputs.items()), params.ks, params.words, params.topics, limits, params.seed)
        write_part(parts_of(params.choices, run, text, params.words, progress), *paths)
    else:
        write_part(no_part(), *paths)
