#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the vectors of this directory: make.py [--example [log] | --check]

--example prints section 11 of docs/format.md, --example log section 9 of
docs/log.md; --check compares the files, and these sections, with what would be
written, and writes nothing.  README.md has the grammar.
"""
import sys

sys.dont_write_bytecode = True
import codes                                                    # noqa: E402
import example                                                  # noqa: E402
import logs                                                     # noqa: E402
import opening                                                  # noqa: E402
import primitives                                               # noqa: E402
import structure                                                # noqa: E402
import typed                                                    # noqa: E402
import whole                                                    # noqa: E402
from vector import HERE                                         # noqa: E402

FILES = dict(
    gf256=primitives.gf256, gf1024=primitives.gf1024, shamir=primitives.shamir,
    hkdf=primitives.hkdf, hmac=primitives.hmac, aesctr=primitives.aesctr,
    argon2id=primitives.argon2id, policy=structure.policy,
    header=structure.header, plain=structure.plain, seal=structure.seal,
    code=codes.code, share=codes.share, set=codes.set_codes, part=codes.parts,
    rows=typed.words, phrase=typed.phrase, cards=whole.cards,
    open=opening.opening, log=logs.log)
PAGES = {"format": example.text, "log": logs.example}


def check(files):
    """Names of what is not as it would be written."""
    for path, text in files.items():
        if not path.exists() or path.read_text() != text:
            yield path.name
    for name, text in PAGES.items():
        page = HERE.parents[1] / f"docs/{name}.md"
        if not page.read_text().endswith(text()):
            yield page.name


def main():
    if sys.argv[1:2] == ["--example"]:
        print(PAGES[(sys.argv[2:] or ["format"])[0]](), end="")
        return
    files = {HERE / f"{name}.txt": make().text()
             for name, make in FILES.items()}
    if sys.argv[1:] == ["--check"]:
        stale = list(check(files))
        if stale:
            sys.exit(f"make.py: not as written here: {' '.join(stale)}")
        return
    for path, text in files.items():
        path.write_text(text)


if __name__ == "__main__":
    main()
