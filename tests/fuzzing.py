"""How much is tried of what is drawn at random: little in each run of the tests, other things each time; much by `make fuzz`."""

import os

THOROUGH = bool(os.environ.get("BAOKAN_FUZZ"))
EXAMPLES = 500 if THOROUGH else 30  # of a property, where its test says nothing else
FILES = 300 if THOROUGH else 20  # of a format and a kind of damage
