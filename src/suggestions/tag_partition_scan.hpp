// The videos with some tags that earlier parts of a listing do not have.
#pragma once

#include <functional>

#include "suggestions/page_builder.hpp"

namespace killrvideo {

/// Reads the partitions of videos_by_tag, one tag after the other: after `position` if it is in
/// this part, else from the beginning. Offers until the page is complete, all is offered or much
/// was read: then the page gets a token although it is not full. `offered` says which videos
/// earlier parts of the listing have.
Task<void> offer_tag_partitions(PageBuilder& page, storage::Store& store, const Context& context,
                                const storage::TextSet& tags, std::string_view position,
                                const std::function<bool(const VideoId&)>& offered);

}  // namespace killrvideo
