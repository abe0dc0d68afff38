#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Schema and parser must agree on the shape of rule files: good ones, and changes of them.

Usage: check.py VERDICT (the program made of verdict.c), from the top of the tree. Of some 100,000
changed texts it takes 10,000, the same every time; EC_SCHEMA_ALL=1: all.
"""
import collections
import copy
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import zlib

import jsonschema

DATA = pathlib.Path("tests/data/rules")
POOL = [None, True, False, 0, 1, 3, -1, 31, 65536, 1.0, 1.5, 4294967296, "", "x", "0x", "0x0", "0x1", "0xfff", "hide", "0x1-0x2",
        "comment", "auto", "host", "AER", "NULL", "ext:0x1#2", "PM.PMCSR", [], {}, ["x"], [1], [[]], {"comment": "x"}]
NUMBERS = ["0", "1", "9", "10", "01", "255", "256", "1000", "65536", "99999", "100000", "16777216", "99999999", "100000000",
           "0x0", "0x00", "0x1", "0xF", "0x3f", "0x40", "0x90", "0xff", "0x100", "0x0990", "0xfff", "0x1000", "0x1001", "0x10000",
           "0xffffff", "0x1000000", "0x99999999", "0x00000000a0", "0x100000000", "-", "/"]
EXTRA = ["comment", "x", "name", "value", "mask", "w1c", "treatment", "AER", "std:0x1", "hide"]


def whole(validator, pattern, instance, _schema):
    """Patterns as ECMA has them: $ is the end, not the last newline."""
    if validator.is_type(instance, "string") and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match")


def load_schema():
    schema = json.loads(pathlib.Path("policy/schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": whole})(schema)


def nodes(value, path=()):
    """The paths to all values in a text, the text's own first."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from nodes(child, path + (key,))


@functools.cache
def words():
    """All words of the schema."""
    found = set()
    schema = json.loads(pathlib.Path("policy/schema.json").read_text())
    for path in nodes(schema):
        if len(path) > 1 and path[-2] == "enum" and isinstance(get(schema, path), str):
            found.add(get(schema, path))
    return sorted(found)


def get(text, path):
    for step in path:
        text = text[step]
    return text


def nudged(value):
    """Values that are nearly this one."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        yield from (value + 1, value - 1, value * 2, float(value), hex(int(value)) if value >= 0 else "-0x1", str(value))
    elif isinstance(value, str):
        yield from (value[1:], value[:-1], value + "0", "0" + value, value + " ", value + "\n", value.lower(), value.upper(),
                    value + "#1", value + "#0", "std:" + value, "ext:" + value, value.replace("0x", ""), value + "-" + value,
                    value + "/" + value, [value], [value, value])
        yield from words()
        if value[:1].isdigit():
            yield from NUMBERS
            if "-" in value or "/" in value:
                yield from (a + sep + b for a in NUMBERS for b in NUMBERS for sep in "-/")
    elif isinstance(value, list):
        yield from (value + value, value[:1], [value], value + [None])
        if value:
            yield value[0]


def renamed(where, key):
    """An object with other names for one key."""
    for name in (key + "x", key[:-1], key.upper(), key + "#1", "std:" + key, "ext:" + key, "comment"):
        yield {name if k == key else k: v for k, v in where.items()}


def mutations(text):
    """All texts that one small change makes of this one, as JSON."""
    for path in nodes(text):
        value = get(text, path)
        changed = POOL + list(nudged(value))
        if isinstance(value, dict):
            changed += [{**value, name: new} for name in EXTRA for new in ("hide", 1)]
            changed += [other for key in value for other in renamed(value, key)]
            changed += [{k: v for k, v in value.items() if k != key} for key in value]
        elif isinstance(value, list):
            changed += [value[:i] + value[i + 1:] for i in range(len(value))]
        if not path:
            yield from map(json.dumps, changed)
            continue
        other = copy.deepcopy(text)
        for new in changed:
            get(other, path[:-1])[path[-1]] = new
            yield json.dumps(other)


def texts_of(kind):
    return [(f"{kind}/{p.name}", json.loads(p.read_text("utf-8-sig"))) for p in sorted((DATA / kind).glob("*.json"))]


def main():
    validator = load_schema()
    bad = 0
    cases = {}
    for kind in ("good", "semantic", "bad"):
        for name, text in texts_of(kind):
            cases[json.dumps(text)] = name
            if validator.is_valid(text) != (kind != "bad"):
                bad += 1
                print(f"schema: {name} is {'wrong' if kind != 'bad' else 'right'}")
    for kind in ("good", "semantic"):
        for name, text in texts_of(kind):
            for other in mutations(text):
                if "EC_SCHEMA_ALL" in os.environ or zlib.crc32(other.encode()) % 10 == 0:
                    cases.setdefault(other, name)
    answers = subprocess.run([sys.argv[1]], input="\n".join(cases) + "\n", stdout=subprocess.PIPE, text=True, check=True)
    count = collections.Counter()
    for (text, name), answer in zip(cases.items(), answers.stdout.splitlines(), strict=True):
        verdict = answer.split("\t")
        count[verdict[0]] += 1
        if validator.is_valid(json.loads(text)) != (verdict[0] != "shape"):
            bad += 1
            print(f"of {name}: the schema says {'no' if verdict[0] != 'shape' else 'yes'}, the parser {verdict}: {text}")
    print(f"schema: {len(cases)} texts ({', '.join(f'{n} {what}' for what, n in sorted(count.items()))}), "
          f"{bad} that parser and schema differ on")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
