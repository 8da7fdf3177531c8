#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes Sources/NumberingPlan/Generated*.swift and the golden samples of its tests from the library's metadata.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

The same metadata always gives the same bytes. Both tables are automata over digits (packing.py says how a state is
written) behind entries of 16-bit words.

GeneratedTable, for numbers in international form:

* an entry per calling code: the code, its main country (0 when none), the word its first state begins at;
* a label: country (two letters of five bits, 0: the calling code's main one) << 5 | class << 1 | whether the class was
  found only after a national prefix was dropped.

GeneratedRegions, for digits dialled inside a region:

* an entry per region: country, calling code, the usual international prefix and the national prefix (four digits of
  four bits, F for none), shortest << 8 | longest possible national number, then the words the first states of the
  national reading, of the international prefix and of the emergency numbers begin at;
* two words per national reading: digits put in front (as above), then count << 12 | first << 8 of the dropped digits
  that follow those, leading digits dropped << 3, length verdict;
* a label: the number of a national reading; the digit count of an international prefix; 1 for an emergency number.
"""

import argparse
import collections
import pathlib

import phonenumbers

import nationalsample
import region
import sample
from callingcode import CLASSES, WORLD, automaton_of, regions_of
from packing import combined, laid_out, packed_country, packed_digits, write_table

REGION_ENTRY = 8


def label_word(label, main):
    country, kind, stripped = label
    own = 0 if country is None or country == main else packed_country(country)
    return own << 5 | CLASSES.index(kind) << 1 | int(stripped)


def calling_code_words():
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    parts = []
    for code in codes:
        part = automaton_of(code)
        part.labels = [label_word(label, regions_of(code)[0]) for label in part.labels]
        parts.append(part)
    whole, starts = combined(parts)
    states, offset_of = laid_out(whole, 3 * len(codes))
    words = []
    for code, start in zip(codes, starts):
        main = regions_of(code)[0]
        words += [code, 0 if main == WORLD else packed_country(main), offset_of[start]]
    return len(codes), words + states


def reading_words(reading):
    (dropped, literal, first, count), verdict = reading
    if dropped > 31 or max(first, count) > 15:
        raise SystemExit(f"{reading}: does not fit")
    return [packed_digits(literal), count << 12 | first << 8 | dropped << 3 | verdict]


def numbered(automata):
    """Replaces labels by numbers, the most frequent label's being 0; returns the labels in order."""
    frequency = collections.Counter(label for automaton in automata for label in automaton.labels)
    labels = sorted(frequency, key=lambda label: (-frequency[label], label))
    number_of = {label: number for number, label in enumerate(labels)}
    for automaton in automata:
        automaton.labels = [number_of[label] for label in automaton.labels]
    return labels


def region_words():
    names = sorted(phonenumbers.SUPPORTED_REGIONS)
    national = [region.national_of(name) for name in names]
    readings = numbered(national)
    parts = []
    for name, automaton in zip(names, national):
        parts += [automaton, region.international_prefix_of(name), region.emergency_of(name)]
    whole, starts = combined(parts)
    states, offset_of = laid_out(whole, REGION_ENTRY * len(names) + 2 * len(readings))
    words = []
    for number, name in enumerate(names):
        metadata = region.metadata_for(name)
        lengths = metadata.general_desc.possible_length
        words += [packed_country(name), metadata.country_code,
                  packed_digits(region.usual_international_prefix(name)), packed_digits(metadata.national_prefix or ""),
                  lengths[0] << 8 | lengths[-1], *[offset_of[start] for start in starts[3 * number:3 * number + 3]]]
    for reading in readings:
        words += reading_words(reading)
    return len(names), len(readings), words + states


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=root, help="the repository to write into")
    root = parser.parse_args().root
    sources = root / "Sources" / "NumberingPlan"
    code_count, words = calling_code_words()
    write_table(sources, "GeneratedTable", "The numbering table",
                [("metadataVersion", f'"libphonenumber {phonenumbers.__version__}"'), ("callingCodeCount", code_count)],
                words)
    region_count, reading_count, more = region_words()
    write_table(sources, "GeneratedRegions", "How numbers are dialled inside each region",
                [("regionCount", region_count), ("readingCount", reading_count)], more)
    fixtures = root / "Tests" / "NumberingPlanTests" / "Fixtures"
    fixtures.mkdir(parents=True, exist_ok=True)
    print(f"{phonenumbers.__version__}: {code_count} calling codes in {2 * len(words)} bytes,",
          f"{region_count} regions in {2 * len(more)} bytes,",
          sample.write(fixtures / "numbers.tsv"), "sample numbers,",
          nationalsample.write(fixtures / "national.tsv", fixtures / "regions.tsv"), "sample readings")


if __name__ == "__main__":
    main()
