// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the real balancers send keys: HAProxy 2.6.12, nginx 1.22.1, Traefik 3.7.15, Envoy 1.40.0,
// Caddy 2.6.2, with three servers, with the second out, and with a fourth added.
#include "sim/balance/hashes.h"
#include "tests/support/trial.h"

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

enum class Keys : std::uint8_t
{
    words, // key-1 to key-50
    paths, // /key-1?q=1 to /key-50?q=1
    sources, // 127.0.0.1 to 127.0.0.50
    nets, // 10.1.1.3 to 10.1.50.150
    v6 // 2001:db8::1 to 2001:db8::32
};

std::vector<std::string> fifty(Keys keys)
{
    std::vector<std::string> all;
    for (int n = 1; n <= 50; ++n) {
        const std::string number = std::to_string(n);
        const char* digits = "0123456789abcdef";
        const std::string hex =
            (n < 16 ? std::string() : std::string(1, digits[n / 16])) + digits[n % 16];
        all.push_back(keys == Keys::words         ? "key-" + number
                          : keys == Keys::paths   ? "/key-" + number + "?q=1"
                          : keys == Keys::sources ? "127.0.0." + number
                          : keys == Keys::v6      ? "2001:db8::" + hex
                                             : "10." + std::to_string(n % 7) + "." + number + "."
                              + std::to_string(n * 3 % 256));
    }
    return all;
}

Settings hashType(const char* type, const char* function = nullptr, bool avalanche = false)
{
    Settings settings;
    settings.set("hash-type", std::string(type));
    if (function)
        settings.set("hash-function", std::string(function));
    if (avalanche)
        settings.set("avalanche", true);
    return settings;
}

struct Row
{
    std::string id;
    std::vector<int> weights;
    Keys keys;
    std::string picks;
    std::string withoutSecond; // empty where it was not measured
    std::string withFourth;
    Settings settings = {};
};

void check(const std::vector<Row>& rows)
{
    for (const Row& row : rows) {
        CAPTURE(row.id);
        CAPTURE(row.picks);
        const std::vector<std::string> keys = fifty(row.keys);
        Trial trial(row.id, row.weights, row.settings);
        CHECK(trial.freshFor(keys) == row.picks);
        if (row.withoutSecond.empty())
            continue;
        trial.setUp('b', false);
        CHECK(trial.freshFor(keys) == row.withoutSecond);
        trial.setUp('b', true);
        trial.add(1);
        CHECK(trial.freshFor(keys) == row.withFourth);
    }
}

} // namespace

TEST_CASE("The hash functions are those of their authors")
{
    // The check values of CRC-32, FNV-1a and xxHash64.
    CHECK(crc32("123456789") == 0xcbf43926);
    CHECK(crc32("6789", crc32("12345")) == 0xcbf43926);
    CHECK(fnv1a32("foobar") == 0xbf9cf968);
    CHECK(fnv1a64("foobar") == 0x85944171f73967e8);
    CHECK(xxHash64("", 0) == 0xef46db3751d8e999);
    CHECK(xxHash64("abc", 0) == 0x44bc2cf5ad770999);
    CHECK(xxHash64("a", "bc") == xxHash64("abc", 0));
}

