#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: wordlist-table.py WORDLIST > INCLUDE

The list of words as the initialisers of a C array: each word's letters as
one big-endian integer of 64 bits, zeros behind the last letter.
"""
import sys

with open(sys.argv[1], encoding="ascii") as lines:
    for word in lines.read().split():
        letters = word.encode().ljust(8, b"\0").hex()
        print(f"UINT64_C(0x{letters}),\t/* {word} */")
