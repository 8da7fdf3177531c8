# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""What the library says of a number, in the gateway's words; and the golden sample of the tests."""

import random

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers.phonemetadata import PhoneMetadata

WORLD = "001"
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


def examples():
    """Every example number of every region and class, and of every code without a country."""
    found = set()
    for region in phonenumbers.SUPPORTED_REGIONS | {WORLD}:
        codes = phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS if region == WORLD else [None]
        for code in codes:
            metadata = (PhoneMetadata.metadata_for_nongeo_region(code) if region == WORLD
                        else PhoneMetadata.metadata_for_region(region))
            for kind in ["fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip",
                         "personal_number", "pager", "uan", "voicemail"]:
                description = getattr(metadata, kind)
                if description is not None and description.example_number:
                    found.add(f"+{metadata.country_code}{description.example_number}")
    return sorted(found)


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
