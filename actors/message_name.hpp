#pragma once

#include <string>
#include <typeinfo>

namespace frontdesk {

/// The name of a message, as its struct is called; or of the class of CAF that carries one: what
/// stands in its brackets, as "post" in `caf::mailbox_element_vals<frontdesk::post>`.
std::string message_name(const std::type_info&);

}  // namespace frontdesk
