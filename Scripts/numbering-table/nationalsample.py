# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""What the library makes of digits dialled inside a region, in the gateway's words; and the tests' golden samples."""

import functools
import random

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult, phonenumberutil, re_util
from phonenumbers.phonemetadata import PhoneMetadata

import expansion
import sample

LENGTHS = {
    ValidationResult.IS_POSSIBLE: "possible", ValidationResult.TOO_SHORT: "too-short",
    ValidationResult.TOO_LONG: "too-long", ValidationResult.INVALID_LENGTH: "invalid",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "local-only",
}
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
# The longest number with symbols the gateway keeps.
LONGEST_DIALLED = 32


def metadata_of(region):
    return PhoneMetadata.metadata_for_region(region)


def international_prefix_count(region, digits):
    pattern = re_util.re_compile(metadata_of(region).international_prefix)
    stripped, rest = phonenumberutil._parse_prefix_as_idd(pattern, digits)
    return len(digits) - len(rest) if stripped else 0


def canonical(number):
    """`+` and digits when they are 7 to 15 that begin with no zero, else "-"."""
    return number if sample.is_dialable(number) and number[1] != "0" else "-"


def reading(region, digits):
    """(canonical number or "-", length verdict); for an international prefix the verdict is "international N"."""
    count = international_prefix_count(region, digits)
    if count:
        return canonical("+" + digits[count:]), f"international {count}"
    try:
        parsed = phonenumbers.parse(digits, region)
    except NumberParseException as error:
        return "-", "too-long" if error.error_type == NumberParseException.TOO_LONG else "too-short"
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return canonical(number), LENGTHS[phonenumbers.is_possible_number_with_reason(parsed)]


@functools.cache
def examples(region):
    found = {description.example_number for description in sample.descriptions(metadata_of(region))}
    return sorted(found - {None, ""})


@functools.cache
def international_prefixes(region):
    """Every digit string the region's pattern for international prefixes holds."""
    return expansion.every(metadata_of(region).international_prefix)


def is_allowed(digits):
    return 1 <= len(digits) <= LONGEST_DIALLED


def fixed(region):
    """Every example as it is dialled at home, and a foreign number behind every international prefix."""
    metadata = metadata_of(region)
    code = str(metadata.country_code)
    trunk = metadata.national_prefix or ""
    for number in examples(region):
        for prefix in ["", trunk, code, code + trunk, "0", "1", "0" + code, trunk + trunk]:
            yield prefix + number
        for cut in (1, 2, 3, 4):
            yield number[:-cut]
            yield number[cut:]
        for more in ("0", "12", "345"):
            yield number + more
            yield trunk + number + more
    foreign = phonenumbers.example_number("GB" if region != "GB" else "US")
    national = str(foreign.national_number)
    for prefix in international_prefixes(region):
        yield f"{prefix}{foreign.country_code}{national}"
        yield f"{prefix}{foreign.country_code}0{national}"
        yield f"{prefix}0{national}"
        yield prefix
        yield prefix[:-1] + national
    for count in range(1, 4):
        yield from (f"{value:0{count}}" for value in range(10 ** count))


@functools.cache
def _makers(region):
    metadata = metadata_of(region)
    patterns = [description.national_number_pattern
                for description in [metadata.general_desc, *sample.descriptions(metadata)]]
    prefixes = [metadata.national_prefix_for_parsing] if metadata.national_prefix_for_parsing else []
    return [expansion.maker(text) for text in patterns], [expansion.maker(text) for text in prefixes]


def _random_digits(region, choose):
    metadata = metadata_of(region)
    code = str(metadata.country_code)
    numbers, prefixes = _makers(region)
    shape = choose.random()
    if shape < 0.15:
        return "".join(choose.choices(expansion.DIGITS, k=choose.randint(1, 20)))
    number = choose.choice(numbers)(choose)
    if shape < 0.5:
        kept = choose.randint(0, len(number))
        length = max(0, len(number) + choose.choice([0, 0, 0, 0, -1, 1, -3, 2, 5]))
        number = number[:min(kept, length)] + "".join(choose.choices(expansion.DIGITS, k=max(0, length - kept)))
    front = ["", metadata.national_prefix or "", code, "0", "1", choose.choice(international_prefixes(region))]
    if prefixes:
        taken = choose.choice(prefixes)(choose)
        front += [taken, taken, code + taken, taken[:choose.randint(0, len(taken))]]
    if shape > 0.95:
        at = choose.randint(0, min(4, len(number)))
        number = number[:at] + choose.choice(["15", "0", "9", "183", "00", "11", code]) + number[at:]
    return choose.choice(front) + number


def random_dialled(seed):
    """An endless stream of (region, digits)."""
    choose = random.Random(seed)
    while True:
        region = choose.choice(REGIONS)
        digits = _random_digits(region, choose)
        if is_allowed(digits):
            yield region, digits


def emergency_numbers(region):
    short = PhoneMetadata.short_metadata_for_region(region)
    if short is None or short.emergency is None or not short.emergency.national_number_pattern:
        return []
    found = expansion.every(short.emergency.national_number_pattern)
    return [number for number in found if phonenumbers.is_emergency_number(number, region)]


def write(national, regions, size=3600):
    """Writes `region, digits, canonical, verdict` and `region, code, prefix, lengths, emergency numbers` lines."""
    chosen = set()
    for region in REGIONS:
        number = examples(region)[0]
        chosen |= {(region, (metadata_of(region).national_prefix or "") + number),
                   (region, f"{metadata_of(region).country_code}{number}"),
                   (region, international_prefixes(region)[0] + "442079460000")}
    stream = random_dialled(2026)
    while len(chosen) < size:
        chosen.add(next(stream))
    lines = ["\t".join((region.lower(), digits, *reading(region, digits))) for region, digits in sorted(chosen)]
    national.write_text("".join(line + "\n" for line in lines))
    facts = []
    for region in REGIONS:
        metadata = metadata_of(region)
        lengths = metadata.general_desc.possible_length
        facts.append("\t".join((region.lower(), str(metadata.country_code), metadata.national_prefix or "-",
                                f"{min(lengths)}-{max(lengths)}", " ".join(emergency_numbers(region)) or "-")))
    regions.write_text("".join(line + "\n" for line in facts))
    return len(lines)
