"""Tables of numbers as the rule `claims` tells them, for tests of what is made of tables in words."""

from baokan.claims.tables import TOLD


def in_words(tables, **more):
    """`tables` with those among them that are told put into words. more: tables that only some of them need, by name."""
    needed = tables | more
    return tables | {name: tell(needed) for name, tell in TOLD.items() if name in tables}
