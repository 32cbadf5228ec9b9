#include "app/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "app/process_metrics.hpp"

namespace killrvideo {

void Metrics::add(std::shared_ptr<const prometheus::Collectable> part) {
  const std::lock_guard lock(mutex_);
  parts_.push_back(std::move(part));
}

std::string Metrics::exposition() const {
  auto families = process_metrics();
  for (const auto& part : std::initializer_list<const prometheus::Collectable*>{
           &rpc_, &store_, &events_, &registry_}) {
    std::ranges::move(part->Collect(), std::back_inserter(families));
  }
  const std::lock_guard lock(mutex_);
  for (const auto& part : parts_) std::ranges::move(part->Collect(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace killrvideo
