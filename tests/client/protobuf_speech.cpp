#include "tests/client/protobuf_speech.hpp"

#include "wire/frontdesk.pb.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace frontdesk::client {

namespace json = boost::json;

namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int hex_digits = 16;

std::string hex_of(std::uint64_t id) {
  return fmt::format("{:016x}", id);
}

/// No digits are no id.
std::uint64_t from_hex(std::string_view digits) {
  return digits.empty() ? 0 : std::stoull(std::string(digits), nullptr, hex_digits);
}

/// `EVENT_KIND_MESSAGE` is `message`; the visible track is called public.
std::string word_of(const EnumDescriptor& of, int number) {
  const auto* value = of.FindValueByNumber(number);
  if (value == nullptr) throw std::runtime_error(of.name() + " has no " + std::to_string(number));
  std::string word = value->name().substr(of.name().size() + 1);
  for (char& c : word)
    c = static_cast<char>(std::tolower(c));
  return word == "visible" ? "public" : word;
}

int number_of(const EnumDescriptor& of, std::string_view word) {
  for (int i = 0; i < of.value_count(); ++i) {
    if (word_of(of, of.value(i)->number()) == word) return of.value(i)->number();
  }
  throw std::runtime_error(fmt::format("{} has no {}", of.name(), word));
}

// ---- From JSON.

void fill(Message& to, const json::object& from);

void fill_person(v1::person& to, std::string_view text) {
  const auto colon = text.find(':');
  to.set_kind(static_cast<v1::person_kind>(
      number_of(*v1::person_kind_descriptor(), text.substr(0, colon))));
  if (colon != std::string_view::npos) to.set_value(from_hex(text.substr(colon + 1)));
}

void fill_message(Message& to, const json::value& from) {
  if (auto* person = dynamic_cast<v1::person*>(&to)) return fill_person(*person, from.as_string());
  if (auto* device = dynamic_cast<v1::device*>(&to)) {
    const std::string_view digits = from.as_string();
    device->set_high(from_hex(digits.substr(0, hex_digits)));
    return device->set_low(from_hex(digits.substr(hex_digits)));
  }
  if (auto* file = dynamic_cast<v1::file_id*>(&to)) {
    const std::string_view digits = from.as_string();
    file->set_high(from_hex(digits.substr(0, hex_digits)));
    return file->set_low(from_hex(digits.substr(hex_digits)));
  }
  fill(to, from.as_object());
}

void fill_list(Message& to, const FieldDescriptor& field, const json::array& from) {
  for (const json::value& each : from) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      fill_message(*to.GetReflection()->AddMessage(&to, &field), each);
    } else {
      to.GetReflection()->AddUInt64(&to, &field, from_hex(each.as_string()));
    }
  }
}

void fill_field(Message& to, const FieldDescriptor& field, const json::value& from) {
  const Reflection& at = *to.GetReflection();
  if (field.is_repeated()) return fill_list(to, field, from.as_array());
  switch (field.type()) {
    case FieldDescriptor::TYPE_MESSAGE:
      return fill_message(*at.MutableMessage(&to, &field), from);
    case FieldDescriptor::TYPE_FIXED64:
      return at.SetUInt64(&to, &field, from_hex(from.as_string()));
    case FieldDescriptor::TYPE_UINT64:
      return at.SetUInt64(&to, &field, from.to_number<std::uint64_t>());
    case FieldDescriptor::TYPE_UINT32:
      return at.SetUInt32(&to, &field, from.to_number<std::uint32_t>());
    case FieldDescriptor::TYPE_BOOL:
      return at.SetBool(&to, &field, from.as_bool());
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
      return at.SetString(&to, &field, std::string(from.as_string()));
    case FieldDescriptor::TYPE_ENUM:
      return at.SetEnumValue(&to, &field, number_of(*field.enum_type(), from.as_string()));
    default:
      throw std::runtime_error("no client sends a field like " + field.full_name());
  }
}

void fill(Message& to, const json::object& from) {
  for (const auto& [key, value] : from) {
    if (key == "t") continue;
    const auto* field = to.GetDescriptor()->FindFieldByName(std::string(key));
    if (field == nullptr) {
      throw std::runtime_error(fmt::format("{} has no {}", to.GetTypeName(), std::string(key)));
    }
    fill_field(to, *field, value);
  }
}

// ---- To JSON.

json::object object_of(const Message& from);

std::string text_of(const v1::person& from) {
  if (from.kind() == v1::PERSON_KIND_NOBODY) return {};
  const std::string kind = word_of(*v1::person_kind_descriptor(), from.kind());
  const bool has_id =
      from.kind() == v1::PERSON_KIND_VISITOR || from.kind() == v1::PERSON_KIND_AGENT;
  return has_id ? kind + ":" + hex_of(from.value()) : kind;
}

