#include "net/files/file_door.hpp"

#include "model/limits.hpp"
#include "net/files/file_flow.hpp"
#include "net/files/file_headers.hpp"
#include "net/http/http_words.hpp"
#include "wire/http_json.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace frontdesk {

namespace {

constexpr std::string_view files_path = "/v1/files";
constexpr std::uint32_t retry_when_full_ms = 1000;

http_answer no_such_file() {
  return refusal(fault_code::unknown_file, 404, "There is no such file.");
}

// The one answer for whatever the asker may not know of.
http_answer answer_to_reader(const fault& why) {
  return why.code == fault_code::unknown_file ? no_such_file() : answer_of(why);
}

bool has_type(const http_request& request, std::string_view wanted) {
  std::string_view type = request.field("content-type");
  return equal_words(trimmed(next_word(type, ';')), wanted);
}

http_answer wrong_type(std::string_view sentence) {
  return refusal(fault_code::bad_value, 415, sentence);
}

http_answer busy() {
  return answer_of(fault(fault_code::busy, retry_when_full_ms));
}

}  // namespace

/// One request, and who sends it.
struct file_door::asked {
  const http_request& request;
  file_path path;
  file_asker who;
  const reply& answer;
};

std::size_t file_door::body_bytes_max(http_method method, std::string_view path) {
  if (method == http_method::patch) {
    return path.starts_with(files_path) ? limits::chunk_bytes_max : 0;
  }
  return method == http_method::put ? limits::thumbnail_bytes_max : limits::body_bytes_max;
}

void file_door::serve(const http_request& request, io_thread& here, const reply& answer) {
  // The rate comes first: it costs least, and what follows is what it saves.
  if (auto refused = too_fast(parts_.door.fetches, request.from.network)) {
    return answer(*std::move(refused));
  }
  known_caller caller = identify_caller(request, bearer_of(request), parts_);
  if (caller.refused) {
    return answer(*std::move(caller.refused));
  }
  asked a{request, {}, {parts_.actors, here, std::move(caller.who)}, answer};
  if (request.method == http_method::post) {
    return begin(a);
  }
  const auto path = file_path_of(request.path());
  if (!path) {
    return answer(no_such_file());
  }
  a.path = *path;
  const bool is_picture = path->is_thumbnail;
  if (request.method == http_method::put && is_picture) {
    return put_picture(a);
  }
  if (request.method == http_method::get || (is_picture && request.method == http_method::head)) {
    return open(a, is_picture);
  }
  if (is_picture || request.method == http_method::put) {
    http_answer refused = refusal(fault_code::not_found, 405, "This path is not for this method.");
    refused.with("Allow", is_picture ? "GET, HEAD, PUT" : "GET, HEAD, PATCH, DELETE");
    return answer(std::move(refused));
  }
  if (request.method == http_method::patch) {
    return append(a);
  }
  request.method == http_method::head ? ask(a) : give_up(a);
}

void file_door::order(const asked& a, file_wish wish,
                      std::function<void(fault_or<file_told>)> then) {
  auto place = flow_place::take(under_way_, a.who.who.who);
  if (!place) {
    return a.answer(busy());
  }
  ask_desk(a.who, std::move(wish),
           [place, then = std::move(then)](fault_or<file_told> told) { then(std::move(told)); });
}

void file_door::begin(const asked& a) {
  if (!has_type(a.request, "application/json")) {
    return a.answer(refusal(fault_code::not_json, 415, "The body must be application/json."));
  }
  auto wish = http_json::read_begin_upload(a.request.body);
  if (!wish) {
    return a.answer(answer_of(wish.error()));
  }
  if (auto refused = too_fast(parts_.door.uploads_by_person, key_of(a.who.who.who))) {
    return a.answer(*std::move(refused));
  }
  order(a, std::move(*wish), [answer = a.answer](const fault_or<file_told>& told) {
    if (!told) {
      return answer(answer_of(told.error()));
    }
    answer(json_answer(201, http_json::to_json(std::get<upload_state>(*told))));
  });
}

void file_door::append(const asked& a) {
  if (!has_type(a.request, "application/offset+octet-stream")) {
    return a.answer(wrong_type("The body must be application/offset+octet-stream."));
  }
  const auto from = whole_number(a.request.field("upload-offset"));
  const auto bytes = whole_number(a.request.field("content-length"));
  if (!from || a.request.count("upload-offset") != 1 || !bytes || *bytes == 0) {
    return a.answer(refusal(fault_code::bad_value, 400, "There must be an Upload-Offset, a body."));
  }
  auto place = flow_place::take(under_way_, a.who.who.who);
  if (!place) {
    return a.answer(busy());
  }
  http_answer answer;
  answer.sink = upload_sink(a.who, std::move(place), {a.path.place, *from, {}}, *bytes);
  a.answer(std::move(answer));
}

void file_door::put_picture(const asked& a) {
  if (!has_type(a.request, "image/jpeg") && !has_type(a.request, "image/png") &&
      !has_type(a.request, "image/webp")) {
    return a.answer(wrong_type("A thumbnail is image/jpeg, image/png or image/webp."));
  }
  order(a, picture_upload{a.path.place, a.request.body},
        [answer = a.answer](const fault_or<file_told>& told) {
          answer(told ? bare_answer(204) : answer_to_reader(told.error()));
        });
}

void file_door::give_up(const asked& a) {
  order(a, give_up_upload{a.path.place}, [answer = a.answer](const fault_or<file_told>& told) {
    answer(told ? bare_answer(204) : answer_to_reader(told.error()));
  });
}

void file_door::ask(const asked& a) {
  order(a, ask_file{a.path.place}, [answer = a.answer](const fault_or<file_told>& told) {
    if (!told) {
      return answer(answer_to_reader(told.error()));
    }
    if (const auto* state = std::get_if<upload_state>(&*told)) {
      return answer(upload_answer(200, *state));
    }
    const auto& file = std::get<opened_file>(*told);
    http_answer made = upload_answer(200, {file.what.id, file.what.bytes, file.what.bytes});
    answer(std::move(made));
  });
}

void file_door::open(const asked& a, bool wants_thumbnail) {
  auto place = flow_place::take(under_way_, a.who.who.who);
  if (!place) {
    return a.answer(busy());
  }
  const auto reply = [answer = a.answer, who = a.who, request = a.request,
                      place](const fault_or<file_told>& told) {
    if (!told) {
      return answer(answer_to_reader(told.error()));
    }
    const auto& file = std::get<opened_file>(*told);
    const std::string tag = tag_of(file);
    const std::uint64_t size = file.what.bytes;
    const byte_range range = range_of(request, tag, size);
    http_answer made;
    describe(made, file);
    if (request.lists("if-none-match", tag)) {
      made.status = 304;
      return answer(std::move(made));
    }
    if (range.kind == byte_range::kinds::impossible) {
      http_answer refused = refusal(fault_code::bad_value, 416, "The file has no such bytes.");
      return answer(std::move(refused.with("Content-Range", fmt::format("bytes */{}", size))));
    }
    if (range.kind == byte_range::kinds::part) {
      made.status = 206;
      made.with("Content-Range",
                fmt::format("bytes {}-{}/{}", range.from, range.from + range.bytes - 1, size));
    }
    made.source = file_source(who, place, file.content, range.from, range.bytes);
    answer(std::move(made));
  };
  ask_desk(a.who, open_file{a.path.place, wants_thumbnail}, reply);
}

}  // namespace frontdesk
