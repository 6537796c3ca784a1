"""One person's device as a process, for tests/process/second_client_test.cpp.

Reads commands, a line each: `node PORT` (where the node is now), `talk`, `rest` (nothing new is
said), `status` (answered by a line of JSON), `end` (reads every conversation again by pages, and
ends with 0 if the pages say what the screen says). What it sees, it writes as a history file
(tests/checker/history_file.hpp)."""

import argparse
import asyncio
import json
import random
import sys
import time

import websockets

from client import Client
from record import Record
from view import INTERNAL, PUBLIC

WAITING_MAX = 6
EVERY_SECONDS = 0.01
SUBPROTOCOL = "frontdesk.v1.json"
IN_DOUBT = {"conflict", "busy", "internal", "storage_failed"}


def body_of(kind, target, text):
    """What an event or a post says, as the checker compares it (tests/client/desk_client.cpp)."""
    return {"message": text, "edited": f"edit of {target}: {text}",
            "deleted": f"end of {target}"}.get(kind, "*" + kind)


def hash_of(text):
    """FNV-1a, as the checker has it."""
    value = 0xcbf29ce484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return f"{value:016x}"


class History:
    """Writes down what the client tells."""

    def __init__(self, path, options):
        self._out = open(path, "w", encoding="utf-8", buffering=1)
        self._person, self._device = options.person, ""
        self._began = options.began
        self._out.write('{"kind":"history","version":1}\n')
        self.changes_count = 0

    def use(self, client):
        self._device = client.record.device

    def _write(self, kind, **what):
        # The checker's one clock is the test's, which is the machine's monotonic one.
        at = (time.monotonic_ns() - self._began) // 1_000_000
        self._out.write(json.dumps({"kind": kind, **what, "at": at}, ensure_ascii=False) + "\n")

    def _reader(self):
        return {"reader_person": self._person, "reader_device": self._device}

    def _post(self, post):
        said = json.loads(post.frame)
        kind = "edited" if "edits" in said else "deleted" if "deletes" in said else "message"
        body = body_of(kind, said.get("edits", said.get("deletes")), said.get("text"))
        return {"conversation": post.conversation, "track": said.get("track", PUBLIC),
                "person": self._person, "device": self._device, "n": post.n,
                "hash": hash_of(body)}

    def sent(self, post):
        self._write("post_sent", **self._post(post))

    def acked(self, post, seq):
        self._write("post_acked", **self._post(post), seq=seq)
        said = json.loads(post.frame)
        self.changes_count += "edits" in said or "deletes" in said

    def refused(self, post, fault, is_final):
        if fault["code"] not in IN_DOUBT:
            refusal = "final" if is_final else "temporary"
            self._write("post_refused", **self._post(post), refusal=refusal)

    def applied(self, conversation, track, event):
        body = body_of(event["kind"], event.get("target"), event.get("text"))
        author = {}
        if event.get("device") == self._device:
            author = {"person": event["author"], "device": event["device"], "n": event["n"]}
        self._write("event_shown", **self._reader(), conversation=conversation, track=track,
                    seq=event["seq"], **author,
                    hash=hash_of(body))

    def began(self, conversation, track, after):
        self._write("reader_started", **self._reader(), conversation=conversation, track=track,
                    after=after)

    def caught_up(self, conversation, track):
        self._write("reader_caught_up", **self._reader(), conversation=conversation, track=track)

    def fault(self, frame):
        raise AssertionError(f"a frame was not understood: {frame}")

    def new_history(self):
        raise AssertionError("the history has changed")


class Talker:
    """What a person does: says, edits, deletes and answers, reads, types; agents also close."""

    def __init__(self, client, options):
        self._client = client
        self._draw = random.Random(options.seed)
        self._is_agent = options.person.startswith("agent:")
        self._texts_count = 0
        self._link = None

    def turn(self, link, now):
        client = self._client
        if self._is_agent and self._link is not link:
            self._link = link
            client.ask(now, t="status", status="accepting", capacity=10)
        if len(client.waiting()) >= WAITING_MAX:
            return
        name = self._where()
        if name:
            self._say(name, now)

    def _where(self):
        mine = [name for name, each in self._client.conversations.items()
                if each.is_listed and each.is_followed and each.tracks[PUBLIC].position > 0
                and each.status != "closed"]
        if self._is_agent:
            mine = [name for name in mine
                    if self._client.conversations[name].status == "assigned"
                    and self._client.conversations[name].assignee == self._client.person]
        if mine:
            return self._draw.choice(mine)
        # A refused opening gives its number to another text: one at a time.
        return "" if self._is_agent or self._client.waiting() else self._client.next_id

    def _say(self, name, now):
        client, draw = self._client, self._draw.random()
        each = client.conversations.get(name)
        own = self._own_messages(each) if each else []
        self._texts_count += 1
        text = f"second {self._texts_count} 你好 \"\\\u2028 {self._draw.random()}"
        if own and draw < 0.06:
            client.post(name, now, text=text, edits=self._draw.choice(own))
        elif own and draw < 0.09:
            client.post(name, now, deletes=self._draw.choice(own))
        elif own and draw < 0.15:
            client.post(name, now, text=text, reply_to=self._draw.choice(own))
        elif self._is_agent and draw < 0.25:
            client.post(name, now, text=text, track=INTERNAL)
        elif self._is_agent and draw < 0.26:
            client.ask(now, t="close", conversation=name)
        else:
            client.post(name, now, text=text)
        if each and draw > 0.9:
            client.typing(name, True)
            client.read(name, now)

    def _own_messages(self, each):
        lines = each.tracks[PUBLIC].lines
        return [seq for seq in list(lines)[-20:]
                if lines[seq].author == self._client.person and not lines[seq].is_deleted]


