#include "app/sample_films.hpp"

namespace killrvideo {
namespace {

constexpr SampleUser film_fans[] = {
    {"5a3b1e00-0000-4000-8000-000000000001", "Mira", "Holm", "mira@example.org"},
    {"5a3b1e00-0000-4000-8000-000000000002", "Teo", "Marchetti", "teo@example.org"},
    {"5a3b1e00-0000-4000-8000-000000000003", "Asha", "Rao", "asha@example.org"},
    {"5a3b1e00-0000-4000-8000-000000000004", "Jonas", "Bergström", "jonas@example.org"},
    {"5a3b1e00-0000-4000-8000-000000000005", "Lucía", "Navarro", "lucia@example.org"},
    {"5a3b1e00-0000-4000-8000-000000000006", "Kenji", "Mori", "kenji@example.org"},
};

enum : std::size_t { mira, teo, asha, jonas, lucia, kenji };

const SampleFilm films[] = {
    {{"f11a0000-0000-4000-8000-000000000001", "TLkA0RELQ1g", "Elephants Dream"},
     "Two men walk through an endless machine, and only one of them sees it as a place to live in. "
     "The first open movie, from 2006.",
     {"blender", "open movie", "surreal", "classic"},
     {.uploader = mira, .stars = "4-3--5", .plays = 4},
     {{kenji, "Where it all began. The typewriter floor is still a great idea."},
      {asha, "I did not understand it, and I have to think of it all day."}}},
    {{"f11a0000-0000-4000-8000-000000000002", "aqz-KE-bpKQ", "Big Buck Bunny"},
     "A large and gentle rabbit has enough of three bullies of the forest and makes a plan. "
     "Everybody who has tested a video player knows him.",
     {"blender", "open movie", "comedy", "animals", "classic"},
     {.uploader = mira, .stars = "555-45", .plays = 12},
     {{teo, "I have seen the first ten seconds a thousand times at work. Today I saw the rest."},
      {lucia, "The butterfly deserved better."},
      {jonas, "My children laugh every time, and so do I."},
      {kenji, "The fur was unbelievable for its time."}}},
    {{"f11a0000-0000-4000-8000-000000000003", "eRsGyueVLvQ", "Sintel"},
     "A young woman searches half the world for the dragon that she once nursed. It is longer and "
     "darker than the open movies before it.",
     {"blender", "open movie", "fantasy", "dragon", "drama"},
     {.uploader = teo, .stars = "55554-", .plays = 11},
     {{mira, "I was not prepared for that ending."},
      {asha, "The market scene has so many small stories in it."},
      {lucia, "Who else came for the music?"}}},
    {{"f11a0000-0000-4000-8000-000000000004", "R6MlUcmOul8", "Tears of Steel"},
     "Scientists meet in an old church of Amsterdam to play a moment of the past again, so that "
     "the robots may spare the city. With real actors.",
     {"blender", "open movie", "science fiction", "robots", "visual effects"},
     {.uploader = teo, .stars = "34-5-4", .plays = 7},
     {{jonas, "Best use of a bridge in any film."},
      {kenji, "All footage is free to download: I learned camera tracking with it."}}},
    {{"f11a0000-0000-4000-8000-000000000005", "Z4C82eyhwgU", "Caminandes: Gran Dillama"},
     "Koro the llama is hungry, the berries are on the other side, and between them stands an "
     "electric fence.",
     {"blender", "comedy", "llama", "animals", "short"},
     {.uploader = lucia, .stars = "-455-5", .plays = 6},
     {{asha, "Two minutes, no words, and I am on the side of the llama."}}},
    {{"f11a0000-0000-4000-8000-000000000006", "Y-rmzh0PI3c", "Cosmos Laundromat"},
     "On a desolate island a sheep that has given up meets a salesman who offers him as many lives "
     "as he likes.",
     {"blender", "open movie", "fantasy", "sheep", "drama"},
     {.uploader = lucia, .stars = "5-54-4", .plays = 8},
     {{mira, "When the colours come, I get goose bumps."},
      {teo, "I am still waiting for the rest of the story."}}},
    {{"f11a0000-0000-4000-8000-000000000007", "SkVqJ1SGeL0", "Caminandes: Llamigos"},
     "Winter in Patagonia, one red berry, a llama and a penguin who both saw it first.",
     {"blender", "comedy", "llama", "penguin", "short"},
     {.uploader = lucia, .stars = "45-555", .plays = 7},
     {{jonas, "The dance at the end!"},
      {mira, "Better than most of what I have paid for this year."}}},
    {{"f11a0000-0000-4000-8000-000000000008", "mN0zPOpADL4", "Agent 327: Operation Barbershop"},
     "A Dutch secret agent sits down in the wrong barber's chair. After a comic of the sixties, "
     "with a fight that turns the room upside down.",
     {"blender", "action", "comedy", "comic", "agent"},
     {.uploader = jonas, .stars = "54-54-", .plays = 9},
     {{asha, "Make the whole film, please."},
      {kenji, "The fight is worth going through frame by frame."}}},
    {{"f11a0000-0000-4000-8000-000000000009", "RJnKaAtBPhA", "The Daily Dweebs"},
     "A little dog has found out how to get at the sweets, and that there is always somebody "
     "larger.",
     {"blender", "comedy", "dog", "animals", "short"},
     {.uploader = jonas, .stars = "--43-4", .plays = 3},
     {{lucia, "One minute that repairs a bad day."}}},
    {{"f11a0000-0000-4000-8000-00000000000a", "pKmSdY56VtY", "Hero"},
     "Drawn by hand in three dimensions: a showcase of what a pencil can do inside a 3D program.",
     {"blender", "2d", "drawing", "action", "short"},
     {.uploader = asha, .stars = "4-5-45", .plays = 5},
     {{kenji, "I sold my drawing tablet last month and now I want it back."},
      {teo, "Every frame could hang on a wall."}}},
    {{"f11a0000-0000-4000-8000-00000000000b", "WhWc3b3KhnY", "Spring"},
     "A shepherd girl and her dog climb the mountain to meet the old spirits that keep the wheel "
     "of the year turning.",
     {"blender", "open movie", "fantasy", "dog", "nature"},
     {.uploader = asha, .stars = "555455", .plays = 10},
     {{mira, "The dog is the real hero."},
      {jonas, "So much told without one word."},
      {lucia, "I use a picture of it as my background since it came out."}}},
    {{"f11a0000-0000-4000-8000-00000000000c", "PVGeM40dABA", "Coffee Run"},
     "One cup, and a woman runs through the good and the bad days of a love that is over.",
     {"blender", "short", "coffee", "love", "running"},
     {.uploader = asha, .stars = "44--54", .plays = 6},
     {{teo, "Made me call somebody. Thank you for that."}}},
    {{"f11a0000-0000-4000-8000-00000000000d", "_cMxraX_5RE", "Sprite Fright"},
     "Loud teenagers hike through a forest whose small inhabitants look lovely. They are very firm "
     "about litter.",
     {"blender", "open movie", "horror", "comedy", "forest"},
     {.uploader = kenji, .stars = "5545-5", .plays = 9},
     {{asha, "Looks like a film for children. It is not a film for children."},
      {mira, "I have never again dropped a wrapper."},
      {jonas, "The snail!"}}},
    {{"f11a0000-0000-4000-8000-00000000000e", "UXqq0ZvbOnk", "Charge"},
     "An old man breaks into a battery factory in a burnt-out future, and the guard that finds him "
     "is made of metal.",
     {"blender", "open movie", "science fiction", "robots", "action"},
     {.uploader = kenji, .stars = "-5-544", .plays = 6},
     {{teo, "Looks as if it had been made by a studio of hundreds."}}},
    {{"f11a0000-0000-4000-8000-00000000000f", "u9lj-c29dxI", "Wing It!"},
     "A cat with a plan, a dog with none, and a space ship made of scrap. Drawn to look like the "
     "cartoons of Saturday mornings.",
     {"blender", "open movie", "comedy", "cat", "dog", "space"},
     {.uploader = kenji, .stars = "55554-", .plays = 8},
     {{lucia, "I stopped counting the jokes in the background."},
      {jonas, "The cat is every engineer I know. The dog is every product manager."}}},
};

}  // namespace

std::span<const SampleUser> sample_users() { return film_fans; }

std::span<const SampleFilm> sample_films() { return films; }

}  // namespace killrvideo
