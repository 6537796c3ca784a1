# Sourced by the other scripts: where the repository is, and how a step is shown.
# shellcheck shell=bash

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export repository

# show_help <script>: the comment at the head of a script is its --help.
show_help() {
  sed -n '2,/^[^#]/{/^#/!d;/^# shellcheck/d;s/^# \{0,1\}//;p}' "$1"
}

say() {
  printf '%s\n' "$*" >&2
}

# fail <sentence>: says what is wrong and ends the script.
fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# step <what> <command>...: says what is done, that it goes on, and how long it took. The command's
# output goes to a file, whose end is shown when it fails; VERBOSE=1 shows all of it.
step() {
  local what="$1" log ticker started=$SECONDS status=0
  shift
  if [[ -n "${VERBOSE:-}" ]]; then
    say "-- $what"
    "$@" >&2 || status=$?
    return "$status"
  fi
  log="$(mktemp)"
  printf -- '-- %s ...' "$what" >&2
  _tick "$what" "$log" &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [[ -t 2 ]]; then printf '\r\033[K-- %s ...' "$what" >&2; fi
  if ((status == 0)); then
    printf ' %ss\n' "$((SECONDS - started))" >&2
  else
    printf ' failed after %ss:\n' "$((SECONDS - started))" >&2
    tail -n 200 "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

# While a step runs: its seconds and its last line on a terminal, else a dot every ten seconds. It
# waits with read, because a signal ends that at once.
_tick() {
  local what="$1" log="$2" started=$SECONDS line
  trap 'exit 0' TERM
  while kill -0 $$ 2>/dev/null; do
    if [[ -t 2 ]]; then
      line="$(tail -c 200 "$log" | tr '\r\033' '\n ' | tail -n 1)"
      printf '\r\033[K-- %s ... %ss %s' "$what" "$((SECONDS - started))" "${line:0:40}" >&2
      read -r -t 1 <> <(:) || true
    else
      read -r -t 10 <> <(:) || true
      printf '.' >&2
    fi
  done
}

# as_root <command>...: needs root or sudo.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    fail "needs root or sudo for: $*"
  fi
}

# fingerprint <path>...: one line that changes when a file below the paths is added, removed or
# written to. It asks the file system only, so it costs milliseconds.
fingerprint() {
  find "$@" \( -name node_modules -o -name dist -o -name .git \) -prune -o \
    -type f -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
}

# content_hash <path>...: one line that changes when the contents below the paths change.
content_hash() {
  find "$@" \( -name node_modules -o -name dist -o -name .git \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 --no-run-if-empty sha256sum | sha256sum | cut -d ' ' -f 1
}
