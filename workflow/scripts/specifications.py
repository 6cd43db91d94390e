import shutil
from functools import cache

from baokan.comparing.limits import Limits
from baokan.robustness.counting import Text, counted
from baokan.robustness.parts import no_part, read_part, write_part
from baokan.robustness.refits import Run, parts_of, saved_fits
from baokan.running.job import job
from baokan.tables import article_texts, read_articles, read_parquet
from baokan.topics.reported import ReportedModel
from baokan.topics.training import load_around, load_fits
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.tokens import read_tokens
from scipy import sparse

PART = ("table", "tried", "shares")
params, inputs = snakemake.params, snakemake.input


def computed(progress):
    """The part of these choices of words."""
    words, topics, discovered = params.words, params.topics, read_parquet(inputs.discovered)
    articles, model = read_articles(inputs.articles), ReportedModel.load(inputs.model)
    lists = word_lists(
        terms_in_force(words["terms"], discovered, words["discover"]), words["stopwords"], words, articles["source"]
    )
    tokens = cache(lambda: read_tokens(inputs.tokens, inputs.token_words, list(articles["article_id"])))
    text = Text(lists, discovered, tokens, lambda: article_texts(inputs.articles))
    chunks = read_parquet(inputs.chunks, columns=["article_id", "n_tokens"])
    own = counted(chunks, sparse.load_npz(inputs.counts), model.terms)

    def saved():
        check = load_fits(inputs.check[0]) if inputs.check else None
        return saved_fits(topics, model.k, *load_around(params.ks, inputs.models, model.k), check)

    run = Run(articles, model, own, saved, topics, Limits(**params.compare), params.seed)
    return parts_of(params.choices, run, text, words, progress)


with job(snakemake.log[0], f"specifications, words: {', '.join(params.choices).replace('_', ' ')}") as progress:
    made, paths = [inputs.get(f"made_{name}") for name in PART], [snakemake.output[name] for name in PART]
    # A curve that the ordinary run has computed is complete, and is not computed again.
    if all(made) and len(read_part(*made).tried):
        for source, target in zip(made, paths, strict=True):
            shutil.copyfile(source, target)
    elif params.scope == "all" or (params.scope == "auto" and len(read_parquet(inputs.candidates))):
        write_part(computed(progress), *paths)
    else:
        write_part(no_part(), *paths)
