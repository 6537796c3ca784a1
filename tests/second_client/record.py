"""What a client keeps: rule 1 of docs/wire.md in a file of SQLite."""

import secrets
import sqlite3
from dataclasses import dataclass

SCHEMA = """
create table if not exists self (key text primary key, value text);
create table if not exists counter (conversation text primary key, n integer);
create table if not exists post (conversation text, n integer, frame text,
                                 primary key (conversation, n));
create table if not exists orphan (device text, conversation text, n integer, frame text);
create table if not exists position (conversation text, track text, seq integer,
                                     primary key (conversation, track));
"""


@dataclass(frozen=True)
class Post:
    """A post without its answer. The frame is as it was first sent, so that it is never another."""

    conversation: str
    n: int
    frame: str


class Record:
    """Device, history, counters, posts that wait and positions; each change is one transaction."""

    def __init__(self, path):
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + SCHEMA)
        self.device = self._own("device") or self._set_own("device", secrets.token_hex(16))

    def _own(self, key):
        row = self._file.execute("select value from self where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _set_own(self, key, value):
        self._file.execute("insert or replace into self values (?, ?)", (key, value))
        return value

    @property
    def history(self):
        return self._own("history")

    def enter_history(self, history):
        """Positions and numbers belong to one history: in another one the device is a new one, and
        what waited for an answer is to be posted again if it is not there."""
        with self._file:
            self._file.execute("begin")
            if self.history:
                self._file.execute(
                    "insert into orphan select ?, conversation, n, frame from post", (self.device,))
                for table in ("counter", "post", "position"):
                    self._file.execute(f"delete from {table}")
                self.device = self._set_own("device", secrets.token_hex(16))
            self._set_own("history", history)

    def orphans(self):
        """(device, post) of devices that were given up."""
        rows = self._file.execute("select * from orphan order by 2, 3")
        return [(device, Post(*post)) for device, *post in rows]

    def settle_orphan(self, device, old, new=None):
        """It was found, or gets a name of this device."""
        with self._file:
            self._file.execute("begin")
            self._file.execute("delete from orphan where device = ? and conversation = ? and n = ?",
                               (device, old.conversation, old.n))
            if new:
                self._keep(new)

    def next_n(self, conversation):
        row = self._file.execute("select n from counter where conversation = ?", (conversation,))
        found = row.fetchone()
        return (found[0] if found else 0) + 1

    def set_next_n(self, conversation, n):
        self._file.execute("insert or replace into counter values (?, ?)", (conversation, n - 1))

    def keep(self, post):
        """Before it is sent, together with its number."""
        with self._file:
            self._file.execute("begin")
            self._keep(post)

    def _keep(self, post):
        self._file.execute(
            "insert into post values (?, ?, ?)", (post.conversation, post.n, post.frame))
        self.set_next_n(post.conversation, post.n + 1)

    def drop(self, conversation, n):
        self._file.execute("delete from post where conversation = ? and n = ?", (conversation, n))

    def posts(self):
        return [Post(*row) for row in self._file.execute("select * from post order by 1, 2")]

    def position(self, conversation, track):
        row = self._file.execute(
            "select seq from position where conversation = ? and track = ?", (conversation, track))
        found = row.fetchone()
        return found[0] if found else None

    def set_position(self, conversation, track, seq):
        self._file.execute(
            "insert or replace into position values (?, ?, ?)", (conversation, track, seq))
