"""An object store for tests: moto's S3 server, behind a proxy that can be slow, cut answers short, fail, or wait."""

import http.client
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "platform"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@dataclass
class Fault:
    """What goes wrong with requests that `applies` to, so many times."""

    kind: str
    applies: Callable[[str, str], bool]
    times: int
    happened: int = 0


@dataclass
class Gate:
    """Holds the first request that it applies to until it is opened."""

    applies: Callable[[str, str], bool]
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)


class Store:
    def __init__(self):
        self._moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._moto.start()
        self.behind = self._moto.get_host_and_port()
        self.faults, self.gates, self.requests = [], [], []
        self._mutex = threading.Lock()
        self._quiet = threading.Condition()
        self._under_way = 0
        # The server looks whether an object is there and then puts it: two steps, which real stores take in one.
        self.conditional = threading.Lock()
        self._proxy = Proxy(("127.0.0.1", 0), type("Handler", (Handler,), {"store": self}))
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._proxy.server_port}"
        self.client = boto3.client(
            "s3",
            endpoint_url="http://{}:{}".format(*self.behind),
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )
        self.client.create_bucket(Bucket=BUCKET)

    def stop(self):
        self._proxy.shutdown()
        self._moto.stop()

    def environment(self):
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url, "AWS_ALLOW_HTTP": "true"}

    def put(self, key, content):
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def get(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def keys(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return sorted(entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", []))

    def settle(self):
        """Waits until every request that arrived has been answered, whether or not anybody hears it."""
        with self._quiet:
            assert self._quiet.wait_for(lambda: self._under_way == 0, 60)

    @contextmanager
    def under_way(self):
        with self._quiet:
            self._under_way += 1
        try:
            yield
        finally:
            with self._quiet:
                self._under_way -= 1
                self._quiet.notify_all()

    def take_fault(self, method, path):
        """The fault that this request meets, if any; notes the request."""
        with self._mutex:
            self.requests.append((method, path))
            for fault in self.faults:
                if fault.happened < fault.times and fault.applies(method, path):
                    fault.happened += 1
                    return fault.kind
        return None

    @contextmanager
    def failing(self, *faults):
        """While it lasts, requests meet these faults; every one of them must have happened."""
        self.faults = list(faults)
        try:
            yield
        finally:
            self.faults = []
        assert all(fault.happened == fault.times for fault in faults), faults

    @contextmanager
    def gate(self, applies):
        gate = Gate(applies)
        self.gates.append(gate)
        try:
            yield gate
        finally:
            self.gates.remove(gate)
            gate.opened.set()


class Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """Whoever is killed, or has what it wanted, hangs up in the middle."""


class Handler(BaseHTTPRequestHandler):
    """Hands a request on, unless something is to go wrong with it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    store: Store

    def log_message(self, *_):
        pass

    def answer(self):
        with self.store.under_way():
            self.answer_one()

    def answer_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        for gate in list(self.store.gates):
            if gate.applies(self.command, self.path) and not gate.reached.is_set():
                gate.reached.set()
                gate.opened.wait(60)
        fault = self.store.take_fault(self.command, self.path)
        if fault == "slow":
            time.sleep(0.3)
        if fault == "unavailable":
            self.reply(503, {}, b"<Error><Code>SlowDown</Code></Error>")
            return
        if "If-None-Match" in self.headers and self.command == "PUT":
            with self.store.conditional:
                response, content = self.hand_on(body)
        else:
            response, content = self.hand_on(body)
        if fault == "lost":
            self.close_connection = True
            return
        headers = {name: value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP}
        if self.command == "HEAD":
            self.reply(response.status, headers, b"", response.getheader("Content-Length"))
            return
        self.reply(response.status, headers, content, cut=fault == "cut")

    def hand_on(self, body):
        behind = http.client.HTTPConnection(*self.store.behind, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
            behind.request(self.command, self.path, body, headers)
            response = behind.getresponse()
            return response, response.read()
        finally:
            behind.close()

    def reply(self, status, headers, content, length=None, cut=False):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if cut:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        else:
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer


HOP_BY_HOP = {"content-length", "connection", "transfer-encoding", "keep-alive"}
