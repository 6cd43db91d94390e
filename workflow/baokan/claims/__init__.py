"""Claims: the tables of comparisons in words, in every language that there is a catalogue of. No number is made here."""
