"""A WebSocket client that was not written here, Debian's python3-websockets, against the real node
of FRONTDESK_BINARY. The last line is "N passed, N failed"."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

import websockets

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("FRONTDESK_BINARY", REPOSITORY / "build/release/frontdesk")
SUBPROTOCOL = "frontdesk.v1.json"
PATIENCE_SECONDS = 60


class Node:
    """A node with one inbox, on a port of the system's choosing."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="frontdesk-interop-")
        data = ["--data", self._folder.name + "/data"]
        for words in (["tenant", "create", "acme"],
                      ["inbox", "create", "Shop", "--widget-key", "shop"]):
            subprocess.run([BINARY, *words, *data], check=True, stdout=subprocess.DEVNULL)
        self._process = subprocess.Popen(
            [BINARY, "start", *data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self._process.stdout:
            if ready := re.search(r"ready on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(ready[1])
                return
        raise AssertionError("the node did not get ready")

    def new_token(self):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/visitors", b'{"widget_key":"shop"}',
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)["token"]

    def end(self):
        self._process.terminate()
        code = self._process.wait(PATIENCE_SECONDS)
        self._process.stdout.close()
        self._folder.cleanup()
        return code


class Interop(unittest.IsolatedAsyncioTestCase):
    devices_count = 0

    @classmethod
    def setUpClass(cls):
        cls.node = Node()

    @classmethod
    def tearDownClass(cls):
        assert cls.node.end() == 0, "the node did not end well"

    def open(self, **options):
        options = {"subprotocols": [SUBPROTOCOL], "ping_interval": None} | options
        return websockets.connect(f"ws://127.0.0.1:{self.node.port}/v1/socket", **options)

    async def hears(self, link, kind):
        while True:
            frame = json.loads(await asyncio.wait_for(link.recv(), PATIENCE_SECONDS))
            if frame["t"] == kind:
                return frame

    async def enter(self, link):
        """The answer: the id of the conversation that a first post opens."""
        Interop.devices_count += 1
        hello = {"t": "hello", "token": self.node.new_token(),
                 "device": f"{Interop.devices_count:032x}"}
        await link.send(json.dumps(hello))
        return (await self.hears(link, "roster"))["next"]

    async def ends_with(self, link, code):
        with self.assertRaises(websockets.exceptions.ConnectionClosed):
            while True:
                await asyncio.wait_for(link.recv(), PATIENCE_SECONDS)
        self.assertEqual(link.close_code, code)

    async def test_subprotocol_is_chosen(self):
        async with self.open(subprotocols=["chat", SUBPROTOCOL]) as link:
            self.assertEqual(link.subprotocol, SUBPROTOCOL)

    async def test_without_it_there_is_no_socket(self):
        for offered in (None, ["chat"]):
            with self.assertRaises(websockets.exceptions.InvalidStatusCode) as refused:
                await self.open(subprotocols=offered)
            self.assertEqual(refused.exception.status_code, 400)

    async def test_compression_is_not_taken(self):
        async with self.open(compression="deflate") as link:
            self.assertEqual(link.extensions, [])
            await self.enter(link)

    async def test_fragments_are_one_frame(self):
        async with self.open() as link:
            name = await self.enter(link)
            text = "片" * 5000
            frame = json.dumps({"t": "post", "conversation": name, "n": 1, "text": text},
                               ensure_ascii=False)
            await link.send(frame[i:i + 500] for i in range(0, len(frame), 500))
            self.assertEqual((await self.hears(link, "ack"))["seq"], 2)
            await link.send(json.dumps({"t": "history", "id": 1, "conversation": name,
                                        "after": 1, "limit": 1}))
            self.assertEqual((await self.hears(link, "page"))["events"][0]["text"], text)

    async def test_pings_are_answered(self):
        async with self.open() as link:
            for payload in (b"", b"p", b"p" * 125):
                await asyncio.wait_for(await link.ping(payload), PATIENCE_SECONDS)

    async def test_large_frames_fit_its_default_bound(self):
        async with self.open() as link:
            name = await self.enter(link)
            for n in range(1, 12):
                text = '"' * 32000 if n % 2 else "片" * 10000
                await link.send(json.dumps(
                    {"t": "post", "conversation": name, "n": n, "text": text},
                    ensure_ascii=False))
                self.assertEqual((await self.hears(link, "ack"))["n"], n)
            seq, count, more = 0, 0, True
            while more:
                await link.send(json.dumps({"t": "history", "id": 1, "conversation": name,
                                            "after": seq, "limit": 200}))
                page = await self.hears(link, "page")
                seq, more = page["events"][-1]["seq"], page["more"]
                count += len(page["events"])
            self.assertEqual(count, seq)
            self.assertEqual(count, 13)

    async def test_a_frame_above_its_bound_ends_with_1009(self):
        async with self.open() as link:
            await link.send("x" * 65537)
            await self.ends_with(link, 1009)

    async def test_what_is_no_hello_ends_with_bye(self):
        async with self.open() as link:
            await link.send('{"t":"pong"}')
            self.assertEqual((await self.hears(link, "bye"))["code"], 4502)
            await self.ends_with(link, 4502)

    async def test_binary_ends_with_4500(self):
        async with self.open() as link:
            await self.enter(link)
            await link.send(b'{"t":"pong"}')
            await self.ends_with(link, 4500)

    async def test_its_close_is_answered(self):
        for code in (1000, 1001, 4001):
            link = await self.open()
            await self.enter(link)
            await link.close(code, "enough")
            self.assertIn(link.close_code, (code, 1000))


def main():
    result = unittest.main(exit=False, verbosity=0).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return failed > 0 or result.testsRun == 0


if __name__ == "__main__":
    sys.exit(main())