/// The heads of a ping are the fields of an object.
json::object heads_of(const v1::ping& from) {
  json::object heads;
  for (const auto& each : from.heads())
    heads[hex_of(each.conversation())] = each.seq();
  return {{"heads", std::move(heads)}};
}

json::value value_of(const Message& from) {
  if (const auto* person = dynamic_cast<const v1::person*>(&from))
    return json::string(text_of(*person));
  if (const auto* device = dynamic_cast<const v1::device*>(&from)) {
    return json::string(hex_of(device->high()) + hex_of(device->low()));
  }
  json::object object = object_of(from);
  if (const auto* file = dynamic_cast<const v1::file*>(&from)) {
    object.erase("high");
    object.erase("low");
    object["id"] = hex_of(file->high()) + hex_of(file->low());
  }
  return object;
}

json::array list_of(const Message& from, const FieldDescriptor& field) {
  const Reflection& at = *from.GetReflection();
  json::array list;
  for (int i = 0; i < at.FieldSize(from, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      list.push_back(value_of(at.GetRepeatedMessage(from, &field, i)));
    } else {
      list.push_back(json::string(hex_of(at.GetRepeatedUInt64(from, &field, i))));
    }
  }
  return list;
}

json::value field_of(const Message& from, const FieldDescriptor& field) {
  const Reflection& at = *from.GetReflection();
  switch (field.type()) {
    case FieldDescriptor::TYPE_MESSAGE:
      return value_of(at.GetMessage(from, &field));
    case FieldDescriptor::TYPE_FIXED64:
      return json::string(hex_of(at.GetUInt64(from, &field)));
    case FieldDescriptor::TYPE_UINT64:
      return at.GetUInt64(from, &field);
    case FieldDescriptor::TYPE_INT64:
      return at.GetInt64(from, &field);
    case FieldDescriptor::TYPE_UINT32:
      return at.GetUInt32(from, &field);
    case FieldDescriptor::TYPE_BOOL:
      return at.GetBool(from, &field);
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
      return json::string(at.GetString(from, &field));
    case FieldDescriptor::TYPE_ENUM:
      return json::string(word_of(*field.enum_type(), at.GetEnumValue(from, &field)));
    default:
      throw std::runtime_error("no node sends a field like " + field.full_name());
  }
}

/// Where JSON has the name and the status of a person beside its id, protobuf has messages.
bool is_spread(const Message& within, const FieldDescriptor& field) {
  const bool is_seen = dynamic_cast<const v1::agent_seen*>(&within) != nullptr;
  const bool is_welcome = dynamic_cast<const v1::welcome*>(&within) != nullptr;
  return (is_seen && field.type() == FieldDescriptor::TYPE_MESSAGE) ||
         (is_welcome && field.name() == "person");
}

json::object object_of(const Message& from) {
  if (const auto* ping = dynamic_cast<const v1::ping*>(&from)) return heads_of(*ping);
  const Reflection& at = *from.GetReflection();
  if (!at.GetUnknownFields(from).empty()) throw std::runtime_error("unknown fields in a frame");
  json::object to;
  for (int i = 0; i < from.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *from.GetDescriptor()->field(i);
    if (field.is_repeated()) {
      to[field.name()] = list_of(from, field);
    } else if (at.HasField(from, &field) && is_spread(from, field)) {
      const json::value spread = field_of(from, field);
      to.insert(spread.as_object().begin(), spread.as_object().end());
    } else if (at.HasField(from, &field) || field.type() == FieldDescriptor::TYPE_BOOL) {
      to[field.name()] = field_of(from, field);
    }
  }
  return to;
}

}  // namespace

std::string in_protobuf(std::string_view text) {
  const json::object from = json::parse(text).as_object();
  const std::string t(from.at("t").as_string());
  v1::client_frame frame;
  const auto* field = frame.GetDescriptor()->FindFieldByName(t == "return" ? "give_back" : t);
  if (field == nullptr) throw std::runtime_error("client_frame has no " + t);
  fill(*frame.GetReflection()->MutableMessage(&frame, field), from);
  return frame.SerializeAsString();
}

std::string in_json(std::string_view bytes) {
  v1::server_frame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw std::runtime_error("not a server_frame");
  }
  const auto* what = frame.GetDescriptor()->oneof_decl(0);
  const auto* field = frame.GetReflection()->GetOneofFieldDescriptor(frame, what);
  if (field == nullptr) throw std::runtime_error("a server_frame of no kind");
  json::object said{{"t", field->name()}};
  const json::object fields = object_of(frame.GetReflection()->GetMessage(frame, field));
  said.insert(fields.begin(), fields.end());
  return json::serialize(said);
}

std::string rewritten(std::string_view bytes) {
  v1::client_frame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw std::runtime_error("not a client_frame");
  }
  frame.DiscardUnknownFields();
  return frame.SerializeAsString();
}

}  // namespace frontdesk::client
