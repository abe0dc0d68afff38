#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every file, folder and ec_ name that a document names must exist, and every file that a comment of C names.

Run from the top of the tree; reads what git has. A path may be relative to the document, the top, mediator/ or tests/.
What the build makes is in build/. A comment that names a foreign tree is about that.
"""
import pathlib
import re
import subprocess
import sys

# Documents about the past, and about what Xen and Linux do.
SKIPPED = ("CHANGELOG.md", "NOTES.md")
# A path of sources or documents, with or without a folder, or a folder in backquotes; a name of the code.
PATHS = re.compile(r"(?<![\w/.*~$<-])[\w-]+(?:/[\w.-]+)*\.(?:c|h|sh|py|md|mk|asl|table|json|lspci|patch)\b(?!\.in)")
FOLDERS = re.compile(r"`([\w-]+(?:/[\w-]+)*/)`")
NAMES = re.compile(r"\bec_\w+[a-z0-9]\b(?!\*|_)")
COMMENT = re.compile(r"/\*.*?\*/|\"(?:\\\\.|[^\"\\\\\n])*\"", re.S)
SOURCES = re.compile(r"(?<![\w/.<}])[a-z][a-z0-9_]*(?:/[a-z0-9_]+)*\.[ch]\b")
FOREIGN = re.compile(r"Source|Linux|Xen|QEMU|pciutils|libxl|hvmloader")


def mentions(text):
    """(line, what is named) of the comments of C source @text."""
    for comment in COMMENT.finditer(text):
        if comment.group()[0] == "/" and not FOREIGN.search(comment.group()):
            for name in SOURCES.finditer(comment.group()):
                yield text.count("\n", 0, comment.start() + name.start()) + 1, name.group()


def exists(path, name, bare):
    tops = (path.parent, pathlib.Path("."), pathlib.Path("mediator"), pathlib.Path("tests"))
    return name in bare or name.startswith("build/") or any((top / name).exists() for top in tops)


def main():
    files = subprocess.run(["git", "ls-files"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    files = [pathlib.Path(name) for name in files if pathlib.Path(name).is_file()]
    # a bare file name is good if any folder has it
    bare = {path.name for path in files}
    code = {name for path in files if path.suffix in (".c", ".h") for name in NAMES.findall(path.read_text())}
    bad = []
    for doc in files:
        if doc.suffix in (".c", ".h"):
            bad += [(doc, n, name) for n, name in mentions(doc.read_text()) if not exists(doc, name, bare)]
        if doc.suffix != ".md" or doc.name in SKIPPED:
            continue
        for number, line in enumerate(doc.read_text().splitlines(), 1):
            named = [path for path in PATHS.findall(line) + FOLDERS.findall(line) if not exists(doc, path, bare)]
            named += [name for name in NAMES.findall(line) if name not in code]
            # NAME.c and cmd_X.c are any file
            bad += [(doc, number, name) for name in named if not re.search(r"NAME|_X\b", name)]
    for doc, number, name in bad:
        print(f"{doc}:{number}: there is no {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