// (One request after a reload still went to an old worker; it is given here as it went thereafter.)
TEST_CASE("nginx sends each key where the real one does")
{
    check({
        {"nginx-hash",
         {1, 1, 1},
         Keys::words,
         "babcacacbbccaababccbcabcbaabcbcbbacacbcaabcabbbcbc",
         "caccacaccaccaacacccccaaccaaacacccacacccaaccaaacccc",
         "abccbadadbcdaadcbcbadcbbcdadadabccbadadcbaddabcbcb"},
        {"nginx-hash-consistent",
         {1, 1, 1},
         Keys::words,
         "bccccbcbbaabcabbcbbbbccabcabccbbbababcbccacbccbbcc",
         "accccacccaaacacccccacccaccaaccccaaaaaccccacccccccc",
         "bccdcbcddaadcadbcbbbddcabcabccbbbababcbccacbccdbcc"},
        {"nginx-ip-hash",
         {1, 1, 1},
         Keys::nets,
         "aaaaaabbbbbbbcccccccaaaaaaabbbbbbbcccccccaaaaaaabb",
         "aaaaaacaccccacccccccaaaaaaaacacacccccccccaaaaaaaac",
         "dbdbdbacacacadbdbdbdcacacacbdbdbdbacacacadbdbdbdca"},
        {"nginx-ip-hash",
         {1, 1, 1},
         Keys::v6,
         "cabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabca",
         "caccaacaccaccaacaacaccaccaccaacaacaccaacaacaacacca",
         "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdab"},
        {"nginx-hash",
         {1, 1, 1},
         Keys::sources,
         "abccbcbacababbbcbaaacbbcaabbabababcccacbbabcbcbbab",
         "acccacaacacaaaaccaaaccccaaaaacacaacccacccaacccacaa",
         "dcbbcdadabcdaadcbcbadcbbcdadadabccbadadcbaddabcbcb"},
        {"nginx-hash-consistent",
         {1, 1, 1},
         Keys::sources,
         "abbcbbaccacbabbcccabbbabbbcacaccaccbacbabbaaabcaba",
         "acccccaccacaacacccaaacaccacacaccacccacaaccaaaacaca",
         "abbcbddddadbabbccdabddabdbcadadcaccbacbadbaaadcdba"},
        {"nginx-hash",
         {5, 1, 1},
         Keys::words,
         "bcaaaaaccaaacaaaaacaaaaaaaaaabaabaaacbbcaaccaaaaaa",
         "",
         ""},
        {"nginx-hash-consistent",
         {5, 1, 1},
         Keys::words,
         "bcaacacabaaacaaacbbaaccaacabccbbbababaaccaabacabac",
         "",
         ""},
        {"nginx-ip-hash",
         {5, 1, 1},
         Keys::nets,
         "baaacaabaaacaabaaacaabaaacaabaaacaabaaacaabaaacaab",
         "",
         ""},
        {"nginx-ip-hash",
         {5, 1, 1},
         Keys::v6,
         "aabcaaaaabcaaaaabcaaaaabcaaaaabcaaaaabcaaaaabcaaaa",
         "",
         ""},
        {"nginx-hash",
         {5, 1, 1},
         Keys::sources,
         "cbacccbaaaccaacaaaaaacaaaaaaaacacaaaccaacaaacabaab",
         "",
         ""},
        {"nginx-hash-consistent",
         {5, 1, 1},
         Keys::sources,
         "abacaaaaaaababaccaabaaabaacaaaaaaacbaabaabaaaacaba",
         "",
         ""},
        {"nginx-hash",
         {3, 2, 1},
         Keys::words,
         "bbbababaaaacaaaaaacbcaacbbaaaaaabacacbcabbcbbabcbc",
         "",
         ""},
        {"nginx-hash-consistent",
         {3, 2, 1},
         Keys::words,
         "bbcacacabaaacaaacbbaaccaacabbcbbbababbbcbacbacbbac",
         "",
         ""},
        {"nginx-ip-hash",
         {3, 2, 1},
         Keys::nets,
         "bbbbbbbbbbbbbcccccccaaaaaaaaaaaaaaaaaaaaabbbbbbbbb",
         "",
         ""},
        {"nginx-ip-hash",
         {3, 2, 1},
         Keys::v6,
         "abbcaaabbcaaabbcaaabbcaaabbcaaabbcaaabbcaaabbcaaab",
         "",
         ""},
        {"nginx-hash",
         {3, 2, 1},
         Keys::sources,
         "bbccbcbbabbbbbaaaabacbacabbaaaaaabcacacbaaacbcbaaa",
         "",
         ""},
        {"nginx-hash-consistent",
         {3, 2, 1},
         Keys::sources,
         "abacbaacaaabababbaabbbabaacaaaacaacbabbabbaaabcaba",
         "",
         ""},
    });
}

