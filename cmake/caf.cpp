// Carries the precompiled header of CAF, which every actor and every test of one shares.
#include <caf/all.hpp>
