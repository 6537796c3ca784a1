// The one place where Beast's and Asio-SSL's function bodies are compiled.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
