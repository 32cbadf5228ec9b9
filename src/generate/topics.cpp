#include "generate/word_list.hpp"
#include "generate/words.hpp"

namespace killrvideo::generate {
namespace {

constexpr Topic list[] = {
    {"cooking", word_list<"cook, prepare, season, serve">,
     word_list<"lentil soup, risotto, flatbread, roast vegetables, dumplings, tomato sauce, "
               "mushroom stew, noodles, rice salad, fish curry, potato gratin, pickles">,
     word_list<"cooking, recipe, food, kitchen, vegetarian, dinner, spices, leftovers">},
    {"programming", word_list<"write, test, debug, explain">,
     word_list<
         "coroutines, parsers, hash tables, memory allocators, state machines, unit tests, "
         "iterators, template code, error handling, build scripts, type systems, lock-free queues">,
     word_list<"programming, code, software, cpp, rust, debugging, algorithms, compilers">},
    {"guitar playing", word_list<"play, practise, record, learn">,
     word_list<"barre chords, fingerpicking, blues scales, open tunings, slide guitar, strumming "
               "patterns, flamenco rhythms, harmonics, slow ballads, bass lines, jazz voicings, "
               "folk songs">,
     word_list<"guitar, music, chords, acoustic, lesson, blues, practice, cover">},
    {"travel", word_list<"visit, explore, plan, film">,
     word_list<"mountain villages, night trains, harbour towns, desert roads, old markets, coastal "
               "paths, island ferries, hill temples, river valleys, winter cities, border "
               "crossings, thermal springs">,
     word_list<"travel, adventure, backpacking, city, train, island, budget, vanlife">},
    {"databases", word_list<"model, tune, migrate, query">,
     word_list<
         "time series, partition keys, secondary indexes, wide rows, write paths, query planners, "
         "replication, compaction, materialized views, graph data, transactions, vector search">,
     word_list<"database, nosql, cassandra, sql, datamodel, performance, storage, cluster">},
    {"photography", word_list<"photograph, light, frame, edit">,
     word_list<"street scenes, portraits, star trails, food shots, black and white film, wide "
               "landscapes, macro flowers, long exposures, city nights, family albums, moving "
               "water, window light">,
     word_list<"photography, camera, lens, portrait, editing, landscape, film, light">},
    {"gardening", word_list<"grow, prune, water, harvest">,
     word_list<"tomatoes, raised beds, climbing roses, herbs, apple trees, strawberries, salad "
               "greens, sunflowers, pumpkins, window boxes, compost, wildflowers">,
     word_list<"garden, plants, organic, vegetables, balcony, flowers, seeds, compost">},
    {"fitness", word_list<"train, stretch, warm up, strengthen">,
     word_list<
         "tired shoulders, stiff hips, the lower back, ankles and knees, core muscles, wrists, a "
         "runner's legs, grip and forearms, the upper back, balance, breathing, hamstrings">,
     word_list<"fitness, workout, health, yoga, running, strength, stretching, home">},
    {"astronomy", word_list<"observe, find, photograph, understand">,
     word_list<
         "Jupiter's moons, sunspots, double stars, meteor showers, the Andromeda galaxy, lunar "
         "craters, eclipses, variable stars, nebulae, Saturn's rings, comets, dark skies">,
     word_list<"astronomy, space, telescope, stars, planets, nightsky, science, moon">},
    {"animation", word_list<"animate, rig, render, sketch">,
     word_list<"walk cycles, talking faces, cloth and hair, a bouncing ball, water and smoke, "
               "background paintings, flying creatures, paper cutouts, clay figures, camera moves, "
               "crowd scenes, hand gestures">,
     word_list<"animation, blender, 3d, art, shortfilm, stopmotion, rendering, storyboard">},
    {"history", word_list<"study, date, retell, map">,
     word_list<"Roman roads, the silk routes, medieval guilds, early printing, lost harbours, "
               "castle walls, bronze tools, old sea charts, village archives, canal building, "
               "royal kitchens, forgotten alphabets">,
     word_list<"history, archaeology, medieval, documentary, ancient, maps, museum, roman">},
    {"woodworking", word_list<"build, sand, join, finish">,
     word_list<"dovetail joints, a kitchen table, spoons, bookshelves, window frames, stools, tool "
               "chests, picture frames, bird houses, workbenches, a rocking chair, oak boxes">,
     word_list<"woodworking, diy, tools, furniture, handmade, workshop, joinery, oak">},
    {"mathematics", word_list<"prove, draw, count, solve">,
     word_list<
         "prime numbers, knots, magic squares, tilings, infinite series, map colourings, conic "
         "sections, random walks, matrices, graph puzzles, Fermat's theorem, continued fractions">,
     word_list<"math, proof, geometry, puzzle, numbers, lecture, statistics, algebra">},
    {"cycling", word_list<"ride, repair, tune, clean">,
     word_list<
         "gravel bikes, steep climbs, disc brakes, old road bikes, wheels, cargo bikes, mountain "
         "trails, a worn chain, city commutes, long tours, tubeless tyres, derailleurs">,
     word_list<"cycling, bike, repair, touring, mtb, gravel, commute, climb">},
    {"birdwatching", word_list<"spot, identify, record, count">,
     word_list<"kingfishers, barn owls, warblers, migrating cranes, garden finches, sea eagles, "
               "woodpeckers, swifts, herons, night herons, starlings at dusk, hoopoes">,
     word_list<"birds, nature, wildlife, birding, owl, migration, forest, wetland">},
    {"electronics", word_list<"solder, wire, measure, repair">,
     word_list<"radio receivers, LED matrices, motor drivers, tube amplifiers, power supplies, "
               "sensor boards, old synthesizers, logic gates, oscillators, solar chargers, printed "
               "circuits, tape decks">,
     word_list<"electronics, arduino, soldering, hardware, retro, radio, sensors, circuit">},
    {"baking", word_list<"bake, shape, glaze, proof">,
     word_list<"sourdough bread, cinnamon rolls, rye loaves, fruit tarts, croissants, chocolate "
               "cake, pretzels, almond biscuits, focaccia, meringues, cheesecake, brioche">,
     word_list<"baking, bread, sourdough, dessert, cake, pastry, flour, oven">},
    {"chess", word_list<"attack, defend, analyse, teach">,
     word_list<"rook endgames, the Sicilian, pawn chains, queen sacrifices, knight outposts, "
               "isolated pawns, blitz openings, opposite bishops, the centre, castled kings, "
               "famous draws, mating nets">,
     word_list<"chess, endgame, opening, strategy, blitz, tactics, puzzle, grandmaster">},
    {"painting", word_list<"paint, mix, sketch, glaze">,
     word_list<
         "watercolour skies, still lifes, skin tones, stormy seas, old doors, oil portraits, "
         "winter trees, shadows, gouache studies, city rooftops, glass and metal, abstract shapes">,
     word_list<"painting, watercolor, art, drawing, oil, sketchbook, color, studio">},
    {"sailing", word_list<"sail, moor, trim, steer">,
     word_list<"small dinghies, a heavy ketch, spinnakers, tidal waters, racing boats, wooden "
               "boats, harbour entrances, night watches, storm jibs, catamarans, narrow channels, "
               "following seas">,
     word_list<"sailing, boat, sea, wind, knots, navigation, regatta, harbor">},
    {"chemistry", word_list<"make, dissolve, test, explain">,
     word_list<
         "copper crystals, indicator dyes, soap, flame colours, iron salts, electroplating, "
         "natural pigments, gas laws, slow reactions, invisible ink, silver mirrors, polymers">,
     word_list<"chemistry, experiment, lab, science, crystals, reaction, school, safety">},
    {"knitting", word_list<"knit, mend, block, design">,
     word_list<"wool socks, cable patterns, lace shawls, fingerless mittens, striped scarves, baby "
               "blankets, yoked sweaters, hats with brims, colourwork, linen tops, toys, felted "
               "slippers">,
     word_list<"knitting, wool, crafts, pattern, yarn, handmade, crochet, cozy">},
    {"climbing", word_list<"climb, train for, read, protect">,
     word_list<"granite cracks, overhangs, first lead routes, limestone slabs, boulder problems, "
               "alpine ridges, ice falls, crimps and slopers, multi-pitch routes, sea cliffs, "
               "chimneys, indoor walls">,
     word_list<"climbing, bouldering, mountains, gear, rope, alpine, training, granite">},
    {"languages", word_list<"learn, pronounce, remember, practise">,
     word_list<"Portuguese verbs, Finnish cases, Japanese counters, Arabic script, tones, false "
               "friends, Welsh mutations, Turkish vowels, proverbs, small talk, Russian aspects, "
               "Swahili greetings">,
     word_list<"language, grammar, vocabulary, learning, speaking, culture, words, accent">},
};

}  // namespace

constinit const std::span<const Topic> topics{list};

}  // namespace killrvideo::generate
