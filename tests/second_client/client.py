"""A client of `frontdesk.v1`, written from docs/wire.md alone, without sockets and clocks: frames
go in and come out as text, times are handed in as seconds. § numbers are those of the page."""

import json
import random
from collections import OrderedDict
from math import inf

from record import Post
from view import INTERNAL, PUBLIC, Conversation, Track, show

FIRST_EVENTS = 50        # §3.2
REPORT_EVENTS = 32       # §2, `received`
REPORT_SECONDS = 1
ACK_SECONDS = 10         # §5
SILENCE_SECONDS = 35     # §6
LOST_SECONDS = 10        # §3.5
REQUEST_SECONDS = 8      # §2, `id`
RETRY_SECONDS = 1        # a fault that may be retried and does not say when
RECONNECT_FIRST, RECONNECT_MAX = 0.5, 20
PAGE_EVENTS = 100
MAKES_NOTHING = {"conversation_open", "unknown_conversation", "forbidden", "conflict"}


class Client:
    """`told` hears: applied(conversation, track, event), sent(post), acked(post, seq),
    refused(post, fault, is_final), began(conversation, track, after), peer(frame)."""

    def __init__(self, token, record, told):
        self.token = token
        self.record = record
        self.told = told
        self.person = ""
        self.role = ""
        self.conversations = {}
        self.next_id = ""
        self.is_welcome = False
        self.close_code = 0
        self.retry_after = None
        self.attempts = 0
        self.unknown_count = 0
        self._send = None
        self._heard_at = 0.0
        self._roster = set()
        self._is_whole = False
        self._requests = {}
        self._request_id = 0
        self._pages = {}

    # ---- The link.

    def opened(self, send, now):
        self._send = send
        self._heard_at = now
        self.close_code = 0
        self.retry_after = None
        self._roster, self._is_whole = set(), False
        for each in self.conversations.values():
            each.is_followed = False
        self._say(t="hello", token=self.token, device=self.record.device, client="second 1")

    def closed(self, code=0):
        self.close_code = self.close_code or code
        self._send = None
        self.is_welcome = False
        self._requests.clear()

    def reconnect_in(self, draw=random.random):
        """Seconds until the next attempt; None: stop and tell the user (§6)."""
        if self.close_code // 100 == 45:
            return None
        if self.retry_after is not None:
            return self.retry_after
        bound = min(RECONNECT_MAX, RECONNECT_FIRST * 2 ** self.attempts)
        self.attempts = min(self.attempts + 1, 16)
        return bound * draw()

    def tick(self, now):
        """True: the link is dead and has to be given up."""
        if not self.is_welcome:
            return self._send is not None and now - self._heard_at > SILENCE_SECONDS
        for name, each in self.conversations.items():
            public = each.tracks[PUBLIC]
            if public.position > each.reported and now - each.reported_at >= REPORT_SECONDS:
                self._report(name, now)
            if now >= min(each.answer_by, each.retry_at):
                self._post_all(name, now)
        for number, (asked_at, _) in list(self._requests.items()):
            if now - asked_at > REQUEST_SECONDS:
                del self._requests[number]
        return now - self._heard_at > SILENCE_SECONDS or self._is_lost(now)

    def _is_lost(self, now):
        return any(track.head > track.position and now - track.moved_at > LOST_SECONDS
                   for each in self.conversations.values() if each.is_followed
                   for track in each.tracks.values())

    def _say(self, **frame):
        if self._send:
            self._send(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    # ---- The application.

    def post(self, conversation, now, **what):
        """Says something (`text`), changes it (`edits`, `deletes`), answers (`reply_to`), as part
        of somebody's trace (`traceparent`)."""
        n = self.record.next_n(conversation)
        frame = {"t": "post", "conversation": conversation, "n": n, **what}
        post = Post(conversation, n, json.dumps(frame, ensure_ascii=False))
        self.record.keep(post)
        self._send_post(post, now)
        return post

    def ask(self, now, answered=None, **frame):
        """A request with an id; its answer, or its fault, goes to `answered`."""
        self._request_id = (self._request_id + 1) % 2**32
        self._requests[self._request_id] = (now, answered)
        self._say(id=self._request_id, **frame)

    def read(self, conversation, now, seq=None):
        each = self.conversations[conversation]
        position = each.tracks[PUBLIC].position if seq is None else seq
        if position > each.read:
            each.read = position
            self._say(t="read", conversation=conversation, seq=position)
            each.reported, each.reported_at = max(each.reported, position), now

    def typing(self, conversation, on):
        self._say(t="typing", conversation=conversation, on=on)

    def older(self, conversation, now, track=PUBLIC):
        """What is before the first line of the screen."""
        shown = self.conversations[conversation].tracks[track]

        def turn(answer):
            if answer["t"] != "page" or not answer["events"]:
                return
            above = Track()
            for event in answer["events"]:
                show(above, event)
            for seq, line in above.lines.items():
                for change in shown.changes.pop(seq, []):
                    line.change(change)
            shown.lines = OrderedDict([*above.lines.items(), *shown.lines.items()])
            shown.first = answer["events"][0]["seq"] - 1
            self.told.older(conversation, track, answer["events"])

        if shown.first > 0:
            self.ask(now, turn, t="history", conversation=conversation, track=track,
                     before=shown.first + 1, limit=PAGE_EVENTS)

    def read_again(self, conversation, track, now, done):
        """The whole track by `history` pages, into a view of its own; `done(view)` at its end."""
        view = Track()

        def turn(answer):
            if answer["t"] != "page":
                ask()
                return
            for event in answer["events"]:
                assert event["seq"] == view.position + 1, "a page has a hole"
                view.position = event["seq"]
                view.own.add((event.get("device"), event.get("n")))
                show(view, event)
            if answer["more"]:
                ask()
            else:
                done(view)

        def ask():
            self.ask(now, turn, t="history", conversation=conversation, track=track,
                     after=view.position, limit=PAGE_EVENTS)

        ask()

    def waiting(self, conversation=None):
        return [each for each in self.record.posts()
                if conversation in (None, each.conversation)]

    # ---- Frames.

    def heard(self, text, now):
        self._heard_at = now
        frame = json.loads(text)
        handler = getattr(self, "_on_" + str(frame.get("t")), None)
        if handler is None:
            self.unknown_count += 1
            return
        handler(frame, now)

    def _on_welcome(self, frame, now):
        self.person, self.role = frame["person"], frame.get("role", "")
        if frame["history"] != self.record.history:
            had_one = self.record.history is not None
            self.record.enter_history(frame["history"])
            if had_one:
                # The link was opened under the old device's name.
                self.conversations.clear()
                self.retry_after, self.close_code = 0, 4000
                self.told.new_history()
                return
        self.is_welcome = True
        self.attempts = 0
        for name in {each.conversation for each in self.record.posts()}:
            self._post_all(name, now)

    def _on_roster(self, frame, now):
        for item in frame["items"]:
            self._take_summary(item, now)
            self._roster.add(item["conversation"])
        for name in frame.get("removed", []):
            self._leave(name)
        if frame["more"]:
            return
        if not self._is_whole:
            self._is_whole = True
            for name in set(self.conversations) - self._roster:
                self._leave(name)
            self._look_for_orphans(now)
        self.next_id = frame.get("next", "")

    def _look_for_orphans(self, now):
        """What history has of the posts of a device that was given up needs no second life."""
        orphans = self.record.orphans()
        for name in {post.conversation for _, post in orphans}:
            for track in (PUBLIC, INTERNAL) if self.role else (PUBLIC,):
                mine = [(device, post) for device, post in orphans if post.conversation == name
                        and json.loads(post.frame).get("track", PUBLIC) == track]
                if mine:
                    self.read_again(name, track, now,
                                    lambda view, mine=mine: self._adopt(mine, view.own, now))

    def _adopt(self, orphans, found, now):
        for device, old in orphans:
            if (device, old.n) in found:
                self.record.settle_orphan(device, old)
                continue
            n = self.record.next_n(old.conversation)
            frame = json.dumps(json.loads(old.frame) | {"n": n}, ensure_ascii=False)
            new = Post(old.conversation, n, frame)
            self.record.settle_orphan(device, old, new)
            self._send_post(new, now)

    def _leave(self, name):
        each = self.conversations.get(name)
        if each is None or not each.is_listed:
            return
        each.is_listed = False
        if each.is_followed:
            each.is_followed = False
            self._say(t="unsub", conversations=[name])

    def _take_summary(self, item, now):
        name = item["conversation"]
        each = self.conversations.get(name) or self._begin(name, item)
        each.is_listed = True
        each.status = item["status"]
        each.assignee = item.get("assignee", {}).get("person", "")
        self._know_head(each.tracks[PUBLIC], item["head"], now)
        self._know_head(each.tracks[INTERNAL], item.get("internal_head", 0), now)
        if not each.is_followed:
            self._follow(name, now)

    def _begin(self, name, item):
        each = self.conversations[name] = Conversation()
        for track, head in ((PUBLIC, item["head"]), (INTERNAL, item.get("internal_head", 0))):
            kept = self.record.position(name, track)
            if kept is None:
                kept = max(0, head - FIRST_EVENTS)
                self.record.set_position(name, track, kept)
                if track == PUBLIC or self.role:
                    self.told.began(name, track, kept)
            each.tracks[track].position = each.tracks[track].first = kept
        return each

    def _know_head(self, track, head, now):
        if head > track.head:
            if track.head <= track.position:
                track.moved_at = now
            track.head = head

    def _follow(self, name, now):
        each = self.conversations[name]
        each.is_followed = True
        public, internal = each.tracks[PUBLIC], each.tracks[INTERNAL]
        public.moved_at = internal.moved_at = now
        each.reported = public.position
        sub = {"conversation": name, "after": public.position}
        if self.role:
            sub["internal_after"] = internal.position
        self._say(t="sub", subs=[sub])

    def _on_event(self, frame, now):
        name, track_name = frame["conversation"], frame.get("track", PUBLIC)
        each = self.conversations.get(name)
        if each is None:
            return
        track = each.tracks[track_name]
        self._know_head(track, frame["seq"], now)
        if frame["seq"] <= track.position:
            return
        if frame["seq"] > track.position + 1:
            self._follow(name, now)
            return
        self._apply(name, track_name, frame, now)

    def _apply(self, name, track_name, event, now):
        each = self.conversations[name]
        track = each.tracks[track_name]
        self.record.set_position(name, track_name, event["seq"])
        track.position = event["seq"]
        track.head = max(track.head, track.position)
        track.moved_at = now
        show(track, event)
        self._follow_status(each, event)
        self.told.applied(name, track_name, event)
        if each.tracks[PUBLIC].position - each.reported >= REPORT_EVENTS:
            self._report(name, now)

    @staticmethod
    def _follow_status(each, event):
        status = {"queued": "queued", "assigned": "assigned", "transferred": "assigned",
                  "returned": "queued", "closed": "closed"}.get(event["kind"])
        if status:
            each.status = status
            each.assignee = event["to"]["person"] if status == "assigned" else ""

    def _report(self, name, now):
        each = self.conversations[name]
        each.reported, each.reported_at = each.tracks[PUBLIC].position, now
        self._say(t="received", conversation=name, seq=each.reported)

    # ---- Posts and their answers.

    def _send_post(self, post, now):
        if not self.is_welcome:
            return
        each = self.conversations.get(post.conversation)
        if each is None:
            each = self.conversations[post.conversation] = Conversation(is_listed=False)
        each.answer_by = min(each.answer_by, now + ACK_SECONDS)
        self.told.sent(post)
        self._send(post.frame)

    def _post_all(self, name, now):
        each = self.conversations.get(name)
        if each is not None:
            each.answer_by = each.retry_at = inf
        for post in self.waiting(name):
            self._send_post(post, now)

    def _answered(self, frame):
        """The post that an answer is for, if it still waits."""
        name, n = frame["conversation"], frame["n"]
        found = [each for each in self.waiting(name) if each.n == n]
        return found[0] if found else None

    def _drop(self, post, now):
        self.record.drop(post.conversation, post.n)
        each = self.conversations[post.conversation]
        each.answer_by = now + ACK_SECONDS if self.waiting(post.conversation) else inf

    def _on_ack(self, frame, now):
        post = self._answered(frame)
        if post is None:
            return
        self._drop(post, now)
        self.told.acked(post, frame["seq"])
        each = self.conversations[post.conversation]
        track_name = frame.get("track", PUBLIC)
        if each.is_followed and frame["seq"] == each.tracks[track_name].position + 1:
            self._apply(post.conversation, track_name, self._event_of(post, frame), now)

    def _event_of(self, post, ack):
        """The ack stands for the event (§5)."""
        said = json.loads(post.frame)
        event = {"t": "event", "author": self.person, "device": self.record.device, **ack}
        if "edits" in said:
            return event | {"kind": "edited", "target": said["edits"], "text": said["text"]}
        if "deletes" in said:
            return event | {"kind": "deleted", "target": said["deletes"]}
        more = {"reply_to": said["reply_to"]} if "reply_to" in said else {}
        return event | {"kind": "message", "text": said.get("text", "")} | more

    def _on_fault(self, frame, now):
        if "id" in frame:
            self._answer_request(frame)
        elif "n" in frame:
            self._on_refused(frame, now)
        else:
            self.told.fault(frame)

    def _on_refused(self, frame, now):
        name, n, code = frame["conversation"], frame["n"], frame["code"]
        post = self._answered(frame)
        if post is None:
            return
        if frame["retry"]:
            self.told.refused(post, frame, False)
            self._retry_at(name, now + frame.get("retry_after_ms", RETRY_SECONDS * 1000) / 1000)
        elif code == "out_of_order":
            # One before it was not taken, and comes again; it follows.
            self.told.refused(post, frame, False)
            if frame["expects"] < n:
                self._retry_at(name, now + RETRY_SECONDS)
            else:
                raise AssertionError(f"a number was given twice: {frame}")
        else:
            is_final = code not in MAKES_NOTHING
            self._drop(post, now)
            if not is_final and code != "conflict" and not self.waiting(name):
                self.record.set_next_n(name, n)
            self.told.refused(post, frame, is_final)

    def _retry_at(self, name, at):
        each = self.conversations[name]
        each.retry_at = min(each.retry_at, at)

    # ---- The rest.

    def _answer_request(self, frame):
        _, answered = self._requests.pop(frame["id"], (0, None))
        if answered:
            answered(frame)

    def _on_done(self, frame, _):
        self._answer_request(frame)

    _on_page = _on_listed = _on_agents = _on_done

    def _on_ping(self, frame, now):
        self._say(t="pong")
        for name, head in frame.get("heads", {}).items():
            if name in self.conversations:
                self._know_head(self.conversations[name].tracks[PUBLIC], head, now)

    def _on_cursor(self, frame, _):
        each = self.conversations.get(frame["conversation"])
        if each is not None:
            old = each.peers.get(frame["person"], (0, 0))
            each.peers[frame["person"]] = (max(old[0], frame["received"]),
                                           max(old[1], frame["read"]))

    def _on_bye(self, frame, _):
        self.close_code = frame["code"]
        if "retry_after_ms" in frame:
            self.retry_after = frame["retry_after_ms"] / 1000

    def _on_gap(self, frame, now):
        """The rest comes from the store after a report."""
        if frame["conversation"] in self.conversations:
            self._report(frame["conversation"], now)

    def _on_typing(self, frame, _):
        """Ephemeral: dropped freely."""

    _on_presence = _on_place = _on_me = _on_desk = _on_mode = _on_typing