TEST_CASE("HAProxy sends each key where the real one does")
{
    check({
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "cabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabca",
         "cacacacacacacacacacacacacacacacacacacacacacacacaca",
         "bcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabc",
         hashType("map-based")},
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "bacabacaacbcccaaacaaabbaaaacaabaacbbacacbacbacccca",
         "cacacacaacacccaaacaaaaaaaaacaaaaacccacacaacaacccca",
         "ddcadacaadbddcaaadaaadbaaaadaabdacddadadbdcbacccca",
         hashType("consistent")},
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "bacabacaacbcccaaacaaabbaaaacaabaacbbacacbacbacccca",
         "cacacacaacacccaaacaaaaaaaaacaaaaacccacacaacaacccca",
         "ddcadacaadbddcaaadaaadbaaaadaabdacddadadbdcbacccca",
         hashType("consistent", "sdbm", true)},
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "baaabaccabaabbacaacabcbacccbccabaacbcccacbbaaaacbc",
         "ccaccacacccacaaaacaccaccaaaaccccccaaccccaaacacacca",
         "ddcddcdcdbdcdaaaadadbcddcaacbdbdddccbbdbaaadadadda",
         hashType("map-based", "sdbm", true)},
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
         hashType("consistent", "crc32")},
        {"haproxy-source",
         {1, 1, 1},
         Keys::sources,
         "bacabacaacbcccaaacaaabbaaaacaabaacbbacacbacbacccca",
         "cacacacaacacccaaacaaaaaaaaacaaaaacccacacaacaacccca",
         "ddcadacaadbddcaaadaaadbaaaadaabdacddadadbdcbacccca",
         hashType("consistent", "djb2", true)},
        {"haproxy-hash",
         {1, 1, 1},
         Keys::words,
         "abcabcabccabcabcabcabcabcabcabcabcabcabcabcabcabca",
         "cacacacaccacacacacaacacacacaccacacacacaacacacacacc",
         "dabcdabcdbcdabcdabcabcdabcdabdabcdabcdacdabcdabcdb",
         hashType("map-based")},
        {"haproxy-hash",
         {1, 1, 1},
         Keys::words,
         "bbabacbccabbacbbbbbcbbbbcbbcbaaacbabcbabbbacabcccc",
         "acaaacaccacaacacaaacccaaccacaaaaccaacaacaaacaacccc",
         "bbadacbccabbacbdbbbcdbbbcbbdbaaacbabcbaddbacabcccc",
         hashType("consistent")},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "abaacaaabaacaaabaacaaabaacaaabaacaaabaacaaabaacaaa",
         "",
         "",
         hashType("map-based")},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "aacaaacaaabcacaaaaaaaabaaaaaaaaaacbaaaaabacbaacaca",
         "",
         "",
         hashType("consistent")},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "aacaaacaaabcacaaaaaaaabaaaaaaaaaacbaaaaabacbaacaca",
         "",
         "",
         hashType("consistent", "sdbm", true)},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "bcaacaaaaaaaaaaaaacaaaaacaaaaaaaaaaabaaababaaaacaa",
         "",
         "",
         hashType("map-based", "sdbm", true)},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "",
         "",
         hashType("consistent", "crc32")},
        {"haproxy-source",
         {5, 1, 1},
         Keys::sources,
         "aacaaacaaabcacaaaaaaaabaaaaaaaaaacbaaaaabacbaacaca",
         "",
         "",
         hashType("consistent", "djb2", true)},
        {"haproxy-hash",
         {5, 1, 1},
         Keys::words,
         "baacaaabaabaacaaabaaacaaabaaccaaabaacaaaabaacaaabb",
         "",
         "",
         hashType("map-based")},
        {"haproxy-hash",
         {5, 1, 1},
         Keys::words,
         "aaaaaabcaaabacaabbbcabbaaabcaaaacaaaabaaaaaaabaacc",
         "",
         "",
         hashType("consistent")},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "caababcaababcaababcaababcaababcaababcaababcaababca",
         "",
         "",
         hashType("map-based")},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "babaaacaabbcacbaaaaaabbaaaaaaaaaacbaabbabacbabcaca",
         "",
         "",
         hashType("consistent")},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "babaaacaabbcacbaaaaaabbaaaaaaaaaacbaabbabacbabcaca",
         "",
         "",
         hashType("consistent", "sdbm", true)},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "aaaaaacbaaaaababaabaabaabbbbccaaaabbcccabbbaaaacab",
         "",
         "",
         hashType("map-based", "sdbm", true)},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "",
         "",
         hashType("consistent", "crc32")},
        {"haproxy-source",
         {3, 2, 1},
         Keys::sources,
         "babaaacaabbcacbaaaaaabbaaaaaaaaaacbaabbabacbabcaca",
         "",
         "",
         hashType("consistent", "djb2", true)},
        {"haproxy-hash",
         {3, 2, 1},
         Keys::words,
         "abcaababccaababcaabaababcaabaababcaababbabcaababca",
         "",
         "",
         hashType("map-based")},
        {"haproxy-hash",
         {3, 2, 1},
         Keys::words,
         "abaaaabccbababbbbbbbabbabbbbbaaacaaaabababaaabaccc",
         "",
         "",
         hashType("consistent")},
    });
}

