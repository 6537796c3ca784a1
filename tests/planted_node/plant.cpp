#include "model/planted_bug.hpp"

/// Makes of the shipped program one that can be poisoned: everything else of it is the same, but
/// posts that say so end whoever reads them. For process tests alone; never installed.
namespace frontdesk {
namespace {

struct planter {
  planter() { plant(planted_bug::dies_of_poison); }
};
const planter planted_at_start;

}  // namespace
}  // namespace frontdesk
