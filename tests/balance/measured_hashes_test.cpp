// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the real balancers send keys: nginx 1.22.1, Traefik 3.7.15, Envoy 1.40.0, Caddy 2.6.2,
// with three servers, with the second out, and with a fourth added.
#include "sim/balance/hashes.h"
#include "tests/support/measured_keys.h"

using namespace stickyscope;
using namespace stickyscope::test;

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

TEST_CASE("Caddy's current version hashes by xxHash64, by its source alone")
{
    Settings current;
    current.set("version", std::string("current"));
    for (const Keys keys : {Keys::words, Keys::paths, Keys::sources})
        CHECK(Trial("caddy-hash", {1, 1, 1}, current).freshFor(fifty(keys))
              == Trial("caddy-xxhash", {1, 1, 1}).freshFor(fifty(keys)));
    CHECK(Trial("caddy-hash", {1, 1, 1}).freshFor(fifty(Keys::words))
          != Trial("caddy-xxhash", {1, 1, 1}).freshFor(fifty(Keys::words)));
}
