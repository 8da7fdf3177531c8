# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""What the library says of a number, in the gateway's words; and the golden sample of the tests."""

import random

import phonenumbers
from phonenumbers import PhoneNumberType, re_util
from phonenumbers.phonemetadata import PhoneMetadata

import expansion

re_util.enable_pattern_cache()
WORLD = "001"
KINDS = ["fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "pager", "uan",
         "voicemail"]
# The words of `tollgate number` for each class.
WORDS = {
    PhoneNumberType.FIXED_LINE: "fixed", PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed-or-mobile", PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium", PhoneNumberType.SHARED_COST: "shared-cost",
    PhoneNumberType.VOIP: "voip", PhoneNumberType.PERSONAL_NUMBER: "personal", PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan", PhoneNumberType.VOICEMAIL: "voicemail", PhoneNumberType.UNKNOWN: "unassigned",
}


def expected(number):
    """(country or "-", class) of `+` and digits, by the library and the rules the table adds to it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ("-", "unassigned")
    region = phonenumbers.region_code_for_number(parsed)
    kind = WORDS[phonenumbers.number_type(parsed)]
    if region is None:
        region = phonenumbers.region_code_for_country_code(parsed.country_code)
    if region == WORLD:
        return ("-", "unassigned" if kind == "unassigned" else "global-service")
    return (region.lower(), kind)


def is_kept_literal(number):
    """Whether the digits are valid as they stand though the library would drop a prefix: the one known difference."""
    return number.startswith("+375810") and len(number) == 14


def all_metadata():
    """The metadata of every region and of every code without a country, in a fixed order."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        yield PhoneMetadata.metadata_for_region(region)
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        yield PhoneMetadata.metadata_for_nongeo_region(code)


def descriptions(metadata):
    """What the metadata says of each class it knows."""
    found = [getattr(metadata, kind) for kind in KINDS]
    return [description for description in found if description is not None and description.national_number_pattern]


def examples():
    """Every example number of every region and class, and of every code without a country."""
    return sorted({f"+{metadata.country_code}{description.example_number}" for metadata in all_metadata()
                   for description in descriptions(metadata) if description.example_number})


def calling_codes():
    """Numbers of every length under every calling code from 1 to 999, assigned or not."""
    return [f"+{code}" + "2345678901234"[:length - len(str(code))]
            for code in range(1, 1000) for length in range(7, 16)]


def leading_digits(seed):
    """Numbers of every possible length, one shorter and one longer, behind every three leading digits of a region."""
    choose = random.Random(seed)
    for metadata in all_metadata():
        possible = metadata.general_desc.possible_length
        lengths = sorted({length + more for length in possible for more in (-1, 0, 1)})
        for first in range(1000):
            for length in choose.sample(lengths, min(3, len(lengths))):
                rest = "".join(choose.choices(expansion.DIGITS, k=max(0, length - 3)))
                yield f"+{metadata.country_code}{first:03}{rest}"


def edges(seed):
    """Valid numbers of every class with one digit moved by one, or a digit more or fewer."""
    choose = random.Random(seed)
    for metadata in all_metadata():
        for description in descriptions(metadata):
            make = expansion.maker(description.national_number_pattern)
            for _ in range(8):
                number = make(choose)
                yield f"+{metadata.country_code}{number[:-1]}"
                yield f"+{metadata.country_code}{number}{choose.randint(0, 9)}"
                for place, digit in enumerate(number[:7]):
                    for other in (int(digit) - 1, int(digit), int(digit) + 1):
                        if 0 <= other <= 9:
                            yield f"+{metadata.country_code}{number[:place]}{other}{number[place + 1:]}"


def area_codes():
    """A number in every area code of calling code 1, assigned or not."""
    return [f"+1{area}5550123" for area in range(200, 1000)] + [f"+1{area}2345678" for area in range(200, 1000)]


def is_dialable(number):
    return 8 <= len(number) <= 16


def random_numbers(seed):
    """An endless mixture: any digits, digits behind a calling code, and near misses of valid numbers."""
    choose = random.Random(seed)
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    known = examples()
    while True:
        shape = choose.random()
        if shape < 0.1:
            number = "+" + str(choose.randint(1, 9))
        elif shape < 0.45:
            number = "+" + str(choose.choice(codes))
        else:
            base = choose.choice(known)
            kept = choose.randint(2, len(base))
            length = len(base) + choose.choice([0, 0, 0, 0, -1, 1, 2])
            if shape > 0.9:
                # A national prefix put where it does not belong.
                code = str(phonenumbers.parse(base).country_code)
                base = "+" + code + choose.choice(["0", "1", "8", "06", "00", "0015"]) + base[1 + len(code):]
                kept, length = choose.randint(4, len(base)), len(base)
            number = base[:kept]
            while len(number) < length:
                number += str(choose.randint(0, 9))
        if len(number) < 8:
            length = choose.randint(8, 16)
            while len(number) < length:
                number += str(choose.randint(0, 9))
        if is_dialable(number):
            yield number


def write(path, size=2400):
    """Writes `number TAB country TAB class` lines, the same for the same metadata; returns how many."""
    numbers = set(filter(is_dialable, examples()))
    stream = random_numbers(2026)
    while len(numbers) < size:
        numbers.add(next(stream))
    lines = ["\t".join((number, *expected(number))) for number in sorted(numbers) if not is_kept_literal(number)]
    path.write_text("".join(line + "\n" for line in lines))
    return len(lines)
