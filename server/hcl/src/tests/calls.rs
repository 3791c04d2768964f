//! The function library, a table per family.

use expect_test::expect;

use super::check;
use crate::function::Purity;
use crate::functions;

#[test]
fn numbers() {
    check(
        r#"
        [abs(-1.5), ceil(1.2), floor(-1.2), signum(-3), signum(0)]
        log(8, 2)
        log(0, 10)
        pow(2, 10)
        pow(2, 0.5)
        pow(10, 400)
        [min(3, 1, 2), max("3", 1)]
        [parseint("ff", 16), parseint("-101", 2), parseint("Z", 62), parseint("z", 36)]
        parseint("12", 2)
        parseint("1", 63)
        parseint("", 10)
        "#,
        expect![[r#"
            [abs(-1.5), ceil(1.2), floor(-1.2), signum(-3), signum(0)]
                [1.5, 2, -2, -1, 0]
            log(8, 2)
                3
            log(0, 10)
                unknown()
                0..10 Error in function call; Call to function "log" failed: the result is not a finite number.
            pow(2, 10)
                1024
            pow(2, 0.5)
                1.4142135623730951
            pow(10, 400)
                unknown()
                0..12 Error in function call; Call to function "pow" failed: the result is not a finite number.
            [min(3, 1, 2), max("3", 1)]
                [1, 3]
            [parseint("ff", 16), parseint("-101", 2), parseint("Z", 62), parseint("z", 36)]
                [255, -5, 61, 35]
            parseint("12", 2)
                unknown()
                9..13 Invalid function argument; Invalid value for "number" parameter: cannot parse "12" as a base 2 integer.
            parseint("1", 63)
                unknown()
                14..16 Invalid function argument; Invalid value for "base" parameter: base must be a whole number between 2 and 62 inclusive.
            parseint("", 10)
                unknown()
                9..11 Invalid function argument; Invalid value for "number" parameter: cannot parse "" as a base 10 integer.
        "#]],
    );
}

#[test]
fn strings() {
    check(
        r#"
        [chomp("a\r\n\n"), indent(2, "a\nb\n"), lower("ÄB"), upper("äb"), title("hello wörld it's")]
        join("-", ["a", "b"], ["c"])
        split(",", "a,b,")
        split("", "ab")
        [trim("xxaxx", "x"), trimprefix("pre-a", "pre-"), trimsuffix("a.sql", ".sql"), trimspace("\n a ")]
        strrev("añ👨‍👩‍👧")
        [substr("hello", 1, 3), substr("hello", -2, -1), substr("hello", 9, 1), substr("hello", 0, 0)]
        replace("a.b.c", ".", "/")
        [startswith("abc", "ab"), endswith("abc", "bc"), startswith("abc", "x")]
        format("%s %d %q %v %t %%", "a", 1.9, "q\"", [1, "x"], true)
        format("%05d|%-5s|%5s|%+d|%x|%.2f|%e|%g", 42, "a", "b", 7, 255, 3.14159, 12345.678, 0.5)
        format("%[2]s%[1]s", "a", "b")
        format("%s")
        format("%s", "a", "b")
        format("%z", 1)
        format("%d", "x")
        format("%", 1)
        formatlist("%s=%d", ["a", "b"], [1, 2])
        formatlist("%s-%s", "x", ["a", "b"])
        formatlist("%s%s", ["a"], ["b", "c"])
        indent(99999999999, "a")
        "#,
        expect![[r#"
            [chomp("a\r\n\n"), indent(2, "a\nb\n"), lower("ÄB"), upper("äb"), title("hello wörld it's")]
                ["a", "a\n  b\n  ", "äb", "ÄB", "Hello Wörld It's"]
            join("-", ["a", "b"], ["c"])
                "a-b-c"
            split(",", "a,b,")
                list["a", "b", ""]
            split("", "ab")
                list["a", "b"]
            [trim("xxaxx", "x"), trimprefix("pre-a", "pre-"), trimsuffix("a.sql", ".sql"), trimspace("\n a ")]
                ["a", "a", "a", "a"]
            strrev("añ👨‍👩‍👧")
                "👨‍👩‍👧ña"
            [substr("hello", 1, 3), substr("hello", -2, -1), substr("hello", 9, 1), substr("hello", 0, 0)]
                ["ell", "lo", "", ""]
            replace("a.b.c", ".", "/")
                "a/b/c"
            [startswith("abc", "ab"), endswith("abc", "bc"), startswith("abc", "x")]
                [true, true, false]
            format("%s %d %q %v %t %%", "a", 1.9, "q\"", [1, "x"], true)
                "a 1 \"q\\\"\" [1,\"x\"] true %"
            format("%05d|%-5s|%5s|%+d|%x|%.2f|%e|%g", 42, "a", "b", 7, 255, 3.14159, 12345.678, 0.5)
                "00042|a    |    b|+7|ff|3.14|1.234568e+04|0.5"
            format("%[2]s%[1]s", "a", "b")
                "ba"
            format("%s")
                unknown()
                0..12 Error in function call; Call to function "format" failed: not enough arguments for "%s" at 0: need index 1 but have 0 total.
            format("%s", "a", "b")
                unknown()
                0..22 Error in function call; Call to function "format" failed: too many arguments; only 1 used by format string.
            format("%z", 1)
                unknown()
                0..15 Error in function call; Call to function "format" failed: unrecognized format character 'z' at offset 1.
            format("%d", "x")
                unknown()
                0..17 Error in function call; Call to function "format" failed: unsupported value for "%d" at 0: a number is required.
            format("%", 1)
                unknown()
                0..14 Error in function call; Call to function "format" failed: unexpected end of format string.
            formatlist("%s=%d", ["a", "b"], [1, 2])
                list["a=1", "b=2"]
            formatlist("%s-%s", "x", ["a", "b"])
                list["x-a", "x-b"]
            formatlist("%s%s", ["a"], ["b", "c"])
                unknown()
                0..37 Error in function call; Call to function "formatlist" failed: argument 2 has length 2, which is inconsistent with argument 1 of length 1.
            indent(99999999999, "a")
                unknown()
                7..18 Invalid function argument; Invalid value for "spaces" parameter: value is too large.
        "#]],
    );
}

#[test]
fn regular_expressions() {
    check(
        r#"
        regex("[a-z]+", "12ab34cd")
        regex("(\\w)(\\d)", "x1")
        regex("(?P<letter>\\w)(?P<digit>\\d)?", "x")
        regexall("[a-z]+", "ab 12 cd")
        regexall("x", "ab")
        regexreplace("hello world", "(\\w+) (\\w+)", "$2 ${1}!")
        regexpescape("a.b*c-d")
        regexmatch("^a", "abc")
        regex("(", "a")
        regex("b", "a")
        "#,
        expect![[r#"
            regex("[a-z]+", "12ab34cd")
                "ab"
            regex("(\\w)(\\d)", "x1")
                ["x", "1"]
            regex("(?P<letter>\\w)(?P<digit>\\d)?", "x")
                {"digit": null, "letter": "x"}
            regexall("[a-z]+", "ab 12 cd")
                list["ab", "cd"]
            regexall("x", "ab")
                list[]
            regexreplace("hello world", "(\\w+) (\\w+)", "$2 ${1}!")
                "world 1!"
            regexpescape("a.b*c-d")
                "a\\.b\\*c-d"
            regexmatch("^a", "abc")
                true
            regex("(", "a")
                unknown()
                6..9 Invalid function argument; Invalid value for "pattern" parameter: invalid regexp pattern: unclosed group in (.
            regex("b", "a")
                unknown()
                0..15 Error in function call; Call to function "regex" failed: pattern did not match any part of the given string.
        "#]],
    );
}

#[test]
fn collections() {
    check(
        r#"
        [alltrue([]), alltrue([true, "true"]), alltrue([true, true]), anytrue([false, true])]
        [length([1, 2]), length(toset(["a", "a"])), length(ages), empty([])]
        length({a = 1})
        empty("")
        chunklist([1, 2, 3], 2)
        chunklist([], 0)
        chunklist([1], -1)
        coalescelist([], null, ["a"])
        coalescelist([], [])
        compact(["a", "", null, "b"])
        concat([1], ["a"], users)
        concat(users, users)
        concat()
        concat("a")
        [contains(users, "a"), contains([1, 2], "1"), contains(toset(["x"]), "x")]
        contains("abc", "a")
        distinct(["b", "a", "b"])
        [element(["a", "b"], 3), index(["a", "b"], 1), index(ages, "ann")]
        element([], 0)
        index(["a"], 5)
        index({a = 1}, "a")
        index(["a"], "x")
        flatten([[1, [2]], toset(["c"]), 3])
        flatten("a")
        [keys({b = 1, a = 2}), values({b = 1, a = 2}), keys(ages), values(ages)]
        merge({a = 1, b = 2}, null, {b = 3})
        merge(ages, ages)
        merge("x")
        [range(3), range(1, 4), range(1, 8, 3), range(3, 0), range(-2)]
        range(1, 2, 0)
        range(5000)
        range()
        reverse([1, "a"])
        reverse(users)
        setunion(["a"], ["b", "a"])
        setintersection(["a", "b"], ["b", "c"])
        setsubtract(["a", "b"], ["b"])
        setproduct(["a", "b"], [1, 2])
        setproduct(toset(["a"]), toset(["x", "y"]))
        setproduct(["a"])
        slice(["a", "b", "c"], 1, 2)
        slice(["a"], 1, 5)
        slice(["a", "b"], 2, 1)
        sort(["b", "a", "C"])
        sort(["b", null])
        zipmap(["a", "b"], [1, "x"])
        zipmap(["a"], [1, 2])
        "#,
        expect![[r#"
            [alltrue([]), alltrue([true, "true"]), alltrue([true, true]), anytrue([false, true])]
                [true, false, true, true]
            [length([1, 2]), length(toset(["a", "a"])), length(ages), empty([])]
                [2, 1, 1, true]
            length({a = 1})
                unknown()
                0..15 Error in function call; Call to function "length" failed: collection must be a list, a map or a tuple.
            empty("")
                unknown()
                0..9 Error in function call; Call to function "empty" failed: collection must be a list, a map or a tuple.
            chunklist([1, 2, 3], 2)
                list[list[1, 2], list[3]]
            chunklist([], 0)
                list[]
            chunklist([1], -1)
                unknown()
                15..17 Invalid function argument; Invalid value for "size" parameter: the size argument must be positive.
            coalescelist([], null, ["a"])
                ["a"]
            coalescelist([], [])
                unknown()
                0..20 Error in function call; Call to function "coalescelist" failed: no non-null arguments.
            compact(["a", "", null, "b"])
                list["a", "b"]
            concat([1], ["a"], users)
                [1, "a", "b", "a"]
            concat(users, users)
                list["b", "a", "b", "a"]
            concat()
                unknown()
                0..8 Error in function call; Call to function "concat" failed: at least one argument is required.
            concat("a")
                unknown()
                7..10 Invalid function argument; Invalid value for "seqs" parameter: all arguments must be lists or tuples; got string.
            [contains(users, "a"), contains([1, 2], "1"), contains(toset(["x"]), "x")]
                [true, false, true]
            contains("abc", "a")
                unknown()
                9..14 Invalid function argument; Invalid value for "list" parameter: argument must be list, tuple, or set.
            distinct(["b", "a", "b"])
                list["b", "a"]
            [element(["a", "b"], 3), index(["a", "b"], 1), index(ages, "ann")]
                ["b", "b", 30]
            element([], 0)
                unknown()
                0..14 Error in function call; Call to function "element" failed: cannot use element function with an empty list.
            index(["a"], 5)
                unknown()
                0..15 Error in function call; Call to function "index" failed: invalid index.
            index({a = 1}, "a")
                unknown()
                0..19 Error in function call; Call to function "index" failed: collection must be a list, a map or a tuple.
            index(["a"], "x")
                unknown()
                13..16 Invalid function argument; Invalid value for "key" parameter: key for tuple must be number.
            flatten([[1, [2]], toset(["c"]), 3])
                [1, 2, "c", 3]
            flatten("a")
                unknown()
                0..12 Error in function call; Call to function "flatten" failed: can only flatten lists, sets and tuples.
            [keys({b = 1, a = 2}), values({b = 1, a = 2}), keys(ages), values(ages)]
                [["a", "b"], [2, 1], list["ann"], list[30]]
            merge({a = 1, b = 2}, null, {b = 3})
                {"a": 1, "b": 3}
            merge(ages, ages)
                map{"ann": 30}
            merge("x")
                unknown()
                0..10 Error in function call; Call to function "merge" failed: arguments must be maps or objects, got "string".
            [range(3), range(1, 4), range(1, 8, 3), range(3, 0), range(-2)]
                [list[0, 1, 2], list[1, 2, 3], list[1, 4, 7], list[3, 2, 1], list[0, -1]]
            range(1, 2, 0)
                unknown()
                12..13 Invalid function argument; Invalid value for "params" parameter: step must not be zero.
            range(5000)
                unknown()
                0..11 Error in function call; Call to function "range" failed: more than 1024 values were generated; either decrease the difference between start and end or use a smaller step.
            range()
                unknown()
                0..7 Error in function call; Call to function "range" failed: must have one, two, or three arguments.
            reverse([1, "a"])
                ["a", 1]
            reverse(users)
                list["a", "b"]
            setunion(["a"], ["b", "a"])
                set["a", "b"]
            setintersection(["a", "b"], ["b", "c"])
                set["b"]
            setsubtract(["a", "b"], ["b"])
                set["a"]
            setproduct(["a", "b"], [1, 2])
                list[["a", 1], ["a", 2], ["b", 1], ["b", 2]]
            setproduct(toset(["a"]), toset(["x", "y"]))
                set[["a", "x"], ["a", "y"]]
            setproduct(["a"])
                unknown()
                0..17 Error in function call; Call to function "setproduct" failed: at least two arguments are required.
            slice(["a", "b", "c"], 1, 2)
                ["b"]
            slice(["a"], 1, 5)
                unknown()
                16..17 Invalid function argument; Invalid value for "end_index" parameter: end index must not be greater than the length of the list.
            slice(["a", "b"], 2, 1)
                unknown()
                18..19 Invalid function argument; Invalid value for "start_index" parameter: start index must not be greater than end index.
            sort(["b", "a", "C"])
                list["C", "a", "b"]
            sort(["b", null])
                unknown()
                5..16 Invalid function argument; Invalid value for "list" parameter: given list element is null; a null string cannot be sorted.
            zipmap(["a", "b"], [1, "x"])
                {"a": 1, "b": "x"}
            zipmap(["a"], [1, 2])
                unknown()
                0..21 Error in function call; Call to function "zipmap" failed: number of keys (1) does not match number of values (2).
        "#]],
    );
}

#[test]
fn encodings() {
    check(
        r#"
        jsonencode({b = [1, null, true], a = "<é>\n"})
        jsonencode(1e3)
        jsonencode(sql("now()"))
        jsondecode("{\"a\": [1, 2.50, \"x\"], \"b\": null}")
        jsondecode("{")
        jsondecode("12345678901234567890.5")
        csvdecode("a,b\n1,2\n\"x,y\",z\n")
        csvdecode("a,a\n1,2\n")
        csvdecode("a,b\n1\n")
        csvdecode("")
        yamldecode("a: 1\nb: [x, true, null]\nc: '1'\n")
        yamldecode("a: [")
        yamldecode("")
        yamlencode({foo = [1, {a = "b", c = "d"}, 3], bar = "baz", e = [], o = {}, n = null, l = "x\ny\n"})
        yamlencode("x")
        yamlmerge("a: [1]\nb: {x: 1, y: old}\n", "a: [2]\nb: {y: new}\nc: yes\n")
        yamlmerge("a: [1]", "a: 2")
        yamlmerge("a: 1", "[")
        yamlmerge("a:   1")
        yamlmerge(null, "a: 1")
        yamlmerge()
        "#,
        expect![[r#"
            jsonencode({b = [1, null, true], a = "<é>\n"})
                "{\"a\":\"\\u003cé\\u003e\\n\",\"b\":[1,null,true]}"
            jsonencode(1e3)
                "1000"
            jsonencode(sql("now()"))
                "{\"X\":\"now()\"}"
            jsondecode("{\"a\": [1, 2.50, \"x\"], \"b\": null}")
                {"a": [1, 2.5, "x"], "b": null}
            jsondecode("{")
                unknown()
                11..14 Invalid function argument; Invalid value for "str" parameter: invalid JSON: EOF while parsing an object at line 1 column 1.
            jsondecode("12345678901234567890.5")
                12345678901234567890.5
            csvdecode("a,b\n1,2\n\"x,y\",z\n")
                list[{"a": "1", "b": "2"}, {"a": "x,y", "b": "z"}]
            csvdecode("a,a\n1,2\n")
                unknown()
                0..23 Error in function call; Call to function "csvdecode" failed: duplicate column name "a".
            csvdecode("a,b\n1\n")
                unknown()
                0..21 Error in function call; Call to function "csvdecode" failed: CSV error: record 1 (line: 2, byte: 4): found record with 1 fields, but the previous record has 2 fields.
            csvdecode("")
                unknown()
                0..13 Error in function call; Call to function "csvdecode" failed: missing header line.
            yamldecode("a: 1\nb: [x, true, null]\nc: '1'\n")
                {"a": 1, "b": ["x", true, null], "c": "1"}
            yamldecode("a: [")
                unknown()
                11..17 Invalid function argument; Invalid value for "src" parameter: did not find expected node content at line 2 column 1, while parsing a flow node.
            yamldecode("")
                null
            yamlencode({foo = [1, {a = "b", c = "d"}, 3], bar = "baz", e = [], o = {}, n = null, l = "x\ny\n"})
                "\"bar\": \"baz\"\n\"e\": []\n\"foo\":\n- 1\n- \"a\": \"b\"\n  \"c\": \"d\"\n- 3\n\"l\": |\n  x\n  y\n\"n\": null\n\"o\": {}\n"
            yamlencode("x")
                "\"x\"\n"
            yamlmerge("a: [1]\nb: {x: 1, y: old}\n", "a: [2]\nb: {y: new}\nc: yes\n")
                "a:\n    - 1\n    - 2\nb:\n    x: 1\n    \"y\": new\nc: \"yes\"\n"
            yamlmerge("a: [1]", "a: 2")
                unknown()
                0..27 Error in function call; Call to function "yamlmerge" failed: yamlmerge: failed to merge yaml: key a is defined in both src and dst, but has a different type.
            yamlmerge("a: 1", "[")
                unknown()
                0..22 Error in function call; Call to function "yamlmerge" failed: yamlmerge: failed to unmarshal yaml: did not find expected node content at line 2 column 1, while parsing a flow node.
            yamlmerge("a:   1")
                "a:   1"
            yamlmerge(null, "a: 1")
                "a: 1"
            yamlmerge()
                unknown()
                0..11 Error in function call; Call to function "yamlmerge" failed: yamlmerge: at least one document is required.
        "#]],
    );
}

#[test]
fn times() {
    check(
        r#"
        formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2018-01-02T23:12:01Z")
        formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")
        formatdate("H:mm aa 'o''clock' MMMM D EEE M h s ZZZZ ZZZZZ AA HH", "2018-11-02T05:02:01-08:00")
        formatdate("YYY", "2018-01-02T23:12:01Z")
        formatdate("'open", "2018-01-02T23:12:01Z")
        formatdate("YYYY", "2018-01-02")
        formatdate("x", "2018-01-02T23:12:01Z")
        timeadd("2017-11-22T00:00:00Z", "10m")
        timeadd("2017-11-22T00:00:00+02:00", "-1h30m")
        timeadd("2017-11-22T00:00:00Z", "10")
        timeadd("2017-11-22T00:00:00Z", "x")
        timeadd("2017-11-22T00:00:00Z", "1y")
        timeadd("2017-11-22", "1h")
        timeadd("9999-12-31T23:59:59Z", "9999999h")
        timeadd("", "1h")
        "#,
        expect![[r#"
            formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2018-01-02T23:12:01Z")
                "2018-01-02T23:12:01Z"
            formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")
                "Tuesday, 02-Jan-18 23:12:01 UTC"
            formatdate("H:mm aa 'o''clock' MMMM D EEE M h s ZZZZ ZZZZZ AA HH", "2018-11-02T05:02:01-08:00")
                "5:02 am o'clock November 2 Fri 11 5 1 -0800 -08:00 AM 05"
            formatdate("YYY", "2018-01-02T23:12:01Z")
                unknown()
                11..16 Invalid function argument; Invalid value for "format" parameter: invalid date format verb "YYY": year must either be "YY" or "YYYY".
            formatdate("'open", "2018-01-02T23:12:01Z")
                unknown()
                11..18 Invalid function argument; Invalid value for "format" parameter: unterminated literal '.
            formatdate("YYYY", "2018-01-02")
                unknown()
                19..31 Invalid function argument; Invalid value for "time" parameter: not a valid RFC3339 timestamp: "2018-01-02".
            formatdate("x", "2018-01-02T23:12:01Z")
                unknown()
                11..14 Invalid function argument; Invalid value for "format" parameter: invalid date format verb "x": unsupported format letter.
            timeadd("2017-11-22T00:00:00Z", "10m")
                "2017-11-22T00:10:00Z"
            timeadd("2017-11-22T00:00:00+02:00", "-1h30m")
                "2017-11-21T22:30:00+02:00"
            timeadd("2017-11-22T00:00:00Z", "10")
                unknown()
                32..36 Invalid function argument; Invalid value for "duration" parameter: time: missing unit in duration "10".
            timeadd("2017-11-22T00:00:00Z", "x")
                unknown()
                32..35 Invalid function argument; Invalid value for "duration" parameter: time: invalid duration "x".
            timeadd("2017-11-22T00:00:00Z", "1y")
                unknown()
                32..36 Invalid function argument; Invalid value for "duration" parameter: time: unknown unit "y" in duration "1y".
            timeadd("2017-11-22", "1h")
                unknown()
                8..20 Invalid function argument; Invalid value for "timestamp" parameter: not a valid RFC3339 timestamp: "2017-11-22".
            timeadd("9999-12-31T23:59:59Z", "9999999h")
                unknown()
                8..30 Invalid function argument; Invalid value for "timestamp" parameter: not a valid RFC3339 timestamp: "9999-12-31T23:59:59Z".
            timeadd("", "1h")
                unknown()
                8..10 Invalid function argument; Invalid value for "timestamp" parameter: not a valid RFC3339 timestamp: "".
        "#]],
    );
}

#[test]
fn conversions() {
    check(
        r#"
        [tostring(1), tostring(true), tonumber("1.50"), tobool("true"), tobool("1")]
        toset(["b", "a", "b", 1])
        tolist(toset(["b", "a"]))
        tolist([1, "a"])
        tolist([])
        tonumber(null)
        tobool(1)
        sql("now()")
        sql("")
        print("a b")
        print(10000000000)
        print(12345678901)
        print(1.5)
        print([1, sql("now()")])
        print(true)
        print(null)
        [string, number, bool, int, any]
        list(map(set(string)))
        tuple([string, number])
        object({a = string, b = list(number)})
        object({a = 1})
        tuple(string)
        "#,
        expect![[r#"
            [tostring(1), tostring(true), tonumber("1.50"), tobool("true"), tobool("1")]
                ["1", "true", 1.5, true, true]
            toset(["b", "a", "b", 1])
                set["1", "a", "b"]
            tolist(toset(["b", "a"]))
                list["a", "b"]
            tolist([1, "a"])
                list["1", "a"]
            tolist([])
                list[]
            tonumber(null)
                null
            tobool(1)
                unknown()
                7..8 Invalid function argument; Invalid value for "v" parameter: cannot convert number to bool.
            sql("now()")
                sql("now()")
            sql("")
                unknown()
                0..7 Error in function call; Call to function "sql" failed: empty expression.
            print("a b")
                "a b"
                printed a b
            print(10000000000)
                10000000000
                printed 1e+10
            print(12345678901)
                12345678901
                printed 1.23456789e+10
            print(1.5)
                1.5
                printed 1.5
            print([1, sql("now()")])
                [1, sql("now()")]
                printed [1,{"X":"now()"}]
            print(true)
                true
                printed true
            print(null)
                unknown()
                6..10 Invalid function argument; Invalid value for "value" parameter: argument must not be null.
            [string, number, bool, int, any]
                [type string, type number, type bool, type number, type any]
            list(map(set(string)))
                type list(map(set(string)))
            tuple([string, number])
                type tuple([string, number])
            object({a = string, b = list(number)})
                type object({ a = string, b = list(number) })
            object({a = 1})
                unknown()
                7..14 Invalid function argument; Invalid value for "attr_types" parameter: type required.
            tuple(string)
                unknown()
                6..12 Invalid function argument; Invalid value for "elem_types" parameter: list of type required.
        "#]],
    );
}

#[test]
fn urls() {
    check(
        r#"
        urlescape("a b&c=d/é~")
        urlqueryset("mysql://u:p@h:1/d?b=1&a=2", "a", "x y")
        urlqueryset("sqlite://file.db", "mode", "memory")
        urlsetpath("mysql://u:p@h:1/d?b=1", "e")
        urlsetpath("postgres://h/d", "/a b?c")
        urlsetpath("sqlite://file?mode=memory", "")
        urluserinfo("mysql://h:1/d", "u", "p@ss")
        urluserinfo("mysql://old:x@h:1/d", "u", null)
        urluserinfo("mysql://old:x@h:1/d", "u")
        urluserinfo("mysql://h:1/d", "", "")
        urluserinfo("postgres://[::1]:5432/d#f", "a:b")
        urlsetpath("postgres://u:secret@h:x/d", "e")
        urlsetpath("://x", "e")
        urlsetpath("http://h/%zz", "e")
        "#,
        expect![[r#"
            urlescape("a b&c=d/é~")
                "a+b%26c%3Dd%2F%C3%A9~"
            urlqueryset("mysql://u:p@h:1/d?b=1&a=2", "a", "x y")
                "mysql://u:p@h:1/d?a=x+y\u0026b=1"
            urlqueryset("sqlite://file.db", "mode", "memory")
                "sqlite://file.db?mode=memory"
            urlsetpath("mysql://u:p@h:1/d?b=1", "e")
                "mysql://u:p@h:1/e?b=1"
            urlsetpath("postgres://h/d", "/a b?c")
                "postgres://h/a%20b%3Fc"
            urlsetpath("sqlite://file?mode=memory", "")
                "sqlite://file?mode=memory"
            urluserinfo("mysql://h:1/d", "u", "p@ss")
                "mysql://u:p%40ss@h:1/d"
            urluserinfo("mysql://old:x@h:1/d", "u", null)
                "mysql://u@h:1/d"
            urluserinfo("mysql://old:x@h:1/d", "u")
                "mysql://u@h:1/d"
            urluserinfo("mysql://h:1/d", "", "")
                "mysql://:@h:1/d"
            urluserinfo("postgres://[::1]:5432/d#f", "a:b")
                "postgres://a%3Ab@[::1]:5432/d#f"
            urlsetpath("postgres://u:secret@h:x/d", "e")
                unknown()
                0..44 Error in function call; Call to function "urlsetpath" failed: invalid port ":x" after host.
            urlsetpath("://x", "e")
                unknown()
                0..23 Error in function call; Call to function "urlsetpath" failed: missing protocol scheme.
            urlsetpath("http://h/%zz", "e")
                unknown()
                0..31 Error in function call; Call to function "urlsetpath" failed: invalid URL escape "%zz".
        "#]],
    );
}

/// Every function project.md §8 and documented/project.md §4 name.
#[test]
fn the_library_is_complete_sorted_and_documented() {
    let documented = "abs ceil floor signum log pow parseint min max alltrue empty length can try chomp indent join lower \
        upper title trim trimprefix trimsuffix trimspace strrev substr replace split format formatlist startswith \
        endswith regex regexall regexreplace regexpescape chunklist coalescelist compact concat contains distinct \
        element flatten index keys merge range reverse setintersection setproduct setsubtract setunion slice sort \
        values zipmap csvdecode jsondecode jsonencode yamldecode yamlencode yamlmerge formatdate timeadd tobool tolist \
        tonumber toset tostring print sql urlescape urlqueryset urlsetpath urluserinfo file fileset glob getenv env \
        list set map tuple object regexmatch timestamp anytrue";
    let known: Vec<&str> = functions::all(functions::PROJECT).map(|function| function.name).collect();
    for name in documented.split_whitespace() {
        assert!(known.contains(&name), "{name}");
    }
    for function in functions::all(functions::PROJECT) {
        assert!(function.doc.ends_with('.') && !function.returns.is_empty(), "{}", function.name);
        assert_eq!(known.iter().filter(|name| **name == function.name).count(), 1, "{}", function.name);
    }
    assert!(functions::all(functions::SCHEMA).all(|function| function.purity == Purity::Pure));
    let substr = functions::all(functions::SCHEMA).find(|function| function.name == "substr").unwrap();
    assert_eq!(substr.signature(), "substr(str string, offset number, length number) string");
}

/// No function may panic, whatever it is given.
#[test]
fn no_function_panics_on_any_arguments() {
    let values = [
        "null",
        "\"\"",
        "\"a\"",
        "-1",
        "0.5",
        "1e300",
        "true",
        "[]",
        "[null]",
        "[1, \"a\", [2]]",
        "{}",
        "{a = 1}",
        "toset([\"x\"])",
        "env(\"X\")",
        "sql(\"x\")",
        "string",
    ];
    let mut count = 0;
    for function in functions::all(functions::PROJECT) {
        count += super::evaluate(&format!("{}()", function.name)).len();
        for a in values {
            count += super::evaluate(&format!("{}({a})", function.name)).len();
            for b in values {
                count += super::evaluate(&format!("{}({a}, {b})", function.name)).len();
                count += super::evaluate(&format!("{}({a}, {b}, {a})", function.name)).len();
            }
        }
    }
    assert!(count > 0);
}
