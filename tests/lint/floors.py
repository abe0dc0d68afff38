#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a file may include, and that includes run in no circle.

HACKING.md's floors table says which folders a folder may include, headers.table which library headers a file may
include. A unit is a .c file and the .h file of its name. tsort(1) finds circles, of units and of folders.
Run from the top of the tree. Prints one line a fault.
"""
import os
import pathlib
import re
import subprocess
import sys

FOLDERS = ("mediator", "capabilities", "policy", "quirks", "tools")
ADAPTERS = ("mediator/host", "mediator/hypervisor")
faults = []


def read_floors():
    """{path prefix: (floor, [prefixes that it may include])} of HACKING.md's table, folders as the table names them."""
    rows = {}
    names = {}
    for line in pathlib.Path("HACKING.md").read_text().splitlines():
        cells = [cell.replace("`", "").strip() for cell in line.split("|")]
        if len(cells) < 6 or not cells[1].isdigit():
            continue
        for path in cells[2].split(", "):
            rows[path] = int(cells[1]), [name for name in cells[4].split(", ") if name]
            names[path.rstrip("/").removeprefix("mediator/")] = path
    for path, (floor, may) in rows.items():
        rows[path] = floor, [path] + [names.get(name, "mediator/" + name) for name in may]
    return rows


def read_headers():
    """[(path prefix, [library headers])]; sets are replaced by what they hold."""
    sets = {}
    rows = []
    for line in pathlib.Path("tests/lint/headers.table").read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        headers = [header for word in words[1:] for header in sets.get(word, [word])]
        if words[0].startswith("="):
            sets.setdefault(words[0], []).extend(headers)
        else:
            rows.append(("" if words[0] == "*" else words[0], headers))
    return rows


def row_of(rows, file):
    """The longest prefix in @rows that @file is under, or None."""
    return max((path for path in rows if file.startswith(path)), key=len, default=None)


def resolve(file, name):
    """The file of this tree that #include "@name" in @file means, or None."""
    for folder in (os.path.dirname(file), ".", "mediator"):
        path = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(path):
            return path
    return None


def adapter(file):
    """An adapter may be several files: LIBRARY_PART_*, told apart by folder and the first two words."""
    folder, name = os.path.split(file)
    return folder, os.path.splitext(name)[0].split("_")[:2]


def check_own(rows, file, target):
    """Floors, and what adapters must not do."""
    row, to = row_of(rows, file), row_of(rows, target)
    if not to:
        faults.append(f"{file}: \"{target}\" is on no floor of HACKING.md")
    elif not any(target.startswith(path) for path in rows[row][1]):
        faults.append(f"{file}: {row} (floor {rows[row][0]}) may not include {target} (floor {rows[to][0]})")
    elif os.path.dirname(file) in ADAPTERS and os.path.dirname(target) in ADAPTERS and adapter(file) != adapter(target):
        faults.append(f"{file}: an adapter includes another one, {target}")


def folder_of(rows, file):
    """The folder of @file; a file that has a row of its own, as mains have, is one."""
    row = row_of(rows, file)
    return os.path.dirname(file) if row.endswith("/") else row


def circles(what, pairs):
    """One fault for each circle that tsort finds in @pairs."""
    text = "".join(f"{a} {b}\n" for a, b in sorted(pairs) if a != b)
    errors = subprocess.run(["tsort"], input=text, capture_output=True, text=True, check=False).stderr
    for loop in errors.split("tsort: -: input contains a loop:\n")[1:]:
        faults.append(f"circle of {what}: {' '.join(line.removeprefix('tsort: ') for line in loop.splitlines())}")


def main():
    rows, libraries = read_floors(), read_headers()
    if not rows:
        sys.exit("floors: no table in HACKING.md")
    units, folders = set(), set()
    files = sorted(str(path) for top in FOLDERS for path in pathlib.Path(top).rglob("*.[ch]"))
    for file in files:
        if not row_of(rows, file):
            faults.append(f"{file}: on no floor of HACKING.md")
            continue
        allowed = {header for prefix, headers in libraries if file.startswith(prefix) for header in headers}
        for quote, name in re.findall(r'^#\s*include\s*([<"])([^>"]+)[>"]', pathlib.Path(file).read_text(), re.M):
            if quote == "<":
                if name not in allowed:
                    faults.append(f"{file}: <{name}> is not in headers.table for it")
                continue
            target = resolve(file, name)
            if not target:
                faults.append(f"{file}: no such header \"{name}\"")
                continue
            check_own(rows, file, target)
            if not row_of(rows, target):
                continue
            units.add((os.path.splitext(file)[0], os.path.splitext(target)[0]))
            folders.add((folder_of(rows, file), folder_of(rows, target)))
    circles("units", units)
    circles("folders", folders)
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
