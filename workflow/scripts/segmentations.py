import json
from pathlib import Path

import numpy as np
from baokan.job import job
from baokan.tables import article_texts, read_articles, read_parquet
from baokan.topics.segmentations import segmentations, wanted
from baokan.words.inforce import terms_in_force, word_lists

with job(snakemake.log[0], "other segmentations"):
    config, inputs = snakemake.params.config, snakemake.input
    words, articles = config["words"], read_articles(inputs.articles)
    terms = terms_in_force(words["terms"], read_parquet(inputs.discovered), words["discover"])
    lists = word_lists(terms, words["stopwords"], words, articles["source"])
    names = wanted(read_parquet(inputs.engines), read_parquet(inputs.changed), words["engine"])
    k = json.loads(Path(inputs.choice).read_text())["k"]
    found = segmentations(lambda: article_texts(inputs.articles), articles, lists, names, config, k)
    np.savez_compressed(snakemake.output[0], **found)
