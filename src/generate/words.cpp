#include "generate/words.hpp"

#include "generate/word_list.hpp"

namespace killrvideo::generate {
namespace {

constexpr std::string_view title_pattern_list[] = {"How to {v} {s}",
                                                   "How to {v} {s}, step by step",
                                                   "{s} for beginners",
                                                   "{s} explained in {n} minutes",
                                                   "{n} mistakes people make with {s}",
                                                   "{n} {a} ideas for {s}",
                                                   "What nobody tells you about {s}",
                                                   "A {a} look at {s}",
                                                   "The {a} guide to {s}",
                                                   "{s}: the {a} parts",
                                                   "I tried to {v} {s} for {n} days",
                                                   "Why I still {v} {s}",
                                                   "Let's {v} {s} together",
                                                   "{t}: {s} in detail",
                                                   "{s} or {o}?",
                                                   "From {s} to {o}",
                                                   "{s} on a budget",
                                                   "Questions and answers: {s}",
                                                   "My {a} way to {v} {s}",
                                                   "Live: {s} with {p}",
                                                   "{s} in {y}",
                                                   "{p} shows how to {v} {s}",
                                                   "{n} years of {t}: what {s} taught me",
                                                   "Can you {v} {s} in {y}?",
                                                   "The {a} truth about {s}",
                                                   "{t} basics: {s}",
                                                   "Stop! Do not {v} {s} before you watch this",
                                                   "{s} and {o}: a {a} comparison",
                                                   "A {a} hour of {s}",
                                                   "Behind the scenes: {s}"};

constexpr std::string_view description_pattern_list[] = {
    "In this video I show you how to {v} {s} without any special equipment.",
    "We take a {a} look at {s} and find out what matters most.",
    "{p} joins me for the second half, and we talk about {o}.",
    "If you are new to {t}, start with the first {n} minutes.",
    "Everything that you see was filmed in {y}.",
    "There is more about {o} in the next episode.",
    "I made every mistake there is, so that you need not make them.",
    "Thanks to all who sent questions about {s}!",
    "Chapters: the idea, the {a} way, the {a} way again, and what went wrong.",
    "You will need patience, {n} minutes and a good light.",
    "It took me {n} attempts until {s} came out as I wanted.",
    "At the end there is a {a} tip that I learned from {p}.",
    "This is part of a series about {t}; new episodes appear every week.",
    "Tell me in the comments how you {v} {s}.",
    "No music, no talking: only {s}.",
    "After {n} years of {t} I still learn something new every time.",
    "The {a} method comes from an old book that {p} gave me.",
    "Most people begin with {o}; I think that {s} is the better start.",
    "Recorded live, with questions from the audience.",
    "A list of what I used is on my page.",
    "This one is short, because you asked for it.",
    "Feel free to share it with your {t} group.",
    "What looks hard at first is rather {a} once you have done it {n} times.",
    "Subtitles were made by {p}. Thank you!"};

constexpr std::string_view comment_pattern_list[] = {
    "I never thought that {s} could be this {a}.",
    "Now I want to {v} {s} too.",
    "The part after minute {n} is what I was looking for.",
    "Could you make one about {o}?",
    "I have watched this {n} times by now.",
    "My {s} never look like that.",
    "You make {t} look so {a}.",
    "Tried it yesterday, and it worked the first time.",
    "Tried it yesterday. It did not work, but it was fun.",
    "What do you use to {v} {s}?",
    "I learned more about {t} in {n} minutes than in {n} years before.",
    "My grandmother used to {v} {s} in the same way.",
    "The sound is a bit low, but the content is {a}.",
    "Is there a {a} version for beginners?",
    "I prefer {o}, but this convinced me.",
    "Please more of {s}!",
    "This should have {n} times as many plays.",
    "I showed it to my {t} group and everybody loved it.",
    "At minute {n} you say {o}, but you mean {s}, right?",
    "The {a} tip at the end is gold.",
    "I do not agree about {o}, but the rest is right.",
    "How long did it take you to {v} {s} like this?",
    "Watching this in {y} with a cup of tea.",
    "I started with {t} because of your videos.",
    "There is a {a} trick with {o} that makes it easier.",
    "Can I {v} {s} in {y} as well?",
    "{p} sent me here, and I stay.",
    "It is the {a} details that make the difference.",
    "Nobody explains {s} as clearly as you do.",
    "I skipped to minute {n} and had to go back.",
    "The comparison with {o} helped me a lot.",
    "After {n} days of practice I can confirm that it works."};

}  // namespace

constinit const Words first_names{word_list<
    "Ada, Aisha, Alba, Amir, Ana, Anders, Anika, Arjun, Astrid, Ayo, Bela, Bruno, Camila, Carlos, "
    "Chen, Chiara, Clara, Dalia, Daniel, Diego, Dmitri, Elena, Elias, Emeka, Emma, Erik, Esther, "
    "Fatima, Felix, Freya, Gita, Grace, Hana, Hassan, Henry, Hiro, Ida, Igor, Ines, Ingrid, Irene, "
    "Ivan, Jack, Jana, Jonas, Jorge, Joy, Julia, Kai, Karim, Kenji, Klara, Kofi, Lars, Laura, "
    "Leila, Leo, Lina, Lucas, Luisa, Magnus, Maria, Marta, Mateo, Maya, Mei, Milan, Mina, Mira, "
    "Nadia, Naomi, Nils, Nina, Noah, Nora, Olga, Oliver, Omar, Oskar, Paula, Pedro, Petra, Priya, "
    "Rafael, Rania, Ravi, Rosa, Ruth, Samir, Sara, Selma, Simon, Sofia, Stefan, Sunita, Tariq, "
    "Tessa, Theo, Tomas, Uma, Valeria, Vera, Victor, Wanda, Wei, Yara, Yusuf, Zainab, Zara, "
    "Zoltan">};
constinit const Words last_names{word_list<
    "Abe, Adeyemi, Almeida, Andersen, Bakker, Banerjee, Bauer, Becker, Bianchi, Borg, Bright, "
    "Brown, Castillo, Chen, Conti, Costa, Cruz, Dahl, Delacroix, Diallo, Dubois, Eriksen, Farouk, "
    "Fischer, Flores, Fontaine, Garcia, Ghosh, Gómez, Green, Haddad, Hansen, Hill, Horvath, "
    "Hughes, Ibrahim, Ito, Ivanova, Jansen, Jensen, Jones, Kaya, Keller, Khan, Kim, Kowalski, "
    "Kraus, Kruger, Kumar, Larsen, Laurent, Lee, Lindqvist, Lopez, Marino, Martin, Mbeki, Mendes, "
    "Meyer, Moore, Moreau, Müller, Murphy, Nakamura, Nguyen, Novak, Nowak, Okafor, Okoye, Olsen, "
    "Ortega, Papadakis, Park, Patel, Pereira, Petrov, Popescu, Quinn, Rahman, Ramos, Reyes, Ricci, "
    "Rossi, Roux, Saito, Salazar, Santos, Sato, Schmidt, Sharma, Silva, Singh, Smith, Sørensen, "
    "Stein, Suzuki, Svensson, Tanaka, Taylor, Torres, Tran, Turner, Valdez, Varga, Vasquez, "
    "Virtanen, Vogel, Walker, Wang, Weber, Wood, Yamada, Yılmaz, Young, Zhang, Zielinski">};
constinit const Words adjectives{word_list<
    "simple, quick, careful, practical, patient, bold, cheap, clever, complete, curious, daily, "
    "different, fearless, fresh, friendly, gentle, great, hands-on, hidden, lazy, modern, neat, "
    "patient, playful, precise, quiet, real, relaxed, serious, short, slow, small, solid, strange, "
    "surprising, thorough, tidy, timeless, traditional, warm, weekend, wonderful">};
constinit const Words seasons{
    word_list<"spring, summer, autumn, winter, bad weather, one weekend, a small flat, the rain">};
constinit const Words general_tags{word_list<
    "tutorial, beginner, howto, tips, explained, review, live, interview, challenge, diy, "
    "advanced, story, weekly, vlog, guide, questions, mistakes, behind the scenes, family, slow, "
    "workshop, series, inspiration, gear, low cost, relaxing, timelapse, no talking">};
constinit const Words title_patterns{title_pattern_list};
constinit const Words title_endings{word_list<
    " | part {n}/ (in {y})/ – {a} edition/ | {t} with {p}/ | episode {n}/ – with {p}/ ({n} minute "
    "version)/ | questions answered/ – from start to end/ | {t} club/ (updated)/ | live recording",
    "/">};
constinit const Words description_patterns{description_pattern_list};
// Several empty ones, as most comments have none.
constinit const Words comment_openings{
    word_list<"////Thank you! /Great video. /Wow! /Finally. /Hello from {y}! /Hm. /Very {a}! "
              "/First time here. /Thanks, {p}! /So {a}. /Nice one. /Honestly: /Ha! /Well done. /I "
              "agree with {p}. /Once more: ",
              "/">};
constinit const Words comment_patterns{comment_pattern_list};
constinit const Words comment_endings{
    word_list<"////// 👍/ 😀/ ❤️/ 👏/ Thanks!/ Keep it up!/ Greetings from {p}./ Subscribed./ More "
              "please!/ Looking forward to the next one./ Who else is here in {y}?/ Cheers!",
              "/">};

}  // namespace killrvideo::generate
