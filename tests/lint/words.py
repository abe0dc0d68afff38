#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Refuses the uses of words that words.table lists, in comments and strings of C, documents, manuals and identifiers.

Run from the top of the tree; reads what git has. Prints FILE:LINE, the text and what to write instead.
"""
import pathlib
import re
import subprocess
import sys

TABLE = "tests/lint/words.table"
# A comment, a string, a character, or an identifier of C.
TOKEN = re.compile(r'(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*")|\'(?:\\.|[^\'\\\n])+\'|(?P<name>[A-Za-z_]\w*)', re.S)


def read_table():
    """[(where, compiled pattern, what instead)]; a space of a pattern matches what a comment has between two words."""
    rows = []
    for line in pathlib.Path(TABLE).read_text().splitlines():
        if line and not line.startswith("#"):
            where, pattern, instead = re.split(r"\t+", line)
            rows.append((where, re.compile(pattern.replace(" ", r"[\s*]+"), re.I), instead))
    return rows


def parts(path, text):
    """(kind, text, offset) of what a reader reads in @path."""
    if path.suffix not in (".c", ".h"):
        yield "text", text, 0
        return
    for token in TOKEN.finditer(text):
        if not token.lastgroup:
            continue
        part = token.group()
        skip = len(re.match(r"[/*\s]*", part).group()) if token.lastgroup == "comment" else 0
        yield token.lastgroup, part[skip:], token.start() + skip


def faults(path, rows):
    text = path.read_text(errors="replace")
    for kind, part, start in parts(path, text):
        for where, pattern, instead in rows:
            if where != kind and not (where == "text" and kind == "comment"):
                continue
            for hit in pattern.finditer(part):
                line = text.count("\n", 0, start + hit.start()) + 1
                yield line, f"{path}:{line}: \"{' '.join(hit.group().split())}\": {instead}"


def main():
    rows = read_table()
    names = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.md", "*.[1-8]"], stdout=subprocess.PIPE, text=True, check=True)
    wanted = [name for name in names.stdout.split("\n") if name and pathlib.Path(name).is_file()]
    wanted = [name for name in wanted if not sys.argv[1:] or name.startswith(tuple(sys.argv[1:]))]
    lines = [fault for name in wanted for _, fault in sorted(set(faults(pathlib.Path(name), rows)))]
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
