// Videos as lists of several services show them.
#pragma once

#include "catalog/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// The videos with these ids; only the columns that previews show are read.
inline auto get_previews(storage::Store& store, const Context& context,
                         std::span<const std::tuple<VideoId>> ids) {
  return store
      .get_many<&Video::userid, &Video::name, &Video::preview_image_location, &Video::added_date>(
          context, videos, ids);
}

}  // namespace killrvideo
