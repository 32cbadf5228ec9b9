#include "dataset/literals.hpp"

#include <gtest/gtest.h>

namespace killrvideo::dataset {
namespace {

using Texts = std::vector<std::string>;
using Floats = std::vector<float>;

struct SetForm {
  std::string text;
  Texts elements;
};

class Sets : public testing::TestWithParam<SetForm> {};

TEST_P(Sets, AreReadInEveryForm) { EXPECT_EQ(parse_texts(GetParam().text), GetParam().elements); }

INSTANTIATE_TEST_SUITE_P(
    Dataset, Sets,
    testing::Values(
        SetForm{"", {}}, SetForm{" ", {}}, SetForm{"{}", {}}, SetForm{"[]", {}},
        SetForm{" { \t\r\n\u00a0} ", {}}, SetForm{"{'a'}", {"a"}}, SetForm{"{'a','b'}", {"a", "b"}},
        SetForm{"{'b', 'a', 'b'}", {"b", "a", "b"}},
        SetForm{"{'it''s open','a, comma', '}'}", {"it's open", "a, comma", "}"}},
        SetForm{"{''}", {""}}, SetForm{"{'say \"hi\"','C:\\x'}", {"say \"hi\"", "C:\\x"}},
        SetForm{R"({"a","b"})", {"a", "b"}}, SetForm{"{ \"a b\" ,\t\"c\"\n}", {"a b", "c"}},
        SetForm{R"(["a", "b"])", {"a", "b"}}, SetForm{"\t[\n\"a\"\u2003,\r\n\"b\" ]", {"a", "b"}},
        SetForm{R"(["say \"hi\"","C:\\x","it's","\u00e9\ud83d\udc09","a]"])",
                {"say \"hi\"", "C:\\x", "it's", "é🐉", "a]"}},
        SetForm{R"({"a",'b'})", {"a", "b"}}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

class NoSets : public testing::TestWithParam<std::string> {};

TEST_P(NoSets, AreRefused) { EXPECT_EQ(parse_texts(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Dataset, NoSets,
                         testing::Values("{", "}", "[", "{]", "[}", "{'a', ", "{'a',}", "{,'a'}",
                                         "{'a',,'b'}", "{,}", "{a}", "[a]", "a", "'a'", "{'a' 'b'}",
                                         "{'a'\"b\"}", "['a']", "{'a}", R"(["a])", R"(["a""b"])",
                                         R"(["a\"])", R"(["\x"])", R"(["\ud83d"])", "[1]",
                                         R"([["a"]])", "{'a'} x", "x {'a'}", "[null]"),
                         [](const auto& test) { return "Case" + std::to_string(test.index); });

struct VectorForm {
  std::string text;
  Floats elements;
};

class Vectors : public testing::TestWithParam<VectorForm> {};

TEST_P(Vectors, AreReadInEveryForm) {
  EXPECT_EQ(parse_floats(GetParam().text), GetParam().elements);
}

INSTANTIATE_TEST_SUITE_P(Dataset, Vectors,
                         testing::Values(VectorForm{"[0.25, -1, 3e-05]", {0.25f, -1.0f, 3e-05f}},
                                         VectorForm{"[1]", {1.0f}},
                                         VectorForm{"[0.5,2E3]", {0.5f, 2000.0f}},
                                         VectorForm{" [\t1 ,\r\n 2 ] ", {1.0f, 2.0f}}),
                         [](const auto& test) { return "Case" + std::to_string(test.index); });

class NoVectors : public testing::TestWithParam<std::string> {};

TEST_P(NoVectors, AreRefused) { EXPECT_EQ(parse_floats(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Dataset, NoVectors,
                         testing::Values("", "[]", "[1, 2", "1, 2", "[1,]", "[,1]", "[1 2]", "[x]",
                                         "[nan]", "[inf]", "[1e99]", "{1}", "[1]]", "[[1]]"),
                         [](const auto& test) { return "Case" + std::to_string(test.index); });

}  // namespace
}  // namespace killrvideo::dataset
