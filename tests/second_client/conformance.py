"""Plays the vectors of tests/conformance (see its README.md) that examine a client against this
one. Prints what does not fit; the last line is "N passed, N failed"."""

import copy
import json
import re
import sys
from collections import deque
from pathlib import Path

from client import Client
from record import Record
from view import PUBLIC

FOLDER = Path(__file__).resolve().parent.parent / "conformance"
DEFAULTS = json.loads((FOLDER / "defaults.json").read_text(encoding="utf-8"))
BY_ITSELF = {"received", "read", "pong", "typing"}
FORMS = {
    "any": lambda value: True,
    "hex16": lambda value: isinstance(value, str) and re.fullmatch("[0-9a-f]{16}", value),
    "hex32": lambda value: isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value),
    "int": lambda value: type(value) is int and value >= 0,
    "time": lambda value: type(value) is int and value > 1.6e12,
    "text": lambda value: isinstance(value, str),
}
NOW = 1000.0
STEP = 0.05


def is_name(pattern):
    return isinstance(pattern, str) and pattern.startswith("$")


class Values:
    """What the names stand for."""

    def __init__(self, known):
        self.known = known

    def filled(self, pattern):
        if is_name(pattern):
            return self.known[pattern[1:]]
        if isinstance(pattern, list):
            return [self.filled(each) for each in pattern]
        if not isinstance(pattern, dict):
            return pattern
        if "$repeat" in pattern:
            return pattern["$repeat"][0] * pattern["$repeat"][1]
        return {key: self.filled(value) for key, value in pattern.items()}

    def misfit(self, pattern, value):
        """Empty if it fits. What does not fit leaves no name behind."""
        before = copy.copy(self.known)
        why = self._misfit(pattern, value)
        if why:
            self.known = before
        return why

    def _misfit(self, pattern, value):
        if is_name(pattern):
            form = pattern[1:].split(".")[0]
            if not FORMS[form](value):
                return f"{value!r} is no {form}"
            if form != pattern[1:] and self.known.setdefault(pattern[1:], value) != value:
                return f"{value!r} is not {self.known[pattern[1:]]!r}"
            return ""
        if isinstance(pattern, list):
            if not isinstance(value, list) or len(value) != len(pattern):
                return f"{value!r} has not as many elements"
            return next(filter(None, map(self._misfit, pattern, value)), "")
        if not isinstance(pattern, dict):
            return "" if pattern == value else f"{value!r} is not {pattern!r}"
        if "$not" in pattern:
            return "" if self._misfit(pattern["$not"], value) else f"is {value!r}"
        if "$repeat" in pattern:
            return "" if self.filled(pattern) == value else "is another text"
        return self._misfit_object(pattern, value)

    def _misfit_object(self, pattern, value):
        for key, wanted in pattern.items():
            if (wanted == "$absent") != (key not in value):
                return f"{key} is there or is not"
            if wanted != "$absent" and (why := self._misfit(wanted, value[key])):
                return f"{key}: {why}"
        return ""