TEST_CASE("Envoy sends each key where the real one does")
{
    check({
        {"envoy-ring-hash",
         {1, 1, 1},
         Keys::words,
         "acacbcabccbacacbbbbabababccbcbaaacbcaaaaaaababbaac",
         "acaaacaacccaaaacccaaacaacacaccaaacacacaaaacaaaacca",
         "aabcdcabcbdacadbbdbaadbabacbcddaacbcdaaacaababdada"},
        {"envoy-ring-hash",
         {1, 1, 1},
         Keys::sources,
         "cabcaacaccaacacacccaacccbcaababacaacabaabbbcbcabac",
         "caaaaaccccaacacacacacacaacaacacccaacaaacacacacaccc",
         "dabdaacaccadadcacdccadccaccabdbdbaacabbabbbaccdbac"},
        {"envoy-maglev",
         {1, 1, 1},
         Keys::words,
         "aabcabaccbabbaccabbbabbcbaabcaabcaaaacccbbcbccccba",
         "aaccaaaccaaacaccacacacccaaaacaaacaaaaccccccaccccaa",
         "aadcaddccbadbdccabbbdbbcbaabcaabcddaacccbdcbdcccba"},
        {"envoy-maglev",
         {1, 1, 1},
         Keys::sources,
         "cacaccaaaccacbbacaacacbabccabcbabbccbbaaacabaacacb",
         "cacaccaaaccaccaacaacaccacccaaccaacccccaaacaaaacacc",
         "cacaccdaaccdcbbacaadacbabdcdbddaddccbbadacaddddacb"},
        {"envoy-ring-hash",
         {5, 1, 1},
         Keys::words,
         "aaaaacabcacaaaabaabaaababaaaacaaaabaaaaaaaaaaaaaaa",
         "",
         ""},
        {"envoy-maglev",
         {5, 1, 1},
         Keys::words,
         "aaaaaaacabaaaacaabaaabbaaaabcaabcaaaaacabacaacacba",
         "",
         ""},
        {"envoy-ring-hash",
         {3, 2, 1},
         Keys::words,
         "aaaaacabcbbaaaabbbbabababaabcbaaaabaaaaaaaababaaaa",
         "",
         ""},
        {"envoy-maglev",
         {3, 2, 1},
         Keys::words,
         "aaababaccbabaacaabbbabbabaabbaabcaaaaabbbbcbacbcba",
         "",
         ""},
    });
}

TEST_CASE("Caddy sends each key where the real one does")
{
    check({
        {"caddy-hash",
         {1, 1, 1},
         Keys::sources,
         "aababacbbbacaacbacbbaaccaaabcccbcbaabcccabacccbaca",
         "aacacacaacacaaccacaaaaccaaaccccaccaaccccacacccaaca",
         "ddbdbdcddbdcddcbddbbdacdaaaddccbdbaadcccddddcdbadd"},
        {"caddy-hash",
         {1, 1, 1},
         Keys::paths,
         "bcbcbccabbbbbcbbaccbabcbabcaababcccbbaabaaabbbcacc",
         "cccccccaaacaccccacccaccaaacaaaaacccacaaaaaaaaccacc",
         "dcbdddddbbbdbcbbaccbabcdddcdadadcccdbdabaaabbdcacc"},
        {"caddy-hash",
         {1, 1, 1},
         Keys::words,
         "bcbbcbccaabcabcbabacacbccbcbabbaccbaabcbcaacbacbab",
         "accaccccaaacaccaaaacacccccccaaaaccaaaacacaacaacaaa",
         "dcbbdbdcdaddabcbadacacbccbcbabdaccbaadcbdaacdacdad"},
    });
}

TEST_CASE("Traefik sends each key where the real one does")
{
    check({
        {"traefik-hrw",
         {1, 1, 1},
         Keys::sources,
         "bcabaaabbbbcbacaaacbbabbcaacbabccaaabbcaabccbaacba",
         "ccacaaaccacccacaaacccacccaaccaaccaaaaacaacccaaacaa",
         "bcabaaabbddcdacadacbdadbcdddbabcdaaabbcaadccbdacda"},
        {"traefik-hrw",
         {5, 1, 1},
         Keys::sources,
         "acabaaabbaacbacaaaabaaabcaaababcaaaaaacaaaccbaacaa",
         "",
         ""},
        {"traefik-hrw",
         {3, 2, 1},
         Keys::sources,
         "bbabaaabbbbcbacaaaabbaabcaaababcaaaabbcaabcbbaacaa",
         "",
         ""},
    });
}
