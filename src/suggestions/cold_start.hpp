// For users of whom too little is known: what is popular and what is new.
#pragma once

#include <span>

#include "suggestions/page_builder.hpp"

namespace killrvideo {

/// Offers from both in turns: after `position` if it is in this part of the listing, else from the
/// beginning; until the page is complete, all is offered or many of the latest were read: then the
/// page gets a token although it is not full. `popular` are the best, best first; `shown` are those
/// that earlier parts of the listing have.
Task<void> offer_cold_start(PageBuilder& page, storage::Store& store, const Context& context,
                            std::string_view position, std::span<const Ranked> popular,
                            std::span<const Ranked> shown);

}  // namespace killrvideo
