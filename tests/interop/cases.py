# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Cookie fields that a series sends, by the case that each of them is."""

CASES = ["fresh", "bound", "other's", "unknown", "one letter changed", "cut", "extended", "empty", "quoted", "bogus first", "right first",
         "two valid", "spaced behind", "spaced before the value", "spaced before =", "upper case", "name in another case", "second field",
         "second field, first bogus", "second field, first right", "others around", "others without spaces", "URL-encoded", "very long", "long field before",
         "comma behind", "comma between", "no =", "tab before", "semicolons", "half quoted", "quotes removed", "single quotes", "name as a suffix", "name as a prefix",
         "$Version before", "quoted other with it inside", "control in another", "umlaut in another", "backslash in another", "equals behind"]


def fields(case, name, value, other, chance):
    """The Cookie fields of a case: `value` names the target, `other` another replica."""
    last = "x" if value[-1] != "x" else "y"
    at = chance.randrange(len(value))
    one = {
        "fresh": [], "bound": [f"{name}={value}"], "other's": [f"{name}={other}"], "unknown": [f"{name}=bogus"],
        "one letter changed": [f"{name}={value[:at]}{'x' if value[at] != 'x' else 'y'}{value[at + 1:]}"],
        "cut": [f"{name}={value[:-1]}"], "extended": [f"{name}={value}{last}"], "empty": [f"{name}="], "quoted": [f'{name}="{value}"'],
        "bogus first": [f"{name}=bogus; {name}={value}"], "right first": [f"{name}={value}; {name}=bogus"],
        "two valid": [f"{name}={value}; {name}={other}"], "spaced behind": [f"{name}={value} ; a=1"],
        "spaced before the value": [f"{name}= {value}"], "spaced before =": [f"{name} ={value}"], "upper case": [f"{name}={value.upper()}"],
        "name in another case": [f"{name.swapcase()}={value}"], "second field": ["a=1", f"{name}={value}"],
        "second field, first bogus": [f"{name}=bogus", f"{name}={value}"], "second field, first right": [f"{name}={value}", f"{name}=bogus"],
        "others around": [f"a=1; {name}={value}; b=2"], "others without spaces": [f"a=1;{name}={value};b=2"],
        "URL-encoded": [f"{name}=" + "".join(f"%{ord(letter):02X}" for letter in value)], "very long": [f"{name}={value}" + "x" * 3000],
        "long field before": ["long=" + "y" * 5000 + f"; {name}={value}"], "comma behind": [f"{name}={value},b=2"],
        "comma between": [f"a=1, {name}={value}"], "no =": [f"{name}; {name}={value}"], "tab before": [f"a=1;\t{name}={value}"],
        "semicolons": [f";; {name}={value};;"], "half quoted": [f'{name}="{value}'], "single quotes": [f"{name}='{value}'"], "quotes removed": ["{}={}".format(name, value.strip('"'))],
        "name as a suffix": [f"x{name}={value}"], "name as a prefix": [f"{name}x={value}"], "$Version before": [f"$Version=1; {name}={value}; $Path=/"],
        "quoted other with it inside": [f'a="1; {name}={value}; b"'], "control in another": [f"a=\x01; {name}={value}"],
        "umlaut in another": [f"a=\u00fc; {name}={value}"], "backslash in another": [f"a=\\; {name}={value}"], "equals behind": [f"{name}={value}=1"]}
    return one[case]
