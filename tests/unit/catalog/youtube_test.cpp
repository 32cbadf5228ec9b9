#include "catalog/youtube.hpp"

#include <gtest/gtest.h>

namespace killrvideo {
namespace {

constexpr const char* id = "aqz-KE-bpKQ";

// Add a line for each form that a browser, an app or an old page gives.
constexpr const char* with_an_id[] = {
    "aqz-KE-bpKQ",
    // Schemes and hosts.
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
    "http://youtube.com/watch?v=aqz-KE-bpKQ",
    "HTTPS://WWW.YouTube.COM/watch?v=aqz-KE-bpKQ",
    "//www.youtube.com/embed/aqz-KE-bpKQ",
    "www.youtube.com/watch?v=aqz-KE-bpKQ",
    "youtu.be/aqz-KE-bpKQ",
    "www.youtu.be/aqz-KE-bpKQ",
    "https://m.youtube.com/watch?v=aqz-KE-bpKQ#t=1",
    "https://music.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://gaming.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://www.youtube.com./watch?v=aqz-KE-bpKQ",
    "https://www.youtube.com:443/watch?v=aqz-KE-bpKQ",
    "youtube.com:80/watch?v=aqz-KE-bpKQ",
    "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?rel=0",
    // Where the id is.
    "https://youtu.be/aqz-KE-bpKQ",
    "https://youtu.be/aqz-KE-bpKQ/",
    "https://youtu.be/aqz-KE-bpKQ?si=abc",
    "https://youtu.be/?v=aqz-KE-bpKQ",
    "https://youtu.be/watch?v=aqz-KE-bpKQ",
    "https://youtu.be/watch_popup?v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch/aqz-KE-bpKQ",
    "https://www.youtube.com/watch/aqz-KE-bpKQ?t=30",
    "https://www.youtube.com/embed/aqz-KE-bpKQ",
    "https://www.youtube.com/shorts/aqz-KE-bpKQ",
    "https://www.youtube.com/live/aqz-KE-bpKQ?feature=share",
    "https://www.youtube.com/v/aqz-KE-bpKQ",
    "https://www.youtube.com/vi/aqz-KE-bpKQ/0.jpg",
    "https://www.youtube.com/e/aqz-KE-bpKQ",
    "https://www.youtube.com/watch?vi=aqz-KE-bpKQ",
    "https://www.youtube.com/watch_popup?v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch/?v=aqz-KE-bpKQ",
    "https://www.youtube.com/?v=aqz-KE-bpKQ",
    "https://www.youtube.com?v=aqz-KE-bpKQ",
    "https://www.youtube.com/?feature=player_embedded&v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch#v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch#!v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?feature=share#!v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?app=desktop#!feature=share&v=aqz-KE-bpKQ",
    "https://www.youtube.com/attribution_link?a=8&u=%2Fwatch%3Fv%3Daqz-KE-bpKQ%26feature%3Dshare",
    // How parameters are separated.
    "https://www.youtube.com/watch?feature=share&v=aqz-KE-bpKQ&t=10s",
    "https://www.youtube.com/watch?feature=share&amp;v=aqz-KE-bpKQ&amp;t=10s",
    "https://www.youtube.com/watch?feature=share;v=aqz-KE-bpKQ;t=10s",
    "https://www.youtube.com/watch&v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?feature=share?v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ?t=30",
    "https://www.youtube.com/embed/aqz-KE-bpKQ&rel=0",
    "https://youtu.be/aqz-KE-bpKQ&feature=youtu.be",
    "https://youtu.be/aqz-KE-bpKQ;t=30",
    // What follows the id, and other parameters, may hold anything.
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ&ab_channel=José|Live [Official] 100%",
    "https://www.youtube.com/watch?ab_channel=José|Live [Official] 100%&v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ|x",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ&q={a}^b\\\"",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ&u=http://user@example.org/",
    "https://youtu.be/aqz-KE-bpKQ my favourite",
    "https://youtu.be/aqz-KE-bpKQ%20",
    "https://youtu.be/aqz-KE-bpKQ…",
    // Around it.
    " \t\r\naqz-KE-bpKQ\n ",
    "\u00A0https://youtu.be/aqz-KE-bpKQ\u3000",
    "\u200B\uFEFFhttps://youtu.be/aqz-KE-bpKQ\u2060 \u200C",
    " \u200Daqz-KE-bpKQ\u200B",
};

constexpr const char* without_an_id[] = {
    "",
    " \u200B ",
    "aqz-KE-bpK",
    "aqz-KE-bpKQQ",
    "aqz KE bpKQ",
    "aqz-KE\u200B-bpKQ",
    // Other hosts.
    "https://vimeo.com/aqz-KE-bpKQ",
    "https://youtube.com.example.org/watch?v=aqz-KE-bpKQ",
    "https://example.org/youtube.com/watch?v=aqz-KE-bpKQ",
    "https://example.org/?u=https://youtu.be/aqz-KE-bpKQ",
    "https://notyoutube.com/watch?v=aqz-KE-bpKQ",
    "https://www.www.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://youtube.com../watch?v=aqz-KE-bpKQ",
    "https://youtube.com:x/watch?v=aqz-KE-bpKQ",
    "https://[youtu.be/aqz-KE-bpKQ",
    // A user before the host.
    "https://youtube.com@example.org/watch?v=aqz-KE-bpKQ",
    "https://user@www.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://user:word@youtu.be/aqz-KE-bpKQ",
    // Other schemes.
    "ftp://youtu.be/aqz-KE-bpKQ",
    "javascript://youtu.be/aqz-KE-bpKQ",
    "file:///youtu.be/aqz-KE-bpKQ",
    // No id, or one of another length.
    "https://www.youtube.com/",
    "https://youtu.be/",
    "https://www.youtube.com/watch",
    "https://www.youtube.com/watch?v=",
    "https://www.youtube.com/watch?v=short",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQQ",
    "https://www.youtube.com/watch?x=aqz-KE-bpKQ",
    "https://youtu.be/aqz-KE-bpK",
    "https://youtu.be/aqz-KE-bpKQQ",
    // Channels, playlists, searches.
    "https://www.youtube.com/playlist?list=aqz-KE-bpKQ",
    "https://www.youtube.com/channel/aqz-KE-bpKQ",
    "https://www.youtube.com/user/aqz-KE-bpKQ",
    "https://www.youtube.com/c/aqz-KE-bpKQ",
    "https://www.youtube.com/@aqz-KE-bpKQ",
    "https://www.youtube.com/results?search_query=aqz-KE-bpKQ",
    "https://www.youtube.com/embed/videoseries?list=PL0123456789",
    "https://www.youtube.com/embed/live_stream?channel=UC0123456789",
    "https://www.youtube.com/embed?v=aqz-KE-bpKQ",
    "https://youtu.be/watch_popup",
    "https://www.youtube.com/attribution_link?a=8g8k",
    "https://www.youtube.com/attribution_link?u=%2Fchannel%2Faqz-KE-bpKQ",
};

TEST(YouTubeId, IsFoundInAllUsualForms) {
  for (const char* text : with_an_id) EXPECT_EQ(youtube_id(text), id) << text;
}

TEST(YouTubeId, IsNotFoundElsewhere) {
  for (const char* text : without_an_id) EXPECT_EQ(youtube_id(text), std::nullopt) << text;
}

TEST(YouTubeHost, IsKnownWhateverTheUrlShows) {
  for (const char* text :
       {"https://www.youtube.com/watch?v=aqz-KE-bpKQ", "https://www.youtube.com/channel/x",
        "youtube.com", " \u200BHTTP://M.YOUTUBE.COM:80/ ", "//youtu.be/", "ftp://youtu.be/x",
        "https://user@www.youtube.com/x", "gaming.youtube.com?x", "www.youtube-nocookie.com./"})
    EXPECT_TRUE(is_on_youtube(text)) << text;
  for (const char* text : {"", "aqz-KE-bpKQ", "https://vimeo.com/1", "youtube",
                           "https://youtube.com.example.org/", "https://youtube.com@example.org/",
                           "https://example.org/https://youtube.com/", "/videos/youtube.com/1.mp4"})
    EXPECT_FALSE(is_on_youtube(text)) << text;
}

}  // namespace
}  // namespace killrvideo
