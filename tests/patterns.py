"""Every regular expression of the project, found by listing, and the texts on which each takes longest.

`python tests/patterns.py [limit]` looks for the worst case of each of them and feeds it a megabyte of that; limit: how many
attacks on each are tried, 0 for all. tests/unit/test_linear.py says what must come of it.
"""

import ast
import importlib
import json
import pkgutil
import re
import re._constants as c
import re._parser as parser
import signal
import sys
import time
from collections.abc import Iterator
from itertools import islice, product
from math import inf, log2
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "workflow" / "baokan"
MEGABYTE = 1_000_000  # characters
CALLS = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "template")
# Functions of pandas that take a pattern as a string.
OF_TABLES = ("contains", "match", "fullmatch", "extract", "extractall", "findall", "count")


# --- which there are


def listed() -> list[tuple[str, str | bytes, int]]:
    """(module, pattern, flags) of everything that is compiled when the package is imported.

    Whatever holds it: a name, a class, a list, a bound method. Needs a process in which baokan is not imported yet.
    """
    found: dict[tuple[str, str | bytes, int], None] = {}
    compile_one = re._compile

    def recorded(pattern, flags):
        frame = sys._getframe(1)
        while Path(frame.f_code.co_filename).parent.name == "re" and frame.f_back:
            frame = frame.f_back
        if PACKAGE in Path(frame.f_code.co_filename).parents:
            text, flags_of = (pattern.pattern, pattern.flags) if isinstance(pattern, re.Pattern) else (pattern, flags)
            found[frame.f_globals["__name__"], text, int(flags_of)] = None
        return compile_one(pattern, flags)

    re._compile = recorded
    try:
        for module in pkgutil.walk_packages([str(PACKAGE)], "baokan."):
            importlib.import_module(module.name)
    finally:
        re._compile = compile_one
    return list(found)


