#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <type_traits>

namespace frontdesk {

/// CAF asks of each message type that it can be written to bytes, because CAF's own network might
/// carry it. Ours never do: between nodes only versioned parcels travel. So every class and enum of
/// namespace frontdesk is a message as it stands, and needs no `inspect`, no registration and no
/// mark; and so is every template over one, such as `std::vector<event>` and
/// `std::shared_ptr<const event>`.
///
/// All that a message must offer is a copy constructor. What is large travels as a shared pointer
/// to const: one message that is sent to many receivers is copied by each of them that takes it by
/// value or by non-const reference.
///
/// Found by argument-dependent lookup, which is how the rule knows our namespace. It does not look
/// into namespaces within: private messages of an actor are members of its class, or, in an unnamed
/// namespace, need a line of invitation there: `using frontdesk::stays_on_its_node;`.
template <class T>
std::true_type stays_on_its_node(const T*);

}  // namespace frontdesk

template <class T>
requires requires(const T* message) {
  stays_on_its_node(message);
}
struct caf::allowed_unsafe_message_type<T> : std::true_type {};
