#include "catalog/youtube.hpp"

#include <gtest/gtest.h>

namespace killrvideo {
namespace {

TEST(YouTubeId, IsFoundInAllUsualForms) {
  for (const char* text : {
           "aqz-KE-bpKQ",
           "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
           "http://youtube.com/watch?feature=share&v=aqz-KE-bpKQ&t=10s",
           "https://m.youtube.com/watch?v=aqz-KE-bpKQ#t=1",
           "https://music.youtube.com/watch?v=aqz-KE-bpKQ",
           "https://youtu.be/aqz-KE-bpKQ",
           "https://youtu.be/aqz-KE-bpKQ?si=abc",
           "https://www.youtube.com/embed/aqz-KE-bpKQ",
           "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?rel=0",
           "https://www.youtube.com/shorts/aqz-KE-bpKQ",
           "https://www.youtube.com/live/aqz-KE-bpKQ",
           "https://www.youtube.com/v/aqz-KE-bpKQ",
           "www.youtube.com/watch?v=aqz-KE-bpKQ",
           "youtu.be/aqz-KE-bpKQ",
           "//www.youtube.com/embed/aqz-KE-bpKQ",
           "HTTPS://WWW.YouTube.COM/watch?v=aqz-KE-bpKQ",
       })
    EXPECT_EQ(youtube_id(text), "aqz-KE-bpKQ") << text;
}

TEST(YouTubeId, IsNotFoundElsewhere) {
  for (const char* text : {
           "",
           "aqz-KE-bpK",
           "aqz-KE-bpKQQ",
           "aqz KE bpKQ",
           "https://vimeo.com/aqz-KE-bpKQ",
           "https://youtube.com.evil.org/watch?v=aqz-KE-bpKQ",
           "https://www.youtube.com/watch",
           "https://www.youtube.com/watch?v=",
           "https://www.youtube.com/watch?v=short",
           "https://www.youtube.com/playlist?list=aqz-KE-bpKQ",
           "https://www.youtube.com/",
           "https://youtu.be/",
           "ftp://youtu.be/aqz-KE-bpKQ",
           "javascript://youtu.be/aqz-KE-bpKQ",
           "https://[youtu.be/aqz-KE-bpKQ",
       })
    EXPECT_EQ(youtube_id(text), std::nullopt) << text;
}

}  // namespace
}  // namespace killrvideo