class Play:
    """One vector; it is also what the client tells things to."""

    def __init__(self):
        person = "visitor:00000000000000a1"
        self.values = Values({"text.person_ann": person, "text.token_ann": "a token",
                              "text.person_mia": "agent:00000000000000b1",
                              "hex16.c": "00000000000000c1"})
        self.client = Client("a token", Record(":memory:"), self)
        self.events = []
        self.now = NOW
        self.reopen_at = NOW
        self.heard = deque()
        self.all = []
        self.opened = self.seen = 0
        self.said = []

    # ---- What the client tells.

    def applied(self, _conversation, track, event):
        self.events.append(event)

    def older(self, _conversation, track, events):
        self.events[:0] = events

    def new_history(self):
        self.events.clear()
        self._close(0)

    def sent(self, *_):
        """Not asked for."""

    acked = refused = began = fault = sent

    # ---- The link.

    def _turn(self):
        self.now += STEP
        is_open = self.client._send is not None
        if not is_open and self.reopen_at is not None and self.now >= self.reopen_at:
            self.heard.clear()
            self.all.clear()
            self.opened += 1
            self.client.opened(self._hear, self.now)
        elif is_open and self.client.tick(self.now):
            self._close(0)

    def _hear(self, text):
        self.heard.append(json.loads(text))
        self.all.append(self.heard[-1])

    def _close(self, code):
        self.client.closed(code)
        self.all.clear()
        pause = self.client.reconnect_in(lambda: 1)
        self.reopen_at = None if pause is None else self.now + pause

    def _pass(self, seconds):
        end = self.now + seconds
        while self.now < end:
            self._turn()

    # ---- Steps.

    def perform(self, steps):
        for step in steps:
            if step.get("who", "ann") != "ann":
                continue
            for verb, argument in step.items():
                try:
                    if verb != "who":
                        getattr(self, "do_" + verb)(argument)
                except Exception as why:
                    where = json.dumps(step, ensure_ascii=False)[:500]
                    raise AssertionError(f"{why!r}\n    at the step {where}") from why

    def do_open(self, _):
        end = self.now + 30
        while self.opened == self.seen and self.now < end:
            self._turn()
        assert self.opened > self.seen, "the client does not come"
        self.seen = self.opened

    def do_enter(self, roster):
        self.do_open(True)
        self.do_up({"t": "hello", "token": "$text.token_ann", "device": "$hex32.device_ann"})
        self.do_down({"t": "welcome"})
        self.do_down({"t": "roster"} | ({"next": "$hex16.c"} if roster is True else roster))

    def do_up(self, wanted):
        left = list(wanted) if isinstance(wanted, list) else [wanted]
        end = self.now + 0.5
        while left:
            while not self.heard and self.now < end:
                self._turn()
            assert self.heard, f"the client did not say {left}"
            frame = self.heard.popleft()
            whys = [self.values.misfit(each, frame) for each in left]
            if "" in whys:
                left.pop(whys.index(""))
            elif frame["t"] == "history":
                self._answer_history(frame)
            else:
                assert frame["t"] in BY_ITSELF, f"{'; '.join(whys)} in {frame}"

    def _answer_history(self, frame):
        events = [each for each in self.said
                  if frame.get("after", 0) < each["seq"] < frame.get("before", 2**53)
                  and each.get("track", PUBLIC) == frame.get("track", PUBLIC)]
        limit = frame["limit"]
        page = events[-limit:] if "before" in frame else events[:limit]
        self.do_down({"t": "page", "id": frame["id"], "conversation": frame["conversation"],
                      "events": page, "head": len(self.said), "more": len(page) < len(events)})

    def do_down(self, frames):
        for frame in frames if isinstance(frames, list) else [frames]:
            whole = DEFAULTS.get(frame["t"], {}) | frame
            if "items" in whole:
                whole["items"] = [DEFAULTS["summary"] | each for each in whole["items"]]
            said = self.values.filled(whole)
            if said["t"] == "welcome" and said["history"] != DEFAULTS["welcome"]["history"]:
                self.said.clear()
            if said["t"] == "event":
                self.said.append(said)
            self.client.heard(json.dumps(said), self.now)

    def do_never(self, pattern):
        for frame in self.all:
            assert self.values.misfit(pattern, frame), f"the client said {frame}"

    def do_cut(self, _):
        self._close(0)

    def do_close(self, code):
        self._close(code)

    def do_idle(self, seconds):
        self._pass(seconds)

    def do_app(self, wish):
        name = self.client.next_id or next(iter(self.client.conversations))
        if "post" in wish:
            trace = {key: wish[key] for key in ("traceparent",) if key in wish}
            self.client.post(name, self.now, text=wish["post"], **trace)
        if "read" in wish:
            self.client.read(name, self.now, None if wish["read"] is True else wish["read"])
        if "edit" in wish:
            self.client.post(name, self.now, edits=wish["edit"][0], text=wish["edit"][1])
        if "delete" in wish:
            self.client.post(name, self.now, deletes=wish["delete"])
        if "reply" in wish:
            self.client.post(name, self.now, reply_to=wish["reply"][0], text=wish["reply"][1])
        if "typing" in wish:
            self.client.typing(name, True)
        if "older" in wish:
            self.client.older(name, self.now)

    @staticmethod
    def _shown(each, event):
        if event["kind"] != "message":
            return "*" + event["kind"]
        line = each.tracks[PUBLIC].lines[event["seq"]]
        return "*deleted" if line.is_deleted else line.text

    def do_then(self, wanted):
        name = self.values.known["hex16.c"]
        each = self.client.conversations.get(name)
        is_stopped = self.client._send is None and self.reopen_at is None
        now = {
            "shown": [self._shown(each, event) for event in self.events
                      if event["kind"] not in ("edited", "deleted")],
            "position": each.tracks[PUBLIC].position if each else 0,
            "waiting": len(self.client.waiting()),
            "state": "stopped" if is_stopped else "online" if self.client.is_welcome else "lost",
        }
        for key, value in wanted.items():
            assert now[key] == value, f"{key}: {now[key]!r} is not {value!r}"


def main():
    passed = failed = 0
    for file in sorted(FOLDER.glob("*.json")):
        if file.stem == "defaults":
            continue
        for vector in json.loads(file.read_text(encoding="utf-8")):
            if vector["side"] == "server":
                continue
            try:
                Play().perform(vector["steps"])
                passed += 1
            except AssertionError as why:
                failed += 1
                print(f"{file.stem}: {vector['name']}\n    {why}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
