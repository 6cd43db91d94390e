"""Whether readers see in a topic what the model does: among words, or articles, of one topic stands one that is not of it.

After Chang, Boyd-Graber, Gerrish, Wang & Blei (2009), "Reading tea leaves: how humans interpret topic models", NIPS 22. A
topic whose intruder readers find holds together for them; one whose intruder they find no oftener than by chance does not,
whatever its coherence. Of that paper is the word intrusion; the article intrusion asks the same of a topic's articles.
"""
