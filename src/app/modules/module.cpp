#include "app/modules/module.hpp"

namespace killrvideo {

// A module may use those before it to its end.
Modules::~Modules() {
  stop();
  while (!modules_.empty()) modules_.pop_back();
}

void Modules::start() {
  for (; started_ < modules_.size(); ++started_) modules_[started_]->start();
}

void Modules::stop() {
  for (; started_ > 0; --started_) modules_[started_ - 1]->stop();
}

RpcServices Modules::rpcs(RpcHost& host) {
  RpcServices rpcs;
  for (const auto& module : modules_) module->add_rpcs(rpcs, host);
  return rpcs;
}

void Modules::add_routes(http::Routes& routes) {
  for (const auto& module : modules_) module->add_routes(routes);
}

void Modules::maintain(bool delivers) {
  for (const auto& module : modules_) module->maintain(delivers);
}

std::string Modules::problem() const {
  for (const auto& module : modules_)
    if (auto problem = module->problem(); !problem.empty()) return problem;
  return {};
}

}  // namespace killrvideo
