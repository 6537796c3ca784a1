#include "net/http/assets.hpp"

#include "tests/net/running_server.hpp"

#include <array>

namespace frontdesk {
namespace {

constexpr std::string_view hash =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr std::string_view etag = "\"0123456789abcdef0123456789abcdef\"";

// As `embedded_files()` has them: sorted.
constexpr std::array files{
    embedded_file{"console/assets/index-1a2b3c4d.js", "run()", hash},
    embedded_file{"console/assets/style-1a2b3c4d.css", "a{}", hash},
    embedded_file{"console/icon.svg", "<svg/>", hash},
    embedded_file{"console/index.html", "<html>console", hash},
    embedded_file{"demo/index.html", "<html>demo", hash},
    embedded_file{"widget.js", "load()", hash},
    embedded_file{"widget/index.html", "<html>widget", hash},
};

http_answer asked(std::string target, std::string if_none_match = {}) {
  http_request request;
  request.method = http_method::get;
  request.target = std::move(target);
  if (!if_none_match.empty()) {
    request.fields.push_back({"if-none-match", std::move(if_none_match)});
  }
  return assets(files).answer(request, "https://shop.example");
}

std::string field(const http_answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.fields) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

TEST(Assets, AreServedUnderTheirPathWithTheirType) {
  EXPECT_EQ(asked("/console/index.html").content(), "<html>console");
  EXPECT_EQ(asked("/console/?x=y").content(), "<html>console");
  EXPECT_EQ(field(asked("/console/"), "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field(asked("/widget.js"), "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(field(asked("/console/assets/style-1a2b3c4d.css"), "Content-Type"),
            "text/css; charset=utf-8");
  EXPECT_EQ(field(asked("/console/icon.svg"), "Content-Type"), "image/svg+xml");
}

TEST(Assets, LeadAFolderToItsSlash) {
  EXPECT_EQ(asked("/console").status, 302U);
  EXPECT_EQ(field(asked("/console"), "Location"), "/console/");
}

TEST(Assets, AreFoundByTheirExactNameOnly) {
  for (const char* path : {"/", "/console/none", "/console//index.html", "/console/../widget.js",
                           "/console/%69ndex.html", "/widget.js/", "/consol", "//", "/Console/"}) {
    EXPECT_EQ(asked(path).status, 404U) << path;
  }
}

TEST(Assets, AreKeptForEverIfTheirNameHasTheirHash) {
  EXPECT_EQ(field(asked("/console/assets/index-1a2b3c4d.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(field(asked("/console/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(field(asked("/widget.js"), "Cache-Control"), "no-cache");
}

TEST(Assets, AreNotSentAgainToWhoHasThem) {
  EXPECT_EQ(field(asked("/widget.js"), "ETag"), etag);
  const std::string tag(etag);
  for (const std::string& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const auto answer = asked("/widget.js", known);
    EXPECT_EQ(answer.status, 304U) << known;
    EXPECT_EQ(answer.content(), "");
    EXPECT_EQ(field(answer, "ETag"), etag);
    EXPECT_EQ(field(answer, "Cache-Control"), "no-cache");
  }
  EXPECT_EQ(asked("/widget.js", "\"other\"").status, 200U);
}

TEST(Assets, SayWhoMayFrameAPage) {
  const auto policy = [](const char* path) {
    return field(asked(path), "Content-Security-Policy");
  };
  EXPECT_TRUE(policy("/console/").ends_with("frame-ancestors 'none'"));
  EXPECT_TRUE(policy("/demo/").ends_with("frame-ancestors 'self'"));
  EXPECT_TRUE(policy("/widget/").ends_with("frame-ancestors https://shop.example"));
  EXPECT_TRUE(policy("/console/").starts_with("default-src 'self'; "));
  EXPECT_EQ(policy("/widget.js"), "");
  EXPECT_EQ(field(asked("/console/"), "Referrer-Policy"), "same-origin");
}

TEST(Assets, SpeakToNoPlainSocketUnderTls) {
  http_request request;
  request.method = http_method::get;
  request.target = "/console/";
  const auto connects_to = [&](http_scheme scheme, std::string_view policy) {
    request.scheme = scheme;
    const auto answer = assets(files).answer(request, "*");
    return field(answer, "Content-Security-Policy").find(policy) != std::string::npos;
  };
  EXPECT_TRUE(connects_to(http_scheme::https, "connect-src 'self' wss:;"));
  EXPECT_TRUE(connects_to(http_scheme::unknown, "connect-src 'self' ws: wss:;"));
}

TEST(Assets, LetOtherPagesLoadTheWidget) {
  EXPECT_EQ(field(asked("/widget.js"), "Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(field(asked("/console/icon.svg"), "Cross-Origin-Resource-Policy"), "");
}

TEST(HttpAnswer, HasALengthIfItMayHaveABody) {
  EXPECT_EQ(head_of(asked("/widget.js", "*"), true).find("Content-Length"), std::string::npos);
  EXPECT_NE(head_of(asked("/widget.js"), true).find("Content-Length: 6\r\n"), std::string::npos);
}

}  // namespace
}  // namespace frontdesk