def compiled_in_functions(source: str) -> list[str]:
    """The calls in functions of a module that compile a pattern, which importing it would not show, as "line 3: re.sub"."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            found.append(f"line {node.lineno}: from re import")
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for call in ast.walk(node):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            owner = call.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and call.func.attr in CALLS:
                found.append(f"line {call.lineno}: re.{call.func.attr}")
            plain = any(k.arg == "regex" and getattr(k.value, "value", None) is False for k in call.keywords)
            named = any(k.arg == "regex" for k in call.keywords)
            of_table = isinstance(owner, ast.Attribute) and owner.attr == "str" and call.func.attr in OF_TABLES
            if (of_table or named) and not plain:
                found.append(f"line {call.lineno}: {call.func.attr} of a table")
    return found


# --- on what they take longest

_SPACES, _OTHER = " \t\n\u3000", "\u2603"
_EXAMPLES = "3a国" + _SPACES + _OTHER


def _accepts(atom: tuple, char: str) -> bool:
    op, value = atom
    if op is c.LITERAL:
        return char == chr(value)
    if op is c.NOT_LITERAL:
        return char != chr(value)
    if op is c.ANY:
        return char != "\n"
    if op is c.RANGE:
        return value[0] <= ord(char) <= value[1]
    if op is c.CATEGORY:
        name = str(value).removeprefix("CATEGORY_").removeprefix("UNI_")
        positive = name.removeprefix("NOT_")
        test = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda x: x.isalnum() or x == "_"}[positive]
        return test(char) == (name == positive)
    negated = value[0][0] is c.NEGATE
    return any(_accepts(item, char) for item in value[negated:]) != negated


def _atoms(tree) -> Iterator[tuple]:
    for op, value in tree:
        if op in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            yield op, value
        for part in _parts(op, value):
            yield from _atoms(part)


def _parts(op, value) -> list:
    """The trees within a node."""
    if op is c.SUBPATTERN:
        return [value[3]]
    if op is c.BRANCH:
        return value[1]
    if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        return [value[2]]
    if op in (c.ASSERT, c.ASSERT_NOT):
        return [value[1]]
    return [value] if op is c.ATOMIC_GROUP else []


def _members(items: list) -> Iterator[str]:
    for op, value in items:
        if op in (c.LITERAL, c.NOT_LITERAL):
            yield chr(value)
        elif op is c.RANGE:
            yield from (chr(value[0]), chr(value[1]), chr(sum(value) // 2))


def _alphabet(tree) -> list[str]:
    """One character for each set of characters that the atoms of a pattern do not tell apart."""
    atoms = list(_atoms(tree))
    literals = [m for op, v in atoms for m in _members(v if op is c.IN else [(op, v)] if op is not c.ANY else [])]
    kinds: dict[tuple, str] = {}
    for char in dict.fromkeys([*_EXAMPLES, *literals]):
        kinds.setdefault(tuple(_accepts(atom, char) for atom in atoms), char)
    # Blanks are told apart by what follows the pattern, and matter most.
    return list(dict.fromkeys([*kinds.values(), " ", "\u3000"]))


def _shortest(tree, alphabet: list[str], branch: int = 0, more: int = 0) -> str:
    """A text that the tree matches, or nearly: looks ahead and behind are written out. branch: which alternative is
    taken; more: how often more than it must a repeat is taken."""
    written = []
    for op, value in tree:
        if op in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            written.append(next((x for x in [*alphabet, *_EXAMPLES] if _accepts((op, value), x)), ""))
        elif op is c.BRANCH:
            written.append(_shortest(value[1][branch % len(value[1])], alphabet, branch, more))
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            times = min(value[0] + more, value[1])
            written.append(_shortest(value[2], alphabet, branch, more) * times)
        elif op is not c.ASSERT_NOT:
            written += [_shortest(part, alphabet, branch, more) for part in _parts(op, value)]
    return "".join(written)


def _repeats(tree, alphabet: list[str], before: str = "") -> Iterator[tuple[str, object]]:
    """(a text that leads up to it, its body) of each repeat that has no small bound."""
    for op, value in tree:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT) and value[1] > 1:
            yield before, value[2]
        for part in _parts(op, value):
            yield from _repeats(part, alphabet, before)
        before += _shortest([(op, value)], alphabet)


def attacks(pattern: str | bytes, flags: int) -> Iterator[tuple[str, str, str]]:
    """(prefix, pump, suffix): texts prefix + n * pump + suffix that may take a pattern longest, made of its own parts: what
    it repeats, what leads up to that, pairs of characters that it tells apart."""
    tree = parser.parse(pattern, flags)
    alphabet, other = _alphabet(tree), _OTHER
    if isinstance(pattern, bytes):
        alphabet, other = [x for x in alphabet if ord(x) < 256], "\x01"
    repeats = dict(_repeats(tree, alphabet))
    wholes = [_shortest(tree, alphabet, branch, more) for branch in range(8) for more in (0, 1)]
    texts: dict[tuple[str, str, str], None] = {}

    def add(first: str, pump: str, lasts: tuple[str, ...] = ("", other)) -> None:
        texts.update(dict.fromkeys((first, pump, last) for last in lasts if pump))

    # A repeat that goes on and on; what leads up to it again and again.
    for lead, body in repeats.items():
        own = [x for x in alphabet if any(_accepts(a, x) for a in _atoms(body))][:MOST_MEMBERS]
        bodies = [_shortest(body, alphabet, branch, more) for branch in range(3) for more in (0, 1)]
        stop = next((x for x in alphabet if not any(_accepts(a, x) for a in _atoms(body))), other)
        for pump in dict.fromkeys([*own, *bodies]):
            add(lead, pump, tuple(dict.fromkeys([other, stop, ""])))
            add("", lead + pump, tuple(dict.fromkeys([stop, other])))
    for pump in (*alphabet, *wholes, *(w[:-1] for w in wholes), *(w + " " for w in wholes)):
        add("", pump)
        add(wholes[0][:-1], pump, (other,))
    members = [x for x in alphabet if any(_accepts(a, x) for body in repeats.values() for a in _atoms(body))]
    for pump in map("".join, product(members[:MOST_MEMBERS], repeat=2)):
        for lead in ("", *repeats):
            add(lead, pump, (other,))
    return iter(texts)


MOST_MEMBERS = 8  # of a class that are tried, of those that the pattern tells apart
HOPELESS = 0.5  # seconds that no pattern takes for a thousand characters unless it takes a power of their number


def worst(compiled: re.Pattern, limit: int = 0, size: int = 1000, looked_at: int = 3) -> dict:
    """The attack that takes `compiled` longest, and how its time grows.

    seconds: for a text of `size` characters. exponent: by which power of its length the time grows, the largest of the
    `looked_at` attacks that take longest; in texts eight times as long if it is in doubt, where bounded repeats have had
    their say. limit: of attacks that are tried, 0 for none.
    """
    timed = []
    for attack in islice(attacks(compiled.pattern, compiled.flags), limit or None):
        seconds = max(spent(compiled, attack, n, HOPELESS) for n in (40, size))
        if seconds >= HOPELESS:  # no need to wait for more
            return {"seconds": seconds, "attack": attack, "exponent": inf}
        timed.append((seconds, attack))
    timed.sort(key=lambda t: -t[0])
    steepest = {"seconds": timed[0][0], "attack": timed[0][1], "exponent": 0.0}
    for seconds, attack in timed[:looked_at]:
        growth = exponent(compiled, attack, size)
        if LINEAR < growth < 1.8:
            growth = exponent(compiled, attack, 8 * size)
        if growth > steepest["exponent"]:
            steepest = {"seconds": seconds, "attack": attack, "exponent": growth}
        if growth > LINEAR:
            break
    return steepest


LINEAR = 1.4  # an exponent up to here is that of a line and of noise; the next one is 2


def exponent(compiled: re.Pattern, attack: tuple[str, str, str], size: int) -> float:
    """By which power of its length the time for an attack of `size` characters grows."""
    short = min(spent(compiled, attack, size) for _ in range(3))
    # What takes so long the first time will take as long again.
    long = min(spent(compiled, attack, 4 * size) for _ in range(3 if short < 0.01 else 1))
    return log2(max(long, 1e-5) / max(short, 1e-5)) / 2


def text_of(attack: tuple[str, str, str], size: int) -> str:
    first, pump, last = attack
    return first + pump * max(1, (size - len(first) - len(last)) // len(pump)) + last


class _TooLong(Exception):
    pass


def _stop(*_):
    raise _TooLong


def spent(compiled: re.Pattern, attack: tuple, size: int, most: float = 4.0, whole: bool = True) -> float:
    """Seconds that all of `compiled`'s matches in a text take; `most` where they take longer."""
    text = text_of(attack, size)
    subject = text.encode("latin-1", "replace") if isinstance(compiled.pattern, bytes) else text
    before = time.thread_time()  # the clock of the process ticks while a timer of it is set
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        for _ in compiled.finditer(subject):
            pass
        if whole:
            compiled.fullmatch(subject)
    except _TooLong:
        return most
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - before


def main(limit: int = 0) -> None:
    """Prints, for each pattern, a line of JSON: what `worst` says, and the seconds for a megabyte of that attack."""
    for module, pattern, flags in listed():
        compiled = re.compile(pattern, flags)
        found = worst(compiled, limit)
        megabyte = inf
        if found["exponent"] < inf:
            # What takes so little for a tenth of it takes less than a minute for the whole, were it by the square.
            tenth = spent(compiled, found["attack"], MEGABYTE // 10, 60, whole=False)
            doubtful = 100 * tenth >= 60
            megabyte = spent(compiled, found["attack"], MEGABYTE, 60, whole=False) if doubtful else 10 * tenth
        print(json.dumps({"module": module, "pattern": repr(pattern), **found, "megabyte": megabyte}), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(PACKAGE.parent))
    main(*map(int, sys.argv[1:]))
