#pragma once

#include "node/log_book.hpp"

#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// What a node has open that lets in so many sockets (0: as many as may come; then it is prepared
/// for as many as are usual), with the store and files.
std::uint64_t descriptors_wanted(std::size_t connections_max);
/// The part of that which the store and files have, amply.
constexpr std::uint64_t files_open_max = 1024;

/// Raises the process's limit of descriptors, and has the kernel make room for those of so many
/// sockets (0: as many as are usual) before they come.
void make_room_for_descriptors(log_book&, std::size_t connections_max);

/// Says in the log if the kernel's queues for newcomers are shorter than a listener wishes.
void tell_of_short_queues(log_book&);

}  // namespace frontdesk
