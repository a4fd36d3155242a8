import { describe } from "node:test";
import { failsWith, rendersTo } from "./cases.ts";

describe("filters", () => {
  describe("of texts", () =>
    rendersTo([
      ["{{ 'ab c' | upper }}{{ 'AB' | lower }}{{ ' a ' | trim }}", "AB Caba"],
      ["{{ ' hello world' | capitalize }}|{{ 'hello big world' | title }}", " Hello world|Hello Big World"],
      ["{{ 'hello world' | abbreviate(8) }}", "hello..."],
      ["{{ 'a.b.c' | substringBefore('.') }}{{ 'a.b.c' | substringBeforeLast('.') }}", "aa.b"],
      ["{{ 'a.b.c' | substringAfter('.') }}{{ 'a.b.c' | substringAfterLast('.') }}", "b.cc"],
      ["{{ 'abc' | substringBefore('x') }}|{{ 'abc' | substringAfter('x') }}", "abc|"],
      ["{{ 'abc' | startsWith('a') }}{{ 'abc' | endsWith('b') }}", "truefalse"],
      ["{{ inputs.text | split(',') }}", '["a","b","c"]'],
      ["{{ 'a1b22c' | split('[0-9]+') | join('-') }}", "a-b-c"],
      ["{{ 'a.b.c' | split('\\.', 2) }}", '["a","b.c"]'],
      ["{{ 'a,b,,' | split(',') }}", '["a","b"]'],
      ["{{ 'aabb' | replace({'a': 'x', 'bb': 'y'}) }}", "xxy"],
      ["{{ 'abbc' | replace({'(b+)': '<$1>'}, regexp=true) }}", "a<bb>c"],
      ["{{ 'foobar fox' | replace({'fo(?=o)': '<$0>'}, regexp=true) }}", "<fo>obar fox"],
      [`{{ 'aab' | replace({'(?<x>a)\\1': '\${x}-'}, regexp=true) }}`, "a-b"],
      ["{{ 'aXbXc' | split('(?=X)') }}{{ 'ab'.matches('(?!b)ab') }}", '["a","Xb","Xc"]true'],
      ["{{ ['ab', 'b'] | replace({'b': 'c'}) }}", '["ac","c"]'],
      ["{{ 'Hé llo_Wörld!' | slugify }}", "he-llo-world"],
      ["{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | nindent(1, '-') }}", "a\n  b|\n-a\n-b"],
      [`{{ "it's" | escapeChar('single') }}{{ "it's" | escapeChar('shell') }}`, "it\\'sit'\\''s"],
      ["{{ 5 | string }}{{ 'abc' | slice(1, 2) }}", "5b"],
      [
        "{{ null | upper }}{{ 'abc' | length }}{{ 'abc' | first }}{{ 'abc' | last }}{{ 12 | length }}",
        "3ac0",
      ],
    ]));

  describe("of lists and maps", () =>
    rendersTo([
      [
        "{{ inputs.list | sort }}{{ inputs.list | rsort }}{{ inputs.words | sort }}",
        '[1,2,3][3,2,1]["a","b"]',
      ],
      ["{{ inputs.list | reverse }}{{ inputs.list | first }}{{ inputs.list | last }}", "[2,1,3]23"],
      ["{{ inputs.list | join(', ') }}|{{ [] | first }}", "3, 1, 2|"],
      ["{{ [1, 1.0, 'a', 'a', {'b': 1}, {'b': 1}] | distinct }}", '[1,1.0,"a",{"b":1}]'],
      ["{{ [[1], [2, [3]], 4] | flatten }}", "[1,2,[3],4]"],
      ["{{ 1..5 | chunk(2) }}", "[[1,2],[3,4],[5]]"],
      ["{{ {'a': 1, 'b': 2} | keys }}{{ {'a': 1} | values }}{{ ['x', 'y'] | keys }}", '["a","b"][1][0,1]'],
      [
        "{{ {'2': 'a', 'x': 'b', '1': 'c'} | keys }}{{ {'2': 'a', '1': 'c'} | values }}",
        '["x","1","2"]["c","a"]',
      ],
      ["{{ {'2': 'a'} | merge({'1': 'c', '2': 'b'}) }}", '{"1":"c","2":"b"}'],
      ["{{ {'a': 1, 'b': 1} | merge({'b': 2}) }}{{ [1] | merge([2]) }}", '{"a":1,"b":2}[1,2]'],
      ["{{ [1] | merge({'a': 2}) }} {{ [1] | merge({'a': 2}) | join }}", '[1,{"a":2}] 1a=2'],
      ["{{ inputs.list | slice(1) }}{{ inputs.list | length }}{{ {'a': 1} | length }}", "[1,2]31"],
    ]));

  describe("of numbers", () =>
    rendersTo([
      ["{{ -3 | abs }}{{ (-3) | abs }}{{ '12' | number }}{{ '1.0' | number }}", "33121.0"],
      ["{{ '5' | number('DOUBLE') }}{{ ('5' | number('INT')) / 2 }}", "5.02"],
      ["{{ 1234567.891 | numberFormat }}|{{ 1234.5 | numberFormat('#,##0.00') }}", "1,234,567.891|1,234.50"],
      [
        "{{ 0.256 | numberFormat('0.#%') }}|{{ 7 | numberFormat('000') }}|{{ 2.5 | numberFormat('0') }}",
        "25.6%|007|2",
      ],
    ]));

  describe("of decimals", () =>
    rendersTo([
      ["{{ '1.10' | number('BIGDECIMAL') }} {{ '1e3' | number('BIGDECIMAL') }}", "1.10 1000"],
      [
        "{% set d = '1.10' | number('BIGDECIMAL') %}{{ d + 1 }} {{ d * d }} {{ -d }} {{ 1 - d }} {{ d ~ 'x' }}",
        "2.1 1.21 -1.10 -0.1 1.10x",
      ],
      [
        "{% set d = '10.50' | number('BIGDECIMAL') %}{{ d / 4 }} {{ d / 3 }} {{ d % 0.25 }} {{ d % 4 }}",
        "2.625 3.5 0.00 2.5",
      ],
      [
        "{% set d = '2' | number('BIGDECIMAL') %}{{ d / 3 }} {{ 0 / d }} {{ -d / 3 }}",
        "0.6666666666666666666666666666666667 0 -0.6666666666666666666666666666666667",
      ],
      [
        "{% set d = '1.10' | number('BIGDECIMAL') %}{{ d == 1.1 }} {{ d > 1 }} {{ d < 1.2 }} {{ [d] contains 1.1 }} {{ [d, 1] | sort }}",
        "true true true false [1,1.10]",
      ],
      [
        "{{ {'a': '12345678901234567890.50' | number('BIGDECIMAL')} | toJson }}",
        '{"a":12345678901234567890.50}',
      ],
      [
        "{{ '12345678901234567890' | number('BIGINTEGER') | className }} {{ '5' | number('BIGINTEGER') | className }}",
        "java.math.BigInteger java.math.BigInteger",
      ],
      [
        "{{ '5' | number('BIGDECIMAL') | className }} {{ '0.12345678901234567890' | number | className }}",
        "java.math.BigDecimal java.math.BigDecimal",
      ],
      [
        "{{ ('5' | number('BIGINTEGER')) + 1 }} {{ '1e-40' | number('BIGDECIMAL') | string }} {{ '0.5' | number | className }}",
        "6 1E-40 java.lang.Float",
      ],
      [
        "{{ fromIon('1.50') }} {{ fromIon('1.50e0') }} {{ fromIon('{a: 15d-1}').a }} {{ fromIon('1.50') | toIon }}",
        "1.50 1.5 1.5 1.50",
      ],
      ["{{ {'a': '1.10' | number('BIGDECIMAL')} | yaml }}", "a: 1.10\n"],
    ]));

  describe("of encodings", () =>
    rendersTo([
      ["{{ {'a': [1, null, true, 'x\"y']} | toJson }}", '{"a":[1,null,true,"x\\"y"]}'],
      ["{{ 'abc' | json }}{{ null | toJson }}", '"abc"null'],
      ["{{ {'a': 1, 'b': ['x', '2']} | yaml }}", "a: 1\nb:\n - x\n - 2\n"],
      ["{{ 'héllo' | base64encode }}{{ 'aMOpbGxv' | base64decode }}", "aMOpbGxvhéllo"],
      ["{{ 'a b&c(*)~' | urlencode }}{{ 'a+b%26c' | urldecode }}", "a+b%26c%28*%29%7Ea b&c"],
      ["{{ 'abc' | md5 }}", "900150983cd24fb0d6963f7d28e17f72"],
      ["{{ 'abc' | sha1 }}", "a9993e364706816aba3e25717850c26c9cd0d89d"],
      ["{{ 'abc' | sha256 }}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      ["{{ 'abc' | sha512 | slice(0, 8) }}{{ 'x' | className }}", "ddaf35a1java.lang.String"],
    ]));

  describe("of dates", () =>
    rendersTo([
      ["{{ vars.date | date('yyyy-MM-dd HH:mm', timeZone='Europe/Paris') }}", "2024-09-06 10:38"],
      ["{{ execution.startDate | dateAdd(-3, 'MONTHS') | date('yyyyMM') }}", "202406"],
      ["{{ '06/09/2024' | date('iso_local_date', existingFormat='dd/MM/yyyy') }}", "2024-09-06"],
      ["{{ vars.date | date('EEEE d MMMM', timeZone='UTC', locale='fr_FR') }}", "vendredi 6 septembre"],
      ["{{ 1725611933 | date('sql_sec', timeZone='UTC') }}", "2024-09-06 08:38:53"],
      ["{{ 1725611933123 | date('iso_milli', timeZone='UTC') }}", "2024-09-06T08:38:53.123Z"],
      [
        "{{ vars.date | timestamp }}|{{ vars.date | timestampMilli }}|{{ vars.date | timestampNano }}",
        "1725611933|1725611933123|1725611933123000000",
      ],
      ["{{ '2024-01-31' | dateAdd(1, 'MONTHS', format='yyyy-MM-dd') }}", "2024-02-29"],
      ["{{ '2024-09-06T08:38' | date('HH:mm') }}{{ null | date }}", "08:38"],
      ["{{ vars.date | date('iso', timeZone='UTC') }}", "2024-09-06T08:38:53.123000Z"],
    ]));

  describe("given what they cannot take", () =>
    failsWith([
      ["{{ 5 | join }}", /`join` needs a list, not a number/],
      ["{{ 'x' | date }}", /^Text 'x' could not be parsed at index 0\. Expression/],
      ["{{ vars.date | date('qwerty!') }}", /Unknown pattern letter: r/],
      ["{{ vars.date | date(timeZone='Mars/Olympus') }}", /Unknown time-zone ID: Mars\/Olympus/],
      ["{{ vars.date | dateAdd(1, 'MOONS') }}", /Unknown unit `MOONS`/],
      ["{{ 'abc' | slice(2, 1) }}", /greater than `fromIndex`/],
      ["{{ 'abc' | number }}", /`abc` is not a valid number/],
      ["{{ [1, 'a'] | sort }}", /have no order/],
      ["{{ 5 | trim }}", /The filter `trim` needs a text, not a number; `\| string` makes one of it/],
      ["{{ 5 | number }}", /needs a text, not a number, which needs no filter/],
      ["{{ null | startsWith('a') }}", /needs a text, not null/],
      ["{{ [1] | join(1) }}", /`separator` must be a text, not a number/],
      ["{{ 1.5 | date }}", /a number is not a date/],
      ["{{ 'ab' | replace({'(?=(': 'x'}, regexp=true) }}", /The regular expression `\(\?=\(` does not work/],
      ["{{ 'ab' | replace({'(?=a)': '$2'}, regexp=true) }}", /There is no group 2/],
      ["{{ 'a' | replace({'(': 'x'}, regexp=true) }}", /The regular expression `\(` does not work/],
      ["{{ '%' | urldecode }}", /not URL-encoded/],
      ["\n\n{{ 'abc' | indent('x') }}", /must be an integer, not a text\. Expression .*line 3\.$/s],
    ]));
});
