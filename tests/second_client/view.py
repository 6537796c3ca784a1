"""What a client shows: tracks of lines, and what was done to them."""

from collections import OrderedDict
from dataclasses import dataclass, field
from math import inf

PUBLIC, INTERNAL = "public", "internal"


@dataclass
class Track:
    """`position` is what was applied, gaplessly; `lines` what is on the screen, by seq."""

    position: int = 0
    head: int = 0
    # The position at which the screen begins.
    first: int = 0
    lines: OrderedDict = field(default_factory=OrderedDict)
    # Edits and deletions of messages that are older than what is on the screen (§4).
    changes: dict = field(default_factory=dict)
    # (device, n) of one's own events, on a page.
    own: set = field(default_factory=set)
    moved_at: float = 0.0


@dataclass
class Conversation:
    status: str = ""
    assignee: str = ""
    tracks: dict = field(default_factory=lambda: {PUBLIC: Track(), INTERNAL: Track()})
    is_followed: bool = False
    is_listed: bool = True
    reported: int = 0
    reported_at: float = 0.0
    read: int = 0
    peers: dict = field(default_factory=dict)
    # When what waits is posted again: without an answer, and after a refusal for the moment.
    answer_by: float = inf
    retry_at: float = inf


class Line:
    """A message as it reads now."""

    def __init__(self, event):
        self.author = event["author"]
        self.text = event.get("text", "")
        self.reply_to = event.get("reply_to")
        self.is_deleted = event.get("deleted", False)

    def change(self, event):
        self.is_deleted |= event["kind"] == "deleted" or event.get("deleted", False)
        self.text = "" if self.is_deleted else event.get("text", "")

    def as_json(self):
        return [self.author, self.text, self.is_deleted]


def show(track, event):
    """Takes an event into a view; edits and deletions change the line that they name."""
    seq, kind = event["seq"], event["kind"]
    if kind == "message":
        track.lines[seq] = Line(event)
        for change in track.changes.pop(seq, []):
            track.lines[seq].change(change)
    elif kind in ("edited", "deleted"):
        if event["target"] in track.lines:
            track.lines[event["target"]].change(event)
        else:
            track.changes.setdefault(event["target"], []).append(event)