class Process:
    def __init__(self, options):
        self.history = History(options.history, options)
        self.client = Client(options.token, Record(options.record), self.history)
        self.history.use(self.client)
        self.talker = Talker(self.client, options)
        self.port = None
        self.is_talking = False
        self.is_ending = asyncio.Event()
        self.links_count = 0
        self.link = None

    async def read_commands(self):
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            match line:
                case ["node", port]:
                    self.port = int(port)
                case ["talk"]:
                    self.is_talking = True
                case ["rest"]:
                    self.is_talking = False
                case ["status"]:
                    print(json.dumps(self.status()), flush=True)
                case ["end"]:
                    break
        self.is_talking = False
        self.is_ending.set()

    def status(self):
        client = self.client
        at = {name: {track: [each.tracks[track].position, each.tracks[track].head]
                     for track in each.tracks}
              for name, each in client.conversations.items() if each.is_followed}
        return {"online": client.is_welcome, "waiting": len(client.waiting()), "links":
                self.links_count, "changes": self.history.changes_count, "at": at}

    async def stay_connected(self):
        while True:
            if self.port:
                await self.connect()
            # The node of a test is back at once; docs/wire.md asks for up to 20 s.
            pause = self.client.reconnect_in()
            if pause is None:
                raise AssertionError(f"the node wants us no more: {self.client.close_code}")
            await asyncio.sleep(min(pause, 0.05))

    async def connect(self):
        address = f"ws://127.0.0.1:{self.port}/v1/socket"
        try:
            self.link = await websockets.connect(
                address, subprotocols=[SUBPROTOCOL], ping_interval=None, compression=None)
        except (OSError, websockets.exceptions.InvalidHandshake, asyncio.TimeoutError):
            return
        self.links_count += 1
        said = asyncio.Queue()
        self.client.opened(said.put_nowait, time.monotonic())
        sender = asyncio.create_task(self.send(self.link, said))
        try:
            async for text in self.link:
                self.client.heard(text, time.monotonic())
        except websockets.exceptions.ConnectionClosed:
            pass
        finally:
            self.client.closed(self.link.close_code or 0)
            sender.cancel()

    @staticmethod
    async def send(link, said):
        try:
            while True:
                await link.send(await said.get())
        except websockets.exceptions.ConnectionClosed:
            pass

    async def live(self):
        while True:
            now = time.monotonic()
            if self.client.tick(now) and self.link:
                await self.link.close()
            if self.client.is_welcome and self.is_talking:
                self.talker.turn(self.link, now)
            await asyncio.sleep(EVERY_SECONDS)

    async def compare(self):
        """What pages say now is what the screen says, with all edits and deletions."""
        is_agent = self.client.role != ""
        for name, each in list(self.client.conversations.items()):
            if not each.is_followed:
                continue
            for track in (PUBLIC, INTERNAL) if is_agent else (PUBLIC,):
                read = asyncio.get_running_loop().create_future()
                self.client.read_again(name, track, time.monotonic(), read.set_result)
                paged, shown = (await read).lines, each.tracks[track].lines
                for seq, line in shown.items():
                    if line.as_json() != paged[seq].as_json():
                        raise AssertionError(f"{name} {track} {seq}: shown {line.as_json()}, "
                                             f"stored {paged[seq].as_json()}")
                self.history.caught_up(name, track)

    async def run(self):
        tasks = [asyncio.create_task(each)
                 for each in (self.read_commands(), self.stay_connected(), self.live())]
        ending = asyncio.create_task(self.is_ending.wait())
        # What fails, fails loudly.
        done, _ = await asyncio.wait([*tasks[1:], ending], return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
        await asyncio.wait_for(self.compare(), 30)
        await self.link.close()
        for each in tasks:
            each.cancel()


def main():
    options = argparse.ArgumentParser()
    for name in ("person", "token", "record", "history"):
        options.add_argument("--" + name, required=True)
    options.add_argument("--began", type=int, default=0, help="nanoseconds of the test's time 0")
    options.add_argument("--seed", type=int, default=1)
    asyncio.run(Process(options.parse_args()).run())


if __name__ == "__main__":
    main()
